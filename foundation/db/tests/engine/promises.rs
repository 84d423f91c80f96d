//! What the layer promises beyond the traps: lanes, one snapshot, ids, digests, restarts, one sync for many.

use crate::{COUNT, Closure, Gate, PUT, TABLES, both, both_with, counter, names, put};
use db::test::{self, TestDb};
use db::{Config, Error, Lane, Result, args};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

#[test]
fn a_restart_keeps_what_was_acknowledged() {
    both(|mut db| {
        put(&db, 1, "a").unwrap();
        db.reopen();
        assert_eq!(names(&db), ["a"]);
    });
}

#[test]
fn values_come_back_as_they_went_in() {
    both(|db| {
        db.write_now::<_, Error, _>(Lane::Duty, |tx| {
            let raw: &[u8] = &[0, 255, 7];
            tx.exec_one(
                "insert into things (id, name, n, x, raw) values ($1, $2, $3, $4, $5)",
                args![i64::MAX, "Đà – “năm”", i64::MIN, 0.1, raw],
            )?;
            tx.exec_one("insert into things (id, name, x) values ($1, $2, $3)", args![1, "", 3])?;
            tx.exec_one("insert into things (id, name, n) values ($1, $2, $3)", args![2, "none", None::<i64>])
        })
        .unwrap();
        type All = (i64, String, Option<i64>, Option<f64>, Option<Vec<u8>>);
        let rows = db
            .read_now::<Vec<All>, Error, _>(Lane::Duty, |rd| rd.all("select id, name, n, x, raw from things order by id", &[]))
            .unwrap();
        assert_eq!(
            rows,
            [
                (1, String::new(), None, Some(3.0), None),
                (2, "none".into(), None, None, None),
                (i64::MAX, "Đà – “năm”".into(), Some(i64::MIN), Some(0.1), Some(vec![0, 255, 7])),
            ]
        );
    });
}

#[test]
fn every_write_closure_runs_twice_in_tests_with_one_time_and_the_same_ids() {
    both(|db| {
        let runs = Arc::new(Mutex::new(Vec::new()));
        let seen = runs.clone();
        db.write_now::<_, Error, _>(Lane::Duty, move |tx| {
            let ids = (tx.now(), tx.id(), tx.id());
            assert_ne!(ids.1, ids.2);
            seen.lock().unwrap().push(ids);
            tx.exec_one(PUT, args![ids.1, "a"])
        })
        .unwrap();
        let runs = runs.lock().unwrap();
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0], runs[1]);
        assert_eq!(names(&db), ["a"]);
    });
}

#[test]
fn ids_do_not_repeat_after_a_restart_although_the_clock_stands_still() {
    both(|mut db| {
        let draw = |db: &TestDb| db.write_now::<_, Error, _>(Lane::Duty, |tx| Ok((tx.id(), tx.id()))).unwrap();
        let before = draw(&db);
        db.reopen();
        db.hand.set(db.hand_now().before(std::time::Duration::from_secs(5)));
        let after = draw(&db);
        assert!(after.0 > before.1);
    });
}

#[test]
fn a_full_lane_refuses_while_life_goes_on() {
    both(|db| {
        let gate = Gate::before(&db);
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let mut comfort = Vec::new();
        for _ in 0..300 {
            let handle = db.db();
            comfort.push(
                runtime.spawn(async move { handle.write::<u64, Error, _>(Lane::Comfort, |tx| tx.exec(COUNT, args!["c"])).await }),
            );
        }
        // The refused ones are answered while the writer stands.
        let mut refused = 0;
        while refused < 44 {
            refused = comfort.iter().filter(|c| c.is_finished()).count();
            std::thread::yield_now();
        }
        assert_eq!(db.depth()[2], 256);
        let handle = db.db();
        let life =
            runtime.spawn(async move { handle.write::<u64, Error, _>(Lane::Life, |tx| tx.exec(COUNT, args!["life"])).await });
        gate.open();
        assert!(runtime.block_on(life).unwrap().is_ok());
        let said: Vec<Result<u64>> = comfort.into_iter().map(|c| runtime.block_on(c).unwrap()).collect();
        assert_eq!(said.iter().filter(|s| **s == Err(Error::Full)).count(), 44);
        assert_eq!((counter(&db, "c"), counter(&db, "life")), (256, 1));
    });
}

#[test]
fn a_reader_cannot_write_and_sees_one_snapshot() {
    both(|db| {
        put(&db, 1, "a").unwrap();
        let said = db.read_now::<Vec<(i64,)>, Error, _>(Lane::Duty, |rd| {
            rd.all("insert into things (id, name) values (9, 'x') returning id", &[])
        });
        assert!(said.is_err());
        let (looked, go) = (mpsc::channel(), mpsc::channel::<()>());
        let handle = db.db();
        let reader = std::thread::spawn(move || {
            handle.read_now::<_, Error, _>(Lane::Duty, move |rd| {
                let before: (i64,) = rd.one("select count(*) from things", &[])?;
                looked.0.send(()).unwrap();
                go.1.recv().unwrap();
                let after: (i64,) = rd.one("select count(*) from things", &[])?;
                Ok((before.0, after.0))
            })
        });
        looked.1.recv().unwrap();
        put(&db, 2, "b").unwrap();
        go.0.send(()).unwrap();
        assert_eq!(reader.join().unwrap(), Ok((1, 1)));
        assert_eq!(names(&db), ["a", "b"]);
    });
}

#[test]
fn a_reader_that_takes_too_long_is_ended_and_the_next_one_served() {
    const ENDLESS: &str =
        "with recursive r (n) as (select 1 union all select n + 1 from r where n < 2000000000) select count(*) from r";
    both_with(
        |c| c.read_ms = 100,
        |db| {
            let said = db.read_now::<(i64,), Error, _>(Lane::Comfort, |rd| rd.one(ENDLESS, &[]));
            assert_eq!(said, Err(Error::Timeout));
            assert!(names(&db).is_empty());
        },
    );
}

#[test]
fn a_panic_in_a_reader_is_its_own() {
    both(|db| {
        let said = db.read_now::<(), Error, _>(Lane::Duty, |_| std::panic::resume_unwind(Box::new("a mistake")));
        assert_eq!(said, Err(Error::Panic));
        assert!(names(&db).is_empty());
    });
}

#[test]
fn many_share_one_sync_and_a_group_of_one_does_not() {
    for (group, most) in [(256, 4), (1, 65)] {
        both_with(
            |c| {
                c.group = group;
                c.batch_ms = 10_000;
            },
            |db| {
                let closures = (0..64).map(|_| -> Closure<u64> { Box::new(|tx| tx.exec(COUNT, args!["n"])) });
                let said = Gate::before(&db).all(&db, Lane::Duty, closures.collect());
                assert!(said.iter().all(Result::is_ok));
                assert_eq!(counter(&db, "n"), 64);
                assert!(db.syncs() <= most, "{} syncs", db.syncs());
                assert!(group == 256 || db.syncs() >= 64, "one sync each");
                assert_eq!(db.acknowledged(), 65, "and the gate's own");
                assert!(db.last_commit_ms() > 0);
            },
        );
    }
}

#[test]
fn a_refusal_of_the_rooms_own_kind_comes_back_as_it_is() {
    #[derive(Debug, PartialEq)]
    enum Refusal {
        AlreadyClosed,
        Db(Error),
    }
    impl From<Error> for Refusal {
        fn from(e: Error) -> Self {
            Self::Db(e)
        }
    }
    both(|db| {
        let said = db.write_now::<(), _, _>(Lane::Duty, |tx| {
            tx.exec_one(PUT, args![1, "a"])?;
            Err(Refusal::AlreadyClosed)
        });
        assert_eq!(said, Err(Refusal::AlreadyClosed));
        let said = db.write_now::<(), Refusal, _>(Lane::Duty, |tx| {
            Ok(tx.exec_one("update things set n = 1 where id = 1 and n = 0", &[])?)
        });
        assert_eq!(said, Err(Refusal::Db(Error::Conflict("the row is not in the expected state"))));
        assert!(names(&db).is_empty());
    });
}

#[test]
fn a_digest_changes_with_any_row_and_is_the_same_on_both_engines() {
    let digests = Mutex::new(Vec::new());
    both(|db| {
        let digest = |db: &TestDb| db.read_now::<_, Error, _>(Lane::Comfort, |rd| db::digest(rd, &["db_migrations"])).unwrap();
        let empty = digest(&db);
        put(&db, 1, "a").unwrap();
        let one = digest(&db);
        put(&db, 2, "b").unwrap();
        db.write_now::<_, Error, _>(Lane::Duty, |tx| tx.exec_one("delete from things where id = 2", &[])).unwrap();
        assert_eq!(digest(&db), one);
        assert_ne!(empty, one);
        let tables = db.read_now::<_, Error, _>(Lane::Comfort, db::tables).unwrap();
        assert_eq!(tables, ["counters", "db_keys", "db_migrations", "db_nodes", "late", "parts", "things"]);
        digests.lock().unwrap().push(one);
    });
    let digests = digests.into_inner().unwrap();
    assert!(digests.windows(2).all(|w| w[0] == w[1]), "{digests:?}");
}

#[test]
fn keys_are_forgotten_only_after_their_time() {
    both(|db| {
        let ask = |db: &TestDb| {
            let key = kernel::Key::parse("a-key-of-a-form").unwrap();
            db.write_now::<_, Error, _>(Lane::Duty, move |tx| db::once(tx, "thing", &key, |tx| Ok(tx.now().ms().to_string())))
                .unwrap()
        };
        let days = |n: u64| std::time::Duration::from_secs(n * 24 * 3600);
        let first = ask(&db);
        assert!(first.1);
        db.hand.pass(days(30));
        db.write_now::<_, Error, _>(Lane::Comfort, db::forget_old).unwrap();
        assert_eq!(ask(&db), (first.0.clone(), false));
        db.hand.pass(days(30));
        assert_eq!(db.write_now::<_, Error, _>(Lane::Comfort, db::forget_old), Ok(1));
        assert_ne!(ask(&db).0, first.0);
    });
}

#[test]
fn a_second_process_is_kept_away_from_the_file() {
    let mut db = test::sqlite(&[TABLES]);
    let config = db.config.clone();
    let said = db::Db::open(config.clone(), &[TABLES], db.clock.clone());
    assert!(matches!(said.map(drop), Err(Error::Start(why)) if why.contains("another process")));
    db.shut();
    assert!(db::Db::open(config, &[TABLES], db.clock.clone()).is_ok());
}

#[test]
fn an_old_engine_is_refused() {
    let mut db = test::sqlite(&[TABLES]);
    let clock = db.clock.clone();
    let config = db.shut();
    for (version, ok) in [(3_051_002, false), (3_051_003, true), (3_054_001, true)] {
        VERSION.store(version, Ordering::SeqCst);
        let said = db::Db::open(
            Config { version: |_| i64::from(VERSION.load(Ordering::SeqCst)), ..config.clone() },
            &[TABLES],
            clock.clone(),
        );
        assert_eq!(said.is_ok(), ok, "{version}");
    }
    let Some(mut db) = test::postgres(&[TABLES]) else { return };
    let config = db.shut();
    for (version, ok) in [(140_019, false), (150_000, true)] {
        VERSION.store(version, Ordering::SeqCst);
        let said = db::Db::open(
            Config { version: |_| i64::from(VERSION.load(Ordering::SeqCst)), ..config.clone() },
            &[TABLES],
            clock.clone(),
        );
        assert_eq!(said.is_ok(), ok, "{version}");
    }
}
static VERSION: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_backup_taken_while_writing_goes_on_can_be_opened() {
    let db = test::sqlite(&[TABLES]);
    put(&db, 1, "a").unwrap();
    let copy = db.file().unwrap().with_file_name("copy.db");
    db.backup_to(&copy).unwrap();
    put(&db, 2, "b").unwrap();
    let config = Config::new(format!("sqlite:{}", copy.display()));
    let copied = db::Db::open(config, &[TABLES], db.clock.clone()).unwrap();
    let rows = copied.read_now::<Vec<(i64,)>, Error, _>(Lane::Duty, |rd| rd.all("select id from things", &[])).unwrap();
    assert_eq!(rows, [(1,)]);
}
