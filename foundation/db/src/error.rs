//! What can go wrong between a closure and its acknowledgement. No variant carries a value from a row: errors go to logs.

use std::fmt;

/// An error of the database layer, the same on both engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A unique key is taken. The text names the constraint or its columns, never the value.
    Unique {
        /// `table.column` on SQLite, the constraint's name on PostgreSQL.
        constraint: String,
    },
    /// A check, not-null, foreign-key or type constraint refused the row.
    Constraint(String),
    /// The queue of this lane is full: answer 503 with Retry-After.
    Full,
    /// The disk has no room. Reads go on; nothing was stored.
    DiskFull,
    /// The statement ran over its time limit.
    Timeout,
    /// The closure panicked; it was rolled back and the others of its batch were not touched.
    Panic,
    /// The database is closing, ended, or cannot be reached. Whether the write is stored is unknown: retry with the same key.
    Gone,
    /// `one` found no row.
    NotFound,
    /// The state was not the expected one: somebody else was faster.
    Conflict(&'static str),
    /// A value that neither engine may store, such as a text with a NUL character.
    Invalid(&'static str),
    /// The statement and its arguments or columns do not fit: a bug.
    Shape(String),
    /// The database may not be opened: version, lock, migrations.
    Start(String),
    /// Another writer answered the same key, or chose the same rows, at the same moment. Retried inside; seen only when it persists.
    Busy(String),
    /// Anything else the engine said.
    Sql {
        /// SQLSTATE on PostgreSQL, the extended result code on SQLite.
        code: String,
        /// The engine's own words.
        text: String,
    },
}

/// What most functions here return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The words of one `Busy`.
pub(crate) const KEY_RACE: &str = "a submission key was answered at the same moment";

impl Error {
    /// Whether a unique key was taken.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }

    /// Whether the caller should say "try again in a moment" (503) rather than "something broke" (500).
    #[must_use]
    pub const fn is_pressure(&self) -> bool {
        matches!(self, Self::Full | Self::DiskFull | Self::Gone | Self::Timeout | Self::Busy(_))
    }

    /// Whether two writers answered one submission key: running again at once finds the other's answer.
    pub(crate) fn is_key_race(&self) -> bool {
        matches!(self, Self::Busy(why) if why == KEY_RACE)
    }

    /// Whether the same closure may succeed when it runs again.
    pub(crate) const fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique { constraint } => write!(f, "a unique key is taken: {constraint}"),
            Self::Constraint(text) => write!(f, "a constraint refused the row: {text}"),
            Self::Full => f.write_str("the queue is full"),
            Self::DiskFull => f.write_str("the disk is full"),
            Self::Timeout => f.write_str("the statement ran over its time limit"),
            Self::Panic => f.write_str("the closure panicked"),
            Self::Gone => f.write_str("the database is closing or cannot be reached"),
            Self::NotFound => f.write_str("no such row"),
            Self::Conflict(what) => write!(f, "the state has changed: {what}"),
            Self::Invalid(what) => write!(f, "not a value to store: {what}"),
            Self::Shape(what) => write!(f, "statement and arguments do not fit: {what}"),
            Self::Start(why) => write!(f, "the database was not opened: {why}"),
            Self::Busy(why) => write!(f, "others were writing the same rows: {why}"),
            Self::Sql { code, text } => write!(f, "{text} ({code})"),
        }
    }
}

impl std::error::Error for Error {}
