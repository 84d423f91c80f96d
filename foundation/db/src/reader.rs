//! Readers: threads with a connection each. A closure sees one snapshot, has a time limit, and cannot write.

use crate::handle::{Conn, Rd};
use crate::queue::Queue;
use crate::{Error, Result, postgres, sqlite};
use kernel::Clock;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A reading closure in the queue: gets its snapshot, or the reason why there is none.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut Rd<'_>>) + Send>;

/// Packs a closure and the way to its caller.
pub(crate) fn job<T, E, F, R>(closure: F, reply: R) -> Job
where
    E: From<Error>,
    F: FnOnce(&mut Rd<'_>) -> Result<T, E> + Send + 'static,
    R: FnOnce(Result<T, E>) + Send + 'static,
{
    Box::new(move |rd| {
        let said = match rd {
            Ok(rd) => catch_unwind(AssertUnwindSafe(|| closure(rd))).unwrap_or_else(|_| Err(E::from(Error::Panic))),
            Err(e) => Err(E::from(e)),
        };
        reply(said);
    })
}

/// A reader's connection. There are a handful: their size is no matter.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Source {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

/// One reading thread's own.
pub(crate) struct Reader {
    pub(crate) source: Source,
    pub(crate) queue: Arc<Queue<Job>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limit: Duration,
    /// Serves the life lane only, so that dashboards can never fill all readers.
    pub(crate) life_only: bool,
}

impl Reader {
    /// Works until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(job) = self.queue.wait(self.life_only) {
            if let Err(e) = self.begin() {
                job(Err(e));
                continue;
            }
            let conn = match &mut self.source {
                Source::Sqlite(session) => Conn::Sqlite(session),
                Source::Postgres(session) => Conn::Postgres(session),
            };
            let mut rd = Rd::new(conn, self.clock.now());
            job(Ok(&mut rd));
            // The caller has been answered; the snapshot ends behind its back.
            match &mut self.source {
                Source::Sqlite(session) => session.end_read(),
                Source::Postgres(session) => session.end_read(),
            }
        }
    }

    fn begin(&mut self) -> Result<()> {
        match &mut self.source {
            Source::Sqlite(session) => {
                session.limit(Some(self.limit));
                session.begin_read()
            }
            Source::Postgres(session) => session.begin_read(),
        }
    }
}
