//! The health of the house, as numbers that are effects and not claims (rule R15): what waits, when something was last stored.

use crate::{may, words};
use db::{Lane, Rd};
use kernel::{Instant, format};
use web::parts::{Tone, facts, note, numbers};
use web::{City, Page, PageResult, Pass, Visit, html};

/// Nothing stored for so long is a reason to look.
const SLOW_MS: i64 = 10_000;

/// The page.
pub async fn page(visit: Visit, city: City) -> PageResult {
    let lang = visit.lang;
    let (messages, seal) = city
        .read(Lane::Comfort, |rd: &mut Rd<'_>| -> Result<_, db::Error> {
            Ok((notify::count_waiting(rd)?, cases::seal::latest(rd)?.into_iter().max_by_key(|seal| seal.at)))
        })
        .await?;
    let (now, last) = (city.now(), city.db.last_commit_ms());
    let ago = (last > 0).then(|| now.since(Instant(last)).max(0));
    let [life, duty, comfort] = city.db.depth().map(|n| format::number(i64::try_from(n).unwrap_or(i64::MAX), lang));
    let zone = &city.pack.zone;
    let seal = html! {
        @match &seal { Some(seal) => { "№ " (seal.no) " · " (format::moment(seal.at, zone)) " · " code { (seal.root.get(..12).unwrap_or_default()) } } None => (words::house_seal_none(lang)) }
    };
    let engine = if city.db.file().is_some() { "SQLite" } else { "PostgreSQL" };
    let mut told = vec![
        (words::house_now(lang), html! { (format::moment(now, zone)) }),
        (
            words::house_last_commit(lang),
            html! { @match ago { Some(ms) => (words::house_commit_ago(lang, ms / 1000)), None => (words::house_commit_none(lang)) } },
        ),
        (words::house_database(lang), html! { (engine) }),
        (
            words::house_pack(lang),
            html! { (city.pack.name.get(lang)) " " code { (city.pack.version.get(..12).unwrap_or_default()) } },
        ),
    ];
    if visit.passes(Pass::May(may::VERIFY_JOURNAL)) {
        told.push((words::house_seal(lang), seal));
    }
    Ok(Page::new(words::house_title(lang)).style(web::assets::HOUSE_CSS).desk().lead(words::house_lead(lang)).body(html! {
        @match ago {
            Some(ms) if ms > SLOW_MS => (note(Tone::Late, "triangle-alert", html! { p { (words::house_slow(lang)) } })),
            _ => (note(Tone::Done, "circle-check", html! { p { (words::house_fine(lang)) } })),
        }
        section.part {
            h2 { (words::house_queue(lang)) }
            (numbers(&[
                (life, words::house_queue_life(lang).to_owned(), None),
                (duty, words::house_queue_duty(lang).to_owned(), None),
                (comfort, words::house_queue_comfort(lang).to_owned(), None),
                (format::number(messages, lang), words::house_messages(lang).to_owned(), None),
            ]))
        }
        (facts(&told))
    }))
}
