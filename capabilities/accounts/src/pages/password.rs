//! An official changes her password. All her sessions end; the browser that asked gets a fresh one.

use crate::words;
use access::{Refusal, password::SHORTEST};
use axum::http::{HeaderValue, header};
use kernel::{Lang, Private};
use web::parts::{Button, PostForm, Text, Tone, error_summary, note};
use web::{Checked, City, Form, Page, PageResult, Sender, Trouble, Typed, Visit, html, see};

struct Fields {
    old: Typed<Private<String>>,
    new: Typed<Private<String>>,
    again: Typed<Private<String>>,
}

/// The page with the form.
pub async fn page(visit: Visit) -> PageResult {
    Ok(draw(&visit, &Fields { old: Typed::empty("old"), new: Typed::empty("new"), again: Typed::empty("again") }))
}

/// Changes it.
pub async fn submit(visit: Visit, city: City, form: Form, from: Sender) -> PageResult {
    let by = visit.official().ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let mut fields =
        Fields { old: secret(&form, "old", lang), new: secret(&form, "new", lang), again: secret(&form, "again", lang) };
    if fields.new.value.is_some() && fields.again.value.is_some() && fields.new.value != fields.again.value {
        fields.again.refuse(words::password_differs(lang));
    }
    if Checked::new(&[&fields.old, &fields.new, &fields.again]).mistakes() > 0 {
        return Ok(draw(&visit, &fields));
    }
    let (Some(old), Some(new)) = (fields.old.value.clone(), fields.new.value.clone()) else { return Ok(draw(&visit, &fields)) };
    match city.access.change_password(by, old, new, &from.browser).await {
        Ok(token) => {
            let line = HeaderValue::from_str(&token.cookie(city.settings.secure())).map_err(Trouble::fault)?;
            Ok(see("/desk/me").saying(words::password_changed(lang)).header(header::SET_COOKIE, line))
        }
        Err(refusal @ Refusal::WrongPassword) => {
            fields.old.refuse(refusal.text(lang));
            Ok(draw(&visit, &fields))
        }
        Err(
            refusal @ (Refusal::PasswordTooShort | Refusal::PasswordTooLong | Refusal::PasswordEasy | Refusal::PasswordUnchanged),
        ) => {
            fields.new.refuse(refusal.text(lang));
            Ok(draw(&visit, &fields))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn secret(form: &Form, name: &'static str, lang: Lang) -> Typed<Private<String>> {
    form.field(name, |raw| {
        if raw.is_empty() { Err(words::password_missing(lang).to_owned()) } else { Ok(Private::new(raw.to_owned())) }
    })
}

fn draw(visit: &Visit, fields: &Fields) -> Page {
    let lang = visit.lang;
    let checked = Checked::new(&[&fields.old, &fields.new, &fields.again]);
    let first = visit.official().is_some_and(|by| by.must_change_password);
    let page = Page::new(words::password_title(lang))
        .style(web::assets::HOUSE_CSS)
        .desk()
        .crumb(words::me_title(lang), "/desk/me")
        .lead(words::password_lead(lang));
    let hint = words::password_new_hint(lang, SHORTEST);
    page.wrong(checked.mistakes()).body(html! {
        div.slim-form {
            @if first { (note(Tone::Soon, "key-round", html! { p { (words::password_first(lang)) } })) }
            (error_summary(lang, &checked))
            (PostForm::new(visit, "/desk/me/password").body(html! {
                (Text::new(lang, &fields.old, words::password_old(lang)).kind("password").autocomplete("current-password"))
                (Text::new(lang, &fields.new, words::password_new(lang)).hint(hint).kind("password").autocomplete("new-password"))
                (Text::new(lang, &fields.again, words::password_again(lang)).kind("password").autocomplete("new-password"))
                p.actions { (Button::submit(words::password_button(lang)).icon("key-round")) }
            }))
        }
    })
}
