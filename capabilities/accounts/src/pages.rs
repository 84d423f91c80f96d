//! Our pages: one file per thing that an official does.

pub mod me;
pub mod password;
pub mod sign_in;
