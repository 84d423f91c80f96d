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
    national_calendar: Option<String>,
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

/// Days off on a weekday, and days worked instead, as they stand in the decisions: typed from these by hand, apart from any pack. The
/// Labour Code's article 112 with the notices 6150/TB-BLĐTBXH (2025) and those of 2026.
const DAYS_OFF: &[(i16, i8, &[i8])] = &[
    (2025, 1, &[1, 27, 28, 29, 30, 31]),
    (2025, 4, &[7, 30]),
    (2025, 5, &[1, 2]),
    (2025, 9, &[1, 2]),
    (2026, 1, &[1, 2]),
    (2026, 2, &[16, 17, 18, 19, 20]),
    (2026, 4, &[27, 30]),
    (2026, 5, &[1]),
    (2026, 8, &[31]),
    (2026, 9, &[1, 2]),
    (2026, 11, &[24]),
];
const WORKED_INSTEAD: &[(i16, i8, i8)] = &[(2025, 4, 26), (2026, 1, 10), (2026, 8, 22)];

/// Bar 4 on the pack itself: on each day of the years whose decisions it holds, the offices are open as the slow list says, and terms of
/// days end where a walk along that list ends.
#[test]
fn the_national_calendar_of_a_pack_counts_as_the_decisions_say() {
    for expected in expected().iter().filter(|pack| pack.national_calendar.is_some()) {
        let city = load(&expected.folder);
        let key = expected.national_calendar.as_deref().expect("filtered");
        let calendar = city.calendars.get(key).unwrap_or_else(|| panic!("packs/{} has no calendar `{key}`", expected.folder));
        let days: Vec<jiff::civil::Date> =
            jiff::civil::date(2025, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() < 2027).collect();
        let works = |day: &jiff::civil::Date| {
            let listed = DAYS_OFF
                .iter()
                .any(|(year, month, off)| (day.year(), day.month()) == (*year, *month) && off.contains(&day.day()));
            let weekend = day.weekday().to_monday_zero_offset() > 4;
            WORKED_INSTEAD.contains(&(day.year(), day.month(), day.day())) || (!weekend && !listed)
        };
        let at = |day: &jiff::civil::Date, hour, minute| {
            let moment = city.zone.to_timestamp(day.at(hour, minute, 0, 0)).expect("a time of the day");
            kernel::Instant::from_ms(moment.as_millisecond())
        };
        for (n, day) in days.iter().enumerate() {
            for (hour, minute, hours) in
                [(6, 59, false), (7, 0, true), (11, 29, true), (11, 30, false), (13, 30, true), (16, 59, true), (17, 0, false)]
            {
                let open = calendars::open_at(calendar, at(day, hour, minute));
                assert_eq!(open, hours && works(day), "packs/{}: {day} {hour}:{minute:02}", expected.folder);
            }
            for term in [1_u32, 2, 5, 15] {
                let first = days[n..].iter().find(|day| works(day));
                let Some(first) = first.and_then(|first| days.iter().position(|day| day == first)) else { continue };
                let Some(last) = days[first + 1..].iter().filter(|day| works(day)).nth(term as usize - 1) else { continue };
                let due = calendars::due(&calendars::Rule::WorkingDays(term), calendar, at(day, 9, 0));
                assert_eq!(
                    due.map(|due| due.at),
                    Ok(at(last, 17, 0)),
                    "packs/{}: {term} working days from {day}",
                    expected.folder
                );
            }
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
