//! One theme of the matrix for one site: which layers answer, what is found in them, which rule bears.

use super::certainty::{self, Accuracy, Lie};
use super::check::square_metres;
use super::derived::Origin;
use super::ground::PreparedLayer;
use super::quotable::Quotable;
use super::{
    Certainty, CheckRule, Consequence, Finding, Nearest, NearestPoints, ProjectKind, Question, Reason, Rulebook,
    Status, ThemeCheck, Verbatim,
};
use crate::atlas::{Date, Feature, FeatureKey, LandUse, Quality};
use crate::geometry::geo::Coord;
use crate::geometry::{self, Area, GaussKruger, Meeting, PreparedShape, Relation, TOLERANCE};
use std::sync::Arc;

/// A site and everything it is judged by in one theme.
pub(super) struct Asked<'a> {
    pub shape: &'a PreparedShape,
    pub plane: &'a GaussKruger,
    pub rule: &'a CheckRule,
    pub rulebook: &'a Rulebook,
    pub kind: Option<&'a ProjectKind>,
    pub land_use: Option<LandUse>,
    pub question: &'a Question,
    /// Share of the site inside the city of the atlas, when it says how far it speaks.
    pub city_share: Option<f64>,
}

/// A layer that is not of the atlas speaks for its own box and this far around it, metres.
pub(super) const SURROUNDINGS: f64 = 2_000.0;
/// Share of a site that may lie outside without leaving a boundary: less than its outline is known.
const OUTSIDE_SHARE: f64 = 1e-9;
/// The nearest thing is looked for this far, metres.
const FARTHEST: f64 = 200_000.0;

impl ThemeCheck {
    /// Whether the theme has anything to do with the project on the day of judgement; where not, nothing was looked for.
    pub fn applies(&self) -> bool {
        !matches!(self.reason, Reason::DoesNotBear | Reason::NotInForce)
    }

    /// The word for its status where it is shown: `not_applicable` where nothing was looked for, else the status.
    pub fn shown_status(&self) -> &'static str {
        if self.applies() { self.status.code() } else { "not_applicable" }
    }

    /// A theme that could not be checked.
    pub(super) fn unchecked(rule: &CheckRule, reason: Reason) -> Self {
        ThemeCheck {
            theme: rule.theme.clone(),
            title: rule.zh.clone(),
            title_en: rule.en.clone(),
            status: Status::Unchecked,
            reason,
            required: rule.required,
            reference: rule.belt.is_some() || rule.statute.is_some(),
            layer: String::new(),
            version: String::new(),
            source: String::new(),
            quality: None,
            count: 0,
            overlap_m2: 0.0,
            overlap_share: 0.0,
            verified: true,
            nearest: None,
            day: None,
            covered_share: None,
            not_in_force: 0,
        }
    }
}

/// Checks one theme.
pub(super) fn examine(asked: &Asked, layers: &[&PreparedLayer]) -> (ThemeCheck, Vec<Finding>) {
    let mut check = ThemeCheck::unchecked(asked.rule, Reason::NotLoaded);
    if !asked.rule.bears_on(asked.kind, asked.land_use) {
        check.status = Status::NotInvolved;
        check.reason = Reason::DoesNotBear;
        check.required = false;
        return (check, Vec::new());
    }
    if !asked.rule.is_in_force(asked.rulebook, asked.question.as_of) {
        check.status = Status::NotInvolved;
        check.reason = Reason::NotInForce;
        check.required = false;
        return (check, Vec::new());
    }
    let (Some(first), false) = (layers.first(), layers.is_empty()) else { return (check, Vec::new()) };
    check.layer = first.layer.title.clone();
    check.version = first.layer.source.version.clone();
    check.reference |= layers.iter().any(|layer| layer.derived.is_some());
    check.source = first.layer.source.origin.clone();

    let mut search = Search::default();
    for layer in layers {
        search.run(asked, layer);
    }
    check.quality = layers.iter().map(|layer| layer.quality).max();
    check.not_in_force = search.not_in_force;
    let (found, usable) = (search.found, search.usable);
    let (mut status, mut reason) = if usable == 0 {
        let reason = match () {
            () if search.unusable > 0 => Reason::Unusable,
            // all that was there has ended
            () if search.not_in_force > 0 => Reason::Expired,
            // what it would be computed from is not there
            () if layers.iter().any(|layer| layer.derived.is_some()) => Reason::NotLoaded,
            () => Reason::Empty,
        };
        (Status::Unchecked, reason)
    } else {
        (Status::NotInvolved, Reason::Apart)
    };
    let shared: Vec<&Hit> = found.iter().filter(|hit| hit.meeting.relation.shares_ground()).collect();
    let joint = geometry::joint_area(shared.iter().map(|hit| (&hit.meeting.overlap, hit.meeting.area)));
    // to the last digit no more than the site
    let area = Area(joint.area.0.min(asked.shape.area().0));
    let share = share_of(area, asked.shape.area());
    let is_inside = (joint.agreed && share >= 1.0 - OUTSIDE_SHARE)
        || shared.iter().any(|hit| hit.meeting.relation == Relation::Within);
    check.count = shared.len();
    check.overlap_m2 = square_metres(area);
    check.overlap_share = share;
    check.verified = joint.agreed;
    if usable > 0 && asked.rule.inside {
        (status, reason) = if is_inside {
            (Status::NotInvolved, Reason::InsideBoundary)
        } else {
            (Status::Involved, Reason::OutsideBoundary)
        };
    } else if !shared.is_empty() {
        (status, reason) = (Status::Involved, Reason::SharesGround);
    } else if found.iter().any(|hit| hit.meeting.relation == Relation::Touches) {
        (status, reason) = (Status::Involved, Reason::SharesBorder);
    }
    if let Some((open, day, covered)) = doubt(asked, layers, search.unusable > 0)
        && (status == Status::NotInvolved
            || open == Reason::Expired
            || (open == Reason::NotCovered && asked.rule.inside))
    {
        (status, reason) = (Status::Unchecked, open);
        check.day = day;
        check.covered_share = covered;
    }
    if shared.is_empty() {
        check.nearest = search.nearest.map(|(distance, feature, between)| nearest(feature, distance, between));
    }
    check.status = status;
    check.reason = reason;
    let outside = reason == Reason::OutsideBoundary;
    if found.is_empty() {
        return (check, Vec::new());
    }
    let mut quotable = Quotable::on(asked);
    let findings = found.into_iter().map(|hit| hit.finding(asked, &mut quotable, outside)).collect();
    (check, findings)
}

/// Why the layers cannot be relied on for "not involved".
fn doubt(asked: &Asked, layers: &[&PreparedLayer], unusable: bool) -> Option<(Reason, Option<Date>, Option<f64>)> {
    let day = asked.question.as_of;
    let expired = layers.iter().filter_map(|layer| layer.valid_until).find(|until| *until < day);
    if let Some(until) = expired {
        return Some((Reason::Expired, Some(until), None));
    }
    if layers.iter().any(|layer| layer.derived.as_ref().is_some_and(|derived| derived.is_partial)) {
        return Some((Reason::NotLoaded, None, None));
    }
    // a site a hair over the border of the city is still covered
    let city = asked.city_share.unwrap_or(1.0);
    let covers_alone = |layer: &PreparedLayer| {
        if layer.speaks_for_the_city {
            return if city >= 1.0 - 1e-6 { 1.0 } else { city };
        }
        let around = geometry::surroundings(asked.shape, SURROUNDINGS);
        let (Some(site), Some(layer)) = (around, layer.layer.bounds()) else { return 0.0 };
        let (low, high) = (site.min(), site.max());
        let reached =
            low.x <= layer.max().x && high.x >= layer.min().x && low.y <= layer.max().y && high.y >= layer.min().y;
        f64::from(u8::from(reached))
    };
    // a computed zone is known as far as each of its parts is
    let covers = |layer: &&PreparedLayer| match &layer.derived {
        Some(derived) => {
            let part =
                |layers: &Vec<Arc<PreparedLayer>>| layers.iter().map(|one| covers_alone(one)).fold(0.0, f64::max);
            derived.parts.iter().map(part).fold(1.0, f64::min)
        }
        None => covers_alone(layer),
    };
    let covered = layers.iter().map(covers).fold(0.0, f64::max);
    if covered < 1.0 {
        return Some((Reason::NotCovered, None, Some(covered)));
    }
    unusable.then_some((Reason::Unusable, None, None))
}

fn share_of(part: Area, whole: Area) -> f64 {
    if whole.square_metres() > 0.0 { (part.square_metres() / whole.square_metres()).clamp(0.0, 1.0) } else { 0.0 }
}

/// The distance, the thing, and where the two come closest.
type Neighbour<'a> = (f64, &'a Feature, Option<(Coord, Coord)>);

#[derive(Default)]
struct Search<'a> {
    found: Vec<Hit<'a>>,
    /// Its distance and, where the two lie apart, where they come closest.
    nearest: Option<Neighbour<'a>>,
    usable: usize,
    unusable: usize,
    not_in_force: usize,
}

struct Hit<'a> {
    index: u32,
    origin: Option<&'a Origin>,
    key: FeatureKey,
    feature: &'a Feature,
    layer: &'a PreparedLayer,
    meeting: Meeting,
    area: Option<Area>,
    belt: Option<f64>,
    /// The belt as drawn near the site, where that is what the site meets.
    drawn: Option<Arc<PreparedShape>>,
}

impl<'a> Search<'a> {
    fn run(&mut self, asked: &Asked, layer: &'a PreparedLayer) {
        let selection = layer.selection(asked.rule, asked.question.as_of);
        self.usable += selection.usable;
        self.unusable += selection.unusable;
        self.not_in_force += selection.not_in_force;
        let Some(site) = asked.shape.bounds() else { return };
        let near = asked.question.near_m.clamp(0.0, FARTHEST);
        // nearest first by their boxes, so that most are never looked at
        let mut coming = selection.index.nearest_first_from(site, near + selection.widest).peekable();
        let close: Vec<(f64, u32)> =
            std::iter::from_fn(|| coming.next_if(|(least, _)| *least <= near + selection.widest)).collect();
        layer.call_in(close.iter().map(|(_, index)| *index));
        for (least, index) in close.into_iter().chain(coming) {
            let Some(feature) = layer.layer.feature(index) else { continue };
            let known = self.nearest.as_ref().map_or(FARTHEST, |(distance, ..)| *distance);
            if least <= SURROUNDINGS && asked.rule.belt.as_ref().is_some_and(|belt| !belt.is_known(feature)) {
                // how wide its belt is was not told: near it nothing is known to be clear
                self.unusable += 1;
            }
            // the distance between boxes is a lower bound with a thousandth left for curvature
            let wanted = near.max(known.min(FARTHEST));
            if least > wanted + selection.widest && (least > SURROUNDINGS || selection.widths_are_known) {
                break;
            }
            let reach = asked.rule.belt.as_ref().map_or(0.0, |belt| belt.reach(feature));
            if least > wanted + reach {
                continue;
            }
            let Some(shape) = layer.shape(index) else {
                self.usable = self.usable.saturating_sub(1);
                self.unusable += 1;
                continue;
            };
            let origin = layer.origin(index);
            let key = origin.map_or(FeatureKey { layer: layer.layer.id, index }, |origin| origin.key);
            let Some((meeting, drawn)) = meet(asked, layer, index, reach, near.max(known)) else { continue };
            if !meeting.relation.shares_ground() && meeting.distance < known {
                self.nearest = Some((meeting.distance, feature, meeting.nearest));
            }
            let listed = meeting.relation != Relation::Near || (asked.rule.near && meeting.distance <= near);
            if listed || (asked.rule.inside && self.found.is_empty()) {
                let is_thing = asked.rule.belt.is_none() && origin.is_none();
                let area = (shape.is_areal() && is_thing).then(|| shape.area());
                let belt = asked.rule.belt.is_some().then_some(reach).or(origin.map(|origin| origin.metres));
                self.found.push(Hit { index, origin, key, feature, layer, meeting, area, belt, drawn });
            }
        }
    }
}

fn nearest(feature: &Feature, distance: f64, between: Option<(Coord, Coord)>) -> Nearest {
    Nearest {
        feature_id: feature.id.clone(),
        name: feature.name().to_owned(),
        distance_m: millimetres(distance),
        bearing_deg: bearing(distance, between),
    }
}

/// The direction in which the two come closest, when they lie apart.
fn bearing(distance: f64, between: Option<(Coord, Coord)>) -> Option<f64> {
    let (site, feature) = between.filter(|_| distance > 0.0)?;
    Some((geometry::bearing(site, feature) * 1e4).round() / 1e4)
}

/// How the site meets a thing, or the belt round it, and that belt.
fn meet(
    asked: &Asked,
    layer: &PreparedLayer,
    index: u32,
    belt: f64,
    reach: f64,
) -> Option<(Meeting, Option<Arc<PreparedShape>>)> {
    let meeting = geometry::meet(asked.shape, layer.shape(index)?, asked.plane, reach + belt)?;
    if belt <= 0.0 {
        return Some((meeting, None));
    }
    let distance = meeting.distance - belt;
    if !meeting.relation.shares_ground() && distance > TOLERANCE {
        return Some((Meeting { distance, ..meeting }, None));
    }
    let ground = layer.belt(index, belt, asked.shape);
    let (length, nearest) = (meeting.length, meeting.nearest);
    let inside = ground.as_ref().and_then(|ground| geometry::meet(asked.shape, ground, asked.plane, TOLERANCE));
    let meeting = match inside {
        Some(inside) => Meeting { length, nearest, ..inside },
        None => Meeting { relation: Relation::Touches, distance: 0.0, ..meeting },
    };
    Some((meeting, ground))
}

fn millimetres(metres: f64) -> f64 {
    (metres * 1e4).round() / 1e4
}

impl<'a> Hit<'a> {
    fn finding(self, asked: &Asked, quotable: &mut Quotable<'a>, outside: bool) -> Finding {
        let Hit { index, origin, key, feature, layer, meeting, area, belt, drawn } = self;
        let rule = asked.rule;
        let is_reference = belt.is_some();
        let mut rules = quotable
            .about(feature)
            .filter(|quotable| quotable.rule.reference.is_none_or(|reference| reference == is_reference))
            // rules of a boundary speak of sites that leave it: inside of it nothing is to be done
            .filter(|_| outside || !asked.rule.inside)
            .peekable();
        let strictest = rules.peek().map_or(Consequence::None, |quotable| quotable.rule.consequence);
        let consequence = match meeting.relation {
            _ if rule.inside => {
                if outside {
                    strictest
                } else {
                    Consequence::None
                }
            }
            relation if relation.shares_ground() => strictest,
            // a shared border has to be looked at on the spot (DOMAIN §3.3), and forbids nothing; nor does one that is near
            Relation::Touches => strictest.max(Consequence::Attention),
            Relation::Near if certainty::class(&meeting) == Certainty::AlongEdge && rule.belt.is_none() => {
                strictest.max(Consequence::Attention)
            }
            _ => Consequence::None,
        };
        let quality = feature_quality(feature, layer);
        let accuracy = Accuracy::of(feature, layer, quality);
        let thing = drawn.as_deref().or_else(|| layer.shape(index)).unwrap_or(asked.shape);
        let standing = certainty::judge(&Lie {
            site: asked.shape,
            thing,
            meeting: &meeting,
            plane: asked.plane,
            accuracy,
            inside: rule.inside,
        });
        let overlap = meeting.area;
        let mut quotes = rules.map(|quotable| quotable.quote());
        let has_area = !meeting.overlap.0.is_empty();
        Finding {
            layer: origin.map_or(layer.layer.theme, |origin| origin.theme),
            theme: rule.theme.clone(),
            key,
            layer_title: layer.layer.title.clone(),
            feature_id: feature.id.clone(),
            name: feature.name().to_owned(),
            class: if rule.class_field.is_empty() {
                String::new()
            } else {
                feature.value(&rule.class_field).to_string()
            },
            class_field: rule.class_field.clone(),
            kind: feature.text("kind").to_owned(),
            verbatim: verbatim(feature, &rule.verbatim),
            relation: meeting.relation,
            overlap_m2: square_metres(overlap),
            overlap_ha: overlap.hectares(),
            overlap_mu: overlap.mu(),
            plane_overlap_m2: square_metres(meeting.plane_area),
            overlap_share: share_of(overlap, asked.shape.area()),
            zone_share: area.map(|zone| share_of(overlap, zone)),
            overlap_length_m: (meeting.length > 0.0).then(|| millimetres(meeting.length)),
            distance_m: millimetres(meeting.distance.max(0.0)),
            nearest: meeting
                .nearest
                .filter(|_| meeting.distance > 0.0)
                .map(|(site, feature)| NearestPoints { site, feature }),
            bearing_deg: bearing(meeting.distance, meeting.nearest),
            depth_m: standing.depth.map(|depth| millimetres(depth.metres)),
            depth_tolerance_m: standing.depth.map(|depth| millimetres(depth.within.max(0.01 * depth.metres).max(0.01))),
            certainty: certainty::class(&meeting),
            accuracy_m: accuracy.metres,
            certainty_grade: standing.grade,
            certainty_reasons: standing.reasons,
            mean_width_m: has_area.then(|| millimetres(meeting.mean_width)),
            verified: meeting.balanced,
            belt_m: belt,
            basis: match origin {
                Some(origin) => origin.basis.to_vec(),
                None => belt.map(|_| layer.basis()).into_iter().collect(),
            },
            stretch: origin.and_then(|origin| origin.stretch.clone()),
            rule: quotes.next(),
            further_rules: quotes.collect(),
            consequence,
            overridden: None,
            quality,
            source: feature_source(feature, layer),
            example: feature.flag("example"),
            overlap: Arc::new(meeting.overlap),
        }
    }
}

/// The words of the fields asked for; a name of ten bytes, as tables of Shapefiles cut it, stands for the whole.
fn verbatim(feature: &Feature, fields: &[String]) -> Vec<Verbatim> {
    let said = |field: &String| {
        let is_it = |name: &str| {
            name.contains(field.as_str())
                || (name.chars().count() >= 3 && field.starts_with(name.trim_end_matches('_')))
        };
        let (_, value) = feature.values.iter().find(|(name, value)| is_it(name) && !value.is_null())?;
        let text = value.to_string();
        (!text.trim().is_empty()).then(|| Verbatim { field: field.clone(), text: text.trim().to_owned() })
    };
    fields.iter().filter_map(said).collect()
}

fn feature_quality(feature: &Feature, layer: &PreparedLayer) -> Quality {
    Quality::parse(feature.text("quality")).unwrap_or(layer.quality)
}

fn feature_source(feature: &Feature, layer: &PreparedLayer) -> String {
    match feature.text("source") {
        "" => layer.layer.source.origin.clone(),
        source => source.to_owned(),
    }
}
