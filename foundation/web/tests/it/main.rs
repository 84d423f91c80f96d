//! The doors of an invented house, tried as they will be tried: by browsers, by programs, by people who mean no good.

#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod doors;
mod forms;
mod headers;
mod server;
mod world;
