//! Many sites one after another on all cores: verdicts are handed over in the order of the sites, and no more of them
//! are held than the cores are busy with, however many there are.

use super::{Ground, Question, Rulebook, Verdict, check};
use crate::atlas::Site;
use rayon::prelude::*;
use std::borrow::Borrow;

/// Sites taken at a time for each core: enough that no core waits long for the slowest of them.
const AT_A_TIME: usize = 32;

/// Judges sites as they come. `each` gets their number, counted from 0, and the verdict, in order, on the calling
/// thread; `cancelled` is asked before each site, from any thread. Returns whether all were judged; when not, those
/// handed over are the first ones without a gap.
pub fn judge_each<S: Borrow<Site> + Send + Sync>(
    sites: impl IntoIterator<Item = S>,
    ground: &Ground,
    rulebook: &Rulebook,
    question: &Question,
    cancelled: &(dyn Fn() -> bool + Sync),
    each: &mut dyn FnMut(usize, Verdict),
) -> bool {
    // once, before all cores would do it at the same time
    ground.draw_zones(rulebook, question);
    let mut sites = sites.into_iter();
    let at_a_time = AT_A_TIME * rayon::current_num_threads();
    let judge = |site: &S| (!cancelled()).then(|| check(site.borrow(), ground, rulebook, question));
    let mut take = || sites.by_ref().take(at_a_time).collect::<Vec<S>>();
    let mut number = 0;
    let mut taken = take();
    let mut judged: Vec<Option<Verdict>> = Vec::new();
    loop {
        let mut next = Vec::new();
        let mut is_whole = true;
        // while these are judged, the ones before are handed over here
        rayon::in_place_scope(|scope| {
            let (taken, next) = (&taken, &mut next);
            // one by one, since one site may be a thousand times the work of its neighbour
            scope.spawn(move |_| *next = taken.par_iter().with_max_len(1).map(judge).collect());
            for verdict in judged.drain(..) {
                let Some(verdict) = verdict.filter(|_| is_whole) else {
                    is_whole = false;
                    continue;
                };
                each(number, verdict);
                number += 1;
            }
        });
        if !is_whole {
            return false;
        }
        if taken.is_empty() {
            return !cancelled();
        }
        judged = next;
        taken = take();
    }
}
