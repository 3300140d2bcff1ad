//! One site against all layers.

use super::answering::answering;
use super::decision::decide;
use super::downstream::downstream;
use super::ground::PreparedLayer;
use super::theme::{Asked, examine};
use super::{
    CheckRule, Consequence, Finding, Grade, Ground, LayerUsed, PackUsed, Reason, Rulebook, Screening, SiteProblem,
    Status, ThemeCheck, Verdict, judge_each,
};
use crate::atlas::{Date, LandUse, Quality, Site};
use crate::geometry::{Area, GaussKruger, PreparedShape};
use rayon::prelude::*;

/// How figures are computed, as the JSON document names it.
pub const METHOD: &str = "edges straight in longitude and latitude (CGCS2000); overlap computed on those edges in local \
    coordinates; areas and distances on the CGCS2000 ellipsoid; plane areas in the 3-degree Gauss-Kruger plane of the \
    place; thinner or nearer than 1 mm counts as touching";

/// Days for which an answer may be used (DOMAIN §3.4).
const DAYS_VALID: i64 = 90;

/// What is asked of a check beside the site.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// List what lies within this distance, metres.
    pub near_m: f64,
    /// The day at which the site is judged.
    pub as_of: Date,
    /// Land class, when it shall take the place of the site's own.
    pub land_use: Option<LandUse>,
    /// Kind of project, when it shall take the place of the site's own.
    pub kind: Option<String>,
    /// Which of the ten kinds of limited activity inside a red line the project applies as: 1…10, 0 for none of them;
    /// `None` when nobody has said.
    pub limited_activity: Option<u8>,
    /// How far to look along the water downstream, kilometres; 0 for not at all.
    pub downstream_km: f64,
}

impl Question {
    /// What is asked when only the day is given.
    pub fn on(as_of: Date) -> Self {
        Self { near_m: 500.0, as_of, land_use: None, kind: None, limited_activity: None, downstream_km: 10.0 }
    }
}

/// Judges one site.
pub fn check(site: &Site, ground: &Ground, rulebook: &Rulebook, question: &Question) -> Verdict {
    let shape = PreparedShape::of_polygons(&site.shape);
    let code = question.kind.as_deref().filter(|code| !code.is_empty()).unwrap_or(&site.kind);
    let activity = question.limited_activity.or(site.limited_activity.as_ref().map(|activity| activity.kind));
    let applying = rulebook.kind(code).map(|kind| kind.applying_as(activity));
    let kind = applying.as_deref();
    let land_use = question.land_use.or(site.land_use).or_else(|| kind.and_then(|kind| kind.usual_land_use()));
    let place = shape.bounds().map_or(120.0, |bounds| bounds.center().x);
    let plane = GaussKruger::three_degree(place).ok();

    let mut checks = Vec::new();
    let mut findings = Vec::new();
    let discharges = kind.is_some_and(|kind| kind.has("discharges"));
    let water = || downstream(&shape, ground, question, discharges);
    let below;
    if let Some(plane) = plane.as_ref().filter(|_| !shape.is_empty()) {
        let city_share = covered_by_city(&shape, ground, plane);
        let theme = |rule: &CheckRule| {
            let is_asked = rule.bears_on(kind, land_use) && rule.is_in_force(rulebook, question.as_of);
            let answers = is_asked.then(|| answering(rule, rulebook, ground));
            let layers: Vec<&PreparedLayer> =
                answers.iter().flat_map(|answers| &answers.layers).map(AsRef::as_ref).collect();
            if is_asked && layers.is_empty() && rule.optional {
                return None;
            }
            let rule = answers.as_ref().map_or(rule, |answers| &answers.rule);
            let asked = Asked { shape: &shape, plane, rule, rulebook, kind, land_use, question, city_share };
            Some(examine(&asked, &layers))
        };
        // one site alone is asked about on all cores; of many, each core has its own
        let is_alone = rulebook.checks.len() > 1 && rayon::current_thread_index().is_none();
        let answers: Vec<Option<(ThemeCheck, Vec<Finding>)>>;
        (answers, below) = if is_alone {
            rayon::join(|| rulebook.checks.par_iter().with_max_len(1).map(theme).collect(), water)
        } else {
            (rulebook.checks.iter().map(theme).collect(), water())
        };
        for (check, found) in answers.into_iter().flatten() {
            checks.push(check);
            findings.extend(found);
        }
    } else {
        below = water();
        checks.extend(rulebook.checks.iter().filter(|rule| !rule.optional).map(|rule| ThemeCheck {
            reason: Reason::SiteUnusable,
            ..ThemeCheck::unchecked(rule, Reason::SiteUnusable)
        }));
    }
    sort(&mut findings);
    let area = shape.area();
    let plane_area = plane.as_ref().map_or(Area(0.0), |plane| shape.plane_area(plane));
    let mut verdict = Verdict {
        id: site.id.clone(),
        name: site.name.clone(),
        kind: code.to_owned(),
        land_use,
        area_m2: square_metres(area),
        area_ha: area.hectares(),
        area_mu: area.mu(),
        plane_area_m2: square_metres(plane_area),
        central_meridian: plane.as_ref().map_or(120.0, GaussKruger::central_meridian),
        as_of: question.as_of,
        valid_until: question.as_of.saturating_add(jiff::Span::new().days(DAYS_VALID)),
        verdict: grade(&checks, &findings, |finding| finding.consequence),
        verdict_with_overrides: None,
        limited_activity: None,
        data_quality: worst_quality(&checks, &findings),
        checks,
        findings,
        not_applied: Vec::new(),
        lapsed_overrides: Vec::new(),
        downstream: below,
        problems: problems(&shape),
    };
    decide(&mut verdict, site, ground, rulebook, question, kind);
    verdict
}

/// Judges several sites, on all cores, and says by what.
pub fn screen(sites: &[Site], ground: &Ground, rulebook: &Rulebook, question: &Question) -> Screening {
    let mut verdicts = Vec::with_capacity(sites.len());
    judge_each(sites, ground, rulebook, question, &|| false, &mut |_, verdict| verdicts.push(verdict));
    let about = Screening::about(ground, rulebook, question);
    let valid_until = verdicts.iter().map(|verdict| verdict.valid_until).min().unwrap_or(about.valid_until);
    Screening { sites: verdicts, valid_until, ..about }
}

impl Screening {
    /// What sites are judged by, without any: the head of a document whose verdicts are written as they come.
    pub fn about(ground: &Ground, rulebook: &Rulebook, question: &Question) -> Screening {
        let packs = rulebook.packs.iter();
        Screening {
            method: METHOD,
            as_of: question.as_of,
            valid_until: question.as_of.saturating_add(jiff::Span::new().days(DAYS_VALID)),
            near_m: question.near_m,
            atlas: ground.title().to_owned(),
            rules: packs.map(|pack| PackUsed { id: pack.id.clone(), version: pack.version.clone() }).collect(),
            layers: ground.layers().map(|layer| used(layer)).collect(),
            sites: Vec::new(),
            comparison: None,
        }
    }
}

fn used(prepared: &PreparedLayer) -> LayerUsed {
    let layer = &prepared.layer;
    LayerUsed {
        theme: layer.theme,
        title: layer.title.clone(),
        file: layer.source.file.clone(),
        version: layer.source.version.clone(),
        sha256: layer.source.sha256.clone(),
        source: layer.source.origin.clone(),
        quality: prepared.quality,
        features: layer.features().len(),
    }
}

/// Square metres to a tenth of a millimetre squared's worth: four digits.
pub(super) fn square_metres(area: Area) -> f64 {
    (area.square_metres() * 1e4).round() / 1e4
}

/// Share of the site inside the city; `None` when the atlas does not say how far it speaks.
fn covered_by_city(shape: &PreparedShape, ground: &Ground, plane: &GaussKruger) -> Option<f64> {
    let city = ground.city()?;
    let bounds = shape.bounds()?;
    let districts = city.layer.within(bounds).into_iter().filter_map(|index| city.shape(index));
    let inside = districts
        .filter_map(|district| crate::geometry::meet(shape, district, plane, 0.0))
        .map(|meeting| meeting.area.square_metres())
        .sum::<f64>();
    Some((inside / shape.area().square_metres().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0))
}

/// The worst of what was found; unchecked when nothing was and a required theme is open.
pub(super) fn grade(checks: &[ThemeCheck], findings: &[Finding], of: fn(&Finding) -> Consequence) -> Grade {
    let found = findings.iter().filter_map(|finding| of(finding).grade()).min();
    let open = checks.iter().any(|check| check.required && check.status == Status::Unchecked);
    let otherwise = if open || checks.is_empty() { Grade::Unchecked } else { Grade::Clear };
    found.unwrap_or(otherwise).min(otherwise)
}

fn worst_quality(checks: &[ThemeCheck], findings: &[Finding]) -> Quality {
    let answered = checks.iter().filter_map(|check| check.quality);
    answered.chain(findings.iter().map(|finding| finding.quality)).max().unwrap_or(Quality::Schematic)
}

/// Worst first, then what shares ground, the largest first, then the nearest.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.consequence, !finding.relation.shares_ground());
        key(one)
            .cmp(&key(other))
            .then(other.overlap_m2.total_cmp(&one.overlap_m2))
            .then(one.distance_m.total_cmp(&other.distance_m))
    });
}

fn problems(shape: &PreparedShape) -> Vec<SiteProblem> {
    let flaws = shape.flaws().iter();
    flaws
        .map(|flaw| SiteProblem {
            kind: flaw.kind.code().to_owned(),
            repaired: !shape.is_empty(),
            at: flaw.at.map(|at| [at.x, at.y]),
            area_change_m2: (!shape.is_empty()).then(|| square_metres(shape.area_change())),
        })
        .collect()
}
