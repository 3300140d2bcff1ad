//! Bytes to layers and back. Never opens a file itself.
//!
//! Reading returns what could be read plus a list of problems with their places; it fails only when nothing was there.
//! Each format has one reader, `fn read(&Input, &ReadOptions)` for bytes or `fn read(TextInput, &ReadOptions)` for
//! text, which builds [`raw::RawLayer`]s in the coordinates of the file, and perhaps a writer,
//! `fn write(&[WriteLayer], &Target)`, which returns whole files.

mod adopt;
mod archive;
mod bytes;
mod charset;
mod dxf;
mod evidence;
mod fit;
mod flatgeobuf;
pub mod geojson;
mod geopackage;
mod gpx;
mod json;
mod kml;
mod likely;
mod problem;
mod progress;
mod raw;
mod reading;
mod recognise;
mod reference;
mod repair;
mod rings;
mod shapefile;
mod site;
mod slight;
mod survey;
pub mod table;
mod tabular;
mod topojson;
mod wkb;
mod wkt;
mod writing;
mod xml;

pub use adopt::{adopt, assign, matches};
pub use evidence::{Certainty, Evidence, Reason};
pub use fit::fit;
pub use likely::likely;
pub use problem::{Place, Problem, ProblemKind, Problems, Severity};
pub use progress::{Loop, Progress};
pub use reading::{FieldType, FormatError, Input, Likely, Original, ReadLayer, ReadOptions, Reading, SideFile};
pub use recognise::{Format, Looks};
pub use reference::How;
pub use repair::{faulty, repair, repair_originals};
pub use shapefile::SIDES as SHAPEFILE_SIDES;
pub use site::{ProjectRow, names_project_kind, projects, site_of, sites};
pub use writing::{Target, WriteError, WriteLayer, Written, WrittenFile, system_written, write};

/// A text with how its encoding became known.
#[derive(Debug)]
pub(crate) struct TextInput<'a> {
    name: &'a str,
    text: &'a str,
    encoding: (String, How),
    /// What was wrong with the encoding; the reader adds its own.
    problems: Problems,
}

/// Whether a field of this name tells to which plot a corner belongs.
pub fn names_plot(name: &str) -> bool {
    tabular::is_of_plot(name)
}

/// Reads a file of any known format; `name` is its file stem. The format is told by the content, not by the name.
pub fn read(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Reading, FormatError> {
    read_input(&Input::alone(name, bytes), options)
}

/// Reads a file of any known format with its side files.
pub fn read_input(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    if input.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormatError::Empty);
    }
    let reading = read_known(input, options);
    // what was cut short is not what the file holds
    if options.progress.is_cancelled() { Err(FormatError::Cancelled) } else { reading }
}

fn read_known(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    match recognise::binary(input)? {
        Some(Format::Shapefile) => shapefile::read(input, options),
        Some(Format::ZippedShapefile) => shapefile::read_zipped(input, options),
        Some(Format::FlatGeobuf) => flatgeobuf::read(input, options),
        Some(Format::Kmz) => kml::read_zipped(input, options),
        Some(Format::Xlsx) => tabular::read_workbook(input, options),
        Some(Format::GeoPackage) => geopackage::read(input, options),
        Some(Format::Dxf) => dxf::read(input, options),
        Some(other) => Err(FormatError::NoReader(other)),
        None => read_text(input, options),
    }
}

fn read_text(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = Problems::default();
    // a word of another encoding before text that is plainly UTF-8 is a mistake
    let is_plain = std::str::from_utf8(input.bytes).is_ok_and(|text| !text.is_ascii());
    let told = options.encoding.clone().or_else(|| xml::encoding(input.bytes).filter(|_| !is_plain));
    let (text, encoding) = charset::decode(input.bytes, told.as_deref(), &options.progress, &mut problems)?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(FormatError::Empty);
    }
    let format = recognise::text(&text).map_err(FormatError::Unrecognised)?;
    let input = TextInput { name: input.name, text: &text, encoding, problems };
    match format {
        Format::GeoJson => geojson::read(input, options),
        Format::Survey => survey::read(input, options),
        Format::Csv => tabular::read_text(input, options),
        Format::Kml => kml::read(input, options),
        Format::Gpx => gpx::read(input, options),
        Format::TopoJson => topojson::read(input, options),
        other => Err(FormatError::NoReader(other)),
    }
}

#[cfg(test)]
mod tests;
