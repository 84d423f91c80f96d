//! The words of SMS and mail, with placeholders. Sending them is the room `notify`.

use crate::nearest::nearest;
use crate::reader::{Reader, Rows};
use kernel::{Both, Lang};
use serde::Deserialize;
use toml::Spanned;

/// What the words may leave open.
pub const PLACEHOLDERS: [&str; 7] = ["code", "link", "title", "due", "unit", "city", "hotline"];

/// The words of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its key: what happened.
    pub key: String,
    /// The words of an SMS.
    pub sms: Option<Both>,
    /// The subject of a mail.
    pub subject: Option<Both>,
    /// The words of a mail.
    pub mail: Option<Both>,
}

/// Puts values in the place of `{name}`. A placeholder without value stays as it is: the check of the pack and the caller's own
/// test make sure that none does.
#[must_use]
pub fn fill(text: &Both, lang: Lang, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text.get(lang);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let Some(close) = tail.find('}') else { break };
        match values.iter().find(|(name, _)| *name == &tail[1..close]) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&tail[..=close]),
        }
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    message: Rows<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    sms: Option<Spanned<Both>>,
    subject: Option<Spanned<Both>>,
    mail: Option<Spanned<Both>>,
}

const SMS_AT_MOST: usize = 300;

/// Reads notify/messages.toml. `known` are the keys that the capabilities send.
pub(crate) fn read(reader: &mut Reader, known: Option<&[&str]>) -> Vec<Message> {
    let Some(File { message: rows }) = reader.read_if_there::<File>("notify/messages.toml") else {
        if !reader.sources.iter().any(|source| source.name == "notify/messages.toml") {
            reader.complain_about_file("notify/messages.toml", "this file is missing", None);
        }
        return Vec::new();
    };
    reader.keys("message", rows.iter().map(|row| &row.key));
    for row in rows.iter() {
        for text in [&row.sms, &row.subject, &row.mail].into_iter().flatten() {
            reader.placeholders(text, &PLACEHOLDERS);
        }
        if row.sms.is_none() && row.mail.is_none() {
            let help = Some("add sms, or subject and mail".to_owned());
            reader.complain(row.key.span(), format!("message `{}` has no words", row.key.get_ref()), help);
        }
        if row.subject.is_some() != row.mail.is_some() {
            let held = row.subject.as_ref().or(row.mail.as_ref()).map_or_else(|| row.key.span(), Spanned::span);
            reader.complain(held, "subject and mail go together", None);
        }
        if let Some(sms) = &row.sms {
            for text in [&sms.get_ref().vi, &sms.get_ref().en] {
                let letters = text.chars().count();
                if letters > SMS_AT_MOST {
                    reader.complain(sms.span(), format!("an SMS has at most {SMS_AT_MOST} letters, not {letters}"), None);
                }
            }
        }
    }
    for row in rows.iter().filter(|row| known.unwrap_or_default().contains(&row.key.get_ref().as_str())) {
        // Some people leave only a telephone number, others only a mail address.
        if row.sms.is_none() != row.mail.is_none() {
            let (has, lacks) = if row.sms.is_some() { ("sms", "subject and mail") } else { ("mail", "sms") };
            let help = Some(format!("add {lacks}: it is also sent to people who cannot be reached by {has}"));
            reader.complain(row.key.span(), format!("message `{}` has {has} only", row.key.get_ref()), help);
        }
    }
    check_known(reader, &rows, known.unwrap_or_default());
    let inner = |text: Option<Spanned<Both>>| text.map(Spanned::into_inner);
    let message =
        |row: Raw| Message { key: row.key.into_inner(), sms: inner(row.sms), subject: inner(row.subject), mail: inner(row.mail) };
    rows.into_iter().map(message).collect()
}

/// What is sent needs words. Words that nobody sends yet may wait, unless they were meant for what is missing.
fn check_known(reader: &mut Reader, rows: &[Raw], known: &[&str]) {
    let mut missing: Vec<&str> = known.iter().copied().filter(|key| !rows.iter().any(|row| row.key.get_ref() == key)).collect();
    for row in rows.iter().filter(|row| !known.contains(&row.key.get_ref().as_str())) {
        if let Some(near) = nearest(row.key.get_ref(), missing.iter().copied()) {
            let help = Some(format!("did you mean `{near}`?"));
            reader.complain(row.key.span(), format!("message `{}` is not sent by anybody", row.key.get_ref()), help);
            missing.retain(|key| *key != near);
        }
    }
    for key in missing {
        let help = Some("it is sent, so it needs words: add a [[message]]".to_owned());
        reader.complain_about_file("notify/messages.toml", format!("message `{key}` is missing"), help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_an_unknown_one_stays() {
        let text = Both::new("{city}: {code}, {ngay} }", "{code} of {city}");
        let values = [("city", "Sao Mai"), ("code", "PA-1{city}")];
        assert_eq!(fill(&text, Lang::Vi, &values), "Sao Mai: PA-1{city}, {ngay} }");
        assert_eq!(fill(&text, Lang::En, &values), "PA-1{city} of Sao Mai");
    }
}
