//! The answer of a check: what is involved, what is not, what could not be checked, and which rule says so.
//!
//! Codes and figures only; `text::siting` makes sentences of them. Serialised, it is the JSON document of `check`.

use super::Downstream;
use super::{ActivityNamed, Comparison, NotApplied, Overriding};
use crate::atlas::{Date, FeatureKey, LandUse, Override, Quality, Theme};
use crate::geometry::Relation;
use geo::{Coord, MultiPolygon};
use serde::{Serialize, Serializer};
use std::ops::Deref;
use std::sync::Arc;

/// What a site comes to, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 禁止类冲突
    Prohibited,
    /// 需论证
    Restricted,
    /// 提示
    Attention,
    /// 未核查: a required theme could not be checked.
    Unchecked,
    /// 未发现冲突: every required theme was checked and nothing bears on the site.
    Clear,
}

impl Grade {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Grade::Prohibited => "prohibited",
            Grade::Restricted => "restricted",
            Grade::Attention => "attention",
            Grade::Unchecked => "unchecked",
            Grade::Clear => "clear",
        }
    }
}

/// One of three states of a theme, never two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 涉及
    Involved,
    /// 不涉及
    NotInvolved,
    /// 未核查
    Unchecked,
}

impl Status {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Status::Involved => "involved",
            Status::NotInvolved => "not_involved",
            Status::Unchecked => "unchecked",
        }
    }
}

/// What follows from a finding for this kind of project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// 禁止
    Prohibited,
    /// 需论证
    Restricted,
    /// 提示
    Attention,
    /// Nothing: it lies apart, or no rule bears on this kind of project.
    None,
}

impl Consequence {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Consequence::Prohibited => "prohibited",
            Consequence::Restricted => "restricted",
            Consequence::Attention => "attention",
            Consequence::None => "none",
        }
    }

    /// What a site comes to when this is its worst finding.
    pub fn grade(self) -> Option<Grade> {
        match self {
            Consequence::Prohibited => Some(Grade::Prohibited),
            Consequence::Restricted => Some(Grade::Restricted),
            Consequence::Attention => Some(Grade::Attention),
            Consequence::None => None,
        }
    }
}

/// Why a theme has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Involved: ground is shared with at least one thing.
    SharesGround,
    /// Involved: a border is shared.
    SharesBorder,
    /// Involved: the site is not inside the boundary in which it has to be.
    OutsideBoundary,
    /// Not involved: checked, nothing shared.
    Apart,
    /// Not involved: checked, the site is inside the boundary in which it has to be.
    InsideBoundary,
    /// Not involved: the theme says nothing about this kind of project.
    DoesNotBear,
    /// Not involved: the statute that describes the zone is not in force on the day.
    NotInForce,
    /// Unchecked: no layer of this theme is loaded, or not all that the zone is computed from.
    NotLoaded,
    /// Unchecked: the layer holds nothing that can be checked.
    Empty,
    /// Unchecked: the layer does not cover the site, or not all of it.
    NotCovered,
    /// Unchecked: the layer's validity ended before the day of judgement.
    Expired,
    /// Unchecked: the layer speaks of a later day than that of judgement.
    NotYetValid,
    /// Unchecked: needs the land class of the project, which was not told.
    LandUseUnknown,
    /// Unchecked: a thing of the layer that may concern the site has a shape that cannot be computed with.
    Unusable,
    /// Unchecked: the site's own shape cannot be computed with.
    SiteUnusable,
}

impl Reason {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Reason::SharesGround => "shares_ground",
            Reason::SharesBorder => "shares_border",
            Reason::OutsideBoundary => "outside_boundary",
            Reason::Apart => "apart",
            Reason::InsideBoundary => "inside_boundary",
            Reason::DoesNotBear => "does_not_bear",
            Reason::NotInForce => "not_in_force",
            Reason::NotLoaded => "not_loaded",
            Reason::Empty => "empty",
            Reason::NotCovered => "not_covered",
            Reason::Expired => "expired",
            Reason::NotYetValid => "not_yet_valid",
            Reason::LandUseUnknown => "land_use_unknown",
            Reason::Unusable => "unusable",
            Reason::SiteUnusable => "site_unusable",
        }
    }
}

/// The nearest thing of a theme that shares no ground with the site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nearest {
    /// Id of the feature.
    pub feature_id: String,
    /// Its name.
    pub name: String,
    /// Distance on the ellipsoid, metres.
    pub distance_m: f64,
    /// In which direction from the site, degrees from north, clockwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearing_deg: Option<f64>,
}

/// One line of the matrix 涉及 / 不涉及 / 未核查.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeCheck {
    /// Code of the theme: that of a layer, or of a belt or line that the rule book names.
    pub theme: String,
    /// Chinese name.
    pub title: String,
    /// English name.
    pub title_en: String,
    /// The state.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// Whether a clear verdict needs this theme.
    pub required: bool,
    /// Computed from another thing, not published as a boundary (参考范围).
    pub reference: bool,
    /// Title of the layer that answered; empty when none did.
    pub layer: String,
    /// Version of that layer.
    pub version: String,
    /// Where its facts are from: who provided it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The worst quality in that layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Things that share ground with the site.
    pub count: usize,
    /// Ground shared with all of them together, each spot counted once; square metres on the ellipsoid.
    pub overlap_m2: f64,
    /// The same as a share of the site, 0…1.
    pub overlap_share: f64,
    /// The ground shared was found the same twice; where not, both figures are the least that was found, and a site is
    /// not taken to lie inside a boundary.
    #[serde(skip_serializing_if = "is_so")]
    pub verified: bool,
    /// The nearest thing when none shares ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
    /// The day that decided, for a layer expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Share of the site that the layer covers, when not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered_share: Option<f64>,
    /// Things of the layer left out because their own validity does not include the day of judgement.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_in_force: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Words of a thing, as its layer has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verbatim {
    /// What they are about.
    pub field: String,
    /// The words.
    pub text: String,
}

/// A rule as quoted by a finding; its words are shared by all findings of a theme that quote it.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleQuote(Arc<Quoted>);

impl From<Quoted> for RuleQuote {
    fn from(words: Quoted) -> Self {
        RuleQuote(Arc::new(words))
    }
}

impl Deref for RuleQuote {
    type Target = Quoted;

    fn deref(&self) -> &Quoted {
        &self.0
    }
}

impl Serialize for RuleQuote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

/// The words of a [`RuleQuote`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quoted {
    /// Identity in its pack.
    pub id: String,
    /// What it says, Chinese.
    pub text: String,
    /// What it says, English.
    pub text_en: String,
    /// The act or document.
    pub source: String,
    /// Article or section.
    pub clause: String,
    /// The regime it belongs to.
    pub regime: String,
    /// How sure the pack is of it: text, high, medium, low.
    pub confidence: String,
    /// What it leads to for this project where ground is shared.
    pub consequence: Consequence,
    /// What has to be done next, Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_step: String,
    /// What has to be done next, English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_step_en: String,
    /// Document to obtain, Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Document to obtain, English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document_en: String,
}

/// The two points at which two things come closest, longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NearestPoints {
    /// On the site.
    #[serde(serialize_with = "position")]
    pub site: Coord,
    /// On the thing.
    #[serde(serialize_with = "position")]
    pub feature: Coord,
}

fn position<S: Serializer>(at: &Coord, serializer: S) -> Result<S::Ok, S::Error> {
    [at.x, at.y].serialize(serializer)
}

/// How firmly an overlap stands against the accuracy of boundaries; never softens a consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// 实占
    Certain,
    /// 疑似边界重合: under 1 m², or thinner on average than 0.5 m.
    SuspectedEdge,
    /// 贴线: no ground shared, yet nearer than boundaries are accurate.
    AlongEdge,
    /// Clearly apart.
    Apart,
}

impl Certainty {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::SuspectedEdge => "suspected_edge",
            Certainty::AlongEdge => "along_edge",
            Certainty::Apart => "apart",
        }
    }
}

/// How firmly a finding stands against the accuracy of boundaries and drawing. It never softens a consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertaintyGrade {
    /// It stays what it is wherever the boundary lies within its accuracy.
    Certain,
    /// It may turn over within the accuracy of the boundary.
    Marginal,
    /// Two drawings of one border explain all of it.
    Artefact,
}

impl CertaintyGrade {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            CertaintyGrade::Certain => "certain",
            CertaintyGrade::Marginal => "marginal",
            CertaintyGrade::Artefact => "artefact",
        }
    }
}

/// Why a finding stands as firmly as it does; metres throughout.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CertaintyReason {
    /// The site reaches deeper into the thing than its boundary may be off.
    DeeperThanAccuracy { depth_m: f64, accuracy_m: f64 },
    /// The thing reaches deeper into the site than its boundary may be off.
    ReachesIntoSite { reach_m: f64, accuracy_m: f64 },
    /// The border of the site keeps farther inside than the boundary may be off.
    InsideByAccuracy { accuracy_m: f64 },
    /// Ground is shared, no deeper than the boundary may be off.
    WithinAccuracy { depth_m: f64, accuracy_m: f64 },
    /// Apart, by no more than the boundary may be off.
    NearerThanAccuracy { distance_m: f64, accuracy_m: f64 },
    /// Apart by more than the boundary may be off.
    FartherThanAccuracy { distance_m: f64, accuracy_m: f64 },
    /// Thin for its length, or very small.
    Sliver { mean_width_m: f64, area_m2: f64 },
    /// Nowhere deeper, either way, than two drawings of one border differ.
    OneBorderDrawnTwice { depth_m: f64, limit_m: f64 },
    /// It lies between an edge and the same edge drawn straight in another system.
    ProjectionChord { bend_m: f64, depth_m: f64 },
    /// Nobody tells how accurate the boundary is: it was assumed by the worth of the data.
    AccuracyAssumed { quality: Quality, accuracy_m: f64 },
}

impl CertaintyReason {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            CertaintyReason::DeeperThanAccuracy { .. } => "deeper_than_accuracy",
            CertaintyReason::ReachesIntoSite { .. } => "reaches_into_site",
            CertaintyReason::InsideByAccuracy { .. } => "inside_by_accuracy",
            CertaintyReason::WithinAccuracy { .. } => "within_accuracy",
            CertaintyReason::NearerThanAccuracy { .. } => "nearer_than_accuracy",
            CertaintyReason::FartherThanAccuracy { .. } => "farther_than_accuracy",
            CertaintyReason::Sliver { .. } => "sliver",
            CertaintyReason::OneBorderDrawnTwice { .. } => "one_border_drawn_twice",
            CertaintyReason::ProjectionChord { .. } => "projection_chord",
            CertaintyReason::AccuracyAssumed { .. } => "accuracy_assumed",
        }
    }
}

/// One thing on the map that concerns a site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Theme of the layer that it is in.
    pub layer: Theme,
    /// Code of the theme checked, as in [`ThemeCheck::theme`].
    pub theme: String,
    /// Where it is in the atlas.
    #[serde(skip)]
    pub key: FeatureKey,
    /// Title of the layer that it is in.
    pub layer_title: String,
    /// Its id.
    pub feature_id: String,
    /// Its name.
    pub name: String,
    /// Its class: tier, class, level, status or grade, as its theme has it; a coded value.
    pub class: String,
    /// The field that the class is from.
    pub class_field: String,
    /// Its kind, where it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What the thing itself says and has to be read as it stands, such as the four lists of a control unit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verbatim: Vec<Verbatim>,
    /// How the site lies to it.
    pub relation: Relation,
    /// Shared ground on the ellipsoid, square metres.
    pub overlap_m2: f64,
    /// The same in hectares.
    pub overlap_ha: f64,
    /// The same in mu.
    pub overlap_mu: f64,
    /// The same in the Gauss–Krüger plane, square metres.
    pub plane_overlap_m2: f64,
    /// Share of the site, 0…1.
    pub overlap_share: f64,
    /// Share of the thing, 0…1; null for lines and points.
    pub zone_share: Option<f64>,
    /// Length of a line inside the site, metres; null for areas and points.
    pub overlap_length_m: Option<f64>,
    /// Distance on the ellipsoid, metres; 0 when anything is shared.
    pub distance_m: f64,
    /// Where they come closest, when they lie apart.
    pub nearest: Option<NearestPoints>,
    /// Direction from the site's nearest point to the thing's, degrees clockwise from north on the ellipsoid, when they
    /// lie apart.
    pub bearing_deg: Option<f64>,
    /// How deep the site reaches into the thing: the greatest distance from a point of the shared ground to the border
    /// of the thing (of its belt, for a belt), metres; null where no ground is shared. No point lies deeper than this
    /// and `depth_tolerance_m` together, which is 1 cm or a hundredth, and more only where the deepest points make a
    /// long ridge.
    pub depth_m: Option<f64>,
    /// See `depth_m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth_tolerance_m: Option<f64>,
    /// How the overlap looks by itself.
    pub certainty: Certainty,
    /// How far the boundary of the thing may lie from where it is drawn, metres: told by the data, or assumed.
    pub accuracy_m: f64,
    /// How firmly the finding stands against that; never softens the consequence.
    pub certainty_grade: CertaintyGrade,
    /// Why, the deciding reason first.
    pub certainty_reasons: Vec<CertaintyReason>,
    /// Mean width of the overlap, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_width_m: Option<f64>,
    /// |A| + |B| = |A∪B| + |A∩B| held; when not, the figures need another look.
    pub verified: bool,
    /// A belt computed from the thing, not a published boundary (参考范围); its width in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub belt_m: Option<f64>,
    /// The layers that a reference extent was computed from: another version of one of them moves it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
    /// The part of a river that counts, for a zone measured along the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stretch: Option<StretchSeen>,
    /// The strictest rule that bears on it; null when none does.
    pub rule: Option<RuleQuote>,
    /// Further rules that bear on it, strictest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_rules: Vec<RuleQuote>,
    /// What follows for this project, as computed.
    pub consequence: Consequence,
    /// What a person lets follow instead.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overriding>,
    /// Worth of its data.
    pub quality: Quality,
    /// Where its facts are from.
    pub source: String,
    /// Invented for demonstration.
    pub example: bool,
    /// The shared ground, longitude and latitude.
    #[serde(serialize_with = "geojson", skip_serializing_if = "is_void")]
    pub overlap: Arc<MultiPolygon>,
}

impl Finding {
    /// Whether it concerns the site: it shares ground or as good as, or something follows. The others are neighbours.
    pub fn concerns(&self) -> bool {
        self.consequence != Consequence::None || self.relation.shares_ground() || self.certainty == Certainty::AlongEdge
    }
}

/// A layer that a reference extent was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// Theme of the layer.
    pub theme: Theme,
    /// Its title.
    pub layer: String,
    /// Its file.
    pub file: String,
    /// Version of its data.
    pub version: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// The part of a river between two distances upstream of its mouth, along the network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StretchSeen {
    /// Metres upstream of the mouth at which it may begin.
    pub from_m: f64,
    /// Metres upstream of the mouth at which it ends at the latest.
    pub to_m: f64,
    /// Length of this river within that.
    pub length_m: f64,
    /// Whether the flow on the whole way is known; where it is not, both ways were followed.
    pub direction_known: bool,
}

fn is_void(shape: &Arc<MultiPolygon>) -> bool {
    shape.0.is_empty()
}

fn geojson<S: Serializer>(shape: &Arc<MultiPolygon>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shape {
        r#type: &'static str,
        coordinates: Vec<Vec<Vec<[f64; 2]>>>,
    }
    // 1e-9° is a tenth of a millimetre.
    let place = |value: f64| (value * 1e9).round() / 1e9;
    let ring = |ring: &geo::LineString| ring.0.iter().map(|at| [place(at.x), place(at.y)]).collect();
    let polygons = shape.0.iter();
    let coordinates = polygons
        .map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect())
        .collect();
    Shape { r#type: "MultiPolygon", coordinates }.serialize(serializer)
}

/// What is wrong with a site's own shape.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteProblem {
    /// `crosses_itself`, `too_few_points`, `not_a_number`, `out_of_range`, `no_area`, `hole_outside`, `parts_overlap`,
    /// `empty`.
    pub kind: String,
    /// Whether the check went on with a repaired shape.
    pub repaired: bool,
    /// Where, when that can be told.
    pub at: Option<[f64; 2]>,
    /// What the repair did to the area, square metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_change_m2: Option<f64>,
}

/// The answer for one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Identity of the site.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Kind of project judged; empty when not told.
    pub kind: String,
    /// Land class judged.
    #[serde(serialize_with = "land_class")]
    pub land_use: Option<LandUse>,
    /// Area on the ellipsoid, square metres.
    pub area_m2: f64,
    /// The same in hectares.
    pub area_ha: f64,
    /// The same in mu.
    pub area_mu: f64,
    /// Area in the Gauss–Krüger plane, square metres.
    pub plane_area_m2: f64,
    /// Central meridian of that plane, degrees.
    pub central_meridian: f64,
    /// The day at which it was judged.
    pub as_of: Date,
    /// Last day on which the answer may be used: 90 days (DOMAIN §3.4), less where a layer or a rule ends or begins before.
    pub valid_until: Date,
    /// What it comes to, as computed.
    pub verdict: Grade,
    /// What it comes to with the words of persons, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict_with_overrides: Option<Grade>,
    /// As which limited activity inside a red line it applies, when that was told; never a permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited_activity: Option<ActivityNamed>,
    /// The worst quality of the data used.
    pub data_quality: Quality,
    /// Every theme with its state.
    pub checks: Vec<ThemeCheck>,
    /// Everything that concerns the site, worst first, then nearest.
    pub findings: Vec<Finding>,
    /// Rules that speak of what was found and do not apply: ended, not begun, switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_applied: Vec<NotApplied>,
    /// Words of persons that were given for another finding than there is now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lapsed_overrides: Vec<Override>,
    /// The water that receives what the site discharges, and what lies downstream; null where no water is near.
    pub downstream: Option<Downstream>,
    /// What is wrong with the site's shape.
    pub problems: Vec<SiteProblem>,
}

fn land_class<S: Serializer>(class: &Option<LandUse>, serializer: S) -> Result<S::Ok, S::Error> {
    class.map(|class| if class == LandUse::First { 1_u8 } else { 2 }).serialize(serializer)
}

impl Verdict {
    /// The ground of the site on which something is prohibited or restricted, once each, to be shown on a map; figures
    /// are in the findings.
    pub fn conflict_ground(&self) -> MultiPolygon {
        let conflicts = self.findings.iter().filter(|finding| {
            finding.relation.shares_ground()
                && matches!(finding.consequence, Consequence::Prohibited | Consequence::Restricted)
        });
        let mut overlaps: Vec<&MultiPolygon> = Vec::new();
        for finding in conflicts {
            // all of the site is in conflict: more cannot be
            if finding.relation == Relation::Within {
                return finding.overlap.as_ref().clone();
            }
            if !overlaps.contains(&finding.overlap.as_ref()) {
                overlaps.push(finding.overlap.as_ref());
            }
        }
        match overlaps.as_slice() {
            [only] => MultiPolygon::clone(only),
            _ => geo::unary_union(overlaps),
        }
    }

    /// The findings of one theme.
    pub fn of_theme<'a>(&'a self, theme: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.theme == theme)
    }

    /// Required themes that could not be checked.
    pub fn unchecked_required(&self) -> impl Iterator<Item = &ThemeCheck> {
        self.checks.iter().filter(|check| check.required && check.status == Status::Unchecked)
    }

    /// How many themes are involved, not involved and unchecked; those that have nothing to do with the project are not
    /// counted.
    pub fn counts(&self) -> [usize; 3] {
        let applying = || self.checks.iter().filter(|check| check.applies());
        let count = |status: Status| applying().filter(|check| check.status == status).count();
        [count(Status::Involved), count(Status::NotInvolved), count(Status::Unchecked)]
    }
}

/// A rule pack as used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PackUsed {
    /// Identity.
    pub id: String,
    /// Version.
    pub version: String,
}

/// A layer as used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerUsed {
    /// Theme code.
    pub theme: Theme,
    /// Title.
    pub title: String,
    /// File.
    pub file: String,
    /// Version.
    pub version: String,
    /// Fingerprint of the file.
    pub sha256: String,
    /// Where the facts are from.
    pub source: String,
    /// The worst quality in it.
    pub quality: Quality,
    /// Features in it.
    pub features: usize,
}

/// Several sites with what they were judged by: the JSON document of `check`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Screening {
    /// How figures were computed.
    pub method: &'static str,
    /// The day at which they were judged.
    pub as_of: Date,
    /// Last day on which the answer may be used (90 days, DOMAIN §3.4).
    pub valid_until: Date,
    /// Distance within which neighbours are listed, metres.
    pub near_m: f64,
    /// Title and version of the atlas.
    pub atlas: String,
    /// Rule packs used.
    pub rules: Vec<PackUsed>,
    /// Layers used.
    pub layers: Vec<LayerUsed>,
    /// The answers.
    pub sites: Vec<Verdict>,
    /// The difference from another day, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}
fn is_so(claim: &bool) -> bool {
    *claim
}
