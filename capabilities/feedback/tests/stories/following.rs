//! Following: the code is a name, the link opens one thing.

use crate::verbs::{house, reports};
use testkit::both;

#[tokio::test]
async fn a_code_is_found_however_it_is_typed_and_a_wrong_one_is_said() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let page = city.stranger().sees("/r").await;
        page.form("/r").fill("code", &format!(" {} ", code.to_lowercase())).send().await.is(200).shows(&code);
        page.form("/r").fill("code", "PA-26-999999").send().await.shows("Không có phản ánh nào mang mã này");
        city.stranger().tries("/r/PA-26-999999").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn the_holder_of_the_link_adds_a_word_and_nobody_else_can() {
    both(house, |city| async move {
        let (code, link) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let page = city.lan().sees(&link).await;
        page.form(link.split('?').next().expect("a path"))
            .fill("word", "Nay đã rộng ra nửa mặt đường.")
            .send()
            .await
            .shows("Đã gửi lời");
        city.lan().sees(&link).await.shows("rộng ra nửa mặt đường");
        city.tuan().await.sees(&format!("/desk/reports/{code}")).await.shows("rộng ra nửa mặt đường");
        city.stranger().sees(&format!("/r/{code}")).await.hides("rộng ra");
        let other = format!("/f/{}", kernel::Token::random().reveal());
        city.stranger().tries(&other).await.is(404);
        city.stranger().tries(&format!("/f/{code}")).await.is(404);
    })
    .await;
}
