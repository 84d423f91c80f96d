//! Pack, tested from outside: what it complains about, what the invented city says, what it makes of nonsense.

#![allow(clippy::unwrap_used, reason = "a test whose files cannot be read fails")]

mod complaints;
mod nonsense;
mod sample;
