//! The city as a handler holds it: database, pack, places, files, clock, settings. Cheap to clone.

use crate::{Sender, Trouble, layout::Nav, limiter::Limiter};
use access::Access;
use axum::{extract::FromRequestParts, http::request::Parts};
use db::{Db, Lane, Rd, Tx};
use kernel::{Clock, Instant};
use std::{
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, OnceLock},
};

/// How a server is set up; the rest is in the pack.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The public origin, `https://songhan.example`; `None` compares with `Host` (a desk, a test).
    pub origin: Option<String>,
    /// Our own address, `http://127.0.0.1:8022`: where links in messages lead as long as there is no public origin.
    pub listens: String,
    /// Proxies in front of us whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Whether addresses are counted. Off only on loopback; the server checks that.
    pub limits: bool,
    /// What this instance is.
    pub mode: Mode,
}

/// What an instance is: a demonstration says so on every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Real people, real reports.
    #[default]
    Live,
    /// Invented people, known passwords.
    Demo,
}

impl Settings {
    /// What stands before our paths where they are read outside of our pages: in messages, in answers to programs.
    #[must_use]
    pub fn base(&self) -> &str {
        self.origin.as_deref().unwrap_or(&self.listens)
    }

    /// Whether browsers reach us over HTTPS only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }
}

/// What a server opens a city with.
pub struct Opening {
    /// The database.
    pub db: Db,
    /// The pack.
    pub pack: Arc<pack::City>,
    /// The places of the pack.
    pub places: Arc<places::Places>,
    /// The files.
    pub files: files::Store,
    /// The keys of the case engine.
    pub keys: Arc<cases::Keys>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Sessions, and who may do what.
    pub access: Access,
    /// The settings.
    pub settings: Settings,
}

/// The state of every handler.
#[derive(Clone)]
pub struct City {
    /// The database. Handlers use [`City::read`] and [`City::write`].
    pub db: Db,
    /// What the city says about itself.
    pub pack: Arc<pack::City>,
    /// Where things are.
    pub places: Arc<places::Places>,
    /// Photos and documents.
    pub files: files::Store,
    /// The keys of the case engine.
    pub keys: Arc<cases::Keys>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Sessions, and who may do what.
    pub access: Access,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) nav: Arc<OnceLock<Nav>>,
    pub(crate) form_key: [u8; 32],
}

impl City {
    /// A city from its parts.
    #[must_use]
    pub fn new(opening: Opening) -> Self {
        let Opening { db, pack, places, files, keys, clock, access, settings } = opening;
        let form_key = keys.blind("form tokens");
        let (settings, limiter, nav) = (Arc::new(settings), Arc::new(Limiter::new()), Arc::default());
        Self { db, pack, places, files, keys, clock, settings, access, limiter, nav, form_key }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Today in the city.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.now().day(&self.pack.zone)
    }

    /// Counts a knock after the form was read, at a door whose [`crate::Limits::uncounted`] leaves it to its handler: what may concern a life
    /// is never turned away because of its address (rule R3), and only the form says whether it does.
    ///
    /// # Errors
    /// 429 when this address had more than `a_minute` of this class within the last minute.
    pub fn knock(&self, sender: &Sender, class: &'static str, a_minute: u32) -> Result<(), Trouble> {
        match sender.address {
            Some(address) if self.settings.limits && !self.limiter.admits(class, address, a_minute, self.now()) => {
                Err(Trouble::later(429, 60, crate::words::too_often))
            }
            _ => Ok(()),
        }
    }

    /// Reads from one snapshot.
    ///
    /// # Errors
    /// What `f` returns, and when the database cannot serve.
    pub async fn read<T, E, F>(&self, lane: Lane, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<db::Error> + Send + 'static,
        F: FnOnce(&mut Rd<'_>) -> Result<T, E> + Send + 'static,
    {
        self.db.read(lane, f).await
    }

    /// Writes in one durable transaction; answers after it is synced. The closure may run more than once.
    ///
    /// # Errors
    /// What `f` returns (nothing is stored then), and when the database cannot serve.
    pub async fn write<T, E, F>(&self, lane: Lane, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<db::Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.db.write(lane, f).await
    }
}

impl FromRequestParts<Self> for City {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, city: &Self) -> Result<Self, Self::Rejection> {
        Ok(city.clone())
    }
}
