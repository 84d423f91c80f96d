//! Pack, tested from outside: what it complains about, what the invented city says, what it makes of nonsense.

mod complaints;
mod nonsense;
mod sample;
