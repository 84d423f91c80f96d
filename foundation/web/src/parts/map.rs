//! A map that the server drew: it works without script, and prints.

use maud::{Markup, PreEscaped, html};

/// A map with what stands below it. `svg` comes from `places::map_svg`; `label` says what is seen.
#[must_use]
pub fn map_figure(svg: &str, caption: Markup) -> Markup {
    html! { figure.spot { div.map { (PreEscaped(svg)) } figcaption { (caption) } } }
}
