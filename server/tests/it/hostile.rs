//! Bad input at every door (I2, I5, I8). Fields and doors come from the table: a new one is tried by itself. Good input stands in `words.rs`.

use crate::access_crawl::{is_html, is_sound};
use crate::program::{Folder, Server, cookies_of, send};
use crate::world::{FORM, OURS, SQUARE, Thing, Who, World, house, json, request, token, value};
use axum::http::Method;
use db::test::chance::{Dice, rounds, seeds};
use kernel::Key;
use serde_json::{Value, json as value_of};
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
    testkit::both(house, |city| async move {
        // Every string on SQLite; on PostgreSQL every fifth, from another one on at each door, and in the long form all of them.
        let every = if city.db.is_sqlite() { 1 } else { rounds(5, 1) };
        nothing_typed_anywhere_breaks(World::of(city).await, every).await;
    })
    .await;
}

async fn nothing_typed_anywhere_breaks(mut world: World, every: usize) {
    let mut tried = 0;
    for (n, door) in world.city.doors.clone().into_iter().enumerate() {
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
            for bad in nasty().into_iter().skip(n % every).step_by(if who == all { every } else { 16 }) {
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
    assert!(tried * every > 3_000, "only {tried} were tried");
    for (place, answer) in crate::access_crawl::crawl(&world, Who::Dispatcher).await {
        is_unharmed(&place, &answer);
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Refused with the very status that says why, and within a second: a 403 or 404 would only say that the test no longer gets in.
fn is_refused_at_once(what: &str, status: u16, began: Instant, answer: &Answer) {
    let took = began.elapsed();
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
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
            for (what, status, body) in [
                ("10 MB", 413, large.to_string().into_bytes()),
                ("100,000 deep", 413, "[".repeat(100_000).into_bytes()),
                ("30,000 deep", 422, format!("{{\"description\":{}1", "[".repeat(30_000)).into_bytes()),
                ("50,000 keys", 413, keys(50_000).into_bytes()),
                ("5,000 keys", 422, keys(5_000).into_bytes()),
                ("a long number", 400, format!("{{\"lat\":{}}}", "9".repeat(60_000)).into_bytes()),
            ] {
                let began = Instant::now();
                let answer = person.asks(request("POST", &place, &headers, body)).await;
                is_refused_at_once(&format!("{what} to {}", door.path), status, began, &answer);
            }
            let began = Instant::now();
            let packed = [kind, ("idempotency-key", key.as_str()), ("content-encoding", "gzip")];
            let answer = person.asks(request("POST", &place, &packed, bomb())).await;
            is_refused_at_once(&format!("a bomb to {}", door.path), 400, began, &answer);
            continue;
        }
        let token = token(person).await;
        for field in fields(&door) {
            let body = body(&door, &token, Some(&field), &megabytes);
            let began = Instant::now();
            let answer = person.asks(request("POST", &place, &[FORM, OURS], body)).await;
            is_refused_at_once(&format!("10 MB in {field} of {}", door.path), 413, began, &answer);
        }
        let multipart = ("content-type", "multipart/form-data; boundary=b");
        let with_part = |name: &str| {
            let (token, head) =
                (parts(&token, 0), format!("--b\r\ncontent-disposition: form-data; {name}\r\n\r\nx\r\n--b--\r\n"));
            [&token[..token.len() - b"--b--\r\n".len()], head.as_bytes()].concat()
        };
        let many: String = (0..20_000).map(|n| format!("&p{n}=1")).collect();
        for (what, headers, body) in [
            ("20,000 parameters", vec![FORM, OURS], format!("token={token}{many}").into_bytes()),
            ("600 parameters", vec![FORM, OURS], format!("token={token}{}", "&a=1".repeat(600)).into_bytes()),
            ("3,000 parts", vec![multipart, OURS], parts(&token, 3_000)),
            ("an endless part name", vec![multipart, OURS], with_part(&format!("name=\"{}\"", "n".repeat(60_000)))),
            ("a part name without its end", vec![multipart, OURS], with_part(&format!("name=\"{}", "n".repeat(60_000)))),
            ("a part without a name", vec![multipart, OURS], with_part("")),
            ("parts without end", vec![multipart, OURS], parts(&token, 20)[..400].to_vec()),
            ("no boundary", vec![("content-type", "multipart/form-data"), OURS], parts(&token, 2)),
            ("a bomb", vec![FORM, OURS, ("content-encoding", "gzip")], bomb()),
            ("a small bomb", vec![multipart, OURS, ("content-encoding", "gzip")], bomb()),
        ] {
            let began = Instant::now();
            let length = body.len();
            let answer = person.asks(request("POST", &place, &headers, body)).await;
            // More bytes than the door takes, or fewer that cannot be read as a form of ours.
            let most = if headers[0] == FORM { door.limits.body.min(web::Limits::FORM.body) } else { door.limits.body };
            let status = if length > most { 413 } else { 400 };
            is_refused_at_once(&format!("{what} to {}", door.path), status, began, &answer);
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

/// A form in parts: its pairs, and a file under this name, file name and type.
fn in_parts(pairs: &[(String, String)], file: (&str, &str, &str, &[u8])) -> Vec<u8> {
    let (name, file_name, kind, bytes) = file;
    let mut body = String::new();
    for (name, value) in pairs {
        body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    let head = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: {kind}\r\n\r\n"
    );
    [body.as_bytes(), head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()
}

/// Some bytes of a body become others, go, come twice, or come from nowhere.
fn bent(dice: &mut Dice, mut body: Vec<u8>) -> Vec<u8> {
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(body.len().max(1)).min(body.len());
        let end = (at + dice.below(60)).min(body.len());
        match dice.below(5) {
            0 => body.truncate(at),
            1 => drop(body.drain(at..end)),
            2 => {
                let twice = body[at..end].to_vec();
                body.splice(at..at, twice);
            }
            3 => {
                let odd = [&b"\r\n"[..], b"--b", b"--b--\r\n", b"\0", b"\xff\xfe", b"\"", b";", b":"][dice.below(8)];
                body.splice(at..at, odd.iter().copied());
            }
            _ => body[at..end].iter_mut().for_each(|byte| *byte ^= 1 << dice.below(8)),
        }
    }
    body
}

/// I8 and I2 for forms that come in parts: every odd string in values and in the heads of parts, and bodies that are bent in any way.
#[tokio::test]
async fn no_form_in_parts_breaks_a_door() {
    let multipart = ("content-type", "multipart/form-data; boundary=b");
    for seed in seeds(0x2f86_91d3_0b7c_44e5, 10) {
        let mut dice = Dice::of(seed);
        let mut world = World::of(testkit::sqlite(house).await).await;
        let doors = world.city.doors.clone().into_iter().filter(|door| door.method == Method::POST && !door.is_api());
        for (turn, door) in doors.enumerate() {
            let (_, place) = world.places(door.path).swap_remove(0);
            let who = tries_all(&world, &door).await;
            world.come_back(who).await;
            let token = token(world.person(who)).await;
            // Passwords that are wrong on purpose lock their owner out for a while: they stay empty.
            let open = |name: &String| !["token", "photos", "own", "old", "new", "again", "password"].contains(&name.as_str());
            let names: Vec<String> = fields(&door).into_iter().filter(open).collect();
            let form = |bad: Option<(usize, &str)>| -> Vec<(String, String)> {
                let own = |(n, name): (usize, &String)| match bad {
                    Some((at, bad)) if at == n || at == names.len() => (name.clone(), bad.to_owned()),
                    _ => (name.clone(), value(name)),
                };
                let token = ("token".to_owned(), token.clone());
                std::iter::once(token).chain(names.iter().enumerate().map(own)).collect()
            };
            for (n, bad) in nasty().iter().enumerate() {
                let what = |what: &str| format!("{what} {:?} to {} as {}", short(bad), door.path, who.name());
                let at = n % (names.len() + 1);
                let part = in_parts(&form(Some((at, bad))), ("photos", "", "image/jpeg", b""));
                // In `./test` each door has another string at another place of a file's head; in the long form each has all.
                let heads = [
                    ("a part named", in_parts(&form(None), (bad, "a.jpg", "image/jpeg", b"x"))),
                    ("a file named", in_parts(&form(None), ("photos", bad, "image/jpeg", b"x"))),
                    ("a file of type", in_parts(&form(None), ("photos", "a.jpg", bad, b"x"))),
                    ("a file with", in_parts(&form(None), ("photos", "a.jpg", "image/jpeg", bad.as_bytes()))),
                ];
                let heads = heads.into_iter().cycle().skip(n + turn).take(rounds(1, 4));
                for (said, body) in std::iter::once(("a part with", part)).chain(heads) {
                    let answer = world.person(who).asks(request("POST", &place, &[multipart, OURS], body)).await;
                    is_unharmed(&what(said), &answer);
                }
            }
            for n in 0..rounds(20, 300) {
                let body = bent(&mut dice, in_parts(&form(None), ("photos", "a.jpg", "image/jpeg", &testkit::photo(n))));
                let what = format!("a bent form to {}: {}", door.path, String::from_utf8_lossy(&body[..body.len().min(600)]));
                is_unharmed(&what, &world.person(who).asks(request("POST", &place, &[multipart, OURS], body)).await);
            }
            world.come_back(who).await;
        }
    }
}

/// The places of all values in a JSON, as pointers.
fn places_in(json: &Value, at: &str, found: &mut Vec<String>) {
    if let Value::Object(fields) = json {
        for (name, value) in fields {
            let at = format!("{at}/{name}");
            found.push(at.clone());
            places_in(value, &at, found);
        }
    }
}

/// Every field of a program's JSON, those within others too, with a value of every wrong kind, and with every odd string.
#[tokio::test]
async fn json_of_a_wrong_kind_is_refused_in_every_field_at_any_depth() {
    testkit::both(house, |city| async move {
        let world = World::of(city).await;
        let person = world.person(Who::Stranger);
        let mut tried = 0;
        for door in world.city.doors.clone().into_iter().filter(|door| door.method == Method::POST && door.is_api()) {
            let mut sound = json(door.path);
            if door.takes("contact") {
                sound["contact"] = value_of!({ "name": "Lan", "phone": "0905123456", "email": "lan@example.vn" });
            }
            let sends = async |body: &Value| person.calls(door.path, Some(Key::random().as_str()), body).await;
            let answer = sends(&sound).await;
            assert_eq!(answer.status, 200, "what is sound at {} is taken: {}", door.path, answer.text());
            let mut places = Vec::new();
            places_in(&sound, "", &mut places);
            for field in fields(&door) {
                assert!(
                    places.contains(&format!("/{field}")),
                    "{} takes {field}: say in world.rs, `json`, what is sound there",
                    door.path
                );
            }
            for at in &places {
                let with = |value: Value| {
                    let mut json = sound.clone();
                    *json.pointer_mut(at).expect("it is there") = value;
                    json
                };
                let own = sound.pointer(at).expect("it is there");
                for wrong in [
                    value_of!(null),
                    value_of!(true),
                    value_of!(7),
                    value_of!(-1.5e300),
                    value_of!("x"),
                    value_of!([]),
                    value_of!([["x"]]),
                    value_of!({}),
                    value_of!({ "x": 1 }),
                ] {
                    let same = std::mem::discriminant(own) == std::mem::discriminant(&wrong);
                    let answer = sends(&with(wrong.clone())).await;
                    let what = format!("{wrong} as {at} of {}: {}", door.path, answer.text());
                    is_unharmed(&what, &answer);
                    // Some fields may be absent, and so null; what is of the right kind has tests of its own.
                    assert!(
                        answer.status == 422 || answer.status == 200 && (same || wrong.is_null()),
                        "{}, {what}",
                        answer.status
                    );
                    tried += 1;
                }
                for bad in nasty().into_iter().filter(|_| own.is_string()) {
                    let answer = sends(&with(bad.clone().into())).await;
                    is_unharmed(&format!("{bad:?} as {at} of {}", door.path), &answer);
                    tried += 1;
                }
            }
        }
        assert!(tried > 100, "only {tried} were tried");
    })
    .await;
}

/// I5: what is refused as too much is not held in memory meanwhile, one by one and many at once.
#[test]
fn too_much_of_anything_does_not_swell_the_process() {
    const MOST_KB: u64 = 64 << 10;
    if !std::path::Path::new("/proc/self/status").exists() {
        println!("skipped: this kernel does not tell in /proc how large a process is");
        return;
    }
    let folder = Folder::new();
    let server = Server::start(&folder.0);
    let kilobytes = |name: &str| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name} in:\n{status}"));
        line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse().expect("a number")
    };
    let (_, page) = server.get("/report");
    let cookies = cookies_of(&page).join("; ");
    let tags = tags(&page);
    let token = tags.iter().find(|tag| tag.get("name") == Some("token")).and_then(|tag| tag.get("value")).expect("a token");
    let sends = |path: &str, kind: &str, more: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\
             Content-Type: {kind}\r\n{more}Content-Length: {}\r\n\r\n",
            server.address,
            body.len()
        );
        // It may answer and close before it has read all of it: then what it said may be lost on the way, and only its size counts.
        send(server.address, &[head.as_bytes(), body].concat()).map(|(status, _)| status).ok()
    };
    let (form, multipart, json) = (FORM.1, "multipart/form-data; boundary=b", "application/json");
    let (large, packed) = ("a".repeat(10 << 20), "Content-Encoding: gzip\r\n");
    let keyed = format!("Idempotency-Key: {}\r\n", Key::random().as_str());
    let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let parts_with =
        |value: &str, file: &[u8]| in_parts(&[own("token", token), own("text", value)], ("photos", "a.jpg", "image/jpeg", file));
    let keys = |n: usize| format!("{{{}}}", (0..n).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(","));
    let bodies: Vec<(&str, &str, &str, &str, Vec<u8>)> = vec![
        ("10 MB in JSON", "/api/v1/reports", json, &keyed, format!("{{\"description\":\"{large}\"}}").into_bytes()),
        ("100,000 deep", "/api/v1/reports", json, &keyed, "[".repeat(100_000).into_bytes()),
        ("30,000 deep", "/api/v1/reports", json, &keyed, "[".repeat(30_000).into_bytes()),
        ("50,000 keys", "/api/v1/reports", json, &keyed, keys(50_000).into_bytes()),
        ("5,000 keys", "/api/v1/reports", json, &keyed, keys(5_000).into_bytes()),
        ("a bomb", "/report", form, packed, bomb()),
        ("a bomb in parts", "/report", multipart, packed, bomb()),
        ("10 MB in a field", "/report", form, "", format!("token={token}&text={large}").into_bytes()),
        ("20,000 parameters", "/report", form, "", format!("token={token}{}", "&p=1".repeat(20_000)).into_bytes()),
        ("3,000 parts", "/report", multipart, "", parts(token, 3_000)),
        ("10 MB in a part", "/report", multipart, "", parts_with(&large, b"")),
        ("10 MB of no photo", "/report", multipart, "", parts_with("x", large.as_bytes())),
        (
            "10 MB in the name of a part",
            "/report",
            multipart,
            "",
            in_parts(&[own("token", token)], (&large, "a", "image/jpeg", b"")),
        ),
    ];
    // What a process takes to begin its work at all is not the matter.
    for (_, path, kind, more, _) in &bodies {
        sends(path, kind, more, b"x");
    }
    let before = kilobytes("VmRSS");
    let mut answered = 0;
    for (what, path, kind, more, body) in &bodies {
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let four: Vec<_> = (0..4).map(|_| scope.spawn(|| sends(path, kind, more, body))).collect();
            four.into_iter().map(|one| one.join().expect("it is sent")).collect()
        });
        for status in statuses.into_iter().flatten() {
            answered += 1;
            assert!([200, 400, 413, 422].contains(&status) && (status != 200 || what.contains("photo")), "{what}: {status}");
        }
        let grown = kilobytes("VmHWM").saturating_sub(before);
        assert!(grown <= MOST_KB, "{what}: the process has grown by {} MB", grown >> 10);
    }
    assert!(answered > bodies.len(), "only {answered} were answered: the test tested little");
    assert_eq!(server.get("/healthz").0, 200);
    println!("grown by {} MB", kilobytes("VmHWM").saturating_sub(before) >> 10);
}
