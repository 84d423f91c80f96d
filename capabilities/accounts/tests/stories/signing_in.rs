//! Hoa signs in; others try to.

use crate::{PASSWORD, house};
use std::time::Duration;
use testkit::{Page, Person, TestCity, both, sqlite};

async fn signs_in(who: &Person, name: &str, password: &str) -> Page {
    who.form("/sign-in", "/sign-in").await.fill("sign_in", name).fill("password", password).send().await
}

#[tokio::test]
async fn hoa_signs_in_works_and_signs_out() {
    both(house, |city: TestCity| async move {
        drop(city.hoa().await); // she has an account
        let hoa = city.stranger();
        let page = hoa.sees("/desk/me").await;
        page.shows("Đăng nhập"); // shown to the door first
        let page = page.form("/sign-in").fill("sign_in", "hoa").fill("password", PASSWORD).send().await;
        page.is(200).shows("Tài khoản của tôi").shows("Điều phối viên").shows("Xin chào Trần Thị Hoa");
        assert_eq!(page.path, "/desk/me", "where she wanted to go");

        let before = hoa.cookie(access::cookie_name(false)).expect("a session");
        let out = page.form("/sign-out").send_only().await;
        assert_eq!(out.leads_to().as_deref(), Some("/"));
        assert!(hoa.cookie(access::cookie_name(false)).is_none());
        hoa.keep(access::cookie_name(false), &before);
        hoa.sees("/desk/me").await.shows("Quên mật khẩu?");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer() {
    both(house, |city: TestCity| async move {
        drop(city.hoa().await);
        let stranger = city.stranger();
        let wrong_name = signs_in(&stranger, "nobody", "không phải mật khẩu").await;
        let wrong_password = signs_in(&stranger, "hoa", "không phải mật khẩu").await;
        for (page, typed) in [(&wrong_name, "nobody"), (&wrong_password, "hoa")] {
            page.is(422).shows("Tên đăng nhập hoặc mật khẩu chưa đúng").hides("không phải mật khẩu");
            assert_eq!(page.form("/sign-in").value("sign_in"), Some(typed), "what was typed is still there");
        }
        let same = |page: &Page, typed: &str| page.words().replace(typed, "…");
        assert_eq!(same(&wrong_name, "nobody"), same(&wrong_password, "hoa"));

        for name in ["nobody", "hoa"] {
            for _ in 0..4 {
                let _ = signs_in(&stranger, name, "không phải mật khẩu").await;
            }
            signs_in(&stranger, name, PASSWORD).await.is(429).shows("thử lại sau 1 phút");
        }
        city.pass(Duration::from_secs(61));
        signs_in(&stranger, "hoa", PASSWORD).await.is(200).shows("Xin chào");
    })
    .await;
}

#[tokio::test]
async fn an_empty_form_says_what_is_missing() {
    let city = sqlite(house).await;
    let page = signs_in(&city.stranger().in_english(), "", "").await;
    page.is(422).shows("Please write your sign-in name").shows("Please write your password");
}

#[tokio::test]
async fn signing_in_never_leads_out_of_the_house() {
    let city = sqlite(house).await;
    drop(city.tuan().await);
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out"] {
        let form = city.stranger().form(&format!("/sign-in?next={next}"), "/sign-in").await;
        let answer = form.fill("sign_in", "tuan").fill("password", PASSWORD).force("next", next).send_only().await;
        assert_eq!(answer.leads_to().as_deref(), Some("/desk"), "{next}");
    }
}

#[tokio::test]
async fn a_session_fixed_by_somebody_else_is_not_taken_over() {
    let city = sqlite(house).await;
    drop(city.tuan().await);
    let tuan = city.stranger();
    let fixed = "0".repeat(52);
    tuan.keep(access::cookie_name(false), &fixed);
    signs_in(&tuan, "tuan", PASSWORD).await.is(200);
    let session = tuan.cookie(access::cookie_name(false)).expect("a session");
    assert_ne!(session, fixed);
    let (thief, line) = (city.stranger(), session);
    thief.keep(access::cookie_name(false), &fixed);
    thief.sees("/desk/me").await.shows("Đăng nhập");
    assert_eq!(line.len(), 52);
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let city = sqlite(house).await;
    drop(city.tuan().await);
    let answer = city.stranger().posts("/sign-in", &[("sign_in", "tuan"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 403, "a form without our token");
}
