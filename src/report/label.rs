//! Names on paper: each where there is room, the heavier first, none over another.

use super::plane::Spot;
use crate::cartography::font;
use crate::cartography::legend::Rgb;
use std::fmt::Write;

/// A name that wants a place.
#[derive(Debug)]
pub struct Wish {
    /// The name.
    pub words: String,
    /// Height of the letters, millimetres.
    pub size: f64,
    /// Bold face.
    pub bold: bool,
    /// Colour.
    pub colour: Rgb,
    /// The heavier goes first.
    pub weight: u32,
    /// Where it may stand.
    pub spot: Spots,
}

/// Where a name may stand.
#[derive(Debug)]
pub enum Spots {
    /// Centred here.
    Centre(Spot),
    /// Beside a symbol that reaches this far.
    Beside(Spot, f64),
    /// Along a line.
    Along(Vec<Spot>),
}

/// An upright box: left, top, right, bottom.
type Room = [f64; 4];

/// The names placed so far.
#[derive(Debug, Default)]
pub struct Labels {
    taken: Vec<Room>,
    frame: [f64; 2],
}

/// Millimetres between two names.
const GAP: f64 = 0.4;
/// How far a line may stray from the straight below its name, in letter heights.
const STRAY: f64 = 0.55;

impl Labels {
    /// No names yet, on a frame of this size.
    pub fn new(frame: [f64; 2]) -> Self {
        Self { taken: Vec::new(), frame }
    }

    /// Keeps names out of a box.
    pub fn keep_free(&mut self, room: Room) {
        self.taken.push(room);
    }

    /// Writes the names that find room.
    pub fn write(&mut self, mut wishes: Vec<Wish>, svg: &mut String) {
        wishes.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.words.cmp(&other.words)));
        for wish in &wishes {
            let width = font::width(&wish.words, wish.size, wish.bold);
            if width <= 0.0 {
                continue;
            }
            let placed = match &wish.spot {
                Spots::Centre(at) => self.settle(&[(*at, 0.0)], width, wish.size),
                Spots::Beside(at, radius) => {
                    let (away, rise) = (radius + 0.5 + width / 2.0, radius + 0.3 + wish.size / 2.0);
                    let beside = [[away, 0.0], [-away, 0.0], [0.0, -rise], [0.0, rise], [away, -rise], [-away, -rise]];
                    let spots = beside.map(|[dx, dy]| ([at[0] + dx, at[1] + dy], 0.0));
                    self.settle(&spots, width, wish.size)
                }
                Spots::Along(line) => self.settle(&stretches(line, width, wish.size), width, wish.size),
            };
            if let Some((at, angle)) = placed {
                text(svg, &wish.words, at, angle, wish);
            }
        }
    }

    /// The first place with room; takes it.
    fn settle(&mut self, spots: &[(Spot, f64)], width: f64, size: f64) -> Option<(Spot, f64)> {
        for (at, angle) in spots {
            let rooms = rooms(*at, *angle, width, size);
            let is_inside = rooms.iter().all(|[left, top, right, bottom]| {
                *left >= 0.8 && *top >= 0.8 && *right <= self.frame[0] - 0.8 && *bottom <= self.frame[1] - 0.8
            });
            if is_inside && !rooms.iter().any(|room| self.taken.iter().any(|other| meets(room, other))) {
                self.taken.extend(rooms);
                return Some((*at, *angle));
            }
        }
        None
    }
}

fn meets(one: &Room, other: &Room) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// Upright boxes along a slanted name, about a letter each; one for a level name.
fn rooms([x, y]: Spot, angle: f64, width: f64, size: f64) -> Vec<Room> {
    let half = size / 2.0 + GAP;
    if angle == 0.0 {
        return vec![[x - width / 2.0 - GAP, y - half, x + width / 2.0 + GAP, y + half]];
    }
    let count = (width / size).ceil().max(1.0);
    let (sine, cosine) = angle.sin_cos();
    (0..count as u32)
        .map(|number| {
            let along = (f64::from(number) + 0.5) / count * width - width / 2.0;
            let (x, y) = (x + along * cosine, y + along * sine);
            [x - half, y - half, x + half, y + half]
        })
        .collect()
}

/// Stretches of a line that a name fits on, the straightest first, those near the middle before those at the ends.
fn stretches(line: &[Spot], width: f64, size: f64) -> Vec<(Spot, f64)> {
    let mut along = vec![0.0];
    for pair in line.windows(2) {
        let [from, to] = pair else { continue };
        along.push(along.last().copied().unwrap_or(0.0) + (to[0] - from[0]).hypot(to[1] - from[1]));
    }
    let total = along.last().copied().unwrap_or(0.0);
    let need = width * 1.15;
    if total < need {
        return Vec::new();
    }
    let at = |distance: f64| -> Spot {
        let after = along.partition_point(|known| *known < distance).clamp(1, line.len() - 1);
        let (Some(from), Some(to), Some(low), Some(high)) =
            (line.get(after - 1), line.get(after), along.get(after - 1), along.get(after))
        else {
            return [0.0, 0.0];
        };
        let share = if high > low { (distance - low) / (high - low) } else { 0.0 };
        [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
    };
    let steps = ((total - need) / (size * 1.5)).floor().clamp(0.0, 120.0);
    let mut found: Vec<(f64, Spot, f64)> = Vec::new();
    for step in 0..=steps as u32 {
        let start = if steps > 0.0 { (total - need) * f64::from(step) / steps } else { (total - need) / 2.0 };
        let (from, to) = (at(start), at(start + need));
        let chord = (to[0] - from[0]).hypot(to[1] - from[1]);
        if chord < width {
            continue;
        }
        let normal = [-(to[1] - from[1]) / chord, (to[0] - from[0]) / chord];
        let offs: Vec<f64> = (0..=8)
            .map(|number| {
                let spot = at(start + need * f64::from(number) / 8.0);
                (spot[0] - from[0]) * normal[0] + (spot[1] - from[1]) * normal[1]
            })
            .collect();
        let (low, high) =
            offs.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), off| (low.min(*off), high.max(*off)));
        if high - low > 2.0 * STRAY * size {
            continue;
        }
        let shift = (low + high) / 2.0;
        let centre = [(from[0] + to[0]) / 2.0 + shift * normal[0], (from[1] + to[1]) / 2.0 + shift * normal[1]];
        let mut angle = (to[1] - from[1]).atan2(to[0] - from[0]);
        if angle > std::f64::consts::FRAC_PI_2 {
            angle -= std::f64::consts::PI;
        } else if angle <= -std::f64::consts::FRAC_PI_2 {
            angle += std::f64::consts::PI;
        }
        let from_middle = (start + need / 2.0 - total / 2.0).abs() / total;
        found.push(((high - low) / size + from_middle, centre, angle));
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found.into_iter().map(|(_, centre, angle)| (centre, angle)).take(24).collect()
}

/// Writes words with a pale rim, so that lines below do not cut them.
fn text(svg: &mut String, words: &str, at: Spot, angle: f64, wish: &Wish) {
    let turn = if angle == 0.0 {
        String::new()
    } else {
        format!(" transform=\"rotate({:.1} {:.2} {:.2})\"", angle.to_degrees(), at[0], at[1])
    };
    let weight = if wish.bold { " font-weight=\"700\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.2}\"{weight} fill=\"{}\" stroke=\"#FFFFFF\" stroke-opacity=\"0.85\" stroke-width=\"{:.2}\"{turn}>{}</text>",
        at[0],
        at[1] + wish.size * 0.36,
        wish.size,
        wish.colour.hex(),
        wish.size * 0.18,
        escaped(words),
    );
}

/// Words within SVG.
pub fn escaped(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // XML knows no other control characters
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(words: &str, weight: u32, spot: Spots) -> Wish {
        Wish { words: words.into(), size: 3.0, bold: false, colour: Rgb([0, 0, 0]), weight, spot }
    }

    #[test]
    fn of_two_names_at_one_place_the_heavier_stands() {
        let mut svg = String::new();
        let wishes = vec![
            wish("轻", 1, Spots::Centre([50.0, 50.0])),
            wish("重", 2, Spots::Centre([51.0, 50.0])),
            wish("外", 3, Spots::Centre([200.0, 50.0])),
        ];
        Labels::new([100.0, 100.0]).write(wishes, &mut svg);
        assert!(svg.contains('重') && !svg.contains('轻') && !svg.contains('外'));
    }

    #[test]
    fn a_name_follows_its_line_and_is_never_upside_down() {
        let line = vec![[90.0, 10.0], [10.0, 90.0]];
        let (centre, angle) = stretches(&line, 12.0, 3.0)[0];
        assert!((angle.to_degrees() + 45.0).abs() < 1e-6);
        assert!((centre[0] + centre[1] - 100.0).abs() < 1e-6);
        assert!(stretches(&[[0.0, 0.0], [5.0, 0.0]], 12.0, 3.0).is_empty());
    }

    #[test]
    fn words_cannot_break_out() {
        assert_eq!(escaped("a<b>&\"\u{1}"), "a&lt;b&gt;&amp;&quot; ");
    }
}
