//! Keys that nobody asked for, and those that only the city itself sets, sent to every door that takes something (A5): they have no effect.

use crate::world::{ANSWER, SQUARE, Who, World, house, json};
use axum::http::Method;
use db::Lane;
use kernel::Key;
use std::collections::BTreeSet;
use testkit::{Person, TestCity, WebForm, both};

/// What somebody might try to slip in.
const SLIPPED: &[(&str, &str)] = &[
    ("id", "1"),
    ("case_id", "1"),
    ("code", "PA-26-000001"),
    ("kind", "rescue"),
    ("state", "answered"),
    ("public_state", "answered"),
    ("public", "answered"),
    ("published_at", "1"),
    ("published", "true"),
    ("closed_at", "1"),
    ("received_at", "1"),
    ("due_at", "1"),
    ("confidentiality", "0"),
    ("confidential", "false"),
    ("priority", "9"),
    ("flags", "63"),
    ("unit", "city-committee"),
    ("unit_key", "city-committee"),
    ("area", "dong-hai"),
    ("channel", "phone"),
    ("title", "Tiêu đề của người khác"),
    ("lead", "Dẫn của người khác"),
    ("head", "00"),
    ("parent", "1"),
    ("how", "imported"),
    ("severity", "emergency"),
    ("definition_key", "x"),
    ("answered_by", "city-committee"),
    ("official", "1"),
    ("official_id", "1"),
    ("actor", "system"),
    ("by", "hai-an"),
    ("role", "administrator"),
    ("permissions", "official.manage"),
    ("permission", "report.publish"),
    ("reach", "city"),
    ("generation", "0"),
    ("must_change_password", "0"),
    ("link", "00000000000000000000000000"),
    ("party", "2"),
    ("__proto__", "x"),
    ("constructor", "x"),
    ("_method", "DELETE"),
];

/// The form with everything slipped in that it does not have a field for.
fn slipped(mut form: WebForm) -> WebForm {
    let own: Vec<String> = form.names().to_vec();
    for (key, value) in SLIPPED {
        if !own.iter().any(|name| name == key) {
            form = form.force(key, value);
        }
    }
    form
}

/// What the city has of a report, without what two reports cannot share.
async fn kept(city: &TestCity, code: &str) -> String {
    let code = code.to_owned();
    let read = city.city.read(Lane::Duty, move |rd| -> Result<String, cases::Refusal> {
        let case = cases::find_for_system(rd, &code)?.ok_or(db::Error::NotFound)?;
        let steps: Vec<_> = cases::steps(rd, case.id)?
            .into_iter()
            .map(|step| (step.no, step.unit, step.taken_at.is_some(), step.done_at.is_some(), step.note))
            .collect();
        let history: Vec<_> = cases::history(rd, case.id)?
            .into_iter()
            .map(|line| (line.verb, format!("{:?}", line.actor), line.payload.map(|words| words.text().to_owned())))
            .collect();
        Ok(format!(
            "{:?}",
            (
                (&case.kind, &case.state, case.public, case.flags, &case.category, &case.area, &case.unit, &case.title),
                (&case.lead, case.priority, case.confidentiality, &case.channel, case.version, case.due_at),
                (case.published_at.is_some(), case.closed_at.is_some(), case.received_at),
                (steps, history),
            )
        ))
    });
    read.await.unwrap_or_else(|e| panic!("{e:?}"))
}

/// Sends a report, plain or with all that is slipped in; gives its code and private path. Each comes from a browser of its own: the same words
/// from the same one would be the same report.
async fn sends(person: &Person, category: &str, slip: bool) -> (String, String) {
    let form = person.form("/report", "/report").await;
    let form = form.fill("category", category).fill("text", "Ổ gà sâu giữa đường, nước đọng.").force("point", SQUARE);
    let form = form.fill("ward", "hoa-binh").fill("phone", "0905 123 456");
    let form = if slip { slipped(form) } else { form };
    let page = form.press("go", "send").send().await;
    page.is(200).shows("Đã nhận phản ánh");
    let thing = crate::world::thing(&page);
    (thing.code, format!("/f/{}", thing.token))
}

/// One act on a report, plain or with all that is slipped in.
async fn acts(person: &Person, page: &str, action: &str, fields: &[(&str, &str)], slip: bool) {
    let mut form = person.form(page, action).await;
    for (name, value) in fields {
        form = form.force(name, value);
    }
    let form = if slip { slipped(form) } else { form };
    let answer = form.send_only().await;
    assert!(answer.status.is_redirection() || answer.status.is_success(), "{action}: {}", answer.status);
}

#[tokio::test]
async fn what_is_slipped_into_a_form_has_no_effect() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let mut tried: BTreeSet<&str> = BTreeSet::new();
        for category in ["pothole", "conduct"] {
            let mut kept_of = Vec::new();
            for slip in [false, true] {
                let (code, link) = sends(&world.city.lan(), category, slip).await;
                let desk = format!("/desk/reports/{code}");
                let hoa = world.person(Who::Dispatcher);
                let mut all = vec![kept(&world.city, &code).await];
                tried.insert("/report");
                for (door, page, act, fields) in [
                    ("/f/{token}", &link, String::new(), &[("word", "Vẫn còn nguyên.")][..]),
                    ("/desk/reports/{code}/take", &desk, "/take".to_owned(), &[]),
                    ("/desk/reports/{code}/contact", &desk, "/contact".to_owned(), &[("purpose", "Gọi lại.")]),
                    ("/desk/reports/{code}/forward", &desk, "/forward".to_owned(), &[("unit", "lighting-company")]),
                    ("/desk/reports/{code}/answer", &desk, "/answer".to_owned(), &[("answer", ANSWER)]),
                ] {
                    let person = if door.starts_with("/f/") { world.person(Who::HolderA) } else { hoa };
                    acts(person, page, &format!("{page}{act}"), fields, slip).await;
                    tried.insert(door);
                    all.push(kept(&world.city, &code).await);
                }
                let publish = format!("{desk}/publish");
                acts(hoa, &publish, &publish, &[], slip).await;
                tried.insert("/desk/reports/{code}/publish");
                all.push(kept(&world.city, &code).await);
                let (code, _) = sends(&world.city.lan(), category, slip).await;
                let desk = format!("/desk/reports/{code}");
                acts(hoa, &desk, &format!("{desk}/archive"), &[("reason", "Trùng.")], slip).await;
                tried.insert("/desk/reports/{code}/archive");
                all.push(kept(&world.city, &code).await);
                kept_of.push(all);
            }
            assert_eq!(kept_of[0], kept_of[1], "something that was slipped in had an effect");
        }
        tried.extend(the_api(&world).await);
        tried.extend(the_accounts(&world).await);
        let doors = world.city.doors.iter().filter(|door| door.method == Method::POST);
        let untried: Vec<&str> = doors.map(|door| door.path).filter(|path| !tried.contains(path)).collect();
        assert!(untried.is_empty(), "nobody slips anything into {untried:?}: say how in access_protected.rs");
    })
    .await;
}

/// The API names the key that it does not know, and keeps nothing.
async fn the_api(world: &World) -> Vec<&'static str> {
    let program = world.person(Who::Stranger);
    let before = world.city.digest(&[]).await;
    for (key, value) in SLIPPED {
        let mut body = json("/api/v1/reports");
        body[*key] = (*value).into();
        let answer = program.calls("/api/v1/reports", Some(Key::random().as_str()), &body).await;
        assert_eq!(answer.status.as_u16(), 422, "{key}");
        let mut body = json("/api/v1/reports");
        body["contact"] = serde_json::json!({ *key: value });
        let answer = program.calls("/api/v1/reports", Some(Key::random().as_str()), &body).await;
        assert_eq!(answer.status.as_u16(), 422, "contact.{key}");
    }
    assert_eq!(before, world.city.digest(&[]).await, "a refused report left something");
    vec!["/api/v1/reports"]
}

/// Rights do not come with a form.
async fn the_accounts(world: &World) -> Vec<&'static str> {
    let city = &world.city;
    // Tuấn signs in, with the rights of an administrator written beside his password.
    let tuan = city.stranger();
    let form = tuan.form("/sign-in", "/sign-in").await.fill("sign_in", "tuan").fill("password", testkit::PASSWORD);
    assert!(slipped(form).send_only().await.status.is_redirection());
    tuan.tries("/desk/people").await.is(404);
    tuan.tries(&format!("/desk/reports/{}", world.b.code)).await.is(404);
    // A session of somebody else is not his to end: every number is tried that is one.
    let ngoc = world.person(Who::OfficerY);
    let sessions =
        city.city.read(Lane::Duty, |rd| db::dump(rd, "access_sessions")).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
    let me = tuan.sees("/desk/me").await;
    for number in sessions.iter().flat_map(|line| line.split(|c: char| !c.is_ascii_digit())).filter(|n| n.len() > 10) {
        let form = me.form("/desk/me/sessions/end").force("session", number);
        let _ = slipped(form).send_only().await;
    }
    ngoc.sees("/desk/me").await;
    // His own he may end, and did.
    let form = tuan.form("/sign-in", "/sign-in").await.fill("sign_in", "tuan").fill("password", testkit::PASSWORD);
    assert!(form.send_only().await.status.is_redirection());
    // His new password is his own, whoever's name stands beside it.
    let form = tuan.form("/desk/me/password", "/desk/me/password").await;
    let new = "chiếc cầu gỗ bắc qua suối";
    let form = form.fill("old", testkit::PASSWORD).fill("new", new).fill("again", new);
    let answer = slipped(form.force("sign_in", "hai-an").force("official", "hai-an")).send_only().await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    tuan.tries("/desk/people").await.is(404);
    // The administrator adds an officer and no more than an officer.
    let an = world.person(Who::Administrator);
    let form = an.form("/desk/people/add", "/desk/people/add").await;
    let form = form.fill("name", "Cao Thị Mới").fill("sign_in", "moi").fill("role", "officer").fill("unit", "roads-department");
    let form = form.fill("own", testkit::PASSWORD);
    let page = slipped(form.force("password", "mật khẩu tự đặt 123").force("roles", "administrator")).send().await;
    page.is(200);
    let one = an.sees("/desk/people/of/moi").await;
    one.shows("Cán bộ xử lý").hides("Quản trị hệ thống ·");
    let form = an.form("/desk/people/of/moi", "/desk/people/of/moi").await;
    let form = form.force("act", "close").fill("own", testkit::PASSWORD);
    let answer = slipped(form.force("sign_in", "ngoc").force("whom", "ngoc")).send_only().await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    ngoc.sees("/desk/me").await;
    let form = tuan.form("/desk/me", "/sign-out").await;
    assert!(slipped(form).send_only().await.status.is_redirection());
    ngoc.sees("/desk/me").await;
    vec!["/sign-in", "/sign-out", "/desk/me/sessions/end", "/desk/me/password", "/desk/people/add", "/desk/people/of/{sign_in}"]
}
