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

const ZONES: [&str; 4] = ["UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Pacific/Apia"];

/// The same report, sent once on a machine in each zone; their codes, and when each is due with the reason.
fn sent_in_each_zone(data: &Path, round: usize) -> (Vec<String>, Vec<String>) {
    let report = r#"{"description":"Ổ gà sâu trước cổng chợ.","category":"pothole","lat":12.0215,"long":110.513}"#;
    let sent = ZONES.map(|zone| {
        let server = Server::start_with(data, &sample(), &[("TZ", zone)]);
        let (status, answer) = server
            .post_json("/api/v1/reports", &format!("key-{round}-from-{}", zone.replace('/', "-")), report)
            .expect("an answer");
        assert_eq!(status, 200, "{zone}: {answer}");
        let code =
            serde_json::from_str::<serde_json::Value>(body(&answer)).expect("JSON")["code"].as_str().expect("a code").to_owned();
        let told: serde_json::Value =
            serde_json::from_str(body(&server.get(&format!("/api/v1/reports/{code}")).1)).expect("JSON");
        assert!(server.stop().0.success());
        (code, format!("{} {}", told["due_at"], told["due_explanation"]))
    });
    sent.into_iter().unzip()
}

/// What stands in the `time` elements of a page.
fn times(page: &str) -> Vec<String> {
    page.split("<time").skip(1).filter_map(|rest| Some(rest.split_once('>')?.1.split_once('<')?.0.to_owned())).collect()
}

#[test]
fn the_machines_zone_changes_neither_data_nor_pages() {
    let folder = Folder::new();
    let data = folder.0.display().to_string();
    let filled = songhan(&["demo", "--data", &data, "--pack", &sample()]).output().expect("it runs");
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));

    let (mut codes, mut due) = sent_in_each_zone(&folder.0, 1);
    if due.iter().any(|one| *one != due[0]) {
        // An hour from which a term counts otherwise came between two of them: it does not come again at once.
        (codes, due) = sent_in_each_zone(&folder.0, 2);
    }
    assert!(due.iter().all(|one| *one == due[0]), "the zone of the machine moves a term: {due:#?}");

    let mut seen: Vec<(&str, Vec<String>)> = Vec::new();
    for zone in ZONES {
        let server = Server::start_with(&folder.0, &sample(), &[("TZ", zone)]);
        let list = body(&server.get("/reports").1).to_owned();
        let published: Vec<String> =
            list.split("href=\"/r/").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
        assert!(published.len() >= 2, "the demonstration has published reports");
        let mut pages = vec![list];
        for code in published.iter().chain(&codes) {
            pages.push(body(&server.get(&format!("/r/{code}")).1).to_owned());
            pages.push(body(&server.get(&format!("/api/v1/reports/{code}")).1).to_owned());
        }
        let cookies = server.signs_in("hoa", accounts::demo::PASSWORD);
        for code in &codes {
            // Tokens and what is left of a term differ from one moment to the next; the times that were set do not.
            let times = times(body(&server.get_with(&format!("/desk/reports/{code}"), &cookies).1));
            assert!(times.len() >= 3, "{zone}: the desk's page of {code} says {times:?}");
            pages.push(times.join("\n"));
        }
        seen.push((zone, pages));
        assert!(server.stop().0.success());
    }
    for (zone, pages) in &seen[1..] {
        assert_eq!(pages, &seen[0].1, "{zone} reads otherwise than {}", seen[0].0);
    }
}
