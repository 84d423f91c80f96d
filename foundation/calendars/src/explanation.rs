//! Why something is due when it is due, as data that is stored, and as one plain sentence in each language.

use crate::calendar::{Calendar, Exception, next};
use crate::due::{Due, minutes_up, off_between};
use crate::rule::duration;
use crate::{Refusal, Rule, words, written};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::{Both, Instant, Lang, format};
use serde::{Deserialize, Serialize};

/// How a due time was counted. It is stored beside the due time, so that years later it still says which days were left out and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The calendar's key.
    pub calendar: String,
    /// The content of the calendar by which it was counted.
    pub version: String,
    pub(crate) budget: Budget,
    /// When it came, or when the clock was resumed.
    pub from: Instant,
    /// Whether `from` is a resumption and the budget what was left.
    pub resumed: bool,
    /// When working time began to run; equal to `from` when the body was open.
    pub(crate) runs_from: Instant,
    /// The day on which it counts as come in.
    #[serde(with = "written")]
    pub begins_on: Date,
    pub(crate) late: Option<Late>,
    /// Where counting ended, before an end on a day off was moved.
    #[serde(with = "written")]
    pub ends_before_rolling: Date,
    /// The due day.
    #[serde(with = "written")]
    pub ends_on: Date,
    /// The due moment.
    pub due_at: Instant,
    pub(crate) round_the_clock: bool,
    pub(crate) off: Vec<DaysOff>,
    pub(crate) worked: Vec<DaysOff>,
}

/// What is counted down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Budget {
    WorkingMs(i64),
    WorkingDays(u32),
    CalendarDays(u32),
    Months(u32),
    SameDay {
        #[serde(with = "written_time")]
        cutoff: Time,
    },
    Nothing,
}

/// Why it counts from another moment than it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Late {
    AfterClose,
    DayOff,
    AfterCutoff,
    Closed,
}

pub(crate) struct Start {
    pub day: Date,
    pub late: Option<Late>,
}

/// Adjoining days with one reason; none means the weekly rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DaysOff {
    #[serde(with = "written")]
    first: Date,
    #[serde(with = "written")]
    last: Date,
    reason: Option<Both>,
}

impl DaysOff {
    pub(crate) fn push(spans: &mut Vec<Self>, day: Date, exception: Option<&Exception>) {
        let reason = exception.map(|exception| exception.reason().clone());
        match spans.last_mut() {
            Some(span) if span.reason == reason && span.last.tomorrow().is_ok_and(|follows| follows == day) => span.last = day,
            _ => spans.push(Self { first: day, last: day, reason }),
        }
    }

    fn days(&self) -> i64 {
        i64::from(self.first.until(self.last).map_or(0, |span| span.get_days())) + 1
    }

    fn text(&self, lang: Lang, year: i16) -> String {
        let why = match &self.reason {
            Some(reason) => reason.get(lang),
            None => match (self.days(), self.first.weekday()) {
                (1, day) => format::weekday(day, lang),
                (2, Weekday::Saturday) => words::weekend(lang),
                _ => words::weekly_rest(lang),
            },
        };
        format!("{} ({why})", self.dates(year))
    }

    /// `31/08`, `29–30/08`, `31/08–01/09`; with the year where it is another than the due day's.
    fn dates(&self, year: i16) -> String {
        let end = if self.last.year() == year { day_month(self.last) } else { format::day(self.last) };
        if self.first == self.last {
            end
        } else if (self.first.year(), self.first.month()) == (self.last.year(), self.last.month()) {
            format!("{:02}–{end}", self.first.day())
        } else {
            let start = if self.first.year() == self.last.year() { day_month(self.first) } else { format::day(self.first) };
            format!("{start}–{end}")
        }
    }
}

fn day_month(day: Date) -> String {
    format!("{:02}/{:02}", day.day(), day.month())
}

/// More spans of weekly rest than this are told as a number of days.
const MOST_WEEKENDS: usize = 4;

fn list(spans: &[DaysOff], lang: Lang, year: i16) -> String {
    let weekly: Vec<&DaysOff> = spans.iter().filter(|span| span.reason.is_none()).collect();
    let many = weekly.len() > MOST_WEEKENDS;
    let mut parts: Vec<String> =
        spans.iter().filter(|span| !many || span.reason.is_some()).map(|span| span.text(lang, year)).collect();
    if many {
        let days: i64 = weekly.iter().map(|span| span.days()).sum();
        parts.insert(0, words::weekly_rest_days(lang, days));
    }
    parts.join(", ")
}

impl Budget {
    pub(crate) fn of(rule: &Rule) -> Result<Self, Refusal> {
        Ok(match rule {
            Rule::WorkingHours { minutes } => Self::WorkingMs(i64::from(*minutes) * 60_000),
            Rule::WorkingDays(n) => Self::WorkingDays(*n),
            Rule::CalendarDays(n) => Self::CalendarDays(*n),
            Rule::Months(n) => Self::Months(*n),
            Rule::SameDay { cutoff } => Self::SameDay { cutoff: *cutoff },
            Rule::Conditional { base, .. } => Self::of(base)?,
            Rule::Text => return Err(Refusal::TextHasNoClock),
        })
    }

    fn text(&self, round_the_clock: bool, lang: Lang) -> String {
        match self {
            Self::WorkingMs(ms) => duration(minutes_up(*ms), !round_the_clock, lang),
            Self::WorkingDays(n) if round_the_clock => Rule::CalendarDays(*n).text(lang),
            Self::WorkingDays(n) => Rule::WorkingDays(*n).text(lang),
            Self::CalendarDays(n) => Rule::CalendarDays(*n).text(lang),
            Self::Months(n) => Rule::Months(*n).text(lang),
            // Nothing is counted down; the sentence says the rest.
            Self::SameDay { .. } | Self::Nothing => String::new(),
        }
    }
}

impl Explanation {
    pub(crate) fn begin(budget: Budget, cal: &Calendar, from: Instant, resumed: bool, start: &Start) -> Self {
        Self {
            calendar: cal.key().to_owned(),
            version: cal.version().to_owned(),
            budget,
            from,
            resumed,
            runs_from: from,
            begins_on: start.day,
            late: start.late,
            ends_before_rolling: start.day,
            ends_on: start.day,
            due_at: from,
            round_the_clock: cal.round_the_clock(),
            off: Vec::new(),
            worked: Vec::new(),
        }
    }

    pub(crate) fn days_off(&mut self, cal: &Calendar, first: Date, last: Date) -> Result<(), Refusal> {
        (self.off, self.worked) = off_between(cal, first, last)?;
        Ok(())
    }

    /// An end on a day off moves to the next working day (Civil Code, article 148).
    pub(crate) fn roll(&mut self, cal: &Calendar, from: Instant, ends: Date) -> Result<(), Refusal> {
        self.ends_before_rolling = ends;
        self.ends_on = if cal.shifts(ends)?.is_empty() { cal.next_working_day(ends)? } else { ends };
        let (before, _) = off_between(cal, from.day(cal.zone()), self.begins_on)?;
        let (rolled, worked) = off_between(cal, ends, self.ends_on)?;
        self.off = if self.late.is_some() { before } else { Vec::new() };
        // The days rolled over are told apart from the days before the start: they stand last and follow `ends_before_rolling`.
        self.off.extend(rolled);
        self.worked = worked;
        Ok(())
    }

    pub(crate) fn end_at(mut self, ends: Date, at: Instant) -> Due {
        self.ends_on = ends;
        self.due_at = at;
        if matches!(self.budget, Budget::WorkingMs(_) | Budget::Nothing) {
            self.ends_before_rolling = ends;
        }
        Due { at, explanation: self }
    }

    /// One sentence: the due moment, what was counted from when, and which days were left out and why.
    #[must_use]
    pub fn text(&self, lang: Lang, zone: &TimeZone) -> String {
        words::due(lang, self.due_words(lang, zone), self.counted(lang, zone), self.days(lang))
    }

    fn due_words(&self, lang: Lang, zone: &TimeZone) -> String {
        let civil = self.due_at.civil(zone);
        let day = format!("{} {}", format::weekday(self.ends_on.weekday(), lang), format::day(self.ends_on));
        let midnight = next(self.ends_on).is_ok_and(|follows| follows == civil.date()) && civil.time() == Time::midnight();
        if midnight { words::end_of_day(lang, day) } else { format!("{}, {day}", format::clock(civil.time())) }
    }

    fn counted(&self, lang: Lang, zone: &TimeZone) -> String {
        let moment = |at: Instant| {
            let civil = at.civil(zone);
            format!("{}, {} {}", format::clock(civil.time()), format::weekday(civil.weekday(), lang), format::day(civil.date()))
        };
        let came_at = moment(self.from);
        let came = if self.resumed { words::resumed(lang) } else { words::received(lang) };
        let budget = || {
            let budget = self.budget.text(self.round_the_clock, lang);
            if self.resumed { words::left(lang, budget) } else { budget }
        };
        let begins = format::day(self.begins_on);
        match (&self.budget, self.late) {
            (Budget::Nothing, _) => words::counted_nothing(lang, came_at),
            (Budget::WorkingMs(_), None) => words::counted_hours(lang, budget(), came, came_at),
            (Budget::WorkingMs(_), Some(_)) => words::counted_hours_late(lang, budget(), came, came_at, moment(self.runs_from)),
            (Budget::SameDay { cutoff }, None) => words::counted_same_day(lang, came, format::clock(*cutoff), came_at),
            (Budget::SameDay { cutoff }, Some(Late::AfterCutoff)) => {
                words::counted_same_day_late(lang, came, words::after_cutoff(lang, format::clock(*cutoff)), came_at)
            }
            (Budget::SameDay { .. }, Some(late)) => words::counted_same_day_late(lang, came, late.text(lang), came_at),
            (_, None) => words::counted_days(lang, begins, budget(), came),
            (_, Some(late)) => words::counted_days_late(lang, begins, budget(), came, late.text(lang), came_at),
        }
    }

    fn days(&self, lang: Lang) -> String {
        let year = self.ends_on.year();
        if matches!(self.budget, Budget::CalendarDays(_) | Budget::Months(_)) {
            return self.rolled(lang, year);
        }
        let (worked, off) = (list(&self.worked, lang, year), list(&self.off, lang, year));
        let mut out = String::new();
        if !worked.is_empty() {
            out += &words::days_worked(lang, worked);
        }
        if !off.is_empty() {
            out += &words::days_left_out(lang, off);
        }
        out
    }

    fn rolled(&self, lang: Lang, year: i16) -> String {
        let (before, rolled): (Vec<DaysOff>, Vec<DaysOff>) =
            self.off.iter().cloned().partition(|span| span.last < self.ends_before_rolling);
        let mut out = String::new();
        if !before.is_empty() {
            out += &words::begins_after(lang, list(&before, lang, year));
        }
        if !rolled.is_empty() {
            out += &words::moved_on(lang, list(&rolled, lang, year), format::day(self.ends_before_rolling));
        }
        out
    }
}

impl Late {
    const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::AfterClose => words::after_close(lang),
            Self::DayOff => words::on_day_off(lang),
            Self::AfterCutoff | Self::Closed => words::outside_hours(lang),
        }
    }
}

/// How a time of day is written in stored explanations: `15:00:00`.
mod written_time {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(time: &Time, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
