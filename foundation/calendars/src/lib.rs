//! Working time: when something is due, and why. Pure arithmetic over a calendar that a city pack describes.
//!
//! Start at `rule.rs` (what a deadline can say), then `due.rs` (how it is counted, paused and resumed); `explanation.rs` puts the
//! counting into words. The law behind it: Civil Code 2015, articles 147 and 148. Not here: who stores a due time and moves it
//! (`cases`), where calendars are written down (`pack`). Nothing here reads a clock or the machine's own time zone.

pub mod calendar;
pub mod due;
pub mod explanation;
pub mod refusal;
pub mod rule;
mod written;

pub use calendar::{ALWAYS, Calendar, Exception, Plan, Shift, Week};
pub use due::{Due, Left, closes_on, due, due_if_extra, open_at, pause, resume, working_minutes_between};
pub use explanation::Explanation;
pub use refusal::Refusal;
pub use rule::Rule;

/// The words of deadlines and their explanation.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
