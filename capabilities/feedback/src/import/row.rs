//! What becomes of one row: a report to file, or the reason why not. Pure: it reads no clock, table or file.

use super::mapping::{Mapping, moment};
use crate::pack::Feedback;
use crate::report::{ADDRESS_MOST, How, KIND, TEXT_MOST, Told, cut, title_of, unit_of};
use cases::{Bodies, Change, Flags, NewCase, PublicState, StepEffect};
use csv::StringRecord;
use jiff::civil::Date;
use kernel::{Actor, Instant, Point, secret};
use places::{Inside, Places};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Most bytes that are kept of a row.
const KEPT_MOST: usize = 64 * 1024;
/// Where a report came from when it came in an import.
pub const CHANNEL: &str = "import";

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has so many columns where the heading has so many.
    Columns(usize, usize),
    /// It has letters that the mapping's encoding does not know.
    Letters,
    /// It is too large to keep.
    Large,
    /// It has no reference.
    NoReference,
    /// Its reference cannot be a code.
    Reference(String),
    /// The reference stood in an earlier row, too.
    Twice(u64),
    /// The code is taken by a case that this source did not bring.
    CodeTaken(String),
    /// There is no time in this column.
    NoTime(String),
    /// The time in this column cannot be read.
    Time(String, String),
    /// The time in this column is yet to come.
    ToCome(String),
    /// It is closed, and nothing says since when.
    NotClosed,
    /// The mapping does not know this category.
    Category(String),
    /// The mapping does not know this state.
    State(String),
    /// It says nothing.
    NoText,
    /// A text is longer than this.
    Long(&'static str, usize),
    /// The place cannot be read.
    Place(String),
    /// The engine said no.
    Engine(String),
}

impl Unfit {
    /// The reason without the row's own words, to count by.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Columns(..) => "another number of columns than the heading",
            Self::Letters => "letters that this encoding does not know",
            Self::Large => "too large",
            Self::NoReference => "no reference",
            Self::Reference(_) => "a reference that cannot be a code",
            Self::Twice(_) => "a reference that stands twice",
            Self::CodeTaken(_) => "a code that is taken",
            Self::NoTime(_) => "no time",
            Self::Time(..) => "a time that cannot be read",
            Self::ToCome(_) => "a time that is yet to come",
            Self::NotClosed => "closed, without a time of closing",
            Self::Category(_) => "a category that the mapping does not know",
            Self::State(_) => "a state that the mapping does not know",
            Self::NoText => "no text",
            Self::Long(..) => "a text that is too long",
            Self::Place(_) => "a place that cannot be read",
            Self::Engine(_) => "not possible",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns(found, expected) => write!(f, "it has {found} columns, the heading has {expected}"),
            Self::Letters => f.write_str("it has letters that this encoding does not know"),
            Self::Large => write!(f, "it is larger than {} KiB", KEPT_MOST / 1024),
            Self::NoReference => f.write_str("it has no reference"),
            Self::Reference(text) => {
                write!(f, "the reference `{text}` cannot be a code: up to 40 letters a-z, digits and `-` with the prefix")
            }
            Self::Twice(row) => write!(f, "its reference is also that of row {row}"),
            Self::CodeTaken(code) => write!(f, "the code {code} is taken by another report"),
            Self::NoTime(column) => write!(f, "there is no time in column `{column}`"),
            Self::Time(column, text) => write!(f, "the time `{text}` in column `{column}` cannot be read"),
            Self::ToCome(column) => write!(f, "the time in column `{column}` is yet to come"),
            Self::NotClosed => f.write_str("it is closed, and no column says since when"),
            Self::Category(word) => write!(f, "the category `{word}` is not in the mapping, and there is no default"),
            Self::State(word) => write!(f, "the state `{word}` is not in the mapping, and there is no default"),
            Self::NoText => f.write_str("it has no text"),
            Self::Long(what, most) => write!(f, "its {what} is longer than {most} letters"),
            Self::Place(text) => write!(f, "the place `{text}` cannot be read"),
            Self::Engine(why) => write!(f, "it is not possible: {why}"),
        }
    }
}

/// A row that can be filed.
#[derive(Clone, Debug)]
pub struct Filing {
    /// The row in the file: the heading is row 1.
    pub row: u64,
    /// What names it in its source.
    pub reference: String,
    /// The code of its case.
    pub code: String,
    /// The columns that are kept, as they stand in the row, as canonical JSON.
    pub mapped: String,
    /// The digest of that.
    pub digest: String,
    pub(super) text: String,
    pub(super) title: String,
    pub(super) address: Option<String>,
    pub(super) category: String,
    public: PublicState,
    point: Option<Point>,
    area: String,
    unit: String,
    owner: Option<String>,
    received_at: Instant,
    closed_at: Option<Instant>,
}

/// What reading rows needs beside the mapping.
pub struct Desk<'a> {
    /// The city.
    pub city: &'a pack::City,
    /// Its places.
    pub places: &'a Places,
    /// Now.
    pub now: Instant,
}

/// The columns of a file by their names.
pub struct Heading(HashMap<String, usize>);

impl Heading {
    /// The heading with these names.
    #[must_use]
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect())
    }

    fn value<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.0.get(column).and_then(|at| row.get(*at)).unwrap_or_default()
    }
}

impl Filing {
    /// What becomes of a row.
    ///
    /// # Errors
    /// The reason why nothing does.
    pub fn of(row: u64, record: &StringRecord, heading: &Heading, map: &Mapping, desk: &Desk<'_>) -> Result<Self, Unfit> {
        let value = |column: &str| heading.value(record, column);
        let kept: BTreeMap<&str, &str> = map.columns.iter().map(|column| (column.as_str(), value(column))).collect();
        let mapped = serde_json::to_string(&kept).expect("texts by texts become JSON");
        if mapped.len() > KEPT_MOST {
            return Err(Unfit::Large);
        }
        let (reference, code) = code(map, value(&map.reference))?;

        let received_at =
            time(&map.received, map, desk.now, &value)?.ok_or_else(|| Unfit::NoTime(map.received.columns.join("`, `")))?;
        let word = |column: &str| value(column).trim().to_owned();
        let category = map.category.of(value(&map.category.column)).ok_or_else(|| Unfit::Category(word(&map.category.column)))?;
        let public = *map.state.of(value(&map.state.column)).ok_or_else(|| Unfit::State(word(&map.state.column)))?;
        let closed_at = match (&map.closed, public) {
            (_, PublicState::Received | PublicState::InProgress) => None,
            (None, _) => return Err(Unfit::NotClosed),
            (Some(closed), _) => Some(time(closed, map, desk.now, &value)?.ok_or(Unfit::NotClosed)?),
        };

        let text = if map.text.speaks(value) { map.text.fill(value) } else { String::new() };
        let address = map.address.as_ref().filter(|address| address.speaks(value)).map(|address| address.fill(value));
        if text.is_empty() {
            return Err(Unfit::NoText);
        }
        for (what, text, most) in [("text", Some(&text), TEXT_MOST), ("address", address.as_ref(), ADDRESS_MOST)] {
            if text.is_some_and(|text| text.chars().count() > most) {
                return Err(Unfit::Long(what, most));
            }
        }
        let title = map
            .title
            .as_ref()
            .filter(|title| title.speaks(value))
            .map_or_else(|| title_of(&text), |title| cut(&title.fill(value), 90));
        let owner = map.owner.as_ref().map(|column| cut(&kernel::clean(value(column)), 200)).filter(|owner| !owner.is_empty());

        let point = place(map, &value)?;
        let (area, unit) = routed(category, point, received_at.day(&desk.city.zone), desk);
        let digest = secret::hex(&secret::sha256(mapped.as_bytes()));
        let category = category.clone();
        Ok(Self {
            row,
            reference,
            code,
            mapped,
            digest,
            text,
            title,
            address,
            category,
            public,
            point,
            area,
            unit,
            owner,
            received_at,
            closed_at,
        })
    }

    /// The case as it begins here. What is still open gets a step at the unit that the routing names today, and no clock: its term ran
    /// under other rules.
    pub(super) fn change(&self, map: &Mapping, city: &pack::City) -> Change {
        let by = Actor::System { job: CHANNEL.to_owned() };
        let told = Told { text: self.text.clone(), address: self.address.clone(), how: How::Imported, lang: map.lang };
        let category = Feedback::of(city).category(&self.category);
        let new = NewCase {
            kind: KIND.to_owned(),
            code: Some(self.code.clone()),
            state: state(self.public).to_owned(),
            public: self.public,
            flags: Flags::IMPORTED,
            category: self.category.clone(),
            area: self.area.clone(),
            unit: self.unit.clone(),
            point: self.point,
            title: self.title.clone(),
            lead: cut(&self.text, 200),
            confidentiality: u8::from(category.is_some_and(|category| category.confidential)),
            channel: CHANNEL.to_owned(),
            bodies: Bodies { received: self.owner.clone(), ..Bodies::default() },
            received_at: Some(self.received_at),
            published_at: map.publish.then(|| self.closed_at.unwrap_or(self.received_at)),
            closed_at: self.closed_at,
            ..NewCase::default()
        };
        let change = Change::open(new, &by).payload(serde_json::to_string(&told).expect("texts become JSON"));
        if self.closed_at.is_some() { change } else { change.with(StepEffect::lead("handle", &self.unit, None)) }
    }
}

const fn state(public: PublicState) -> &'static str {
    match public {
        PublicState::Received => "new",
        PublicState::InProgress => "taken",
        PublicState::Answered => "answered",
        PublicState::Archived => "archived",
    }
}

fn code(map: &Mapping, written: &str) -> Result<(String, String), Unfit> {
    let reference = written.trim();
    if reference.is_empty() {
        return Err(Unfit::NoReference);
    }
    let unfit = || Unfit::Reference(cut(reference, 60));
    let code = crate::code_shape(&format!("{}-{reference}", map.prefix)).ok_or_else(unfit)?;
    Ok((reference.to_owned(), code))
}

fn time<'r>(
    at: &super::mapping::Moment,
    map: &Mapping,
    now: Instant,
    value: &impl Fn(&str) -> &'r str,
) -> Result<Option<Instant>, Unfit> {
    let Some((column, written)) =
        at.columns.iter().map(|column| (column, value(column).trim())).find(|(_, text)| !text.is_empty())
    else {
        return Ok(None);
    };
    let read = moment(&at.form, written, &map.zone).ok_or_else(|| Unfit::Time(column.clone(), cut(written, 60)))?;
    if read > now { Err(Unfit::ToCome(column.clone())) } else { Ok(Some(read)) }
}

fn place<'r>(map: &Mapping, value: &impl Fn(&str) -> &'r str) -> Result<Option<Point>, Unfit> {
    let unfit = |text: &str| Unfit::Place(cut(text, 60));
    if let Some((lat, long)) = &map.degrees {
        let (lat, long) = (value(lat).trim(), value(long).trim());
        if !lat.is_empty() || !long.is_empty() {
            return degrees(lat, long).map(Some).ok_or_else(|| unfit(&format!("{lat} {long}")));
        }
    }
    let written = map.location.as_ref().map(|column| value(column).trim()).unwrap_or_default();
    if written.is_empty() { Ok(None) } else { location(written).map(Some).ok_or_else(|| unfit(written)) }
}

fn degrees(lat: &str, long: &str) -> Option<Point> {
    Point::new(lat.parse().ok()?, long.parse().ok()?)
}

/// `(34.05, -118.24)` or, in the order of well-known text, `POINT (-118.24 34.05)`.
fn location(written: &str) -> Option<Point> {
    let head = written.get(..5).filter(|head| head.eq_ignore_ascii_case("point"));
    let inner = written[head.map_or(0, str::len)..].trim().strip_prefix('(')?.strip_suffix(')')?;
    if head.is_some() {
        let (long, lat) = inner.trim().split_once(char::is_whitespace)?;
        degrees(lat.trim(), long)
    } else {
        let (lat, long) = inner.split_once(',')?;
        degrees(lat.trim(), long.trim())
    }
}

/// The area on the day it was received, nothing outside the city; and the unit that the routing names today.
fn routed(category: &str, point: Option<Point>, received: Date, desk: &Desk<'_>) -> (String, String) {
    let area_on = |day: Date| {
        let located = desk.places.locate(point?, day);
        located.area.filter(|_| !matches!(located.inside, Inside::Outside(_)))
    };
    let today = desk.now.day(&desk.city.zone);
    let category = Feedback::of(desk.city).category(category);
    let unit = category.and_then(|category| unit_of(&category.lead, desk.city, area_on(today).as_deref(), today));
    (area_on(received).unwrap_or_default(), unit.unwrap_or_else(|| desk.city.triage.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_written_forms_of_a_place_are_read() {
        let there = Some(Point { lat: 34.05, long: -118.24 });
        for (written, expect) in [
            ("(34.05, -118.24)", there),
            ("POINT (-118.24 34.05)", there),
            ("point(-118.24  34.05)", there),
            ("(34.05 -118.24)", None),
            ("POINT (34.05 -118.24)", None),
            ("POINT", None),
            ("34.05, -118.24", None),
            ("(đông, tây)", None),
            ("(NaN, 1)", None),
        ] {
            assert_eq!(location(written), expect, "{written}");
        }
    }
}
