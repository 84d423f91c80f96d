//! A report arrives: the one function behind the form, the API and the demo.
//!
//! Not here: reading a form (`pages/report.rs`) or JSON (`api.rs`), and what the report becomes (`report.rs`).

use crate::names;
use crate::pack::Feedback;
use crate::refusal::Refusal;
use crate::report::{LINK, Submission};
use crate::store;
use db::Tx;
use kernel::{Actor, Key, Private, Token, secret};
use notify::{Message, Values};
use serde::{Deserialize, Serialize};

/// What the sender gets back. The same key gives the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The code: a name, which opens nothing.
    pub code: String,
    /// The private link's token.
    pub link: Token,
    /// Whether this call made it, or an earlier one with the same key.
    pub fresh: bool,
}

/// What is kept with a key.
#[derive(Serialize, Deserialize)]
struct Answered {
    code: String,
    digest: String,
}

/// What an intake needs beside the transaction.
#[derive(Clone)]
pub struct Desk {
    /// The city.
    pub pack: std::sync::Arc<pack::City>,
    /// The engine's keys.
    pub keys: std::sync::Arc<cases::Keys>,
    /// The public origin, for links in messages.
    pub origin: String,
}

impl Desk {
    /// The desk of a city.
    #[must_use]
    pub fn of(city: &web::City) -> Self {
        let origin = city.settings.base().to_owned();
        Self { pack: city.pack.clone(), keys: city.keys.clone(), origin }
    }

    /// What seals messages to people.
    #[must_use]
    pub fn sealer(&self) -> notify::Sealer {
        manifest::message_sealer(&self.keys)
    }

    /// The private link as it stands in a message.
    #[must_use]
    pub fn link(&self, token: &Token) -> Private<String> {
        Private::new(format!("{}{}", self.origin, crate::paths::link(token)))
    }
}

/// The token of a submission's private link. It comes from the submission's key and a secret of the city, so that a retry gets the same
/// link and the database keeps only its digest.
#[must_use]
pub fn link_of(keys: &cases::Keys, key: &Key) -> Token {
    token(&keys.derive("report links"), key.as_str())
}

/// The token of the private link in the message that tells of an act, the line `seq` of the case's journal. It comes from the act, so that the
/// transaction may run twice and the database keeps only its digest.
#[must_use]
pub fn link_of_act(keys: &cases::Keys, case: i64, seq: u32) -> Token {
    token(&keys.derive("report links of acts"), &format!("{LINK} {case} {seq}"))
}

fn token(key: &[u8; 32], of: &str) -> Token {
    let digest = secret::keyed_digest(key, of.as_bytes());
    Token::parse(&secret::base32(&digest[..16])).expect("16 bytes in base 32 have the shape of a token")
}

/// The report is received, once for its key: case, clocks, step, journal, link and message in the caller's transaction.
///
/// # Errors
/// [`Refusal::KeyUsed`] when the key came before with another report, and those of [`Submission::change`].
pub fn receive(tx: &mut Tx<'_>, desk: &Desk, key: &Key, report: &Submission, by: &Actor) -> Result<Received, Refusal> {
    let digest = digest(report);
    let (answer, fresh) = db::once(tx, "report", key, |tx| -> Result<String, Refusal> {
        let code = file(tx, desk, report, by)?;
        Ok(serde_json::to_string(&Answered { code, digest: digest.clone() }).expect("two texts become JSON"))
    })?;
    let answered: Answered =
        serde_json::from_str(&answer).map_err(|why| Refusal::Engine(cases::Refusal::Broken(why.to_string())))?;
    if answered.digest != digest {
        return Err(Refusal::KeyUsed(answered.code));
    }
    Ok(Received { code: answered.code, link: report.link.clone(), fresh })
}

/// What one person sends once a day at most: the back button and a second press give the form a new key, but the same words.
#[must_use]
pub fn once_a_day(report: &Submission, today: jiff::civil::Date) -> String {
    format!("{today} {}", digest(report))
}

/// The same words from the same browser on the same day are the same report: it goes under the key under which it was sent first.
///
/// # Errors
/// The database's.
pub fn as_first_sent(
    tx: &mut Tx<'_>,
    desk: &Desk,
    once: &Key,
    key: &Key,
    report: &Submission,
) -> Result<(Key, Submission), Refusal> {
    let (first, _) = db::once(tx, "report of a browser", once, |_| -> Result<String, Refusal> { Ok(key.as_str().to_owned()) })?;
    let first = Key::parse(&first).unwrap_or_else(|| key.clone());
    let report = Submission { link: link_of(&desk.keys, &first), ..report.clone() };
    Ok((first, report))
}

fn file(tx: &mut Tx<'_>, desk: &Desk, report: &Submission, by: &Actor) -> Result<String, Refusal> {
    let now = tx.now();
    let change = report.change(&desk.pack, by, now)?;
    let case = cases::record(tx, &desk.keys, &desk.pack, change)?;
    let severity = Feedback::of(&desk.pack).category(&report.category).map(|c| c.deadline.clone()).unwrap_or_default();
    store::begin(tx, case.id, &severity, report.how)?;
    if let Some(to) = report.contact.to() {
        let values = Values {
            code: Some(case.code.clone()),
            link: Some(desk.link(&report.link)),
            title: Some(case.title.clone()),
            due: Some(names::due_in_message(case.due_at, &desk.pack, report.lang)),
            unit: Some(names::unit_name(&desk.pack, &case.unit, report.lang)),
        };
        notify::send(tx, &desk.sealer(), &desk.pack, &Message { kind: "report-received", to, lang: report.lang, values })?;
    }
    Ok(case.code)
}

/// What makes two submissions the same: what was said, not how it came.
fn digest(report: &Submission) -> String {
    let mut all = format!("{}\0{}\0{}\0", report.category, report.text, report.address.as_deref().unwrap_or_default());
    if let Some(point) = report.point {
        all.push_str(&format!("{:.5} {:.5}", point.lat, point.long));
    }
    for (_, value) in kernel::Personal::fields(&report.contact) {
        all.push('\0');
        all.push_str(value);
    }
    secret::hex(&secret::sha256(all.as_bytes())[..16])
}
