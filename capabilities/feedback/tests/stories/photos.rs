//! Photos: seen by who may, public only when ticked, and without what the camera wrote into them.

use crate::verbs::{Sending, code_on, desk, house};
use testkit::{both, photo};

#[tokio::test]
async fn a_photo_is_private_until_it_is_ticked() {
    both(house, |city| async move {
        let sending = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let form = sending.0.file("photos", "IMG_1.jpg", photo(1)).file("photos", "IMG_2.jpg", photo(2));
        let page = form.press("go", "send").send().await;
        let code = code_on(&page);
        let own: Vec<_> = page.links().into_iter().map(|(to, _)| to).filter(|to| to.contains("/photo/")).collect();
        assert_eq!(own.len(), 2, "both photos stand on the private page");
        let hashes: Vec<_> = own.iter().map(|to| to.rsplit('/').next().expect("a hash").to_owned()).collect();
        for hash in &hashes {
            assert_eq!(city.stranger().gets(&format!("/r/{code}/photo/{hash}")).await.status, 404);
        }
        let hoa = city.hoa().await;
        let form = hoa.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        let preview =
            form.fill("answer", "Đã vá xong ổ gà trong sáng nay, mời anh/chị xem lại.").press("go", "publish").send().await;
        preview
            .form(&format!("{}/publish", desk(&code)))
            .force("photo", &hashes[0])
            .send()
            .await
            .shows("Đã trả lời và công khai");
        let shown = city.stranger().gets(&format!("/r/{code}/photo/{}", hashes[0])).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/jpeg"));
        assert!(shown.header("content-security-policy").contains("sandbox"));
        assert_eq!(city.stranger().gets(&format!("/r/{code}/photo/{}", hashes[1])).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn photos_are_kept_when_something_else_is_wrong() {
    both(house, |city| async move {
        let form = city.lan().form("/report", "/report").await;
        let page = form.fill("text", "ngắn").file("photos", "IMG_1.jpg", photo(3)).press("go", "send").send().await;
        let form = page.is(422).form("/report");
        assert!(form.value("kept-photos").is_some(), "the photo travels on in the form");
        let form = form
            .fill("category", "pothole")
            .fill("text", "Ổ gà sâu trước số 12 Lê Lợi")
            .force("point", crate::verbs::SQUARE)
            .fill("ward", "hoa-binh");
        let page = form.press("go", "send").send().await;
        assert_eq!(page.links().iter().filter(|(to, _)| to.contains("/photo/")).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_with_a_sentence_and_the_rest_stays() {
    both(house, |city| async move {
        let sending = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let page = sending.0.file("photos", "IMG_1.jpg", b"<svg onload=alert(1)>".to_vec()).press("go", "send").send().await;
        page.is(422);
        assert_eq!(page.form("/report").value("text"), Some("Ổ gà sâu trước số 12 Lê Lợi"));
    })
    .await;
}
