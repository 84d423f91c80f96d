//! When a body works: its week, its days off, its swapped days, and the years for which these are decided.

use crate::Refusal;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::{Both, Instant};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A stretch of a working day, in minutes after midnight; 1440 is midnight at the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shift {
    /// When it opens.
    pub opens: u16,
    /// When it closes; later than it opens.
    pub closes: u16,
}

/// Minutes of a day.
const DAY: u16 = 1_440;

impl Shift {
    /// A shift from two times as a pack writes them: `07:00`, `11:30`; `24:00` is midnight at the day's end.
    ///
    /// # Errors
    /// When a time cannot be read or the shift does not close after it opens; the text is for whoever wrote it.
    pub fn parse(opens: &str, closes: &str) -> Result<Self, String> {
        let minute = |text: &str| -> Result<u16, String> {
            let read = || {
                let (hours, minutes) = text.split_once(':').filter(|(h, m)| (1..=2).contains(&h.len()) && m.len() == 2)?;
                let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
                (minutes < 60 && hours * 60 + minutes <= DAY).then_some(hours * 60 + minutes)
            };
            read().ok_or_else(|| format!("`{text}` is no time of day: write hours and minutes, for example `07:00`"))
        };
        let shift = Self { opens: minute(opens)?, closes: minute(closes)? };
        if shift.opens >= shift.closes {
            return Err(format!("a shift has to close after it opens, and `{closes}` is not later than `{opens}`"));
        }
        Ok(shift)
    }
}

/// The shifts of a usual week, Monday first. A day without shifts is a day of rest.
pub type Week = [Vec<Shift>; 7];

/// The days of a calendar that needs no yearly decision: one that never closes.
pub const ALWAYS: (Date, Date) = (Date::constant(1, 1, 1), Date::constant(9998, 12, 31));

/// What is different on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exception {
    /// Nobody works: a holiday, a swapped day, a closure by decision.
    Off {
        /// Why, as it will stand in explanations: `Quốc khánh`, `nghỉ hoán đổi, làm bù 22/08`.
        reason: Both,
    },
    /// People work though the week says otherwise, or at other hours.
    Work {
        /// The hours; none means those of the first working day of the week.
        hours: Vec<Shift>,
        /// Why, as it will stand in explanations: `làm bù cho 31/08`.
        reason: Both,
    },
}

impl Exception {
    /// Why the day is different.
    #[must_use]
    pub const fn reason(&self) -> &Both {
        match self {
            Self::Off { reason } | Self::Work { reason, .. } => reason,
        }
    }
}

/// A calendar as it is written down, before it is checked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The pack's key.
    pub key: String,
    /// What people call it.
    pub name: Both,
    /// The zone of its days and hours.
    pub zone: TimeZone,
    /// The usual week; not read when it never closes.
    pub week: Week,
    /// What is different on single days.
    pub exceptions: BTreeMap<Date, Exception>,
    /// Whether it never closes.
    pub round_the_clock: bool,
    /// First and last day for which days off are decided; [`ALWAYS`] suits a calendar that never closes.
    pub covered: (Date, Date),
}

/// A checked calendar. Its version names its content: a due time stored with it can be counted again the same way.
#[derive(Clone, Debug)]
pub struct Calendar {
    plan: Plan,
    version: String,
}

impl Calendar {
    /// Checks a plan.
    ///
    /// # Errors
    /// One sentence per mistake, for whoever wrote the plan.
    pub fn new(mut plan: Plan) -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let (first, last) = plan.covered;
        if first > last {
            mistakes.push(format!("the calendar covers no day: {first} is after {last}"));
        }
        if plan.round_the_clock {
            if !plan.exceptions.is_empty() {
                mistakes.push("a round-the-clock calendar has no days off and no swapped days".to_owned());
            }
            plan.week = std::array::from_fn(|_| vec![Shift { opens: 0, closes: DAY }]);
        }
        for (shifts, day) in plan.week.iter().zip(Weekday::Monday.cycle_forward()) {
            mistakes.extend(disorder(shifts).map(|what| format!("{}: {what}", kernel::format::weekday(day, kernel::Lang::En))));
        }
        let usual = plan.week.iter().find(|shifts| !shifts.is_empty()).cloned();
        if usual.is_none() {
            mistakes.push("the week has no working hours at all".to_owned());
        }
        for (day, exception) in &mut plan.exceptions {
            if !(first..=last).contains(day) {
                mistakes.push(format!("{day} lies outside the days that the calendar covers ({first} to {last})"));
            }
            if let Exception::Work { hours, .. } = exception {
                if hours.is_empty() {
                    hours.extend(usual.iter().flatten());
                }
                mistakes.extend(disorder(hours).map(|what| format!("{day}: {what}")));
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let version = kernel::secret::hex(&kernel::secret::sha256(canonical(&plan).as_bytes())[..8]);
        Ok(Self { plan, version })
    }

    /// The pack's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.plan.key
    }

    /// The name of this very content: a digest, so that two calendars with one version count alike.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What people call it.
    #[must_use]
    pub const fn name(&self) -> &Both {
        &self.plan.name
    }

    /// The zone of its days and hours.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.plan.zone
    }

    /// Whether it never closes.
    #[must_use]
    pub const fn round_the_clock(&self) -> bool {
        self.plan.round_the_clock
    }

    /// First and last day that it knows.
    #[must_use]
    pub const fn covered(&self) -> (Date, Date) {
        self.plan.covered
    }

    /// What is different on single days, in order.
    pub fn exceptions(&self) -> impl Iterator<Item = (Date, &Exception)> {
        self.plan.exceptions.iter().map(|(day, exception)| (*day, exception))
    }

    /// What is different on `day`.
    #[must_use]
    pub fn exception(&self, day: Date) -> Option<&Exception> {
        self.plan.exceptions.get(&day)
    }

    /// The shifts of `day`; none on a day off.
    ///
    /// # Errors
    /// `BeyondCalendar` for a day that it does not know.
    pub fn shifts(&self, day: Date) -> Result<&[Shift], Refusal> {
        if day < self.plan.covered.0 || day > self.plan.covered.1 {
            return Err(Refusal::BeyondCalendar);
        }
        Ok(match self.plan.exceptions.get(&day) {
            Some(Exception::Off { .. }) => &[],
            Some(Exception::Work { hours, .. }) => hours,
            None => &self.plan.week[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())],
        })
    }

    /// Whether anybody works on `day`.
    pub(crate) fn works(&self, day: Date) -> Result<bool, Refusal> {
        Ok(!self.shifts(day)?.is_empty())
    }

    /// The first working day after `day`.
    pub(crate) fn next_working_day(&self, day: Date) -> Result<Date, Refusal> {
        let mut day = next(day)?;
        while !self.works(day)? {
            day = next(day)?;
        }
        Ok(day)
    }

    /// The minute at which `day` closes; `None` on a day off.
    pub(crate) fn closing_minute(&self, day: Date) -> Result<Option<u16>, Refusal> {
        Ok(self.shifts(day)?.last().map(|shift| shift.closes))
    }

    /// The moment of a minute of `day`, where 1440 is the next midnight.
    pub(crate) fn moment(&self, day: Date, minute: u16) -> Result<Instant, Refusal> {
        let (day, minute) = if minute >= DAY { (next(day)?, 0) } else { (day, minute) };
        Ok(Instant::from_civil(day.to_datetime(time_of(minute)), &self.plan.zone))
    }
}

/// The time of day of a minute below 1440.
pub(crate) fn time_of(minute: u16) -> Time {
    let (hours, minutes) = (minute / 60 % 24, minute % 60);
    Time::constant(i8::try_from(hours).unwrap_or(0), i8::try_from(minutes).unwrap_or(0), 0, 0)
}

/// The day after, as long as there is one.
pub(crate) fn next(day: Date) -> Result<Date, Refusal> {
    day.tomorrow().map_err(|_| Refusal::BeyondCalendar)
}

fn disorder(shifts: &[Shift]) -> Option<String> {
    let mut last = None;
    for shift in shifts {
        if shift.opens >= shift.closes || shift.closes > DAY {
            return Some("a shift has to close after it opens, by 24:00 at the latest".to_owned());
        }
        if last.is_some_and(|closed| shift.opens < closed) {
            return Some("shifts have to follow each other without overlap".to_owned());
        }
        last = Some(shift.closes);
    }
    None
}

/// Everything that counting or its explanation depends on, in one fixed writing.
fn canonical(plan: &Plan) -> String {
    let mut out = String::new();
    let hours = |shifts: &[Shift]| shifts.iter().map(|s| format!("{}-{}", s.opens, s.closes)).collect::<Vec<_>>().join(",");
    let zone = plan.zone.iana_name().unwrap_or("fixed");
    let _ = writeln!(out, "1\n{}\n{zone}\n{}\n{} {}", plan.key, plan.round_the_clock, plan.covered.0, plan.covered.1);
    for shifts in &plan.week {
        let _ = writeln!(out, "{}", hours(shifts));
    }
    for (day, exception) in &plan.exceptions {
        let _ = match exception {
            Exception::Off { reason } => writeln!(out, "{day} off {:?} {:?}", reason.vi, reason.en),
            Exception::Work { hours: shifts, reason } => {
                writeln!(out, "{day} work {} {:?} {:?}", hours(shifts), reason.vi, reason.en)
            }
        };
    }
    out
}
