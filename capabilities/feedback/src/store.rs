//! All SQL of this room. Cases, steps and the journal are the engine's; this room's own columns stand in `feedback_reports`.

use crate::refusal::Refusal;
use crate::report::{How, KIND, Report};
use access::Scope;
use cases::Case;
use db::{Rd, SearchIndex, Tx, args};
use kernel::Instant;

/// The history of our tables.
pub const MIGRATIONS: &[db::Migration] = &[db::migration!("20261125140000_reports", "../migrations/20261125140000_reports.sql")];

/// The folded words of published reports, and of nothing else.
pub const SEARCH: SearchIndex = SearchIndex { name: "feedback_published" };

db::row! {
    /// What this room keeps beside a case.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Details {
        /// The case.
        pub case_id: i64,
        /// The class of deadlines it began under.
        pub severity: String,
        /// How its area was found.
        pub how: String,
        /// The text as everybody reads it.
        pub public_text: Option<String>,
        /// The address as everybody reads it.
        pub public_address: Option<String>,
        /// The hashes of the photos that everybody sees, as a JSON list.
        pub public_photos: String,
        /// The answer.
        pub answer: Option<String>,
        /// When it was given.
        pub answered_at: Option<Instant>,
        /// The unit that gave it.
        pub answered_by: Option<String>,
        /// Why it was put away.
        pub archived_why: Option<String>,
        /// How many words its reporter added.
        pub words: i64,
    }
}

impl Details {
    /// The hashes of the photos that everybody sees.
    #[must_use]
    pub fn photos(&self) -> Vec<String> {
        serde_json::from_str(&self.public_photos).unwrap_or_default()
    }

    /// How its area was found.
    #[must_use]
    pub fn how(&self) -> How {
        serde_json::from_value(serde_json::Value::String(self.how.clone())).unwrap_or_default()
    }
}

/// The word of [`How`] in the table.
#[must_use]
pub const fn how_key(how: How) -> &'static str {
    match how {
        How::Confirmed => "confirmed",
        How::Nearest => "nearest",
        How::Border => "border",
        How::Unknown => "unknown",
        How::Imported => "imported",
    }
}

/// Begins the row beside a new case.
///
/// # Errors
/// The database's.
pub fn begin(tx: &mut Tx<'_>, case: i64, severity: &str, how: How) -> db::Result<()> {
    tx.exec_one("insert into feedback_reports (case_id, severity, how) values ($1, $2, $3)", args![case, severity, how_key(how)])
}

/// What this room keeps beside a case.
///
/// # Errors
/// `NotFound` and the database's.
pub fn details(rd: &mut Rd<'_>, case: i64) -> db::Result<Details> {
    rd.one(
        "select case_id, severity, how, public_text, public_address, public_photos, answer, answered_at, answered_by, archived_why, words \
         from feedback_reports where case_id = $1",
        args![case],
    )
}

/// The report with this code, for an official.
///
/// # Errors
/// [`Refusal::NotFound`] when it is absent or not hers to see.
pub fn report(rd: &mut Rd<'_>, scope: &Scope, code: &str) -> Result<Report, Refusal> {
    let case = cases::find(rd, scope, code)?.filter(|case| case.kind == KIND).ok_or(Refusal::NotFound)?;
    with_parts(rd, case)
}

/// A report with what its decisions need.
///
/// # Errors
/// The database's.
pub fn with_parts(rd: &mut Rd<'_>, case: Case) -> Result<Report, Refusal> {
    let (steps, documents) = (cases::steps(rd, case.id)?, cases::documents(rd, case.id)?);
    Ok(Report { case, steps, documents })
}

/// The answer of the city and what became public with it.
pub struct Given<'a> {
    /// The answer.
    pub answer: &'a str,
    /// The unit that gives it.
    pub unit: &'a str,
    /// The text as everybody reads it.
    pub text: Option<&'a str>,
    /// The address as everybody reads it.
    pub address: Option<&'a str>,
    /// The photos that everybody sees.
    pub photos: &'a [String],
    /// Whether it stands in public, so that it is found by its words.
    pub public: bool,
}

/// Keeps the answer and what became public.
///
/// # Errors
/// The database's.
pub fn answered(tx: &mut Tx<'_>, case: i64, given: &Given<'_>) -> db::Result<()> {
    let (now, photos) = (tx.now(), serde_json::to_string(given.photos).unwrap_or_default());
    tx.exec_one(
        "update feedback_reports set answer = $2, answered_at = $3, answered_by = $4, public_text = $5, public_address = $6, public_photos = $7 \
         where case_id = $1",
        args![case, given.answer, now, given.unit, given.text, given.address, photos],
    )?;
    if given.public {
        find_by_words(tx, case, &[given.text, given.address, Some(given.answer)])?;
    }
    Ok(())
}

/// Lets a published report be found by its public words.
///
/// # Errors
/// The database's.
pub fn find_by_words(tx: &mut Tx<'_>, case: i64, texts: &[Option<&str>]) -> db::Result<()> {
    let words = texts.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    tx.index(&SEARCH, case, &kernel::spelling::fold(&words))
}

db::row! {
    /// Where an imported report came from.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Import {
        /// The other system.
        pub source: String,
        /// Its name there.
        pub reference: String,
        /// The case.
        pub case_id: i64,
        /// The digest of what was kept.
        pub digest: String,
        /// The columns that were kept, as they stood in the row, as canonical JSON.
        pub mapped: String,
    }
}

/// What this source brought under this reference.
///
/// # Errors
/// The database's.
pub fn import(rd: &mut Rd<'_>, source: &str, reference: &str) -> db::Result<Option<Import>> {
    rd.opt(
        "select source, reference, case_id, digest, mapped from feedback_imports where source = $1 and reference = $2",
        args![source, reference],
    )
}

/// Keeps where an imported report came from.
///
/// # Errors
/// The database's.
pub fn keep_import(tx: &mut Tx<'_>, import: &Import) -> db::Result<()> {
    tx.exec_one(
        "insert into feedback_imports (source, reference, case_id, digest, mapped) values ($1, $2, $3, $4, $5)",
        args![import.source, import.reference, import.case_id, import.digest, import.mapped],
    )
}

/// What everybody reads of an imported report.
pub struct Shown<'a> {
    /// The text.
    pub text: &'a str,
    /// The address.
    pub address: Option<&'a str>,
}

/// Begins the row beside an imported case; what is shown is found by its words, unless the case is confidential.
///
/// # Errors
/// The database's.
pub fn imported(tx: &mut Tx<'_>, case: &Case, severity: &str, shown: Option<&Shown<'_>>) -> db::Result<()> {
    tx.exec_one(
        "insert into feedback_reports (case_id, severity, how, public_text, public_address) values ($1, $2, $3, $4, $5)",
        args![case.id, severity, how_key(How::Imported), shown.map(|shown| shown.text), shown.and_then(|shown| shown.address)],
    )?;
    match shown {
        Some(shown) if case.is_public() => find_by_words(tx, case.id, &[Some(shown.text), shown.address]),
        _ => Ok(()),
    }
}

/// Keeps why it was put away.
///
/// # Errors
/// The database's.
pub fn archived(tx: &mut Tx<'_>, case: i64, why: &str) -> db::Result<()> {
    tx.exec_one("update feedback_reports set archived_why = $2 where case_id = $1", args![case, why])
}

/// Counts a word that the reporter added; `false` when there have been enough.
///
/// # Errors
/// The database's.
pub fn count_word(tx: &mut Tx<'_>, case: i64, most: i64) -> db::Result<bool> {
    Ok(tx.exec("update feedback_reports set words = words + 1 where case_id = $1 and words < $2", args![case, most])? == 1)
}

/// Whether one of a published report's photos has this hash: only those are shown to everybody.
///
/// # Errors
/// The database's.
pub fn shows_photo(rd: &mut Rd<'_>, code: &str, hash: &str) -> db::Result<bool> {
    let found = rd.opt::<(String,)>(
        "select r.public_photos from cases c join feedback_reports r on r.case_id = c.id \
         where c.code = $1 and c.kind = 'report' and c.published_at is not null and c.confidentiality = 0",
        args![code],
    )?;
    Ok(found
        .is_some_and(|(photos,)| serde_json::from_str::<Vec<String>>(&photos).unwrap_or_default().iter().any(|one| one == hash)))
}

/// Whether the open step of a report is within an official's reach: to act needs more than to read.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not.
pub fn within_reach(rd: &mut Rd<'_>, scope: &Scope, report: &Report) -> Result<(), Refusal> {
    let unit = report.open_step().map_or(report.case.unit.as_str(), |step| step.unit.as_str());
    let held = rd.opt::<(i64,)>(
        "select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $3",
        args![scope.official(), scope.permission(), unit],
    )?;
    held.map(|_| ()).ok_or(Refusal::NotFound)
}
