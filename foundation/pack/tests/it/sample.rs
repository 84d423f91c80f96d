//! The invented city: succession over mergers and a division, the tree of units, calendars with swaps and storms.

use calendars::{Rule, due};
use jiff::civil::date;
use kernel::{Instant, Lang};
use pack::{AreaKind, City, Heirs, Share};
use std::path::Path;

fn sample() -> City {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/sample");
    pack::load(dir).map_err(|complaints| pack::render(&complaints)).unwrap()
}

fn keys<'a, T: 'a>(found: impl IntoIterator<Item = &'a T>, key: impl Fn(&'a T) -> &'a String) -> Vec<&'a str> {
    found.into_iter().map(|each| key(each).as_str()).collect()
}

#[test]
fn a_merged_ward_is_followed_over_two_dates_to_the_ward_of_the_day() {
    let areas = sample().areas;
    for (key, on, expect) in [
        ("ben-ca-2022", date(2022, 12, 31), vec!["ben-ca-2022"]),
        ("ben-ca-2022", date(2023, 1, 1), vec!["ben-dong-2024"]),
        ("ben-ca-2022", date(2025, 6, 30), vec!["ben-dong-2024"]),
        ("ben-ca-2022", date(2025, 7, 1), vec!["ben-cang"]),
        ("ben-tay-2024", date(2026, 11, 25), vec!["ben-cang"]),
        ("mai-giang-2024", date(2025, 6, 30), vec!["mai-giang-2024"]),
        ("mai-giang-2024", date(2025, 7, 1), vec!["dong-mai", "tay-mai"]),
        ("hoa-binh", date(2026, 11, 25), vec!["hoa-binh"]),
        ("ben-cang", date(2025, 6, 30), vec![]),
        ("nowhere", date(2025, 7, 1), vec![]),
    ] {
        assert_eq!(keys(areas.successors(key, on), |area| &area.key), expect, "{key} on {on}");
    }
}

#[test]
fn a_divided_ward_has_successors_that_depend_on_the_place() {
    let areas = sample().areas;
    let day = date(2025, 7, 1);
    assert!(matches!(areas.heirs("mai-giang-2024", day), Heirs::DependsOnPlace(parts) if parts.len() == 2));
    assert!(matches!(areas.heirs("ben-tay-2024", day), Heirs::One(area) if area.key == "ben-cang"));
    assert!(matches!(areas.heirs("hoa-binh", day), Heirs::Itself(area) if area.key == "hoa-binh"));
    assert_eq!(areas.heirs("ben-cang", date(2020, 1, 1)), Heirs::Nobody);
    let before: Vec<_> = areas.predecessors("ben-cang").into_iter().map(|(area, share)| (area.key.as_str(), share)).collect();
    assert_eq!(before, [("ben-dong-2024", Share::Full), ("ben-tay-2024", Share::Full)]);
    assert_eq!(areas.predecessors("dong-mai")[0].1, Share::Part);
}

#[test]
fn a_code_names_another_ward_after_the_merger() {
    let areas = sample().areas;
    assert_eq!(areas.by_code("90101", date(2025, 6, 30)).unwrap().key, "ben-dong-2024");
    assert_eq!(areas.by_code("90101", date(2025, 7, 1)).unwrap().key, "ben-cang");
    assert!(areas.by_code("90102", date(2025, 7, 1)).is_none());
}

#[test]
fn eight_areas_of_three_kinds_are_valid_today_and_each_has_a_committee_and_a_seat() {
    let city = sample();
    let today = date(2026, 11, 25);
    let areas: Vec<_> = city.areas.commune_units_on(today).collect();
    assert_eq!(areas.len(), 8);
    let count = |kind| areas.iter().filter(|area| area.kind == kind).count();
    assert_eq!((count(AreaKind::Ward), count(AreaKind::Commune), count(AreaKind::SpecialZone)), (5, 2, 1));
    for area in areas {
        let committee = city.units.committee_of(&area.key).unwrap();
        assert!(committee.valid_on(today) && committee.seat.is_some() && area.seat.is_some());
        assert_eq!(committee.area.as_deref(), Some(area.key.as_str()));
    }
    let harbor = city.units.committee_of("ben-cang").unwrap();
    assert_eq!((harbor.key.as_str(), harbor.name.vi.as_str()), ("pc-ben-cang", "Ủy ban nhân dân phường Bến Cảng"));
    assert!(!harbor.valid_on(date(2025, 6, 30)));
}

#[test]
fn committees_follow_their_wards_and_departments_their_mergers() {
    let units = sample().units;
    let day = date(2026, 1, 1);
    assert_eq!(keys(units.successors("pc-ben-ca-2022", day), |unit| &unit.key), ["pc-ben-cang"]);
    assert_eq!(keys(units.successors("pc-mai-giang-2024", day), |unit| &unit.key), ["pc-dong-mai", "pc-tay-mai"]);
    assert_eq!(keys(units.successors("transport-department-2024", day), |unit| &unit.key), ["construction-department"]);
    assert_eq!(
        keys(units.successors("transport-department-2024", date(2025, 2, 28)), |unit| &unit.key),
        ["transport-department-2024"]
    );
}

#[test]
fn the_tree_of_units_is_walked_both_ways() {
    let city = sample();
    let below = keys(city.units.descendants("construction-department"), |unit| &unit.key);
    assert_eq!(below, ["roads-department", "building-inspectorate"]);
    assert_eq!(keys(city.units.ancestors("roads-department"), |unit| &unit.key), ["construction-department", "city-committee"]);
    let all = city.units.descendants("city-committee").len();
    assert_eq!(all, city.units.all().filter(|unit| !city.units.ancestors(&unit.key).is_empty()).count());
    assert!(city.units.descendants("roads-department").is_empty());
    assert_eq!(city.triage_desk().unwrap().key, "dispatch-center");
    assert!(city.calendar_of("dispatch-center").unwrap().round_the_clock());
}

#[test]
fn due_dates_count_swaps_holidays_and_storms() {
    let city = sample();
    let office = city.calendars.get("office").unwrap();
    let at = |y, m, d, h, min| Instant::from_civil(date(y, m, d).at(h, min, 0, 0), &city.zone);
    for (from, rule, expect) in [
        (at(2025, 12, 31, 9, 0), "3 working days", date(2026, 1, 7)),
        (at(2026, 1, 8, 9, 0), "2 working days", date(2026, 1, 10)),
        (at(2026, 2, 13, 9, 0), "3 working days", date(2026, 2, 25)),
        (at(2026, 8, 21, 9, 0), "2 working days", date(2026, 8, 24)),
        (at(2026, 8, 28, 9, 0), "2 working days", date(2026, 9, 4)),
        (at(2026, 10, 14, 9, 0), "1 working day", date(2026, 10, 16)), // closed for the storm
        (at(2025, 11, 5, 9, 0), "1 working day", date(2025, 11, 7)),   // open in the afternoon
    ] {
        let due = due(&Rule::parse(rule).unwrap(), office, from).unwrap();
        assert_eq!(due.at.day(&city.zone), expect, "{rule} from {from:?}");
    }
    let half = office.shifts(date(2025, 11, 7)).unwrap();
    assert_eq!(half.len(), 1);
    let worked = city.calendars.get("office").unwrap().shifts(date(2026, 1, 10)).unwrap();
    assert_eq!(worked.len(), 2, "the hours of the Friday that was swapped off");
}

#[test]
fn the_rest_of_the_city_is_there() {
    let city = sample();
    assert_eq!(city.languages, [Lang::Vi, Lang::En]);
    assert_eq!(city.zone.iana_name(), Some("Asia/Ho_Chi_Minh"));
    assert_eq!(city.places.len(), 25);
    assert_eq!(city.map.outlines().count(), 2);
    assert!(city.map.shapes.is_sorted_by_key(|shape| shape.kind));
    let points: usize = city.map.shapes.iter().chain(&city.map.lines).map(|drawn| drawn.points.len()).sum();
    assert!(points >= 120, "{points}");
    assert!(city.role("administrator").is_some() && city.role("nobody").is_none());
    assert!(city.message("report-answered").unwrap().mail.is_some());
    assert!(city.opens("feedback") && city.opens("accounts") && !city.opens("areas"));
    assert_eq!(city.version.len(), 64);
    let office = city.definition("calendar", "office").unwrap();
    assert!(office.json.contains("\"on\":\"2026-01-02\"") && office.hash.starts_with(&office.version));
}

#[test]
fn every_pack_beside_the_sample_is_sound_too() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut seen = 0;
    for entry in std::fs::read_dir(packs).unwrap().flatten().filter(|entry| entry.path().join("city.toml").is_file()) {
        if let Err(complaints) = pack::load(entry.path()) {
            panic!("{}:\n{}", entry.path().display(), pack::render(&complaints));
        }
        seen += 1;
    }
    assert!(seen >= 1);
}

#[test]
fn the_reference_in_the_readme_uses_only_keys_that_are_read() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/README.md")).unwrap();
    let mut files: Vec<(String, String)> = Vec::new();
    for section in readme.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap().replace("areas/*", "areas/all");
        let block = section.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        if let Some(block) = block.filter(|_| title.ends_with(".toml")) {
            files.push((title, block.to_owned()));
        }
    }
    assert_eq!(files.len(), 8, "{:?}", files.iter().map(|file| &file.0).collect::<Vec<_>>());
    let complaints = pack::Loader::new().load_files(files).err().unwrap_or_default();
    let of_form = |complaint: &&pack::Complaint| {
        !complaint.message.contains("is not in")
            && !complaint.message.contains("nobody reads")
            && !complaint.message.contains("no role")
    };
    let wrong: Vec<String> = complaints.iter().filter(of_form).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
