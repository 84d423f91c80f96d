//! Facts, tables, tabs, pages of a list, photos, numbers.

use crate::{Paging, Visit, parts::icon, words};
use maud::{Markup, Render, html};

/// Names and values.
#[must_use]
pub fn facts(all: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in all { div { dt { (name) } dd { (value) } } } } }
}

/// A table that becomes cards on a phone: each cell knows the name of its column.
#[derive(Default)]
pub struct Table {
    caption: String,
    heads: Vec<String>,
    rows: Vec<(Vec<Markup>, bool)>,
    main: usize,
}

impl Table {
    /// A table with its caption (for screen readers) and the names of its columns.
    pub fn new<S: Into<String>>(caption: impl Into<String>, heads: impl IntoIterator<Item = S>) -> Self {
        Self { caption: caption.into(), heads: heads.into_iter().map(Into::into).collect(), rows: Vec::new(), main: 0 }
    }

    /// Which column names the row: it stands first and large on a card.
    #[must_use]
    pub const fn main(mut self, column: usize) -> Self {
        self.main = column;
        self
    }

    /// One row.
    #[must_use]
    pub fn row(mut self, cells: Vec<Markup>) -> Self {
        self.rows.push((cells, false));
        self
    }

    /// The row that is shown beside the table.
    #[must_use]
    pub fn chosen_row(mut self, cells: Vec<Markup>) -> Self {
        self.rows.push((cells, true));
        self
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        html! {
            table.list {
                caption.vh { (self.caption) }
                thead { tr { @for head in &self.heads { @if head.is_empty() { td {} } @else { th scope="col" { (head) } } } } }
                tbody {
                    @for (cells, chosen) in &self.rows {
                        tr.chosen[*chosen] aria-current=[chosen.then_some("true")] {
                            @for (n, cell) in cells.iter().enumerate() {
                                td.main[n == self.main] data-label=[self.heads.get(n)] { div { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Older rows of a list: `last` is the id of the last row shown when there are more.
#[must_use]
pub fn pager(visit: &Visit, last: Option<i64>) -> Markup {
    paged(visit, last, words::newest(visit.lang), words::older(visit.lang))
}

/// The same for a list that is not ordered by time.
#[must_use]
pub fn pager_onward(visit: &Visit, last: Option<i64>) -> Markup {
    paged(visit, last, words::first_page(visit.lang), words::next_page(visit.lang))
}

fn paged(visit: &Visit, last: Option<i64>, first: &str, next: &str) -> Markup {
    let lang = visit.lang;
    let kept: String = visit.query.pairs().filter(|(name, _)| *name != "before").fold(String::new(), |mut out, (name, value)| {
        out.push_str(&format!("{}={}&", crate::layout::encode(name), crate::layout::encode(value)));
        out
    });
    let newest = format!("{}?{}", visit.path, kept.trim_end_matches('&'));
    html! {
        @if last.is_some() || visit.query.has("before") {
            nav.pager aria-label=(words::pager(lang)) {
                @if visit.query.has("before") { a.btn.quiet.slim href=(newest.trim_end_matches('?')) { (icon("chevrons-left")) span { (first) } } }
                @if let Some(id) = last { a.btn.quiet.slim href={ (visit.path) "?" (kept) "before=" (Paging::word(visit.city(), id)) } rel="next" { span { (next) } (icon("chevron-right")) } }
            }
        }
    }
}

/// One tab: a link.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Where it leads.
    pub path: String,
    /// How many are there.
    pub count: Option<TabCount>,
    /// Whether it is this page.
    pub current: bool,
}

/// The number on a tab.
#[derive(Clone, Debug)]
pub struct TabCount {
    /// As it is shown: "5", "99+".
    pub shown: String,
    /// As it is read out, with what it counts: "5 việc", "hơn 99 việc".
    pub said: String,
    /// Whether the number is a worry.
    pub hot: bool,
}

/// Views of one list.
#[must_use]
pub fn tabs(label: &str, all: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in all {
                a href=(tab.path) aria-current=[tab.current.then_some("page")] {
                    (tab.label)
                    @if let Some(count) = &tab.count { " " b.hot[count.hot] aria-hidden="true" { (count.shown) } span.vh { (count.said) } }
                }
            }
        }
    }
}

/// Photos: `(full, thumbnail, what is seen)`.
#[must_use]
pub fn photos(all: &[(String, String, String)]) -> Markup {
    html! {
        @if !all.is_empty() {
            ul.photos { @for (full, thumb, alt) in all { li { a href=(full) { img src=(thumb) alt=(alt) loading="lazy" width="240" height="180"; } } } }
        }
    }
}

/// Large numbers with what they count: `(number, what, a word below)`.
#[must_use]
pub fn numbers(all: &[(String, String, Option<String>)]) -> Markup {
    html! {
        dl.numbers { @for (number, what, below) in all { div { dt { (what) } dd { b { (number) } @if let Some(below) = below { span { (below) } } } } } }
    }
}
