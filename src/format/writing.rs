//! Layers to files: what every writer is given, and the shapes moved to the system that is written.

use super::raw::id_of;
use super::reading::fields;
use super::{
    FieldType, Format, Original, Problem, ProblemKind, ReadLayer, flatgeobuf, geojson, geopackage, kml, shapefile,
    survey, tabular,
};
use crate::atlas::{Feature, Value};
use crate::geometry::{ReferenceError, System};
use geo::{Coord, CoordsIter, Geometry, LineString, Polygon};
use std::borrow::Cow;

/// A layer to be written.
#[derive(Debug, Clone)]
pub struct WriteLayer<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its features, in longitude and latitude.
    pub features: &'a [Feature],
    /// Their shapes as the file they came from held them; empty when they are not known.
    pub originals: &'a [Option<Original>],
    /// The system of that file.
    pub reference: Option<&'a System>,
    /// The fields in their order.
    pub fields: Vec<(String, FieldType)>,
    /// Whether the ids are worth keeping.
    pub ids: bool,
}

/// How files are written.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// System of the coordinates; that of each layer where the format can tell it, else longitude and latitude.
    pub reference: Option<System>,
    /// Decimals of the coordinates in text; all of them when absent.
    pub decimals: Option<u8>,
    /// Name of the encoding where the format leaves a choice; UTF-8 when absent.
    pub encoding: Option<String>,
    /// One feature a line instead of a collection, where the format is GeoJSON.
    pub is_lines: bool,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// The files, the main one first.
    pub files: Vec<WrittenFile>,
    /// What the format could not hold as it was.
    pub problems: Vec<Problem>,
}

/// One file of those that make up a data set.
#[derive(Debug)]
pub struct WrittenFile {
    /// What is added to the stem of the name asked for; empty for the main file.
    pub suffix: String,
    /// The ending without the dot; empty for the one asked for.
    pub ending: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The program does not write this format.
    #[error("{} is not written", .0.name())]
    Unwritable(Format),
    /// A shape that has no place in the system asked for.
    #[error("outside {code}: {reason}")]
    Outside {
        /// The system.
        code: String,
        /// Why.
        reason: ReferenceError,
    },
    /// The coordinates of the input lead to no other system: its own is not known, or of another datum.
    #[error("no way from {}", .0.as_deref().unwrap_or("an unknown system"))]
    NoWay(Option<String>),
    /// The format knows planes of Gauss and Krüger alone.
    #[error("holds Gauss-Krüger planes only")]
    OnlyPlanes,
    /// No parameters lead from the datum of the map to that of the system asked for.
    #[error("no way to {0}")]
    NoWayTo(String),
    /// The format knows longitude and latitude alone.
    #[error("{} holds longitude and latitude only", .0.name())]
    OnlyDegrees(Format),
    /// An encoding of this name is not known.
    #[error("unknown encoding {0}")]
    UnknownEncoding(String),
    /// More than the format can hold; what there is too much of.
    #[error("too large: {0}")]
    TooLarge(String),
}

impl Written {
    /// One file and nothing lost.
    pub fn one(bytes: Vec<u8>) -> Self {
        Written { files: vec![WrittenFile { suffix: String::new(), ending: "", bytes }], problems: Vec::new() }
    }
}

impl<'a> From<&'a ReadLayer> for WriteLayer<'a> {
    fn from(layer: &'a ReadLayer) -> Self {
        WriteLayer {
            name: &layer.name,
            features: &layer.features,
            originals: &layer.originals,
            reference: layer.reference.as_ref(),
            fields: layer.fields(),
            ids: layer.has_ids,
        }
    }
}

impl<'a> WriteLayer<'a> {
    /// A layer of features of the atlas.
    pub fn of(name: &'a str, features: &'a [Feature]) -> Self {
        WriteLayer { name, features, originals: &[], reference: None, fields: fields(features, &[]), ids: true }
    }

    /// The fields, led by `id` where the features have ids that no field holds and that are no mere numbers.
    pub(super) fn fields_with_id(&self) -> Vec<(String, FieldType)> {
        let has_field = self.fields.iter().any(|(name, _)| name == "id");
        let is_plain = self.features.iter().all(|feature| feature.id.parse::<i64>().is_ok());
        let mut fields = self.fields.clone();
        let is_held = self.features.iter().all(|feature| id_of(&feature.values).as_ref() == Some(&feature.id));
        if self.ids && !has_field && !is_plain && !is_held {
            fields.insert(0, ("id".into(), FieldType::Text));
        }
        fields
    }

    /// The value of a field in a feature; of the field `id`, which may have been added, the feature's own.
    pub(super) fn value<'f>(&self, feature: &'f Feature, field: &str) -> Cow<'f, Value> {
        let value = feature.value(field);
        if field == "id" && value.is_null() && self.ids && !self.fields.iter().any(|(name, _)| name == "id") {
            return Cow::Owned(Value::Text(feature.id.clone()));
        }
        Cow::Borrowed(value)
    }

    /// The system in which the layer is written in a format that can tell it: the one asked for, its own, or
    /// longitude and latitude. `None` when its own is not known: then the coordinates stay as they were.
    pub fn target(&self, target: &Target) -> Option<System> {
        let own = || match (self.reference, self.originals.iter().any(Option::is_some)) {
            (Some(system), _) => Some(system.clone()),
            (None, true) => None,
            (None, false) => Some(System::geographic()),
        };
        target.reference.clone().or_else(own)
    }

    /// The shape of a feature in a system, as its file held it when the system is the same; edges are cut where they
    /// would stray by more than 1 mm. With no system the shape is given as its file held it.
    pub fn shape(&self, index: usize, system: Option<&System>) -> Result<Option<Original>, WriteError> {
        let original = self.originals.get(index).and_then(Option::as_ref);
        let Some(system) = system else { return Ok(original.cloned()) };
        let outside = |reason| match reason {
            ReferenceError::NoTransformation(_) => WriteError::NoWayTo(system.code().to_owned()),
            reason => WriteError::Outside { code: system.code().to_owned(), reason },
        };
        match (original, self.reference) {
            (Some(original), Some(own)) if own.code() == system.code() => Ok(Some(original.clone())),
            (Some(original), Some(own)) if own.within_datum(system, &original.shape).is_some() => {
                let way = |shape: &Geometry| own.within_datum(system, shape).unwrap_or_else(|| Ok(shape.clone()));
                original.moved(&way).map_err(outside).map(Some)
            }
            (Some(original), Some(own)) => {
                // what could not be used on the map cannot be moved either
                if self.features.get(index).is_none_or(|feature| feature.shape.is_none()) {
                    // one that lies outside is lost and told; where none has a way, nothing is written
                    return if own.reaches_map() {
                        Ok(None)
                    } else {
                        Err(WriteError::NoWay(Some(own.code().to_owned())))
                    };
                }
                let there = original.moved(&|shape| own.to_geographic(shape)).map_err(outside)?;
                there.moved(&|shape| system.from_geographic(shape)).map_err(outside).map(Some)
            }
            _ => {
                let Some(shape) = self.features.get(index).and_then(|feature| feature.shape.as_ref()) else {
                    return if original.is_some() { Err(WriteError::NoWay(None)) } else { Ok(None) };
                };
                let shape = system.from_geographic(shape).map_err(outside)?;
                Ok(Some(Original { shape, heights: Vec::new(), measures: Vec::new() }))
            }
        }
    }
}

impl Original {
    /// Moves the shape; heights and measures of added vertices lie evenly between those of the ends of their edge.
    fn moved(&self, map: &impl Fn(&Geometry) -> Result<Geometry, ReferenceError>) -> Result<Original, ReferenceError> {
        let shape = map(&self.shape)?;
        let count = self.shape.coords_count();
        if shape.coords_count() == count || (self.heights.is_empty() && self.measures.is_empty()) {
            return Ok(Original { shape, heights: self.heights.clone(), measures: self.measures.clone() });
        }
        let (mut heights, mut measures) = (Vec::new(), Vec::new());
        let mut start = 0;
        for line in lines(&self.shape) {
            for (number, edge) in (start..).zip(line.lines()) {
                let edge = Geometry::LineString(LineString::new(vec![edge.start, edge.end]));
                let pieces = map(&edge)?.coords_count().saturating_sub(1);
                spread(&self.heights, number, pieces, &mut heights);
                spread(&self.measures, number, pieces, &mut measures);
            }
            start += line.0.len();
            heights.extend(self.heights.get(start.saturating_sub(1)).filter(|_| !line.0.is_empty()));
            measures.extend(self.measures.get(start.saturating_sub(1)).filter(|_| !line.0.is_empty()));
        }
        let fits = |values: &Vec<f64>| values.is_empty() || values.len() == shape.coords_count();
        // points between lines of a collection are not followed
        if !fits(&heights) || !fits(&measures) {
            return Ok(Original { shape, heights: Vec::new(), measures: Vec::new() });
        }
        Ok(Original { shape, heights, measures })
    }
}

/// The value at the start of an edge and those of the points added on it.
fn spread(values: &[f64], number: usize, pieces: usize, out: &mut Vec<f64>) {
    let (Some(from), Some(to)) = (values.get(number), values.get(number + 1)) else { return };
    for piece in 0..pieces {
        out.push(from + (to - from) * (piece as f64 / pieces as f64));
    }
}

/// The lines and rings of a shape in the order of its vertices.
fn lines(shape: &Geometry) -> Vec<LineString> {
    let rings = |polygon: &Polygon| -> Vec<LineString> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect()
    };
    match shape {
        Geometry::LineString(line) => vec![line.clone()],
        Geometry::MultiLineString(lines) => lines.0.clone(),
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).collect(),
        Geometry::GeometryCollection(parts) => parts.iter().flat_map(lines).collect(),
        other => other.coords_iter().map(|at: Coord| LineString::new(vec![at])).collect(),
    }
}

/// The system in which layers are written in a format; absent where it is not known.
pub fn system_written(format: Format, layers: &[WriteLayer], target: &Target) -> Option<System> {
    match format {
        Format::Survey => survey::system(layers, target).ok(),
        // degrees stay in their own system there
        Format::GeoJson if target.reference.is_none() => {
            let own = layers.first().and_then(|layer| layer.reference.cloned()).filter(System::is_of_map);
            own.or_else(|| Some(System::geographic()))
        }
        _ if format.holds_reference() || target.reference.is_some() => {
            layers.first().and_then(|layer| layer.target(target))
        }
        _ => Some(System::geographic()),
    }
}

/// Writes layers as a data set of a format.
pub fn write(format: Format, layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut written = match format {
        Format::GeoJson => geojson::write_layers(layers, target),
        Format::GeoPackage => geopackage::write(layers, target),
        Format::Shapefile => shapefile::write(layers, target),
        Format::ZippedShapefile => shapefile::write_zipped(layers, target),
        Format::Csv => tabular::write_text(layers, target),
        Format::Xlsx => tabular::write_workbook(layers, target),
        Format::Kml => kml::write(layers, target),
        Format::Kmz => kml::write_zipped(layers, target),
        Format::FlatGeobuf => flatgeobuf::write(layers, target),
        Format::Survey => survey::write(layers, target),
        other => Err(WriteError::Unwritable(other)),
    }?;
    let has_measures = |original: &&Option<Original>| original.as_ref().is_some_and(|own| !own.measures.is_empty());
    let measured = layers.iter().flat_map(|layer| layer.originals).filter(has_measures);
    let count: usize = measured.flatten().map(|original| original.measures.len()).sum();
    let holds_measures =
        matches!(format, Format::Shapefile | Format::ZippedShapefile | Format::GeoPackage | Format::FlatGeobuf);
    if count > 0 && !holds_measures {
        written.problems.push(Problem::of_file(ProblemKind::MeasuresDropped(count)));
    }
    let systems = layers.iter().filter_map(|layer| layer.target(target));
    let mut unheld: Vec<String> = systems
        .filter(|system| match format {
            Format::Shapefile | Format::ZippedShapefile | Format::GeoPackage | Format::FlatGeobuf => {
                system.well_known_text().is_none()
            }
            // what it says there is understood by this program alone
            Format::GeoJson => target.reference.is_some() && !system.code().contains(':'),
            // read as WGS 84 by everybody
            Format::Csv | Format::Xlsx if system.is_geographic() => target.reference.is_some() && !system.is_of_map(),
            Format::Kml | Format::Kmz => target.reference.is_some() && !system.is_of_map(),
            _ => false,
        })
        .map(|system| system.code().to_owned())
        .collect();
    unheld.dedup();
    let told = unheld.into_iter().map(|name| Problem::of_file(ProblemKind::SystemNotHeld(name)));
    written.problems.extend(told);
    Ok(written)
}
