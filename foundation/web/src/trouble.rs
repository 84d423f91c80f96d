//! The three ways in which a request does not succeed: a refusal (the city says no, in a sentence), not found (absent, or not yours to
//! know of), a fault (ours; logged once, shown as an apology with a reference number). The edge draws them: as a page, or as
//! problem+json (RFC 9457) for the API.

use crate::Checked;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::Lang;
use std::fmt;

/// A refusal of a room: which status, and the sentence that the person reads.
pub trait Says {
    /// The HTTP status; 404 becomes [`Trouble::NotFound`], 500 and above without [`Says::fault`] too are shown as they are.
    fn status(&self) -> u16;
    /// The sentence.
    fn text(&self, lang: Lang) -> String;
    /// What broke, for the log, when this is no refusal but a fault.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// Why a request did not succeed.
pub enum Trouble {
    /// The city says no.
    Refusal(Box<Refusal>),
    /// There is no such thing, or not for you.
    NotFound,
    /// Something broke. The text goes to the log, never to the page.
    Fault(String),
}

/// A refusal, ready to be drawn.
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    text: Box<dyn Fn(Lang) -> String + Send + Sync>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
    /// Which fields of a program's request are wrong, each with its sentence.
    pub fields: Vec<(String, String)>,
}

impl Refusal {
    /// The sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        (self.text)(lang)
    }
}

impl Trouble {
    /// A refusal with its sentence: `Trouble::refusal(409, words::already_closed)`.
    pub fn refusal<T: Into<String>>(status: u16, text: impl Fn(Lang) -> T + Send + Sync + 'static) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        let text = Box::new(move |lang| text(lang).into());
        Self::Refusal(Box::new(Refusal { status, text, retry_after: None, fields: Vec::new() }))
    }

    /// The mistakes of a program's request, 422: one is told as it is, several by their number.
    #[must_use]
    pub fn mistakes(checked: &Checked) -> Self {
        let fields = checked.errors().to_vec();
        let (count, only) = (fields.len(), fields.first().filter(|_| fields.len() == 1).map(|(_, only)| only.clone()));
        Self::refusal(422, move |lang| only.clone().unwrap_or_else(|| crate::words::mistakes(lang, count))).at(fields)
    }

    /// The same, saying which fields of the request it is about.
    #[must_use]
    pub fn at(mut self, fields: Vec<(String, String)>) -> Self {
        if let Self::Refusal(refusal) = &mut self {
            refusal.fields = fields;
        }
        self
    }

    /// The same, to be tried again after some seconds.
    pub fn later<T: Into<String>>(status: u16, seconds: u32, text: impl Fn(Lang) -> T + Send + Sync + 'static) -> Self {
        match Self::refusal(status, text) {
            Self::Refusal(mut refusal) => {
                refusal.retry_after = Some(seconds);
                Self::Refusal(refusal)
            }
            other => other,
        }
    }

    /// A fault, from whatever broke.
    pub fn fault(why: impl fmt::Display) -> Self {
        Self::Fault(why.to_string())
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refusal(refusal) => refusal.status,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refusal(refusal) => write!(f, "Refusal({}, {})", refusal.status, refusal.text(Lang::En)),
            Self::NotFound => f.write_str("NotFound"),
            Self::Fault(why) => write!(f, "Fault({why})"),
        }
    }
}

impl<R: Says + Send + Sync + 'static> From<R> for Trouble {
    fn from(refusal: R) -> Self {
        match (refusal.fault(), refusal.status()) {
            (Some(why), _) => Self::Fault(why),
            (None, 404) => Self::NotFound,
            (None, status) => Self::refusal(status, move |lang| refusal.text(lang)),
        }
    }
}

impl From<db::Error> for Trouble {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Conflict(_) => Self::refusal(409, crate::words::changed_meanwhile),
            db::Error::Invalid(_) => Self::refusal(400, crate::words::unreadable),
            db::Error::DiskFull => Self::later(507, 60, crate::words::no_room),
            pressure if pressure.is_pressure() => Self::later(503, 5, crate::words::busy),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<access::Refusal> for Trouble {
    fn from(refusal: access::Refusal) -> Self {
        match refusal {
            access::Refusal::Fault(error) => error.into(),
            access::Refusal::NotFound => Self::NotFound,
            other => Self::refusal(other.status(), move |lang| other.text(lang)),
        }
    }
}

impl From<cases::Refusal> for Trouble {
    fn from(refusal: cases::Refusal) -> Self {
        match refusal {
            cases::Refusal::Db(error) => error.into(),
            cases::Refusal::NoSuch(_) => Self::NotFound,
            fault if fault.is_fault() => Self::Fault(format!("{fault:?}")),
            cases::Refusal::NoGround => Self::refusal(422, move |lang| cases::Refusal::NoGround.text(lang)),
            other => Self::refusal(409, move |lang| other.text(lang)),
        }
    }
}

impl From<files::Error> for Trouble {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::TooLarge { .. } => Self::refusal(413, crate::words::too_large),
            files::Error::Picture(refusal) => Self::refusal(422, move |lang| refusal.text(lang)),
            files::Error::Disk(error) => Self::Fault(error.to_string()),
        }
    }
}

/// Carries the trouble to the edge, which draws it.
#[derive(Clone)]
pub(crate) struct Drawn(pub std::sync::Arc<Trouble>);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Drawn(std::sync::Arc::new(self)));
        response
    }
}
