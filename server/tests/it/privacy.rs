//! Canaries in every private field and in every word that nobody has published (P1): then everything that a stranger can read, everything that
//! we log, and the bytes on the disk are searched for them. A set of personal fields that no journey here plants fails the build.

use crate::access_crawl::crawl;
use crate::house::root;
use crate::world::{ANSWER, SQUARE, Who, World, house, json, thing};
use db::Lane;
use feedback::contact::Contact;
use kernel::{Key, Personal};
use manifest::{Holds, House};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};
use testkit::{Answer, Person, TestCity, both};
use tracing_subscriber::fmt::MakeWriter;

// ---- the log, at its finest, searched as it is written ----

static WATCHED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static CAUGHT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Reads along with everything that is logged, and keeps the lines in which something watched stands.
struct Watch;

impl Write for Watch {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.iter().any(|word| line.contains(word.as_str())) {
            CAUGHT.lock().unwrap_or_else(PoisonError::into_inner).push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Watch {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        Self
    }
}

fn watches(words: &[String]) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Watch).with_ansi(false);
        tracing::subscriber::set_global_default(log.finish()).expect("no other test of this binary takes the log");
    });
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(words);
}

fn caught() -> Vec<String> {
    CAUGHT.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

// ---- what is planted ----

/// The canary of one field of a contact, in a shape that the form takes; and what of it would be recognised anywhere.
fn canary(field: &str, n: u32) -> (String, String) {
    let word = kernel::private::canary_of(Contact::PLACE, field, n);
    match field {
        "name" => (word.clone(), word),
        "phone" => (format!("0905 77{n:02} 31"), format!("90577{n:02}31")),
        "email" => (format!("{word}@example.vn"), word),
        other => panic!("a contact has a field `{other}`: say in privacy.rs what a canary in it looks like"),
    }
}

/// All canaries of a contact.
fn contact(n: u32) -> Vec<(&'static str, String, String)> {
    Contact::FIELDS
        .iter()
        .map(|field| {
            let (typed, known) = canary(field, n);
            (*field, typed, known)
        })
        .collect()
}

/// What was planted, by how far it may go.
#[derive(Default)]
struct Planted {
    /// In no answer to anybody but the person herself, and an official whose look is logged; never on the disk in plain.
    contacts: Vec<String>,
    /// Words that are not published: in no public answer.
    unpublished: Vec<String>,
    /// Codes under which the words would be found.
    codes: Vec<String>,
    /// Passwords, sessions, links: nowhere at all.
    secrets: Vec<String>,
}

fn word(name: &str) -> String {
    format!("cn{name}chim")
}

async fn reports(person: &Person, category: &str, n: u32, planted: &mut Planted) -> (String, String) {
    let (text, address) = (word(&format!("text{n}")), word(&format!("address{n}")));
    let form = person.form("/report", "/report").await.fill("category", category);
    let mut form = form.fill("text", &format!("Nhà {text} ở cuối hẻm, tối nào cũng ồn.")).fill("address", &address);
    form = form.force("point", SQUARE).fill("ward", "hoa-binh");
    for (field, typed, known) in contact(n) {
        form = form.fill(field, &typed);
        planted.contacts.push(known);
    }
    let page = form.file("photos", "anh.jpg", testkit::photo(n)).press("go", "send").send().await;
    page.is(200).shows("Đã nhận phản ánh");
    planted.unpublished.extend([text, address]);
    let thing = thing(&page);
    planted.codes.push(thing.code.clone());
    planted.secrets.push(thing.token.clone());
    (thing.code, thing.token)
}

/// Reports at every stage of their way, with a canary wherever somebody may write something.
async fn plant(world: &World) -> Planted {
    let mut planted = Planted::default();
    let hoa = world.person(Who::Dispatcher);
    // Contacts are of people whom the world does not know: the crawl must not walk in through their links.
    let lan = world.city.stranger();
    let (code, token) = reports(&lan, "pothole", 11, &mut planted).await;
    let (desk, link) = (format!("/desk/reports/{code}"), format!("/f/{token}"));
    for (page, action, field, name) in [
        (&link, link.clone(), "word", "added"),
        (&desk, format!("{desk}/contact"), "purpose", "purpose"),
        (&desk, format!("{desk}/answer"), "answer", "draft"),
        (&desk, format!("{desk}/forward"), "note", "note"),
    ] {
        let person = if page.starts_with("/f/") { &lan } else { hoa };
        let mut form = person.form(page, &action).await.fill(field, &format!("Lời {} và vài chữ nữa cho đủ dài.", word(name)));
        if field == "note" {
            form = form.fill("unit", "lighting-company");
        }
        let answer = form.send_only().await;
        assert!(!answer.status.is_client_error() && !answer.status.is_server_error(), "{action}: {}", answer.status);
        planted.unpublished.push(word(name));
    }
    // Published, but the official took words and address out.
    let (code, _) = reports(&lan, "pothole", 12, &mut planted).await;
    let desk = format!("/desk/reports/{code}");
    let form = hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER).press("go", "publish");
    let form = form.send().await.form(&format!("{desk}/publish"));
    form.without("show-text").without("show-address").send().await.is(200).shows("công khai");
    // Published with other words than the sender's.
    let (code, _) = reports(&lan, "waste", 13, &mut planted).await;
    let desk = format!("/desk/reports/{code}");
    let form = hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER).press("go", "publish");
    let form = form.send().await.form(&format!("{desk}/publish"));
    form.fill("text", "Một nhà trong hẻm ồn vào buổi tối.").without("show-address").send().await.is(200).shows("công khai");
    // Confidential, and answered to its sender alone.
    let (code, _) = reports(&lan, "conduct", 14, &mut planted).await;
    let desk = format!("/desk/reports/{code}");
    let answer = format!("{} {}", word("private"), ANSWER);
    let form = hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", &answer).press("go", "publish");
    form.send().await.form(&format!("{desk}/publish")).send().await.is(200);
    planted.unpublished.push(word("private"));
    // Put away, with the reason.
    let (code, _) = reports(&lan, "pothole", 15, &mut planted).await;
    let desk = format!("/desk/reports/{code}");
    let form = hoa.form(&desk, &format!("{desk}/archive")).await.fill("reason", &format!("Vì {}.", word("reason")));
    form.send().await.is(200);
    planted.unpublished.push(word("reason"));
    // Over the API.
    let mut body = json("/api/v1/reports");
    body["description"] = format!("Nhà {} ở cuối hẻm.", word("textapi")).into();
    let mut own = serde_json::Map::new();
    for (field, typed, known) in contact(16) {
        own.insert(field.to_owned(), typed.into());
        planted.contacts.push(known);
    }
    body["contact"] = own.into();
    let answer = lan.calls("/api/v1/reports", Some(Key::random().as_str()), &body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    planted.codes.push(answer.json()["code"].as_str().expect("a code").to_owned());
    planted.secrets.push(answer.json()["follow"].as_str().expect("a link").trim_start_matches("/f/").to_owned());
    planted.unpublished.push(word("textapi"));
    planted
}

/// Typed wrong, by people whose page shows it to themselves: nothing of it may be kept or logged.
async fn type_wrong(world: &World, planted: &mut Planted) {
    let lan = world.city.stranger();
    let mut form = lan.form("/report", "/report").await.fill("category", "pothole").force("point", SQUARE);
    for (field, typed, known) in contact(17) {
        form = form.fill(field, &typed);
        planted.contacts.push(known);
    }
    form.fill("text", "ngắn").press("go", "send").send().await.shows("ngắn");
    let secret = word("password");
    let form = lan.form("/sign-in", "/sign-in").await.fill("sign_in", "tuan").fill("password", &secret);
    let answer = form.send_only().await;
    assert!(answer.status.is_client_error() && !answer.text().contains(&secret), "a password comes back");
    planted.secrets.push(secret);
    planted.secrets.push(testkit::PASSWORD.to_owned());
    for who in [Who::OfficerX, Who::Dispatcher, Who::Administrator] {
        planted.secrets.extend(world.person(who).cookie(access::cookie_name(false)));
    }
    let mut body = json("/api/v1/reports");
    body["contact"] = serde_json::json!({ "phone": contact(18)[1].1, "name": contact(18)[0].1, "fax": "1" });
    planted.contacts.extend(contact(18).into_iter().map(|(_, _, known)| known));
    let answer = lan.calls("/api/v1/reports", Some(Key::random().as_str()), &body).await;
    assert_eq!(answer.status.as_u16(), 422);
}

fn holds(answer: &Answer, words: &[String]) -> Option<String> {
    let text = answer.text();
    let headers = format!("{:?}", answer.headers);
    let there = |word: &str| text.contains(word) || headers.contains(word);
    // A page groups the figures of a telephone number.
    words.iter().find(|word| there(word) || there(&notify::as_written(&format!("+84{word}")))).cloned()
}

#[tokio::test]
async fn no_canary_comes_out_where_it_may_not() {
    both(house, |city| async move {
        let expected: Vec<String> = (11..=18).flat_map(|n| contact(n).into_iter().map(|(_, _, known)| known)).collect();
        watches(&expected);
        let world = World::of(city).await;
        let mut planted = plant(&world).await;
        type_wrong(&world, &mut planted).await;
        watches(&planted.unpublished);
        watches(&planted.secrets);
        world.city.jobs_run().await;

        what_strangers_read(&world, &planted).await;
        what_officials_read(&world, &planted).await;
        what_lies_on_the_disk(&world.city, &planted).await;
        what_others_are_told(&world, &planted).await;
        let lines = caught();
        assert!(lines.is_empty(), "the log says what it may not:\n{}", lines.join("\n"));
    })
    .await;
}

async fn what_strangers_read(world: &World, planted: &Planted) {
    let all: Vec<String> = [&planted.contacts[..], &planted.unpublished, &planted.secrets].concat();
    let mut answers = crawl(world, Who::Stranger).await;
    let stranger = world.person(Who::Stranger);
    let mut more: Vec<String> = Vec::new();
    for code in &planted.codes {
        more.extend([
            format!("/r/{code}"),
            format!("/r/{code}?lang=en"),
            format!("/api/v1/reports/{code}"),
            format!("/r?code={code}"),
            format!("/desk/reports/{code}"),
            format!("/r/{code}/photo/{}", world.none.hash),
        ]);
    }
    more.extend(
        ["/reports", "/reports?area=hoa-binh", "/reports?state=answered", "/", "/readyz", "/healthz", "/no-such-page"]
            .map(str::to_owned),
    );
    for place in more {
        let answer = stranger.gets(&place).await;
        answers.insert(place, answer);
    }
    for (place, answer) in &answers {
        assert_eq!(holds(answer, &all), None, "a stranger reads it at {place}");
    }
    // The public search knows none of the words: a hit would tell that they stand somewhere.
    for word in planted.unpublished.iter().chain(&planted.contacts) {
        let page = stranger.sees(&format!("/reports?q={word}")).await;
        let hits = page.links().into_iter().filter(|(to, _)| to.starts_with("/r/PA-")).count();
        assert_eq!(hits, 0, "the public search finds a report by {word}");
    }
}

async fn what_officials_read(world: &World, planted: &Planted) {
    for who in Who::ALL.into_iter().filter(|who| !who.is_public()) {
        for (place, answer) in crawl(world, who).await {
            // The outbox shows addresses, and writes down who looked.
            if place.starts_with("/desk/outbox") {
                continue;
            }
            assert_eq!(holds(&answer, &planted.contacts), None, "{} reads a contact at {place}, and nobody logs it", who.name());
            assert_eq!(holds(&answer, &planted.secrets), None, "{} reads a secret at {place}", who.name());
        }
    }
}

async fn what_lies_on_the_disk(city: &TestCity, planted: &Planted) {
    let closed: Vec<String> = [&planted.contacts[..], &planted.secrets].concat();
    let declared = House::new(house()).personal();
    let tables = city.city.read(Lane::Comfort, db::tables).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
    for table in tables {
        let name = table.clone();
        let lines =
            city.city.read(Lane::Comfort, move |rd| db::dump(rd, &name)).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
        let holds = declared.iter().find(|line| line.table == table).map(|line| line.holds);
        for word in &planted.unpublished {
            let there = lines.iter().any(|line| line.contains(word.as_str()));
            assert!(!there || holds == Some(Holds::FreeText), "{word} stands in {table}, which says that it holds {holds:?}");
        }
        for word in &closed {
            assert!(!lines.iter().any(|line| line.contains(word.as_str())), "{word} stands in the table {table}");
        }
    }
    let mut files = Vec::new();
    under(city.folder(), &mut files);
    if let Some(path) = city.db.config.url.strip_prefix("sqlite:") {
        under(Path::new(path).parent().expect("a folder"), &mut files);
    }
    assert!(!files.is_empty(), "nothing lies on the disk");
    for (path, bytes) in files {
        for word in &closed {
            let there = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!there, "{word} stands in {}", path.display());
        }
    }
}

fn under(folder: &Path, all: &mut Vec<(std::path::PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            under(&path, all);
        } else if let Ok(bytes) = std::fs::read(&path) {
            all.push((path, bytes));
        }
    }
}

/// A message holds the words of its own report and of no other.
async fn what_others_are_told(world: &World, planted: &Planted) {
    for n in 11..=15 {
        let (typed, _) = canary("phone", n);
        let number = format!("+84{}", &typed.replace(' ', "")[1..]);
        let messages = world.city.messages_to(&number).await;
        assert!(!messages.is_empty(), "nobody wrote to {number}");
        let own = [word(&format!("text{n}")), word(&format!("address{n}"))];
        for message in messages {
            let text = message.text.map(|text| text.open().clone()).unwrap_or_default();
            let others = planted.unpublished.iter().filter(|word| !own.contains(word));
            for word in others.filter(|word| word.starts_with("cntext") || word.starts_with("cnaddress")) {
                assert!(!text.contains(word.as_str()), "the message to {number} tells of another's report: {text}");
            }
        }
    }
}

#[test]
fn the_log_is_really_read() {
    watches(&["cn-decoy-never-planted".to_owned()]);
    tracing::trace!(word = "cn-decoy-never-planted", "a decoy");
    let mut caught = CAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
    let before = caught.len();
    caught.retain(|line| !line.contains("cn-decoy"));
    assert!(caught.len() < before, "what is logged at the finest level is not seen");
}

#[test]
fn every_set_of_personal_fields_is_planted_by_a_journey() {
    let mut sets = BTreeSet::new();
    for folder in ["foundation", "capabilities", "server"] {
        sources(&root().join(folder), &mut sets);
    }
    let planted = BTreeSet::from([format!("Contact in {:?}", Contact::PLACE)]);
    assert_eq!(sets, planted, "a set of personal fields that no journey plants, or one that is gone: see privacy.rs");
}

/// The sets that are declared in `src/` folders, tests and comments apart.
fn sources(folder: &Path, sets: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "tests", "examples", "node_modules", "dist"].contains(&name.as_str()) {
                sources(&path, sets);
            }
            continue;
        }
        if !name.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut inside = false;
        for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            inside |= line.starts_with("kernel::personal! {") || line.starts_with("personal! {");
            if let Some((_, rest)) = line.split_once("struct ").filter(|_| inside) {
                let set = rest.trim_end_matches(['{', ' ']);
                sets.insert(set.to_owned());
                inside = false;
            }
        }
    }
}
