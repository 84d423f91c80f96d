//! Jobs: work in the background, done once although several nodes look for it.
//!
//! Two shapes. A [`Job`] comes again every so often (due times, reminders); a *kind* of queued work is done once per
//! [`enqueue`]d row, which a room writes in the transaction that makes the work necessary. Start at `runner.rs`.
//!
//! Whoever works holds a lease with a fencing number. [`Turn::db`] is a database whose every write first checks that number in the
//! same transaction: a holder that was paused, and whose work was taken over meanwhile, changes nothing when it wakes. Work must be
//! safe to begin again from the start. Not here: what the work is, and how messages leave (`notify`).

mod runner;
mod store;
mod turn;

pub use runner::{Job, Kind, Runner};
pub use store::{Dead, Lease, MIGRATIONS, dead, enqueue, leases, retry, waiting};
pub use turn::Turn;
