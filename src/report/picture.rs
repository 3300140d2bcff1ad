//! The map figure as SVG in millimetres: layers in their symbols, sites, notes, names, kilometre grid, clipped to the
//! frame.

use super::label::{Labels, Spots, Wish, escaped};
use super::plane::{Plane, Spot};
use super::symbol;
use crate::atlas::{Feature, Layer, Site, Theme};
use crate::cartography::legend::{Class, LabelPlace, Legend, Rgb};
use crate::geometry::PlanePoint;
use geo::{Coord, Geometry, InteriorPoint, LineString, MultiPolygon, Polygon};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// Millimetres around the frame for the numbers of the grid.
pub const BAND: f64 = 5.0;

/// Letters of the screen are larger than those of print.
const PRINT: f64 = 0.72;
/// Millimetres in a point.
const POINT: f64 = 25.4 / 72.0;
/// Smallest letters on paper, millimetres.
const SMALLEST: f64 = 2.0;
/// An area smaller than this on paper (millimetres) is drawn as its marker.
const TINY: f64 = 2.2;
/// Symbols of names this heavy are kept free of other names.
const HEAVY: u32 = 60;

/// A layer with its opacity.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// 0 clear … 1 opaque.
    pub opacity: f32,
}

/// Words or an arrow put on the map by hand; places are longitude and latitude.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Tail of the arrow, or where the words stand.
    pub at: Coord,
    /// Head of the arrow, if it is one.
    pub to: Option<Coord>,
    /// What it says.
    pub words: String,
}

/// A number in a circle that a table explains; its place is longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Callout {
    /// What it points at.
    pub at: Coord,
    /// The number.
    pub number: usize,
}

/// What is drawn.
#[derive(Debug)]
pub struct Scene<'a> {
    /// Where the frame lies.
    pub plane: &'a Plane,
    /// Symbols.
    pub legend: &'a Legend,
    /// Lowest first.
    pub layers: &'a [Shown<'a>],
    /// Class of each water by its id; rivers are coloured by it when given.
    pub water_class: Option<&'a HashMap<String, u8>>,
    /// Projects.
    pub sites: &'a [Site],
    /// Ground that projects share with zones.
    pub overlaps: &'a [MultiPolygon],
    /// Words and arrows.
    pub notes: &'a [Note],
    /// Numbers that a table explains.
    pub callouts: &'a [Callout],
    /// Symbols and letters of wall sheets are larger.
    pub enlarged: f64,
}

/// The figure with what can be seen in it.
#[derive(Debug)]
pub struct Picture {
    /// The SVG.
    pub svg: Vec<u8>,
    /// Classes within the frame: theme and position among those of the theme.
    pub classes: BTreeSet<(Theme, usize)>,
    /// Water classes within the frame; 0 is no data.
    pub water_classes: BTreeSet<u8>,
    /// Whether a project is within the frame.
    pub has_site: bool,
}

struct Painter<'a> {
    scene: &'a Scene<'a>,
    svg: String,
    names: Vec<Wish>,
    labels: Labels,
    picture: Picture,
    hatches: BTreeSet<(Theme, usize)>,
}

/// Draws the figure: the frame with a band of [`BAND`] millimetres around it.
pub fn draw(scene: &Scene) -> Picture {
    let [width, height] = scene.plane.size;
    let picture =
        Picture { svg: Vec::new(), classes: BTreeSet::new(), water_classes: BTreeSet::new(), has_site: false };
    let band = BAND * scene.enlarged;
    let mut svg = symbol::open(width + 2.0 * band, height + 2.0 * band);
    let _ = writeln!(
        svg,
        "<defs><clipPath id=\"frame\"><rect width=\"{width:.3}\" height=\"{height:.3}\"/></clipPath></defs>\n<g transform=\"translate({band:.3} {band:.3})\">\n<g clip-path=\"url(#frame)\">"
    );
    let labels = Labels::new(scene.plane.size);
    let mut painter = Painter { scene, svg, names: Vec::new(), labels, picture, hatches: BTreeSet::new() };
    for shown in scene.layers {
        painter.layer(shown);
    }
    painter.sites();
    let grid = Grid::of(scene.plane);
    grid.lines(&mut painter.svg, scene.plane);
    painter.svg.push_str("</g>\n");
    painter.svg.push_str(symbol::NAMES);
    painter.notes();
    painter.callouts();
    let names = std::mem::take(&mut painter.names);
    painter.labels.write(names, &mut painter.svg);
    painter.svg.push_str("</g>\n");
    let _ = writeln!(
        painter.svg,
        "<rect width=\"{width:.3}\" height=\"{height:.3}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"{:.2}\"/>",
        0.35 * scene.enlarged
    );
    grid.numbers(&mut painter.svg, scene.plane, scene.enlarged);
    painter.svg.push_str("</g>\n</svg>\n");
    Picture { svg: painter.svg.into_bytes(), ..painter.picture }
}

/// A small picture of the whole city with the box of a sheet in it, over the same plane.
pub fn locator(plane: &Plane, legend: &Legend, layers: &[Shown], sheet: [Spot; 2]) -> Vec<u8> {
    let mut svg = symbol::open(plane.size[0], plane.size[1]);
    for shown in layers {
        for feature in shown.layer.features() {
            let (Some(shape), Some((_, class))) = (&feature.shape, legend.class(shown.layer.theme, feature)) else {
                continue;
            };
            let mut rings = Vec::new();
            each_polygon(shape, &mut |polygon| rings.extend(plane.polygon(polygon)));
            let data = symbol::path(&rings, true);
            if let Some(inside) = class.fill.as_ref().filter(|_| !data.is_empty()) {
                symbol::fill(&mut svg, &data, inside);
                let _ = writeln!(svg, "<path d=\"{data}\" fill=\"none\" stroke=\"#8C8579\" stroke-width=\"0.1\"/>");
            }
        }
    }
    let [[left, top], [right, bottom]] = sheet;
    // a sheet of one site would be a speck
    let grow = |low: f64, high: f64| ((1.6 - (high - low)) / 2.0).max(0.0);
    let (across, down) = (grow(left, right), grow(top, bottom));
    let _ = writeln!(
        svg,
        "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"none\" stroke=\"#E6007E\" stroke-width=\"0.4\"/>\n</svg>",
        left - across,
        top - down,
        right - left + 2.0 * across,
        bottom - top + 2.0 * down,
    );
    svg.into_bytes()
}

fn each_polygon(shape: &Geometry, visit: &mut dyn FnMut(&Polygon)) {
    match shape {
        Geometry::Polygon(polygon) => visit(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().for_each(visit),
        Geometry::Rect(rect) => visit(&rect.to_polygon()),
        Geometry::Triangle(triangle) => visit(&triangle.to_polygon()),
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| each_polygon(part, visit)),
        _ => {}
    }
}

fn each_line(shape: &Geometry, visit: &mut dyn FnMut(&LineString)) {
    match shape {
        Geometry::Line(edge) => visit(&LineString::from(vec![edge.start, edge.end])),
        Geometry::LineString(line) => visit(line),
        Geometry::MultiLineString(lines) => lines.iter().for_each(visit),
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| each_line(part, visit)),
        _ => {}
    }
}

fn each_point(shape: &Geometry, visit: &mut dyn FnMut(Coord)) {
    match shape {
        Geometry::Point(point) => visit(point.0),
        Geometry::MultiPoint(points) => points.iter().for_each(|point| visit(point.0)),
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| each_point(part, visit)),
        _ => {}
    }
}

/// Left, top, right, bottom of what is drawn.
fn span(parts: &[Vec<Spot>]) -> Option<[f64; 4]> {
    parts.iter().flatten().fold(None, |known: Option<[f64; 4]>, [x, y]| {
        let [left, top, right, bottom] = known.unwrap_or([*x, *y, *x, *y]);
        Some([left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)])
    })
}

impl Painter<'_> {
    fn layer(&mut self, shown: &Shown) {
        let Some(area) = self.scene.plane.area() else { return };
        if shown.opacity <= 0.0 {
            return;
        }
        let is_clear = shown.opacity < 1.0;
        if is_clear {
            let _ = writeln!(self.svg, "<g opacity=\"{:.2}\">", shown.opacity);
        }
        for index in shown.layer.within(area) {
            if let Some(feature) = shown.layer.feature(index) {
                self.feature(shown.layer.theme, feature);
            }
        }
        if is_clear {
            self.svg.push_str("</g>\n");
        }
    }

    fn feature(&mut self, theme: Theme, feature: &Feature) {
        let Some(shape) = &feature.shape else { return };
        let Some((number, class)) = self.scene.legend.class(theme, feature) else { return };
        let denominator = self.scene.plane.denominator;
        if class.below.is_some_and(|below| denominator > below) {
            return;
        }
        let plane = self.scene.plane;
        let mut areas: Vec<Vec<Vec<Spot>>> = Vec::new();
        each_polygon(shape, &mut |polygon| areas.push(plane.polygon(polygon)));
        areas.retain(|rings| !rings.is_empty());
        let mut lines: Vec<Vec<Spot>> = Vec::new();
        each_line(shape, &mut |line| lines.extend(plane.line(line)));
        let mut points: Vec<Spot> = Vec::new();
        each_point(shape, &mut |at| points.extend(plane.place(at).filter(|spot| plane.holds(*spot))));

        let all: Vec<Vec<Spot>> = areas.iter().flatten().chain(&lines).cloned().collect();
        let is_seen = span(&all).is_some_and(|[left, top, right, bottom]| {
            right > 0.0 && bottom > 0.0 && left < plane.size[0] && top < plane.size[1]
        });
        if !is_seen && points.is_empty() {
            return;
        }
        self.picture.classes.insert((theme, number));
        let colour = self.water_colour(theme, feature);

        if let (Some(_), Some([left, top, right, bottom])) = (&class.marker, span(&all))
            && !areas.is_empty()
            && right - left < TINY
            && bottom - top < TINY
        {
            points.push([(left + right) / 2.0, (top + bottom) / 2.0]);
            areas.clear();
        }
        self.areas(&areas, theme, number, class);
        if let (Some(line), false) = (&class.outline, lines.is_empty()) {
            symbol::outline(&mut self.svg, &symbol::path(&lines, false), line, colour, self.scene.enlarged);
        }
        for point in &points {
            self.point(*point, class);
        }
        self.name(feature.name(), class, &areas, &lines, &points);
    }

    fn areas(&mut self, areas: &[Vec<Vec<Spot>>], theme: Theme, number: usize, class: &Class) {
        if areas.is_empty() {
            return;
        }
        let rings: Vec<Vec<Spot>> = areas.iter().flatten().cloned().collect();
        let data = symbol::path(&rings, true);
        if let Some(inside) = &class.fill {
            symbol::fill(&mut self.svg, &data, inside);
        }
        if let Some(lines) = &class.hatch {
            let name = format!("{}-{number}", theme.code());
            if self.hatches.insert((theme, number)) {
                symbol::define_hatch(&mut self.svg, &name, lines, self.scene.enlarged);
            }
            symbol::hatch(&mut self.svg, &data, &name, lines);
        }
        if let Some(line) = &class.outline {
            symbol::outline(&mut self.svg, &data, line, None, self.scene.enlarged);
        }
    }

    fn point(&mut self, at: Spot, class: &Class) {
        let Some(symbol) = &class.marker else { return };
        symbol::marker(&mut self.svg, at, symbol, self.scene.enlarged);
        let radius = f64::from(symbol.size) / 2.0 * self.scene.enlarged;
        if class.label.is_some_and(|label| label.weight >= HEAVY) {
            self.labels.keep_free([at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius]);
        }
    }

    /// The colour of a river's class where rivers are coloured by it.
    fn water_colour(&mut self, theme: Theme, feature: &Feature) -> Option<Rgb> {
        let classes = self.scene.water_class.filter(|_| theme == Theme::Rivers)?;
        let class = classes.get(&feature.id).copied().filter(|class| (1..=6).contains(class));
        self.picture.water_classes.insert(class.unwrap_or(0));
        self.scene.legend.water_class(class).map(|class| class.paper)
    }

    fn name(&mut self, words: &str, class: &Class, areas: &[Vec<Vec<Spot>>], lines: &[Vec<Spot>], points: &[Spot]) {
        let Some(label) = &class.label else { return };
        if words.is_empty() || label.below.is_some_and(|below| self.scene.plane.denominator > below) {
            return;
        }
        let largest = areas.iter().filter_map(|rings| inside(rings)).max_by(|one, other| one.1.total_cmp(&other.1));
        let longest = lines.iter().max_by_key(|line| line.len());
        let radius = class.marker.map_or(0.0, |marker| f64::from(marker.size) / 2.0 * self.scene.enlarged);
        let beside = points.first().map(|at| Spots::Beside(*at, radius));
        let centre = largest.map(|(at, _)| Spots::Centre(at));
        let along = longest.map(|line| Spots::Along(line.clone()));
        let spot = match label.place {
            LabelPlace::Inside => centre.or(along).or(beside),
            LabelPlace::Line => along.or(centre).or(beside),
            LabelPlace::Point => beside.or(centre).or(along),
        };
        let Some(spot) = spot else { return };
        let size = (f64::from(label.size) * POINT * PRINT).max(SMALLEST) * self.scene.enlarged;
        self.names.push(Wish {
            words: words.to_owned(),
            size,
            bold: label.bold,
            colour: label.colour,
            weight: label.weight,
            spot,
        });
    }

    fn sites(&mut self) {
        let plane = self.scene.plane;
        for overlap in self.scene.overlaps {
            let rings: Vec<Vec<Spot>> = overlap.iter().flat_map(|polygon| plane.polygon(polygon)).collect();
            if !rings.is_empty() {
                symbol::fill(&mut self.svg, &symbol::path(&rings, true), &self.scene.legend.site.overlap);
            }
        }
        for site in self.scene.sites {
            let rings: Vec<Vec<Spot>> = site.shape.iter().flat_map(|polygon| plane.polygon(polygon)).collect();
            let Some([left, top, ..]) = span(&rings) else { continue };
            self.picture.has_site = true;
            let line = &self.scene.legend.site.outline;
            symbol::outline(&mut self.svg, &symbol::path(&rings, true), line, None, self.scene.enlarged);
            let size = 2.8 * self.scene.enlarged;
            let spot = inside(&rings).map_or(Spots::Beside([left, top], 0.0), |(at, _)| Spots::Centre(at));
            let (words, colour) = (site.name.clone(), line.colour);
            self.names.push(Wish { words, size, bold: true, colour, weight: 200, spot });
        }
    }

    /// Numbers stand beside what they point at, each where it hides no other, with a line to the place.
    fn callouts(&mut self) {
        let plane = self.scene.plane;
        let k = self.scene.enlarged;
        let (radius, size) = (2.3 * k, 3.0 * k);
        let mut taken: Vec<Spot> = Vec::new();
        for callout in self.scene.callouts {
            let Some(at) = plane.place(callout.at).filter(|at| plane.holds(*at)) else { continue };
            let ways = [6.5, 11.0, 16.0].into_iter().flat_map(|away| {
                [-45.0_f64, 45.0, -135.0, 135.0, -90.0, 90.0, 0.0, 180.0].map(|turn| {
                    let (sine, cosine) = turn.to_radians().sin_cos();
                    [at[0] + away * k * cosine, at[1] + away * k * sine]
                })
            });
            let is_free = |[x, y]: &Spot| {
                let room = radius + 0.6 * k;
                let is_inside = *x > room && *y > room && *x < plane.size[0] - room && *y < plane.size[1] - room;
                is_inside && taken.iter().all(|other| (other[0] - x).hypot(other[1] - y) > 2.0 * room)
            };
            let centre = ways.into_iter().find(is_free).unwrap_or(at);
            taken.push(centre);
            let _ = writeln!(
                self.svg,
                "<path d=\"{}\" stroke=\"#1A1A1A\" stroke-width=\"{:.2}\" fill=\"none\"/><circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"{:.2}\" fill=\"#1A1A1A\"/><circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"{radius:.2}\" fill=\"#FFFFFF\" stroke=\"#1A1A1A\" stroke-width=\"{:.2}\"/><text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{size:.2}\" font-weight=\"700\" fill=\"#1A1A1A\">{}</text>",
                symbol::path(&[vec![at, centre]], false),
                0.25 * k,
                at[0],
                at[1],
                0.5 * k,
                centre[0],
                centre[1],
                0.3 * k,
                centre[0],
                centre[1] + size * 0.36,
                callout.number,
            );
            let [x, y] = centre;
            self.labels.keep_free([x - radius, y - radius, x + radius, y + radius]);
        }
    }

    /// Notes stand where they were put, over everything.
    fn notes(&mut self) {
        let plane = self.scene.plane;
        let size = 3.0 * self.scene.enlarged;
        for note in self.scene.notes {
            let (Some(at), to) = (plane.place(note.at), note.to.and_then(|to| plane.place(to))) else { continue };
            if !plane.holds(at) {
                continue;
            }
            if let Some(to) = to.filter(|to| plane.holds(*to)) {
                arrow(&mut self.svg, at, to, self.scene.enlarged);
            }
            let width = crate::cartography::font::width(&note.words, size, true);
            let _ = writeln!(
                self.svg,
                "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{size:.2}\" font-weight=\"700\" fill=\"#B3003C\" stroke=\"#FFFFFF\" stroke-width=\"{:.2}\">{}</text>",
                at[0],
                at[1] + size * 0.36,
                size * 0.2,
                escaped(&note.words),
            );
            let half = [width / 2.0, size / 2.0];
            self.labels.keep_free([at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]]);
        }
    }
}

/// A place well inside an area, and how large the area is on paper.
fn inside(rings: &[Vec<Spot>]) -> Option<(Spot, f64)> {
    let (outer, holes) = rings.split_first()?;
    let ring = |spots: &Vec<Spot>| LineString::from(spots.iter().map(|[x, y]| (*x, *y)).collect::<Vec<_>>());
    let polygon = Polygon::new(ring(outer), holes.iter().map(ring).collect());
    let extent = geo::Area::unsigned_area(&polygon);
    let at = polygon.interior_point()?;
    Some(([at.x(), at.y()], extent))
}

fn arrow(svg: &mut String, from: Spot, to: Spot, enlarged: f64) {
    let length = (to[0] - from[0]).hypot(to[1] - from[1]);
    if length < 0.1 {
        return;
    }
    let along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    let head = (2.6 * enlarged).min(length);
    let neck = [to[0] - along[0] * head, to[1] - along[1] * head];
    let half = head * 0.35;
    let wing = |side: f64| [neck[0] - along[1] * half * side, neck[1] + along[0] * half * side];
    let _ = writeln!(
        svg,
        "<path d=\"{}\" stroke=\"#B3003C\" stroke-width=\"{:.2}\" fill=\"none\"/><path d=\"{}\" fill=\"#B3003C\"/>",
        symbol::path(&[vec![from, neck]], false),
        0.45 * enlarged,
        symbol::path(&[vec![to, wing(1.0), wing(-1.0)]], true),
    );
}

/// The kilometre grid.
struct Grid {
    step: f64,
    east: Vec<f64>,
    north: Vec<f64>,
}

impl Grid {
    /// Lines 30 to 75 mm apart at round kilometres (or hundreds of metres on large scales).
    fn of(plane: &Plane) -> Self {
        let wanted = 30.0 * plane.denominator / 1000.0;
        let magnitude = 10_f64.powf(wanted.max(1.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * magnitude);
        let step = step.into_iter().find(|step| *step >= wanted).unwrap_or(10.0 * magnitude);
        let [west, south, east, north] = plane.reach();
        let lines = |low: f64, high: f64| {
            let first = (low / step).ceil();
            let count = ((high / step).floor() - first).clamp(-1.0, 400.0) + 1.0;
            (0..count as u32).map(|number| (first + f64::from(number)) * step).collect()
        };
        Grid { step, east: lines(west, east), north: lines(south, north) }
    }

    fn lines(&self, svg: &mut String, plane: &Plane) {
        let [width, height] = plane.size;
        let mut data = String::new();
        for east in &self.east {
            let [x, _] = plane.spot(PlanePoint { east: *east, north: 0.0 });
            let _ = write!(data, "M{x:.2} 0V{height:.2}");
        }
        for north in &self.north {
            let [_, y] = plane.spot(PlanePoint { east: 0.0, north: *north });
            let _ = write!(data, "M0 {y:.2}H{width:.2}");
        }
        let _ = writeln!(
            svg,
            "<path d=\"{data}\" stroke=\"#3C4650\" stroke-width=\"0.09\" stroke-opacity=\"0.45\" fill=\"none\"/>"
        );
    }

    /// Kilometres along all four edges: eastings above and below, northings upright along the sides.
    fn numbers(&self, svg: &mut String, plane: &Plane, enlarged: f64) {
        let [width, height] = plane.size;
        let size = 2.2 * enlarged;
        let decimals = if self.step >= 1000.0 { 0 } else { (3.0 - self.step.log10().floor()).clamp(1.0, 3.0) as usize };
        let off = size * 0.6;
        let _ = writeln!(svg, "<g font-size=\"{size:.2}\" fill=\"#222222\" text-anchor=\"middle\">");
        for east in &self.east {
            let [x, _] = plane.spot(PlanePoint { east: *east, north: 0.0 });
            let words = format!("{:.decimals$}", east / 1000.0);
            for y in [-off, height + off + size * 0.72] {
                let _ = writeln!(svg, "<text x=\"{x:.2}\" y=\"{y:.2}\">{words}</text>");
            }
        }
        for north in &self.north {
            let [_, y] = plane.spot(PlanePoint { east: 0.0, north: *north });
            let words = format!("{:.decimals$}", north / 1000.0);
            for x in [-off, width + off + size * 0.72] {
                let _ = writeln!(
                    svg,
                    "<text x=\"{x:.2}\" y=\"{y:.2}\" transform=\"rotate(-90 {x:.2} {y:.2})\">{words}</text>"
                );
            }
        }
        svg.push_str("</g>\n");
    }
}
