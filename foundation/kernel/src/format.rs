//! How days, times, numbers and money are written: dd/MM/yyyy, 8:24, 1.234, 96,4%, 1.234.567 đ.

use crate::{Instant, Lang};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

/// `25/11/2026`.
#[must_use]
pub fn day(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// `8:24`.
#[must_use]
pub fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// `8:24, 25/11/2026`.
#[must_use]
pub fn civil(at: DateTime) -> String {
    format!("{}, {}", clock(at.time()), day(at.date()))
}

/// `8:24, 25/11/2026` in the city's zone.
#[must_use]
pub fn moment(at: Instant, zone: &TimeZone) -> String {
    civil(at.civil(zone))
}

/// A due time: the end of a day is `24:00` of that day, not `0:00` of the next, which people read as a day later.
#[must_use]
pub fn due(at: Instant, zone: &TimeZone) -> String {
    let civil = at.civil(zone);
    match civil.date().yesterday() {
        Ok(before) if civil.time() == Time::midnight() => format!("24:00, {}", day(before)),
        _ => self::civil(civil),
    }
}

/// `thứ Tư`, `Wednesday`.
#[must_use]
pub const fn weekday(day: Weekday, lang: Lang) -> &'static str {
    match (lang, day) {
        (Lang::Vi, Weekday::Monday) => "thứ Hai",
        (Lang::Vi, Weekday::Tuesday) => "thứ Ba",
        (Lang::Vi, Weekday::Wednesday) => "thứ Tư",
        (Lang::Vi, Weekday::Thursday) => "thứ Năm",
        (Lang::Vi, Weekday::Friday) => "thứ Sáu",
        (Lang::Vi, Weekday::Saturday) => "thứ Bảy",
        (Lang::Vi, Weekday::Sunday) => "Chủ nhật",
        (Lang::En, Weekday::Monday) => "Monday",
        (Lang::En, Weekday::Tuesday) => "Tuesday",
        (Lang::En, Weekday::Wednesday) => "Wednesday",
        (Lang::En, Weekday::Thursday) => "Thursday",
        (Lang::En, Weekday::Friday) => "Friday",
        (Lang::En, Weekday::Saturday) => "Saturday",
        (Lang::En, Weekday::Sunday) => "Sunday",
    }
}

/// `1.234.567` in Vietnamese, `1,234,567` in English.
#[must_use]
pub fn number(n: i64, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(if lang == Lang::Vi { '.' } else { ',' });
        }
        out.push(digit);
    }
    out
}

/// `1.234.567 đ`, with a space that does not break.
#[must_use]
pub fn money_vnd(vnd: i64, lang: Lang) -> String {
    format!("{}\u{a0}đ", number(vnd, lang))
}

/// `96,4%` in Vietnamese, `96.4%` in English; `share` is between 0 and 1.
#[must_use]
pub fn percent(share: f64, lang: Lang) -> String {
    let text = format!("{:.1}%", share * 100.0);
    if lang == Lang::Vi { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_money_are_written_as_the_house_style_says() {
        assert_eq!(number(1_234_567, Lang::Vi), "1.234.567");
        assert_eq!(number(-1_234, Lang::En), "-1,234");
        assert_eq!(number(12, Lang::Vi), "12");
        assert_eq!(money_vnd(1_234_567, Lang::Vi), "1.234.567\u{a0}đ");
        assert_eq!(percent(0.964, Lang::Vi), "96,4%");
        let zone = TimeZone::fixed(jiff::tz::offset(7));
        let at = |day: Date, hour| Instant::from_civil(day.at(hour, 0, 0, 0), &zone);
        assert_eq!(due(at(jiff::civil::date(2026, 11, 26), 0), &zone), "24:00, 25/11/2026");
        assert_eq!(due(at(jiff::civil::date(2026, 11, 26), 17), &zone), "17:00, 26/11/2026");
        assert_eq!(civil(jiff::civil::date(2026, 11, 25).at(8, 24, 0, 0)), "8:24, 25/11/2026");
    }
}
