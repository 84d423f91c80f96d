//! Access: who may do what, and who looked.
//!
//! Start at `official.rs` (an official, her permissions, and the scope that puts her units into the SQL) and `charter.rs`
//! (posts, roles and units become reach); `access.rs` is the handle that the web holds. A room declares its permissions as
//! named constants in its own `may.rs`; ours are in [`may`]. Not here: the sign-in page (`accounts`), the pages about people
//! and roles (`administration`), what a stranger or the holder of a private link may see (each room's public views).

mod access;
mod attempts;
mod charter;
pub mod looks;
pub mod may;
mod official;
pub mod password;
pub mod people;
mod refusal;
pub mod sessions;

/// The words of our refusals.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

pub use access::{Access, Attempt, Settings, SignedIn};
pub use charter::{Charter, Post, Reach, Role};
pub use looks::{Purpose, log_look, log_look_saying};
pub use official::{Official, Permission, Scope, scope};
pub use refusal::Refusal;
pub use sessions::{Lifetimes, SessionToken, cookie_gone, cookie_name};

/// The history of our tables.
pub const MIGRATIONS: &[db::Migration] = &[db::migration!("20261125103000_access", "../migrations/20261125103000_access.sql")];
