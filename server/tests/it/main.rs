//! The house as a whole, in one binary: its floor plan, its doors, and stories that cross capabilities.
//!
//! `architecture.rs` and `map.rs` hold the floor plan, `doors.rs` the golden lists, `personal.rs` what tables hold of people, `process.rs` starts
//! the real program and kills it. `house.rs` has what they share. The attackers: `access_*.rs` (who gets what at which door), `privacy.rs`
//! (canaries), `hostile.rs` (bad input), `journal_atomic.rs` (a change and its line), over the people and things of `world.rs`.

mod access_alike;
mod access_crawl;
mod access_doors;
mod access_fields;
mod access_protected;
mod architecture;
mod doors;
mod hostile;
mod house;
mod journal_atomic;
mod load;
mod map;
mod packs;
mod personal;
mod privacy;
mod process;
mod program;
mod time;
mod world;
mod troubles;
