//! DXF drawings, in text and in bytes: entities of the model to features, blocks unfolded where they are placed.

mod curve;
mod entity;
mod frame;
mod group;
mod hatch;
mod outline;
mod words;

use super::raw::{Depth, RawLayer, number_rows};
use super::reference::Declared;
use super::{
    FieldType, Format, FormatError, How, Input, Place, Problem, ProblemKind, Problems, Progress, ReadOptions, Reading,
    geojson,
};
use crate::atlas::{Feature, Value};
use entity::{Drawn, Entity, Next, Vertex};
use frame::Frame;
pub(super) use group::is_text;
use group::{Groups, SENTINEL};
use outline::{Names, Outline};
use std::collections::BTreeMap;
use words::Codec;

/// How deep blocks may lie in blocks.
const DEEPEST: usize = 16;

/// Most entities that blocks may place.
const MOST_PLACED: usize = 1_000_000;

/// Most groups that are read within blocks, so that no file can ask for hours.
const MOST_GROUPS: usize = 100_000_000;

/// Most vertices that curves and blocks may add.
const MOST_VERTICES: usize = 40_000_000;

/// The fields that every file has; the tags of attributes follow.
const FIELDS: [(&str, FieldType); 7] = [
    ("layer", FieldType::Text),
    ("entity", FieldType::Text),
    ("text", FieldType::Text),
    ("height", FieldType::Real),
    ("color", FieldType::Integer),
    ("linetype", FieldType::Text),
    ("block", FieldType::Text),
];

/// Reads a drawing.
pub(super) fn read(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let unreadable = |kind, line| {
        let place = Place { line, ..Place::default() };
        FormatError::Unreadable(Box::new(Problem { kind, place }))
    };
    let groups = Groups::new(input.bytes);
    if groups.is_binary() && input.bytes.len() <= SENTINEL.len() {
        return Err(unreadable(ProblemKind::Truncated, None));
    }
    let progress = options.parsing();
    let outline = Outline::of(groups, &progress.part(0.0, 0.4));
    let (codec, how) = outline.codec(options.encoding.as_deref())?;
    let mut drawing = Drawing {
        names: outline.names(&codec),
        codec,
        raw: RawLayer::new(input.name),
        problems: Problems::default(),
        stack: Vec::new(),
        unknown: BTreeMap::new(),
        on_paper: 0,
        hidden: 0,
        placed: 0,
        groups: 0,
        left: MOST_VERTICES,
        told: Vec::new(),
        progress: progress.part(0.4, 1.0),
    };
    for section in &outline.entities {
        drawing.section(*section, &Context::default());
    }
    let end = match (&outline.fault, outline.is_ended) {
        (Some(fault), _) => Some((ProblemKind::NotAGroup, fault.line())),
        (None, false) => Some((ProblemKind::Truncated, outline.last_line)),
        _ => None,
    };
    if let Some((kind, line)) = end {
        if drawing.raw.features.is_empty() {
            return Err(unreadable(kind, line));
        }
        drawing.problems.add(Problem { kind, place: Place { line, ..Place::default() } });
    }
    Ok(drawing.finish(how, options))
}

/// What an entity inherits from the blocks it lies in.
#[derive(Debug, Clone)]
struct Context {
    frame: Frame,
    /// Layer of what is drawn on layer `0`.
    layer: Option<String>,
    /// Colour and line type of what takes those of its block.
    color: Option<i64>,
    linetype: Option<String>,
    /// The block that is placed in the model.
    block: Option<String>,
    attributes: Vec<(String, Value)>,
}

impl Default for Context {
    fn default() -> Self {
        Context { frame: Frame::WORLD, layer: None, color: None, linetype: None, block: None, attributes: Vec::new() }
    }
}

struct Drawing<'a> {
    names: Names<'a>,
    codec: Codec,
    raw: RawLayer,
    problems: Problems,
    /// The blocks that are being placed, one within the other.
    stack: Vec<String>,
    /// Kinds of entities that cannot be drawn.
    unknown: BTreeMap<String, usize>,
    on_paper: usize,
    hidden: usize,
    placed: usize,
    groups: usize,
    left: usize,
    /// What is told once.
    told: Vec<ProblemKind>,
    progress: Progress,
}

impl<'a> Drawing<'a> {
    /// Draws the entities from a place on, to the end of their section or block.
    fn section(&mut self, mut groups: Groups<'a>, context: &Context) {
        let (mut entity, mut part) = (Entity::default(), Entity::default());
        while entity.read(&mut groups) == Next::Entity && !self.is_full(&entity) && !self.progress.is_cancelled() {
            if self.stack.is_empty() {
                self.progress.tell(groups.share());
            }
            let (mut vertices, mut attributes) = (Vec::new(), Vec::new());
            // what belongs to the entity follows it
            let has_parts = matches!(entity.kind, b"POLYLINE" | b"INSERT" | b"MINSERT");
            for _ in has_parts.then_some(0..).into_iter().flatten() {
                let start = groups;
                let next = part.read(&mut groups);
                match (entity.kind, part.kind, next) {
                    (_, _, Next::Cut) => return,
                    (b"POLYLINE", b"VERTEX", Next::Entity) => vertices.push(Vertex::of(&part)),
                    (b"INSERT" | b"MINSERT", b"ATTRIB", Next::Entity) => self.attribute(&part, &mut attributes),
                    (_, b"SEQEND", Next::Entity) => break,
                    _ => {
                        groups = start;
                        break;
                    }
                }
            }
            if entity.integer(67) == 1 && self.stack.is_empty() {
                self.on_paper += 1;
                continue;
            }
            // the states of a block that are not shown
            if entity.integer(60) == 1 {
                self.hidden += 1;
                continue;
            }
            match entity.kind {
                b"INSERT" | b"MINSERT" => self.insert(&entity, attributes, context),
                b"DIMENSION" if !entity.name(2).is_empty() => self.insert(&entity, attributes, context),
                b"SEQEND" => {}
                // a template for attributes, unless its value is the same for all
                b"ATTDEF" if !self.stack.is_empty() && entity.integer(70) & 2 == 0 => {}
                _ => self.draw(&entity, &vertices, context),
            }
        }
    }

    /// Whether blocks have placed more than is allowed.
    fn is_full(&mut self, entity: &Entity) -> bool {
        if !self.stack.is_empty() {
            self.placed += 1;
            self.groups += entity.groups.len() + 1;
        }
        let is_full = self.placed > MOST_PLACED || self.groups > MOST_GROUPS || self.left == 0;
        if is_full {
            self.tell_once(ProblemKind::TooManyEntities(MOST_PLACED));
        }
        is_full
    }

    fn tell_once(&mut self, kind: ProblemKind) {
        if !self.told.contains(&kind) {
            self.told.push(kind.clone());
            self.problems.add(Problem::of_file(kind));
        }
    }

    fn attribute(&self, part: &Entity, attributes: &mut Vec<(String, Value)>) {
        let tag = self.codec.name(part.name(2));
        let words = part.group(1).map(|group| self.codec.line(group.words())).unwrap_or_default();
        let is_taken = |name: &str, known: &[(String, Value)]| {
            FIELDS.iter().any(|(field, _)| *field == name) || known.iter().any(|(tag, _)| tag == name)
        };
        let mut name = if tag.is_empty() { "attribute".to_owned() } else { tag.clone() };
        let mut again = 1;
        while is_taken(&name, attributes) {
            again += 1;
            name = format!("{tag}_{again}");
        }
        attributes.push((name, if words.is_empty() { Value::Null } else { Value::Text(words) }));
    }

    /// What an entity is drawn with: layer, colour, line type.
    fn style(&self, entity: &Entity, context: &Context) -> (String, i64, String) {
        let own = self.codec.name(entity.name(8));
        let layer = context.layer.clone().filter(|_| own == "0" || own.is_empty()).unwrap_or(own);
        let of_layer = self.names.layers.get(&layer.to_lowercase()).copied().unwrap_or_default();
        let color = match entity.group(62).map(|group| group.integer()) {
            None | Some(256) => of_layer.color,
            Some(0) => context.color.unwrap_or_default(),
            Some(color) => color.saturating_abs(),
        };
        let own = self.codec.name(entity.name(6));
        let linetype = match &*own.to_ascii_uppercase() {
            "" | "BYLAYER" => self.codec.name(of_layer.linetype),
            "BYBLOCK" => context.linetype.clone().unwrap_or_default(),
            _ => own,
        };
        (layer, color, linetype)
    }

    /// Places a block, as often as it is asked for.
    fn insert(&mut self, entity: &Entity<'a>, attributes: Vec<(String, Value)>, context: &Context) {
        let name = self.codec.name(entity.name(2));
        let key = name.to_lowercase();
        let before = self.raw.features.len();
        let (layer, color, linetype) = self.style(entity, context);
        let mut inner = Context {
            layer: Some(layer),
            color: Some(color),
            linetype: Some(linetype),
            block: context.block.clone().or_else(|| Some(name.clone())),
            attributes,
            ..context.clone()
        };
        for (tag, value) in &context.attributes {
            if !inner.attributes.iter().any(|(known, _)| known == tag) {
                inner.attributes.push((tag.clone(), value.clone()));
            }
        }
        // the picture of a dimension is drawn where it stands
        let is_dimension = entity.kind == b"DIMENSION";
        let at = if is_dimension { [0.0; 3] } else { entity.point(10) };
        let plane = if is_dimension { context.frame } else { entity.plane(&context.frame) };
        let refused = match self.names.blocks.get(&key) {
            None => Some(ProblemKind::BlockMissing(name)),
            Some(block) if block.is_external => Some(ProblemKind::BlockMissing(name)),
            Some(_) if self.stack.contains(&key) => Some(ProblemKind::BlockInItself(name)),
            Some(_) if self.stack.len() >= DEEPEST => Some(ProblemKind::BlocksTooDeep(DEEPEST)),
            Some(_) if !at.iter().all(|part| part.is_finite()) => None,
            Some(block) => {
                let block = *block;
                self.stack.push(key);
                self.rows(entity, is_dimension, plane, block, &mut inner);
                self.stack.pop();
                None
            }
        };
        let is_refused = refused.is_some();
        if let Some(kind) = refused {
            self.tell_once(kind);
        }
        // a block that draws nothing still stands somewhere, with its attributes
        if self.raw.features.len() == before && (is_refused || !is_dimension) && !self.is_full(entity) {
            let at = plane.apply(at);
            let drawn = entity::point(at);
            inner.layer.clone_from(&context.layer);
            self.add(entity, drawn, &inner);
        }
    }

    fn rows(
        &mut self,
        entity: &Entity,
        is_dimension: bool,
        plane: Frame,
        block: outline::Block<'a>,
        inner: &mut Context,
    ) {
        if is_dimension {
            inner.frame = plane;
            return self.section(block.start, inner);
        }
        let scale = [41, 42, 43].map(|code| entity.real(code, 1.0));
        let degrees = entity.real(50, 0.0);
        let [across, up] = [44, 45].map(|code| entity.real(code, 0.0));
        let [columns, rows] = [70, 71].map(|code| entity.integer(code).clamp(1, 32_767));
        let turned = Frame::of_insert([1.0; 3], degrees, entity.point(10));
        let [x, y, z] = block.base;
        for row in 0..rows {
            for column in 0..columns {
                let at = turned.apply([across * column as f64, up * row as f64, 0.0]);
                let placed = Frame::of_insert(scale, degrees, at);
                let base = Frame::of_insert([1.0; 3], 0.0, [-x, -y, -z]);
                inner.frame = plane.of_inner(&placed.of_inner(&base));
                self.section(block.start, inner);
                self.placed += 1;
                if self.placed > MOST_PLACED {
                    return;
                }
            }
        }
    }

    fn draw(&mut self, entity: &Entity<'a>, vertices: &[Vertex], context: &Context) {
        let mut left = self.left;
        let before = self.left;
        let drawn = entity.draw(vertices, &context.frame, &mut left);
        self.left = left;
        if let (Drawn::Shape(shape, ..), false) = (&drawn, self.stack.is_empty()) {
            // what blocks repeat counts as well
            let vertices = geo::CoordsIter::coords_count(shape);
            self.left = self.left.saturating_sub(vertices.saturating_sub(before - left));
        }
        if self.left == 0 {
            self.tell_once(ProblemKind::TooManyEntities(MOST_PLACED));
        }
        if let Drawn::Unknown = drawn {
            let kind = self.codec.name(entity.kind);
            let kind = if kind == "POLYLINE" { "POLYLINE (MESH)".to_owned() } else { kind };
            *self.unknown.entry(kind).or_default() += 1;
            return;
        }
        self.add(entity, drawn, context);
    }

    /// Adds a feature.
    fn add(&mut self, entity: &Entity, drawn: Drawn, context: &Context) {
        let number = self.raw.features.len() + 1;
        let (shape, depth, told) = match drawn {
            Drawn::Shape(shape, depth, told) => (Some(shape), depth, told),
            Drawn::Lost(told) => {
                self.raw.lost += 1;
                (None, Depth::default(), told)
            }
            Drawn::Unknown => return,
        };
        for kind in told {
            let place = Place { feature: Some(number), line: entity.line, ..Place::default() };
            self.problems.add(Problem { kind, place });
        }
        let (layer, color, linetype) = self.style(entity, context);
        let text = |words: String| if words.is_empty() { Value::Null } else { Value::Text(words) };
        let (words, height) = self.words(entity);
        let values = [
            text(layer),
            text(self.codec.name(entity.kind)),
            words.map_or(Value::Null, text),
            height.filter(|height| height.is_finite()).map_or(Value::Null, Value::Real),
            if color == 0 { Value::Null } else { Value::Integer(color) },
            text(linetype),
            context.block.clone().map_or(Value::Null, Value::Text),
        ];
        let mut values: Vec<(String, Value)> = FIELDS.iter().map(|(name, _)| (*name).to_owned()).zip(values).collect();
        values.extend(context.attributes.iter().cloned());
        self.raw.geometry_types.extend(shape.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
        if depth != Depth::default() || !self.raw.depths.is_empty() {
            self.raw.depths.resize(self.raw.features.len(), Depth::default());
            self.raw.depths.push(depth);
        }
        self.raw.features.push(Feature { id: String::new(), shape, values });
    }

    /// The words of an entity and how high they are written.
    fn words(&self, entity: &Entity) -> (Option<String>, Option<f64>) {
        let height = Some(entity.real(40, f64::NAN));
        let words = |code: i32| entity.group(code).map(|group| group.words()).unwrap_or_default();
        match entity.kind {
            b"TEXT" | b"ATTDEF" => (Some(self.codec.line(words(1))), height),
            b"MTEXT" => {
                // long words come in pieces
                let pieces = entity.groups.iter().filter(|group| group.code == 3).map(|group| group.words());
                let whole: Vec<u8> = pieces.chain([words(1)]).flatten().copied().collect();
                (Some(self.codec.paragraphs(&whole)), height)
            }
            _ => (None, None),
        }
    }

    fn finish(mut self, how: How, options: &ReadOptions) -> Reading {
        for (kind, count) in std::mem::take(&mut self.unknown) {
            self.problems.add(Problem::of_file(ProblemKind::EntityUnknown(format!("{kind} ({count})"))));
        }
        if self.on_paper > 0 {
            self.problems.add(Problem::of_file(ProblemKind::OnPaper(self.on_paper)));
        }
        if self.hidden > 0 {
            self.problems.add(Problem::of_file(ProblemKind::EntitiesHidden(self.hidden)));
        }
        let encoding = self.codec.encoding.name().to_owned();
        if how == How::Recognised && encoding != "UTF-8" {
            self.problems.add(Problem::of_file(ProblemKind::EncodingRecognised(encoding.clone())));
        }
        if self.codec.is_broken.get() {
            self.problems.add(Problem::of_file(ProblemKind::EncodingBroken(encoding.clone())));
        }
        let mut raw = self.raw;
        raw.encoding = (encoding, how);
        raw.schema = FIELDS.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        raw.has_ids = number_rows(&mut raw.features);
        raw.declared = Some(Declared::Drawing);
        let layers = vec![raw.finish(options, &mut self.problems)];
        Reading { format: Format::Dxf, layers, problems: self.problems.finish() }
    }
}
