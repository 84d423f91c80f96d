//! What this house can do: one line each. The first file to open.

use manifest::{Capability, Permissions, Purposes};

/// Every capability of the house.
#[must_use]
pub fn all() -> Vec<Capability> {
    let feedback = feedback::capability();
    // What pages of one room show of all rooms: why personal data was looked at, what a role may, and which kinds of case there are.
    let purposes = Purposes::of(&[feedback.looks, administration::LOOKS]);
    let permissions = Permissions::of(&[feedback.permissions, administration::PERMISSIONS]);
    let kinds = feedback.case_kinds.to_vec();
    vec![
        home::capability(kinds),
        feedback,
        accounts::capability(purposes.clone()),
        administration::capability(purposes, permissions),
    ]
}
