//! Fresh databases for tests: on SQLite a copy of a migrated template file, on PostgreSQL one of a pool made from a template
//! database. Every write closure runs twice, so that one that touches more than its transaction is caught.
//!
//! PostgreSQL is used where `SONGHAN_TEST_POSTGRES` names a server that may be filled with databases; otherwise its half of a story
//! says that it is skipped. What a test draws comes from [`chance`].

pub mod chance;

use crate::{Config, Db, Migration, migrate};
use kernel::{Clock, HandClock, Instant, secret};
use std::collections::HashMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The variable that names the PostgreSQL server for tests.
pub const POSTGRES: &str = "SONGHAN_TEST_POSTGRES";

/// A clock that stands until the story moves it. It begins on 25 November 2026, a Wednesday, at 08:00 in Vietnam.
#[must_use]
pub fn clock() -> Arc<HandClock> {
    Arc::new(HandClock::at(Instant(1_795_568_400_000)))
}

/// A database of a test. Gone with its value.
pub struct TestDb {
    db: Option<Db>,
    /// How it was opened: a test may open it again.
    pub config: Config,
    /// The clock it was opened with.
    pub clock: Arc<dyn Clock>,
    /// The same clock when the test may move it.
    pub hand: Arc<HandClock>,
    migrations: Vec<&'static [Migration]>,
    home: Home,
}

/// What has to be kept, and cleared away.
enum Home {
    Folder(PathBuf),
    /// The connection whose lock says that the database is taken.
    Taken(Mutex<Option<Box<::postgres::Client>>>),
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db.as_ref().expect("it is closed only while it is reopened")
    }
}

impl TestDb {
    /// Whether it is the SQLite one.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.home, Home::Folder(_))
    }

    /// A clone for other threads and the server.
    #[must_use]
    pub fn db(&self) -> Db {
        (**self).clone()
    }

    /// What the clock shows.
    #[must_use]
    pub fn hand_now(&self) -> Instant {
        self.hand.now()
    }

    /// Closes and opens again, as a restart does.
    pub fn reopen(&mut self) {
        self.reopen_with(|_| {});
    }

    /// Closes and opens again with another configuration.
    pub fn reopen_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.db = None;
        change(&mut self.config);
        self.db =
            Some(Db::open(self.config.clone(), &self.migrations, self.clock.clone()).expect("the test database opens again"));
    }

    /// Closes, and leaves the file or database for a test that opens it by itself.
    pub fn shut(&mut self) -> Config {
        self.db = None;
        self.config.clone()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db = None;
        match &self.home {
            Home::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Home::Taken(client) => {
                // Dropped on a thread of its own: the client may not end on a tokio thread.
                let client = client.lock().unwrap_or_else(PoisonError::into_inner).take();
                let _ = std::thread::spawn(move || drop(client)).join();
            }
        }
    }
}

/// A fresh SQLite database.
#[must_use]
pub fn sqlite(migrations: &[&'static [Migration]]) -> TestDb {
    sqlite_with(migrations, |_| {})
}

/// A fresh SQLite database, opened as the test wants.
#[must_use]
pub fn sqlite_with(migrations: &[&'static [Migration]], change: impl FnOnce(&mut Config)) -> TestDb {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = folder().join(format!("db-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&folder).expect("a folder for the test's database can be made");
    let file = folder.join("city.db");
    std::fs::copy(template(migrations), &file).expect("the template can be copied");
    let mut config = Config { run_twice: true, ..Config::new(format!("sqlite:{}", file.display())) };
    change(&mut config);
    opened(config, migrations, Home::Folder(folder))
}

fn opened(config: Config, migrations: &[&'static [Migration]], home: Home) -> TestDb {
    let hand = self::clock();
    let clock: Arc<dyn Clock> = hand.clone();
    let db = Db::open(config.clone(), migrations, clock.clone()).unwrap_or_else(|e| panic!("the test database opens: {e}"));
    TestDb { db: Some(db), config, clock, hand, migrations: migrations.to_vec(), home }
}

/// This process's folder, in memory where the machine has such. Folders of processes that are no more are cleared away.
fn folder() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    const NAME: &str = "songhan-test-";
    MADE.get_or_init(|| {
        let base = Path::new("/dev/shm");
        let base = if base.is_dir() { base.to_owned() } else { std::env::temp_dir() };
        for entry in std::fs::read_dir(&base).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let process = name.to_str().and_then(|n| n.strip_prefix(NAME)).filter(|p| !Path::new("/proc").join(p).exists());
            if process.is_some() {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
        base.join(format!("{NAME}{}", std::process::id()))
    })
    .clone()
}

fn history(migrations: &[&'static [Migration]]) -> String {
    let all = migrate::merged(migrations).unwrap_or_else(|e| panic!("{e}"));
    let text: String = all.values().flat_map(|m| [m.name, m.sql]).collect();
    secret::hex(&secret::sha256(text.as_bytes())[..8])
}

/// A migrated, empty file; made once per process and list of migrations.
fn template(migrations: &[&'static [Migration]]) -> PathBuf {
    static MADE: OnceLock<Mutex<HashMap<String, PathBuf>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let history = history(migrations);
    made.entry(history.clone())
        .or_insert_with(|| {
            let file = folder().join(format!("template-{history}.db"));
            let config = Config::new(format!("sqlite:{}", file.display()));
            // Closing puts all of it into the one file.
            drop(Db::open(config, migrations, clock()).unwrap_or_else(|e| panic!("the migrations run: {e}")));
            file
        })
        .clone()
}

/// A fresh PostgreSQL database; `None`, with one line about it, where no server is named.
#[must_use]
pub fn postgres(migrations: &[&'static [Migration]]) -> Option<TestDb> {
    postgres_with(migrations, |_| {})
}

/// A fresh PostgreSQL database, opened as the test wants.
#[must_use]
pub fn postgres_with(migrations: &[&'static [Migration]], change: impl FnOnce(&mut Config)) -> Option<TestDb> {
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("skipped: {POSTGRES} is not set");
        return None;
    };
    let lists = migrations.to_vec();
    let (client, url) = std::thread::spawn(move || pool::take(&server, &lists)).join().expect("a test database can be had");
    let mut config = Config { run_twice: true, readers: 2, ..Config::new(url) };
    change(&mut config);
    Some(opened(config, migrations, Home::Taken(Mutex::new(Some(Box::new(client))))))
}

/// Runs one story on each engine.
pub async fn both<F, Fut>(migrations: &[&'static [Migration]], story: F)
where
    F: Fn(TestDb) -> Fut,
    Fut: Future<Output = ()>,
{
    story(sqlite(migrations)).await;
    if let Some(db) = postgres(migrations) {
        story(db).await;
    }
}

/// `both` for a story without tokio.
pub fn both_now(migrations: &[&'static [Migration]], story: impl Fn(TestDb)) {
    story(sqlite(migrations));
    if let Some(db) = postgres(migrations) {
        story(db);
    }
}

/// Databases made once from a template and cleaned by deletes: making one takes 177 ms, deleting from a hundred empty tables 8 ms.
mod pool {
    use super::{Db, Migration, clock, history};
    use crate::Config;
    use ::postgres::{Client, NoTls};

    /// A free database of the pool, clean, and the connection that keeps it from others.
    pub(super) fn take(server: &str, migrations: &[&'static [Migration]]) -> (Client, String) {
        let mut client = Client::connect(server, NoTls).expect("the test server can be reached");
        let template = format!("songhan_{}", history(migrations));
        make_template(&mut client, server, &template, migrations);
        for n in 1..200 {
            let name = format!("{template}_{n}");
            let taken: bool =
                client.query_one("select pg_try_advisory_lock(hashtext($1))", &[&name]).expect("the test server answers").get(0);
            if !taken {
                continue;
            }
            let url = other(server, &name);
            if exists(&mut client, &name) {
                clean(&url);
            } else {
                // One at a time: the template may have no other visitor.
                client.batch_execute("select pg_advisory_lock(7264082)").expect("the test server answers");
                client.batch_execute(&format!("create database {name} template {template} strategy wal_log")).expect("a copy");
                client.batch_execute("select pg_advisory_unlock(7264082)").expect("the test server answers");
            }
            return (client, url);
        }
        panic!("200 test databases are in use at once");
    }

    fn exists(client: &mut Client, name: &str) -> bool {
        client.query_opt("select 1 from pg_database where datname = $1", &[&name]).expect("the test server answers").is_some()
    }

    fn other(server: &str, database: &str) -> String {
        let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
        format!("{base}/{database}")
    }

    fn make_template(client: &mut Client, server: &str, template: &str, migrations: &[&'static [Migration]]) {
        client.batch_execute("select pg_advisory_lock(7264082)").expect("the test server answers");
        if !exists(client, template) {
            // Under another name until it is whole, so that a test that dies on the way leaves no half template.
            let draft = format!("{template}_draft");
            client.batch_execute(&format!("drop database if exists {draft}")).expect("the test server obeys");
            client.batch_execute(&format!("create database {draft}")).expect("the test server obeys");
            let url = other(server, &draft);
            drop(Db::open(Config::new(&url), migrations, clock()).unwrap_or_else(|e| panic!("the migrations run: {e}")));
            let mut inside = Client::connect(&url, NoTls).expect("the template can be reached");
            for table in tables(&mut inside) {
                let rows: i64 = inside.query_one(&format!("select count(*) from {table}"), &[]).expect("a count").get(0);
                assert!(rows == 0, "a migration changes shape; the rows it leaves in {table} belong into a seed");
            }
            drop(inside);
            client.batch_execute(&format!("alter database {draft} rename to {template}")).expect("the test server obeys");
        }
        client.batch_execute("select pg_advisory_unlock(7264082)").expect("the test server answers");
    }

    /// The tables that a test may have filled.
    fn tables(client: &mut Client) -> Vec<String> {
        let sql = "select tablename::text from pg_tables where schemaname = 'public' and tablename not in ('db_migrations', 'db_nodes')";
        client.query(sql, &[]).expect("a list of tables").iter().map(|row| row.get(0)).collect()
    }

    fn clean(url: &str) {
        let mut inside = Client::connect(url, NoTls).expect("the test database can be reached");
        // Without foreign keys for a moment, so that no order of tables is needed.
        let mut script = String::from("set session_replication_role = replica; delete from db_nodes;");
        for table in tables(&mut inside) {
            script.push_str(&format!("delete from {table};"));
        }
        inside.batch_execute(&script).expect("the test database can be cleaned");
    }
}
