//! Which format is it? Told by the content; the ending only chooses the format to write.

use super::{FormatError, Input, archive, dxf, survey, tabular, topojson, xml};
use serde::Serialize;

/// A format of files with layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// GeoJSON, also one feature a line or record.
    GeoJson,
    /// TopoJSON.
    TopoJson,
    /// ESRI Shapefile with its side files.
    Shapefile,
    /// Shapefiles in a ZIP archive.
    ZippedShapefile,
    /// OGC GeoPackage.
    GeoPackage,
    /// FlatGeobuf.
    FlatGeobuf,
    /// KML.
    Kml,
    /// KML in a ZIP archive.
    Kmz,
    /// GPX.
    Gpx,
    /// Text with separators and positions in columns.
    Csv,
    /// A workbook with positions in columns.
    Xlsx,
    /// The land office's text coordinates (勘测定界界址点坐标).
    Survey,
    /// AutoCAD's exchange format.
    Dxf,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 13] = [
        Format::GeoJson,
        Format::TopoJson,
        Format::Shapefile,
        Format::ZippedShapefile,
        Format::GeoPackage,
        Format::FlatGeobuf,
        Format::Kml,
        Format::Kmz,
        Format::Gpx,
        Format::Csv,
        Format::Xlsx,
        Format::Survey,
        Format::Dxf,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Format::GeoJson => "GeoJSON",
            Format::TopoJson => "TopoJSON",
            Format::Shapefile => "Shapefile",
            Format::ZippedShapefile => "Shapefile (ZIP)",
            Format::GeoPackage => "GeoPackage",
            Format::FlatGeobuf => "FlatGeobuf",
            Format::Kml => "KML",
            Format::Kmz => "KMZ",
            Format::Gpx => "GPX",
            Format::Csv => "CSV",
            Format::Xlsx => "XLSX",
            Format::Survey => "TXT",
            Format::Dxf => "DXF",
        }
    }

    /// The endings of its files, the usual one first; lower case.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Format::GeoJson => &["geojson", "json", "geojsonl", "geojsons", "ndjson", "jsonl"],
            Format::TopoJson => &["topojson"],
            Format::Shapefile => &["shp"],
            Format::ZippedShapefile => &["zip", "shz"],
            Format::GeoPackage => &["gpkg"],
            Format::FlatGeobuf => &["fgb"],
            Format::Kml => &["kml"],
            Format::Kmz => &["kmz"],
            Format::Gpx => &["gpx"],
            Format::Csv => &["csv", "tsv"],
            Format::Xlsx => &["xlsx"],
            Format::Survey => &["txt"],
            Format::Dxf => &["dxf"],
        }
    }

    /// The format that goes with the ending of a name.
    pub fn of_ending(ending: &str) -> Option<Format> {
        let ending = ending.to_ascii_lowercase();
        Format::ALL.into_iter().find(|format| format.endings().contains(&ending.as_str()))
    }

    /// Whether a file of it tells its reference system; where not, longitude and latitude are written.
    pub fn holds_reference(self) -> bool {
        matches!(
            self,
            Format::Shapefile | Format::ZippedShapefile | Format::GeoPackage | Format::FlatGeobuf | Format::Survey
        )
    }
}

/// What an unknown file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Looks {
    /// A ZIP archive without anything that can be read.
    Zip,
    /// XML of another kind.
    Xml,
    /// A SQLite database that is no GeoPackage.
    Sqlite,
    /// A side file of a Shapefile.
    Shapefile,
    /// An AutoCAD drawing.
    Dwg,
    /// A file geodatabase of ArcGIS.
    FileGdb,
    /// PDF.
    Pdf,
    /// A picture.
    Picture,
    /// Some text.
    Text,
    /// Anything else.
    Binary,
}

/// The format of bytes that are no text, or tell their encoding themselves; `None` when they may be another text.
pub(super) fn binary(input: &Input) -> Result<Option<Format>, FormatError> {
    let bytes = input.bytes;
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        archive::content(bytes)?.map(Some).ok_or(FormatError::Unrecognised(Looks::Zip))
    } else if starts(b"SQLite format 3\0") {
        Ok(Some(Format::GeoPackage))
    } else if starts(&[0, 0, 0x27, 0x0a]) {
        Ok(Some(Format::Shapefile))
    } else if starts(b"fgb\x03fgb") {
        Ok(Some(Format::FlatGeobuf))
    } else if starts(b"AutoCAD Binary DXF") || dxf::is_text(bytes) {
        Ok(Some(Format::Dxf))
    } else if starts(b"AC10") && bytes.get(4..6).is_some_and(|two| two.iter().all(u8::is_ascii_digit)) {
        Err(FormatError::Unrecognised(Looks::Dwg))
    } else if starts(b"%PDF") {
        Err(FormatError::Unrecognised(Looks::Pdf))
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"II*\0") || starts(b"MM\0*") {
        Err(FormatError::Unrecognised(Looks::Picture))
    } else {
        // UTF-16 has zero bytes as well, but says so by its mark
        let is_wide = starts(&[0xff, 0xfe]) || starts(&[0xfe, 0xff]);
        let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
        if !is_wide && head.contains(&0) { Err(FormatError::Unrecognised(Looks::Binary)) } else { Ok(None) }
    }
}

/// The format of a text.
pub(super) fn text(text: &str) -> Result<Format, Looks> {
    // its sections begin as a list of JSON does
    if survey::is_survey(text) {
        return Ok(Format::Survey);
    }
    match text.trim_start_matches(['\u{feff}', '\u{1e}', ' ', '\t', '\r', '\n']).chars().next() {
        Some('{') if topojson::is_topology(text) => Ok(Format::TopoJson),
        Some('{' | '[') => Ok(Format::GeoJson),
        Some('<') => match xml::root(text) {
            Some("kml") => Ok(Format::Kml),
            Some("gpx") => Ok(Format::Gpx),
            _ => Err(Looks::Xml),
        },
        _ if tabular::is_table(text) => Ok(Format::Csv),
        _ => Err(Looks::Text),
    }
}
