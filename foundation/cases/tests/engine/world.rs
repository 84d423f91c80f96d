//! A small city for the engine: two calendars, three bodies, a few people.

use calendars::{Calendar, Plan, Shift};
use cases::{CalendarSource, Case, Change, Definition, Keys, NewCase, PublicState, Refusal, Verb};
use db::test::TestDb;
use db::{Lane, Migration};
use jiff::civil::date;
use jiff::tz::TimeZone;
use kernel::{Actor, Both, Instant};
use std::sync::Arc;

pub const ALL: &[&[Migration]] = &[access::MIGRATIONS, cases::MIGRATIONS];

pub struct City {
    pub office: Calendar,
    pub always: Calendar,
    pub zone: TimeZone,
}

impl CalendarSource for City {
    fn calendar(&self, key: &str) -> Option<&Calendar> {
        match key {
            "office" => Some(&self.office),
            "always" => Some(&self.always),
            _ => None,
        }
    }

    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

pub fn office(days_off: &[jiff::civil::Date]) -> Calendar {
    let day = || vec![Shift::parse("07:00", "11:30").unwrap(), Shift::parse("13:30", "17:00").unwrap()];
    let off = |on: &jiff::civil::Date| (*on, calendars::Exception::Off { reason: Both::new("nghỉ", "day off") });
    Calendar::new(Plan {
        key: "office".to_owned(),
        name: Both::new("Giờ hành chính", "Office hours"),
        zone: TimeZone::get("Asia/Ho_Chi_Minh").unwrap(),
        week: [day(), day(), day(), day(), day(), vec![], vec![]],
        exceptions: days_off.iter().map(off).collect(),
        round_the_clock: false,
        covered: (date(2025, 1, 1), date(2028, 12, 31)),
    })
    .unwrap()
}

pub fn city() -> Arc<City> {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    let always = Calendar::new(Plan {
        key: "always".to_owned(),
        name: Both::new("Suốt ngày đêm", "Round the clock"),
        zone: zone.clone(),
        week: Default::default(),
        exceptions: Default::default(),
        round_the_clock: true,
        covered: calendars::ALWAYS,
    })
    .unwrap();
    Arc::new(City { office: office(&[]), always, zone })
}

pub fn official(id: i64, name: &str, unit: &str) -> Actor {
    Actor::Official { id, name: name.to_owned(), unit: unit.to_owned(), role: "officer".to_owned() }
}

pub fn lan() -> Actor {
    Actor::LinkHolder
}

pub fn new_case(kind: &str, unit: &str) -> NewCase {
    NewCase {
        kind: kind.to_owned(),
        prefix: "PA".to_owned(),
        definition: Definition { key: "road".to_owned(), version: "1".to_owned(), hash: "00".to_owned() },
        state: "received".to_owned(),
        public: PublicState::Received,
        category: "pothole".to_owned(),
        area: "ward-a".to_owned(),
        unit: unit.to_owned(),
        title: "Ổ gà trước số 12".to_owned(),
        lead: "Có một ổ gà lớn trước số nhà 12 Lê Lợi.".to_owned(),
        channel: "web".to_owned(),
        ..NewCase::default()
    }
}

/// One database with a city on it.
pub struct World {
    pub db: TestDb,
    pub city: Arc<City>,
    pub keys: Arc<Keys>,
}

impl World {
    pub fn new(db: TestDb) -> Self {
        Self { db, city: city(), keys: Arc::new(Keys::for_tests()) }
    }

    pub fn try_record(&self, change: Change) -> Result<Case, Refusal> {
        let (keys, city) = (self.keys.clone(), self.city.clone());
        self.db.write_now(Lane::Duty, move |tx| cases::record(tx, &keys, &city, change.clone()))
    }

    pub fn record(&self, change: Change) -> Case {
        self.try_record(change).unwrap_or_else(|e| panic!("the act is possible: {e}"))
    }

    pub fn act(&self, case: &Case, verb: Verb, by: &Actor, more: impl FnOnce(Change) -> Change) -> Case {
        self.record(more(Change::of(case, verb, by)))
    }

    pub fn whole(&self, id: i64) -> cases::Whole {
        self.db.read_now(Lane::Duty, move |rd| cases::whole(rd, id)).unwrap()
    }

    pub fn lines(&self, id: i64) -> Vec<cases::Line> {
        self.db.read_now(Lane::Duty, move |rd| cases::history(rd, id)).unwrap()
    }

    /// What the journal adds up to equals the rows.
    pub fn check(&self, id: i64) -> cases::Whole {
        let (rows, lines) = (self.whole(id), self.lines(id));
        let folded = cases::fold(&lines).unwrap_or_else(|e| panic!("the journal folds: {e}"));
        assert_eq!(folded, rows);
        rows
    }

    pub fn breaches(&self) -> Vec<(Case, String)> {
        let (keys, city) = (self.keys.clone(), self.city.clone());
        self.db
            .write_now(Lane::Duty, move |tx| {
                let now = tx.now();
                cases::breach_due(tx, &keys, &city, now, 100)
            })
            .unwrap()
    }

    pub fn now(&self) -> Instant {
        kernel::Clock::now(&*self.db.hand)
    }

    pub fn minutes_pass(&self, minutes: u64) {
        self.db.hand.pass(std::time::Duration::from_secs(minutes * 60));
    }
}
