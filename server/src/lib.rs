//! Songhan: the house wired together. It has no rules of its own.
//!
//! Start at `capabilities.rs`, the list of what the house can do. `command.rs` is the command line, `settings.rs` how a server is set up,
//! `house.rs` opens a city from its settings, `serve.rs` serves it, `health.rs` says how it is. Not here: anything a citizen or an
//! official would name (`capabilities/`).

pub mod bench;
pub mod capabilities;
mod check;
pub mod command;
mod demo;
mod health;
mod house;
mod import;
mod logs;
mod official;
mod serve;
pub mod settings;
mod verify;

pub use health::{Alarm, doors as health_doors};
