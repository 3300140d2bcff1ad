//! Bytes to layers and back. Never opens a file itself.
//!
//! Reading returns what could be read plus a list of problems with their places; it fails only when nothing was there.

mod adopt;
pub mod geojson;
mod json;
mod problem;
mod reference;
mod site;
pub mod table;

pub use adopt::adopt;
pub use problem::{Place, Problem, ProblemKind, Problems, Severity};
pub use reference::How;
pub use site::sites;

use crate::atlas::{Feature, Layer, LayerId, Source, Theme, Value};
use crate::geometry::System;
use geo::{Coord, CoordsIter, Rect};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the person told about a file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Reference system, instead of what the file says.
    pub reference: Option<System>,
    /// Name of the encoding, such as `GBK`.
    pub encoding: Option<String>,
}

/// A file as it was read.
#[derive(Debug)]
pub struct Reading {
    /// Name of the format.
    pub format: &'static str,
    /// Name of the encoding and how it became known.
    pub encoding: (String, How),
    /// Its layers.
    pub layers: Vec<ReadLayer>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// A layer as it was read; shapes are in longitude and latitude.
#[derive(Debug)]
pub struct ReadLayer {
    /// Name in the file, or that of the file.
    pub name: String,
    /// Features, those without shape too.
    pub features: Vec<Feature>,
    /// System of the file; absent when it could not be told.
    pub reference: Option<System>,
    /// How the system became known.
    pub how: How,
    /// Kinds of shapes as the file names them.
    pub geometry_types: BTreeSet<String>,
    /// Whether the features carry ids of their own.
    pub has_ids: bool,
}

/// Why nothing could be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// No byte in it.
    #[error("empty file")]
    Empty,
    /// A format that cannot be read yet.
    #[error("not GeoJSON: {0:?}")]
    Unrecognised(Looks),
    /// JSON, but not GeoJSON; its `type`.
    #[error("JSON, but not GeoJSON: {0}")]
    NotGeoJson(String),
    /// Broken before the first feature.
    #[error("unreadable: {0:?}")]
    Unreadable(Problem),
    /// An encoding of this name is not known.
    #[error("unknown encoding {0}")]
    UnknownEncoding(String),
}

/// What an unknown file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Looks {
    /// A ZIP archive: zipped Shapefile, KMZ, XLSX.
    Zip,
    /// XML: KML, GML, GPX.
    Xml,
    /// SQLite: GeoPackage.
    Sqlite,
    /// A Shapefile's main part.
    Shapefile,
    /// PDF.
    Pdf,
    /// A picture.
    Picture,
    /// Some text.
    Text,
    /// Anything else.
    Binary,
}

/// Reads a file of any known format; `name` is its file stem. The format is told by the content, not by the name.
pub fn read(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Reading, FormatError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormatError::Empty);
    }
    if let Some(looks) = foreign(bytes) {
        return Err(FormatError::Unrecognised(looks));
    }
    let mut problems = Problems::default();
    let (text, encoding) = decode(bytes, options.encoding.as_deref(), &mut problems)?;
    match text.trim_start_matches(['\u{feff}', '\u{1e}', ' ', '\t', '\r', '\n']).chars().next() {
        Some('{' | '[') => {}
        Some('<') => return Err(FormatError::Unrecognised(Looks::Xml)),
        None => return Err(FormatError::Empty),
        Some(_) => return Err(FormatError::Unrecognised(Looks::Text)),
    }
    let (layer, problems) = geojson::read(&text, name, options, problems)?;
    Ok(Reading { format: "GeoJSON", encoding, layers: vec![layer], problems })
}

/// What the first bytes say, when it is nothing that can be read.
fn foreign(bytes: &[u8]) -> Option<Looks> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        Some(Looks::Zip)
    } else if starts(b"SQLite format 3\0") {
        Some(Looks::Sqlite)
    } else if starts(&[0, 0, 0x27, 0x0a]) {
        Some(Looks::Shapefile)
    } else if starts(b"%PDF") {
        Some(Looks::Pdf)
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"II*\0") || starts(b"MM\0*") {
        Some(Looks::Picture)
    } else {
        // UTF-16 has zero bytes as well, but says so by its mark
        let is_wide = starts(&[0xff, 0xfe]) || starts(&[0xfe, 0xff]);
        let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
        (!is_wide && head.contains(&0)).then_some(Looks::Binary)
    }
}

/// The text and its encoding. GeoJSON is UTF-8 (RFC 7946 § 1); GBK and UTF-16 are met all the same.
fn decode<'a>(
    bytes: &'a [u8],
    told: Option<&str>,
    problems: &mut Problems,
) -> Result<(Cow<'a, str>, (String, How)), FormatError> {
    let (text, name, how, is_broken) = decode_text(bytes, told).map_err(FormatError::UnknownEncoding)?;
    if how == How::Recognised && name != "UTF-8" {
        problems.add(Problem::of_file(ProblemKind::EncodingRecognised(name.to_owned())));
    }
    if is_broken {
        problems.add(Problem::of_file(ProblemKind::EncodingBroken(name.to_owned())));
    }
    Ok((text, (name.to_owned(), how)))
}

/// The text, the name of its encoding, how that became known, and whether letters did not fit it. Fails with the name
/// of an encoding that is not known.
fn decode_text<'a>(bytes: &'a [u8], told: Option<&str>) -> Result<(Cow<'a, str>, &'static str, How, bool), String> {
    let (encoding, how) = match (told, encoding_rs::Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some(name), _, _) => {
            let encoding = encoding_rs::Encoding::for_label(name.trim().as_bytes());
            (encoding.ok_or_else(|| name.to_owned())?, How::Declared)
        }
        (None, Some((encoding, _)), _) => (encoding, How::Declared),
        (None, None, Ok(text)) => {
            let how = if bytes.is_ascii() { How::Assumed } else { How::Recognised };
            return Ok((Cow::Borrowed(text), "UTF-8", how, false));
        }
        // a file cut within a letter is still UTF-8
        (None, None, Err(error)) if error.error_len().is_none() => (encoding_rs::UTF_8, How::Recognised),
        (None, None, Err(_)) => (encoding_rs::GB18030, How::Recognised),
    };
    let (text, _, is_broken) = encoding.decode(bytes);
    Ok((text, encoding.name(), how, is_broken))
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
    /// Lists or objects.
    Nested,
}

impl ReadLayer {
    /// The fields in the order of their first appearance, with their types; days are texts `YYYY-MM-DD` throughout.
    pub fn fields(&self) -> Vec<(String, FieldType)> {
        let mut fields: Vec<(String, FieldType)> = Vec::new();
        let mut places = std::collections::HashMap::<&str, usize>::new();
        for (name, value) in self.features.iter().flat_map(|feature| &feature.values) {
            let one = match value {
                Value::Null => FieldType::Null,
                Value::Bool(_) => FieldType::Bool,
                Value::Integer(_) => FieldType::Integer,
                Value::Real(_) => FieldType::Real,
                Value::Nested(number) if number.is_number() => FieldType::Integer,
                Value::Nested(_) => FieldType::Nested,
                Value::Date(_) => FieldType::Date,
                Value::Text(text) if text.len() == 10 && value.as_date().is_some() => FieldType::Date,
                Value::Text(_) => FieldType::Text,
            };
            let place = *places.entry(name).or_insert_with(|| {
                fields.push((name.clone(), FieldType::Null));
                fields.len() - 1
            });
            let Some((_, known)) = fields.get_mut(place) else { continue };
            *known = match (*known, one) {
                (FieldType::Null, other) | (other, FieldType::Null) => other,
                (a, b) if a == b => a,
                (FieldType::Integer, FieldType::Real) | (FieldType::Real, FieldType::Integer) => FieldType::Real,
                _ => FieldType::Text,
            };
        }
        fields
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

#[cfg(test)]
mod tests;
