//! Every "no" of this room.

use kernel::Lang;
use std::time::Duration;

/// The city says no. [`Refusal::text`] is the sentence; [`Refusal::status`] goes with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// No such account, another password, or an account that is closed: one answer for all three.
    WrongSignIn,
    /// Too many failures: come again after this time.
    Wait(Duration),
    /// More people sign in at this moment than passwords can be checked.
    Busy,
    /// The present password was not right.
    WrongPassword,
    /// The new password has fewer than [`crate::password::SHORTEST`] characters.
    PasswordTooShort,
    /// The new password has more than [`crate::password::LONGEST`] characters.
    PasswordTooLong,
    /// The new password is her own name, or one that is guessed first.
    PasswordEasy,
    /// The new password is the old one.
    PasswordUnchanged,
    /// A name to sign in with has 3 to 40 small letters, digits, dots and hyphens.
    SignInShape,
    /// Somebody has this name already.
    SignInTaken,
    /// A person has a name.
    NameMissing,
    /// The city's pack has no such role.
    UnknownRole,
    /// The city's pack has no such unit.
    UnknownUnit,
    /// The post reaches further than the one who gives it.
    BeyondYou,
    /// Nobody would be left who may manage officials.
    LastAdministrator,
    /// Absent, or not yours to see.
    NotFound,
    /// Someone else changed it in between.
    Changed,
    /// Not a refusal but a fault of the store; shown as an apology.
    Fault(db::Error),
}

impl From<db::Error> for Refusal {
    fn from(fault: db::Error) -> Self {
        Self::Fault(fault)
    }
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Wait(_) => 429,
            Self::Busy => 503,
            Self::NotFound => 404,
            Self::BeyondYou => 403,
            Self::Changed | Self::SignInTaken | Self::LastAdministrator => 409,
            Self::Fault(_) => 500,
            _ => 422,
        }
    }

    /// The sentence that the person reads.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        use crate::words;
        let plain = match self {
            Self::Wait(span) => return words::wait(lang, i64::try_from(span.as_secs().div_ceil(60).max(1)).unwrap_or(15)),
            Self::PasswordTooShort => return words::password_too_short(lang, crate::password::SHORTEST),
            Self::PasswordTooLong => return words::password_too_long(lang, crate::password::LONGEST),
            Self::WrongSignIn => words::wrong_sign_in(lang),
            Self::Busy => words::busy(lang),
            Self::WrongPassword => words::wrong_password(lang),
            Self::PasswordEasy => words::password_easy(lang),
            Self::PasswordUnchanged => words::password_unchanged(lang),
            Self::SignInShape => words::sign_in_shape(lang),
            Self::SignInTaken => words::sign_in_taken(lang),
            Self::NameMissing => words::name_missing(lang),
            Self::UnknownRole => words::unknown_role(lang),
            Self::UnknownUnit => words::unknown_unit(lang),
            Self::BeyondYou => words::beyond_you(lang),
            Self::LastAdministrator => words::last_administrator(lang),
            Self::NotFound => words::not_found(lang),
            Self::Changed => words::changed(lang),
            Self::Fault(_) => words::fault(lang),
        };
        plain.to_owned()
    }
}
