//! Signing in, being turned away, and the scopes, on both databases.

#![allow(clippy::unwrap_used)] // a story that cannot go on has failed

mod scopes;
mod sign_in;
mod world;
