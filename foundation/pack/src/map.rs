//! The schematic map: outline, sea, rivers, roads, as points. Drawing it is the room `places`.

use crate::reader::{Reader, Rows};
use kernel::{Both, Point};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// What a shape or a line is; the order is the order of drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// The sea.
    Sea,
    /// Where the city lies.
    Outline,
    /// A hill or mountain.
    Hill,
    /// A river: a line, or a shape where it is wide.
    River,
    /// The coast.
    Coast,
    /// A main road.
    Road,
    /// A bridge.
    Bridge,
}

/// A shape (closed) or a line (open) of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// What it is.
    pub kind: Figure,
    /// Its name, when it has one.
    pub name: Option<Both>,
    /// Its points; a shape is closed by itself.
    pub points: Vec<Point>,
}

/// The schematic map.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Closed shapes, in the order of drawing.
    pub shapes: Vec<Drawn>,
    /// Open lines, in the order of drawing.
    pub lines: Vec<Drawn>,
}

impl Map {
    /// The outlines: what lies outside all of them is outside the city.
    pub fn outlines(&self) -> impl Iterator<Item = &Drawn> {
        self.shapes.iter().filter(|shape| shape.kind == Figure::Outline)
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    shape: Rows<Raw>,
    #[serde(default)]
    line: Rows<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    kind: Spanned<Figure>,
    name: Option<Both>,
    points: Spanned<Rows<Spanned<[f64; 2]>>>,
}

const POINTS_AT_MOST: usize = 5_000;

/// Reads map.toml.
pub(crate) fn read(reader: &mut Reader) -> Map {
    let Some(File { shape, line }) = reader.read::<File>("map.toml") else { return Map::default() };
    let mut map = Map {
        shapes: drawn(reader, "shape", shape, 3, &[Figure::Outline, Figure::Sea, Figure::Hill, Figure::River]),
        lines: drawn(reader, "line", line, 2, &[Figure::Coast, Figure::River, Figure::Road, Figure::Bridge]),
    };
    if map.outlines().next().is_none() {
        let help = Some("add a [[shape]] with kind = \"outline\": it says what is inside the city".to_owned());
        reader.complain_about_file("map.toml", "there is no outline", help);
    }
    map.shapes.sort_by_key(|shape| shape.kind);
    map.lines.sort_by_key(|line| line.kind);
    map
}

fn drawn(reader: &mut Reader, what: &str, rows: Rows<Raw>, at_least: usize, kinds: &[Figure]) -> Vec<Drawn> {
    let mut all = Vec::new();
    for row in rows {
        let kind = *row.kind.get_ref();
        if !kinds.contains(&kind) {
            let (other, brackets) = if what == "shape" { ("line", "[[line]]") } else { ("shape", "[[shape]]") };
            let help = Some(format!("it is a {other}: write {brackets}"));
            reader.complain(row.kind.span(), format!("this kind is not drawn as a {what}"), help);
        }
        let count = row.points.get_ref().len();
        if count < at_least || count > POINTS_AT_MOST {
            let message = format!("a {what} has {at_least} to {POINTS_AT_MOST} points, not {count}");
            reader.complain(row.points.span(), message, None);
        }
        // The sea goes on beyond the city.
        let times = if kind == Figure::Sea { 3.0 } else { 1.0 };
        let read = |point: &Spanned<[f64; 2]>| reader.point_within(point.span(), *point.get_ref(), times);
        let points = row.points.get_ref().iter().filter_map(read).collect();
        all.push(Drawn { kind, name: row.name, points });
    }
    all
}
