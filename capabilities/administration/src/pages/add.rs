//! A new official. Her one-time password is made here and shown once.

use super::{role_options, unit_options};
use crate::words;
use access::may::MANAGE_OFFICIALS;
use access::people::{self, By, ONE_TIME_FOR};
use access::{Official, Refusal};
use db::{Lane, Rd};
use kernel::Private;
use web::parts::{Button, PostForm, Select, Text, Tone, error_summary, note, plate};
use web::{Checked, City, Form, Page, PageResult, Trouble, Typed, Visit, html};

struct Fields {
    name: Typed<String>,
    sign_in: Typed<String>,
    role: Typed<String>,
    unit: Typed<String>,
    own: Typed<String>,
}

async fn units(city: &City, by: &Official) -> Result<Vec<String>, Trouble> {
    let scope = by.scope(MANAGE_OFFICIALS).ok_or(Trouble::NotFound)?;
    city.read(Lane::Duty, move |rd: &mut Rd<'_>| -> Result<_, Trouble> { Ok(people::units(rd, &scope)?) }).await
}

/// The page with the form.
pub async fn page(visit: Visit, city: City) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let units = units(&city, by).await?;
    let empty = Fields {
        name: Typed::empty("name"),
        sign_in: Typed::empty("sign_in"),
        role: Typed::empty("role"),
        unit: Typed::empty("unit"),
        own: Typed::empty("own"),
    };
    Ok(draw(&visit, &city, &units, &empty))
}

/// Adds her.
pub async fn submit(visit: Visit, city: City, form: Form) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let mut fields = Fields {
        name: form.text("name", 100, words::add_name_missing),
        sign_in: form.text("sign_in", 40, words::add_sign_in_missing),
        role: form.text("role", 64, words::add_role_missing),
        unit: form.text("unit", 64, words::add_unit_missing),
        own: form.text("own", 200, words::person_own_password_missing),
    };
    let units = units(&city, by).await?;
    let (Some(name), Some(sign_in), Some(role), Some(unit), Some(own)) =
        (&fields.name.value, &fields.sign_in.value, &fields.role.value, &fields.unit.value, &fields.own.value)
    else {
        return Ok(draw(&visit, &city, &units, &fields));
    };
    let (name, sign_in) = (name.clone(), people::sign_in_name(sign_in).unwrap_or_else(|| sign_in.clone()));
    let added = match city.access.confirm(by, Private::new(own.clone())).await {
        Ok(()) => {
            city.access.add(By::Official(Box::new(by.clone())), sign_in.clone(), name.clone(), role.clone(), unit.clone()).await
        }
        Err(refusal) => Err(refusal),
    };
    let field = match &added {
        Ok(once_password) => return Ok(once(&visit, &name, &sign_in, once_password)),
        Err(Refusal::WrongPassword) => &mut fields.own,
        Err(Refusal::SignInShape | Refusal::SignInTaken) => &mut fields.sign_in,
        Err(Refusal::NameMissing) => &mut fields.name,
        Err(Refusal::UnknownRole | Refusal::BeyondYou) => &mut fields.role,
        Err(Refusal::UnknownUnit) => &mut fields.unit,
        Err(_) => {
            added?;
            return Err(Trouble::NotFound);
        }
    };
    if let Err(refusal) = &added {
        field.refuse(refusal.text(lang));
    }
    Ok(draw(&visit, &city, &units, &fields))
}

fn draw(visit: &Visit, city: &City, units: &[String], fields: &Fields) -> Page {
    let lang = visit.lang;
    let checked = Checked::new(&[&fields.name, &fields.sign_in, &fields.role, &fields.unit, &fields.own]);
    let page = Page::new(words::add_title(lang))
        .style(web::assets::HOUSE_CSS)
        .desk()
        .crumb(words::people_title(lang), "/desk/people")
        .lead(words::add_lead(lang));
    page.wrong(checked.mistakes()).body(html! {
        div.slim-form {
            (error_summary(lang, &checked))
            (PostForm::new(visit, "/desk/people/add").body(html! {
                (Text::new(lang, &fields.name, words::people_name(lang)).autocomplete("off"))
                (Text::new(lang, &fields.sign_in, words::people_sign_in(lang)).hint(words::add_sign_in_hint(lang)).autocomplete("off"))
                (Select::new(lang, &fields.role, words::person_post_role(lang), role_options(&city.pack, lang)))
                (Select::new(lang, &fields.unit, words::person_post_unit(lang), unit_options(city, units, lang)))
                (Text::new(lang, &fields.own, words::person_own_password(lang)).hint(words::person_own_password_hint(lang)).kind("password").autocomplete("current-password"))
                p.actions { (Button::submit(words::add_button(lang)).icon("user-plus")) }
            }))
        }
    })
}

/// The page that shows a one-time password, once.
pub(super) fn once(visit: &Visit, name: &str, sign_in: &str, password: &Private<String>) -> Page {
    let lang = visit.lang;
    let days = i64::try_from(ONE_TIME_FOR.as_secs() / 86_400).unwrap_or(7);
    Page::new(words::once_title(lang)).style(web::assets::HOUSE_CSS).desk().crumb(words::people_title(lang), "/desk/people").body(
        html! {
            (note(Tone::Soon, "key-round", html! { p { (words::once_lead(lang, days, name)) } }))
            p { (plate(password.open())) }
            p.actions { (Button::link(words::once_back(lang, name), format!("/desk/people/of/{sign_in}")).quiet()) }
        },
    )
}
