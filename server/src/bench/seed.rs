//! Fills a fresh database with a city's worth of reports, always the same ones: through the rooms' own functions, journal and all.
//!
//! Of a hundred, about ninety-one came from an older system and stand in public; five were lived through here (received, taken, drafted,
//! answered, published); of the last weeks' most are still open. The clock is set back and walks through two years.

use super::texts::{self, Dice};
use crate::command::Failed;
use crate::house;
use crate::settings::Settings;
use cases::{Change, Flags, NewCase, PublicState};
use db::{Lane, Tx};
use feedback::contact::Contact;
use feedback::intake::{self, Desk};
use feedback::pack::{Category, Feedback};
use feedback::report::{self, How, Shown, Submission, Told};
use feedback::{Refusal, answering, store};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Actor, Clock, HandClock, Instant, Key, Lang, Point, SystemClock};
use std::sync::Arc;
use std::time::Duration;

/// Cases of one transaction.
const BATCH: u64 = 1_000;
/// How long the seeded city has been at work.
const DAYS: u64 = 700;

/// What a seeded city offers to choose from.
struct Ground {
    desk: Desk,
    categories: Vec<Kind>,
    /// Wards of today with their seats.
    areas: Vec<(String, Point)>,
}

struct Kind {
    category: Arc<Category>,
    /// The unit that gets it, for each ward.
    units: Vec<String>,
}

/// Fills the database of these settings with `cases` cases.
pub fn fill(settings: &Settings, cases: u64) -> Result<(), Failed> {
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let now = SystemClock.now();
    let begin = now.before(Duration::from_secs(DAYS * 86_400));
    let hand = Arc::new(HandClock::at(begin));
    let clock: Arc<dyn Clock> = hand.clone();
    let db = house::open_database(&house, settings, clock.clone())?;
    let city = house::runtime()?.block_on(house::open(settings, db, clock, pack))?;
    let ground = Arc::new(Ground::of(&city, now));
    let bar = ProgressBar::new(cases);
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} cases, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let step = now.since(begin) / i64::try_from(cases.max(1)).unwrap_or(i64::MAX).max(1);
    let mut first = 0;
    while first < cases {
        let after = (first + BATCH).min(cases);
        hand.set(begin.after(Duration::from_millis(u64::try_from(step).unwrap_or_default() * first)));
        let ground = ground.clone();
        city.db
            .write_now(Lane::Comfort, move |tx| (first..after).try_for_each(|n| case(tx, &ground, n, cases)))
            .map_err(|why: Refusal| Failed(format!("seeding stopped: {why:?}")))?;
        bar.inc(after - first);
        first = after;
    }
    hand.set(now);
    // The terms that ran out long ago are written down now, so that the measured server does not begin with it.
    loop {
        let desk = ground.desk.clone();
        let late = city.db.write_now(Lane::Comfort, move |tx| {
            let now = tx.now();
            cases::breach_due(tx, &desk.keys, &*desk.pack, now, 500).map(|late| late.len())
        });
        if late.map_err(|why| Failed(format!("seeding stopped: {why:?}")))? == 0 {
            break;
        }
    }
    bar.finish_and_clear();
    house::runtime()?.block_on(city.db.drain());
    Ok(())
}

impl Ground {
    fn of(city: &web::City, now: Instant) -> Self {
        let pack = &city.pack;
        let day = now.day(&pack.zone);
        let areas: Vec<(String, Point)> =
            pack.areas.commune_units_on(day).filter_map(|area| Some((area.key.clone(), area.seat?))).collect();
        let unit = |category: &Category, area: &str| {
            report::unit_of(&category.lead, pack, Some(area), day).unwrap_or_else(|| pack.triage.clone())
        };
        let kinds = Feedback::of(pack).categories.iter().filter(|category| category.is_valid_on(day) && !category.confidential);
        let categories = kinds.map(|category| Kind {
            category: category.clone(),
            units: areas.iter().map(|(area, _)| unit(category, area)).collect(),
        });
        Self { desk: Desk::of(city), categories: categories.collect(), areas }
    }
}

/// Case `n` of so many, as far as it has come.
fn case(tx: &mut Tx<'_>, ground: &Ground, n: u64, of: u64) -> Result<(), Refusal> {
    let mut dice = Dice::new(n);
    let kind = &ground.categories[dice.leaning(ground.categories.len())];
    let at = dice.leaning(ground.areas.len());
    let (area, seat) = &ground.areas[at];
    let point = Point::new(seat.lat + dice.around() / 150.0, seat.long + dice.around() / 150.0);
    let unit = &kind.units[at];
    let (text, address) = texts::report(&mut dice);
    let lately = n >= of - of / 20;
    // What could not be reported yet on that day came with the older system.
    let lived = dice.below(100) < 5 && kind.category.is_valid_on(tx.now().day(&ground.desk.pack.zone));
    if !lately && !lived {
        return brought(
            tx,
            ground,
            kind,
            &Told { text, address: Some(address), how: How::Imported, lang: Lang::Vi },
            (area, unit, point),
            &mut dice,
        );
    }
    let key = Key::parse(&format!("bench-report-{n:09}")).expect("this text has the shape of a key");
    // Every third resident leaves a contact: invented numbers in a block that no operator uses.
    let contact = match n % 3 {
        0 => Contact { name: None, phone: notify::phone(&format!("0900{:06}", n % 1_000_000)).ok(), email: None },
        _ => Contact::default(),
    };
    let submission = Submission {
        category: kind.category.key.clone(),
        text: text.clone(),
        address: Some(address.clone()),
        point,
        area: Some(area.clone()),
        how: How::Confirmed,
        contact,
        lang: Lang::Vi,
        photos: Vec::new(),
        channel: "bench",
        link: intake::link_of(&ground.desk.keys, &key),
    };
    let desk = &ground.desk;
    let received = intake::receive(tx, desk, &key, &submission, &Actor::Stranger)?;
    if lately && dice.below(100) < 60 {
        return Ok(()); // still open
    }
    let who = Actor::Official { id: 1, name: "Cán bộ đo kiểm".to_owned(), unit: unit.clone(), role: "officer".to_owned() };
    let taken = found(tx, &received.code)?.take(&who)?;
    cases::record(tx, &desk.keys, &*desk.pack, taken)?;
    let drafted = found(tx, &received.code)?.write_answer(texts::answer(&mut dice), &who)?;
    cases::record(tx, &desk.keys, &*desk.pack, drafted)?;
    let shown = Shown { text: Some(text), address: Some(address), photos: Vec::new() };
    let report = found(tx, &received.code)?;
    answering::answer(tx, desk, &report, &shown, &who)?;
    Ok(())
}

fn found(tx: &mut Tx<'_>, code: &str) -> Result<feedback::report::Report, Refusal> {
    let case = cases::find_for_system(tx, code)?.ok_or(Refusal::NotFound)?;
    store::with_parts(tx, case)
}

/// A report that an older system brought, closed and in public.
fn brought(
    tx: &mut Tx<'_>,
    ground: &Ground,
    kind: &Kind,
    told: &Told,
    (area, unit, point): (&str, &str, Option<Point>),
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let received = tx.now().before(Duration::from_secs(dice.below(10 * 86_400)));
    let closed = tx.now().before(Duration::from_secs(dice.below(3_600)));
    let public = if dice.below(100) < 92 { PublicState::Answered } else { PublicState::Archived };
    let new = NewCase {
        kind: report::KIND.to_owned(),
        prefix: ground.desk.pack.report_prefix.clone(),
        state: "answered".to_owned(),
        public,
        flags: Flags::IMPORTED,
        category: kind.category.key.clone(),
        area: area.to_owned(),
        unit: unit.to_owned(),
        point,
        title: report::title_of(&told.text),
        lead: report::cut(&told.text, 200),
        channel: "bench".to_owned(),
        received_at: Some(received.min(closed)),
        published_at: Some(closed),
        closed_at: Some(closed),
        ..NewCase::default()
    };
    let by = Actor::System { job: "bench".to_owned() };
    let change = Change::open(new, &by).payload(serde_json::to_string(told).expect("texts become JSON"));
    let case = cases::record(tx, &ground.desk.keys, &*ground.desk.pack, change)?;
    let shown = store::Shown { text: &told.text, address: told.address.as_deref() };
    Ok(store::imported(tx, &case, &kind.category.deadline, Some(&shown))?)
}
