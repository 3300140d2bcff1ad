//! Areas of rings whose edges are straight in longitude and latitude, on the ellipsoid and in a Gauss–Krüger plane, by
//! polynomials in latitude that stand for the closed formulas where the ring lies.

use super::measure::strip;
use super::reference::{INVERSE_FLATTENING, SEMI_MAJOR_AXIS};
use geo::{Coord, LineString};

/// Coefficients of a polynomial.
const TERMS: usize = 6;
/// Rings higher than this, radians, are not summed by polynomials: up to here they are true to 10⁻¹² of the area.
const HIGHEST: f64 = 0.02;

/// cos 15°, cos 45°, cos 75° and their opposites.
const PLACES: [f64; TERMS] = [
    0.965_925_826_289_068_3,
    std::f64::consts::FRAC_1_SQRT_2,
    0.258_819_045_102_520_74,
    -0.258_819_045_102_520_74,
    -std::f64::consts::FRAC_1_SQRT_2,
    -0.965_925_826_289_068_3,
];

/// A function of latitude near a place, as a polynomial of the offset from it.
struct Near {
    middle: f64,
    half: f64,
    terms: [f64; TERMS],
}

impl Near {
    /// Through the six places of Chebyshev, less its value in the middle: that only moves the sums round a closed ring by
    /// nothing. Several functions that are found together, with their values in the middle.
    fn new<const N: usize>(middle: f64, half: f64, functions: impl Fn(f64) -> [f64; N]) -> [(Near, f64); N] {
        let base = functions(middle);
        let values = PLACES.map(|place| functions(middle + half * place));
        std::array::from_fn(|number| {
            let mut series = [0.0; TERMS];
            for (place, value) in PLACES.into_iter().zip(&values) {
                let value = (value[number] - base[number]) * 2.0 / TERMS as f64;
                let (mut before, mut wave) = (place, 1.0);
                for sum in &mut series {
                    *sum += value * wave;
                    (before, wave) = (wave, 2.0 * place * wave - before);
                }
            }
            let [a, b, c, d, e, f] = series;
            // Chebyshev's polynomials written out
            let terms =
                [a / 2.0 - c + e, b - 3.0 * d + 5.0 * f, 2.0 * c - 8.0 * e, 4.0 * d - 20.0 * f, 8.0 * e, 16.0 * f];
            (Near { middle, half, terms }, base[number])
        })
    }

    fn at(&self, latitude: f64) -> f64 {
        let t = (latitude - self.middle) / self.half;
        let [a, b, c, d, e, f] = self.terms;
        a + t * (b + t * (c + t * (d + t * (e + t * f))))
    }
}

/// Nodes and weights of three-point Gauss–Legendre quadrature on 0..1.
pub(super) const QUADRATURE: [(f64, f64); 3] =
    [(0.112_701_665_379_258_3, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.887_298_334_620_741_7, 5.0 / 18.0)];

fn latitudes(ring: &LineString) -> Option<(f64, f64)> {
    let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
    for at in &ring.0 {
        south = south.min(at.y);
        north = north.max(at.y);
    }
    let (south, north) = (south.to_radians(), north.to_radians());
    let fits = north - south <= HIGHEST && south.abs() < 1.5 && north.abs() < 1.5;
    // half a metre, so that a flat ring divides by something
    fits.then(|| ((south + north) / 2.0, ((north - south) / 2.0).max(1e-7)))
}

/// Area of a ring on the ellipsoid with its sign, clockwise positive; `None` where the ring is too high.
pub(super) fn ring_area(ring: &LineString) -> Option<f64> {
    let (middle, half) = latitudes(ring)?;
    let [(near, _)] = Near::new(middle, half, |latitude| [strip(latitude)]);
    let mut sum = 0.0;
    for edge in ring.lines() {
        let step = (edge.end.x - edge.start.x).to_radians();
        let (south, rise) = (edge.start.y.to_radians(), (edge.end.y - edge.start.y).to_radians());
        sum += step * QUADRATURE.iter().map(|(at, weight)| weight * near.at(south + rise * at)).sum::<f64>();
    }
    sum.is_finite().then_some(sum)
}

/// By how much the true image of a ring in the plane of a central meridian is larger than the ring on the ellipsoid, with
/// its sign, clockwise positive: the integral of the areal scale less one, `k² − 1`, with `k` to the fourth power of
/// the distance from the meridian. `None` where the ring is too high or farther than four degrees from the meridian.
pub(super) fn plane_excess(ring: &LineString, central_meridian: f64) -> Option<f64> {
    let (middle, half) = latitudes(ring)?;
    // a coordinate that is no number is near no meridian
    let is_near = |at: &Coord| (at.x - central_meridian).abs() <= 4.0;
    if !ring.0.iter().all(is_near) {
        return None;
    }
    // ∫ (k² − 1) M N cos φ dλ = f₃ Δλ³ + f₅ Δλ⁵, integrated over latitude round the ring
    let [(third, third_base), (fifth, fifth_base)] = Near::new(middle, half, scale_terms);
    let mut sum = 0.0;
    for edge in ring.lines() {
        let (west, step) = ((edge.start.x - central_meridian).to_radians(), (edge.end.x - edge.start.x).to_radians());
        let (south, rise) = (edge.start.y.to_radians(), (edge.end.y - edge.start.y).to_radians());
        for (at, weight) in QUADRATURE {
            let (off, latitude) = (west + step * at, south + rise * at);
            let square = off * off;
            let inner = (third.at(latitude) + third_base) + square * (fifth.at(latitude) + fifth_base);
            sum += weight * rise * off * square * inner;
        }
    }
    // ∮ H dφ runs against ∮ S dλ
    sum.is_finite().then_some(-sum)
}

/// f₃ and f₅ of [`plane_excess`]: from `k = 1 + (1 + η²) c² Δλ² / 2 + (5 − 4 t² + 14 η² + 13 η⁴ − 28 t² η²) c⁴ Δλ⁴ / 24`
/// with `c = cos φ`, `t = tan φ`, `η² = e′² c²` (the usual series of the projection).
fn scale_terms(latitude: f64) -> [f64; 2] {
    let flattening = 1.0 / INVERSE_FLATTENING;
    let square = flattening * (2.0 - flattening);
    let second = square / (1.0 - square);
    let (sine, cosine) = (libm::sin(latitude), libm::cos(latitude));
    let root = 1.0 - square * sine * sine;
    let across = SEMI_MAJOR_AXIS / libm::sqrt(root);
    let along = across * (1.0 - square) / root;
    let (c2, t2) = (cosine * cosine, (sine / cosine) * (sine / cosine));
    let eta = second * c2;
    let two = (1.0 + eta) * c2 / 2.0;
    let four = (5.0 - 4.0 * t2 + 14.0 * eta + 13.0 * eta * eta - 28.0 * t2 * eta) * c2 * c2 / 24.0;
    let element = across * along * cosine;
    // k² − 1 = 2 two Δλ² + (two² + 2 four) Δλ⁴
    [element * 2.0 * two / 3.0, element * (two * two + 2.0 * four) / 5.0]
}

#[cfg(test)]
mod tests {
    use super::super::reference::GaussKruger;
    use super::*;
    use geo::{Coord, MultiPolygon, Polygon};

    fn star(x: f64, y: f64, size: f64, points: usize) -> LineString {
        let at = |number: usize| {
            let angle = std::f64::consts::TAU * number as f64 / points as f64;
            let reach = size * (1.0 + 0.3 * (5.0 * angle).sin());
            Coord { x: x + reach * angle.cos(), y: y + reach * angle.sin() }
        };
        let mut ring: Vec<Coord> = (0..points).map(at).collect();
        ring.push(at(0));
        LineString::new(ring)
    }

    /// The closed formula, edge by edge.
    fn plain(ring: &LineString) -> f64 {
        let mean = |edge: &geo::Line| {
            let (south, rise) = (edge.start.y.to_radians(), (edge.end.y - edge.start.y).to_radians());
            QUADRATURE.iter().map(|(at, weight)| weight * strip(south + rise * at)).sum::<f64>()
        };
        ring.lines().map(|edge| (edge.end.x - edge.start.x).to_radians() * mean(&edge)).sum()
    }

    #[test]
    fn polynomials_stand_for_the_formulas_wherever_a_ring_lies() {
        for (x, y, size) in
            [(120.3, 31.5, 0.001), (120.3, 31.5, 0.3), (119.6, 31.2, 0.02), (121.4, -45.0, 0.1), (118.6, 62.0, 0.2)]
        {
            for points in [5, 90] {
                let ring = star(x, y, size, points);
                let (found, expected) = (ring_area(&ring).unwrap(), plain(&ring));
                assert!((found - expected).abs() <= 1e-9 * expected.abs() + 1e-3, "{x} {y} {size}: {found} {expected}");
                let plane = GaussKruger::new(120.0, 500_000.0).unwrap();
                let image = super::super::overlay::plane_ring(&ring, &plane).abs();
                let found = (found + plane_excess(&ring, 120.0).unwrap()).abs();
                assert!((found - image).abs() <= 1e-8 * image + 1e-3, "{x} {y} {size}: {found} for {image}");
            }
        }
        assert_eq!(ring_area(&star(120.3, 31.5, 2.0, 30)), None);
        assert_eq!(plane_excess(&star(126.0, 31.5, 0.1, 30), 120.0), None);
        let far = MultiPolygon(vec![Polygon::new(star(126.0, 31.5, 0.1, 30), vec![])]);
        assert!(super::super::plane_area(&far, &GaussKruger::new(120.0, 500_000.0).unwrap()).0 > 1e8);
    }
}
