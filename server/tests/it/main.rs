//! The house as a whole, in one binary: its floor plan, its doors, and stories that cross capabilities.
//!
//! `architecture.rs` and `map.rs` hold the floor plan, `doors.rs` the golden lists, `personal.rs` what tables hold of people, `process.rs` starts
//! the real program and kills it. `house.rs` has what they share.

mod access_doors;
mod architecture;
mod doors;
mod house;
mod map;
mod packs;
mod personal;
mod process;
mod program;
mod time;
mod world;
