//! Where a drawing is placed: planes of entities (arbitrary axis rule of DXF) and blocks with scale and turn.

/// A position or direction.
pub(super) type Triple = [f64; 3];

/// A linear map of space followed by a move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Where the three axes go.
    axes: [Triple; 3],
    origin: Triple,
}

impl Frame {
    /// Nothing is moved.
    pub(super) const WORLD: Frame =
        Frame { axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], origin: [0.0; 3] };

    /// The plane of an entity, by the direction it was drawn up along.
    pub(super) fn of_normal(normal: Triple) -> Frame {
        let length = norm(normal);
        if normal == [0.0, 0.0, 1.0] || !length.is_finite() || length == 0.0 {
            return Frame::WORLD;
        }
        let up = normal.map(|part| part / length);
        let is_near = up[0].abs() < 1.0 / 64.0 && up[1].abs() < 1.0 / 64.0;
        let east = unit(cross(if is_near { [0.0, 1.0, 0.0] } else { [0.0, 0.0, 1.0] }, up));
        Frame { axes: [east, unit(cross(up, east)), up], origin: [0.0; 3] }
    }

    /// Scales, turns by degrees, moves.
    pub(super) fn of_insert(scale: Triple, degrees: f64, at: Triple) -> Frame {
        let (sine, cosine) = sine_cosine(degrees);
        let axes = [
            [cosine * scale[0], sine * scale[0], 0.0],
            [-sine * scale[1], cosine * scale[1], 0.0],
            [0.0, 0.0, scale[2]],
        ];
        Frame { axes, origin: at }
    }

    /// Where a position goes.
    pub(super) fn apply(&self, at: Triple) -> Triple {
        let moved = self.turn(at);
        [moved[0] + self.origin[0], moved[1] + self.origin[1], moved[2] + self.origin[2]]
    }

    fn turn(&self, at: Triple) -> Triple {
        let part = |row: usize| {
            let of = |axis: &Triple| axis.get(row).copied().unwrap_or_default();
            let [a, b, c] = &self.axes;
            of(a) * at[0] + of(b) * at[1] + of(c) * at[2]
        };
        [part(0), part(1), part(2)]
    }

    /// First the inner frame, then this one.
    pub(super) fn of_inner(&self, inner: &Frame) -> Frame {
        Frame { axes: inner.axes.map(|axis| self.turn(axis)), origin: self.apply(inner.origin) }
    }

    /// How much lengths in its plane may grow.
    pub(super) fn scale(&self) -> f64 {
        norm(self.axes[0]).max(norm(self.axes[1]))
    }
}

/// Sine and cosine of an angle in degrees, exact at right angles.
pub(super) fn sine_cosine(degrees: f64) -> (f64, f64) {
    let turned = degrees.rem_euclid(360.0);
    if turned == 0.0 {
        (0.0, 1.0)
    } else if turned == 90.0 {
        (1.0, 0.0)
    } else if turned == 180.0 {
        (0.0, -1.0)
    } else if turned == 270.0 {
        (-1.0, 0.0)
    } else {
        turned.to_radians().sin_cos()
    }
}

/// Length of a direction.
pub(super) fn norm(of: Triple) -> f64 {
    of.iter().map(|part| part * part).sum::<f64>().sqrt()
}

fn unit(of: Triple) -> Triple {
    let length = norm(of);
    of.map(|part| part / length)
}

/// The direction upright on two others.
pub(super) fn cross(a: Triple, b: Triple) -> Triple {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
