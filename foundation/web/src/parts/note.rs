//! Notes, numbers to call, empty places, what happens next.

use crate::{
    parts::{Tone, icon},
    words,
};
use kernel::{Both, Lang};
use maud::{Markup, html};

/// A few words set apart.
#[must_use]
pub fn note(tone: Tone, icon_name: &str, body: Markup) -> Markup {
    html! { div class={ "note " (tone.class()) } { (icon(icon_name)) div { (body) } } }
}

/// The numbers to call in danger: first on the page of a report, again at an urgent category.
#[must_use]
pub fn emergency(lang: Lang, numbers: &[(String, Both)]) -> Markup {
    html! {
        section.call aria-labelledby="call-title" {
            h2 #call-title { (icon("siren")) span { (words::danger(lang)) } }
            ul.plain { @for (number, name) in numbers { li { a href={ "tel:" (number) } { b { (number) } span { (name.get(lang)) } } } } }
        }
    }
}

/// Nothing is here, and what to do about it.
#[must_use]
pub fn empty(icon_name: &str, title: &str, text: &str, action: Option<Markup>) -> Markup {
    html! {
        div.empty {
            span.empty-i { (icon(icon_name)) }
            p.empty-t { (title) }
            p.muted { (text) }
            @if let Some(action) = action { p.actions { (action) } }
        }
    }
}

/// What happens afterwards: when, and what.
#[must_use]
pub fn next_steps(title: &str, steps: &[(String, String)]) -> Markup {
    html! {
        section {
            h2 { (title) }
            ol.next { @for (when, what) in steps { li { b { (when) } (what) } } }
        }
    }
}

/// Words whose codes (PA-26-000123) are not torn at the end of a line.
#[must_use]
pub fn unbroken(text: &str) -> Markup {
    let is_code =
        |word: &str| word.contains('-') && word.chars().any(|c| c.is_ascii_digit()) && !word.chars().any(char::is_lowercase);
    html! { @for (n, word) in text.split(' ').enumerate() { @if n > 0 { " " } @if is_code(word) { span.num { (word) } } @else { (word) } } }
}

/// A code on a plate: to be read aloud, copied, kept.
#[must_use]
pub fn plate(code: &str) -> Markup {
    html! { code.plate { (code) } }
}
