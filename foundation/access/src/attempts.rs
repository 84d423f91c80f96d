//! Back-off after wrong passwords: per account in the database, per address in memory.
//!
//! The account's counter stands under a digest of the name that was typed, whether or not such an account exists, so that
//! both kinds answer alike (test A9). An address is never written down: its counters live here and die with the process.

use kernel::Instant;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

/// Wrong passwords that cost nothing but the time to type them again.
const FREE: i64 = 5;
/// The first wait; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// The longest wait. A stranger who types wrong passwords on purpose must not lock an officer out for a day.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// After this time without a failure the counter starts again.
pub(crate) const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

/// How long an account rests after this many failures in a row.
pub(crate) fn rest(failures: i64) -> Duration {
    if failures < FREE {
        return Duration::ZERO;
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(u32::MAX).min(16);
    (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT)
}

/// How many failures from one address in [`WINDOW`] are answered before it has to wait.
const PER_ADDRESS: u32 = 30;
/// The span over which an address' failures are counted.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How many addresses are remembered at most; half a megabyte.
const REMEMBERED: usize = 20_000;

/// Failures by address, in two generations: when the younger is full or old, it becomes the older, and the older goes.
#[derive(Debug, Default)]
pub(crate) struct Addresses(Mutex<Counters>);

#[derive(Debug, Default)]
struct Counters {
    since: i64,
    young: HashMap<u64, u32>,
    old: HashMap<u64, u32>,
}

impl Counters {
    fn turn(&mut self, now: Instant) {
        let age = now.since(Instant(self.since));
        let window = i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX);
        if age >= window || age < 0 || self.young.len() >= REMEMBERED {
            self.old = if age >= 2 * window { HashMap::new() } else { std::mem::take(&mut self.young) };
            self.young = HashMap::new();
            self.since = now.ms();
        }
    }
}

impl Addresses {
    /// Whether this address has to wait.
    pub(crate) fn must_wait(&self, address: IpAddr, now: Instant) -> bool {
        let mut counters = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counters.turn(now);
        let key = network(address);
        let count = |map: &HashMap<u64, u32>| map.get(&key).copied().unwrap_or(0);
        count(&counters.young) + count(&counters.old) >= PER_ADDRESS
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, address: IpAddr, now: Instant) {
        let mut counters = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        counters.turn(now);
        *counters.young.entry(network(address)).or_default() += 1;
    }

    /// How long a refused address is told to wait.
    pub(crate) const fn wait() -> Duration {
        WINDOW
    }
}

/// One IPv4 address, or one IPv6 subscriber's network of 64 bits: a household has the rest for itself.
fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(u32::from(v4)),
        IpAddr::V6(v6) => u64::try_from(u128::from(v6) >> 64).unwrap_or(u64::MAX) | 1 << 63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<u64> = [0, 4, 5, 6, 7, 10, 11, 12, 1_000_000].iter().map(|n| rest(*n).as_secs()).collect();
        assert_eq!(waits, [0, 0, 15, 30, 60, 480, 900, 900, 900]);
    }

    #[test]
    fn one_address_is_refused_after_thirty_failures_and_heard_again_later() {
        let (addresses, start) = (Addresses::default(), Instant(1_700_000_000_000));
        let (guesser, neighbour) = (IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)), IpAddr::V4(Ipv4Addr::new(203, 0, 113, 8)));
        for _ in 0..PER_ADDRESS {
            assert!(!addresses.must_wait(guesser, start));
            addresses.failed(guesser, start);
        }
        assert!(addresses.must_wait(guesser, start));
        assert!(!addresses.must_wait(neighbour, start));
        assert!(addresses.must_wait(guesser, start.after(WINDOW)), "the older generation still counts");
        assert!(!addresses.must_wait(guesser, start.after(WINDOW * 3)));
    }

    #[test]
    fn a_subscriber_cannot_walk_through_his_own_network() {
        let (addresses, now) = (Addresses::default(), Instant(1_700_000_000_000));
        for last in 0..PER_ADDRESS {
            addresses.failed(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, u16::try_from(last).unwrap())), now);
        }
        assert!(addresses.must_wait(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 9, 9, 9, 9)), now));
        assert!(!addresses.must_wait(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 3, 9, 9, 9, 9)), now));
    }

    #[test]
    fn the_memory_for_addresses_is_bounded() {
        let (addresses, now) = (Addresses::default(), Instant(1_700_000_000_000));
        for n in 0..100_000_u32 {
            addresses.failed(IpAddr::V4(Ipv4Addr::from(n)), now);
        }
        let counters = addresses.0.lock().unwrap();
        assert!(counters.young.len() + counters.old.len() <= 2 * REMEMBERED);
    }
}
