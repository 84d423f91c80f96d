//! Handing on: the queue, other units, terms of steps.

use crate::verbs::{desk, house, queue, reports};
use testkit::both;

#[tokio::test]
async fn tuan_hands_a_report_to_the_drainage_company_which_then_has_it() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Hố sâu do cống sập trước số 5 Lê Lợi").await;
        let (tuan, ngoc) = (city.tuan().await, city.ngoc().await);
        assert_eq!(queue(&tuan).await, std::slice::from_ref(&code));
        assert!(queue(&ngoc).await.is_empty());

        let early = tuan.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        let form = tuan.form(&desk(&code), &format!("{}/forward", desk(&code))).await;
        let due = city.city.today().tomorrow().expect("a day after");
        let due = format!("{:02}/{:02}/{}", due.day(), due.month(), due.year());
        let page =
            form.fill("unit", "drainage-company").fill("due", &due).fill("note", "Cống sập, nhờ công ty xử lý.").send().await;
        page.is(200).shows("Đã chuyển");

        assert!(queue(&tuan).await.is_empty());
        assert_eq!(queue(&ngoc).await, std::slice::from_ref(&code));
        ngoc.sees(&desk(&code)).await.shows("Cống sập, nhờ công ty xử lý.");
        // Who handed it on still reads it, and can do no more with it: no form offers it, and one that was open before does nothing.
        let page = tuan.sees(&desk(&code)).await;
        assert!(!page.actions().iter().any(|action| action.starts_with(&desk(&code))), "{:?}", page.actions());
        let late = early.fill("answer", "Đã xử lý xong rồi anh/chị nhé.").press("go", "save").force("version", "2");
        assert_eq!(late.clone().send_only().await.status, 404);
        let token = late.value("token").unwrap_or_default().to_owned();
        let look = tuan.posts(&format!("{}/contact", desk(&code)), &[("token", &token), ("purpose", "Gọi lại.")]).await;
        assert_eq!(look.status, 404, "the reporter's contact is opened by who handed the report on");
        city.stranger().sees(&format!("/r/{code}")).await.shows("Đang xử lý").shows("Chuyển đến");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_due_day_is_said_and_nothing_typed_is_lost() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước cổng trường").await;
        let tuan = city.tuan().await;
        for (due, says) in
            [("32/13/2026", "Ngày chưa đúng"), ("01/01/2020", "Hạn phải sau hôm nay"), ("30/12/2026", "vượt hạn trả lời")]
        {
            let form = tuan.form(&desk(&code), &format!("{}/forward", desk(&code))).await;
            let page = form.fill("unit", "drainage-company").fill("due", due).fill("note", "Nhờ công ty xem giúp").send().await;
            page.is(422).shows(says);
            let again = page.form(&format!("{}/forward", desk(&code)));
            assert_eq!(
                (again.value("due"), again.value("note"), again.value("unit")),
                (Some(due), Some("Nhờ công ty xem giúp"), Some("drainage-company"))
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_ordered_by_what_the_law_runs_out_on() {
    both(house, |city| async move {
        let hoa = city.hoa().await;
        let (ordinary, _) = reports(&city.lan(), "other", "Xin cho biết giờ mở cửa thư viện").await;
        let (quick, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let (emergency, _) = reports(&city.lan(), "manhole", "Mất nắp hố ga giữa đường Bình Minh").await;
        assert_eq!(queue(&hoa).await, [emergency, quick, ordinary]);
    })
    .await;
}

#[tokio::test]
async fn each_hop_shows_its_own_time_and_whether_it_was_on_time() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Hố sâu do cống sập trước số 5 Lê Lợi").await;
        let hours = |n: u64| std::time::Duration::from_secs(n * 3_600);
        city.pass(hours(2));
        let forward = format!("{}/forward", desk(&code));
        let due = city.city.today().tomorrow().expect("a day after");
        let due = format!("{:02}/{:02}/{}", due.day(), due.month(), due.year());
        city.tuan()
            .await
            .form(&desk(&code), &forward)
            .await
            .fill("unit", "drainage-company")
            .fill("due", &due)
            .send()
            .await
            .is(200);
        city.pass(hours(3));
        let page = city.hoa().await.sees(&desk(&code)).await;
        page.shows("Giữ trong 2 giờ · đúng hạn").shows("Đã giữ 3 giờ · còn trong hạn").shows("Từ lúc tiếp nhận: 5 giờ");
        // Sitting on it for two days is the second hop's lateness and nobody else's.
        city.pass(hours(48));
        let hoa = city.hoa().await;
        let page = hoa.sees(&desk(&code)).await;
        page.shows("Giữ trong 2 giờ · đúng hạn").shows("Đã giữ 2 ngày · đã quá hạn");
        hoa.form(&desk(&code), &forward).await.fill("unit", "roads-department").send().await.is(200);
        city.pass(hours(1));
        let page = city.hoa().await.in_english().sees(&desk(&code)).await;
        page.shows("Held for 2 hours · on time")
            .shows("Held for 2 days · late")
            .shows("Held for 1 hour so far · within its time");
        // Whoever gets what is overdue already is not late with it.
        city.pass(hours(30 * 24));
        let hoa = city.hoa().await;
        hoa.form(&desk(&code), &forward).await.fill("unit", "waste-company").send().await.is(200);
        let page = hoa.sees(&desk(&code)).await;
        page.shows("Giữ trong 30 ngày · trễ hạn").shows("Đã giữ 1 phút").hides("Đã giữ 1 phút ·");
    })
    .await;
}
