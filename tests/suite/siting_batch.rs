//! Many sites one after another: in order, stopped when asked, and as one by one.

use redline_atlas::atlas::{LandUse, Site};
use redline_atlas::geometry::geo::{Coord, MultiPolygon, Rect};
use redline_atlas::siting::{Ground, Question, Rulebook, check, judge_each};
use redline_atlas::storage::atlas::open_bundled;
use std::sync::atomic::{AtomicUsize, Ordering};

fn question() -> Question {
    let as_of = "2026-11-01".parse().unwrap();
    Question { land_use: Some(LandUse::Second), kind: Some("industry".into()), ..Question::on(as_of) }
}

/// Sites in a row through the city, made as they are asked for.
fn sites(count: u32, made: &AtomicUsize) -> impl Iterator<Item = Site> {
    (0..count).map(|number| {
        made.fetch_add(1, Ordering::Relaxed);
        let at = Coord { x: 119.8 + f64::from(number % 600) * 1e-3, y: 31.3 + f64::from(number / 600) * 0.05 };
        let shape = MultiPolygon(vec![Rect::new(at, Coord { x: at.x + 0.003, y: at.y + 0.002 }).to_polygon()]);
        Site { id: number.to_string(), shape, ..Site::default() }
    })
}

#[test]
fn sites_are_handed_over_in_order_and_judged_as_one_by_one() {
    let ground = Ground::new(&open_bundled().unwrap());
    let (rules, question, made) = (Rulebook::bundled(), question(), AtomicUsize::new(0));
    let mut told = Vec::new();
    let mut each = |number, verdict| told.push((number, verdict));
    assert!(judge_each(sites(300, &made), &ground, rules, &question, &|| false, &mut each));
    assert!(told.iter().enumerate().all(|(place, (number, _))| place == *number) && told.len() == 300);
    for (site, (_, verdict)) in sites(300, &made).zip(&told).step_by(37) {
        assert_eq!(check(&site, &ground, rules, &question), *verdict);
    }
    assert!(judge_each(sites(0, &made), &ground, rules, &question, &|| false, &mut |_, _| unreachable!()));
}

#[test]
fn a_batch_that_is_cancelled_stops_soon_without_a_gap() {
    let ground = Ground::new(&open_bundled().unwrap());
    let (made, seen) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut each = |number, _| assert_eq!(seen.fetch_add(1, Ordering::Relaxed), number);
    let cancelled = || seen.load(Ordering::Relaxed) >= 10;
    assert!(!judge_each(sites(1_000_000, &made), &ground, Rulebook::bundled(), &question(), &cancelled, &mut each));
    assert!(seen.load(Ordering::Relaxed) >= 10);
    // no more sites are ever taken than the cores have in hand: memory does not grow with their number
    // (some to be judged next, some being judged, some being handed over)
    let in_hand = 3 * 32 * rayon::current_num_threads();
    assert!(made.load(Ordering::Relaxed) <= in_hand, "{}", made.load(Ordering::Relaxed));
}
