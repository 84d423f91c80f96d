//! Who is visiting, in which language, by which light: what a page has to know about the request.

use crate::{City, Door, Form, Trouble, cookies, layout::Place, token};
use access::Official;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use kernel::{
    Key, Lang,
    secret::{base32, keyed_digest},
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Light, dark, or as the device has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Who is at the door.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody we know.
    Stranger,
    /// An official with a living session.
    Official(Official),
}

impl Caller {
    /// The official, when it is one.
    #[must_use]
    pub const fn official(&self) -> Option<&Official> {
        match self {
            Self::Stranger => None,
            Self::Official(official) => Some(official),
        }
    }
}

/// One visit to one door. Handlers take it as an argument; the layout draws with it. Cheap to clone.
#[derive(Clone)]
pub struct Visit {
    /// The language of the page.
    pub lang: Lang,
    /// Its light.
    pub theme: Theme,
    /// The path that was asked for, without its query.
    pub path: Arc<str>,
    /// Path and query.
    pub address: Arc<str>,
    /// What stood behind the question mark.
    pub query: Arc<Form>,
    /// Some of it was no text: the guard says so, once it knows who asks.
    pub(crate) unreadable: bool,
    /// Who asks.
    pub caller: Caller,
    pub(crate) flash: Option<Arc<str>>,
    pub(crate) city: City,
    pub(crate) secret: Arc<Secret>,
    pub(crate) method: Method,
    /// The path is a capability (rule R5): no link repeats it.
    pub(crate) hides: bool,
}

/// The secret of this browser's forms: the cookie's, or a fresh one that becomes a cookie when a page used it.
pub(crate) struct Secret {
    pub text: String,
    pub fresh: bool,
    pub used: AtomicBool,
}

impl Visit {
    /// The visit as far as it is known before the door: without caller. A door that says `public` reads language and theme only.
    pub(crate) fn begin(city: &City, method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let secure = city.settings.secure();
        // A program has no cookies; a browser's are none of the API's business.
        let api = uri.path().starts_with("/api/");
        let cookie = |name| if api { None } else { cookies::read(headers, name, secure) };
        let (query, unreadable) = Form::of_query(uri.query().unwrap_or_default());
        let accepts = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(first_language);
        let lang = Lang::from_tag(query.raw("lang"))
            .or_else(|| Lang::from_tag(cookie(cookies::LANG)?))
            .or_else(accepts)
            .unwrap_or_default();
        let secret = cookie(cookies::FORM).filter(|text| text.len() == 26 && text.is_ascii()).map(str::to_owned);
        let fresh = secret.is_none();
        let text = secret.unwrap_or_else(|| kernel::secret::base32(&kernel::secret::random::<16>()));
        Self {
            lang,
            theme: cookie(cookies::THEME).map(Theme::parse).unwrap_or_default(),
            path: uri.path().into(),
            address: uri.path_and_query().map_or("/", |pq| pq.as_str()).into(),
            query: Arc::new(query),
            unreadable,
            caller: Caller::Stranger,
            flash: cookie(cookies::FLASH).and_then(|text| token::signed(&city.form_key, text)).map(Into::into),
            city: city.clone(),
            secret: Arc::new(Secret { text, fresh, used: AtomicBool::new(false) }),
            method: method.clone(),
            hides: false,
        }
    }

    /// The door is known: its names are the only ones that the query may be asked for.
    #[cfg(debug_assertions)]
    pub(crate) fn comes_through(&mut self, door: &Arc<Door>) {
        self.query = Arc::new(Form::clone(&self.query).through(door));
    }

    #[cfg(not(debug_assertions))]
    pub(crate) const fn comes_through(&mut self, _: &Arc<Door>) {}

    /// The token for a form on this page. [`crate::parts::form`] writes it; call this only for a form drawn by hand.
    #[must_use]
    pub fn token(&self) -> String {
        self.secret.used.store(true, Ordering::Relaxed);
        token::make(&self.city.form_key, &self.secret.text)
    }

    /// A mark that a text gets from this browser and from no other: equal for equal texts, and telling nothing of either.
    #[must_use]
    pub fn mark(&self, text: &str) -> Key {
        let digest = keyed_digest(&self.city.form_key, format!("mark {} {text}", self.secret.text).as_bytes());
        Key::parse(&base32(&digest[..16])).expect("26 letters of base 32 have the shape of a key")
    }

    /// The official, when one has signed in.
    #[must_use]
    pub const fn official(&self) -> Option<&Official> {
        self.caller.official()
    }

    /// Whether the caller may pass a door of this path and method.
    #[must_use]
    pub(crate) fn may(&self, place: &Place) -> bool {
        place.pass.admits(&self.caller)
    }

    /// The city.
    #[must_use]
    pub const fn city(&self) -> &City {
        &self.city
    }
}

/// The first language of `Accept-Language` that we speak.
fn first_language(header: &str) -> Option<Lang> {
    header.split(',').take(10).find_map(|part| Lang::from_tag(part.split(';').next()?.trim()))
}

impl FromRequestParts<City> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, city: &City) -> Result<Self, Self::Rejection> {
        let visit = parts.extensions.get::<Self>().cloned();
        Ok(visit.unwrap_or_else(|| Self::begin(city, &parts.method, &parts.uri, &parts.headers)))
    }
}

impl FromRequestParts<City> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Visit>().map_or(Self::Stranger, |visit| visit.caller.clone()))
    }
}

/// The language of the answer.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub Lang);

impl FromRequestParts<City> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Visit>().map_or(Lang::Vi, |visit| visit.lang)))
    }
}

impl FromRequestParts<City> for Official {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Visit>().and_then(|visit| visit.official().cloned()).ok_or(Trouble::NotFound)
    }
}
