//! An official's queue: the open steps of her units, what the law runs out on first at the top. A code typed at its head leads to its report.

use crate::names;
use crate::pages::standing::{due, state_chip};
use crate::pages::work;
use crate::report::KIND;
use crate::{may, words};
use access::{Official, Scope};
use cases::{Pick, Place, Queued};
use db::Lane;
use kernel::{Instant, Lang, format, secret};
use maud::html;
use web::parts::{self, Table, Tone, due_bar};
use web::{City, Page, PageResult, Trouble, Visit, see};

/// Where the queue stands.
pub const PATH: &str = "/desk/reports";
/// What its query holds.
pub const FIELDS: &[&str] = &["code", "after"];
const ROWS: usize = 25;

/// `GET /desk/reports`
pub async fn page(by: Official, city: City, visit: Visit) -> PageResult {
    let scope = by.scope(may::READ).ok_or(Trouble::NotFound)?;
    let typed = visit.query.raw("code").trim();
    let known = find(&city, &scope, typed).await?;
    if let Some(code) = &known {
        return Ok(see(work::path(code)));
    }
    let after = place(visit.query.raw("after"));
    let found =
        city.read(Lane::Duty, move |rd| cases::queue(rd, &scope, Pick::All, after, ROWS, |row| row.case.kind == KIND)).await?;
    let lang = visit.lang;
    let next = found.next.map(|place| format!("{PATH}?after={}", written(place)));
    let body = html! {
        @if !typed.is_empty() { (parts::note(Tone::Soon, "search-x", html! { p role="status" { (words::queue_find_none(lang)) } })) }
        @if found.rows.is_empty() {
            (parts::empty("inbox", words::queue_none(lang), words::queue_none_hint(lang), None))
        } @else {
            (table(&city, &found.rows, lang))
            @if next.is_some() || after.is_some() {
                nav.pager aria-label=(words::queue_title(lang)) {
                    @if after.is_some() { a.btn.quiet.slim href=(PATH) { (parts::icon("chevrons-left")) span { (words::queue_first(lang)) } } }
                    @if let Some(next) = &next { a.btn.quiet.slim href=(next) rel="next" { span { (words::queue_next(lang)) } (parts::icon("chevron-right")) } }
                }
            }
        }
    };
    let example = format!("{}-26-000123", city.pack.report_prefix);
    let search = parts::search(PATH, "code", typed, &words::queue_find(lang, example));
    let page = Page::new(words::queue_title(lang)).desk().lead(words::queue_lead(lang)).tools(search).body(body);
    Ok(if typed.is_empty() { page } else { page.status(404) })
}

/// The code of the report that was asked for. Another's is not found, exactly as one that does not exist.
async fn find(city: &City, scope: &Scope, typed: &str) -> Result<Option<String>, Trouble> {
    let Some(code) = crate::code_of(&city.pack, typed) else { return Ok(None) };
    let scope = scope.clone();
    let found = city.read(Lane::Duty, move |rd| cases::find(rd, &scope, &code)).await?;
    Ok(found.filter(|case| case.kind == KIND).map(|case| case.code))
}

fn table(city: &City, rows: &[Queued], lang: Lang) -> Table {
    let heads = [
        words::queue_code(lang),
        words::queue_matter(lang),
        words::queue_state(lang),
        words::queue_due(lang),
        words::queue_holder(lang),
    ];
    let now = city.now();
    rows.iter().fold(Table::new(words::queue_title(lang), heads).main(1), |table, row| {
        let case = &row.case;
        let area = names::area_name(&city.pack, &case.area, lang);
        let term = due(case.received_at, row.place.due_at.or(case.due_at), now, lang);
        table.row(vec![
            html! { span.num { (case.code) } },
            html! {
                a.row-title href={ (PATH) "/" (case.code) } { (case.title) }
                span.muted.small { (names::category_name(&city.pack, &case.category, lang)) @if let Some(area) = area { " · " (area) } }
            },
            html! { (state_chip(case.public, false, lang)) },
            html! { (due_bar(&term)) @if let Some(at) = row.place.due_at { time.muted.small { (format::due(at, &city.pack.zone)) } } },
            html! { (names::unit_short(&city.pack, &case.unit, lang)) },
        ])
    })
}

/// A place in the queue as links carry it: it opens nothing that the scope does not hold.
fn written(place: Place) -> String {
    let at = [place.case_id.to_be_bytes(), i64::from(place.no).to_be_bytes()].concat();
    let due = place.due_at.map(|due| due.ms().to_be_bytes());
    secret::hex(&[due.as_ref().map_or(&[][..], |due| &due[..]), &at].concat())
}

fn place(text: &str) -> Option<Place> {
    let part = |at: usize| {
        let digits = text.get(at..at + 16).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u64::from_str_radix(digits, 16).ok().map(u64::cast_signed)
    };
    let (due_at, at) = match text.len() {
        32 => (None, 0),
        48 => (Some(Instant(part(0)?)), 16),
        _ => return None,
    };
    Some(Place { due_at, case_id: part(at)?, no: u32::try_from(part(at + 16)?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_queue_survives_the_link() {
        for (due_at, case_id, no) in [(Some(0), 1, 1), (Some(-5), 7, 2), (Some(i64::MAX), i64::MIN, u32::MAX), (None, 9, 3)] {
            let there = Place { due_at: due_at.map(Instant), case_id, no };
            assert_eq!(place(&written(there)), Some(there));
        }
        for wrong in ["", "x", &"g".repeat(32), &"ễ".repeat(16), &"f".repeat(48), &"+".repeat(32)] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
