//! The outermost layer: begins the visit, catches panics, draws pages and troubles, compresses, and puts the security headers on
//! every answer, also on those that no door gave. "Nothing here" leaves on a beat, so that its time tells nothing (decision 0097).

use crate::{
    City, Door, Trouble, Visit, compress, cookies, guard, layout, page,
    page::Inner,
    token,
    trouble::{self, Refusal},
    words,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    cell::RefCell,
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    task::Poll,
    time::Duration,
};
use tokio::time::Instant;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whoever asks for what is not hers is told "nothing here" this long after she asked, or twice or three times as long: how far the
/// search for it went is never seen.
const BEAT: Duration = Duration::from_millis(10);

pub async fn edge(State(city): State<City>, mut request: Request, next: Next) -> Response {
    let asked = Instant::now();
    let headers = request.headers().clone();
    let address = request.uri().path().to_owned();
    let visit = Visit::begin(&city, request.method(), request.uri(), &headers);
    request.extensions_mut().insert(visit.clone());
    let mut response = match caught(next.run(request)).await {
        Ok(response) => response,
        Err(place) => Trouble::Fault(format!("panic at {place}")).into_response(),
    };
    let door = response.extensions_mut().remove::<Arc<Door>>();
    let visit = response.extensions_mut().remove::<Visit>().unwrap_or(visit);
    let drawn = response.extensions_mut().remove::<page::Drawn>();
    let trouble = match response.extensions_mut().remove::<trouble::Drawn>() {
        Some(trouble::Drawn(trouble)) => Some(trouble),
        // The router's own words, or an extractor's: nobody of us drew them.
        None if drawn.is_none() && response.status().is_client_error() => {
            Some(Arc::new(Trouble::refusal(response.status().as_u16(), words::unreadable)))
        }
        None => None,
    };
    let allow = response.headers_mut().remove(header::ALLOW);
    let api = door.as_deref().map_or_else(|| address.starts_with("/api/"), Door::is_api);
    if let Some(page::Drawn(page)) = drawn {
        response = draw(&city, &visit, &headers, &page);
    } else if let Some(trouble) = trouble {
        let at = door.as_deref().map_or_else(|| "no door".to_owned(), |door| format!("{} {}", door.method, door.path));
        response = apologise(&city, &visit, &trouble, api, &at);
    }
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    finish(&city, door.as_deref(), &visit, api, &mut response);
    // A page may say it too: of a code that was searched for.
    // Where there is no door there is nothing to tell: the table of doors is no secret.
    let nothing = door.is_some() && response.status() == StatusCode::NOT_FOUND;
    let response = compress::compress(&headers, response).await;
    if nothing {
        tokio::time::sleep_until(asked + next_beat(asked.elapsed())).await;
    }
    response
}

fn next_beat(gone: Duration) -> Duration {
    let beats = gone.as_micros() / BEAT.as_micros() + 1;
    BEAT.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}

fn draw(city: &City, visit: &Visit, request: &HeaderMap, page: &page::Page) -> Response {
    match &*page.0 {
        Inner::Html(html) => {
            let mut response = (html.status, layout::draw(visit, html).into_string()).into_response();
            html_type(&mut response);
            if visit.flash.is_some() {
                response
                    .headers_mut()
                    .append(header::SET_COOKIE, cookies::set(cookies::FLASH, "", Some(0), city.settings.secure()));
            }
            add(&mut response, &html.headers);
            response
        }
        Inner::See { to, saying, headers } => {
            let to = HeaderValue::from_str(&layout::own_path(to)).unwrap_or(HeaderValue::from_static("/"));
            // Our script sends forms itself; a redirect that it followed would take the flash away from the page that the person sees.
            let mut response = match request.contains_key("x-see") {
                true => (StatusCode::OK, [(HeaderName::from_static("x-see"), to)]).into_response(),
                false => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
            };
            if let Some(text) = saying {
                let value = token::sign(&city.form_key, text);
                response
                    .headers_mut()
                    .append(header::SET_COOKIE, cookies::set(cookies::FLASH, &value, Some(60), city.settings.secure()));
            }
            add(&mut response, headers);
            response
        }
        Inner::Bytes { bytes, headers } => {
            let mut response = Response::new(Body::from(bytes.clone()));
            add(&mut response, headers);
            response
        }
    }
}

fn add(response: &mut Response, headers: &HeaderMap) {
    for (name, value) in headers {
        response.headers_mut().append(name.clone(), value.clone());
    }
}

fn html_type(response: &mut Response) {
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
}

/// A trouble as a page or as problem+json. A fault is logged here, once, under the number that the page shows.
fn apologise(city: &City, visit: &Visit, trouble: &Trouble, api: bool, at: &str) -> Response {
    let lang = visit.lang;
    let (status, text, retry, reference) = match trouble {
        Trouble::Refusal(refusal) => (refusal.status, Refusal::text(refusal, lang), refusal.retry_after, None),
        Trouble::NotFound => (StatusCode::NOT_FOUND, words::nothing_here(lang).to_owned(), None, None),
        Trouble::Fault(why) => {
            let reference = kernel::secret::base32(&kernel::secret::random::<5>());
            tracing::error!(%reference, door = at, "{why}");
            (StatusCode::INTERNAL_SERVER_ERROR, words::fault(lang).to_owned(), None, Some(reference))
        }
    };
    let mut response = if api {
        let mut problem = serde_json::json!({ "type": "about:blank", "title": text, "status": status.as_u16() });
        if let Some(reference) = reference {
            problem["reference"] = reference.into();
        }
        if let Trouble::Refusal(refusal) = trouble
            && !refusal.fields.is_empty()
        {
            let fields = refusal.fields.iter().map(|(field, title)| serde_json::json!({ "field": field, "title": title }));
            problem["fields"] = fields.collect();
        }
        let mut response = (status, problem.to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    } else {
        let page = layout::trouble(visit, &city.pack.hotline, status, &text, reference.as_deref());
        let mut response = (status, layout::draw(visit, &page).into_string()).into_response();
        html_type(&mut response);
        response
    };
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The headers of every answer.
fn finish(city: &City, door: Option<&Door>, visit: &Visit, api: bool, response: &mut Response) {
    let secure = city.settings.secure();
    let status = response.status();
    let headers = response.headers_mut();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let keeps = door
        .filter(|_| status == StatusCode::OK || status == StatusCode::NOT_MODIFIED)
        .and_then(|door| door.public.map(|s| (s, door.immutable)));
    match keeps {
        Some((_, true)) => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        }
        Some((seconds, false)) => {
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_str(&format!("public, max-age={seconds}")).unwrap_or(HeaderValue::from_static("no-store")),
            );
            if !api {
                headers.append(header::VARY, HeaderValue::from_static("cookie, accept-language"));
            }
        }
        None => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    if visit.secret.fresh && visit.secret.used.load(Ordering::Relaxed) {
        headers.append(header::SET_COOKIE, cookies::set(cookies::FORM, &visit.secret.text, Some(cookies::FORM_SECONDS), secure));
        // What sets a cookie is kept by nobody.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if api {
        headers.remove(header::SET_COOKIE);
    }
}

/// No door has this path. An official is told so in her own frame, exactly as at a door that she may not pass.
pub async fn nothing_here(State(city): State<City>, request: Request) -> Response {
    let mut response = Trouble::NotFound.into_response();
    if let Some(visit) = request.extensions().get::<Visit>() {
        let mut visit = visit.clone();
        if guard::recognise(&city, request.headers(), &mut visit).await.is_ok() {
            response.extensions_mut().insert(visit);
        }
    }
    response
}

/// A door, but not for this method.
pub async fn wrong_method() -> Trouble {
    Trouble::refusal(405, words::wrong_method)
}

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics say where, never what: their words may hold what somebody typed. Called once, by the server, at its start.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "unknown".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
        tracing::debug!(%place, "a panic");
        PLACE.with(|cell| *cell.borrow_mut() = Some(place));
    }));
}

/// Runs a future; `Err` says where it panicked.
async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |context| match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(Err(PLACE.with(|cell| cell.borrow_mut().take()).unwrap_or_else(|| "unknown".to_owned()))),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_on_the_beat_after() {
        let after = |micros| next_beat(Duration::from_micros(micros));
        assert_eq!(after(0), BEAT);
        assert_eq!(after(700), after(9_999));
        assert_eq!(after(10_000), BEAT * 2);
    }
}
