//! What is said to a request that goes wrong before any room sees it: to a browser a page in its language, to a program problem+json, to
//! nobody an empty answer or somebody else's English. Two lines of the list are hyper's own, which ends a connection that speaks no HTTP.

use crate::house::golden;
use crate::world::{FORM, OURS, World, house, request, token};
use axum::body::Body;
use axum::http::Request;
use std::fmt::Write;
use testkit::{Answer, Person};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const JSON: (&str, &str) = ("content-type", "application/json");
const BROWSER: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

/// One wrong request, and how it is made in one language.
struct Wrong {
    what: &'static str,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

fn wrong(what: &'static str, method: &'static str, path: &str) -> Wrong {
    Wrong { what, method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
}

impl Wrong {
    fn with(mut self, headers: &[(&'static str, &'static str)], body: impl Into<Vec<u8>>) -> Self {
        self.headers = headers.to_vec();
        self.body = body.into();
        self
    }

    fn request(&self, lang: &str) -> Request<Body> {
        let accept = if self.path.starts_with("/api/") { "application/json" } else { BROWSER };
        let mut headers = vec![("accept", accept), ("accept-language", lang)];
        headers.extend(&self.headers);
        request(self.method, &self.path, &headers, self.body.clone())
    }
}

fn at_pages(token: &str) -> Vec<Wrong> {
    let form = |rest: &str| format!("token={token}{rest}");
    vec![
        wrong("a query that is no text", "GET", "/reports?q=%ff"),
        wrong("a query with NUL", "GET", "/reports?q=%00"),
        wrong("a query cut inside a letter", "GET", "/reports?q=c%E1%BB"),
        wrong("a query of too many parts", "GET", &format!("/reports?{}", "x=1&".repeat(600))),
        wrong("a path that is no text", "GET", "/r/%ff"),
        wrong("a path of two parts, one no text", "GET", "/r/PA-26-000001/photo/%ff"),
        wrong("a path with NUL", "GET", "/r/%00"),
        wrong("an asset whose name is no text", "GET", "/a/%ff"),
        wrong("no such page", "GET", "/no-such-page"),
        wrong("no such page, its query no text", "GET", "/no-such-page?q=%ff"),
        wrong("no such page, to be sent to", "POST", "/no-such-page").with(&[OURS, FORM], form("")),
        wrong("a desk that a stranger does not pass, its query no text", "GET", "/desk/reports?q=%ff"),
        wrong("no such method", "BREW", "/report"),
        wrong("a method of other doors", "PUT", "/report"),
        wrong("sent to a page for reading", "POST", "/reports").with(&[OURS, FORM], form("")),
        wrong("a form without a kind", "POST", "/report").with(&[OURS], form("")),
        wrong("a form of another kind", "POST", "/report").with(&[OURS, JSON], "{}"),
        wrong("a form that is no text", "POST", "/report").with(&[OURS, FORM], form("&text=%ff")),
        wrong("a form in parts without a border", "POST", "/report")
            .with(&[OURS, ("content-type", "multipart/form-data")], form("")),
        wrong("a form in parts that never begin", "POST", "/report")
            .with(&[OURS, ("content-type", "multipart/form-data; boundary=x")], "nothing"),
        wrong("a form that is too large", "POST", "/report").with(&[OURS, FORM], form(&format!("&text={}", "x".repeat(70_000)))),
        wrong("a form of too many parts", "POST", "/report").with(&[OURS, FORM], form(&"&x=1".repeat(600))),
        wrong("a form of another site", "POST", "/report").with(&[("sec-fetch-site", "cross-site"), FORM], form("")),
        wrong("a form without our token", "POST", "/report").with(&[OURS, FORM], "text=x"),
    ]
}

fn at_the_api() -> Vec<Wrong> {
    let reports = "/api/v1/reports";
    vec![
        wrong("a query that is no text", "GET", "/api/v1/categories?q=%ff"),
        wrong("a path that is no text", "GET", "/api/v1/reports/%ff"),
        wrong("a path with NUL", "GET", "/api/v1/reports/%00"),
        wrong("no such code", "GET", "/api/v1/reports/PA-26-999999"),
        wrong("no such door", "GET", "/api/v1/nothing"),
        wrong("no such door, its query no text", "GET", "/api/v1/nothing?q=%ff"),
        wrong("no such method", "BREW", reports),
        wrong("a method of other doors", "DELETE", reports),
        wrong("sent to a door for reading", "POST", "/api/v1/categories").with(&[JSON], "{}"),
        wrong("a body without a kind", "POST", reports).with(&[("idempotency-key", KEY)], "{}"),
        wrong("a body of another kind", "POST", reports).with(&[FORM, ("idempotency-key", KEY)], "a=b"),
        wrong("a body that is no JSON", "POST", reports).with(&[JSON, ("idempotency-key", KEY)], "{"),
        wrong("a body that is no text", "POST", reports).with(&[JSON, ("idempotency-key", KEY)], b"\"\xff\"".to_vec()),
        wrong("a body with another field", "POST", reports).with(&[JSON, ("idempotency-key", KEY)], r#"{"more":1}"#),
        wrong("a body with a field of another kind", "POST", reports)
            .with(&[JSON, ("idempotency-key", KEY)], r#"{"description":"Ổ gà sâu giữa đường","category":"pothole","lat":"x"}"#),
        wrong("a body that is too deep", "POST", reports).with(&[JSON, ("idempotency-key", KEY)], "[".repeat(50_000)),
        wrong("a body that is too large", "POST", reports).with(&[JSON, ("idempotency-key", KEY)], "[".repeat(70_000)),
        wrong("a body without a key", "POST", reports)
            .with(&[JSON], r#"{"description":"Ổ gà sâu giữa đường","category":"pothole","address":"12 Lê Lợi"}"#),
        wrong("a page of another site", "POST", reports).with(&[JSON, ("origin", "https://evil.example")], "{}"),
    ]
}

const KEY: &str = "0123456789abcdefghjkmnpqrs";

/// The sentence of an answer, whoever it is for; an answer without one of ours fails.
fn said(one: &Wrong, answer: &Answer) -> String {
    let kind = answer.headers.get("content-type").map_or("", |kind| kind.to_str().expect("a header is text"));
    if one.path.starts_with("/api/") {
        assert_eq!(kind, "application/problem+json", "{}: {}", one.what, answer.text());
        return answer.json()["title"].as_str().expect("a problem has a title").to_owned();
    }
    assert_eq!(kind, "text/html; charset=utf-8", "{}: {}", one.what, answer.text());
    let page = answer.text();
    let (_, after) = page.split_once("<p class=\"say\">").unwrap_or_else(|| panic!("{}: no sentence on\n{page}", one.what));
    after.split_once("</p>").expect("a sentence ends").0.to_owned()
}

async fn listed(list: &mut String, person: &Person, all: &[Wrong]) {
    for one in all {
        let mut sentences = Vec::new();
        for lang in ["vi", "en"] {
            let answer = person.asks(one.request(lang)).await;
            let status = answer.status.as_u16();
            if sentences.is_empty() {
                let allow =
                    answer.headers.get("allow").map_or(String::new(), |all| format!(" (allow: {})", all.to_str().expect("text")));
                let _ = writeln!(list, "{} · {status}{allow}", one.what);
            }
            if let Some(to) = answer.leads_to() {
                let _ = writeln!(list, "  to {to}");
                break;
            }
            sentences.push(said(one, &answer));
            let _ = writeln!(list, "  {}", sentences[sentences.len() - 1]);
        }
        assert!(sentences.len() != 2 || sentences[0] != sentences[1], "{}: both languages say {}", one.what, sentences[0]);
    }
}

#[tokio::test]
async fn whatever_goes_wrong_is_said_in_a_page_or_as_a_problem() {
    let world = World::of(testkit::sqlite(house).await).await;
    let lan = world.city.lan();
    let token = token(&lan).await;
    let mut list = "# A browser\n".to_owned();
    listed(&mut list, &lan, &at_pages(&token)).await;
    list.push_str("\n# A program\n");
    listed(&mut list, &world.city.stranger(), &at_the_api()).await;
    list.push_str("\n# No HTTP that our server reads\n");
    for (what, sent) in [
        ("a header of 70,000 bytes", format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(70_000))),
        ("a path of 70,000 bytes", format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000))),
        ("200 headers", format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: x\r\n".repeat(200))),
        ("no request at all", "chào\r\n\r\n".to_owned()),
    ] {
        let answer = spoken(&world, sent.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let _ = writeln!(list, "{what} · {} and {} bytes", head.lines().next().unwrap_or_default(), body.len());
    }
    golden("troubles.txt", &list);
}

/// What comes back over a connection of its own.
async fn spoken(world: &World, sent: &[u8]) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = listener.local_addr().expect("it has an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(web::serve(listener, world.city.router(), 4, async {
        let _ = stopped.await;
    }));
    let mut connection = tokio::net::TcpStream::connect(at).await.expect("it listens");
    let mut answer = Vec::new();
    // It may close before all was sent, and with a reset: what it said before counts.
    let _ = connection.write_all(sent).await;
    let _ = connection.read_to_end(&mut answer).await;
    let _ = stop.send(());
    server.await.expect("the server ends");
    String::from_utf8_lossy(&answer).into_owned()
}
