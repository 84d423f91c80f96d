//! The writer: takes what stands in the queue into one transaction, gives each closure its savepoint, syncs once, answers all.
//!
//! Start at `Writer::run`. The order that must hold: no answer before the commit has returned. When a whole transaction fails for a
//! reason that may pass (a deadlock, a cut connection, an engine that rolled back by itself), its closures run again, at last each
//! alone, with the same time and ids as the first time.

use crate::handle::{Conn, Fixed, Tx};
use crate::ids::Ids;
use crate::queue::Queue;
use crate::{End, Error, Result, fail};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a whole batch runs before its closures run one by one, and how often each of those.
const TRIES_TOGETHER: u32 = 3;
const TRIES_ALONE: u32 = 8;
/// How often one closure runs again on the spot, because another writer answered its key.
const TRIES_IN_PLACE: u32 = 3;
/// How long a lost connection is waited for before those who wait are told.
const PATIENCE: Duration = Duration::from_secs(4);

/// What the writer asks of an engine.
pub(crate) trait Engine {
    fn conn(&mut self) -> Conn<'_>;
    /// Opens the transaction and the first savepoint. `batch` numbers the transaction, for `revive`.
    fn begin(&mut self, batch: i64) -> Result<()>;
    /// A closure begins: its time runs from here.
    fn job(&mut self);
    /// Keeps the savepoint's work and opens the next one.
    fn next(&mut self) -> Result<()>;
    /// Undoes the savepoint's work; the savepoint stays open.
    fn undo(&mut self) -> Result<()>;
    /// Whether the transaction is still there.
    fn whole(&mut self) -> bool;
    fn commit(&mut self) -> Result<()>;
    fn rollback(&mut self);
    /// Whether nothing this process says about its disk can be believed any more.
    fn is_fatal(&self, e: &Error) -> bool;
    /// Housekeeping between batches, after everybody has been answered.
    fn tidy(&mut self) -> Result<()>;
    /// The last act.
    fn finish(&mut self) -> Result<()>;
    /// Finds the way back after the connection was lost; whether transaction `batch` had been committed.
    fn revive(&mut self, batch: i64) -> Result<bool>;
}

/// A closure in the queue with the way to its caller.
pub(crate) trait Job: Send {
    /// Runs the closure and keeps what it said.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers the caller: with what the closure said, or with this error.
    fn answer(self: Box<Self>, instead: Option<Error>);
}

/// How a closure ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    Well,
    Refused,
    Panicked,
}

/// What a closure said, on its way to the caller.
pub(crate) struct Work<T, E, F, R> {
    pub(crate) closure: F,
    pub(crate) said: Option<Result<T, E>>,
    pub(crate) reply: R,
}

impl<T, E, F, R> Job for Work<T, E, F, R>
where
    T: Send,
    E: From<Error> + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        self.said = None;
        let Ok(said) = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx))) else { return Ran::Panicked };
        let ran = if said.is_ok() { Ran::Well } else { Ran::Refused };
        self.said = Some(said);
        ran
    }

    fn answer(self: Box<Self>, instead: Option<Error>) {
        let said = match (instead, self.said) {
            (Some(error), _) => Err(E::from(error)),
            (None, Some(said)) => said,
            (None, None) => Err(E::from(Error::Panic)),
        };
        (self.reply)(said);
    }
}

pub(crate) struct Slot {
    job: Box<dyn Job>,
    fixed: Fixed,
    /// The answer that stands instead of the closure's own.
    instead: Option<Error>,
    /// The closure ended well and its work stands.
    well: bool,
}

impl Slot {
    pub(crate) fn new(job: Box<dyn Job>) -> Self {
        Self { job, fixed: Fixed::default(), instead: None, well: false }
    }

    pub(crate) fn answer(self, instead: Option<Error>) {
        self.job.answer(instead.or(self.instead));
    }
}

/// Figures for health checks and the bench.
#[derive(Default)]
pub(crate) struct Counts {
    /// Transactions that were committed with something in them: each is one sync.
    pub(crate) syncs: AtomicU64,
    /// Closures that were answered well.
    pub(crate) acknowledged: AtomicU64,
    pub(crate) last_commit_ms: AtomicI64,
}

/// One writing thread's own.
pub(crate) struct Writer<G> {
    pub(crate) engine: G,
    pub(crate) queue: Arc<Queue<Slot>>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) node: u16,
    pub(crate) number: usize,
    pub(crate) group: usize,
    pub(crate) batch_span: Duration,
    pub(crate) run_twice: bool,
    pub(crate) end: End,
    /// The number of the transaction that ran last.
    pub(crate) batch: i64,
    /// Since when the batch at hand is being tried.
    pub(crate) since: Instant,
}

/// Why a transaction came to nothing.
enum Failed {
    /// It may succeed when it runs again.
    Again(Error),
    /// The connection is gone; whether the commit arrived is not known.
    Cut,
    /// The engine rolled it back because of the closure that ran last.
    Because(Error),
    /// Nothing this process says can be believed any more.
    Fatal(Error),
}

/// Ends the process when the writing thread ends by a panic of its own.
struct Watch {
    queue: Arc<Queue<Slot>>,
    end: End,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let left = self.queue.abandon();
            (self.end)("the writer panicked");
            left.into_iter().for_each(|slot| slot.answer(Some(Error::Gone)));
        }
    }
}

const PROMISE: &str = "insert into db_nodes (node, writer, batch, reserved) values ($1, $2, 0, $3) \
    on conflict (node, writer) do update set reserved = excluded.reserved";

/// What an error of the engine means for the transaction.
fn sort(e: Error) -> Failed {
    match e {
        Error::Gone => Failed::Cut,
        e if e.is_retryable() => Failed::Again(e),
        e => Failed::Because(e),
    }
}

impl<G: Engine> Writer<G> {
    /// Works until the queue is closed and empty.
    pub(crate) fn run(self) {
        // Closures may panic and are caught; should this code itself, nobody may wait for a writer that is no more.
        let _watch = Watch { queue: self.queue.clone(), end: self.end.clone() };
        self.work();
    }

    fn work(mut self) {
        while let Some(first) = self.queue.wait(false) {
            let mut batch = vec![first];
            if let Err(fatal) = self.write(&mut batch) {
                return self.end(batch, &fatal);
            }
            if let Err(e) = self.engine.tidy() {
                return self.end(batch, &e);
            }
        }
        if let Err(e) = self.engine.finish() {
            self.end(Vec::new(), &e);
        }
    }

    /// Answers nobody well, and ends the process: after a failed sync a second one may lie.
    fn end(self, batch: Vec<Slot>, why: &Error) {
        tracing::error!(%why, "the disk failed under a commit or a checkpoint; ending, to recover from what is really on it");
        let left = self.queue.abandon();
        (self.end)(&why.to_string());
        for slot in batch.into_iter().chain(left) {
            slot.answer(Some(Error::Gone));
        }
    }

    /// Writes a batch and answers it; an error means the process must end.
    fn write(&mut self, batch: &mut Vec<Slot>) -> Result<()> {
        let mut gather = true;
        self.since = Instant::now();
        for _ in 0..TRIES_TOGETHER {
            match self.attempt(batch, gather) {
                Ok(()) => return self.acknowledge(batch),
                Err(Failed::Fatal(e)) => return Err(e),
                Err(Failed::Again(_)) => {}
                Err(Failed::Because(e)) if batch.len() == 1 => {
                    batch.drain(..).for_each(|slot| slot.answer(Some(e.clone())));
                    return Ok(());
                }
                Err(Failed::Because(_)) => break,
                Err(Failed::Cut) => match self.revive() {
                    Ok(true) => return self.acknowledge(batch),
                    Ok(false) => {}
                    Err(e) => {
                        batch.drain(..).for_each(|slot| slot.answer(Some(e.clone())));
                        return Ok(());
                    }
                },
            }
            gather = false;
        }
        // One by one, so that nobody pays for another's trouble.
        let all = std::mem::take(batch);
        let mut all = all.into_iter();
        while let Some(slot) = all.next() {
            batch.push(slot);
            if let Err(e) = self.write_alone(batch) {
                batch.extend(all);
                return Err(e);
            }
        }
        Ok(())
    }

    fn write_alone(&mut self, one: &mut Vec<Slot>) -> Result<()> {
        let mut last = Error::Gone;
        for turn in 0..TRIES_ALONE {
            match self.attempt(one, false) {
                Ok(()) => return self.acknowledge(one),
                Err(Failed::Fatal(e)) => return Err(e),
                Err(Failed::Because(e)) => {
                    last = e;
                    break;
                }
                Err(Failed::Again(e)) => {
                    last = e;
                    if self.since.elapsed() > PATIENCE {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(u64::from(turn)));
                }
                Err(Failed::Cut) => match self.revive() {
                    Ok(true) => return self.acknowledge(one),
                    Ok(false) => {}
                    Err(e) => {
                        last = e;
                        break;
                    }
                },
            }
        }
        one.drain(..).for_each(|slot| slot.answer(Some(last.clone())));
        Ok(())
    }

    /// The commit has returned: everybody hears what their closure said.
    fn acknowledge(&self, batch: &mut Vec<Slot>) -> Result<()> {
        let silent = fail::at("before_reply").err();
        let well = batch.iter().filter(|slot| slot.well).count();
        self.counts.acknowledged.fetch_add(well as u64, Ordering::Relaxed);
        batch.drain(..).for_each(|slot| slot.answer(silent.clone()));
        Ok(())
    }

    /// One transaction with all of the batch, and, when gathering, with whoever comes while it runs.
    fn attempt(&mut self, batch: &mut Vec<Slot>, gather: bool) -> Result<(), Failed> {
        self.transaction(batch, gather).inspect_err(|_| self.engine.rollback())
    }

    fn transaction(&mut self, batch: &mut Vec<Slot>, gather: bool) -> Result<(), Failed> {
        let started = Instant::now();
        self.batch = self.ids.next(self.ids.now());
        fail::at("before_begin").map_err(sort)?;
        self.engine.begin(self.batch).map_err(sort)?;
        let (mut at, mut written, mut kept) = (0, 0_u64, false);
        loop {
            if at == batch.len() {
                if !gather || at >= self.group || started.elapsed() >= self.batch_span {
                    break;
                }
                let Some(slot) = self.queue.take(at) else { break };
                batch.push(slot);
            }
            if kept {
                self.engine.next().map_err(sort)?;
            }
            kept = self.run_slot(&mut batch[at])?;
            written += u64::from(kept);
            at += 1;
        }
        let promise = self.ids.to_reserve();
        if let Some(up_to) = promise {
            self.promise(up_to).map_err(sort)?;
        }
        fail::at("before_commit").map_err(sort)?;
        self.engine.commit().map_err(|e| if self.engine.is_fatal(&e) { Failed::Fatal(e) } else { sort(e) })?;
        if let Some(up_to) = promise {
            self.ids.reserved(up_to);
        }
        if written > 0 {
            self.counts.syncs.fetch_add(1, Ordering::Relaxed);
            self.counts.last_commit_ms.store(self.ids.now().ms(), Ordering::Relaxed);
        }
        fail::at("after_commit").map_err(|_| Failed::Cut)
    }

    /// Runs one closure in its savepoint; whether its work stays.
    fn run_slot(&mut self, slot: &mut Slot) -> Result<bool, Failed> {
        slot.instead = None;
        slot.well = false;
        for turn in 1.. {
            let (mut ran, mut poison) = self.run_once(slot);
            if self.run_twice && poison.is_none() {
                // Tests: whatever the closure touched outside its transaction shows now.
                self.engine.undo().map_err(sort)?;
                (ran, poison) = self.run_once(slot);
            }
            match poison {
                None if ran == Ran::Well => {
                    slot.well = true;
                    return Ok(true);
                }
                Some(Error::Gone) => return Err(Failed::Cut),
                Some(e) if e.is_retryable() => {
                    if turn < TRIES_IN_PLACE && e.is_key_race() && self.engine.whole() {
                        self.engine.undo().map_err(sort)?;
                        continue;
                    }
                    return Err(Failed::Again(e));
                }
                Some(e) if !self.engine.whole() => return Err(Failed::Because(e)),
                // The closure looked away from an error: its work is not what it believes.
                Some(e) if ran == Ran::Well => slot.instead = Some(e),
                _ => {}
            }
            break;
        }
        self.engine.undo().map_err(sort)?;
        Ok(false)
    }

    fn run_once(&mut self, slot: &mut Slot) -> (Ran, Option<Error>) {
        self.engine.job();
        let mut tx = Tx::new(self.engine.conn(), &mut slot.fixed, &self.ids);
        let ran = slot.job.run(&mut tx);
        (ran, tx.poison.take())
    }

    /// Promises the ids drawn so far, and some ahead.
    fn promise(&mut self, up_to: i64) -> Result<()> {
        let mut fixed = Fixed::default();
        let mut tx = Tx::new(self.engine.conn(), &mut fixed, &self.ids);
        let (node, number) = (i64::from(self.node), self.number as i64);
        tx.exec_one(PROMISE, crate::args![node, number, up_to])
    }

    /// Waits for the connection; whether the transaction it was lost with had been committed.
    fn revive(&mut self) -> Result<bool> {
        let since = Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            match self.engine.revive(self.batch) {
                Ok(committed) => return Ok(committed),
                Err(e) if since.elapsed() > PATIENCE => {
                    tracing::warn!(%e, "the database cannot be reached");
                    return Err(Error::Gone);
                }
                Err(_) => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lane, sqlite};
    use std::sync::Mutex;
    use std::sync::mpsc;

    /// SQLite whose disk fails at the second sync, as the system call would say it.
    struct FailingDisk {
        inner: sqlite::Writer,
        syncs: u32,
    }

    impl Engine for FailingDisk {
        fn conn(&mut self) -> Conn<'_> {
            self.inner.conn()
        }
        fn begin(&mut self, batch: i64) -> Result<()> {
            self.inner.begin(batch)
        }
        fn job(&mut self) {
            self.inner.job();
        }
        fn next(&mut self) -> Result<()> {
            self.inner.next()
        }
        fn undo(&mut self) -> Result<()> {
            self.inner.undo()
        }
        fn whole(&mut self) -> bool {
            self.inner.whole()
        }
        fn commit(&mut self) -> Result<()> {
            self.syncs += 1;
            if self.syncs == 2 {
                // SQLITE_IOERR_FSYNC
                return Err(Error::Sql { code: "1034".into(), text: "disk I/O error".into() });
            }
            self.inner.commit()
        }
        fn rollback(&mut self) {
            self.inner.rollback();
        }
        fn is_fatal(&self, e: &Error) -> bool {
            self.inner.is_fatal(e)
        }
        fn tidy(&mut self) -> Result<()> {
            self.inner.tidy()
        }
        fn finish(&mut self) -> Result<()> {
            self.inner.finish()
        }
        fn revive(&mut self, batch: i64) -> Result<bool> {
            self.inner.revive(batch)
        }
    }

    #[test]
    fn after_a_failed_sync_nobody_is_acknowledged_and_the_process_ends() {
        let mut db = crate::test::sqlite(&[]);
        let (config, clock) = (db.shut(), db.clock.clone());
        let path = config.url.strip_prefix("sqlite:").expect("a file").to_owned();
        let session = sqlite::Session::open(path.as_ref(), false).expect("it opens");
        let queue = Arc::new(Queue::new(config.lanes));
        let ended = Arc::new(Mutex::new(Vec::new()));
        let told = ended.clone();
        let writer = Writer {
            engine: FailingDisk { inner: sqlite::Writer::new(session, &config), syncs: 0 },
            queue: queue.clone(),
            ids: Arc::new(Ids::new(clock, 0, 0)),
            counts: Arc::default(),
            node: 0,
            number: 0,
            group: 1,
            batch_span: Duration::from_millis(20),
            run_twice: false,
            end: Arc::new(move |why| told.lock().expect("nobody panicked").push(why.to_owned())),
            batch: 0,
            since: Instant::now(),
        };
        let (reply, answers) = mpsc::channel();
        for n in 0..4 {
            let reply = reply.clone();
            let closure = |tx: &mut Tx<'_>| -> Result<u64> { tx.exec("delete from db_keys", &[]) };
            let work = Work { closure, said: None, reply: move |said| drop(reply.send((n, said))) };
            queue.push(Lane::Duty, Slot::new(Box::new(work))).expect("there is room");
        }
        drop(reply);
        writer.run();
        let answers: Vec<_> = answers.iter().collect();
        assert_eq!(answers, [(0, Ok(0)), (1, Err(Error::Gone)), (2, Err(Error::Gone)), (3, Err(Error::Gone))]);
        assert_eq!(ended.lock().expect("nobody panicked").len(), 1);
        assert_eq!(
            queue.push(
                Lane::Life,
                Slot::new(Box::new(Work { closure: |_: &mut Tx<'_>| Ok::<_, Error>(()), said: None, reply: |_| () }))
            ),
            Err(Error::Gone)
        );
    }
}
