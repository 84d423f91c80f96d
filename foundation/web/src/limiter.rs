//! How often one address may knock, by class of door. Counters live in this process only: a keyed digest of the address and a
//! number, forgotten after two minutes. Nothing is stored. A full table lets everybody in: the limit must not be the outage.

use kernel::{Instant, secret::keyed_digest};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// At most this many counters (about 8 MB).
const MOST: usize = 100_000;
const WINDOW_MS: i64 = 60_000;

pub struct Limiter {
    key: [u8; 32],
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    window: i64,
    now: HashMap<u64, u32>,
    before: HashMap<u64, u32>,
}

impl Limiter {
    pub fn new() -> Self {
        Self { key: kernel::secret::random(), counts: Mutex::default() }
    }

    /// Counts one knock at a door of `class`; false when this address had more than `a_minute` within the last minute.
    pub fn admits(&self, class: &'static str, address: IpAddr, a_minute: u32, now: Instant) -> bool {
        let who = self.digest(class, address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let window = now.0.div_euclid(WINDOW_MS);
        if window != counts.window {
            let old = std::mem::take(&mut counts.now);
            counts.before = if window == counts.window + 1 { old } else { HashMap::new() };
            counts.window = window;
        }
        // The last minute is what is left of the window before, and this one.
        let left = WINDOW_MS - now.0.rem_euclid(WINDOW_MS);
        let before = i64::from(counts.before.get(&who).copied().unwrap_or_default()) * left / WINDOW_MS;
        if counts.now.len() >= MOST && !counts.now.contains_key(&who) {
            return true;
        }
        let here = counts.now.entry(who).or_default();
        if before + i64::from(*here) >= i64::from(a_minute) {
            return false;
        }
        *here += 1;
        true
    }

    /// IPv6 is counted by network: one household has more addresses than this table.
    fn digest(&self, class: &str, address: IpAddr) -> u64 {
        let mut bytes = class.as_bytes().to_vec();
        match address {
            IpAddr::V4(v4) => bytes.extend(v4.octets()),
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => bytes.extend(v4.octets()),
                None => bytes.extend(&v6.octets()[..8]),
            },
        }
        let full = keyed_digest(&self.key, &bytes);
        u64::from_be_bytes(std::array::from_fn(|i| full[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_knock_waits_a_minute_and_the_neighbour_does_not() {
        let limiter = Limiter::new();
        let (lan, minh): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let at = |s: i64| Instant(1_000_000 * WINDOW_MS + s * 1000);
        assert!((0..10).all(|s| limiter.admits("sign-in", lan, 10, at(s))));
        assert!(!limiter.admits("sign-in", lan, 10, at(11)));
        assert!(limiter.admits("page", lan, 10, at(11)));
        assert!(limiter.admits("sign-in", minh, 10, at(11)));
        assert!(!limiter.admits("sign-in", lan, 10, at(60)));
        assert!(limiter.admits("sign-in", lan, 10, at(120)));
    }

    #[test]
    fn a_household_is_one_address() {
        let limiter = Limiter::new();
        let at = Instant(0);
        assert!(limiter.admits("x", "2001:db8::1".parse().unwrap(), 1, at));
        assert!(!limiter.admits("x", "2001:db8::2".parse().unwrap(), 1, at));
        assert!(limiter.admits("x", "2001:db8:0:1::1".parse().unwrap(), 1, at));
    }
}
