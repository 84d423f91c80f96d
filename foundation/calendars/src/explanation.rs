//! Why something is due when it is due, as data that is stored, and as one plain sentence in each language.

use crate::calendar::{Calendar, Exception, next};
use crate::due::{Due, minutes_up, off_between};
use crate::rule::duration;
use crate::{Refusal, Rule, written};
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
            None => match (self.days(), self.first.weekday(), lang) {
                (1, day, _) => format::weekday(day, lang),
                (2, Weekday::Saturday, Lang::Vi) => "cuối tuần",
                (2, Weekday::Saturday, Lang::En) => "weekend",
                (_, _, Lang::Vi) => "nghỉ hằng tuần",
                (_, _, Lang::En) => "weekly rest",
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
        parts.insert(
            0,
            if lang == Lang::Vi { format!("{days} ngày nghỉ hằng tuần") } else { format!("{days} days of weekly rest") },
        );
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
            Self::SameDay { .. } if lang == Lang::Vi => "trong ngày".to_owned(),
            Self::SameDay { .. } => "the same day".to_owned(),
            Self::Nothing if lang == Lang::Vi => "không còn thời gian khi tạm dừng".to_owned(),
            Self::Nothing => "no time was left when it was paused".to_owned(),
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
        let mut out = match lang {
            Lang::Vi => format!("Hạn {}: {}", self.due_words(lang, zone), self.budget.text(self.round_the_clock, lang)),
            Lang::En => format!("Due {}: {}", self.due_words(lang, zone), self.budget.text(self.round_the_clock, lang)),
        };
        if self.resumed && !matches!(self.budget, Budget::Nothing | Budget::SameDay { .. }) {
            out += if lang == Lang::Vi { " còn lại" } else { " left" };
        }
        out += &self.counted_from(lang, zone);
        let year = self.ends_on.year();
        let rolling = matches!(self.budget, Budget::CalendarDays(_) | Budget::Months(_));
        if rolling {
            out += &self.rolled(lang, year);
        } else {
            let (worked, off) = (list(&self.worked, lang, year), list(&self.off, lang, year));
            if !worked.is_empty() {
                out += &if lang == Lang::Vi { format!("; có tính {worked}") } else { format!("; counting {worked}") };
            }
            if !off.is_empty() {
                out += &if lang == Lang::Vi { format!("; không tính {off}") } else { format!("; not counting {off}") };
            }
        }
        out + "."
    }

    fn due_words(&self, lang: Lang, zone: &TimeZone) -> String {
        let civil = self.due_at.civil(zone);
        let day = format!("{} {}", format::weekday(self.ends_on.weekday(), lang), format::day(self.ends_on));
        let midnight = next(self.ends_on).is_ok_and(|follows| follows == civil.date()) && civil.time() == Time::midnight();
        match (midnight, lang) {
            (true, Lang::Vi) => format!("hết ngày {day}"),
            (true, Lang::En) => format!("at the end of {day}"),
            (false, _) => format!("{}, {day}", format::clock(civil.time())),
        }
    }

    fn counted_from(&self, lang: Lang, zone: &TimeZone) -> String {
        let came = self.from.civil(zone);
        let moment =
            format!("{}, {} {}", format::clock(came.time()), format::weekday(came.weekday(), lang), format::day(came.date()));
        let begins = format::day(self.begins_on);
        let (vi_came, en_came) = if self.resumed { ("tiếp tục", "resumed") } else { ("nhận", "received") };
        match (&self.budget, lang) {
            (Budget::Nothing, Lang::Vi) => format!(", tiếp tục lúc {moment}"),
            (Budget::Nothing, Lang::En) => format!(", resumed at {moment}"),
            (Budget::WorkingMs(_), _) => {
                let runs = self.runs_from.civil(zone);
                let runs = format!(
                    "{}, {} {}",
                    format::clock(runs.time()),
                    format::weekday(runs.weekday(), lang),
                    format::day(runs.date())
                );
                match (self.late, lang) {
                    (None, Lang::Vi) => format!(" kể từ lúc {vi_came} {moment}"),
                    (None, Lang::En) => format!(", counted from when it was {en_came} at {moment}"),
                    (Some(_), Lang::Vi) => format!(" kể từ giờ mở cửa {runs} ({vi_came} lúc {moment}, ngoài giờ làm việc)"),
                    (Some(_), Lang::En) => {
                        format!(", counted from opening at {runs} ({en_came} at {moment}, outside working hours)")
                    }
                }
            }
            (Budget::SameDay { cutoff }, _) => {
                let cutoff = format::clock(*cutoff);
                match (self.late, lang) {
                    (None, Lang::Vi) => format!(", vì {vi_came} lúc {moment}, trước {cutoff}"),
                    (None, Lang::En) => format!(", because it was {en_came} at {moment}, before {cutoff}"),
                    (Some(late), Lang::Vi) => {
                        let late = if late == Late::AfterCutoff { format!("sau {cutoff}") } else { late.vi().to_owned() };
                        format!(", tính vào ngày làm việc kế tiếp vì {vi_came} lúc {moment}, {late}")
                    }
                    (Some(late), Lang::En) => {
                        let late = if late == Late::AfterCutoff { format!("after {cutoff}") } else { late.en().to_owned() };
                        format!(", taken as the next working day because it was {en_came} at {moment}, {late}")
                    }
                }
            }
            (_, Lang::Vi) => match self.late {
                None => format!(" kể từ ngày sau ngày {vi_came} {begins}"),
                Some(late) => format!(" kể từ ngày sau ngày bắt đầu {begins} ({vi_came} lúc {moment}, {})", late.vi()),
            },
            (_, Lang::En) => match self.late {
                None if self.resumed => format!(", counted from the day after it was resumed on {begins}"),
                None => format!(", counted from the day after it was received on {begins}"),
                Some(late) => format!(", counted from the day after it began on {begins} ({en_came} at {moment}, {})", late.en()),
            },
        }
    }

    fn rolled(&self, lang: Lang, year: i16) -> String {
        let (before, rolled): (Vec<DaysOff>, Vec<DaysOff>) =
            self.off.iter().cloned().partition(|span| span.last < self.ends_before_rolling);
        let mut out = String::new();
        if !before.is_empty() {
            let before = list(&before, lang, year);
            out += &if lang == Lang::Vi {
                format!("; ngày bắt đầu tính sau {before}")
            } else {
                format!("; it begins after {before}")
            };
        }
        if !rolled.is_empty() {
            let (ends, rolled) = (format::day(self.ends_before_rolling), list(&rolled, lang, year));
            out += &match lang {
                Lang::Vi => format!("; ngày cuối {ends} là ngày nghỉ nên chuyển sang ngày làm việc kế tiếp, qua {rolled}"),
                Lang::En => format!("; the last day {ends} is a day off, so it moves to the next working day, past {rolled}"),
            };
        }
        out
    }
}

impl Late {
    const fn vi(self) -> &'static str {
        match self {
            Self::AfterClose => "sau giờ làm việc",
            Self::DayOff => "vào ngày nghỉ",
            Self::AfterCutoff | Self::Closed => "ngoài giờ làm việc",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::AfterClose => "after the close of business",
            Self::DayOff => "on a day off",
            Self::AfterCutoff | Self::Closed => "outside working hours",
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
