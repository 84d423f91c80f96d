//! Places that people name: landmarks, streets, markets. Searching them is the room `places`.

use crate::reader::{Reader, Rows};
use kernel::{Both, Point};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// Something everybody knows.
    Landmark,
    /// A street, by a point on it.
    Street,
    /// A bridge.
    Bridge,
    /// A market.
    Market,
    /// A hospital.
    Hospital,
    /// A school or university.
    School,
    /// A park or square.
    Park,
    /// A beach.
    Beach,
    /// A station or port.
    Station,
}

/// A place that people name.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is.
    pub kind: PlaceKind,
    /// Where it is.
    pub point: Point,
    /// The area of today in which it lies.
    pub area: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    place: Rows<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    name: Both,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    kind: PlaceKind,
    point: Spanned<[f64; 2]>,
    area: Spanned<String>,
}

/// Reads places.toml.
pub(crate) fn read(reader: &mut Reader) -> Vec<Place> {
    let Some(File { place: rows }) = reader.read::<File>("places.toml") else { return Vec::new() };
    reader.keys("place", rows.iter().map(|row| &row.key));
    let mut all = Vec::new();
    for row in rows {
        if let Some(area) = reader.area(&row.area)
            && let Some(last) = area.valid_to
        {
            let heirs = reader.city.areas.successors(&area.key, jiff::civil::Date::MAX);
            let names = heirs.iter().map(|heir| format!("`{}`", heir.key)).collect::<Vec<_>>().join(" or ");
            let help = (!names.is_empty()).then(|| format!("its successor is {names}"));
            reader.complain(
                row.area.span(),
                format!("area `{}` ended on {last}; a place lies in an area of today", area.key),
                help,
            );
        }
        for alias in row.aliases.iter().filter(|alias| alias.get_ref().trim().is_empty()) {
            reader.complain(alias.span(), "the name is empty", None);
        }
        if let Some(point) = reader.point(&row.point) {
            all.push(Place {
                key: row.key.into_inner(),
                name: row.name,
                aliases: row.aliases.into_iter().map(Spanned::into_inner).collect(),
                kind: row.kind,
                point,
                area: row.area.into_inner(),
            });
        }
    }
    all
}
