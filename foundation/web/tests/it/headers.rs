//! What stands on every answer, what is kept by whom, and how things that break are told.

use crate::world::{World, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use std::io::Read;
use web::Settings;

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::plain();
    for path in [
        "/",
        "/open",
        "/form",
        "/desk",
        "/nothing",
        "/breaks",
        "/api/v1/kept",
        "/api/nothing",
        "/api/openapi.json",
        "/?q=%ff",
        "/a/nothing.css",
        web::assets::SONGHAN_CSS.path(),
    ] {
        let answer = world.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let csp = answer.header("content-security-policy");
        assert!(
            csp.starts_with("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"),
            "{path}: {csp}"
        );
        assert!(answer.header("permissions-policy").contains("geolocation=(self)"));
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn nothing_is_kept_unless_its_door_says_so() {
    let world = World::plain();
    for (path, expect) in [
        ("/", "no-store"),
        ("/form", "no-store"),
        ("/open", "public, max-age=60"),
        ("/api/v1/kept", "public, max-age=30"),
        ("/nothing", "no-store"),
        ("/open/x.css", "no-store"),
        (web::assets::SONGHAN_CSS.path(), "public, max-age=31536000, immutable"),
        ("/a/nothing.css", "no-store"),
    ] {
        assert_eq!(world.get(path).await.header("cache-control"), expect, "{path}");
    }
}

#[tokio::test]
async fn a_public_door_knows_nobody_and_gives_no_cookie() {
    let world = World::plain();
    let cookie = world.signed_in("dispatcher", "dispatch-center").await;
    let hers = world.get_with("/open", &[("cookie", &cookie)]).await;
    assert!(hers.cookies().is_empty());
    assert_eq!(hers.text(), world.get("/open").await.text());
    assert!(world.get_with("/api/v1/kept", &[("cookie", &cookie)]).await.cookies().is_empty());
}

#[tokio::test]
async fn what_breaks_is_told_with_a_number_and_nothing_else() {
    web::quiet_panics();
    let world = World::plain();
    for path in ["/breaks", "/breaks?how=panic&who=Lan"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let text = answer.text();
        assert!(text.contains("Số tham chiếu:") && !text.contains("bí mật") && !text.contains("panic at"), "{text}");
    }
}

#[tokio::test]
async fn a_full_house_and_a_slow_door_say_when_to_come_again() {
    let world = World::plain();
    for path in ["/breaks?how=full", "/breaks?how=slow"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!answer.header("retry-after").is_empty(), "{path}");
        assert!(answer.text().contains("rất nhiều người"));
    }
}

#[tokio::test]
async fn pages_go_out_packed_and_unpack_to_themselves() {
    let world = World::plain();
    let plain = world.get("/open").await;
    let packed = world.get_with("/open", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() * 3 < plain.bytes.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&*packed.bytes).read_to_end(&mut unpacked).expect("gzip that reads");
    assert_eq!(unpacked, plain.bytes);
    for other in ["br", "gzip;q=0, identity"] {
        assert_eq!(world.get_with("/open", &[("accept-encoding", other)]).await.header("content-encoding"), "");
    }
    let style = world.get_with(web::assets::SONGHAN_CSS.path(), &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((style.header("content-encoding"), style.header("content-type")), ("br", "text/css"));
}

#[tokio::test]
async fn language_and_light_are_remembered_without_script() {
    let world = World::plain();
    let answer = world.get("/preferences?lang=en&theme=dark&next=/form").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/form"));
    let cookies = answer.cookies().join("; ");
    let page = world.get_with("/", &[("cookie", &cookies)]).await.text();
    assert!(page.contains("<html lang=\"en\" data-theme=\"dark\">") && page.contains("Chào en"), "{page}");
    assert!(world.get_with("/", &[("accept-language", "fr, en-GB;q=0.8, vi;q=0.5")]).await.text().contains("Chào en"));
    assert!(world.get("/?lang=en").await.text().contains("Chào en"));
    let secret = world.get("/f/0123456789").await.text();
    assert!(
        secret.contains("/preferences?lang=en\"") && !secret.contains("0123456789"),
        "a path that opens something is repeated nowhere"
    );
    for (from, expect) in [("http://songhan.test/f/0123456789", "/f/0123456789"), ("http://evil.example/f/1", "/")] {
        assert_eq!(world.get_with("/preferences?lang=en", &[("referer", from)]).await.header("location"), expect);
    }
    for away in ["//evil.example", "https://evil.example", "/preferences?next=/preferences"] {
        assert_eq!(world.get(&format!("/preferences?next={away}")).await.header("location"), "/");
    }
    assert_eq!(world.get("/leave").await.header("location"), "/");
}

#[tokio::test]
async fn behind_https_cookies_are_bound_to_their_host() {
    let world = World::open(Settings { origin: Some("https://songhan.example".to_owned()), ..Settings::default() });
    let page = world.get("/form").await;
    assert!(
        page.header("set-cookie").starts_with("__Host-songhan-form=") && page.header("set-cookie").contains("; Secure"),
        "{}",
        page.header("set-cookie")
    );
    assert!(page.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    assert!(!page.header("strict-transport-security").is_empty());
    let (token, cookie) = (page.hidden("token"), page.cookies()[0].clone());
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie.as_str()), ("origin", "http://songhan.test")];
    let body = format!("token={token}&key={}&text=a", page.hidden("key"));
    let answer = world.ask(request(Method::POST, "/form", &headers).body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "the public origin decides, not the host header");
}
