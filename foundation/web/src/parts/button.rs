//! Buttons and links that look like one. One plain button a page: the next thing to do.

use crate::parts::icon;
use maud::{Markup, Render, html};

/// A button that sends its form, or a link.
#[derive(Clone, Debug)]
pub struct Button {
    label: String,
    to: Option<String>,
    icon: Option<&'static str>,
    quiet: bool,
    slim: bool,
    danger: bool,
    named: Option<(&'static str, String)>,
}

impl Button {
    /// Sends the form that it stands in.
    pub fn submit(label: impl Into<String>) -> Self {
        Self { label: label.into(), to: None, icon: None, quiet: false, slim: false, danger: false, named: None }
    }

    /// Leads to a path.
    pub fn link(label: impl Into<String>, path: impl Into<String>) -> Self {
        Self { to: Some(path.into()), ..Self::submit(label) }
    }

    /// With an icon before the words.
    #[must_use]
    pub const fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(name);
        self
    }

    /// Second in line.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Lower, for rows and tools.
    #[must_use]
    pub const fn slim(mut self) -> Self {
        self.slim = true;
        self
    }

    /// Cannot be taken back easily.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Says which of several buttons was pressed.
    #[must_use]
    pub fn named(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.named = Some((name, value.into()));
        self
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let flags = [(self.quiet, " quiet"), (self.slim, " slim"), (self.danger, " danger")];
        let class: String =
            std::iter::once("btn").chain(flags.into_iter().filter_map(|(on, class)| on.then_some(class))).collect();
        let inner = html! { @if let Some(name) = self.icon { (icon(name)) } span { (self.label) } };
        match &self.to {
            Some(path) => html! { a class=(class) href=(path) { (inner) } },
            None => {
                let (name, value) = self.named.as_ref().map(|(n, v)| (*n, v.as_str())).unzip();
                html! { button class=(class) type="submit" name=[name] value=[value] { (inner) } }
            }
        }
    }
}
