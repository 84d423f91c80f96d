//! Kernel: the plain words that every room shares. No I/O, no rules of the city.
//!
//! Start at `time.rs` (instants and the injected clock), `private.rs` (values that cannot leak by accident) and
//! `spelling.rs` (how Vietnamese is compared). Not here: working calendars (`calendars`), who may do what (`access`).

pub mod actor;
pub mod format;
pub mod lang;
pub mod place;
pub mod private;
pub mod secret;
pub mod spelling;
pub mod time;

pub use actor::Actor;
pub use lang::{Both, Lang};
pub use place::Point;
pub use private::{Personal, Private};
pub use secret::{Key, Token};
pub use spelling::{clean, fold, nfc};
pub use time::{Clock, HandClock, Instant, SystemClock};
