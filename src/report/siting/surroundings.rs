//! What lies around a site and is told beside its verdict: the districts it lies in, the waters near it with those who
//! answer for them.

use crate::atlas::{Atlas, Chief, Quality, Site, Theme};
use crate::geometry::{self, GaussKruger, PreparedShape, Relation};
use crate::siting::{Ground, PreparedLayer};
use crate::waters::{WaterClass, Waters};
use serde::Serialize;

/// Waters are told that lie within this distance, metres, or within the neighbourhood asked for when it is wider.
const NEAR: f64 = 1_000.0;
/// Where none is so near, the nearest within this distance.
const FARTHEST: f64 = 50_000.0;
/// Most waters told.
const MOST: usize = 12;

/// What lies around a site.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Surroundings {
    /// The districts it lies in, the largest share first.
    pub districts: Vec<DistrictShare>,
    /// Waters, nearest first.
    pub waters: Vec<NearWater>,
}

/// A district with the share of the site in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistrictShare {
    /// Its name.
    pub name: String,
    /// 0…1.
    pub share: f64,
}

/// A water near a site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearWater {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Rivers or black-odour waters.
    pub theme: Theme,
    /// How the site lies to it.
    pub relation: Relation,
    /// Distance on the ellipsoid, metres; 0 when anything is shared.
    pub distance_m: f64,
    /// Class of the latest month.
    pub class: Option<WaterClass>,
    /// That month.
    pub month: Option<String>,
    /// Class due.
    pub class_due: Option<WaterClass>,
    /// Whether it meets its target.
    pub meets: Option<bool>,
    /// Worth of its data.
    pub quality: Quality,
    /// Those who answer for it, highest first.
    pub chiefs: Vec<Chief>,
}

/// Looks around a site.
pub fn surroundings(site: &Site, near_m: f64, atlas: &Atlas, ground: &Ground, waters: &Waters) -> Surroundings {
    let shape = PreparedShape::of_polygons(&site.shape);
    let plane = shape.bounds().and_then(|bounds| GaussKruger::three_degree(bounds.center().x).ok());
    let Some(plane) = plane.filter(|_| !shape.is_empty()) else { return Surroundings::default() };
    let day = Waters::as_of(atlas);
    let near = waters_near(&shape, near_m, ground, &plane);
    let told = near.into_iter().filter_map(|found| {
        let summary = waters.summary(atlas, &found.id, day)?;
        Some(NearWater {
            id: found.id,
            name: summary.name,
            theme: found.theme,
            relation: found.relation,
            distance_m: (found.distance * 1e4).round() / 1e4,
            class: summary.current.as_ref().and_then(|current| current.class),
            month: summary.month,
            class_due: summary.target,
            meets: summary.meets,
            quality: summary.quality,
            chiefs: summary.chiefs,
        })
    });
    Surroundings { districts: districts(&shape, ground, &plane), waters: told.collect() }
}

fn districts(shape: &PreparedShape, ground: &Ground, plane: &GaussKruger) -> Vec<DistrictShare> {
    let (Some(city), Some(bounds)) = (ground.city(), shape.bounds()) else { return Vec::new() };
    let whole = shape.area().square_metres().max(f64::MIN_POSITIVE);
    let met = city.layer.within(bounds).into_iter().filter_map(|index| {
        let meeting = geometry::meet(shape, city.shape(index)?, plane, 0.0)?;
        let share = (meeting.area.square_metres() / whole).clamp(0.0, 1.0);
        let name = city.layer.feature(index)?.name().to_owned();
        (share > 0.0).then_some(DistrictShare { name, share })
    });
    let mut districts: Vec<DistrictShare> = met.collect();
    districts.sort_by(|one, other| other.share.total_cmp(&one.share));
    districts
}

struct Found {
    id: String,
    theme: Theme,
    relation: Relation,
    distance: f64,
}

fn waters_near(shape: &PreparedShape, near_m: f64, ground: &Ground, plane: &GaussKruger) -> Vec<Found> {
    let Some(site) = shape.bounds() else { return Vec::new() };
    let wanted = near_m.max(NEAR);
    let is_water =
        |layer: &&std::sync::Arc<PreparedLayer>| matches!(layer.layer.theme, Theme::Rivers | Theme::BlackOdourWaters);
    let mut in_question: Vec<(f64, &PreparedLayer, u32, String)> = Vec::new();
    for layer in ground.layers().filter(is_water) {
        for (index, feature, bounds) in layer.features() {
            let Some(bounds) = bounds else { continue };
            in_question.push((geometry::box_distance(site, bounds), layer, index, feature.id.clone()));
        }
    }
    in_question.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.3.cmp(&other.3)));
    let mut found: Vec<Found> = Vec::new();
    for (least, layer, index, id) in in_question {
        let nearest = found.iter().map(|found| found.distance).fold(FARTHEST, f64::min);
        let reach = wanted.max(nearest);
        if least > reach {
            break;
        }
        let meeting = layer.shape(index).and_then(|water| geometry::meet(shape, water, plane, reach));
        if let Some(meeting) = meeting.filter(|meeting| meeting.distance <= reach) {
            let (theme, relation) = (layer.layer.theme, meeting.relation);
            found.push(Found { id, theme, relation, distance: meeting.distance.max(0.0) });
        }
    }
    found.sort_by(|one, other| one.distance.total_cmp(&other.distance).then_with(|| one.id.cmp(&other.id)));
    let count = found.iter().filter(|found| found.distance <= wanted).count().max(1);
    found.truncate(count.min(MOST));
    found
}
