//! Which fields each of us is shown and may send (A4): the answers of the API, what every page names of the things it shows, and the fields of
//! every form on it, for everybody. The golden files are reviewed like code: a field that appears where it did not is a decision.

use crate::house::golden;
use crate::world::{Who, World, house};
use axum::http::Method;
use serde_json::Value;
use std::fmt::Write;
use testkit::{Page, TestCity, both, labels};

/// A JSON value with what differs from run to run taken out, so that its fields and kinds remain.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(all) => Value::Object(all.iter().map(|(key, value)| (key.clone(), shape(value))).collect()),
        Value::Array(all) => Value::Array(all.iter().take(1).map(shape).collect()),
        Value::String(_) => "…".into(),
        Value::Number(_) => 0.into(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn the_api_answers_with_the_fields_that_the_list_says_and_no_others() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let mut list = String::new();
        for door in world.city.doors.clone() {
            if !door.is_api() || door.path == "/api/openapi.json" {
                continue;
            }
            for (label, place) in world.places(door.path) {
                let mut first: Option<(String, Who)> = None;
                for who in Who::ALL {
                    let answer = world.tries(who, &door, &place).await;
                    let told = format!("{} {}", answer.status.as_u16(), pretty(&shape(&answer.json())));
                    match &first {
                        None => {
                            let _ = writeln!(list, "{} {} {label}\n{told}\n", door.method, door.path);
                            first = Some((told, who));
                        }
                        Some((known, _)) => {
                            assert_eq!(*known, told, "{} {label}: {} is answered otherwise", door.path, who.name());
                        }
                    }
                }
            }
        }
        golden("fields-api.txt", &list);
    })
    .await;
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON is written")
}

/// The forms of a page, each with the names of its fields; the navigation's are left out.
fn forms(page: &Page, names: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut all = Vec::new();
    for action in page.actions() {
        let form = page.form(&action);
        let mut fields: Vec<String> = form.names().iter().filter(|name| !name.is_empty()).map(|name| names(name)).collect();
        fields.dedup();
        all.push(format!("{} ({})", names(&action), fields.join(" ")));
    }
    all
}

/// Each page, and under it who is shown the same; nothing of those who are not let in.
async fn of_every_page(world: &World, shown: impl Fn(&Page) -> Vec<String>) -> String {
    let mut list = String::new();
    for door in world.city.doors.clone() {
        if door.method != Method::GET || door.is_api() || door.path == "/samples" || door.path.contains("photo") {
            continue;
        }
        for (label, place) in world.places(door.path) {
            let mut groups: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
            for who in Who::ALL {
                let answer = world.person(who).gets(&place).await;
                let lines = if answer.status.is_success() { shown(&world.person(who).tries(&place).await) } else { Vec::new() };
                match groups.iter_mut().find(|(known, _)| *known == lines) {
                    Some((_, who_all)) => who_all.push(who.name()),
                    None => groups.push((lines, vec![who.name()])),
                }
            }
            groups.retain(|(lines, _)| !lines.is_empty());
            if !groups.is_empty() {
                let _ = writeln!(list, "{} {label}", door.path);
            }
            for (lines, who_all) in groups {
                let _ = writeln!(list, "  {}", who_all.join(", "));
                for line in lines {
                    let _ = writeln!(list, "    {line}");
                }
            }
        }
    }
    list
}

#[tokio::test]
async fn every_form_has_the_fields_that_the_list_says_for_everybody() {
    both(house, |city| async move {
        let world = World::of(city).await;
        golden("fields-forms.txt", &of_every_page(&world, |page| forms(page, &|text| named(&world, text))).await);
    })
    .await;
}

#[tokio::test]
async fn every_page_names_what_the_list_says_for_everybody() {
    both(house, |city| async move {
        let world = World::of(city).await;
        golden(
            "fields-pages.txt",
            &of_every_page(&world, |page| labels(&page.text()).iter().map(|label| named(&world, label)).collect()).await,
        );
    })
    .await;
}

/// What differs from run to run, as a name.
fn named(world: &World, text: &str) -> String {
    let mut out = text.to_owned();
    for (thing, name) in [(&world.a, "A"), (&world.b, "B"), (&world.published, "P"), (&world.confidential, "C")] {
        for value in [&thing.code, &thing.token, &thing.hash] {
            if !value.is_empty() {
                out = out.replace(value.as_str(), name);
            }
        }
    }
    out
}

/// A city for the tests of this file that need but one.
#[tokio::test]
async fn an_official_who_handed_a_report_on_is_offered_nothing_that_she_may_not_do() {
    both(house, |city: TestCity| async move {
        let world = World::of(city).await;
        let desk = format!("/desk/reports/{}", world.a.code);
        let tuan = world.person(Who::OfficerX);
        let form = tuan.form(&desk, &format!("{desk}/forward")).await;
        form.fill("unit", "drainage-company").send().await.is(200);
        let page = tuan.tries(&desk).await;
        page.is(200);
        for action in page.actions().into_iter().filter(|action| action.starts_with(&desk)) {
            let answer = page.form(&action).force("answer", crate::world::ANSWER).force("purpose", "Hỏi lại.").send_only().await;
            assert_ne!(answer.status.as_u16(), 404, "a form to {action} is offered to somebody who may not use it");
        }
    })
    .await;
}
