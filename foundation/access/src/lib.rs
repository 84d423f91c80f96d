//! Access: who may do what, and who looked.
//!
//! Start at `official.rs` (an official, her permissions, and the scope that puts her units into the SQL) and `charter.rs`
//! (posts, roles and units become reach). A room declares its permissions as named constants in its own `may.rs`; ours are
//! in [`may`]. Not here: the sign-in page (`accounts`), the pages about people and roles (`administration`), what a stranger
//! or the holder of a private link may see (each room's public views).

mod charter;
pub mod may;
mod official;

pub use charter::{Charter, Post, Reach, Role};
pub use official::{Official, Permission, Scope, scope};
