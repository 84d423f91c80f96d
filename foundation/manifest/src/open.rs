//! From parts to a city that can be asked: the same way for the server and for the test city.

use access::{Access, Charter};
use cases::{KeyTrouble, Keys, Refusal};
use db::{Db, Lane};
use kernel::{Clock, Lang};
use places::Places;
use std::fmt;
use std::sync::Arc;
use web::{City, Opening, Settings};

/// What a city is opened from.
pub struct Parts {
    /// The database, migrated.
    pub db: Db,
    /// The pack, checked.
    pub pack: Arc<pack::City>,
    /// The files.
    pub files: files::Store,
    /// The keys.
    pub keys: Keys,
    /// The clock: the same that the database has.
    pub clock: Arc<dyn Clock>,
    /// The settings of the web.
    pub settings: Settings,
    /// The settings of sessions.
    pub access: access::Settings,
}

/// Why a city does not open.
#[derive(Debug)]
pub enum NotOpened {
    /// The database.
    Db(db::Error),
    /// The keys are not those of this database.
    Keys(KeyTrouble),
    /// The engine refuses what the pack compiled.
    Definitions(Refusal),
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Db(error) => write!(f, "{error}"),
            Self::Keys(trouble) => write!(f, "{trouble}"),
            Self::Definitions(refusal) => f.write_str(&refusal.text(Lang::En)),
        }
    }
}

impl std::error::Error for NotOpened {}

impl From<db::Error> for NotOpened {
    fn from(error: db::Error) -> Self {
        Self::Db(error)
    }
}

/// Opens a city: the keys are held against the database, and what the pack compiled is kept, before anybody is served.
///
/// # Errors
/// When the keys are not those of this database, and when the database cannot serve.
pub async fn open(parts: Parts) -> Result<City, NotOpened> {
    let Parts { db, pack, files, keys, clock, settings, access } = parts;
    let (holding, compiled) = (keys.clone(), pack.clone());
    db.write(Lane::Duty, move |tx| {
        holding.check(tx)?.map_err(NotOpened::Keys)?;
        let all: Vec<pack::Definition> = compiled.definitions().cloned().collect();
        cases::keep_definitions(tx, &all).map_err(NotOpened::Definitions)
    })
    .await?;
    let places = Arc::new(Places::new(&pack));
    let access = Access::new(db.clone(), clock.clone(), Charter::of(&pack), access);
    Ok(City::new(Opening { db, pack, places, files, keys: Arc::new(keys), clock, access, settings }))
}
