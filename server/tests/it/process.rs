//! The real program: started, asked, stopped, and killed at any moment. Tests F1 and F11.

use crate::house::root;
use crate::program::{Folder, Server, post_json, sample, send, songhan};
use kernel::Key;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// `short` in `./test`, `long` in `./test --long`.
fn rounds(short: usize, long: usize) -> usize {
    if std::env::var_os("SONGHAN_LONG").is_some() { long } else { short }
}

/// A report that belongs to its key: the same key with other words would be a conflict.
fn report(key: &str) -> String {
    format!(
        r#"{{"description":"Ổ gà sâu trước chợ, xe máy hay ngã, lần {key}.","category":"pothole","lat":12.0331,"long":110.489,"address":"12 Bình Minh"}}"#
    )
}

fn code_of(answer: &str) -> String {
    answer
        .split("\"code\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no code in {answer}"))
        .to_owned()
}

/// A number below `below`, drawn from the system.
fn below(below: u64) -> u64 {
    u64::from_le_bytes(kernel::secret::random::<8>()) % below
}

#[test]
fn it_starts_says_how_it_is_and_stops_in_order() {
    let folder = Folder::new();
    let server = Server::start(&folder.0);
    assert!(server.started_in < Duration::from_secs(10), "started in {:?}", server.started_in);
    assert_eq!(server.get("/healthz").0, 200);
    let (status, answer) = server.get("/readyz");
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("\"ready\":true"), "{answer}");
    assert_eq!(server.get("/").0, 200);
    assert_eq!(server.get("/samples").0, 404, "the page of samples is for demonstrations");
    let (status, took) = server.stop();
    assert!(status.success(), "it ended with {status}");
    assert!(took < Duration::from_secs(12), "it took {took:?} to stop");
}

#[test]
fn a_second_process_on_the_same_data_is_refused() {
    let folder = Folder::new();
    let _first = Server::start(&folder.0);
    let data = folder.0.display().to_string();
    let second = songhan(&["serve", "--listen", "127.0.0.1:0", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.starts_with("songhan: the database sqlite:"), "{said}");
}

#[test]
fn limits_are_never_off_in_the_open() {
    let out =
        songhan(&["serve", "--listen", "0.0.0.0:0", "--pack", &sample()]).env("SONGHAN_LIMITS", "off").output().expect("it runs");
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("environment variable SONGHAN_LIMITS: `limits` cannot be `off` while listening on 0.0.0.0:0"),
        "{said}"
    );
}

#[test]
fn a_pack_with_a_mistake_is_answered_and_not_served() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("city.toml"), "format = 1\nkee = \"x\"\n").expect("a file");
    let pack = folder.0.display().to_string();
    let out = songhan(&["check", &pack]).output().expect("it runs");
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("city.toml") && said.contains("mistake"), "{said}");
    let out = songhan(&["serve", "--data", &pack, "--listen", "127.0.0.1:0", "--pack", &pack]).output().expect("it runs");
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn a_demonstration_is_filled_once_and_its_journal_verifies() {
    let folder = Folder::new();
    let data = folder.0.display().to_string();
    let demo = || songhan(&["demo", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    let first = demo();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(String::from_utf8_lossy(&first.stderr).contains("demo entries"));
    let second = demo();
    assert!(second.status.success() && !String::from_utf8_lossy(&second.stderr).contains("demo entries"));
    verifies(&folder.0);
    let server = Server::start(&folder.0);
    assert_eq!(server.get("/reports").0, 200);
    assert_eq!(server.get("/samples").0, 200);
}

#[test]
fn a_demonstration_never_begins_in_a_city_with_data() {
    let folder = Folder::new();
    let server = Server::start(&folder.0);
    server.post_json("/api/v1/reports", "a-key-of-a-real-report", &report("1")).expect("an answer");
    drop(server);
    let data = folder.0.display().to_string();
    let demo = songhan(&["demo", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    assert!(!demo.status.success());
    assert!(!folder.0.join("demonstration").exists());
}

#[test]
fn the_first_administrator_is_made_with_a_one_time_password() {
    let folder = Folder::new();
    let data = folder.0.display().to_string();
    let add = |role: &str| {
        songhan(&["official", "add", "--role", role, "--data", &data, "--pack", &sample()]).output().expect("it runs")
    };
    let out = add("administrator");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8_lossy(&out.stdout).contains("one-time password"));
    let wrong = add("administratr");
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("did you mean `administrator`?"),
        "{}",
        String::from_utf8_lossy(&wrong.stderr)
    );
}

#[test]
fn an_import_says_by_its_exit_code_whether_rows_were_refused() {
    const HEADING: &str = "Số,Nhận,Xong,Sửa,Loại,Trạng thái,Nội dung,Nơi,Tọa độ,Đơn vị,Kênh,Ghi chú";
    const GOOD: &str = "17-001,05/06/2025 08:15,07/06/2025 16:30,,Ổ gà,Xong,Ổ gà sâu trước chợ.,Chợ,,Đội 3,Điện thoại,đã vá";
    const BAD: &str = "17-002,lúc nào đó,07/06/2025 16:30,,Ổ gà,Xong,Ổ gà trước trường.,Trường,,Đội 3,Điện thoại,";
    let folder = Folder::new();
    let data = folder.0.join("data").display().to_string();
    let map = root().join("capabilities/feedback/tests/import/old.toml").display().to_string();
    let imports = |rows: &[&str], more: &[&str]| {
        let file = folder.0.join("old.csv");
        std::fs::write(&file, format!("{HEADING}\n{}\n", rows.join("\n"))).expect("a file of rows");
        let (file, pack) = (file.display().to_string(), sample());
        let arguments = ["import", "cases", &file, "--mapping", &map, "--data", &data, "--pack", &pack];
        let out = songhan(&[&arguments, more].concat()).output().expect("it runs");
        (out.status.code(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
    };
    for (rows, more, code, says) in [
        (&[GOOD, BAD][..], &["--dry-run"][..], 3, "1 filed, 0 unchanged, 0 changed, 1 refused"),
        (&[GOOD, BAD], &[], 3, "1 filed, 0 unchanged, 0 changed, 1 refused"),
        (&[GOOD], &[], 0, "0 filed, 1 unchanged, 0 changed, 0 refused"),
        (&[BAD], &[], 3, "0 filed, 0 unchanged, 0 changed, 1 refused"),
        (&[GOOD], &["--mapping", "nowhere.toml"], 2, "cannot be used multiple times"),
        (&[GOOD], &["--node", "many"], 1, "`node` cannot be `many`"),
    ] {
        let (ended, said) = imports(rows, more);
        assert_eq!(ended, Some(code), "{rows:?} {more:?}: {said}");
        assert!(said.contains(says), "{rows:?} {more:?}: {said}");
    }
    let (ended, said) = imports(&[], &["--help"]);
    assert!(ended == Some(0) && said.contains("3  rows were refused"), "{said}");
}

#[test]
fn the_child_that_re_encodes_pictures_answers_and_refuses() {
    let ask = |bytes: Vec<u8>| {
        let mut child = songhan(&["picture"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut input = child.stdin.take().expect("an input");
        input.write_all(&bytes).expect("it reads");
        drop(input);
        child.wait_with_output().expect("it ends")
    };
    let good = ask(testkit::photo(1));
    assert!(good.status.success() && good.stdout.starts_with(b"SHP1"));
    let bad = ask(b"GIF89a".to_vec());
    assert!(bad.status.success());
    assert_eq!(bad.stdout, b"gif");
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_doubled() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.0.join("songhan.db").display());
    killed_at_any_moment(&folder.0, &database, rounds(30, 1000));
}

#[test]
fn killed_at_any_moment_nothing_is_lost_or_doubled_on_postgresql_which_stays() {
    let Some(mut kept) = db::test::postgres(&manifest::House::new(songhan::capabilities::all()).migrations()) else { return };
    let folder = Folder::new();
    let database = kept.shut().url;
    killed_at_any_moment(&folder.0, &database, rounds(12, 300));
}

/// F1: eight writers, the process killed at random moments of their sending. Nothing that was acknowledged is lost, nothing is doubled when it is sent
/// again under its key, and journal and files verify.
fn killed_at_any_moment(data: &Path, database: &str, rounds: usize) {
    let environment = [("SONGHAN_DATABASE", database)];
    // Every key that was ever sent, with the code that was acknowledged for it.
    let sent: Arc<Mutex<BTreeMap<String, Option<String>>>> = Arc::default();
    // The codes that were acknowledged in the last round.
    let fresh: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..rounds {
        let server = Server::start_with(data, &sample(), &environment);
        assert!(server.started_in < Duration::from_secs(10), "round {round}: started in {:?}", server.started_in);
        for code in std::mem::take(&mut *fresh.lock().expect("no writer panics")) {
            let (status, answer) = server.get(&format!("/api/v1/reports/{code}"));
            assert_eq!(status, 200, "round {round}: {code} was acknowledged before the kill, and is gone: {answer}");
        }
        let (address, over) = (server.address, Arc::new(AtomicBool::new(false)));
        let (happens, happened) = channel();
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let (sent, fresh, over, happens) = (sent.clone(), fresh.clone(), over.clone(), happens.clone());
                std::thread::spawn(move || {
                    let mut n = 0;
                    while !over.load(Ordering::Relaxed) {
                        // Every third time something is sent again: what nobody acknowledged, or what somebody did.
                        let again = (n % 3 == 2).then(|| some_key(&sent.lock().expect("no writer panics"))).flatten();
                        let key = again.unwrap_or_else(|| Key::random().as_str().to_owned());
                        sent.lock().expect("no writer panics").entry(key.clone()).or_insert(None);
                        n += 1;
                        let _ = happens.send(());
                        let Ok((status, answer)) = post_json(address, "/api/v1/reports", &key, &report(&key)) else { continue };
                        if status != 200 {
                            // A body that was cut has no status of ours; a refusal is a finding.
                            assert!(status == 503, "{status}: {answer}");
                            continue;
                        }
                        if !answer.contains("\"code\"") {
                            continue; // cut between head and body
                        }
                        let code = code_of(&answer);
                        let mut sent = sent.lock().expect("no writer panics");
                        let known = sent.insert(key.clone(), Some(code.clone())).flatten();
                        fresh.lock().expect("no writer panics").push(code.clone());
                        assert!(known.is_none_or(|known| known == code), "key {key} has two codes");
                        let _ = happens.send(());
                    }
                })
            })
            .collect();
        drop(happens);
        // So many are sent or acknowledged, however busy the machine is; then at any moment before the next.
        let _ = happened.iter().take(20 + below(80) as usize).count();
        let _ = happened.recv_timeout(Duration::from_micros(below(5_000)));
        server.kill();
        over.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().expect("a writer saw something wrong");
        }
        // Each time in `./test`; in the long form a growing journal would take the night.
        if round % self::rounds(1, 25) == 0 {
            verifies_in(data, &environment);
        }
    }
    let sent = sent.lock().expect("no writer panics").clone();
    let acknowledged = sent.values().flatten().count();
    assert!(acknowledged > 100, "only {acknowledged} reports were acknowledged: the test tested little");
    let server = Server::start_with(data, &sample(), &environment);
    for (key, code) in &sent {
        let (status, answer) = server.post_json("/api/v1/reports", key, &report(key)).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        let now = code_of(&answer);
        assert!(code.as_ref().is_none_or(|code| *code == now), "key {key}: {code:?} was acknowledged, {now} is there");
    }
    drop(server);
    assert_eq!(cases_in(database), sent.len() as i64, "each key has exactly one report");
    verifies_in(data, &environment);
}

/// A row is changed behind the journal's back: the chain is whole and the start finds nothing; `songhan verify` does, and so does the night.
#[test]
fn a_row_that_was_tampered_with_is_found_by_verify_and_rings_the_alarm_of_the_night() {
    let folder = Folder::new();
    let data = folder.0.display().to_string();
    let demo = songhan(&["demo", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    verifies(&folder.0);
    let city = opened(&format!("sqlite:{}", folder.0.join("songhan.db").display()));
    let tampered = city.write_now(db::Lane::Duty, |tx| {
        let (case,): (i64,) = tx.one("select min(id) from cases", db::args![])?;
        tx.exec_one("update cases set received_at = received_at + 60000 where id = $1", db::args![case])?;
        Ok(case)
    });
    let case = tampered.unwrap_or_else(|e: db::Error| panic!("{e}"));
    drop(city);
    let out = songhan(&["verify", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!out.status.success(), "{said}");
    assert_eq!(said, format!("WRONG: case {case}: its rows are not what its journal adds up to\n"));
    // A job that has never run is due at once: this is its first night.
    let server = Server::start(&folder.0);
    server.hears("ALARM: 1 things are not as they were written");
    let (status, answer) = server.get("/readyz");
    assert!(status == 503 && answer.contains("\"alarm\":true"), "{status}: {answer}");
}

/// Journal, rows and files are as they were written.
fn verifies(data: &Path) {
    verifies_in(data, &[]);
}

fn verifies_in(data: &Path, environment: &[(&str, &str)]) {
    let data = data.display().to_string();
    let verify = ["verify", "--data", &data, "--pack", &sample()];
    let out = songhan(&verify).envs(environment.iter().copied()).output().expect("it runs");
    assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
}

fn some_key(sent: &BTreeMap<String, Option<String>>) -> Option<String> {
    let at = below(sent.len().max(1) as u64) as usize;
    sent.keys().nth(at).cloned()
}

/// Opens the database itself.
fn opened(database: &str) -> db::Db {
    let migrations = manifest::House::new(songhan::capabilities::all()).migrations();
    db::Db::open(db::Config::new(database), &migrations, Arc::new(kernel::SystemClock)).expect("the database opens")
}

/// Counts the cases in the database itself.
fn cases_in(database: &str) -> i64 {
    let db = opened(database);
    let (count,): (i64,) = db
        .read_now(db::Lane::Duty, |rd| rd.one("select count(*) from cases", db::args![]))
        .unwrap_or_else(|e: db::Error| panic!("{e}"));
    count
}

/// The report form as a browser without script holds it: cookies and the hidden fields.
fn open_form(server: &Server) -> (String, Vec<(String, String)>) {
    let (status, page) = server.get("/report");
    assert_eq!(status, 200);
    let cookies: Vec<&str> = page
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    let field = |name: &str| {
        let at = page.find(&format!("name=\"{name}\""))?;
        let tag = &page[page[..at].rfind('<')?..];
        let value = tag.split_once("value=\"")?.1.split_once('"')?.0.to_owned();
        Some((name.to_owned(), value))
    };
    (cookies.join("; "), ["token", "key"].into_iter().filter_map(field).collect())
}

fn upload(server: &Server, cookies: &str, fields: &[(String, String)], photo: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--apart\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(
        b"--apart\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
    );
    body.extend(photo);
    body.extend(b"\r\n--apart--\r\n");
    let head = format!(
        "POST /report HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\
         Content-Type: multipart/form-data; boundary=apart\r\nContent-Length: {}\r\n\r\n",
        server.address,
        body.len()
    );
    [head.into_bytes(), body].concat()
}

fn files_in(data: &Path) -> (usize, usize) {
    let count = |folder: &Path| std::fs::read_dir(folder).map_or(0, Iterator::count);
    let files = data.join("files");
    let kept = std::fs::read_dir(&files)
        .expect("the store is there")
        .flatten()
        .filter(|f| f.file_name() != "temp")
        .map(|f| count(&f.path()))
        .sum();
    (kept, count(&files.join("temp")))
}

/// F11: client cut, or server killed, in mid-upload. No half file is visible, nothing temporary stays, and the photo can be sent again
/// with the very form that the browser still holds.
#[test]
fn cut_in_mid_upload_no_half_file_stays_and_it_can_be_sent_again() {
    let folder = Folder::new();
    let photo = testkit::photo(7);
    let mut server = Server::start(&folder.0);
    let (cookies, fields) = open_form(&server);
    for round in 0..rounds(20, 200) {
        let whole = upload(&server, &cookies, &fields, &photo);
        let photo_from = whole.len() - photo.len();
        let cut = photo_from + below(photo.len() as u64 - 20) as usize;
        let mut stream = TcpStream::connect(server.address).expect("it listens");
        stream.write_all(&whole[..cut]).expect("it reads");
        if round % 2 == 0 {
            drop(stream); // the client goes
        } else {
            server.kill(); // the server goes
            server = Server::start(&folder.0);
        }
        let (kept, temporary) = files_in(&folder.0);
        assert_eq!(kept, 0, "round {round}: a half file is visible");
        if round % 2 == 1 {
            assert_eq!(temporary, 0, "round {round}: a temporary stayed");
        }
    }
    let whole = upload(&server, &cookies, &fields, &photo);
    let (status, answer) = send(server.address, &whole).expect("an answer");
    assert!(status < 500 && status != 403, "{status}: {answer}");
    assert_eq!(files_in(&folder.0), (2, 0), "the photo and its thumbnail, re-encoded in a child");

    // A bit that flips on the disk is named.
    drop(server);
    verifies(&folder.0);
    let folders =
        std::fs::read_dir(folder.0.join("files")).expect("the store is there").flatten().filter(|f| f.file_name() != "temp");
    let file = folders.flat_map(|f| std::fs::read_dir(f.path()).expect("a folder").flatten()).next().expect("a file").path();
    let mut bytes = std::fs::read(&file).expect("it is read");
    bytes[20] ^= 1;
    std::fs::write(&file, bytes).expect("it is written");
    let data = folder.0.display().to_string();
    let out = songhan(&["verify", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(!out.status.success() && said.contains(&name) && said.contains("has changed"), "{said}");
}
