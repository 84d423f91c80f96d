//! What stands in the path of a door, as text. A handler takes it from here and never from axum, whose own answer to bytes that are no
//! text is a line of English (`clippy.toml` forbids axum's extractors).

use crate::{City, Trouble, words};
use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

/// The parameters of the path: one by itself, several as a tuple in their order.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

#[expect(clippy::disallowed_types, reason = "the one place where axum's extractor is put into our words")]
impl<T: DeserializeOwned + Send> FromRequestParts<City> for Path<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, city: &City) -> Result<Self, Self::Rejection> {
        match axum::extract::Path::<T>::from_request_parts(parts, city).await {
            Ok(path) => Ok(Self(path.0)),
            Err(ours) if ours.status().is_server_error() => Err(Trouble::fault(ours.body_text())),
            Err(_) => Err(Trouble::refusal(400, words::address_unreadable)),
        }
    }
}
