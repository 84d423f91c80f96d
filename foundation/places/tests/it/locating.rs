//! Whose area a point is in, and whether it is in the city.

use crate::{TODAY, at, town};
use jiff::civil::{Date, date};
use kernel::Point;
use places::{How, Inside};
use proptest::prelude::*;

#[track_caller]
fn check(lat: f64, long: f64, day: Date, area: Option<&str>) {
    let located = town().locate(at(lat, long), day);
    assert_eq!((located.area.as_deref(), located.how), (area, How::NearestSeat), "{lat}, {long} on {day}");
}

#[test]
fn the_area_with_the_nearest_seat_answers_among_those_of_the_day() {
    check(12.0365, 110.5195, TODAY, Some("ben-cang")); // at its own seat
    check(12.0362, 110.5124, TODAY, Some("ben-cang"));
    check(12.0215, 110.5131, TODAY, Some("hoa-binh"));
    check(12.0200, 110.6220, TODAY, Some("dao-yen"));
    check(12.0362, 110.5124, date(2025, 6, 30), Some("ben-tay-2024")); // the day before the merger
    check(12.0362, 110.5124, date(2025, 7, 1), Some("ben-cang"));
    check(12.0365, 110.5195, date(1900, 1, 1), None);
}

#[track_caller]
fn check_inside(lat: f64, long: f64, expect: &str) {
    let inside = town().locate(at(lat, long), TODAY).inside;
    let told = match inside {
        Inside::Inside => "inside",
        Inside::Near(_) => "near",
        Inside::Outside(_) => "outside",
    };
    assert_eq!(told, expect, "{lat}, {long}: {inside:?}");
}

#[test]
fn a_border_drawn_by_hand_is_uncertain_on_both_sides_and_a_shore_only_at_sea() {
    check_inside(12.0300, 110.5000, "inside");
    check_inside(12.0420, 110.5310, "inside"); // on the beach road, 600 m from the sea
    check_inside(12.0300, 110.4140, "near"); // 1 km inside the western border
    check_inside(12.0300, 110.3900, "near"); // 1.5 km outside of it
    check_inside(12.0300, 110.3700, "outside");
    check_inside(12.0310, 110.5400, "near"); // a boat one kilometre off the beach
    check_inside(12.0300, 110.5800, "outside"); // open water
    check_inside(12.0210, 110.6220, "inside"); // on the island
    check_inside(21.0285, 105.8542, "outside"); // another city
}

#[test]
fn the_distance_to_the_outline_is_told_in_kilometres() {
    let Inside::Outside(km) = town().locate(at(12.0300, 110.3700), TODAY).inside else { panic!("outside") };
    assert!((3.0..4.5).contains(&km), "{km}");
}

#[test]
fn a_person_is_offered_the_nearest_areas_in_order() {
    let keys: Vec<&str> = town().nearest_areas(at(12.0300, 110.5150), TODAY, 3).iter().map(|area| area.key.as_str()).collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[0], town().locate(at(12.0300, 110.5150), TODAY).area.unwrap());
    assert!(keys.contains(&"ben-cang") && keys.contains(&"hoa-binh"), "{keys:?}");
}

/// The same question asked of the kernel's great circle: the flat reckoning may differ only where two seats are equally far.
fn nearest_by_great_circle(point: Point) -> f64 {
    town().nearest_areas(point, TODAY, 1)[0].seat.unwrap().distance_m(point)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_point_makes_it_panic(lat: f64, long: f64) {
        let _ = town().locate(Point { lat, long }, TODAY);
        let _ = town().nearest_areas(Point { lat, long }, TODAY, 5);
    }

    #[test]
    fn no_other_seat_is_nearer(lat in 11.9_f64..12.15, long in 110.35_f64..110.7) {
        let point = at(lat, long);
        let nearest = nearest_by_great_circle(point);
        for area in town().nearest_areas(point, TODAY, 100) {
            prop_assert!(nearest <= area.seat.unwrap().distance_m(point) * 1.001, "{}", area.key);
        }
    }
}
