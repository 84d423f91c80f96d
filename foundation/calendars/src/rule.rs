//! What a deadline can say: "3 working days", "same day before 15:00". One short sentence in the pack and in the database.

use crate::words;
use jiff::civil::Time;
use kernel::{Lang, format};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A deadline before it meets a calendar and a moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Time in which the body is open. In a round-the-clock calendar it runs always.
    WorkingHours {
        /// How many minutes; whole hours are multiples of 60.
        minutes: u32,
    },
    /// Days on which the body works; the first is the next working day (Civil Code, article 147: the start day is not counted).
    WorkingDays(u32),
    /// Days of the calendar; an end on a day off moves to the next working day (article 148).
    CalendarDays(u32),
    /// The same day of a later month, or that month's last day; rolls as calendar days do.
    Months(u32),
    /// By the close of the day on which it came, when it came no later than the cut-off; otherwise of the next working day.
    SameDay {
        /// The last moment that still counts as today.
        cutoff: Time,
    },
    /// A base, and what is added when the matter has to be verified. Both parts count in one unit.
    Conditional {
        /// What always holds.
        base: Box<Rule>,
        /// What verification adds.
        extra: Box<Rule>,
    },
    /// Words only; an official sets the date, with a reason.
    Text,
}

/// More than any deadline in law; a larger number is a slip of the hand.
const MOST_DAYS: u32 = 3_660;
const MOST_MONTHS: u32 = 120;
const MOST_MINUTES: u32 = 60 * 24 * 366;
const EXAMPLES: &str = "write for example `3 working days`, `2 working hours`, `30 minutes`, `5 calendar days`, `1 month`, \
     `same day before 15:00`, `3 working days + 5 working days if verified` or `text`";

impl Rule {
    /// Reads a rule as a pack or the database writes it. The error is one sentence for whoever wrote it.
    ///
    /// # Errors
    /// When the sentence is not a rule; the text says what is wrong and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return Err(format!("a deadline is missing: {EXAMPLES}"));
        }
        if let Some((base, extra)) = words.split_once('+') {
            return Self::conditional(base.trim(), extra.trim());
        }
        if words.ends_with("if verified") {
            return Err(
                "`if verified` belongs to an added part: write for example `3 working days + 5 working days if verified`"
                    .to_owned(),
            );
        }
        if words == "text" {
            return Ok(Self::Text);
        }
        if let Some(rest) = words.strip_prefix("same day") {
            return Self::same_day(rest.trim());
        }
        Self::counted(&words)
    }

    fn conditional(base: &str, extra: &str) -> Result<Self, String> {
        let Some(extra) = extra.strip_suffix("if verified") else {
            return Err(format!("`+ {extra}` does not say when it is added: end it with `if verified`"));
        };
        let (base, extra) = (Self::parse(base)?, Self::parse(extra.trim())?);
        if !base.adds_to(&extra) {
            return Err(format!(
                "`{base}` and `{extra}` count in different units: both parts of a conditional deadline need the same unit"
            ));
        }
        let together = base.plus(&extra);
        together.within_limits(&together.to_string())?;
        Ok(Self::Conditional { base: Box::new(base), extra: Box::new(extra) })
    }

    fn same_day(rest: &str) -> Result<Self, String> {
        let Some(time) = rest.strip_prefix("before ") else {
            return Err("`same day` needs its cut-off time: write for example `same day before 15:00`".to_owned());
        };
        let cutoff = time
            .split_once(':')
            .filter(|(_, minutes)| minutes.len() == 2)
            .and_then(|(hours, minutes)| Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok());
        cutoff
            .map(|cutoff| Self::SameDay { cutoff })
            .ok_or_else(|| format!("`{time}` is no time of day: write hours and minutes, for example `15:00`"))
    }

    fn counted(words: &str) -> Result<Self, String> {
        let digits = words.find(|c: char| !c.is_ascii_digit()).unwrap_or(words.len());
        let (number, unit) = (&words[..digits], words[digits..].trim());
        if number.is_empty() {
            return Err(format!("`{words}` does not begin with a number: {EXAMPLES}"));
        }
        let n: u32 = number.parse().map_err(|_| format!("`{number}` is far too large for a deadline"))?;
        if n == 0 {
            return Err("a deadline of 0 leaves no time at all: use `text` when there is no deadline to count".to_owned());
        }
        let rule = match unit {
            "working hour" | "working hours" | "hour" | "hours" => Self::WorkingHours { minutes: n.saturating_mul(60) },
            "working minute" | "working minutes" | "minute" | "minutes" => Self::WorkingHours { minutes: n },
            "working day" | "working days" => Self::WorkingDays(n),
            "calendar day" | "calendar days" => Self::CalendarDays(n),
            "month" | "months" => Self::Months(n),
            "day" | "days" => {
                return Err(format!("`{words}` may mean two things: write `{n} working days` or `{n} calendar days`"));
            }
            "week" | "weeks" => {
                return Err(format!(
                    "weeks are not counted: write `{} working days` or `{} calendar days`",
                    n.saturating_mul(5),
                    n.saturating_mul(7)
                ));
            }
            "" => return Err(format!("`{n}` has no unit: write for example `{n} working days` or `{n} working hours`")),
            other => return Err(format!("`{other}` is not a unit of time that we count: {EXAMPLES}")),
        };
        rule.within_limits(words)?;
        Ok(rule)
    }

    fn within_limits(&self, words: &str) -> Result<(), String> {
        let sound = match self {
            Self::WorkingHours { minutes } => *minutes <= MOST_MINUTES,
            Self::WorkingDays(n) | Self::CalendarDays(n) => *n <= MOST_DAYS,
            Self::Months(n) => *n <= MOST_MONTHS,
            Self::SameDay { .. } | Self::Conditional { .. } | Self::Text => true,
        };
        if sound { Ok(()) } else { Err(format!("`{words}` is longer than ten years: is there a digit too many?")) }
    }

    const fn adds_to(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::WorkingHours { .. }, Self::WorkingHours { .. })
                | (Self::WorkingDays(_), Self::WorkingDays(_))
                | (Self::CalendarDays(_), Self::CalendarDays(_))
                | (Self::Months(_), Self::Months(_))
        )
    }

    /// Base and extra as one budget. Units that do not add leave the base: `parse` lets no such pair in.
    pub(crate) fn plus(&self, extra: &Self) -> Self {
        match (self, extra) {
            (Self::WorkingHours { minutes: a }, Self::WorkingHours { minutes: b }) => {
                Self::WorkingHours { minutes: a.saturating_add(*b) }
            }
            (Self::WorkingDays(a), Self::WorkingDays(b)) => Self::WorkingDays(a.saturating_add(*b)),
            (Self::CalendarDays(a), Self::CalendarDays(b)) => Self::CalendarDays(a.saturating_add(*b)),
            (Self::Months(a), Self::Months(b)) => Self::Months(a.saturating_add(*b)),
            (base, _) => base.clone(),
        }
    }

    /// The rule as a person reads it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::WorkingHours { minutes } => duration(*minutes, true, lang),
            Self::WorkingDays(n) => words::working_days(lang, *n),
            Self::CalendarDays(n) => words::calendar_days(lang, *n),
            Self::Months(n) => words::months(lang, *n),
            Self::SameDay { cutoff } => words::same_day_before(lang, format::clock(*cutoff)),
            Self::Conditional { base, extra } => words::if_verified(lang, base.text(lang), extra.text(lang)),
            Self::Text => words::set_by_official(lang).to_owned(),
        }
    }
}

/// `1 giờ 30 phút làm việc`, `1 working hour 30 minutes`; without "working" where time always runs.
pub(crate) fn duration(minutes: u32, working: bool, lang: Lang) -> String {
    match (minutes / 60, minutes % 60, working) {
        (0, minutes, true) => words::working_minutes(lang, minutes),
        (0, minutes, false) => words::minutes(lang, minutes),
        (hours, 0, true) => words::working_hours(lang, hours),
        (hours, 0, false) => words::hours(lang, hours),
        (hours, minutes, true) => words::working_hours_minutes(lang, hours, minutes),
        (hours, minutes, false) => words::hours_minutes(lang, hours, minutes),
    }
}

const fn plural(n: u32, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

impl fmt::Display for Rule {
    /// The one canonical writing, which [`Rule::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingHours { minutes } if minutes % 60 == 0 && *minutes > 0 => {
                let hours = minutes / 60;
                write!(f, "{hours} working {}", plural(hours, "hour", "hours"))
            }
            Self::WorkingHours { minutes } => write!(f, "{minutes} working {}", plural(*minutes, "minute", "minutes")),
            Self::WorkingDays(n) => write!(f, "{n} working {}", plural(*n, "day", "days")),
            Self::CalendarDays(n) => write!(f, "{n} calendar {}", plural(*n, "day", "days")),
            Self::Months(n) => write!(f, "{n} {}", plural(*n, "month", "months")),
            Self::SameDay { cutoff } => write!(f, "same day before {}", format::clock(*cutoff)),
            Self::Conditional { base, extra } => write!(f, "{base} + {extra} if verified"),
            Self::Text => f.write_str("text"),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_rule_is_read_and_written_back_alike() {
        for (written, canonical, vi, en) in [
            ("3 working days", "3 working days", "3 ngày làm việc", "3 working days"),
            ("1 working day", "1 working day", "1 ngày làm việc", "1 working day"),
            ("2 working hours", "2 working hours", "2 giờ làm việc", "2 working hours"),
            ("30 minutes", "30 working minutes", "30 phút làm việc", "30 working minutes"),
            ("90 minutes", "90 working minutes", "1 giờ 30 phút làm việc", "1 working hour 30 minutes"),
            ("  5  Calendar days ", "5 calendar days", "5 ngày", "5 calendar days"),
            ("1 month", "1 month", "1 tháng", "1 month"),
            (
                "same day before 15:00",
                "same day before 15:00",
                "trong ngày nếu nhận trước 15:00",
                "the same day if received before 15:00",
            ),
            (
                "3 working days + 5 working days if verified",
                "3 working days + 5 working days if verified",
                "3 ngày làm việc, thêm 5 ngày làm việc nếu phải xác minh",
                "3 working days, plus 5 working days if it has to be verified",
            ),
            ("text", "text", "theo ngày do người phụ trách hẹn", "by the date that the official sets"),
        ] {
            let rule = Rule::parse(written).unwrap();
            assert_eq!(rule.to_string(), canonical);
            assert_eq!(Rule::parse(canonical).unwrap(), rule);
            assert_eq!((rule.text(Lang::Vi).as_str(), rule.text(Lang::En).as_str()), (vi, en));
        }
    }

    #[test]
    fn a_mistake_is_answered_with_what_would_be_right() {
        for (written, hint) in [
            ("", "a deadline is missing"),
            ("3 days", "`3 working days` or `3 calendar days`"),
            ("2 weeks", "`10 working days` or `14 calendar days`"),
            ("3", "`3` has no unit"),
            ("0 working days", "leaves no time"),
            ("three working days", "does not begin with a number"),
            ("3 workdays", "`workdays` is not a unit"),
            ("-3 working days", "does not begin with a number"),
            ("99999999999 working days", "far too large"),
            ("40000 calendar days", "longer than ten years"),
            ("same day", "needs its cut-off time"),
            ("same day before 3pm", "`3pm` is no time of day"),
            ("same day before 25:00", "`25:00` is no time of day"),
            ("3 working days if verified", "belongs to an added part"),
            ("3 working days + 5 working days", "end it with `if verified`"),
            ("3 working days + 1 month if verified", "different units"),
            ("text + text if verified", "different units"),
        ] {
            let answer = Rule::parse(written).unwrap_err();
            assert!(answer.contains(hint), "{written:?} was answered: {answer}");
        }
    }
}
