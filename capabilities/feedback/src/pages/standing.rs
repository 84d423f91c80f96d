//! How the state and the due time of a report are said, the same on every page: in words, then colour, then shape.

use crate::words;
use cases::PublicState;
use kernel::{Instant, Lang};
use maud::{Markup, html};
use web::parts::{Due, Tone, chip};

/// The word for a public state.
#[must_use]
pub fn state_name(state: PublicState, lang: Lang) -> &'static str {
    match state {
        PublicState::Received => words::state_received(lang),
        PublicState::InProgress => words::state_in_progress(lang),
        PublicState::Answered => words::state_answered(lang),
        PublicState::Archived => words::state_archived(lang),
    }
}

/// A public state as a chip, and "overdue" beside it.
#[must_use]
pub fn state_chip(state: PublicState, overdue: bool, lang: Lang) -> Markup {
    let tone = match state {
        PublicState::Received => Tone::New,
        PublicState::InProgress | PublicState::Archived => Tone::Plain,
        PublicState::Answered => Tone::Done,
    };
    html! { (chip(tone, state_name(state, lang))) @if overdue { " " (chip(Tone::Late, words::state_overdue(lang))) } }
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is left until `due`, in words and as a share of the time since `from`.
#[must_use]
pub fn due(from: Instant, due: Option<Instant>, now: Instant, lang: Lang) -> Due {
    let Some(due) = due else { return Due { text: words::due_none(lang).to_owned(), tone: Tone::Plain, used: 0 } };
    let (left, whole) = (due.since(now), due.since(from).max(1));
    let used = u8::try_from((now.since(from).max(0).saturating_mul(100) / whole).clamp(0, 100)).unwrap_or(100);
    let size = left.abs();
    let text = match (left >= 0, size) {
        (true, DAY..) => words::due_left_days(lang, size / DAY),
        (true, HOUR..) => words::due_left_hours(lang, size / HOUR),
        (true, _) => words::due_left_minutes(lang, (size / MINUTE).max(1)),
        (false, DAY..) => words::due_late_days(lang, size / DAY),
        (false, HOUR..) => words::due_late_hours(lang, size / HOUR),
        (false, _) => words::due_late_minutes(lang, (size / MINUTE).max(1)),
    };
    let tone = if left < 0 {
        Tone::Late
    } else if used >= 75 || left < 4 * HOUR {
        Tone::Soon
    } else {
        Tone::Plain
    };
    Due { text, tone, used }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_in_the_largest_whole_unit() {
        let at = |hours: i64| Instant(hours * HOUR);
        for (due_in, now, text, tone) in [
            (72, 0, "Còn 3 ngày", Tone::Plain),
            (72, 60, "Còn 12 giờ", Tone::Soon),
            (72, 75, "Quá 3 giờ", Tone::Late),
            (72, 200, "Quá 5 ngày", Tone::Late),
        ] {
            let due = due(at(0), Some(at(due_in)), at(now), Lang::Vi);
            assert_eq!((due.text.as_str(), due.tone), (text, tone));
        }
    }
}
