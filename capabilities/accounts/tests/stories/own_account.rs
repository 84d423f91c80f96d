//! What officials do with their own account.

use crate::{PASSWORD, house};
use accounts::official::{Wanted, add};
use testkit::{TestCity, both, sqlite};

#[tokio::test]
async fn tuan_changes_his_password_and_his_lost_telephone_is_out() {
    both(house, |city: TestCity| async move {
        let (tuan, telephone) = (city.tuan().await, city.tuan().await);
        let form = tuan.form("/desk/me/password", "/desk/me/password").await;
        let page = form
            .clone()
            .fill("old", "sai rồi sai rồi")
            .fill("new", "mưa rào tháng Mười")
            .fill("again", "mưa rào tháng Mười")
            .send()
            .await;
        page.is(422).shows("Mật khẩu hiện tại chưa đúng").hides("mưa rào");
        let page =
            form.clone().fill("old", PASSWORD).fill("new", "mưa rào tháng Mười").fill("again", "mưa rào tháng Một").send().await;
        page.is(422).shows("Hai lần nhập chưa giống nhau");
        let page = form.clone().fill("old", PASSWORD).fill("new", "tuan").fill("again", "tuan").send().await;
        page.is(422).shows("ít nhất 10 ký tự");
        let page = form.fill("old", PASSWORD).fill("new", "mưa rào tháng Mười").fill("again", "mưa rào tháng Mười").send().await;
        page.is(200).shows("Đã đổi mật khẩu");
        telephone.sees("/desk/me").await.shows("Quên mật khẩu?");
    })
    .await;
}

#[tokio::test]
async fn tuan_ends_the_session_that_he_does_not_know() {
    let city = sqlite(house).await;
    let (tuan, stolen) = (city.tuan().await, city.tuan().await);
    let page = tuan.sees("/desk/me").await;
    page.shows("phiên này");
    page.form("/desk/me/sessions/end").send().await.is(200).shows("Đã kết thúc phiên");
    stolen.sees("/desk/me").await.shows("Quên mật khẩu?");
    tuan.sees("/desk/me").await.shows("Các phiên đang mở");
}

#[tokio::test]
async fn the_first_administrator_comes_from_the_command_line_and_chooses_her_own_password() {
    both(house, |city: TestCity| async move {
        let wanted = Wanted {
            sign_in: "an.le".into(),
            name: "Lê Thị An".into(),
            role: "administrator".into(),
            unit: "dispatch-center".into(),
        };
        let (db, pack) = (city.city.db.clone(), city.city.pack.clone());
        let once = std::thread::spawn(move || add(&db, &pack, &wanted)).join().expect("it ran").expect("she is added");
        let an = city.stranger();
        let page = an.form("/sign-in", "/sign-in").await.fill("sign_in", "an.le").fill("password", once.open()).send().await;
        page.is(200).shows("Đổi mật khẩu").shows("mật khẩu một lần");
        assert_eq!(an.sees("/desk").await.path, "/desk/me/password", "nothing else before that");
        let form = page.form("/desk/me/password").fill("old", once.open());
        let page = form.fill("new", "nắng vàng cuối thu").fill("again", "nắng vàng cuối thu").send().await;
        page.is(200).shows("Quản trị hệ thống");
    })
    .await;
}

#[tokio::test]
async fn an_unknown_role_is_refused_in_words() {
    let city = sqlite(house).await;
    let wanted =
        Wanted { sign_in: "an.le".into(), name: "Lê Thị An".into(), role: "mayor".into(), unit: "dispatch-center".into() };
    let (db, pack) = (city.city.db.clone(), city.city.pack.clone());
    let refusal = std::thread::spawn(move || add(&db, &pack, &wanted)).join().expect("it ran").expect_err("no such role");
    assert_eq!(refusal.text(kernel::Lang::En), "The city has no such role.");
}

#[tokio::test]
async fn reading_changes_nothing() {
    let city = sqlite(house).await;
    let tuan = city.tuan().await;
    let except = &["access_sessions", "access_looks"];
    let before = city.digest(except).await;
    for path in ["/sign-in", "/desk", "/desk/me", "/desk/me/password"] {
        let _ = tuan.tries(path).await;
    }
    assert_eq!(city.digest(except).await, before);
}

#[tokio::test]
async fn a_demonstration_has_people_and_a_live_city_has_none() {
    let city = sqlite(house).await;
    city.stranger().sees("/sign-in").await.hides(accounts::demo::PASSWORD);
    assert!(accounts::demo::people(&city.city.pack).len() >= 7, "every role of the sample");
}
