//! The doors of an invented house, tried as they will be tried: by browsers, by programs, by people who mean no good.

mod doors;
mod forms;
mod headers;
mod server;
mod world;
