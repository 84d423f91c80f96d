//! calendars.toml into working calendars: weeks, holidays, swapped days, closures. Counting with them is in the crate `calendars`.

use crate::reader::{Day, Reader, Rows};
use calendars::{ALWAYS, Calendar, Exception, Plan, Shift, Week};
use jiff::civil::Date;
use kernel::Both;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// The working calendars of a city, by key.
#[derive(Clone, Debug, Default)]
pub struct Calendars(BTreeMap<String, Arc<Calendar>>);

impl Calendars {
    /// The calendar with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<Calendar>> {
        self.0.get(key)
    }

    /// All calendars, by key.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Calendar>> {
        self.0.values()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    calendar: Rows<Raw>,
    #[serde(default)]
    day: Rows<RawDay>,
}

type Hours = Rows<Spanned<[String; 2]>>;

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    name: Both,
    covered: Option<Spanned<[Day; 2]>>,
    monday: Option<Hours>,
    tuesday: Option<Hours>,
    wednesday: Option<Hours>,
    thursday: Option<Hours>,
    friday: Option<Hours>,
    saturday: Option<Hours>,
    sunday: Option<Hours>,
    round_the_clock: Option<Spanned<bool>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Holiday,
    SwapOff,
    SwapWork,
    Closure,
}

#[derive(Deserialize)]
struct RawDay {
    on: Spanned<Day>,
    kind: Spanned<Kind>,
    name: Both,
    decision: Option<Spanned<String>>,
    calendars: Option<Vec<Spanned<String>>>,
    hours: Option<Spanned<Hours>>,
}

/// Reads calendars.toml. Its keys are known before units are read.
pub(crate) fn read(reader: &mut Reader) -> Calendars {
    let Some(File { calendar: rows, day: days }) = reader.read::<File>("calendars.toml") else { return Calendars::default() };
    reader.keys("calendar", rows.iter().map(|row| &row.key));
    for day in days.iter() {
        check_day(reader, day, &rows);
    }
    let mut all = BTreeMap::new();
    for row in rows.iter() {
        if let Some(calendar) = compile(reader, row, &days) {
            all.insert(row.key.get_ref().clone(), Arc::new(calendar));
        }
    }
    for calendar in all.values() {
        define(reader, calendar);
    }
    Calendars(all)
}

fn is_round_the_clock(row: &Raw) -> bool {
    row.round_the_clock.as_ref().is_some_and(|value| *value.get_ref())
}

/// Whether a day is meant for a calendar.
fn touches(day: &RawDay, row: &Raw) -> bool {
    match &day.calendars {
        Some(keys) => keys.iter().any(|key| key.get_ref() == row.key.get_ref()),
        None => !is_round_the_clock(row),
    }
}

fn check_day(reader: &mut Reader, day: &RawDay, rows: &[Raw]) {
    for key in day.calendars.iter().flatten() {
        if reader.refer("calendar", key) && rows.iter().any(|row| row.key.get_ref() == key.get_ref() && is_round_the_clock(row)) {
            let message = format!("calendar `{}` never closes, so no day of it can differ", key.get_ref());
            reader.complain(key.span(), message, None);
        }
    }
    let kind = *day.kind.get_ref();
    if matches!(kind, Kind::SwapOff | Kind::SwapWork) && day.decision.is_none() {
        let help = Some("add decision = \"…\", the same on both sides of the swap".to_owned());
        reader.complain(day.kind.span(), "a swapped day needs the decision that swaps it", help);
    }
    if let Some(hours) = &day.hours
        && matches!(kind, Kind::Holiday | Kind::SwapOff)
    {
        let help = Some("remove the hours, or write kind = \"closure\" or \"swap-work\"".to_owned());
        reader.complain(hours.span(), "a day off has no hours", help);
    }
}

fn compile(reader: &mut Reader, row: &Raw, days: &[RawDay]) -> Option<Calendar> {
    let before = reader.complaints.len();
    let always = is_round_the_clock(row);
    let written = [&row.monday, &row.tuesday, &row.wednesday, &row.thursday, &row.friday, &row.saturday, &row.sunday];
    let week: Week = written.map(|hours| hours.as_ref().map(|hours| shifts(reader, hours)).unwrap_or_default());
    let open = week.iter().any(|shifts| !shifts.is_empty());
    if let Some(flag) = &row.round_the_clock
        && always
        && open
    {
        reader.complain(flag.span(), "a calendar that never closes has no weekdays", Some("remove one of the two".to_owned()));
    }
    if !always && !open && written.iter().all(|hours| hours.is_none()) {
        let help = Some("add monday = [[\"07:00\", \"11:30\"], …] or round_the_clock = true".to_owned());
        reader.complain(row.key.span(), format!("calendar `{}` has no working hours at all", row.key.get_ref()), help);
    }
    let covered = match &row.covered {
        Some(covered) => {
            let [first, last] = *covered.get_ref();
            if first > last {
                let message = format!("covered ends on {} before it begins on {}", last.0, first.0);
                reader.complain(covered.span(), message, Some(format!("write [{}, {}]", last.0, first.0)));
            }
            (first.0.min(last.0), first.0.max(last.0))
        }
        None if always => ALWAYS,
        None => {
            let help = Some("add covered = [2025-01-01, 2026-12-31]: no due date is counted beyond decided days".to_owned());
            let message = format!("calendar `{}` does not say for which days its holidays are decided", row.key.get_ref());
            reader.complain(row.key.span(), message, help);
            return None;
        }
    };
    let mine: Vec<&RawDay> = days.iter().filter(|day| touches(day, row)).collect();
    let exceptions = if always { BTreeMap::new() } else { exceptions(reader, row, &week, covered, &mine) };
    let undecided = |day: &&RawDay| matches!(day.kind.get_ref(), Kind::SwapOff | Kind::SwapWork) && day.decision.is_none();
    if !always && !mine.iter().any(undecided) {
        check_swaps(reader, row, &mine);
    }
    if reader.complaints.len() > before {
        return None;
    }
    let zone = reader.city.zone.clone();
    let plan =
        Plan { key: row.key.get_ref().clone(), name: row.name.clone(), zone, week, exceptions, round_the_clock: always, covered };
    match Calendar::new(plan) {
        Ok(calendar) => Some(calendar),
        Err(mistakes) => {
            for mistake in mistakes {
                reader.complain(row.key.span(), format!("calendar `{}`: {mistake}", row.key.get_ref()), None);
            }
            None
        }
    }
}

fn shifts(reader: &mut Reader, hours: &Hours) -> Vec<Shift> {
    let mut all: Vec<(Shift, Range<usize>)> = Vec::new();
    for shift in hours.iter() {
        let [opens, closes] = shift.get_ref();
        match Shift::parse(opens, closes) {
            Ok(read) => {
                if let Some((last, span)) = all.last()
                    && read.opens < last.closes
                {
                    let span = span.clone();
                    reader.complain_with(
                        shift.span(),
                        "this shift begins before the one before it ends",
                        None,
                        span,
                        "the one before",
                    );
                }
                all.push((read, shift.span()));
            }
            Err(why) => {
                let over_midnight = Shift::parse(closes, opens).is_ok();
                let help = over_midnight.then(|| {
                    format!(
                        "a shift over midnight is two: [\"{opens}\", \"24:00\"] and, on the next day, [\"00:00\", \"{closes}\"]"
                    )
                });
                reader.complain(shift.span(), why, help);
            }
        }
    }
    all.into_iter().map(|(shift, _)| shift).collect()
}

fn weekday(day: Date) -> usize {
    usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())
}

fn exceptions(reader: &mut Reader, row: &Raw, week: &Week, covered: (Date, Date), days: &[&RawDay]) -> BTreeMap<Date, Exception> {
    let mut all = BTreeMap::new();
    let mut seen: BTreeMap<Date, Range<usize>> = BTreeMap::new();
    let name = row.key.get_ref();
    for day in days {
        let on = day.on.get_ref().0;
        if let Some(first) = seen.insert(on, day.on.span()) {
            reader.complain_with(day.on.span(), format!("{on} stands twice in calendar `{name}`"), None, first, "first here");
            continue;
        }
        if on < covered.0 || on > covered.1 {
            let message = format!("{on} is outside the days that calendar `{name}` covers, {} to {}", covered.0, covered.1);
            let help = Some("correct the day, or widen `covered` once the whole year is decided".to_owned());
            reader.complain(day.on.span(), message, help);
            continue;
        }
        let rests = week[weekday(on)].is_empty();
        let hours = day.hours.as_ref().map(|hours| shifts(reader, hours.get_ref()));
        let reason = day.name.clone();
        let weekday_name = kernel::format::weekday(on.weekday(), kernel::Lang::En);
        match (day.kind.get_ref(), hours) {
            (Kind::SwapOff, _) if rests => {
                let message =
                    format!("{on} is a {weekday_name}, a day of rest in calendar `{name}` anyway: there is nothing to swap");
                reader.complain(day.on.span(), message, Some("is it another day, or kind = \"holiday\"?".to_owned()));
            }
            (Kind::SwapWork, None) if !rests => {
                let message = format!("{on} is a {weekday_name}, worked in calendar `{name}` anyway: there is nothing to swap");
                reader.complain(day.on.span(), message, Some("is it another day?".to_owned()));
            }
            (Kind::SwapWork, hours) => {
                let hours = hours.unwrap_or_else(|| swapped_hours(day, days, week));
                all.insert(on, Exception::Work { hours, reason });
            }
            (Kind::Closure, Some(hours)) if !hours.is_empty() => {
                all.insert(on, Exception::Work { hours, reason });
            }
            _ => {
                all.insert(on, Exception::Off { reason });
            }
        }
    }
    all
}

/// The hours of the weekday that the same decision took off.
fn swapped_hours(day: &RawDay, days: &[&RawDay], week: &Week) -> Vec<Shift> {
    let decision = |day: &RawDay| day.decision.as_ref().map(|decision| decision.get_ref().clone());
    let mut off: Vec<Date> = Vec::new();
    let mut work: Vec<Date> = Vec::new();
    for other in days.iter().filter(|other| decision(other) == decision(day)) {
        match other.kind.get_ref() {
            Kind::SwapOff => off.push(other.on.get_ref().0),
            Kind::SwapWork => work.push(other.on.get_ref().0),
            _ => {}
        }
    }
    off.sort_unstable();
    work.sort_unstable();
    let at = work.iter().position(|on| *on == day.on.get_ref().0);
    let taken = at.and_then(|at| off.get(at)).map(|on| week[weekday(*on)].clone());
    taken.filter(|hours| !hours.is_empty()).or_else(|| week.iter().find(|hours| !hours.is_empty()).cloned()).unwrap_or_default()
}

/// What a decision takes off is worked on another day, one for one.
fn check_swaps(reader: &mut Reader, row: &Raw, days: &[&RawDay]) {
    let mut by_decision: BTreeMap<&str, (Vec<&RawDay>, Vec<&RawDay>)> = BTreeMap::new();
    for day in days {
        let Some(decision) = &day.decision else { continue };
        let sides = by_decision.entry(decision.get_ref()).or_default();
        match day.kind.get_ref() {
            Kind::SwapOff => sides.0.push(day),
            Kind::SwapWork => sides.1.push(day),
            _ => {}
        }
    }
    for (decision, (off, work)) in by_decision {
        if off.len() == work.len() {
            continue;
        }
        let more_off = off.len() > work.len();
        let day = if more_off { off.last() } else { work.last() };
        let Some(day) = day else { continue };
        let (off, work) = (off.len(), work.len());
        let message =
            format!("decision {decision} takes {off} day(s) off and works {work} instead, in calendar `{}`", row.key.get_ref());
        let help = if more_off { "add the swap-work day of this decision" } else { "add the swap-off day of this decision" };
        reader.complain(day.on.span(), message, Some(help.to_owned()));
    }
}

/// What due dates were counted with is kept by its content.
fn define(reader: &mut Reader, calendar: &Calendar) {
    let hours = |shifts: &[Shift]| shifts.iter().map(|shift| json!([shift.opens, shift.closes])).collect::<Vec<_>>();
    let exceptions: Vec<_> = calendar
        .exceptions()
        .map(|(on, exception)| match exception {
            Exception::Off { reason } => json!({ "on": on.to_string(), "off": true, "reason": reason }),
            Exception::Work { hours: worked, reason } => {
                json!({ "on": on.to_string(), "hours": hours(worked), "reason": reason })
            }
        })
        .collect();
    let (first, last) = calendar.covered();
    // Seven days around the middle of the covered years that are no exception tell the usual week.
    let mut week = BTreeMap::new();
    let mut day = first;
    while week.len() < 7 && day <= last {
        if calendar.exception(day).is_none() {
            let shifts = calendar.shifts(day).map(hours).unwrap_or_default();
            week.entry(weekday(day)).or_insert(shifts);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    let compiled = json!({
        "key": calendar.key(),
        "name": calendar.name(),
        "zone": calendar.zone().iana_name(),
        "covered": [first.to_string(), last.to_string()],
        "round_the_clock": calendar.round_the_clock(),
        "week": week.values().collect::<Vec<_>>(),
        "exceptions": exceptions,
        "version": calendar.version(),
    });
    let key = calendar.key().to_owned();
    reader.define("calendar", &key, &compiled);
}
