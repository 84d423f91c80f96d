//! The form itself: its token, its key, the summary of mistakes, the questions on their river.

use crate::{
    Checked, Visit,
    parts::{Options, Tone, icon, note},
    words,
};
use kernel::{Key, Lang};
use maud::{Markup, Render, html};

/// The hidden field with the token, for a form drawn by hand.
#[must_use]
pub fn hidden_token(visit: &Visit) -> Markup {
    html! { input type="hidden" name="token" value=(visit.token()); }
}

/// A form that posts to one of our doors, with its token.
pub struct PostForm<'a> {
    visit: &'a Visit,
    action: String,
    key: Option<String>,
    version: Option<i64>,
    upload: bool,
    draft: Option<&'static str>,
    body: Markup,
}

impl<'a> PostForm<'a> {
    /// Posts to `action`.
    pub fn new(visit: &'a Visit, action: impl Into<String>) -> Self {
        Self { visit, action: action.into(), key: None, version: None, upload: false, draft: None, body: Markup::default() }
    }

    /// A submission with its own key (rule R2). Shown again, the form keeps the key that it had: pass `form.raw("key")`.
    #[must_use]
    pub fn key(mut self, had: &str) -> Self {
        self.key = Some(Key::parse(had).unwrap_or_else(Key::random).as_str().to_owned());
        self
    }

    /// The version of the case that this page shows.
    #[must_use]
    pub const fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// With photos.
    #[must_use]
    pub const fn upload(mut self) -> Self {
        self.upload = true;
        self
    }

    /// With script, what was typed is kept in this browser under this name until it was sent.
    #[must_use]
    pub const fn draft(mut self, name: &'static str) -> Self {
        self.draft = Some(name);
        self
    }

    /// The fields and buttons.
    #[must_use]
    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }
}

impl Render for PostForm<'_> {
    fn render(&self) -> Markup {
        let (lang, kind) = (self.visit.lang, self.upload.then_some("multipart/form-data"));
        html! {
            // The browser's own bubbles would hide our summary.
            form method="post" action=(self.action) enctype=[kind] novalidate data-draft=[self.draft] {
                (hidden_token(self.visit))
                @if let Some(key) = &self.key { input type="hidden" name="key" value=(key); }
                @if let Some(version) = self.version { input type="hidden" name="version" value=(version); }
                @if self.draft.is_some() {
                    // Shown by script only: what became of the draft, and of a send that the network lost.
                    div.sending hidden data-restored=(words::draft_restored(lang)) data-sending=(words::draft_sending(lang))
                        data-waiting=(words::draft_waiting(lang)) data-offline=(words::draft_offline(lang)) {
                        (note(Tone::New, "info", html! { p role="status" {} }))
                    }
                }
                (self.body)
            }
        }
    }
}

/// All mistakes at the top, each a link to its field. Draws nothing when there is none.
#[must_use]
pub fn error_summary(lang: Lang, checked: &Checked) -> Markup {
    let count = i64::try_from(checked.mistakes()).unwrap_or(i64::MAX);
    html! {
        @if count > 0 {
            div.summary #mistakes role="alert" tabindex="-1" aria-labelledby="mistakes-title" {
                h2 #mistakes-title data-one=(words::mistakes(lang, 1)) { (words::mistakes(lang, count)) }
                ul { @for (id, error) in checked.errors() { li { a href={ "#" (id) } { (error) } } } }
            }
        }
    }
}

/// One question of a long form; the questions hang on a river down the margin.
#[must_use]
pub fn question(number: u8, legend: &str, optional: Option<Lang>, wrong: bool, body: Markup) -> Markup {
    html! {
        fieldset.step.has-bad[wrong] {
            legend { span.no aria-hidden="true" { (number) } span { (legend) @if let Some(lang) = optional { " " span.opt { (words::optional(lang)) } } } }
            (body)
        }
    }
}

/// A search field that asks with GET.
#[must_use]
pub fn search(action: &str, name: &str, value: &str, label: &str) -> Markup {
    html! {
        form.find role="search" method="get" action=(action) {
            label.vh for="search" { (label) }
            (icon("search"))
            input.in id="search" name=(name) value=(value) placeholder=(label) type="search";
        }
    }
}

/// One filter over a list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The name in the query.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What may be chosen; an empty value is "all".
    pub options: Options,
    /// What is chosen.
    pub chosen: String,
}

/// Filters over a list, asked with GET; `kept` is what the query says besides.
#[must_use]
pub fn filters(lang: Lang, action: &str, kept: &[(&str, &str)], all: &[Filter], count: &str) -> Markup {
    html! {
        form.filters method="get" action=(action) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            @for Filter { name, label, options, chosen } in all {
                div.filter {
                    label for={ "filter-" (name) } { (label) }
                    span.select {
                        select.in id={ "filter-" (name) } name=(name) { @for (value, label) in options { option value=(value) selected[value == chosen] { (label) } } }
                        (icon("chevron-down"))
                    }
                }
            }
            button.btn.quiet.slim type="submit" { (words::filter(lang)) }
            span.count { (count) }
        }
    }
}
