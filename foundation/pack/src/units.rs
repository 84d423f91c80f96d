//! Units: the bodies that do the work, as a tree with validity; the committee of every ward is made from the area list.

use crate::areas::{Areas, check_circles, check_parent_lasts};
use crate::reader::{Day, Maybe, Reader, Rows};
use crate::succession::{self, Heirs, Lasting, Lineage, RawSuccession, Share, Succession};
use jiff::civil::Date;
use kernel::{Both, Point};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// A People's Committee.
    Committee,
    /// A department of the city, or an office of a ward.
    Department,
    /// A center.
    Center,
    /// Water, power, lighting and the like.
    Utility,
    /// Police.
    Police,
    /// A management board.
    Board,
    /// A company that works for the city.
    Company,
    /// An office.
    Office,
    /// A body of the Party or of the Front.
    Party,
}

/// A body that does the work, with its validity.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its key, which never changes.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// Its name where there is little room.
    pub short: Both,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above it.
    pub parent: Option<String>,
    /// The area it serves, when not the whole city.
    pub area: Option<String>,
    /// Where it sits.
    pub seat: Option<Point>,
    /// The calendar it works by.
    pub calendar: String,
    /// The first day it is valid.
    pub valid_from: Date,
    /// The last day it is valid.
    pub valid_to: Option<Date>,
    /// The official code for data exchange; another unit may have had it.
    pub agency_code: Option<String>,
}

impl Unit {
    /// Whether it is valid on `day`.
    #[must_use]
    pub fn valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// All units of a city, of today and of yesterday.
#[derive(Clone, Debug, Default)]
pub struct Units {
    all: Vec<Unit>,
    by_key: BTreeMap<String, usize>,
    committees: BTreeMap<String, String>,
    lineage: Lineage,
}

impl Units {
    /// The unit with this key, of whatever time.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Unit> {
        self.by_key.get(key).map(|at| &self.all[*at])
    }

    /// All units: those of the file in its order, then the committees in the order of the areas.
    pub fn all(&self) -> impl Iterator<Item = &Unit> {
        self.all.iter()
    }

    /// The units valid on `day`.
    pub fn valid_on(&self, day: Date) -> impl Iterator<Item = &Unit> {
        self.all.iter().filter(move |unit| unit.valid_on(day))
    }

    /// The units directly below `key`.
    pub fn children(&self, key: &str) -> impl Iterator<Item = &Unit> {
        self.all.iter().filter(move |unit| unit.parent.as_deref() == Some(key))
    }

    /// All units below `key`, nearest first; `key` itself is not among them.
    #[must_use]
    pub fn descendants(&self, key: &str) -> Vec<&Unit> {
        let mut found: Vec<&Unit> = self.children(key).collect();
        let mut at = 0;
        while at < found.len() && found.len() <= self.all.len() {
            let below: Vec<&Unit> = self.children(&found[at].key).collect();
            found.extend(below);
            at += 1;
        }
        found
    }

    /// The units above `key`, nearest first.
    #[must_use]
    pub fn ancestors(&self, key: &str) -> Vec<&Unit> {
        let above = |unit: &&Unit| unit.parent.as_deref().and_then(|parent| self.get(parent));
        std::iter::successors(self.get(key), above).skip(1).take(self.all.len()).collect()
    }

    /// The committee of an area, of the same time as the area.
    #[must_use]
    pub fn committee_of(&self, area: &str) -> Option<&Unit> {
        self.get(self.committees.get(area)?)
    }

    /// The units that stand on `on` for what `key` was, chains followed; itself while it is valid. Several when it was divided.
    #[must_use]
    pub fn successors(&self, key: &str, on: Date) -> Vec<&Unit> {
        let valid = |key: &str| self.get(key).is_some_and(|unit| unit.valid_on(on));
        self.lineage.successors(key, on, valid).iter().filter_map(|key| self.get(key)).collect()
    }

    /// The same in words.
    #[must_use]
    pub fn heirs(&self, key: &str, on: Date) -> Heirs<'_, Unit> {
        let mut found = self.successors(key, on);
        match found.len() {
            0 => Heirs::Nobody,
            1 if found[0].key == key => Heirs::Itself(found.remove(0)),
            1 => Heirs::One(found.remove(0)),
            _ => Heirs::DependsOnPlace(found),
        }
    }

    /// The units that went, in full or in part, directly into `key`.
    #[must_use]
    pub fn predecessors(&self, key: &str) -> Vec<(&Unit, Share)> {
        self.lineage.to(key).iter().filter_map(|line| Some((self.get(&line.from)?, line.share))).collect()
    }

    fn put(&mut self, unit: Unit) {
        self.by_key.entry(unit.key.clone()).or_insert(self.all.len());
        self.all.push(unit);
    }
}

#[derive(Deserialize, Default)]
struct File {
    #[serde(default)]
    unit: Rows<Raw>,
    #[serde(default)]
    succession: Rows<RawSuccession>,
    #[serde(default)]
    committees: Maybe<Committees>,
}

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    name: Both,
    short: Spanned<Both>,
    kind: UnitKind,
    parent: Option<Spanned<String>>,
    area: Option<Spanned<String>>,
    seat: Option<Spanned<[f64; 2]>>,
    calendar: Option<Spanned<String>>,
    valid_from: Spanned<Day>,
    valid_to: Option<Spanned<Day>>,
    agency_code: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct Committees {
    key: Spanned<String>,
    name: Spanned<Both>,
    short: Spanned<Both>,
    kind: UnitKind,
    calendar: Spanned<String>,
    parent: Option<Spanned<String>>,
}

const SHORT_AT_MOST: usize = 40;

/// Reads units.toml.
pub(crate) fn read(reader: &mut Reader) -> Units {
    let Some(File { unit: rows, succession: lines, committees }) = reader.read::<File>("units.toml") else {
        return Units::default();
    };
    let areas = reader.city.areas.clone();
    let committees = committees.0.filter(|made| check_committees(reader, made));
    let made = committees.as_ref().map(|made| make_committees(made, &areas)).unwrap_or_default();
    let names = made.iter().map(|(_, unit)| unit.key.clone());
    reader.keys.entry((String::new(), "unit".to_owned())).or_default().extend(names);

    reader.keys("unit", rows.iter().map(|row| &row.key));
    let by_key: BTreeMap<&str, &Raw> = rows.iter().map(|row| (row.key.get_ref().as_str(), row)).collect();
    let mut units = Units::default();
    for (at, row) in rows.iter().enumerate() {
        let next = rows.get(at + 1).map_or(usize::MAX, |next| next.key.span().start);
        check(reader, row, row.key.span().start..next, &by_key);
        let seat = row.seat.as_ref().and_then(|seat| reader.point(seat));
        units.put(Unit {
            key: row.key.get_ref().clone(),
            name: row.name.clone(),
            short: row.short.get_ref().clone(),
            kind: row.kind,
            parent: row.parent.as_ref().map(|parent| parent.get_ref().clone()),
            area: row.area.as_ref().map(|area| area.get_ref().clone()),
            seat,
            calendar: row.calendar.as_ref().map(|calendar| calendar.get_ref().clone()).unwrap_or_default(),
            valid_from: row.valid_from.get_ref().0,
            valid_to: row.valid_to.as_ref().map(|day| day.get_ref().0),
            agency_code: row.agency_code.as_ref().map(|code| code.get_ref().clone()),
        });
    }
    check_codes(reader, &rows);
    check_circles(reader, "unit", rows.iter().map(|row| (&row.key, row.parent.as_ref())));
    let things: Vec<Lasting<'_>> = rows
        .iter()
        .map(|row| Lasting {
            key: &row.key,
            from: row.valid_from.get_ref().0,
            to: row.valid_to.as_ref().map(|day| (day.get_ref().0, day.span())),
        })
        .collect();
    units.lineage = succession::check(reader, "unit", &things, &lines);
    add_committees(&mut units, made, &areas);
    units
}

fn check(reader: &mut Reader, row: &Raw, whole: std::ops::Range<usize>, by_key: &BTreeMap<&str, &Raw>) {
    reader.lasting(&row.valid_from, row.valid_to.as_ref());
    match &row.calendar {
        Some(calendar) => {
            reader.refer("calendar", calendar);
        }
        None if reader.misspelled("calendar", whole) => {}
        None => {
            let known = reader.keys.get(&(String::new(), "calendar".to_owned())).cloned().unwrap_or_default();
            let names = known.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(" or ");
            let help = Some(format!("add calendar = {names}"));
            let message = format!("unit `{}` has no calendar, so none of its due dates can be counted", row.key.get_ref());
            reader.complain(row.key.span(), message, help);
        }
    }
    for text in [&row.short.get_ref().vi, &row.short.get_ref().en] {
        if text.chars().count() > SHORT_AT_MOST {
            reader.complain(
                row.short.span(),
                format!("\"{text}\" is longer than {SHORT_AT_MOST} letters"),
                Some("it has to fit a table".to_owned()),
            );
        }
    }
    if let Some(area) = &row.area {
        reader.refer("area", area);
    }
    if let Some(parent) = &row.parent
        && reader.refer("unit", parent)
        && let Some(held) = by_key.get(parent.get_ref().as_str())
    {
        check_parent_lasts(reader, parent, (&row.valid_from, row.valid_to.as_ref()), (&held.valid_from, held.valid_to.as_ref()));
    }
}

/// The same agency code never names two units on one day.
fn check_codes(reader: &mut Reader, rows: &[Raw]) {
    let last = |row: &Raw| row.valid_to.as_ref().map_or(Date::MAX, |day| day.get_ref().0);
    for (at, row) in rows.iter().enumerate() {
        let Some(code) = &row.agency_code else { continue };
        let meets = |other: &&Raw| {
            other.agency_code.as_ref().is_some_and(|held| held.get_ref() == code.get_ref())
                && other.valid_from.get_ref().0 <= last(row)
                && row.valid_from.get_ref().0 <= last(other)
        };
        if let Some(other) = rows[..at].iter().find(meets) {
            let first = other.agency_code.as_ref().map_or(0..0, Spanned::span);
            let message = format!("agency code {} belongs to two units at the same time", code.get_ref());
            reader.complain_with(code.span(), message, Some("end the older one with valid_to".to_owned()), first, "first here");
        }
    }
}

fn check_committees(reader: &mut Reader, made: &Committees) -> bool {
    reader.refer("calendar", &made.calendar);
    if let Some(parent) = &made.parent {
        reader.refer("unit", parent);
    }
    reader.placeholders(&made.name, &["area"]);
    reader.placeholders(&made.short, &["area"]);
    let one = made.key.get_ref().matches("{area}").count() == 1;
    if !one || !crate::reader::is_key(&made.key.get_ref().replace("{area}", "a")) {
        let message = format!("`{}` has to contain {{area}} once and be a key otherwise", made.key.get_ref());
        reader.complain(made.key.span(), message, Some("write for example \"pc-{area}\"".to_owned()));
        return false;
    }
    true
}

/// One committee per ward, commune and special zone, beside the key of its area.
fn make_committees(made: &Committees, areas: &Areas) -> Vec<(String, Unit)> {
    let fill = |text: &Both, name: &Both| Both::new(text.vi.replace("{area}", &name.vi), text.en.replace("{area}", &name.en));
    let of_area = |area: &crate::areas::Area| {
        let unit = Unit {
            key: made.key.get_ref().replace("{area}", &area.key),
            name: fill(made.name.get_ref(), &area.full_name),
            short: fill(made.short.get_ref(), &area.full_name),
            kind: made.kind,
            parent: made.parent.as_ref().map(|parent| parent.get_ref().clone()),
            area: Some(area.key.clone()),
            seat: area.seat,
            calendar: made.calendar.get_ref().clone(),
            valid_from: area.valid_from,
            valid_to: area.valid_to,
            agency_code: None,
        };
        (area.key.clone(), unit)
    };
    areas.all().filter(|area| area.kind.is_commune_unit()).map(of_area).collect()
}

/// Puts the committees beside the units. One that the file writes itself keeps what is written there.
fn add_committees(units: &mut Units, made: Vec<(String, Unit)>, areas: &Areas) {
    let of_area: BTreeMap<String, String> = made.iter().map(|(area, unit)| (area.clone(), unit.key.clone())).collect();
    let written: BTreeSet<String> = units.by_key.keys().cloned().collect();
    for (area, unit) in made {
        for line in areas.lines_from(&area) {
            if let Some(to) = of_area.get(&line.to)
                && units.lineage.from(&unit.key).iter().all(|held| held.to != *to)
            {
                units.lineage.add(Succession { from: unit.key.clone(), to: to.clone(), share: line.share, on: line.on });
            }
        }
        if !written.contains(&unit.key) {
            units.put(unit);
        }
    }
    units.committees = of_area;
}
