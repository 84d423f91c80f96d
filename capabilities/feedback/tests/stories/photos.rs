//! Photos: seen by who may, public only when ticked, and without what the camera wrote into them.

use crate::verbs::{SQUARE, Sending, answers, code_on, desk, house};
use std::time::Duration;
use testkit::{Page, Person, TestCity, WebForm, both, photo};

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

const DAY: Duration = Duration::from_secs(86_400);

/// A form that comes back with a mistake, and with the photo that it brought.
async fn left_lying(person: &Person, picture: Vec<u8>) -> WebForm {
    let form = person.form("/report", "/report").await;
    let page = form.fill("text", "ngắn").file("photos", "IMG_1.jpg", picture).press("go", "send").send().await;
    page.is(422).form("/report")
}

fn filled(form: WebForm, category: &str) -> WebForm {
    form.fill("category", category).fill("text", "Ổ gà sâu trước số 12 Lê Lợi").force("point", SQUARE).fill("ward", "hoa-binh")
}

async fn night(city: &TestCity) -> usize {
    web::remove_unfiled(&city.city).await.unwrap_or_else(|trouble| panic!("{trouble:?}"))
}

fn photos_on(page: &Page) -> Vec<String> {
    page.links().into_iter().map(|(to, _)| to).filter(|to| to.contains("/photo/")).collect()
}

#[tokio::test]
async fn a_photo_that_is_never_filed_goes_when_no_form_can_bring_it_any_more() {
    both(house, |city| async move {
        let stored = || city.city.files.all().expect("the folder reads").len();
        let (late, lost) = (left_lying(&city.lan(), photo(1)).await, left_lying(&city.minh(), photo(2)).await);
        let sending = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước cổng chợ").await;
        let page = sending.0.file("photos", "IMG_1.jpg", photo(3)).press("go", "send").send().await;
        let (code, filed) = (code_on(&page), photos_on(&page));
        assert_eq!((filed.len(), stored()), (1, 6), "three photos, each with a thumbnail");

        city.pass(29 * DAY);
        assert_eq!(night(&city).await, 0, "a form may still bring its photo along");
        let page = filled(late, "pothole").press("go", "send").send().await;
        let late = photos_on(page.is(200));
        assert_eq!(late.len(), 1, "after 29 days the photo of the first try is still there");

        city.pass(2 * DAY + Duration::from_secs(1));
        assert_eq!(night(&city).await, 4, "the photo that nobody filed, and three thumbnails");
        for path in filed.iter().chain(&late) {
            assert_eq!(city.lan().gets(path).await.status, 200, "what a report shows stays");
        }
        answers(&city.hoa().await, &code, "Đã vá xong ổ gà trong sáng nay, mời anh/chị xem lại.").await.is(200);
        city.pass(400 * DAY);
        assert_eq!(night(&city).await, 0);
        assert_eq!(city.lan().gets(&filed[0]).await.status, 200, "nor does it go with the years");

        let page = filled(lost, "pothole").press("go", "send").send().await;
        page.is(422).shows("Ảnh gửi lần trước đã quá thời gian giữ");
        assert_eq!(page.form("/report").value("text"), Some("Ổ gà sâu trước số 12 Lê Lợi"));
        let page = page.form("/report").press("go", "send").send().await;
        assert!(photos_on(page.is(200)).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_is_sent_again_while_the_night_looks_stays_with_its_report() {
    both(house, |city| async move {
        for n in 0..8 {
            let _ = left_lying(&city.minh(), photo(n)).await;
        }
        city.pass(40 * DAY);
        let sends = async {
            let mut paths = Vec::new();
            for n in 0..8 {
                let text = format!("Ổ gà thứ {n} trước cổng chợ");
                let sending = Sending::open(&city.lan(), "pothole", &text).await;
                let page = sending.0.file("photos", "IMG_1.jpg", photo(n)).press("go", "send").send().await;
                paths.extend(photos_on(page.is(200)));
            }
            paths
        };
        let looks = async {
            let mut removed = 0;
            for _ in 0..8 {
                removed += night(&city).await;
            }
            removed
        };
        let (paths, removed) = tokio::join!(sends, looks);
        assert_eq!(paths.len(), 8);
        for path in &paths {
            assert_eq!(city.lan().gets(path).await.status, 200, "after {removed} were removed");
        }
    })
    .await;
}

#[tokio::test]
async fn too_many_photos_are_left_out_with_a_sentence_and_a_life_goes_in_without_them() {
    let migrations = manifest::House::new(house()).migrations();
    let settings = web::Settings { limits: true, ..web::Settings::default() };
    let city = TestCity::open(house(), db::test::sqlite(&migrations), settings).await;
    let flood = city.stranger();
    // Sixty within a minute, all in forms with mistakes.
    for _ in 0..6 {
        let form = (0..10).fold(flood.form("/report", "/report").await, |form, n| {
            form.file("photos", &format!("IMG_{n}.jpg"), b"not a picture, and yet read".to_vec())
        });
        form.press("go", "send").send().await.is(422);
    }
    let with_photo = |category: &'static str| async {
        let form = filled(flood.form("/report", "/report").await, category);
        form.file("photos", "IMG_1.jpg", photo(1)).press("go", "send").send().await
    };
    let page = with_photo("pothole").await;
    page.is(422).shows("quá nhiều ảnh");
    assert_eq!(page.form("/report").value("text"), Some("Ổ gà sâu trước số 12 Lê Lợi"));
    assert!(city.city.files.all().expect("the folder reads").is_empty(), "it was not kept either");
    page.form("/report").press("go", "send").send().await.is(200).shows("Đã nhận phản ánh");

    let page = with_photo("manhole").await;
    page.is(200).shows("Đã nhận phản ánh").shows("nhưng không có ảnh");
    assert!(photos_on(&page).is_empty());
    let form = filled(flood.form("/report", "/report").await, "manhole").fill("text", "ngắn");
    let page = form.file("photos", "IMG_1.jpg", photo(1)).press("go", "send").send().await;
    page.is(422).shows("quá nhiều ảnh").shows("ngắn");
    let neighbour = city.stranger().at_address([198, 51, 100, 7]);
    let form = filled(neighbour.form("/report", "/report").await, "pothole");
    let page = form.file("photos", "IMG_1.jpg", photo(1)).press("go", "send").send().await;
    assert_eq!(photos_on(page.is(200)).len(), 1, "the neighbor is another");
}
