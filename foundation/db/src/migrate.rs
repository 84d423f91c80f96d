//! Migrations: each crate's list merged into one history, sorted by name, each in its own transaction, each known by its digest.

use crate::reader::Source;
use crate::row::Row;
use crate::{Error, Result};
use kernel::{Instant, secret};
use std::collections::BTreeMap;

/// One step in the history of the tables. Never edited once released: its digest is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Time and purpose: `20261125100000_cases`.
    pub name: &'static str,
    /// The DDL, in PostgreSQL's words; SQLite's are made from it.
    pub sql: &'static str,
}

/// A migration from a file beside the crate: `migration!("20261125100000_cases", "../migrations/20261125100000_cases.sql")`.
#[macro_export]
macro_rules! migration {
    ($name:literal, $path:literal) => {
        $crate::Migration { name: $name, sql: include_str!($path) }
    };
}

/// This crate's own.
pub const MIGRATIONS: &[Migration] =
    &[migration!("20260101000000_keys_and_nodes", "../migrations/20260101000000_keys_and_nodes.sql")];

const TABLE: &str = "create table if not exists db_migrations (name text primary key, sha256 text not null, at bigint not null);";

/// The lists as one history.
///
/// # Errors
/// When two migrations bear one name.
pub(crate) fn merged(lists: &[&'static [Migration]]) -> Result<BTreeMap<&'static str, Migration>> {
    let mut all = BTreeMap::new();
    for migration in lists.iter().copied().chain([MIGRATIONS]).flatten() {
        if all.insert(migration.name, *migration).is_some() {
            return Err(Error::Start(format!("two migrations are named {}", migration.name)));
        }
    }
    Ok(all)
}

/// Brings the tables to the state this program knows; refuses, before it changes anything, when they are in one it does not know.
pub(crate) fn run(source: &mut Source, lists: &[&'static [Migration]], now: Instant) -> Result<()> {
    let all = merged(lists)?;
    if let Source::Postgres(session) = source {
        // Two nodes that start together: the second one waits, and finds the work done.
        session.script("set lock_timeout = 0; set statement_timeout = 0; select pg_advisory_lock(7264081)")?;
    }
    source.ddl(TABLE)?;
    let mut applied = BTreeMap::new();
    source.each("select name, sha256 from db_migrations", &mut |row| {
        applied.insert(row.get::<String>(0)?, row.get::<String>(1)?);
        Ok(())
    })?;
    for (name, digest) in &applied {
        let Some(migration) = all.get(name.as_str()) else {
            return Err(Error::Start(format!("a newer program has been here: it made {name}, which this one does not know")));
        };
        if *digest != fingerprint(migration) {
            return Err(Error::Start(format!("{name} was changed after it had been applied")));
        }
    }
    for (name, migration) in all.iter().filter(|(name, _)| !applied.contains_key(**name)) {
        source.script("begin")?;
        let line =
            format!("insert into db_migrations (name, sha256, at) values ('{name}', '{}', {})", fingerprint(migration), now.ms());
        let done = source.ddl(migration.sql).and_then(|()| source.script(&line)).and_then(|()| source.script("commit"));
        if let Err(e) = done {
            let _ = source.script("rollback");
            return Err(Error::Start(format!("{name}: {e}")));
        }
    }
    Ok(())
}

fn fingerprint(migration: &Migration) -> String {
    secret::hex(&secret::sha256(migration.sql.as_bytes()))
}

impl Source {
    pub(crate) fn script(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(session) => session.script(sql),
            Self::Postgres(session) => session.script(sql),
        }
    }

    fn ddl(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(session) => session.ddl(sql),
            Self::Postgres(session) => session.ddl(sql),
        }
    }

    pub(crate) fn each(&mut self, sql: &str, visit: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match self {
            Self::Sqlite(session) => session.each(sql, &[], &|_, _| Ok(()), visit),
            Self::Postgres(session) => session.each_once(sql, &|_, _| Ok(()), visit),
        }
    }
}
