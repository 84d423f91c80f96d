//! The engine on both databases, without a page: three walks, races, random histories, the seal.

mod history;
mod imports;
mod races;
mod seals;
mod walks;
mod world;
