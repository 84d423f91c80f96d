//! Every "no" that counting can say.

use crate::words;
use kernel::Lang;
use std::fmt;

/// Why no due time can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The deadline is words only: an official sets the date, with a reason.
    TextHasNoClock,
    /// The counting leaves the days that the calendar knows. Days off are decided year by year, so nobody may guess.
    BeyondCalendar,
}

impl Refusal {
    /// The sentence that a person reads.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::TextHasNoClock => words::text_has_no_clock(lang),
            Self::BeyondCalendar => words::beyond_calendar(lang),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Lang::En))
    }
}

impl std::error::Error for Refusal {}
