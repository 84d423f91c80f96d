//! The private page of whoever holds the link: everything that was sent, the answer, and a word to add. The link is 128 random bits, and
//! opens this and nothing else.

use crate::journal;
use crate::names;
use crate::pages::follow::{answer_section, photos, prose, standing, timeline};
use crate::pages::standing::state_chip;
use crate::paths;
use crate::public::{self, Answer, PublicReport};
use crate::refusal::Refusal;
use crate::report::{LINK, Told, WORD_MOST, WORDS_MOST, add_word};
use crate::store::{self, Details};
use crate::words;
use cases::Case;
use db::{Lane, Rd};
use kernel::{Instant, Token, format};
use maud::{Markup, html};
use web::parts::{self, Button, PostForm, Tone};
use web::{Checked, City, Form, Page, PageResult, Path, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["key", "word"];

/// What the holder of the link sees.
struct Own {
    case: Case,
    details: Details,
    public: PublicReport,
    told: Told,
    photos: Vec<String>,
    words: Vec<(Instant, String)>,
}

fn own(rd: &mut Rd<'_>, token: &Token) -> Result<Own, Refusal> {
    let (case, _) = cases::by_link(rd, &token.digest(LINK), LINK)?.ok_or(Refusal::NotFound)?;
    let history = cases::history(rd, case.id)?;
    let public = public::of(rd, &case)?;
    let photos =
        cases::papers(rd, case.id)?.into_iter().filter(|paper| paper.kind == "photo").filter_map(|paper| paper.file).collect();
    Ok(Own {
        details: store::details(rd, case.id)?,
        told: journal::told(&history),
        words: journal::words_added(&history),
        public,
        photos,
        case,
    })
}

/// `GET /f/{token}`
pub async fn page(city: City, visit: Visit, Path(token): Path<String>) -> PageResult {
    let token = Token::parse(&token).ok_or(Trouble::NotFound)?;
    let asked = token.clone();
    let own = city.read(Lane::Duty, move |rd| own(rd, &asked)).await?;
    let new = visit.query.has("new");
    Ok(draw(&city, &visit, &token, &own, new, &Typed::empty("word"), &Checked::default()))
}

/// `POST /f/{token}`: a word is added.
pub async fn submit(city: City, visit: Visit, form: Form, Path(token): Path<String>) -> PageResult {
    let token = Token::parse(&token).ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let word = form.field("word", |raw| match raw.chars().count() {
        0 => Err(words::link_word_missing(lang).to_owned()),
        n if n > WORD_MOST => Err(words::link_word_long(lang, WORD_MOST)),
        _ => Ok(raw.to_owned()),
    });
    let asked = token.clone();
    let Some(text) = word.value.clone() else {
        let own = city.read(Lane::Duty, move |rd| own(rd, &asked)).await?;
        let checked = Checked::new(&[&word]);
        return Ok(draw(&city, &visit, &token, &own, false, &word, &checked));
    };
    let (key, keys, pack) = (form.key()?, city.keys.clone(), city.pack.clone());
    city.write(Lane::Duty, move |tx| -> Result<(), Refusal> {
        let (case, _) = cases::by_link(tx, &asked.digest(LINK), LINK)?.ok_or(Refusal::NotFound)?;
        db::once(tx, &format!("word {}", case.id), &key, |tx| -> Result<String, Refusal> {
            if !store::count_word(tx, case.id, i64::try_from(WORDS_MOST).unwrap_or(0))? {
                return Err(Refusal::EnoughWords(pack.hotline.clone()));
            }
            let change = add_word(&case, &text);
            cases::record(tx, &keys, &*pack, change)?;
            Ok(String::new())
        })?;
        Ok(())
    })
    .await?;
    Ok(see(paths::link(&token)).saying(words::link_added(lang)))
}

fn draw(city: &City, visit: &Visit, token: &Token, own: &Own, new: bool, word: &Typed<String>, checked: &Checked) -> Page {
    let (lang, zone) = (visit.lang, &city.pack.zone);
    let code = &own.case.code;
    let private_photo = |hash: &str| format!("{}/photo/{hash}", paths::link(token));
    let body = html! {
        (parts::error_summary(lang, checked))
        @if new { (thanks(city, visit, token, own)) } @else { div.head-line { (parts::plate(code)) (state_chip(own.case.public, own.public.overdue, lang)) } }
        @if let Some(answer) = Answer::of(&own.details) { (answer_section(city, &answer, lang)) }
        @if let Some(why) = &own.details.archived_why { (parts::note(Tone::Soon, "archive", html! { p { b { (words::follow_archived_why(lang)) } } (prose(why)) })) }
        section {
            h2 { (words::follow_text(lang)) }
            (prose(&own.told.text))
            @if let Some(address) = &own.told.address { p.muted.at { (parts::icon("map-pin")) (address) } }
        }
        (photos(&own.photos, private_photo, lang))
        @if !own.words.is_empty() {
            section {
                h2 { (words::link_words(lang)) }
                @for (at, text) in &own.words { div.word { time.muted.small { (format::moment(*at, zone)) } (prose(text)) } }
            }
        }
        (timeline(city, &own.public, lang))
        section #add {
            h2 { (words::link_add(lang)) }
            (PostForm::new(visit, paths::link(token)).key("").body(html! {
                (parts::Area::new(lang, word, words::link_add_word(lang)).hint(words::link_add_hint(lang)).rows(3).most(WORD_MOST))
                p.actions { (Button::submit(words::link_add_send(lang)).icon("send")) }
            }))
        }
    };
    let title = if new { words::sent_title(lang).to_owned() } else { words::link_title(lang).to_owned() };
    let note = html! { p.hint { (words::link_public_note(lang)) " " a.num href=(paths::public(code)) { (code) } } };
    Page::new(title)
        .style(web::assets::FORM_CSS)
        .style(web::assets::DATA_CSS)
        .script(web::assets::REPORT_JS)
        .wrong(checked.mistakes())
        .body(body)
        .aside(html! { (standing(city, &own.public, lang)) (note) })
}

/// What the sender reads first: the code, the link to keep, who has it and until when.
fn thanks(city: &City, visit: &Visit, token: &Token, own: &Own) -> Markup {
    let lang = visit.lang;
    let due = names::due_text(own.public.due_at, &city.pack).unwrap_or_else(|| words::due_none(lang).to_owned());
    let mut rows: Vec<(&str, Markup)> = vec![
        (words::sent_holder(lang), html! { (names::unit_name(&city.pack, &own.case.unit, lang)) }),
        (words::sent_due(lang), html! { time { (due) } }),
        (words::follow_category(lang), html! { (names::category_name(&city.pack, &own.case.category, lang)) }),
    ];
    if let Some(area) = names::area_name(&city.pack, &own.case.area, lang) {
        rows.push((words::follow_area(lang), html! { (area) }));
    }
    html! {
        div.thanks data-sent="report" {
            p { (words::sent_lead(lang)) }
            (parts::plate(&own.case.code))
            (parts::facts(&rows))
            @if let Some(why) = &own.public.due_why { p.hint { (why.text(lang, &city.pack.zone)) } }
            (parts::note(Tone::New, "link", html! { p { b { (words::sent_link(lang)) } } p.address { (city.settings.base()) (paths::link(token)) } p { (words::sent_link_note(lang)) } }))
            p.actions { (Button::link(words::sent_another(lang), crate::pages::report::PATH).quiet()) }
        }
    }
}
