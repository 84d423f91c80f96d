//! Whose area a point is in on a day, and whether it is in the city at all.
//!
//! Only seats are known, so the answer is the area whose seat is nearest: good for a suggestion that a person confirms, not for an act.

use crate::Places;
use crate::geometry::{Xy, km_from, segments, to_nearest, to_segment, within};
use jiff::civil::Date;
use kernel::Point;
use pack::{Area, City, Figure};
use serde::{Deserialize, Serialize};

/// Where a point lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Located {
    /// The key of the area that existed on the day; `None` when the pack knows no area of that day.
    pub area: Option<String>,
    /// How the area was found.
    pub how: How,
    /// Whether the point is in the city.
    pub inside: Inside,
}

/// How an area was found. It is stored with what was filed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The nearest seat: approximate, a person confirms it.
    NearestSeat,
}

/// Whether a point is in the city, and how sure that is. The distances are kilometres to the outline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "km")]
#[allow(clippy::enum_variant_names)] // `Inside::Inside` reads as what it says
pub enum Inside {
    /// Well inside.
    Inside,
    /// So near to a border drawn by hand, on either side, that a person has to look.
    Near(f64),
    /// Well outside.
    Outside(f64),
}

/// A stretch of outline this near to a coast line, in kilometres, is shore: across it lies the sea and no neighbour.
const SHORE_KM: f64 = 0.6;

/// The outline, in kilometres from the center.
#[derive(Debug)]
pub(crate) struct Borders {
    rings: Vec<Vec<Xy>>,
    /// Their segments, apart from those that are shore.
    land: Vec<(Xy, Xy)>,
    coasts: Vec<Vec<Xy>>,
    seas: Vec<Vec<Xy>>,
}

/// What lies across a stretch of the outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Across {
    /// A neighbour.
    Land,
    /// The sea, and a coast line is drawn there.
    Coast,
    /// The sea around an island.
    Sea,
}

impl Borders {
    pub(crate) fn of(city: &City) -> Self {
        let flat = |points: &[Point]| points.iter().map(|point| km_from(city.center, *point)).collect::<Vec<_>>();
        let rings = city.map.outlines().map(|outline| flat(&outline.points)).filter(|ring| ring.len() > 2).collect();
        let coasts = city.map.lines.iter().filter(|line| line.kind == Figure::Coast).map(|coast| flat(&coast.points)).collect();
        let seas = city.map.shapes.iter().filter(|shape| shape.kind == Figure::Sea).map(|sea| flat(&sea.points)).collect();
        let mut borders = Self { rings, land: Vec::new(), coasts, seas };
        let all = borders.rings.iter().flat_map(|ring| segments(ring, true));
        borders.land = all.filter(|(a, b)| borders.across(*a, *b) == Across::Land).collect();
        borders
    }

    fn across(&self, a: Xy, b: Xy) -> Across {
        let middle = a.toward(b, 0.5);
        if self.coasts.iter().any(|coast| segments(coast, false).any(|(a, b)| to_segment(middle, a, b) <= SHORE_KM)) {
            Across::Coast
        } else if self.seas.iter().any(|sea| within(middle, sea)) {
            Across::Sea
        } else {
            Across::Land
        }
    }

    /// What lies across this stretch of an outline.
    pub(crate) fn across_points(&self, center: Point, from: Point, to: Point) -> Across {
        self.across(km_from(center, from), km_from(center, to))
    }

    fn inside(&self, at: Xy, outside_km: f64) -> Inside {
        if self.rings.is_empty() {
            return Inside::Inside;
        }
        if self.rings.iter().any(|ring| within(at, ring)) {
            let km = to_nearest(at, self.land.iter().copied());
            return if km <= outside_km { Inside::Near(km) } else { Inside::Inside };
        }
        let km = to_nearest(at, self.rings.iter().flat_map(|ring| segments(ring, true)));
        if km <= outside_km { Inside::Near(km) } else { Inside::Outside(km) }
    }
}

impl Places {
    /// The area of `point` on `day`: of those that existed then, the one whose seat is nearest.
    #[must_use]
    pub fn locate(&self, point: Point, day: Date) -> Located {
        Located {
            area: self.nearest_areas(point, day, 1).pop().map(|area| area.key.clone()),
            how: How::NearestSeat,
            inside: self.inside(point),
        }
    }

    /// How `point` lies to the city's outline.
    #[must_use]
    pub fn inside(&self, point: Point) -> Inside {
        self.borders.inside(km_from(self.center, point), self.outside_km)
    }

    /// The areas of `day` by the distance of their seats from `point`, the nearest first: the choice that a person is offered.
    #[must_use]
    pub fn nearest_areas(&self, point: Point, day: Date, limit: usize) -> Vec<&Area> {
        let at = km_from(self.center, point);
        let mut all: Vec<(f64, &Area)> = self.seats(day).map(|(area, seat)| (at.to(km_from(self.center, seat)), area)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.into_iter().take(limit).map(|(_, area)| area).collect()
    }
}
