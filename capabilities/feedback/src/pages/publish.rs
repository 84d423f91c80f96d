//! An official answers in the city's name. The page shows exactly what becomes public; each photo is ticked apart.

use crate::answering;
use crate::intake::{self};
use crate::names;
use crate::pages::follow::prose;
use crate::pages::work::{self, Full, as_seen, path};
use crate::refusal::Refusal;
use crate::report::{ADDRESS_MOST, Shown, TEXT_MOST};
use crate::{may, store, words};
use access::{Official, Scope};
use db::Lane;
use maud::{Markup, html};
use places::{Map, Pin, Shape};
use web::parts::{self, Button, PostForm, Tone};
use web::{Checked, City, Form, Page, PageResult, Path, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["version", "show-text", "text", "show-address", "address", "photo"];

/// What is about to become public, as it stands in the form.
struct Draft {
    show_text: bool,
    text: Typed<String>,
    show_address: bool,
    address: Typed<String>,
    photos: Vec<String>,
}

impl Draft {
    /// Everything as it was told, and no photo.
    fn of(full: &Full) -> Self {
        Self {
            show_text: true,
            text: Typed::filled("text", full.told.text.clone()),
            show_address: true,
            address: Typed::filled("address", full.told.address.clone().unwrap_or_default()),
            photos: Vec::new(),
        }
    }

    /// As it was sent. What stays closed may be as long as it likes.
    fn read(form: &Form) -> Self {
        let (show_text, show_address) = (form.has("show-text"), form.has("show-address"));
        let most = |shown, most| if shown { most } else { usize::MAX };
        Self {
            show_text,
            text: form.short("text", most(show_text, TEXT_MOST)),
            show_address,
            address: form.short("address", most(show_address, ADDRESS_MOST)),
            photos: form.all("photo").into_iter().map(str::to_owned).collect(),
        }
    }

    fn checked(&self) -> Checked {
        Checked::new(&[&self.text, &self.address])
    }

    fn shown(self) -> Shown {
        Shown {
            text: Some(self.text.raw).filter(|text| self.show_text && !text.is_empty()),
            address: Some(self.address.raw).filter(|_| self.show_address),
            photos: self.photos,
        }
    }
}

/// `GET /desk/reports/{code}/publish`
pub async fn page(by: Official, city: City, visit: Visit, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::PUBLISH).ok_or(Trouble::NotFound)?;
    let wanted = crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?;
    let full = open(&city, scope, wanted).await?;
    if full.report.draft().is_none() {
        return Ok(see(path(&full.report.case.code)).saying(words::publish_no_answer(visit.lang)));
    }
    Ok(draw(&city, &visit, &full, &Draft::of(&full)))
}

/// A report that is open and this official's to publish.
async fn open(city: &City, scope: Scope, code: String) -> Result<Full, Refusal> {
    city.read(Lane::Duty, move |rd| -> Result<Full, Refusal> {
        let full = work::full(rd, &scope, &code)?;
        store::within_reach(rd, &scope, &full.report)?;
        if full.report.case.is_closed() { Err(Refusal::Closed) } else { Ok(full) }
    })
    .await
}

/// `POST /desk/reports/{code}/publish`
pub async fn submit(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::PUBLISH).ok_or(Trouble::NotFound)?;
    let (version, wanted) = (work::version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let draft = Draft::read(&form);
    if draft.checked().mistakes() > 0 {
        let mut full = open(&city, scope, wanted).await?;
        // Whoever changed the report meanwhile is still noticed when the form comes again.
        full.report.case.version = version;
        return Ok(draw(&city, &visit, &full, &draft));
    }
    let shown = draft.shown();
    let (desk, who) = (intake::Desk::of(&city), by.clone());
    let (code, told) = city
        .write(Lane::Duty, move |tx| {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            answering::answer(tx, &desk, &report, &shown, &who.actor())
        })
        .await?;
    let lang = visit.lang;
    let text = if told { words::publish_done_messaged(lang, &code) } else { words::publish_done(lang, &code) };
    Ok(see(path(&code)).saying(text))
}

fn draw(city: &City, visit: &Visit, full: &Full, draft: &Draft) -> Page {
    let (lang, checked) = (visit.lang, draft.checked());
    let case = &full.report.case;
    let private = case.confidentiality > 0;
    let answer = full.report.draft().and_then(|draft| draft.body.clone()).unwrap_or_default();
    let unit =
        names::unit_name(&city.pack, &full.report.open_step().map_or_else(|| case.unit.clone(), |step| step.unit.clone()), lang);
    let form = PostForm::new(visit, format!("{}/publish", path(&case.code))).version(i64::from(case.version)).body(html! {
        @if private { (parts::note(Tone::Soon, "lock", html! { p { (words::publish_confidential(lang)) } })) } @else {
            section {
                h2 { (words::publish_text(lang)) }
                (parts::Tick::new("show-text", words::publish_show_text(lang), draft.show_text))
                (parts::Area::new(lang, &draft.text, words::publish_text_as(lang)).hint(words::publish_text_hint(lang)).rows(6))
                @if full.told.address.is_some() || case.point.is_some() {
                    (parts::Tick::new("show-address", words::publish_show_address(lang), draft.show_address))
                    (parts::Text::new(lang, &draft.address, words::follow_place(lang)))
                }
                @if let Some(point) = case.point {
                    @let view = city.places.closeup(point, 320, 220);
                    @let pins = [Pin { point, shape: Shape::Chosen, title: String::new(), href: None }];
                    @let svg = Map { view, day: city.today(), lang, label: words::follow_place(lang), pins: &pins, link: None }.inline(&city.places);
                    (parts::map_figure(&svg, html! { (words::follow_place(lang)) }))
                }
            }
            section {
                h2 { (words::follow_photos(lang)) }
                @if full.photos.is_empty() { p.muted { (words::publish_photos_none(lang)) } }
                ul.photos.ticks { @for (n, hash) in full.photos.iter().enumerate() {
                    li {
                        img src={ (path(&case.code)) "/photo/" (hash) } alt=(words::report_photo_alt(lang, n + 1)) width="240" height="180" loading="lazy";
                        label.check { input type="checkbox" name="photo" value=(hash) checked[draft.photos.contains(hash)]; span { (words::publish_photo(lang, n + 1)) } }
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
        .wrong(checked.mistakes())
        .body(html! { (parts::error_summary(lang, &checked)) (form) })
}

fn send(code: &str, private: bool, lang: kernel::Lang) -> Markup {
    let label = if private { words::publish_do_private(lang) } else { words::publish_do(lang) };
    html! { p.actions { (Button::submit(label).icon("send")) (Button::link(words::publish_back(lang), path(code)).quiet()) } }
}
