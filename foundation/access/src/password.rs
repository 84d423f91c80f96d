//! Passwords: Argon2id in PHC strings, hashed beside the write queue on a pool that is bounded in both directions.
//!
//! A hash costs about 20 ms of a core and 19 MiB: a few run at once, a few wait, and the rest are told to come again. Whether
//! an account exists does not show in the time: without one, a hash of the same cost is verified and thrown away.

use crate::Refusal;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use kernel::Private;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// The fewest characters of a password. Length is what counts; we ask for no mixture of signs (NIST SP 800-63B).
pub const SHORTEST: usize = 10;
/// The most characters: enough for a sentence, and a bound for the hash.
pub const LONGEST: usize = 128;

/// How many wait for the pool at most.
const WAITING: usize = 64;

/// The pool of hashing threads.
#[derive(Clone, Debug)]
pub(crate) struct Hashing {
    permits: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
    /// What is verified when there is no account.
    nobody: Arc<str>,
}

impl Hashing {
    /// A pool that hashes `at_once` passwords at a time.
    pub(crate) fn new(at_once: usize) -> Self {
        let nobody = hash(&Private::new(kernel::secret::base32(&kernel::secret::random::<16>())));
        Self { permits: Arc::new(Semaphore::new(at_once.max(1))), inside: Arc::default(), nobody: nobody.into() }
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: Private<String>) -> Result<String, Refusal> {
        self.run(move || hash(&password)).await
    }

    /// Whether the password belongs to the stored hash; without one the same work is done and the answer is no.
    pub(crate) async fn verify(&self, password: Private<String>, stored: Option<String>) -> Result<bool, Refusal> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move || match stored {
            Some(stored) => verify(&password, &stored),
            None => {
                let _ = verify(&password, &nobody);
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let _place = Place::take(&self.inside).ok_or(Refusal::Busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Refusal::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit; // held by the thread, also when the request went away
            work()
        });
        done.await.map_err(|_| Refusal::Busy)
    }
}

/// A place among those who wait or hash; given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(inside: &Arc<AtomicUsize>) -> Option<Self> {
        let took = inside.fetch_add(1, Ordering::AcqRel) < WAITING;
        let place = Self(Arc::clone(inside));
        took.then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The PHC string of a password, with a fresh salt. Takes its time: only the pool and the command line call it.
///
/// # Panics
/// When the operating system has no randomness for the salt.
#[must_use]
pub fn hash(password: &Private<String>) -> String {
    let made = Argon2::default().hash_password(typed(password).as_bytes());
    made.expect("a bounded password and the default cost always hash").to_string()
}

/// Whether the password belongs to this PHC string. A string that is none belongs to no password.
#[must_use]
pub fn verify(password: &Private<String>, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| Argon2::default().verify_password(typed(password).as_bytes(), &stored).is_ok())
}

/// The password as a form brings it: in NFC (a telephone and a desktop may compose a vowel differently), without spaces at the
/// ends, cut where no password goes on.
fn typed(password: &Private<String>) -> String {
    kernel::spelling::clean(password.open()).chars().take(LONGEST).collect()
}

/// Refuses a new password that is too short, too long, her own name, or one that everybody tries first.
pub(crate) fn judge(password: &Private<String>, sign_in: &str, name: &str) -> Result<(), Refusal> {
    let text = kernel::spelling::clean(password.open());
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(Refusal::PasswordTooShort);
    }
    if length > LONGEST {
        return Err(Refusal::PasswordTooLong);
    }
    let folded = kernel::spelling::fold(&text).replace(' ', "");
    let few = folded.chars().collect::<std::collections::BTreeSet<_>>().len() < 5;
    let own = [sign_in, name]
        .iter()
        .map(|own| kernel::spelling::fold(own).replace(' ', ""))
        .any(|own| folded.trim_end_matches(|c: char| c.is_ascii_digit()) == own);
    if few || own || TRIED_FIRST.iter().any(|tried| folded.starts_with(tried)) {
        return Err(Refusal::PasswordEasy);
    }
    Ok(())
}

/// What lists of stolen passwords begin with, of the length that we would take.
const TRIED_FIRST: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "123456789a",
    "1q2w3e4r5t",
    "q1w2e3r4t5",
    "qwertyuiop",
    "password12",
    "password123",
    "matkhau123",
    "matkhau12",
    "iloveyou12",
    "administrator",
    "adminadmin",
    "letmein123",
    "welcome123",
    "abcdefghij",
    "anhyeuem12",
    "vietnam123",
];

/// A one-time password that is said and typed easily: four groups of four letters that cannot be misread, 80 bits.
#[must_use]
pub fn one_time() -> Private<String> {
    let letters = kernel::secret::base32(&kernel::secret::random::<10>());
    let groups: Vec<&str> = (0..4).map(|group| &letters[group * 4..group * 4 + 4]).collect();
    Private::new(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(text: &str) -> Private<String> {
        Private::new(text.to_owned())
    }

    #[test]
    fn a_password_opens_only_its_own_hash_however_its_vowels_are_composed() {
        let stored = hash(&private("mưa rào tháng Mười"));
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd("mưa rào tháng Mười").collect();
        assert!(verify(&private(&decomposed), &stored));
        assert!(!verify(&private("mưa rào tháng mười"), &stored));
        assert!(!verify(&private("mưa rào tháng Mười"), "no hash at all"));
    }

    #[test]
    fn passwords_that_are_guessed_first_are_refused() {
        for (typed, expect) in [
            ("ngắn quá", Err(Refusal::PasswordTooShort)),
            (&*"x1".repeat(65), Err(Refusal::PasswordTooLong)),
            ("aaaaaaaaaaaa", Err(Refusal::PasswordEasy)),
            ("1234567890", Err(Refusal::PasswordEasy)),
            ("Mật khẩu 123", Err(Refusal::PasswordEasy)),
            ("Trần Thị Hoa 1990", Err(Refusal::PasswordEasy)),
            ("tran.thi.hoa", Err(Refusal::PasswordEasy)),
            ("con trâu ăn cỏ", Ok(())),
        ] {
            assert_eq!(judge(&private(typed), "tran.thi.hoa", "Trần Thị Hoa"), expect, "{typed}");
        }
    }

    #[test]
    fn a_one_time_password_passes_our_own_rules_and_never_comes_twice() {
        let (one, other) = (one_time(), one_time());
        assert_ne!(one, other);
        assert_eq!(one.open().len(), 19);
        assert_eq!(judge(&one, "tran.thi.hoa", "Trần Thị Hoa"), Ok(()));
    }

    #[tokio::test]
    async fn the_pool_turns_away_what_it_cannot_hold() {
        let pool = Hashing::new(1);
        let held: Vec<_> = (0..WAITING).map(|_| Place::take(&pool.inside).expect("there is room")).collect();
        assert_eq!(pool.hash(private("con trâu ăn cỏ")).await, Err(Refusal::Busy));
        drop(held);
        assert!(pool.hash(private("con trâu ăn cỏ")).await.is_ok());
    }
}
