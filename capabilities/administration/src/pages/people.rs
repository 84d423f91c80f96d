//! The officials: the list, one of them, and what can be changed about her. Whoever changes something writes her own password again.

use super::{role_name, role_options, unit_name, unit_options};
use crate::words;
use access::may::{MANAGE_OFFICIALS, READ_OFFICIALS};
use access::people::{self, Act, By, Person, PostRow};
use access::{Charter, Official, Refusal};
use db::{Lane, Rd, Tx};
use kernel::{Lang, Private, format};
use web::parts::{
    Button, Moment, PostForm, Radios, Select, Table, Text, Tone, chip, empty, error_summary, pager_onward, timeline,
};
use web::{Checked, City, Form, Markup, Page, PageResult, Paging, Pass, Path, Trouble, Typed, Visit, html, see};

/// The list: by units as they stand in the pack, and in a unit by what people sign in with.
pub async fn list(visit: Visit, city: City, paging: Paging) -> PageResult {
    let scope = visit.official().and_then(|by| by.scope(READ_OFFICIALS)).ok_or(Trouble::NotFound)?;
    let order: Vec<String> = city.pack.units.all().map(|unit| unit.key.clone()).collect();
    let mut people: Vec<(Person, Vec<PostRow>)> = city
        .read(Lane::Duty, move |rd: &mut Rd<'_>| -> Result<_, db::Error> {
            let people = people::list(rd, &scope, &order, paging.before, ROWS + 1)?;
            people.into_iter().map(|person| Ok((person.clone(), people::posts_of(rd, &person)?))).collect()
        })
        .await?;
    let more = people.len() > ROWS;
    people.truncate(ROWS);
    let last = people.last().filter(|_| more).map(|(person, _)| person.id);
    let lang = visit.lang;
    let heads = [words::people_name(lang), words::people_sign_in(lang), words::people_posts(lang), words::people_state(lang)];
    let mut table = Table::new(words::people_title(lang), heads);
    for (person, posts) in &people {
        table = table.row(vec![
            html! { a href={ "/desk/people/of/" (person.sign_in) } { (person.name) } },
            html! { (person.sign_in) },
            post_lines(&city, posts, lang),
            state(person, lang),
        ]);
    }
    let page = Page::new(words::people_title(lang)).style(web::assets::HOUSE_CSS).desk().lead(words::people_lead(lang)).tools(html! {
        @if visit.passes(Pass::May(MANAGE_OFFICIALS)) { (Button::link(words::people_add(lang), "/desk/people/add").slim().icon("user-plus")) }
    });
    Ok(page.body(html! {
        @if table.is_empty() { (empty("users", words::people_none(lang), "", None)) } @else { (table) }
        (pager_onward(&visit, last))
    }))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 25
const ROWS: usize = Paging::ROWS as usize;

fn state(person: &Person, lang: Lang) -> Markup {
    match (person.disabled_at, person.one_time_until) {
        (Some(_), _) => chip(Tone::Plain, words::people_closed(lang)),
        (None, Some(_)) => chip(Tone::Soon, words::people_one_time(lang)),
        (None, None) => chip(Tone::Done, words::people_open(lang)),
    }
}

fn post_lines(city: &City, posts: &[PostRow], lang: Lang) -> Markup {
    let today = city.today();
    let held: Vec<&PostRow> = posts.iter().filter(|row| row.post().holds_on(today)).collect();
    html! {
        @if held.is_empty() { span.muted { (words::people_no_post(lang)) } }
        @for (n, row) in held.iter().enumerate() {
            @if n > 0 { br; }
            (words::post_line(lang, role_name(&city.pack, &row.role, lang), unit_name(&city.pack, &row.unit, lang)))
        }
    }
}

/// The form as it was typed.
struct Fields {
    act: Typed<String>,
    role: Typed<String>,
    unit: Typed<String>,
    own: Typed<String>,
}

/// All that the page of one official shows.
struct View {
    person: Person,
    posts: Vec<PostRow>,
    acts: Vec<Act>,
    units: Vec<String>,
}

async fn view(city: &City, by: &Official, sign_in: &str) -> Result<View, Trouble> {
    let scope = by.scope(READ_OFFICIALS).ok_or(Trouble::NotFound)?;
    let manages = by.scope(MANAGE_OFFICIALS);
    let sign_in = sign_in.to_owned();
    city.read(Lane::Duty, move |rd: &mut Rd<'_>| -> Result<View, Trouble> {
        let person = people::find(rd, &scope, &sign_in)?.ok_or(Trouble::NotFound)?;
        let posts = people::posts_of(rd, &person)?;
        let acts = people::acts_of(rd, &person, 30)?;
        let units = manages.map_or(Ok(Vec::new()), |scope| people::units(rd, &scope))?;
        Ok(View { person, posts, acts, units })
    })
    .await
}

/// The page of one official.
pub async fn one(visit: Visit, city: City, Path(sign_in): Path<String>) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let view = view(&city, by, &sign_in).await?;
    let fields =
        Fields { act: Typed::empty("act"), role: Typed::empty("role"), unit: Typed::empty("unit"), own: Typed::empty("own") };
    Ok(draw(&visit, &city, &view, &fields))
}

/// What can be done to an account.
enum Wish {
    Give { role: String, unit: String },
    End(i64),
    Reset,
    Close,
    Reopen,
}

/// Does one of them.
pub async fn change(visit: Visit, city: City, Path(sign_in): Path<String>, form: Form) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let generation = form.version()?;
    let view = view(&city, by, &sign_in).await?;
    let giving = form.raw("act") == "give";
    let chosen =
        |name, missing: fn(Lang) -> &'static str| if giving { form.text(name, 64, missing) } else { form.short(name, 64) };
    let mut fields = Fields {
        act: form.text("act", 40, words::person_act_choose),
        role: chosen("role", words::add_role_missing),
        unit: chosen("unit", words::add_unit_missing),
        own: form.text("own", 200, words::person_own_password_missing),
    };
    let wish = match (fields.act.value.as_deref(), &fields.role.value, &fields.unit.value) {
        (Some("give"), Some(role), Some(unit)) => Some(Wish::Give { role: role.clone(), unit: unit.clone() }),
        (Some("reset"), ..) => Some(Wish::Reset),
        (Some("close"), ..) => Some(Wish::Close),
        (Some("reopen"), ..) => Some(Wish::Reopen),
        (Some(other), ..) => other.strip_prefix("end-").and_then(|id| id.parse().ok()).map(Wish::End),
        (None, ..) => None,
    };
    if wish.is_none() && fields.act.error.is_none() && !giving {
        fields.act.refuse(words::person_act_choose(lang));
    }
    let (Some(wish), Some(own)) = (wish, fields.own.value.clone()) else { return Ok(draw(&visit, &city, &view, &fields)) };
    match city.access.confirm(by, Private::new(own)).await {
        Err(refusal @ Refusal::WrongPassword) => {
            fields.own.refuse(refusal.text(lang));
            return Ok(draw(&visit, &city, &view, &fields));
        }
        other => other?,
    }
    let (by, charter) = (By::Official(Box::new(by.clone())), city.access.charter());
    let done = match wish {
        Wish::Reset => {
            let once = city.access.reset_password(by, sign_in.clone(), generation).await;
            match once {
                Ok(once) => return Ok(super::add::once(&visit, &view.person.name, &sign_in, &once)),
                Err(refusal) => Err(refusal),
            }
        }
        wish => {
            let whom = sign_in.clone();
            city.write(Lane::Duty, move |tx| act(tx, &charter, &by, &whom, generation, &wish)).await
        }
    };
    match done {
        Ok(()) => Ok(see(format!("/desk/people/of/{sign_in}")).saying(words::done(lang))),
        Err(Refusal::NotFound) => Err(Trouble::NotFound),
        Err(Refusal::Fault(fault)) => Err(fault.into()),
        Err(refusal) => {
            fields.act.refuse(refusal.text(lang));
            Ok(draw(&visit, &city, &view, &fields))
        }
    }
}

fn act(tx: &mut Tx<'_>, charter: &Charter, by: &By, whom: &str, generation: i64, wish: &Wish) -> Result<(), Refusal> {
    match wish {
        Wish::Give { role, unit } => people::give_post(tx, charter, by, whom, generation, role, unit),
        Wish::End(post) => people::end_post(tx, charter, by, whom, generation, *post),
        Wish::Close => people::close(tx, charter, by, whom, generation),
        Wish::Reopen => people::reopen(tx, charter, by, whom, generation),
        Wish::Reset => Ok(()),
    }
}

fn draw(visit: &Visit, city: &City, view: &View, fields: &Fields) -> Page {
    let (lang, person) = (visit.lang, &view.person);
    let checked = Checked::new(&[&fields.act, &fields.role, &fields.unit, &fields.own]);
    let page = Page::new(person.name.clone())
        .style(web::assets::HOUSE_CSS)
        .desk()
        .crumb(words::people_title(lang), "/desk/people")
        .wrong(checked.mistakes());
    page.body(html! {
        p.state { (state(person, lang)) }
        (web::parts::facts(&[
            (words::people_sign_in(lang), html! { (person.sign_in) }),
            (words::person_since(lang), html! { (format::day(person.created_at.day(&city.pack.zone))) }),
            (words::people_posts(lang), all_posts(city, &view.posts, lang)),
        ]))
        @if visit.passes(Pass::May(MANAGE_OFFICIALS)) {
            section.part {
                h2 { (words::person_manage(lang)) }
                div.slim-form {
                (error_summary(lang, &checked))
                (PostForm::new(visit, format!("/desk/people/of/{}", person.sign_in)).version(person.generation).body(html! {
                    (Radios::new(lang, &fields.act, words::person_act_choose(lang), wishes(city, view, lang)))
                    (Select::new(lang, &fields.role, words::person_post_role(lang), role_options(&city.pack, lang)).hint(words::person_post_hint(lang)))
                    (Select::new(lang, &fields.unit, words::person_post_unit(lang), unit_options(city, &view.units, lang)))
                    (Text::new(lang, &fields.own, words::person_own_password(lang)).hint(words::person_own_password_hint(lang)).kind("password").autocomplete("current-password"))
                    p.actions { (Button::submit(words::person_do(lang))) }
                }))
                }
            }
        }
        section.part {
            h2 { (words::person_acts(lang)) }
            (timeline(&view.acts.iter().map(|act| moment(city, act, lang)).collect::<Vec<_>>()))
        }
    })
}

/// All posts, those that have ended with their last day.
fn all_posts(city: &City, posts: &[PostRow], lang: Lang) -> Markup {
    let line = |row: &PostRow| {
        let (role, unit) = (role_name(&city.pack, &row.role, lang), unit_name(&city.pack, &row.unit, lang));
        match row.post().to {
            None => words::post_line(lang, role, unit),
            Some(day) => words::post_ended(lang, format::day(day), role, unit),
        }
    };
    html! { @for (n, row) in posts.iter().enumerate() { @if n > 0 { br; } (line(row)) } }
}

fn wishes(city: &City, view: &View, lang: Lang) -> Vec<(String, String, Option<String>)> {
    let today = city.today();
    let plain = |key: &str, label: &str| (key.to_owned(), label.to_owned(), None);
    let mut all = vec![plain("give", words::do_give(lang))];
    for row in view.posts.iter().filter(|row| row.post().holds_on(today)) {
        let label = words::do_end(lang, role_name(&city.pack, &row.role, lang), unit_name(&city.pack, &row.unit, lang));
        all.push((format!("end-{}", row.id), label, None));
    }
    all.push(plain("reset", words::do_reset(lang)));
    all.push(if view.person.disabled_at.is_none() {
        plain("close", words::do_close(lang))
    } else {
        plain("reopen", words::do_reopen(lang))
    });
    all
}

fn moment(city: &City, act: &Act, lang: Lang) -> Moment {
    let role = act.role.as_deref().map(|key| role_name(&city.pack, key, lang)).unwrap_or_default();
    let unit = act.unit.as_deref().map(|key| unit_name(&city.pack, key, lang)).unwrap_or_default();
    let title = match act.verb.as_str() {
        "added" => words::verb_added(lang).to_owned(),
        "closed" => words::verb_closed(lang).to_owned(),
        "opened" => words::verb_opened(lang).to_owned(),
        "post-given" => words::verb_post_given(lang, role, unit),
        "post-ended" => words::verb_post_ended(lang, role, unit),
        "password-reset" => words::verb_password_reset(lang).to_owned(),
        "password-changed" => words::verb_password_changed(lang).to_owned(),
        other => other.to_owned(),
    };
    Moment {
        when: format::moment(act.acted_at, &city.pack.zone),
        title,
        by: Some(act.by_name.clone()),
        body: None,
        tone: Tone::Plain,
    }
}
