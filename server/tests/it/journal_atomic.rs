//! A change and its line in the journal are one (J3): whichever table refuses its row while something is done to a report, nothing of it is
//! kept; once the table takes rows again, all of it is.

use crate::world::{ANSWER, SQUARE, Who, World, house};
use db::Lane;
use testkit::{Answer, Person, TestCity, both};

/// What an act on a report may write to.
const TABLES: &[&str] = &[
    "cases",
    "case_history",
    "case_steps",
    "case_clocks",
    "case_clock_entries",
    "case_papers",
    "case_documents",
    "document_acts",
    "case_parties",
    "case_keys",
    "case_sealed",
    "case_tokens",
    "feedback_reports",
    "notify_messages",
    "db_keys",
    "access_looks",
];
/// What asking for a page touches.
const ASKING: &[&str] = &["access_sessions"];

/// An act, as it stands in a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Report,
    Api,
    Word,
    Take,
    Forward,
    Draft,
    Publish,
    Archive,
    Contact,
}

const ACTS: [Act; 9] =
    [Act::Report, Act::Api, Act::Word, Act::Take, Act::Forward, Act::Draft, Act::Publish, Act::Archive, Act::Contact];

/// The table refuses every row from now on.
async fn stops(city: &TestCity, table: &str) {
    runs(
        city,
        &if city.db.is_sqlite() {
            vec![
                format!("create trigger stop_insert before insert on {table} begin select raise(abort, 'stopped'); end"),
                format!("create trigger stop_update before update on {table} begin select raise(abort, 'stopped'); end"),
            ]
        } else {
            vec![format!("alter table {table} add constraint stopped check (false) not valid")]
        },
    )
    .await;
}

/// The table takes rows again.
async fn goes_on(city: &TestCity, table: &str) {
    runs(
        city,
        &if city.db.is_sqlite() {
            vec!["drop trigger stop_insert".to_owned(), "drop trigger stop_update".to_owned()]
        } else {
            vec![format!("alter table {table} drop constraint stopped")]
        },
    )
    .await;
}

async fn runs(city: &TestCity, statements: &[String]) {
    for sql in statements {
        let sql: &'static str = sql.clone().leak();
        let done = city.city.write(Lane::Duty, move |tx| tx.exec(sql, &[]).map(drop)).await;
        done.unwrap_or_else(|e: db::Error| panic!("{sql}: {e}"));
    }
}

/// A report that stands where the act can be done to it, and the form or body that does it.
struct Ready {
    form: Option<testkit::WebForm>,
}

async fn ready(world: &World, act: Act) -> Ready {
    // A browser of its own each time: the same words from the same one would be the same report.
    let lan = &world.city.lan();
    let hoa = world.person(Who::Dispatcher);
    let form = match act {
        Act::Report => Some(written(lan).await),
        Act::Api => None,
        _ => {
            let thing = crate::world::thing(&written(lan).await.send().await);
            let (desk, link) = (format!("/desk/reports/{}", thing.code), format!("/f/{}", thing.token));
            Some(match act {
                Act::Word => lan.form(&link, &link).await.fill("word", "Vẫn còn nguyên."),
                Act::Take => hoa.form(&desk, &format!("{desk}/take")).await,
                Act::Forward => hoa.form(&desk, &format!("{desk}/forward")).await.fill("unit", "lighting-company"),
                Act::Draft => hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER),
                Act::Archive => hoa.form(&desk, &format!("{desk}/archive")).await.fill("reason", "Trùng."),
                Act::Contact => hoa.form(&desk, &format!("{desk}/contact")).await.fill("purpose", "Gọi lại."),
                _ => {
                    let form = hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER);
                    form.press("go", "publish").send().await.form(&format!("{desk}/publish"))
                }
            })
        }
    };
    Ready { form }
}

async fn written(person: &Person) -> testkit::WebForm {
    let form = person.form("/report", "/report").await;
    let form = form.fill("category", "pothole").fill("text", "Ổ gà sâu giữa đường, nước đọng.").force("point", SQUARE);
    let form = form.fill("ward", "hoa-binh").fill("phone", "0905 123 456");
    form.file("photos", "anh.jpg", testkit::photo(9)).press("go", "send")
}

impl Ready {
    async fn does(&self, world: &World) -> Answer {
        match &self.form {
            Some(form) => form.clone().send_only().await,
            None => {
                let mut body = crate::world::json("/api/v1/reports");
                body["contact"] = serde_json::json!({ "phone": "0905123456" });
                world.person(Who::Stranger).calls("/api/v1/reports", Some(kernel::Key::random().as_str()), &body).await
            }
        }
    }
}

#[tokio::test]
async fn a_change_and_its_line_in_the_journal_are_kept_together_or_not_at_all() {
    both(house, |city| async move {
        let world = World::of(city).await;
        for act in ACTS {
            let mut refused = 0;
            let mut now = ready(&world, act).await;
            let mut before = world.city.digest(ASKING).await;
            for table in TABLES {
                stops(&world.city, table).await;
                let answer = now.does(&world).await;
                goes_on(&world.city, table).await;
                if answer.status.is_client_error() || answer.status.is_server_error() {
                    refused += 1;
                    let after = world.city.digest(ASKING).await;
                    assert_eq!(before, after, "{act:?} left something though {table} refused its row");
                } else {
                    // This act writes nothing there, and is done now: another report takes its place.
                    now = ready(&world, act).await;
                    before = world.city.digest(ASKING).await;
                }
            }
            assert!(refused > 0, "{act:?} is kept by no table");
            if act != Act::Contact {
                stops(&world.city, "case_history").await;
                let answer = now.does(&world).await;
                goes_on(&world.city, "case_history").await;
                assert!(answer.status.is_server_error(), "{act:?} was done without its line in the journal: {}", answer.status);
            }
            let answer = now.does(&world).await;
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{act:?} afterwards: {}", answer.status);
        }
    })
    .await;
}
