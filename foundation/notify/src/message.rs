//! A message: its words come from the pack, its values from the room. Values are put in, never parsed: a `{code}` that a citizen typed
//! stays what it is.

use crate::{Channel, Error, Sealer, store};
use db::Tx;
use kernel::{Lang, Private};

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// A telephone number as [`crate::phone`] gives it.
    Phone(Private<String>),
    /// A mail address as [`crate::mail`] gives it.
    Mail(Private<String>),
}

impl To {
    /// The way it goes.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Phone(_) => Channel::Sms,
            Self::Mail(_) => Channel::Mail,
        }
    }

    /// The address itself.
    #[must_use]
    pub const fn address(&self) -> &Private<String> {
        match self {
            Self::Phone(address) | Self::Mail(address) => address,
        }
    }
}

/// What is put into the words. City and hotline come from the pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The case's public code.
    pub code: Option<String>,
    /// The private link.
    pub link: Option<Private<String>>,
    /// The case's title.
    pub title: Option<String>,
    /// A due date as people read it.
    pub due: Option<String>,
    /// A unit's name.
    pub unit: Option<String>,
}

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The pack's key: `report-received`.
    pub kind: &'static str,
    /// Where it goes.
    pub to: To,
    /// The language of its reader.
    pub lang: Lang,
    /// What is put in.
    pub values: Values,
}

/// The words of one message, filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The subject, for mail.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
}

/// Puts values into words.
///
/// # Errors
/// When the words name a placeholder that `value` does not know.
pub fn fill<'v>(words: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Error> {
    let mut out = String::with_capacity(words.len() + 64);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(value(name).ok_or_else(|| Error::NoValue(name.to_owned()))?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// Writes a message down in the transaction of its cause; a job sends it. Gives its id.
///
/// # Errors
/// When the pack has no words for it, a value is missing, or the database refuses.
pub fn send(tx: &mut Tx<'_>, sealer: &Sealer, city: &pack::City, message: &Message) -> Result<i64, Error> {
    let filled = words(city, message)?;
    store::insert(tx, sealer, message, &filled)
}

fn words(city: &pack::City, message: &Message) -> Result<Filled, Error> {
    let lang = message.lang;
    let values = &message.values;
    let value = |name: &str| match name {
        "code" => values.code.as_deref(),
        "link" => values.link.as_ref().map(|link| link.open().as_str()),
        "title" => values.title.as_deref(),
        "due" => values.due.as_deref(),
        "unit" => values.unit.as_deref(),
        "city" => Some(city.name.get(lang)),
        "hotline" => Some(city.hotline.as_str()),
        _ => None,
    };
    let found = city.message(message.kind).ok_or_else(|| Error::NoSuchMessage(message.kind.to_owned()))?;
    let none = || Error::NoWords(message.kind.to_owned(), message.to.channel());
    match message.to.channel() {
        Channel::Sms => Ok(Filled { subject: None, text: fill(found.sms.as_ref().ok_or_else(none)?.get(lang), value)? }),
        Channel::Mail => Ok(Filled {
            // A line break in a subject would begin a header of the sender's choice.
            subject: Some(fill(found.subject.as_ref().ok_or_else(none)?.get(lang), value)?.replace(['\r', '\n'], " ")),
            text: fill(found.mail.as_ref().ok_or_else(none)?.get(lang), value)?,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_and_never_read_as_words() {
        let value = |name: &str| match name {
            "title" => Some("{code} {link} {{"),
            "code" => Some("PA-1"),
            _ => None,
        };
        assert_eq!(fill("{code}: {title}!", value).unwrap(), "PA-1: {code} {link} {{!");
        assert_eq!(fill("no placeholder", value).unwrap(), "no placeholder");
        assert_eq!(fill("open { brace", value).unwrap(), "open { brace");
        assert!(matches!(fill("{due}", value), Err(Error::NoValue(name)) if name == "due"));
    }
}
