//! What programs send and get: JSON in, JSON out, problem+json when it fails. No cookie is read here.

use crate::{City, Trouble, words};
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    http::{header, request::Parts},
};
use serde::de::DeserializeOwned;

/// The answer of an API's handler.
pub type ApiResult<T> = Result<Json<T>, Trouble>;

/// The body of a POST, read as JSON. Unknown keys are the type's own business: say `deny_unknown_fields`.
#[derive(Clone, Copy, Debug)]
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<City> for Input<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, city: &City) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Trouble::refusal(415, words::only_json));
        }
        match Json::<T>::from_request(request, city).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(why)) => {
                let why = why.body_text();
                // serde's sentence names the field and what was expected, and may repeat what was sent: to the sender only.
                Err(Trouble::refusal(422, move |lang| words::json_does_not_fit(lang, why.chars().take(300).collect::<String>())))
            }
            Err(JsonRejection::BytesRejection(_)) => Err(Trouble::refusal(413, words::too_large)),
            Err(_) => Err(Trouble::refusal(400, words::unreadable)),
        }
    }
}

/// The parameters of a GET, typed: the twin of [`Input`] for `?a=b`.
#[derive(Clone, Copy, Debug)]
pub struct Asked<T>(pub T);

#[expect(clippy::disallowed_types, reason = "the one place where axum's extractor is put into our words")]
impl<T: DeserializeOwned> FromRequestParts<City> for Asked<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(why) => {
                let why = why.body_text();
                Err(Trouble::refusal(422, move |lang| words::json_does_not_fit(lang, why.chars().take(300).collect::<String>())))
            }
        }
    }
}
