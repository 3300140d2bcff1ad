//! Which columns of a table hold positions? Told by their names, Chinese or English, else by their values.

use super::angle::coordinate;
use crate::format::reference::Range;
use crate::format::wkt;
use crate::geometry::System;
use geo::Coord;

/// Columns by their places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    pub(super) shape: Shape,
    /// Number of a corner, ring and plot, where the rows are corners of areas.
    pub(super) corner: Option<usize>,
    /// Whether plain numbers are degrees, minutes and seconds behind one point.
    pub(super) is_packed: bool,
    pub(super) ring: Option<usize>,
    pub(super) plot: Option<usize>,
    /// The system of a web map that the names of the position's columns tell.
    pub(super) web_map: Option<WebMap>,
}

/// Systems of web maps, as columns are named after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WebMap {
    Gcj02,
    Bd09,
}

impl WebMap {
    pub(super) fn system(self) -> System {
        match self {
            WebMap::Gcj02 => System::gcj02(),
            WebMap::Bd09 => System::bd09(),
        }
    }

    /// The system that a plain name tells, and the rest of the name.
    fn of(name: &str) -> Option<(WebMap, String)> {
        let words = [
            ("gcj-02", WebMap::Gcj02),
            ("gcj02", WebMap::Gcj02),
            ("gcj", WebMap::Gcj02),
            ("火星", WebMap::Gcj02),
            ("高德", WebMap::Gcj02),
            ("腾讯", WebMap::Gcj02),
            ("amap", WebMap::Gcj02),
            ("bd-09", WebMap::Bd09),
            ("bd09ll", WebMap::Bd09),
            ("bd09", WebMap::Bd09),
            ("百度", WebMap::Bd09),
            ("baidu", WebMap::Bd09),
        ];
        let (word, system) = words.into_iter().find(|(word, _)| name.contains(word))?;
        let rest = name.replace(word, "").replace("坐标系", "").replace("地图", "");
        Some((system, rest.trim_matches(['_', '-', '.']).to_owned()))
    }
}

/// Where the shape of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shape {
    /// Nowhere.
    #[default]
    None,
    /// Well-known text in this column.
    Text(usize),
    /// Longitude or easting, then latitude or northing; perhaps the height.
    Position(usize, usize, Option<usize>),
}

const EAST: &[&str] = &[
    "lon",
    "lng",
    "long",
    "longitude",
    "经度",
    "东经",
    "中心经度",
    "地理经度",
    "经度e",
    "wgs84经度",
    "x_lon",
    "point_x",
    "east",
    "easting",
    "东坐标",
    "东向坐标",
    "横坐标",
    "e坐标",
    "gps_lon",
    "lon_dd",
    "xcoord",
    "coord_x",
];
const NORTH: &[&str] = &[
    "lat",
    "latitude",
    "纬度",
    "北纬",
    "中心纬度",
    "地理纬度",
    "纬度n",
    "wgs84纬度",
    "y_lat",
    "point_y",
    "north",
    "northing",
    "北坐标",
    "北向坐标",
    "纵坐标",
    "n坐标",
    "gps_lat",
    "lat_dd",
    "ycoord",
    "coord_y",
];
// a surveyor's X is the northing, a mapper's the easting: the ranges tell
const X: &[&str] = &["x", "x坐标", "坐标x", "x轴", "x值"];
const Y: &[&str] = &["y", "y坐标", "坐标y", "y轴", "y值"];
const HEIGHT: &[&str] = &["z", "高程", "海拔", "elevation", "height", "altitude", "ele", "z坐标", "h"];
const TEXT: &[&str] = &["wkt", "geom", "geometry", "the_geom", "wkt_geom", "几何", "图形", "坐标串", "geometry_wkt"];
const CORNER: &[&str] = &[
    "点号",
    "界址点",
    "界址点号",
    "拐点",
    "拐点号",
    "拐点编号",
    "顶点",
    "顶点号",
    "角点",
    "corner",
    "vertex",
    "vertex_index",
    "point_no",
];
const RING: &[&str] = &["圈号", "地块圈号", "ring", "part"];
const PLOT: &[&str] = &[
    "地块编号",
    "地块号",
    "地块名称",
    "地块",
    "地块编码",
    "宗地号",
    "宗地代码",
    "图斑号",
    "图斑编号",
    "区块",
    "区块编号",
    "项目编号",
    "项目名称",
    "矿区编号",
    "plot",
    "parcel",
    "polygon",
    "polygon_id",
    "plot_id",
    "dkbh",
    "dkmc",
];

/// Whether a column of this name tells to which plot a corner belongs.
pub(in crate::format) fn is_of_plot(name: &str) -> bool {
    PLOT.contains(&&*plain(name))
}

/// A name without blanks, case, units in brackets and wide letters.
fn plain(name: &str) -> String {
    let narrow = name.chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '【' => '[',
        other => other,
    });
    let narrow: String = narrow.collect::<String>().to_lowercase();
    let cut = narrow.split(['(', '[', '/']).next().unwrap_or_default();
    cut.chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{feff}').collect()
}

impl Columns {
    /// Finds the columns by their names.
    pub(super) fn of_names(head: &[String]) -> Columns {
        let told = |name: &String| match WebMap::of(name) {
            Some((system, rest)) => (rest, Some(system)),
            None => (name.clone(), None),
        };
        let (names, web_maps): (Vec<String>, Vec<Option<WebMap>>) = head.iter().map(|name| told(&plain(name))).unzip();
        // the names in the order of their worth
        let find = |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        let shape = match (find(TEXT), find(EAST).zip(find(NORTH)), find(X).zip(find(Y))) {
            (_, Some((east, north)), _) | (None, None, Some((east, north))) => {
                Shape::Position(east, north, find(HEIGHT))
            }
            (Some(text), ..) => Shape::Text(text),
            _ => Shape::None,
        };
        let web_map = match shape {
            Shape::Position(east, north, _) => {
                let of = |place: usize| web_maps.get(place).copied().flatten();
                of(east).filter(|system| of(north) == Some(*system))
            }
            _ => None,
        };
        let is_packed = match shape {
            Shape::Position(east, north, _) => [east, north].iter().all(|place| {
                let name = head.get(*place).map_or(String::new(), |name| name.to_lowercase());
                name.contains("度分秒") || name.contains("dms") || name.contains("d.ms") || name.contains("ddd.mmss")
            }),
            _ => false,
        };
        Columns { shape, is_packed, corner: find(CORNER), ring: find(RING), plot: find(PLOT), web_map }
    }

    /// Finds the columns by their values, where the names say nothing: well-known text, or a pair of columns whose
    /// values all lie in one range of China's systems.
    pub(super) fn of_values(rows: &[Vec<String>]) -> Columns {
        let rows: Vec<&Vec<String>> =
            rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        let sample: Vec<&&Vec<String>> = rows.iter().take(200).collect();
        let width = sample.iter().map(|row| row.len()).max().unwrap_or_default().min(200);
        let cell =
            |row: &Vec<String>, place: usize| row.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let is_text = |place: usize| sample.iter().all(|row| wkt::is_shape(&cell(row, place)));
        if !sample.is_empty()
            && let Some(place) = (0..width).find(|place| is_text(*place))
        {
            return Columns { shape: Shape::Text(place), ..Columns::default() };
        }
        let numbers: Vec<Option<Vec<f64>>> = (0..width)
            .map(|place| sample.iter().map(|row| coordinate(&cell(row, place))).collect::<Option<Vec<f64>>>())
            .collect();
        let in_china = |at: Coord| match Range::of(at) {
            Range::Degrees => (73.0..136.0).contains(&at.x) && (3.0..54.0).contains(&at.y),
            Range::Unknown => false,
            _ => true,
        };
        for first in 0..width {
            for second in first + 1..width {
                let (Some(Some(a)), Some(Some(b))) = (numbers.get(first), numbers.get(second)) else { continue };
                if !a.is_empty() && a.iter().zip(b).all(|(x, y)| in_china(Coord { x: *x, y: *y })) {
                    return Columns { shape: Shape::Position(first, second, None), ..Columns::default() };
                }
            }
        }
        Columns::default()
    }

    /// Whether a column only serves to place the shape.
    pub(super) fn is_spent(&self, place: usize) -> bool {
        match self.shape {
            Shape::Text(text) => place == text,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_named_after_a_web_map_tell_its_system() {
        let names = ["名称", "GCJ02经度", "GCJ02纬度"];
        assert_eq!((of(&names).shape, of(&names).web_map), (Shape::Position(1, 2, None), Some(WebMap::Gcj02)));
        let names = ["百度_lng", "百度_lat"];
        assert_eq!((of(&names).shape, of(&names).web_map), (Shape::Position(0, 1, None), Some(WebMap::Bd09)));
        assert_eq!(of(&["经度", "纬度"]).web_map, None);
    }

    fn of(names: &[&str]) -> Columns {
        Columns::of_names(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_known_in_both_languages() {
        assert_eq!(of(&["名称", "经度(°)", "纬度(°)"]).shape, Shape::Position(1, 2, None));
        assert_eq!(of(&["Lat", "LON", "高程"]).shape, Shape::Position(1, 0, Some(2)));
        assert_eq!(of(&["点号", "X", "Y"]).shape, Shape::Position(1, 2, None));
        assert_eq!(of(&["点号", "Ｘ坐标（m）", "Ｙ坐标（m）"]).corner, Some(0));
        assert_eq!(of(&["id", "WKT"]).shape, Shape::Text(1));
        assert_eq!(of(&["断面", "氨氮"]), Columns::default());
    }

    #[test]
    fn values_tell_where_names_do_not() {
        let rows = |rows: &[[&str; 3]]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
        };
        let shape = |cells: &[[&str; 3]]| Columns::of_values(&rows(cells)).shape;
        assert_eq!(shape(&[["甲", "120.3", "31.5"], ["乙", "120.4", "31.6"]]), Shape::Position(1, 2, None));
        assert_eq!(shape(&[["1", "3494211.7", "40528479.5"]]), Shape::Position(1, 2, None));
        assert_eq!(shape(&[["甲", "POINT (1 2)", ""]]), Shape::Text(1));
        assert_eq!(shape(&[["甲", "12.5", "7.1"]]), Shape::None);
    }
}
