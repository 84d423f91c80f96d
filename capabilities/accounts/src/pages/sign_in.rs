//! An official signs in and out. A resident never needs this page.

use crate::{demo, words};
use access::{Attempt, Refusal, cookie_gone, cookie_name};
use axum::http::{HeaderMap, HeaderValue, header};
use kernel::Private;
use web::parts::{Button, PostForm, Text, Tone, error_summary, note, plate};
use web::{Checked, City, Form, Markup, Mode, Page, PageResult, Sender, Trouble, Typed, Visit, html, see};

/// The form as it was typed.
struct Fields {
    sign_in: Typed<String>,
    password: Typed<Private<String>>,
    next: String,
}

/// The page with the form.
pub async fn page(visit: Visit) -> PageResult {
    if visit.official().is_some() {
        return Ok(see(own(visit.query.raw("next")).unwrap_or("/desk")));
    }
    let next = own(visit.query.raw("next")).unwrap_or_default().to_owned();
    let fields = Fields { sign_in: Typed::filled("sign_in", visit.query.raw("name")), password: Typed::empty("password"), next };
    Ok(draw(&visit, &fields, None))
}

/// Signs in: a fresh session, whatever cookie came along.
pub async fn submit(visit: Visit, city: City, form: Form, from: Sender, headers: HeaderMap) -> PageResult {
    let lang = visit.lang;
    let fields = Fields {
        sign_in: form.text("sign_in", 100, words::sign_in_name_missing),
        password: form.field("password", |raw| {
            if raw.is_empty() { Err(words::sign_in_password_missing(lang).to_owned()) } else { Ok(Private::new(raw.to_owned())) }
        }),
        next: own(form.raw("next")).unwrap_or_default().to_owned(),
    };
    let (Some(sign_in), Some(password)) = (&fields.sign_in.value, &fields.password.value) else {
        return Ok(draw(&visit, &fields, None));
    };
    let attempt = Attempt {
        sign_in: sign_in.clone(),
        password: password.clone(),
        address: from.address,
        device: from.browser,
        replaces: cookie(&headers, cookie_name(city.settings.secure())),
    };
    match city.access.sign_in(attempt).await {
        Ok(session) => {
            let to = match (&session.official, fields.next.as_str()) {
                (official, _) if official.must_change_password => "/desk/me/password",
                (_, "") => "/desk",
                (_, next) => next,
            };
            let line = HeaderValue::from_str(&session.token.cookie(city.settings.secure())).map_err(Trouble::fault)?;
            Ok(see(to).saying(words::sign_in_welcome(lang, &session.official.name)).header(header::SET_COOKIE, line))
        }
        Err(Refusal::Fault(fault)) => Err(fault.into()),
        Err(refusal) => Ok(draw(&visit, &fields, Some(&refusal))),
    }
}

/// Signs out.
pub async fn leave(visit: Visit, city: City) -> PageResult {
    if let Some(official) = visit.official() {
        city.access.sign_out(official).await?;
    }
    let line = HeaderValue::from_str(&cookie_gone(city.settings.secure())).map_err(Trouble::fault)?;
    Ok(see("/").saying(words::signed_out(visit.lang)).header(header::SET_COOKIE, line))
}

fn draw(visit: &Visit, fields: &Fields, refusal: Option<&Refusal>) -> Page {
    let lang = visit.lang;
    let checked = Checked::new(&[&fields.sign_in, &fields.password]);
    let page = Page::new(words::sign_in_title(lang))
        .style(web::assets::HOUSE_CSS)
        .lead(words::sign_in_lead(lang))
        .wrong(checked.mistakes());
    let page = match refusal {
        Some(refusal) => page.wrong(1).status(refusal.status()),
        None => page,
    };
    page.body(html! {
        div.slim-form {
            @if let Some(refusal) = refusal { div role="alert" { (note(Tone::Late, "circle-alert", html! { p { (refusal.text(lang)) } })) } }
            (error_summary(lang, &checked))
            (PostForm::new(visit, "/sign-in").body(html! {
                input type="hidden" name="next" value=(fields.next);
                (Text::new(lang, &fields.sign_in, words::sign_in_name(lang)).autocomplete("username"))
                (Text::new(lang, &fields.password, words::sign_in_password(lang)).kind("password").autocomplete("current-password"))
                p.actions { (Button::submit(words::sign_in_button(lang)).icon("log-in")) }
            }))
            p.muted { (words::sign_in_forgotten(lang)) }
        }
        (demo_people(visit))
    })
}

/// In a demonstration, and nowhere else, the page says whom one can be.
fn demo_people(visit: &Visit) -> Markup {
    let (city, lang) = (visit.city(), visit.lang);
    let people = if city.settings.mode == Mode::Demo { demo::people(&city.pack) } else { &[] };
    html! {
        @if !people.is_empty() {
            section.part {
                p { (words::sign_in_demo(lang)) " " (plate(demo::PASSWORD)) }
                ul.who {
                    @for person in people {
                        li {
                            a href={ "/sign-in?name=" (person.sign_in) } { (person.sign_in) }
                            span { (person.name) small { (person.post(&city.pack, lang)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A path of our own house: where a sign-in may lead.
fn own(path: &str) -> Option<&str> {
    let sound =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']) && !path.starts_with("/sign-");
    sound.then_some(path)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn a_sign_in_leads_to_our_own_pages_only() {
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: x", "", "/sign-out", "desk"]
        {
            assert_eq!(own(path), None, "{path}");
        }
        assert_eq!(own("/desk/me?x=1"), Some("/desk/me?x=1"));
    }
}
