//! Over the layers: the compliance surface, the possible places, the nearest of them as ghosts of the site, and the key
//! that says what the colours mean.

use super::camera::Camera;
use super::drawing::{plate_of, plate_size};
use crate::atlas::Quality;
use crate::cartography::surface::SurfaceLegend;
use crate::desktop::theme;
use crate::siting::{Candidate, Obstacles, Rulebook};
use crate::text::{Language, Text, elsewhere, fill};
use crate::workspace::{Elsewhere, Frame, PlacesMap, SiteState, SurfacePiece, Workspace};
use egui::epaint::{Mesh, Vertex};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, TextureId, Ui, Vec2, pos2, vec2};
use geo::{BoundingRect, Centroid, Coord};

/// What is drawn over the layers for siting.
#[derive(Debug, Clone, Copy, Default)]
pub struct SurveyOverlay<'a> {
    /// The compliance surface and its picture.
    pub surface: Option<(&'a SurfacePiece, TextureId)>,
    /// Possible places and their picture.
    pub places: Option<(&'a PlacesMap, TextureId)>,
    /// Where the current site could stand instead.
    pub elsewhere: Option<&'a Elsewhere>,
}

/// Paints the pictures.
pub fn pictures(painter: &Painter, camera: &Camera, overlay: &SurveyOverlay) {
    if let Some((piece, texture)) = overlay.surface {
        hang(painter, camera, &piece.frame, texture);
    }
    if let Some((map, texture)) = overlay.places {
        hang(painter, camera, &map.frame, texture);
    }
}

fn hang(painter: &Painter, camera: &Camera, frame: &Frame, texture: TextureId) {
    let side = Frame::SIDE;
    let mut mesh = Mesh::with_texture(texture);
    for (number, knot) in frame.knots.iter().enumerate() {
        let (column, row) = (number % (side + 1), number / (side + 1));
        // rows run from south to north in the picture too
        let uv = pos2(column as f32 / side as f32, row as f32 / side as f32);
        mesh.vertices.push(Vertex { pos: camera.place_degrees(*knot), uv, color: Color32::WHITE });
    }
    let at = |column: usize, row: usize| (row * (side + 1) + column) as u32;
    for row in 0..side {
        for column in 0..side {
            mesh.add_triangle(at(column, row), at(column + 1, row), at(column, row + 1));
            mesh.add_triangle(at(column + 1, row), at(column + 1, row + 1), at(column, row + 1));
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// Paints the nearest places with their numbers and moves, the nearest on top.
pub fn ghosts(ui: &Ui, painter: &Painter, camera: &Camera, site: &SiteState, found: &Elsewhere, text: &Text) {
    let Ok(found_here) = found.found.as_ref().map(|relocation| &relocation.candidates) else { return };
    if !found.is_of(site.id, &site.site) {
        return;
    }
    let Some(from) = site.site.shape.centroid() else { return };
    let accent = theme::palette(ui.visuals()).accent;
    for (number, candidate) in found_here.iter().enumerate().rev() {
        ghost(ui, painter, camera, from.0, number + 1, candidate, accent);
    }
    // names after all outlines, the nearest place first: a name keeps clear of those before it or is left out
    let mut taken: Vec<Rect> =
        found_here.iter().filter_map(|candidate| badge_of(camera, candidate)).map(room).collect();
    for (number, candidate) in (1..).zip(found_here) {
        let Some(badge) = badge_of(camera, candidate) else { continue };
        let words = elsewhere::step(number, candidate, text);
        let words = words.split_once(' ').map_or(words.as_str(), |(_, words)| words).to_owned();
        let size = plate_size(painter, &words);
        let aside = BADGE + 4.0;
        let corners = [
            badge + vec2(aside, -size.y / 2.0),
            badge + vec2(-aside - size.x, -size.y / 2.0),
            badge + vec2(-size.x / 2.0, -aside - size.y),
            badge + vec2(aside, -aside - size.y),
            badge + vec2(-aside - size.x, -aside - size.y),
            badge + vec2(aside, aside),
        ];
        // beside the buttons on the right
        let mut frame = camera.frame.shrink(4.0);
        frame.max.x -= 52.0;
        let free = corners.into_iter().map(|corner| Rect::from_min_size(corner, size)).find(|place| {
            frame.contains_rect(*place) && !taken.iter().any(|other| other.intersects(place.expand(2.0)))
        });
        if let Some(place) = free {
            plate_of(ui, painter, place.min, camera.frame, &words);
            taken.push(place);
        }
    }
}

/// Half the width of the number of a place.
const BADGE: f32 = 10.0;

/// Where the number of a place stands: above its outline, when it is in view.
fn badge_of(camera: &Camera, candidate: &Candidate) -> Option<Pos2> {
    let bounds = candidate.shape.bounding_rect()?;
    let on_screen = Rect::from_two_pos(camera.place_degrees(bounds.min()), camera.place_degrees(bounds.max()));
    let badge = pos2(on_screen.center().x, on_screen.top() - BADGE - 4.0);
    camera.frame.expand(60.0).intersects(on_screen).then_some(badge)
}

fn room(badge: Pos2) -> Rect {
    Rect::from_center_size(badge, Vec2::splat(2.0 * BADGE + 2.0))
}

fn ghost(
    ui: &Ui,
    painter: &Painter,
    camera: &Camera,
    from: Coord,
    number: usize,
    candidate: &Candidate,
    accent: Color32,
) {
    let Some(to) = candidate.shape.centroid() else { return };
    let (tail, head) = (camera.place_degrees(from), camera.place_degrees(to.0));
    if candidate.distance_m > 0.0 {
        let halo = Stroke::new(4.0, ui.visuals().window_fill.gamma_multiply(0.8));
        painter.line_segment([tail, head], halo);
        painter.extend(Shape::dashed_line(&[tail, head], Stroke::new(1.6, accent), 7.0, 4.0));
    }
    for polygon in &candidate.shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let points: Vec<Pos2> = ring.0.iter().map(|point| camera.place_degrees(*point)).collect();
            painter.add(Shape::line(points.clone(), Stroke::new(4.4, Color32::WHITE.gamma_multiply(0.85))));
            painter.extend(Shape::dashed_line(&points, Stroke::new(2.2, accent), 6.0, 3.5));
        }
    }
    let Some(badge) = badge_of(camera, candidate) else { return };
    painter.circle(badge, BADGE, accent, Stroke::new(1.5, Color32::WHITE));
    let on_accent = theme::palette(ui.visuals()).on_accent;
    painter.text(badge, Align2::CENTER_CENTER, number.to_string(), theme::bold_font(13.0), on_accent);
}

/// One line of the key.
enum Row {
    Title(String),
    Swatch(Color32, bool, String),
    Words(String),
}

/// What the colours mean, in the lower left corner above the scale bar.
pub fn key(
    ui: &Ui,
    painter: &Painter,
    camera: &Camera,
    overlay: &SurveyOverlay,
    pointer: Option<Coord>,
    workspace: &Workspace,
) {
    let text = workspace.text();
    let mut rows = Vec::new();
    if let Some((piece, _)) = overlay.surface {
        surface_rows(piece, pointer, workspace, &mut rows);
    }
    if let Some((map, _)) = overlay.places {
        places_rows(map, text, &mut rows);
    }
    if rows.is_empty() {
        return;
    }
    paint_key(ui, painter, camera.frame, &rows);
}

fn surface_rows(piece: &SurfacePiece, pointer: Option<Coord>, workspace: &Workspace, rows: &mut Vec<Row>) {
    let text = workspace.text();
    let words = &text.elsewhere;
    let legend = SurfaceLegend::bundled();
    let is_zh = text.language == Language::Zh;
    let rulebook = workspace.rulebook();
    let kind = rulebook.kind(&piece.obstacles.judged.kind);
    let kind = kind.map_or(words.kind_untold.as_str(), |kind| if is_zh { &kind.zh } else { &kind.en });
    let day = piece.obstacles.judged.question.as_of.to_string();
    rows.push(Row::Title(words.surface_title.clone()));
    rows.push(Row::Words(fill(&words.for_kind, &[("kind", kind), ("day", &day)])));
    let colours = std::iter::once(legend.forbidden).chain(legend.bands.iter().map(|band| band.colour));
    for (colour, band) in colours.zip(&words.surface_bands) {
        rows.push(Row::Swatch(theme::solid(colour), false, band.clone()));
    }
    let unknown: Vec<&str> = piece
        .obstacles
        .unknown()
        .map(|theme| if is_zh { theme.title.as_str() } else { theme.title_en.as_str() })
        .collect();
    if !unknown.is_empty() {
        let sentence = fill(&words.hatched, &[("themes", &unknown.join(&words.separator))]);
        rows.push(Row::Swatch(theme::solid(legend.hatch.colour), true, sentence));
    }
    rows.push(Row::Words(fill(&words.surface_resolution, &[("metres", &cell(piece.surface.grid.cell))])));
    if piece.obstacles.quality == Quality::Schematic {
        rows.push(Row::Words(text.common.schematic_notice.clone()));
    }
    if let Some(place) = pointer {
        rows.push(Row::Words(under_pointer(&piece.obstacles, rulebook, place, text)));
    }
}

fn under_pointer(obstacles: &Obstacles, rulebook: &Rulebook, place: Coord, text: &Text) -> String {
    let words = &text.elsewhere;
    let Some((metres, thing)) = obstacles.first_at(place).filter(|(metres, _)| *metres < 6_000.0) else {
        return words.pointer_none.clone();
    };
    let theme = obstacles.themes.iter().find(|theme| theme.theme == thing.theme);
    let is_zh = text.language == Language::Zh;
    let title = theme.map_or(thing.theme.as_str(), |theme| if is_zh { &theme.title } else { &theme.title_en });
    let distance = elsewhere::metres(metres, text);
    let rule = rulebook.rule(&thing.rule).map(|rule| format!("{}{}", rule.source, rule.clause)).unwrap_or_default();
    let values = [("name", thing.name.as_str()), ("theme", title), ("distance", &distance), ("rule", &rule)];
    fill(if metres > 0.0 { &words.pointer } else { &words.pointer_on }, &values)
}

fn places_rows(map: &PlacesMap, text: &Text, rows: &mut Vec<Row>) {
    let words = &text.elsewhere;
    let legend = SurfaceLegend::bundled();
    let is_zh = text.language == Language::Zh;
    rows.push(Row::Title(words.places_title.clone()));
    let [as_is, turned] = legend.places;
    let shown = |colour| theme::solid(colour).gamma_multiply(legend.places_opacity);
    rows.push(Row::Swatch(shown(as_is), false, words.places_as_is.clone()));
    if map.values.contains(&1) {
        rows.push(Row::Swatch(shown(turned), false, words.places_turned.clone()));
    }
    let veil = theme::solid(legend.places_none).gamma_multiply(legend.places_none_opacity);
    rows.push(Row::Swatch(veil, false, words.places_none.clone()));
    if !map.unknown.is_empty() {
        let themes: Vec<&str> =
            map.unknown.iter().map(|(zh, en)| if is_zh { zh.as_str() } else { en.as_str() }).collect();
        let sentence = fill(&words.hatched, &[("themes", &themes.join(&words.separator))]);
        rows.push(Row::Swatch(theme::solid(legend.hatch.colour), true, sentence));
    }
    rows.push(Row::Words(fill(&words.resolution, &[("metres", &cell(map.grid.cell))])));
    rows.push(Row::Words(text.common.schematic_notice.clone()));
}

fn cell(metres: f64) -> String {
    if metres < 10.0 { format!("{metres:.1}") } else { format!("{metres:.0}") }
}

const KEY_WIDTH: f32 = 232.0;

fn paint_key(ui: &Ui, painter: &Painter, frame: Rect, rows: &[Row]) {
    let palette = theme::palette(ui.visuals());
    let lay =
        |words: &str, font: FontId, colour: Color32, width: f32| painter.layout(words.to_owned(), font, colour, width);
    let small = || FontId::proportional(12.0);
    let laid: Vec<_> = rows
        .iter()
        .map(|row| match row {
            Row::Title(words) => lay(words, theme::bold_font(13.5), palette.ink, KEY_WIDTH - 20.0),
            Row::Words(words) => lay(words, small(), palette.ink_soft, KEY_WIDTH - 20.0),
            Row::Swatch(_, _, words) => lay(words, small(), palette.ink, KEY_WIDTH - 46.0),
        })
        .collect();
    let gap = 3.0;
    let height: f32 = laid.iter().map(|words| words.size().y + gap).sum::<f32>() + 14.0;
    let corner = pos2(frame.left() + 12.0, (frame.bottom() - 46.0 - height).max(frame.top() + 8.0));
    let place = Rect::from_min_size(corner, vec2(KEY_WIDTH, height));
    let ground = ui.visuals().window_fill.gamma_multiply(0.93);
    let rim = Stroke::new(1.0, ui.visuals().window_stroke.color);
    painter.rect(place, f32::from(theme::ROUND), ground, rim, egui::StrokeKind::Inside);
    let mut at = corner + vec2(10.0, 8.0);
    for (row, words) in rows.iter().zip(laid) {
        let high = words.size().y;
        let mut left = at;
        if let Row::Swatch(colour, is_hatched, _) = row {
            let swatch = Rect::from_min_size(at + vec2(0.0, 2.0), vec2(20.0, 12.0));
            // lines in ink: the key's ground is not the map's
            let colour = if *is_hatched { palette.ink } else { *colour };
            swatch_of(painter, swatch, colour, *is_hatched, rim);
            left.x += 26.0;
        }
        painter.galley(left, words, palette.ink);
        at.y += high + gap;
    }
}

fn swatch_of(painter: &Painter, place: Rect, colour: Color32, is_hatched: bool, rim: Stroke) {
    if is_hatched {
        let painter = painter.with_clip_rect(place.intersect(painter.clip_rect()));
        let mut x = place.left() - place.height();
        while x < place.right() {
            let foot = pos2(x, place.bottom());
            painter.line_segment([foot, foot + Vec2::new(place.height(), -place.height())], Stroke::new(1.6, colour));
            x += 6.0;
        }
    } else {
        painter.rect_filled(place, 2.0, colour);
    }
    painter.rect_stroke(place, 2.0, rim, egui::StrokeKind::Inside);
}
