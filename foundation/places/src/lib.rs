//! Places: whose area a point is in on a day, what people call a place, and the map that the server draws.
//!
//! Start at `locate.rs` (the area of a point), `search.rs` (a place by its name, with and without tone marks) and `map.rs` (the picture, whose
//! taps `view.rs` turns back into points). Not here: who is responsible for an area (`pack`), how a map stands on a page (`web`).
//! Everything is computed once from the pack and never changes while the server runs.

mod draw;
pub mod geometry;
pub mod locate;
pub mod map;
pub mod search;
pub mod view;

pub use locate::{How, Inside, Located};
pub use map::{Light, Map, Pin, Shape};
pub use search::{Found, What};
pub use view::{Steps, View};

use geometry::Bounds;
use jiff::civil::Date;
use kernel::Point;
use pack::{Area, Areas, City, Place};

/// The words of the map.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The places of one city.
#[derive(Debug)]
pub struct Places {
    center: Point,
    outside_km: f64,
    areas: Areas,
    named: Vec<Place>,
    names: search::Names,
    borders: locate::Borders,
    layers: draw::Layers,
    /// Around all outlines.
    bounds: Bounds,
    /// Around the outline in which the center lies: the city without its far islands.
    mainland: Bounds,
}

impl Places {
    /// The places of a city, from what its pack says about the ground.
    #[must_use]
    pub fn new(city: &City) -> Self {
        let outlines = city.map.outlines().flat_map(|outline| &outline.points);
        let bounds = Bounds::of(outlines.copied().chain([city.center]));
        let holds_center = |outline: &&pack::Drawn| {
            let ring: Vec<_> = outline.points.iter().map(|point| geometry::km_from(city.center, *point)).collect();
            geometry::within(geometry::Xy::default(), &ring)
        };
        let mainland =
            city.map.outlines().find(holds_center).map_or(bounds, |outline| Bounds::of(outline.points.iter().copied()));
        Self {
            center: city.center,
            outside_km: city.outside_km,
            areas: city.areas.clone(),
            named: city.places.clone(),
            names: search::Names::of(city),
            borders: locate::Borders::of(city),
            layers: draw::Layers::of(&city.map),
            bounds,
            mainland,
        }
    }

    /// The areas that answer "whose area is this?" on `day`, with their seats.
    fn seats(&self, day: Date) -> impl Iterator<Item = (&Area, Point)> {
        self.areas.commune_units_on(day).filter_map(|area| Some((area, area.seat?)))
    }
}
