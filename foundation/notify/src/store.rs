//! All SQL of the messages.

use crate::{Channel, Error, Filled, Message, Sealer};
use db::{Rd, Tx, args};
use kernel::{Instant, Lang, Private};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not sent yet, or to be tried again.
    Waiting,
    /// A provider took it.
    Sent,
    /// No provider is configured: it stays on the outbox page.
    Kept,
    /// Given up; the reason stands beside it.
    Failed,
}

impl State {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Kept, Self::Failed];

    /// The word in the table.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Kept => "kept",
            Self::Failed => "failed",
        }
    }
}

/// A message as the outbox page shows it to an official who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: i64,
    /// The pack's key.
    pub kind: String,
    /// The way it goes.
    pub channel: Channel,
    /// The language of its reader.
    pub lang: Lang,
    /// The case it is about.
    pub case_code: Option<String>,
    /// Where it goes; `None` when purged.
    pub to: Option<Private<String>>,
    /// The subject, for mail.
    pub subject: Option<Private<String>>,
    /// The text; `None` when purged.
    pub text: Option<Private<String>>,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed; never names the recipient.
    pub error: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// When a provider took it.
    pub sent_at: Option<Instant>,
}

/// The three personal parts in one sealed value, apart by a character that no cleaned text holds.
const APART: char = '\u{1f}';

const INSERT: &str = "insert into notify_messages (id, kind, channel, language, case_code, person, sealed, state, attempts, next_at, created_at) \
    values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8)";

pub(crate) fn insert(tx: &mut Tx<'_>, sealer: &Sealer, message: &Message, filled: &Filled) -> Result<i64, Error> {
    let id = tx.id();
    let address = message.to.address().open();
    let subject = filled.subject.as_deref().unwrap_or_default();
    let sealed = sealer.seal(id, &format!("{address}{APART}{subject}{APART}{}", filled.text));
    tx.exec_one(
        INSERT,
        args![
            id,
            message.kind,
            message.to.channel().key(),
            message.lang.tag(),
            message.values.code,
            sealer.person(address),
            sealed,
            tx.now()
        ],
    )?;
    Ok(id)
}

db::row! {
    pub(crate) struct Row {
        pub id: i64,
        pub kind: String,
        pub channel: String,
        pub language: String,
        pub case_code: Option<String>,
        pub sealed: Option<Vec<u8>>,
        pub state: String,
        pub attempts: i64,
        pub error: Option<String>,
        pub created_at: i64,
        pub sent_at: Option<i64>,
    }
}

impl Row {
    pub(crate) fn shown(self, sealer: &Sealer) -> Result<Shown, Error> {
        let (mut to, mut subject, mut text) = (None, None, None);
        if let Some(sealed) = &self.sealed {
            let plain = sealer.open(self.id, sealed)?;
            let mut parts = plain.splitn(3, APART).map(str::to_owned);
            to = parts.next().map(Private::new);
            subject = parts.next().filter(|s| !s.is_empty()).map(Private::new);
            text = parts.next().map(Private::new);
        }
        Ok(Shown {
            id: self.id,
            channel: Channel::from_key(&self.channel).ok_or(Error::Sealed)?,
            lang: Lang::from_tag(&self.language).unwrap_or_default(),
            state: State::ALL.into_iter().find(|state| state.key() == self.state).ok_or(Error::Sealed)?,
            kind: self.kind,
            case_code: self.case_code,
            to,
            subject,
            text,
            attempts: self.attempts,
            error: self.error,
            created_at: Instant(self.created_at),
            sent_at: self.sent_at.map(Instant),
        })
    }
}

const OUTBOX: &str = "select id, kind, channel, language, case_code, sealed, state, attempts, error, created_at, sent_at \
    from notify_messages where id < $1 order by id desc limit $2";

/// The newest messages, those before `before` when given.
///
/// # Errors
/// When the database refuses or a row does not open.
pub fn outbox(rd: &mut Rd<'_>, sealer: &Sealer, before: Option<i64>, limit: i64) -> Result<Vec<Shown>, Error> {
    shown(rd.all(OUTBOX, args![before.unwrap_or(i64::MAX), limit])?, sealer)
}

const OF_CASE: &str = "select id, kind, channel, language, case_code, sealed, state, attempts, error, created_at, sent_at \
    from notify_messages where case_code = $1 order by id desc limit 100";

/// The messages about one case, the newest first.
///
/// # Errors
/// When the database refuses or a row does not open.
pub fn outbox_of_case(rd: &mut Rd<'_>, sealer: &Sealer, code: &str) -> Result<Vec<Shown>, Error> {
    shown(rd.all(OF_CASE, args![code])?, sealer)
}

const OF_PERSON: &str = "select id, kind, channel, language, case_code, sealed, state, attempts, error, created_at, sent_at \
    from notify_messages where person = $1 order by id desc limit 500";

/// The messages to one address, the newest first: for export, and for tests.
///
/// # Errors
/// When the database refuses or a row does not open.
pub fn messages_of(rd: &mut Rd<'_>, sealer: &Sealer, address: &str) -> Result<Vec<Shown>, Error> {
    shown(rd.all(OF_PERSON, args![sealer.person(address)])?, sealer)
}

fn shown(rows: Vec<Row>, sealer: &Sealer) -> Result<Vec<Shown>, Error> {
    rows.into_iter().map(|row| row.shown(sealer)).collect()
}

/// How many messages wait to be sent: for health.
///
/// # Errors
/// When the database refuses.
pub fn count_waiting(rd: &mut Rd<'_>) -> Result<i64, db::Error> {
    let (n,) = rd.one("select count(*) from notify_messages where state = 'waiting'", args![])?;
    Ok(n)
}

const DUE: &str = "select id, kind, channel, language, case_code, sealed, state, attempts, error, created_at, sent_at \
    from notify_messages where state = 'waiting' and next_at <= $1 order by id limit $2";
const CLAIM: &str =
    "update notify_messages set attempts = attempts + 1, next_at = $3 where id = $1 and state = 'waiting' and attempts = $2";

/// Takes due messages for one round: a message taken by another node in between is left out.
pub(crate) fn claim(tx: &mut Tx<'_>, sealer: &Sealer, lease: std::time::Duration, limit: i64) -> Result<Vec<Shown>, Error> {
    let now = tx.now();
    let mut taken = Vec::new();
    for row in tx.all::<Row>(DUE, args![now, limit])? {
        if tx.exec(CLAIM, args![row.id, row.attempts, now.after(lease)])? == 1 {
            let mut message = row.shown(sealer)?;
            message.attempts += 1;
            taken.push(message);
        }
    }
    Ok(taken)
}

const SETTLE: &str = "update notify_messages set state = $3, provider = $4, error = $5, next_at = $6, sent_at = $7 \
    where id = $1 and attempts = $2 and state = 'waiting'";

/// Writes down how a try ended. A message that was taken over meanwhile is left to whoever took it.
#[allow(clippy::too_many_arguments)]
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    id: i64,
    attempt: i64,
    state: State,
    provider: &str,
    error: Option<&str>,
    next_at: Instant,
    sent_at: Option<Instant>,
) -> Result<(), Error> {
    tx.exec(SETTLE, args![id, attempt, state.key(), provider, error, next_at, sent_at])?;
    Ok(())
}

/// Empties messages older than `before` that wait for nothing: the fact that a message went remains, its words and recipient do not.
///
/// # Errors
/// When the database refuses.
pub fn purge(tx: &mut Tx<'_>, before: Instant) -> Result<u64, db::Error> {
    tx.exec(
        "update notify_messages set sealed = null where sealed is not null and state <> 'waiting' and created_at < $1",
        args![before],
    )
}

/// Removes every message to one address: erasure.
///
/// # Errors
/// When the database refuses.
pub fn forget(tx: &mut Tx<'_>, sealer: &Sealer, address: &str) -> Result<u64, db::Error> {
    tx.exec("delete from notify_messages where person = $1", args![sealer.person(address)])
}
