//! Is an atlas what it promises? Counts, fields, ids, shapes, the network of its rivers, areas, provenance, records.

use crate::atlas::{Atlas, Feature, Layer, ListKind, Quality, Theme};
use crate::geometry;
use geo::{BooleanOps, BoundingRect, Coord, CoordsIter, Geometry, Intersects, MultiPolygon, Validation};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// A theme without a layer.
    MissingLayer,
    /// No river-chief records.
    MissingRecords,
    /// Another number of features than promised or planned.
    Count {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A field that every feature of the theme carries is not there.
    MissingField {
        /// Its name.
        field: String,
    },
    /// A coded field with a code that does not exist.
    UnknownCode {
        /// Its name.
        field: String,
        /// What stands there.
        value: String,
    },
    /// The same id twice.
    DuplicateId,
    /// Two features of one name.
    DuplicateName {
        /// The name.
        value: String,
    },
    /// The field `id` is not the id of the feature.
    IdDiffers,
    /// No shape.
    NoShape,
    /// A shape of another kind than the theme has.
    WrongShape {
        /// What it is.
        value: String,
    },
    /// A shape that is not simple: crossing itself, hole outside its shell …
    InvalidShape {
        /// What the check says.
        value: String,
    },
    /// A shape more than 50 km from Wuxi.
    FarFromWuxi,
    /// A field names a feature that does not exist.
    UnknownReference {
        /// The field.
        field: String,
        /// What it names.
        value: String,
    },
    /// A section that is no vertex of its river.
    OffItsRiver,
    /// The rivers fall into several networks.
    Disconnected {
        /// How many.
        pieces: usize,
    },
    /// A stated length or area is not that of the shape.
    MeasureDiffers {
        /// The field.
        field: String,
        /// What it says.
        stated: f64,
        /// What the shape has.
        measured: f64,
    },
    /// Areas that must not overlap do; square metres.
    Overlap {
        /// The other feature.
        other: String,
        /// How much.
        square_metres: f64,
    },
    /// Zones that must cover the land leave this much of it, square metres.
    Gap {
        /// How much.
        square_metres: f64,
    },
    /// A water without record.
    NoRecord,
    /// A record without what it must hold.
    ThinRecord {
        /// What is missing.
        field: String,
    },
}

/// Something wrong and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// The theme.
    pub theme: Theme,
    /// Id of the feature; none for the whole layer.
    pub feature: Option<String>,
    /// What.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// Counts of the plan, where a manifest promises none.
const PLANNED: [(Theme, usize); 3] =
    [(Theme::Rivers, 161), (Theme::BlackOdourWaters, 38), (Theme::MonitoringSections, 45)];

/// Fields of every feature.
const COMMON: [&str; 6] = ["id", "name", "district", "source", "licence", "quality"];

/// Fields beyond them, by theme.
fn own_fields(theme: Theme) -> &'static [&'static str] {
    match theme {
        Theme::Districts | Theme::Lakes => &["area_km2"],
        Theme::Places => &["rank", "kind"],
        Theme::Rivers => &["code", "grade", "width_m", "start", "end", "length_km", "target_class"],
        Theme::BlackOdourWaters => &["grade", "found", "status", "river", "length_m", "measures"],
        Theme::RedlineZones => &["kind", "tier", "area_km2"],
        Theme::LivestockZones => &["class", "basis"],
        Theme::Farms => &["species", "head", "status", "zone_class", "required"],
        Theme::ContaminatedPlots => &["status", "former_use", "area_ha"],
        Theme::MonitoringSections => &["level", "target_class", "river"],
        Theme::WaterSources => &["level", "group", "kind"],
        Theme::Outfalls => &["kind", "river"],
        _ => &[],
    }
}

/// Coded fields and their codes, by theme.
fn codes(theme: Theme) -> &'static [(&'static str, &'static [&'static str])] {
    match theme {
        Theme::Rivers => &[("grade", &["basin", "regional", "county", "town"])],
        Theme::BlackOdourWaters => &[
            ("grade", &["light", "heavy"]),
            ("status", &["identified", "planned", "treating", "initial_effect", "long_term", "relapsed"]),
        ],
        Theme::RedlineZones => &[("tier", &["national", "control"])],
        Theme::LivestockZones => &[("class", &["ban", "limit", "suitable"])],
        Theme::Farms => &[
            ("status", &["operating", "closed", "relocating", "renovating"]),
            ("zone_class", &["ban", "limit", "suitable"]),
            ("required", &["close", "renovate", "none"]),
        ],
        Theme::ContaminatedPlots => &[(
            "status",
            &[
                "suspected",
                "preliminary",
                "contaminated",
                "detailed",
                "listed",
                "controlling",
                "evaluated",
                "removed",
                "aftercare",
            ],
        )],
        Theme::MonitoringSections => &[("level", &["national", "provincial"])],
        Theme::WaterSources => &[
            ("level", &["primary", "secondary", "quasi", "intake"]),
            ("kind", &["lake", "yangtze", "reservoir", "river"]),
        ],
        _ => &[],
    }
}

/// Kinds of shapes, by theme: points, lines, areas.
fn shapes(theme: Theme) -> (bool, bool, bool) {
    match theme {
        Theme::Places | Theme::MonitoringSections | Theme::Outfalls => (true, false, false),
        Theme::Farms => (true, false, true),
        Theme::Rivers => (false, true, false),
        Theme::BlackOdourWaters => (false, true, true),
        Theme::WaterSources => (true, false, true),
        _ => (false, false, true),
    }
}

/// Everything wrong with an atlas, theme by theme.
pub fn validate(atlas: &Atlas) -> Vec<Fault> {
    let mut faults = Faults::default();
    for theme in Theme::ATLAS {
        match atlas.layer(theme) {
            None => faults.add(theme, None, FaultKind::MissingLayer),
            Some(_) => faults.layer(atlas, theme),
        }
    }
    faults.references(atlas);
    faults.network(atlas);
    faults.overlaps(atlas);
    faults.records(atlas);
    faults.0
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, theme: Theme, feature: Option<&Feature>, kind: FaultKind) {
        self.0.push(Fault { theme, feature: feature.map(|feature| feature.id.clone()), kind });
    }

    fn layer(&mut self, atlas: &Atlas, theme: Theme) {
        let features: Vec<&Feature> = atlas.layers_of(theme).flat_map(|layer| layer.features()).collect();
        let promised = atlas.manifest.layers.iter().find(|entry| entry.theme == theme).and_then(|entry| entry.expected);
        let planned = PLANNED.iter().find(|(known, _)| *known == theme).map(|(_, count)| *count);
        for expected in [promised, planned].into_iter().flatten().collect::<BTreeSet<_>>() {
            if expected != features.len() {
                self.add(theme, None, FaultKind::Count { expected, found: features.len() });
            }
        }
        let (mut ids, mut names) = (HashSet::new(), HashSet::new());
        for feature in features {
            if !ids.insert(&feature.id) {
                self.add(theme, Some(feature), FaultKind::DuplicateId);
            }
            // one source has several zones, and towns share names
            if matches!(theme, Theme::Rivers | Theme::BlackOdourWaters) && !names.insert(feature.name()) {
                self.add(theme, Some(feature), FaultKind::DuplicateName { value: feature.name().to_owned() });
            }
            self.fields(theme, feature);
            self.shape(theme, feature);
            self.measures(theme, feature);
        }
    }

    fn fields(&mut self, theme: Theme, feature: &Feature) {
        for field in COMMON.iter().chain(own_fields(theme)) {
            let value = feature.value(field);
            if value.is_null() || value.as_text().is_some_and(|text| text.trim().is_empty()) {
                self.add(theme, Some(feature), FaultKind::MissingField { field: (*field).to_owned() });
            }
        }
        if feature.value("example").as_bool().is_none() {
            self.add(theme, Some(feature), FaultKind::MissingField { field: "example".into() });
        }
        if !feature.text("id").is_empty() && feature.text("id") != feature.id {
            self.add(theme, Some(feature), FaultKind::IdDiffers);
        }
        let mut coded = |field: &str, is_known: bool| {
            let value = feature.value(field).to_string();
            if !value.is_empty() && !is_known {
                self.add(theme, Some(feature), FaultKind::UnknownCode { field: field.to_owned(), value });
            }
        };
        coded("quality", Quality::parse(feature.text("quality")).is_some());
        for (field, known) in codes(theme) {
            coded(field, known.contains(&feature.text(field)));
        }
        if matches!(theme, Theme::Rivers | Theme::MonitoringSections) {
            coded("target_class", feature.number("target_class").is_some_and(|class| (1.0..=6.0).contains(&class)));
        }
    }

    fn shape(&mut self, theme: Theme, feature: &Feature) {
        let Some(shape) = &feature.shape else {
            return self.add(theme, Some(feature), FaultKind::NoShape);
        };
        let (points, lines, areas) = shapes(theme);
        let is_right = match shape {
            Geometry::Point(_) | Geometry::MultiPoint(_) => points,
            Geometry::LineString(_) | Geometry::MultiLineString(_) => lines,
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) => areas,
            _ => false,
        };
        if !is_right {
            let value = format!("{shape:?}").chars().take_while(|letter| letter.is_alphanumeric()).collect();
            self.add(theme, Some(feature), FaultKind::WrongShape { value });
        }
        if let Err(error) = shape.check_validation() {
            self.add(theme, Some(feature), FaultKind::InvalidShape { value: error.to_string() });
        }
        let is_near = |at: Coord| (118.97..=121.18).contains(&at.x) && (30.65..=32.45).contains(&at.y);
        if !shape.coords_iter().all(is_near) {
            self.add(theme, Some(feature), FaultKind::FarFromWuxi);
        }
    }

    fn measures(&mut self, theme: Theme, feature: &Feature) {
        let Some(shape) = &feature.shape else { return };
        let area_km2 = geometry::area(shape).square_kilometres();
        let length_km = geometry::length(shape) / 1000.0;
        // (field, measured, share it may differ by, and by how much in its own unit)
        let mut stated = vec![("area_km2", area_km2, 0.005, 0.01), ("area_ha", area_km2 * 100.0, 0.02, 0.01)];
        if theme == Theme::RedlineZones {
            stated.push(("published_km2", area_km2, 0.02, 0.005));
        }
        if theme == Theme::Rivers {
            stated.push(("length_km", length_km, 0.0, 0.001));
        }
        for (field, measured, share, unit) in stated {
            let Some(number) = feature.number(field) else { continue };
            // a plot marked by a point states an area that no shape has
            let has_shape = if field == "length_km" { length_km > 0.0 } else { area_km2 > 0.0 };
            if has_shape && (number - measured).abs() > number.abs() * share + unit {
                let field = field.to_owned();
                self.add(theme, Some(feature), FaultKind::MeasureDiffers { field, stated: number, measured });
            }
        }
    }

    /// Fields that name other features.
    fn references(&mut self, atlas: &Atlas) {
        let waters = [Theme::Rivers, Theme::Lakes, Theme::Yangtze];
        let named: [(Theme, &str, &[Theme]); 5] = [
            (Theme::Rivers, "flows_to", &waters),
            (Theme::Rivers, "section", &[Theme::MonitoringSections]),
            (Theme::MonitoringSections, "river", &waters),
            (Theme::BlackOdourWaters, "river", &[Theme::Rivers]),
            (Theme::Outfalls, "river", &waters),
        ];
        for (theme, field, targets) in named {
            for feature in atlas.layers_of(theme).flat_map(|layer| layer.features()) {
                let id = feature.text(field);
                if !id.is_empty() && !targets.iter().any(|target| atlas.find(*target, id).is_some()) {
                    let kind = FaultKind::UnknownReference { field: field.to_owned(), value: id.to_owned() };
                    self.add(theme, Some(feature), kind);
                }
            }
        }
        for section in atlas.layers_of(Theme::MonitoringSections).flat_map(|layer| layer.features()) {
            let (Some((_, river)), Some(Geometry::Point(at))) =
                (atlas.find(Theme::Rivers, section.text("river")), &section.shape)
            else {
                continue;
            };
            if !river.shape.iter().flat_map(CoordsIter::coords_iter).any(|vertex| node(vertex) == node(at.0)) {
                self.add(Theme::MonitoringSections, Some(section), FaultKind::OffItsRiver);
            }
        }
    }

    /// All rivers hang together through shared vertices and through the lakes and the Yangtze whose shores they touch.
    fn network(&mut self, atlas: &Atlas) {
        let of = |theme: Theme| atlas.layers_of(theme).flat_map(|layer| layer.features());
        let rivers = of(Theme::Rivers).count();
        let waters: Vec<&Feature> = of(Theme::Rivers).chain(of(Theme::Lakes)).chain(of(Theme::Yangtze)).collect();
        let mut group: Vec<usize> = (0..waters.len()).collect();
        let mut join = |a: usize, b: usize| {
            let (Some(from), Some(to)) = (group.get(a).copied(), group.get(b).copied()) else { return };
            group.iter_mut().filter(|known| **known == from).for_each(|known| *known = to);
        };
        let (mut places, mut mouths) = (HashMap::new(), HashMap::new());
        for (number, water) in waters.iter().enumerate() {
            for vertex in water.shape.iter().flat_map(CoordsIter::coords_iter) {
                join(*places.entry(node(vertex)).or_insert(number), number);
            }
            mouths.insert(water.id.as_str(), number);
        }
        for (number, water) in waters.iter().enumerate() {
            if let Some(into) = mouths.get(water.text("flows_to")) {
                join(*into, number);
            }
        }
        let pieces = group.iter().take(rivers).collect::<BTreeSet<_>>().len();
        if pieces > 1 {
            self.add(Theme::Rivers, None, FaultKind::Disconnected { pieces });
        }
    }

    /// Zones of one tier, and livestock zones, lie side by side; the latter cover the land.
    fn overlaps(&mut self, atlas: &Atlas) {
        for (theme, class) in
            [(Theme::RedlineZones, "tier"), (Theme::LivestockZones, ""), (Theme::Districts, ""), (Theme::Lakes, "")]
        {
            let Some(layer) = atlas.layer(theme) else { continue };
            for (number, feature) in (0_u32..).zip(layer.features()) {
                let (Some(area), Some(bounds)) = (polygons(feature), feature.bounds()) else { continue };
                for other in layer.within(bounds).into_iter().filter(|other| *other > number) {
                    let Some(other) = layer.feature(other).filter(|other| other.text(class) == feature.text(class))
                    else {
                        continue;
                    };
                    let Some(neighbour) = polygons(other).filter(|neighbour| neighbour.intersects(&area)) else {
                        continue;
                    };
                    let shared = square_metres(&area.intersection(&neighbour));
                    // edges that are shared in 7 decimals leave slivers of less
                    if shared > 10.0 {
                        let kind = FaultKind::Overlap { other: other.id.clone(), square_metres: shared };
                        self.add(theme, Some(feature), kind);
                    }
                }
            }
        }
        let (Some(zones), Some(districts)) = (atlas.layer(Theme::LivestockZones), atlas.layer(Theme::Districts)) else {
            return;
        };
        let mut land = joined(districts);
        for water in [Theme::Lakes, Theme::Yangtze].iter().filter_map(|theme| atlas.layer(*theme)) {
            land = land.difference(&joined(water));
        }
        let gap = square_metres(&land.difference(&joined(zones)));
        // one part in a million of the land
        if gap > 5_000.0 {
            self.add(Theme::LivestockZones, None, FaultKind::Gap { square_metres: gap });
        }
    }

    fn records(&mut self, atlas: &Atlas) {
        let Some(records) = atlas.governance.as_ref() else {
            return self.add(Theme::Rivers, None, FaultKind::MissingRecords);
        };
        let mut seen = BTreeMap::new();
        for record in &records.records {
            *seen.entry(record.waterbody.as_str()).or_insert(0) += 1;
        }
        for theme in [Theme::Rivers, Theme::BlackOdourWaters] {
            for water in atlas.layers_of(theme).flat_map(|layer| layer.features()) {
                let Some(record) = records.record(&water.id) else {
                    self.add(theme, Some(water), FaultKind::NoRecord);
                    continue;
                };
                if seen.get(record.waterbody.as_str()).is_some_and(|count| *count > 1) {
                    self.add(theme, Some(water), FaultKind::DuplicateId);
                }
                let thin = [
                    ("chiefs", record.chiefs.is_empty()),
                    ("patrols", record.patrols.is_empty()),
                    ("lists", ListKind::ALL.iter().any(|list| !record.lists.contains_key(list))),
                    ("samples", record.samples.len() < 24),
                ];
                for (field, _) in thin.iter().filter(|(_, is_thin)| *is_thin) {
                    self.add(theme, Some(water), FaultKind::ThinRecord { field: (*field).to_owned() });
                }
            }
        }
        for id in seen.keys() {
            if atlas.find(Theme::Rivers, id).is_none() && atlas.find(Theme::BlackOdourWaters, id).is_none() {
                let kind = FaultKind::UnknownReference { field: "waterbody".into(), value: (*id).to_owned() };
                self.add(Theme::Rivers, None, kind);
            }
        }
    }
}

fn node(at: Coord) -> (i64, i64) {
    ((at.x * 1e7).round() as i64, (at.y * 1e7).round() as i64)
}

fn polygons(feature: &Feature) -> Option<MultiPolygon> {
    match feature.shape.as_ref()? {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
    .filter(|area| area.bounding_rect().is_some())
}

fn joined(layer: &Layer) -> MultiPolygon {
    let shapes = layer.features().iter().filter_map(polygons);
    shapes.fold(MultiPolygon::new(vec![]), |all, one| all.union(&one))
}

fn square_metres(shape: &MultiPolygon) -> f64 {
    shape.iter().map(|polygon| geometry::polygon_area(polygon).square_metres()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{LayerId, Manifest, Source, Value};
    use std::sync::Arc;

    fn atlas(layers: Vec<(Theme, Vec<Feature>)>) -> Atlas {
        let manifest: Manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let layers = (0..)
            .zip(layers)
            .map(|(id, (theme, features))| {
                Arc::new(Layer::new(LayerId(id), theme, String::new(), Source::default(), features))
            })
            .collect();
        Atlas { manifest, layers, governance: None }
    }

    fn zone(id: &str, ring: &[(f64, f64)]) -> Feature {
        let polygon = geo::Polygon::new(ring.iter().copied().collect(), vec![]);
        Feature {
            id: id.into(),
            shape: Some(Geometry::Polygon(polygon)),
            values: vec![("tier".into(), Value::Text("national".into())), ("area_km2".into(), Value::Real(1.0))],
        }
    }

    fn faults_of(atlas: &Atlas, id: &str) -> Vec<FaultKind> {
        let faults = validate(atlas).into_iter();
        faults.filter(|fault| fault.feature.as_deref() == Some(id)).map(|fault| fault.kind).collect()
    }

    #[test]
    fn what_is_missing_crossing_or_overlapping_is_told() {
        let bow = [(120.0, 31.4), (120.1, 31.5), (120.1, 31.4), (120.0, 31.5), (120.0, 31.4)];
        let square = [(120.0, 31.4), (120.1, 31.4), (120.1, 31.5), (120.0, 31.5), (120.0, 31.4)];
        let beside = [(120.05, 31.4), (120.15, 31.4), (120.15, 31.5), (120.05, 31.5), (120.05, 31.4)];
        let atlas = atlas(vec![(Theme::RedlineZones, vec![zone("1", &square), zone("2", &beside), zone("3", &bow)])]);
        let first = faults_of(&atlas, "1");
        assert!(first.contains(&FaultKind::MissingField { field: "licence".into() }));
        assert!(first.iter().any(|kind| matches!(kind, FaultKind::MeasureDiffers { stated, .. } if *stated == 1.0)));
        let overlap = |kind: &FaultKind| match kind {
            FaultKind::Overlap { other, square_metres } if other == "2" => Some(*square_metres),
            _ => None,
        };
        let shared = first.iter().find_map(overlap).unwrap();
        // half of 0.1° × 0.1°: 105 391 945 m² by pyproj 3.7
        assert!((shared / 52_695_972.0 - 1.0).abs() < 1e-3, "{shared}");
        assert!(faults_of(&atlas, "3").iter().any(|kind| matches!(kind, FaultKind::InvalidShape { .. })));
        let layers: Vec<Theme> = validate(&atlas)
            .into_iter()
            .filter(|fault| fault.kind == FaultKind::MissingLayer)
            .map(|f| f.theme)
            .collect();
        assert_eq!(layers.len(), Theme::ATLAS.len() - 1);
    }

    #[test]
    fn a_river_apart_from_the_others_is_told() {
        let river = |id: &str, line: &[(f64, f64)]| Feature {
            id: id.into(),
            shape: Some(Geometry::LineString(line.iter().copied().collect())),
            values: vec![("flows_to".into(), Value::Text("LAKE-99".into()))],
        };
        let joined = vec![river("1", &[(120.0, 31.4), (120.1, 31.4)]), river("2", &[(120.1, 31.4), (120.2, 31.4)])];
        let is_apart = |faults: &[Fault]| faults.iter().any(|f| matches!(f.kind, FaultKind::Disconnected { .. }));
        assert!(!is_apart(&validate(&atlas(vec![(Theme::Rivers, joined.clone())]))));
        let mut apart = joined;
        let mut lone = river("3", &[(120.5, 31.4), (120.6, 31.4)]);
        lone.values.clear();
        apart.push(lone);
        let faults = validate(&atlas(vec![(Theme::Rivers, apart)]));
        assert!(is_apart(&faults));
        assert!(
            faults
                .iter()
                .any(|fault| matches!(&fault.kind, FaultKind::UnknownReference { value, .. } if value == "LAKE-99"))
        );
    }
}
