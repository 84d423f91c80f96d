//! Traps 1 to 14 of two engines behind one text.

use crate::{COUNT, Closure, Gate, PUT, TABLES, both, both_with, counter, names, put};
use db::test::{self, TestDb};
use db::{Error, Lane, SearchIndex, args, row};
use std::fs::File;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Whoever is killed while it starts another program leaves its lock to that one for a moment: a restart at once waits for it.
#[test]
fn a_lock_that_is_let_go_in_a_moment_is_waited_for() {
    let mut db = test::sqlite(&[TABLES]);
    let (config, clock) = (db.shut(), db.clock.clone());
    let lock = File::open(format!("{}.lock", config.url.trim_start_matches("sqlite:"))).unwrap();
    lock.lock().unwrap();
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || told.send(db::Db::open(config, &[TABLES], clock).map(drop)));
    heard.recv_timeout(Duration::from_millis(100)).expect_err("it opens although the lock is held, or does not wait for it");
    drop(lock);
    heard.recv().unwrap().unwrap();
}

#[test]
fn trap_1_parameters_are_bound_by_number_not_by_order() {
    both(|db| {
        let got: (String, i64, String) = db
            .read_now::<_, Error, _>(Lane::Duty, |rd| {
                rd.one("select cast($2 as text), cast($1 as bigint), cast($2 as text)", args![7, "b"])
            })
            .unwrap();
        assert_eq!(got, ("b".into(), 7, "b".into()));
    });
}

#[test]
fn trap_1_a_wrong_count_is_refused() {
    both(|db| {
        for count in [0, 1, 3] {
            let said = db.read_now::<_, Error, _>(Lane::Duty, move |rd| {
                let given: Vec<_> = (0..count).map(db::V::I).collect();
                rd.one::<(i64,)>("select cast($1 as bigint) + cast($2 as bigint)", &given)
            });
            assert!(matches!(said, Err(Error::Shape(_))), "{said:?}");
        }
    });
}

#[test]
fn trap_1_a_cast_hidden_in_a_parameters_name_is_refused_on_sqlite() {
    let db = test::sqlite(&[TABLES]);
    let said = db.read_now::<_, Error, _>(Lane::Duty, |rd| rd.one::<(String,)>("select $1::text", args!["a"]));
    assert!(matches!(said, Err(Error::Shape(_))), "{said:?}");
}

#[test]
fn trap_1_columns_in_another_order_than_the_fields_are_refused() {
    row! { struct Thing { id: i64, name: String } }
    both(|db| {
        put(&db, 1, "a").unwrap();
        let thing = db.read_now::<Thing, Error, _>(Lane::Duty, |rd| rd.one("select id, name from things", &[])).unwrap();
        assert_eq!((thing.id, thing.name.as_str()), (1, "a"));
        let said = db.read_now::<Thing, Error, _>(Lane::Duty, |rd| rd.one("select n as id, id as name from things", &[]));
        assert!(matches!(said, Err(Error::Shape(_))));
        let said = db.read_now::<Thing, Error, _>(Lane::Duty, |rd| rd.one("select name as nom, id from things", &[]));
        assert!(matches!(said, Err(Error::Shape(_))));
    });
}

#[test]
fn trap_2_a_bigint_key_is_the_rowid_and_the_columns_are_strict() {
    let db = test::sqlite(&[TABLES]);
    let (kind, trees) = db
        .read_now::<_, Error, _>(Lane::Duty, |rd| {
            let kind: (String,) = rd.one("select lower(type) from pragma_table_info('things') where name = 'id'", &[])?;
            let trees: (i64,) = rd.one("select count(*) from sqlite_schema where tbl_name = 'things' and type = 'index'", &[])?;
            Ok((kind.0, trees.0))
        })
        .unwrap();
    assert_eq!((kind.as_str(), trees), ("integer", 1), "only the unique name has a tree of its own");
    let without: (String,) =
        db.read_now::<_, Error, _>(Lane::Duty, |rd| rd.one("select sql from sqlite_schema where name = 'parts'", &[])).unwrap();
    assert!(without.0.contains("without rowid"));
}

#[test]
fn trap_2_a_text_in_a_bigint_column_is_refused_by_both() {
    both(|db| {
        let said = db.write_now::<_, Error, _>(Lane::Duty, |tx| {
            tx.exec("insert into things (id, name, n) values (1, 'a', $1)", args!["abc"])
        });
        assert!(matches!(said, Err(Error::Constraint(_) | Error::Shape(_))), "{said:?}");
        let said = db.write_now::<_, Error, _>(Lane::Duty, |tx| tx.exec(PUT, args![1, "nul\0nul"]));
        assert_eq!(said, Err(Error::Invalid("a text with a NUL character")));
    });
}

#[test]
fn trap_3_and_4_a_constraint_that_fails_at_commit_costs_only_its_own_closure() {
    let ended = Arc::new(AtomicU32::new(0));
    let count = ended.clone();
    let change = move |c: &mut db::Config| {
        let count = count.clone();
        c.end = Arc::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        c.batch_ms = 10_000;
    };
    both_with(change, |db| {
        let closures: Vec<Closure<()>> = (0..5)
            .map(|n| -> Closure<()> {
                Box::new(move |tx| {
                    if n == 2 {
                        return tx.exec_one("insert into late (id, thing) values (1, 999)", &[]);
                    }
                    tx.exec_one(PUT, args![n, n.to_string()])
                })
            })
            .collect();
        let said = Gate::before(&db).all(&db, Lane::Duty, closures);
        assert!(matches!(said[2], Err(Error::Constraint(_))), "{:?}", said[2]);
        assert_eq!(said.iter().filter(|s| s.is_ok()).count(), 4);
        assert_eq!(names(&db), ["0", "1", "3", "4"]);
    });
    assert_eq!(ended.load(Ordering::SeqCst), 0, "only a failed sync ends the process");
}

#[test]
fn trap_5_when_the_engine_ends_the_transaction_the_others_are_written_all_the_same() {
    const ENDLESS: &str = "insert into counters (name, value) \
        with recursive r (n) as (select 1 union all select n + 1 from r where n < 2000000000) select 'endless', count(*) from r";
    let change = |c: &mut db::Config| {
        c.write_ms = 150;
        c.batch_ms = 10_000;
    };
    both_with(change, |db| {
        let closures: Vec<Closure<()>> = (0..5)
            .map(|n| -> Closure<()> {
                Box::new(move |tx| {
                    if n == 3 {
                        return tx.exec(ENDLESS, &[]).map(drop);
                    }
                    tx.exec_one(PUT, args![n, n.to_string()])
                })
            })
            .collect();
        let said = Gate::before(&db).all(&db, Lane::Duty, closures);
        assert_eq!(said[3], Err(Error::Timeout));
        assert_eq!(said.iter().filter(|s| s.is_ok()).count(), 4);
        assert_eq!(names(&db), ["0", "1", "2", "4"]);
    });
}

#[test]
fn trap_6_after_an_error_the_closure_can_do_nothing_more_on_either_engine() {
    both(|db| {
        put(&db, 1, "a").unwrap();
        let said = db.write_now::<_, Error, _>(Lane::Duty, |tx| {
            let taken = tx.exec(PUT, args![2, "a"]);
            assert!(taken.as_ref().is_err_and(Error::is_unique));
            assert_eq!(tx.exec(PUT, args![3, "b"]), taken, "the first error again");
            assert!(tx.one::<(i64,)>("select 1", &[]).is_err());
            Ok(()) // looks away
        });
        assert!(said.is_err_and(|e| e.is_unique()), "a closure that looks away from an error has not done what it believes");
        assert_eq!(names(&db), ["a"]);
    });
}

#[test]
fn trap_7_the_same_key_fifty_times_at_one_moment_has_one_answer() {
    both_with(
        |c| c.pg_writers = 4,
        |db| {
            let key = kernel::Key::parse("0123456789abcdef").unwrap();
            let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
            let answers: Vec<(String, bool)> = runtime.block_on(async {
                let mut all = Vec::new();
                for n in 0..50 {
                    let (handle, key) = (db.db(), key.clone());
                    all.push(tokio::spawn(async move {
                        handle
                            .write::<_, Error, _>(Lane::Duty, move |tx| {
                                db::once(tx, "thing", &key, |tx| {
                                    let id = tx.id();
                                    tx.exec_one(PUT, args![id, n.to_string()])?;
                                    tx.exec(COUNT, args!["made"])?;
                                    Ok(format!("PA-{n}"))
                                })
                            })
                            .await
                    }));
                }
                let mut answers = Vec::new();
                for one in all {
                    answers.push(one.await.unwrap().expect("every one is answered"));
                }
                answers
            });
            assert_eq!(answers.iter().filter(|(_, fresh)| *fresh).count(), 1);
            assert!(answers.iter().all(|(answer, _)| *answer == answers[0].0));
            assert_eq!((names(&db).len(), counter(&db, "made")), (1, 1));
        },
    );
}

#[test]
fn trap_8_the_wal_stays_small_under_steady_writing() {
    let mut db = test::sqlite_with(&[TABLES], |c| c.run_twice = false);
    let file = db.file().unwrap().to_owned();
    let wal = std::path::PathBuf::from(format!("{}-wal", file.display()));
    let mut largest = 0;
    for n in 0..400_i64 {
        db.write_now::<_, Error, _>(Lane::Duty, move |tx| {
            for i in 0..20 {
                // In an order that touches many pages, as random keys do.
                let id = (n * 20 + i) * 7_919 % 8_009;
                tx.exec("insert into parts (thing, seq, note) values ($1, $2, $3)", args![id, n, "x".repeat(900)])?;
            }
            Ok(())
        })
        .unwrap();
        largest = largest.max(std::fs::metadata(&wal).unwrap().len());
    }
    assert!(largest < 16 << 20, "the WAL grew to {largest}");
    db.shut();
    // Who closes last takes the file away; of two that close at one moment each may leave it to the other. Nothing is in it then.
    assert_eq!(std::fs::metadata(&wal).map_or(0, |wal| wal.len()), 0, "closing puts the WAL into the file");
}

#[test]
fn trap_9_nothing_is_mapped_into_memory() {
    let db = test::sqlite(&[TABLES]);
    let mapped = db.read_now::<Vec<(i64,)>, Error, _>(Lane::Duty, |rd| rd.all("pragma mmap_size", &[])).unwrap();
    assert!(mapped.iter().all(|(bytes,)| *bytes == 0), "{mapped:?}");
}

#[test]
fn trap_10_a_dropped_request_does_not_stop_its_closure() {
    both(|db| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let gate = Gate::before(&db);
        runtime.block_on(async {
            let mut request = Box::pin(db.write::<(), Error, _>(Lane::Duty, |tx| tx.exec_one(PUT, args![1, "a"])));
            let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(request.as_mut().poll(cx).is_pending())).await;
            assert!(polled);
        });
        gate.open();
        put(&db, 2, "b").unwrap(); // stands behind it
        assert_eq!(names(&db), ["a", "b"]);
    });
}

#[tokio::test]
async fn trap_11_opening_and_closing_on_a_tokio_thread_is_allowed() {
    test::both(&[TABLES], |mut db| async move {
        db.write::<_, Error, _>(Lane::Duty, |tx| tx.exec_one(PUT, args![1, "a"])).await.unwrap();
        db.reopen();
        let rows = db.read::<Vec<(i64,)>, Error, _>(Lane::Duty, |rd| rd.all("select id from things", &[])).await.unwrap();
        assert_eq!(rows, [(1,)]);
        db.drain().await;
        let said = db.write::<_, Error, _>(Lane::Duty, |tx| tx.exec_one(PUT, args![2, "b"])).await;
        assert_eq!(said, Err(Error::Gone));
    })
    .await;
}

#[test]
fn trap_12_a_batch_of_nine_with_a_panic_a_taken_key_and_a_refusal_keeps_the_other_six() {
    both_with(
        |c| c.batch_ms = 10_000,
        |db| {
            put(&db, 100, "taken").unwrap();
            let before = db.syncs();
            let closures: Vec<Closure<i64>> = (0..9)
                .map(|n| -> Closure<i64> {
                    Box::new(move |tx| {
                        tx.exec_one(PUT, args![n, n.to_string()])?;
                        match n {
                            3 => std::panic::resume_unwind(Box::new("a mistake")),
                            5 => tx.exec_one(PUT, args![50, "taken"])?,
                            7 => return Err(Error::Conflict("no")),
                            _ => {}
                        }
                        Ok(n)
                    })
                })
                .collect();
            let said = Gate::before(&db).all(&db, Lane::Duty, closures);
            assert_eq!(said[3], Err(Error::Panic));
            assert!(said[5].as_ref().is_err_and(Error::is_unique), "{:?}", said[5]);
            assert_eq!(said[7], Err(Error::Conflict("no")));
            for n in [0, 1, 2, 4, 6, 8] {
                assert_eq!(said[n], Ok(n as i64));
            }
            assert_eq!(names(&db), ["0", "1", "2", "4", "6", "8", "taken"]);
            assert!(db.syncs() - before <= 2, "the nine shared one sync; the gate may have had its own");
        },
    );
}

#[test]
fn trap_13_returning_is_read_to_the_end_and_exec_refuses_it() {
    const NEXT: &str = "insert into counters (name, value) values ($1, 1) \
        on conflict (name) do update set value = counters.value + 1 returning value";
    both(|db| {
        for expected in 1..4 {
            let got = db.write_now::<(i64,), Error, _>(Lane::Duty, |tx| tx.one(NEXT, args!["n"])).unwrap();
            assert_eq!(got.0, expected);
        }
        let said = db.write_now::<_, Error, _>(Lane::Duty, |tx| tx.exec(NEXT, args!["n"]));
        assert!(matches!(said, Err(Error::Shape(_))), "{said:?}");
        assert_eq!(counter(&db, "n"), 3);
    });
}

#[test]
fn trap_14_a_search_takes_any_text_and_finds_what_was_folded() {
    const INDEX: SearchIndex = SearchIndex { name: "things_search" };
    fn found(db: &TestDb, words: &'static str, limit: i64, before: Option<i64>) -> Vec<i64> {
        db.read_now::<_, Error, _>(Lane::Comfort, move |rd| rd.search(&INDEX, &kernel::spelling::fold(words), limit, before))
            .unwrap()
    }
    both(|db| {
        db.write_now::<_, Error, _>(Lane::Duty, |tx| {
            for (id, text) in
                [(1, "Ngập nước ở Đường Lê Duẩn"), (2, "Ổ gà trước số 12 đường Lê Lợi"), (3, "Đèn đường hỏng, K5/12")]
            {
                tx.index(&INDEX, id, &kernel::spelling::fold(text))?;
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(found(&db, "đường", 10, None), [3, 2, 1], "newest first");
        assert_eq!(found(&db, "DUONG le", 10, None), [2, 1], "all the words, without their marks");
        assert_eq!(found(&db, "đường", 1, Some(3)), [2], "below an id, as many as asked for");
        for odd in
            ["\"", "le AND", "a OR b", "near(le, 2)", "le*", "-le", "name:le", "' or 1=1 --", "()", "^", "\\", "", "   ", "&|!:*"]
        {
            found(&db, odd, 10, None);
        }
        assert_eq!(found(&db, "12", 10, None), [3, 2]);
        db.write_now::<_, Error, _>(Lane::Duty, |tx| {
            tx.index(&INDEX, 1, "cay do")?;
            tx.unindex(&INDEX, 2)
        })
        .unwrap();
        assert_eq!((found(&db, "đường", 10, None), found(&db, "cây", 10, None)), (vec![3], vec![1]));
    });
}
