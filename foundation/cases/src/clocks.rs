//! Clocks: several on a case, each with its rule, its calendar's version, a stored due time and how that was counted.
//!
//! Start at [`ClockAct`], what a room asks for; `record` counts and turns it into a [`ClockEffect`]. A stored due time is moved by
//! recorded acts only. Not here: the counting itself (`calendars`).

use crate::Refusal;
use crate::kept::Words;
use crate::keyed;
use calendars::{Calendar, Explanation, Left, Rule};
use jiff::tz::TimeZone;
use kernel::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The clock whose due time is the case's own.
pub const LEGAL: &str = "legal";
/// By when the person hears from the city for the first time.
pub const FIRST_RESPONSE: &str = "first-response";
/// By when the person has to supply what is missing.
pub const CITIZEN: &str = "citizen";
/// A step's own clock.
pub const STEP: &str = "step";

keyed! {
    /// What a clock does.
    pub enum ClockState {
        /// It runs.
        Running = "running",
        /// It is paused.
        Paused = "paused",
        /// It is stopped for good, unless what stopped it was a mistake.
        Stopped = "stopped",
    }
}

db::row! {
    /// A clock as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Clock {
        /// Its number.
        pub no: u32,
        /// What it counts: `legal`, `first-response`, `citizen`, `step`.
        pub code: String,
        /// The step it belongs to; none for the case's own.
        pub step: Option<u32>,
        /// The rule, as text.
        pub rule: String,
        /// The calendar's key.
        pub calendar: String,
        /// The version of the calendar that the due time was counted by.
        pub calendar_version: String,
        /// What it does.
        pub state: ClockState,
        /// From when it counts.
        pub started_at: Instant,
        /// When it is due; none while it is paused.
        pub due_at: Option<Instant>,
        /// What is left while it is paused, as JSON.
        pub left_over: Option<String>,
        /// How the due time was counted, as JSON; none for a date that an official set.
        pub explanation: Option<String>,
        /// When it was paused.
        pub paused_at: Option<Instant>,
        /// When it ran out.
        pub breached_at: Option<Instant>,
        /// When it stopped.
        pub stopped_at: Option<Instant>,
        /// Why it stopped: `done`, `closed`, `merged` …
        pub stopped_why: Option<String>,
        /// What it did before it stopped.
        pub before_stop: Option<ClockState>,
    }
}

impl Clock {
    /// Whether it has not stopped.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state != ClockState::Stopped
    }

    /// How the due time was counted; `None` while it is paused, and for a date that an official set.
    #[must_use]
    pub fn explained(&self) -> Option<Explanation> {
        let mut all: Map<String, Value> = serde_json::from_str(self.explanation.as_deref()?).ok()?;
        let mut fill = |key: &str, value: Value| {
            all.entry(key).or_insert(value);
        };
        fill("calendar", self.calendar.as_str().into());
        fill("version", self.calendar_version.as_str().into());
        fill("from", self.started_at.ms().into());
        fill("due_at", self.due_at?.ms().into());
        for (key, usual) in usual() {
            fill(key, usual);
        }
        for (key, same_as) in SAME {
            let value = all.get(same_as)?.clone();
            all.entry(key).or_insert(value);
        }
        serde_json::from_value(Value::Object(all)).ok()
    }

    /// What is left while it is paused.
    #[must_use]
    pub fn left(&self) -> Option<Left> {
        serde_json::from_str(self.left_over.as_deref()?).ok()
    }
}

/// The live clock with this code: the case's own before a step's, the latest first.
#[must_use]
pub fn live<'a>(clocks: &'a [Clock], code: &str) -> Option<&'a Clock> {
    let found = |of_case: bool| clocks.iter().rev().find(|c| c.code == code && c.is_live() && c.step.is_none() == of_case);
    found(true).or_else(|| found(false))
}

keyed! {
    /// What happened to a clock.
    pub enum EntryKind {
        /// It started.
        Start = "start",
        /// It paused.
        Pause = "pause",
        /// It went on.
        Resume = "resume",
        /// Its term was extended.
        Extend = "extend",
        /// Its due time was counted anew, on purpose.
        Recompute = "recompute",
        /// It ran out.
        Breach = "breach",
        /// It stopped.
        Stop = "stop",
        /// What stopped it was a mistake.
        Restore = "restore",
    }
}

db::row! {
    /// One entry in a clock's ledger.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ClockEntry {
        /// The journal's line.
        pub seq: u32,
        /// Its place within the line.
        pub no: u32,
        /// The clock.
        pub clock: u32,
        /// What happened.
        pub kind: EntryKind,
        /// When.
        pub at: Instant,
        /// The due time after it.
        pub due_at: Option<Instant>,
        /// Why, in a key or in words.
        pub reason: Option<String>,
    }
}

/// Which step a clock belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// None: the case.
    Case,
    /// This step.
    Step(u32),
    /// The step that was opened last, in this same act.
    NewStep,
}

/// What happens to clocks, counted already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockEffect {
    /// A clock starts.
    Started {
        /// What it counts.
        code: String,
        /// The step it belongs to.
        on: On,
        /// The rule, as text.
        rule: String,
        /// The calendar's key.
        calendar: String,
        /// The calendar's version.
        version: String,
        /// From when it counts.
        from: Instant,
        /// When it is due.
        due: Instant,
        /// How that was counted; none for a date that an official set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Value>,
    },
    /// It pauses.
    Paused {
        /// The clock.
        clock: u32,
        /// What is left.
        left: Left,
    },
    /// It goes on.
    Resumed {
        /// The clock.
        clock: u32,
        /// The calendar's version.
        version: String,
        /// When it is due now.
        due: Instant,
        /// How that was counted.
        explanation: Value,
    },
    /// Its term is extended.
    Extended {
        /// The clock.
        clock: u32,
        /// When it is due now.
        due: Instant,
        /// Why.
        reason: Words,
        /// How that was counted; none for a date that an official set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Value>,
        /// The request that asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<u32>,
    },
    /// It is counted anew by today's calendar.
    Recomputed {
        /// The clock.
        clock: u32,
        /// The calendar's version.
        version: String,
        /// When it is due now.
        due: Instant,
        /// How that was counted.
        explanation: Value,
    },
    /// It stops.
    Stopped {
        /// The clock.
        clock: u32,
        /// Why: `done`, `closed`, `merged`.
        why: String,
    },
    /// What stopped it was a mistake: it is as if it had never stopped.
    Restored {
        /// The clock.
        clock: u32,
    },
    /// It ran out.
    Breached {
        /// The clock.
        clock: u32,
    },
}

/// Which clock is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one with this number.
    No(u32),
    /// The live one with this code: the case's own before a step's, the latest first.
    Code(String),
    /// The live one of this step.
    OfStep(u32),
}

impl From<u32> for Which {
    fn from(no: u32) -> Self {
        Self::No(no)
    }
}

impl From<&str> for Which {
    fn from(code: &str) -> Self {
        Self::Code(code.to_owned())
    }
}

/// What a room asks a clock to do. `record` counts it.
#[derive(Clone, Debug, PartialEq)]
pub enum ClockAct {
    /// Start counting.
    Start {
        /// What it counts.
        code: String,
        /// The step it belongs to.
        on: On,
        /// The rule.
        rule: Rule,
        /// The calendar's key.
        calendar: String,
        /// From when; the act's own time when none is given.
        from: Option<Instant>,
    },
    /// Start with a date that an official sets, because the rule is words only or the matter asks for it.
    StartAt {
        /// What it counts.
        code: String,
        /// The step it belongs to.
        on: On,
        /// The calendar's key.
        calendar: String,
        /// When it is due.
        due: Instant,
    },
    /// Freeze what is left.
    Pause(Which),
    /// Go on with what was left.
    Resume(Which),
    /// Add a further term, counted from the due time.
    Extend {
        /// The clock.
        which: Which,
        /// The further term.
        by: Rule,
        /// Why.
        reason: Words,
        /// The request that asked for it.
        request: Option<u32>,
    },
    /// Move the due time to a date that an official sets.
    ExtendTo {
        /// The clock.
        which: Which,
        /// When it is due.
        due: Instant,
        /// Why.
        reason: Words,
        /// The request that asked for it.
        request: Option<u32>,
    },
    /// Count anew by today's calendar (`calendar.rederive`).
    Rederive(Which),
    /// Stop it; no error when there is none.
    Stop {
        /// The clock.
        which: Which,
        /// Why.
        why: String,
    },
}

impl ClockAct {
    /// Start a clock of the case at the time of the act.
    #[must_use]
    pub fn start(code: &str, rule: Rule, calendar: &str) -> Self {
        Self::Start { code: code.to_owned(), on: On::Case, rule, calendar: calendar.to_owned(), from: None }
    }

    /// Start a clock of the step that this act opens.
    #[must_use]
    pub fn start_step(rule: Rule, calendar: &str) -> Self {
        Self::Start { code: STEP.to_owned(), on: On::NewStep, rule, calendar: calendar.to_owned(), from: None }
    }

    /// Stop a clock because what it counted is done.
    pub fn done(which: impl Into<Which>) -> Self {
        Self::Stop { which: which.into(), why: "done".to_owned() }
    }
}

/// Where calendars are found: the city's pack, which changes while the city runs.
pub trait CalendarSource {
    /// The calendar with this key.
    fn calendar(&self, key: &str) -> Option<&Calendar>;
    /// The city's zone, for the year in a code.
    fn zone(&self) -> &TimeZone;
}

impl<T: CalendarSource> CalendarSource for Arc<T> {
    fn calendar(&self, key: &str) -> Option<&Calendar> {
        (**self).calendar(key)
    }

    fn zone(&self) -> &TimeZone {
        (**self).zone()
    }
}

fn found<'a>(clocks: &'a [Clock], which: &Which) -> Option<&'a Clock> {
    match which {
        Which::No(no) => clocks.iter().find(|c| c.no == *no),
        Which::Code(code) => live(clocks, code),
        Which::OfStep(step) => clocks.iter().rev().find(|c| c.step == Some(*step) && c.is_live()),
    }
}

/// What most explanations say.
fn usual() -> [(&'static str, Value); 5] {
    let none = || Value::Array(Vec::new());
    [("resumed", false.into()), ("round_the_clock", false.into()), ("late", Value::Null), ("off", none()), ("worked", none())]
}

/// What is mostly the same as another field.
const SAME: [(&str, &str); 2] = [("runs_from", "from"), ("ends_before_rolling", "ends_on")];

/// An explanation without what the clock says already and what is as usual: it is written twice for every clock.
fn short(explanation: &Explanation, calendar: &str, version: &str, started_at: Instant) -> Value {
    let Ok(Value::Object(mut all)) = serde_json::to_value(explanation) else { return Value::Null };
    for (key, same_as) in SAME {
        if all.get(key) == all.get(same_as) {
            all.remove(key);
        }
    }
    let mut drop_if = |key: &str, value: Value| {
        if all.get(key) == Some(&value) {
            all.remove(key);
        }
    };
    drop_if("calendar", calendar.into());
    drop_if("version", version.into());
    drop_if("from", started_at.ms().into());
    drop_if("due_at", explanation.due_at.ms().into());
    for (key, usual) in usual() {
        drop_if(key, usual);
    }
    Value::Object(all)
}

/// Counts what was asked, over the clocks as they stand.
pub(crate) fn count(
    act: &ClockAct,
    clocks: &[Clock],
    source: &dyn CalendarSource,
    at: Instant,
) -> Result<Option<ClockEffect>, Refusal> {
    let calendar = |key: &str| source.calendar(key).ok_or_else(|| Refusal::NoCalendar(key.to_owned()));
    let clock = |which: &Which| found(clocks, which).ok_or(Refusal::NoSuch("clock"));
    Ok(Some(match act {
        ClockAct::Start { code, on, rule, calendar: key, from } => {
            let cal = calendar(key)?;
            let from = from.unwrap_or(at);
            let due = calendars::due(rule, cal, from)?;
            ClockEffect::Started {
                code: code.clone(),
                on: *on,
                rule: rule.to_string(),
                calendar: key.clone(),
                version: cal.version().to_owned(),
                from,
                due: due.at,
                explanation: Some(short(&due.explanation, key, cal.version(), from)),
            }
        }
        ClockAct::StartAt { code, on, calendar: key, due } => {
            let cal = calendar(key)?;
            ClockEffect::Started {
                code: code.clone(),
                on: *on,
                rule: Rule::Text.to_string(),
                calendar: key.clone(),
                version: cal.version().to_owned(),
                from: at,
                due: *due,
                explanation: None,
            }
        }
        ClockAct::Pause(which) => {
            let clock = clock(which)?;
            ClockEffect::Paused { clock: clock.no, left: left_at(clock, calendar(&clock.calendar)?, at)? }
        }
        ClockAct::Resume(which) => {
            let clock = clock(which)?;
            let left = clock.left().ok_or(Refusal::NotNow("clock-not-paused"))?;
            let cal = calendar(&clock.calendar)?;
            let due = calendars::resume(&left, cal, at)?;
            ClockEffect::Resumed {
                clock: clock.no,
                version: cal.version().to_owned(),
                due: due.at,
                explanation: short(&due.explanation, &clock.calendar, cal.version(), clock.started_at),
            }
        }
        ClockAct::Extend { which, by, reason, request } => {
            let clock = clock(which)?;
            let from = clock.due_at.ok_or(Refusal::NotNow("clock-paused"))?;
            let due = calendars::due(by, calendar(&clock.calendar)?, from)?;
            ClockEffect::Extended {
                clock: clock.no,
                due: due.at,
                reason: reason.clone(),
                explanation: Some(short(&due.explanation, &clock.calendar, &clock.calendar_version, clock.started_at)),
                request: *request,
            }
        }
        ClockAct::ExtendTo { which, due, reason, request } => {
            let clock = clock(which)?;
            ClockEffect::Extended { clock: clock.no, due: *due, reason: reason.clone(), explanation: None, request: *request }
        }
        ClockAct::Rederive(which) => {
            let clock = clock(which)?;
            let Some(due) = rederived(clock, source)? else { return Ok(None) };
            let version = calendar(&clock.calendar)?.version();
            ClockEffect::Recomputed {
                clock: clock.no,
                version: version.to_owned(),
                due: due.at,
                explanation: short(&due.explanation, &clock.calendar, version, clock.started_at),
            }
        }
        ClockAct::Stop { which, why } => {
            let Some(clock) = found(clocks, which).filter(|c| c.is_live()) else { return Ok(None) };
            ClockEffect::Stopped { clock: clock.no, why: why.clone() }
        }
    }))
}

fn left_at(clock: &Clock, cal: &Calendar, at: Instant) -> Result<Left, Refusal> {
    let due_at = clock.due_at.ok_or(Refusal::NotNow("clock-paused"))?;
    if let Some(explanation) = clock.explained() {
        return Ok(explanation.left(cal, due_at, at)?);
    }
    // A date that an official set, in words: what is left is counted in days of the calendar.
    let days = (at.day(cal.zone())).until(due_at.day(cal.zone())).map_or(0, |span| span.get_days());
    Ok(if at > due_at { Left::Nothing } else { Left::CalendarDays(u32::try_from(days).unwrap_or(0)) })
}

/// What counting a running clock anew would give; `None` when nothing would move or the clock cannot be counted anew: a date that
/// an official set, a clock that was paused or extended on the way. This is the preview of `calendar.rederive`.
///
/// # Errors
/// When the calendar is missing or too short.
pub fn rederived(clock: &Clock, source: &dyn CalendarSource) -> Result<Option<calendars::Due>, Refusal> {
    let untouched = clock.explained().is_some_and(|e| Some(e.due_at) == clock.due_at && e.from == clock.started_at);
    if clock.state != ClockState::Running || !untouched {
        return Ok(None);
    }
    let cal = source.calendar(&clock.calendar).ok_or_else(|| Refusal::NoCalendar(clock.calendar.clone()))?;
    let rule = Rule::parse(&clock.rule).map_err(Refusal::Broken)?;
    let due = calendars::due(&rule, cal, clock.started_at)?;
    Ok((Some(due.at) != clock.due_at).then_some(due))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        let day = || vec![calendars::Shift { opens: 420, closes: 690 }, calendars::Shift { opens: 810, closes: 1_020 }];
        Calendar::new(calendars::Plan {
            key: "office".to_owned(),
            name: kernel::Both::new("Giờ hành chính", "Office hours"),
            zone: TimeZone::get("Asia/Ho_Chi_Minh").unwrap(),
            week: [day(), day(), day(), day(), day(), vec![], vec![]],
            exceptions: std::collections::BTreeMap::new(),
            round_the_clock: false,
            covered: (date(2025, 1, 1), date(2027, 12, 31)),
        })
        .unwrap()
    }

    #[test]
    fn a_short_explanation_reads_back_whole() {
        let cal = calendar();
        let mut shortest = usize::MAX;
        for rule in [Rule::WorkingDays(3), Rule::WorkingHours { minutes: 90 }, Rule::CalendarDays(4), Rule::Months(1)] {
            for hours in 0..200 {
                let from = Instant(1_795_568_400_000 + hours * 3_600_000);
                let due = calendars::due(&rule, &cal, from).unwrap();
                let resumed = calendars::resume(&due.explanation.left(&cal, due.at, from).unwrap(), &cal, from).unwrap();
                for counted in [due, resumed] {
                    let started_at = if hours % 2 == 0 { from } else { Instant(5) };
                    let text = short(&counted.explanation, "office", cal.version(), started_at).to_string();
                    shortest = shortest.min(text.len());
                    let clock = Clock {
                        no: 1,
                        code: LEGAL.to_owned(),
                        step: None,
                        rule: rule.to_string(),
                        calendar: "office".to_owned(),
                        calendar_version: cal.version().to_owned(),
                        state: ClockState::Running,
                        started_at,
                        due_at: Some(counted.at),
                        left_over: None,
                        explanation: Some(text),
                        paused_at: None,
                        breached_at: None,
                        stopped_at: None,
                        stopped_why: None,
                        before_stop: None,
                    };
                    assert_eq!(clock.explained(), Some(counted.explanation));
                }
            }
        }
        assert!(shortest < 90, "{shortest}");
    }
}
