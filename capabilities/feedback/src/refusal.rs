//! Every "no" that this room says, each a sentence and a status.

use crate::words;
use kernel::Lang;
use web::Says;

/// Why something about a report was not done.
#[derive(Debug)]
pub enum Refusal {
    /// There is no such report, or it is not yours to see.
    NotFound,
    /// The kind of report does not exist, or no longer.
    NoCategory,
    /// The place is farther outside the city than it takes reports from; kilometres.
    OutsideCity(f64),
    /// Neither address nor point nor area was given.
    NoPlace,
    /// The report is closed.
    Closed,
    /// The unit that is to get it has it already.
    SameUnit,
    /// There is no such unit, or it no longer works.
    NoUnit,
    /// The due day is not after today.
    DuePast,
    /// The due day is beyond the report's own.
    DueBeyond,
    /// The key of this submission came before with another report, which has this code.
    KeyUsed(String),
    /// The reporter added many words already; the hotline's number.
    EnoughWords(String),
    /// There is no answer to publish.
    NoAnswer,
    /// The engine said no.
    Engine(cases::Refusal),
    /// A message could not be written down.
    Message(notify::Error),
}

impl Says for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Closed | Self::SameUnit | Self::KeyUsed(_) => 409,
            Self::Engine(cases::Refusal::Conflict | cases::Refusal::Closed | cases::Refusal::StillOpen) => 409,
            _ => 422,
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => words::follow_code_wrong(lang).to_owned(),
            Self::NoCategory => words::refusal_category(lang).to_owned(),
            Self::OutsideCity(_) => words::refusal_outside(lang).to_owned(),
            Self::NoPlace => words::report_place_missing(lang).to_owned(),
            Self::Closed => words::refusal_closed(lang).to_owned(),
            Self::SameUnit => words::forward_to_same(lang).to_owned(),
            Self::NoUnit => words::forward_to_missing(lang).to_owned(),
            Self::DuePast => words::forward_due_past(lang).to_owned(),
            Self::DueBeyond => words::forward_due_beyond_short(lang).to_owned(),
            Self::KeyUsed(code) => words::refusal_key_used(lang, code),
            Self::EnoughWords(hotline) => words::link_full(lang, hotline),
            Self::NoAnswer => words::publish_no_answer(lang).to_owned(),
            Self::Engine(cases::Refusal::Conflict) => words::refusal_changed(lang).to_owned(),
            Self::Engine(cases::Refusal::Closed) => words::refusal_closed(lang).to_owned(),
            Self::Engine(why) => why.text(lang),
            Self::Message(_) => words::refusal_busy(lang).to_owned(),
        }
    }

    fn fault(&self) -> Option<String> {
        match self {
            Self::Engine(why) if why.is_fault() => Some(why.to_string()),
            Self::Message(why) => Some(why.to_string()),
            _ => None,
        }
    }
}

impl From<cases::Refusal> for Refusal {
    fn from(why: cases::Refusal) -> Self {
        Self::Engine(why)
    }
}

impl From<db::Error> for Refusal {
    fn from(why: db::Error) -> Self {
        match why {
            db::Error::NotFound => Self::NotFound,
            why => Self::Engine(why.into()),
        }
    }
}

impl From<notify::Error> for Refusal {
    fn from(why: notify::Error) -> Self {
        match why {
            notify::Error::Db(why) => why.into(),
            why => Self::Message(why),
        }
    }
}
