//! Fields: label, hint, mistake, then the control, so that it is read in this order. What was typed stays.

use crate::{Files, Typed, parts::icon, words};
use kernel::Lang;
use maud::{Markup, PreEscaped, Render, html};

/// What all fields share.
#[derive(Clone, Debug)]
struct Frame {
    lang: Lang,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    optional: bool,
}

impl Frame {
    fn of<T>(lang: Lang, field: &Typed<T>, label: impl Into<String>) -> Self {
        Self { lang, id: field.name.to_owned(), label: label.into(), hint: None, error: field.error.clone(), optional: false }
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let all: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn optional(&self) -> Markup {
        html! { @if self.optional { " " span.opt { (words::optional(self.lang)) } } }
    }

    fn above(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.hint id={ (self.id) "-hint" } { (crate::parts::unbroken(hint)) } }
            @if let Some(error) = &self.error { (wrong(&self.id, error)) }
        }
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field.bad[self.error.is_some()] {
                label for=(self.id) { (self.label) (self.optional()) }
                (self.above())
                (control)
            }
        }
    }
}

fn wrong(id: &str, error: &str) -> Markup {
    html! { p.wrong id={ (id) "-error" } { (icon("circle-alert")) span { (error) } } }
}

macro_rules! framed {
    ($name:ident) => {
        impl $name {
            /// A line under the label: an example, or what it is for.
            #[must_use]
            pub fn hint(mut self, text: impl Into<String>) -> Self {
                self.frame.hint = Some(text.into());
                self
            }

            /// May be left empty, and says so.
            #[must_use]
            pub const fn optional(mut self) -> Self {
                self.frame.optional = true;
                self
            }
        }
    };
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct Text {
    frame: Frame,
    raw: String,
    kind: &'static str,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    narrow: bool,
}

framed!(Text);

impl Text {
    /// A line of text for this field.
    pub fn new<T>(lang: Lang, field: &Typed<T>, label: impl Into<String>) -> Self {
        let frame = Frame::of(lang, field, label);
        Self { frame, raw: field.raw.clone(), kind: "text", autocomplete: None, inputmode: None, narrow: false }
    }

    /// `tel`, `email`, `password`: what the keyboard should be.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// Which keys, when the kind does not say it: `numeric`.
    #[must_use]
    pub const fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// As wide as a date or a number.
    #[must_use]
    pub const fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }
}

impl Render for Text {
    fn render(&self) -> Markup {
        // A password is never sent back to the page.
        let raw = if self.kind == "password" { "" } else { self.raw.as_str() };
        let bad = self.frame.error.is_some().then_some("true");
        self.frame.around(&html! {
            input.in.narrow[self.narrow] id=(self.frame.id) name=(self.frame.id) type=(self.kind) value=(raw) autocomplete=[self.autocomplete]
                inputmode=[self.inputmode] aria-invalid=[bad] aria-describedby=[self.frame.described()];
        })
    }
}

/// Several lines of text.
#[derive(Clone, Debug)]
pub struct Area {
    frame: Frame,
    raw: String,
    rows: u8,
    most: Option<usize>,
}

framed!(Area);

impl Area {
    /// Several lines for this field.
    pub fn new<T>(lang: Lang, field: &Typed<T>, label: impl Into<String>) -> Self {
        Self { frame: Frame::of(lang, field, label), raw: field.raw.clone(), rows: 4, most: None }
    }

    /// How many lines at first.
    #[must_use]
    pub const fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// Counts the characters, when there is script.
    #[must_use]
    pub const fn most(mut self, characters: usize) -> Self {
        self.most = Some(characters);
        self
    }
}

impl Render for Area {
    fn render(&self) -> Markup {
        let bad = self.frame.error.is_some().then_some("true");
        self.frame.around(&html! {
            textarea.in id=(self.frame.id) name=(self.frame.id) rows=(self.rows) aria-invalid=[bad] aria-describedby=[self.frame.described()] data-most=[self.most] {
                // HTML drops one line end after the tag: what was typed begins with its own.
                @if self.raw.starts_with('\n') { (PreEscaped("\n")) }
                (self.raw)
            }
        })
    }
}

/// Value and label of each option of a list.
pub type Options = Vec<(String, String)>;

/// One of a list.
#[derive(Clone, Debug)]
pub struct Select {
    frame: Frame,
    raw: String,
    groups: Vec<(Option<String>, Options)>,
}

framed!(Select);

impl Select {
    /// A list of `(value, label)` for this field. An empty value first makes it a question.
    pub fn new<T>(lang: Lang, field: &Typed<T>, label: impl Into<String>, options: Vec<(String, String)>) -> Self {
        Self { frame: Frame::of(lang, field, label), raw: field.raw.clone(), groups: vec![(None, options)] }
    }

    /// More options under a heading.
    #[must_use]
    pub fn group(mut self, heading: impl Into<String>, options: Vec<(String, String)>) -> Self {
        self.groups.push((Some(heading.into()), options));
        self
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        let bad = self.frame.error.is_some().then_some("true");
        let options = |all: &[(String, String)]| html! { @for (value, label) in all { option value=(value) selected[*value == self.raw] { (label) } } };
        self.frame.around(&html! {
            span.select {
                select.in id=(self.frame.id) name=(self.frame.id) aria-invalid=[bad] aria-describedby=[self.frame.described()] {
                    @for (heading, all) in &self.groups {
                        @match heading {
                            Some(heading) => optgroup label=(heading) { (options(all)) },
                            None => (options(all)),
                        }
                    }
                }
                (icon("chevron-down"))
            }
        })
    }
}

/// One choice with a picture.
#[derive(Clone, Debug)]
pub struct Tile {
    /// What is sent.
    pub value: String,
    /// Its name.
    pub label: String,
    /// Its icon: a name of Lucide's, from the pack.
    pub icon: String,
    /// A line below the name.
    pub hint: Option<String>,
    /// Stands out: danger to life.
    pub urgent: bool,
}

/// One of a few, with pictures.
#[derive(Clone, Debug)]
pub struct Tiles {
    frame: Frame,
    raw: String,
    tiles: Vec<Tile>,
    legend: bool,
}

framed!(Tiles);

impl Tiles {
    /// Tiles for this field.
    pub fn new<T>(lang: Lang, field: &Typed<T>, label: impl Into<String>, tiles: Vec<Tile>) -> Self {
        Self { frame: Frame::of(lang, field, label), raw: field.raw.clone(), tiles, legend: true }
    }

    /// The question above says it already: its label is for screen readers only.
    #[must_use]
    pub const fn under_question(mut self) -> Self {
        self.legend = false;
        self
    }
}

impl Render for Tiles {
    fn render(&self) -> Markup {
        let id = &self.frame.id;
        html! {
            fieldset.field.bad[self.frame.error.is_some()] aria-describedby=[self.frame.described()] {
                legend.vh[!self.legend] { (self.frame.label) (self.frame.optional()) }
                (self.frame.above())
                div.tiles {
                    @for (n, tile) in self.tiles.iter().enumerate() {
                        // The summary of mistakes links to the first.
                        label.tile.urgent[tile.urgent] {
                            input type="radio" id=[(n == 0).then_some(id)] name=(id) value=(tile.value) checked[tile.value == self.raw];
                            span.tile-in { (icon(&tile.icon)) span.tile-name { (tile.label) @if let Some(hint) = &tile.hint { small { (hint) } } } span.tile-tick {} }
                        }
                    }
                }
            }
        }
    }
}

/// One of a few, in lines.
#[derive(Clone, Debug)]
pub struct Radios {
    frame: Frame,
    raw: String,
    options: Vec<(String, String, Option<String>)>,
}

framed!(Radios);

impl Radios {
    /// Lines of `(value, label, hint)` for this field.
    pub fn new<T>(
        lang: Lang,
        field: &Typed<T>,
        label: impl Into<String>,
        options: Vec<(String, String, Option<String>)>,
    ) -> Self {
        Self { frame: Frame::of(lang, field, label), raw: field.raw.clone(), options }
    }
}

impl Render for Radios {
    fn render(&self) -> Markup {
        let id = &self.frame.id;
        html! {
            fieldset.field.bad[self.frame.error.is_some()] aria-describedby=[self.frame.described()] {
                legend { (self.frame.label) (self.frame.optional()) }
                (self.frame.above())
                @for (n, (value, label, hint)) in self.options.iter().enumerate() {
                    label.check {
                        input type="radio" id=[(n == 0).then_some(id)] name=(id) value=(value) checked[*value == self.raw];
                        span { (label) @if let Some(hint) = hint { small { (hint) } } }
                    }
                }
            }
        }
    }
}

/// A box to tick.
#[derive(Clone, Debug)]
pub struct Tick {
    name: &'static str,
    label: String,
    hint: Option<String>,
    on: bool,
}

impl Tick {
    /// A box of this name.
    pub fn new(name: &'static str, label: impl Into<String>, on: bool) -> Self {
        Self { name, label: label.into(), hint: None, on }
    }

    /// A line below.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }
}

impl Render for Tick {
    fn render(&self) -> Markup {
        html! {
            label.check {
                input type="checkbox" id=(self.name) name=(self.name) value="yes" checked[self.on];
                span { (self.label) @if let Some(hint) = &self.hint { small { (hint) } } }
            }
        }
    }
}

/// Chooses photos. With script they are made smaller before they leave the telephone.
#[derive(Clone, Debug)]
pub struct Picker {
    frame: Frame,
    files: Files,
    most: usize,
    thumb: fn(&files::Hash) -> Option<String>,
}

framed!(Picker);

impl Picker {
    /// Photos for this field, at most so many. `thumb` says where the thumbnail of a photo that came already can be seen.
    pub fn new(
        lang: Lang,
        files: &Files,
        label: impl Into<String>,
        most: usize,
        thumb: fn(&files::Hash) -> Option<String>,
    ) -> Self {
        let frame = Frame {
            lang,
            id: files.name.to_owned(),
            label: label.into(),
            hint: None,
            error: files.error.clone(),
            optional: false,
        };
        Self { frame, files: files.clone(), most, thumb }
    }
}

impl Render for Picker {
    fn render(&self) -> Markup {
        let (lang, id) = (self.frame.lang, &self.frame.id);
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        html! {
            div.field.bad[self.frame.error.is_some()] {
                @if let Some(error) = &self.frame.error { (wrong(id, error)) }
                div.drop data-photos=(self.most) data-say=(words::photo_ready(lang)) data-drop=(words::photo_drop(lang)) data-most=(words::too_many_pictures(lang, number(self.most))) {
                    span.vh role="status" {}
                    div.shots {
                        @for (n, ((full, thumb), word)) in self.files.kept.iter().zip(self.files.words()).enumerate() {
                            div.shot {
                                input type="hidden" name={ "kept-" (id) } value=(word);
                                @match (self.thumb)(thumb) {
                                    Some(path) => { img src=(path) alt=(words::photo(lang, number(n + 1))) loading="lazy"; }
                                    None => span.shot-no { (icon("image")) },
                                }
                                label.shot-drop { input type="checkbox" name={ "drop-" (id) } value=(full); span { (words::photo_leave_out(lang, number(n + 1))) } }
                            }
                        }
                    }
                    div.add {
                        input.pick-file type="file" id=(id) name=(id) accept="image/jpeg,image/png,image/webp" multiple aria-describedby=[self.frame.described()];
                        label.btn.quiet.slim for=(id) { (icon("image-plus")) span { (self.frame.label) } }
                        @if let Some(hint) = &self.frame.hint { p.hint.small id={ (id) "-hint" } { (hint) } }
                    }
                }
            }
        }
    }
}
