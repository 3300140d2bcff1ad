//! The land office's text of boundary points (勘测定界界址点坐标, 报盘 TXT) to layers and back.
//!
//! A head of `key=value` lines, then plots: a line that ends in `@` tells number of points, area in hectares, number,
//! name, kind, map sheet and use; each line after it a point: label, ring, X (north), Y (east).

mod read;
mod write;

pub(super) use read::{is_survey, read};
pub(super) use write::{system, write};

/// A family of Gauss–Krüger planes: how the file names its datum, the width of its zones, the number of its first
/// zone, and the EPSG codes of that zone with and without the zone number before the easting.
struct Family {
    datum: &'static str,
    /// Words that tell the datum in a file.
    words: &'static [&'static str],
    degrees: u32,
    first: u32,
    count: u32,
    zoned: u32,
    plain: u32,
}

const FAMILIES: [Family; 6] = [
    Family { degrees: 3, first: 25, count: 21, zoned: 4513, plain: 4534, ..CGCS2000 },
    CGCS2000,
    Family { degrees: 3, first: 25, count: 21, zoned: 2349, plain: 2370, ..XIAN1980 },
    XIAN1980,
    Family { degrees: 3, first: 25, count: 21, zoned: 2401, plain: 2422, ..BEIJING1954 },
    BEIJING1954,
];

const CGCS2000: Family = Family {
    datum: "2000国家大地坐标系",
    words: &["2000", "CGCS"],
    degrees: 6,
    first: 13,
    count: 11,
    zoned: 4491,
    plain: 4502,
};
const XIAN1980: Family =
    Family { datum: "1980西安坐标系", words: &["80", "西安"], zoned: 2327, plain: 2338, ..CGCS2000 };
const BEIJING1954: Family =
    Family { datum: "1954北京坐标系", words: &["54", "北京"], zoned: 21413, plain: 21453, ..CGCS2000 };
