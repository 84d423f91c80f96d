//! The calendars of the tests: an office, and a desk that never closes.

use calendars::{ALWAYS, Calendar, Exception, Plan, Rule, Shift};
use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use kernel::{Both, Instant};
use std::collections::BTreeMap;

pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
}

/// 07:00–11:30 and 13:30–17:00, Monday to Friday, 2025 and 2026.
pub fn office() -> Calendar {
    let day = vec![Shift::parse("07:00", "11:30").unwrap(), Shift::parse("13:30", "17:00").unwrap()];
    let rest = Vec::new;
    let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, rest(), rest()];
    Calendar::new(Plan {
        key: "office".to_owned(),
        name: Both::new("Giờ hành chính", "Office hours"),
        zone: zone(),
        week,
        exceptions: exceptions(),
        round_the_clock: false,
        covered: (date(2025, 1, 1), date(2026, 12, 31)),
    })
    .unwrap()
}

pub fn always() -> Calendar {
    Calendar::new(Plan {
        key: "always".to_owned(),
        name: Both::new("Trực 24/7", "Round the clock"),
        zone: zone(),
        week: Default::default(),
        exceptions: BTreeMap::new(),
        round_the_clock: true,
        covered: ALWAYS,
    })
    .unwrap()
}

fn exceptions() -> BTreeMap<Date, Exception> {
    let mut all = BTreeMap::new();
    let mut off = |vi: &str, en: &str, days: &[Date]| {
        for day in days {
            all.insert(*day, Exception::Off { reason: Both::new(vi, en) });
        }
    };
    off("Tết Dương lịch", "New Year", &[date(2025, 1, 1), date(2026, 1, 1)]);
    off("Tết Nguyên đán", "Lunar New Year", &(27..=31).map(|d| date(2025, 1, d)).collect::<Vec<_>>());
    off("Tết Nguyên đán", "Lunar New Year", &(16..=20).map(|d| date(2026, 2, d)).collect::<Vec<_>>());
    off("Giỗ Tổ Hùng Vương", "Hùng Kings' Day", &[date(2025, 4, 7), date(2026, 4, 26), date(2026, 4, 27)]);
    off(
        "30/4 và 1/5",
        "Reunification and Labour Day",
        &[date(2025, 4, 30), date(2025, 5, 1), date(2026, 4, 30), date(2026, 5, 1)],
    );
    off("nghỉ hoán đổi, làm bù 26/04", "swapped, worked on 26/04", &[date(2025, 5, 2)]);
    off("nghỉ hoán đổi, làm bù 10/01", "swapped, worked on 10/01", &[date(2026, 1, 2)]);
    off("nghỉ hoán đổi, làm bù 22/08", "swapped, worked on 22/08", &[date(2026, 8, 31)]);
    off("Quốc khánh", "National Day", &[date(2025, 9, 1), date(2025, 9, 2), date(2026, 9, 1), date(2026, 9, 2)]);
    off("Ngày Văn hóa Việt Nam", "Culture Day", &[date(2026, 11, 24)]);
    for (day, vi, en) in [
        (date(2025, 4, 26), "làm bù cho 02/05", "worked for 02/05"),
        (date(2026, 1, 10), "làm bù cho 02/01", "worked for 02/01"),
        (date(2026, 8, 22), "làm bù cho 31/08", "worked for 31/08"),
    ] {
        all.insert(day, Exception::Work { hours: Vec::new(), reason: Both::new(vi, en) });
    }
    all
}

/// The moment when the town's wall clock shows `2026-08-28 09:00`.
pub fn at(civil: &str) -> Instant {
    Instant::from_civil(civil.parse::<DateTime>().unwrap(), &zone())
}

pub fn rule(text: &str) -> Rule {
    Rule::parse(text).unwrap()
}

pub fn shown(at: Instant) -> String {
    at.civil(&zone()).strftime("%a %Y-%m-%d %H:%M").to_string()
}
