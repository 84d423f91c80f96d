//! Bad input at every door (I2, I5, I8). Fields and doors come from the table: a new one is tried by itself. Good input stands in `words.rs`.

use crate::access_crawl::{is_html, is_sound};
use crate::world::{FORM, OURS, SQUARE, Thing, Who, World, house, json, request, token, value};
use axum::http::Method;
use kernel::Key;
use std::time::{Duration, Instant};
use testkit::{Answer, tags};
use web::Door;

/// A mark that no page of ours writes: found as a tag, it was not escaped.
const MARK: &str = "x7chim";

/// What has broken programs before.
fn nasty() -> Vec<String> {
    let mut all: Vec<String> = [
        "' or '1'='1' -- ",
        "'; drop table cases; --",
        "\" or \"\"=\"",
        "1) union select 1,2,3 --",
        "$1 $2 ?1 :name @p",
        "<x7chim onload=alert(1)>",
        "\"><x7chim><script>alert(1)</script>",
        "'><x7chim>",
        "</textarea></title></script><x7chim>",
        "javascript:alert(1)",
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {code} {link}",
        "a\r\nx-injected: 1\r\n\r\n<x7chim>",
        "%0d%0ax-injected:%201",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "\\\\host\\share",
        "%s%s%n%x {0} {:?}",
        "=HYPERLINK(\"http://x\")",
        "\u{202e}gnp.exe",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\u{feff}\u{200b}\u{200d}",
        "𝕊𝕠𝕟𝕘 🧜🏽‍♀️ ﷽",
        "-1",
        "0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e999",
        "NaN",
        "inf,nan",
        "91,181",
        "12.0,110.5,1",
        "\t",
        " ",
        "null",
        "[]",
        "true",
        "2026-02-30",
        "31/12/9999",
        "+84",
        "a@b",
        "@",
        "&#60;x7chim&#62;",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("x".repeat(3_000));
    all.push("ộ".repeat(500));
    all.push("\"".repeat(500));
    all
}

/// No page shows the mark as a tag of its own, no header was made from a value, and nothing breaks.
fn is_unharmed(what: &str, answer: &Answer) {
    assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.text());
    assert!(answer.headers.get("x-injected").is_none(), "{what}: a header was injected");
    assert!(!answer.text().contains("root:x:0"), "{what}: a file of the machine was read");
    is_sound(what, answer);
    if is_html(answer) {
        for tag in tags(&answer.text()) {
            assert!(!tag.name.starts_with(MARK), "{what}: the page holds a tag that somebody typed");
        }
    }
    if let Some(to) = answer.leads_to() {
        assert!(to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"), "{what} leads away, to {to}");
    }
}

fn encoded(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Who tries every string in every field of a door: the first who may pass. The others try a few, to see that they stay outside.
async fn tries_all(world: &World, door: &Door) -> Who {
    let (_, place) = world.places(door.path).swap_remove(0);
    for who in [Who::Stranger, Who::Dispatcher, Who::Administrator] {
        let answer = world.tries(who, door, &place).await;
        if answer.status.as_u16() != 404 && !answer.leads_to().is_some_and(|to| to.starts_with("/sign-in")) {
            return who;
        }
    }
    Who::Auditor
}

/// The pairs of a sound form with one of them replaced, or all.
fn body(door: &Door, token: &str, replaced: Option<&str>, by: &str) -> String {
    let mut names: Vec<&str> = door.fields.iter().map(String::as_str).collect();
    for hidden in ["key", "version"] {
        if !names.contains(&hidden) {
            names.push(hidden);
        }
    }
    let mut pairs = vec![format!("token={token}")];
    for name in names.into_iter().filter(|name| *name != "token") {
        let own = value(name);
        let value = if replaced.is_none_or(|one| one == name) { by } else { own.as_str() };
        pairs.push(format!("{}={}", encoded(name), encoded(value)));
    }
    pairs.join("&")
}

/// Every field of a door: of the table, and what every form carries.
fn fields(door: &Door) -> Vec<String> {
    let mut all = door.fields.clone();
    if door.method == Method::POST && !door.is_api() {
        all.extend(["key".to_owned(), "version".to_owned()]);
    }
    all.sort();
    all.dedup();
    all
}

#[tokio::test]
async fn nothing_typed_anywhere_breaks_a_door_or_becomes_part_of_a_page() {
    let mut world = World::of(testkit::sqlite(house).await).await;
    let mut tried = 0;
    for door in world.city.doors.clone() {
        let all = tries_all(&world, &door).await;
        world.come_back(all).await;
        for who in [Who::Stranger, Who::Dispatcher, Who::Administrator, Who::Auditor] {
            if who == Who::Auditor && all != who {
                continue;
            }
            let (_, place) = world.places(door.path).swap_remove(0);
            // Passwords that are wrong on purpose lock their owner out for a while: they are tried apart.
            let slow = ["/sign-in", "/desk/me/password", "/desk/people/add", "/desk/people/of/{sign_in}"].contains(&door.path);
            let token = token(world.person(who)).await;
            for bad in nasty().into_iter().step_by(if who == all { 1 } else { 16 }) {
                let at = |field: &str| format!("{} {} {field} = {:?} as {}", door.method, door.path, short(&bad), who.name());
                let mut each: Vec<Option<String>> = fields(&door).into_iter().map(Some).collect();
                if each.len() > 1 {
                    each.push(None);
                }
                if who != all {
                    each = vec![None];
                }
                if slow && who != Who::Stranger {
                    each.retain(|field| {
                        field.as_deref().is_some_and(|name| name != "own" && name != "old" && name != "password")
                    });
                }
                for field in each {
                    let what = at(field.as_deref().unwrap_or("everything"));
                    let person = world.person(who);
                    let answer = if door.method == Method::GET {
                        let names = fields(&door);
                        let pairs = names.iter().filter(|name| field.as_ref().is_none_or(|one| one == *name));
                        let query: Vec<String> = pairs.map(|name| format!("{name}={}", encoded(&bad))).collect();
                        person.gets(&format!("{place}?{}", query.join("&"))).await
                    } else if door.is_api() {
                        let mut sound = json(door.path);
                        for name in fields(&door).iter().filter(|name| field.as_ref().is_none_or(|one| one == *name)) {
                            sound[name.as_str()] = bad.clone().into();
                        }
                        person.calls(&place, Some(Key::random().as_str()), &sound).await
                    } else {
                        person.asks(request("POST", &place, &[FORM, OURS], body(&door, &token, field.as_deref(), &bad))).await
                    };
                    is_unharmed(&what, &answer);
                    tried += 1;
                }
                if door.path.contains('{') && door.method == Method::GET {
                    let word = encoded(&bad.chars().take(200).collect::<String>());
                    let odd =
                        Thing { code: word.clone(), token: word.clone(), hash: word.clone(), sign_in: word.clone(), asset: word };
                    let place = odd.fill(door.path).expect("nothing is empty");
                    is_unharmed(&at("path"), &world.person(who).gets(&place).await);
                }
            }
            if door.path == "/sign-out" {
                world.come_back(who).await;
            }
        }
    }
    assert!(tried > 3_000, "only {tried} were tried");
    for (place, answer) in crate::access_crawl::crawl(&world, Who::Dispatcher).await {
        is_unharmed(&place, &answer);
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Refused as too much or unreadable, and within a second.
fn is_refused_at_once(what: &str, began: Instant, answer: &Answer) {
    let took = began.elapsed();
    assert!([400, 403, 404, 413, 415, 422].contains(&answer.status.as_u16()), "{what}: {}", answer.status);
    is_sound(what, answer);
    assert!(took < Duration::from_secs(1), "{what} took {took:?}");
}

/// A form whose parts are so many.
fn parts(token: &str, how_many: usize) -> Vec<u8> {
    let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n");
    for n in 0..how_many {
        body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"p{n}\"\r\n\r\nx\r\n"));
    }
    (body + "--b--\r\n").into_bytes()
}

/// Ten megabytes of nothing, packed into ten kilobytes.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"text=").expect("memory takes it");
    packed.write_all(&vec![b'a'; 10 << 20]).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

#[tokio::test]
async fn too_much_of_anything_is_refused_within_a_second() {
    let world = World::of(testkit::sqlite(house).await).await;
    let before = world.city.digest(&["access_sessions"]).await;
    let megabytes = "a".repeat(10 << 20);
    for door in world.city.doors.clone().into_iter().filter(|door| door.method == Method::POST) {
        let (_, place) = world.places(door.path).swap_remove(0);
        let who = if door.path.starts_with("/desk/people") || door.path.starts_with("/desk/me") {
            Who::Administrator
        } else {
            Who::Dispatcher
        };
        let person = world.person(who);
        if door.is_api() {
            let kind = ("content-type", "application/json");
            let key = Key::random();
            let headers = [kind, ("idempotency-key", key.as_str())];
            let mut large = json(door.path);
            large["description"] = megabytes.clone().into();
            let keys = |n: usize| format!("{{{}}}", (0..n).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(","));
            for (what, body) in [
                ("10 MB", large.to_string().into_bytes()),
                ("100,000 deep", "[".repeat(100_000).into_bytes()),
                ("30,000 deep", format!("{{\"description\":{}1", "[".repeat(30_000)).into_bytes()),
                ("50,000 keys", keys(50_000).into_bytes()),
                ("5,000 keys", keys(5_000).into_bytes()),
                ("a long number", format!("{{\"lat\":{}}}", "9".repeat(60_000)).into_bytes()),
            ] {
                let began = Instant::now();
                let answer = person.asks(request("POST", &place, &headers, body)).await;
                is_refused_at_once(&format!("{what} to {}", door.path), began, &answer);
            }
            let began = Instant::now();
            let packed = [kind, ("idempotency-key", key.as_str()), ("content-encoding", "gzip")];
            let answer = person.asks(request("POST", &place, &packed, bomb())).await;
            is_refused_at_once(&format!("a bomb to {}", door.path), began, &answer);
            continue;
        }
        let token = token(person).await;
        for field in fields(&door) {
            let body = body(&door, &token, Some(&field), &megabytes);
            let began = Instant::now();
            let answer = person.asks(request("POST", &place, &[FORM, OURS], body)).await;
            is_refused_at_once(&format!("10 MB in {field} of {}", door.path), began, &answer);
        }
        let multipart = ("content-type", "multipart/form-data; boundary=b");
        let many: String = (0..20_000).map(|n| format!("&p{n}=1")).collect();
        for (what, headers, body) in [
            ("20,000 parameters", vec![FORM, OURS], format!("token={token}{many}").into_bytes()),
            ("600 parameters", vec![FORM, OURS], format!("token={token}{}", "&a=1".repeat(600)).into_bytes()),
            ("3,000 parts", vec![multipart, OURS], parts(&token, 3_000)),
            ("an endless part name", vec![multipart, OURS], {
                let mut all = format!("--b\r\ncontent-disposition: form-data; name=\"{}", "n".repeat(60_000)).into_bytes();
                all.extend(b"\r\n\r\nx\r\n--b--\r\n");
                all
            }),
            ("parts without end", vec![multipart, OURS], parts(&token, 20)[..400].to_vec()),
            ("no boundary", vec![("content-type", "multipart/form-data"), OURS], parts(&token, 2)),
            ("a bomb", vec![FORM, OURS, ("content-encoding", "gzip")], bomb()),
            ("a small bomb", vec![multipart, OURS, ("content-encoding", "gzip")], bomb()),
        ] {
            let began = Instant::now();
            let answer = person.asks(request("POST", &place, &headers, body)).await;
            is_refused_at_once(&format!("{what} to {}", door.path), began, &answer);
        }
    }
    for door in world.city.doors.clone().into_iter().filter(|door| door.method == Method::GET) {
        let (_, place) = world.places(door.path).swap_remove(0);
        let person = world.person(Who::Dispatcher);
        for query in ["a=1&".repeat(12_000), format!("q={}", "x".repeat(60_000)), "%".repeat(1_000), "&".repeat(50_000)] {
            let began = Instant::now();
            let answer = person.gets(&format!("{place}?{query}")).await;
            is_unharmed(&format!("a long query to {}", door.path), &answer);
            assert!(began.elapsed() < Duration::from_secs(1), "a long query to {} took {:?}", door.path, began.elapsed());
        }
    }
    assert_eq!(before, world.city.digest(&["access_sessions"]).await, "something that was refused left a trace");
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_and_odd_text_lies_still() {
    let world = World::of(testkit::sqlite(house).await).await;
    let before = world.city.digest(&["access_sessions"]).await;
    for door in world.city.doors.clone().into_iter().filter(|door| door.method == Method::POST) {
        let (_, place) = world.places(door.path).swap_remove(0);
        let who = if door.path.starts_with("/desk/people") || door.path.starts_with("/desk/me") {
            Who::Administrator
        } else {
            Who::Dispatcher
        };
        let person = world.person(who);
        if door.is_api() {
            let key = Key::random();
            let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
            let at = |text: &[u8]| {
                let mut body = b"{\"category\":\"pothole\",\"lat\":12.0215,\"long\":110.513,\"description\":\"mot o ga ".to_vec();
                body.extend(text);
                body.extend(b"\"}");
                body
            };
            for bad in [
                &b"\xff\xfe"[..],
                b"\xc0\xaf",
                b"\xed\xa0\x80",
                b"\\ud800",
                b"\\udc00\\ud800",
                b"\x00",
                b"\xf5\x80\x80\x80",
                b"\\u0000",
            ] {
                let answer = person.asks(request("POST", &place, &headers, at(bad))).await;
                assert!([400, 422].contains(&answer.status.as_u16()), "{:?} to {}: {}", bad, door.path, answer.status);
                is_sound(door.path, &answer);
            }
            continue;
        }
        let token = token(person).await;
        for field in fields(&door) {
            for bad in ["%ff%fe", "%c0%af", "%ed%a0%80", "%00", "%f5%80%80%80", "%4g", "%zz", "\u{0}"] {
                let mut sound = body(&door, &token, Some("-"), "");
                sound = sound.replace(&format!("&{}=", encoded(&field)), &format!("&{}={bad}", encoded(&field)));
                let answer = person.asks(request("POST", &place, &[FORM, OURS], sound)).await;
                assert_eq!(answer.status.as_u16(), 400, "{bad:?} in {field} of {}", door.path);
                is_sound(door.path, &answer);
            }
        }
    }
    assert_eq!(before, world.city.digest(&["access_sessions"]).await, "bytes that are no text left a trace");
    // What turns the direction of text is taken out; what is written from right to left stays, in a place of its own.
    let lan = world.city.lan();
    let form = lan.form("/report", "/report").await.fill("category", "pothole").force("point", SQUARE).fill("ward", "hoa-binh");
    let page =
        form.fill("text", "Ổ gà \u{202e}gnp.exe\u{202c} trước nhà \u{2066}x\u{2069} שלום").press("go", "send").send().await;
    page.is(200);
    let own = lan.sees(&page.path).await;
    for turned in ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'] {
        assert!(!own.text().contains(turned), "{turned:?} stands on a page");
    }
    own.shows("שלום");
    assert!(own.text().contains("dir=\"auto\""), "a citizen's text is not set apart");
}
