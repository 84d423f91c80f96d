//! PostgreSQL's own troubles: deadlocks, connections that die, a COMMIT whose answer nobody hears.

use crate::{COUNT, TABLES, counter, names, put};
use db::test::{self, TestDb};
use db::{Config, Db, Error, Lane, args};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

#[test]
fn two_writers_in_opposite_order_both_succeed() {
    let change = |c: &mut db::Config| {
        c.pg_writers = 2;
        c.run_twice = false;
        c.group = 1;
    };
    let Some(db) = test::postgres_with(&[TABLES], change) else { return };
    for name in ["a", "b"] {
        db.write_now::<_, Error, _>(Lane::Duty, move |tx| tx.exec(COUNT, args![name])).unwrap();
    }
    let runs = Arc::new(AtomicU32::new(0));
    let meet = Arc::new(Barrier::new(2));
    let threads = [["a", "b"], ["b", "a"]].map(|order| {
        let (handle, runs, meet) = (db.db(), runs.clone(), meet.clone());
        std::thread::spawn(move || {
            handle.write_now::<_, Error, _>(Lane::Duty, move |tx| {
                tx.exec(COUNT, args![order[0]])?;
                // Only the first two runs meet; the one that is run again has nobody to wait for.
                if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                    meet.wait();
                }
                tx.exec(COUNT, args![order[1]])
            })
        })
    });
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!((counter(&db, "a"), counter(&db, "b")), (3, 3));
    let runs = runs.load(Ordering::SeqCst);
    assert!((3..=6).contains(&runs), "the loser of the deadlock ran again, {runs} runs in all");
}

#[test]
fn killed_connections_are_replaced_for_readers_and_writers() {
    const KILL: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
        where datname = current_database() and pid <> pg_backend_pid()";
    let Some(db) = test::postgres(&[TABLES]) else { return };
    put(&db, 1, "a").unwrap();
    for n in 2..5 {
        // A reader ends all the others, then the writer, then itself.
        db.read_now::<(i64,), Error, _>(Lane::Duty, |rd| rd.one(KILL, &[])).unwrap();
        put(&db, n, &n.to_string()).unwrap();
        assert_eq!(names(&db).len() as i64, n);
    }
}

#[test]
fn a_second_process_of_the_same_number_is_refused_until_the_first_is_gone() {
    let Some(mut db) = test::postgres(&[TABLES]) else { return };
    let open = |config: Config, clock| Db::open(config, &[TABLES], clock);
    let second = open(db.config.clone(), db.clock.clone()).map(drop);
    assert!(matches!(&second, Err(Error::Start(why)) if why.contains("another process is node 0")), "{second:?}");
    put(&db, 1, "a").unwrap();
    open(Config { node: 7, ..db.config.clone() }, db.clock.clone()).unwrap();
    let clock = db.clock.clone();
    open(db.shut(), clock).unwrap();
}

#[test]
fn whose_number_was_taken_behind_a_cut_writes_no_more_until_it_is_free() {
    const KILL: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
        where datname = current_database() and application_name like 'songhan-0-%'";
    const TAKE: &str = "select 1 where pg_advisory_lock(7264082, 0) is not null";
    let Some(db) = test::postgres(&[TABLES]) else { return };
    put(&db, 1, "a").unwrap();
    let rival = Db::open(Config { node: 7, ..db.config.clone() }, &[TABLES], db.clock.clone()).unwrap();
    let taken = rival.read_now::<(i64,), Error, _>(Lane::Duty, |rd| rd.one::<(i64,)>(KILL, &[]).and_then(|_| rd.one(TAKE, &[])));
    assert_eq!(taken, Ok((1,)));
    for _ in 0..2 {
        assert_eq!(put(&db, 2, "b"), Err(Error::Gone));
    }
    assert_eq!(names(&db), ["a"]);
    drop(rival);
    put(&db, 2, "b").unwrap();
    assert_eq!(names(&db), ["a", "b"]);
}

/// A proxy before PostgreSQL that can cut the connection around a COMMIT.
struct Proxy {
    port: u16,
    /// How the next commits go: 0 well; 1 cut before it is sent on; 2 cut after it is sent on and answered, before anybody hears.
    plan: Arc<AtomicI32>,
}

impl Proxy {
    fn before(server: &str) -> Self {
        let host = server.split_once('@').unwrap().1.split_once('/').unwrap().0.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(AtomicI32::new(0));
        let shared = plan.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(&host).unwrap();
                Self::carry(client, server, shared.clone());
            }
        });
        Self { port, plan }
    }

    fn carry(client: TcpStream, server: TcpStream, plan: Arc<AtomicI32>) {
        let deaf = Arc::new(AtomicI32::new(0));
        let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let (ears, ends) = (deaf.clone(), client.try_clone().unwrap());
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(n @ 1..) = from.read(&mut buffer) {
                if buffer[..n].windows(6).any(|w| w == b"commit") {
                    match plan.swap(0, Ordering::SeqCst) {
                        1 => break,
                        2 => ears.store(1, Ordering::SeqCst),
                        _ => {}
                    }
                }
                if to.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Both);
            let _ = ends.shutdown(Shutdown::Both);
        });
        let (mut from, mut to) = (server, client);
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(n @ 1..) = from.read(&mut buffer) {
                if deaf.load(Ordering::SeqCst) == 1 || to.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
}

fn behind_a_proxy(story: impl Fn(TestDb, Proxy)) {
    let Some(mut db) = test::postgres(&[TABLES]) else { return };
    let proxy = Proxy::before(&db.config.url);
    let database = db.config.url.rsplit_once('/').unwrap().1.to_owned();
    let user = db.config.url.split_once("://").unwrap().1.split_once('@').unwrap().0.to_owned();
    let url = format!("postgres://{user}@127.0.0.1:{}/{database}", proxy.port);
    db.reopen_with(|c| {
        c.url = url;
        c.run_twice = false;
    });
    story(db, proxy);
}

#[test]
fn a_commit_whose_answer_is_cut_is_done_once_also_without_a_key() {
    behind_a_proxy(|db, proxy| {
        for plan in [0, 2, 1, 2, 2, 1, 0] {
            let before = counter(&db, "n");
            proxy.plan.store(plan, Ordering::SeqCst);
            db.write_now::<_, Error, _>(Lane::Duty, |tx| tx.exec(COUNT, args!["n"])).unwrap();
            assert_eq!(proxy.plan.load(Ordering::SeqCst), 0, "the cut took place");
            assert_eq!(counter(&db, "n"), before + 1, "plan {plan}");
        }
    });
}
