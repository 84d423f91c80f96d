//! What a capability reads its folder with, and what this room reads the pack's own files with.
//!
//! [`Reader::read`] reads a file into a type and notes every mistake of form; the lookups (`unit`, `area`, `calendar`, `refer`) check what
//! the words point to; [`Reader::complain`] is for everything else. Spans are positions in the whole pack: each file has its own stretch, so
//! that a span alone tells the file.

use crate::City;
use crate::areas::Area;
use crate::complaint::{Complaint, Note, position};
use crate::definition::Definition;
use crate::nearest::nearest;
use crate::reading::{DAY, Faults, MAYBE, Node, meant};
use crate::units::Unit;
use calendars::Rule;
use jiff::civil::Date;
use kernel::Point;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML date, written without quotes: `2025-07-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Deref for Day {
    type Target = Date;

    fn deref(&self) -> &Date {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                text.parse().map(Day).map_err(|_| E::custom(format!("{text} is not a day of the calendar")))
            }
        }
        deserializer.deserialize_newtype_struct(DAY, Written)
    }
}

/// A list of tables in which one that cannot be read is left out (and complained about) without losing the others.
#[derive(Clone, Debug)]
pub struct Rows<T>(pub Vec<T>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Rows<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Rows<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tables")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows<T>, A::Error> {
                let mut all = Vec::new();
                let mut lost = 0;
                loop {
                    match rows.next_element() {
                        Ok(Some(row)) => all.push(row),
                        Ok(None) => return Ok(Rows(all)),
                        Err(error) if lost == ROWS_AT_MOST => return Err(error),
                        Err(_) => lost += 1, // already told
                    }
                }
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

const ROWS_AT_MOST: usize = 100_000;
/// How often one table is read again for its next mistake.
const AGAIN_AT_MOST: usize = 100;

/// A table that, when it cannot be read, is left out (and complained about) without losing the rest of the file.
#[derive(Clone, Debug)]
pub struct Maybe<T>(pub Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for One<T> {
            type Value = Maybe<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut one: A) -> Result<Maybe<T>, A::Error> {
                let read = (0..AGAIN_AT_MOST).find_map(|_| one.next_element().ok()); // an error is already told
                Ok(Maybe(read.flatten()))
            }
        }
        deserializer.deserialize_newtype_struct(MAYBE, One(PhantomData))
    }
}

/// What a capability makes of its folder.
pub type Part = Box<dyn Any + Send + Sync>;

/// How a capability reads its folder. `None` when it could not: the complaints then say why.
pub type ReaderFn = fn(&mut Reader) -> Option<Part>;

pub(crate) struct Source {
    pub name: String,
    pub text: Arc<str>,
    pub base: usize,
    pub read: bool,
}

/// Reads the files of one folder of a pack.
pub struct Reader {
    /// The city as far as it is read: areas, units, calendars and places are there.
    pub(crate) city: City,
    pub(crate) folder: &'static str,
    pub(crate) sources: Vec<Source>,
    pub(crate) complaints: Vec<Complaint>,
    /// Keys as they stand in the files, also of things that could not be read: one mistake shall not cause others.
    pub(crate) keys: HashMap<(String, String), BTreeSet<String>>,
    /// Where each list stands.
    pub(crate) homes: HashMap<(String, String), String>,
    pub(crate) definitions: BTreeMap<(String, String), Definition>,
    /// Where lists stand that could not be read to the end: what is not found in them may yet be there.
    broken: BTreeSet<String>,
}

impl Reader {
    pub(crate) fn new(city: City, files: Vec<(String, String)>) -> Self {
        let mut sources = Vec::new();
        let mut base = 1; // position 0 is nowhere
        for (name, text) in files {
            let next = base + text.len() + 1;
            sources.push(Source { name, text: text.into(), base, read: false });
            base = next;
        }
        Self {
            city,
            folder: "",
            sources,
            complaints: Vec::new(),
            keys: HashMap::new(),
            homes: HashMap::new(),
            definitions: BTreeMap::new(),
            broken: BTreeSet::new(),
        }
    }

    /// The city as far as it is read: everything outside the capabilities' folders.
    #[must_use]
    pub fn city(&self) -> &City {
        &self.city
    }

    fn path(&self, file: &str) -> String {
        if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) }
    }

    /// The names of the TOML files in a sub-folder of this folder (`""` is the folder itself), sorted.
    #[must_use]
    pub fn files(&self, under: &str) -> Vec<String> {
        let prefix = match (self.folder, under) {
            ("", "") => String::new(),
            ("", under) => format!("{under}/"),
            (folder, "") => format!("{folder}/"),
            (folder, under) => format!("{folder}/{under}/"),
        };
        let names = self.sources.iter().filter_map(|source| source.name.strip_prefix(&prefix));
        let names = names.filter(|name| !name.contains('/'));
        names.map(|name| if under.is_empty() { name.to_owned() } else { format!("{under}/{name}") }).collect()
    }

    /// Reads a file of this folder; complains when it is absent. What cannot be read is complained about: `None` when nothing could.
    pub fn read<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let path = self.path(file);
        if !self.sources.iter().any(|source| source.name == path) {
            let unread = |name: &String| !self.sources.iter().any(|source| source.read && source.name == self.path(name));
            let own = |name: &String| self.folder.is_empty() && crate::load::OWN_FILES.contains(&name.as_str());
            let beside: Vec<String> = self.files("").into_iter().filter(|name| unread(name) && !own(name)).collect();
            let help =
                nearest(file, beside.iter().map(String::as_str)).map(|near| format!("is `{}` meant for it?", self.path(near)));
            self.complain_about_file(&path, "this file is missing", help);
            return None;
        }
        self.read_if_there(file)
    }

    /// Reads a file of this folder; `None`, without complaint, when it is absent.
    pub fn read_if_there<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let path = self.path(file);
        let source = self.sources.iter_mut().find(|source| source.name == path)?;
        source.read = true;
        let (text, base) = (source.text.clone(), source.base);
        let (table, errors) = DeTable::parse_recoverable(&text);
        let broken = !errors.is_empty();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.complain(span.start + base..span.end + base, sentence(error.message()), None);
        }
        self.note_keys(file, table.get_ref());
        if broken {
            self.broken.insert(format!("{}:{}", self.folder, home(file)));
            // What follows a broken line is read as something else: complaints about it would lead astray.
            return None;
        }
        let span = table.span();
        let whole = Spanned::new(span, DeValue::Table(table.into_inner()));
        let faults = Faults::default();
        let read = || T::deserialize(Node::new(&whole, base, &faults));
        let again = |outcome: &Result<T, crate::reading::Fault>| outcome.as_ref().is_err_and(|fault| fault.again);
        let mut outcome = read();
        for _ in 0..AGAIN_AT_MOST {
            if !again(&outcome) {
                break;
            }
            outcome = read();
        }
        let (value, last) = match outcome {
            Ok(value) => (Some(value), None),
            Err(fault) => (None, Some(fault)),
        };
        let told = |fault: &crate::reading::Fault| !fault.told;
        for fault in faults.take().into_iter().chain(last).filter(told) {
            self.complain(fault.span.unwrap_or(base..base), fault.message, fault.help);
        }
        value
    }

    fn note_keys(&mut self, file: &str, table: &DeTable<'_>) {
        let folder = self.folder.to_owned();
        for (list, value) in table.iter() {
            let DeValue::Array(rows) = value.get_ref() else { continue };
            let name = (folder.clone(), list.get_ref().to_string());
            let keys = rows.iter().filter_map(|row| row.get_ref().get("key")?.get_ref().as_str().map(str::to_owned));
            self.keys.entry(name.clone()).or_default().extend(keys);
            self.homes.entry(name).or_insert_with(|| home(file));
        }
    }

    // ---- complaints

    fn place(&self, span: &Range<usize>) -> (String, Arc<str>, Range<usize>) {
        let held = self.sources.iter().find(|source| (source.base..=source.base + source.text.len()).contains(&span.start));
        let Some(source) = held else { return (self.path(""), "".into(), 0..0) };
        let end = span.end.saturating_sub(source.base).min(source.text.len());
        (source.name.clone(), source.text.clone(), span.start - source.base..end)
    }

    /// Notes a mistake at `span` (of a `Spanned` value that this reader read).
    pub fn complain(&mut self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let (file, text, span) = self.place(&span);
        let (line, column) = position(&text, span.start);
        self.complaints.push(Complaint { file, line, column, span, message: message.into(), help, notes: Vec::new(), text });
    }

    /// Notes a mistake at `span` that has to do with another place.
    pub fn complain_with(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
        other: Range<usize>,
        says: impl Into<String>,
    ) {
        self.complain(span, message, help);
        let (file, text, span) = self.place(&other);
        let (line, _) = position(&text, span.start);
        if let Some(complaint) = self.complaints.last_mut() {
            complaint.notes.push(Note { file, line, span, says: says.into(), text });
        }
    }

    /// Notes a mistake of a whole file, or of one that is absent.
    pub fn complain_about_file(&mut self, path: &str, message: impl Into<String>, help: Option<String>) {
        let (file, text) = (path.to_owned(), "".into());
        self.complaints.push(Complaint {
            file,
            line: 1,
            column: 1,
            span: 0..0,
            message: message.into(),
            help,
            notes: Vec::new(),
            text,
        });
    }

    // ---- checks of words

    /// Checks the keys of a list: their shape, and that none stands twice. `what` is the thing's name: `unit`, `category`.
    pub fn keys<'a>(&mut self, what: &str, keys: impl IntoIterator<Item = &'a Spanned<String>>) {
        let mut seen: BTreeMap<&'a str, Range<usize>> = BTreeMap::new();
        for key in keys {
            let text = key.get_ref();
            if !is_key(text) {
                let help = format!("keys are lower-case letters, digits and `-`: `{}`", suggest_key(text));
                self.complain(key.span(), format!("`{text}` has not the shape of a key"), Some(help));
            }
            match seen.get(text.as_str()) {
                Some(first) => {
                    let first = first.clone();
                    self.complain_with(key.span(), format!("{what} `{text}` stands twice"), None, first, "first here");
                }
                None => {
                    seen.insert(text, key.span());
                }
            }
        }
    }

    /// Whether `key` is a key of the list `what` (`deadline`, `field`, `unit` …), in this folder or in the pack; complains when it is not.
    /// The list must have been read before.
    pub fn refer(&mut self, what: &str, key: &Spanned<String>) -> bool {
        let here = (self.folder.to_owned(), what.to_owned());
        let list = if self.keys.contains_key(&here) { here } else { (String::new(), what.to_owned()) };
        let known = self.keys.get(&list).cloned().unwrap_or_default();
        if known.contains(key.get_ref()) {
            return true;
        }
        let Some(home) = self.homes.get(&list).cloned() else {
            // The list was never read: that is one mistake, and it is told where it was made.
            let here = |file: &str| file.split_once('/').map_or("", |(folder, _)| folder) == list.0;
            if !self.complaints.iter().any(|complaint| here(&complaint.file)) {
                self.complain(key.span(), format!("{what} `{}` is unknown: there is no list of them", key.get_ref()), None);
            }
            return false;
        };
        if self.broken.contains(&format!("{}:{home}", list.0)) {
            return false;
        }
        let home = if list.0.is_empty() { home } else { format!("{}/{home}", list.0) };
        let help = meant(key.get_ref(), known.iter().map(String::as_str));
        self.complain(key.span(), format!("{what} `{}` is not in {home}", key.get_ref()), help);
        false
    }

    /// The unit with this key; complains when there is none.
    pub fn unit(&mut self, key: &Spanned<String>) -> Option<Unit> {
        if self.refer("unit", key) { self.city.units.get(key.get_ref()).cloned() } else { None }
    }

    /// The area with this key; complains when there is none.
    pub fn area(&mut self, key: &Spanned<String>) -> Option<Area> {
        if self.refer("area", key) { self.city.areas.get(key.get_ref()).cloned() } else { None }
    }

    /// The calendar with this key; complains when there is none.
    pub fn calendar(&mut self, key: &Spanned<String>) -> Option<Arc<calendars::Calendar>> {
        if self.refer("calendar", key) { self.city.calendars.get(key.get_ref()).cloned() } else { None }
    }

    /// Whether a role has this key; complains when none has.
    pub fn role(&mut self, key: &Spanned<String>) -> bool {
        self.refer("role", key)
    }

    /// Whether a deadline of this folder has this key; complains when none has.
    pub fn deadline(&mut self, key: &Spanned<String>) -> bool {
        self.refer("deadline", key)
    }

    /// Whether `word` is one of `known`; complains when it is not. `what` is the thing's name: `permission`, `story`.
    pub fn one_of<'a>(&mut self, what: &str, word: &Spanned<String>, known: impl IntoIterator<Item = &'a str> + Clone) -> bool {
        if known.clone().into_iter().any(|each| each == word.get_ref()) {
            return true;
        }
        let help = meant(word.get_ref(), known);
        self.complain(word.span(), format!("{what} `{}` is unknown", word.get_ref()), help);
        false
    }

    /// A rule of time; complains when it cannot be read.
    pub fn rule(&mut self, text: &Spanned<String>) -> Option<Rule> {
        match Rule::parse(text.get_ref()) {
            Ok(rule) => Some(rule),
            Err(why) => {
                let (why, help) = match why.split_once(": write ") {
                    Some((why, help)) => (why.to_owned(), Some(format!("write {help}"))),
                    None => (why, None),
                };
                self.complain(text.span(), format!("this deadline cannot be read: {why}"), help);
                None
            }
        }
    }

    /// A point of the city; complains when it is not on the earth, too far away or swapped.
    pub fn point(&mut self, point: &Spanned<[f64; 2]>) -> Option<Point> {
        self.point_within(point.span(), *point.get_ref(), 1.0)
    }

    /// As [`Reader::point`], of two numbers that stand apart.
    pub fn point_of(&mut self, span: Range<usize>, lat: f64, long: f64) -> Option<Point> {
        self.point_within(span, [lat, long], 1.0)
    }

    /// A point no farther than so many times the city's reach.
    pub(crate) fn point_within(&mut self, span: Range<usize>, [lat, long]: [f64; 2], times: f64) -> Option<Point> {
        let (center, most) = (self.city.center, self.city.reach_km * times);
        let near = |point: Option<Point>| point.filter(|point| point.distance_m(center) <= most * 1000.0);
        if let Some(point) = near(Point::new(lat, long)) {
            return Some(point);
        }
        if near(Point::new(long, lat)).is_some() {
            self.complain(span, "latitude and longitude are swapped", Some(format!("write [{long}, {lat}]")));
        } else if let Some(point) = Point::new(lat, long) {
            let km = point.distance_m(center) / 1000.0;
            let message = format!("this point is {km:.0} km from the city's center, farther than {most} km");
            self.complain(span, message, Some("correct the point, or set `reach_km` in city.toml".to_owned()));
        } else {
            let help = "latitude is between -90 and 90, longitude between -180 and 180".to_owned();
            self.complain(span, format!("[{lat}, {long}] is not a point on the earth"), Some(help));
        }
        None
    }

    /// Complains when something ends before it begins.
    pub fn lasting(&mut self, from: &Spanned<Day>, to: Option<&Spanned<Day>>) {
        if let Some(to) = to
            && to.get_ref() < from.get_ref()
        {
            let message = format!("valid_to {} is before valid_from {}", to.get_ref().0, from.get_ref().0);
            self.complain_with(to.span(), message, Some("are the two days swapped?".to_owned()), from.span(), "it begins here");
        }
    }

    /// Checks the placeholders `{…}` of a text against those that are known, and that both languages use the same ones.
    pub fn placeholders(&mut self, text: &Spanned<kernel::Both>, known: &[&str]) {
        let vi = self.placeholders_in(text, &text.get_ref().vi, "Vietnamese", known);
        let en = self.placeholders_in(text, &text.get_ref().en, "English", known);
        let (Some(vi), Some(en)) = (vi, en) else { return };
        for (one, other, language) in [(&vi, &en, "English"), (&en, &vi, "Vietnamese")] {
            for name in one.difference(other) {
                let message = format!("placeholder {{{name}}} is missing in the {language} text");
                self.complain(text.span(), message, Some("both languages say the same".to_owned()));
            }
        }
    }

    /// The known placeholders of a text, those that were probably meant among them; `None` when brackets do not match.
    fn placeholders_in(
        &mut self,
        at: &Spanned<kernel::Both>,
        text: &str,
        language: &str,
        known: &[&str],
    ) -> Option<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (is_open, after) = (rest[open..].starts_with('{'), &rest[open + 1..]);
            let close = after.find(['{', '}']).filter(|close| is_open && after[*close..].starts_with('}'));
            let Some(close) = close else {
                let message = format!("a bracket without its partner in the {language} text");
                self.complain(at.span(), message, Some("placeholders are written {code}".to_owned()));
                return None;
            };
            let name = &after[..close];
            if known.contains(&name) {
                found.insert(name.to_owned());
            } else {
                found.extend(nearest(name, known.iter().copied()).map(str::to_owned));
                let help = meant(name, known.iter().copied());
                let span = self.inside(at.span(), &format!("{{{name}}}"));
                self.complain(span, format!("unknown placeholder {{{name}}} in the {language} text"), help);
            }
            rest = &after[close + 1..];
        }
        Some(found)
    }

    /// The part of `span` where `piece` stands, when it is found there.
    pub(crate) fn inside(&self, span: Range<usize>, piece: &str) -> Range<usize> {
        let (_, text, within) = self.place(&span);
        let found = text.get(within).and_then(|text| text.find(piece));
        found.map_or(span.clone(), |at| span.start + at..span.start + at + piece.len())
    }

    /// Whether a key between two positions was misspelled for `word`: it is then not also missing.
    pub(crate) fn misspelled(&self, word: &str, between: Range<usize>) -> bool {
        let help = format!("did you mean `{word}`?");
        let (file, _, span) = self.place(&between);
        let here = |complaint: &&Complaint| complaint.file == file && span.contains(&complaint.span.start);
        self.complaints.iter().filter(here).any(|complaint| complaint.help.as_deref() == Some(&help))
    }

    // ---- definitions

    /// Keeps what was compiled under its content: cases name the version they began under (see [`City::definition`]).
    pub fn define(&mut self, kind: &str, key: &str, compiled: &impl Serialize) {
        let definition = Definition::of(kind, key, compiled);
        self.definitions.insert((kind.to_owned(), key.to_owned()), definition);
    }
}

/// Where a list stands: a file, or the folder of several.
fn home(file: &str) -> String {
    file.rsplit_once('/').map_or_else(|| file.to_owned(), |(folder, _)| format!("{folder}/"))
}

/// Whether a text has the shape of a key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(letter) && !text.ends_with('-')
}

fn suggest_key(text: &str) -> String {
    let folded = kernel::spelling::fold(text);
    let mapped = folded.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
    let key = mapped.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let key = key.trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned();
    if key.is_empty() { "a-key".to_owned() } else { key.chars().take(64).collect() }
}

/// The parser's message in the form of ours.
fn sentence(message: &str) -> String {
    match message {
        "duplicate key" => "this key stands twice in its table".to_owned(),
        "invalid basic string, expected `\"`" | "invalid literal string, expected `'`" => {
            "the text that begins on this line has no closing quote".to_owned()
        }
        "unclosed array, expected `]`" => "a list before this has no closing `]`".to_owned(),
        "unclosed inline table, expected `}`" => "a table before this has no closing `}`".to_owned(),
        text => text.to_owned(),
    }
}
