//! Every "no" that the engine can say.

use kernel::Lang;
use std::fmt;

/// Why an act was not recorded. Nothing of it is stored then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else was faster: the case is no longer as it was read.
    Conflict,
    /// The case is closed.
    Closed,
    /// The case is not closed.
    StillOpen,
    /// The act needs a ground.
    NoGround,
    /// What the act is about does not exist in this case; the word names the kind of thing.
    NoSuch(&'static str),
    /// It exists, but not in a state for this act; the word says what stands in the way.
    NotNow(&'static str),
    /// The same person must not do both.
    SamePerson,
    /// No due time can be counted.
    Deadline(calendars::Refusal),
    /// A calendar that the pack does not have.
    NoCalendar(String),
    /// The room asked a verb for an effect that the verb does not have: a mistake in the program.
    NotOfVerb(&'static str, String),
    /// The journal or a stored value does not read: a fault.
    Broken(String),
    /// The database.
    Db(db::Error),
}

impl Refusal {
    /// The sentence a person reads.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Conflict => crate::words::conflict(lang).to_owned(),
            Self::Closed => crate::words::closed(lang).to_owned(),
            Self::StillOpen => crate::words::still_open(lang).to_owned(),
            Self::NoGround => crate::words::no_ground(lang).to_owned(),
            Self::NoSuch(_) => crate::words::no_such(lang).to_owned(),
            Self::NotNow(_) => crate::words::not_now(lang).to_owned(),
            Self::SamePerson => crate::words::same_person(lang).to_owned(),
            Self::Deadline(why) => why.text(lang).to_owned(),
            Self::NoCalendar(_) => crate::words::no_calendar(lang).to_owned(),
            Self::NotOfVerb(..) | Self::Broken(_) | Self::Db(_) => crate::words::fault(lang).to_owned(),
        }
    }

    /// Whether it is a fault of the program or its surroundings, not the city saying no.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::NotOfVerb(..) | Self::Broken(_) | Self::Db(_) | Self::NoCalendar(_))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuch(what) => write!(f, "no such {what} in this case"),
            Self::NotNow(what) => write!(f, "not now: {what}"),
            Self::NoCalendar(key) => write!(f, "no calendar {key}"),
            Self::NotOfVerb(verb, effect) => write!(f, "{verb} cannot have the effect {effect}"),
            Self::Broken(what) => write!(f, "the journal does not read: {what}"),
            Self::Db(error) => error.fmt(f),
            other => f.write_str(&other.text(Lang::En)),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Conflict(_) => Self::Conflict,
            other => Self::Db(other),
        }
    }
}

impl From<calendars::Refusal> for Refusal {
    fn from(why: calendars::Refusal) -> Self {
        Self::Deadline(why)
    }
}
