//! The corners of a site one by one: those of its rings, the points of a corridor's line, or the centre of a circle.

use super::command::Edit;
use super::project::SiteState;
use crate::geometry::Form;
use crate::geometry::geo::{Centroid, Coord, LineString, MultiPolygon, Polygon};

/// A corner of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Which part.
    pub polygon: usize,
    /// 0 the outside, then the holes.
    pub ring: usize,
    /// Which corner of the ring; of a corridor which point of its line.
    pub corner: usize,
}

/// A run of corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strand<'a> {
    /// Which part.
    pub polygon: usize,
    /// 0 the outside, then the holes.
    pub ring: usize,
    /// The corners, without the first repeated.
    pub corners: &'a [Coord],
    /// Whether the last is followed by the first.
    pub is_closed: bool,
}

impl SiteState {
    /// The same with the outline that it has while it is changed by hand; a corridor keeps its line until the hand lets
    /// go.
    pub fn in_hand(&self, outline: &MultiPolygon) -> SiteState {
        let form = match (&self.form, outline.centroid()) {
            (Some(Form::Circle { radius, .. }), Some(centre)) => {
                Some(Form::Circle { centre: centre.0, radius: *radius })
            }
            (form, _) => form.clone(),
        };
        let site = std::sync::Arc::new(crate::atlas::Site { shape: outline.clone(), ..self.site.as_ref().clone() });
        SiteState { id: self.id, site, form }
    }

    /// The corners that its outline follows from.
    pub fn strands(&self) -> Vec<Strand<'_>> {
        let open = |corners| Strand { polygon: 0, ring: 0, corners, is_closed: false };
        match &self.form {
            Some(Form::Corridor { line, .. }) => vec![open(&line.0)],
            Some(Form::Circle { centre, .. }) => vec![open(std::slice::from_ref(centre))],
            _ => {
                let rings = self.site.shape.iter().enumerate().flat_map(|(polygon, part)| {
                    let rings = std::iter::once(part.exterior()).chain(part.interiors()).enumerate();
                    rings.map(move |(ring, line)| Strand {
                        polygon,
                        ring,
                        corners: line.0.split_last().map_or(&[][..], |(_, open)| open),
                        is_closed: true,
                    })
                });
                rings.collect()
            }
        }
    }

    /// Puts a corner elsewhere.
    pub fn with_corner_at(&self, spot: Spot, to: Coord) -> Option<Edit> {
        if let Some(Form::Circle { radius, .. }) = &self.form {
            return Some(Edit::DefineSite(self.id, Form::Circle { centre: to, radius: *radius }));
        }
        self.changed(spot, |corners| {
            *corners.get_mut(spot.corner)? = to;
            Some(())
        })
    }

    /// Sets a corner after another, half way to the next one.
    pub fn with_corner_after(&self, spot: Spot) -> Option<Edit> {
        let is_line = matches!(self.form, Some(Form::Corridor { .. }));
        if matches!(self.form, Some(Form::Circle { .. })) {
            return None;
        }
        self.changed(spot, |corners| {
            let at = *corners.get(spot.corner)?;
            let next = corners.get(spot.corner + 1).or(if is_line { None } else { corners.first() });
            // behind the end of a line it goes on as far again
            let new = match next {
                Some(next) => (at + *next) / 2.0,
                None => at + (at - *corners.get(spot.corner.checked_sub(1)?)?) / 2.0,
            };
            corners.insert(spot.corner + 1, new);
            Some(())
        })
    }

    /// Takes a corner out, when enough of them remain.
    pub fn without_corner(&self, spot: Spot) -> Option<Edit> {
        let least = match self.form {
            Some(Form::Corridor { .. }) => 2,
            Some(Form::Circle { .. }) => return None,
            _ => 3,
        };
        self.changed(spot, |corners| {
            let is_enough = corners.len() > least && spot.corner < corners.len();
            is_enough.then(|| _ = corners.remove(spot.corner))
        })
    }

    fn changed(&self, spot: Spot, change: impl FnOnce(&mut Vec<Coord>) -> Option<()>) -> Option<Edit> {
        if let Some(Form::Corridor { line, width, ends }) = &self.form {
            let mut line = line.clone();
            change(&mut line.0)?;
            return Some(Edit::DefineSite(self.id, Form::Corridor { line, width: *width, ends: *ends }));
        }
        let mut shape = self.site.shape.clone();
        let mut done = None;
        change_ring(&mut shape, spot, |ring| done = change(ring));
        done.map(|()| Edit::ReshapeSite(self.id, shape))
    }
}

/// Changes the open corners of a ring and closes it again.
pub fn change_ring(shape: &mut MultiPolygon, spot: Spot, change: impl FnOnce(&mut Vec<Coord>)) {
    let Some(polygon) = shape.0.get_mut(spot.polygon) else { return };
    let (mut outside, mut holes) = (polygon.exterior().clone(), polygon.interiors().to_vec());
    let ring: Option<&mut LineString> = if spot.ring == 0 { Some(&mut outside) } else { holes.get_mut(spot.ring - 1) };
    if let Some(ring) = ring {
        ring.0.pop();
        change(&mut ring.0);
        ring.close();
    }
    *polygon = Polygon::new(outside, holes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Site;
    use crate::geometry::Ends;
    use crate::workspace::SiteId;
    use std::sync::Arc;

    fn state(form: Option<Form>, shape: MultiPolygon) -> SiteState {
        SiteState { id: SiteId(1), site: Arc::new(Site { shape, ..Site::default() }), form }
    }

    fn holed() -> SiteState {
        let ring = |side: f64| {
            let corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
            LineString::from(corners.map(|(x, y)| (120.3 + x, 31.5 + y)).to_vec())
        };
        state(None, MultiPolygon(vec![Polygon::new(ring(0.03), vec![ring(0.01)])]))
    }

    #[test]
    fn corners_of_every_ring_are_set_inserted_and_taken_out() {
        let site = holed();
        let strands = site.strands();
        assert_eq!(
            strands.iter().map(|strand| (strand.ring, strand.corners.len())).collect::<Vec<_>>(),
            [(0, 4), (1, 4)]
        );
        let spot = Spot { polygon: 0, ring: 1, corner: 3 };
        let to = Coord { x: 120.305, y: 31.512 };
        let Some(Edit::ReshapeSite(_, moved)) = site.with_corner_at(spot, to) else { panic!() };
        assert_eq!(moved.0[0].interiors()[0].0[3], to);
        let Some(Edit::ReshapeSite(_, more)) = site.with_corner_after(spot) else { panic!() };
        let ring = &more.0[0].interiors()[0].0;
        assert_eq!((ring.len(), ring[4], ring.first()), (6, (ring[3] + ring[0]) / 2.0, ring.last()));
        let Some(Edit::ReshapeSite(_, fewer)) = site.without_corner(spot) else { panic!() };
        assert_eq!(fewer.0[0].interiors()[0].0.len(), 4);
        let triangle = state(None, fewer);
        assert!(triangle.without_corner(Spot { corner: 0, ..spot }).is_none());
        assert!(site.with_corner_at(Spot { polygon: 7, ..spot }, to).is_none());
    }

    #[test]
    fn a_corridor_is_changed_by_its_line_and_a_circle_by_its_centre() {
        let line = LineString::from(vec![(120.3, 31.5), (120.32, 31.5)]);
        let form = Form::Corridor { line, width: 20.0, ends: Ends::Flat };
        let road = state(Some(form.clone()), form.shape().unwrap());
        let end = Spot { polygon: 0, ring: 0, corner: 1 };
        let Some(Edit::DefineSite(_, Form::Corridor { line, .. })) = road.with_corner_after(end) else { panic!() };
        assert!(line.0.len() == 3 && line.0[2].x > 120.32);
        assert!(road.without_corner(end).is_none());
        let form = Form::Circle { centre: Coord { x: 120.3, y: 31.5 }, radius: 50.0 };
        let well = state(Some(form.clone()), form.shape().unwrap());
        let to = Coord { x: 120.4, y: 31.5 };
        let moved = well.with_corner_at(Spot { polygon: 0, ring: 0, corner: 0 }, to);
        assert!(matches!(moved, Some(Edit::DefineSite(_, Form::Circle { centre, .. })) if centre == to));
    }
}
