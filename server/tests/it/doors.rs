//! The lists that people review: every door with who may pass and what it takes, roles by permissions, what each capability brings.

use crate::house::{city, golden};
use kernel::Lang;
use manifest::{House, Permissions};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_door_stands_in_the_list() {
    let city = city().await;
    let mut doors = city.doors.clone();
    doors.extend(songhan::health_doors(songhan::Alarm::default()).list());
    golden("doors.txt", &web::lines(&doors));
}

#[tokio::test]
async fn roles_by_permissions_stand_in_the_list() {
    let city = city().await;
    golden("roles.txt", &House::new(songhan::capabilities::all()).roles_by_permissions(&city.city.pack));
}

/// Whoever reads what a role may needs no key: each permission has its words, no two the same, in both languages.
#[test]
fn every_permission_has_its_words() {
    let house = House::new(songhan::capabilities::all());
    let declared: Vec<_> = house.capabilities.iter().map(|capability| capability.permissions).collect();
    let words = Permissions::of(&declared);
    for lang in Lang::ALL {
        let mut seen = BTreeSet::new();
        for permission in house.permissions() {
            let said =
                words.words(permission, lang).unwrap_or_else(|| panic!("{permission} has no words: declare them as a `May`"));
            assert!(said.contains(' ') && seen.insert(said), "{permission}: `{said}` does not tell it from others");
        }
    }
    assert_eq!(words.words("no.such", Lang::Vi), None);
}

#[test]
fn what_each_capability_brings_stands_in_the_list() {
    golden("capabilities.txt", &House::new(songhan::capabilities::all()).listing());
}

#[tokio::test]
async fn every_door_says_what_it_is_about_and_stands_once() {
    let city = city().await;
    let mut seen = BTreeSet::new();
    for door in &city.doors {
        assert!(
            door.about.ends_with('.') && door.about.len() > 10,
            "{} {}: `{}` is no sentence",
            door.method,
            door.path,
            door.about
        );
        assert!(seen.insert((door.method.as_str(), door.path)), "{} {} stands twice", door.method, door.path);
    }
}

#[tokio::test]
async fn a_method_that_no_door_has_is_405_and_a_path_that_none_has_404() {
    let city = city().await;
    let stranger = city.stranger();
    for (method, path, expect) in [
        ("PUT", "/report", 405),
        ("DELETE", "/", 405),
        ("PATCH", "/api/v1/reports", 405),
        ("GET", "/no-such-page", 404),
        ("QUERY", "/report", 405),
    ] {
        let request = axum::http::Request::builder().method(method).uri(path).body(axum::body::Body::empty()).expect("a request");
        assert_eq!(stranger.asks(request).await.status.as_u16(), expect, "{method} {path}");
    }
}
