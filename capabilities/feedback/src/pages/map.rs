//! The map as a picture of its own: a tap on it sends where, also without script.

use kernel::{Lang, Point};
use places::map::Light;
use places::{Map, Pin, Shape, View};
use web::{City, Page, PageResult, Trouble, Visit};

/// Width and height on a phone.
pub const SMALL: (u16, u16) = (288, 232);
/// Width and height where there is room.
pub const LARGE: (u16, u16) = (560, 340);

/// The address of a picture.
#[must_use]
pub fn src(view: View, pin: Option<Point>, visit: &Visit) -> String {
    let light = match visit.theme {
        web::Theme::Auto => "",
        web::Theme::Light => "&light=day",
        web::Theme::Dark => "&light=night",
    };
    let pin = pin.map(|point| format!("&pin={:.5},{:.5}", point.lat, point.long)).unwrap_or_default();
    format!("/map?{}&size={}&lang={}{light}{pin}", view.query(), if view.width > SMALL.0 { "l" } else { "s" }, visit.lang.tag())
}

/// A point as forms carry it: `16.06123,108.22345`.
#[must_use]
pub fn point(text: &str) -> Option<Point> {
    let (lat, long) = text.split_once(',')?;
    Point::new(lat.trim().parse().ok()?, long.trim().parse().ok()?)
}

/// A point as [`point`] reads it.
#[must_use]
pub fn written(point: Point) -> String {
    format!("{:.6},{:.6}", point.lat, point.long)
}

/// What says which picture it is: the view, `l` for the large one, a point, `day` or `night`, the language of the names.
pub const FIELDS: &[&str] = &["map", "size", "pin", "light", "lang"];

/// `GET /map?map=…&size=…&pin=…`
pub async fn picture(city: City, visit: Visit) -> PageResult {
    let (width, height) = if visit.query.raw("size") == "l" { LARGE } else { SMALL };
    let view = city.places.view(visit.query.raw("map"), width, height).ok_or(Trouble::NotFound)?;
    let pin = point(visit.query.raw("pin"));
    let pins: Vec<Pin> =
        pin.into_iter().map(|point| Pin { point, shape: Shape::Chosen, title: String::new(), href: None }).collect();
    let light = match visit.query.raw("light") {
        "day" => Light::Day,
        "night" => Light::Night,
        _ => Light::Auto,
    };
    let lang = Lang::from_tag(visit.query.raw("lang")).unwrap_or_default();
    let svg = Map { view, day: city.today(), lang, label: "", pins: &pins, link: None }.image(&city.places, light);
    Ok(Page::bytes("image/svg+xml", svg.into_bytes(), None))
}
