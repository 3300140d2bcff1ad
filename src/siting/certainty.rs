//! How firmly a finding stands: against the accuracy of the boundary, the shape of the overlap, and borders drawn
//! straight in different systems. A grade never changes what follows from a finding.

use super::ground::PreparedLayer;
use super::{Certainty, CertaintyGrade, CertaintyReason};
use crate::atlas::{Feature, Quality};
use crate::geometry::{self, Depth, GaussKruger, Meeting, PreparedShape, Relation};
use serde::Deserialize;
use std::sync::LazyLock;

/// assets/standard/accuracy.toml
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standard {
    #[allow(dead_code)]
    title: String,
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    confidence: String,
    boundary: Boundary,
    along_edge: Distance,
    sliver: Sliver,
    drawing: Distance,
    chord: Distance,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Boundary {
    official: f64,
    open: f64,
    generalised: f64,
    schematic: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Distance {
    metres: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sliver {
    area_m2: f64,
    width_m: f64,
}

fn standard() -> &'static Standard {
    // part of the program; a broken one is caught by the test below
    #[allow(clippy::panic)]
    static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
        toml::from_str(include_str!("../../assets/standard/accuracy.toml"))
            .unwrap_or_else(|error| panic!("assets/standard/accuracy.toml: {error}"))
    });
    &STANDARD
}

/// How far a boundary may lie from where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Accuracy {
    /// Metres.
    pub metres: f64,
    /// The worth of the data it was assumed from, when neither the thing nor its layer tells.
    pub assumed: Option<Quality>,
}

impl Accuracy {
    /// Of a thing: its own, else that of its layer, else what data of its worth usually have.
    pub fn of(feature: &Feature, layer: &PreparedLayer, quality: Quality) -> Accuracy {
        let own = feature.number("accuracy_m").filter(|metres| metres.is_finite() && *metres >= 0.0);
        if let Some(metres) = own.or(layer.accuracy_m) {
            return Accuracy { metres, assumed: None };
        }
        Accuracy { metres: usual_accuracy(quality), assumed: Some(quality) }
    }
}

/// How far boundaries of data of this worth usually lie from where they are drawn, metres, where neither thing nor layer
/// tells: 0.5 mm on the map at the scale that such data are usually drawn at.
pub fn usual_accuracy(quality: Quality) -> f64 {
    let boundary = &standard().boundary;
    match quality {
        Quality::Official => boundary.official,
        Quality::Open => boundary.open,
        Quality::Generalised => boundary.generalised,
        Quality::Schematic => boundary.schematic,
    }
}

/// Apart by no more than this lies along an edge, metres.
pub fn along_edge() -> f64 {
    standard().along_edge.metres
}

/// How a site lies to a thing, with what the judgement needs.
pub(super) struct Lie<'a> {
    pub site: &'a PreparedShape,
    /// The thing, or the belt round it.
    pub thing: &'a PreparedShape,
    pub meeting: &'a Meeting,
    pub plane: &'a GaussKruger,
    pub accuracy: Accuracy,
    /// The site has to lie inside the thing.
    pub inside: bool,
}

/// How deep a finding reaches and how firmly it stands.
pub(super) struct Standing {
    pub depth: Option<Depth>,
    pub grade: CertaintyGrade,
    pub reasons: Vec<CertaintyReason>,
}

/// Judges a finding. Ground that reaches deeper than the boundary may be off is certain; an artefact is only what two
/// drawings of one border explain, whole.
pub(super) fn judge(lie: &Lie) -> Standing {
    let accuracy_m = lie.accuracy.metres;
    let meeting = lie.meeting;
    let depth = meeting
        .relation
        .shares_ground()
        .then(|| geometry::depth_against(&meeting.overlap, lie.thing, accuracy_m))
        .flatten()
        .map(|depth| Depth { metres: depth.metres.max(0.0), ..depth });
    let (grade, mut reasons) = if lie.inside {
        kept_inside(lie)
    } else if !meeting.relation.shares_ground() {
        apart(meeting.distance, accuracy_m)
    } else if let Some(depth) = depth {
        shared(lie, depth)
    } else if meeting.reach > accuracy_m {
        (
            CertaintyGrade::Certain,
            vec![CertaintyReason::DeeperThanAccuracy { depth_m: round(meeting.reach), accuracy_m }],
        )
    } else {
        (CertaintyGrade::Marginal, vec![CertaintyReason::WithinAccuracy { depth_m: round(meeting.reach), accuracy_m }])
    };
    if let Some(quality) = lie.accuracy.assumed {
        reasons.push(CertaintyReason::AccuracyAssumed { quality, accuracy_m });
    }
    Standing { depth, grade, reasons }
}

fn apart(distance: f64, accuracy_m: f64) -> (CertaintyGrade, Vec<CertaintyReason>) {
    let distance_m = round(distance);
    if distance > accuracy_m {
        (CertaintyGrade::Certain, vec![CertaintyReason::FartherThanAccuracy { distance_m, accuracy_m }])
    } else {
        (CertaintyGrade::Marginal, vec![CertaintyReason::NearerThanAccuracy { distance_m, accuracy_m }])
    }
}

/// Where the site has to lie inside: certain when its border keeps away from the thing's by more than that is known, or
/// when it reaches out by more.
fn kept_inside(lie: &Lie) -> (CertaintyGrade, Vec<CertaintyReason>) {
    let accuracy_m = lie.accuracy.metres;
    match lie.meeting.relation {
        Relation::Within => match lie.site.closest(lie.thing, accuracy_m.max(geometry::TOLERANCE)) {
            Some((gap, ..)) => apart(gap, accuracy_m),
            None => (CertaintyGrade::Certain, vec![CertaintyReason::InsideByAccuracy { accuracy_m }]),
        },
        Relation::Near => apart(lie.meeting.distance, accuracy_m),
        _ => {
            let out = lie.site.reach_out_of(lie.thing);
            let depth_m = round(out);
            if out > accuracy_m {
                (CertaintyGrade::Certain, vec![CertaintyReason::DeeperThanAccuracy { depth_m, accuracy_m }])
            } else {
                (CertaintyGrade::Marginal, vec![CertaintyReason::WithinAccuracy { depth_m, accuracy_m }])
            }
        }
    }
}

fn shared(lie: &Lie, depth: Depth) -> (CertaintyGrade, Vec<CertaintyReason>) {
    let standard = standard();
    let accuracy_m = lie.accuracy.metres;
    let (meeting, depth_m) = (lie.meeting, round(depth.metres));
    let area = meeting.area.square_metres();
    let is_sliver = area < standard.sliver.area_m2 || meeting.mean_width < standard.sliver.width_m;
    let sliver = CertaintyReason::Sliver { mean_width_m: round(meeting.mean_width), area_m2: round(area) };
    // all of a small thing, or a small site all inside, is nothing that a border could have made
    let is_partial = meeting.relation == Relation::Overlaps;
    if is_partial {
        let shapes = [lie.site, lie.thing];
        let bend = geometry::bent_border(&meeting.overlap, shapes, lie.plane, depth.metres, standard.chord.metres);
        if let Some(bend) = bend {
            let chord = CertaintyReason::ProjectionChord { bend_m: round(bend), depth_m };
            let reasons = if is_sliver { vec![chord, sliver] } else { vec![chord] };
            return (CertaintyGrade::Artefact, reasons);
        }
    }
    // judged by the most that the depth may be: what is not searched to its end is never called less
    if depth.at_most() > accuracy_m {
        let depth_m = if depth.metres > accuracy_m { depth_m } else { round(depth.at_most()) };
        return (CertaintyGrade::Certain, vec![CertaintyReason::DeeperThanAccuracy { depth_m, accuracy_m }]);
    }
    let limit_m = standard.drawing.metres.min(accuracy_m);
    // how deep the thing reaches into the site counts as much: a strip right through it is no border drawn twice
    let may_matter = lie.site.half_width() > accuracy_m || (is_partial && is_sliver && depth.at_most() <= limit_m);
    let reach = if may_matter { geometry::depth_against(&meeting.overlap, lie.site, accuracy_m) } else { None };
    if let Some(reach) = reach {
        if reach.at_most() > accuracy_m {
            let reach_m = round(if reach.metres > accuracy_m { reach.metres } else { reach.at_most() });
            return (CertaintyGrade::Certain, vec![CertaintyReason::ReachesIntoSite { reach_m, accuracy_m }]);
        }
        if is_partial && is_sliver && depth.at_most() <= limit_m && reach.at_most() <= limit_m {
            return (CertaintyGrade::Artefact, vec![sliver, CertaintyReason::OneBorderDrawnTwice { depth_m, limit_m }]);
        }
    }
    let within = CertaintyReason::WithinAccuracy { depth_m, accuracy_m };
    let reasons = if is_partial && is_sliver { vec![within, sliver] } else { vec![within] };
    (CertaintyGrade::Marginal, reasons)
}

/// How an overlap looks by itself (DOMAIN §3.2).
pub(super) fn class(meeting: &Meeting) -> Certainty {
    let standard = standard();
    if !meeting.relation.shares_ground() {
        let is_along = meeting.distance <= standard.along_edge.metres;
        return if is_along { Certainty::AlongEdge } else { Certainty::Apart };
    }
    let has_area = !meeting.overlap.0.is_empty();
    let Sliver { area_m2, width_m } = standard.sliver;
    // all of a small thing, or a small site all inside, is no sliver
    let partial = meeting.relation == Relation::Overlaps;
    if has_area && partial && (meeting.area.square_metres() < area_m2 || meeting.mean_width < width_m) {
        Certainty::SuspectedEdge
    } else {
        Certainty::Certain
    }
}

fn round(metres: f64) -> f64 {
    (metres * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_data_are_less_accurate_and_a_drawing_is_better_than_any() {
        let Standard { boundary, drawing, chord, .. } = standard();
        let rising = [chord.metres, drawing.metres, boundary.official, boundary.open, boundary.generalised];
        assert!(rising.windows(2).all(|pair| pair[0] < pair[1]) && boundary.generalised < boundary.schematic);
    }
}
