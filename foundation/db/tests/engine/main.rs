//! The traps of two engines behind one SQL text, each a test named for it, on both where both apply.

#![allow(clippy::unwrap_used)] // a test that unwraps fails at the line that says what it expected

mod cut;
#[cfg(feature = "failpoints")]
mod death;
mod migrations;
mod promises;
mod traps;

use db::test::{self, TestDb};
use db::{Config, Error, Lane, Migration, Result, args};
use std::sync::{Arc, Condvar, Mutex};

/// Tables to try things on.
pub(crate) const TABLES: &[Migration] = &[Migration {
    name: "20261125000000_things",
    sql: "create table things (id bigint primary key, name text not null unique, n bigint, x double precision, raw bytea);
          create table parts (thing bigint not null, seq bigint not null, note text not null, primary key (thing, seq));
          create table late (id bigint primary key, thing bigint not null references things (id) deferrable initially deferred);
          create table counters (name text primary key, value bigint not null);
          create search index things_search;",
}];

/// Runs a story on both engines.
pub(crate) fn both(story: impl Fn(TestDb)) {
    test::both_now(&[TABLES], story);
}

/// Runs a story on both engines, opened in the story's own way.
pub(crate) fn both_with(change: impl Fn(&mut Config), story: impl Fn(TestDb)) {
    story(test::sqlite_with(&[TABLES], &change));
    if let Some(db) = test::postgres_with(&[TABLES], &change) {
        story(db);
    }
}

pub(crate) fn put(db: &TestDb, id: i64, name: &str) -> Result<()> {
    let name = name.to_owned();
    db.write_now(Lane::Duty, move |tx| tx.exec_one(PUT, args![id, name]))
}

pub(crate) const PUT: &str = "insert into things (id, name) values ($1, $2)";
pub(crate) const COUNT: &str =
    "insert into counters (name, value) values ($1, 1) on conflict (name) do update set value = counters.value + 1";

pub(crate) fn names(db: &TestDb) -> Vec<String> {
    let rows = db.read_now::<Vec<(String,)>, Error, _>(Lane::Duty, |rd| rd.all("select name from things order by id", &[]));
    rows.expect("the names can be read").into_iter().map(|(name,)| name).collect()
}

pub(crate) fn counter(db: &TestDb, name: &'static str) -> i64 {
    let row = db.read_now::<Option<(i64,)>, Error, _>(Lane::Duty, move |rd| {
        rd.opt("select value from counters where name = $1", args![name])
    });
    row.expect("the counter can be read").map_or(0, |(n,)| n)
}

/// A writing closure.
pub(crate) type Closure<T> = Box<dyn Fn(&mut db::Tx<'_>) -> Result<T> + Send>;

/// Holds the writer in its place, so that others gather behind it.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<(bool, bool)>, Condvar)>);

impl Gate {
    /// A closed gate with the writer standing in it.
    pub(crate) fn before(db: &TestDb) -> Self {
        let gate = Self::default();
        let (inner, handle) = (gate.clone(), db.db());
        std::thread::spawn(move || {
            handle.write_now::<(), Error, _>(Lane::Life, move |_| {
                inner.stand();
                Ok(())
            })
        });
        let (state, bell) = &*gate.0;
        drop(bell.wait_while(state.lock().unwrap(), |(standing, _)| !*standing).unwrap());
        gate
    }

    fn stand(&self) {
        let (state, bell) = &*self.0;
        let mut held = state.lock().unwrap();
        held.0 = true;
        bell.notify_all();
        drop(bell.wait_while(held, |(_, open)| !*open).unwrap());
    }

    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().1 = true;
        self.0.1.notify_all();
    }

    /// Starts all the closures behind the gate, opens it when they are in the queue, and gives back what they said, in order.
    pub(crate) fn all<T: Send + 'static>(self, db: &TestDb, lane: Lane, closures: Vec<Closure<T>>) -> Vec<Result<T>> {
        let mut threads = Vec::new();
        for (n, closure) in closures.into_iter().enumerate() {
            let handle = db.db();
            threads.push(std::thread::spawn(move || handle.write_now(lane, closure)));
            // In their order.
            while db.depth()[lane as usize] <= n {
                std::thread::yield_now();
            }
        }
        self.open();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    }
}
