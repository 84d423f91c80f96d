//! State: said in words, then in colour, then in shape, so that it survives a grey print and a colour-blind eye.

use crate::parts::icon;
use maud::{Markup, html};

/// The colour of a thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Goes its way.
    #[default]
    Plain,
    /// Just arrived; also: for your information.
    New,
    /// Due soon; also: mind this.
    Soon,
    /// Late; also: wrong.
    Late,
    /// Done.
    Done,
}

impl Tone {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain-tone",
            Self::New => "new",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Done => "done",
        }
    }
}

/// A state in a word.
#[must_use]
pub fn chip(tone: Tone, text: &str) -> Markup {
    html! { span class={ "chip " (tone.class()) } { (text) } }
}

/// How much of the time is used.
#[derive(Clone, Debug)]
pub struct Due {
    /// "Còn 4 giờ", "Quá 3 giờ".
    pub text: String,
    /// Plain, soon, late or done.
    pub tone: Tone,
    /// 0 to 100.
    pub used: u8,
}

/// What is left, in words and as a bar.
#[must_use]
pub fn due_bar(due: &Due) -> Markup {
    let width = due.used.min(100);
    html! {
        span class={ "due " (due.tone.class()) } {
            @match due.tone { Tone::Late => (icon("clock-alert")), _ => "" }
            span { (due.text) }
            svg.due-bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" { rect.t width="100" height="4" {} rect.u width=(width) height="4" {} }
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When, as it is shown.
    pub when: String,
    /// What, in a few words.
    pub title: String,
    /// Who, or nothing.
    pub by: Option<String>,
    /// More about it.
    pub body: Option<Markup>,
    /// Done things are plain; the last may be new.
    pub tone: Tone,
}

/// What happened, in order, on the river.
#[must_use]
pub fn timeline(moments: &[Moment]) -> Markup {
    html! {
        ol.log {
            @for moment in moments {
                li class=(moment.tone.class()) {
                    time { (moment.when) }
                    div {
                        p { b { (moment.title) } @if let Some(by) = &moment.by { span.muted { " · " (by) } } }
                        @if let Some(body) = &moment.body { div.log-body { (body) } }
                    }
                }
            }
        }
    }
}
