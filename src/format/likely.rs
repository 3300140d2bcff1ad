//! Where the figures of a file leave two readings open, the features of the atlas may decide: which plane it is, and
//! which of the two numbers stands first.

use super::evidence::Reason;
use super::fit::{FEWEST, Ground, SHARE, sample};
use super::{Likely, ReadLayer};
use crate::atlas::Layer;
use geo::{Coord, Rect};

/// Most other planes that are tried.
const MOST: usize = 6;

/// What the layers of the atlas say about a file that was read; `None` where nothing is open, or nothing decides.
pub fn likely<'a>(read: &ReadLayer, layers: impl Iterator<Item = &'a Layer> + Clone) -> Option<Likely> {
    let system = read.reference.as_ref()?;
    let says = |reason: &Reason| read.evidence.reasons.contains(reason);
    let is_order_open = says(&Reason::OrderOpen);
    if !is_order_open && !says(&Reason::Plane) {
        return None;
    }
    let here = sample(read);
    if here.len() < FEWEST.0 {
        return None;
    }
    let share = |places: &[Coord]| {
        let bounds = places.iter().map(|at| Rect::new(*at, *at)).reduce(union);
        let Some(bounds) = bounds.filter(|all| all.width() < 5.0 && all.height() < 5.0) else { return 0.0 };
        let ground = Ground::around(bounds, layers.clone());
        ground.share(places.iter().map(|at| ground.frame.place(*at)))
    };
    let as_read = share(&here);
    if as_read >= SHARE.0 {
        return None;
    }
    let mut best: Option<(f64, Likely)> = None;
    let mut try_out = |places: Vec<Coord>, likely: Likely| {
        let found = if places.len() == here.len() { share(&places) } else { 0.0 };
        if found >= SHARE.0 && found >= 3.0 * as_read && best.as_ref().is_none_or(|(known, _)| found > *known) {
            best = Some((found, likely));
        }
    };
    let own: Vec<Coord> = here.iter().filter_map(|at| system.forward(*at).ok()).collect();
    if is_order_open {
        let turned = own.iter().filter_map(|at| system.inverse(Coord { x: at.y, y: at.x }).ok());
        try_out(turned.collect(), Likely { north_first: Some(true), ..Likely::default() });
    } else {
        let others = read.evidence.alternatives.iter().filter(|other| other.reaches_map() && !other.is_geographic());
        for other in others.take(MOST) {
            let moved = own.iter().filter_map(|at| other.inverse(*at).ok());
            try_out(moved.collect(), Likely { reference: Some(other.clone()), ..Likely::default() });
        }
    }
    best.map(|(_, likely)| likely)
}

fn union(a: Rect, b: Rect) -> Rect {
    let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
}
