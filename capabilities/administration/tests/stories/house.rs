//! What is seen of the house: outbox, looks, pack, health.

use crate::capabilities;
use db::Lane;
use kernel::Private;
use notify::{Message, To, Values};
use testkit::{TestCity, both, sqlite};

const PHONE: &str = "+84905123456";

async fn a_message_goes_out(city: &TestCity) {
    let (sealer, pack) = (manifest::message_sealer(&city.city.keys), city.city.pack.clone());
    let message = Message {
        kind: "report-received",
        to: To::Phone(Private::new(PHONE.to_owned())),
        lang: kernel::Lang::Vi,
        values: Values {
            code: Some("PA-1234".to_owned()),
            link: Some(Private::new("https://songhan.test/f/0123456789abcdefghjkmnpqrs".to_owned())),
            due: Some("17:00, 27/11/2026".to_owned()),
            unit: Some("P. Đường bộ".to_owned()),
            title: Some("Ổ gà".to_owned()),
        },
    };
    let sent = city.city.write(Lane::Duty, move |tx| notify::send(tx, &sealer, &pack, &message)).await;
    sent.unwrap_or_else(|error: notify::Error| panic!("{error}"));
}

#[tokio::test]
async fn reading_the_outbox_shows_the_words_and_stands_in_the_log() {
    both(capabilities, |city: TestCity| async move {
        let (an, vinh) = (city.an().await, city.vinh().await);
        vinh.sees("/desk/looks").await.shows("Chưa có lần xem nào");
        a_message_goes_out(&city).await;
        let page = an.sees("/desk/outbox").await;
        page.shows("0905 123 456").hides(PHONE).shows("PA-1234").shows("SMS").shows("/f/…");
        page.hides("0123456789abcdefghjkmnpqrs"); // the link opens a resident's report: it is hers alone
        vinh.sees("/desk/looks").await.shows("Bùi Hải An").shows("PA-1234").shows("Xem thư, tin nhắn gửi đi");
        vinh.sees("/desk/looks?case=pa-1234").await.shows("Bùi Hải An");
        vinh.sees("/desk/looks?case=PA-9").await.hides("Bùi Hải An");
        vinh.tries("/desk/outbox").await.is(404); // the auditor has no right to the texts
    })
    .await;
}

#[tokio::test]
async fn the_pack_and_the_health_are_shown_to_those_who_may() {
    let city = sqlite(capabilities).await;
    let (an, tuan) = (city.an().await, city.tuan().await);
    an.sees("/desk/pack").await.shows("Sao Mai").shows("Điều phối viên").shows("report.forward");
    an.sees("/desk/pack").await.shows("Xem gói dữ liệu thành phố pack.read");
    city.an().await.in_english().sees("/desk/pack").await.shows("See the city's pack pack.read");
    an.sees("/desk/house").await.shows("Hệ thống hoạt động bình thường").shows("SQLite").shows("Chưa có niêm phong nào");
    for path in ["/desk/people", "/desk/outbox", "/desk/looks", "/desk/pack", "/desk/house"] {
        tuan.tries(path).await.is(404);
        assert_eq!(city.stranger().gets(path).await.leads_to(), Some(format!("/sign-in?next={path}")));
    }
}

#[tokio::test]
async fn reading_changes_nothing_but_the_log_of_looks() {
    let city = sqlite(capabilities).await;
    let an = city.an().await;
    a_message_goes_out(&city).await;
    let except = &["access_sessions", "access_looks"];
    let before = city.digest(except).await;
    for path in ["/desk/people", "/desk/people/add", "/desk/people/of/hai-an", "/desk/outbox", "/desk/pack", "/desk/house"] {
        an.sees(path).await;
    }
    assert_eq!(city.digest(except).await, before);
}
