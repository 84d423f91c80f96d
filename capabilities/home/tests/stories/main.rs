//! Stories of the front page, through the door.

use manifest::{Capability, CaseKind, Start};
use testkit::{TestCity, both, sqlite};

const KIND: CaseKind = CaseKind {
    key: "report",
    name: |_| "report",
    start: Some(Start { path: "/report", title: |_| "Gửi phản ánh", about: |_| "", icon: "megaphone" }),
    list: Some("/reports"),
    find: Some("/r"),
    page: |code| format!("/r/{code}"),
    headline: |title, lead| if title.ends_with('…') { lead.to_owned() } else { title.to_owned() },
    code: |typed| Some(typed.to_owned()),
};

fn house() -> Vec<Capability> {
    vec![home::capability(vec![KIND])]
}

#[tokio::test]
async fn a_stranger_sees_what_can_be_done_here() {
    let city: TestCity = sqlite(house).await;
    let page = city.stranger().sees("/").await;
    page.shows("anh/chị kể cho chúng\u{a0}tôi nghe")
        .shows("Gửi phản ánh")
        .shows("112")
        .shows("Chưa có phản ánh nào được công khai");
    page.hides("Những con số thật"); // no numbers where nothing was counted
    assert_eq!(page.link("Gửi phản ánh"), "/report");
    assert_eq!(page.link("Quyền riêng tư"), "/privacy");
    let page = city.stranger().in_english().sees("/").await;
    page.shows("Tell us").shows("Follow by code");
}

#[tokio::test]
async fn the_two_short_pages_name_whom_to_call() {
    let city = sqlite(house).await;
    for path in ["/privacy", "/accessibility"] {
        city.stranger().sees(path).await.shows(&city.city.pack.hotline);
        city.stranger().in_english().sees(path).await.shows(&city.city.pack.hotline);
    }
}

#[tokio::test]
async fn a_house_without_kinds_of_case_still_has_a_front() {
    let city = sqlite(|| vec![home::capability(Vec::new())]).await;
    city.stranger().sees("/").await.is(200);
}

/// A row as the engine would write it, as far as the front page reads it: kind, code, state, flags, days ago, closed, confidential.
async fn a_report(city: &TestCity, code: &'static str, state: &'static str, flags: i64, days_ago: i64, confidential: i64) {
    let written = city.city.write(db::Lane::Duty, move |tx| {
        let received = tx.now().ms() - days_ago * 86_400_000;
        let id = (received << 20) + tx.id() % 4_096;
        let closed = (state == "answered").then_some(received);
        tx.exec_one(
            "insert into cases (id, kind, code, definition_key, definition_version, definition_hash, state, public_state, flags, category, area, unit, \
             title, lead, priority, confidentiality, channel, received_at, published_at, closed_at, updated_at, version, head) \
             values ($1, 'report', $2, 'k', 'v', 'h', $3, $3, $4, 'pothole', 'ben-cang', 'roads-department', $5, $10, 0, $6, 'web', $7, $8, $8, $7, 1, $9)",
            db::args![id, code, state, flags, "Việc…", confidential, received, closed, vec![0_u8; 32], format!("Việc {code}")],
        )
    });
    written.await.unwrap_or_else(|error: db::Error| panic!("{error}"));
}

#[tokio::test]
async fn the_numbers_hide_neither_open_nor_late_reports_and_count_no_confidential_one() {
    both(house, |city: TestCity| async move {
        a_report(&city, "PA-1", "answered", 0, 3, 0).await;
        a_report(&city, "PA-2", "in-progress", 0, 2, 0).await;
        a_report(&city, "PA-3", "in-progress", 1, 45, 0).await;
        a_report(&city, "PA-4", "in-progress", 1, 1, 1).await;
        let page = city.stranger().sees("/").await;
        let said: Vec<String> = page.words().lines().map(str::to_owned).collect();
        let at = said.iter().position(|line| line.contains("Những con số thật")).expect("numbers");
        let numbers: Vec<&String> = said[at..].iter().filter(|line| line.chars().all(|c| c.is_ascii_digit())).take(4).collect();
        assert_eq!(numbers, ["2", "1", "2", "1"], "{said:?}");
        // The title was cut, and the card says it whole.
        page.shows("Việc PA-1").hides("Việc…").hides("Việc PA-2").hides("Việc PA-4");
        assert_eq!(page.link("Việc PA-1"), "/r/PA-1");
    })
    .await;
}
