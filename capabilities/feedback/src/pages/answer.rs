//! An official drafts the answer; nothing leaves the house yet.

use crate::pages::work::{self, Full, Shown, as_seen, path};
use crate::refusal::Refusal;
use crate::report::ANSWER;
use crate::{may, store, words};
use access::Official;
use db::Lane;
use maud::{Markup, html};
use web::parts::{self, Button, PostForm};
use web::{City, Form, PageResult, Path, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["version", "answer", "go"];

/// `POST /desk/reports/{code}/answer`: the draft is kept; one button goes on to what becomes public.
pub async fn submit(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::ANSWER).ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let answer = form.field("answer", |raw| match raw.chars().count() {
        0 => Err(words::answer_missing(lang).to_owned()),
        n if n < *ANSWER.start() => Err(words::answer_short(lang, ANSWER.start())),
        n if n > *ANSWER.end() => Err(words::answer_long(lang, ANSWER.end())),
        _ => Ok(raw.to_owned()),
    });
    let Some(text) = answer.value.clone() else {
        return work::show(&by, &city, &visit, &code, Shown { answer: Some(answer), ..Shown::default() }).await;
    };
    let (version, wanted) = (work::version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let (keys, pack, who) = (city.keys.clone(), city.pack.clone(), by.clone());
    let code = city
        .write(Lane::Duty, move |tx| -> Result<String, Refusal> {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            if report.draft().is_some_and(|draft| draft.body.as_deref() == Some(text.as_str())) {
                return Ok(report.case.code);
            }
            Ok(cases::record(tx, &keys, &*pack, report.write_answer(&text, &who.actor())?)?.code)
        })
        .await?;
    if form.raw("go") == "publish" && by.may(may::PUBLISH) {
        return Ok(see(format!("{}/publish", path(&code))));
    }
    Ok(see(path(&code)).saying(words::answer_saved(lang, code)))
}

/// The form on a report's page.
#[must_use]
pub fn form(by: &Official, visit: &Visit, full: &Full, typed: Option<&Typed<String>>) -> Markup {
    let lang = visit.lang;
    let case = &full.report.case;
    let draft = full.report.draft().and_then(|draft| draft.body.clone()).unwrap_or_default();
    // One strongest thing on the page: until somebody has taken it on, that is to take it on.
    let untaken = full.report.open_step().is_some_and(|step| step.taken_at.is_none());
    let field = typed.cloned().unwrap_or_else(|| Typed::filled("answer", draft));
    html! {
        section.act-open {
            h2 { (words::answer_title(lang)) }
            (PostForm::new(visit, format!("{}/answer", path(&case.code))).version(i64::from(case.version)).draft("answer").body(html! {
                (parts::Area::new(lang, &field, words::answer_text(lang)).hint(words::answer_hint(lang)).rows(7).most(*ANSWER.end()))
                p.actions {
                    @if by.may(may::PUBLISH) {
                        @let preview = Button::submit(words::answer_preview(lang)).icon("eye").named("go", "publish");
                        @if untaken { (preview.quiet()) } @else { (preview) }
                    }
                    (Button::submit(words::answer_save(lang)).quiet().named("go", "save"))
                }
            }))
        }
    }
}
