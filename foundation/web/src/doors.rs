//! The one table of doors (rule R7): path, method, who may pass, limits, what it is about. The router comes from it and from nowhere
//! else, and so do `doors.txt`, the OpenAPI document and the tests that try every door as everybody.

use crate::{City, Visit, edge, guard, layout::Nav, layout::Place, openapi::Schema};
use access::Permission;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use kernel::Lang;
use std::{convert::Infallible, fmt, sync::Arc};

/// Who may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Anyone.
    Anyone,
    /// Any official who has signed in.
    SignedIn,
    /// Officials with this right, somewhere. Where, their scope says.
    May(Permission),
}

impl Pass {
    pub(crate) fn admits(self, caller: &crate::Caller) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn => caller.official().is_some(),
            Self::May(permission) => caller.official().is_some_and(|official| official.may(permission)),
        }
    }
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::SignedIn => f.write_str("signed-in"),
            Self::May(permission) => write!(f, "may {permission}"),
        }
    }
}

/// How much one request may bring and take, and how often one address may knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The class, a word in `doors.txt`; addresses are counted by it.
    pub class: &'static str,
    /// Bytes of a body.
    pub body: usize,
    /// Seconds until we give up.
    pub seconds: u64,
    /// Knocks of one address within a minute.
    pub a_minute: u32,
}

impl Limits {
    /// Reading a page.
    pub const PAGE: Self = Self { class: "page", body: 0, seconds: 10, a_minute: 1_200 };
    /// Sending a form of text.
    pub const FORM: Self = Self { class: "form", body: 64 << 10, seconds: 15, a_minute: 600 };
    /// Sending a form with photos.
    pub const UPLOAD: Self = Self { class: "upload", body: 32 << 20, seconds: 120, a_minute: 300 };
    /// A request of a program.
    pub const API: Self = Self { class: "api", body: 64 << 10, seconds: 10, a_minute: 1_200 };
    /// A try at a password or a code.
    pub const SIGN_IN: Self = Self { class: "sign-in", body: 8 << 10, seconds: 15, a_minute: 20 };
    /// Styles, scripts, fonts, pictures.
    pub const ASSET: Self = Self { class: "asset", body: 0, seconds: 10, a_minute: 6_000 };
    /// Health and the like: never counted.
    pub const OPEN: Self = Self { class: "open", body: 0, seconds: 5, a_minute: u32::MAX };

    /// The same class, counted apart and with another number of knocks a minute.
    #[must_use]
    pub const fn counted(mut self, class: &'static str, a_minute: u32) -> Self {
        self.class = class;
        self.a_minute = a_minute;
        self
    }

    /// The same class, not counted before its handler: it calls [`City::knock`] once it knows what came.
    #[must_use]
    pub const fn uncounted(mut self, class: &'static str) -> Self {
        self.class = class;
        self.a_minute = u32::MAX;
        self
    }

    /// The same class with another body limit.
    #[must_use]
    pub const fn bytes(mut self, body: usize) -> Self {
        self.body = body;
        self
    }
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Door {
    /// The method.
    pub method: Method,
    /// The path, with `{names}`.
    pub path: &'static str,
    /// Who may pass.
    pub pass: Pass,
    /// Within which limits.
    pub limits: Limits,
    /// What it is about, one English sentence.
    pub about: &'static str,
    /// The names that it takes, of its form or its query.
    pub fields: Vec<String>,
    /// Whether it asks for the header `Idempotency-Key`, so that a retry is harmless (rule R2).
    pub keyed: bool,
    /// Seconds for which anybody may keep the answer; `None` is `no-store`.
    pub public: Option<u32>,
    /// Kept for ever by browsers: the name changes with the content.
    pub(crate) immutable: bool,
    pub(crate) schema: Option<Schema>,
    pub(crate) place: Option<Place>,
}

impl Door {
    /// Whether programs use it: JSON in and out, no cookies, problem+json.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Whether its query or form may hold this name. Every form holds the token, which the guard reads.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        name == "token" || self.fields.iter().any(|field| field == name)
    }

    /// The row as it stands in `doors.txt`.
    #[must_use]
    pub fn line(&self) -> String {
        let fields = if self.fields.is_empty() { "-".to_owned() } else { self.fields.join(",") };
        let keeps = self.public.map(|s| format!(" public {s}s")).unwrap_or_default();
        let keyed = if self.keyed { " · under an Idempotency-Key" } else { "" };
        format!("{} {} · {} · {}{keeps} · {fields}{keyed}", self.method, self.path, self.pass, self.limits.class)
    }
}

/// The table while it is written.
#[derive(Default)]
pub struct Doors {
    rows: Vec<(Door, MethodRouter<City>)>,
}

impl Doors {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A door for reading. GET never changes anything.
    #[must_use]
    pub fn get<H: Handler<T, City>, T: 'static>(
        self,
        path: &'static str,
        pass: Pass,
        limits: Limits,
        about: &'static str,
        handler: H,
    ) -> Self {
        self.add(Method::GET, path, pass, limits, about, handler)
    }

    /// A door for doing. On a page it takes a form with a token from our own page; under `/api/` it takes JSON and reads no cookie.
    #[must_use]
    pub fn post<H: Handler<T, City>, T: 'static>(
        self,
        path: &'static str,
        pass: Pass,
        limits: Limits,
        about: &'static str,
        handler: H,
    ) -> Self {
        self.add(Method::POST, path, pass, limits, about, handler)
    }

    fn add<H: Handler<T, City>, T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        pass: Pass,
        limits: Limits,
        about: &'static str,
        handler: H,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).expect("GET and POST are plain methods");
        let door = Door {
            method,
            path,
            pass,
            limits,
            about,
            fields: Vec::new(),
            keyed: false,
            public: None,
            immutable: false,
            schema: None,
            place: None,
        };
        self.rows.push((door, on(filter, handler)));
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Door)) -> Self {
        if let Some((door, _)) = self.rows.last_mut() {
            change(door);
        }
        self
    }

    /// The last door takes these names, of its form or its query; no other can be read there.
    #[must_use]
    pub fn takes(self, fields: &[&str]) -> Self {
        self.last(|door| door.fields = fields.iter().map(ToString::to_string).collect())
    }

    /// The last door's answer is the same for everybody and may be kept so many seconds. It reads no session and says no flash.
    #[must_use]
    pub fn public(self, seconds: u32) -> Self {
        self.last(|door| door.public = Some(seconds))
    }

    pub(crate) fn immutable(self) -> Self {
        self.last(|door| {
            door.public = Some(31_536_000);
            door.immutable = true;
        })
    }

    /// The last door, an API's: `Asked` are the parameters of a GET or the body of a POST (`()` for none), `Answer` what comes back.
    /// Both become schemas of the OpenAPI document and the fields of `doors.txt`.
    #[must_use]
    pub fn json<Asked: schemars::JsonSchema, Answer: schemars::JsonSchema>(self) -> Self {
        self.last(|door| {
            let schema = Schema::of::<Asked, Answer>();
            door.fields = schema.fields();
            door.schema = Some(schema);
        })
    }

    /// The last door, a POST of the API's, asks for the header `Idempotency-Key`; its handler takes it as [`crate::Keyed`].
    #[must_use]
    pub fn keyed(self) -> Self {
        self.last(|door| door.keyed = true)
    }

    /// The last door stands in the navigation of public pages, at this place.
    #[must_use]
    pub fn in_public_nav(self, order: u8, label: fn(Lang) -> &'static str) -> Self {
        self.last(|door| {
            door.place = Some(Place { path: door.path, pass: door.pass, order, label, icon: None, desk: false, foot: false })
        })
    }

    /// The last door stands in the rail of the desk, at this place, for those who may pass it.
    #[must_use]
    pub fn in_desk_nav(self, order: u8, icon: &'static str, label: fn(Lang) -> &'static str) -> Self {
        self.last(|door| {
            door.place = Some(Place { path: door.path, pass: door.pass, order, label, icon: Some(icon), desk: true, foot: false })
        })
    }

    /// The last door is named at the foot of every public page, at this place.
    #[must_use]
    pub fn in_foot(self, order: u8, label: fn(Lang) -> &'static str) -> Self {
        self.last(|door| {
            door.place = Some(Place { path: door.path, pass: door.pass, order, label, icon: None, desk: false, foot: true })
        })
    }

    /// Both tables in one.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// The rows.
    #[must_use]
    pub fn list(&self) -> Vec<Door> {
        self.rows.iter().map(|(door, _)| door.clone()).collect()
    }

    /// Opens the doors of a city: the only way to a router, so that nothing is added behind the list's back. Our own doors (assets,
    /// preferences, the OpenAPI document) are part of it.
    pub fn open(self, city: &City) -> (Router, Vec<Door>) {
        let all = self.join(crate::assets::doors()).join(crate::layout::doors());
        let all = all
            .get("/api/openapi.json", Pass::Anyone, Limits::API, "This document: every door of the API.", crate::openapi::serve)
            .public(300);
        let list = all.list();
        let _ = city.nav.set(Nav::of(&list, crate::openapi::document(&list)));
        let mut router = Router::new();
        for (door, handler) in all.rows {
            let (path, limits) = (door.path, door.limits);
            let state = (city.clone(), Arc::new(door));
            let guarded = handler
                .layer::<_, Infallible>(DefaultBodyLimit::max(limits.body.max(1)))
                .layer(middleware::from_fn_with_state(state, guard::guard));
            router = route(router, path, guarded);
        }
        let router = router.fallback(edge::nothing_here).method_not_allowed_fallback(edge::wrong_method);
        let router = router.layer(middleware::from_fn_with_state(city.clone(), edge::edge)).with_state(city.clone());
        (router, list)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where a row of the table becomes a route")]
fn route(router: Router<City>, path: &str, handler: MethodRouter<City>) -> Router<City> {
    router.route(path, handler)
}

/// The list as it stands in the golden `doors.txt`: sorted by path, then method.
#[must_use]
pub fn lines(list: &[Door]) -> String {
    let mut all: Vec<(&str, &str, String)> = list.iter().map(|door| (door.path, door.method.as_str(), door.line())).collect();
    all.sort();
    all.into_iter().map(|(_, _, line)| line + "\n").collect()
}

impl Visit {
    /// Whether the caller may pass a door, for links that only make sense then.
    #[must_use]
    pub fn passes(&self, pass: Pass) -> bool {
        pass.admits(&self.caller)
    }
}
