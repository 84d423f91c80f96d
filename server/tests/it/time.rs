//! Time: a term once given does not move when the calendar does (T1), and nothing depends on the machine's zone (T2).

use crate::house::root;
use crate::program::{Folder, Server, sample, songhan};
use std::path::Path;

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or(answer, |(_, body)| body)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a pack").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a file is copied");
        }
    }
}

#[test]
fn a_term_once_given_stays_when_a_day_off_is_decided_later() {
    let (data, packs) = (Folder::new(), Folder::new());
    let pack = packs.0.join("city");
    copy(&root().join("packs/sample"), &pack);
    let pack_name = pack.display().to_string();
    let report = r#"{"description":"Ổ gà sâu trước cổng chợ.","category":"pothole","lat":12.0215,"long":110.513}"#;
    let send = |server: &Server, key: &str| {
        let (status, answer) = server.post_json("/api/v1/reports", key, report).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        answer.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a code").to_owned()
    };
    let state = |server: &Server, code: &str| -> serde_json::Value {
        serde_json::from_str(body(&server.get(&format!("/api/v1/reports/{code}")).1)).expect("JSON")
    };
    let server = Server::start_with(&data.0, &pack_name, &[]);
    let early = send(&server, "key-before-the-storm");
    let before = state(&server, &early);
    assert!(server.stop().0.success());

    // A storm closes the offices on the day that the answer is due.
    let due = before["due_at"].as_str().expect("a due time")[..10].to_owned();
    let calendars = pack.join("calendars.toml");
    let text = std::fs::read_to_string(&calendars).expect("calendars");
    let storm = format!(
        "\n[[day]]\non = {due}\nkind = \"closure\"\nname = {{ vi = \"Nghỉ bão số 99\", en = \"Storm 99\" }}\ndecision = \"99/QĐ\"\n"
    );
    std::fs::write(&calendars, text + &storm).expect("calendars");

    let server = Server::start_with(&data.0, &pack_name, &[]);
    let late = send(&server, "key-after-the-storm");
    assert_eq!(state(&server, &early), before, "the term that was given stands as it was explained");
    let after = state(&server, &late);
    assert_ne!(after["due_at"], before["due_at"], "a new report counts with the storm");
    assert!(after["due_explanation"].as_str().is_some_and(|why| why.contains("bão số 99")), "{after}");
}

#[test]
fn the_machines_zone_changes_neither_data_nor_pages() {
    let folder = Folder::new();
    let data = folder.0.display().to_string();
    let filled = songhan(&["demo", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for zone in ["UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Pacific/Apia"] {
        let server = Server::start_with(&folder.0, &sample(), &[("TZ", zone)]);
        let list = body(&server.get("/reports").1).to_owned();
        let codes: Vec<String> =
            list.split("href=\"/r/").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
        assert!(codes.len() >= 2, "the demonstration has published reports");
        let mut pages = vec![list];
        for code in &codes {
            pages.push(body(&server.get(&format!("/r/{code}")).1).to_owned());
            pages.push(body(&server.get(&format!("/api/v1/reports/{code}")).1).to_owned());
        }
        seen.push((zone.to_owned(), pages));
        assert!(server.stop().0.success());
    }
    for (zone, pages) in &seen[1..] {
        assert_eq!(pages, &seen[0].1, "{zone} reads otherwise than {}", seen[0].0);
    }
}
