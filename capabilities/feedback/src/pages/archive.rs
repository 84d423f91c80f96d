//! The triage desk puts a report away that cannot be handled. The reporter reads why.

use crate::answering;
use crate::pages::work::{self, Full, Shown, as_seen, path};
use crate::refusal::Refusal;
use crate::{intake, may, store, words};
use access::Official;
use db::Lane;
use maud::{Markup, html};
use web::parts::{self, Button, PostForm};
use web::{City, Form, PageResult, Path, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["version", "reason"];

/// `POST /desk/reports/{code}/archive`
pub async fn submit(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::TRIAGE).ok_or(Trouble::NotFound)?;
    let reason = form.text("reason", 2_000, words::archive_reason_missing);
    let Some(why) = reason.value.clone() else {
        return work::show(&by, &city, &visit, &code, Shown { archive: Some(reason), ..Shown::default() }).await;
    };
    let (version, wanted) = (work::version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let (desk, who) = (intake::Desk::of(&city), by.clone());
    let code = city
        .write(Lane::Duty, move |tx| -> Result<String, Refusal> {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            let change = report.archive(&why, &who.actor())?;
            let (case, _) = answering::record_and_tell(tx, &desk, &report.case, change, ("report-archived", &who.unit))?;
            store::archived(tx, case.id, &why)?;
            Ok(case.code)
        })
        .await?;
    Ok(see(path(&code)).saying(words::archive_done(visit.lang, code)))
}

/// The form on a report's page.
#[must_use]
pub fn form(visit: &Visit, full: &Full, typed: Option<&Typed<String>>) -> Markup {
    let lang = visit.lang;
    let case = &full.report.case;
    let field = typed.cloned().unwrap_or_else(|| Typed::empty("reason"));
    html! {
        details.act open[typed.is_some()] {
            summary { (parts::icon("archive")) span { (words::archive_title(lang)) } }
            (PostForm::new(visit, format!("{}/archive", path(&case.code))).version(i64::from(case.version)).body(html! {
                (parts::Area::new(lang, &field, words::archive_reason(lang)).hint(words::archive_reason_hint(lang)).rows(3))
                p.actions { (Button::submit(words::archive_do(lang)).icon("archive").danger()) }
            }))
        }
    }
}
