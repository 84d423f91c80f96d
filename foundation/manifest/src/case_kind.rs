//! A kind of case, as others see it: words and paths. The engine knows the kind by its key only.

use kernel::Lang;

/// A kind of case.
#[derive(Clone, Copy)]
pub struct CaseKind {
    /// The key in `cases.kind`: `report`.
    pub key: &'static str,
    /// What one is called.
    pub name: fn(Lang) -> &'static str,
    /// Where a stranger begins one; `None` when strangers cannot.
    pub start: Option<Start>,
    /// Where the published ones are listed.
    pub list: Option<&'static str>,
    /// Where a code is asked for, with GET and the field `code`.
    pub find: Option<&'static str>,
    /// The public page of the one with this code.
    pub page: fn(code: &str) -> String,
    /// What stands on the card of one with this title and lead: a title may have been cut where a row had no more room.
    pub headline: fn(title: &str, lead: &str) -> String,
    /// The code that somebody typed, in the form that is stored; `None` when it cannot be one of this kind.
    pub code: fn(typed: &str) -> Option<String>,
}

/// Where a stranger begins a case.
#[derive(Clone, Copy)]
pub struct Start {
    /// The path of its form.
    pub path: &'static str,
    /// What the button says.
    pub title: fn(Lang) -> &'static str,
    /// One sentence about it.
    pub about: fn(Lang) -> &'static str,
    /// The name of its icon.
    pub icon: &'static str,
}
