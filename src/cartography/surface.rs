//! Colours of the compliance surface and of the map of possible places, as data in assets/legend.

use super::legend::Rgb;
use serde::Deserialize;
use std::sync::LazyLock;

/// One band of distances.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Up to so many metres.
    pub metres: f32,
    /// Its colour.
    pub colour: Rgb,
}

/// Lines over what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Their colour.
    pub colour: Rgb,
    /// 0 clear … 1 opaque.
    pub opacity: f32,
    /// Cells from one line to the next.
    pub spacing: u32,
    /// Cells that a line is wide.
    pub width: u32,
}

impl Lines {
    /// Whether a line runs over a cell.
    pub fn covers(&self, column: u32, row: u32) -> bool {
        (column + row) % self.spacing.max(1) < self.width
    }
}

/// Colours of the compliance surface.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceLegend {
    /// 0 clear … 1 opaque.
    pub opacity: f32,
    /// Where the project may not stand.
    pub forbidden: Rgb,
    /// From near to far.
    pub bands: [Band; 6],
    /// Over what is not known.
    pub hatch: Lines,
    /// Possible places: as it is, when turned.
    pub places: [Rgb; 2],
    /// 0 clear … 1 opaque.
    pub places_opacity: f32,
    /// Over the ground of the city on which it may not be.
    pub places_none: Rgb,
    /// 0 clear … 1 opaque.
    pub places_none_opacity: f32,
    /// Over what is possible where required themes are not known: lighter than that of the surface.
    pub places_hatch: Lines,
}

impl SurfaceLegend {
    /// The colours that are part of the program, read once.
    pub fn bundled() -> &'static SurfaceLegend {
        // a broken file is caught by the test below
        #[allow(clippy::panic)]
        static LEGEND: LazyLock<SurfaceLegend> = LazyLock::new(|| {
            let text = include_str!("../../assets/legend/surface.toml");
            toml::from_str(text).unwrap_or_else(|error| panic!("assets/legend/surface.toml: {error}"))
        });
        &LEGEND
    }

    /// The colour of a distance.
    pub fn colour(&self, metres: f32) -> Rgb {
        if metres <= 0.0 {
            return self.forbidden;
        }
        let band = self.bands.iter().find(|band| metres <= band.metres).or(self.bands.last());
        band.map_or(self.forbidden, |band| band.colour)
    }

    /// Whether a line runs over a cell.
    pub fn is_hatched(&self, column: u32, row: u32) -> bool {
        self.hatch.covers(column, row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.1.
    fn luminance(Rgb(parts): Rgb) -> f64 {
        let [red, green, blue] = parts.map(|part| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn bands_grow_darker_with_distance_so_that_they_can_be_told_without_colour() {
        let legend = SurfaceLegend::bundled();
        for pair in legend.bands.windows(2) {
            assert!(pair[0].metres < pair[1].metres);
            assert!(luminance(pair[0].colour) > 1.3 * luminance(pair[1].colour));
        }
        assert_eq!(legend.colour(-3.0), legend.forbidden);
        assert_eq!(legend.colour(50.0), legend.bands[0].colour);
        assert_eq!(legend.colour(6_000.0), legend.bands[5].colour);
    }
}
