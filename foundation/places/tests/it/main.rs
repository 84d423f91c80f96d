//! Where points are, what names mean, and what the map shows, on the invented city.

#![allow(clippy::unwrap_used)] // a test may fail loudly

mod locating;
mod mapping;
mod searching;

use jiff::civil::{Date, date};
use kernel::Point;
use places::Places;
use std::path::Path;
use std::sync::LazyLock;

const TODAY: Date = date(2026, 11, 25);

fn town() -> &'static Places {
    static TOWN: LazyLock<Places> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/sample");
        Places::new(&pack::load(&folder).unwrap_or_else(|complaints| panic!("{}", pack::render(&complaints))))
    });
    &TOWN
}

const fn at(lat: f64, long: f64) -> Point {
    Point { lat, long }
}
