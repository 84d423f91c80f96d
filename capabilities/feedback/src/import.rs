//! Reports of an older system come in, from a file of rows: each row is filed as a case or refused with the reason.
//!
//! Start at [`run`]. A row is known by its source and reference, so that an import can be run again: what is filed stays as it is. The file
//! is mapped by `import/mapping.rs`, a row becomes a report in `import/row.rs`. Not here: reading the command line (the server).

pub mod mapping;
pub mod row;

use crate::store;
use cases::Keys;
use db::{Db, Lane, Rd, Tx};
use encoding_rs::{CoderResult, Decoder, UTF_8};
use flate2::read::MultiGzDecoder;
use places::Places;
use row::{Desk, Filing, Heading};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use mapping::Mapping;
pub use row::Unfit;

/// Rows that are written in one transaction: the city's own work comes between two of them.
const BATCH: usize = 100;

/// What an import is to do.
pub struct Import<'a> {
    /// Where it goes.
    pub db: &'a Db,
    /// The city.
    pub city: Arc<pack::City>,
    /// Its places.
    pub places: &'a Places,
    /// The engine's keys.
    pub keys: Arc<Keys>,
    /// How complaints call the mapping.
    pub mapping_name: &'a str,
    /// The mapping, as it is written.
    pub mapping: &'a str,
    /// Where refused rows are written, with their reasons. Made only when a row is refused, and not in a dry run.
    pub refused: Option<&'a Path>,
    /// Whether everything is checked and nothing is written.
    pub dry_run: bool,
}

/// What has become of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that became cases; in a dry run, that would.
    pub filed: u64,
    /// Rows that were filed before, as they stand.
    pub unchanged: u64,
    /// Rows that were filed before and read otherwise now. The case stays as it is.
    pub changed: u64,
    /// Refused rows by their reason.
    pub refused: BTreeMap<&'static str, u64>,
    /// The first rows that were refused, with the reason in full.
    pub first_refused: Vec<(u64, Unfit)>,
    /// The first rows that read otherwise now.
    pub first_changed: Vec<u64>,
}

/// Refused and changed rows that a summary names.
const NAMED: usize = 20;

impl Summary {
    /// How many rows were refused.
    #[must_use]
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} rows: {} filed, {} unchanged, {} changed, {} refused",
            self.rows,
            self.filed,
            self.unchanged,
            self.changed,
            self.refusals()
        )?;
        for (why, rows) in &self.refused {
            writeln!(f, "  {rows} refused: {why}")?;
        }
        for (row, why) in &self.first_refused {
            writeln!(f, "  row {row}: {why}")?;
        }
        if !self.first_changed.is_empty() {
            let rows: Vec<String> = self.first_changed.iter().map(u64::to_string).collect();
            let more = if self.changed as usize > rows.len() { ", …" } else { "" };
            writeln!(f, "  changed since they were filed, and left as they were: rows {}{more}", rows.join(", "))?;
        }
        Ok(())
    }
}

/// Why an import stopped. What was filed before stays; the import can be run again.
#[derive(Debug)]
pub enum Fault {
    /// The mapping has mistakes.
    Mapping(Vec<pack::Complaint>),
    /// The file cannot be read on.
    Read(io::Error),
    /// The refused rows cannot be written there.
    Refused(PathBuf, io::Error),
    /// The database does not answer.
    Db(db::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mapping(complaints) => f.write_str(&pack::render(complaints)),
            Self::Read(why) => write!(f, "the file cannot be read: {why}"),
            Self::Refused(path, why) => write!(f, "refused rows cannot be written to {}: {why}", path.display()),
            Self::Db(why) => write!(f, "the database does not take it: {why}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<db::Error> for Fault {
    fn from(why: db::Error) -> Self {
        Self::Db(why)
    }
}

/// Imports what `input` holds: rows with a heading, plain or packed by gzip. `progress` is called after every batch.
///
/// # Errors
/// When it cannot go on; a row that is refused is none.
pub fn run(import: &Import<'_>, input: impl Read, mut progress: impl FnMut(&Summary)) -> Result<Summary, Fault> {
    let first = Mapping::read(import.mapping_name, import.mapping.to_owned(), &import.city, None).map_err(Fault::Mapping)?;
    let plain = unpacked(input).map_err(Fault::Read)?;
    let letters: Box<dyn Read + '_> =
        if first.encoding == UTF_8 { plain } else { Box::new(Decoded::new(plain, first.encoding.new_decoder())) };
    let mut rows = csv::ReaderBuilder::new().delimiter(first.delimiter).flexible(true).from_reader(letters);
    let heading = rows.headers().map_err(unreadable)?.clone();
    let names: Vec<String> = heading.iter().map(|name| kernel::nfc(name.trim_start_matches('\u{feff}').trim())).collect();
    let map =
        Mapping::read(import.mapping_name, import.mapping.to_owned(), &import.city, Some(&names)).map_err(Fault::Mapping)?;

    let now = import.db.read_now(Lane::Comfort, |rd| Ok::<_, db::Error>(rd.now()))?;
    let desk = Desk { city: &import.city, places: import.places, now };
    let mut work = Work {
        import,
        map: Arc::new(map),
        summary: Summary::default(),
        refused: Refused {
            path: import.refused.filter(|_| !import.dry_run),
            names: &names,
            delimiter: first.delimiter,
            to: None,
        },
        seen: HashMap::new(),
        batch: Vec::with_capacity(BATCH),
    };
    let heading = Heading::new(&names);
    let mut record = csv::ByteRecord::new();
    while rows.read_byte_record(&mut record).map_err(unreadable)? {
        work.summary.rows += 1;
        let row = work.summary.rows + 1;
        match work.read(row, &record, &heading, &desk) {
            Ok(filing) => work.batch.push((filing, record.clone())),
            Err(why) => work.refuse(row, why, &record)?,
        }
        if work.batch.len() == BATCH {
            work.settle()?;
            progress(&work.summary);
        }
    }
    work.settle()?;
    progress(&work.summary);
    work.refused.end()?;
    Ok(work.summary)
}

fn unreadable(why: csv::Error) -> Fault {
    Fault::Read(match why.into_kind() {
        csv::ErrorKind::Io(why) => why,
        csv::ErrorKind::Utf8 { .. } => io::Error::other("the heading has letters that this encoding does not know"),
        other => io::Error::other(format!("{other:?}")),
    })
}

/// What became of a filing.
#[derive(Clone, Debug)]
enum Outcome {
    Filed,
    Unchanged,
    Changed,
    Unfit(Unfit),
}

struct Work<'a> {
    import: &'a Import<'a>,
    map: Arc<Mapping>,
    summary: Summary,
    refused: Refused<'a>,
    /// The row in which a reference stood first.
    seen: HashMap<String, u64>,
    batch: Vec<(Filing, csv::ByteRecord)>,
}

impl Work<'_> {
    fn read(&mut self, row: u64, record: &csv::ByteRecord, heading: &Heading, desk: &Desk<'_>) -> Result<Filing, Unfit> {
        let expected = self.refused.names.len();
        if record.len() != expected {
            return Err(Unfit::Columns(record.len(), expected));
        }
        let record = csv::StringRecord::from_byte_record(record.clone()).map_err(|_| Unfit::Letters)?;
        if record.iter().any(|value| value.contains(char::REPLACEMENT_CHARACTER)) {
            return Err(Unfit::Letters);
        }
        let filing = Filing::of(row, &record, heading, &self.map, desk)?;
        match self.seen.get(&filing.code) {
            Some(first) => Err(Unfit::Twice(*first)),
            None => {
                self.seen.insert(filing.code.clone(), row);
                Ok(filing)
            }
        }
    }

    fn refuse(&mut self, row: u64, why: Unfit, record: &csv::ByteRecord) -> Result<(), Fault> {
        self.refused.write(row, &why, record)?;
        *self.summary.refused.entry(why.kind()).or_default() += 1;
        if self.summary.first_refused.len() < NAMED {
            self.summary.first_refused.push((row, why));
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Fault> {
        let (filings, records): (Vec<Filing>, Vec<csv::ByteRecord>) = std::mem::take(&mut self.batch).into_iter().unzip();
        let filings = Arc::new(filings);
        let outcomes = if self.import.dry_run { self.try_out(&filings)? } else { self.file(&filings)? };
        for ((filing, record), outcome) in filings.iter().zip(&records).zip(outcomes) {
            match outcome {
                Outcome::Filed => self.summary.filed += 1,
                Outcome::Unchanged => self.summary.unchanged += 1,
                Outcome::Changed => {
                    self.summary.changed += 1;
                    if self.summary.first_changed.len() < NAMED {
                        self.summary.first_changed.push(filing.row);
                    }
                }
                Outcome::Unfit(why) => self.refuse(filing.row, why, record)?,
            }
        }
        Ok(())
    }

    fn try_out(&self, filings: &Arc<Vec<Filing>>) -> Result<Vec<Outcome>, Fault> {
        let (map, filings) = (self.map.clone(), filings.clone());
        let all = move |rd: &mut Rd<'_>| {
            filings.iter().map(|filing| Ok(standing(rd, &map, filing)?.unwrap_or(Outcome::Filed))).collect::<db::Result<Vec<_>>>()
        };
        Ok(self.import.db.read_now(Lane::Comfort, all)?)
    }

    /// The batch in one transaction; row by row when the engine refuses one of them, so that the others go in.
    fn file(&self, filings: &Arc<Vec<Filing>>) -> Result<Vec<Outcome>, Fault> {
        match self.write(filings.clone()) {
            Ok(outcomes) => return Ok(outcomes),
            Err(cases::Refusal::Db(why)) if !about_a_row(&why) => return Err(Fault::Db(why)),
            Err(_) => {}
        }
        let mut outcomes = Vec::with_capacity(filings.len());
        for filing in filings.iter() {
            match self.write(Arc::new(vec![filing.clone()])) {
                Ok(one) => outcomes.extend(one),
                Err(cases::Refusal::Db(why)) if !about_a_row(&why) => return Err(Fault::Db(why)),
                Err(why) => outcomes.push(Outcome::Unfit(Unfit::Engine(why.to_string()))),
            }
        }
        Ok(outcomes)
    }

    fn write(&self, filings: Arc<Vec<Filing>>) -> Result<Vec<Outcome>, cases::Refusal> {
        let (city, keys, map) = (self.import.city.clone(), self.import.keys.clone(), self.map.clone());
        self.import.db.write_now(Lane::Comfort, move |tx| {
            filings.iter().map(|filing| file(tx, &city, &keys, &map, filing)).collect::<Result<Vec<_>, _>>()
        })
    }
}

/// Whether an error of the database is about what was to be stored, so that the next row may go in.
const fn about_a_row(why: &db::Error) -> bool {
    matches!(why, db::Error::Unique { .. } | db::Error::Constraint(_) | db::Error::Invalid(_) | db::Error::Conflict(_))
}

/// What stands in the way of filing a row: that it is filed already, or that its code is another's.
fn standing(rd: &mut Rd<'_>, map: &Mapping, filing: &Filing) -> db::Result<Option<Outcome>> {
    if let Some(before) = store::import(rd, &map.source, &filing.reference)? {
        return Ok(Some(if before.digest == filing.digest { Outcome::Unchanged } else { Outcome::Changed }));
    }
    let taken = cases::find_for_system(rd, &filing.code)?.is_some();
    Ok(taken.then(|| Outcome::Unfit(Unfit::CodeTaken(filing.code.clone()))))
}

fn file(tx: &mut Tx<'_>, city: &pack::City, keys: &Keys, map: &Mapping, filing: &Filing) -> Result<Outcome, cases::Refusal> {
    if let Some(outcome) = standing(tx, map, filing)? {
        return Ok(outcome);
    }
    let case = cases::record(tx, keys, city, filing.change(map, city))?;
    let severity = crate::pack::Feedback::of(city).category(&filing.category).map(|c| c.deadline.clone()).unwrap_or_default();
    let shown = store::Shown { text: &filing.text, address: filing.address.as_deref() };
    store::imported(tx, &case, &severity, map.publish.then_some(&shown))?;
    let import = store::Import {
        source: map.source.clone(),
        reference: filing.reference.clone(),
        case_id: case.id,
        digest: filing.digest.clone(),
        mapped: filing.mapped.clone(),
    };
    store::keep_import(tx, &import)?;
    Ok(Outcome::Filed)
}

/// The file of refused rows: the row's number and the reason before its own columns, so that it can be mended and imported by the same
/// mapping. It begins with a mark of UTF-8, which overrules the mapping's encoding.
struct Refused<'a> {
    path: Option<&'a Path>,
    names: &'a [String],
    delimiter: u8,
    to: Option<csv::Writer<File>>,
}

/// What stands before a refused row's own columns.
const EXTRA: [&str; 2] = ["refused-row", "refused-why"];

impl Refused<'_> {
    fn write(&mut self, row: u64, why: &Unfit, record: &csv::ByteRecord) -> Result<(), Fault> {
        let Some(path) = self.path else { return Ok(()) };
        // A mended file that is refused again has these columns already.
        let again = if self.names.iter().take(2).eq(EXTRA.iter()) { 2 } else { 0 };
        let fault = |why: csv::Error| Fault::Refused(path.to_owned(), io::Error::other(why));
        if self.to.is_none() {
            let begun = File::create(path).and_then(|mut file| file.write_all("\u{feff}".as_bytes()).map(|()| file));
            let file = begun.map_err(|why| Fault::Refused(path.to_owned(), why))?;
            let mut to = csv::WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(file);
            to.write_record(EXTRA.into_iter().chain(self.names.iter().skip(again).map(String::as_str))).map_err(fault)?;
            self.to = Some(to);
        }
        let Some(to) = &mut self.to else { return Ok(()) };
        let (number, reason) = (row.to_string(), why.to_string());
        to.write_record([number.as_bytes(), reason.as_bytes()].into_iter().chain(record.iter().skip(again))).map_err(fault)
    }

    fn end(&mut self) -> Result<(), Fault> {
        match (&mut self.to, self.path) {
            (Some(to), Some(path)) => to.flush().map_err(|why| Fault::Refused(path.to_owned(), why)),
            _ => Ok(()),
        }
    }
}

/// The file of refused rows beside a file: `old.csv.gz` has `old.refused.csv`; standard input, `-`, has `rows.refused.csv` here.
#[must_use]
pub fn refused_beside(file: &Path) -> PathBuf {
    let name = file.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy()).into_owned();
    let name = if name == "-" { "rows" } else { &name };
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let name = name.strip_suffix(".csv").unwrap_or(name);
    file.with_file_name(format!("{name}.refused.csv"))
}

/// What gzip packed, unpacked; anything else as it is.
fn unpacked<'a>(input: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut input = BufReader::with_capacity(64 * 1024, input);
    let packed = input.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if packed { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) })
}

/// Letters of another encoding as UTF-8.
struct Decoded<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    out: Vec<u8>,
    out_at: usize,
    /// Nothing more comes from below.
    last: bool,
    /// Nothing more comes out.
    ended: bool,
}

impl<R: Read> Decoded<R> {
    fn new(from: R, decoder: Decoder) -> Self {
        Self { from, decoder, raw: Vec::new(), raw_at: 0, out: Vec::new(), out_at: 0, last: false, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() && !self.last {
            self.raw.resize(32 * 1024, 0);
            let got = self.from.read(&mut self.raw)?;
            self.raw.truncate(got);
            self.raw_at = 0;
            self.last = got == 0;
        }
        self.out.resize(64 * 1024, 0);
        let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.raw_at..], &mut self.out, self.last);
        self.out.truncate(written);
        self.out_at = 0;
        self.raw_at += read;
        self.ended = self.last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out.len() && !self.ended {
            self.refill()?;
        }
        let some = (self.out.len() - self.out_at).min(into.len());
        into[..some].copy_from_slice(&self.out[self.out_at..self.out_at + some]);
        self.out_at += some;
        Ok(some)
    }
}
