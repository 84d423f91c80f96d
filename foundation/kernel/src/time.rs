//! Instants and the clock. Instants are UTC milliseconds; legal days belong to a city's zone and live in `calendars`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. What the database stores in every `_at` column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The moment `ms` milliseconds after the epoch.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The moment `span` later.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment `span` earlier.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The wall clock in `zone` at this moment.
    #[must_use]
    pub fn civil(self, zone: &TimeZone) -> jiff::civil::DateTime {
        zone.to_datetime(self.timestamp())
    }

    /// The civil day in `zone` at this moment.
    #[must_use]
    pub fn day(self, zone: &TimeZone) -> Date {
        self.civil(zone).date()
    }

    /// The next moment after this one at which the wall clock in `zone` shows the full `hour`.
    #[must_use]
    pub fn next_at(self, hour: i8, zone: &TimeZone) -> Self {
        let at = |day: Date| Self::from_civil(day.at(hour, 0, 0, 0), zone);
        let today = self.day(zone);
        if at(today) > self { at(today) } else { at(today.saturating_add(jiff::Span::new().days(1))) }
    }

    /// The same moment as jiff's timestamp; clamped to the years jiff knows.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        let clamped = self.0.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The moment when the wall clock in `zone` shows `at`. A wall time that a zone skips or repeats takes the later
    /// offset's reading, as RFC 5545 does.
    #[must_use]
    pub fn from_civil(at: jiff::civil::DateTime, zone: &TimeZone) -> Self {
        let stamp = zone.to_ambiguous_timestamp(at).compatible();
        Self(stamp.map_or(0, |t| t.as_millisecond()))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

/// Where the time comes from. Rules never read it: they take an [`Instant`].
pub trait Clock: Send + Sync + 'static {
    /// This moment.
    fn now(&self) -> Instant;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place where the machine's clock is read
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that moves only when it is told to: for tests, and for a demonstration whose past is filled in.
#[derive(Debug)]
pub struct HandClock(std::sync::atomic::AtomicI64);

impl HandClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub const fn at(at: Instant) -> Self {
        Self(std::sync::atomic::AtomicI64::new(at.0))
    }

    /// Moves it to `at`, forward or back.
    pub fn set(&self, at: Instant) {
        self.0.store(at.0, std::sync::atomic::Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn pass(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX), std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_next_hour_of_the_clock_is_later_today_or_tomorrow() {
        let check = |zone: &TimeZone, now: jiff::civil::DateTime, expect: jiff::civil::DateTime| {
            let now = Instant::from_civil(now, zone);
            assert_eq!(now.next_at(2, zone), Instant::from_civil(expect, zone), "after {now:?}");
        };
        let zone = TimeZone::fixed(jiff::tz::offset(7));
        let (today, tomorrow) = (date(2026, 11, 25), date(2026, 11, 26));
        check(&zone, today.at(0, 0, 0, 0), today.at(2, 0, 0, 0));
        check(&zone, today.at(1, 59, 59, 0), today.at(2, 0, 0, 0));
        check(&zone, today.at(2, 0, 0, 0), tomorrow.at(2, 0, 0, 0));
        check(&zone, today.at(23, 0, 0, 0), tomorrow.at(2, 0, 0, 0));
        check(&zone, date(2026, 12, 31).at(8, 0, 0, 0), date(2027, 1, 1).at(2, 0, 0, 0));
    }
}
