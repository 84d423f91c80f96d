//! The API: the same report, told by a program.

use crate::verbs::{answers, api_state, house};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use testkit::both;

fn pothole() -> Value {
    json!({ "description": "Ổ gà sâu trước số 12 Lê Lợi", "category": "pothole", "lat": 12.0215, "long": 110.513 })
}

#[tokio::test]
async fn a_program_reports_and_follows() {
    both(house, |city| async move {
        let categories = city.stranger().gets("/api/v1/categories").await.json();
        assert!(
            categories
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["key"] == "pothole" && one["name_en"] == "Pothole, damaged road")),
            "{categories}"
        );
        let answer = city.minh().calls("/api/v1/reports", Some("key-0001-a"), &pothole()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let received = answer.json();
        let code = received["code"].as_str().expect("a code").to_owned();
        let follow = received["follow"].as_str().expect("a link").to_owned();
        city.minh().sees(&follow).await.shows("Ổ gà sâu trước số 12 Lê Lợi");
        let state = api_state(&city, &code).await;
        assert_eq!((state["state"].as_str(), state["text"].as_str()), (Some("received"), None));
        assert!(state["due_explanation"].as_str().is_some_and(|why| why.contains("3 ngày làm việc")), "{state}");
        assert!(state["due_at"].as_str().is_some_and(|due| due.ends_with("+07:00")), "{state}");
        answers(&city.tuan().await, &code, "Đã vá xong ổ gà trong sáng nay, mời anh/chị xem lại.").await;
        let state = api_state(&city, &code).await;
        assert_eq!((state["state"].as_str(), state["text"].as_str()), (Some("answered"), Some("Ổ gà sâu trước số 12 Lê Lợi")));
    })
    .await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_another_report_under_it_is_refused() {
    both(house, |city| async move {
        let first = city.minh().calls("/api/v1/reports", Some("key-0002-a"), &pothole()).await.json();
        for _ in 0..3 {
            assert_eq!(city.minh().calls("/api/v1/reports", Some("key-0002-a"), &pothole()).await.json(), first);
        }
        let mut other = pothole();
        other["description"] = json!("Một chuyện khác hẳn ở nơi khác");
        let refused = city.minh().calls("/api/v1/reports", Some("key-0002-a"), &other).await;
        assert_eq!(refused.status, 409);
        assert!(!refused.text().contains("/f/"), "the first sender's link is not given to another");
    })
    .await;
}

#[tokio::test]
async fn what_a_program_gets_wrong_is_said_as_problem_json() {
    both(house, |city| async move {
        let minh = city.minh();
        let with = |name: &str, value: Value| {
            let mut body = pothole();
            body[name] = value;
            body
        };
        for (key, body, status) in [
            (None, pothole(), 400),
            (Some("short"), pothole(), 400),
            (Some("key-0003-a"), with("category", json!("no-such")), 422),
            (Some("key-0003-b"), with("description", json!("ngắn")), 422),
            (Some("key-0003-c"), with("lat", json!(95.0)), 422),
            (Some("key-0003-d"), with("lat", Value::Null), 422),
            (Some("key-0003-e"), with("state", json!("answered")), 422),
            (Some("key-0003-f"), with("published_at", json!(1)), 422),
            (Some("key-0003-g"), with("lat", json!(40.0)), 422),
            (Some("key-0003-h"), json!([1, 2]), 422),
        ] {
            let answer = minh.calls("/api/v1/reports", key, &body).await;
            assert_eq!(answer.status, status, "{body}: {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json", "{body}");
        }
        assert_eq!(minh.gets("/api/v1/reports/PA-26-999999").await.status, 404);
        for (body, fields) in [
            (with("description", json!("ngắn")), &["description"][..]),
            (with("category", json!("no-such")), &["category"]),
            (with("lat", json!(95.0)), &["lat"]),
            (with("long", Value::Null), &["long"]),
            (with("lat", json!(40.0)), &["lat"]),
            (with("lat", json!("x")), &["lat"]),
            (with("contact", json!({ "phone": "1022", "email": "a@b" })), &["contact.phone", "contact.email"]),
            (with("contact", json!({ "fax": "1022" })), &["contact"]),
            (json!({ "category": "pothole", "address": "12 Lê Lợi" }), &["description"]),
            (json!({ "description": "Ổ gà sâu trước số 12 Lê Lợi", "category": "pothole" }), &["address"]),
            (with("state", json!("answered")), &[]),
        ] {
            let problem = minh.calls("/api/v1/reports", Some("key-0003-i"), &body).await.json();
            let told = problem["fields"].as_array().cloned().unwrap_or_default();
            let names: Vec<&str> = told.iter().filter_map(|one| one["field"].as_str()).collect();
            assert_eq!(names, fields, "{body}: {problem}");
            assert!(told.iter().all(|one| one["title"].as_str().is_some_and(|said| said.len() > 10)), "{problem}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_browser_of_another_site_and_any_other_kind_of_body_are_refused() {
    both(house, |city| async move {
        let send = |kind: &str, site: Option<&str>| {
            let mut request = Request::builder()
                .method(Method::POST)
                .uri("/api/v1/reports")
                .header("content-type", kind)
                .header("idempotency-key", "key-0004-a");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            request.body(Body::from(pothole().to_string())).expect("a request")
        };
        assert_eq!(city.minh().asks(send("text/plain", None)).await.status, 415);
        assert_eq!(city.minh().asks(send("application/x-www-form-urlencoded", None)).await.status, 415);
        assert_eq!(city.minh().asks(send("application/json", Some("cross-site"))).await.status, 403);
        assert_eq!(city.minh().asks(send("application/json", Some("same-origin"))).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_api_reads_no_cookie() {
    both(house, |city| async move {
        let code = city.minh().calls("/api/v1/reports", Some("key-0005-a"), &pothole()).await.json()["code"]
            .as_str()
            .expect("a code")
            .to_owned();
        let path = format!("/api/v1/reports/{code}");
        let hoa = city.hoa().await;
        hoa.keep("lang", "en");
        let (signed_in, stranger) = (hoa.gets(&path).await, city.stranger().gets(&path).await);
        assert_eq!(signed_in.text(), stranger.text());
        assert_eq!(signed_in.header("set-cookie"), "");
    })
    .await;
}
