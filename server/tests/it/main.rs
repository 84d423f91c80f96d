//! The house as a whole, in one binary: its floor plan, its doors, and stories that cross capabilities.
//!
//! `architecture.rs` and `map.rs` hold the floor plan, `doors.rs` the golden lists, `personal.rs` what tables hold of people, `process.rs` starts
//! the real program, `killed.rs` kills it. `house.rs` has what they share. The attackers: `access_*.rs` (who gets what at which door), `privacy.rs`
//! (canaries), `hostile.rs` (bad input), `words.rs` (good input), `troubles.rs` (what is said to it), `journal_atomic.rs` (a change and its line), `at_once.rs`
//! (fifty equal acts), over the people and things of `world.rs` and the acts of `acts.rs`.

mod access_alike;
mod access_crawl;
mod access_doors;
mod access_fields;
mod access_protected;
mod acts;
mod architecture;
mod at_once;
mod doors;
mod hostile;
mod house;
mod journal_atomic;
mod killed;
mod load;
mod map;
mod packs;
mod personal;
mod privacy;
mod process;
mod program;
mod time;
mod troubles;
mod words;
mod world;
