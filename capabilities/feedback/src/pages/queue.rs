//! An official's queue: the open steps of her units, what the law runs out on first at the top.

use crate::names;
use crate::pages::standing::{due, state_chip};
use crate::report::KIND;
use crate::{may, words};
use access::Official;
use cases::store::Queued;
use db::Lane;
use kernel::{Instant, Lang, format, secret};
use maud::html;
use web::parts::{self, Table, due_bar};
use web::{City, Page, PageResult, Trouble, Visit};

/// Where the queue stands.
pub const PATH: &str = "/desk/reports";
const ROWS: usize = 25;

/// `GET /desk/reports`
pub async fn page(by: Official, city: City, visit: Visit) -> PageResult {
    let scope = by.scope(may::READ).ok_or(Trouble::NotFound)?;
    let after = place(visit.query.raw("after"));
    let limit = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    let mut found = city
        .read(Lane::Duty, move |rd| -> db::Result<Vec<Queued>> {
            let mut rows = cases::store::queue(rd, &scope, None, after.unwrap_or((Instant(i64::MIN), i64::MIN)), limit)?;
            if after.is_none() && rows.len() <= ROWS {
                // What has no clock waits at the end of the last page.
                rows.extend(cases::store::waiting(rd, &scope, i64::MIN, limit)?);
            }
            rows.retain(|row| row.case.kind == KIND);
            Ok(rows)
        })
        .await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let lang = visit.lang;
    let next = found.last().filter(|_| more).and_then(|row| Some(format!("{PATH}?after={}", written(row.due_at?, row.case.id))));
    let body = html! {
        @if found.is_empty() {
            (parts::empty("inbox", words::queue_none(lang), words::queue_none_hint(lang), None))
        } @else {
            (table(&city, &found, lang))
            @if next.is_some() || after.is_some() {
                nav.pager aria-label=(words::queue_title(lang)) {
                    @if after.is_some() { a.btn.quiet.slim href=(PATH) { (parts::icon("chevrons-left")) span { (words::queue_first(lang)) } } }
                    @if let Some(next) = &next { a.btn.quiet.slim href=(next) rel="next" { span { (words::queue_next(lang)) } (parts::icon("chevron-right")) } }
                }
            }
        }
    };
    Ok(Page::new(words::queue_title(lang)).desk().lead(words::queue_lead(lang)).style(web::assets::DATA_CSS).body(body))
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
        let term = due(case.received_at, row.due_at.or(case.due_at), now, lang);
        table.row(vec![
            html! { span.num { (case.code) } },
            html! {
                a.row-title href={ (PATH) "/" (case.code) } { (case.title) }
                span.muted.small { (names::category_name(&city.pack, &case.category, lang)) @if let Some(area) = area { " · " (area) } }
            },
            html! { (state_chip(case.public, false, lang)) },
            html! { (due_bar(&term)) @if let Some(at) = row.due_at { time.muted.small { (format::due(at, &city.pack.zone)) } } },
            html! { (names::unit_short(&city.pack, &case.unit, lang)) },
        ])
    })
}

/// A place in the queue as links carry it: it opens nothing that the scope does not hold.
fn written(due: Instant, id: i64) -> String {
    secret::hex(&[due.ms().to_be_bytes(), id.to_be_bytes()].concat())
}

fn place(text: &str) -> Option<(Instant, i64)> {
    let part = |at: usize| {
        text.get(at..at + 16)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(|bits| i64::from_be_bytes(bits.to_be_bytes()))
    };
    (text.len() == 32).then_some(())?;
    Some((Instant(part(0)?), part(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_queue_survives_the_link() {
        for (due, id) in [(0, 1), (-5, 7), (i64::MAX, i64::MIN)] {
            assert_eq!(place(&written(Instant(due), id)), Some((Instant(due), id)));
        }
        for wrong in ["", "x", &"g".repeat(32), &"ễ".repeat(16)] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
