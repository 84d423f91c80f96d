//! Stories of signing in, through the door.

mod own_account;
mod signing_in;

use manifest::{Capability, Purposes};

/// The house of these stories.
pub fn house() -> Vec<Capability> {
    vec![accounts::capability(Purposes::default())]
}

/// The password of the test city's officials.
pub const PASSWORD: &str = "ba con vịt trên sông";
