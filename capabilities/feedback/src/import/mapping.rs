//! MAP.toml: which column of another system's file becomes what of a report.
//!
//! Start at [`Mapping::read`]. It is read like a pack: an unknown key is a mistake, and every mistake is told with its place and with what
//! was probably meant. Not here: what becomes of a row (`row.rs`).

use crate::pack::Feedback;
use cases::PublicState;
use encoding_rs::Encoding;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use kernel::{Lang, nfc};
use pack::{Complaint, Reader};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// How a file of another system is read.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The name of the other system: with the reference it names a case for good.
    pub source: String,
    /// What stands before the reference in the case's code.
    pub prefix: String,
    /// The language of its texts.
    pub lang: Lang,
    /// The zone in which its times are meant.
    pub zone: TimeZone,
    /// How its letters are stored.
    pub encoding: &'static Encoding,
    /// What stands between two columns.
    pub delimiter: u8,
    /// Whether everybody may read what is imported.
    pub publish: bool,
    /// The column that names a row.
    pub reference: String,
    /// What happens.
    pub text: Template,
    /// The title; the beginning of the text where there is none.
    pub title: Option<Template>,
    /// The address.
    pub address: Option<Template>,
    /// The columns of latitude and longitude.
    pub degrees: Option<(String, String)>,
    /// A column with both, `(lat, long)` or `POINT (long lat)`.
    pub location: Option<String>,
    /// The column of the body that had it there, kept as text.
    pub owner: Option<String>,
    /// When it was received.
    pub received: Moment,
    /// When it was closed.
    pub closed: Option<Moment>,
    /// Which category.
    pub category: Values<String>,
    /// Where it stands.
    pub state: Values<PublicState>,
    /// Every column that is kept as it stands, sorted.
    pub columns: Vec<String>,
}

/// A text with columns in it: `{RequestType}, {Address}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Column(String),
}

impl Template {
    /// The text of a row.
    pub fn fill<'a>(&self, value: impl Fn(&str) -> &'a str) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            out.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Column(column) => value(column).trim(),
            });
        }
        kernel::clean(&out)
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Column(column) => Some(column.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Whether a row says anything in it.
    pub fn speaks<'a>(&self, value: impl Fn(&str) -> &'a str) -> bool {
        self.columns().any(|column| !value(column).trim().is_empty())
    }
}

/// A time in a row.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The columns to look in: the first that is not empty counts.
    pub columns: Vec<String>,
    /// How it is written, in the letters of strptime.
    pub form: String,
}

/// What the words of a column mean.
#[derive(Clone, Debug)]
pub struct Values<T> {
    /// The column.
    pub column: String,
    values: BTreeMap<String, T>,
    default: Option<T>,
}

impl<T> Values<T> {
    /// What a word means; nothing when the mapping does not say.
    #[must_use]
    pub fn of(&self, word: &str) -> Option<&T> {
        self.values.get(nfc(word).trim()).or(self.default.as_ref())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Spanned<u32>,
    source: Spanned<String>,
    prefix: Spanned<String>,
    language: Option<Spanned<String>>,
    zone: Spanned<String>,
    encoding: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    publish: bool,
    reference: Spanned<String>,
    text: Spanned<String>,
    title: Option<Spanned<String>>,
    address: Option<Spanned<String>>,
    lat: Option<Spanned<String>>,
    long: Option<Spanned<String>>,
    location: Option<Spanned<String>>,
    owner: Option<Spanned<String>>,
    channel: Option<Spanned<String>>,
    #[serde(default)]
    keep: Vec<Spanned<String>>,
    received: MomentTable,
    closed: Option<MomentTable>,
    category: ValuesTable,
    state: ValuesTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MomentTable {
    columns: Spanned<Vec<Spanned<String>>>,
    form: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValuesTable {
    column: Spanned<String>,
    default: Option<Spanned<String>>,
    #[serde(default)]
    values: BTreeMap<String, Spanned<String>>,
}

impl Mapping {
    /// Reads a mapping. `name` is how complaints call the file; with the heading of the data, the columns are checked too.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(name: &str, text: String, city: &pack::City, heading: Option<&[String]>) -> Result<Self, Vec<Complaint>> {
        let feedback = Feedback::of(city);
        pack::read_file(name, text, |reader, name| {
            let file = reader.read_if_there::<File>(name)?;
            Checks { reader, heading, used: BTreeSet::new() }.mapping(file, feedback, &city.report_prefix)
        })
    }
}

/// Known encodings that are worth naming; any label of the WHATWG encoding standard is read.
const ENCODINGS: [&str; 5] = ["utf-8", "utf-16le", "windows-1258", "windows-1252", "iso-8859-15"];

struct Checks<'a> {
    reader: &'a mut Reader,
    heading: Option<&'a [String]>,
    used: BTreeSet<String>,
}

impl Checks<'_> {
    fn mapping(&mut self, file: File, feedback: &Feedback, own_prefix: &str) -> Option<Mapping> {
        if *file.format.get_ref() != 1 {
            self.reader.complain(file.format.span(), "this program reads mappings of format 1", None);
        }
        self.named(&file.source);
        self.prefix(&file.prefix, own_prefix);
        let lang = file.language.map_or(Some(Lang::Vi), |lang| {
            self.reader.one_of("language", &lang, ["vi", "en"]);
            Lang::from_tag(lang.get_ref())
        });
        let zone = self.zone(&file.zone);
        let encoding = self.encoding(file.encoding.as_ref());
        let delimiter = self.delimiter(file.delimiter.as_ref());
        let reference = self.column(file.reference);
        let text = self.template(&file.text);
        let title = file.title.map(|title| self.template(&title));
        let address = file.address.map(|address| self.template(&address));
        let degrees = match (file.lat, file.long) {
            (Some(lat), Some(long)) => Some((self.column(lat), self.column(long))),
            (None, None) => None,
            (Some(alone), None) | (None, Some(alone)) => {
                self.reader.complain(alone.span(), "`lat` and `long` go together", None);
                None
            }
        };
        let location = file.location.map(|column| self.column(column));
        let owner = file.owner.map(|column| self.column(column));
        for column in file.channel.into_iter().chain(file.keep) {
            self.column(column);
        }
        let received = self.moment(file.received);
        let closed = file.closed.map(|closed| self.moment(closed));
        let categories: Vec<&str> = feedback.categories.iter().map(|category| category.key.as_str()).collect();
        let category = self.values("category", file.category, &categories, |key| Some(key.to_owned()));
        let states: Vec<&str> = PublicState::ALL.iter().map(|state| state.key()).collect();
        let state = self.values("public state", file.state, &states, PublicState::from_key);
        let columns = std::mem::take(&mut self.used).into_iter().collect();
        Some(Mapping {
            source: file.source.into_inner(),
            prefix: file.prefix.into_inner(),
            lang: lang?,
            zone: zone?,
            encoding: encoding?,
            delimiter: delimiter?,
            publish: file.publish,
            reference,
            text: text?,
            title: all_or_none(title)?,
            address: all_or_none(address)?,
            degrees,
            location,
            owner,
            received: received?,
            closed: all_or_none(closed)?,
            category,
            state,
            columns,
        })
    }

    fn named(&mut self, source: &Spanned<String>) {
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if source.get_ref().is_empty() || source.get_ref().len() > 40 || !source.get_ref().bytes().all(sound) {
            let help = "a source is named by up to 40 lower-case letters, digits and `-`".to_owned();
            self.reader.complain(source.span(), format!("`{}` cannot name a source", source.get_ref()), Some(help));
        }
    }

    /// The prefix keeps imported codes apart from the city's own.
    fn prefix(&mut self, prefix: &Spanned<String>, own: &str) {
        let text = prefix.get_ref();
        let sound = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if text.is_empty() || text.len() > 10 || !text.bytes().all(sound) {
            let help = "write up to 10 capital letters and digits, such as \"OLD\"".to_owned();
            self.reader.complain(prefix.span(), format!("`{text}` cannot stand before a code"), Some(help));
        } else if text == own {
            let help = Some("choose another one: the city numbers its own reports with it".to_owned());
            self.reader.complain(prefix.span(), format!("`{text}` is the prefix of this city's own codes"), help);
        }
    }

    fn zone(&mut self, zone: &Spanned<String>) -> Option<TimeZone> {
        TimeZone::get(zone.get_ref()).ok().or_else(|| {
            let help = Some("zones are written as in \"Asia/Ho_Chi_Minh\"".to_owned());
            self.reader.complain(zone.span(), format!("the zone `{}` is unknown", zone.get_ref()), help);
            None
        })
    }

    fn encoding(&mut self, label: Option<&Spanned<String>>) -> Option<&'static Encoding> {
        let Some(label) = label else { return Some(encoding_rs::UTF_8) };
        Encoding::for_label(label.get_ref().as_bytes()).or_else(|| {
            let near = pack::nearest(label.get_ref(), ENCODINGS).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| {
                format!("known are {} and the others of the WHATWG list; convert TCVN3 and VISCII before", ENCODINGS.join(", "))
            });
            self.reader.complain(label.span(), format!("the encoding `{}` is unknown", label.get_ref()), Some(help));
            None
        })
    }

    fn delimiter(&mut self, written: Option<&Spanned<String>>) -> Option<u8> {
        let Some(written) = written else { return Some(b',') };
        match written.get_ref().as_bytes() {
            [b] if b.is_ascii() && !b.is_ascii_alphanumeric() && !matches!(b, b'"' | b'\n' | b'\r') => Some(*b),
            _ => {
                let help = Some("a single sign, such as \",\", \";\" or \"\\t\"".to_owned());
                self.reader.complain(written.span(), "this cannot stand between columns", help);
                None
            }
        }
    }

    fn column(&mut self, column: Spanned<String>) -> String {
        let column = Spanned::new(column.span(), nfc(column.get_ref().trim()));
        if let Some(heading) = self.heading
            && self.reader.one_of("column", &column, heading.iter().map(String::as_str))
            && heading.iter().filter(|name| *name == column.get_ref()).count() > 1
        {
            self.reader.complain(column.span(), format!("the file has more than one column `{}`", column.get_ref()), None);
        }
        let column = column.into_inner();
        self.used.insert(column.clone());
        column
    }

    fn template(&mut self, written: &Spanned<String>) -> Option<Template> {
        let mut pieces = Vec::new();
        let mut rest = written.get_ref().as_str();
        while let Some(open) = rest.find(['{', '}']) {
            let close = rest[open..].starts_with('{').then(|| rest[open..].find('}')).flatten();
            let Some(close) = close.map(|at| at + open) else {
                let help = Some("a column is written {Column}".to_owned());
                self.reader.complain(written.span(), "a bracket without its partner", help);
                return None;
            };
            if open > 0 {
                pieces.push(Piece::Text(rest[..open].to_owned()));
            }
            let column = Spanned::new(written.span(), rest[open + 1..close].to_owned());
            pieces.push(Piece::Column(self.column(column)));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        let template = Template(pieces);
        if template.columns().next().is_none() {
            self.reader.complain(written.span(), "no column is in this text", Some("a column is written {Column}".to_owned()));
        }
        Some(template)
    }

    fn moment(&mut self, table: MomentTable) -> Option<Moment> {
        if table.columns.get_ref().is_empty() {
            self.reader.complain(table.columns.span(), "no column is named", None);
        }
        let sample = kernel::Instant(1_795_568_415_000).timestamp();
        let form = table.form.get_ref();
        let written = strtime::format(form, sample).ok();
        let readable = written.and_then(|written| moment(form, &written, &TimeZone::UTC)).map(|_| ());
        if readable.is_none() {
            let help = "a day and a time in the letters of strptime, such as \"%Y-%m-%d %H:%M:%S\"".to_owned();
            self.reader.complain(table.form.span(), format!("no time can be read by `{form}`"), Some(help));
        }
        let form = form.clone();
        let columns = table.columns.into_inner().into_iter().map(|column| self.column(column)).collect();
        readable.map(|()| Moment { columns, form })
    }

    fn values<T>(&mut self, what: &str, table: ValuesTable, known: &[&str], read: impl Fn(&str) -> Option<T>) -> Values<T> {
        let column = self.column(table.column);
        let mut values = BTreeMap::new();
        for (word, meaning) in table.values {
            self.reader.one_of(what, &meaning, known.iter().copied());
            if let Some(meaning) = read(meaning.get_ref()) {
                values.insert(nfc(&word).trim().to_owned(), meaning);
            }
        }
        let default = table.default.and_then(|default| {
            self.reader.one_of(what, &default, known.iter().copied());
            read(default.get_ref())
        });
        Values { column, values, default }
    }
}

/// What is absent is as it should be; what is there and cannot be read is not.
fn all_or_none<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    read.map_or(Some(None), |read| read.map(Some))
}

/// A written time, in `zone` unless it says its own; a day without a time is its midnight.
pub(super) fn moment(form: &str, written: &str, zone: &TimeZone) -> Option<kernel::Instant> {
    let parsed = strtime::parse(form, written).ok()?;
    if parsed.offset().is_some() {
        return parsed.to_timestamp().ok().map(|at| kernel::Instant(at.as_millisecond()));
    }
    let civil = parsed.to_datetime().ok().or_else(|| parsed.to_date().ok().map(|day| day.at(0, 0, 0, 0)))?;
    Some(kernel::Instant::from_civil(civil, zone))
}
