//! The map as an SVG picture: drawn from a few hundred points of the pack, by the server, in the city's own look. It needs no script, no tiles
//! and no outside service.
//!
//! Two faces: [`Map::inline`] stands in a page and takes its colours from the page's tokens; [`Map::image`] is a file of its own for `<img>` and
//! for `<input type="image">`, whose taps [`crate::View::point_at`] turns into points. The style of both is [`STYLE`].

use crate::{Places, View, draw};
use jiff::civil::Date;
use kernel::{Lang, Point};

/// The rules of the map's classes. A page that holds an inline map includes them, with values for the tokens of [`TOKENS`].
pub const STYLE: &str = include_str!("map.css");

/// The tokens that [`STYLE`] reads: name, value on light, value on dark. A page overrides what it already has.
pub const TOKENS: &[(&str, &str, &str)] = &[
    ("beyond", "#e3e7df", "#101c1f"),
    ("land", "#eef0e9", "#17262a"),
    ("water", "#c9dfe0", "#12343c"),
    ("shore", "#a5c6c9", "#22505a"),
    ("hill", "#dde6d9", "#1b2f2b"),
    ("hill-top", "#d2dfcf", "#20382f"),
    ("street", "#ffffff", "#2a4046"),
    ("casing", "#d9dfd6", "#0f1c1f"),
    ("ink", "#12262b", "#e7efec"),
    ("muted", "#4b6065", "#a0b4b5"),
    ("edge", "#76898b", "#6d8386"),
    ("surface", "#fffffc", "#142124"),
    ("song", "#0a5560", "#7fcdd0"),
    ("on-song", "#ffffff", "#04262b"),
    ("den-dot", "#c26f14", "#f0b269"),
    ("do", "#a3231a", "#ff9d90"),
    ("la", "#27633c", "#8fd3a2"),
    ("focus", "#12262b", "#ffd79a"),
];

/// In which light a map that stands alone is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// As the reader's device prefers.
    #[default]
    Auto,
    /// Light.
    Day,
    /// Dark.
    Night,
}

/// What a pin stands for. Each has its own shape, so that colour is never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// Done: a small ring.
    Done,
    /// Open and in time: a circle.
    Open,
    /// Due soon: a square.
    Soon,
    /// Late: a diamond.
    Late,
    /// The place that is being chosen or shown: a drop whose tip stands on it.
    Chosen,
}

/// Something on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// Where it stands.
    pub point: Point,
    /// What it stands for.
    pub shape: Shape,
    /// What it is called by a screen reader and on hovering.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// A map to be drawn.
pub struct Map<'a> {
    /// The part of the ground.
    pub view: View,
    /// The day whose areas are named.
    pub day: Date,
    /// The language of names.
    pub lang: Lang,
    /// What the picture shows, for who cannot see it.
    pub label: &'a str,
    /// What stands on it. Pins that would cover each other become one with their number.
    pub pins: &'a [Pin],
    /// Where a group of pins leads: the address of a nearer view. Without it, a group leads nowhere.
    pub link: Option<&'a dyn Fn(View) -> String>,
}

impl Map<'_> {
    /// The picture for the inside of a page: classes only, no style of its own.
    #[must_use]
    pub fn inline(&self, places: &Places) -> String {
        draw::picture(places, self, None)
    }

    /// The picture as a file of its own, `image/svg+xml`.
    #[must_use]
    pub fn image(&self, places: &Places, light: Light) -> String {
        let values = |night: bool| {
            let pairs = TOKENS.iter().map(|(name, day, dark)| format!("--{name}:{}", if night { dark } else { day }));
            format!("svg{{{}}}", pairs.collect::<Vec<_>>().join(";"))
        };
        let mut style = match light {
            Light::Auto => format!("{}@media(prefers-color-scheme:dark){{{}}}", values(false), values(true)),
            Light::Day => values(false),
            Light::Night => values(true),
        };
        style += "text{font-family:\"Be Vietnam Pro\",system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}";
        style += STYLE;
        draw::picture(places, self, Some(&style))
    }
}
