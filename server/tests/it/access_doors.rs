//! Every door, tried by everybody on every object (A1). What is expected stands in `golden/access.txt`, reviewed like code; the doors come from
//! the table, so that a new one without a row fails here.

use crate::house::golden;
use crate::world::{Who, World, house, request};
use axum::body::Body;
use std::collections::BTreeSet;
use std::fmt::Write;
use testkit::{Answer, both};

/// A status as it stands in the list; the way to the sign-in has a word of its own.
fn class(answer: &Answer) -> String {
    match answer.leads_to() {
        Some(to) if to.starts_with("/sign-in") => "sign-in".to_owned(),
        _ => answer.status.as_u16().to_string(),
    }
}

#[tokio::test]
async fn everybody_passes_where_the_list_says_and_nowhere_else() {
    both(house, |city| async move {
        let mut world = World::of(city).await;
        let mut doors = world.city.doors.clone();
        doors.sort_by_key(|door| (door.path, door.method.to_string()));
        let mut list = String::from(
            "# Door and object; what each gets. X is the roads department (A, published), Y the drainage company (B).\n\
             # Forms carry a version that no case has: 409 means that the act itself would be allowed.\n",
        );
        for door in &doors {
            let _ = writeln!(list, "{} {} · {}", door.method, door.path, door.pass);
            for (label, place) in world.places(door.path) {
                let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
                for who in Who::ALL {
                    let class = class(&world.tries(who, door, &place).await);
                    match groups.iter_mut().find(|(known, _)| *known == class) {
                        Some((_, names)) => names.push(who.name()),
                        None => groups.push((class, vec![who.name()])),
                    }
                    if door.path == "/sign-out" {
                        world.come_back(who).await;
                    }
                }
                let one = groups.len() == 1;
                let said =
                    groups.iter().map(
                        |(class, names)| {
                            if one { format!("{class} everybody") } else { format!("{class} {}", names.join(", ")) }
                        },
                    );
                let object = if label.is_empty() { "—" } else { label };
                let _ = writeln!(list, "    {object}: {}", said.collect::<Vec<_>>().join(" · "));
            }
        }
        golden("access.txt", &list);
    })
    .await;
}

#[tokio::test]
async fn a_method_that_a_door_does_not_have_is_refused_to_everybody() {
    let world = World::of(testkit::sqlite(house).await).await;
    let known: BTreeSet<(String, &str)> = world.city.doors.iter().map(|door| (door.method.to_string(), door.path)).collect();
    let paths: BTreeSet<&str> = world.city.doors.iter().map(|door| door.path).collect();
    for path in paths {
        let (_, place) = world.places(path).swap_remove(0);
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND"] {
            let as_if = if method == "HEAD" { "GET" } else { method };
            for who in [Who::Stranger, Who::Dispatcher, Who::Administrator] {
                let person = world.person(who);
                let there = known.contains(&(as_if.to_owned(), path));
                if there && method != "HEAD" {
                    continue;
                }
                let answer = person.asks(request(method, &place, &[], Body::empty())).await;
                if there {
                    let got = person.gets(&place).await;
                    assert_eq!(answer.status, got.status, "HEAD {path} as {}", who.name());
                    assert!(answer.body.is_empty(), "HEAD {path} has a body");
                } else {
                    assert_eq!(answer.status.as_u16(), 405, "{method} {path} as {}", who.name());
                }
            }
        }
    }
}
