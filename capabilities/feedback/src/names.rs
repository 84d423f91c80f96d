//! What keys of the pack are called, for pages and messages: the key itself when the pack no longer knows it.

use crate::pack::Feedback;
use crate::words;
use jiff::civil::Date;
use kernel::spelling::fold;
use kernel::{Instant, Lang, format};

/// The name of a category in a language; its key when the pack no longer knows it.
#[must_use]
pub fn category_name(city: &pack::City, key: &str, lang: Lang) -> String {
    Feedback::of(city).category(key).map_or_else(|| key.to_owned(), |category| category.name.get(lang).to_owned())
}

/// The name of an area; nothing when nobody knows it yet.
#[must_use]
pub fn area_name(pack: &pack::City, key: &str, lang: Lang) -> Option<String> {
    pack.areas.get(key).map(|area| capitalised(area.full_name.get(lang)))
}

/// The wards, communes and special zones of today with their names, in the order of the alphabet.
#[must_use]
pub fn wards(pack: &pack::City, today: Date, lang: Lang) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        pack.areas.commune_units_on(today).map(|area| (area.key.clone(), area.name.get(lang).to_owned())).collect();
    all.sort_by_cached_key(|(_, name)| fold(name));
    all
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A unit's name; its key when the pack no longer knows it.
#[must_use]
pub fn unit_name(pack: &pack::City, key: &str, lang: Lang) -> String {
    pack.units.get(key).map_or(key, |unit| unit.name.get(lang)).to_owned()
}

/// A unit's short name, for columns.
#[must_use]
pub fn unit_short(pack: &pack::City, key: &str, lang: Lang) -> String {
    pack.units.get(key).map_or(key, |unit| unit.short.get(lang)).to_owned()
}

/// A due time in the words of a message, also when none could be set yet.
#[must_use]
pub fn due_in_message(due: Option<Instant>, pack: &pack::City, lang: Lang) -> String {
    due_text(due, pack).unwrap_or_else(|| words::due_open(lang).to_owned())
}

/// A due time as people read it.
#[must_use]
pub fn due_text(due: Option<Instant>, pack: &pack::City) -> Option<String> {
    due.map(|due| format::due(due, &pack.zone))
}
