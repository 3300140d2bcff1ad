//! The maps of a report: where the site lies, what is around it, and each conflict enlarged, all at true scales and in
//! the symbols of the map.

use super::Case;
use super::content::Conflict;
use crate::atlas::{Site, Theme};
use crate::cartography::legend::Legend;
use crate::geometry::{GaussKruger, PlanePoint};
use crate::report::layout::{bar, fitting_scale};
use crate::report::picture::{self, BAND, Callout, Scene, Shown};
use crate::report::plane::{Plane, reach};
use crate::report::sheet::{Files, entries, grouped, marks};
use crate::text::{Text, fill};
use geo::{BoundingRect, Coord, InteriorPoint, MultiPolygon, Polygon};
use serde_json::{Value, json};

/// Width of every frame and heights of the frames of the kinds, millimetres.
const WIDTH: f64 = 112.0;
const LOCATION: f64 = 76.0;
const GENERAL: f64 = 108.0;
const ENLARGED: f64 = 88.0;
/// Longest bar of a scale, millimetres.
const LONGEST_BAR: f64 = 32.0;
/// Maps of single conflicts, at most so many a site.
pub(super) const MOST: usize = 24;
/// The location map shows at least so much, metres across.
const COUNTRY: f64 = 10_500.0;

/// Draws maps and numbers them through the document.
pub(super) struct Figures<'a> {
    case: &'a Case<'a>,
    text: &'a Text,
    count: usize,
    /// Pictures that the template reads.
    pub files: Files,
}

struct Wish<'a> {
    title: String,
    /// In the plane: west, south, east, north.
    reach: [f64; 4],
    height: f64,
    themes: Vec<Theme>,
    site: &'a Site,
    overlaps: Vec<MultiPolygon>,
    callouts: Vec<Callout>,
}

const BASE: [Theme; 5] = [Theme::Districts, Theme::Lakes, Theme::Yangtze, Theme::Rivers, Theme::Places];

impl<'a> Figures<'a> {
    pub fn new(case: &'a Case<'a>, text: &'a Text) -> Self {
        Self { case, text, count: 0, files: Files::new() }
    }

    /// The maps of a site as blocks of the template; tells each conflict the number of its map.
    pub fn of_site(&mut self, site: &Site, conflicts: &mut [Conflict]) -> Vec<Value> {
        let Some(bounds) = site.shape.bounding_rect() else { return Vec::new() };
        let Ok(reference) = GaussKruger::three_degree(bounds.center().x) else { return Vec::new() };
        let Some(around) = reach(&reference, bounds) else { return Vec::new() };
        let words = &self.text.report.figure;
        let overlaps = |conflicts: &[Conflict]| -> Vec<MultiPolygon> {
            conflicts.iter().map(|conflict| conflict.finding.overlap.as_ref().clone()).collect()
        };
        let callouts = |conflicts: &[Conflict]| -> Vec<Callout> {
            conflicts.iter().filter_map(|conflict| callout(conflict, site)).collect()
        };
        let involved: Vec<Theme> = conflicts.iter().map(|conflict| conflict.finding.layer).collect();
        let near = self.case.question.near_m.clamp(150.0, 1_500.0);
        let mut themes = vec![Theme::WaterSources, Theme::RedlineZones, Theme::ContaminatedPlots, Theme::Constraint];
        themes.extend(&involved);
        let wishes = [
            Wish {
                title: words.location.clone(),
                reach: at_least(grown(around, 0.0), COUNTRY),
                height: LOCATION,
                themes: vec![Theme::RedlineZones],
                site,
                overlaps: Vec::new(),
                callouts: Vec::new(),
            },
            Wish {
                title: words.general.clone(),
                reach: grown(around, near),
                height: GENERAL,
                themes,
                site,
                overlaps: overlaps(conflicts),
                callouts: callouts(conflicts),
            },
        ];
        let mut blocks: Vec<Value> =
            wishes.into_iter().filter_map(|wish| self.draw(&wish, &reference).map(|(_, block)| block)).collect();
        for conflict in conflicts.iter_mut().take(MOST) {
            let number = conflict.number.to_string();
            let values = [("number", number.as_str()), ("name", &conflict.finding.name)];
            let place = conflict.finding.overlap.bounding_rect().unwrap_or(bounds);
            let place = reach(&reference, place).unwrap_or(around);
            let margin = ((place[2] - place[0]).max(place[3] - place[1]) * 0.2).max(40.0);
            let wish = Wish {
                title: fill(&words.enlarged, &values),
                reach: grown(place, margin),
                height: ENLARGED,
                themes: vec![conflict.finding.layer],
                site,
                overlaps: overlaps(std::slice::from_ref(conflict)),
                callouts: callouts(std::slice::from_ref(conflict)),
            };
            if let Some((number, block)) = self.draw(&wish, &reference) {
                conflict.figure = Some(number);
                blocks.push(block);
            }
        }
        blocks
    }

    fn draw(&mut self, wish: &Wish, reference: &GaussKruger) -> Option<(usize, Value)> {
        let [west, south, east, north] = wish.reach;
        let size = [WIDTH, wish.height];
        let denominator = fitting_scale([east - west, north - south], size)?;
        let centre = PlanePoint { east: (west + east) / 2.0, north: (south + north) / 2.0 };
        let plane = Plane::new(reference.clone(), centre, denominator, size);
        plane.area()?;
        let atlas = self.case.atlas;
        let is_shown = |theme: Theme| BASE.contains(&theme) || wish.themes.contains(&theme);
        let rank = |theme: Theme| Theme::ATLAS.iter().position(|known| *known == theme).unwrap_or(usize::MAX);
        let mut layers: Vec<Shown> = atlas
            .layers
            .iter()
            .filter(|layer| is_shown(layer.theme))
            .map(|layer| Shown { layer, opacity: if layer.theme == Theme::LivestockZones { 0.6 } else { 1.0 } })
            .collect();
        layers.sort_by_key(|shown| rank(shown.layer.theme));
        let legend = Legend::bundled();
        let scene = Scene {
            plane: &plane,
            legend,
            layers: &layers,
            water_class: None,
            sites: std::slice::from_ref(wish.site),
            overlaps: &wish.overlaps,
            notes: &[],
            callouts: &wish.callouts,
            enlarged: 1.0,
        };
        let picture = picture::draw(&scene);
        self.count += 1;
        let number = self.count;
        let (entries, mut files) = entries(&scene, &picture, self.text, &format!("figure-{number}-"));
        let image = format!("figure-{number}.svg");
        files.push((image.clone(), picture.svg));
        self.files.append(&mut files);
        let bar = bar(denominator, LONGEST_BAR);
        let scale = grouped(denominator);
        let caption = fill(
            &self.text.report.figure.caption,
            &[("n", &number.to_string()), ("title", &wish.title), ("scale", &scale)],
        );
        let block = json!({
            "kind": "figure",
            "image": image,
            "width": WIDTH + 2.0 * BAND,
            "height": wish.height + 2.0 * BAND,
            "caption": caption,
            "legend": entries,
            "bar": {"millimetres": bar.millimetres, "segments": bar.segments, "marks": marks(bar, self.text)},
        });
        Some((number, block))
    }
}

fn grown([west, south, east, north]: [f64; 4], metres: f64) -> [f64; 4] {
    [west - metres, south - metres, east + metres, north + metres]
}

fn at_least([west, south, east, north]: [f64; 4], metres: f64) -> [f64; 4] {
    // three times the site, or the metres given, whichever shows more
    let more = |low: f64, high: f64, metres: f64| ((metres - (high - low)) / 2.0).max((high - low) * 1.5);
    let (across, down) = (more(west, east, metres), more(south, north, metres * LOCATION / WIDTH));
    [west - across, south - down, east + across, north + down]
}

/// Where the number of a conflict points: well inside the shared ground, else where the two come closest.
fn callout(conflict: &Conflict, site: &Site) -> Option<Callout> {
    let largest = |shape: &MultiPolygon| -> Option<Coord> {
        let extent = |polygon: &&Polygon| geo::Area::unsigned_area(*polygon);
        let polygon = shape.iter().max_by(|one, other| extent(one).total_cmp(&extent(other)))?;
        polygon.interior_point().map(|point| point.0)
    };
    let finding = conflict.finding;
    let nearest = finding.nearest.map(|nearest| nearest.feature);
    let at = largest(&finding.overlap).or(nearest).or_else(|| largest(&site.shape))?;
    Some(Callout { at, number: conflict.number })
}
