//! The log of looks: who saw personal data, of which case, why and when.

use super::unit_name;
use crate::words;
use access::looks::{self, Look};
use access::may::READ_LOOKS;
use db::{Lane, Rd};
use kernel::{Lang, format};
use manifest::Purposes;
use web::parts::{Table, empty, pager, search};
use web::{City, Page, PageResult, Paging, Trouble, Visit, html};

/// The page, newest first; `?case=` shows the looks at one case.
pub async fn page(visit: Visit, city: City, paging: Paging, purposes: Purposes) -> PageResult {
    let scope = visit.official().and_then(|by| by.scope(READ_LOOKS)).ok_or(Trouble::NotFound)?;
    let code = visit.query.raw("case").trim().to_uppercase();
    let asked = code.clone();
    let mut looks: Vec<Look> = city
        .read(Lane::Duty, move |rd: &mut Rd<'_>| {
            let case = (!asked.is_empty()).then_some(asked.as_str());
            looks::in_scope(rd, &scope, case, paging.before, Paging::ROWS + 1)
        })
        .await?;
    let rows = usize::try_from(Paging::ROWS).unwrap_or(25);
    let more = looks.len() > rows;
    looks.truncate(rows);
    let last = looks.last().filter(|_| more).map(|look| look.id);
    let lang = visit.lang;
    let page = Page::new(words::looks_title(lang)).style(web::assets::HOUSE_CSS).desk().lead(words::looks_lead(lang));
    Ok(page.tools(search("/desk/looks", "case", &code, words::looks_find(lang))).body(html! {
        @if looks.is_empty() { (empty("eye", words::looks_none(lang), "", None)) } @else { (table(&city, &looks, &purposes, lang)) }
        (pager(&visit, last))
    }))
}

fn table(city: &City, looks: &[Look], purposes: &Purposes, lang: Lang) -> Table {
    let heads = [words::looks_when(lang), words::looks_who(lang), words::looks_case(lang), words::looks_purpose(lang)];
    looks.iter().fold(Table::new(words::looks_title(lang), heads).main(1), |table, look| {
        table.row(vec![
            html! { (format::moment(look.looked_at, &city.pack.zone)) },
            html! { (look.official_name) span.muted { " · " (unit_name(&city.pack, &look.unit, lang)) } },
            html! { (look.case_code) },
            html! { (purposes.words(&look.purpose, lang)) },
        ])
    })
}
