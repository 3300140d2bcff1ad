//! Where things stand on a sheet, and the scales that sheets are drawn in.

use super::picture::BAND;

/// Paper of the A series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 × 297 mm
    A4,
    /// 297 × 420 mm
    A3,
    /// 420 × 594 mm
    A2,
    /// 594 × 841 mm
    A1,
    /// 841 × 1189 mm
    A0,
}

impl Paper {
    /// Smallest first.
    pub const ALL: [Paper; 5] = [Paper::A4, Paper::A3, Paper::A2, Paper::A1, Paper::A0];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Paper::A4 => "A4",
            Paper::A3 => "A3",
            Paper::A2 => "A2",
            Paper::A1 => "A1",
            Paper::A0 => "A0",
        }
    }

    /// Reads its name.
    pub fn parse(word: &str) -> Option<Paper> {
        Paper::ALL.into_iter().find(|paper| paper.name().eq_ignore_ascii_case(word.trim()))
    }

    /// Width and height of the upright sheet, millimetres.
    pub fn size(self) -> [f64; 2] {
        match self {
            Paper::A4 => [210.0, 297.0],
            Paper::A3 => [297.0, 420.0],
            Paper::A2 => [420.0, 594.0],
            Paper::A1 => [594.0, 841.0],
            Paper::A0 => [841.0, 1189.0],
        }
    }

    /// How much larger letters and symbols are than on a sheet read in the hand.
    pub fn enlarged(self) -> f64 {
        match self {
            Paper::A4 | Paper::A3 => 1.0,
            Paper::A2 => 1.3,
            Paper::A1 => 1.7,
            Paper::A0 => 2.3,
        }
    }
}

/// Left, top, width, height in millimetres.
pub type Area = [f64; 4];

/// Where things stand.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Width and height of the page.
    pub page: [f64; 2],
    /// Title and subtitle.
    pub title: Area,
    /// The map with the band around its frame.
    pub figure: Area,
    /// Locator and north arrow.
    pub orient: Area,
    /// Legend.
    pub legend: Area,
    /// Who made it.
    pub author: Area,
    /// Numeric and bar scale.
    pub scale: Area,
    /// Coordinates, sources, quality.
    pub notes: Area,
    /// Columns of the legend.
    pub columns: usize,
    /// See [`Paper::enlarged`].
    pub enlarged: f64,
}

/// Margin where the sheet is bound, and the others.
const BOUND: f64 = 25.0;
const MARGIN: f64 = 10.0;

impl Layout {
    /// The places on a sheet.
    pub fn of(paper: Paper, is_landscape: bool) -> Layout {
        let k = paper.enlarged();
        let [short, long] = paper.size();
        let [width, height] = if is_landscape { [long, short] } else { [short, long] };
        let (left, top) = (BOUND, MARGIN);
        let (inner_width, inner_height) = (width - BOUND - MARGIN, height - 2.0 * MARGIN);
        let title_height = 15.0 * k;
        let title = [left, top, inner_width, title_height];
        let gap = 3.0 * k;
        let scale_width = 66.0 * k;
        if is_landscape {
            let column = if paper == Paper::A4 { 48.0 } else { 56.0 * k };
            let foot = 25.0 * k;
            let figure =
                [left, top + title_height, inner_width - column - gap, inner_height - title_height - foot - gap];
            let side = left + figure[2] + gap;
            let (orient_height, author_height) = (42.0 * k, 27.0 * k);
            let foot_top = figure[1] + figure[3] + gap;
            Layout {
                page: [width, height],
                title,
                figure,
                orient: [side, figure[1] + BAND * k, column, orient_height],
                legend: [
                    side,
                    figure[1] + BAND * k + orient_height + gap,
                    column,
                    figure[3] - BAND * k - orient_height - gap,
                ],
                author: [side, foot_top, column, author_height.min(foot)],
                scale: [left + figure[2] - scale_width, foot_top, scale_width, foot],
                notes: [left + BAND * k, foot_top, figure[2] - scale_width - gap - BAND * k, foot],
                columns: 1,
                enlarged: k,
            }
        } else {
            let (strip, foot) = (58.0 * k, 25.0 * k);
            let figure =
                [left, top + title_height, inner_width, inner_height - title_height - strip - foot - 2.0 * gap];
            let strip_top = figure[1] + figure[3] + gap;
            let side = 46.0 * k;
            let side_left = left + inner_width - side;
            let foot_top = strip_top + strip + gap;
            let legend_width = inner_width - side - gap - BAND * k;
            Layout {
                page: [width, height],
                title,
                figure,
                orient: [side_left, strip_top, side, strip],
                legend: [left + BAND * k, strip_top, legend_width, strip],
                author: [side_left, foot_top, side, foot],
                scale: [left + BAND * k, strip_top + strip - 13.0 * k, scale_width, 13.0 * k],
                notes: [left + BAND * k, foot_top, legend_width, foot],
                columns: (legend_width / (44.0 * k)).floor().clamp(1.0, 6.0) as usize,
                enlarged: k,
            }
        }
    }

    /// Width and height of the frame: the figure without its band.
    pub fn frame(&self) -> [f64; 2] {
        let band = 2.0 * BAND * self.enlarged;
        [self.figure[2] - band, self.figure[3] - band]
    }
}

/// Denominators that sheets are drawn in.
pub const SCALES: [f64; 17] = [
    500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 25_000.0, 50_000.0, 100_000.0, 200_000.0, 250_000.0, 500_000.0, 1.0e6,
    2.0e6, 2.5e6, 5.0e6, 1.0e7, 2.0e7,
];

/// The largest usual scale at which a width and height in metres go into the frame.
pub fn fitting_scale(metres: [f64; 2], frame: [f64; 2]) -> Option<f64> {
    let needed = (metres[0] / frame[0]).max(metres[1] / frame[1]) * 1000.0;
    SCALES.into_iter().find(|denominator| *denominator >= needed)
}

/// A bar scale: its length on the ground, on paper, and its segments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Metres.
    pub metres: f64,
    /// Millimetres.
    pub millimetres: f64,
    /// Black and white pieces.
    pub segments: u32,
}

/// The longest round bar that is not longer than this on paper.
pub fn bar(denominator: f64, longest: f64) -> Bar {
    let room = longest * denominator / 1000.0;
    let magnitude = 10_f64.powf(room.max(f64::MIN_POSITIVE).log10().floor());
    let (times, segments) = if room >= 5.0 * magnitude {
        (5.0, 5)
    } else if room >= 2.0 * magnitude {
        (2.0, 4)
    } else {
        (1.0, 4)
    };
    let metres = times * magnitude;
    Bar { metres, millimetres: metres * 1000.0 / denominator, segments }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_never_larger_than_fits() {
        assert_eq!(fitting_scale([100_000.0, 100_000.0], [300.0, 230.0]), Some(500_000.0));
        assert_eq!(fitting_scale([230.0, 10.0], [230.0, 230.0]), Some(1_000.0));
        assert_eq!(fitting_scale([1.0e9, 1.0], [230.0, 230.0]), None);
    }

    #[test]
    fn a_bar_is_as_long_as_it_says() {
        for denominator in SCALES {
            let bar = bar(denominator, 50.0);
            assert!((bar.millimetres * denominator / 1000.0 - bar.metres).abs() < 1e-9 * bar.metres);
            assert!(bar.millimetres <= 50.0 + 1e-9 && bar.millimetres > 19.0, "{bar:?}");
        }
    }

    #[test]
    fn nothing_leaves_the_page() {
        for paper in Paper::ALL {
            for is_landscape in [false, true] {
                let layout = Layout::of(paper, is_landscape);
                let parts = [
                    layout.title,
                    layout.figure,
                    layout.orient,
                    layout.legend,
                    layout.author,
                    layout.scale,
                    layout.notes,
                ];
                for [left, top, width, height] in parts {
                    assert!(left >= BOUND && top >= MARGIN && width > 20.0 && height > 10.0, "{paper:?}");
                    assert!(left + width <= layout.page[0] - MARGIN + 1e-9, "{paper:?}");
                    assert!(top + height <= layout.page[1] - MARGIN + 2.1 * layout.enlarged, "{paper:?}");
                }
            }
        }
    }
}
