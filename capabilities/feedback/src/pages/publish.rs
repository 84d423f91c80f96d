//! An official answers in the city's name. The page shows exactly what becomes public; each photo is ticked apart.

use crate::contact::Contact;
use crate::intake::{self, unit_name};
use crate::pages::follow::prose;
use crate::pages::work::{self, Full, as_seen, path};
use crate::refusal::Refusal;
use crate::report::{Shown, TEXT_MOST};
use crate::{may, store, words};
use access::Official;
use axum::extract::Path;
use cases::PartyRole;
use db::{Lane, Tx};
use kernel::Actor;
use maud::{Markup, html};
use notify::{Message, Values};
use web::parts::{self, Button, PostForm, Tone};
use web::{City, Form, Page, PageResult, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["version", "show-text", "text", "show-address", "address", "photo"];

/// `GET /desk/reports/{code}/publish`
pub async fn page(by: Official, city: City, visit: Visit, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::PUBLISH).ok_or(Trouble::NotFound)?;
    let wanted = crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?;
    let full = city
        .read(Lane::Duty, move |rd| -> Result<Full, Refusal> {
            let full = work::full(rd, &scope, &wanted)?;
            store::within_reach(rd, &scope, &full.report)?;
            if full.report.case.is_closed() { Err(Refusal::Closed) } else { Ok(full) }
        })
        .await?;
    if full.report.draft().is_none() {
        return Ok(see(path(&full.report.case.code)).saying(words::publish_no_answer(visit.lang)));
    }
    Ok(draw(&city, &visit, &full))
}

/// `POST /desk/reports/{code}/publish`
pub async fn submit(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::PUBLISH).ok_or(Trouble::NotFound)?;
    let (version, wanted) = (work::version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let ticked = |name: &str, value: &str| {
        form.has(name).then(|| form.raw(value).chars().take(TEXT_MOST).collect::<String>()).filter(|text| !text.is_empty())
    };
    let shown = Shown {
        text: ticked("show-text", "text"),
        address: ticked("show-address", "address"),
        photos: form.all("photo").into_iter().map(str::to_owned).collect(),
    };
    let (desk, who) = (intake::Desk::of(&city), by.clone());
    let (code, told) = city
        .write(Lane::Duty, move |tx| {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            answer(tx, &desk, &report, &shown, &who.actor())
        })
        .await?;
    let lang = visit.lang;
    let text = if told { words::publish_done_messaged(lang, &code) } else { words::publish_done(lang, &code) };
    Ok(see(path(&code)).saying(text))
}

/// The answer goes out: the case, what became public, the search, and the message to whoever left a contact, in one transaction.
///
/// # Errors
/// As [`crate::report::Report::publish`].
pub fn answer(
    tx: &mut Tx<'_>,
    desk: &intake::Desk,
    report: &crate::report::Report,
    shown: &Shown,
    who: &Actor,
) -> Result<(String, bool), Refusal> {
    let text = report.draft().and_then(|draft| draft.body.clone()).ok_or(Refusal::NoAnswer)?;
    let unit = report.open_step().map_or_else(|| report.case.unit.clone(), |step| step.unit.clone());
    // Only this report's own photos can be shown, whatever the form says.
    let own: Vec<String> = cases::papers(tx, report.case.id)?
        .into_iter()
        .filter(|paper| paper.kind == "photo")
        .filter_map(|paper| paper.file)
        .collect();
    let mut shown = shown.clone();
    shown.photos.retain(|hash| own.contains(hash));
    let case = cases::record(tx, &desk.keys, &*desk.pack, report.publish(&shown, who)?)?;
    let public = case.is_public();
    let given = store::Given {
        answer: &text,
        unit: &unit,
        text: shown.text.as_deref().filter(|_| public),
        address: shown.address.as_deref().filter(|_| public),
        photos: if public { &shown.photos } else { &[] },
        public,
    };
    store::answered(tx, case.id, &given)?;
    let told = tell(tx, desk, &case, "report-answered", &unit)?;
    Ok((case.code, told))
}

/// Tells whoever left a contact, with the public page's address. `false` when nobody did.
///
/// # Errors
/// The engine's and the outbox's.
pub fn tell(tx: &mut Tx<'_>, desk: &intake::Desk, case: &cases::Case, kind: &'static str, unit: &str) -> Result<bool, Refusal> {
    let party =
        cases::parties(tx, case.id)?.into_iter().find(|party| party.role == PartyRole::Reporter && party.erased_at.is_none());
    let Some(party) = party else { return Ok(false) };
    let contact = cases::unseal_set::<Contact>(tx, &desk.keys, case.id, party.no)?;
    let Some(to) = contact.and_then(|contact| contact.to()) else { return Ok(false) };
    let history = cases::history(tx, case.id)?;
    let lang = crate::pages::link::told(&history).lang;
    let values = Values {
        code: Some(case.code.clone()),
        link: Some(kernel::Private::new(format!("{}{}", desk.origin, crate::pages::follow::path(&case.code)))),
        title: Some(case.title.clone()),
        due: intake::due_text(case.due_at, &desk.pack),
        unit: unit_name(&desk.pack, unit, lang),
    };
    notify::send(tx, &desk.sealer(), &desk.pack, &Message { kind, to, lang, values })?;
    Ok(true)
}

fn draw(city: &City, visit: &Visit, full: &Full) -> Page {
    let lang = visit.lang;
    let case = &full.report.case;
    let private = case.confidentiality > 0;
    let answer = full.report.draft().and_then(|draft| draft.body.clone()).unwrap_or_default();
    let text = Typed::<String>::filled("text", full.told.text.clone());
    let address = Typed::<String>::filled("address", full.told.address.clone().unwrap_or_default());
    let unit = unit_name(&city.pack, &full.report.open_step().map_or_else(|| case.unit.clone(), |step| step.unit.clone()), lang)
        .unwrap_or_default();
    let form = PostForm::new(visit, format!("{}/publish", path(&case.code))).version(i64::from(case.version)).body(html! {
        @if private { (parts::note(Tone::Soon, "lock", html! { p { (words::publish_confidential(lang)) } })) } @else {
            section {
                h2 { (words::publish_text(lang)) }
                (parts::Tick::new("show-text", words::publish_show_text(lang), true))
                (parts::Area::new(lang, &text, words::publish_text(lang)).hint(words::publish_text_hint(lang)).rows(6))
                @if full.told.address.is_some() {
                    (parts::Tick::new("show-address", words::publish_show_address(lang), true))
                    (parts::Text::new(lang, &address, words::follow_place(lang)))
                }
            }
            section {
                h2 { (words::follow_photos(lang)) }
                @if full.photos.is_empty() { p.muted { (words::publish_photos_none(lang)) } }
                ul.photos.ticks { @for (n, hash) in full.photos.iter().enumerate() {
                    li {
                        img src={ (path(&case.code)) "/photo/" (hash) } alt=(words::report_photo_alt(lang, n + 1)) width="240" height="180" loading="lazy";
                        label.check { input type="checkbox" name="photo" value=(hash); span { (words::publish_photo(lang, n + 1)) } }
                    }
                } }
            }
        }
        section.answer { h2 { (words::publish_answer(lang)) } (prose(&answer)) p.muted.small { (unit) } }
        (send(case.code.as_str(), private, lang))
    });
    Page::new(words::publish_title(lang, &case.code))
        .desk()
        .lead(if private { words::publish_confidential(lang) } else { words::publish_lead(lang) })
        .crumb(words::queue_title(lang), crate::pages::queue::PATH)
        .crumb(case.code.clone(), path(&case.code))
        .style(web::assets::FORM_CSS)
        .style(web::assets::DATA_CSS)
        .style(web::assets::REPORT_CSS)
        .body(html! { (form) })
}

fn send(code: &str, private: bool, lang: kernel::Lang) -> Markup {
    let label = if private { words::publish_do_private(lang) } else { words::publish_do(lang) };
    html! { p.actions { (Button::submit(label).icon("send")) (Button::link(words::publish_back(lang), path(code)).quiet()) } }
}
