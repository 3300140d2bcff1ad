//! A site in the hand: a corner, a side, its figures or the whole is moved; one edit when the hand lets go.

use super::handle::{Handle, Hold};
use super::sketch::{angle_at, cross};
use crate::geometry::{Form, Motion, Vicinity, bearing, distance, pivot};
use crate::workspace::{Edit, SiteId, SiteState, Spot, change_ring};
use geo::{Coord, CoordsIter, LineString, MultiPolygon};
use std::sync::Arc;

/// Degrees by which the site turns while Shift is held.
const STEP: f64 = 15.0;

/// What a gesture has done so far, to be told beside the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told {
    /// Moved by metres.
    Moved(f64),
    /// Turned by degrees.
    Turned(f64),
    /// Stretched by a factor.
    Stretched(f64),
    /// A corner moved: length of the edges before and after it, and the angle between them.
    Corner(f64, f64, f64),
    /// The form says it all.
    Figures,
}

/// A site that is being changed.
#[derive(Debug, Clone)]
pub struct Reshape {
    /// Which.
    pub site: SiteId,
    /// Its outline as it is in the hand.
    pub shape: Arc<MultiPolygon>,
    /// Its figures, where it still has such.
    pub form: Option<Form>,
    /// What has been done.
    pub told: Told,
    before: MultiPolygon,
    form_before: Option<Form>,
    hold: Hold,
    from: Coord,
    about: Coord,
    motion: Option<Motion>,
    pulled: Option<(Coord, bool)>,
    crossed: bool,
    changed: bool,
}

impl Reshape {
    /// Takes hold of a handle.
    pub fn grab(state: &SiteState, handle: Handle) -> Self {
        let (mut shape, mut form, mut hold) = (state.site.shape.clone(), state.form.clone(), handle.hold);
        match (hold, &mut form) {
            (Hold::Middle(spot), None) => {
                change_ring(&mut shape, spot, |ring| ring.insert(spot.corner.min(ring.len()), handle.at));
                hold = Hold::Corner(spot);
            }
            (Hold::NodeMiddle(number), Some(Form::Corridor { line, .. })) => {
                line.0.insert(number.min(line.0.len()), handle.at);
                hold = Hold::Node(number);
            }
            _ => {}
        }
        Self {
            site: state.id,
            about: pivot(&shape).unwrap_or(handle.at),
            shape: Arc::new(shape.clone()),
            form: form.clone(),
            told: Told::Figures,
            before: shape,
            form_before: form,
            hold,
            from: handle.at,
            motion: None,
            pulled: None,
            crossed: false,
            changed: handle.hold.is_middle() && !matches!(handle.hold, Hold::Side(_)),
        }
    }

    /// Whether the whole is moved, turned or stretched, so that nothing shall be snapped to.
    pub fn is_whole(&self) -> bool {
        matches!(self.hold, Hold::Turn | Hold::Stretch | Hold::Rim | Hold::Width)
    }

    /// What is held.
    pub fn hold(&self) -> Hold {
        self.hold
    }

    /// Follows the pointer; `by_steps` turns in round angles.
    pub fn pull(&mut self, to: Coord, by_steps: bool) {
        if self.pulled == Some((to, by_steps)) {
            return;
        }
        self.pulled = Some((to, by_steps));
        self.changed = true;
        match self.hold {
            Hold::Body => {
                self.told = Told::Moved(distance(self.from, to));
                self.go(Motion::shift(self.from, to));
            }
            Hold::Turn => {
                let turn = bearing(self.about, to) - bearing(self.about, self.from);
                let turn = if by_steps { (turn / STEP).round() * STEP } else { turn };
                let turn = (turn + 540.0).rem_euclid(360.0) - 180.0;
                self.told = Told::Turned(turn);
                self.go(Motion::turn(self.about, turn));
            }
            Hold::Stretch => {
                let factor = distance(self.about, to) / distance(self.about, self.from).max(1e-3);
                let factor = factor.clamp(0.01, 100.0);
                self.told = Told::Stretched(factor);
                self.go(Motion::stretch(self.about, factor));
            }
            Hold::Corner(spot) if self.form_before.is_none() => self.pull_corner(spot, to),
            _ => {
                self.told = Told::Figures;
                if let Some(form) = self.form_before.as_ref().and_then(|form| pulled(form, self.hold, to)) {
                    self.take(form);
                }
            }
        }
    }

    fn go(&mut self, motion: Motion) {
        self.motion = Some(motion);
        match &self.form_before {
            Some(form) => self.take(form.moved(&motion)),
            None => self.shape = Arc::new(motion.preview(&self.before)),
        }
    }

    /// Figures that make no outline leave the last one in the hand.
    fn take(&mut self, form: Form) {
        if let Some(shape) = form.shape() {
            self.shape = Arc::new(shape);
            self.form = Some(form);
        }
    }

    fn pull_corner(&mut self, spot: Spot, to: Coord) {
        let mut shape = self.before.clone();
        let mut around = None;
        change_ring(&mut shape, spot, |ring| {
            if let Some(place) = ring.get_mut(spot.corner) {
                *place = to;
            }
            let count = ring.len().max(1);
            let at = |step: usize| ring.get((spot.corner + step) % count).copied();
            around = at(count - 1).zip(at(1));
        });
        if let Some((before, after)) = around {
            self.told = Told::Corner(distance(before, to), distance(to, after), angle_at(before, to, after));
            self.crossed = is_crossed_at(&shape, before, to, after);
        }
        self.shape = Arc::new(shape);
    }

    /// Whether the outline crosses itself now.
    pub fn is_crossed(&self) -> bool {
        self.crossed
    }

    /// The edit that the gesture amounts to, where anything was changed.
    pub fn finish(self) -> Option<Edit> {
        let is_same = *self.shape == self.before && self.form == self.form_before;
        if !self.changed || is_same && !matches!(self.hold, Hold::Corner(_) | Hold::Node(_)) {
            return None;
        }
        Some(match (self.form, self.motion) {
            (Some(form), _) => Edit::DefineSite(self.site, form),
            (None, Some(motion)) => Edit::ReshapeSite(self.site, motion.shape(&self.before)),
            (None, None) => Edit::ReshapeSite(self.site, Arc::unwrap_or_clone(self.shape)),
        })
    }
}

/// A form whose side, point or rim has been pulled to a place.
fn pulled(form: &Form, hold: Hold, to: Coord) -> Option<Form> {
    match (form, hold) {
        (Form::Rectangle { bearing, .. }, Hold::Corner(spot)) => {
            let opposite = *form.corners().get((spot.corner + 2) % 4)?;
            Some(Form::rectangle(opposite, to, *bearing, None, None))
        }
        (Form::Rectangle { width, height, bearing, .. }, Hold::Side(side)) => {
            // the corner that stays, and the one that goes along with the side
            let corners = form.corners();
            let (stays, goes) = (*corners.get((side + 2) % 4)?, *corners.get(side)?);
            let is_across = side % 2 == 0;
            let there = upright(stays, to, *bearing);
            let opposite = upright(stays, goes, *bearing);
            let target =
                if is_across { Coord { x: opposite.x, y: there.y } } else { Coord { x: there.x, y: opposite.y } };
            let towards = lying(stays, target, *bearing);
            let kept = |is_kept: bool, side: f64| is_kept.then_some(side);
            Some(Form::rectangle(stays, towards, *bearing, kept(is_across, *width), kept(!is_across, *height)))
        }
        (Form::Circle { centre, .. }, Hold::Rim) => {
            Some(Form::Circle { centre: *centre, radius: distance(*centre, to) })
        }
        (Form::Corridor { line, ends, .. }, Hold::Width) => {
            Some(Form::Corridor { line: line.clone(), width: 2.0 * form.distance_from_axis(to), ends: *ends })
        }
        (Form::Corridor { line, width, ends }, Hold::Node(number)) => {
            let mut line = line.clone();
            *line.0.get_mut(number)? = to;
            Some(Form::Corridor { line, width: *width, ends: *ends })
        }
        _ => None,
    }
}

/// Metres across and along a bearing from one place to another.
fn upright(from: Coord, to: Coord, bearing: f64) -> Coord {
    let there = Vicinity::at(from).forward(to);
    let (sine, cosine) = bearing.to_radians().sin_cos();
    Coord { x: there.x * cosine - there.y * sine, y: there.x * sine + there.y * cosine }
}

/// The place at these metres across and along a bearing.
fn lying(from: Coord, to: Coord, bearing: f64) -> Coord {
    let (sine, cosine) = bearing.to_radians().sin_cos();
    Vicinity::at(from).inverse(Coord { x: to.x * cosine + to.y * sine, y: to.y * cosine - to.x * sine })
}

/// The site without a corner or a point of its line, when enough of them remain.
pub fn without(state: &SiteState, hold: Hold) -> Option<Edit> {
    match hold {
        Hold::Node(corner) => state.without_corner(Spot { polygon: 0, ring: 0, corner }),
        Hold::Corner(spot) => state.without_corner(spot),
        _ => None,
    }
}

/// Whether the two edges at a corner cross any other.
fn is_crossed_at(shape: &MultiPolygon, before: Coord, corner: Coord, after: Coord) -> bool {
    let rings = shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut edges = rings.flat_map(LineString::lines);
    edges.any(|edge| cross(before, corner, edge.start, edge.end) || cross(corner, after, edge.start, edge.end))
}

/// Whether any edges of a shape cross; large shapes are not asked.
pub fn is_crossed(shape: &MultiPolygon) -> bool {
    if shape.coords_count() > 400 {
        return false;
    }
    let rings = || shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let edges: Vec<_> = rings().flat_map(LineString::lines).collect();
    edges.iter().enumerate().any(|(number, one)| {
        edges.iter().skip(number + 1).any(|other| cross(one.start, one.end, other.start, other.end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Site;
    use crate::geometry::{Ends, area};
    use geo::Geometry;

    const HERE: Coord = Coord { x: 120.3, y: 31.57 };

    fn state(form: Option<Form>) -> SiteState {
        let shape = form.clone().unwrap_or(Form::Rectangle { centre: HERE, width: 400.0, height: 300.0, bearing: 0.0 });
        let shape = shape.shape().unwrap();
        let site = Site { id: "1".into(), name: "示例".into(), shape, ..Site::default() };
        SiteState { id: SiteId(1), site: Arc::new(site), form }
    }

    fn rectangle(bearing: f64) -> SiteState {
        state(Some(Form::Rectangle { centre: HERE, width: 400.0, height: 300.0, bearing }))
    }

    fn taken(state: &SiteState, hold: Hold, at: Coord, to: Coord) -> Edit {
        let handle = Handle { place: egui::Pos2::ZERO, at, hold };
        let mut reshape = Reshape::grab(state, handle);
        reshape.pull(to, false);
        reshape.finish().unwrap()
    }

    fn spot(corner: usize) -> Spot {
        Spot { polygon: 0, ring: 0, corner }
    }

    #[test]
    fn a_corner_of_a_rectangle_leaves_it_a_rectangle_about_the_opposite_one() {
        let state = rectangle(20.0);
        let corners = state.form.as_ref().unwrap().corners();
        let to = Vicinity::at(corners[2]).towards(20.0, 100.0);
        let Edit::DefineSite(_, form) = taken(&state, Hold::Corner(spot(2)), corners[2], to) else { panic!() };
        let Form::Rectangle { width, height, bearing, .. } = form else { panic!() };
        assert!((width - 400.0).abs() < 0.05 && (height - 400.0).abs() < 0.05 && bearing == 20.0, "{width} {height}");
        assert!(distance(form.corners()[0], corners[0]) < 1e-3);
    }

    #[test]
    fn a_side_of_a_rectangle_moves_alone() {
        for (side, expected) in [(0, (400.0, 350.0)), (1, (450.0, 300.0)), (2, (400.0, 350.0)), (3, (450.0, 300.0))] {
            let state = rectangle(33.0);
            let corners = state.form.as_ref().unwrap().corners();
            let from = (corners[side] + corners[(side + 1) % 4]) / 2.0;
            let outwards = 33.0 + [180.0, 90.0, 0.0, 270.0][side];
            let to = Vicinity::at(from).towards(outwards, 50.0);
            let Edit::DefineSite(_, form) = taken(&state, Hold::Side(side), from, to) else { panic!() };
            let Form::Rectangle { width, height, .. } = form else { panic!() };
            assert!(
                (width - expected.0).abs() < 0.05 && (height - expected.1).abs() < 0.05,
                "{side}: {width} {height}"
            );
            for stays in [corners[(side + 2) % 4], corners[(side + 3) % 4]] {
                let nearest = form.corners().iter().map(|at| distance(*at, stays)).fold(f64::INFINITY, f64::min);
                assert!(nearest < 0.05, "{side}: {nearest}");
            }
        }
    }

    #[test]
    fn the_whole_is_turned_stretched_and_moved_with_its_figures() {
        let state = rectangle(0.0);
        let (north, east) = (Vicinity::at(HERE).towards(0.0, 100.0), Vicinity::at(HERE).towards(90.0, 100.0));
        let Edit::DefineSite(_, Form::Rectangle { bearing, .. }) = taken(&state, Hold::Turn, north, east) else {
            panic!()
        };
        assert!((bearing - 90.0).abs() < 1e-3, "{bearing}");
        let far = Vicinity::at(HERE).towards(0.0, 200.0);
        let Edit::DefineSite(_, Form::Rectangle { width, .. }) = taken(&state, Hold::Stretch, north, far) else {
            panic!()
        };
        assert!((width - 800.0).abs() < 0.1, "{width}");
        let Edit::DefineSite(_, Form::Rectangle { centre, .. }) = taken(&state, Hold::Body, HERE, east) else {
            panic!()
        };
        assert!(distance(centre, east) < 1e-6);
    }

    #[test]
    fn steps_of_turning_are_round() {
        let state = rectangle(0.0);
        let north = Vicinity::at(HERE).towards(0.0, 100.0);
        let mut reshape = Reshape::grab(&state, Handle { place: egui::Pos2::ZERO, at: north, hold: Hold::Turn });
        reshape.pull(Vicinity::at(HERE).towards(52.0, 100.0), true);
        let Told::Turned(turn) = reshape.told else { panic!() };
        assert!((turn - 45.0).abs() < 1e-9, "{turn}");
    }

    #[test]
    fn a_corridor_and_a_circle_keep_their_figures() {
        let line = LineString::from(vec![(120.30, 31.57), (120.31, 31.57), (120.32, 31.58)]);
        let road = state(Some(Form::Corridor { line: line.clone(), width: 20.0, ends: Ends::Flat }));
        let beside = Vicinity::at(Coord { x: 120.305, y: 31.57 }).towards(0.0, 25.0);
        let Edit::DefineSite(_, Form::Corridor { width, .. }) = taken(&road, Hold::Width, HERE, beside) else {
            panic!()
        };
        assert!((width - 50.0).abs() < 0.05, "{width}");
        let middle = Coord { x: 120.305, y: 31.57 };
        let Edit::DefineSite(_, Form::Corridor { line: bent, .. }) = taken(&road, Hold::NodeMiddle(1), middle, beside)
        else {
            panic!()
        };
        assert_eq!((bent.0.len(), bent.0[1]), (4, beside));
        let Some(Edit::DefineSite(_, Form::Corridor { line: short, .. })) = without(&road, Hold::Node(1)) else {
            panic!()
        };
        assert_eq!(short.0, [line.0[0], line.0[2]]);
        let well = state(Some(Form::Circle { centre: HERE, radius: 100.0 }));
        let rim = Vicinity::at(HERE).towards(10.0, 130.0);
        let Edit::DefineSite(_, Form::Circle { radius, .. }) = taken(&well, Hold::Rim, HERE, rim) else { panic!() };
        assert!((radius - 130.0).abs() < 1e-6);
    }

    #[test]
    fn the_middle_of_an_edge_becomes_a_corner_when_it_is_pulled() {
        let state = state(None);
        let ring = state.site.shape.0[0].exterior().clone();
        let middle = (ring.0[0] + ring.0[1]) / 2.0;
        let to = Coord { x: 120.3, y: 31.5 };
        let Edit::ReshapeSite(_, shape) = taken(&state, Hold::Middle(spot(1)), middle, to) else { panic!() };
        assert_eq!((shape.0[0].exterior().0.len(), shape.0[0].exterior().0[1]), (6, to));
        let Some(Edit::ReshapeSite(_, shape)) = without(&state, Hold::Corner(spot(0))) else { panic!() };
        assert_eq!(shape.0[0].exterior().0.len(), 4);
        let to = Coord { x: 120.0, y: 31.0 };
        let Edit::ReshapeSite(_, shape) = taken(&state, Hold::Corner(spot(0)), ring.0[0], to) else { panic!() };
        let ring = shape.0[0].exterior();
        assert_eq!((ring.0.len(), ring.0.first()), (5, ring.0.last()));
    }

    #[test]
    fn a_corner_pulled_across_is_told_as_crossing_and_kept() {
        let state = state(None);
        let ring = state.site.shape.0[0].exterior().clone();
        let across = Vicinity::at((ring.0[2] + ring.0[3]) / 2.0).towards(0.0, 200.0);
        let handle = Handle { place: egui::Pos2::ZERO, at: ring.0[0], hold: Hold::Corner(spot(0)) };
        let mut reshape = Reshape::grab(&state, handle);
        assert!(!reshape.is_crossed());
        reshape.pull(across, false);
        assert!(reshape.is_crossed() && is_crossed(&reshape.shape));
        assert!(matches!(reshape.finish(), Some(Edit::ReshapeSite(..))));
    }

    #[test]
    fn a_free_polygon_that_is_turned_keeps_its_area() {
        let state = state(None);
        let (north, aside) = (Vicinity::at(HERE).towards(0.0, 100.0), Vicinity::at(HERE).towards(40.0, 100.0));
        let Edit::ReshapeSite(_, shape) = taken(&state, Hold::Turn, north, aside) else { panic!() };
        let measure = |shape: &MultiPolygon| area(&Geometry::MultiPolygon(shape.clone())).0;
        assert!((measure(&shape) / measure(&state.site.shape) - 1.0).abs() < 1e-6);
    }
}
