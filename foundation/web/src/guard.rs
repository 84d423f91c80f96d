//! What stands before every handler: the address is counted, the caller is known, the door's permission asked, a form's origin and
//! token checked and the form read, the time bounded. No handler can leave one of these out.

use crate::{Caller, City, Door, Form, Limits, Trouble, Visit, api, cookies, multipart, origin, token, words};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kernel::Key;
use std::{sync::Arc, time::Duration};

pub async fn guard(State((city, door)): State<(City, Arc<Door>)>, request: Request, next: Next) -> Response {
    let seconds = Duration::from_secs(door.limits.seconds);
    let mut response = match tokio::time::timeout(seconds, pass(&city, &door, request, next)).await {
        Ok(Ok(response)) => response,
        Ok(Err(trouble)) => trouble.into_response(),
        Err(_) => Trouble::later(503, 10, words::busy).into_response(),
    };
    response.extensions_mut().insert(door);
    response
}

async fn pass(city: &City, door: &Arc<Door>, mut request: Request, next: Next) -> Result<Response, Trouble> {
    if city.settings.limits {
        counted(city, door.limits, &request)?;
    }
    let visit = request.extensions_mut().remove::<Visit>();
    let mut visit = visit.unwrap_or_else(|| Visit::begin(city, request.method(), request.uri(), request.headers()));
    visit.hides = door.path.contains("{token}");
    visit.comes_through(door);
    if door.public.is_some() {
        visit.flash = None;
    } else if !door.is_api() {
        recognise(city, request.headers(), &mut visit).await?;
    }
    // The edge draws pages and troubles with the visit as it was known here.
    let known = visit.clone();
    let answer = behind(city, door, visit, request, next).await;
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    response.extensions_mut().insert(known);
    Ok(response)
}

/// Finds the official of the session cookie, when there is one.
pub async fn recognise(city: &City, headers: &HeaderMap, visit: &mut Visit) -> Result<(), Trouble> {
    if let Some(cookie) = session(city, headers)
        && let Some(official) = city.access.caller(cookie).await?
    {
        visit.caller = Caller::Official(official);
    }
    Ok(())
}

async fn behind(city: &City, door: &Arc<Door>, visit: Visit, mut request: Request, next: Next) -> Result<Response, Trouble> {
    if !door.pass.admits(&visit.caller) {
        return refused(&visit, door, request.headers());
    }
    if visit.unreadable {
        return Err(Trouble::refusal(400, words::address_unreadable));
    }
    if door.method == Method::POST {
        let public = city.settings.origin.as_deref();
        if door.is_api() {
            if origin::cross_site(request.headers(), public) {
                return Err(Trouble::refusal(403, words::other_site));
            }
            if door.keyed {
                let key = request.headers().get(api::KEY).and_then(|value| value.to_str().ok()).and_then(Key::parse);
                let key = key.ok_or_else(|| Trouble::refusal(400, words::key_missing))?;
                request.extensions_mut().insert(key);
            }
            request.extensions_mut().insert(door.clone());
        } else {
            if !origin::same(request.headers(), public) {
                return Err(Trouble::refusal(403, words::other_site));
            }
            let (form, rest) = read_form(city, door, &visit, request).await?;
            request = rest;
            if visit.secret.fresh || !token::holds(&city.form_key, &visit.secret.text, form.raw("token")) {
                return Err(Trouble::refusal(403, words::form_is_old));
            }
            request.extensions_mut().insert(Arc::new(form.through(door)));
        }
    }
    request.extensions_mut().insert(visit);
    Ok(next.run(request).await)
}

/// A stranger at a page is shown to the sign-in (also when her session ended while she typed); whoever else may not pass may not know of it.
fn refused(visit: &Visit, door: &Door, request: &HeaderMap) -> Result<Response, Trouble> {
    if door.is_api() || visit.official().is_some() {
        return Err(Trouble::NotFound);
    }
    let next = if door.method == Method::GET { &*visit.address } else { "/desk" };
    let to = format!("/sign-in?next={}", crate::layout::encode(next));
    if request.contains_key("x-see") {
        return Ok((StatusCode::OK, [(HeaderName::from_static("x-see"), to)]).into_response());
    }
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

fn session<'a>(city: &City, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = access::cookie_name(city.settings.secure());
    cookies::read_named(headers, name).filter(|value| !value.is_empty())
}

/// Reads the form of a page's POST, whatever its handler does with it.
async fn read_form(city: &City, door: &Door, visit: &Visit, request: Request) -> Result<(Form, Request), Trouble> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let too_large = || Trouble::refusal(413, words::too_large);
    // Only photos are large, and photos come in parts: text alone is read letter by letter, and ten megabytes of it keep a core busy.
    let typed = kind.starts_with("application/x-www-form-urlencoded");
    let most = if typed { door.limits.body.min(Limits::FORM.body) } else { door.limits.body };
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|n| n.parse::<usize>().ok());
    if length.is_some_and(|n| n > most) {
        return Err(too_large());
    }
    let (parts, body) = request.into_parts();
    let form = if typed {
        let bytes = Limited::new(body, most).collect().await.map_err(|why| {
            if why.downcast_ref::<LengthLimitError>().is_some() { too_large() } else { Trouble::refusal(400, words::unreadable) }
        })?;
        Form::of_bytes(&bytes.to_bytes())?
    } else if kind.starts_with("multipart/form-data") && !visit.secret.fresh {
        let whole = Request::from_parts(parts.clone(), Body::new(Limited::new(body, most)));
        multipart::read(city, whole, &visit.secret.text, visit.lang).await?
    } else if kind.starts_with("multipart/form-data") {
        return Err(Trouble::refusal(403, words::form_is_old));
    } else {
        return Err(Trouble::refusal(415, words::only_forms));
    };
    Ok((form.at(city, visit.lang), Request::from_parts(parts, Body::empty())))
}

fn counted(city: &City, limits: Limits, request: &Request) -> Result<(), Trouble> {
    if limits.a_minute == u32::MAX {
        return Ok(());
    }
    let Some(address) = crate::sender::address(city, request.extensions(), request.headers()) else { return Ok(()) };
    if city.limiter.admits(limits.class, address, limits.a_minute, city.now()) {
        return Ok(());
    }
    Err(Trouble::later(429, 60, words::too_often))
}
