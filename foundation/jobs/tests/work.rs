//! Work in the background with several nodes looking for it: done once, tried again, given up, taken over.
#![allow(clippy::unwrap_used)] // a test that unwraps fails at the line that says what it expected

use db::test::TestDb;
use db::{Error, Lane, Migration, args};
use jobs::{Job, Kind, Runner, Turn};
use kernel::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

const TABLES: &[Migration] =
    &[Migration { name: "20261125000000_effects", sql: "create table effects (name text primary key, times bigint not null);" }];
const EFFECT: &str =
    "insert into effects (name, times) values ($1, 1) on conflict (name) do update set times = effects.times + 1";
const MINUTE: Duration = Duration::from_secs(60);

async fn both<F: Fn(TestDb) -> Fut, Fut: Future<Output = ()>>(story: F) {
    db::test::both(&[TABLES, jobs::MIGRATIONS], story).await;
}

async fn effect(turn: Turn, name: &'static str) -> Result<(), Error> {
    turn.db().write(Lane::Duty, move |tx| tx.exec(EFFECT, args![name]).map(drop)).await
}

async fn times(db: &TestDb, name: &'static str) -> i64 {
    let row = db
        .read::<Option<(i64,)>, Error, _>(Lane::Duty, move |rd| rd.opt("select times from effects where name = $1", args![name]));
    row.await.unwrap().map_or(0, |(n,)| n)
}

fn node(db: &TestDb, name: &str) -> Runner {
    Runner::new(db.db(), db.clock.clone(), name)
}

async fn enqueue(db: &TestDb, kind: &'static str, payload: &'static str, unique: Option<&'static str>, later: Duration) -> bool {
    let put = move |tx: &mut db::Tx<'_>| {
        let at = tx.now().after(later);
        jobs::enqueue(tx, kind, payload, at, unique)
    };
    db.write::<_, Error, _>(Lane::Duty, put).await.unwrap()
}

#[tokio::test]
async fn work_that_comes_again_runs_once_per_period_over_all_nodes() {
    both(|db| async move {
        let job = || Job::new("reminders", MINUTE, |turn| effect(turn, "reminders"));
        let (a, b) = (node(&db, "a").job(job()), node(&db, "b").job(job()));
        for period in 1..=3 {
            tokio::join!(a.tick(), b.tick());
            tokio::join!(b.tick(), a.tick());
            assert_eq!(times(&db, "reminders").await, period);
            db.hand.pass(MINUTE);
        }
        let leases = db.read::<_, Error, _>(Lane::Comfort, jobs::leases).await.unwrap();
        let seen = leases.iter().find(|l| l.name == "reminders").unwrap();
        assert!(seen.ran_at.is_some() && seen.failures == 0);
    })
    .await;
}

#[tokio::test]
async fn queued_work_is_done_once_and_only_when_its_transaction_was() {
    both(|db| async move {
        let kind = || Kind::new("send", |turn| effect(turn, "sent"));
        let (a, b) = (node(&db, "a").kind(kind()), node(&db, "b").kind(kind()));
        for _ in 0..10 {
            enqueue(&db, "send", "to Lan", None, Duration::ZERO).await;
        }
        let undone = db.write::<(), Error, _>(Lane::Duty, |tx| {
            let now = tx.now();
            jobs::enqueue(tx, "send", "never", now, None)?;
            Err(Error::Conflict("the case was closed meanwhile"))
        });
        undone.await.unwrap_err();
        tokio::join!(a.tick(), b.tick());
        assert_eq!(times(&db, "sent").await, 10);
        assert_eq!(db.read::<_, Error, _>(Lane::Comfort, jobs::waiting).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_unique_key_waits_once_and_run_after_is_kept() {
    both(|db| async move {
        let runner = node(&db, "a").kind(Kind::new("remind", |turn| effect(turn, "reminded")));
        assert!(enqueue(&db, "remind", "", Some("case-1"), MINUTE).await);
        assert!(!enqueue(&db, "remind", "", Some("case-1"), MINUTE).await);
        runner.tick().await;
        assert_eq!(times(&db, "reminded").await, 0);
        db.hand.pass(MINUTE);
        runner.tick().await;
        assert_eq!(times(&db, "reminded").await, 1);
        assert!(enqueue(&db, "remind", "", Some("case-1"), MINUTE).await, "the key is free when the work is done");
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_tried_later_then_given_up_where_it_can_be_seen_and_may_be_revived() {
    both(|db| async move {
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = tries.clone();
        let kind = Kind::new("sms", move |turn: Turn| {
            let counted = counted.clone();
            async move {
                counted.fetch_add(1, Ordering::SeqCst);
                match turn.payload() {
                    "panic" => panic!("a mistake"),
                    _ => Err::<(), _>("the supplier does not answer"),
                }
            }
        });
        let runner = node(&db, "a").kind(kind.attempts(3));
        enqueue(&db, "sms", "panic", None, Duration::ZERO).await;
        enqueue(&db, "sms", "down", None, Duration::ZERO).await;
        runner.tick().await;
        runner.tick().await;
        assert_eq!(tries.load(Ordering::SeqCst), 2, "not again at once");
        for _ in 0..5 {
            db.hand.pass(MINUTE);
            runner.tick().await;
        }
        assert_eq!(tries.load(Ordering::SeqCst), 6, "three times each, and no more");
        let dead = db.read::<_, Error, _>(Lane::Comfort, |rd| jobs::dead(rd, 10)).await.unwrap();
        let why: Vec<_> = dead.iter().map(|d| (d.attempts, d.last_error.as_deref().unwrap())).collect();
        assert!(why.contains(&(3, "it panicked")) && why.contains(&(3, "the supplier does not answer")), "{why:?}");
        let id = dead[0].id;
        db.write::<_, Error, _>(Lane::Duty, move |tx| jobs::retry(tx, id)).await.unwrap();
        assert!(
            db.write::<_, Error, _>(Lane::Duty, move |tx| jobs::retry(tx, id)).await.is_err(),
            "it is not among the dead now"
        );
        runner.tick().await;
        assert_eq!(tries.load(Ordering::SeqCst), 7);
    })
    .await;
}

#[tokio::test]
async fn a_paused_holder_changes_nothing_after_it_wakes() {
    both(|db| async move {
        let (asleep, wake, told) =
            (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(std::sync::Mutex::new(Vec::new())));
        let slow = {
            let (asleep, wake, told) = (asleep.clone(), wake.clone(), told.clone());
            move |turn: Turn| {
                let (asleep, wake, told) = (asleep.clone(), wake.clone(), told.clone());
                async move {
                    asleep.notify_one();
                    wake.notified().await;
                    let said = effect(turn, "done").await;
                    told.lock().unwrap().push(said.clone());
                    said
                }
            }
        };
        let a = node(&db, "a").kind(Kind::new("work", slow.clone())).job(Job::new("round", MINUTE * 60, slow));
        let b = node(&db, "b")
            .kind(Kind::new("work", |turn| effect(turn, "done")))
            .job(Job::new("round", MINUTE * 60, |turn| effect(turn, "done")));
        enqueue(&db, "work", "", None, Duration::ZERO).await;
        let sleeper = async {
            a.tick().await;
        };
        let other = async {
            asleep.notified().await;
            asleep.notified().await;
            b.tick().await;
            assert_eq!(times(&db, "done").await, 0, "it is held");
            // As after SIGSTOP: the lease runs out while the holder neither works nor renews.
            db.hand.pass(Duration::from_secs(15));
            b.tick().await;
            assert_eq!(times(&db, "done").await, 2, "taken over");
            wake.notify_waiters();
            wake.notify_one();
            wake.notify_one();
        };
        tokio::join!(sleeper, other);
        assert_eq!(times(&db, "done").await, 2, "the first holder wrote nothing");
        let told = told.lock().unwrap();
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|said| matches!(said, Err(Error::Conflict(_)))), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn work_ends_once_together_with_its_last_step() {
    both(|db| async move {
        let runner = node(&db, "a").kind(Kind::new("book", |turn: Turn| async move {
            turn.finish(Lane::Duty, |tx| tx.exec(EFFECT, args!["booked"]).map(drop)).await?;
            // The process might die here: the work is done all the same.
            Err::<(), Error>(Error::Gone)
        }));
        enqueue(&db, "book", "", None, Duration::ZERO).await;
        runner.tick().await;
        db.hand.pass(MINUTE * 60);
        runner.tick().await;
        assert_eq!(times(&db, "booked").await, 1);
        assert_eq!(db.read::<_, Error, _>(Lane::Comfort, jobs::waiting).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn daily_work_comes_at_its_hour_and_not_a_day_after_it_ran() {
    both(|db| async move {
        // It is one in the morning, UTC.
        let night = |now: Instant| Instant((now.ms().div_euclid(86_400_000) + 1) * 86_400_000);
        let runner = node(&db, "a").job(Job::daily("night", night, |turn| effect(turn, "night")));
        let start = db.hand_now();
        for (hours, turns) in [(0, 1), (22, 1), (23, 2), (24, 2), (46, 2), (48, 3), (71, 4)] {
            db.hand.set(start.after(Duration::from_secs(hours * 3_600)));
            runner.tick().await;
            assert_eq!(times(&db, "night").await, turns, "after {hours} hours");
        }
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_goes_forward_and_back_stops_no_work() {
    both(|db| async move {
        let runner = node(&db, "a").job(Job::new("round", MINUTE, |turn| effect(turn, "round")));
        let day = Duration::from_secs(24 * 3600);
        let start = db.hand_now();
        runner.tick().await;
        db.hand.set(start.after(day * 40));
        runner.tick().await;
        assert_eq!(times(&db, "round").await, 2);
        db.hand.set(start.before(day));
        runner.tick().await;
        assert_eq!(times(&db, "round").await, 3, "a due time from the future does not bind");
    })
    .await;
}

#[tokio::test]
async fn the_loop_works_until_it_is_told_to_stop_and_says_that_the_node_lives() {
    both(|db| async move {
        let (stop, ran) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let told = ran.clone();
        let runner = node(&db, "node-0").job(Job::new("round", MINUTE, move |turn| {
            let told = told.clone();
            async move {
                effect(turn, "round").await?;
                told.notify_one();
                Ok::<(), Error>(())
            }
        }));
        let until = stop.clone();
        let running = tokio::spawn(runner.run(async move { until.notified().await }));
        ran.notified().await;
        stop.notify_one();
        running.await.unwrap();
        assert_eq!(times(&db, "round").await, 1);
        let alive = db
            .read::<Option<(String,)>, Error, _>(Lane::Duty, |rd| {
                rd.opt("select holder from jobs_leases where name = 'alive/node-0'", &[])
            })
            .await
            .unwrap();
        assert_eq!(alive, Some(("node-0".into(),)));
        let lease = db.read::<_, Error, _>(Lane::Comfort, jobs::leases).await.unwrap();
        assert!(lease.iter().any(|l| l.name == "round" && l.ran_at.is_some()), "how it ended was written before the loop ended");
    })
    .await;
}
