//! How a deadline is counted, paused and resumed.
//!
//! The start day is not counted. What comes after the close of business, or on a day off, comes on the next working day. A due day
//! ends with the body's close of business, in a round-the-clock calendar at midnight. A pause freezes what is left, in its own unit.

use crate::calendar::{Calendar, next, time_of};
use crate::explanation::{Budget, DaysOff, Explanation, Late, Start};
use crate::{Refusal, Rule, words};
use jiff::Span;
use jiff::civil::Date;
use kernel::{Instant, Lang};
use serde::{Deserialize, Serialize};

/// When something is due, and how that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last moment that is still in time.
    pub at: Instant,
    /// How it was counted.
    pub explanation: Explanation,
}

/// What a pause froze: what is left of the budget, in the rule's own unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// Working time, in milliseconds.
    WorkingMs(i64),
    /// Working days.
    WorkingDays(u32),
    /// Days of the calendar: of `CalendarDays`, and of `Months`, which have no smaller unit of their own.
    CalendarDays(u32),
    /// The day of resumption, under the same cut-off.
    SameDay {
        /// The rule itself, `same day before …`.
        rule: Rule,
    },
    /// Nothing: it was late already when it was paused.
    Nothing,
}

impl Left {
    /// What is left, as a person reads it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::WorkingMs(ms) => crate::rule::duration(minutes_up(*ms), true, lang),
            Self::WorkingDays(n) => Rule::WorkingDays(*n).text(lang),
            Self::CalendarDays(n) => Rule::CalendarDays(*n).text(lang),
            Self::SameDay { rule } => rule.text(lang),
            Self::Nothing => words::nothing_left(lang).to_owned(),
        }
    }
}

pub(crate) fn minutes_up(ms: i64) -> u32 {
    u32::try_from((ms.max(0) + MINUTE_MS - 1) / MINUTE_MS).unwrap_or(u32::MAX)
}

const MINUTE_MS: i64 = 60_000;

/// When `rule` is due for what came at `from`. A conditional rule counts its base only.
///
/// # Errors
/// `TextHasNoClock` for words, `BeyondCalendar` where the calendar's days end.
pub fn due(rule: &Rule, cal: &Calendar, from: Instant) -> Result<Due, Refusal> {
    let rule = match rule {
        Rule::Conditional { base, .. } => base,
        other => other,
    };
    count(&Budget::of(rule)?, cal, from, false)
}

/// When `rule` is due once the matter has to be verified: base and extra together. Other rules are counted as they are.
///
/// # Errors
/// As [`due`].
pub fn due_if_extra(rule: &Rule, cal: &Calendar, from: Instant) -> Result<Due, Refusal> {
    match rule {
        Rule::Conditional { base, extra } => count(&Budget::of(&base.plus(extra))?, cal, from, false),
        other => due(other, cal, from),
    }
}

/// What is left of a clock that stops at `at`. `from` is when it last began to run: its start or its last resumption. `due_at` is
/// what stands in the clock now, moved or not. The day of the pause is not used up, unless it comes after the close of business.
///
/// # Errors
/// As [`due`].
pub fn pause(rule: &Rule, cal: &Calendar, from: Instant, due_at: Instant, at: Instant) -> Result<Left, Refusal> {
    let counted = [due(rule, cal, from)?, due_if_extra(rule, cal, from).or_else(|_| due(rule, cal, from))?];
    let ends = match counted.iter().find(|due| due.at == due_at) {
        Some(due) => due.explanation.ends_before_rolling,
        None => last_day(cal, due_at)?,
    };
    left(&Budget::of(rule)?, cal, Start::of(cal, from)?.day, ends, due_at, at)
}

impl Explanation {
    /// As [`pause`], for a clock whose due time has this explanation. It knows, also after a resumption, where counting ended before
    /// the end rolled over days off.
    ///
    /// # Errors
    /// `BeyondCalendar` where the calendar's days end.
    pub fn left(&self, cal: &Calendar, due_at: Instant, at: Instant) -> Result<Left, Refusal> {
        let ends = if due_at == self.due_at { self.ends_before_rolling } else { last_day(cal, due_at)? };
        left(&self.budget, cal, self.begins_on, ends, due_at, at)
    }
}

fn left(budget: &Budget, cal: &Calendar, begun: Date, ends: Date, due_at: Instant, at: Instant) -> Result<Left, Refusal> {
    if at > due_at {
        return Ok(Left::Nothing);
    }
    // Until the budget starts to be used, all of it is left.
    let first = || -> Result<Date, Refusal> { Ok(Start::of(cal, at)?.day.max(next(begun)?)) };
    Ok(match budget {
        Budget::WorkingMs(_) => Left::WorkingMs(working_ms(cal, (at.day(cal.zone()), due_at.day(cal.zone())), at, due_at)?),
        Budget::WorkingDays(_) => Left::WorkingDays(working_days(cal, first()?, ends)?),
        // Days of the calendar run on days off too: nothing waits for the next opening here.
        Budget::CalendarDays(_) | Budget::Months(_) => {
            let first =
                if closed_for_the_day(cal, at)? { next(at.day(cal.zone()))? } else { at.day(cal.zone()) }.max(next(begun)?);
            Left::CalendarDays(if first > ends { 0 } else { days_between(first, ends).saturating_add(1) })
        }
        Budget::SameDay { cutoff } => Left::SameDay { rule: Rule::SameDay { cutoff: *cutoff } },
        Budget::Nothing => Left::Nothing,
    })
}

/// When a paused clock is due that resumes at `at`. The day of resumption is not counted.
///
/// # Errors
/// `BeyondCalendar` where the calendar's days end.
pub fn resume(left: &Left, cal: &Calendar, at: Instant) -> Result<Due, Refusal> {
    let budget = match left {
        Left::WorkingMs(ms) => Budget::WorkingMs(*ms),
        Left::WorkingDays(n) => Budget::WorkingDays(*n),
        Left::CalendarDays(n) => Budget::CalendarDays(*n),
        Left::SameDay { rule } => Budget::of(rule)?,
        Left::Nothing => Budget::Nothing,
    };
    count(&budget, cal, at, true)
}

/// Whether the body is open at `at`; a day that the calendar does not know is closed.
#[must_use]
pub fn open_at(cal: &Calendar, at: Instant) -> bool {
    let day = at.day(cal.zone());
    let within =
        |shift: &crate::Shift| Ok::<_, Refusal>(cal.moment(day, shift.opens)? <= at && at < cal.moment(day, shift.closes)?);
    cal.shifts(day).is_ok_and(|shifts| shifts.iter().any(|shift| within(shift).unwrap_or(false)))
}

/// The close of business on `day`; `None` on a day off and on a day that the calendar does not know.
#[must_use]
pub fn closes_on(cal: &Calendar, day: Date) -> Option<Instant> {
    let minute = cal.closing_minute(day).ok()??;
    cal.moment(day, minute).ok()
}

/// Whole working minutes from `a` to `b`, negative when `b` is earlier. Days that the calendar does not know hold none.
#[must_use]
pub fn working_minutes_between(cal: &Calendar, a: Instant, b: Instant) -> i64 {
    if b < a {
        return -working_minutes_between(cal, b, a);
    }
    let (first, last) = cal.covered();
    let (first, last) = (first.max(a.day(cal.zone())), last.min(b.day(cal.zone())));
    if first > last {
        return 0;
    }
    let clip = || Ok::<_, Refusal>((a.max(cal.moment(first, 0)?), b.min(cal.moment(last, 1_440)?)));
    let ms = clip().and_then(|(a, b)| working_ms(cal, (first, last), a, b));
    ms.unwrap_or(0) / MINUTE_MS
}

fn count(budget: &Budget, cal: &Calendar, from: Instant, resumed: bool) -> Result<Due, Refusal> {
    let start = Start::of(cal, from)?;
    let mut tale = Explanation::begin(budget.clone(), cal, from, resumed, &start);
    match budget {
        Budget::Nothing => return Ok(tale.end_at(from.day(cal.zone()), from)),
        Budget::WorkingMs(ms) => {
            let (at, begins) = working_time(cal, from, *ms)?;
            tale.runs_from = begins;
            tale.late = (begins != from).then_some(Late::Closed);
            let ends = last_day(cal, at)?;
            tale.days_off(cal, from.day(cal.zone()), ends)?;
            return Ok(tale.end_at(ends, at));
        }
        Budget::WorkingDays(n) => {
            let ends = after_working_days(cal, start.day, *n)?;
            tale.ends_on = ends;
            tale.ends_before_rolling = ends;
            tale.days_off(cal, from.day(cal.zone()), ends)?;
        }
        Budget::CalendarDays(n) => {
            let ends = later(start.day, Span::new().try_days(*n))?;
            tale.roll(cal, from, ends)?;
        }
        Budget::Months(n) => {
            let ends = later(start.day, Span::new().try_months(*n))?;
            tale.roll(cal, from, ends)?;
        }
        Budget::SameDay { cutoff } => {
            let today = from.day(cal.zone());
            let after_cutoff = start.late.is_none() && from > Instant::from_civil(today.to_datetime(*cutoff), cal.zone());
            let ends = if after_cutoff { cal.next_working_day(today)? } else { start.day };
            if after_cutoff {
                tale.late = Some(Late::AfterCutoff);
                tale.begins_on = ends;
            }
            tale.ends_on = ends;
            tale.ends_before_rolling = ends;
            tale.days_off(cal, today, ends)?;
        }
    }
    let ends = tale.ends_on;
    let minute = cal.closing_minute(ends)?.unwrap_or(1_440);
    let at = cal.moment(ends, minute)?;
    Ok(tale.end_at(ends, at))
}

impl Start {
    /// The day on which something counts as come in.
    pub(crate) fn of(cal: &Calendar, from: Instant) -> Result<Self, Refusal> {
        let day = from.day(cal.zone());
        let Some(minute) = cal.closing_minute(day)? else {
            return Ok(Self { day: cal.next_working_day(day)?, late: Some(Late::DayOff) });
        };
        // In a calendar that never closes the day's end is the next day's beginning, and belongs to the next day.
        if !cal.round_the_clock() && from > cal.moment(day, minute)? {
            return Ok(Self { day: cal.next_working_day(day)?, late: Some(Late::AfterClose) });
        }
        Ok(Self { day, late: None })
    }
}

fn closed_for_the_day(cal: &Calendar, at: Instant) -> Result<bool, Refusal> {
    let day = at.day(cal.zone());
    Ok(match cal.closing_minute(day)? {
        Some(minute) => !cal.round_the_clock() && at > cal.moment(day, minute)?,
        None => false,
    })
}

/// The day that a due moment ends: midnight belongs to the day before it.
fn last_day(cal: &Calendar, at: Instant) -> Result<Date, Refusal> {
    let civil = at.civil(cal.zone());
    if civil.time() == time_of(0) { civil.date().yesterday().map_err(|_| Refusal::BeyondCalendar) } else { Ok(civil.date()) }
}

fn later(day: Date, by: Result<Span, jiff::Error>) -> Result<Date, Refusal> {
    by.and_then(|by| day.checked_add(by)).map_err(|_| Refusal::BeyondCalendar)
}

fn after_working_days(cal: &Calendar, start: Date, n: u32) -> Result<Date, Refusal> {
    if cal.round_the_clock() {
        let day = later(start, Span::new().try_days(n))?;
        cal.shifts(day)?;
        return Ok(day);
    }
    (0..n).try_fold(start, |day, _| cal.next_working_day(day))
}

fn working_days(cal: &Calendar, first: Date, last: Date) -> Result<u32, Refusal> {
    if first > last {
        return Ok(0);
    }
    if cal.round_the_clock() {
        return Ok(days_between(first, last).saturating_add(1));
    }
    let (mut day, mut n) = (first, 0);
    while day <= last {
        n += u32::from(cal.works(day)?);
        day = next(day)?;
    }
    Ok(n)
}

fn days_between(first: Date, last: Date) -> u32 {
    u32::try_from(first.duration_until(last).as_hours() / 24).unwrap_or(0)
}

/// The moment at which `need` milliseconds of working time have passed, and the moment at which they began.
fn working_time(cal: &Calendar, from: Instant, need: i64) -> Result<(Instant, Instant), Refusal> {
    let mut day = from.day(cal.zone());
    if cal.round_the_clock() {
        let at = Instant::from_ms(from.ms().saturating_add(need));
        cal.shifts(day)?;
        cal.shifts(last_day(cal, at)?.max(day))?;
        return Ok((at, from));
    }
    let (mut need, mut begins) = (need, None);
    loop {
        for shift in cal.shifts(day)? {
            let (opens, closes) = (cal.moment(day, shift.opens)?.max(from), cal.moment(day, shift.closes)?);
            if opens >= closes {
                continue;
            }
            let begun = *begins.get_or_insert(opens);
            if need <= closes.since(opens) {
                return Ok((Instant::from_ms(opens.ms() + need), begun));
            }
            need -= closes.since(opens);
        }
        day = next(day)?;
    }
}

/// Working time from `a` to `b`, looked for in these days.
fn working_ms(cal: &Calendar, days: (Date, Date), a: Instant, b: Instant) -> Result<i64, Refusal> {
    if b <= a {
        return Ok(0);
    }
    let (mut day, last) = days;
    if cal.round_the_clock() {
        return Ok(b.since(a));
    }
    let mut ms = 0;
    while day <= last {
        for shift in cal.shifts(day)? {
            ms += cal.moment(day, shift.closes)?.min(b).since(cal.moment(day, shift.opens)?.max(a)).max(0);
        }
        day = next(day)?;
    }
    Ok(ms)
}

/// The days off from `first` to `last`, both included, merged where they adjoin with one reason.
pub(crate) fn off_between(cal: &Calendar, first: Date, last: Date) -> Result<(Vec<DaysOff>, Vec<DaysOff>), Refusal> {
    let (mut off, mut worked): (Vec<DaysOff>, Vec<DaysOff>) = (Vec::new(), Vec::new());
    let mut day = first;
    while day <= last && !cal.round_the_clock() {
        match (cal.works(day)?, cal.exception(day)) {
            (false, exception) => DaysOff::push(&mut off, day, exception),
            (true, exception @ Some(_)) => DaysOff::push(&mut worked, day, exception),
            (true, None) => {}
        }
        day = next(day)?;
    }
    Ok((off, worked))
}
