//! How days are written in stored explanations: `2026-09-04`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serializer, de};

pub fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}
