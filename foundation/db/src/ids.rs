//! Ids: 63-bit integers `milliseconds << 20 | node << 12 | counter`. Time-ordered within a node, unique over nodes, no sequence to
//! queue for. A node reserves the next ten seconds of ids in `db_nodes`, so that a restart with the clock set back repeats none.

use kernel::{Clock, Instant};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The node's share of an id.
pub(crate) const NODES: u16 = 256;
const TICK: i64 = 1 << 20;
const COUNTERS: i64 = 1 << 12;
const AHEAD_MS: i64 = 10_000;

/// The smallest id that is made at this moment: what is younger has a greater one.
#[must_use]
pub const fn first_id(at: Instant) -> i64 {
    if at.ms() <= 0 { 0 } else { at.ms().saturating_mul(TICK) }
}

/// The source of ids and of this moment, one per database.
pub(crate) struct Ids {
    clock: Arc<dyn Clock>,
    node: i64,
    last: AtomicI64,
    /// Ids up to here are promised in the database.
    reserved: AtomicI64,
}

impl Ids {
    pub(crate) fn new(clock: Arc<dyn Clock>, node: u16, reserved: i64) -> Self {
        Self { clock, node: i64::from(node) << 12, last: AtomicI64::new(reserved), reserved: AtomicI64::new(reserved) }
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The next id: of this millisecond where there is room, else of the next free one.
    pub(crate) fn next(&self, now: Instant) -> i64 {
        let first = now.ms().max(0).saturating_mul(TICK) | self.node;
        let step = |last: i64| {
            let next = last + 1;
            let next = if next % COUNTERS == 0 { ((last / TICK + 1) * TICK) | self.node } else { next };
            if last / TICK >= first / TICK { Some(next) } else { Some(first) }
        };
        let last = self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, step);
        // `step` is total, so both arms hold the id before this one.
        let last = last.unwrap_or_else(|last| last);
        step(last).unwrap_or(first)
    }

    /// What must be written before commit, if the promise in the database does not cover the ids drawn so far.
    pub(crate) fn to_reserve(&self) -> Option<i64> {
        let last = self.last.load(Ordering::Acquire);
        (last > self.reserved.load(Ordering::Acquire)).then_some(last.saturating_add(AHEAD_MS * TICK))
    }

    /// The promise is stored.
    pub(crate) fn reserved(&self, up_to: i64) {
        self.reserved.fetch_max(up_to, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(AtomicI64);
    impl Clock for At {
        fn now(&self) -> Instant {
            Instant(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn ids_rise_within_a_millisecond_over_full_ones_and_when_the_clock_goes_back() {
        let ids = Ids::new(Arc::new(At(AtomicI64::new(0))), 3, 0);
        let mut last = 0;
        for i in 0..20_000 {
            let now = Instant(if i < 10_000 { 1_795_000_000_000 } else { 1_794_000_000_000 });
            let id = ids.next(now);
            assert!(id > last, "id {i}");
            assert_eq!(id / COUNTERS % 256, 3, "the node is in every id");
            last = id;
        }
        assert_eq!(ids.next(Instant(1_796_000_000_000)) / TICK, 1_796_000_000_000, "the id tells the moment");
    }

    #[test]
    fn a_restart_with_the_same_clock_repeats_no_id() {
        let clock = Arc::new(At(AtomicI64::new(1_795_000_000_000)));
        let first = Ids::new(clock.clone(), 0, 0);
        let id = first.next(clock.now());
        let promise = first.to_reserve().expect("nothing was promised yet");
        let second = Ids::new(clock.clone(), 0, promise);
        assert!(second.next(clock.now()) > id);
    }
}
