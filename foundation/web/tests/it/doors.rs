//! Who may pass, and what the others are told.

use crate::world::{FORM, OURS, World, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use kernel::Instant;
use web::Settings;

#[tokio::test]
async fn a_stranger_is_shown_to_the_sign_in_and_comes_back() {
    let world = World::plain();
    let answer = world.get("/desk/reports?area=b%E1%BA%BFn").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/sign-in?next=/desk/reports%3Farea%3Db%25E1%25BA%25BFn")
    );
}

#[tokio::test]
async fn an_official_passes_where_her_role_may_and_knows_of_nothing_else() {
    let world = World::plain();
    let cookie = world.signed_in("dispatcher", "dispatch-center").await;
    let hoa = [("cookie", cookie.as_str())];
    assert_eq!(world.get_with("/desk", &hoa).await.status, StatusCode::OK);
    let page = world.get_with("/desk/reports", &hoa).await;
    assert!(page.text().contains("Trần Thị Hoa") && page.text().contains("/sign-out"));
    assert_eq!(world.get_with("/desk/people", &hoa).await.status, StatusCode::NOT_FOUND);
    let (not_hers, not_there) =
        (world.get_with("/desk/people", &hoa).await.text(), world.get_with("/desk/nothing", &hoa).await.text());
    let words = |text: &str| text.split("<main").nth(1).unwrap().to_owned();
    assert_eq!(
        words(&not_hers).replace("/desk/people", ""),
        words(&not_there).replace("/desk/nothing", ""),
        "what may not be known looks like what is not"
    );
}

#[tokio::test]
async fn every_post_of_a_page_is_refused_without_its_token_and_from_elsewhere() {
    let world = World::plain();
    let cookie = world.signed_in("dispatcher", "dispatch-center").await;
    let page = world.get("/form").await;
    let (token, secret) = (page.hidden("token"), page.cookies()[0].clone());
    let both = format!("{secret}; {cookie}");
    for door in world.list.iter().filter(|door| door.method == Method::POST && !door.is_api()) {
        for (why, headers, body) in [
            ("no token", vec![OURS, FORM, ("cookie", both.as_str())], "text=a".to_owned()),
            ("another browser's token", vec![OURS, FORM, ("cookie", cookie.as_str())], format!("token={token}")),
            (
                "foreign origin",
                vec![("origin", "https://evil.example"), FORM, ("cookie", both.as_str())],
                format!("token={token}"),
            ),
            ("cross-site", vec![("sec-fetch-site", "cross-site"), FORM, ("cookie", both.as_str())], format!("token={token}")),
            ("nothing said about where", vec![FORM, ("cookie", both.as_str())], format!("token={token}")),
        ] {
            let answer = world.ask(request(Method::POST, door.path, &headers).body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {why}", door.path);
        }
        let answer = world
            .ask(
                request(Method::POST, door.path, &[OURS, ("content-type", "text/plain"), ("cookie", &both)])
                    .body(Body::from("x"))
                    .unwrap(),
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", door.path);
    }
}

#[tokio::test]
async fn the_api_takes_json_from_programs_only_and_reads_no_cookie() {
    let world = World::plain();
    let json = ("content-type", "application/json");
    let say = |headers: Vec<(&'static str, &'static str)>, body: &'static str| {
        world.ask(request(Method::POST, "/api/v1/say", &headers).body(Body::from(body)).unwrap())
    };
    let good = say(vec![json, ("cookie", "songhan=x; songhan-form=y")], r#"{"text":"chào"}"#).await;
    assert_eq!((good.status, good.text().as_str()), (StatusCode::OK, r#"{"said":"chào"}"#));
    assert!(good.cookies().is_empty());
    for (headers, body, status) in [
        (vec![("content-type", "text/plain")], r#"{"text":"a"}"#, 415),
        (vec![FORM], "text=a", 415),
        (vec![], r#"{"text":"a"}"#, 415),
        (vec![json, ("sec-fetch-site", "cross-site")], r#"{"text":"a"}"#, 403),
        (vec![json, ("origin", "https://evil.example")], r#"{"text":"a"}"#, 403),
        (vec![json], "{", 400),
        (vec![json], r#"{"text":1}"#, 422),
        (vec![json], r#"{"text":"a","more":1}"#, 422),
        (vec![json], "\"\\ud800\"", 400),
    ] {
        let answer = say(headers.clone(), body).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?} {body}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let deep = "[".repeat(100_000);
    let answer = world.ask(request(Method::POST, "/api/v1/say", &[json]).body(Body::from(deep)).unwrap()).await;
    assert!([400, 413].contains(&answer.status.as_u16()), "{}", answer.status);
}

#[tokio::test]
async fn other_methods_are_405_and_head_is_a_get_without_its_body() {
    let world = World::plain();
    for method in ["PUT", "DELETE", "PATCH", "QUERY", "TRACE", "OPTIONS", "BREW"] {
        let answer =
            world.ask(request(Method::from_bytes(method.as_bytes()).unwrap(), "/form", &[]).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(world.ask(request(Method::HEAD, "/form", &[]).body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_is_counted_through_a_proxy_that_we_trust_and_no_other() {
    let world = World::open(Settings { limits: true, proxies: vec!["10.1.2.3".parse().unwrap()], ..Settings::default() });
    for n in 0..3 {
        assert_eq!(world.get_with("/sign-in", &[("x-forwarded-for", "203.0.113.7")]).await.status, StatusCode::OK, "{n}");
    }
    let answer = world.get_with("/sign-in", &[("x-forwarded-for", "198.51.100.1, 203.0.113.7")]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(world.get_with("/sign-in", &[("x-forwarded-for", "203.0.113.8")]).await.status, StatusCode::OK);
    world.db.hand.set(Instant(world.db.hand_now().0 + 120_000));
    assert_eq!(world.get_with("/sign-in", &[("x-forwarded-for", "203.0.113.7")]).await.status, StatusCode::OK);
}

#[test]
fn a_door_is_a_line() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = runtime.block_on(async { World::plain() });
    let lines = web::lines(&world.list);
    assert!(lines.contains("POST /form · anyone · upload · key,text,photos,kept-photos,drop-photos\n"), "{lines}");
    assert!(lines.contains("GET /desk/people · may official.manage · page · -\n"), "{lines}");
    assert!(lines.contains("POST /api/v1/say · anyone · api · text\n"), "{lines}");
}

#[tokio::test]
async fn a_keyed_door_says_so_and_asks_for_the_key() {
    let world = World::plain();
    let once = |headers: Vec<(&'static str, &'static str)>| {
        let headers = [vec![("content-type", "application/json")], headers].concat();
        world.ask(request(Method::POST, "/api/v1/once", &headers).body(Body::from(r#"{"text":"chào"}"#)).unwrap())
    };
    assert_eq!(once(vec![("idempotency-key", "key-0001")]).await.text(), r#"{"said":"key-0001 chào"}"#);
    for headers in [vec![], vec![("idempotency-key", "short")], vec![("idempotency-key", "key 0001")]] {
        let answer = once(headers).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains("Idempotency-Key"), "{}", answer.text());
    }
    let document: serde_json::Value = serde_json::from_slice(&world.get("/api/openapi.json").await.bytes).unwrap();
    let asked = &document["paths"]["/api/v1/once"]["post"]["parameters"][0];
    assert_eq!(
        (asked["name"].as_str(), asked["in"].as_str(), asked["required"].as_bool()),
        (Some("Idempotency-Key"), Some("header"), Some(true))
    );
    assert!(document["paths"]["/api/v1/say"]["post"].get("parameters").is_none());
    assert!(web::lines(&world.list).contains("POST /api/v1/once · anyone · api · text · under an Idempotency-Key\n"));
}

#[tokio::test]
async fn the_document_of_the_api_is_made_from_its_doors() {
    let world = World::plain();
    let document: serde_json::Value = serde_json::from_slice(&world.get("/api/openapi.json").await.bytes).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let say = &document["paths"]["/api/v1/say"]["post"];
    assert_eq!(say["requestBody"]["content"]["application/json"]["schema"]["required"][0], "text");
    assert!(document["paths"]["/api/v1/kept"]["get"]["responses"]["200"].is_object());
    assert!(document["paths"].get("/form").is_none());
}

#[tokio::test]
async fn a_door_that_may_concern_a_life_is_counted_by_its_handler_only() {
    let world = World::open(Settings { limits: true, ..Settings::default() });
    let sender = web::Sender { address: Some("203.0.113.9".parse().unwrap()), browser: String::new() };
    assert!((0..5).all(|_| world.city.knock(&sender, "report", 5).is_ok()));
    assert_eq!(world.city.knock(&sender, "report", 5).unwrap_err().status(), StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..2_000 {
        assert_eq!(world.get("/help").await.status, StatusCode::OK);
    }
}
