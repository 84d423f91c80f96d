//! What an official sees about herself: posts, open sessions, whose data she looked at.

use crate::words;
use access::{Official, looks, sessions::Session};
use db::{Lane, Rd};
use kernel::format;
use manifest::Purposes;
use web::parts::{Button, PostForm, Table, Tone, chip, empty, facts, note, pager};
use web::{City, Form, Markup, Page, PageResult, Paging, Trouble, Visit, html, see};

const LOOKS: i64 = 10;

/// The desk's door: leads to the first page that she may see.
pub async fn desk(visit: Visit) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let to = if by.must_change_password { "/desk/me/password" } else { visit.first_place().unwrap_or("/desk/me") };
    Ok(see(to))
}

/// Her page.
pub async fn page(visit: Visit, city: City, paging: Paging, purposes: Purposes) -> PageResult {
    let by = visit.official().cloned().ok_or(Trouble::NotFound)?;
    let sessions = city.access.sessions(&by).await?;
    let (asked, charter) = (by.clone(), city.access.charter());
    let (posts, looks) = city
        .read(Lane::Duty, move |rd: &mut Rd<'_>| -> Result<_, db::Error> {
            Ok((access::people::own_posts(rd, &charter, &asked)?, looks::of(rd, &asked, paging.before, LOOKS + 1)?))
        })
        .await?;
    let lang = visit.lang;
    let page = Page::new(words::me_title(lang)).style(web::assets::HOUSE_CSS).desk().tools(html! {
        (Button::link(words::me_password(lang), "/desk/me/password").quiet().slim().icon("key-round"))
    });
    Ok(page.body(html! {
        @if posts.is_empty() { (note(Tone::Soon, "info", html! { p { (words::me_no_post(lang)) } })) }
        section.part {
            h2 { (words::me_posts(lang)) }
            (facts(&[(words::me_sign_in(lang), html! { (by.sign_in) })]))
            (posts_table(&visit, &posts))
        }
        section.part {
            h2 { (words::me_sessions(lang)) }
            p.muted { (words::me_sessions_lead(lang)) " " (words::me_idle(lang, idle_minutes(&city, &by))) }
            (sessions_table(&visit, &sessions))
        }
        section.part {
            h2 { (words::me_looks(lang)) }
            p.muted { (words::me_looks_lead(lang)) }
            (looks_table(&visit, &looks, &purposes))
        }
    }))
}

fn idle_minutes(city: &City, by: &Official) -> i64 {
    let lives = city.access.settings().lifetimes;
    let idle = if by.may(access::may::MANAGE_OFFICIALS) { lives.idle_administration } else { lives.idle };
    i64::try_from(idle.as_secs() / 60).unwrap_or(15)
}

fn posts_table(visit: &Visit, posts: &[access::people::PostRow]) -> Markup {
    let (lang, pack) = (visit.lang, &visit.city().pack);
    let mut table = Table::new(words::me_posts(lang), [words::me_role(lang), words::me_unit(lang), words::me_since(lang)]);
    for post in posts {
        let role = pack.role(&post.role).map_or(post.role.as_str(), |role| role.name.get(lang));
        let unit = pack.units.get(&post.unit).map_or(post.unit.as_str(), |unit| unit.name.get(lang));
        table = table.row(vec![html! { (role) }, html! { (unit) }, html! { (format::day(post.post().from)) }]);
    }
    html! { @if !table.is_empty() { (table) } }
}

fn sessions_table(visit: &Visit, sessions: &[(Session, bool)]) -> Markup {
    let (lang, zone) = (visit.lang, &visit.city().pack.zone);
    let heads = [words::me_device(lang), words::me_opened(lang), words::me_seen(lang), ""];
    let mut table = Table::new(words::me_sessions(lang), heads);
    for (session, own) in sessions {
        let device = if session.device.is_empty() { words::me_device_unknown(lang) } else { session.device.as_str() };
        table = table.row(vec![
            html! { (device) @if *own { " " (chip(Tone::Done, words::me_this(lang))) } },
            html! { (format::moment(session.opened_at, zone)) },
            html! { (format::moment(session.seen_at, zone)) },
            html! {
                @if !own {
                    (PostForm::new(visit, "/desk/me/sessions/end").body(html! {
                        input type="hidden" name="session" value=(session.id);
                        (Button::submit(words::me_end(lang)).quiet().slim())
                    }))
                }
            },
        ]);
    }
    html! { (table) }
}

fn looks_table(visit: &Visit, looks: &[looks::Look], purposes: &Purposes) -> Markup {
    let (lang, zone) = (visit.lang, &visit.city().pack.zone);
    let shown = usize::try_from(LOOKS).unwrap_or(10);
    let mut table = Table::new(
        words::me_looks(lang),
        [words::me_looks_when(lang), words::me_looks_case(lang), words::me_looks_purpose(lang)],
    );
    for look in looks.iter().take(shown) {
        table = table.row(vec![
            html! { (format::moment(look.looked_at, zone)) },
            html! { (look.case_code) },
            html! { (purposes.words(&look.purpose, lang)) },
        ]);
    }
    html! {
        @if table.is_empty() { (empty("eye", words::me_looks_none(lang), "", None)) } @else { (table) }
        (pager(visit, looks.get(shown).and(looks.get(shown - 1)).map(|look| look.id)))
    }
}

/// Ends one of her own sessions.
pub async fn end_session(visit: Visit, city: City, form: Form) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let session = form.raw("session").parse::<i64>().map_err(|_| Trouble::NotFound)?;
    let said = match city.access.end_session(by, session).await {
        Ok(()) => words::me_ended(visit.lang),
        Err(access::Refusal::NotFound) => words::me_ended_already(visit.lang),
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(see("/desk/me").saying(said))
}
