//! Stories of those who run the house, through the door.

#![allow(clippy::unwrap_used)] // a story that cannot go on has failed

mod house;
mod people;

use manifest::{Capability, Permissions, Purposes};

/// The house of these stories.
pub fn capabilities() -> Vec<Capability> {
    vec![administration::capability(Purposes::of(&[administration::LOOKS]), Permissions::of(&[administration::PERMISSIONS]))]
}

/// The password of the test city's officials.
pub const PASSWORD: &str = "ba con vịt trên sông";
