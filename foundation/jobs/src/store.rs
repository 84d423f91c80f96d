//! The SQL of leases and of the queue. Every claim is one conditional statement: whoever changes the row has it.

use db::{Migration, Rd, Result, Tx, args, row};
use kernel::Instant;
use std::time::Duration;

/// The tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!("20260101000100_jobs", "../migrations/20260101000100_jobs.sql")];

/// How long a holder may be silent before another may take over.
pub(crate) const LEASE: Duration = Duration::from_secs(10);
/// A lease that reaches further than this was written under a clock that has since gone back.
const ABSURD: Duration = Duration::from_secs(60);

row! {
    /// A piece of work that comes again, as an administrator sees it.
    #[derive(Debug, Clone)]
    pub struct Lease {
        /// The job's name.
        pub name: String,
        /// Who had it last.
        pub holder: String,
        /// When it next runs.
        pub due_at: Instant,
        /// When it last ended well.
        pub ran_at: Option<Instant>,
        /// How often it has failed since.
        pub failures: i64,
        /// Why.
        pub last_error: Option<String>,
    }
}

row! {
    /// Queued work that was given up.
    #[derive(Debug, Clone)]
    pub struct Dead {
        /// Its number, for `retry`.
        pub id: i64,
        /// What kind of work.
        pub kind: String,
        /// How often it was tried.
        pub attempts: i64,
        /// Why the last try failed.
        pub last_error: Option<String>,
        /// When it was given up.
        pub dead_at: Instant,
    }
}

row! {
    /// A claimed row of the queue.
    pub(crate) struct Item {
        pub(crate) id: i64,
        pub(crate) payload: String,
        pub(crate) fence: i64,
        pub(crate) attempts: i64,
    }
}

/// Puts work into the queue, in the transaction that makes it necessary; whether it is new. With a `unique_key`, work of this kind
/// and key that still waits (or was given up) is not put in twice.
///
/// # Errors
/// The engine's.
pub fn enqueue(tx: &mut Tx<'_>, kind: &str, payload: &str, run_after: Instant, unique_key: Option<&str>) -> Result<bool> {
    let id = tx.id();
    let added = tx.exec(
        "insert into jobs_queue (id, kind, payload, unique_key, run_after, lease_until, fence, attempts) \
         values ($1, $2, $3, $4, $5, 0, 0, 0) on conflict (kind, unique_key) do nothing",
        args![id, kind, payload, unique_key, run_after],
    )?;
    Ok(added == 1)
}

/// The work that comes again, by name.
///
/// # Errors
/// The engine's.
pub fn leases(rd: &mut Rd<'_>) -> Result<Vec<Lease>> {
    rd.all(
        "select name, holder, due_at, ran_at, failures, last_error from jobs_leases where due_at > 0 or fence > 0 order by name",
        &[],
    )
}

/// How much work waits in the queue, given-up work not counted.
///
/// # Errors
/// The engine's.
pub fn waiting(rd: &mut Rd<'_>) -> Result<i64> {
    rd.one::<(i64,)>("select count(*) from jobs_queue where dead_at is null", &[]).map(|(n,)| n)
}

/// Work that was given up, newest first.
///
/// # Errors
/// The engine's.
pub fn dead(rd: &mut Rd<'_>, limit: i64) -> Result<Vec<Dead>> {
    rd.all(
        "select id, kind, attempts, last_error, dead_at from jobs_queue where dead_at is not null order by dead_at desc, id desc limit $1",
        args![limit],
    )
}

/// Gives given-up work another life; it runs at once.
///
/// # Errors
/// `Conflict` when it is not among the given-up; the engine's.
pub fn retry(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        "update jobs_queue set dead_at = null, attempts = 0, run_after = $2, lease_until = 0 where id = $1 and dead_at is not null",
        args![id, now],
    )
}

/// Takes a piece of work that comes again, when it is due and nobody has it; the fencing number.
pub(crate) fn claim(tx: &mut Tx<'_>, name: &str, every: Duration, holder: &str) -> Result<Option<i64>> {
    tx.exec(
        "insert into jobs_leases (name, holder, until, fence, due_at, failures) values ($1, $2, 0, 0, 0, 0) on conflict (name) do nothing",
        args![name, holder],
    )?;
    let now = tx.now();
    // A due time further off than one period, like a lease longer than any, comes from a clock that has gone back.
    let claimed = tx.opt::<(i64,)>(
        "update jobs_leases set holder = $2, until = $3, fence = fence + 1 \
         where name = $1 and (until <= $4 or until > $5) and (due_at <= $4 or due_at > $6) returning fence",
        args![name, holder, now.after(LEASE), now, now.after(ABSURD), now.after(every)],
    )?;
    Ok(claimed.map(|(fence,)| fence))
}

/// Whether `claim` has any hope, without writing.
pub(crate) fn is_due(rd: &mut Rd<'_>, name: &str, every: Duration) -> Result<bool> {
    let now = rd.now();
    let blocked = rd.opt::<(i64,)>(
        "select 1 from jobs_leases where name = $1 and not ((until <= $2 or until > $3) and (due_at <= $2 or due_at > $4))",
        args![name, now, now.after(ABSURD), now.after(every)],
    )?;
    Ok(blocked.is_none())
}

/// Holds on to a lease; `Conflict` when somebody else has it.
pub(crate) fn hold(tx: &mut Tx<'_>, name: &str, fence: i64) -> Result<()> {
    let until = tx.now().after(LEASE);
    let held = tx.exec("update jobs_leases set until = $3 where name = $1 and fence = $2", args![name, fence, until])?;
    kept(held)
}

/// Ends a turn: when it next comes, and what went wrong.
pub(crate) fn release(tx: &mut Tx<'_>, name: &str, fence: i64, due_at: Instant, error: Option<&str>) -> Result<()> {
    let (now, failures) = (tx.now(), i64::from(error.is_some()));
    let ran_at = error.is_none().then_some(now);
    let held = tx.exec(
        "update jobs_leases set until = 0, due_at = $3, ran_at = coalesce($4, ran_at), last_error = $5, \
         failures = case when $6 = 0 then 0 else failures + 1 end where name = $1 and fence = $2",
        args![name, fence, due_at, ran_at, error, failures],
    )?;
    kept(held)
}

/// How often this work has failed in a row.
pub(crate) fn failures(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.opt::<(i64,)>("select failures from jobs_leases where name = $1", args![name])?.map_or(0, |(n,)| n))
}

/// Says that this node lives, which is also a commit for the readiness check.
pub(crate) fn beat(tx: &mut Tx<'_>, holder: &str) -> Result<()> {
    let (name, now) = (format!("alive/{holder}"), tx.now());
    tx.exec(
        "insert into jobs_leases (name, holder, until, fence, due_at, ran_at, failures) values ($1, $2, 0, 0, 0, $3, 0) \
         on conflict (name) do update set ran_at = excluded.ran_at",
        args![name, holder, now],
    )
    .map(drop)
}

/// Takes due work of a kind, oldest first. Work that has used up its attempts (it may have ended the process each time) is given up.
pub(crate) fn take(tx: &mut Tx<'_>, kind: &str, most: i64, attempts: i64) -> Result<Vec<Item>> {
    let now = tx.now();
    let ids = due(tx, kind, most)?;
    let mut items = Vec::new();
    for (id,) in ids {
        tx.exec(
            "update jobs_queue set dead_at = $2, last_error = coalesce(last_error, 'the process ended at every attempt') \
             where id = $1 and attempts >= $3 and lease_until <= $2 and dead_at is null",
            args![id, now, attempts],
        )?;
        items.extend(tx.opt::<Item>(
            "update jobs_queue set lease_until = $2, fence = fence + 1, attempts = attempts + 1 \
             where id = $1 and dead_at is null and (lease_until <= $3 or lease_until > $4) returning id, payload, fence, attempts",
            args![id, now.after(LEASE), now, now.after(ABSURD)],
        )?);
    }
    Ok(items)
}

/// The due work of a kind, by number.
pub(crate) fn due(rd: &mut Rd<'_>, kind: &str, most: i64) -> Result<Vec<(i64,)>> {
    let now = rd.now();
    rd.all(
        "select id from jobs_queue where kind = $1 and run_after <= $2 and dead_at is null and (lease_until <= $2 or lease_until > $3) \
         order by run_after, id limit $4",
        args![kind, now, now.after(ABSURD), most],
    )
}

/// Holds on to a queued piece of work.
pub(crate) fn hold_item(tx: &mut Tx<'_>, id: i64, fence: i64) -> Result<()> {
    let until = tx.now().after(LEASE);
    let held = tx.exec(
        "update jobs_queue set lease_until = $3 where id = $1 and fence = $2 and dead_at is null",
        args![id, fence, until],
    )?;
    kept(held)
}

/// The work is done.
pub(crate) fn done(tx: &mut Tx<'_>, id: i64, fence: i64) -> Result<()> {
    let gone = tx.exec("delete from jobs_queue where id = $1 and fence = $2", args![id, fence])?;
    kept(gone)
}

/// The work failed: again later, or given up.
pub(crate) fn failed(tx: &mut Tx<'_>, id: i64, fence: i64, error: &str, again: Option<Instant>) -> Result<()> {
    let dead_at = again.is_none().then_some(tx.now());
    let held = tx.exec(
        "update jobs_queue set lease_until = 0, last_error = $3, run_after = coalesce($4, run_after), dead_at = $5 where id = $1 and fence = $2",
        args![id, fence, error, again, dead_at],
    )?;
    kept(held)
}

fn kept(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(db::Error::Conflict("the work was taken over by another node")) }
}
