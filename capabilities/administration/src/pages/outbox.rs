//! Outgoing mail and messages. Texts and addresses are personal: each reading stands in the log of looks.

use crate::{OUTBOX, words};
use db::{Lane, Tx};
use kernel::{Lang, format};
use notify::{Channel, Shown, State};
use web::parts::{Tone, chip, empty, pager, unbroken};
use web::{City, Markup, Mode, Page, PageResult, Paging, Trouble, Visit, html};

/// The page, newest first.
pub async fn page(visit: Visit, city: City, paging: Paging) -> PageResult {
    let by = visit.official().cloned().ok_or(Trouble::NotFound)?;
    let sealer = manifest::message_sealer(&city.keys);
    // One transaction: no text is shown whose look is not written down.
    let mut messages: Vec<Shown> = city
        .write(Lane::Duty, move |tx: &mut Tx<'_>| -> Result<_, Trouble> {
            let messages = notify::outbox(tx, &sealer, paging.before, Paging::ROWS + 1).map_err(Trouble::fault)?;
            let mut codes: Vec<&str> = messages.iter().take(ROWS).filter_map(|message| message.case_code.as_deref()).collect();
            codes.sort_unstable();
            codes.dedup();
            for code in codes {
                access::log_look(tx, &by, code, OUTBOX)?;
            }
            Ok(messages)
        })
        .await?;
    let more = messages.len() > ROWS;
    messages.truncate(ROWS);
    let last = messages.last().filter(|_| more).map(|message| message.id);
    let lang = visit.lang;
    Ok(Page::new(words::outbox_title(lang)).style(web::assets::HOUSE_CSS).desk().lead(words::outbox_lead(lang)).body(html! {
        @if messages.is_empty() { (empty("mail", words::outbox_none(lang), "", None)) }
        @for message in &messages { (draw(&city, message, lang)) }
        (pager(&visit, last))
    }))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 25
const ROWS: usize = Paging::ROWS as usize;

fn draw(city: &City, message: &Shown, lang: Lang) -> Markup {
    let channel = match message.channel {
        Channel::Sms => words::outbox_sms(lang),
        Channel::Mail => words::outbox_mail(lang),
    };
    let (tone, state) = match message.state {
        State::Waiting => (Tone::Soon, words::outbox_waiting(lang)),
        State::Sent => (Tone::Done, words::outbox_sent(lang)),
        State::Kept => (Tone::New, words::outbox_shown(lang)),
        State::Failed => (Tone::Late, words::outbox_failed(lang)),
    };
    let erased = words::outbox_erased(lang);
    html! {
        article.letter {
            p.letter-head {
                span {
                    b { (channel) } " · " time { (format::moment(message.created_at, &city.pack.zone)) }
                    @if let Some(code) = &message.case_code { " · " span.num { (code) } }
                }
                (chip(tone, state))
            }
            p.muted { (words::outbox_to(lang)) ": " (message.to.as_ref().map_or_else(|| erased.to_owned(), |to| notify::as_written(to.open()))) }
            @if let Some(subject) = &message.subject { p { b { (subject.open()) } } }
            p.text {
                @match &message.text {
                    None => (erased),
                    Some(text) => @for piece in text.open().split_inclusive(char::is_whitespace) { (shown(city, piece)) },
                }
            }
            @if let Some(error) = &message.error { p.muted { (error) } }
        }
    }
}

/// A word of a message. A private link opens somebody's report: it stays with its holder and is not readable here, except in a
/// demonstration, where everybody plays everybody.
fn shown(city: &City, piece: &str) -> Markup {
    let link = piece.trim_end().trim_end_matches(['.', ',', ';', ')']);
    let (after, (before, last)) = (&piece[link.len()..], link.rsplit_once('/').unwrap_or(("", link)));
    let ours = before.starts_with('/') || (!city.settings.base().is_empty() && before.starts_with(city.settings.base()));
    match (kernel::Token::parse(last).is_some(), city.settings.mode) {
        (true, Mode::Live) => html! { (before) "/…" (after) },
        (true, Mode::Demo) if ours => html! { a href=(link) { (link) } (after) },
        _ => unbroken(piece),
    }
}
