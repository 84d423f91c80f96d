//! How the state and the due time of a report are said, the same on every page: in words, then colour, then shape.

use crate::words;
use cases::PublicState;
use kernel::{Instant, Lang};
use maud::{Markup, html};
use std::time::Duration;
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

/// Milliseconds of a minute: less is not said.
pub const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What runs out within this span is due soon: in the colour of every page, and in the queue's view of it. A plain span, not a share of the
/// term, so that the view is one stretch of the queue.
pub const SOON: Duration = Duration::from_hours(24);

/// What is left until `due`, in words and as a share of the time since `from`.
#[must_use]
pub fn due(from: Instant, due: Option<Instant>, now: Instant, lang: Lang) -> Due {
    let Some(due) = due else { return Due { text: words::due_none(lang).to_owned(), tone: Tone::Plain, used: 0 } };
    let (left, whole) = (due.since(now), due.since(from).max(1));
    let used = u8::try_from((now.since(from).max(0).saturating_mul(100) / whole).clamp(0, 100)).unwrap_or(100);
    let size = left.abs();
    let text = if left >= 0 { words::due_left(lang, span(size, lang)) } else { words::due_late(lang, span(size, lang)) };
    let tone = if left < 0 {
        Tone::Late
    } else if due < now.after(SOON) {
        Tone::Soon
    } else {
        Tone::Plain
    };
    Due { text, tone, used }
}

/// A span in full words, to the unit that still matters: days; a day and hours; hours; in the last four of them minutes too.
#[must_use]
pub fn span(size: i64, lang: Lang) -> String {
    let two = |large: String, small: i64, word: fn(Lang, i64) -> String| {
        if small == 0 { large } else { format!("{large} {}", word(lang, small)) }
    };
    if size >= 2 * DAY {
        words::span_days(lang, size / DAY)
    } else if size >= DAY {
        two(words::span_days(lang, 1), size % DAY / HOUR, words::span_hours)
    } else if size >= 4 * HOUR {
        words::span_hours(lang, size / HOUR)
    } else if size >= HOUR {
        two(words::span_hours(lang, size / HOUR), size % HOUR / MINUTE, words::span_minutes)
    } else {
        words::span_minutes(lang, (size / MINUTE).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_in_full_words() {
        let at = |minutes: i64| Instant(minutes * MINUTE);
        for (due_in, now, vietnamese, english, tone) in [
            (72 * 60, 0, "Còn 3 ngày", "3 days left", Tone::Plain),
            (72 * 60, 29 * 60, "Còn 1 ngày 19 giờ", "1 day 19 hours left", Tone::Plain),
            (72 * 60, 48 * 60, "Còn 1 ngày", "1 day left", Tone::Plain),
            (72 * 60, 60 * 60, "Còn 12 giờ", "12 hours left", Tone::Soon),
            (72 * 60, 70 * 60 + 40, "Còn 1 giờ 20 phút", "1 hour 20 minutes left", Tone::Soon),
            (72 * 60, 48 * 60 + 1, "Còn 23 giờ", "23 hours left", Tone::Soon),
            (24 * 60, 0, "Còn 1 ngày", "1 day left", Tone::Plain),
            (72 * 60, 72 * 60, "Còn 1 phút", "1 minute left", Tone::Soon),
            (72 * 60, 75 * 60, "Quá hạn 3 giờ", "3 hours overdue", Tone::Late),
            (72 * 60, 200 * 60, "Quá hạn 5 ngày", "5 days overdue", Tone::Late),
        ] {
            let said = |lang| due(at(0), Some(at(due_in)), at(now), lang);
            assert_eq!((said(Lang::Vi).text.as_str(), said(Lang::En).text.as_str()), (vietnamese, english));
            assert_eq!(said(Lang::Vi).tone, tone, "{vietnamese}");
        }
    }
}
