//! SQLite: one writer with full sync, readers that only read, and the checks before either.
//!
//! `$n` is a *named* parameter for SQLite, numbered by first appearance: `bind` reads the number from the name. Nothing outside this
//! file may bind, and `crate::Rd` and `crate::Tx` are the only callers.

use crate::row::{Check, Inner, Row};
use crate::value::V;
use crate::writer::Engine;
use crate::{Config, Error, Result, dialect};
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ffi};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The oldest version without the corruption at WAL reset.
const OLDEST: i64 = 3_051_003;
/// Pages in the WAL after which the writer checkpoints, once it has answered.
const CHECKPOINT_PAGES: i64 = 500;
/// Pages (64 MiB) after which it makes the WAL start anew, even if it has to wait a moment for readers.
const RESTART_PAGES: i64 = 16_384;
/// Pages (256 MiB) at which an operator must look: a reader is stuck.
const ALARM_PAGES: i64 = 65_536;

/// The writer's page cache in KiB (below zero, SQLite counts in KiB): its own commits leave it valid.
const WRITER_KIB: i64 = -32_768;
/// A reader's. Every commit of the writer empties it, and the kernel holds the file's pages once for all: more would only be memory.
const READER_KIB: i64 = -8_192;

/// So long a lock is waited for. Whoever is killed in the moment in which it starts another program (one that re-encodes a picture) leaves its
/// lock to that one, until that one is no longer a copy of it: a restart at once would be refused.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// Refuses versions that lose data.
pub(crate) fn check_version(found: i64) -> Result<()> {
    if found >= OLDEST {
        return Ok(());
    }
    Err(Error::Start(format!("SQLite {} is too old, 3.51.3 is needed", dotted(found))))
}

fn dotted(v: i64) -> String {
    format!("{}.{}.{}", v / 1_000_000, v / 1_000 % 1_000, v % 1_000)
}

/// Takes the lock that keeps a second process away from the file; held as long as the value lives.
pub(crate) fn lock(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|e| Error::Start(format!("{}: {e}", folder.display())))?;
    }
    let name = PathBuf::from(format!("{}.lock", path.display()));
    let open = |p: &Path| OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(p);
    let file = open(&name).map_err(|e| Error::Start(format!("{}: {e}", name.display())))?;
    let begun = Instant::now();
    while file.try_lock().is_err() {
        if begun.elapsed() > LOCK_WAIT {
            return Err(Error::Start(format!("{} is held: another process has this database open", name.display())));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // Made here rather than by SQLite, so that nobody else on the machine may read it; the WAL inherits the mode.
    open(path).map_err(|e| Error::Start(format!("{}: {e}", path.display())))?;
    Ok(file)
}

/// A connection with its time limit.
pub(crate) struct Session {
    conn: Connection,
    limit: Arc<Limit>,
    /// Pages in the WAL after this connection's last commit.
    wal_pages: Arc<AtomicI64>,
}

/// The moment at which a running statement is interrupted; monotonic.
struct Limit {
    base: Instant,
    at_ms: AtomicU64,
}

impl Session {
    pub(crate) fn open(path: &Path, reader: bool) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(path, flags).map_err(error)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(error)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).map_err(error)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).map_err(error)?;
        // A plan never looks at a bound value. Else a statement that stands beside a partial index or statistics is prepared anew at each
        // binding, which was half of what reading a whole case cost.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
        conn.busy_timeout(Duration::from_secs(5)).map_err(error)?;
        // No mmap: its pages count in the memory of each connection, and an I/O error there is a signal.
        conn.execute_batch(
            "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma trusted_schema=off;
             pragma temp_store=memory; pragma journal_size_limit=67108864; pragma wal_autocheckpoint=0;",
        )
        .and_then(|()| conn.pragma_update(None, "cache_size", if reader { READER_KIB } else { WRITER_KIB }))
        .map_err(error)?;
        let wal_pages = Arc::new(AtomicI64::new(0));
        if reader {
            conn.execute_batch("pragma query_only=on").map_err(error)?;
        } else {
            let pages = wal_pages.clone();
            conn.wal_hook(Some(move |_: &mut Wal, n: i32| {
                pages.store(n.into(), Ordering::Relaxed);
                Ok(())
            }))
            .map_err(error)?;
        }
        conn.set_prepared_statement_cache_capacity(1024);
        let limit = Arc::new(Limit { base: Instant::now(), at_ms: AtomicU64::new(u64::MAX) });
        let watched = limit.clone();
        let over = move || watched.at_ms.load(Ordering::Relaxed) < ms(watched.base.elapsed());
        conn.progress_handler(10_000, Some(over)).map_err(error)?;
        Ok(Self { conn, limit, wal_pages })
    }

    /// Statements from here on may run this long; `None` as long as they want.
    pub(crate) fn limit(&self, span: Option<Duration>) {
        let at = span.map_or(u64::MAX, |span| ms(self.limit.base.elapsed() + span));
        self.limit.at_ms.store(at, Ordering::Relaxed);
    }

    /// Runs a text of several statements: migrations and transactions.
    pub(crate) fn script(&self, sql: &str) -> Result<()> {
        self.conn.execute_batch(sql).map_err(error)
    }

    /// A migration's text in this engine's words.
    pub(crate) fn ddl(&self, sql: &str) -> Result<()> {
        self.script(&dialect::ddl(sql, true))
    }

    /// One statement without arguments and rows, prepared once.
    pub(crate) fn short(&self, sql: &'static str) -> Result<()> {
        self.conn.prepare_cached(sql).and_then(|mut s| s.raw_execute()).map(drop).map_err(error)
    }

    pub(crate) fn each(
        &self,
        sql: &str,
        args: &[V<'_>],
        check: Check<'_>,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(sql).map_err(error)?;
        check(statement.column_count(), &|i| statement.column_name(i).ok().map(str::to_owned))?;
        bind(&mut statement, args)?;
        let mut rows = statement.raw_query();
        // To the end: `insert … returning` has done its work only then.
        while let Some(row) = rows.next().map_err(error)? {
            visit(&Row(Inner::Sqlite(row)))?;
        }
        Ok(())
    }

    pub(crate) fn exec(&self, sql: &str, args: &[V<'_>]) -> Result<u64> {
        let mut statement = self.conn.prepare_cached(sql).map_err(error)?;
        if statement.column_count() > 0 {
            return Err(Error::Shape("the statement returns rows: read them with `all`, `opt` or `one`".into()));
        }
        bind(&mut statement, args)?;
        statement.raw_execute().map(|n| n as u64).map_err(error)
    }

    /// A snapshot for one closure.
    pub(crate) fn begin_read(&self) -> Result<()> {
        self.short("begin")
    }

    pub(crate) fn end_read(&self) {
        self.limit(None);
        if !self.conn.is_autocommit() && self.short("commit").is_err() {
            let _ = self.short("rollback");
        }
    }

    /// Copies the whole database as of now into another file, by SQLite's own backup, with a sync at the end.
    pub(crate) fn backup_to(&self, to: &Path) -> Result<()> {
        let mut target = Connection::open(to).map_err(error)?;
        let copy = rusqlite::backup::Backup::new(&self.conn, &mut target).map_err(error)?;
        copy.step(-1).map_err(error)?;
        drop(copy);
        target.execute_batch("pragma journal_mode=delete").map_err(error)
    }
}

fn ms(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// Binds by the number in the name, and refuses a wrong count, as PostgreSQL does.
fn bind(statement: &mut rusqlite::Statement<'_>, args: &[V<'_>]) -> Result<()> {
    let count = statement.parameter_count();
    if count != args.len() {
        return Err(Error::Shape(format!("the statement has {count} parameters, {} were given", args.len())));
    }
    for place in 1..=count {
        let number =
            statement.parameter_name(place).and_then(|name| name.strip_prefix('$')).and_then(|n| n.parse::<usize>().ok());
        let Some(value) = number.and_then(|n| args.get(n.wrapping_sub(1))) else {
            let name = statement.parameter_name(place).unwrap_or("?").to_owned();
            return Err(Error::Shape(format!("`{name}` is not a parameter from $1 to ${count}")));
        };
        check(value)?;
        statement.raw_bind_parameter(place, value).map_err(error)?;
    }
    Ok(())
}

/// Refuses values that one of the two engines would refuse or change.
pub(crate) fn check(value: &V<'_>) -> Result<()> {
    match value {
        V::T(text) if text.as_bytes().contains(&0) => Err(Error::Invalid("a text with a NUL character")),
        V::F(x) if x.is_nan() => Err(Error::Invalid("not a number")),
        _ => Ok(()),
    }
}

impl rusqlite::ToSql for V<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            V::Null => ValueRef::Null,
            V::I(n) => ValueRef::Integer(*n),
            V::F(x) => ValueRef::Real(*x),
            V::T(text) => ValueRef::Text(text.as_bytes()),
            V::B(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(crate) fn column<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<V<'r>> {
    Ok(match row.get_ref(column).map_err(error)? {
        ValueRef::Null => V::Null,
        ValueRef::Integer(n) => V::I(n),
        ValueRef::Real(x) => V::F(x),
        ValueRef::Text(bytes) => {
            V::T(std::str::from_utf8(bytes).map_err(|_| Error::Shape(format!("column {column} is not UTF-8")))?)
        }
        ValueRef::Blob(bytes) => V::B(bytes),
    })
}

/// SQLite's error in our words.
fn error(e: rusqlite::Error) -> Error {
    let (code, text) = match e {
        rusqlite::Error::SqliteFailure(code, text) => (code, text.unwrap_or_default()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg),
        other => return Error::Shape(other.to_string()),
    };
    let extended = code.extended_code;
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            let constraint = text.rsplit(": ").next().unwrap_or_default().to_owned();
            Error::Unique { constraint }
        }
        _ => match extended & 0xff {
            ffi::SQLITE_CONSTRAINT => Error::Constraint(text),
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::Busy(text),
            ffi::SQLITE_INTERRUPT => Error::Timeout,
            ffi::SQLITE_FULL => Error::DiskFull,
            _ => Error::Sql { code: extended.to_string(), text },
        },
    }
}

/// Whether the error came from the disk: after one in a commit or checkpoint, the kernel may have dropped what it did not write.
fn is_io(e: &Error) -> bool {
    let Error::Sql { code, .. } = e else { return false };
    matches!(code.parse::<i32>().map(|c| c & 0xff), Ok(ffi::SQLITE_IOERR | ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB))
}

/// The writer's side.
pub(crate) struct Writer {
    session: Session,
    write_limit: Duration,
    /// Pages in the WAL when it was last checkpointed.
    checkpointed: i64,
}

impl Writer {
    pub(crate) const fn new(session: Session, config: &Config) -> Self {
        Self { session, write_limit: Duration::from_millis(config.write_ms), checkpointed: 0 }
    }

    fn checkpoint(&self, how: &'static str) -> Result<()> {
        self.session.each(how, &[], &|_, _| Ok(()), &mut |_| Ok(()))
    }
}

impl Engine for Writer {
    fn conn(&mut self) -> crate::handle::Conn<'_> {
        crate::handle::Conn::Sqlite(&self.session)
    }

    fn begin(&mut self, _batch: i64) -> Result<()> {
        self.session.short("begin immediate")?;
        self.session.short("savepoint j")
    }

    fn job(&mut self) {
        self.session.limit(Some(self.write_limit));
    }

    fn next(&mut self) -> Result<()> {
        self.session.limit(None);
        self.session.short("release j")?;
        self.session.short("savepoint j")
    }

    fn undo(&mut self) -> Result<()> {
        self.session.limit(None);
        self.session.short("rollback to j")
    }

    fn whole(&mut self) -> bool {
        // SQLite ends a transaction by itself after some errors.
        !self.session.conn.is_autocommit()
    }

    fn commit(&mut self) -> Result<()> {
        self.session.limit(None);
        self.session.short("commit")
    }

    fn rollback(&mut self) {
        self.session.limit(None);
        if !self.session.conn.is_autocommit() {
            let _ = self.session.short("rollback");
        }
    }

    fn is_fatal(&self, e: &Error) -> bool {
        is_io(e)
    }

    fn tidy(&mut self) -> Result<()> {
        let pages = self.session.wal_pages.load(Ordering::Relaxed);
        if pages < self.checkpointed {
            self.checkpointed = 0; // the WAL has started anew
        }
        if pages - self.checkpointed < CHECKPOINT_PAGES {
            return Ok(());
        }
        self.checkpointed = pages;
        let done = if pages >= RESTART_PAGES {
            if pages >= ALARM_PAGES {
                tracing::warn!(pages, "the WAL is over 256 MiB: a reader has been in its snapshot for too long");
            }
            // Readers are waited for, but not for long: everybody's acknowledgement stands behind this.
            self.session.conn.busy_timeout(Duration::from_millis(50)).map_err(error)?;
            let done = self.checkpoint("pragma wal_checkpoint(restart)");
            self.session.conn.busy_timeout(Duration::from_secs(5)).map_err(error)?;
            done
        } else {
            self.checkpoint("pragma wal_checkpoint(passive)")
        };
        match done {
            // No room to grow the file, or somebody reads: the WAL keeps what it has, and the next turn tries again.
            Err(Error::DiskFull | Error::Busy(_)) => Ok(()),
            other => other,
        }
    }

    fn finish(&mut self) -> Result<()> {
        match self.checkpoint("pragma wal_checkpoint(truncate)") {
            Err(Error::DiskFull | Error::Busy(_)) => Ok(()),
            other => other,
        }
    }

    fn revive(&mut self, _batch: i64) -> Result<bool> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_bound_value_never_makes_a_plan_anew() {
        let folder = std::env::temp_dir().join(format!("songhan-plans-{}", kernel::Key::random().as_str()));
        let file = folder.join("plans.db");
        let _lock = lock(&file).expect("nobody else has it");
        let session = Session::open(&file, false).expect("it opens");
        // Beside a partial index the value could choose the plan.
        session
            .script("create table t (a integer, b text); create index t_b on t (b) where a > 3; insert into t values (5, 'x')")
            .expect("a table");
        let sql = "select b from t where a > $1 and b = $2";
        for n in 0..20 {
            session.each(sql, &[V::I(n), V::T("x")], &|_, _| Ok(()), &mut |_| Ok(())).expect("it reads");
        }
        let again = session.conn.prepare_cached(sql).expect("it is kept").get_status(StatementStatus::RePrepare);
        drop(session);
        let _ = std::fs::remove_dir_all(&folder);
        assert_eq!(again, 0, "prepared anew {again} times");
    }
}
