//! What programs send and get: JSON in, JSON out, problem+json when it fails. No cookie is read here.

use crate::{City, Door, Language, Trouble, words};
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    http::{header, request::Parts},
};
use kernel::{Key, Lang};
use serde::de::DeserializeOwned;
use std::{error::Error, iter, sync::Arc};

/// The header under which a submission has its key.
pub(crate) const KEY: &str = "idempotency-key";

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
        let door = request.extensions().get::<Arc<Door>>().cloned();
        let (mut parts, body) = request.into_parts();
        let Language(lang) = Language::from_request_parts(&mut parts, city).await.unwrap_or_else(|never| match never {});
        match Json::<T>::from_request(Request::from_parts(parts, body), city).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(why)) => Err(misfit(&why, door.as_deref(), lang)),
            Err(JsonRejection::BytesRejection(_)) => Err(Trouble::refusal(413, words::too_large)),
            Err(_) => Err(Trouble::refusal(400, words::unreadable)),
        }
    }
}

/// JSON that does not fit, in serde's words: they name what was expected, and may repeat what was sent, to its sender only. Which field it
/// is about is said where it is one of the door's.
fn misfit(why: &(dyn Error + 'static), door: Option<&Door>, lang: Lang) -> Trouble {
    type At = serde_path_to_error::Error<serde_json::Error>;
    let at = iter::successors(Some(why), |&why| why.source()).find_map(|why| why.downcast_ref::<At>());
    let said = at.map_or_else(|| why.to_string(), ToString::to_string);
    let said = words::json_does_not_fit(lang, said.chars().take(300).collect::<String>());
    let field =
        at.map(field).filter(|field| door.is_some_and(|door| door.takes(field.split(['.', '[']).next().unwrap_or(field))));
    let trouble = Trouble::refusal(422, {
        let said = said.clone();
        move |_| said.clone()
    });
    trouble.at(field.into_iter().map(|field| (field, said.clone())).collect())
}

/// The field in the JSON; the path of one that is missing leads only to what misses it.
fn field(at: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let (path, said) = (at.path().to_string(), at.inner().to_string());
    let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    match missing {
        Some((missing, _)) if path == "." => missing.to_owned(),
        Some((missing, _)) => format!("{path}.{missing}"),
        // A name that nobody knows is not repeated.
        None if said.starts_with("unknown field") => {
            path.rsplit_once('.').map_or_else(String::new, |(around, _)| around.to_owned())
        }
        None => path,
    }
}

/// The key of this submission (rule R2), from the header `Idempotency-Key`. The guard has read it, at a door that says `keyed`.
#[derive(Clone, Debug)]
pub struct Keyed(pub Key);

impl FromRequestParts<City> for Keyed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        let key = parts.extensions.get::<Key>().cloned();
        key.map(Self).ok_or_else(|| Trouble::fault("a handler takes a key whose door does not say `keyed`"))
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
