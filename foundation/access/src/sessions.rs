//! Sessions are rows (rule R8): an opaque token of 256 bits in the cookie, its digest in the table, looked up on every
//! request together with the official's generation number, so that a new password, another post or a closed account acts on
//! the next request.

use crate::Refusal;
use crate::charter::Charter;
use crate::official::Official;
use crate::people;
use db::{Rd, Tx, args, row};
use kernel::Instant;
use kernel::secret::{base32, random, sha256};
use std::fmt;
use std::time::Duration;

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// A session that nobody used for so long is over.
    pub idle: Duration,
    /// The same for those who may manage officials.
    pub idle_administration: Duration,
    /// A session is over after so long in any case.
    pub longest: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(15 * 60),
            idle_administration: Duration::from_secs(5 * 60),
            longest: Duration::from_secs(12 * 3600),
        }
    }
}

/// How old the last sign of life may grow before a request writes it down: not each request costs a write.
const SEEN_EVERY: Duration = Duration::from_secs(30);

/// The most sessions one official has; the oldest gives way.
const MOST: i64 = 20;

/// A fresh session's secret, on its way into the cookie. It has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// A fresh token.
    pub(crate) fn random() -> Self {
        Self(base32(&random::<32>()))
    }

    /// What goes into the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The `Set-Cookie` value. The `__Host-` name needs TLS; plain HTTP is served on the loopback address only.
    #[must_use]
    pub fn cookie(&self, secure: bool) -> String {
        let flag = if secure { "; Secure" } else { "" };
        format!("{}={}; Path=/; HttpOnly; SameSite=Lax{flag}", cookie_name(secure), self.0)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// The name of the session's cookie.
#[must_use]
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-songhan-session" } else { "songhan-session" }
}

/// The `Set-Cookie` value that takes the cookie away.
#[must_use]
pub fn cookie_gone(secure: bool) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{flag}", cookie_name(secure))
}

/// The digest under which a cookie's text is looked up; `None` when it cannot be one of ours.
pub(crate) fn digest(cookie: &str) -> Option<Vec<u8>> {
    let shaped = cookie.len() == 52 && cookie.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    shaped.then(|| sha256(format!("session\0{cookie}").as_bytes()).to_vec())
}

row! {
    /// A session as its owner sees it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Session {
        /// What ends it.
        pub id: i64,
        /// The browser, as far as it said.
        pub device: String,
        /// When she signed in.
        pub opened_at: Instant,
        /// When it was used last.
        pub seen_at: Instant,
    }
}

row! {
    struct Found {
        id: i64,
        generation: i64,
        opened_at: Instant,
        seen_at: Instant,
        official_id: i64,
        sign_in: String,
        name: String,
        current: i64,
        one_time_until: Option<Instant>,
        disabled_at: Option<Instant>,
        reach_of: String,
    }
}

const FIND: &str = "select s.id, s.generation, s.opened_at, s.seen_at, s.official_id, o.sign_in, o.name, o.generation as current, \
    o.one_time_until, o.disabled_at, o.reach_of \
    from access_sessions s join access_officials o on o.id = s.official_id where s.digest = $1";

/// Who holds the session, and what has to be written about it.
pub(crate) struct Living {
    pub(crate) official: Official,
    pub(crate) seen: bool,
    pub(crate) stale: bool,
}

/// The official behind a digest, when the session lives.
pub(crate) fn find(
    rd: &mut Rd<'_>,
    charter: &Charter,
    lives: Lifetimes,
    digest: &[u8],
    now: Instant,
) -> Result<Option<Living>, db::Error> {
    let Some(found) = rd.opt::<Found>(FIND, args![digest])? else { return Ok(None) };
    let posts = people::posts(rd, found.official_id)?;
    let official = people::official(
        charter,
        &posts,
        &found.name,
        &found.sign_in,
        found.official_id,
        found.current,
        found.one_time_until.is_some(),
        found.id,
        now,
    );
    let idle = if official.permissions.contains(crate::may::MANAGE_OFFICIALS.0) { lives.idle_administration } else { lives.idle };
    let over = now > found.seen_at.after(idle) || now > found.opened_at.after(lives.longest);
    let closed = found.disabled_at.is_some() || found.one_time_until.is_some_and(|until| now > until);
    if over || closed || found.generation != found.current {
        return Ok(None);
    }
    let stale = found.reach_of != people::reach_of(charter, now);
    Ok(Some(Living { official, seen: now > found.seen_at.after(SEEN_EVERY), stale }))
}

/// Writes down that a session was used.
pub(crate) fn seen(tx: &mut Tx<'_>, id: i64) -> Result<(), db::Error> {
    let now = tx.now();
    tx.exec("update access_sessions set seen_at = $2 where id = $1 and seen_at < $2", args![id, now])?;
    Ok(())
}

/// Opens a session, and ends the one that it replaces and the oldest beyond the bound.
pub(crate) fn open(
    tx: &mut Tx<'_>,
    official: i64,
    generation: i64,
    token: &[u8],
    device: &str,
    replaces: Option<&[u8]>,
) -> Result<i64, db::Error> {
    if let Some(old) = replaces {
        tx.exec("delete from access_sessions where digest = $1", args![old])?;
    }
    let (id, now) = (tx.id(), tx.now());
    tx.exec_one(
        "insert into access_sessions (id, digest, official_id, generation, device, opened_at, seen_at) values ($1, $2, $3, $4, $5, $6, $6)",
        args![id, token, official, generation, device, now],
    )?;
    tx.exec(
        "delete from access_sessions where official_id = $1 and (generation <> $3 or id not in \
         (select id from access_sessions where official_id = $1 order by id desc limit $2))",
        args![official, MOST, generation],
    )?;
    Ok(id)
}

/// The living sessions of an official, newest first.
///
/// # Errors
/// When the store fails.
pub fn of(rd: &mut Rd<'_>, by: &Official) -> Result<Vec<Session>, db::Error> {
    rd.all(
        "select id, device, opened_at, seen_at from access_sessions where official_id = $1 and generation = $2 order by id desc limit 20",
        args![by.id, by.generation],
    )
}

/// Ends one of her own sessions.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not hers or is over already.
pub fn end(tx: &mut Tx<'_>, by: &Official, id: i64) -> Result<(), Refusal> {
    match tx.exec("delete from access_sessions where id = $1 and official_id = $2", args![id, by.id])? {
        0 => Err(Refusal::NotFound),
        _ => Ok(()),
    }
}

/// Deletes sessions that are over and failures that are forgotten: work for a job.
///
/// # Errors
/// When the store fails.
pub fn sweep(tx: &mut Tx<'_>, lives: Lifetimes) -> Result<u64, db::Error> {
    let (idle, longest) = (tx.now().before(lives.idle.max(lives.idle_administration)), tx.now().before(lives.longest));
    let forgotten = tx.now().before(crate::attempts::FORGOTTEN_AFTER);
    let sessions = tx.exec("delete from access_sessions where seen_at < $1 or opened_at < $2", args![idle, longest])?;
    Ok(sessions + tx.exec("delete from access_attempts where failed_at < $1", args![forgotten])?)
}
