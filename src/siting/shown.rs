//! The zones that statutes describe as layers to be looked at, one each, within the city: for reference, never a party
//! to a verdict.

use super::ground::PreparedLayer;
use super::statute::Statute;
use super::{Basis, Ground, Rulebook};
use crate::atlas::{Feature, Layer, LayerId, Source, Theme, Value};
use crate::geometry::geo::{BooleanOps, Geometry, MultiPolygon, unary_union};
use rayon::prelude::*;

/// A layer for every zone of a book that has any ground, in the order of the book; `told` hears how far the work is,
/// 0…1, and says whether to go on. `None` when it said no.
pub fn zone_layers(
    ground: &Ground,
    rulebook: &Rulebook,
    next_id: &dyn Fn() -> LayerId,
    told: &dyn Fn(f32) -> bool,
) -> Option<Vec<Layer>> {
    let city = city(ground);
    let mut layers = Vec::new();
    for (number, statute) in rulebook.statutes.iter().enumerate() {
        if !told(number as f32 / rulebook.statutes.len().max(1) as f32) {
            return None;
        }
        let (zone, whole) = ground.whole_zone(statute, rulebook);
        let shown = match &city {
            Some(city) => city.intersection(&whole),
            None => whole,
        };
        if !shown.0.is_empty() {
            layers.push(layer(statute, &zone, shown, next_id()));
        }
    }
    Some(layers)
}

/// All ground of the city, where the atlas says how far it speaks.
fn city(ground: &Ground) -> Option<MultiPolygon> {
    let districts = ground.city()?;
    let count = u32::try_from(districts.layer.features().len()).unwrap_or(u32::MAX);
    let shapes: Vec<MultiPolygon> =
        (0..count).into_par_iter().filter_map(|index| Some(districts.shape(index)?.to_polygons())).collect();
    Some(unary_union(&shapes)).filter(|city| !city.0.is_empty())
}

fn layer(statute: &Statute, zone: &PreparedLayer, shown: MultiPolygon, id: LayerId) -> Layer {
    let text = |words: &str| Value::Text(words.to_owned());
    let from: Vec<String> = zone.sources().iter().map(Basis::cited).collect();
    let mut values = vec![
        ("name".to_owned(), text(&statute.zh)),
        ("name_en".to_owned(), text(&statute.en)),
        ("statute".to_owned(), text(&statute.id)),
        ("basis".to_owned(), text(&format!("{}{}", statute.source, statute.clause))),
        ("note".to_owned(), text(&statute.note)),
        ("note_en".to_owned(), text(&statute.note_en)),
        ("computed_from".to_owned(), text(&from.join("; "))),
        ("quality".to_owned(), text(zone.quality.code())),
        ("area_km2".to_owned(), Value::Real(square_kilometres(&shown))),
    ];
    for (field, day) in [("effective_from", statute.effective_from), ("effective_to", statute.effective_to)] {
        values.extend(day.map(|day| (field.to_owned(), Value::Date(day))));
    }
    let source = Source { origin: format!("{}{}", statute.source, statute.clause), ..zone.layer.source.clone() };
    let feature = Feature { id: statute.id.clone(), shape: Some(Geometry::MultiPolygon(shown)), values };
    Layer::new(id, Theme::StatutoryBelts, statute.zh.clone(), source, vec![feature])
}

fn square_kilometres(shape: &MultiPolygon) -> f64 {
    let area = crate::geometry::area(&Geometry::MultiPolygon(shape.clone()));
    (area.square_kilometres() * 1000.0).round() / 1000.0
}

impl Basis {
    /// Title, file, version and the beginning of the fingerprint.
    fn cited(&self) -> String {
        let sha256 = self.sha256.get(..12).unwrap_or(&self.sha256);
        format!("{} {} {} sha256:{sha256}", self.layer, self.file, self.version)
    }
}
