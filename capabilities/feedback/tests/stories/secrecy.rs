//! Who may not see: other units, strangers, and confidential matters. Another's report answers exactly like none.

use crate::verbs::{Sending, answers, code_on, desk, house, queue, reports};
use testkit::both;

#[tokio::test]
async fn a_report_of_another_unit_answers_exactly_like_none() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let ngoc = city.ngoc().await;
        let (others, none) = (ngoc.gets(&desk(&code)).await, ngoc.gets(&desk("PA-26-999999")).await);
        assert_eq!((others.status, &others.body.len()), (none.status, &none.body.len()));
        assert_eq!(others.status, 404);
        let photo = format!("{}/photo/{}", desk(&code), "0".repeat(64));
        assert_eq!(ngoc.gets(&photo).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_reporters_contact_opens_with_a_purpose_and_the_look_is_logged() {
    both(house, |city| async move {
        let page = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await.phone("0905 123 456").send().await;
        let code = code_on(&page);
        let tuan = city.tuan().await;
        tuan.sees(&desk(&code)).await.hides("905123456").shows("Có để lại liên lạc");
        let form = tuan.form(&desk(&code), &format!("{}/contact", desk(&code))).await;
        form.send().await.is(422).shows("Ghi mục đích");
        let form = tuan.form(&desk(&code), &format!("{}/contact", desk(&code))).await;
        form.fill("purpose", "hỏi thêm vị trí chính xác").send().await.shows("0905 123 456");
        let asked = code.clone();
        let looks =
            city.city.read(db::Lane::Duty, move |rd| access::looks::at_case(rd, &asked, None, 10)).await.expect("looks read");
        assert_eq!(looks.len(), 1);
        assert_eq!(looks[0].official_name, "Nguyễn Anh Tuấn");
    })
    .await;
}

#[tokio::test]
async fn a_confidential_report_shows_its_state_and_nothing_more() {
    both(house, |city| async move {
        let (code, link) = reports(&city.lan(), "conduct", "Cán bộ một cửa gợi ý đưa tiền để làm nhanh").await;
        let public = city.stranger().sees(&format!("/r/{code}")).await;
        public.shows("Đã tiếp nhận").hides("Nội vụ").hides("Thái độ").hides("gợi ý");
        let hoa = city.hoa().await;
        assert_eq!(queue(&hoa).await, std::slice::from_ref(&code));
        answers(&hoa, &code, "Sở Nội vụ đã xác minh và xử lý theo quy định. Cảm ơn anh/chị.").await;
        city.stranger().sees(&format!("/r/{code}")).await.shows("Đã trả lời").hides("xác minh");
        city.stranger().sees("/reports").await.hides(&code);
        city.stranger().sees("/reports?q=xac+minh").await.hides(&code);
        city.lan().sees(&link).await.shows("đã xác minh");
    })
    .await;
}

#[tokio::test]
async fn what_the_official_wrote_about_why_she_looked_is_kept() {
    both(house, |city| async move {
        let page =
            Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước cổng trường học").await.phone("0905 123 456").send().await;
        let (code, tuan) = (code_on(&page), city.tuan().await);
        let form = tuan.form(&desk(&code), &format!("{}/contact", desk(&code))).await;
        form.fill("purpose", "Hỏi lại vị trí chính xác.").send().await.is(200).shows("0905 123 456");
        let looks =
            city.city.read(db::Lane::Duty, |rd| db::dump(rd, "access_looks")).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
        assert!(looks.len() == 1 && looks[0].contains("Hỏi lại vị trí chính xác."), "{looks:?}");
    })
    .await;
}
