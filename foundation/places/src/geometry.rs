//! The little plane geometry that a city needs. Over sixty kilometres the earth is flat enough: degrees of longitude are shortened by the
//! cosine of the latitude, and nothing else.

use kernel::Point;

/// Kilometres of one degree of latitude.
pub const KM_PER_DEGREE: f64 = 111.195;

/// A position on a plane: kilometres, or pixels on a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Xy {
    /// To the right.
    pub x: f64,
    /// North in kilometres, down in pixels.
    pub y: f64,
}

impl Xy {
    /// A position.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to `other`.
    #[must_use]
    pub fn to(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The position a share of the way to `other`.
    #[must_use]
    pub fn toward(self, other: Self, share: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }
}

/// `point` in kilometres from `origin`.
#[must_use]
pub fn km_from(origin: Point, point: Point) -> Xy {
    let east = (point.long - origin.long) * shortening(origin.lat);
    Xy::new(east * KM_PER_DEGREE, (point.lat - origin.lat) * KM_PER_DEGREE)
}

/// How much shorter a degree of longitude is at this latitude; never zero.
#[must_use]
pub fn shortening(lat: f64) -> f64 {
    if lat.is_finite() { lat.clamp(-85.0, 85.0).to_radians().cos() } else { 1.0 }
}

/// The distance from `at` to the segment between `a` and `b`.
#[must_use]
pub fn to_segment(at: Xy, a: Xy, b: Xy) -> f64 {
    square_to_segment(at, a, b).sqrt()
}

/// The distance from `at` to the nearest of the segments; infinite when there are none.
pub fn to_nearest(at: Xy, segments: impl Iterator<Item = (Xy, Xy)>) -> f64 {
    segments.map(|(a, b)| square_to_segment(at, a, b)).fold(f64::INFINITY, f64::min).sqrt()
}

fn square_to_segment(at: Xy, a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { (((at.x - a.x) * dx + (at.y - a.y) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let foot = a.toward(b, share);
    (at.x - foot.x).powi(2) + (at.y - foot.y).powi(2)
}

/// Whether `at` lies within the ring: a ray to the right crosses it an odd number of times.
#[must_use]
pub fn within(at: Xy, ring: &[Xy]) -> bool {
    let mut inside = false;
    for (a, b) in segments(ring, true) {
        if (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

/// The segments of a line, with the closing one when it is a ring.
pub fn segments(line: &[Xy], closed: bool) -> impl Iterator<Item = (Xy, Xy)> {
    let closing = line.last().copied().zip(line.first().copied()).filter(|_| closed && line.len() > 2);
    line.windows(2).map(|pair| (pair[0], pair[1])).chain(closing)
}

/// A box of degrees.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// South and west.
    pub low: Point,
    /// North and east.
    pub high: Point,
}

impl Bounds {
    /// The smallest box around `points`; they are at least one.
    #[must_use]
    pub fn of(points: impl IntoIterator<Item = Point>) -> Self {
        let mut bounds: Option<Self> = None;
        for Point { lat, long } in points {
            let Self { low, high } = bounds.unwrap_or(Self { low: Point { lat, long }, high: Point { lat, long } });
            bounds = Some(Self {
                low: Point { lat: low.lat.min(lat), long: low.long.min(long) },
                high: Point { lat: high.lat.max(lat), long: high.long.max(long) },
            });
        }
        bounds.unwrap_or(Self { low: Point { lat: 0.0, long: 0.0 }, high: Point { lat: 0.0, long: 0.0 } })
    }

    /// The middle.
    #[must_use]
    pub const fn middle(self) -> Point {
        Point { lat: f64::midpoint(self.low.lat, self.high.lat), long: f64::midpoint(self.low.long, self.high.long) }
    }

    /// The nearest point within the box.
    #[must_use]
    pub const fn hold(self, point: Point) -> Point {
        Point { lat: point.lat.clamp(self.low.lat, self.high.lat), long: point.long.clamp(self.low.long, self.high.long) }
    }
}
