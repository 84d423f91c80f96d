//! Areas: wards, communes, special zones, and the districts and wards of yesterday, each with its validity.

use crate::reader::{Day, Reader, Rows};
use crate::succession::{self, Heirs, Lasting, Lineage, RawSuccession, Share, Succession};
use jiff::civil::Date;
use kernel::spelling::fold;
use kernel::{Both, Point};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// Tỉnh.
    Province,
    /// Thành phố: the city itself, or one of a former province.
    City,
    /// Quận, huyện; gone since 1/7/2025.
    District,
    /// Thị xã; gone since 1/7/2025.
    Town,
    /// Phường.
    Ward,
    /// Thị trấn; gone since 1/7/2025.
    Township,
    /// Xã.
    Commune,
    /// Đặc khu.
    SpecialZone,
}

impl AreaKind {
    /// Whether a committee of its own works there since 1/7/2025: ward, commune, special zone.
    #[must_use]
    pub const fn is_commune_unit(self) -> bool {
        matches!(self, Self::Ward | Self::Commune | Self::SpecialZone)
    }
}

/// An administrative unit with its validity.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its key, which never changes.
    pub key: String,
    /// The official code; another area may have had it, or may get it.
    pub code: String,
    /// What it is.
    pub kind: AreaKind,
    /// Its bare name: Bến Cảng.
    pub name: Both,
    /// Its name with what it is: phường Bến Cảng.
    pub full_name: Both,
    /// The area it lies in.
    pub parent: Option<String>,
    /// The first day it is valid.
    pub valid_from: Date,
    /// The last day it is valid.
    pub valid_to: Option<Date>,
    /// Where its committee sits.
    pub seat: Option<Point>,
    /// Other names that people search by.
    pub aliases: Vec<String>,
}

impl Area {
    /// Whether it is valid on `day`.
    #[must_use]
    pub fn valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// All areas of a city, of today and of yesterday.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    all: Vec<Area>,
    by_key: BTreeMap<String, usize>,
    lineage: Lineage,
}

impl Areas {
    /// The area with this key, of whatever time.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Area> {
        self.by_key.get(key).map(|at| &self.all[*at])
    }

    /// All areas, in the order of the pack.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.all.iter()
    }

    /// The areas valid on `day`, in the order of the pack.
    pub fn valid_on(&self, day: Date) -> impl Iterator<Item = &Area> {
        self.all.iter().filter(move |area| area.valid_on(day))
    }

    /// The wards, communes and special zones valid on `day`: those a report can lie in.
    pub fn commune_units_on(&self, day: Date) -> impl Iterator<Item = &Area> {
        self.valid_on(day).filter(|area| area.kind.is_commune_unit())
    }

    /// The area that has this official code on `day`.
    #[must_use]
    pub fn by_code(&self, code: &str, day: Date) -> Option<&Area> {
        self.valid_on(day).find(|area| area.code == code)
    }

    /// The areas that lie directly in `key`.
    pub fn children(&self, key: &str) -> impl Iterator<Item = &Area> {
        self.all.iter().filter(move |area| area.parent.as_deref() == Some(key))
    }

    /// The areas that stand on `on` for what `key` was, chains followed; itself while it is valid. Several when it was divided: the
    /// successor depends on the place.
    #[must_use]
    pub fn successors(&self, key: &str, on: Date) -> Vec<&Area> {
        let valid = |key: &str| self.get(key).is_some_and(|area| area.valid_on(on));
        self.lineage.successors(key, on, valid).iter().filter_map(|key| self.get(key)).collect()
    }

    /// The same in words.
    #[must_use]
    pub fn heirs(&self, key: &str, on: Date) -> Heirs<'_, Area> {
        let mut found = self.successors(key, on);
        match found.len() {
            0 => Heirs::Nobody,
            1 if found[0].key == key => Heirs::Itself(found.remove(0)),
            1 => Heirs::One(found.remove(0)),
            _ => Heirs::DependsOnPlace(found),
        }
    }

    /// The areas that went, in full or in part, directly into `key`.
    #[must_use]
    pub fn predecessors(&self, key: &str) -> Vec<(&Area, Share)> {
        self.lineage.to(key).iter().filter_map(|line| Some((self.get(&line.from)?, line.share))).collect()
    }

    /// The lines of succession that begin at `key`.
    #[must_use]
    pub fn lines_from(&self, key: &str) -> &[Succession] {
        self.lineage.from(key)
    }

    fn put(&mut self, area: Area) {
        self.by_key.entry(area.key.clone()).or_insert(self.all.len());
        self.all.push(area);
    }
}

#[derive(Deserialize, Default)]
struct File {
    #[serde(default)]
    area: Rows<Raw>,
    #[serde(default)]
    succession: Rows<RawSuccession>,
}

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    code: Spanned<String>,
    kind: Spanned<AreaKind>,
    name: Both,
    full_name: Both,
    parent: Option<Spanned<String>>,
    valid_from: Spanned<Day>,
    valid_to: Option<Spanned<Day>>,
    seat: Option<Spanned<[f64; 2]>>,
    #[serde(default)]
    aliases: Vec<String>,
}

/// Reads areas/*.toml.
pub(crate) fn read(reader: &mut Reader) -> Areas {
    let files = reader.files("areas");
    if files.is_empty() {
        reader.complain_about_file("areas", "this folder has no file", Some("a city has areas: see packs/README.md".to_owned()));
    }
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for file in files {
        if let Some(File { area, succession }) = reader.read::<File>(&file) {
            rows.extend(area);
            lines.extend(succession);
        }
    }
    reader.keys("area", rows.iter().map(|row| &row.key));
    let by_key: BTreeMap<&str, &Raw> = rows.iter().map(|row| (row.key.get_ref().as_str(), row)).collect();
    let mut areas = Areas::default();
    for row in &rows {
        check(reader, row, &by_key);
        let seat = row.seat.as_ref().and_then(|seat| reader.point(seat));
        areas.put(Area {
            key: row.key.get_ref().clone(),
            code: row.code.get_ref().clone(),
            kind: *row.kind.get_ref(),
            name: row.name.clone(),
            full_name: row.full_name.clone(),
            parent: row.parent.as_ref().map(|parent| parent.get_ref().clone()),
            valid_from: row.valid_from.get_ref().0,
            valid_to: row.valid_to.as_ref().map(|day| day.get_ref().0),
            seat,
            aliases: row.aliases.clone(),
        });
    }
    check_codes(reader, &rows);
    check_circles(reader, "area", rows.iter().map(|row| (&row.key, row.parent.as_ref())));
    let things: Vec<Lasting<'_>> = rows
        .iter()
        .map(|row| Lasting {
            key: &row.key,
            from: row.valid_from.get_ref().0,
            to: row.valid_to.as_ref().map(|day| (day.get_ref().0, day.span())),
        })
        .collect();
    areas.lineage = succession::check(reader, "area", &things, &lines);
    areas
}

fn check(reader: &mut Reader, row: &Raw, by_key: &BTreeMap<&str, &Raw>) {
    reader.lasting(&row.valid_from, row.valid_to.as_ref());
    if row.code.get_ref().is_empty() || !row.code.get_ref().chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') {
        reader.complain(row.code.span(), format!("`{}` has not the shape of an official code", row.code.get_ref()), None);
    }
    if !fold(&row.full_name.vi).contains(&fold(&row.name.vi)) {
        let message = format!("the full name \"{}\" does not contain the name \"{}\"", row.full_name.vi, row.name.vi);
        reader.complain(row.key.span(), message, None);
    }
    let kind = *row.kind.get_ref();
    if row.seat.is_none() && row.valid_to.is_none() && kind.is_commune_unit() {
        let help = Some("add seat = [latitude, longitude]: reports are placed by it".to_owned());
        reader.complain(row.key.span(), format!("area `{}` is valid today and has no seat", row.key.get_ref()), help);
    }
    if let Some(parent) = &row.parent
        && reader.refer("area", parent)
        && let Some(held) = by_key.get(parent.get_ref().as_str())
    {
        check_parent_lasts(reader, parent, (&row.valid_from, row.valid_to.as_ref()), (&held.valid_from, held.valid_to.as_ref()));
    }
}

/// A parent is valid as long as its children.
pub(crate) fn check_parent_lasts(
    reader: &mut Reader,
    parent: &Spanned<String>,
    child: (&Spanned<Day>, Option<&Spanned<Day>>),
    held: (&Spanned<Day>, Option<&Spanned<Day>>),
) {
    let ends = |day: Option<&Spanned<Day>>| day.map_or(Date::MAX, |day| day.get_ref().0);
    if held.0.get_ref() > child.0.get_ref() {
        let message = format!("parent `{}` begins on {}, after its child", parent.get_ref(), held.0.get_ref().0);
        reader.complain_with(parent.span(), message, None, held.0.span(), "its first day");
    } else if let Some(last) = held.1
        && last.get_ref().0 < ends(child.1)
    {
        let message = format!("parent `{}` ends on {}, before its child", parent.get_ref(), last.get_ref().0);
        reader.complain_with(parent.span(), message, None, last.span(), "its last day");
    }
}

/// The same code never names two areas on one day.
fn check_codes(reader: &mut Reader, rows: &[Raw]) {
    let mut by_code: BTreeMap<&str, Vec<&Raw>> = BTreeMap::new();
    for row in rows {
        let last = |row: &Raw| row.valid_to.as_ref().map_or(Date::MAX, |day| day.get_ref().0);
        let held = by_code.entry(row.code.get_ref()).or_default();
        let meets = |other: &&&Raw| {
            other.key.get_ref() != row.key.get_ref()
                && other.valid_from.get_ref().0 <= last(row)
                && row.valid_from.get_ref().0 <= last(other)
        };
        if let Some(other) = held.iter().find(meets) {
            let day = row.valid_from.get_ref().0.max(other.valid_from.get_ref().0);
            let message = format!(
                "code {} belongs to `{}` and `{}` at the same time, on {day}",
                row.code.get_ref(),
                other.key.get_ref(),
                row.key.get_ref()
            );
            let help = Some("a code returns only after the other area has ended: set its valid_to".to_owned());
            reader.complain_with(row.code.span(), message, help, other.code.span(), "first here");
        }
        held.push(row);
    }
}

/// Nobody is their own ancestor.
pub(crate) fn check_circles<'a>(
    reader: &mut Reader,
    what: &str,
    rows: impl Iterator<Item = (&'a Spanned<String>, Option<&'a Spanned<String>>)>,
) {
    let parents: BTreeMap<&str, &Spanned<String>> =
        rows.filter_map(|(key, parent)| Some((key.get_ref().as_str(), parent?))).collect();
    let mut told: Vec<&str> = Vec::new();
    for start in parents.keys() {
        let mut way = vec![*start];
        while let Some(next) = way.last().and_then(|at| parents.get(at)) {
            let next = next.get_ref().as_str();
            if next == *start {
                break;
            }
            if way.contains(&next) {
                way.clear(); // a circle that does not pass here; it is told where it does
                break;
            }
            way.push(next);
        }
        let closes = way.last().and_then(|at| parents.get(at)).is_some_and(|next| next.get_ref() == start);
        if closes && !way.iter().any(|key| told.contains(key)) {
            told.extend(&way);
            let chain = way.iter().chain([start]).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" → ");
            reader.complain(parents[start].span(), format!("{what} `{start}` is its own ancestor: {chain}"), None);
        }
    }
}
