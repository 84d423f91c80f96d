//! The rules of counting, tried in bulk: the cases people wrote down, a slow reference that walks minute by minute, and the words.

mod cases;
mod reference;
mod town;
mod words;
