//! A layer between its reader and the rest: coordinates as in the file, the system only declared.

use super::reference::{self, Declared};
use super::{FieldType, How, Original, Problem, ProblemKind, Problems, ReadLayer, ReadOptions};
use crate::atlas::{Feature, Value};
use geo::Geometry;
use std::collections::{BTreeSet, HashSet};

/// What every reader builds; `finish` makes a [`ReadLayer`] of it.
#[derive(Debug)]
pub(super) struct RawLayer {
    pub(super) name: String,
    /// Shapes in the coordinates of the file.
    pub(super) features: Vec<Feature>,
    /// Heights and measures, one for each feature; empty when no feature has any.
    pub(super) depths: Vec<Depth>,
    /// Features whose shape was there but could not be used, each told by a problem.
    pub(super) lost: usize,
    pub(super) declared: Option<Declared>,
    pub(super) encoding: (String, How),
    pub(super) schema: Vec<(String, FieldType)>,
    pub(super) geometry_types: BTreeSet<String>,
    pub(super) has_ids: bool,
}

/// The third and fourth numbers of a shape's vertices, in their order; empty when there are none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Depth {
    pub(super) heights: Vec<f64>,
    pub(super) measures: Vec<f64>,
}

impl RawLayer {
    /// An empty layer of this name.
    pub(super) fn new(name: &str) -> Self {
        RawLayer {
            name: name.to_owned(),
            features: Vec::new(),
            depths: Vec::new(),
            lost: 0,
            declared: None,
            encoding: ("UTF-8".into(), How::Assumed),
            schema: Vec::new(),
            geometry_types: BTreeSet::new(),
            has_ids: false,
        }
    }

    /// Adds a feature, its id still to be given.
    pub(super) fn push(&mut self, shape: Option<Geometry>, depth: Depth, values: Vec<(String, Value)>) {
        if let Some(kind) = shape.as_ref().map(super::geojson::geometry_name)
            && !self.geometry_types.contains(kind)
        {
            self.geometry_types.insert(kind.to_owned());
        }
        if depth != Depth::default() || !self.depths.is_empty() {
            self.depths.resize(self.features.len(), Depth::default());
            self.depths.push(depth);
        }
        self.features.push(Feature { id: String::new(), shape, values });
    }

    /// Finds the system of the coordinates and moves all shapes to longitude and latitude.
    pub(super) fn finish(mut self, options: &ReadOptions, problems: &mut Problems) -> ReadLayer {
        let kept = if options.keep_originals { 0 } else { self.depths.iter().map(|depth| depth.heights.len()).sum() };
        if kept > 0 {
            problems.add(Problem::of_file(ProblemKind::HeightDropped(kept)));
        }
        let bare = self.features.iter().filter(|feature| feature.shape.is_none()).count();
        if bare > self.lost {
            problems.add(Problem::of_file(ProblemKind::NoGeometry(bare - self.lost)));
        }
        let mut shapes = Vec::new();
        let own = options.references.get(&self.name).map(|own| {
            let reference = Some(own.clone());
            ReadOptions { reference, ..options.clone() }
        });
        let options = own.as_ref().unwrap_or(options);
        let (reference, how, evidence) =
            reference::settle(&mut self.features, self.declared, options, &mut shapes, problems);
        let depths = self.depths.into_iter().chain(std::iter::repeat_with(Depth::default));
        let originals = shapes.into_iter().zip(depths).map(|(shape, depth)| {
            shape.map(|shape| Original { shape, heights: depth.heights, measures: depth.measures })
        });
        ReadLayer {
            name: self.name,
            originals: originals.collect(),
            features: self.features,
            reference,
            how,
            evidence,
            encoding: self.encoding,
            schema: self.schema,
            geometry_types: self.geometry_types,
            has_ids: self.has_ids,
        }
    }
}

impl Depth {
    /// Measures of which none is there are no measures.
    pub(super) fn forget_absent(&mut self) {
        if self.measures.iter().all(|measure| measure.is_nan()) {
            self.measures.clear();
        }
    }
}

/// The id among the values, under its usual names.
pub(super) fn id_of(values: &[(String, Value)]) -> Option<String> {
    ["id", "ID", "Id", "编号"].iter().find_map(|name| {
        let (_, value) = values.iter().find(|(known, _)| known == name)?;
        match value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    })
}

/// Gives rows their ids: from a field of the usual name when it tells every row apart, else their numbers. Whether
/// the ids are the rows' own.
pub(super) fn number_rows(features: &mut [Feature]) -> bool {
    let ids: Vec<Option<String>> = features.iter().map(|feature| id_of(&feature.values)).collect();
    let distinct: HashSet<&String> = ids.iter().flatten().collect();
    let is_own = !features.is_empty() && distinct.len() == features.len();
    for (number, (feature, id)) in (1_usize..).zip(features.iter_mut().zip(ids)) {
        feature.id = id.filter(|_| is_own).unwrap_or_else(|| number.to_string());
    }
    is_own
}
