//! A glance at one report beside the queue: where it is, what was said, who has it, and what can be done next, without leaving the list.
//!
//! It shows no more than `work.rs` does, and never the contact. The queue decides whether it stands there; what is not hers is not there.

use crate::names;
use crate::pages::follow::{photos, prose};
use crate::pages::queue;
use crate::pages::standing::{due, state_chip};
use crate::pages::work::{self, Full};
use crate::report::{cut, headline};
use crate::{may, words};
use access::Official;
use kernel::{Lang, format};
use maud::{Markup, html};
use places::{Map, Pin, Shape};
use std::collections::BTreeMap;
use web::parts::{self, Button, PostForm};
use web::{City, Visit};

/// So many letters of the words are shown; the page has the rest.
const LETTERS: usize = 360;
/// So many photos.
const PHOTOS: usize = 3;
/// So many of the last lines of its journal.
const LINES: usize = 3;

/// What is seen of a report. `close` leads back to the list alone; `holders` are the names of those who hold steps.
pub fn draw(by: &Official, city: &City, visit: &Visit, full: &Full, holders: &BTreeMap<i64, String>, close: &str) -> Markup {
    let (lang, now) = (visit.lang, city.now());
    let case = &full.report.case;
    let path = work::path(&case.code);
    let history = work::journal(city, full, lang);
    let last = history.get(history.len().saturating_sub(LINES)..).unwrap_or_default();
    let (title, rest) = headline(&case.title, &cut(&full.told.text, LETTERS));
    let step = full.report.open_step();
    // As in the row: the term of the step, which is the case's when it has none of its own.
    let due_at = step.and_then(|step| step.due_at);
    html! {
        aside.case.glance aria-labelledby="glance-title" data-code=(case.code) {
            @if let Some(point) = case.point {
                @let view = city.places.closeup(point, 340, 120);
                @let pins = [Pin { point, shape: Shape::Chosen, title: String::new(), href: None }];
                @let svg = Map { view, day: city.today(), lang, label: words::follow_place(lang), pins: &pins, link: None }.inline(&city.places);
                (parts::map_figure(&svg, html! {}))
            }
            div.glance-line {
                span.num.muted { (case.code) }
                a.glance-close href=(close) { (parts::icon("x")) span { (words::glance_close(lang)) } }
            }
            h2 #glance-title { (title) }
            p.chips {
                (state_chip(case.public, false, lang))
                @if due_at.is_some() { " " @let due = due(case.received_at, due_at, now, lang); (parts::chip(due.tone, &due.text)) }
            }
            @if let Some(rest) = rest { (prose(&rest)) }
            (photos(full.photos.get(..PHOTOS).unwrap_or(&full.photos), |hash| format!("{path}/photo/{hash}"), lang))
            div.glance-acts {
                (Button::link(words::glance_open(lang), path.as_str()).slim())
                @if by.may(may::ANSWER) && full.hers && step.is_some_and(|step| step.taken_at.is_none()) {
                    (PostForm::new(visit, format!("{path}/take")).version(i64::from(case.version)).body(html! {
                        (Button::submit(words::glance_take(lang)).icon("hand").quiet().slim())
                    }))
                }
            }
            (parts::facts(&facts(by, city, full, holders, lang)))
            h3 { (words::glance_history(lang)) }
            (parts::timeline(last))
        }
    }
}

fn facts(by: &Official, city: &City, full: &Full, holders: &BTreeMap<i64, String>, lang: Lang) -> Vec<(&'static str, Markup)> {
    let case = &full.report.case;
    let contact = if full.reporter.is_some() { words::work_reporter_hidden(lang) } else { words::work_reporter_none(lang) };
    let area = names::area_name(&city.pack, &case.area, lang);
    let step = full.report.open_step();
    let mut rows = vec![(words::glance_reporter(lang), html! { (contact) })];
    if full.told.address.is_some() || area.is_some() {
        let both = [full.told.address.as_deref(), area.as_deref()];
        rows.push((words::follow_place(lang), html! { (both.into_iter().flatten().collect::<Vec<_>>().join(", ")) }));
    }
    rows.push((words::follow_category(lang), html! { (names::category_name(&city.pack, &case.category, lang)) }));
    if let Some(due) = step.and_then(|step| step.due_at) {
        rows.push((words::queue_due(lang), html! { time { (format::due(due, &city.pack.zone)) } }));
    }
    let unit = step.map_or(&case.unit, |step| &step.unit);
    rows.push((words::glance_unit(lang), html! { (names::unit_name(&city.pack, unit, lang)) }));
    if let Some(step) = step {
        rows.push((words::queue_holder(lang), queue::holder(by, step.person, holders, lang)));
    }
    rows
}
