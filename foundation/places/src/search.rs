//! A place by what people call it: with or without tone marks, by its beginning, with a house number, or named in the middle of a sentence.

use crate::Places;
use crate::geometry::{Xy, km_from};
use jiff::civil::Date;
use kernel::spelling::fold;
use kernel::{Both, Point};
use pack::{Area, Areas, City, PlaceKind};

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it is.
    pub what: What,
    /// Its key in the pack.
    pub key: String,
    /// Its name: of an area, the full one.
    pub name: Both,
    /// The house number that was asked for, as it was typed: `12/3A`. Where on the street it is nobody knows.
    pub number: Option<String>,
    /// The area it is in, or that it is.
    pub area: String,
    /// The full name of that area.
    pub area_name: Option<Both>,
    /// The old name by which an area was found that succeeded it.
    pub formerly: Option<Both>,
    /// Where it is.
    pub point: Point,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A landmark, a market, a bridge …
    Place(PlaceKind),
    /// A street.
    Street,
    /// An area.
    Area,
}

#[derive(Debug)]
pub(crate) struct Names {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    what: What,
    /// Which of the city's places, or areas, it is.
    at: usize,
    /// Folded names: its own first, then the aliases; of an area, the names of those that it succeeded last.
    names: Vec<(String, Option<Both>)>,
    /// How many of them are its own.
    own: usize,
    /// Folded name of the area that a place lies in.
    around: String,
}

/// Words that say what kind of thing follows: they help when the name has them and do not hurt when it has not.
const KINDS: &[&str] = &[
    "duong", "pho", "phuong", "xa", "quan", "huyen", "thi", "tran", "dac", "khu", "thanh", "tp", "so", "nha", "hem", "kiet",
    "ngo",
];
/// Longer than any address; the rest is not looked at.
const LONGEST: usize = 200;

impl Names {
    pub(crate) fn of(city: &City) -> Self {
        let mut entries = Vec::new();
        for (at, place) in city.places.iter().enumerate() {
            let what = if place.kind == PlaceKind::Street { What::Street } else { What::Place(place.kind) };
            let own = [&place.name.vi, &place.name.en].into_iter().chain(&place.aliases);
            let area = city.areas.get(&place.area);
            let around = area.map(|area| fold(&format!("{} {}", area.full_name.vi, area.aliases.join(" ")))).unwrap_or_default();
            entries.push(Entry { what, at, names: own.map(|name| (fold(name), None)).collect(), own: 2, around });
        }
        for (at, area) in city.areas.all().enumerate().filter(|(_, area)| area.seat.is_some() && area.kind.is_commune_unit()) {
            let own = [&area.name.vi, &area.full_name.vi, &area.name.en, &area.full_name.en].into_iter().chain(&area.aliases);
            let mut names: Vec<(String, Option<Both>)> = own.map(|name| (fold(name), None)).collect();
            for old in forerunners(&city.areas, &area.key) {
                for name in [&old.name.vi, &old.full_name.vi].into_iter().chain(&old.aliases).map(|name| fold(name)) {
                    if names.iter().all(|(known, _)| *known != name) {
                        names.push((name, Some(old.full_name.clone())));
                    }
                }
            }
            entries.push(Entry { what: What::Area, at, names, own: 4, around: String::new() });
        }
        Self { entries }
    }
}

/// All areas that came, in however many steps, to be (part of) this one.
fn forerunners<'a>(areas: &'a Areas, key: &str) -> Vec<&'a Area> {
    let (mut found, mut next): (Vec<&Area>, usize) = (areas.predecessors(key).into_iter().map(|(area, _)| area).collect(), 0);
    while let Some(area) = found.get(next) {
        next += 1;
        let earlier: Vec<&Area> = areas.predecessors(&area.key).into_iter().map(|(area, _)| area).collect();
        found.extend(
            earlier
                .into_iter()
                .filter(|area| area.key != key && found.iter().all(|known| known.key != area.key))
                .collect::<Vec<_>>(),
        );
    }
    found
}

/// How well a name answers, larger is better.
fn score(query: &[&str], words: &str, name: &str, around: &str) -> u32 {
    let own: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    if own.is_empty() {
        return 0;
    }
    if words == name {
        return 1_000;
    }
    let bare: Vec<&str> = query.iter().copied().filter(|word| !KINDS.contains(word)).collect();
    let asked = if bare.is_empty() { query } else { &bare };
    let bare_name: Vec<&str> = own.iter().copied().filter(|word| !KINDS.contains(word)).collect();
    if !bare_name.is_empty() && asked == bare_name {
        return 900;
    }
    if name.starts_with(words) || bare_name.join(" ").starts_with(&asked.join(" ")) {
        return 800 - u32::try_from(own.len()).unwrap_or(99).min(99);
    }
    // Only the last word may still be in the writing: "be ca" is not the beginning of "bến xe cảng".
    let has =
        |(n, word): (usize, &&str)| own.iter().any(|other| other == word || n + 1 == asked.len() && other.starts_with(word));
    if asked.iter().enumerate().all(has) {
        return 600;
    }
    let beside = |word: &&str| around.split(' ').any(|other| other == *word);
    let matched = asked.iter().filter(|word| own.contains(word)).count();
    if (matched >= 2 || matched == bare_name.len()) && asked.iter().enumerate().all(|(n, word)| has((n, word)) || beside(word)) {
        return 500 + u32::try_from(matched).unwrap_or(99).min(99);
    }
    // A name of two words or more in the middle of a sentence.
    let named = bare_name.len();
    if named >= 2 && asked.windows(named).any(|part| part == bare_name) {
        return 200 + 10 * u32::try_from(named).unwrap_or(9).min(9) + u32::from(asked.iter().any(beside));
    }
    0
}

/// `12`, `12/3A`, `K45/12`, `12-14`: what looks like the number of a house.
fn house_number(word: &str) -> bool {
    let rest = word.strip_prefix(['K', 'k', 'H', 'h']).unwrap_or(word);
    let body = rest.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest);
    body.len() <= 12
        && body.starts_with(|c: char| c.is_ascii_digit())
        && body.chars().all(|c| c.is_ascii_digit() || "/-".contains(c) || c.is_ascii_alphabetic())
}

/// A text as it was typed, word by word, for the numbers in it.
struct Typed<'a> {
    words: Vec<(&'a str, String)>,
}

impl<'a> Typed<'a> {
    fn new(text: &'a str) -> Self {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        Self { words: words.map(|word| (word, fold(word))).collect() }
    }

    /// The house number before this street's name, and the text without it.
    fn number(&self, street: &Entry) -> Option<(&'a str, String)> {
        let at = self.words.iter().enumerate().position(|(at, (word, _))| {
            let follows = self.words[at + 1..].iter().map(|(_, folded)| folded.as_str()).find(|word| !KINDS.contains(word));
            house_number(word) && follows.is_some_and(|follows| street.begins_with(follows))
        })?;
        let rest: Vec<&str> =
            self.words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, (_, folded))| folded.as_str()).collect();
        Some((self.words[at].0, rest.join(" ").split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")))
    }
}

impl Places {
    /// What `text` may mean on `day`, the best first. Landmarks stand before streets and streets before areas when they answer equally well, and what is nearer to
    /// the center before what is farther.
    #[must_use]
    pub fn search(&self, text: &str, day: Date, limit: usize) -> Vec<Found> {
        let text: String = text.chars().take(LONGEST).collect();
        let whole = fold(&text);
        let typed = Typed::new(&text);
        let mut all: Vec<(u32, What, Found)> = Vec::new();
        for entry in &self.names.entries {
            let mut best = entry.best(&whole).map(|(score, formerly)| (score, formerly, None));
            if entry.what == What::Street
                && let Some((number, rest)) = typed.number(entry)
                && let Some((score, formerly)) = entry.best(&rest)
                && best.as_ref().is_none_or(|(alone, _, _)| score >= *alone)
            {
                best = Some((score, formerly, Some(number.to_owned())));
            }
            if let Some((score, formerly, number)) = best {
                all.extend(self.found(entry, day, formerly, number).map(|found| (score, entry.what, found)));
            }
        }
        let far = |found: &Found| km_from(self.center, found.point).to(Xy::default());
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| far(&a.2).total_cmp(&far(&b.2))));
        all.into_iter().take(limit).map(|(_, _, found)| found).collect()
    }

    fn found(&self, entry: &Entry, day: Date, formerly: Option<Both>, number: Option<String>) -> Option<Found> {
        if entry.what == What::Area {
            let area = self.areas.all().nth(entry.at).filter(|area| area.valid_on(day))?;
            return Some(Found {
                what: What::Area,
                key: area.key.clone(),
                name: area.full_name.clone(),
                number: None,
                area: area.key.clone(),
                area_name: None,
                formerly,
                point: area.seat?,
            });
        }
        let place = self.named.get(entry.at)?;
        let area = self.areas.get(&place.area);
        Some(Found {
            what: entry.what,
            key: place.key.clone(),
            name: place.name.clone(),
            number,
            area: place.area.clone(),
            area_name: area.map(|area| area.full_name.clone()),
            formerly: None,
            point: place.point,
        })
    }
}

impl Entry {
    /// Whether one of its names begins with this word, words like "đường" aside.
    fn begins_with(&self, folded: &str) -> bool {
        self.names.iter().any(|(name, _)| name.split(' ').find(|word| !KINDS.contains(word)) == Some(folded))
    }

    fn best(&self, folded: &str) -> Option<(u32, Option<Both>)> {
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return None;
        }
        let scored = self.names.iter().enumerate().map(|(n, (name, formerly))| {
            // Other names stand behind its own, and those of yesterday behind those of today.
            let behind = if formerly.is_some() { 50 } else { u32::from(n >= self.own) * 20 };
            (score(&words, folded, name, &self.around).saturating_sub(behind), formerly)
        });
        let (score, formerly) = scored.max_by_key(|(score, formerly)| (*score, formerly.is_none()))?;
        (score > 0).then(|| (score, formerly.clone()))
    }
}
