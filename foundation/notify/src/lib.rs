//! Messages to people: words from the pack, a row in the transaction of their cause, sent later by a job that may fail and try again.
//!
//! Start at [`send`] in `message.rs`: it fills the words and writes the row. `delivery.rs` hands due rows to a [`Provider`];
//! `address.rs` brings telephone numbers and mail addresses to one form; `sealing.rs` closes what is personal.
//! Not here: which events are told to whom (the rooms), the outbox page (administration).

mod address;
mod delivery;
mod message;
pub mod providers;
mod sealing;
mod store;

pub use address::{AddressFault, as_written, mail, phone};
pub use delivery::{Delivered, deliver};
pub use message::{Filled, Message, To, Values, fill, send};
pub use providers::{Failure, Outgoing, Provider};
pub use sealing::Sealer;
pub use store::{Shown, State, count_waiting, forget, messages_of, outbox, outbox_of_case, purge};

use std::fmt;

/// The words of what is wrong with an address.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The table's history.
pub const MIGRATIONS: &[db::Migration] =
    &[db::migration!("20261125110000_messages_to_people", "../migrations/20261125110000_messages_to_people.sql")];

/// The way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A short message to a telephone.
    Sms,
    /// Mail.
    Mail,
}

impl Channel {
    /// The word in the table.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
        }
    }

    /// The channel with this word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Sms, Self::Mail].into_iter().find(|channel| channel.key() == key)
    }
}

/// Why a message could not be written down. None of these is the reader's fault: the pack and the rooms agree on the messages at start.
#[derive(Debug)]
pub enum Error {
    /// The database.
    Db(db::Error),
    /// The pack has no message of this key.
    NoSuchMessage(String),
    /// The message has no words for this channel.
    NoWords(String, Channel),
    /// The words name a placeholder that got no value.
    NoValue(String),
    /// A sealed row does not open: another key, or a changed row.
    Sealed,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Db(error) => write!(f, "{error}"),
            Self::NoSuchMessage(key) => write!(f, "notify/messages.toml has no message `{key}`"),
            Self::NoWords(key, channel) => write!(f, "message `{key}` has no words for {}", channel.key()),
            Self::NoValue(name) => write!(f, "placeholder `{{{name}}}` got no value"),
            Self::Sealed => f.write_str("a sealed message does not open with this key"),
        }
    }
}

impl std::error::Error for Error {}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Db(error)
    }
}
