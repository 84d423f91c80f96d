//! The packs as the whole house reads them: free of mistakes, as complete as `packs/tests.toml` says, their seats where they should be.

use crate::house::root;
use kernel::Point;
use manifest::House;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    pack: Vec<Pack>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    folder: String,
    areas: usize,
    units: usize,
    categories: usize,
    outlines: Option<String>,
    seats_within_km: Option<f64>,
}

fn expected() -> Vec<Pack> {
    let text = std::fs::read_to_string(root().join("packs/tests.toml")).expect("packs/tests.toml is there");
    toml::from_str::<Expected>(&text).expect("packs/tests.toml reads").pack
}

fn load(folder: &str) -> pack::City {
    let house = House::new(songhan::capabilities::all());
    let loaded = house.pack_loader().load(root().join("packs").join(folder));
    loaded.unwrap_or_else(|complaints| panic!("packs/{folder}:\n{}", pack::render(&complaints)))
}

#[test]
fn every_pack_is_free_of_mistakes_and_complete() {
    let mut known = Vec::new();
    for expected in expected() {
        let city = load(&expected.folder);
        let today = jiff::civil::date(2026, 11, 25);
        let committees = city.areas.commune_units_on(today).filter(|area| city.units.committee_of(&area.key).is_some()).count();
        let bodies = city.units.valid_on(today).count() - committees;
        let categories = feedback::pack::Feedback::of(&city).categories.len();
        let areas = city.areas.commune_units_on(today).count();
        assert_eq!(
            (areas, bodies, categories),
            (expected.areas, expected.units, expected.categories),
            "packs/{}",
            expected.folder
        );
        assert_eq!(committees, areas, "packs/{}: each area has its committee", expected.folder);
        known.push(expected.folder);
    }
    for entry in std::fs::read_dir(root().join("packs")).expect("packs/ is there").flatten() {
        let folder = entry.file_name().to_string_lossy().into_owned();
        assert!(!entry.path().is_dir() || known.contains(&folder), "packs/{folder} has no line in packs/tests.toml");
    }
}

#[test]
fn every_seat_lies_in_its_units_outline_or_near_it() {
    for expected in expected() {
        let (Some(outlines), Some(within)) = (&expected.outlines, expected.seats_within_km) else { continue };
        let shared = std::env::var("SONGHAN_SHARED").map_or_else(|_| root().join("../shared"), PathBuf::from);
        let path = shared.join("data").join(outlines);
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("skipped: {} is not there (set SONGHAN_SHARED)", path.display());
            continue;
        };
        let rings = rings_by_code(&serde_json::from_str(&text).expect("the outlines are GeoJSON"));
        let city = load(&expected.folder);
        let today = jiff::civil::date(2026, 11, 25);
        for area in city.areas.commune_units_on(today) {
            let seat = area.seat.unwrap_or_else(|| panic!("{} has no seat", area.key));
            let rings = rings.get(&area.code).unwrap_or_else(|| panic!("no outline has the code {} of {}", area.code, area.key));
            let km = kilometres_outside(seat, rings);
            assert!(km <= within, "the seat of {} lies {km:.1} km outside of its outline", area.key);
        }
    }
}

/// The rings of each feature, outer and inner together, as (longitude, latitude).
type Rings = Vec<Vec<(f64, f64)>>;

fn rings_by_code(collection: &serde_json::Value) -> BTreeMap<String, Rings> {
    let number = |value: &serde_json::Value| value.as_f64().expect("a coordinate");
    let ring = |ring: &serde_json::Value| -> Vec<(f64, f64)> {
        ring.as_array().expect("a ring").iter().map(|point| (number(&point[0]), number(&point[1]))).collect()
    };
    let polygon = |polygon: &serde_json::Value| -> Rings { polygon.as_array().expect("a polygon").iter().map(ring).collect() };
    let features = collection["features"].as_array().expect("features");
    features
        .iter()
        .map(|feature| {
            let (geometry, code) = (&feature["geometry"], feature["properties"]["code"].as_str().expect("a code"));
            let coordinates = &geometry["coordinates"];
            let rings = match geometry["type"].as_str() {
                Some("Polygon") => polygon(coordinates),
                Some("MultiPolygon") => coordinates.as_array().expect("polygons").iter().flat_map(polygon).collect(),
                other => panic!("{code} is a {other:?}"),
            };
            (code.to_owned(), rings)
        })
        .collect()
}

fn kilometres_outside(seat: Point, rings: &Rings) -> f64 {
    let (x, y) = (seat.long, seat.lat);
    let edges = || rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let crossings =
        edges().filter(|((ax, ay), (bx, by))| (ay > &y) != (by > &y) && x < (bx - ax) * (y - ay) / (by - ay) + ax).count();
    if crossings % 2 == 1 {
        return 0.0;
    }
    let shorter = y.to_radians().cos();
    let nearest = |((ax, ay), (bx, by)): (&(f64, f64), &(f64, f64))| {
        let (px, py, dx, dy) = ((x - ax) * shorter, y - ay, (bx - ax) * shorter, by - ay);
        let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(f64::EPSILON)).clamp(0.0, 1.0);
        ((px - along * dx).powi(2) + (py - along * dy).powi(2)).sqrt() * 111.2
    };
    edges().map(nearest).fold(f64::INFINITY, f64::min)
}

#[test]
fn a_square_knows_what_lies_outside_of_it() {
    let square = vec![vec![(108.0, 16.0), (108.1, 16.0), (108.1, 16.1), (108.0, 16.1)]];
    let at = |lat, long| Point { lat, long };
    assert!(kilometres_outside(at(16.05, 108.05), &square).abs() < f64::EPSILON);
    let km = kilometres_outside(at(16.2, 108.05), &square);
    assert!((10.5..11.5).contains(&km), "{km}");
}
