//! A layer as triangles, line points and markers, at five levels of detail, in chunks with f32 near their own origin.
//!
//! Built on a worker thread, uploaded once; knows symbols only as numbers into a table.

use crate::atlas::Layer;
use crate::geometry::mercator;
use bytemuck::{Pod, Zeroable};
use geo::{Coord, Geometry, LineString, Polygon, Simplify};
use i_triangle::float::triangulatable::Triangulatable;
use std::collections::HashMap;

/// Tolerance (Web Mercator metres) and cell size of each level.
pub const LEVELS: [(f64, f64); 5] =
    [(0.0, 5_000.0), (2.5, 10_000.0), (10.0, 40_000.0), (40.0, 160_000.0), (150.0, 640_000.0)];

/// An area less than this many tolerances across is shown as its marker, when it has one.
const MARKED: f64 = 25.0;

/// Marks a point from which no segment is drawn: it only tells its neighbours how the line goes on.
pub const PEN_UP: u32 = 1 << 31;

/// A corner of a triangle, or a marker: metres from the origin of its chunk, and its symbol.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Corner {
    /// East and north of the chunk's origin.
    pub at: [f32; 2],
    /// Place in the table of symbols.
    pub symbol: u32,
}

/// A point of a line.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct LinePoint {
    /// East and north of the chunk's origin; not a number where a line ends.
    pub at: [f32; 2],
    /// Metres from the start of the line, for dashes.
    pub along: f32,
    /// True width in metres; 0 where only the symbol's width counts.
    pub width: f32,
    /// Place in the table of symbols, with [`PEN_UP`].
    pub symbol: u32,
}

/// What lies in one cell of a level.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Web Mercator position that the numbers count from.
    pub origin: [f64; 2],
    /// Box of the content, Web Mercator: west, south, east, north.
    pub bounds: [f64; 4],
    /// Corners of the triangles.
    pub corners: Vec<Corner>,
    /// Three a triangle.
    pub indices: Vec<u32>,
    /// Points of all lines; begins with one and ends with two that are not numbers.
    pub line: Vec<LinePoint>,
    /// Points.
    pub markers: Vec<Corner>,
}

/// A layer ready for drawing.
#[derive(Debug, Default)]
pub struct LayerMesh {
    /// One list of chunks a level.
    pub levels: [Vec<Chunk>; 5],
}

/// How one feature is drawn: its symbol and, for lines, its true width in metres.
#[derive(Debug, Clone, Copy)]
pub struct Dress {
    /// Place in the table of symbols.
    pub symbol: u32,
    /// True width of a line, metres on the ground; 0 when unknown.
    pub width: f32,
    /// Whether an area too small to be seen is shown as a marker.
    pub has_marker: bool,
}

impl LayerMesh {
    /// The level that is fine enough at so many metres a pixel.
    pub fn level_for(metres_per_pixel: f64) -> usize {
        LEVELS.iter().rposition(|(tolerance, _)| *tolerance <= 0.6 * metres_per_pixel).unwrap_or(0)
    }

    /// Builds all levels; `dress` says how a feature is drawn, or that it is not.
    pub fn build(layer: &Layer, dress: impl Fn(u32) -> Option<Dress>) -> Self {
        let shapes = (0_u32..).zip(layer.features()).filter_map(|(index, feature)| {
            let shape = feature.shape.as_ref()?;
            Some((dress(index)?, shape))
        });
        Self::of_shapes(shapes)
    }

    /// Builds all levels of these shapes (degrees).
    pub fn of_shapes<'a>(shapes: impl Iterator<Item = (Dress, &'a Geometry)>) -> Self {
        let mut parts = Parts::default();
        for (dress, shape) in shapes {
            parts.add(dress, shape);
        }
        let mut mesh = Self::default();
        for (level, (tolerance, cell)) in mesh.levels.iter_mut().zip(LEVELS) {
            let mut cells = Cells { cell, chunks: HashMap::new() };
            for (dress, polygon) in &parts.polygons {
                cells.polygon(*dress, polygon, tolerance);
            }
            for (dress, line) in &parts.lines {
                cells.line(*dress, &simplified_line(line, tolerance), false);
            }
            for (dress, point) in &parts.points {
                cells.marker(*dress, *point);
            }
            *level = cells.finish();
        }
        mesh
    }

    /// Corners and line points of all levels.
    pub fn vertices(&self) -> usize {
        self.levels.iter().flatten().map(|chunk| chunk.corners.len() + chunk.line.len() + chunk.markers.len()).sum()
    }
}

/// Shapes taken apart, in Web Mercator.
#[derive(Default)]
struct Parts {
    polygons: Vec<(Dress, Polygon)>,
    lines: Vec<(Dress, LineString)>,
    points: Vec<(Dress, Coord)>,
}

impl Parts {
    fn add(&mut self, dress: Dress, shape: &Geometry) {
        match shape {
            Geometry::Point(point) => self.point(dress, point.0),
            Geometry::MultiPoint(points) => points.iter().for_each(|point| self.point(dress, point.0)),
            Geometry::Line(edge) => self.line(dress, &LineString::new(vec![edge.start, edge.end])),
            Geometry::LineString(line) => self.line(dress, line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.line(dress, line)),
            Geometry::Polygon(polygon) => self.polygon(dress, polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.polygon(dress, polygon)),
            Geometry::Rect(rect) => self.polygon(dress, &rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(dress, &triangle.to_polygon()),
            Geometry::GeometryCollection(shapes) => shapes.iter().for_each(|shape| self.add(dress, shape)),
        }
    }

    fn point(&mut self, dress: Dress, point: Coord) {
        if finite(point) {
            self.points.push((dress, mercator(point)));
        }
    }

    fn line(&mut self, dress: Dress, line: &LineString) {
        let line = on_plane(line);
        if line.0.len() > 1 {
            self.lines.push((dress, line));
        }
    }

    fn polygon(&mut self, dress: Dress, polygon: &Polygon) {
        let outside = on_plane(polygon.exterior());
        if outside.0.len() > 3 {
            let holes = polygon.interiors().iter().map(on_plane).filter(|hole| hole.0.len() > 3).collect();
            self.polygons.push((dress, Polygon::new(outside, holes)));
        }
    }
}

fn finite(point: Coord) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

fn on_plane(line: &LineString) -> LineString {
    let mut points: Vec<Coord> = line.0.iter().copied().filter(|point| finite(*point)).map(mercator).collect();
    points.dedup();
    LineString::new(points)
}

/// Douglas–Peucker; a line never loses its ends.
fn simplified_line(line: &LineString, tolerance: f64) -> LineString {
    if tolerance > 0.0 { line.simplify(tolerance) } else { line.clone() }
}

/// A ring that would vanish is kept as its box, so that a small plot remains a dot on the map of the city.
fn simplified_ring(ring: &LineString, tolerance: f64) -> LineString {
    let simple = simplified_line(ring, tolerance);
    if simple.0.len() > 3 {
        return simple;
    }
    match geo::BoundingRect::bounding_rect(ring) {
        Some(bounds) => bounds.to_polygon().exterior().clone(),
        None => ring.clone(),
    }
}

struct Cells {
    cell: f64,
    chunks: HashMap<(i64, i64), Chunk>,
}

impl Cells {
    fn at(&mut self, point: Coord) -> ((i64, i64), &mut Chunk) {
        let key = ((point.x / self.cell).floor() as i64, (point.y / self.cell).floor() as i64);
        let cell = self.cell;
        let chunk = self.chunks.entry(key).or_insert_with(|| Chunk {
            origin: [(key.0 as f64 + 0.5) * cell, (key.1 as f64 + 0.5) * cell],
            bounds: [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY],
            ..Chunk::default()
        });
        (key, chunk)
    }

    fn marker(&mut self, dress: Dress, point: Coord) {
        let (_, chunk) = self.at(point);
        chunk.cover(point);
        let at = chunk.relative(point);
        chunk.markers.push(Corner { at, symbol: dress.symbol });
    }

    fn polygon(&mut self, dress: Dress, polygon: &Polygon, tolerance: f64) {
        if let (true, Some(bounds)) = (dress.has_marker, geo::BoundingRect::bounding_rect(polygon))
            && bounds.width().max(bounds.height()) < MARKED * tolerance
        {
            return self.marker(dress, bounds.center());
        }
        let outside = simplified_ring(polygon.exterior(), tolerance);
        let holes = polygon.interiors().iter().map(|hole| simplified_line(hole, tolerance));
        let holes: Vec<LineString> = holes.filter(|hole| hole.0.len() > 3).collect();
        self.triangles(dress, &outside, &holes);
        for ring in std::iter::once(&outside).chain(&holes) {
            self.line(dress, ring, true);
        }
    }

    /// Each triangle goes to the cell of its middle, so that a giant polygon is drawn in parts.
    fn triangles(&mut self, dress: Dress, outside: &LineString, holes: &[LineString]) {
        let (points, indices) = triangulate(outside, holes);
        let mut placed: HashMap<((i64, i64), u32), u32> = HashMap::new();
        for triangle in indices.chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|corner| triangle.get(corner).copied().unwrap_or(0));
            let corners = [a, b, c].map(|index| points.get(index as usize).copied().unwrap_or_default());
            let middle = Coord {
                x: corners.iter().map(|corner| corner.x).sum::<f64>() / 3.0,
                y: corners.iter().map(|corner| corner.y).sum::<f64>() / 3.0,
            };
            let (key, chunk) = self.at(middle);
            for (index, point) in [a, b, c].into_iter().zip(corners) {
                let number = *placed.entry((key, index)).or_insert_with(|| {
                    chunk.cover(point);
                    let at = chunk.relative(point);
                    chunk.corners.push(Corner { at, symbol: dress.symbol });
                    (chunk.corners.len() - 1) as u32
                });
                chunk.indices.push(number);
            }
        }
    }

    /// Cuts a line into runs, one a cell; each run knows the point before and the one after it, for its joins.
    fn line(&mut self, dress: Dress, line: &LineString, closed: bool) {
        let points = &line.0;
        let count = points.len();
        if count < 2 {
            return;
        }
        let before_first = closed.then(|| points.get(count.wrapping_sub(2)).copied()).flatten();
        let after_last = closed.then(|| points.get(1).copied()).flatten();
        let mut along = 0.0;
        let mut run: Option<(i64, i64)> = None;
        for (number, pair) in points.windows(2).enumerate() {
            let [start, end] = pair else { continue };
            let middle = Coord { x: (start.x + end.x) / 2.0, y: (start.y + end.y) / 2.0 };
            let before = if number == 0 { before_first } else { points.get(number - 1).copied() };
            let after = points.get(number + 2).copied().or(after_last);
            let (key, chunk) = self.at(middle);
            if run != Some(key) {
                if let Some(before) = before {
                    chunk.push(before, along, dress, true);
                }
                chunk.push(*start, along, dress, false);
                run = Some(key);
            }
            along += (end.x - start.x).hypot(end.y - start.y);
            let next_stays = points.get(number + 2).is_some_and(|next| {
                let ahead = Coord { x: (end.x + next.x) / 2.0, y: (end.y + next.y) / 2.0 };
                let cell = self.cell;
                ((ahead.x / cell).floor() as i64, (ahead.y / cell).floor() as i64) == key
            });
            let (_, chunk) = self.at(middle);
            chunk.push(*end, along, dress, !next_stays);
            if !next_stays {
                if let Some(after) = after {
                    chunk.push(after, along, dress, true);
                }
                chunk.lift();
                run = None;
            }
        }
    }

    fn finish(self) -> Vec<Chunk> {
        let mut chunks: Vec<((i64, i64), Chunk)> = self.chunks.into_iter().collect();
        chunks.sort_by_key(|(key, _)| *key);
        let mut chunks: Vec<Chunk> = chunks.into_iter().map(|(_, chunk)| chunk).collect();
        for chunk in &mut chunks {
            if !chunk.line.is_empty() {
                chunk.lift();
            }
        }
        chunks
    }
}

impl Chunk {
    fn relative(&self, point: Coord) -> [f32; 2] {
        let [x, y] = self.origin;
        [(point.x - x) as f32, (point.y - y) as f32]
    }

    fn cover(&mut self, point: Coord) {
        let [west, south, east, north] = self.bounds;
        self.bounds = [west.min(point.x), south.min(point.y), east.max(point.x), north.max(point.y)];
    }

    fn push(&mut self, point: Coord, along: f64, dress: Dress, pen_up: bool) {
        if self.line.is_empty() {
            self.lift();
        }
        self.cover(point);
        let symbol = dress.symbol | if pen_up { PEN_UP } else { 0 };
        let at = self.relative(point);
        self.line.push(LinePoint { at, along: along as f32, width: dress.width, symbol });
    }

    /// Ends the line.
    fn lift(&mut self) {
        self.line.push(LinePoint { at: [f32::NAN; 2], along: 0.0, width: 0.0, symbol: PEN_UP });
    }
}

/// Triangles of a polygon, any winding, crossings allowed; the points are Web Mercator.
pub fn triangulate(outside: &LineString, holes: &[LineString]) -> (Vec<Coord>, Vec<u32>) {
    let Some(first) = outside.0.first().copied() else { return (Vec::new(), Vec::new()) };
    // Outside counter-clockwise and holes clockwise: holes that turn the other way would be filled.
    let contour = |ring: &LineString, clockwise: bool| -> Vec<[f64; 2]> {
        let open = ring.0.split_last().map_or(&[][..], |(_, rest)| rest);
        let mut points: Vec<[f64; 2]> = open.iter().map(|point| [point.x - first.x, point.y - first.y]).collect();
        let turned: f64 = ring.lines().map(|edge| edge.start.x * edge.dy() - edge.start.y * edge.dx()).sum();
        if (turned < 0.0) != clockwise {
            points.reverse();
        }
        points
    };
    let holes = holes.iter().map(|hole| contour(hole, true));
    let shape: Vec<Vec<[f64; 2]>> = std::iter::once(contour(outside, false)).chain(holes).collect();
    let triangulation = shape.triangulate().to_triangulation::<u32>();
    let points = triangulation.points.iter().map(|[x, y]| Coord { x: x + first.x, y: y + first.y }).collect();
    (points, triangulation.indices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, MultiPolygon};

    const PLAIN: Dress = Dress { symbol: 3, width: 0.0, has_marker: false };

    fn ring_with_hole() -> Polygon {
        let star: Vec<(f64, f64)> = (0..40)
            .map(|step| {
                let angle = f64::from(step) / 40.0 * std::f64::consts::TAU;
                let radius = if step % 2 == 0 { 0.3 } else { 0.2 };
                (120.1 + radius * angle.cos(), 31.4 + radius * angle.sin())
            })
            .collect();
        let hole = LineString::from(vec![(120.05, 31.35), (120.15, 31.35), (120.15, 31.45), (120.05, 31.45)]);
        let mut outside = LineString::from(star);
        outside.close();
        let mut hole = hole;
        hole.close();
        Polygon::new(outside, vec![hole])
    }

    fn area_of(chunks: &[Chunk]) -> f64 {
        let mut area = 0.0;
        for chunk in chunks {
            for triangle in chunk.indices.chunks_exact(3) {
                let [a, b, c] = [0, 1, 2].map(|i| chunk.corners[triangle[i] as usize].at.map(f64::from));
                area += ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() / 2.0;
            }
        }
        area
    }

    #[test]
    fn the_triangles_cover_the_polygon_once_at_every_level() {
        let polygon = ring_with_hole();
        let plane = Polygon::new(on_plane(polygon.exterior()), polygon.interiors().iter().map(on_plane).collect());
        let expected = plane.unsigned_area();
        let shape = Geometry::MultiPolygon(MultiPolygon(vec![polygon]));
        let mesh = LayerMesh::of_shapes(std::iter::once((PLAIN, &shape)));
        for (chunks, (tolerance, _)) in mesh.levels.iter().zip(LEVELS) {
            let allowed = 1e-5 + tolerance * 1e-4;
            assert!((area_of(chunks) / expected - 1.0).abs() < allowed, "{} for {expected}", area_of(chunks));
        }
        assert!(mesh.levels[0].len() > 10);
    }

    #[test]
    fn every_segment_is_drawn_once() {
        let polygon = ring_with_hole();
        let ring = on_plane(polygon.exterior());
        let expected: f64 = ring.lines().map(|edge| edge.dx().hypot(edge.dy())).sum();
        let mut cells = Cells { cell: 5_000.0, chunks: HashMap::new() };
        cells.line(PLAIN, &ring, true);
        let chunks = cells.finish();
        let drawn: f64 = chunks
            .iter()
            .flat_map(|chunk| chunk.line.windows(2))
            .filter(|pair| pair[0].symbol & PEN_UP == 0 && pair[0].at[0].is_finite() && pair[1].at[0].is_finite())
            .map(|pair| f64::from(pair[1].at[0] - pair[0].at[0]).hypot(f64::from(pair[1].at[1] - pair[0].at[1])))
            .sum();
        assert!((drawn / expected - 1.0).abs() < 1e-5, "{drawn} for {expected}");
    }

    #[test]
    fn a_small_plot_remains_a_dot_when_far_away() {
        let mut ring = LineString::from(vec![(120.1, 31.4), (120.1003, 31.4), (120.1003, 31.4003), (120.1, 31.4003)]);
        ring.close();
        let shape = Geometry::Polygon(Polygon::new(ring, vec![]));
        let mesh = LayerMesh::of_shapes(std::iter::once((PLAIN, &shape)));
        assert!(mesh.levels.iter().all(|chunks| area_of(chunks) > 0.0));
    }

    #[test]
    fn a_small_area_with_a_marker_is_a_marker_when_far_away() {
        let plot = geo::Rect::new(Coord { x: 120.1, y: 31.4 }, Coord { x: 120.101, y: 31.401 });
        let shape = Geometry::Rect(plot);
        let mesh = LayerMesh::of_shapes(std::iter::once((Dress { has_marker: true, ..PLAIN }, &shape)));
        let count = |level: usize| mesh.levels[level].iter().map(|chunk| chunk.markers.len()).sum::<usize>();
        assert_eq!((count(0), count(2), count(4)), (0, 1, 1));
        assert!(area_of(&mesh.levels[4]) == 0.0 && area_of(&mesh.levels[0]) > 0.0);
    }

    #[test]
    fn positions_that_are_no_numbers_are_left_out() {
        let line = Geometry::LineString(LineString::from(vec![(120.0, 31.0), (f64::NAN, 31.1), (120.2, 31.2)]));
        let point = Geometry::Point(geo::Point::new(f64::INFINITY, 31.0));
        let mesh = LayerMesh::of_shapes([(PLAIN, &line), (PLAIN, &point)].into_iter());
        assert_eq!(mesh.levels[4].len(), 1);
        assert!(mesh.levels[4][0].markers.is_empty());
    }
}
