//! ESRI Shapefiles with their side files, alone or in a ZIP archive, to layers and back.

mod dbf;
mod memo;
mod patch;
mod shape;
mod table;
mod write;

pub(super) use write::{write, write_zipped};

use super::archive::Archive;
use super::bytes::{u32_at, u32_be_at};
use super::raw::{Depth, RawLayer, number_rows};
use super::reference::Declared;
use super::{
    Format, FormatError, How, Input, Place, Problem, ProblemKind, Problems, ReadLayer, ReadOptions, Reading, SideFile,
};
use rayon::prelude::*;
use shape::Record;
use table::Table;

/// Endings of the files that belong to a Shapefile and are read with it.
pub const SIDES: [&str; 6] = ["shx", "dbf", "prj", "cpg", memo::ENDINGS[0], memo::ENDINGS[1]];

/// The kind of records that hold surfaces of solid bodies.
const PATCH: u32 = 31;
/// Length of the head, of the index too.
const HEAD: usize = 100;

/// Reads a Shapefile.
pub(super) fn read(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = Problems::default();
    let layer = layer(input, options, &mut problems)?;
    Ok(Reading { format: Format::Shapefile, layers: vec![layer], problems: problems.finish() })
}

/// Reads the Shapefiles in an archive, each with the files of its name beside it.
pub(super) fn read_zipped(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let unreadable = |kind| FormatError::Unreadable(Box::new(Problem::of_file(kind)));
    let mut archive = Archive::open(input.bytes).map_err(unreadable)?;
    let entries = archive.entries().to_vec();
    let mains: Vec<_> = entries.iter().filter(|entry| entry.ending() == "shp").collect();
    let (mut layers, mut problems) = (Vec::new(), Vec::new());
    for (number, main) in mains.iter().enumerate() {
        let options = &options.nth(number, mains.len());
        let stem = main.stem().to_lowercase();
        let bytes = archive.read(main).map_err(unreadable)?;
        let mut sides: Vec<(String, Vec<u8>)> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.stem().to_lowercase() == stem) {
            let ending = entry.ending();
            if SIDES.contains(&&*ending) && !sides.iter().any(|(known, _)| *known == ending) {
                sides.push((ending, archive.read(entry).map_err(unreadable)?));
            }
        }
        let sides: Vec<SideFile> = sides.iter().map(|(ending, bytes)| SideFile { ending, bytes }).collect();
        let base = |stem: &str| stem.rsplit('/').next().unwrap_or_default().to_owned();
        let is_twin = mains.iter().any(|other| other.name != main.name && base(other.stem()) == base(main.stem()));
        // two of one name in different folders are told apart by these
        let name = &*if is_twin { main.stem().to_owned() } else { base(main.stem()) };
        let mut own = Problems::default();
        layers.push(layer(&Input { name, bytes: &bytes, sides: &sides }, options, &mut own)?);
        problems.extend(if mains.len() == 1 { own.finish() } else { own.finish_layer(name) });
    }
    Ok(Reading { format: Format::ZippedShapefile, layers, problems })
}

fn layer(input: &Input, options: &ReadOptions, problems: &mut Problems) -> Result<ReadLayer, FormatError> {
    let bytes = input.bytes;
    if bytes.len() < HEAD {
        return Err(FormatError::Unreadable(Box::new(Problem::of_file(ProblemKind::Truncated))));
    }
    let mut raw = RawLayer::new(input.name);
    let mut table = match input.side("dbf") {
        None => {
            problems.add(Problem::of_file(ProblemKind::SideFileMissing("dbf".into())));
            None
        }
        Some(table) => {
            let memo = memo::ENDINGS.iter().find_map(|ending| Some((*ending, input.side(ending)?)));
            Table::open(table, input.side("cpg"), memo, options)?
        }
    };
    if let (None, Some(_)) = (&table, input.side("dbf")) {
        problems.add(Problem::of_file(ProblemKind::SideFileBroken("dbf".into())));
    }
    let (records, is_whole) = records(input, problems);
    let count = records.len();
    let bodies = records.iter().filter(|content| u32_at(content, 0) == Some(PATCH)).count();
    if bodies > 0 {
        problems.add(Problem::of_file(ProblemKind::BodiesFlattened(bodies)));
    }
    let progress = options.parsing();
    let (first, second) = (progress.part(0.0, 0.6), progress.part(0.6, 1.0));
    let pieces = first.over(count);
    let read = |(number, content): (usize, &&[u8])| {
        if pieces.goes_on(number) { shape::record(content) } else { Record::Null }
    };
    let records: Vec<Record> = records.par_iter().enumerate().map(read).collect();
    let mut shapes = records.into_iter();
    let rows = table.as_ref().map_or(count, Table::len);
    let mut deleted = 0;
    let pieces = second.over(rows.max(count));
    for index in 0..rows.max(count) {
        if !pieces.goes_on(index) {
            break;
        }
        let record = shapes.next().unwrap_or(Record::Null);
        if table.as_ref().is_some_and(|table| table.is_deleted(index)) {
            deleted += 1;
            continue;
        }
        let values = table.as_ref().map(|table| table.values(index)).unwrap_or_default();
        let number = raw.features.len() + 1;
        let mut tell = |kinds: Vec<ProblemKind>| {
            let place = Place { feature: Some(number), ..Place::default() };
            kinds.into_iter().for_each(|kind| problems.add(Problem { kind, place: place.clone() }));
        };
        let (shape, depth) = match record {
            Record::Null => (None, Depth::default()),
            Record::Shape(shape, depth, told) => {
                tell(told);
                (Some(shape), depth)
            }
            Record::Lost(told) => {
                raw.lost += 1;
                tell(told);
                (None, Depth::default())
            }
        };
        raw.push(shape, depth, values);
    }
    raw.has_ids = number_rows(&mut raw.features);
    if let Some(table) = table.take() {
        tell_table(&table, count, is_whole, problems);
        raw.schema = table.schema();
        raw.encoding = table.known;
    }
    if deleted > 0 {
        problems.add(Problem::of_file(ProblemKind::RowsDeleted(deleted)));
    }
    raw.declared = input.side("prj").and_then(|definition| {
        let (definition, ..) = super::charset::decode_text(definition, None).ok()?;
        (!definition.trim().is_empty()).then(|| Declared::of(&definition))
    });
    Ok(raw.finish(options, problems))
}

fn tell_table(table: &Table, records: usize, is_whole: bool, problems: &mut Problems) {
    if table.len() < table.claimed {
        let path = "dbf".to_owned();
        problems.add(Problem { kind: ProblemKind::Truncated, place: Place { path, ..Place::default() } });
    } else if is_whole && table.len() != records {
        problems.add(Problem::of_file(ProblemKind::CountsDiffer(format!("{records} / {}", table.len()))));
    }
    if let Some(ending) = table.missing_memo() {
        problems.add(Problem::of_file(ProblemKind::SideFileMissing(ending.into())));
    }
    if let Some(memo) = table.memo.as_ref().filter(|memo| memo.is_broken.get()) {
        problems.add(Problem::of_file(ProblemKind::WordsAstray(memo.ending().into())));
    }
    let name = table.known.0.clone();
    if table.is_contradicted || (table.known.1 == How::Recognised && name != "UTF-8") {
        problems.add(Problem::of_file(ProblemKind::EncodingRecognised(name.clone())));
    }
    if table.is_broken.get() {
        problems.add(Problem::of_file(ProblemKind::EncodingBroken(name)));
    }
}

/// The contents of the records, in their order, and whether the file was whole: by the index, when it fits, else one
/// after the other.
fn records<'a>(input: &Input<'a>, problems: &mut Problems) -> (Vec<&'a [u8]>, bool) {
    let bytes = input.bytes;
    let claimed = u32_be_at(bytes, 24).map_or(0, |words| words as usize).saturating_mul(2);
    let is_cut = claimed > bytes.len();
    if is_cut {
        problems.add(Problem::of_file(ProblemKind::Truncated));
    }
    let indexed = input.side("shx").map(|index| by_index(bytes, index));
    if let Some(Some(records)) = indexed {
        return (records, !is_cut);
    }
    if indexed.is_some() {
        problems.add(Problem::of_file(ProblemKind::SideFileBroken("shx".into())));
    }
    let mut records = Vec::new();
    let mut at = HEAD;
    let mut is_whole = true;
    // what follows the length in the head is no record, but a head may say too little
    while at < bytes.len() && (at < claimed || is_record(bytes, at, records.len())) {
        let content = u32_be_at(bytes, at + 4).and_then(|words| {
            let end = (at + 8).checked_add((words as usize).checked_mul(2)?)?;
            bytes.get(at + 8..end)
        });
        let Some(content) = content.filter(|content| content.len() >= 4) else {
            is_whole = false;
            break;
        };
        at += 8 + content.len();
        records.push(content);
    }
    if !is_whole && !is_cut {
        problems.add(Problem::of_file(ProblemKind::Truncated));
    }
    (records, is_whole && !is_cut)
}

fn is_record(bytes: &[u8], at: usize, before: usize) -> bool {
    let number = u32_be_at(bytes, at).map(|number| number as usize);
    let length = u32_be_at(bytes, at + 4).map(|words| (words as usize).saturating_mul(2));
    number == Some(before + 1) && length.is_some_and(|length| length >= 4 && length <= bytes.len() - at)
}

/// The records by their index; `None` when it does not fit the file.
fn by_index<'a>(bytes: &'a [u8], index: &[u8]) -> Option<Vec<&'a [u8]>> {
    if u32_be_at(index, 0) != Some(9994) {
        return None;
    }
    let entries = index.get(HEAD..)?;
    // an index that was cut must not hide records
    if entries.len() % 8 != 0 || u32_be_at(index, 24).is_some_and(|words| (words as usize) * 2 != index.len()) {
        return None;
    }
    let mut records = Vec::with_capacity(entries.len() / 8);
    let mut covered = HEAD;
    for entry in entries.chunks_exact(8) {
        let start = (u32_be_at(entry, 0)? as usize).checked_mul(2)?;
        let length = (u32_be_at(entry, 4)? as usize).checked_mul(2)?;
        if start < HEAD || u32_be_at(bytes, start + 4)? as usize * 2 != length || length < 4 {
            return None;
        }
        u32_at(bytes, start + 8)?;
        records.push(bytes.get(start + 8..(start + 8).checked_add(length)?)?);
        covered = covered.max(start + 8 + length);
    }
    // records that the index does not know of
    if covered < bytes.len() && is_record(bytes, covered, records.len()) { None } else { Some(records) }
}
