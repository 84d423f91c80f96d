//! db: one SQL text, two engines; acknowledged means synced.
//!
//! A room's `store.rs` holds plain functions over `&mut Tx` or `&mut Rd`; a page calls
//! `db.write(Lane::Duty, move |tx| store::create(tx, &new)).await`. Many closures share one transaction and one sync, each in its own
//! savepoint, and each may run more than once: it touches nothing but `tx`, takes the time from `tx.now()` and ids from `tx.id()`.
//!
//! Start at `writer.rs` (group commit), `handle.rs` (what a closure may do) and `dialect.rs` (where the engines differ). The SQL is
//! lower case with `$1` bound by number; types are `text`, `bigint`, `double precision`, `bytea`; a migration's line
//! `create search index NAME;` makes a full-text index. Not here: what the tables mean.

mod dialect;
mod digest;
mod error;
pub mod fail;
mod handle;
mod ids;
mod keys;
mod migrate;
mod postgres;
mod queue;
mod reader;
mod row;
mod sqlite;
pub mod test;
mod value;
mod writer;

pub use dialect::SearchIndex;
pub use digest::{digest, dump, tables};
pub use error::{Error, Result};
pub use handle::{Rd, Tx};
pub use ids::first_id;
pub use keys::{forget_old, once};
pub use migrate::{MIGRATIONS, Migration};
pub use queue::Lane;
pub use row::{FromRow, Row};
pub use value::{FromV, ToV, V};

use kernel::Clock;
use queue::Queue;
use reader::{Reader, Source};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use writer::{Counts, Engine, Slot, Work, Writer};

/// What the process does when its disk has failed under a commit: `std::process::abort`, but tests look on.
pub type End = Arc<dyn Fn(&str) + Send + Sync>;

/// How to open a database. `Config { run_twice: true, ..Config::new("sqlite:data/city.db") }`.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Reading threads; one of them serves the life lane only.
    pub readers: usize,
    /// Closures that share one sync at most; 1 only to compare.
    pub group: usize,
    /// A batch takes nobody in once it has worked this long.
    pub batch_ms: u64,
    /// Writing connections on PostgreSQL. One batching writer is faster than four, unless the sync is slow and the rows differ.
    pub pg_writers: usize,
    /// Tests: each writing closure runs, is rolled back, and runs again.
    pub run_twice: bool,
    /// This node's number, below 256: it is in every id. A second process with the same number is refused.
    pub node: u16,
    /// A reading closure ends by then.
    pub read_ms: u64,
    /// A writing closure ends by then.
    pub write_ms: u64,
    /// Room in the lanes life, duty, comfort.
    pub lanes: [usize; 3],
    /// Called when the disk has failed under a commit or a checkpoint.
    pub end: End,
    /// The engine's version as found, for the tests of the check.
    pub version: fn(i64) -> i64,
}

impl Config {
    /// The measured defaults for an address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        Self {
            readers: if url.starts_with("sqlite:") { 3 } else { 5 },
            url,
            group: 256,
            batch_ms: 20,
            pg_writers: 1,
            run_twice: false,
            node: 0,
            read_ms: 5_000,
            write_ms: 10_000,
            lanes: [65_536, 4_096, 256],
            end: Arc::new(|_| std::process::abort()),
            version: |found| found,
        }
    }
}

/// A database with its threads. Cheap to clone; closes when the last clone is gone, after finishing what is in the queue.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    guard: Option<Guard>,
}

/// What every write of a guarded clone must pass first, in the same transaction.
type Guard = Arc<dyn Fn(&mut Tx<'_>) -> Result<()> + Send + Sync>;

struct Inner {
    writes: Arc<Queue<Slot>>,
    reads: Arc<Queue<reader::Job>>,
    counts: Arc<Counts>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Ends when the last thread has ended.
    ended: tokio::sync::Mutex<tokio::sync::mpsc::Receiver<()>>,
    file: Option<PathBuf>,
    /// Held as long as the threads run.
    _lock: Option<File>,
}

impl Db {
    /// Opens: lock, version check, migrations, threads.
    ///
    /// # Errors
    /// `Start` with the reason in words.
    pub fn open(config: Config, migrations: &[&'static [Migration]], clock: Arc<dyn Clock>) -> Result<Self> {
        // On a thread of its own: the PostgreSQL client may not be called on a tokio thread.
        thread::scope(|scope| scope.spawn(|| open(config, migrations, clock)).join()).unwrap_or(Err(Error::Panic))
    }

    /// Runs a closure in a transaction; `Ok` only after it is synced. An error of the closure rolls its work back and comes back as is.
    ///
    /// `Fn`, because it may run more than once: it touches nothing but `tx`. It runs to its end also when this future is dropped.
    ///
    /// # Errors
    /// The closure's; `Full` when the lane is full; `Gone` when nobody can say whether it was stored: try again with the same key.
    pub async fn write<T, E, F>(&self, lane: Lane, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.push_write(lane, closure, move |said| drop(reply.send(said)))?;
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Gone)))
    }

    /// `write` for a thread that may wait: the command line, imports, tests.
    ///
    /// # Errors
    /// As `write`.
    pub fn write_now<T, E, F>(&self, lane: Lane, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = mpsc::sync_channel(1);
        self.push_write(lane, closure, move |said| drop(reply.send(said)))?;
        answer.recv().unwrap_or_else(|_| Err(E::from(Error::Gone)))
    }

    fn push_write<T, E, F, R>(&self, lane: Lane, closure: F, reply: R) -> Result<()>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        R: FnOnce(Result<T, E>) + Send + 'static,
    {
        let slot = match self.guard.clone() {
            None => Slot::new(Box::new(Work { closure, said: None, reply })),
            Some(guard) => {
                let closure = move |tx: &mut Tx<'_>| {
                    guard(tx)?;
                    closure(tx)
                };
                Slot::new(Box::new(Work { closure, said: None, reply }))
            }
        };
        self.inner.writes.push(lane, slot)
    }

    /// Runs a closure over one snapshot, within the time limit.
    ///
    /// # Errors
    /// The closure's; `Full` when the lane is full; `Timeout` when a statement ran too long.
    pub async fn read<T, E, F>(&self, lane: Lane, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Rd<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.inner.reads.push(lane, reader::job(closure, move |said| drop(reply.send(said))))?;
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Gone)))
    }

    /// `read` for a thread that may wait.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_now<T, E, F>(&self, lane: Lane, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Rd<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = mpsc::sync_channel(1);
        self.inner.reads.push(lane, reader::job(closure, move |said| drop(reply.send(said))))?;
        answer.recv().unwrap_or_else(|_| Err(E::from(Error::Gone)))
    }

    /// A clone whose every write first passes `guard` in its own transaction, and fails with it: how a job that has lost its lease
    /// is kept from writing.
    #[must_use]
    pub fn guarded(&self, guard: impl Fn(&mut Tx<'_>) -> Result<()> + Send + Sync + 'static) -> Self {
        let before = self.guard.clone();
        let guard: Guard = match before {
            None => Arc::new(guard),
            Some(before) => Arc::new(move |tx| before(tx).and_then(|()| guard(tx))),
        };
        Self { inner: self.inner.clone(), guard: Some(guard) }
    }

    /// How many writes wait in life, duty and comfort.
    #[must_use]
    pub fn depth(&self) -> [usize; 3] {
        self.inner.writes.depth()
    }

    /// How many reads wait in life, duty and comfort.
    #[must_use]
    pub fn reads_waiting(&self) -> [usize; 3] {
        self.inner.reads.depth()
    }

    /// When something was last committed, in milliseconds of the clock; 0 before the first. Readiness is an effect, not a claim.
    #[must_use]
    pub fn last_commit_ms(&self) -> i64 {
        self.inner.counts.last_commit_ms.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// How many transactions were synced.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.inner.counts.syncs.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// How many closures were acknowledged as stored.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.inner.counts.acknowledged.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The database file; `None` on PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.inner.file.as_deref()
    }

    /// Copies the database as of now into a new file, on the calling thread. Writing goes on meanwhile.
    ///
    /// # Errors
    /// The engine's; on PostgreSQL `Invalid`, because its own tools do this.
    pub fn backup_to(&self, to: &Path) -> Result<()> {
        let file = self.inner.file.as_deref().ok_or(Error::Invalid("PostgreSQL is backed up with its own tools"))?;
        sqlite::Session::open(file, true)?.backup_to(to)
    }

    /// Takes no more work, finishes what is in the queues, and puts the WAL into the file.
    pub async fn drain(&self) {
        self.close();
        let mut ended = self.inner.ended.lock().await;
        while ended.recv().await.is_some() {}
    }

    /// Takes no more work; what is in the queues will still be done.
    pub fn close(&self) {
        self.inner.writes.close();
        self.inner.reads.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
        let me = thread::current().id();
        for handle in self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A closure may own the last clone: then this is one of the threads.
            if handle.thread().id() != me {
                let _ = handle.join();
            }
        }
    }
}

/// What `open` gathers while it starts the threads.
struct Opening {
    config: Config,
    clock: Arc<dyn Clock>,
    ids: Arc<ids::Ids>,
    writes: Arc<Queue<Slot>>,
    reads: Arc<Queue<reader::Job>>,
    counts: Arc<Counts>,
    threads: Vec<JoinHandle<()>>,
    alive: tokio::sync::mpsc::Sender<()>,
}

fn open(config: Config, migrations: &[&'static [Migration]], clock: Arc<dyn Clock>) -> Result<Db> {
    if config.node >= ids::NODES {
        return Err(Error::Start(format!("the node's number must be below {}", ids::NODES)));
    }
    let path = config.url.strip_prefix("sqlite:").map(PathBuf::from);
    let (mut first, lock, address) = match &path {
        Some(path) => {
            sqlite::check_version((config.version)(i64::from(rusqlite::version_number())))?;
            let lock = sqlite::lock(path)?;
            (Source::Sqlite(sqlite::Session::open(path, false)?), Some(lock), None)
        }
        None => {
            let address = Arc::new(postgres::Address::new(&config, config.write_ms)?);
            let mut session = postgres::Session::open(&address, false)?;
            postgres::check_version((config.version)(session.version()?))?;
            (Source::Postgres(session), None, Some(address))
        }
    };
    migrate::run(&mut first, migrations, clock.now())?;
    let writers = if path.is_some() { 1 } else { config.pg_writers.max(1) };
    // Before the ids are read that the process before this one promised: it may still be ending.
    let claimed = address.iter().flat_map(|address| (0..writers).map(move |number| (address, number)));
    let claimed =
        claimed.map(|(address, number)| postgres::Writer::claim(postgres::Session::open(address, false)?, config.node, number));
    let claimed: Vec<postgres::Writer> = claimed.collect::<Result<_>>()?;
    let reserved = enrol(&mut first, config.node, writers)?;
    let (alive, ended) = tokio::sync::mpsc::channel(1);
    let mut opening = Opening {
        ids: Arc::new(ids::Ids::new(clock.clone(), config.node, reserved)),
        writes: Arc::new(Queue::new(config.lanes)),
        reads: Arc::new(Queue::new(config.lanes)),
        counts: Arc::default(),
        threads: Vec::new(),
        clock,
        config,
        alive,
    };
    match first {
        Source::Sqlite(session) => {
            let engine = sqlite::Writer::new(session, &opening.config);
            opening.writer(engine, 0)?;
        }
        Source::Postgres(session) => {
            drop(session); // it waited without limits for the migrations
            for (number, engine) in claimed.into_iter().enumerate() {
                opening.writer(engine, number)?;
            }
        }
    }
    for number in 0..opening.config.readers.max(2) {
        let source = match &path {
            Some(path) => Source::Sqlite(sqlite::Session::open(path, true)?),
            None => {
                let address = Arc::new(postgres::Address::new(&opening.config, opening.config.read_ms)?);
                Source::Postgres(postgres::Session::open(&address, true)?)
            }
        };
        opening.reader(source, number)?;
    }
    Ok(Db {
        inner: Arc::new(Inner {
            writes: opening.writes,
            reads: opening.reads,
            counts: opening.counts,
            threads: Mutex::new(opening.threads),
            ended: tokio::sync::Mutex::new(ended),
            file: path,
            _lock: lock,
        }),
        guard: None,
    })
}

/// Gives each writer its row; up to where this node's ids were promised.
fn enrol(source: &mut Source, node: u16, writers: usize) -> Result<i64> {
    for writer in 0..writers {
        source.script(&format!(
            "insert into db_nodes (node, writer, batch, reserved) values ({node}, {writer}, 0, 0) on conflict (node, writer) do nothing"
        ))?;
    }
    let mut reserved = 0;
    source.each(&format!("select max(reserved) from db_nodes where node = {node}"), &mut |row| {
        reserved = row.get(0)?;
        Ok(())
    })?;
    Ok(reserved)
}

impl Opening {
    fn writer(&mut self, engine: impl Engine + Send + 'static, number: usize) -> Result<()> {
        let writer = Writer {
            engine,
            queue: self.writes.clone(),
            ids: self.ids.clone(),
            counts: self.counts.clone(),
            node: self.config.node,
            number,
            group: self.config.group.max(1),
            batch_span: Duration::from_millis(self.config.batch_ms),
            run_twice: self.config.run_twice,
            end: self.config.end.clone(),
            batch: 0,
            since: Instant::now(),
        };
        self.start(format!("db-writer-{number}"), move || writer.run())
    }

    fn reader(&mut self, source: Source, number: usize) -> Result<()> {
        let limit = Duration::from_millis(self.config.read_ms);
        let reader = Reader { source, queue: self.reads.clone(), clock: self.clock.clone(), limit, life_only: number == 0 };
        self.start(format!("db-reader-{number}"), move || reader.run())
    }

    fn start(&mut self, name: String, work: impl FnOnce() + Send + 'static) -> Result<()> {
        let alive = self.alive.clone();
        let thread = thread::Builder::new().name(name).spawn(move || {
            work();
            drop(alive);
        });
        self.threads.push(thread.map_err(|e| Error::Start(e.to_string()))?);
        Ok(())
    }
}
