//! What a closure holds: `Rd` to read, `Tx` to read and write. Both engines behave alike behind them; in particular the first
//! error closes the handle, because PostgreSQL refuses everything after an error and SQLite would go on.

use crate::dialect::{self, SearchIndex};
use crate::ids::Ids;
use crate::row::{FromRow, Row};
use crate::value::V;
use crate::{Error, Result, fail, postgres, row, sqlite};
use kernel::Instant;
use std::ops::{Deref, DerefMut};

/// A connection of one of the two engines, while a closure has it.
pub(crate) enum Conn<'c> {
    Sqlite(&'c sqlite::Session),
    Postgres(&'c mut postgres::Session),
}

/// Read handle: the only way to rows. All reads of one closure see one snapshot.
pub struct Rd<'c> {
    pub(crate) conn: Conn<'c>,
    pub(crate) poison: Option<Error>,
    now: Instant,
}

impl<'c> Rd<'c> {
    pub(crate) const fn new(conn: Conn<'c>, now: Instant) -> Self {
        Self { conn, poison: None, now }
    }

    /// Every row.
    ///
    /// # Errors
    /// The engine's, or `Shape` when statement, arguments and columns do not fit.
    pub fn all<T: FromRow>(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each::<T>(sql, args, &mut |row| {
            rows.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The row, if there is one. More than one is a mistake in the statement.
    ///
    /// # Errors
    /// As `all`, and `Shape` when there is more than one row.
    pub fn opt<T: FromRow>(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<Option<T>> {
        let mut found = None;
        self.each::<T>(sql, args, &mut |row| {
            if found.is_some() {
                return Err(Error::Shape("more than one row where at most one was expected".into()));
            }
            found = Some(T::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The one row.
    ///
    /// # Errors
    /// As `opt`, and `NotFound` when there is none; that one leaves the handle usable.
    pub fn one<T: FromRow>(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<T> {
        self.opt(sql, args)?.ok_or(Error::NotFound)
    }

    /// The newest `limit` ids below `before` whose folded text holds all the words. Punctuation only separates words.
    ///
    /// # Errors
    /// The engine's.
    pub fn search(&mut self, index: &SearchIndex, words: &str, limit: i64, before: Option<i64>) -> Result<Vec<i64>> {
        let words: Vec<_> = dialect::words(words).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let texts = dialect::texts(index);
        let (sql, query) = match self.conn {
            Conn::Sqlite(_) => (texts.sqlite_find, dialect::fts5_query(&words)),
            Conn::Postgres(_) => (texts.postgres_find, words.join(" ")),
        };
        let before = before.unwrap_or(i64::MAX);
        let mut ids = Vec::new();
        self.each::<(i64,)>(sql, &[V::T(&query), V::I(before), V::I(limit)], &mut |row| {
            ids.push(row.get(0)?);
            Ok(())
        })?;
        Ok(ids)
    }

    /// This moment, the same for the whole closure and in every run of it.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    fn each<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: &[V<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.guard(|conn| match conn {
            Conn::Sqlite(session) => session.each(sql, args, &row::check::<T>, visit),
            Conn::Postgres(session) => session.each(sql, args, &row::check::<T>, visit),
        })
    }

    /// Runs one step unless an earlier one failed, and remembers the first failure.
    pub(crate) fn guard<T>(&mut self, step: impl FnOnce(&mut Conn<'c>) -> Result<T>) -> Result<T> {
        if let Some(first) = &self.poison {
            return Err(first.clone());
        }
        step(&mut self.conn).inspect_err(|e| self.poison = Some(e.clone()))
    }
}

/// Write handle: all of `Rd`, and more. After an error every further call gives that error again: write `on conflict do nothing`
/// and look at the count, instead of trying and catching.
pub struct Tx<'c> {
    rd: Rd<'c>,
    fixed: &'c mut Fixed,
    ids: &'c Ids,
}

/// What must be the same in every run of one closure.
#[derive(Default)]
pub(crate) struct Fixed {
    pub(crate) now: Option<Instant>,
    ids: Vec<i64>,
    used: usize,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>, fixed: &'c mut Fixed, ids: &'c Ids) -> Self {
        fixed.used = 0;
        let now = *fixed.now.get_or_insert_with(|| ids.now());
        Self { rd: Rd::new(conn, now), fixed, ids }
    }

    /// Runs a statement; how many rows it changed.
    ///
    /// # Errors
    /// The engine's, or `Shape` when the arguments do not fit or the statement returns rows (use `all`, `opt` or `one` for those).
    pub fn exec(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<u64> {
        let changed = self.rd.guard(|conn| match conn {
            Conn::Sqlite(session) => session.exec(sql, args),
            Conn::Postgres(session) => session.exec(sql, args),
        })?;
        self.rd.guard(|_| fail::at("after_insert"))?;
        Ok(changed)
    }

    /// Runs a statement that must change one row.
    ///
    /// # Errors
    /// As `exec`, and `Conflict` when another number of rows changed: the state was not the expected one.
    pub fn exec_one(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<()> {
        match self.exec(sql, args)? {
            1 => Ok(()),
            _ => Err(Error::Conflict("the row is not in the expected state")),
        }
    }

    /// Runs statements in order.
    ///
    /// # Errors
    /// The first that fails; the closure's work is rolled back with it.
    pub fn exec_many(&mut self, all: &[(&'static str, &[V<'_>])]) -> Result<()> {
        for (sql, args) in all {
            self.exec(sql, args)?;
        }
        Ok(())
    }

    /// Puts a folded text under an id, instead of what stood there. The migration says `create search index NAME;`.
    ///
    /// # Errors
    /// The engine's.
    pub fn index(&mut self, index: &SearchIndex, id: i64, folded: &str) -> Result<()> {
        let texts = dialect::texts(index);
        let words = dialect::words(folded).collect::<Vec<_>>().join(" ");
        let sql = if matches!(self.rd.conn, Conn::Sqlite(_)) { texts.sqlite_put } else { texts.postgres_put };
        self.exec(sql, &[V::I(id), V::T(&words)]).map(drop)
    }

    /// Takes an id out of an index.
    ///
    /// # Errors
    /// The engine's.
    pub fn unindex(&mut self, index: &SearchIndex, id: i64) -> Result<()> {
        let texts = dialect::texts(index);
        let sql = if matches!(self.rd.conn, Conn::Sqlite(_)) { texts.sqlite_drop } else { texts.postgres_drop };
        self.exec(sql, &[V::I(id)]).map(drop)
    }

    /// A fresh id: time-ordered, unique over all nodes, the same in every run of this closure. Never shown to people.
    pub fn id(&mut self) -> i64 {
        if self.fixed.used == self.fixed.ids.len() {
            self.fixed.ids.push(self.ids.next(self.rd.now));
        }
        self.fixed.used += 1;
        self.fixed.ids[self.fixed.used - 1]
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Rd<'c>;
    fn deref(&self) -> &Rd<'c> {
        &self.rd
    }
}
impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.rd
    }
}

impl Tx<'_> {
    /// Closes the handle with an error after which the closure runs again.
    pub(crate) fn busy(&mut self, why: &str) -> Error {
        let error = Error::Busy(why.to_owned());
        self.rd.poison.get_or_insert(error).clone()
    }
}
