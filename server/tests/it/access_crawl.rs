//! Everything that can be reached by following links, as everybody: nothing is changed by looking (A10), and every answer is built as our
//! answers are (W1). What is posted without token or from elsewhere is refused and changes nothing.

use crate::house::golden;
use crate::world::{FORM, NO_VERSION, OURS, Who, World, house, json, request, token};
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use testkit::{Answer, Person, both, tags};
use web::Door;

/// What a crawl leaves in the database: that somebody looked, and when a session was last seen.
const LOOKING: &[&str] = &["access_looks", "access_sessions"];
/// More pages than this are no house any more, but a maze.
const MOST: usize = 2_000;

/// Every place that somebody reaches from the doors and from every link, picture and search form on every page, with its answer.
pub async fn crawl(world: &World, who: Who) -> BTreeMap<String, Answer> {
    let starts = world.city.doors.iter().filter(|door| door.method == Method::GET);
    let mut ahead: Vec<String> = starts.flat_map(|door| world.places(door.path)).map(|(_, place)| place).collect();
    ahead.reverse();
    let (mut seen, mut answers) = (BTreeSet::new(), BTreeMap::new());
    let mut languages = 0;
    while let Some(place) = ahead.pop() {
        // Each page offers the same page in the other language and light: a few of those are enough.
        languages += usize::from(place.starts_with("/preferences?"));
        if !seen.insert(place.clone()) || place.starts_with("/preferences?") && languages > 12 {
            continue;
        }
        assert!(answers.len() < MOST, "{} finds no end of links; the last was {place}", who.name());
        let answer = world.person(who).gets(&place).await;
        ahead.extend(answer.leads_to());
        if is_html(&answer) {
            ahead.extend(leads(&place, &answer.text()));
        }
        answers.insert(place, answer);
    }
    answers
}

pub fn is_html(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
}

/// Where a page leads without a form being sent.
fn leads(here: &str, html: &str) -> Vec<String> {
    let mut all = Vec::new();
    for tag in tags(html) {
        let posts = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let to = match tag.name.as_str() {
            "a" | "link" => tag.get("href"),
            "img" | "script" | "source" => tag.get("src"),
            "use" => tag.get("href"),
            "form" if !posts => tag.get("action"),
            _ => None,
        };
        let Some(to) = to.and_then(|to| to.split('#').next()).filter(|to| !to.is_empty()) else { continue };
        if to.starts_with('?') {
            all.push(format!("{}{to}", here.split('?').next().unwrap_or_default()));
        } else if to.starts_with('/') && !to.starts_with("//") {
            all.push(to.to_owned());
        }
    }
    all
}

/// What every answer of ours is like, whoever asked for whatever.
pub fn is_sound(place: &str, answer: &Answer) {
    let csp = answer.header("content-security-policy");
    // A file of bytes is a page of nobody's: it may have its own styles and nothing else.
    let sandbox = csp == "default-src 'none'; style-src 'unsafe-inline'; sandbox" && !is_html(answer);
    assert!(sandbox || csp.starts_with("default-src 'none'") && !csp.contains("unsafe") && !csp.contains('*'), "{place}: {csp}");
    for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin")] {
        assert_eq!(answer.header(name), value, "{place}: {name}");
    }
    assert!(answer.status.as_u16() != 500, "{place} breaks: {}", answer.text());
    assert!(!answer.header("cache-control").is_empty(), "{place} does not say whether it may be kept");
    for line in answer.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()) {
        for flag in ["HttpOnly", "SameSite=", "Path=/"] {
            assert!(line.contains(flag), "{place} sets a cookie without {flag}: {line}");
        }
        assert!(answer.header("cache-control").contains("no-store"), "{place} sets a cookie and may be kept");
    }
    if !is_html(answer) {
        return;
    }
    let text = answer.text();
    for leak in ["panicked at", "stack backtrace", "rusqlite", "SQLSTATE", "thread '", "RUST_BACKTRACE", "no such table", ".rs:"]
    {
        assert!(!text.contains(leak), "{place} tells of our insides: {leak}");
    }
    html_is_sound(place, &text);
}

fn html_is_sound(place: &str, html: &str) {
    let mut form: Option<(String, bool)> = None;
    for tag in tags(html) {
        assert_ne!(tag.name, "style", "{place}: a style within the page");
        assert!(tag.name != "script" || tag.closing || tag.has("src"), "{place}: a script within the page");
        assert!(!["iframe", "object", "embed", "base"].contains(&tag.name.as_str()), "{place}: <{}>", tag.name);
        for (name, value) in &tag.attributes {
            assert!(name != "style", "{place}: <{} style>", tag.name);
            assert!(!name.starts_with("on"), "{place}: <{} {name}>", tag.name);
            let link = ["href", "src", "action", "formaction"].contains(&name.as_str());
            let scheme = value.trim_start().to_ascii_lowercase();
            if link && ["javascript:", "data:", "vbscript:"].iter().any(|bad| scheme.starts_with(bad)) {
                panic!("{place}: <{} {name}=\"{value}\">", tag.name);
            }
            let foreign = scheme.starts_with("http:") || scheme.starts_with("https:") || scheme.starts_with("//");
            assert!(
                !(foreign && (tag.name == "script" || tag.name == "img" || tag.name == "form" || tag.name == "link")),
                "{place}: {value}"
            );
        }
        match (tag.name.as_str(), tag.closing) {
            ("form", false) => {
                let posts = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
                form = posts.then(|| (tag.get("action").unwrap_or_default().to_owned(), false));
            }
            ("form", true) => {
                if let Some((action, has_token)) = form.take() {
                    assert!(has_token, "{place}: the form to `{action}` has no token");
                }
            }
            ("input", _) if tag.get("name") == Some("token") => {
                if let Some((_, has_token)) = &mut form {
                    *has_token = true;
                }
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn looking_at_everything_as_everybody_changes_nothing_and_all_of_it_is_sound() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let before = world.city.digest(LOOKING).await;
        for who in Who::ALL {
            let answers = crawl(&world, who).await;
            assert!(answers.len() > 60, "{} reached only {} places", who.name(), answers.len());
            for (place, answer) in &answers {
                is_sound(place, answer);
                if who.is_public() && is_html(answer) {
                    public_page_keeps_to_itself(place, answer);
                }
            }
        }
        assert_eq!(before, world.city.digest(LOOKING).await, "somebody changed something by looking");
    })
    .await;
}

/// What a stranger reads names no page that is not hers.
fn public_page_keeps_to_itself(place: &str, answer: &Answer) {
    for tag in tags(&answer.text()) {
        for name in ["href", "src", "action"] {
            let Some(to) = tag.get(name) else { continue };
            assert!(!to.starts_with("/desk"), "{place} leads a stranger to {to}");
            let own = place.split('?').next().unwrap_or_default();
            assert!(!to.starts_with("/f/") || to.starts_with(own), "{place} names the private link {to}");
        }
    }
}

/// A sound body of a door, as far as its fields go; the token apart.
fn body(door: &Door, token: &str) -> String {
    let mut pairs: Vec<String> = door
        .fields
        .iter()
        .filter(|name| !["key", "version", "token"].contains(&name.as_str()))
        .map(|name| format!("{name}={}", web::encode(&crate::world::value(name))))
        .collect();
    pairs.push(format!("key={}", kernel::Key::random().as_str()));
    pairs.push(format!("version={NO_VERSION}"));
    if !token.is_empty() {
        pairs.push(format!("token={token}"));
    }
    pairs.join("&")
}

#[tokio::test]
async fn what_is_posted_without_token_or_from_elsewhere_changes_nothing() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let before = world.city.digest(&["access_sessions"]).await;
        let posts: Vec<Door> = world.city.doors.iter().filter(|door| door.method == Method::POST).cloned().collect();
        assert!(posts.len() >= 12, "only {} doors take something", posts.len());
        for door in &posts {
            let (_, place) = world.places(door.path).swap_remove(0);
            for who in [Who::Stranger, Who::OfficerX, Who::Dispatcher, Who::Administrator] {
                for (what, answer) in tried_from_elsewhere(world.person(who), door, &place).await {
                    let refused =
                        answer.status.is_client_error() || answer.leads_to().is_some_and(|to| to.starts_with("/sign-in"));
                    assert!(refused, "{} {place} as {} {what}: {}", door.method, who.name(), answer.status);
                    is_sound(&place, &answer);
                }
            }
        }
        assert_eq!(before, world.city.digest(&["access_sessions"]).await, "a refused post changed something");
    })
    .await;
}

async fn tried_from_elsewhere(person: &Person, door: &Door, place: &str) -> Vec<(&'static str, Answer)> {
    let mut all = Vec::new();
    if door.is_api() {
        let sound = json(door.path).to_string();
        let key = kernel::Key::random();
        let json_kind = ("content-type", "application/json");
        for (what, headers) in [
            ("with a foreign origin", vec![json_kind, ("origin", "https://evil.example")]),
            ("from another site", vec![json_kind, ("sec-fetch-site", "cross-site")]),
            ("from a neighbour", vec![json_kind, ("sec-fetch-site", "same-site")]),
            ("as a form", vec![FORM]),
            ("as plain text", vec![("content-type", "text/plain")]),
            ("without a kind", vec![]),
        ] {
            let mut headers = headers;
            headers.push(("idempotency-key", key.as_str()));
            all.push((what, person.asks(request("POST", place, &headers, sound.clone())).await));
        }
        return all;
    }
    let good = token(person).await;
    let other = token(&person.clone()).await;
    assert_ne!(good, other, "a token looks new on each page");
    let stale = "0".repeat(64);
    for (what, headers, token) in [
        ("without a token", vec![FORM, OURS], ""),
        ("with a token that is none", vec![FORM, OURS], stale.as_str()),
        ("with a foreign origin", vec![FORM, OURS, ("origin", "https://evil.example")], good.as_str()),
        ("with the origin null", vec![FORM, OURS, ("origin", "null")], good.as_str()),
        ("from another site", vec![FORM, ("sec-fetch-site", "cross-site")], good.as_str()),
        ("from a neighbour", vec![FORM, ("sec-fetch-site", "same-site")], good.as_str()),
        ("from nowhere", vec![FORM], good.as_str()),
        ("as JSON", vec![("content-type", "application/json"), OURS], good.as_str()),
        ("as plain text", vec![("content-type", "text/plain"), OURS], good.as_str()),
    ] {
        all.push((what, person.asks(request("POST", place, &headers, body(door, token))).await));
    }
    all
}

#[tokio::test]
async fn the_headers_of_each_class_of_door_stand_in_the_list() {
    let world = World::of(testkit::sqlite(house).await).await;
    let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for door in world.city.doors.clone() {
        for (_, place) in world.places(door.path) {
            for who in [Who::Stranger, Who::Dispatcher] {
                let answer = world.tries(who, &door, &place).await;
                let kept = if door.public.is_some() { "public" } else { "not kept" };
                let kind = if door.is_api() { "api" } else { "page" };
                let status = answer.status.as_u16();
                let class = format!("{} {} · {kind} · {kept} · {status}", door.method, door.limits.class);
                let mut line = String::new();
                for name in ["cache-control", "content-type", "vary", "set-cookie"] {
                    let said = if name == "set-cookie" { cookies(&answer) } else { answer.header(name).to_owned() };
                    if !said.is_empty() {
                        let _ = write!(line, " {name}: {said};");
                    }
                }
                classes.entry(class).or_default().insert(line);
            }
        }
    }
    let mut list = String::new();
    let fixed = world.city.stranger().gets("/").await;
    for (name, value) in &fixed.headers {
        if !["cache-control", "content-type", "content-length", "set-cookie", "vary", "x-see"].contains(&name.as_str()) {
            let _ = writeln!(list, "always {name}: {}", value.to_str().unwrap_or_default());
        }
    }
    for (class, lines) in classes {
        let _ = writeln!(list, "{class}");
        for line in lines {
            let _ = writeln!(list, "   {line}");
        }
    }
    golden("headers.txt", &list);
}

/// The cookies that an answer sets, without their values.
fn cookies(answer: &Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let mut all: Vec<String> = lines
        .map(|line| {
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            format!("{}=…;{rest}", pair.split('=').next().unwrap_or_default())
        })
        .collect();
    all.sort();
    all.join(" + ")
}
