//! The front page: the numbers to call, what can be done here, what was just published.

use crate::counts::{Counts, Numbers};
use crate::words;
use cases::{After, Case, Filter, Flags, PublicState};
use db::{Lane, Rd};
use kernel::{Lang, format};
use manifest::CaseKind;
use maud::PreEscaped;
use places::{Map, Pin, Shape, View};
use web::parts::{Button, Tone, chip, emergency, icon, next_steps, numbers, unbroken};
use web::{City, Markup, Page, PageResult, Visit, html};

/// How many are read: all stand on the map, the first few in the list.
const READ: u32 = 40;
/// How many stand in the list.
const LISTED: usize = 6;

/// The page.
pub async fn page(visit: Visit, city: City, kinds: Vec<CaseKind>, counts: Counts) -> PageResult {
    let lang = visit.lang;
    let page = Page::new(words::home_title(lang)).own_heading().style(web::assets::HOME_CSS).style(web::assets::DATA_CSS);
    let Some(kind) = kinds.first().copied() else { return Ok(page.body(html! { h1 { (words::home_title(lang)) } })) };
    let recent: Vec<Case> = city
        .read(Lane::Comfort, move |rd: &mut Rd<'_>| {
            let filter = Filter { kind: kind.key.to_owned(), category: None, area: None, public: None };
            cases::published(rd, &filter, After::NEWEST, READ)
        })
        .await?;
    let counted = counts.numbers(&city, kind.key).await?;
    let called: Vec<(String, kernel::Both)> =
        city.pack.emergency.iter().map(|number| (number.number.clone(), number.name.clone())).collect();
    Ok(page.body(html! {
        (emergency(lang, &called))
        div.hero {
            div {
                h1 { (words::home_title(lang)) }
                p.say { (words::home_lead(lang)) }
                div.hero-do {
                    @for start in kinds.iter().filter_map(|kind| kind.start) {
                        (Button::link((start.title)(lang), start.path).icon(start.icon))
                    }
                    @if let Some(list) = kind.list { (Button::link(words::home_list_button(lang), list).quiet().icon("list")) }
                }
            }
            figure.hero-map {
                (map(&city, &kind, &recent, lang))
                figcaption { (words::home_map_caption(lang)) }
            }
        }
        div.pair-up {
            @if let Some(find) = kind.find { (follow(&city, find, lang)) }
            (next_steps(words::home_how_title(lang), &[
                step(words::home_how_now(lang), words::home_how_now_text(lang)),
                step(words::home_how_forward(lang), words::home_how_forward_text(lang)),
                step(words::home_how_answer(lang), words::home_how_answer_text(lang)),
            ]))
        }
        section.recent {
            div.recent-head {
                h2 { (words::home_recent_title(lang)) }
                @if let Some(list) = kind.list { @if !recent.is_empty() { a href=(list) { (words::home_recent_all(lang)) } } }
            }
            @if recent.is_empty() { p.muted { (words::home_recent_none(lang)) } }
            ul.reports { @for case in recent.iter().take(LISTED) { (card(&city, &kind, case, lang)) } }
        }
        @if counted.received + counted.open > 0 { (honest(&city, counted, lang)) }
    }))
}

fn step(when: &str, what: &str) -> (String, String) {
    (when.to_owned(), what.to_owned())
}

fn follow(city: &City, find: &str, lang: Lang) -> Markup {
    let example = format!("{}-{:02}-000123", city.pack.report_prefix, city.today().year() % 100);
    html! {
        section {
            h2 { (words::home_follow_title(lang)) }
            form.code-form method="get" action=(find) {
                label for="code" { (words::home_follow_label(lang)) }
                p.hint #code-hint { (unbroken(&words::home_follow_hint(lang, example))) }
                div.code-row {
                    input.in #code name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint";
                    (Button::submit(words::home_follow_button(lang)).quiet().icon("search"))
                }
            }
        }
    }
}

/// The city with what was just published on it.
fn map(city: &City, kind: &CaseKind, recent: &[Case], lang: Lang) -> Markup {
    let pin = |case: &Case| {
        Some(Pin {
            point: case.point?,
            shape: shape(case),
            title: (kind.headline)(&case.title, &case.lead),
            href: Some((kind.page)(&case.code)),
        })
    };
    let pins: Vec<Pin> = recent.iter().filter_map(pin).collect();
    let label = words::home_map_label(lang, city.pack.name.get(lang));
    let view = View { center: city.pack.center, zoom: 11, width: 560, height: 380 };
    let drawn = Map { view, day: city.today(), lang, label: &label, pins: &pins, link: None }.inline(&city.places);
    html! { div.map { (PreEscaped(drawn)) } }
}

fn shape(case: &Case) -> Shape {
    match case.public {
        PublicState::Answered | PublicState::Archived => Shape::Done,
        _ if case.flags.has(Flags::OVERDUE) => Shape::Late,
        _ => Shape::Open,
    }
}

fn card(city: &City, kind: &CaseKind, case: &Case, lang: Lang) -> Markup {
    let (tone, state) = match case.public {
        PublicState::Received => (Tone::New, words::home_state_received(lang)),
        PublicState::InProgress => (Tone::Plain, words::home_state_in_progress(lang)),
        PublicState::Answered => (Tone::Done, words::home_state_answered(lang)),
        PublicState::Archived => (Tone::Plain, words::home_state_archived(lang)),
    };
    let area = city.pack.areas.get(&case.area).map(|area| capital(area.full_name.get(lang)));
    let late = !case.is_closed() && case.flags.has(Flags::OVERDUE);
    html! {
        li {
            div { (chip(tone, state)) @if late { (chip(Tone::Late, words::home_state_overdue(lang))) } }
            a href=((kind.page)(&case.code)) { ((kind.headline)(&case.title, &case.lead)) }
            p {
                (icon("map-pin"))
                span { @if let Some(area) = area { (area) } @if let Some(at) = case.published_at { " · " (format::day(at.day(&city.pack.zone))) } }
            }
        }
    }
}

/// "phường Bến Cảng" at the beginning of a line.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn honest(city: &City, counted: Numbers, lang: Lang) -> Markup {
    let number = |n: i64, what: &'static str| (format::number(n, lang), what.to_owned(), None);
    html! {
        section.recent {
            h2 { (words::home_counts_title(lang)) }
            (numbers(&[
                number(counted.received, words::home_count_received(lang)),
                number(counted.answered, words::home_count_answered(lang)),
                number(counted.open, words::home_count_open(lang)),
                number(counted.late, words::home_count_late(lang)),
            ]))
            p.muted { (words::home_counts_lead(lang, format::moment(counted.at, &city.pack.zone))) }
        }
    }
}
