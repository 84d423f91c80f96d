//! An manages the officials.

use crate::{PASSWORD, capabilities};
use access::people::{self, By, NewOfficial};
use db::Lane;
use testkit::{Person, TestCity, both, sqlite};

#[tokio::test]
async fn an_adds_an_official_and_hands_her_the_password_once() {
    both(capabilities, |city: TestCity| async move {
        let an = city.an().await;
        let form = an.form("/desk/people/add", "/desk/people/add").await;
        let filled = form
            .fill("name", "Ngô Thị Lành")
            .fill("sign_in", "Lanh.Ngo")
            .fill("role", "officer")
            .fill("unit", "roads-department");
        let page = filled.clone().send().await;
        page.is(422).shows("Cần nhập mật khẩu của anh/chị");
        let page = filled.clone().fill("own", "không phải của tôi").send().await;
        page.is(422).shows("Mật khẩu hiện tại chưa đúng").shows("Thêm cán bộ");
        assert_eq!(page.form("/desk/people/add").value("name"), Some("Ngô Thị Lành"));
        let page = filled.clone().fill("own", PASSWORD).send().await;
        page.is(200).shows("Mật khẩu dùng một lần").shows("Ngô Thị Lành");
        let page = filled.fill("own", PASSWORD).send().await;
        page.is(422).shows("đã có người dùng");
        an.sees("/desk/people").await.shows("Ngô Thị Lành").shows("lanh.ngo").shows("Chờ đặt mật khẩu");
        an.sees("/desk/people/of/lanh.ngo").await.shows("Thêm tài khoản").shows("Bùi Hải An");
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_out_with_the_next_click() {
    both(capabilities, |city: TestCity| async move {
        let (an, vinh) = (city.an().await, city.vinh().await);
        vinh.sees("/desk/people").await.shows("Huỳnh Văn Vinh");
        let form = an.form("/desk/people/of/vinh", "/desk/people/of/vinh").await.fill("act", "close").fill("own", PASSWORD);
        form.clone().send().await.is(200).shows("Đã khóa").shows("Khóa tài khoản");
        assert!(vinh.gets("/desk/people").await.status.is_redirection(), "to the sign-in");
        form.send().await.is(422).shows("Có người vừa thay đổi"); // pressed twice
        let form = an.form("/desk/people/of/vinh", "/desk/people/of/vinh").await.fill("act", "reopen").fill("own", PASSWORD);
        form.send().await.is(200).shows("Đang hoạt động");
    })
    .await;
}

#[tokio::test]
async fn another_post_is_given_and_ended() {
    both(capabilities, |city: TestCity| async move {
        let (an, _tuan) = (city.an().await, city.tuan().await);
        let form = an.form("/desk/people/of/tuan", "/desk/people/of/tuan").await.fill("own", PASSWORD);
        form.clone().send().await.is(422).shows("Chọn một việc cần làm");
        form.clone().fill("act", "give").send().await.is(422).shows("Cần chọn vai trò").shows("Cần chọn đơn vị");
        let page = form.fill("act", "give").fill("role", "auditor").fill("unit", "city-committee").send().await;
        page.is(200).shows("Kiểm tra, giám sát");
        let tuan = city.tuan().await;
        let page = tuan.sees("/desk/people").await;
        page.shows("Nguyễn Anh Tuấn");
        let page = an.sees("/desk/people/of/tuan").await;
        let end = page.text().split("value=\"end-").nth(2).and_then(|rest| rest.split('"').next().map(str::to_owned)).unwrap();
        page.form("/desk/people/of/tuan")
            .fill("act", &format!("end-{end}"))
            .fill("own", PASSWORD)
            .send()
            .await
            .is(200)
            .shows("Thôi vai trò");
        let tuan = city.tuan().await;
        tuan.tries("/desk/people").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_cannot_close_herself_out() {
    let city = sqlite(capabilities).await;
    let an = city.an().await;
    let form = an.form("/desk/people/of/hai-an", "/desk/people/of/hai-an").await.fill("act", "close").fill("own", PASSWORD);
    form.send().await.is(422).shows("không còn ai quản lý được tài khoản");
    an.sees("/desk/people").await.shows("Đang hoạt động");
}

#[tokio::test]
async fn whom_one_may_not_know_and_who_is_not_there_answer_alike() {
    let city = sqlite(capabilities).await;
    let (dung, _hoa) = (city.dung().await, city.hoa().await);
    // Hoa's desk does not stand below Dũng's department.
    let (hers, nobodys) = (dung.tries("/desk/people/of/hoa").await, dung.tries("/desk/people/of/nobody").await);
    hers.is(404);
    nobodys.is(404);
    assert_eq!(hers.words(), nobodys.words());
    dung.sees("/desk/people/of/dung").await.shows("Phạm Quốc Dũng");
    assert!(!dung.sees("/desk/people/of/dung").await.has_form("/desk/people/of/dung"), "he reads, and changes nothing");
}

/// Everybody that An sees, from page to page: who they are, and how many pages there were.
async fn read_through(an: &Person) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut next) = (Vec::new(), 0, Some("/desk/people".to_owned()));
    while let Some(path) = next {
        let page = an.sees(&path).await;
        let links = page.links();
        all.extend(links.iter().filter_map(|(to, _)| Some(to.strip_prefix("/desk/people/of/")?.to_owned())));
        pages += 1;
        next = links.into_iter().find(|(_, words)| words.contains("Trang sau")).map(|(to, _)| to);
        assert!(pages < 10, "the pages do not end");
    }
    (all, pages)
}

#[tokio::test]
async fn people_stand_under_their_units_in_the_order_of_the_pack() {
    both(capabilities, |city: TestCity| async move {
        let an = city.an().await; // of the dispatch center
        // The last first, so that neither the time nor the letter makes the order.
        let mut expected = vec!["hai-an".to_owned()];
        for unit in ["roads-department", "drainage-company", "pc-hoa-binh"] {
            let people: Vec<String> = (0..20).map(|n| format!("{}-{n:02}", &unit[unit.len() - 3..])).collect();
            for sign_in in people.iter().rev() {
                let (charter, sign_in) = (city.city.access.charter(), sign_in.clone());
                let new = NewOfficial {
                    name: format!("Nguyễn {sign_in}"),
                    sign_in,
                    role: "officer".to_owned(),
                    unit: unit.to_owned(),
                    password: "no password".to_owned(),
                    one_time: false,
                };
                let by = By::CommandLine("test");
                let added = city.city.write(Lane::Duty, move |tx| people::add(tx, &charter, &by, &new)).await;
                added.unwrap_or_else(|refusal| panic!("{refusal:?}"));
            }
            expected.extend(people);
        }
        let (all, pages) = read_through(&an).await;
        assert_eq!(all, expected);
        assert_eq!(pages, 3);
        // Who was given a post elsewhere stands there, once.
        let form = an.form("/desk/people/of/ent-07", "/desk/people/of/ent-07").await;
        let form = form.fill("act", "give").fill("role", "officer").fill("unit", "pc-hoa-binh").fill("own", PASSWORD);
        form.send().await.is(200);
        expected.retain(|one| one != "ent-07");
        let at = expected.iter().position(|one| one.as_str() > "ent-07" && one.starts_with("inh")).unwrap();
        expected.insert(at, "ent-07".to_owned());
        assert_eq!(read_through(&an).await.0, expected);
    })
    .await;
}
