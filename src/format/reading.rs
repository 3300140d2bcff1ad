//! What goes into a reader and what comes out: bytes with their side files, layers with what was wrong.

use super::{Evidence, Format, How, Looks, Problem, Progress, adopt};
use crate::atlas::{Feature, Layer, LayerId, Source, Theme, Value};
use crate::geometry::System;
use geo::{Coord, CoordsIter, Geometry, Rect};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the person told about a file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Reference system, instead of what the file says.
    pub reference: Option<System>,
    /// Systems of single layers by their names, instead of that of the whole file.
    pub references: BTreeMap<String, System>,
    /// Name of the encoding, such as `GBK`.
    pub encoding: Option<String>,
    /// Whether the northing or latitude stands before the easting or longitude, instead of what the figures say.
    pub north_first: Option<bool>,
    /// What speaks from outside the file, where neither file nor person nor figures decide.
    pub likely: Likely,
    /// Whether the shapes are also kept as the file holds them, with heights and measures; needed to write them again.
    pub keep_originals: bool,
    /// Told how far the reading is; stops it when it is called off.
    pub progress: Progress,
}

/// What the features of the atlas say about a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Likely {
    /// Its reference system.
    pub reference: Option<System>,
    /// Whether the northing stands first.
    pub north_first: Option<bool>,
}

/// Share of the reading of a layer after which its shapes are moved to longitude and latitude.
pub(super) const PARSED: f32 = 0.7;

impl ReadOptions {
    /// The same for one of several layers that are read one after the other.
    pub(super) fn nth(&self, number: usize, all: usize) -> ReadOptions {
        let share = |number: usize| number as f32 / all.max(1) as f32;
        ReadOptions { progress: self.progress.part(share(number), share(number + 1)), ..self.clone() }
    }

    /// Follows the part of a reading that goes through the file.
    pub(super) fn parsing(&self) -> Progress {
        self.progress.part(0.0, PARSED)
    }
}

/// The bytes of a file and what lies beside it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its name without the ending.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// The files of the same name with other endings, where the format has such.
    pub sides: &'a [SideFile<'a>],
}

/// A file that belongs to another, such as the `.dbf` of a Shapefile.
#[derive(Debug, Clone, Copy)]
pub struct SideFile<'a> {
    /// Its ending in lower case, without the dot.
    pub ending: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

impl<'a> Input<'a> {
    /// A file that stands alone.
    pub fn alone(name: &'a str, bytes: &'a [u8]) -> Self {
        Input { name, bytes, sides: &[] }
    }

    /// The content of a side file.
    pub fn side(&self, ending: &str) -> Option<&'a [u8]> {
        self.sides.iter().find(|side| side.ending == ending).map(|side| side.bytes)
    }
}

/// A file as it was read.
#[derive(Debug)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// Its layers.
    pub layers: Vec<ReadLayer>,
    /// What was wrong; in a file of several layers the place names the layer.
    pub problems: Vec<Problem>,
}

/// A layer as it was read; shapes are in longitude and latitude.
#[derive(Debug)]
pub struct ReadLayer {
    /// Name in the file, or that of the file.
    pub name: String,
    /// Features, those without shape too.
    pub features: Vec<Feature>,
    /// The shapes as the file holds them, one for each feature; empty unless asked for.
    pub originals: Vec<Option<Original>>,
    /// System of the file; absent when it could not be told.
    pub reference: Option<System>,
    /// How the system became known.
    pub how: How,
    /// Why, how sure that is, and what else it might be.
    pub evidence: Evidence,
    /// Name of the encoding and how it became known.
    pub encoding: (String, How),
    /// Fields that the file declares with their types; empty where the format declares none.
    pub schema: Vec<(String, FieldType)>,
    /// Kinds of shapes as the file names them.
    pub geometry_types: BTreeSet<String>,
    /// Whether the features carry ids of their own.
    pub has_ids: bool,
}

/// A shape in the system of its file (east before north), with what the third and fourth numbers say.
#[derive(Debug, Clone, PartialEq)]
pub struct Original {
    /// The shape.
    pub shape: Geometry,
    /// Heights in the order of the vertices; empty when there are none.
    pub heights: Vec<f64>,
    /// Measures in the order of the vertices, absent ones not a number; empty when there are none.
    pub measures: Vec<f64>,
}

/// Why nothing could be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// No byte in it.
    #[error("empty file")]
    Empty,
    /// A format that cannot be read.
    #[error("unknown format: {0:?}")]
    Unrecognised(Looks),
    /// A known format that has no reader here.
    #[error("{} is not read", .0.name())]
    NoReader(Format),
    /// JSON, but not GeoJSON; its `type`.
    #[error("JSON, but not GeoJSON: {0}")]
    NotGeoJson(String),
    /// Broken before the first feature.
    #[error("unreadable: {0:?}")]
    Unreadable(Box<Problem>),
    /// An encoding of this name is not known.
    #[error("unknown encoding {0}")]
    UnknownEncoding(String),
    /// The person called it off.
    #[error("called off")]
    Cancelled,
}

/// Type of a field over all features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// No value anywhere.
    Null,
    /// True or false.
    Bool,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
    /// Words, or a mixture.
    Text,
    /// Days.
    Date,
    /// Moments, as texts after ISO 8601.
    DateTime,
    /// Bytes, as hexadecimal text.
    Binary,
    /// Lists or objects.
    Nested,
}

impl FieldType {
    fn of(value: &Value) -> FieldType {
        match value {
            Value::Null => FieldType::Null,
            Value::Bool(_) => FieldType::Bool,
            Value::Integer(_) => FieldType::Integer,
            Value::Real(_) => FieldType::Real,
            Value::Nested(number) if number.is_number() => FieldType::Integer,
            Value::Nested(_) => FieldType::Nested,
            Value::Date(_) => FieldType::Date,
            Value::Text(text) if text.len() == 10 && value.as_date().is_some() => FieldType::Date,
            Value::Text(_) => FieldType::Text,
        }
    }

    fn with(self, other: FieldType) -> FieldType {
        match (self, other) {
            (FieldType::Null, other) | (other, FieldType::Null) => other,
            (a, b) if a == b => a,
            (FieldType::Integer, FieldType::Real) | (FieldType::Real, FieldType::Integer) => FieldType::Real,
            _ => FieldType::Text,
        }
    }
}

impl ReadLayer {
    /// The fields with their types: those that the file declares as declared, then the others in the order of their
    /// first appearance; days are texts `YYYY-MM-DD` throughout.
    pub fn fields(&self) -> Vec<(String, FieldType)> {
        fields(&self.features, &self.schema)
    }

    /// The box of all vertices in degrees.
    pub fn bounds(&self) -> Option<Rect> {
        let positions = self.features.iter().filter_map(|feature| feature.shape.as_ref());
        positions.flat_map(CoordsIter::coords_iter).fold(None, |bounds: Option<Rect>, at| {
            let (low, high) = bounds.map_or((at, at), |rect| (rect.min(), rect.max()));
            let low = Coord { x: low.x.min(at.x), y: low.y.min(at.y) };
            Some(Rect::new(low, Coord { x: high.x.max(at.x), y: high.y.max(at.y) }))
        })
    }

    /// The layer of a theme with its index; an office's names of fields and codes are matched to those of the atlas.
    pub fn into_layer(mut self, id: LayerId, theme: Theme, title: String, source: Source) -> Layer {
        adopt(&mut self.features, theme);
        Layer::new(id, theme, title, source, self.features)
    }
}

impl ReadLayer {
    /// The same with the fields that the person chose for the keys of the theme.
    pub fn into_layer_with(
        mut self,
        id: LayerId,
        theme: Theme,
        title: String,
        source: Source,
        chosen: &[(String, Option<String>)],
    ) -> Layer {
        super::assign(&mut self.features, theme, chosen);
        Layer::new(id, theme, title, source, self.features)
    }
}

/// The fields of features: first the declared ones, then the others in the order of their first appearance.
pub(super) fn fields(features: &[Feature], declared: &[(String, FieldType)]) -> Vec<(String, FieldType)> {
    let mut fields: Vec<(String, FieldType)> = declared.to_vec();
    let mut places: HashMap<&str, usize> =
        declared.iter().zip(0..).map(|((name, _), place)| (&**name, place)).collect();
    for (name, value) in features.iter().flat_map(|feature| &feature.values) {
        let place = *places.entry(name).or_insert_with(|| {
            fields.push((name.clone(), FieldType::Null));
            fields.len() - 1
        });
        let Some((_, known)) = fields.get_mut(place).filter(|_| place >= declared.len()) else { continue };
        *known = known.with(FieldType::of(value));
    }
    fields
}
