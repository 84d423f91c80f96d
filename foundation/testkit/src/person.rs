//! Somebody at a browser without script: cookies, pages, forms.

use crate::city::TestCity;
use crate::page::{Page, WebForm};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt;

/// The host that every person of a test asks for.
pub(crate) const HOST: &str = "songhan.test";

/// Somebody at a browser. A clone shares the cookies, as two tabs do.
#[derive(Clone)]
pub struct Person {
    /// Who it is, for failure messages.
    pub name: &'static str,
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    language: &'static str,
    address: SocketAddr,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    /// A header's text, empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it leads, when it is a redirection.
    #[must_use]
    pub fn leads_to(&self) -> Option<String> {
        self.status.is_redirection().then(|| self.header("location").to_owned())
    }
}

impl Person {
    pub(crate) fn new(city: &TestCity, name: &'static str) -> Self {
        Self {
            name,
            router: city.router(),
            cookies: Arc::default(),
            language: "vi",
            address: SocketAddr::from(([192, 0, 2, 7], 40_000)),
        }
    }

    /// The same person with a browser that asks for English.
    #[must_use]
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    /// The same person at another address of the network.
    #[must_use]
    pub fn at_address(mut self, address: [u8; 4]) -> Self {
        self.address = SocketAddr::from((address, 40_000));
        self
    }

    /// Puts a cookie into the browser.
    pub fn keep(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.to_owned());
    }

    /// A cookie of the browser.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Sends a request as it is given, with the browser's cookies and address; remembers the cookies that come back.
    ///
    /// # Panics
    /// When the request cannot be built or its answer not be read.
    pub async fn asks(&self, mut request: Request<Body>) -> Answer {
        let jar = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let line = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let headers = request.headers_mut();
        if !line.is_empty() && !headers.contains_key(header::COOKIE) {
            headers.insert(header::COOKIE, line.parse().expect("cookies are plain text"));
        }
        headers.entry(header::HOST).or_insert(HOST.parse().expect("a host"));
        headers.entry(header::ACCEPT_LANGUAGE).or_insert(self.language.parse().expect("a language"));
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let body =
            body.collect().await.unwrap_or_else(|e| panic!("{}: the answer breaks off: {e}", self.name)).to_bytes().to_vec();
        for line in parts.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let mut jar = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
            if rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks for a path; takes whatever comes.
    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(request(Method::GET, path).body(Body::empty()).expect("a sound path")).await
    }

    /// Opens a page, going where it leads.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn sees(&self, path: &str) -> Page {
        let page = self.tries(path).await;
        assert_eq!(page.status, StatusCode::OK, "{} opens {path}:\n{}", self.name, page.words());
        page
    }

    /// Opens a page, going where it leads, and takes whatever comes.
    ///
    /// # Panics
    /// When it leads around in a circle.
    pub async fn tries(&self, path: &str) -> Page {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let answer = self.gets(&path).await;
            match answer.leads_to() {
                Some(next) => path = next,
                None => return Page::new(self.clone(), path, answer),
            }
        }
        panic!("{}: {path} leads around in a circle", self.name);
    }

    /// Opens a page and takes the form on it that sends to `action`.
    ///
    /// # Panics
    /// When page or form is not there.
    pub async fn form(&self, path: &str, action: &str) -> WebForm {
        self.sees(path).await.form(action)
    }

    /// Sends pairs to a path as a form of our own page would, without a page: for doors that are tried in the wrong way.
    pub async fn posts(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = urlencoded(pairs.iter().map(|(name, value)| (*name, *value)));
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.asks(request.expect("a sound path")).await
    }

    /// Sends JSON to the API, as a program does: without cookies.
    pub async fn calls(&self, path: &str, key: Option<&str>, json: &serde_json::Value) -> Answer {
        let mut request = request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.asks(request.body(Body::from(json.to_string())).expect("a sound path")).await
    }
}

pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path)
}

pub(crate) fn urlencoded<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
                b' ' => "+".to_owned(),
                _ => format!("%{b:02X}"),
            })
            .collect()
    };
    pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}
