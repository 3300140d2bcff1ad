//! What was wrong with a file and where; data, so that the faces can say it in the person's language.

use serde::Serialize;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Mended or assumed; nothing is missing.
    Note,
    /// Something may not be as it seems, or a feature lost its shape.
    Warning,
    /// The file could not be read to its end.
    Error,
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Place {
    /// Name of the layer, in a file of several.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub layer: String,
    /// Number of the feature, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<usize>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Path within the feature or document, such as `geometry.coordinates[0][3]`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Longitude and latitude, where it can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum ProblemKind {
    /// Not JSON here; what follows was not read.
    Syntax,
    /// The file ends too early; what follows is missing.
    Truncated,
    /// Nested too deep; what follows was not read.
    TooDeep,
    /// A member of a collection that is no feature.
    NotAFeature,
    /// Rows without a shape.
    NoGeometry(usize),
    /// A shape without coordinates.
    EmptyGeometry,
    /// A kind of shape that does not exist.
    UnknownGeometry(String),
    /// Coordinates that do not form the shape they claim.
    MalformedGeometry,
    /// A coordinate that is no finite number; the shape is not used.
    NotFinite,
    /// A coordinate outside the reference system; the shape is not used.
    OutsideReference,
    /// A line or ring with too few points; not used.
    TooFewPoints,
    /// A ring that was not closed was closed.
    RingClosed,
    /// Heights of this many positions are not kept.
    HeightDropped(usize),
    /// A number that could not be kept exactly.
    NumberRounded,
    /// The same id on a further feature.
    DuplicateId(String),
    /// A reference system that is not supported.
    ReferenceUnsupported(String),
    /// A reference system given as a link, which is never fetched.
    ReferenceLinked(String),
    /// The declared system does not fit the coordinates; the system named here was used.
    ReferenceContradicted(String),
    /// No system was declared; the one named here was recognised by the coordinates.
    ReferenceRecognised(String),
    /// The system named here has another datum than the map and nobody gave the parameters; no shape is used.
    ReferenceUntransformed(String),
    /// The system could not be told; no shape is used.
    ReferenceUnknown,
    /// Coordinates were given as latitude before longitude, or north before east, and were exchanged.
    AxesSwapped,
    /// Everything lies more than 50 km from Wuxi.
    FarFromWuxi,
    /// The text is not UTF-8; the named encoding was taken.
    EncodingRecognised(String),
    /// Letters that the encoding does not know.
    EncodingBroken(String),
    /// An archive that cannot be unfolded.
    ArchiveBroken,
    /// An archive that asks for a password.
    ArchiveLocked,
    /// An archive of more entries than this.
    ArchiveTooMany(usize),
    /// An entry, named here, that unfolds to too much.
    ArchiveTooLarge(String),
    /// An entry whose name, told here, leads out of the archive.
    ArchiveEscapes(String),
    /// A side file of this ending is not there; what it would tell is not known.
    SideFileMissing(String),
    /// A side file of this ending is damaged and was not used.
    SideFileBroken(String),
    /// Rows point to words that are not in the file of this ending; their cells are empty.
    WordsAstray(String),
    /// This many rows are marked as deleted and were left out.
    RowsDeleted(usize),
    /// There are not as many rows as shapes: both counts.
    CountsDiffer(String),
    /// No pair of code and value, as a drawing is made of; what follows was not read.
    NotAGroup,
    /// A kind of entity that cannot be used, and how many there are.
    EntityUnknown(String),
    /// This many entities lie on sheets of paper and not in the model; they were left out.
    OnPaper(usize),
    /// This many entities are marked as invisible; they were left out.
    EntitiesHidden(usize),
    /// A block of this name is not in the file.
    BlockMissing(String),
    /// The block of this name holds itself; it was not unfolded there.
    BlockInItself(String),
    /// Blocks lie in blocks deeper than this; those further in were not unfolded.
    BlocksTooDeep(usize),
    /// Blocks and curves unfold to too much, blocks to more than this many entities; the rest is missing.
    TooManyEntities(usize),
    /// A site that is no area.
    NotAnArea,
    /// A database that cannot be read on; what it says of itself.
    DatabaseBroken(String),
    /// A table or view of more rows than this.
    TooManyRows(usize),
    /// A field had to take another name: both names.
    FieldRenamed(String),
    /// Words of this field were too long for the format and were cut.
    TextCut(String),
    /// A kind of shape that the format cannot hold; the row was written without it.
    ShapeNotHeld(String),
    /// The area a file states for a plot is not that of its corners: both.
    StatedAreaDiffers(String),
    /// The number of corners a file states is not that of its lines: both.
    StatedCountDiffers(String),
    /// Rings were taken as holes or as parts by what lies within what, not by their numbers.
    RingsRegrouped,
    /// A line that is neither a head nor a corner.
    LineNotUnderstood,
    /// A table in which no column holds coordinates.
    NoCoordinates,
    /// The columns that were taken as coordinates.
    ColumnsTaken(String),
    /// A cell that is no coordinate.
    CoordinateNotRead(String),
    /// Fields that the format has no place for.
    FieldsLeftOut(String),
    /// A table or workbook that cannot be read; the reason.
    TableBroken(String),
    /// A row with more cells than the head.
    CellsBeyondHead,
    /// A boundary that crosses itself was parted; by how much the area changed, square metres.
    CrossesItself(String),
    /// Holes outside, parts that overlap or lobes wound the other way were put in order; by how much the area changed, square metres.
    RingsTangled(String),
    /// Fields that differ from corner to corner; those of the first were kept.
    CornerWordsLeft(String),
    /// Parts of a shape of this kind that the format cannot hold beside the others.
    PartsLeftOut(String),
    /// The shape lies beyond China, while others lie around Wuxi: its order or zone may be another.
    FarFromOthers,
    /// Measures of this many positions have no place in the format.
    MeasuresDropped(usize),
    /// A ring without area was left out.
    PartDropped,
    /// This many points that stood twice in a row were left out.
    PointsRepeated(usize),
    /// This many spikes without width were cut off.
    SpikesRemoved(usize),
    /// The rings were wound otherwise than those of the other shapes and were turned.
    RingsTurned,
    /// Features, by their numbers, whose shapes are faulty and were written as they are.
    FaultsKept(String),
    /// A shape of which nothing could be kept.
    NotRepairable,
    /// A document type of its own in XML, which can hide entities that grow without end.
    XmlEntities,
    /// XML that does not follow its rules; what follows was not read.
    XmlBroken,
    /// Pictures on the ground, of which only name and outline are taken.
    OverlaysOutlined(usize),
    /// This many solid bodies are taken as the areas of their faces, seen from above.
    BodiesFlattened(usize),
    /// Links to other files, which are never fetched.
    LinksNotFetched(usize),
    /// Control letters in this field have no place in the format.
    LettersDropped(String),
    /// A flat buffer whose offsets lead astray; what follows was not read.
    BufferBroken,
    /// The shapes lie beside those of the atlas as this system shifts them.
    LooksShifted(String),
    /// The shapes lie beside those of the atlas by metres to the east and north.
    LooksMoved(String),
    /// The format has no words for this reference system; who reads the file must know it.
    SystemNotHeld(String),
    /// This many further problems are not listed.
    Further(usize),
}

impl ProblemKind {
    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        match self {
            ProblemKind::Syntax
            | ProblemKind::BufferBroken
            | ProblemKind::XmlBroken
            | ProblemKind::XmlEntities
            | ProblemKind::TableBroken(_)
            | ProblemKind::TooManyRows(_)
            | ProblemKind::DatabaseBroken(_)
            | ProblemKind::Truncated
            | ProblemKind::TooDeep
            | ProblemKind::NotAGroup
            | ProblemKind::TooManyEntities(_)
            | ProblemKind::ArchiveBroken
            | ProblemKind::ArchiveLocked
            | ProblemKind::ArchiveTooMany(_)
            | ProblemKind::ArchiveTooLarge(_)
            | ProblemKind::ArchiveEscapes(_) => Severity::Error,
            ProblemKind::NoGeometry(_)
            | ProblemKind::LinksNotFetched(_)
            | ProblemKind::OverlaysOutlined(_)
            | ProblemKind::BodiesFlattened(_)
            | ProblemKind::PartDropped
            | ProblemKind::PointsRepeated(_)
            | ProblemKind::SpikesRemoved(_)
            | ProblemKind::RingsTurned
            | ProblemKind::RingsTangled(_)
            | ProblemKind::CrossesItself(_)
            | ProblemKind::ColumnsTaken(_)
            | ProblemKind::RingsRegrouped
            | ProblemKind::FieldRenamed(_)
            | ProblemKind::RowsDeleted(_)
            | ProblemKind::OnPaper(_)
            | ProblemKind::EntitiesHidden(_)
            | ProblemKind::RingClosed
            | ProblemKind::HeightDropped(_)
            | ProblemKind::NumberRounded
            | ProblemKind::ReferenceRecognised(_)
            | ProblemKind::EncodingRecognised(_) => Severity::Note,
            _ => Severity::Warning,
        }
    }

    /// Its word in machine-readable output.
    pub fn code(&self) -> &'static str {
        match self {
            ProblemKind::Syntax => "syntax",
            ProblemKind::Truncated => "truncated",
            ProblemKind::TooDeep => "too_deep",
            ProblemKind::NotAFeature => "not_a_feature",
            ProblemKind::NoGeometry(_) => "no_geometry",
            ProblemKind::EmptyGeometry => "empty_geometry",
            ProblemKind::UnknownGeometry(_) => "unknown_geometry",
            ProblemKind::MalformedGeometry => "malformed_geometry",
            ProblemKind::NotFinite => "not_finite",
            ProblemKind::OutsideReference => "outside_reference",
            ProblemKind::TooFewPoints => "too_few_points",
            ProblemKind::RingClosed => "ring_closed",
            ProblemKind::HeightDropped(_) => "height_dropped",
            ProblemKind::NumberRounded => "number_rounded",
            ProblemKind::DuplicateId(_) => "duplicate_id",
            ProblemKind::ReferenceUnsupported(_) => "reference_unsupported",
            ProblemKind::ReferenceLinked(_) => "reference_linked",
            ProblemKind::ReferenceContradicted(_) => "reference_contradicted",
            ProblemKind::ReferenceRecognised(_) => "reference_recognised",
            ProblemKind::ReferenceUntransformed(_) => "reference_untransformed",
            ProblemKind::ReferenceUnknown => "reference_unknown",
            ProblemKind::AxesSwapped => "axes_swapped",
            ProblemKind::FarFromWuxi => "far_from_wuxi",
            ProblemKind::EncodingRecognised(_) => "encoding_recognised",
            ProblemKind::EncodingBroken(_) => "encoding_broken",
            ProblemKind::ArchiveBroken => "archive_broken",
            ProblemKind::ArchiveLocked => "archive_locked",
            ProblemKind::ArchiveTooMany(_) => "archive_too_many",
            ProblemKind::ArchiveTooLarge(_) => "archive_too_large",
            ProblemKind::ArchiveEscapes(_) => "archive_escapes",
            ProblemKind::SideFileMissing(_) => "side_file_missing",
            ProblemKind::SideFileBroken(_) => "side_file_broken",
            ProblemKind::WordsAstray(_) => "words_astray",
            ProblemKind::RowsDeleted(_) => "rows_deleted",
            ProblemKind::CountsDiffer(_) => "counts_differ",
            ProblemKind::NotAGroup => "not_a_group",
            ProblemKind::EntityUnknown(_) => "entity_unknown",
            ProblemKind::OnPaper(_) => "on_paper",
            ProblemKind::EntitiesHidden(_) => "entities_hidden",
            ProblemKind::BlockMissing(_) => "block_missing",
            ProblemKind::BlockInItself(_) => "block_in_itself",
            ProblemKind::BlocksTooDeep(_) => "blocks_too_deep",
            ProblemKind::TooManyEntities(_) => "too_many_entities",
            ProblemKind::NotAnArea => "not_an_area",
            ProblemKind::DatabaseBroken(_) => "database_broken",
            ProblemKind::TooManyRows(_) => "too_many_rows",
            ProblemKind::FieldRenamed(_) => "field_renamed",
            ProblemKind::TextCut(_) => "text_cut",
            ProblemKind::ShapeNotHeld(_) => "shape_not_held",
            ProblemKind::StatedAreaDiffers(_) => "stated_area_differs",
            ProblemKind::StatedCountDiffers(_) => "stated_count_differs",
            ProblemKind::RingsRegrouped => "rings_regrouped",
            ProblemKind::LineNotUnderstood => "line_not_understood",
            ProblemKind::NoCoordinates => "no_coordinates",
            ProblemKind::ColumnsTaken(_) => "columns_taken",
            ProblemKind::CoordinateNotRead(_) => "coordinate_not_read",
            ProblemKind::FieldsLeftOut(_) => "fields_left_out",
            ProblemKind::TableBroken(_) => "table_broken",
            ProblemKind::CellsBeyondHead => "cells_beyond_head",
            ProblemKind::CrossesItself(_) => "crosses_itself",
            ProblemKind::RingsTangled(_) => "rings_tangled",
            ProblemKind::PartDropped => "part_dropped",
            ProblemKind::CornerWordsLeft(_) => "corner_words_left",
            ProblemKind::MeasuresDropped(_) => "measures_dropped",
            ProblemKind::PartsLeftOut(_) => "parts_left_out",
            ProblemKind::FarFromOthers => "far_from_others",
            ProblemKind::PointsRepeated(_) => "points_repeated",
            ProblemKind::SpikesRemoved(_) => "spikes_removed",
            ProblemKind::RingsTurned => "rings_turned",
            ProblemKind::FaultsKept(_) => "faults_kept",
            ProblemKind::NotRepairable => "not_repairable",
            ProblemKind::XmlEntities => "xml_entities",
            ProblemKind::XmlBroken => "xml_broken",
            ProblemKind::OverlaysOutlined(_) => "overlays_outlined",
            ProblemKind::BodiesFlattened(_) => "bodies_flattened",
            ProblemKind::LinksNotFetched(_) => "links_not_fetched",
            ProblemKind::LettersDropped(_) => "letters_dropped",
            ProblemKind::BufferBroken => "buffer_broken",
            ProblemKind::LooksShifted(_) => "looks_shifted",
            ProblemKind::LooksMoved(_) => "looks_moved",
            ProblemKind::SystemNotHeld(_) => "system_not_held",
            ProblemKind::Further(_) => "further",
        }
    }

    /// The name, system or count it speaks of; empty when there is none.
    pub fn subject(&self) -> String {
        match self {
            ProblemKind::NoGeometry(count)
            | ProblemKind::HeightDropped(count)
            | ProblemKind::TooManyRows(count)
            | ProblemKind::PointsRepeated(count)
            | ProblemKind::RowsDeleted(count)
            | ProblemKind::MeasuresDropped(count)
            | ProblemKind::SpikesRemoved(count)
            | ProblemKind::OnPaper(count)
            | ProblemKind::EntitiesHidden(count)
            | ProblemKind::BlocksTooDeep(count)
            | ProblemKind::TooManyEntities(count)
            | ProblemKind::LinksNotFetched(count)
            | ProblemKind::OverlaysOutlined(count)
            | ProblemKind::BodiesFlattened(count)
            | ProblemKind::Further(count) => count.to_string(),
            ProblemKind::UnknownGeometry(name)
            | ProblemKind::DuplicateId(name)
            | ProblemKind::ReferenceUnsupported(name)
            | ProblemKind::ReferenceLinked(name)
            | ProblemKind::ReferenceUntransformed(name)
            | ProblemKind::ReferenceContradicted(name)
            | ProblemKind::ReferenceRecognised(name)
            | ProblemKind::EncodingRecognised(name)
            | ProblemKind::ArchiveTooLarge(name)
            | ProblemKind::ArchiveEscapes(name)
            | ProblemKind::SideFileMissing(name)
            | ProblemKind::SideFileBroken(name)
            | ProblemKind::WordsAstray(name)
            | ProblemKind::CountsDiffer(name)
            | ProblemKind::DatabaseBroken(name)
            | ProblemKind::FieldRenamed(name)
            | ProblemKind::TextCut(name)
            | ProblemKind::ShapeNotHeld(name)
            | ProblemKind::StatedAreaDiffers(name)
            | ProblemKind::StatedCountDiffers(name)
            | ProblemKind::ColumnsTaken(name)
            | ProblemKind::CoordinateNotRead(name)
            | ProblemKind::EntityUnknown(name)
            | ProblemKind::BlockMissing(name)
            | ProblemKind::BlockInItself(name)
            | ProblemKind::FieldsLeftOut(name)
            | ProblemKind::TableBroken(name)
            | ProblemKind::CrossesItself(name)
            | ProblemKind::RingsTangled(name)
            | ProblemKind::FaultsKept(name)
            | ProblemKind::CornerWordsLeft(name)
            | ProblemKind::PartsLeftOut(name)
            | ProblemKind::LettersDropped(name)
            | ProblemKind::LooksShifted(name)
            | ProblemKind::LooksMoved(name)
            | ProblemKind::SystemNotHeld(name)
            | ProblemKind::EncodingBroken(name) => name.clone(),
            _ => String::new(),
        }
    }
}

/// Something wrong and its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// What.
    #[serde(flatten)]
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
}

impl Problem {
    /// A problem of the whole file.
    pub fn of_file(kind: ProblemKind) -> Self {
        Problem { kind, place: Place::default() }
    }
}

/// Most problems that are listed one by one.
const MOST: usize = 500;

/// Collects problems; counts those beyond the first five hundred.
#[derive(Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    further: usize,
}

impl Problems {
    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        if self.listed.len() < MOST || problem.kind.severity() == Severity::Error {
            self.listed.push(problem);
        } else {
            self.further += 1;
        }
    }

    /// The list, each place naming the layer.
    pub fn finish_layer(self, name: &str) -> Vec<Problem> {
        let mut listed = self.finish();
        listed.iter_mut().for_each(|problem| name.clone_into(&mut problem.place.layer));
        listed
    }

    /// The list, ended by a count of those left out.
    pub fn finish(mut self) -> Vec<Problem> {
        if self.further > 0 {
            self.listed.push(Problem::of_file(ProblemKind::Further(self.further)));
        }
        self.listed
    }
}
