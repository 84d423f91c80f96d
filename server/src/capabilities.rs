//! What this house can do: one line each. The first file to open.

use manifest::{Capability, Purposes};

/// Every capability of the house.
#[must_use]
pub fn all() -> Vec<Capability> {
    let feedback = feedback::capability();
    // The two lists that pages of one room show of all rooms: why personal data was looked at, and which kinds of case there are.
    let purposes = Purposes::of(&[feedback.looks, administration::LOOKS]);
    let kinds = feedback.case_kinds.to_vec();
    vec![home::capability(kinds), feedback, accounts::capability(purposes.clone()), administration::capability(purposes)]
}
