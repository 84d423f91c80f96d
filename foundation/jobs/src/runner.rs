//! The runner: looks for due work, takes it, does it beside other work, and writes down how it went.

use crate::store::{self, LEASE};
use crate::turn::{Hold, Turn};
use db::{Db, Error, Lane};
use kernel::{Clock, Instant, secret};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often it looks for due work.
const LOOK: Duration = Duration::from_secs(1);
/// How much work goes on beside each other.
const BESIDE: usize = 4;
/// How many attempts queued work has by default.
const ATTEMPTS: i64 = 10;
/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);
/// A node says at least this often that it lives.
const BEAT: Duration = Duration::from_secs(5);

type Work = Arc<dyn Fn(Turn) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

type Next = Arc<dyn Fn(Instant) -> Instant + Send + Sync>;

fn boxed<F, Fut, E>(run: F) -> Work
where
    F: Fn(Turn) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), E>> + Send + 'static,
    E: std::fmt::Display,
{
    Arc::new(move |turn| {
        let work = run(turn);
        Box::pin(async move { work.await.map_err(|e| e.to_string()) })
    })
}

/// Work that comes again.
#[derive(Clone)]
pub struct Job {
    name: &'static str,
    /// The longest time from one turn to the next.
    every: Duration,
    /// When it comes again after a turn that ended well.
    next: Next,
    work: Work,
}

impl Job {
    /// Work called `name` that comes `every` so often, on one node at a time. It runs first at once.
    pub fn new<F, Fut, E>(name: &'static str, every: Duration, run: F) -> Self
    where
        F: Fn(Turn) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display,
    {
        Self { name, every, next: Arc::new(move |now| now.after(every)), work: boxed(run) }
    }

    /// Work called `name` that comes once a day, at the moment that `next` gives after the one at which it ended. It runs first at once.
    pub fn daily<F, Fut, E>(name: &'static str, next: impl Fn(Instant) -> Instant + Send + Sync + 'static, run: F) -> Self
    where
        F: Fn(Turn) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display,
    {
        // The longest day is the one on which a clock is set back.
        Self { name, every: Duration::from_secs(25 * 3_600), next: Arc::new(next), work: boxed(run) }
    }
}

/// A kind of queued work.
#[derive(Clone)]
pub struct Kind {
    name: &'static str,
    attempts: i64,
    work: Work,
}

impl Kind {
    /// What is done with each `enqueue`d row of the kind `name`.
    pub fn new<F, Fut, E>(name: &'static str, run: F) -> Self
    where
        F: Fn(Turn) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display,
    {
        Self { name, attempts: ATTEMPTS, work: boxed(run) }
    }

    /// Gives up after so many attempts.
    #[must_use]
    pub fn attempts(self, attempts: i64) -> Self {
        Self { attempts, ..self }
    }
}

/// Runs jobs and queued work until it is stopped.
pub struct Runner {
    db: Db,
    clock: Arc<dyn Clock>,
    holder: Arc<str>,
    jobs: Vec<Job>,
    kinds: Vec<Kind>,
}

impl Runner {
    /// A runner for this node. `holder` is the node's own, lasting name.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, holder: &str) -> Self {
        let day = Duration::from_secs(24 * 3600);
        let forget = Job::new("db.forget-keys", day, |turn: Turn| async move {
            turn.db().write::<_, Error, _>(Lane::Comfort, db::forget_old).await.map(drop)
        });
        Self { db, clock, holder: holder.into(), jobs: vec![forget], kinds: Vec::new() }
    }

    /// Adds work that comes again.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Adds a kind of queued work.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Does everything that is due now, and waits for it: for tests and the command line. How many turns there were.
    pub async fn tick(&self) -> usize {
        let mut turns = 0;
        loop {
            let mut under_way = JoinSet::new();
            self.take(&mut under_way, BESIDE).await;
            if under_way.is_empty() {
                return turns;
            }
            turns += under_way.len();
            while under_way.join_next().await.is_some() {}
        }
    }

    /// Works until `stop` is ready; what is under way then has ten seconds to end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut under_way = JoinSet::new();
        let mut looking = tokio::time::interval(LOOK);
        looking.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = looking.tick() => {}
                Some(_) = under_way.join_next() => {}
            }
            self.beat().await;
            let free = BESIDE.saturating_sub(under_way.len());
            self.take(&mut under_way, free).await;
        }
        let ended = tokio::time::timeout(LEASE, async { while under_way.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!(left = under_way.len(), "work under way was left to another turn");
        }
    }

    /// A commit now and then on a quiet night: readiness is an effect.
    async fn beat(&self) {
        let quiet = self.clock.now().ms() - self.db.last_commit_ms();
        if quiet.unsigned_abs() < BEAT.as_millis() as u64 {
            return;
        }
        let holder = self.holder.clone();
        if let Err(e) = self.db.write::<(), Error, _>(Lane::Duty, move |tx| store::beat(tx, &holder)).await {
            tracing::warn!(%e, "the node could not say that it lives");
        }
    }

    /// Takes up to `most` pieces of due work and sets them going.
    async fn take(&self, under_way: &mut JoinSet<()>, most: usize) {
        let before = under_way.len();
        for job in &self.jobs {
            if under_way.len() - before >= most {
                return;
            }
            match self.claim(job).await {
                Ok(Some(turn)) => drop(under_way.spawn(job_turn(self.db.clone(), job.clone(), turn))),
                Ok(None) => {}
                Err(e) => tracing::warn!(job = job.name, %e, "a job could not be looked for"),
            }
        }
        for kind in &self.kinds {
            let room = most.saturating_sub(under_way.len() - before);
            if room == 0 {
                return;
            }
            match self.claim_items(kind, room).await {
                Ok(turns) => {
                    turns.into_iter().for_each(|turn| drop(under_way.spawn(item_turn(self.db.clone(), kind.clone(), turn))))
                }
                Err(e) => tracing::warn!(kind = kind.name, %e, "queued work could not be looked for"),
            }
        }
    }

    async fn claim(&self, job: &Job) -> Result<Option<Turn>, Error> {
        let (name, every, holder) = (job.name, job.every, self.holder.clone());
        // Looking costs no sync; most looks find nothing.
        if !self.db.read(Lane::Duty, move |rd| store::is_due(rd, name, every)).await? {
            return Ok(None);
        }
        let claimed = self
            .db
            .write(Lane::Duty, move |tx| Ok::<_, Error>((store::claim(tx, name, every, &holder)?, store::failures(tx, name)?)))
            .await?;
        let (Some(fence), failures) = claimed else { return Ok(None) };
        let hold = Hold::Lease { name, fence };
        Ok(Some(Turn::new(&self.db, hold, String::new(), failures + 1, self.clock.now())))
    }

    async fn claim_items(&self, kind: &Kind, room: usize) -> Result<Vec<Turn>, Error> {
        let (name, attempts, room) = (kind.name, kind.attempts, room as i64);
        if self.db.read(Lane::Duty, move |rd| store::due(rd, name, 1)).await?.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.db.write(Lane::Duty, move |tx| store::take(tx, name, room, attempts)).await?;
        let now = self.clock.now();
        let turn = |item: store::Item| {
            let hold = Hold::Item { id: item.id, fence: item.fence };
            Turn::new(&self.db, hold, item.payload, item.attempts, now)
        };
        Ok(items.into_iter().map(turn).collect())
    }
}

/// Does the work while holding on to it; why it failed, if it did.
async fn work(run: &Work, turn: &Turn) -> Result<(), String> {
    // On a task of its own, so that a panic is a failure like others.
    let mut task = tokio::spawn(run(turn.clone()));
    let mut renewing = tokio::time::interval_at(tokio::time::Instant::now() + LEASE / 3, LEASE / 3);
    loop {
        tokio::select! {
            ended = &mut task => return ended.unwrap_or_else(|e| Err(if e.is_panic() { "it panicked".into() } else { "it was stopped".into() })),
            _ = renewing.tick() => {
                if !turn.renew().await {
                    task.abort();
                    return Err("the work was taken over by another node".into());
                }
            }
        }
    }
}

async fn job_turn(db: Db, job: Job, turn: Turn) {
    let said = work(&job.work, &turn).await;
    if let Err(why) = &said {
        tracing::warn!(job = job.name, attempt = turn.attempt(), %why, "a job failed");
    }
    let (name, attempt) = (job.name, turn.attempt());
    let Hold::Lease { fence, .. } = *turn.hold() else { return };
    // After a failure sooner than usual, but never in a rush, and never later than usual.
    let soon = said.is_err().then(|| pause(attempt).min(job.every));
    let error = said.err().map(|why| short(&why));
    let ended = db
        .write::<(), Error, _>(Lane::Duty, move |tx| {
            let due_at = soon.map_or_else(|| (job.next)(tx.now()), |soon| tx.now().after(soon));
            store::release(tx, name, fence, due_at, error.as_deref())
        })
        .await;
    lost(name, ended);
}

async fn item_turn(db: Db, kind: Kind, turn: Turn) {
    let said = work(&kind.work, &turn).await;
    let Hold::Item { id, fence } = *turn.hold() else { return };
    let (attempt, attempts) = (turn.attempt(), kind.attempts);
    let ended = match said {
        _ if turn.is_finished() => Ok(()),
        Ok(()) => db.write(Lane::Duty, move |tx| store::done(tx, id, fence)).await,
        Err(why) => {
            let dead = attempt >= attempts;
            tracing::warn!(kind = kind.name, attempt, dead, %why, "queued work failed");
            let (pause, why) = (pause(attempt), short(&why));
            db.write(Lane::Duty, move |tx| {
                let again = (!dead).then(|| tx.now().after(pause));
                store::failed(tx, id, fence, &why, again)
            })
            .await
        }
    };
    lost(kind.name, ended);
}

fn lost(name: &str, ended: Result<(), Error>) {
    match ended {
        Ok(()) => {}
        Err(Error::Conflict(_)) => tracing::warn!(name, "the work had been taken over; nothing was written"),
        Err(e) => tracing::warn!(name, %e, "how the work ended could not be written; its lease will run out"),
    }
}

/// The pause after the n-th attempt: doubling, within a quarter more or less, so that what failed together does not return together.
fn pause(attempt: i64) -> Duration {
    let doubled = FIRST_PAUSE * 2_u32.saturating_pow(u32::try_from(attempt.clamp(1, 16) - 1).unwrap_or(0));
    let [chance] = secret::random::<1>();
    doubled.min(LONGEST_PAUSE).mul_f64(0.75 + f64::from(chance) / 510.0)
}

/// At most 300 characters: an error text is for an administrator's eye, not for a dump.
fn short(why: &str) -> String {
    why.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_jitter_up_to_an_hour() {
        for attempt in 1..=40 {
            let plain = FIRST_PAUSE.as_secs_f64() * 2_f64.powi((attempt - 1).min(15));
            let plain = plain.min(3_600.0);
            for _ in 0..50 {
                let p = pause(i64::from(attempt)).as_secs_f64();
                assert!(p >= plain * 0.75 - 0.01 && p <= plain * 1.26, "attempt {attempt}: {p} against {plain}");
            }
        }
        let some: std::collections::BTreeSet<_> = (0..50).map(|_| pause(5)).collect();
        assert!(some.len() > 5, "they differ");
    }
}
