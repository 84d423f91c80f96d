//! PostgreSQL: the sync client on threads of our own (it may never be called on a tokio thread), statements prepared once per
//! connection, and a way back after a cut one.
//!
//! Every transaction of a writer first writes its number into the writer's row of `db_nodes`. After a cut connection that row tells
//! whether the commit arrived; reading it waits for the old transaction's row lock, so the answer cannot change afterwards.
//! A writer's connection holds the writer's number as an advisory lock: no second process can write under it, with the same ids.

use crate::error::KEY_RACE;
use crate::handle::Conn;
use crate::row::{Check, Inner, Row};
use crate::value::V;
use crate::writer::Engine;
use crate::{Config, Error, Result, dialect};
use ::postgres::fallible_iterator::FallibleIterator as _;
use ::postgres::types::private::BytesMut;
use ::postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The oldest version that is tested.
const OLDEST: i64 = 150_000;

/// Refuses versions that nobody tests.
pub(crate) fn check_version(found: i64) -> Result<()> {
    if found >= OLDEST {
        return Ok(());
    }
    Err(Error::Start(format!("PostgreSQL {}.{} is too old, 15 is needed", found / 10_000, found % 10_000)))
}

/// The advisory locks of writers, among all those of the database.
const WRITERS: i32 = 7_264_082;
/// How long a start waits for the process before it to be gone.
const CLAIM_AT_START_MS: u32 = 5_000;
/// How long a statement waits for a lock.
const LOCK_MS: u32 = 2_000;

/// How to reach the server, as often as needed.
pub(crate) struct Address {
    config: ::postgres::Config,
    node: u16,
    statement_ms: u64,
}

impl Address {
    pub(crate) fn new(config: &Config, statement_ms: u64) -> Result<Self> {
        let mut address: ::postgres::Config =
            config.url.parse().map_err(|_| Error::Start("the PostgreSQL address cannot be read".into()))?;
        // A peer that has vanished without a word is noticed soon enough to answer everybody within ten seconds.
        address.connect_timeout(Duration::from_secs(2)).tcp_user_timeout(Duration::from_secs(4));
        address.keepalives_idle(Duration::from_secs(2)).keepalives_interval(Duration::from_secs(1)).keepalives_retries(2);
        Ok(Self { config: address, node: config.node, statement_ms })
    }

    fn connect(&self) -> Result<(Client, String)> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let name = format!("songhan-{}-{}-{}", self.node, std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let mut config = self.config.clone();
        config.application_name(&name);
        let mut client = config.connect(NoTls).map_err(|e| connect_error(&e))?;
        let settings = format!(
            "set statement_timeout = {}; set lock_timeout = {LOCK_MS}; set idle_in_transaction_session_timeout = 15000; \
             select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')",
            self.statement_ms
        );
        client.batch_execute(&settings).map_err(|e| error(&e))?;
        Ok((client, name))
    }
}

fn connect_error(e: &::postgres::Error) -> Error {
    match e.as_db_error() {
        Some(refused) => Error::Start(format!("PostgreSQL refuses: {}", refused.message())),
        None => Error::Start(format!(
            "PostgreSQL cannot be reached: {e}{}",
            std::error::Error::source(e).map_or(String::new(), |c| format!(": {c}"))
        )),
    }
}

/// A connection with its prepared statements.
pub(crate) struct Session {
    client: Client,
    /// This connection's name in `pg_stat_activity`.
    name: String,
    address: Arc<Address>,
    /// By place and length of the text: statements are constants of the program.
    prepared: HashMap<(usize, usize), Statement>,
    read_only: bool,
}

impl Session {
    pub(crate) fn open(address: &Arc<Address>, read_only: bool) -> Result<Self> {
        let (client, name) = address.connect()?;
        Ok(Self { client, name, address: address.clone(), prepared: HashMap::new(), read_only })
    }

    /// A fresh connection in the place of a lost one.
    fn reopen(&mut self) -> Result<()> {
        let (client, name) = self.address.connect().map_err(|_| Error::Gone)?;
        self.client = client;
        self.name = name;
        self.prepared.clear();
        Ok(())
    }

    pub(crate) fn version(&mut self) -> Result<i64> {
        let row = self.client.query_one("select current_setting('server_version_num')", &[]).map_err(|e| error(&e))?;
        let text: &str = row.get(0);
        text.parse().map_err(|_| Error::Start("the server's version cannot be read".into()))
    }

    /// Runs a text of several statements.
    pub(crate) fn script(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(|e| error(&e))
    }

    /// A migration's text in this engine's words.
    pub(crate) fn ddl(&mut self, sql: &str) -> Result<()> {
        self.script(&dialect::ddl(sql, false))
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(known) = self.prepared.get(&key) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| error(&e))?;
        self.prepared.insert(key, statement.clone());
        Ok(statement)
    }

    /// After another node's migration, a statement may no longer fit its plan: prepare it anew when the closure runs again.
    fn seen(&mut self, e: &::postgres::Error) -> Error {
        let e = error(e);
        if matches!(&e, Error::Busy(why) if why == STALE) {
            self.prepared.clear();
        }
        e
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        args: &[V<'_>],
        check: Check<'_>,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepare(sql)?;
        self.rows(&statement, args, check, visit)
    }

    /// As `each`, for a text that is made once and not kept.
    pub(crate) fn each_once(&mut self, sql: &str, check: Check<'_>, visit: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let statement = self.client.prepare(sql).map_err(|e| error(&e))?;
        self.rows(&statement, &[], check, visit)
    }

    fn rows(
        &mut self,
        statement: &Statement,
        args: &[V<'_>],
        check: Check<'_>,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        fits(statement, args)?;
        let columns = statement.columns();
        check(columns.len(), &|i| columns.get(i).map(|c| c.name().to_owned()))?;
        let found = match self.client.query_raw(statement, args.iter().map(|v| v as &dyn ToSql)) {
            Ok(mut rows) => loop {
                match rows.next() {
                    Ok(Some(row)) => visit(&Row(Inner::Postgres(&row)))?,
                    Ok(None) => break Ok(()),
                    Err(e) => break Err(e),
                }
            },
            Err(e) => Err(e),
        };
        found.map_err(|e| self.seen(&e))
    }

    pub(crate) fn exec(&mut self, sql: &'static str, args: &[V<'_>]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        fits(&statement, args)?;
        if !statement.columns().is_empty() {
            return Err(Error::Shape("the statement returns rows: read them with `all`, `opt` or `one`".into()));
        }
        let done = match args.len() {
            0..=32 => {
                // No allocation for the usual statement.
                let mut list: [&(dyn ToSql + Sync); 32] = [&V::Null; 32];
                for (place, value) in list.iter_mut().zip(args) {
                    *place = value;
                }
                self.client.execute(&statement, &list[..args.len()])
            }
            _ => {
                let list: Vec<&(dyn ToSql + Sync)> = args.iter().map(|v| v as _).collect();
                self.client.execute(&statement, &list)
            }
        };
        done.map_err(|e| self.seen(&e))
    }

    /// A snapshot for one closure; a lost connection is replaced first.
    pub(crate) fn begin_read(&mut self) -> Result<()> {
        const BEGIN: &str = "begin isolation level repeatable read, read only";
        debug_assert!(self.read_only);
        match self.script(BEGIN) {
            Err(Error::Gone) => {
                self.reopen()?;
                self.script(BEGIN)
            }
            other => other,
        }
    }

    pub(crate) fn end_read(&mut self) {
        // In a failed transaction `commit` is a rollback: right for a reader.
        if self.script("commit").is_err() {
            let _ = self.script("rollback");
        }
    }
}

fn fits(statement: &Statement, args: &[V<'_>]) -> Result<()> {
    let count = statement.params().len();
    if count != args.len() {
        return Err(Error::Shape(format!("the statement has {count} parameters, {} were given", args.len())));
    }
    args.iter().try_for_each(crate::sqlite::check)
}

impl ToSql for V<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let wrong = || Err(format!("a {} was given for {ty}", self.kind()).into());
        match (self, ty) {
            (V::Null, _) => Ok(IsNull::Yes),
            (V::I(n), &Type::INT8) => n.to_sql(ty, out),
            (V::I(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            #[allow(clippy::cast_precision_loss)] // SQLite's `real` column takes whole numbers the same way
            (V::I(n), &Type::FLOAT8) => (*n as f64).to_sql(ty, out),
            (V::F(x), &Type::FLOAT8) => x.to_sql(ty, out),
            (V::T(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::BPCHAR | &Type::UNKNOWN) => text.to_sql(ty, out),
            (V::B(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            _ => wrong(),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // each pair is judged in `to_sql`, where the value is known
    }

    to_sql_checked!();
}

impl V<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            V::Null => "null",
            V::I(_) => "whole number",
            V::F(_) => "number",
            V::T(_) => "text",
            V::B(_) => "byte string",
        }
    }
}

struct Column<'a>(V<'a>);

impl<'a> FromSql<'a> for Column<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT8 => V::I(i64::from_sql(ty, raw)?),
            Type::INT4 => V::I(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => V::I(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => V::F(f64::from_sql(ty, raw)?),
            Type::BYTEA => V::B(raw),
            _ => V::T(<&str>::from_sql(ty, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(V::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::BOOL
                | Type::FLOAT8
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::BPCHAR
        )
    }
}

pub(crate) fn column(row: &::postgres::Row, column: usize) -> Result<V<'_>> {
    let typed = row.columns().get(column).map_or("none", |c| c.type_().name());
    row.try_get::<_, Column<'_>>(column)
        .map(|c| c.0)
        .map_err(|_| Error::Shape(format!("column {column} has type {typed}: cast it to one of the four")))
}

const STALE: &str = "a statement's plan was out of date";

/// PostgreSQL's error in our words. Its `detail` holds values and is left behind.
fn error(e: &::postgres::Error) -> Error {
    let Some(db) = e.as_db_error() else {
        let text = e.to_string();
        let ours = ["error serializing", "error deserializing", "error retrieving", "invalid column"];
        if ours.iter().any(|start| text.starts_with(start)) {
            let cause = std::error::Error::source(e).map_or(text.clone(), |cause| format!("{text}: {cause}"));
            return Error::Shape(cause);
        }
        return Error::Gone; // the connection, in one of its many words
    };
    let code = db.code().code();
    let text = db.message();
    match code {
        "23505" if db.table() == Some("db_keys") => Error::Busy(KEY_RACE.into()),
        "23505" => Error::Unique { constraint: db.constraint().unwrap_or_default().to_owned() },
        "40001" | "40P01" | "55P03" => Error::Busy(text.to_owned()),
        "0A000" if text.contains("cached plan") => Error::Busy(STALE.into()),
        "57014" => Error::Timeout,
        "53100" => Error::DiskFull,
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" | "53300" => Error::Gone,
        "22021" => Error::Invalid("a text with a NUL character"),
        _ if code.starts_with("08") => Error::Gone,
        _ if code.starts_with("23") => Error::Constraint(text.to_owned()),
        _ => Error::Sql { code: code.to_owned(), text: text.to_owned() },
    }
}

/// The writer's side.
pub(crate) struct Writer {
    session: Session,
    node: u16,
    number: usize,
    /// Whether this connection holds the writer's number.
    claimed: bool,
}

impl Writer {
    /// Takes the writer's number. A process that ended a moment ago may still hold it and is waited for.
    pub(crate) fn claim(session: Session, node: u16, number: usize) -> Result<Self> {
        let mut writer = Self { session, node, number, claimed: false };
        writer.hold(CLAIM_AT_START_MS).map_err(|e| match e {
            Error::Busy(_) | Error::Timeout => {
                Error::Start(format!("another process is node {node} of this database: each needs a number of its own"))
            }
            e => e,
        })?;
        Ok(writer)
    }

    fn hold(&mut self, wait_ms: u32) -> Result<()> {
        self.session.script(&format!(
            "set lock_timeout = {wait_ms}; select pg_advisory_lock({WRITERS}, {}); set lock_timeout = {LOCK_MS}",
            usize::from(self.node) << 8 | self.number
        ))?;
        self.claimed = true;
        Ok(())
    }
}

impl Engine for Writer {
    fn conn(&mut self) -> Conn<'_> {
        Conn::Postgres(&mut self.session)
    }

    fn begin(&mut self, batch: i64) -> Result<()> {
        if !self.claimed {
            return Err(Error::Gone);
        }
        // One message, one round trip. The row lock is also what a later `revive` waits for.
        self.session.script(&format!(
            "begin; update db_nodes set batch = {batch} where node = {} and writer = {}; savepoint j",
            self.node, self.number
        ))
    }

    fn job(&mut self) {}

    fn next(&mut self) -> Result<()> {
        self.session.script("release savepoint j; savepoint j")
    }

    fn undo(&mut self) -> Result<()> {
        self.session.script("rollback to savepoint j")
    }

    fn whole(&mut self) -> bool {
        !self.session.client.is_closed()
    }

    fn commit(&mut self) -> Result<()> {
        // `commit` alone would answer well in a failed transaction, and roll back; `release` does not.
        self.session.script("release savepoint j; commit")
    }

    fn rollback(&mut self) {
        if self.whole() {
            let _ = self.session.script("rollback");
        }
    }

    fn is_fatal(&self, _: &Error) -> bool {
        false // the server judges its own disk
    }

    fn tidy(&mut self) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }

    fn revive(&mut self, batch: i64) -> Result<bool> {
        let lost = self.session.name.clone();
        self.claimed = false;
        self.session.reopen()?;
        // Whatever the old connection still has on its way must not arrive after we have looked.
        self.session
            .script(&format!("select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{lost}'"))?;
        // Whoever took the number meanwhile keeps it, and this process writes no more until it is free.
        self.hold(LOCK_MS).map_err(|_| Error::Gone)?;
        let mut last = None;
        self.session.each_once(
            &format!("select batch from db_nodes where node = {} and writer = {} for update", self.node, self.number),
            &|_, _| Ok(()),
            &mut |row| {
                last = Some(row.get::<i64>(0)?);
                Ok(())
            },
        )?;
        Ok(last == Some(batch))
    }
}
