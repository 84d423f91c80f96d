//! The rules of counting, tried in bulk: the cases people wrote down, a slow reference that walks minute by minute, and the words.

#![allow(clippy::unwrap_used)] // a test may fail loudly

mod cases;
mod reference;
mod town;
mod words;
