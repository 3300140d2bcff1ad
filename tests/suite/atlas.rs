//! The bundled atlas is what its authored tables say, and holds what it promises.

use geo::{Contains, Coord};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/wuxi")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

fn rebuilt() -> BTreeMap<String, Vec<u8>> {
    redline_atlas::drafting::build(&files(&home().join("source"))).unwrap()
}

/// With `REBUILD_ATLAS=1` the files are written instead.
#[test]
fn the_atlas_is_what_its_tables_say() {
    let drawn = rebuilt();
    if std::env::var_os("REBUILD_ATLAS").is_some() {
        for (name, bytes) in &drawn {
            std::fs::write(home().join(name), bytes).unwrap();
        }
    }
    let kept = files(&home());
    assert_eq!(kept.keys().collect::<Vec<_>>(), drawn.keys().collect::<Vec<_>>());
    for (name, bytes) in &drawn {
        same(name, std::str::from_utf8(bytes).unwrap(), std::str::from_utf8(&kept[name]).unwrap());
    }
}

/// The same text, but numbers may differ by 2e-7: the last decimal hangs on the machine's rounding.
fn same(name: &str, drawn: &str, kept: &str) {
    if drawn == kept {
        return;
    }
    let split = |text: &str| -> Vec<String> {
        text.split_inclusive(|letter: char| ",[]{}:\n ".contains(letter)).map(str::to_owned).collect()
    };
    let (drawn, kept) = (split(drawn), split(kept));
    assert_eq!(drawn.len(), kept.len(), "{name}: another number of words");
    for (a, b) in drawn.iter().zip(&kept) {
        let number = |word: &str| word.trim_end_matches([',', '[', ']', '{', '}', ':', '\n', ' ']).parse::<f64>();
        let near = matches!((number(a), number(b)), (Ok(a), Ok(b)) if (a - b).abs() <= 2e-7);
        assert!(a == b || near, "{name}: {a} is kept as {b}");
    }
}

/// A feature of a committed layer: its properties and its shape.
struct Thing {
    properties: serde_json::Map<String, serde_json::Value>,
    shape: geo::Geometry,
}

impl Thing {
    fn text(&self, field: &str) -> &str {
        self.properties.get(field).and_then(serde_json::Value::as_str).unwrap_or_default()
    }
    fn flag(&self, field: &str) -> bool {
        self.properties[field].as_bool().unwrap()
    }
    fn line(&self) -> &[Coord] {
        match &self.shape {
            geo::Geometry::LineString(line) => &line.0,
            other => panic!("{}: not a line: {other:?}", self.text("id")),
        }
    }
    fn polygon(&self) -> &geo::Polygon {
        match &self.shape {
            geo::Geometry::Polygon(polygon) => polygon,
            other => panic!("{}: not a polygon: {other:?}", self.text("id")),
        }
    }
    fn starts(&self) -> Coord {
        self.line()[0]
    }
    fn ends(&self) -> Coord {
        *self.line().last().unwrap()
    }
}

fn layer(theme: &str) -> Vec<Thing> {
    let text = std::fs::read_to_string(home().join(format!("{theme}.geojson"))).unwrap();
    let collection: geojson::FeatureCollection = text.parse().unwrap();
    let thing = |feature: geojson::Feature| Thing {
        shape: geo::Geometry::try_from(feature.geometry.unwrap()).unwrap(),
        properties: feature.properties.unwrap(),
    };
    collection.features.into_iter().map(thing).collect()
}

/// Lakes and the Yangtze.
fn basins() -> Vec<Thing> {
    let mut basins = layer("lakes");
    basins.extend(layer("yangtze"));
    basins
}

fn on_shore(basin: &Thing, at: Coord) -> bool {
    let polygon = basin.polygon();
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).any(|ring| ring.0.contains(&at))
}

fn apart_from_edge(at: Coord, from: Coord, to: Coord) -> f64 {
    let flat = |c: Coord| Coord { x: c.x * 94_990.0, y: c.y * 110_870.0 };
    let (p, a, b) = (flat(at), flat(from), flat(to));
    let square = (b.x - a.x).powi(2) + (b.y - a.y).powi(2);
    let share = (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / square.max(1e-9)).clamp(0.0, 1.0);
    (p.x - a.x - share * (b.x - a.x)).hypot(p.y - a.y - share * (b.y - a.y))
}

fn apart_from_line(at: Coord, line: &[Coord]) -> f64 {
    line.windows(2).map(|edge| apart_from_edge(at, edge[0], edge[1])).fold(f64::INFINITY, f64::min)
}

#[test]
fn the_waters_are_as_many_as_the_plan_counts() {
    for (theme, count) in
        [("districts", 7), ("yangtze", 1), ("rivers", 161), ("black_odour_waters", 38), ("monitoring_sections", 45)]
    {
        let ids: BTreeSet<String> = layer(theme).iter().map(|thing| thing.text("id").to_owned()).collect();
        assert_eq!(ids.len(), count, "{theme}");
    }
    let codes: Vec<String> = layer("rivers").iter().map(|river| river.text("code").to_owned()).collect();
    assert_eq!(codes, (1..=161).map(|number| format!("WX-R-{number:03}")).collect::<Vec<_>>());
}

#[test]
fn rivers_that_cross_share_a_vertex() {
    let rivers = layer("rivers");
    let bounds = |line: &[Coord]| {
        line.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |[w, s, e, n], at| {
            [w.min(at.x), s.min(at.y), e.max(at.x), n.max(at.y)]
        })
    };
    let meet = |a: [f64; 4], b: [f64; 4]| a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
    let side = |a: Coord, b: Coord, c: Coord| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    for (number, one) in rivers.iter().enumerate() {
        for other in &rivers[number + 1..] {
            if !meet(bounds(one.line()), bounds(other.line())) {
                continue;
            }
            for a in one.line().windows(2) {
                for b in other.line().windows(2) {
                    if !meet(bounds(a), bounds(b)) || a.iter().any(|vertex| b.contains(vertex)) {
                        continue;
                    }
                    let crosses = side(a[0], a[1], b[0]) * side(a[0], a[1], b[1]) < 0.0
                        && side(b[0], b[1], a[0]) * side(b[0], b[1], a[1]) < 0.0;
                    assert!(!crosses, "{} and {} cross at {:?}", one.text("name"), other.text("name"), a[0]);
                }
            }
        }
    }
}

#[test]
fn every_river_ends_where_it_says() {
    let (rivers, basins) = (layer("rivers"), basins());
    let by_id: BTreeMap<&str, &Thing> = rivers.iter().map(|river| (river.text("id"), river)).collect();
    for river in &rivers {
        let name = river.text("name");
        match river.text("flows_to") {
            "" => assert!(river.flag("leaves_city") || river.flag("dead_end"), "{name} ends nowhere"),
            id => match by_id.get(id) {
                Some(next) => assert!(next.line().contains(&river.ends()), "{name} misses {id}"),
                None => {
                    let basin = basins.iter().find(|basin| basin.text("id") == id).unwrap();
                    assert!(on_shore(basin, river.ends()), "{name} ends off the shore of {id}");
                }
            },
        }
        // Downstream, every water comes to a lake, the Yangtze, the border or a dead end.
        let (mut at, mut steps) = (river, 0);
        while let Some(next) = by_id.get(at.text("flows_to")) {
            (at, steps) = (next, steps + 1);
            assert!(steps < rivers.len(), "{name} flows in a circle");
        }
    }
    assert_eq!(rivers.iter().filter(|river| river.flag("inflow_taihu")).count(), 13);
}

#[test]
fn the_rivers_are_one_network_joined_through_lakes_and_the_yangtze() {
    let (rivers, basins) = (layer("rivers"), basins());
    let key = |at: &Coord| (at.x.to_bits(), at.y.to_bits());
    let mut holders: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
    for (number, river) in rivers.iter().enumerate() {
        for at in river.line() {
            holders.entry(key(at)).or_default().push(number);
        }
    }
    let mut group: Vec<usize> = (0..rivers.len() + basins.len()).collect();
    fn root(group: &[usize], mut member: usize) -> usize {
        while group[member] != member {
            member = group[member];
        }
        member
    }
    let mut join = |a: usize, b: usize| {
        let (a, b) = (root(&group, a), root(&group, b));
        group[a] = b;
    };
    for shared in holders.values() {
        shared.windows(2).for_each(|pair| join(pair[0], pair[1]));
    }
    for (number, river) in rivers.iter().enumerate() {
        for (place, basin) in basins.iter().enumerate() {
            if on_shore(basin, river.starts()) || on_shore(basin, river.ends()) {
                join(number, rivers.len() + place);
            }
        }
    }
    let roots: BTreeSet<usize> = (0..rivers.len()).map(|number| root(&group, number)).collect();
    assert_eq!(roots.len(), 1);
}

#[test]
fn rivers_keep_to_the_city_and_out_of_the_lakes() {
    let (districts, basins) = (layer("districts"), basins());
    for river in layer("rivers").iter().chain(&layer("black_odour_waters")) {
        for edge in river.line().windows(2) {
            assert!(edge[0].x.is_finite() && edge[0].y.is_finite());
            let middle = Coord { x: (edge[0].x + edge[1].x) / 2.0, y: (edge[0].y + edge[1].y) / 2.0 };
            let inside = districts.iter().any(|district| district.polygon().contains(&middle));
            let near =
                || districts.iter().any(|district| apart_from_line(middle, &district.polygon().exterior().0) < 10.0);
            assert!(inside || near(), "{} outside at {middle:?}", river.text("name"));
            for basin in &basins {
                assert!(!basin.polygon().contains(&middle), "{} in {}", river.text("name"), basin.text("name"));
            }
        }
    }
}

#[test]
fn things_on_rivers_are_vertices_of_them() {
    let rivers = layer("rivers");
    let line_of = |thing: &Thing| {
        let id = thing.text("river").to_owned();
        rivers.iter().find(|river| river.text("id") == id).map(|river| river.line().to_vec())
    };
    for theme in ["monitoring_sections", "outfalls"] {
        for thing in layer(theme) {
            let geo::Geometry::Point(at) = thing.shape else { panic!("not a point") };
            match line_of(&thing) {
                Some(line) => assert!(line.contains(&at.0), "{}", thing.text("id")),
                None => assert!(basins().iter().any(|basin| basin.polygon().contains(&at)), "{}", thing.text("id")),
            }
        }
    }
    for thing in layer("black_odour_waters") {
        assert!(line_of(&thing).unwrap().contains(&thing.ends()), "{}", thing.text("id"));
    }
}

/// Positions of towns from GeoNames, published lengths: an oracle outside the tables of courses.
#[test]
fn main_courses_run_where_they_really_run() {
    let rivers = layer("rivers");
    let river = |name: &str| rivers.iter().find(|river| river.text("name") == name).unwrap();
    for (name, towns) in [
        ("京杭大运河", &[("洛社", 120.18232, 31.64436), ("望亭", 120.44092, 31.4401)][..]),
        ("锡澄运河", &[("南闸", 120.24105, 31.85529), ("月城", 120.23837, 31.81231), ("青阳", 120.25188, 31.76525)]),
        ("伯渎港", &[("坊前", 120.38016, 31.55744), ("梅村", 120.43023, 31.54623)]),
        ("应天河", &[("云亭", 120.33741, 31.86441)]),
        ("九里河", &[("安镇", 120.46988, 31.61012)]),
        ("南溪河", &[("徐舍", 119.65073, 31.39606)]),
        ("桃溪河", &[("张渚", 119.62868, 31.2682)]),
        ("锡溧漕河", &[("和桥", 119.88457, 31.48475), ("屺亭", 119.86013, 31.43677)]),
    ] {
        for (town, x, y) in towns {
            let apart = apart_from_line(Coord { x: *x, y: *y }, river(name).line());
            assert!(apart < 2_500.0, "{name} passes {town} at {apart:.0} m");
        }
    }
    for (name, kilometres) in [("京杭大运河", 41.5), ("梁溪河", 5.5), ("长广溪", 10.0)] {
        let drawn = river(name).properties["length_km"].as_f64().unwrap();
        assert!((drawn / kilometres - 1.0).abs() < 0.2, "{name}: {drawn} km");
    }
}
