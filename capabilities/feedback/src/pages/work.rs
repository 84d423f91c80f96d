//! One report as its officials see it: the words, the photos, the terms, the chain, and what can be done next.

use crate::contact::Contact;
use crate::journal;
use crate::names;
use crate::pages::follow::{answer_section, photos, prose};
use crate::pages::standing::{MINUTE, due, span, state_chip};
use crate::pages::{answer, archive, forward, queue};
use crate::public::Answer;
use crate::refusal::Refusal;
use crate::report::{How, Report, Told, headline};
use crate::store::{self, Details};
use crate::{may, words};
use access::{Official, Purpose, Scope};
use cases::{Clock, ClockEffect, Effect, Hop, Line, PartyRole, Verb};
use db::{Lane, Rd};
use kernel::{Instant, Lang, Personal, format};
use maud::{Markup, html};
use places::{Map, Pin, Shape};
use web::parts::{self, Button, Moment, PostForm, Tone, due_bar};
use web::{Checked, City, Form, Page, PageResult, Path, Trouble, Typed, Visit, see};

/// Why a reporter's contact is shown.
pub const CONTACT_LOOK: Purpose = Purpose("report.contact");

/// The fields of the form that opens the contact.
pub const CONTACT_FIELDS: &[&str] = &["purpose"];

/// All that the page shows.
pub struct Full {
    /// The report.
    pub report: Report,
    /// What this room keeps beside.
    pub details: Details,
    /// What was told.
    pub told: Told,
    /// Its clocks.
    pub clocks: Vec<Clock>,
    /// Its photos.
    pub photos: Vec<String>,
    /// Its journal.
    pub history: Vec<Line>,
    /// The party that reported, when there is a contact.
    pub reporter: Option<u32>,
    /// Whether it is hers to act on. Who handed it on can still read it, no more.
    pub hers: bool,
}

/// Reads all of a report for an official.
///
/// # Errors
/// [`Refusal::NotFound`] when it is absent or not hers to see.
pub fn full(rd: &mut Rd<'_>, scope: &Scope, code: &str) -> Result<Full, Refusal> {
    let report = store::report(rd, scope, code)?;
    let id = report.case.id;
    let history = cases::history(rd, id)?;
    let photos =
        cases::papers(rd, id)?.into_iter().filter(|paper| paper.kind == "photo").filter_map(|paper| paper.file).collect();
    let reporter = cases::parties(rd, id)?
        .into_iter()
        .find(|party| party.role == PartyRole::Reporter && party.erased_at.is_none())
        .map(|party| party.no);
    let hers = match store::within_reach(rd, scope, &report) {
        Ok(()) => true,
        Err(Refusal::NotFound) => false,
        Err(why) => return Err(why),
    };
    Ok(Full {
        hers,
        details: store::details(rd, id)?,
        told: journal::told(&history),
        clocks: cases::clocks(rd, id)?,
        photos,
        reporter,
        history,
        report,
    })
}

/// The path of a report on the desk.
#[must_use]
pub fn path(code: &str) -> String {
    format!("{}/{code}", queue::PATH)
}

/// The page with whatever a form on it has to say.
#[derive(Default)]
pub struct Shown {
    /// The forward form.
    pub forward: Option<forward::Typing>,
    /// The answer as typed.
    pub answer: Option<Typed<String>>,
    /// The archive form's reason.
    pub archive: Option<Typed<String>>,
    /// The purpose of a look at the contact.
    pub purpose: Option<Typed<String>>,
    /// The contact, opened and logged.
    pub contact: Option<Contact>,
}

/// `GET /desk/reports/{code}`
pub async fn page(by: Official, city: City, visit: Visit, Path(code): Path<String>) -> PageResult {
    show(&by, &city, &visit, &code, Shown::default()).await
}

/// Draws the page; forms that could not be done draw it again with what was typed.
///
/// # Errors
/// As [`full`].
pub async fn show(by: &Official, city: &City, visit: &Visit, code: &str, shown: Shown) -> PageResult {
    let scope = by.scope(may::READ).ok_or(Trouble::NotFound)?;
    let code = crate::code_of(&city.pack, code).ok_or(Trouble::NotFound)?;
    let full = city.read(Lane::Duty, move |rd| full(rd, &scope, &code)).await?;
    Ok(draw(by, city, visit, &full, &shown))
}

/// `POST /desk/reports/{code}/contact`: the contact is opened, with its purpose in the log.
pub async fn contact(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::CONTACT).ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let purpose = form.text("purpose", 200, words::work_contact_purpose_missing);
    let Some(said) = purpose.value.clone() else {
        return show(&by, &city, &visit, &code, Shown { purpose: Some(purpose), ..Shown::default() }).await;
    };
    let (wanted, keys, looker) = (crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?, city.keys.clone(), by.clone());
    let contact = city
        .write(Lane::Duty, move |tx| -> Result<Option<Contact>, Refusal> {
            let full = full(tx, &scope, &wanted)?;
            if !full.hers {
                return Err(Refusal::NotFound);
            }
            let Some(party) = full.reporter else { return Ok(None) };
            access::log_look_saying(tx, &looker, &full.report.case.code, CONTACT_LOOK, &said)?;
            Ok(cases::unseal_set::<Contact>(tx, &keys, full.report.case.id, party)?)
        })
        .await?;
    if contact.is_none() {
        return Ok(see(path(&code)).saying(words::work_reporter_none(lang)));
    }
    show(&by, &city, &visit, &code, Shown { contact, ..Shown::default() }).await
}

fn draw(by: &Official, city: &City, visit: &Visit, full: &Full, shown: &Shown) -> Page {
    let (lang, now) = (visit.lang, city.now());
    let case = &full.report.case;
    let mut fields: Vec<&dyn web::Field> = Vec::new();
    if let Some(typing) = &shown.forward {
        fields.extend(typing.fields());
    }
    for field in [&shown.answer, &shown.archive, &shown.purpose].into_iter().flatten() {
        fields.push(field);
    }
    let checked = Checked::new(&fields);
    let desk_photo = |hash: &str| format!("{}/photo/{hash}", path(&case.code));
    let body = html! {
        (parts::error_summary(lang, &checked))
        div.head-line {
            (parts::plate(&case.code)) (state_chip(case.public, case.is_overdue(now), lang))
            @if !case.is_closed() { (due_bar(&due(case.received_at, case.due_at, now, lang))) }
        }
        section { h2 { (words::follow_text(lang)) } (prose(&full.told.text)) }
        (photos(&full.photos, desk_photo, lang))
        @for (at, text) in journal::words_added(&full.history) {
            (parts::note(Tone::New, "message-square", html! { p { b { (words::event_word(lang)) } " · " time { (format::moment(at, &city.pack.zone)) } } (prose(&text)) }))
        }
        @if let Some(answer) = Answer::of(&full.details) { (answer_section(city, &answer, lang)) }
        @if let Some(why) = &full.details.archived_why { (parts::note(Tone::Soon, "archive", html! { p { b { (words::follow_archived_why(lang)) } } (prose(why)) })) }
        @if case.is_closed() { p.muted { (words::work_nothing(lang)) } } @else if full.hers { (acts(by, city, visit, full, shown)) }
        section { h2 { (words::work_history(lang)) } (parts::timeline(&journal(city, full, lang))) }
    };
    Page::new(headline(&case.title, &full.told.text).0)
        .desk()
        .crumb(words::queue_title(lang), queue::PATH)
        .style(web::assets::DATA_CSS)
        .style(web::assets::FORM_CSS)
        .wrong(checked.mistakes())
        .body(body)
        .aside(beside(by, city, visit, full, shown))
}

/// What can be done next, for those who may.
fn acts(by: &Official, city: &City, visit: &Visit, full: &Full, shown: &Shown) -> Markup {
    let lang = visit.lang;
    let report = &full.report;
    let untaken = report.open_step().is_some_and(|step| step.taken_at.is_none());
    html! {
        @if by.may(may::ANSWER) {
            @if untaken {
                (PostForm::new(visit, format!("{}/take", path(&report.case.code))).version(i64::from(report.case.version)).body(html! {
                    p.actions { (Button::submit(words::take_do(lang)).icon("hand")) }
                }))
            }
            (answer::form(by, visit, full, shown.answer.as_ref()))
        }
        @if by.may(may::FORWARD) { (forward::form(city, visit, full, shown.forward.as_ref())) }
        @if by.may(may::TRIAGE) { (archive::form(visit, full, shown.archive.as_ref())) }
    }
}

fn beside(by: &Official, city: &City, visit: &Visit, full: &Full, shown: &Shown) -> Markup {
    let lang = visit.lang;
    let (case, zone) = (&full.report.case, &city.pack.zone);
    let name = |unit: &str| names::unit_name(&city.pack, unit, lang);
    let mut rows: Vec<(&str, Markup)> = vec![
        (words::follow_holder(lang), html! { (name(&case.unit)) }),
        (words::follow_category(lang), html! { (names::category_name(&city.pack, &case.category, lang)) }),
    ];
    if let Some(address) = &full.told.address {
        rows.push((words::follow_place(lang), html! { (address) }));
    }
    if let Some(area) = names::area_name(&city.pack, &case.area, lang) {
        rows.push((words::follow_area(lang), html! { (area) }));
    }
    rows.push((words::work_how(lang), html! { (how(full.details.how(), lang)) }));
    rows.push((
        words::follow_received(lang),
        html! { time { (format::moment(case.received_at, zone)) } " · " (channel(&case.channel, lang)) },
    ));
    html! {
        @if let Some(point) = case.point {
            @let view = city.places.closeup(point, 340, 220);
            @let pins = [Pin { point, shape: Shape::Chosen, title: String::new(), href: None }];
            @let svg = Map { view, day: city.today(), lang, label: words::follow_place(lang), pins: &pins, link: None }.inline(&city.places);
            (parts::map_figure(&svg, html! { (full.told.address.as_deref().unwrap_or(words::follow_place(lang))) }))
        }
        (parts::facts(&rows))
        section { h2 { (words::work_clocks(lang)) } @for clock in &full.clocks { (term(city, clock, lang)) } }
        section {
            h2 { (words::work_steps(lang)) }
            (chain(city, full, lang))
        }
        (reporter(by, visit, full, shown))
    }
}

/// Who had it, for how long, and whether within the time it had; along the lead line these add up to the whole.
fn chain(city: &City, full: &Full, lang: Lang) -> Markup {
    let (case, zone) = (&full.report.case, &city.pack.zone);
    let way = cases::hops(&full.report.steps, case.received_at, case.closed_at, city.now());
    html! {
        ol.way { @for step in &full.report.steps {
            @let hop = way.hops.iter().find(|hop| hop.step == step.no);
            @if let Some(hop) = hop.filter(|hop| hop.waited_ms >= MINUTE) {
                li.done { span.muted { (words::work_step_nobody(lang, span(hop.waited_ms, lang))) } }
            }
            li.done[!step.is_open()] {
                b { (names::unit_name(&city.pack, &step.unit, lang)) }
                span.muted.small { @match step.done_at {
                    Some(at) => (words::work_step_done(lang, format::moment(at, zone))),
                    None => (words::work_step_open(lang, format::moment(step.received_at, zone))),
                } }
                @if let Some(hop) = hop { span.small { (held(hop, step.is_open(), lang)) } }
                @if let Some(note) = &step.note { p.small { (note) } }
            }
        } }
        @if way.hops.len() > 1 { p.muted.small { (words::work_steps_total(lang, span(way.total_ms, lang))) } }
    }
}

/// A hop's own time, and whether it was on time.
fn held(hop: &Hop, open: bool, lang: Lang) -> Markup {
    let held = span(hop.held_ms(), lang);
    html! {
        (if open { words::work_step_holding(lang, held) } else { words::work_step_held(lang, held) })
        @match (hop.on_time, open) {
            (None, _) => {}
            (Some(true), true) => { " · " (words::work_step_within(lang)) }
            (Some(true), false) => { " · " (words::work_step_in_time(lang)) }
            (Some(false), true) => { " · " (parts::chip(Tone::Late, words::work_step_over(lang))) }
            (Some(false), false) => { " · " (parts::chip(Tone::Late, words::work_step_late(lang))) }
        }
    }
}

fn term(city: &City, clock: &Clock, lang: Lang) -> Markup {
    let zone = &city.pack.zone;
    let name = match clock.code.as_str() {
        cases::clocks::LEGAL => words::work_clock_legal(lang),
        cases::clocks::FIRST_RESPONSE => words::work_clock_first_response(lang),
        _ => words::work_clock_step(lang),
    };
    html! {
        div.term {
            p {
                b { (name) } ": "
                @if let Some(due) = clock.due_at { time { (format::due(due, zone)) } }
                @if clock.breached_at.is_some() { " " (parts::chip(Tone::Late, words::work_clock_breached(lang))) }
                @else if let Some(at) = clock.stopped_at { " · " span.muted { (words::work_clock_met(lang, format::moment(at, zone))) } }
            }
            @if let Some(why) = clock.explained() { details.why { summary { (words::follow_due_why(lang)) } p.small { (why.text(lang, &city.pack.zone)) } } }
        }
    }
}

fn reporter(by: &Official, visit: &Visit, full: &Full, shown: &Shown) -> Markup {
    let lang = visit.lang;
    let code = &full.report.case.code;
    html! {
        // The contact is what was asked for: the page opens at it, far down as it stands on a phone.
        section #reporter tabindex=[shown.contact.as_ref().map(|_| "-1")] autofocus[shown.contact.is_some()] {
            h2 { (words::work_reporter(lang)) }
            @if let Some(contact) = &shown.contact {
                dl.facts { @for (field, value) in contact.fields() { div { dt { (contact_field(field, lang)) } dd { (notify::as_written(value)) } } } }
            } @else if full.reporter.is_none() {
                p.muted { (words::work_reporter_none(lang)) }
            } @else if by.may(may::CONTACT) && full.hers {
                p { (words::work_reporter_hidden(lang)) }
                @let purpose = shown.purpose.clone().unwrap_or_else(|| Typed::empty("purpose"));
                (PostForm::new(visit, format!("{}/contact", path(code))).body(html! {
                    (parts::Text::new(lang, &purpose, words::work_contact_purpose(lang)).hint(words::work_contact_purpose_hint(lang)))
                    p.actions { (Button::submit(words::work_contact_open(lang)).icon("eye").quiet().slim()) }
                    p.hint { (words::work_contact_why(lang)) }
                }))
            } @else {
                p.muted { (words::work_reporter_hidden(lang)) }
            }
        }
    }
}

fn contact_field(field: &str, lang: Lang) -> &'static str {
    match field {
        "phone" => words::report_phone(lang),
        "email" => words::report_email(lang),
        _ => words::report_name(lang),
    }
}

fn how(how: How, lang: Lang) -> &'static str {
    match how {
        How::Confirmed => words::work_how_confirmed(lang),
        How::Nearest => words::work_how_nearest(lang),
        How::Border => words::work_how_border(lang),
        How::Unknown => words::work_how_none(lang),
        How::Imported => words::work_how_imported(lang),
    }
}

fn channel(key: &str, lang: Lang) -> &'static str {
    match key {
        "api" => words::channel_api(lang),
        "import" => words::channel_import(lang),
        "demo" => words::channel_demo(lang),
        _ => words::channel_web(lang),
    }
}

/// Which term ran out.
fn breached(line: &Line, clocks: &[Clock], lang: Lang) -> &'static str {
    let ran_out = |effect: &Effect| match effect {
        Effect::Clock(ClockEffect::Breached { clock }) => clocks.iter().find(|one| one.no == *clock),
        _ => None,
    };
    match line.effects.iter().find_map(ran_out).map(|clock| clock.code.as_str()) {
        Some(cases::clocks::FIRST_RESPONSE) => words::event_overdue_first(lang),
        Some(cases::clocks::LEGAL) | None => words::event_overdue(lang),
        Some(_) => words::event_overdue_step(lang),
    }
}

/// The journal in the words of the trade, newest last.
pub(super) fn journal(city: &City, full: &Full, lang: Lang) -> Vec<Moment> {
    let history = &full.history;
    let last = history.len().saturating_sub(1);
    let title = |line: &Line| match line.verb {
        Verb::Submit => words::event_received_plain(lang),
        Verb::Forward => words::event_forwarded_plain(lang),
        Verb::Take => words::event_taken_plain(lang),
        Verb::Draft => words::event_drafted(lang),
        Verb::Approve => words::event_approved(lang),
        Verb::Publish => words::event_answered_published(lang),
        Verb::Issue => words::event_answered(lang),
        Verb::Archive => words::event_archived(lang),
        Verb::Reopen => words::event_reopened(lang),
        Verb::Annotate => words::event_word(lang),
        Verb::Breach => breached(line, &full.clocks, lang),
        Verb::Extend => words::event_extended(lang),
        _ => words::event_other(lang),
    };
    let by = |line: &Line| match &line.actor {
        kernel::Actor::Official { name, unit, .. } => Some(format!("{name}, {}", names::unit_short(&city.pack, unit, lang))),
        _ => None,
    };
    let moment = |(n, line): (usize, &Line)| Moment {
        when: format::moment(line.at, &city.pack.zone),
        title: title(line).to_owned(),
        by: by(line),
        body: line.ground.as_ref().map(|ground| html! { p { (ground.text()) } }),
        tone: if n == last { Tone::New } else { Tone::Plain },
    };
    history.iter().enumerate().map(moment).collect()
}

/// The version a form carries, as the engine counts it.
///
/// # Errors
/// 400 when the form carries none.
pub fn version(form: &Form) -> Result<u32, Trouble> {
    u32::try_from(form.version()?).map_err(|_| Trouble::from(Refusal::Engine(cases::Refusal::Conflict)))
}

/// A report over the version that the page showed, for the unit that may act.
///
/// # Errors
/// As [`store::report`]; `Conflict` when it changed meanwhile.
pub fn as_seen(rd: &mut Rd<'_>, scope: &Scope, code: &str, version: u32) -> Result<Report, Refusal> {
    let report = store::report(rd, scope, code)?;
    // To act, the open step must be within reach: who handed it on can still read it, no more.
    if report.case.version != version { Err(cases::Refusal::Conflict.into()) } else { Ok(report) }
}

/// `POST /desk/reports/{code}/take`
pub async fn take(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::ANSWER).ok_or(Trouble::NotFound)?;
    let (version, wanted) = (version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let (keys, pack, who) = (city.keys.clone(), city.pack.clone(), by.clone());
    let code = city
        .write(Lane::Duty, move |tx| -> Result<String, Refusal> {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            Ok(cases::record(tx, &keys, &*pack, report.take(&who.actor())?)?.code)
        })
        .await?;
    Ok(see(path(&code)).saying(words::take_done(visit.lang, code)))
}

/// Milliseconds of a day's end, for due dates that an official sets.
#[must_use]
pub fn end_of_day(city: &pack::City, unit: &str, day: jiff::civil::Date) -> Option<Instant> {
    let calendar = city.calendar_of(unit)?;
    calendars::closes_on(calendar, day).or_else(|| Some(Instant::from_civil(day.at(17, 0, 0, 0), &city.zone)))
}
