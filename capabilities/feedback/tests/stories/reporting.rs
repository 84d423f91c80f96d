//! Sending a report: the form, its mistakes, its places.

use crate::verbs::{SQUARE, Sending, code_on, house, reports};
use testkit::both;

#[tokio::test]
async fn lan_reports_a_pothole_and_learns_who_has_it_until_when_and_why() {
    both(house, |city| async move {
        let page =
            Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi, tối qua có người ngã xe.").await.send().await;
        page.is(200).shows("Đã nhận phản ánh").shows("Quản lý đường bộ").shows("Phường Hòa Bình");
        let code = code_on(&page);
        let public = city.stranger().sees(&format!("/r/{code}")).await;
        public.shows("Đã tiếp nhận").shows("Vì sao có hạn này").shows("3 ngày làm việc").hides("ngã xe");
    })
    .await;
}

#[tokio::test]
async fn whatever_was_typed_is_still_there_when_something_is_wrong() {
    both(house, |city| async move {
        let form = city.lan().form("/report", "/report").await;
        let text = "Nước ngập \"tới gối\" <b>từ sáng</b> & chưa rút, 50% đường";
        let page = form
            .fill("text", text)
            .fill("address", "đối diện 24 Lê Lợi")
            .fill("phone", "0905 12")
            .fill("name", "Nguyễn Thị Lan")
            .press("go", "send")
            .send()
            .await;
        page.is(422).shows("chỗ cần sửa").shows("Chọn loại phản ánh");
        let again = page.form("/report");
        for (name, value) in [("text", text), ("address", "đối diện 24 Lê Lợi"), ("phone", "0905 12"), ("name", "Nguyễn Thị Lan")]
        {
            assert_eq!(again.value(name), Some(value), "{name} was lost");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_is_found_with_and_without_tone_marks_and_its_ward_is_confirmed() {
    both(house, |city| async move {
        for typed in ["Chợ Sao Mai", "cho sao mai"] {
            let form = city.lan().form("/report", "/report").await;
            let form =
                form.fill("category", "waste").fill("text", "Rác chất đống trước cổng chợ ba ngày nay").fill("address", typed);
            let page = form.press("go", "find").send().await;
            page.is(200).shows("Ý anh/chị là nơi nào?").shows("Chợ Sao Mai");
            // Sent without a choice: the place is taken from the address, and the ward has to be confirmed.
            let page = page.form("/report").press("go", "send").send().await;
            page.is(422).shows("Nếu đúng, anh/chị bấm gửi lần nữa");
            page.form("/report").press("go", "send").send().await.is(200).shows("Đã nhận phản ánh");
        }
    })
    .await;
}

#[tokio::test]
async fn a_tap_on_the_map_sets_the_point_without_script() {
    both(house, |city| async move {
        let form = city.lan().form("/report", "/report").await;
        let page = form.fill("text", "Đèn đường hỏng cả dãy").force("tap-l.x", "280").force("tap-l.y", "170").send().await;
        page.is(200).shows("Đã đặt điểm trên bản đồ");
        let form = page.form("/report");
        let point = form.value("point").expect("a point is set");
        assert!(point.starts_with("12.03"), "the middle of the picture is the city's center: {point}");
        assert_eq!(form.value("text"), Some("Đèn đường hỏng cả dãy"));
    })
    .await;
}

#[tokio::test]
async fn a_place_far_outside_gets_a_sentence_and_a_place_near_the_border_goes_to_triage() {
    both(house, |city| async move {
        let far = Sending::open(&city.lan(), "pothole", "Ổ gà sâu giữa đường liên tỉnh").await;
        far.0.force("point", "12.0300,109.9000").press("go", "send").send().await.is(422).shows("không nhận được");
        let border = feedback_border(&city);
        let near = Sending::open(&city.lan(), "pothole", "Ổ gà sâu giữa đường liên xã").await;
        let page = near.0.force("point", &border).press("go", "send").send().await;
        page.is(200).shows("Trung tâm");
        page.hides("Quản lý đường bộ");
    })
    .await;
}

/// A point within two kilometres of the border towards a neighbour.
fn feedback_border(city: &testkit::TestCity) -> String {
    let today = city.city.today();
    let lat = 12.0300;
    for step in 0..400 {
        let long = 110.5 - f64::from(step) * 0.001;
        let point = kernel::Point { lat, long };
        if matches!(city.city.places.locate(point, today).inside, places::Inside::Near(_)) {
            return format!("{lat},{long}");
        }
    }
    panic!("the sample city has no border to the west");
}

#[tokio::test]
async fn a_category_that_needs_a_contact_says_so_and_any_other_keeps_nothing_of_the_sender() {
    both(house, |city| async move {
        let page = Sending::open(&city.lan(), "building", "Nhà bên xây lấn sang đất nhà tôi hai gang tay").await.send().await;
        page.is(422).shows("cần số điện thoại hoặc thư điện tử");
        let page = page.form("/report").fill("phone", "0905 123 456").press("go", "send").send().await;
        page.is(200).shows("Đã nhận phản ánh");
        let before = city.messages_to("+84905123456").await;
        assert_eq!(before.len(), 1, "whoever left a number is told the code");

        let (code, _) = reports(&city.minh(), "pothole", "Ổ gà sâu ở góc quảng trường").await;
        let parties = city
            .city
            .read(db::Lane::Duty, move |rd| -> Result<usize, cases::Refusal> {
                let case = cases::find_for_system(rd, &code)?.expect("it was filed");
                Ok(cases::parties(rd, case.id)?.len())
            })
            .await
            .expect("the case reads");
        assert_eq!(parties, 0, "nothing of a sender without contact is kept");
    })
    .await;
}

#[tokio::test]
async fn emergency_numbers_stand_first_and_again_at_an_emergency_category() {
    both(house, |city| async move {
        let page = city.lan().sees("/report").await;
        let words = page.words();
        assert!(words.find("112").expect("112 stands on the page") < words.find("Chuyện gì").expect("the first question"));
        let form = page.form("/report").fill("category", "manhole").press("go", "find").send().await;
        form.shows("Việc này có thể nguy hiểm");
    })
    .await;
}

#[tokio::test]
async fn a_report_in_english_reads_english() {
    both(house, |city| async move {
        let page = city.minh().in_english().form("/report", "/report").await;
        let page = page
            .fill("category", "drain")
            .fill("text", "The street is under water again")
            .force("point", SQUARE)
            .fill("ward", "hoa-binh");
        page.press("go", "send").send().await.is(200).shows("Report received").shows("3 working days");
    })
    .await;
}

#[tokio::test]
async fn a_report_whose_term_cannot_be_counted_is_taken_and_its_message_says_so() {
    both(house, |city| async move {
        // Beyond these days the calendar has not been decided yet.
        city.pass(std::time::Duration::from_secs(400 * 86_400));
        let page = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await.phone("0905 123 456").send().await;
        page.is(200).shows("Đã nhận phản ánh").shows("Chưa định hạn");
        let messages = city.messages_to("+84905123456").await;
        let text = messages[0].text.as_ref().expect("its words are there").open();
        assert!(text.contains("hạn trả lời chưa định: "), "{text}");
    })
    .await;
}
