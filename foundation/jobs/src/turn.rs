//! One turn at a piece of work: what it is about, and a database that only its holder can write to.

use crate::store;
use db::{Db, Error, Lane, Tx};
use kernel::Instant;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is held.
#[derive(Clone, Debug)]
pub(crate) enum Hold {
    Lease { name: &'static str, fence: i64 },
    Item { id: i64, fence: i64 },
}

impl Hold {
    /// Holds on, in the transaction at hand; `Conflict` when somebody else has it.
    pub(crate) fn on(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        match *self {
            Self::Lease { name, fence } => store::hold(tx, name, fence),
            Self::Item { id, fence } => store::hold_item(tx, id, fence),
        }
    }
}

/// A turn at a piece of work. Cheap to clone.
#[derive(Clone)]
pub struct Turn {
    db: Db,
    hold: Hold,
    payload: Arc<str>,
    attempt: i64,
    now: Instant,
    /// When the lease was last known to be ours, by the monotonic clock, which also runs while the process is stopped.
    heard: Arc<Mutex<std::time::Instant>>,
    finished: Arc<Mutex<bool>>,
}

impl Turn {
    pub(crate) fn new(db: &Db, hold: Hold, payload: String, attempt: i64, now: Instant) -> Self {
        let heard = Arc::new(Mutex::new(std::time::Instant::now()));
        let guard = hold.clone();
        Self {
            db: db.guarded(move |tx| guard.on(tx)),
            hold,
            payload: payload.into(),
            attempt,
            now,
            heard,
            finished: Arc::default(),
        }
    }

    /// The database: every write first checks, in its own transaction, that the work is still this holder's, and fails with
    /// `Conflict` otherwise.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// What was put into the queue; empty for work that comes again.
    #[must_use]
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub const fn attempt(&self) -> i64 {
        self.attempt
    }

    /// When the turn began.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Whether nobody else can have taken over: to be asked right before something that no transaction undoes, such as sending.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < store::LEASE - Duration::from_secs(1)
    }

    /// Does the last step and takes the work out of the queue, in one transaction: done exactly once.
    ///
    /// # Errors
    /// Those of `last`, `Conflict` when somebody else has the work, and the engine's.
    pub async fn finish<T, E, F>(&self, lane: Lane, last: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let hold = self.hold.clone();
        let said: T = self
            .db
            .write::<T, E, _>(lane, move |tx| {
                let said = last(tx)?;
                if let Hold::Item { id, fence } = hold {
                    store::done(tx, id, fence)?;
                }
                Ok(said)
            })
            .await?;
        *self.finished.lock().unwrap_or_else(PoisonError::into_inner) = true;
        Ok(said)
    }

    pub(crate) const fn hold(&self) -> &Hold {
        &self.hold
    }

    pub(crate) fn is_finished(&self) -> bool {
        *self.finished.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the database that the work goes on; false when it is somebody else's.
    pub(crate) async fn renew(&self) -> bool {
        let asked = std::time::Instant::now();
        match self.db.write::<(), Error, _>(Lane::Duty, |_| Ok(())).await {
            Ok(()) => {
                *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = asked;
                true
            }
            Err(Error::Conflict(_)) => false,
            // The database is busy or away: the lease runs out by itself if that lasts.
            Err(_) => true,
        }
    }
}
