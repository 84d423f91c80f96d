//! Sudden death at every point of a write, and a failed step at every point: what was acknowledged is there, a change never
//! without its journal line, and the same key never twice. Needs the feature `failpoints`.
//!
//! The dying is done by a second process: this test binary again, with only `the_one_who_dies` in it.

use crate::{PUT, TABLES, both_with, names};
use db::{Config, Db, Error, Lane, Result, args};
use std::collections::BTreeSet;
use std::process::Command;

const URL: &str = "SONGHAN_DEATH_URL";
const JOURNAL: &str = "insert into parts (thing, seq, note) values ($1, 1, 'received')";

fn submit(db: &Db, n: i64) -> Result<String> {
    let key = kernel::Key::parse(&format!("submission-{n}")).expect("a key");
    let (answer, _) = db.write_now::<_, Error, _>(Lane::Duty, move |tx| {
        db::once(tx, "thing", &key, |tx| {
            let id = tx.id();
            tx.exec_one(PUT, args![id, n.to_string()])?;
            tx.exec_one(JOURNAL, args![id])?;
            Ok(n.to_string())
        })
    })?;
    Ok(answer)
}

fn submit_all(db: &Db, mut acknowledged: impl FnMut(&str)) {
    let (told, heard) = std::sync::mpsc::channel();
    for writer in 0..4 {
        let (db, told) = (db.clone(), told.clone());
        std::thread::spawn(move || {
            for n in 0..10 {
                if let Ok(answer) = submit(&db, writer * 10 + n) {
                    let _ = told.send(answer);
                }
            }
        });
    }
    drop(told);
    heard.iter().for_each(|answer| acknowledged(&answer));
}

#[test]
fn the_one_who_dies() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = Db::open(Config::new(url), &[TABLES], db::test::clock()).expect("it opens");
    submit_all(&db, |answer| println!("acknowledged {answer}"));
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_done() {
    for point in ["before_begin", "after_insert", "before_commit", "after_commit", "before_reply"] {
        for fail in ["1", "3", "7", "3:error"] {
            both_with(
                |_| {},
                |mut db| {
                    let url = db.shut().url;
                    let out = Command::new(std::env::current_exe().expect("this binary"))
                        .args(["death::the_one_who_dies", "--exact", "--nocapture", "--test-threads=1"])
                        .env(URL, url)
                        .env("SONGHAN_FAIL", format!("{point}:{fail}"))
                        .env("RUST_BACKTRACE", "0")
                        .output()
                        .expect("it runs");
                    let text = String::from_utf8_lossy(&out.stdout);
                    let acknowledged: BTreeSet<String> =
                        text.lines().filter_map(|l| l.split_once("acknowledged ").map(|(_, n)| n.to_owned())).collect();
                    assert_eq!(out.status.success(), fail.ends_with("error"), "{point}:{fail} {text}");
                    db.reopen();
                    let stored: BTreeSet<String> = names(&db).into_iter().collect();
                    assert!(acknowledged.is_subset(&stored), "{point}:{fail}: lost {:?}", acknowledged.difference(&stored));
                    let halves: (i64,) = db
                        .read_now::<_, Error, _>(Lane::Duty, |rd| {
                            rd.one(
                                "select count(*) from things full join parts on thing = id where id is null or thing is null",
                                &[],
                            )
                        })
                        .expect("it can be counted");
                    assert_eq!(halves.0, 0, "{point}:{fail}: a change without its journal line, or the other way");
                    submit_all(&db, |_| {});
                    assert_eq!(names(&db).len(), 40, "{point}:{fail}: each key once");
                },
            );
        }
    }
}
