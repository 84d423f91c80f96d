//! Measures the engine: `engine [URL] [cases] [creates]`. It fills a database with cases of several lines each, then tells what a
//! create costs, what the lists cost, and how fast the journal is verified and sealed.

use calendars::{Calendar, Plan, Rule, Shift};
use cases::clocks::{FIRST_RESPONSE, LEGAL};
use cases::verify::{Against, verify};
use cases::{
    After, CalendarSource, Case, Change, ClockAct, Definition, Effect, Filter, Keys, NewCase, PublicState, Refusal, StepEffect,
    Verb, seal,
};
use db::{Config, Db, Lane, Tx};
use jiff::civil::date;
use jiff::tz::TimeZone;
use kernel::{Actor, Both, Token};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

struct City(Calendar, TimeZone);

impl CalendarSource for City {
    fn calendar(&self, _: &str) -> Option<&Calendar> {
        Some(&self.0)
    }

    fn zone(&self) -> &TimeZone {
        &self.1
    }
}

const UNITS: [&str; 5] = ["roads", "water", "light", "trees", "ward"];
const CATEGORIES: [&str; 30] = [
    "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18",
    "c19", "c20", "c21", "c22", "c23", "c24", "c25", "c26", "c27", "c28", "c29",
];

fn new(n: u64) -> NewCase {
    NewCase {
        kind: "report".to_owned(),
        prefix: "PA".to_owned(),
        definition: Definition { key: "pothole".to_owned(), version: "0123456789ab".to_owned(), hash: "ab".repeat(32) },
        state: "received".to_owned(),
        category: CATEGORIES[(n * 7 % 30) as usize].to_owned(),
        area: format!("area-{}", n * 13 % 94),
        unit: "triage".to_owned(),
        point: kernel::Point::new(16.0 + (n % 1_000) as f64 / 5_000.0, 108.0 + (n % 777) as f64 / 5_000.0),
        title: "Ổ gà sâu trước cổng trường tiểu học".to_owned(),
        lead: "Trước cổng trường có một ổ gà sâu, trời mưa không nhìn thấy, hôm qua đã có hai người ngã xe. Kính mong sớm khắc phục."
            .to_owned(),
        channel: "web".to_owned(),
        ..NewCase::default()
    }
}

/// What a report costs: case, line, two clocks, a step, a private link.
fn create(tx: &mut Tx<'_>, keys: &Keys, city: &City, n: u64) -> Result<Case, Refusal> {
    let token = Token::random();
    let change = Change::open(new(n), &Actor::Stranger)
        .with(StepEffect::lead("triage", "triage", None))
        .clock(ClockAct::start(LEGAL, Rule::WorkingDays(3), "office"))
        .clock(ClockAct::start(FIRST_RESPONSE, Rule::WorkingHours { minutes: 120 }, "office"))
        .link_token(token.digest("report"), "report", None, None);
    cases::record(tx, keys, city, change)
}

/// The way that most reports have gone: forwarded and published.
fn further(tx: &mut Tx<'_>, keys: &Keys, city: &City, case: &Case, n: u64) -> Result<(), Refusal> {
    let hoa = Actor::Official { id: 1, name: "Hoa".to_owned(), unit: "triage".to_owned(), role: "dispatcher".to_owned() };
    let unit = UNITS[(n % 5) as usize];
    let change = Change::of(case, Verb::Forward, &hoa)
        .with(StepEffect::done(1, "forwarded"))
        .with(StepEffect::lead("handle", unit, Some(1)))
        .with(Effect::Published)
        .state("forwarded", PublicState::InProgress);
    let case = cases::record(tx, keys, city, change)?;
    if n % 10 < 9 {
        let change = Change::of(&case, Verb::End, &hoa).ground("Đã khắc phục.").state("answered", PublicState::Answered);
        cases::record(tx, keys, city, change)?;
    }
    Ok(())
}

/// CPU time of this process so far, in milliseconds.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10.0
}

fn measured(what: &str, times: u64, work: impl FnOnce()) {
    let (began, cpu) = (Instant::now(), cpu_ms());
    work();
    let per = |ms: f64| ms / times as f64;
    println!("{what}: {:.4} ms CPU, {:.4} ms each, {times} times", per(cpu_ms() - cpu), per(began.elapsed().as_secs_f64() * 1e3));
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, usual: u64| given.get(i).and_then(|g| g.parse().ok()).unwrap_or(usual);
    let folder = std::env::temp_dir().join(format!("songhan-engine-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let url =
        given.first().cloned().filter(|u| u.contains(':')).unwrap_or_else(|| format!("sqlite:{}/city.db", folder.display()));
    let (all, creates) = (number(1, 100_000), number(2, 8_000));
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("the zone is bundled");
    let day = || vec![Shift { opens: 420, closes: 690 }, Shift { opens: 810, closes: 1_020 }];
    let office = Calendar::new(Plan {
        key: "office".to_owned(),
        name: Both::new("Giờ hành chính", "Office hours"),
        zone: zone.clone(),
        week: [day(), day(), day(), day(), day(), vec![], vec![]],
        exceptions: Default::default(),
        round_the_clock: false,
        covered: (date(2025, 1, 1), date(2030, 12, 31)),
    })
    .expect("the calendar is sound");
    let (city, keys) = (Arc::new(City(office, zone)), Arc::new(Keys::for_tests()));
    let db = match Db::open(Config::new(url), &[access::MIGRATIONS, cases::MIGRATIONS], Arc::new(kernel::SystemClock)) {
        Ok(db) => db,
        Err(e) => return eprintln!("{e}"),
    };

    measured("fill: case, forward, publish, mostly end", all, || {
        for batch in 0..all / 100 {
            let (keys, city) = (keys.clone(), city.clone());
            db.write_now::<_, Refusal, _>(Lane::Duty, move |tx| {
                for n in batch * 100..batch * 100 + 100 {
                    let case = create(tx, &keys, &city, n)?;
                    further(tx, &keys, &city, &case, n)?;
                }
                Ok(())
            })
            .expect("a batch is written");
        }
    });

    let next = AtomicU64::new(0);
    measured("create, 64 at once", creates, || {
        std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= creates {
                            break;
                        }
                        let (keys, city) = (keys.clone(), city.clone());
                        db.write_now::<_, Refusal, _>(Lane::Duty, move |tx| create(tx, &keys, &city, n)).expect("a create");
                    }
                });
            }
        });
    });

    let kind = "report".to_owned();
    let filters = [
        ("list of 20, no filter", Filter { kind: kind.clone(), ..Filter::default() }),
        ("list of 20, area", Filter { kind: kind.clone(), area: Some("area-3".to_owned()), ..Filter::default() }),
        ("list of 20, category", Filter { kind: kind.clone(), category: Some("c3".to_owned()), ..Filter::default() }),
        (
            "list of 20, category, area, state",
            Filter {
                kind,
                category: Some("c3".to_owned()),
                area: Some("area-3".to_owned()),
                public: Some(PublicState::Answered),
            },
        ),
    ];
    for (what, filter) in filters {
        measured(what, 500, || {
            for _ in 0..500 {
                let filter = filter.clone();
                db.read_now::<_, Refusal, _>(Lane::Duty, move |rd| Ok(cases::published(rd, &filter, After::NEWEST, 20)?))
                    .expect("a list");
            }
        });
    }
    measured("page of a case: case, steps, clocks, journal", 500, || {
        for n in 0..500_u64 {
            db.read_now::<_, Refusal, _>(Lane::Duty, move |rd| {
                let year = rd.now().day(&TimeZone::UTC).year() % 100;
                let code = format!("PA-{year:02}-{:06}", 1 + n * 97 % all);
                let case = cases::find_public(rd, &code)?.ok_or(Refusal::NoSuch("case"))?;
                cases::steps(rd, case.id)?;
                cases::clocks(rd, case.id)?;
                cases::history(rd, case.id).map(drop)
            })
            .expect("a page");
        }
    });
    let data = folder.clone();
    let (began, cpu) = (Instant::now(), cpu_ms());
    let seals = seal::run(&db, &keys, &data, 0).expect("the journal is sealed");
    println!("seal: {} seals, {:.2} s CPU, {:.2} s", seals.len(), (cpu_ms() - cpu) / 1e3, began.elapsed().as_secs_f64());
    let files = seal::files(&data).expect("the seals are there");
    let key = seal::public_key(&keys.public()).expect("a key");
    let (began, cpu) = (Instant::now(), cpu_ms());
    let found = verify(&db, &Against { files: &files, key: &key, published: &[] }, &mut |_| {}).expect("it can be verified");
    let (took, cpu) = (began.elapsed().as_secs_f64(), (cpu_ms() - cpu) / 1e3);
    println!(
        "verify: {} lines of {} cases and {} seals, {} wrong, {cpu:.2} s CPU, {took:.2} s: {:.1} s CPU for a million lines",
        found.lines,
        found.cases,
        found.seals,
        found.count,
        cpu * 1e6 / found.lines as f64
    );
    db.close();
    let _ = std::fs::remove_dir_all(folder);
}
