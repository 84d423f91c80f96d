//! Our pages.

pub mod accessibility;
pub mod front;
pub mod privacy;
