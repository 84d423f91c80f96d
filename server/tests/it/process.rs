//! The real program: started, asked, and stopped in order. How it is killed stands in `killed.rs`.

use crate::house::root;
use crate::program::{Folder, Server, sample, songhan};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

/// From exec until it listens, whatever lies behind it: F1. A debug build takes a tenth of a second, and on a machine that compiles beside
/// it several times that.
pub const STARTS_WITHIN: Duration = Duration::from_secs(2);

/// A report that belongs to its key: the same key with other words would be a conflict.
pub fn report(key: &str) -> String {
    format!(
        r#"{{"description":"Ổ gà sâu trước chợ, xe máy hay ngã, lần {key}.","category":"pothole","lat":12.0331,"long":110.489,"address":"12 Bình Minh"}}"#
    )
}

pub fn code_of(answer: &str) -> String {
    answer
        .split("\"code\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no code in {answer}"))
        .to_owned()
}

#[test]
fn it_starts_says_how_it_is_and_stops_in_order() {
    let folder = Folder::new();
    let server = Server::start(&folder.0);
    assert!(server.started_in < STARTS_WITHIN, "started in {:?}", server.started_in);
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
    let lapsed = opened(&format!("sqlite:{}", folder.0.join("songhan.db").display())).read_now(db::Lane::Duty, |rd| {
        const SQL: &str = "select count(*), max(breached_at - due_at) from case_clocks where breached_at is not null";
        rd.one::<(i64, Option<i64>)>(SQL, db::args![])
    });
    let (lapsed, late): (i64, Option<i64>) = lapsed.unwrap_or_else(|e: db::Error| panic!("{e}"));
    assert!(lapsed > 0 && late <= Some(30_000), "{lapsed} terms ran out, written down up to {late:?} ms later");
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
pub fn verifies(data: &Path) {
    verifies_in(data, &[]);
}

pub fn verifies_in(data: &Path, environment: &[(&str, &str)]) {
    let data = data.display().to_string();
    let verify = ["verify", "--data", &data, "--pack", &sample()];
    let out = songhan(&verify).envs(environment.iter().copied()).output().expect("it runs");
    assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
}

/// Opens the database itself.
pub fn opened(database: &str) -> db::Db {
    let migrations = manifest::House::new(songhan::capabilities::all()).migrations();
    db::Db::open(db::Config::new(database), &migrations, Arc::new(kernel::SystemClock)).expect("the database opens")
}
