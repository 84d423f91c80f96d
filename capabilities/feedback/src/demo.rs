//! The reports of a demonstration as the pack has them. They are read always, so that mistakes are found; what becomes of them stands in
//! `seed.rs`.

use kernel::Point;
use pack::{Reader, Rows};
use serde::Deserialize;
use toml::Spanned;

/// How far a report of the demonstration has come.
const STORIES: [&str; 6] = ["received", "forwarded", "drafted", "answered", "late", "archived"];

/// The reports in a pack's `feedback/demo.toml`.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    pub(crate) reports: Vec<Scene>,
}

/// One invented report.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub category: String,
    pub text: String,
    pub point: Option<Point>,
    pub address: Option<String>,
    pub days_ago: u16,
    pub story: String,
    pub answer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    report: Rows<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    category: Spanned<String>,
    text: String,
    lat: Option<Spanned<f64>>,
    long: Option<f64>,
    address: Option<String>,
    days_ago: Spanned<u16>,
    story: Spanned<String>,
    answer: Option<String>,
}

/// Reads `feedback/demo.toml`, where there is one.
pub(crate) fn read(reader: &mut Reader) -> Demo {
    let Some(file) = reader.read_if_there::<File>("demo.toml") else { return Demo::default() };
    let mut reports = Vec::new();
    for raw in file.report {
        let known = reader.refer("category", &raw.category) & reader.one_of("story", &raw.story, STORIES);
        let point = match (&raw.lat, raw.long) {
            (Some(lat), Some(long)) => reader.point_of(lat.span(), *lat.get_ref(), long),
            _ => None,
        };
        if *raw.days_ago.get_ref() > 60 {
            reader.complain(raw.days_ago.span(), "the demonstration goes back sixty days", None);
        }
        if known {
            reports.push(Scene {
                category: raw.category.into_inner(),
                text: raw.text,
                point,
                address: raw.address,
                days_ago: raw.days_ago.into_inner(),
                story: raw.story.into_inner(),
                answer: raw.answer,
            });
        }
    }
    Demo { reports }
}
