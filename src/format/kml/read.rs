//! KML to layers: each folder that holds placemarks of its own is one.

use super::shape::{SHAPES, overlay, shape};
use crate::atlas::{Feature, Value};
use crate::format::archive::Archive;
use crate::format::raw::{Depth, RawLayer, number_rows};
use crate::format::reference::Declared;
use crate::format::xml::{Document, Element, Step};
use crate::format::{
    FieldType, Format, FormatError, Input, Place, Problem, ProblemKind, Problems, Progress, ReadOptions, Reading,
    TextInput, charset, geojson, xml,
};
use crate::geometry::System;
use std::collections::HashMap;

/// Elements that lead to other files.
const LINKS: [&str; 3] = ["NetworkLink", "ScreenOverlay", "PhotoOverlay"];

#[derive(Default)]
struct Reader {
    /// Name and layer of the folders that are open.
    open: Vec<(String, Option<usize>)>,
    layers: Vec<(RawLayer, Vec<Problem>)>,
    types: HashMap<String, FieldType>,
    links: usize,
    /// Names of the files of the archive.
    inside: Vec<String>,
    overlays: usize,
    placemarks: usize,
}

/// Reads a text.
pub(in crate::format) fn read(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let TextInput { name, text, encoding, mut problems } = input;
    let mut reader = Reader::default();
    reader.read(name, text, &options.parsing(), &mut problems)?;
    Ok(reader.finish(name, encoding, problems, Format::Kml, options))
}

/// Reads the KML files of an archive as one.
pub(in crate::format) fn read_zipped(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let unreadable = |kind| FormatError::Unreadable(Box::new(Problem::of_file(kind)));
    let mut archive = Archive::open(input.bytes).map_err(unreadable)?;
    let entries: Vec<_> = archive.entries().iter().filter(|entry| entry.ending() == "kml").cloned().collect();
    let inside = entries.iter().map(|entry| entry.name.clone()).collect();
    let mut reader = Reader { inside, ..Reader::default() };
    let mut problems = Problems::default();
    let mut encoding = None;
    let progress = options.parsing();
    for (number, entry) in entries.iter().enumerate() {
        let share = |number: usize| number as f32 / entries.len() as f32;
        let progress = progress.part(share(number), share(number + 1));
        let bytes = archive.read(entry).map_err(unreadable)?;
        let told = options.encoding.clone().or_else(|| xml::encoding(&bytes));
        let (text, known) = charset::decode(&bytes, told.as_deref(), &progress, &mut problems)?;
        encoding.get_or_insert(known);
        let name = if entries.len() > 1 { entry.stem().rsplit('/').next().unwrap_or_default() } else { input.name };
        reader.read(name, &text, &progress, &mut problems)?;
    }
    let encoding = encoding.unwrap_or_else(|| ("UTF-8".into(), crate::format::How::Assumed));
    Ok(reader.finish(input.name, encoding, problems, Format::Kmz, options))
}

impl Reader {
    fn read(
        &mut self,
        name: &str,
        text: &str,
        progress: &Progress,
        problems: &mut Problems,
    ) -> Result<(), FormatError> {
        let mut document = Document::new(text, progress);
        self.open = vec![(name.to_owned(), None)];
        let before = self.placemarks;
        if let Err(kind) = self.document(&mut document) {
            let problem = Problem { kind, place: Place { line: Some(document.line(text)), ..Place::default() } };
            if self.placemarks == before {
                return Err(FormatError::Unreadable(Box::new(problem)));
            }
            problems.add(problem);
        }
        Ok(())
    }

    fn document(&mut self, document: &mut Document) -> Result<(), ProblemKind> {
        while let Some(step) = document.step()? {
            let open = match step {
                Step::Close(name) => {
                    if matches!(name.as_str(), "Document" | "Folder") && self.open.len() > 1 {
                        self.open.pop();
                    }
                    continue;
                }
                Step::Open(open) => open,
            };
            match open.name.as_str() {
                "kml" => {}
                "Document" | "Folder" => self.open.push((String::new(), None)),
                // of a picture on the ground, what it covers
                "Placemark" | "GroundOverlay" => {
                    let placemark = document.element(open)?;
                    self.placemark(&placemark);
                }
                "Schema" => {
                    let schema = document.element(open)?;
                    for field in schema.all("SimpleField") {
                        let kind = match field.attribute("type") {
                            _ if field.attribute("whole") == "64" => FieldType::Integer,
                            "int" | "uint" | "short" | "ushort" => FieldType::Integer,
                            "float" | "double" => FieldType::Real,
                            "bool" => FieldType::Bool,
                            _ => FieldType::Text,
                        };
                        self.types.insert(field.attribute("name").to_owned(), kind);
                    }
                }
                "name" => {
                    let name = document.element(open)?.text;
                    let Some((known, layer)) = self.open.last_mut() else { continue };
                    known.clone_from(&name);
                    if let Some((raw, _)) = layer.and_then(|layer| self.layers.get_mut(layer)) {
                        raw.name = name;
                    }
                }
                other => {
                    let is_link = LINKS.contains(&other);
                    let element = document.element(open)?;
                    // what lies in the same archive is read beside it
                    let addresses = element.all("Link").chain(element.all("Url")).flat_map(|link| link.all("href"));
                    let is_inside =
                        addresses.into_iter().any(|at| self.inside.iter().any(|name| *name == at.text.trim()));
                    self.links += usize::from(is_link && !is_inside);
                }
            }
        }
        Ok(())
    }

    fn placemark(&mut self, placemark: &Element) {
        self.placemarks += 1;
        let named = self.open.iter().rev().map(|(name, _)| name).find(|name| !name.is_empty()).cloned();
        let Some((_, place)) = self.open.last_mut() else { return };
        let index = *place.get_or_insert_with(|| {
            self.layers.push((RawLayer::new(&named.unwrap_or_default()), Vec::new()));
            self.layers.len() - 1
        });
        let Some((raw, problems)) = self.layers.get_mut(index) else { return };
        let values = values(placemark, &self.types);
        let number = raw.features.len() + 1;
        let is_overlay = placemark.name == "GroundOverlay";
        self.overlays += usize::from(is_overlay);
        let found = placemark.children.iter().find(|child| SHAPES.contains(&child.name.as_str()));
        let mut heights = Vec::new();
        let built = match found {
            _ if is_overlay => Some(overlay(placemark, &mut heights)),
            found => found.map(|element| shape(element, &mut heights)),
        };
        let built = match built {
            None => None,
            Some(Ok(shape)) if geo::CoordsIter::coords_count(&shape) > 0 => Some(shape),
            Some(result) => {
                let kind = result.err().unwrap_or(ProblemKind::EmptyGeometry);
                raw.lost += 1;
                problems.push(Problem { kind, place: Place { feature: Some(number), ..Place::default() } });
                None
            }
        };
        // programs write a height of nought for want of one
        if built.is_none() || heights.iter().all(|height| *height == 0.0) {
            heights.clear();
        }
        raw.geometry_types.extend(built.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
        raw.depths.push(Depth { heights, measures: Vec::new() });
        raw.features.push(Feature { id: placemark.attribute("id").to_owned(), shape: built, values });
    }

    fn finish(
        self,
        name: &str,
        encoding: (String, crate::format::How),
        mut problems: Problems,
        format: Format,
        options: &ReadOptions,
    ) -> Reading {
        if self.links > 0 {
            problems.add(Problem::of_file(ProblemKind::LinksNotFetched(self.links)));
        }
        if self.overlays > 0 {
            problems.add(Problem::of_file(ProblemKind::OverlaysOutlined(self.overlays)));
        }
        let mut layers = self.layers;
        if layers.is_empty() {
            layers.push((RawLayer::new(name), Vec::new()));
        }
        let is_alone = layers.len() == 1;
        let mut told = problems.finish();
        let mut read = Vec::with_capacity(layers.len());
        for (mut raw, own) in layers {
            if raw.name.is_empty() {
                name.clone_into(&mut raw.name);
            }
            let mut problems = Problems::default();
            own.into_iter().for_each(|problem| problems.add(problem));
            raw.encoding = encoding.clone();
            raw.declared = Some(Declared::Rule(System::geographic()));
            raw.has_ids = number_rows(&mut raw.features);
            let layer_name = raw.name.clone();
            read.push(raw.finish(options, &mut problems));
            told.extend(if is_alone { problems.finish() } else { problems.finish_layer(&layer_name) });
        }
        Reading { format, layers: read, problems: told }
    }
}

fn values(placemark: &Element, types: &HashMap<String, FieldType>) -> Vec<(String, Value)> {
    let mut values: Vec<(String, Value)> = Vec::new();
    let mut add = |name: &str, value: Value| {
        if !name.is_empty() && values.iter().all(|(known, _)| known != name) {
            values.push((name.to_owned(), value));
        }
    };
    let text = |element: &Element| {
        if element.text.is_empty() { Value::Null } else { Value::Text(element.text.clone()) }
    };
    let extended = || placemark.all("ExtendedData");
    let fields = || extended().flat_map(|data| data.all("SchemaData")).flat_map(|data| data.all("SimpleData"));
    // a field of the same name says what it is; the plain name is only what is shown
    let has_field = |name: &str| fields().any(|field| field.attribute("name") == name);
    for name in ["name", "description"] {
        if let Some(child) = placemark.child(name).filter(|_| !has_field(name)) {
            add(name, text(child));
        }
    }
    let times = [("TimeStamp", "when", "timestamp"), ("TimeSpan", "begin", "begin"), ("TimeSpan", "end", "end")];
    for (outer, inner, name) in times {
        if let Some(child) = placemark.child(outer).and_then(|outer| outer.child(inner)) {
            add(name, text(child));
        }
    }
    for field in fields() {
        let name = field.attribute("name");
        let value = match types.get(name).copied().unwrap_or(FieldType::Text) {
            FieldType::Integer => field.text.parse().map_or_else(|_| text(field), Value::Integer),
            FieldType::Real => field.text.parse().map_or_else(|_| text(field), Value::Real),
            FieldType::Bool if !field.text.is_empty() => {
                Value::Bool(matches!(field.text.as_str(), "1" | "true" | "True" | "TRUE"))
            }
            _ => text(field),
        };
        add(name, value);
    }
    for data in extended().flat_map(|data| data.all("Data")) {
        add(data.attribute("name"), data.child("value").map_or(Value::Null, text));
    }
    values
}
