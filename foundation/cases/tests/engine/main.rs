//! The engine on both databases, without a page: three walks, races, random histories, the seal.

#![allow(clippy::unwrap_used)] // a helper of a test fails as the test does

mod history;
mod imports;
mod numbers;
mod races;
mod schema;
mod seals;
mod walks;
mod world;
