//! Where reports stand for everybody.

use kernel::Token;

/// The path of a report's public page.
#[must_use]
pub fn public(code: &str) -> String {
    format!("/r/{code}")
}

/// The address of a published photo.
#[must_use]
pub fn photo(code: &str, hash: &str) -> String {
    format!("/r/{code}/photo/{hash}")
}

/// The path of a private link.
#[must_use]
pub fn link(token: &Token) -> String {
    format!("/f/{}", token.reveal())
}
