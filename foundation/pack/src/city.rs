//! The city as its pack tells it.

use crate::areas::Areas;
use crate::days::Calendars;
use crate::definition::Definition;
use crate::map::Map;
use crate::messages::Message;
use crate::places::Place;
use crate::reader::{Part, Reader, Rows};
use crate::roles::Role;
use crate::units::{Unit, Units};
use calendars::Calendar;
use jiff::tz::TimeZone;
use kernel::{Both, Lang, Point};
use serde::Deserialize;
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;
use toml::Spanned;

/// A number to call when life is in danger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// The number.
    pub number: String,
    /// Whom it reaches.
    pub name: Both,
}

/// A city as its pack tells it. It is read once and shared behind an `Arc`; nothing in it changes.
pub struct City {
    /// The pack's key.
    pub key: String,
    /// The city's name.
    pub name: Both,
    /// The name of its authority.
    pub authority: Both,
    /// Its languages, the source first.
    pub languages: Vec<Lang>,
    /// Its time zone: legal days are counted in it.
    pub zone: TimeZone,
    /// The call center's number.
    pub hotline: String,
    /// What codes of reports begin with.
    pub report_prefix: String,
    /// Where maps open.
    pub center: Point,
    /// Farther outside than this, a report is not filed.
    pub outside_km: f64,
    /// No point of the pack is farther from the center.
    pub reach_km: f64,
    /// The unit that receives what no rule routes.
    pub triage: String,
    /// Numbers to call when life is in danger, in order.
    pub emergency: Vec<Emergency>,
    /// SHA-256 of all files of the pack.
    pub version: String,
    /// Areas of today and yesterday.
    pub areas: Areas,
    /// Units of today and yesterday.
    pub units: Units,
    /// Working calendars.
    pub calendars: Calendars,
    /// Roles of officials.
    pub roles: Vec<Role>,
    /// The schematic map.
    pub map: Map,
    /// Places that people name.
    pub places: Vec<Place>,
    /// The words of messages.
    pub messages: Vec<Message>,
    pub(crate) open: BTreeSet<String>,
    pub(crate) parts: HashMap<TypeId, Part>,
    pub(crate) definitions: BTreeMap<(String, String), Definition>,
}

impl City {
    /// What a capability read from its folder.
    #[must_use]
    pub fn part<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.parts.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// Whether a capability is open here: whether its folder is there.
    #[must_use]
    pub fn opens(&self, capability: &str) -> bool {
        self.open.contains(capability)
    }

    /// The role with this key.
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }

    /// The place with this key.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.key == key)
    }

    /// The words of a message.
    #[must_use]
    pub fn message(&self, key: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.key == key)
    }

    /// The calendar by which a unit works.
    #[must_use]
    pub fn calendar_of(&self, unit: &str) -> Option<&Arc<Calendar>> {
        self.calendars.get(&self.units.get(unit)?.calendar)
    }

    /// The unit that receives what no rule routes.
    #[must_use]
    pub fn triage_desk(&self) -> Option<&Unit> {
        self.units.get(&self.triage)
    }

    /// What was compiled under this kind and key, by its content.
    #[must_use]
    pub fn definition(&self, kind: &str, key: &str) -> Option<&Definition> {
        self.definitions.get(&(kind.to_owned(), key.to_owned()))
    }

    /// Everything that was compiled.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }

    /// A city of which nothing is known yet.
    pub(crate) fn unknown() -> Self {
        let nothing = || Both::new("", "");
        Self {
            key: String::new(),
            name: nothing(),
            authority: nothing(),
            languages: Lang::ALL.to_vec(),
            zone: TimeZone::UTC,
            hotline: String::new(),
            report_prefix: String::new(),
            center: Point { lat: 0.0, long: 0.0 },
            outside_km: 2.0,
            reach_km: f64::INFINITY,
            triage: String::new(),
            emergency: Vec::new(),
            version: String::new(),
            areas: Areas::default(),
            units: Units::default(),
            calendars: Calendars::default(),
            roles: Vec::new(),
            map: Map::default(),
            places: Vec::new(),
            messages: Vec::new(),
            open: BTreeSet::new(),
            parts: HashMap::new(),
            definitions: BTreeMap::new(),
        }
    }
}

impl fmt::Debug for City {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("City").field("key", &self.key).field("version", &self.version).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct File {
    format: Spanned<i64>,
    key: Spanned<String>,
    name: Both,
    authority: Both,
    languages: Spanned<Vec<Spanned<String>>>,
    zone: Spanned<String>,
    hotline: Spanned<String>,
    report_prefix: Spanned<String>,
    center: Spanned<[f64; 2]>,
    outside_km: Option<Spanned<f64>>,
    reach_km: Option<Spanned<f64>>,
    triage: Spanned<String>,
    #[serde(default)]
    emergency: Rows<RawEmergency>,
}

#[derive(Deserialize)]
struct RawEmergency {
    number: Spanned<String>,
    name: Both,
}

/// The version of the format that this program reads.
const FORMAT: i64 = 1;
const REACH_KM: f64 = 150.0;

/// What is left to check in city.toml when the units are read.
pub(crate) struct Later {
    pub triage: Spanned<String>,
}

/// Reads city.toml into the reader's city.
pub(crate) fn read(reader: &mut Reader) -> Option<Later> {
    let file = reader.read::<File>("city.toml")?;
    if *file.format.get_ref() != FORMAT {
        let help = Some(format!("this program reads format {FORMAT}"));
        reader.complain(file.format.span(), format!("format {} is unknown", file.format.get_ref()), help);
    }
    reader.keys("city", [&file.key]);
    let languages = languages(reader, &file.languages);
    let zone = zone(reader, &file.zone);
    for number in [&file.hotline].into_iter().chain(file.emergency.iter().map(|emergency| &emergency.number)) {
        let digits = number.get_ref().bytes().filter(u8::is_ascii_digit).count();
        if !(3..=15).contains(&digits) || !number.get_ref().bytes().all(|b| b.is_ascii_digit() || b == b' ' || b == b'+') {
            reader.complain(
                number.span(),
                format!("`{}` is not a telephone number", number.get_ref()),
                Some("write digits only".to_owned()),
            );
        }
    }
    let prefix = file.report_prefix.get_ref();
    if !(1..=4).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
        let help = Some("write 1 to 4 capital letters, for example \"PA\"".to_owned());
        reader.complain(file.report_prefix.span(), format!("`{prefix}` cannot begin a code"), help);
    }
    let reach_km = km(reader, file.reach_km.as_ref(), REACH_KM, 5_000.0);
    let outside_km = km(reader, file.outside_km.as_ref(), 2.0, 100.0);
    let center = reader.point(&file.center); // any point of the earth: the reach is not yet known
    let city = &mut reader.city;
    city.key = file.key.into_inner();
    city.name = file.name;
    city.authority = file.authority;
    city.languages = languages;
    city.zone = zone;
    city.hotline = file.hotline.into_inner();
    city.report_prefix = file.report_prefix.into_inner();
    city.outside_km = outside_km;
    city.triage = file.triage.get_ref().clone();
    city.emergency =
        file.emergency.into_iter().map(|row| Emergency { number: row.number.into_inner(), name: row.name }).collect();
    if let Some(center) = center {
        city.center = center;
        city.reach_km = reach_km;
    }
    Some(Later { triage: file.triage })
}

fn km(reader: &mut Reader, written: Option<&Spanned<f64>>, usual: f64, most: f64) -> f64 {
    let Some(written) = written else { return usual };
    let km = *written.get_ref();
    if km > 0.0 && km <= most {
        return km;
    }
    reader.complain(written.span(), format!("a distance here is more than 0 and at most {most} km, not {km}"), None);
    usual
}

fn languages(reader: &mut Reader, written: &Spanned<Vec<Spanned<String>>>) -> Vec<Lang> {
    let mut all = Vec::new();
    for tag in written.get_ref() {
        match Lang::ALL.into_iter().find(|lang| lang.tag() == tag.get_ref()) {
            Some(lang) if all.contains(&lang) => {
                reader.complain(tag.span(), format!("language `{}` stands twice", tag.get_ref()), None);
            }
            Some(lang) => all.push(lang),
            None => {
                reader.one_of("language", tag, Lang::ALL.iter().map(|lang| lang.tag()));
            }
        }
    }
    if written.get_ref().is_empty() {
        reader.complain(written.span(), "a city speaks at least one language", Some("write [\"vi\", \"en\"]".to_owned()));
    }
    if all.is_empty() { Lang::ALL.to_vec() } else { all }
}

fn zone(reader: &mut Reader, written: &Spanned<String>) -> TimeZone {
    TimeZone::get(written.get_ref()).unwrap_or_else(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let help = crate::nearest(written.get_ref(), known.iter().map(String::as_str)).map_or_else(
            || "write an IANA name, for example \"Asia/Ho_Chi_Minh\"".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        reader.complain(written.span(), format!("time zone `{}` is unknown", written.get_ref()), Some(help));
        TimeZone::UTC
    })
}
