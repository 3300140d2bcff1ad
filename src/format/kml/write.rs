//! Layers to KML: a folder each, a single one the document itself since not all programs find the types else; fields with
//! their types in a schema. KML knows longitude and latitude alone.

use crate::atlas::Value;
use crate::format::xml::escaped;
use crate::format::{FieldType, Format, Problem, ProblemKind, Target, WriteError, WriteLayer, Written};
use crate::geometry::System;
use geo::{Coord, Geometry, LineString, Polygon};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

/// Writes the layers as one text.
pub(in crate::format) fn write(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    if target.reference.as_ref().is_some_and(|system| !system.is_of_map()) {
        return Err(WriteError::OnlyDegrees(Format::Kml));
    }
    let mut problems = Vec::new();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\" \
         xmlns:rl=\"urn:redline-atlas\">\n<Document>\n",
    );
    let is_alone = layers.len() == 1;
    if let (true, Some(layer)) = (is_alone, layers.first()) {
        let _ = writeln!(out, "<name>{}</name>", escaped(layer.name).0);
    }
    for (number, layer) in (1..).zip(layers) {
        schema(number, layer, &mut out);
    }
    for (number, layer) in (1..).zip(layers) {
        if !is_alone {
            let _ = writeln!(out, "<Folder><name>{}</name>", escaped(layer.name).0);
        }
        let fields = layer.fields_with_id();
        for (place, feature) in layer.features.iter().enumerate() {
            let name =
                ["name", "名称", "Name", "NAME"].iter().map(|name| feature.text(name)).find(|name| !name.is_empty());
            let _ = write!(out, "<Placemark><name>{}</name>", escaped(name.unwrap_or(&feature.id)).0);
            let _ = write!(out, "<ExtendedData><SchemaData schemaUrl=\"#s{number}\">");
            for (field, _) in &fields {
                let value = layer.value(feature, field);
                if value.is_null() {
                    continue;
                }
                let (words, is_cut) = escaped(&value.to_string());
                if is_cut {
                    problems.push(Problem::of_file(ProblemKind::LettersDropped(field.clone())));
                }
                let _ = write!(out, "<SimpleData name=\"{}\">{words}</SimpleData>", escaped(field).0);
            }
            out.push_str("</SchemaData></ExtendedData>");
            if let Some(original) = layer.shape(place, Some(&System::geographic()))? {
                let mut writer = Shapes {
                    heights: original.heights.iter(),
                    has_heights: !original.heights.is_empty(),
                    decimals: target.decimals,
                    out: &mut out,
                };
                writer.shape(&original.shape);
            }
            out.push_str("</Placemark>\n");
        }
        if !is_alone {
            out.push_str("</Folder>\n");
        }
    }
    out.push_str("</Document>\n</kml>\n");
    Ok(Written { problems, ..Written::one(out.into_bytes()) })
}

/// Writes the layers into an archive: one as `doc.kml`, several each as a file of its own to which `doc.kml` leads, since
/// not all programs find the types of more than one.
pub(in crate::format) fn write_zipped(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let broken = |error: &dyn std::error::Error| WriteError::TooLarge(error.to_string());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| -> Result<(), WriteError> {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).map_err(|error| broken(&error))?;
        archive.write_all(bytes).map_err(|error| broken(&error))
    };
    let mut problems = Vec::new();
    if layers.len() > 1 {
        let mut head = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n",
        );
        for (number, layer) in (1..).zip(layers) {
            let name = escaped(layer.name).0;
            let _ = writeln!(
                head,
                "<NetworkLink><name>{name}</name><Link><href>layers/{number}.kml</href></Link></NetworkLink>"
            );
        }
        head.push_str("</Document>\n</kml>\n");
        add("doc.kml", head.as_bytes())?;
        for (number, layer) in (1..).zip(layers) {
            let mut written = write(std::slice::from_ref(layer), target)?;
            problems.append(&mut written.problems);
            for file in &written.files {
                add(&format!("layers/{number}.kml"), &file.bytes)?;
            }
        }
    } else {
        let mut written = write(layers, target)?;
        problems.append(&mut written.problems);
        for file in &written.files {
            add("doc.kml", &file.bytes)?;
        }
    }
    let bytes = archive.finish().map_err(|error| broken(&error))?.into_inner();
    Ok(Written { problems, ..Written::one(bytes) })
}

fn schema(number: usize, layer: &WriteLayer, out: &mut String) {
    let _ = write!(out, "<Schema name=\"{}\" id=\"s{number}\">", escaped(layer.name).0);
    for (field, kind) in layer.fields_with_id() {
        let is = |test: fn(&Value) -> bool| {
            layer.features.iter().all(|feature| {
                let value = layer.value(feature, &field);
                value.is_null() || test(&value)
            })
        };
        let word = match kind {
            FieldType::Integer if is(is_short) => "int",
            // the standard has no longer ones, and programs cut what is longer: as words all digits stay
            FieldType::Integer if is(|value| matches!(value, Value::Integer(_))) => LONG,
            FieldType::Integer | FieldType::Real if is(|value| matches!(value, Value::Integer(_) | Value::Real(_))) => {
                "double"
            }
            FieldType::Bool => "bool",
            _ => "string",
        };
        let _ = write!(out, "<SimpleField name=\"{}\" type=\"{word}\"></SimpleField>", escaped(&field).0);
    }
    out.push_str("</Schema>\n");
}

/// The type of whole numbers of 64 bits, with a mark by which they are known again.
const LONG: &str = "string\" rl:whole=\"64";

/// Whether a whole number has 32 bits.
fn is_short(value: &Value) -> bool {
    matches!(value, Value::Integer(number) if i32::try_from(*number).is_ok())
}

struct Shapes<'a> {
    heights: std::slice::Iter<'a, f64>,
    has_heights: bool,
    decimals: Option<u8>,
    out: &'a mut String,
}

impl Shapes<'_> {
    fn number(&mut self, value: f64) {
        let _ = match self.decimals {
            Some(decimals) => write!(self.out, "{value:.*}", usize::from(decimals)),
            None => write!(self.out, "{value}"),
        };
    }

    fn line(&mut self, line: &[Coord]) {
        if self.has_heights {
            self.out.push_str("<altitudeMode>absolute</altitudeMode>");
        }
        self.out.push_str("<coordinates>");
        for (place, at) in line.iter().enumerate() {
            if place > 0 {
                self.out.push(' ');
            }
            self.number(at.x);
            self.out.push(',');
            self.number(at.y);
            if self.has_heights {
                let _ = write!(self.out, ",{}", self.heights.next().copied().unwrap_or_default());
            }
        }
        self.out.push_str("</coordinates>");
    }

    fn polygon(&mut self, polygon: &Polygon) {
        let ring = |writer: &mut Self, name: &str, ring: &LineString| {
            let _ = write!(writer.out, "<{name}><LinearRing>");
            writer.line(&ring.0);
            let _ = write!(writer.out, "</LinearRing></{name}>");
        };
        self.out.push_str("<Polygon>");
        ring(self, "outerBoundaryIs", polygon.exterior());
        polygon.interiors().iter().for_each(|inner| ring(self, "innerBoundaryIs", inner));
        self.out.push_str("</Polygon>");
    }

    fn shape(&mut self, shape: &Geometry) {
        let around = |writer: &mut Self, parts: &mut dyn FnMut(&mut Self)| {
            writer.out.push_str("<MultiGeometry>");
            parts(writer);
            writer.out.push_str("</MultiGeometry>");
        };
        match shape {
            Geometry::Point(point) => {
                self.out.push_str("<Point>");
                self.line(&[point.0]);
                self.out.push_str("</Point>");
            }
            Geometry::LineString(line) => {
                self.out.push_str("<LineString>");
                self.line(&line.0);
                self.out.push_str("</LineString>");
            }
            Geometry::Line(edge) => self.shape(&Geometry::LineString(LineString::new(vec![edge.start, edge.end]))),
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
            Geometry::MultiPoint(points) => {
                around(self, &mut |writer| points.iter().for_each(|point| writer.shape(&Geometry::Point(*point))));
            }
            Geometry::MultiLineString(lines) => around(self, &mut |writer| {
                lines.iter().for_each(|line| writer.shape(&Geometry::LineString(line.clone())));
            }),
            Geometry::MultiPolygon(polygons) => {
                around(self, &mut |writer| polygons.iter().for_each(|polygon| writer.polygon(polygon)));
            }
            Geometry::GeometryCollection(parts) => {
                around(self, &mut |writer| parts.iter().for_each(|part| writer.shape(part)));
            }
        }
    }
}
