//! Every "no" that counting can say.

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
        match (self, lang) {
            (Self::TextHasNoClock, Lang::Vi) => {
                "Thời hạn này ghi bằng lời, không tính tự động được. Anh/chị chọn ngày hẹn và ghi lý do."
            }
            (Self::TextHasNoClock, Lang::En) => {
                "This deadline is in words and cannot be counted. Please set the date and give the reason."
            }
            (Self::BeyondCalendar, Lang::Vi) => {
                "Lịch làm việc chưa có những ngày này, nên chưa tính được hạn. Cần bổ sung lịch của năm đó."
            }
            (Self::BeyondCalendar, Lang::En) => {
                "The working calendar does not reach these days, so no due time can be counted. The calendar of that year is missing."
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Lang::En))
    }
}

impl std::error::Error for Refusal {}
