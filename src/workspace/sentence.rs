//! Failures with files as sentences: what happened, where, what to do. The faces put the path before them.

use crate::format::{FormatError, Problem, Reason, WriteError};
use crate::storage::atlas::AtlasError;
use crate::storage::file::{FileError, FileReason};
use crate::storage::layer::OpenError;
use crate::text::{Text, fill};

/// A problem in a file with its place.
pub fn problem(text: &Text, problem: &Problem) -> String {
    let words = &text.format;
    let code = problem.kind.code();
    let subject = problem.kind.subject();
    let sentence = words.problem.get(code).map_or(code, String::as_str);
    let mut places = Vec::new();
    if !problem.place.layer.is_empty() {
        places.push(problem.place.layer.clone());
    }
    if let Some(number) = problem.place.feature {
        places.push(fill(&words.of_feature, &[("n", &number.to_string())]));
    }
    if let Some(line) = problem.place.line {
        places.push(fill(&words.of_line, &[("n", &line.to_string())]));
    }
    if !problem.place.path.is_empty() {
        places.push(problem.place.path.clone());
    }
    let sentence = fill(sentence, &[("subject", &subject)]);
    if places.is_empty() { sentence } else { format!("{}: {sentence}", places.join(", ")) }
}

/// What speaks for or against a reference system.
pub fn reason(text: &Text, reason: &Reason) -> String {
    let (code, subject) = reason.code();
    let sentence = text.format.reason.get(code).map_or(code, String::as_str);
    fill(sentence, &[("subject", &subject)])
}

/// Why a file could not be read or written, without its path.
pub fn file_reason(text: &Text, reason: &FileReason) -> String {
    let words = &text.format.file;
    match reason {
        FileReason::Missing => words.missing.clone(),
        FileReason::Denied => words.denied.clone(),
        FileReason::Folder => words.folder.clone(),
        FileReason::Special => words.special.clone(),
        FileReason::TooLarge(bytes) => {
            let size = format!("{:.2} GB", *bytes as f64 / f64::from(1 << 30));
            fill(&words.too_large, &[("size", &size)])
        }
        FileReason::NoSpace => words.no_space.clone(),
        FileReason::ReadOnly => words.read_only.clone(),
        FileReason::Cancelled => text.format.cancelled.clone(),
        FileReason::Other(reason) => fill(&words.other, &[("reason", reason)]),
    }
}

/// Why a file could not be read or written.
pub fn file_error(text: &Text, error: &FileError) -> String {
    format!("{}: {}", error.path.display(), file_reason(text, &error.reason))
}

/// Why bytes could not be read as a layer, without the path.
pub fn format_reason(text: &Text, error: &FormatError) -> String {
    let words = &text.format;
    match error {
        FormatError::Empty => words.empty.clone(),
        FormatError::Unrecognised(looks) => {
            let code = format!("{looks:?}").to_lowercase();
            let looks = words.looks.get(&code).map_or(code.as_str(), String::as_str);
            fill(&words.unrecognised, &[("looks", looks)])
        }
        FormatError::NoReader(format) => fill(&words.no_reader, &[("format", format.name())]),
        FormatError::NotGeoJson(kind) => fill(&words.not_geojson, &[("type", kind)]),
        FormatError::Unreadable(found) => fill(&words.unreadable, &[("problem", &problem(text, found))]),
        FormatError::Cancelled => words.cancelled.clone(),
        FormatError::UnknownEncoding(name) => fill(&words.unknown_encoding, &[("name", name)]),
    }
}

/// Why a data set could not be opened.
pub fn open_error(text: &Text, error: &OpenError) -> String {
    match error {
        OpenError::File(error) => file_error(text, error),
        OpenError::Format { path, reason } => format!("{path}: {}", format_reason(text, reason)),
    }
}

/// Why a data set could not be written.
pub fn write_error(text: &Text, error: &WriteError) -> String {
    let words = &text.format.write;
    match error {
        WriteError::Unwritable(format) => fill(&words.unwritable, &[("format", format.name())]),
        WriteError::Outside { code, reason } => {
            fill(&words.outside, &[("reference", code), ("reason", &reason.to_string())])
        }
        WriteError::NoWay(Some(code)) => fill(&words.no_way, &[("reference", code)]),
        WriteError::NoWayTo(code) => fill(&words.no_way_to, &[("reference", code)]),
        WriteError::OnlyPlanes => words.only_planes.clone(),
        WriteError::NoWay(None) => words.no_way_unknown.clone(),
        WriteError::OnlyDegrees(format) => fill(&words.only_degrees, &[("format", format.name())]),
        WriteError::UnknownEncoding(name) => fill(&text.format.unknown_encoding, &[("name", name)]),
        WriteError::TooLarge(what) => fill(&words.too_large, &[("what", what)]),
    }
}

/// Why an atlas could not be opened.
pub fn atlas_error(text: &Text, error: &AtlasError) -> String {
    match error {
        AtlasError::Open(error) => open_error(text, error),
        AtlasError::Text { file, reason } => format!("{file}: {reason}"),
        AtlasError::Broken { file, problem: found } => {
            format!("{file}: {}", fill(&text.format.broken_layer, &[("problem", &problem(text, found))]))
        }
        AtlasError::Outside(name) => fill(&text.format.outside_folder, &[("name", name)]),
    }
}

/// Why there is no sheet.
#[cfg(feature = "publish")]
pub fn sheet_error(text: &Text, error: &crate::report::SheetError) -> String {
    use crate::report::{SheetError, TypesetError};
    let words = &text.sheet.error;
    match error {
        SheetError::Nothing(name) => fill(&words.nothing, &[("words", name)]),
        SheetError::Outside => words.outside.clone(),
        SheetError::Scale(scale) => fill(&words.scale, &[("n", &scale.to_string())]),
        SheetError::Resolution(dpi) => fill(&words.dpi, &[("n", &dpi.to_string())]),
        SheetError::Typeset(TypesetError::Template(reason)) => fill(&words.template, &[("reason", reason)]),
        SheetError::Typeset(TypesetError::TooLarge { megapixels, most_dpi }) => {
            fill(&words.too_large, &[("megapixels", &megapixels.to_string()), ("dpi", &most_dpi.to_string())])
        }
    }
}

/// Why there is no report.
#[cfg(feature = "publish")]
pub fn report_error(text: &Text, error: &crate::report::siting::ReportError) -> String {
    use crate::report::siting::{MOST_SITES, ReportError};
    match error {
        ReportError::TooMany(count) => {
            let values = [("most", &*MOST_SITES.to_string()), ("n", &*count.to_string())];
            fill(&text.report.error.too_many, &values)
        }
        ReportError::Written(reason) => reason.clone(),
        ReportError::Typeset(error) => sheet_error(text, &crate::report::SheetError::Typeset(error.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Looks, Place, ProblemKind};
    use crate::text::Language;

    #[test]
    fn every_problem_and_look_has_its_sentence_in_both_languages() {
        let kinds = [
            ProblemKind::Syntax,
            ProblemKind::Truncated,
            ProblemKind::TooDeep,
            ProblemKind::NotAFeature,
            ProblemKind::NoGeometry(1),
            ProblemKind::EmptyGeometry,
            ProblemKind::UnknownGeometry("x".into()),
            ProblemKind::MalformedGeometry,
            ProblemKind::NotFinite,
            ProblemKind::OutsideReference,
            ProblemKind::TooFewPoints,
            ProblemKind::RingClosed,
            ProblemKind::OverlaysOutlined(1),
            ProblemKind::BodiesFlattened(1),
            ProblemKind::WordsAstray("x".into()),
            ProblemKind::HeightDropped(1),
            ProblemKind::NumberRounded,
            ProblemKind::DuplicateId("x".into()),
            ProblemKind::ReferenceUnsupported("x".into()),
            ProblemKind::ReferenceLinked("x".into()),
            ProblemKind::ReferenceContradicted("x".into()),
            ProblemKind::ReferenceRecognised("x".into()),
            ProblemKind::ReferenceUntransformed("x".into()),
            ProblemKind::ReferenceUnknown,
            ProblemKind::AxesSwapped,
            ProblemKind::FarFromWuxi,
            ProblemKind::EncodingRecognised("x".into()),
            ProblemKind::EncodingBroken("x".into()),
            ProblemKind::ArchiveBroken,
            ProblemKind::ArchiveLocked,
            ProblemKind::ArchiveTooMany(1),
            ProblemKind::ArchiveTooLarge("x".into()),
            ProblemKind::ArchiveEscapes("x".into()),
            ProblemKind::SideFileMissing("x".into()),
            ProblemKind::SideFileBroken("x".into()),
            ProblemKind::RowsDeleted(1),
            ProblemKind::CountsDiffer("x".into()),
            ProblemKind::NotAGroup,
            ProblemKind::EntityUnknown("x".into()),
            ProblemKind::OnPaper(1),
            ProblemKind::EntitiesHidden(1),
            ProblemKind::BlockMissing("x".into()),
            ProblemKind::BlockInItself("x".into()),
            ProblemKind::BlocksTooDeep(1),
            ProblemKind::TooManyEntities(1),
            ProblemKind::NotAnArea,
            ProblemKind::DatabaseBroken("x".into()),
            ProblemKind::TooManyRows(1),
            ProblemKind::FieldRenamed("x".into()),
            ProblemKind::TextCut("x".into()),
            ProblemKind::ShapeNotHeld("x".into()),
            ProblemKind::StatedAreaDiffers("x".into()),
            ProblemKind::StatedCountDiffers("x".into()),
            ProblemKind::RingsRegrouped,
            ProblemKind::LineNotUnderstood,
            ProblemKind::NoCoordinates,
            ProblemKind::ColumnsTaken("x".into()),
            ProblemKind::CoordinateNotRead("x".into()),
            ProblemKind::FieldsLeftOut("x".into()),
            ProblemKind::TableBroken("x".into()),
            ProblemKind::CellsBeyondHead,
            ProblemKind::CrossesItself("x".into()),
            ProblemKind::RingsTangled("x".into()),
            ProblemKind::PartDropped,
            ProblemKind::PointsRepeated(1),
            ProblemKind::CornerWordsLeft("x".into()),
            ProblemKind::MeasuresDropped(1),
            ProblemKind::PartsLeftOut("x".into()),
            ProblemKind::FarFromOthers,
            ProblemKind::SpikesRemoved(1),
            ProblemKind::RingsTurned,
            ProblemKind::FaultsKept("x".into()),
            ProblemKind::NotRepairable,
            ProblemKind::XmlEntities,
            ProblemKind::XmlBroken,
            ProblemKind::LinksNotFetched(1),
            ProblemKind::LettersDropped("x".into()),
            ProblemKind::BufferBroken,
            ProblemKind::LooksShifted("x".into()),
            ProblemKind::LooksMoved("x".into()),
            ProblemKind::SystemNotHeld("x".into()),
            ProblemKind::Further(1),
        ];
        let looks = [
            Looks::Zip,
            Looks::Xml,
            Looks::Sqlite,
            Looks::Shapefile,
            Looks::Dwg,
            Looks::Pdf,
            Looks::Picture,
            Looks::Text,
            Looks::Binary,
        ];
        for language in [Language::Zh, Language::En] {
            let text = Text::of(language);
            assert_eq!(text.format.problem.len(), kinds.len());
            for kind in &kinds {
                assert!(text.format.problem.contains_key(kind.code()), "{}", kind.code());
            }
            for look in looks {
                let sentence = format_reason(text, &FormatError::Unrecognised(look));
                assert!(!sentence.contains(&format!("({})", format!("{look:?}").to_lowercase())), "{sentence}");
            }
        }
    }

    #[test]
    fn a_problem_names_its_place_first() {
        let found = Problem {
            kind: ProblemKind::NotFinite,
            place: Place {
                feature: Some(3),
                line: Some(7),
                path: "geometry.coordinates[0]".into(),
                ..Place::default()
            },
        };
        let sentence = problem(Text::of(Language::En), &found);
        assert!(sentence.starts_with("feature 3, line 7, geometry.coordinates[0]: "), "{sentence}");
    }
}
