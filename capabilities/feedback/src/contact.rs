//! How a reporter can be reached: typed, checked, sealed. Optional wherever the category allows.

use crate::words;
use kernel::{Lang, Private, spelling::clean};

/// Letters of a name.
pub const NAME_LETTERS: usize = 80;

kernel::personal! {
    /// How a reporter can be reached. Nothing of it leaves the sealed store but to an official whose look is logged.
    pub struct Contact in "report" {
        /// Name as written.
        name,
        /// Telephone number in E.164.
        phone,
        /// Mail address.
        email,
    }
}

impl Contact {
    /// Whether the reporter can be reached at all.
    #[must_use]
    pub const fn reaches(&self) -> bool {
        self.phone.is_some() || self.email.is_some()
    }

    /// Where a message goes: the telephone first, since it is read first.
    #[must_use]
    pub fn to(&self) -> Option<notify::To> {
        let phone = || self.phone.clone().map(notify::To::Phone);
        phone().or_else(|| self.email.clone().map(notify::To::Mail))
    }

    /// What the same person can be found by later, without opening anything.
    #[must_use]
    pub fn handle(&self) -> Option<Private<String>> {
        self.phone.clone().or_else(|| self.email.clone())
    }
}

/// A name as typed; nothing when empty.
///
/// # Errors
/// When it is longer than a name can be.
pub fn name(typed: &str, lang: Lang) -> Result<Option<Private<String>>, String> {
    let typed = clean(typed).replace('\n', " ");
    match typed.chars().count() {
        0 => Ok(None),
        1..=NAME_LETTERS => Ok(Some(Private::new(typed))),
        _ => Err(words::report_name_long(lang, NAME_LETTERS)),
    }
}

/// A telephone number as typed; nothing when empty.
///
/// # Errors
/// When it is none of Vietnam's.
pub fn phone(typed: &str, lang: Lang) -> Result<Option<Private<String>>, String> {
    optional(notify::phone(typed), lang)
}

/// A mail address as typed; nothing when empty.
///
/// # Errors
/// When it is none.
pub fn email(typed: &str, lang: Lang) -> Result<Option<Private<String>>, String> {
    optional(notify::mail(typed), lang)
}

fn optional(parsed: Result<Private<String>, notify::AddressFault>, lang: Lang) -> Result<Option<Private<String>>, String> {
    match parsed {
        Ok(value) => Ok(Some(value)),
        Err(notify::AddressFault::Empty) => Ok(None),
        Err(fault) => Err(fault.text(lang).to_owned()),
    }
}
