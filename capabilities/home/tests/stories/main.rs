//! Stories of the front page, through the door.

use manifest::{Capability, CaseKind, Start};
use testkit::{TestCity, sqlite};

const KIND: CaseKind = CaseKind {
    key: "report",
    name: |_| "report",
    start: Some(Start { path: "/report", title: |_| "Gửi phản ánh", about: |_| "", icon: "megaphone" }),
    list: Some("/reports"),
    find: Some("/r"),
    page: |code| format!("/r/{code}"),
    code: |typed| Some(typed.to_owned()),
};

fn house() -> Vec<Capability> {
    vec![home::capability(vec![KIND])]
}

#[tokio::test]
async fn a_stranger_sees_what_can_be_done_here() {
    let city: TestCity = sqlite(house).await;
    let page = city.stranger().sees("/").await;
    page.shows("anh/chị kể cho chúng tôi nghe").shows("Gửi phản ánh").shows("112").shows("Chưa có phản ánh nào được công khai");
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
