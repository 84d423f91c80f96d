//! What part of the ground a picture shows: from a point to a pixel and back, and the neighbouring views that links lead to.

use crate::Places;
use crate::geometry::{Bounds, KM_PER_DEGREE, Xy, shortening};
use kernel::Point;

/// A part of the ground on a picture of so many pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The point in the middle.
    pub center: Point,
    /// How near: one more is twice as large. Web maps count the same way.
    pub zoom: u8,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// The farthest and the nearest view. At the nearest a pixel is about a metre.
pub const ZOOMS: (u8, u8) = (7, 17);
/// Metres of a pixel at zoom 0, as web maps count at the equator.
const METRES: f64 = 156_543.034;

impl View {
    /// Metres of a pixel.
    #[must_use]
    pub fn metres(&self) -> f64 {
        METRES / f64::from(1_u32 << self.zoom.clamp(ZOOMS.0, ZOOMS.1))
    }

    /// Pixels of a degree of latitude.
    fn pixels(&self) -> f64 {
        KM_PER_DEGREE * 1_000.0 / self.metres()
    }

    /// Where `point` stands on the picture.
    #[must_use]
    pub fn project(&self, point: Point) -> Xy {
        let scale = self.pixels();
        Xy::new(
            f64::from(self.width) / 2.0 + (point.long - self.center.long) * shortening(self.center.lat) * scale,
            f64::from(self.height) / 2.0 - (point.lat - self.center.lat) * scale,
        )
    }

    /// The point under a pixel: where somebody tapped. `None` off the picture.
    #[must_use]
    pub fn point_at(&self, x: i64, y: i64) -> Option<Point> {
        let on = (0..=i64::from(self.width)).contains(&x) && (0..=i64::from(self.height)).contains(&y);
        // Both fit a float exactly: they are at most 65,535.
        #[allow(clippy::cast_precision_loss)]
        let point = on.then(|| self.unproject(Xy::new(x as f64, y as f64)));
        point.and_then(|point| Point::new(point.lat, point.long))
    }

    fn unproject(&self, at: Xy) -> Point {
        let scale = self.pixels();
        Point {
            lat: self.center.lat - (at.y - f64::from(self.height) / 2.0) / scale,
            long: self.center.long + (at.x - f64::from(self.width) / 2.0) / (shortening(self.center.lat) * scale),
        }
    }

    /// The view moved by shares of its size: `(0.5, 0.0)` is half a picture to the east, `(0.0, 0.5)` to the south.
    #[must_use]
    pub fn moved(&self, east: f64, south: f64) -> Self {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let center = self.unproject(Xy::new(width * (0.5 + east), height * (0.5 + south)));
        Self { center: Point { lat: center.lat.clamp(-85.0, 85.0), long: center.long.clamp(-180.0, 180.0) }, ..*self }
    }

    /// One step nearer; `None` when there is none.
    #[must_use]
    pub fn nearer(&self) -> Option<Self> {
        (self.zoom < ZOOMS.1).then(|| Self { zoom: self.zoom + 1, ..*self })
    }

    /// One step farther; `None` when there is none.
    #[must_use]
    pub fn farther(&self) -> Option<Self> {
        (self.zoom > ZOOMS.0).then(|| Self { zoom: self.zoom - 1, ..*self })
    }

    /// The view around another point.
    #[must_use]
    pub const fn around(&self, center: Point) -> Self {
        Self { center, ..*self }
    }

    /// The part of an address that names this view: `map=16.05441,108.20217,13`. The size is the page's business.
    #[must_use]
    pub fn query(&self) -> String {
        format!("map={}", self.text())
    }

    /// The value of [`View::query`].
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:.5},{:.5},{}", self.center.lat, self.center.long, self.zoom)
    }
}

/// The views that links lead to from here. What is absent leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// To the north.
    pub north: Option<View>,
    /// To the south.
    pub south: Option<View>,
    /// To the east.
    pub east: Option<View>,
    /// To the west.
    pub west: Option<View>,
    /// One step nearer.
    pub nearer: Option<View>,
    /// One step farther.
    pub farther: Option<View>,
}

impl Places {
    /// The city without its far islands, as near as it fits.
    #[must_use]
    pub fn overview(&self, width: u16, height: u16) -> View {
        fitting(self.mainland, width, height)
    }

    /// All of the city: the farthest view that links lead to.
    #[must_use]
    pub fn whole(&self, width: u16, height: u16) -> View {
        fitting(self.bounds, width, height)
    }

    /// Where maps open: the city's center, some streets wide.
    #[must_use]
    pub const fn opening(&self, width: u16, height: u16) -> View {
        View { center: self.center, zoom: 13, width, height }
    }

    /// A picture around one point, near enough to recognise the corner.
    #[must_use]
    pub const fn closeup(&self, point: Point, width: u16, height: u16) -> View {
        View { center: point, zoom: 15, width, height }
    }

    /// The view that an address names; anything that is no view is `None`. The center is held within the city, the zoom within bounds.
    #[must_use]
    pub fn view(&self, text: &str, width: u16, height: u16) -> Option<View> {
        let mut parts = text.split(',');
        let (lat, long, zoom) = (parts.next()?, parts.next()?, parts.next()?);
        let center = Point::new(lat.parse().ok()?, long.parse().ok()?).filter(|_| parts.next().is_none())?;
        let zoom = zoom.parse::<u8>().ok()?.clamp(self.whole(width, height).zoom, ZOOMS.1);
        Some(View { center: self.bounds.hold(center), zoom, width, height })
    }

    /// The neighbouring views, held within the city.
    #[must_use]
    pub fn steps(&self, view: &View) -> Steps {
        let farthest = self.whole(view.width, view.height).zoom;
        let to = |east: f64, south: f64| {
            let moved = view.moved(east, south);
            let held = View { center: self.bounds.hold(moved.center), ..moved };
            // A step that hardly moves is none.
            (held.project(view.center).to(view.project(view.center)) > 12.0).then_some(held)
        };
        Steps {
            north: to(0.0, -0.5),
            south: to(0.0, 0.5),
            east: to(0.5, 0.0),
            west: to(-0.5, 0.0),
            nearer: view.nearer(),
            farther: view.farther().filter(|view| view.zoom >= farthest),
        }
    }
}

fn fitting(bounds: Bounds, width: u16, height: u16) -> View {
    let mut view = View { center: bounds.middle(), zoom: ZOOMS.1, width, height };
    let fits = |view: &View| {
        let (a, b) = (view.project(bounds.low), view.project(bounds.high));
        b.x - a.x <= f64::from(width) * 0.96 && a.y - b.y <= f64::from(height) * 0.96
    };
    while !fits(&view) && view.zoom > ZOOMS.0 {
        view.zoom -= 1;
    }
    view
}
