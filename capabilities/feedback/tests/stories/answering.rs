//! The answer: drafted, shown as it will be public, published, read.

use crate::verbs::{Sending, answers, code_on, desk, house, link_in, puts_away, reports};
use testkit::both;

const ANSWER: &str = "Tổ duy tu đã vá xong ổ gà lúc 10 giờ sáng nay, mặt đường đi lại được bình thường.";

#[tokio::test]
async fn lan_reads_the_answer_and_gets_a_message() {
    both(house, |city| async move {
        let sent = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi, tối qua có người ngã xe.").await;
        let page = sent.phone("0905 123 456").send().await;
        let (code, link) = (code_on(&page), page.path.clone());
        city.pass(std::time::Duration::from_secs(3_600));
        let tuan = city.tuan().await;
        answers(&tuan, &code, ANSWER).await.is(200).shows("Đã trả lời và công khai");

        let public = city.stranger().sees(&format!("/r/{code}")).await;
        public.shows(ANSWER).shows("ngã xe").shows("Đã trả lời");
        city.lan().sees(&link).await.shows(ANSWER);
        let messages = city.messages_to("+84905123456").await;
        assert_eq!(messages.len(), 2, "received, answered");

        let listed = city.stranger().sees("/reports").await;
        listed.shows("Ổ gà sâu trước số 12 Lê Lợi");
        for words in ["duy tu", "o ga sau", "Ổ GÀ", "le loi"] {
            let found = city.stranger().sees(&format!("/reports?q={}", words.replace(' ', "+"))).await;
            found.shows(&code);
        }
        city.stranger().sees("/reports?q=khong+co+chu+nay").await.hides(&code).shows("Không có phản ánh nào khớp");
        city.stranger().sees("/reports?category=pothole&area=hoa-binh&state=answered").await.shows(&code);
        city.stranger().sees("/reports?category=waste").await.hides(&code);
    })
    .await;
}

#[tokio::test]
async fn what_the_official_takes_out_never_becomes_public() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "noise", "Nhà ông Bảy số 7 hát karaoke tới nửa đêm").await;
        let hoa = city.hoa().await;
        let form = hoa.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        let preview = form
            .fill("answer", "Phường đã nhắc nhở hộ này, tối nay tổ tự quản kiểm tra lại.")
            .press("go", "publish")
            .send()
            .await;
        let form = preview.form(&format!("{}/publish", desk(&code)));
        form.fill("text", "Một nhà hát karaoke tới nửa đêm").send().await.shows("Đã trả lời và công khai");
        let page = city.stranger().sees(&format!("/r/{code}")).await;
        page.shows("Một nhà hát karaoke").hides("ông Bảy");
        city.stranger().sees("/reports?q=ong+bay").await.hides(&code);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_public_before_it_is_published() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà đặc biệt trước nhà thờ").await;
        let tuan = city.tuan().await;
        let form = tuan.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        form.fill("answer", "Bản thảo câu trả lời chưa gửi đi đâu cả.").press("go", "save").send().await.shows("Đã lưu bản thảo");
        for path in [format!("/r/{code}"), "/reports".to_owned(), "/reports?q=dac+biet".to_owned()] {
            city.stranger().sees(&path).await.hides("đặc biệt").hides("Bản thảo");
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_that_cannot_be_handled_is_put_away_with_a_reason_for_its_reporter() {
    both(house, |city| async move {
        let (code, link) = reports(&city.lan(), "other", "Tranh chấp thừa kế giữa anh em trong nhà").await;
        let hoa = city.hoa().await;
        let form = hoa.form(&desk(&code), &format!("{}/archive", desk(&code))).await;
        form.fill("reason", "Việc này thuộc thẩm quyền của tòa án.").send().await.shows("Đã lưu");
        city.lan().sees(&link).await.shows("thuộc thẩm quyền của tòa án");
        city.stranger().sees(&format!("/r/{code}")).await.shows("Đã lưu").hides("tòa án").hides("thừa kế");
    })
    .await;
}

#[tokio::test]
async fn a_term_that_runs_out_is_written_down_once() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà chờ mãi không ai vá").await;
        city.working_days_pass(10);
        city.job_runs("feedback.breaches").await;
        city.job_runs("feedback.breaches").await;
        let hoa = city.hoa().await;
        let page = hoa.sees(&desk(&code)).await;
        page.shows("Quá hạn");
        let times = page.words().matches("Đã quá hạn").count();
        assert_eq!(times, 2, "the legal term and the first response, each once:\n{}", page.words());
        city.stranger().sees(&format!("/r/{code}")).await.shows("thành phố xin lỗi anh/chị").hides("sẽ xem và bắt đầu xử lý");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_came_late_is_public_with_the_term_it_missed() {
    both(house, |city| async move {
        let (late, _) = reports(&city.lan(), "pothole", "Ổ gà chờ mãi mới có người vá").await;
        city.working_days_pass(10);
        let (prompt, _) = reports(&city.lan(), "pothole", "Ổ gà vá ngay trong ngày").await;
        let hoa = city.hoa().await;
        for (code, missed) in [(&late, true), (&prompt, false)] {
            answers(&hoa, code, ANSWER).await.shows("Đã trả lời và công khai");
            let page = city.stranger().sees(&format!("/r/{code}")).await;
            assert_eq!(page.words().contains("Đã quá hạn trả lời"), missed, "{}", page.words());
        }
    })
    .await;
}

#[tokio::test]
async fn words_and_place_that_stay_closed_stand_in_no_list_and_on_no_map() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "noise", "Nhà ông Bảy hát karaoke tới nửa đêm").await;
        let hoa = city.hoa().await;
        let form = hoa.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        let preview = form.fill("answer", ANSWER).press("go", "publish").send().await;
        let form = preview.form(&format!("{}/publish", desk(&code)));
        form.without("show-text").without("show-address").send().await.shows("Đã trả lời và công khai");
        for place in ["/reports", &format!("/r/{code}")] {
            city.stranger().sees(place).await.hides("ông Bảy");
        }
        city.stranger().sees(&format!("/r/{code}")).await.shows(ANSWER).hides("Nơi xảy ra").shows("Tiếng ồn");
    })
    .await;
}

#[tokio::test]
async fn the_link_in_each_message_opens_what_the_message_promises() {
    both(house, |city| async move {
        let (tuan, hoa) = (city.tuan().await, city.hoa().await);
        // A confidential report is answered to its reporter alone: her link is the only place where the answer stands.
        let cases = [("pothole", "0905 111 111", true), ("conduct", "0905 222 222", true), ("other", "0905 333 333", false)];
        for (category, number, answered) in cases {
            let page = Sending::open(&city.lan(), category, "Việc này xin thành phố xem giúp.").await.phone(number).send().await;
            let code = code_on(&page);
            city.pass(std::time::Duration::from_secs(60));
            if answered {
                answers(if category == "pothole" { &tuan } else { &hoa }, &code, ANSWER).await.is(200);
            } else {
                puts_away(&hoa, &code, "Việc này thuộc thẩm quyền của tòa án.").await.is(200);
            }
            let messages = city.messages_to(&number.replace(' ', "").replacen('0', "+84", 1)).await;
            let links: Vec<String> = messages.iter().map(link_in).collect();
            let [received, told] = links.as_slice() else { panic!("{category}: received, and told: {}", messages.len()) };
            assert_ne!(received, told, "every message has a link of its own");
            for (n, link) in links.iter().enumerate() {
                let page = city.stranger().sees(link).await;
                page.shows(if answered { ANSWER } else { "thuộc thẩm quyền của tòa án" });
                let word = format!("Tôi viết thêm điều thứ {n}.");
                page.form(link).fill("word", &word).send().await.shows("Đã gửi lời").shows(&word);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn links_of_messages_end_together_and_whoever_was_erased_gets_none() {
    both(house, |city| async move {
        let page = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await.phone("0905 123 456").send().await;
        let (code, tuan) = (code_on(&page), city.tuan().await);
        answers(&tuan, &code, ANSWER).await.is(200);
        let links: Vec<String> = city.messages_to("+84905123456").await.iter().map(link_in).collect();
        assert_eq!(links.len(), 2);
        let ended = city.city.write(db::Lane::Duty, move |tx| -> Result<u64, cases::Refusal> {
            let case = cases::find_for_system(tx, &code)?.expect("it was filed");
            Ok(cases::revoke_links(tx, case.id, feedback::report::LINK)?)
        });
        assert_eq!(ended.await.unwrap(), 2);
        for link in &links {
            city.stranger().tries(link).await.is(404);
        }

        let page = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước cổng chợ").await.phone("0905 123 457").send().await;
        let code = code_on(&page);
        let (keys, pack, asked) = (city.city.keys.clone(), city.city.pack.clone(), code.clone());
        let erased = city.city.write(db::Lane::Duty, move |tx| -> Result<(), cases::Refusal> {
            let case = cases::find_for_system(tx, &asked)?.expect("it was filed");
            let job = kernel::Actor::System { job: "test".to_owned() };
            let change = cases::Change::of(&case, cases::Verb::Redact, &job).ground("the reporter asked for it");
            cases::record(tx, &keys, &*pack, change.with(cases::PartyEffect::Erased { party: 1 }))?;
            Ok(())
        });
        erased.await.unwrap();
        answers(&tuan, &code, ANSWER).await.is(200);
        assert_eq!(city.messages_to("+84905123457").await.len(), 1, "received; nobody can be told of the answer any more");
    })
    .await;
}

#[tokio::test]
async fn what_is_too_long_to_publish_is_said_and_nothing_of_it_is_cut() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let tuan = city.tuan().await;
        let form = tuan.form(&desk(&code), &format!("{}/answer", desk(&code))).await;
        let preview = form.fill("answer", ANSWER).press("go", "publish").send().await;
        let (text, address) = ("chữ ".repeat(1_001).trim().to_owned() + ".", "số 12, ".repeat(40).trim().to_owned());
        let publish = format!("{}/publish", desk(&code));
        let page = preview.form(&publish).fill("text", &text).fill("address", &address).send().await;
        page.is(422).shows("tối đa 4").shows("tối đa 200");
        let form = page.form(&publish);
        assert_eq!((form.value("text"), form.value("address")), (Some(text.as_str()), Some(address.as_str())));
        city.stranger().sees(&format!("/r/{code}")).await.hides(ANSWER);
        // What stays closed is nobody's concern.
        let form = form.fill("text", "Ổ gà sâu trước số 12 Lê Lợi").without("show-address");
        form.send().await.is(200).shows("Đã trả lời và công khai");
        city.stranger().sees(&format!("/r/{code}")).await.shows(ANSWER);
    })
    .await;
}
