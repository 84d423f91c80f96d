//! Draws a pack's map as files, for whoever draws a pack: `cargo run -p places --example draw -- packs/sample target/map`.

use kernel::{Lang, Point};
use places::{Light, Map, Pin, Places, Shape};
use std::path::Path;

fn main() {
    let mut given = std::env::args().skip(1);
    let (Some(folder), Some(out)) = (given.next(), given.next()) else {
        eprintln!("usage: draw PACK FOLDER");
        std::process::exit(2);
    };
    let city = match pack::load(Path::new(&folder)) {
        Ok(city) => city,
        Err(complaints) => {
            eprintln!("{}", pack::render(&complaints));
            std::process::exit(1);
        }
    };
    let (places, out) = (Places::new(&city), Path::new(&out));
    std::fs::create_dir_all(out).expect("the folder for the pictures can be made");
    let day = city.calendars.all().map(|calendar| calendar.covered().1).max().unwrap_or_default();
    let pin = |north: f64, east: f64, shape| Pin {
        point: Point { lat: city.center.lat + north, long: city.center.long + east },
        shape,
        title: format!("{shape:?}"),
        href: None,
    };
    let pins = [
        pin(0.004, 0.006, Shape::Open),
        pin(0.0042, 0.0063, Shape::Late),
        pin(0.006, -0.006, Shape::Soon),
        pin(-0.006, 0.008, Shape::Late),
        pin(-0.004, -0.008, Shape::Done),
        pin(0.0, 0.001, Shape::Chosen),
    ];
    let (large, small) = ((880, 460), (288, 232));
    for (name, (width, height), zoom, light, pins) in [
        ("overview", large, None, Light::Day, &[][..]),
        ("12", large, Some(12), Light::Day, &[]),
        ("13", large, Some(13), Light::Day, &pins),
        ("13-night", large, Some(13), Light::Night, &pins),
        ("14", large, Some(14), Light::Day, &pins),
        ("15", large, Some(15), Light::Day, &pins),
        ("small-13", small, Some(13), Light::Day, &[]),
        ("small-15", small, Some(15), Light::Day, &pins),
        ("small-16-night", small, Some(16), Light::Night, &pins),
    ] {
        let mut view = places.overview(width, height);
        if let Some(zoom) = zoom {
            (view.zoom, view.center) = (zoom, city.center);
        }
        let picture = Map { view, day, lang: Lang::Vi, label: &city.name.vi, pins, link: None }.image(&places, light);
        println!("{name}: {} bytes", picture.len());
        std::fs::write(out.join(format!("{name}.svg")), picture).expect("the picture can be written");
    }
}
