//! Anyone looks by code: where a report stands, who has it, until when and why. Its words come with publication only.

use crate::names;
use crate::pages::standing::{state_chip, state_name};
use crate::paths;
use crate::public::{self, About, Answer, PublicReport};
use crate::report::headline;
use crate::words;
use cases::PublicState;
use db::Lane;
use kernel::{Lang, Point, format};
use maud::{Markup, html};
use places::{Inside, Map, Pin, Shape};
use web::parts::{self, Moment, Tone};
use web::{City, Page, PageResult, Path, Trouble, Typed, Visit, see};

/// `GET /r`: a code is asked for; `GET /r?code=…` leads to its page.
pub async fn find(city: City, visit: Visit) -> PageResult {
    let lang = visit.lang;
    let raw = visit.query.raw("code");
    let mut code: Typed<String> = Typed::filled("code", raw);
    if !raw.is_empty() {
        let typed = crate::code_of(&city.pack, raw);
        let known = match typed.clone() {
            Some(code) => city.read(Lane::Duty, move |rd| public::find(rd, &code)).await?.is_some(),
            None => false,
        };
        match typed {
            Some(code) if known => return Ok(see(paths::public(&code))),
            _ => code.refuse(words::follow_code_wrong(lang)),
        }
    }
    let example = format!("{}-{:02}-000123", city.pack.report_prefix, city.today().year() % 100);
    let body = html! {
        form.narrow-form method="get" action="/r" {
            (parts::Text::new(lang, &code, words::follow_code(lang)).hint(words::follow_code_hint(lang, example)).narrow())
            p.actions { (parts::Button::submit(words::follow_open(lang)).icon("search")) }
        }
    };
    Ok(Page::new(words::follow_find(lang))
        .lead(words::follow_find_lead(lang, &city.pack.hotline))
        .style(web::assets::FORM_CSS)
        .body(body))
}

/// `GET /r/{code}`
pub async fn page(city: City, visit: Visit, Path(code): Path<String>) -> PageResult {
    let wanted = crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?;
    let report = city.read(Lane::Duty, move |rd| public::find(rd, &wanted)).await?.ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let title = match &report.published {
        Some(published) => headline(&published.title, published.text.as_deref().unwrap_or_default()).0,
        None => words::follow_title(lang, &report.code),
    };
    let body = html! {
        div.head-line {
            // Unpublished, the code is the title already.
            @if report.published.is_some() { (parts::plate(&report.code)) }
            (state_chip(report.state, report.overdue, lang))
        }
        p.big-word { (next(&report, &city, lang)) }
        (words_of(&city, &report, lang))
        (timeline(&city, &report, lang))
    };
    let page = Page::new(title).crumb(words::list_title(lang), "/reports").style(web::assets::DATA_CSS).body(body);
    Ok(page.aside(standing(&city, &report, lang)))
}

/// What happens next, in a sentence.
fn next(report: &PublicReport, city: &City, lang: Lang) -> String {
    match report.state {
        _ if report.overdue => words::follow_next_overdue(lang, &city.pack.hotline),
        PublicState::Received => words::follow_next_received(lang).to_owned(),
        PublicState::InProgress => words::follow_next_in_progress(lang).to_owned(),
        PublicState::Answered => words::follow_next_answered(lang, &city.pack.hotline),
        PublicState::Archived => words::follow_next_archived(lang).to_owned(),
    }
}

/// Where it stands, beside the words.
pub fn standing(city: &City, report: &PublicReport, lang: Lang) -> Markup {
    let zone = &city.pack.zone;
    let mut rows: Vec<(&str, Markup)> = vec![(words::follow_state(lang), html! { (state_name(report.state, lang)) })];
    if let Some(about) = &report.about {
        if report.state != PublicState::Answered {
            rows.push((words::follow_holder(lang), html! { (names::unit_name(&city.pack, &about.holder, lang)) }));
        }
        rows.push((words::follow_category(lang), html! { (names::category_name(&city.pack, &about.category, lang)) }));
        if let Some(area) = names::area_name(&city.pack, &about.area, lang) {
            rows.push((words::follow_area(lang), html! { (area) }));
        }
    }
    rows.push((words::follow_received(lang), html! { time { (format::moment(report.received_at, zone)) } }));
    if let Some(due) = report.due_at {
        rows.push((words::follow_due(lang), html! { time { (format::due(due, zone)) } }));
    }
    let address = report.published.as_ref().and_then(|published| published.address.as_ref());
    // The map is of this city: of an imported report from elsewhere it would show an empty square.
    let on_the_map = |point: &Point| !matches!(city.places.inside(*point), Inside::Outside(_));
    let point = report.published.as_ref().and_then(|published| published.point).filter(on_the_map);
    if let (None, Some(address)) = (point, address) {
        rows.push((words::follow_place(lang), html! { (address) }));
    }
    html! {
        (parts::facts(&rows))
        @if let Some(why) = &report.due_why { details.why { summary { (words::follow_due_why(lang)) } p { (why.text(lang, &city.pack.zone)) } } }
        @if let Some(point) = point {
            @let view = city.places.closeup(point, 320, 220);
            @let pins = [Pin { point, shape: Shape::Chosen, title: String::new(), href: None }];
            @let svg = Map { view, day: city.today(), lang, label: words::follow_place(lang), pins: &pins, link: None }.inline(&city.places);
            (parts::map_figure(&svg, html! { @if let Some(address) = address { (address) } @else { (words::follow_place(lang)) } }))
        }
    }
}

fn words_of(city: &City, report: &PublicReport, lang: Lang) -> Markup {
    let Some(published) = &report.published else {
        return parts::note(Tone::Plain, "eye-off", html! { p { (words::follow_not_public(lang)) } });
    };
    html! {
        @if let Some(text) = &published.text { section { h2 { (words::follow_text(lang)) } (prose(text)) } }
        (photos(&published.photos, |hash| paths::photo(&report.code, hash), lang))
        @if let Some(answer) = &published.answer { (answer_section(city, answer, lang)) }
    }
}

/// A text of several lines as paragraphs. A citizen's text stays text.
#[must_use]
pub fn prose(text: &str) -> Markup {
    html! { div.prose dir="auto" { @for line in text.lines().filter(|line| !line.trim().is_empty()) { p { (line) } } } }
}

/// Photos with their words.
pub fn photos(hashes: &[String], path: impl Fn(&str) -> String, lang: Lang) -> Markup {
    let all: Vec<_> =
        hashes.iter().enumerate().map(|(n, hash)| (path(hash), path(hash), words::report_photo_alt(lang, n + 1))).collect();
    parts::photos(&all)
}

/// The city's answer.
pub fn answer_section(city: &City, answer: &Answer, lang: Lang) -> Markup {
    let unit = names::unit_name(&city.pack, &answer.unit, lang);
    html! {
        section.answer aria-labelledby="answer-title" {
            h2 #answer-title { (words::follow_answer(lang)) }
            (prose(&answer.text))
            p.muted.small { (words::follow_answered_by(lang, format::moment(answer.at, &city.pack.zone), unit)) }
        }
    }
}

/// What has happened, in order.
pub fn timeline(city: &City, report: &PublicReport, lang: Lang) -> Markup {
    let moments = moments(city, report.about.as_ref(), report, lang);
    html! { section { h2 { (words::follow_timeline(lang)) } (parts::timeline(&moments)) } }
}

fn moments(city: &City, about: Option<&About>, report: &PublicReport, lang: Lang) -> Vec<Moment> {
    let zone = &city.pack.zone;
    let ran_out = |at| report.ran_out_at == Some(at);
    // A term that ends with a day ends at 24:00 of it, as it is said everywhere else.
    let said = |at| if ran_out(at) { format::due(at, zone) } else { format::moment(at, zone) };
    let moment = |when, title: String, tone| Moment { when: said(when), title, by: None, body: None, tone };
    let name = |unit: &str| names::unit_name(&city.pack, unit, lang);
    let Some(about) = about else { return vec![moment(report.received_at, words::state_received(lang).to_owned(), Tone::Plain)] };
    let mut all = Vec::new();
    for (n, hop) in about.way.iter().enumerate() {
        let title =
            if n == 0 { words::event_received(lang, name(&hop.unit)) } else { words::event_forwarded(lang, name(&hop.unit)) };
        all.push((hop.received_at, title));
        if let Some(taken) = hop.taken_at {
            all.push((taken, words::event_taken(lang, name(&hop.unit))));
        }
    }
    if let Some(answer) = report.published.as_ref().and_then(|published| published.answer.as_ref()) {
        all.push((answer.at, words::event_answered(lang).to_owned()));
    } else if report.state == PublicState::Archived
        && let Some(done) = about.way.last().and_then(|hop| hop.done_at)
    {
        all.push((done, words::event_archived(lang).to_owned()));
    }
    // A report of an older system began, and mostly ended, before it came here.
    if about.way.first().is_none_or(|hop| hop.received_at != report.received_at) {
        all.push((report.received_at, words::state_received(lang).to_owned()));
    }
    if let Some(closed) = report.closed_at.filter(|_| about.way.is_empty()) {
        all.push((closed, state_name(report.state, lang).to_owned()));
    }
    all.extend(report.ran_out_at.map(|at| (at, words::event_overdue(lang).to_owned())));
    all.sort_by_key(|(at, _)| *at);
    let last = all.len().saturating_sub(1);
    let tone = |n, at| {
        if ran_out(at) {
            Tone::Late
        } else if n < last {
            Tone::Plain
        } else if report.state == PublicState::Answered {
            Tone::Done
        } else {
            Tone::New
        }
    };
    all.into_iter().enumerate().map(|(n, (when, title))| moment(when, title, tone(n, when))).collect()
}
