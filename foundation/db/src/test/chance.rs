//! Chance in tests that can be had again: what is drawn comes from a seed, the seed is said, and `SONGHAN_SEED` gives it back.
//!
//! `./test` takes each test's usual seed, so that it judges a change and not its luck; `./test --long` draws fresh ones beside it.

use kernel::secret;

/// The variable that gives a seed: the one that a failed test has named.
pub const SEED: &str = "SONGHAN_SEED";
/// The variable that asks for the long forms: `./test --long`.
pub const LONG: &str = "SONGHAN_LONG";

/// Whether the long forms are asked for.
#[must_use]
pub fn is_long() -> bool {
    std::env::var_os(LONG).is_some()
}

/// `short` in `./test`, `long` in `./test --long`.
pub fn rounds<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// The seeds of a test: the usual one, and in the long form so many fresh ones more. `SONGHAN_SEED` stands for all of them.
///
/// # Panics
/// When `SONGHAN_SEED` is no number.
#[must_use]
pub fn seeds(usual: u64, more: usize) -> Vec<u64> {
    if let Ok(given) = std::env::var(SEED) {
        return vec![given.parse().unwrap_or_else(|_| panic!("{SEED} is a number, not `{given}`"))];
    }
    let fresh = (0..rounds(0, more)).map(|_| fresh());
    std::iter::once(usual).chain(fresh).collect()
}

/// A fresh seed for what is never twice the same, such as the moment at which a process is killed; or the one that `SONGHAN_SEED` gives.
#[must_use]
pub fn fresh_seed() -> u64 {
    if std::env::var_os(SEED).is_some() { seeds(0, 0)[0] } else { fresh() }
}

fn fresh() -> u64 {
    u64::from_le_bytes(secret::random())
}

/// Numbers out of a seed: SplitMix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of this seed; says it, for the output of a failed test.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        println!("drawn from {SEED}={seed}");
        Self(seed)
    }

    /// Dice of their own for somebody beside, out of these.
    #[must_use]
    pub fn another(&mut self) -> Self {
        Self(self.next())
    }

    /// A number below `n`.
    ///
    /// # Panics
    /// When there is none: `n` is 0.
    #[allow(clippy::cast_possible_truncation)] // what is below a usize is one
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
