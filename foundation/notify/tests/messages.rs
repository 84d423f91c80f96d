//! Messages from their cause to a provider, on both engines.

#![allow(clippy::unwrap_used)] // a helper of a test fails as the test does

use db::Lane;
use kernel::{Lang, Private};
use notify::{Channel, Delivered, Error, Failure, Message, Outgoing, Provider, Sealer, State, To, Values, providers};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn city() -> Arc<pack::City> {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/sample");
    Arc::new(pack::load(sample).unwrap_or_else(|complaints| panic!("{}", pack::render(&complaints))))
}

fn message(to: To) -> Message {
    let values = Values {
        code: Some("PA-123".to_owned()),
        link: Some(Private::new("https://example.com/f/cn-link".to_owned())),
        title: Some("Ổ gà {city} {{".to_owned()),
        due: Some("17:00, 30/11/2026".to_owned()),
        unit: Some("Phòng Quản lý đường bộ".to_owned()),
    };
    Message { kind: "report-received", to, lang: Lang::Vi, values }
}

fn lan() -> To {
    To::Phone(notify::phone("0905 123 456").unwrap())
}

fn minh() -> To {
    To::Mail(notify::mail("minh@example.com").unwrap())
}

fn sealer() -> Sealer {
    Sealer::new(&[3; 32])
}

/// A company that answers as the test says and remembers what it was given.
#[derive(Default)]
struct Company {
    answers: Mutex<Vec<Result<(), Failure>>>,
    given: Mutex<Vec<Outgoing>>,
}

impl Company {
    fn answering(answers: impl IntoIterator<Item = Result<(), Failure>>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), given: Mutex::default() })
    }
}

impl Provider for Company {
    fn name(&self) -> &'static str {
        "company"
    }
    fn carries(&self, channel: Channel) -> bool {
        channel == Channel::Sms
    }
    fn send<'a>(&'a self, message: &'a Outgoing) -> providers::Sending<'a> {
        self.given.lock().unwrap().push(message.clone());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() { Ok(()) } else { answers.remove(0) };
        Box::pin(async move { answer })
    }
}

async fn send(db: &db::Db, message: Message) -> i64 {
    let city = city();
    db.write(Lane::Duty, move |tx| notify::send(tx, &sealer(), &city, &message)).await.unwrap()
}

async fn outbox(db: &db::Db) -> Vec<notify::Shown> {
    db.read(Lane::Duty, |rd| notify::outbox(rd, &sealer(), None, 50)).await.unwrap()
}

#[tokio::test]
async fn a_message_waits_is_kept_and_reads_as_the_pack_says() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        send(&db, message(lan())).await;
        send(&db, message(minh())).await;
        let shown = outbox(&db).await;
        assert_eq!(shown.len(), 2);
        assert!(shown.iter().all(|m| m.state == State::Waiting && m.case_code.as_deref() == Some("PA-123")));
        assert_eq!(shown[1].to, Some(Private::new("+84905123456".to_owned())), "the newest first");
        assert!(shown[1].text.as_ref().unwrap().open().contains("PA-123"));
        assert!(shown[1].subject.is_none() && shown[0].subject.is_some());
        assert!(!shown[0].text.as_ref().unwrap().open().contains("{code}"));

        let all: [Arc<dyn Provider>; 1] = [Arc::new(providers::Outbox)];
        assert_eq!(notify::deliver(&db, &sealer(), &all).await.unwrap(), Delivered { sent: 2, again: 0, failed: 0 });
        assert!(outbox(&db).await.iter().all(|m| m.state == State::Kept && m.sent_at.is_some()));
        assert_eq!(notify::deliver(&db, &sealer(), &all).await.unwrap(), Delivered::default(), "nothing is sent twice");
    })
    .await;
}

#[tokio::test]
async fn nothing_personal_rests_in_the_table() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        send(&db, message(lan())).await;
        send(&db, message(minh())).await;
        let dump = db.read(Lane::Duty, |rd| db::dump(rd, "notify_messages")).await.unwrap();
        let dump = dump.join("\n");
        for canary in ["905123456", "minh@example.com", "cn-link", "Ổ gà"] {
            assert!(!dump.contains(canary), "{canary} rests in the table");
        }
        assert!(dump.contains("PA-123"), "the dump does show what is public");
    })
    .await;
}

#[tokio::test]
async fn a_failing_company_is_tried_again_later_and_a_dead_number_given_up() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        send(&db, message(lan())).await;
        let company = Company::answering([
            Err(Failure::Later("busy".to_owned())),
            Err(Failure::Later("busy".to_owned())),
            Ok(()),
            Err(Failure::Never("no such number".to_owned())),
        ]);
        let all: [Arc<dyn Provider>; 1] = [company.clone()];
        let deliver = async || notify::deliver(&db, &sealer(), &all).await.unwrap();
        assert_eq!(deliver().await, Delivered { sent: 0, again: 1, failed: 0 });
        assert_eq!(deliver().await, Delivered::default(), "it is not yet time");
        assert_eq!(outbox(&db).await[0].error.as_deref(), Some("busy"));
        db.hand.pass(Duration::from_secs(61));
        assert_eq!(deliver().await.again, 1);
        db.hand.pass(Duration::from_secs(61));
        assert_eq!(deliver().await, Delivered::default(), "the second pause is longer");
        db.hand.pass(Duration::from_secs(61));
        assert_eq!(deliver().await.sent, 1);
        let shown = outbox(&db).await;
        assert_eq!((shown[0].state, shown[0].attempts, shown[0].error.clone()), (State::Sent, 3, None));
        assert!(company.given.lock().unwrap().iter().all(|m| m.key == shown[0].id), "one key for every try");

        send(&db, message(lan())).await;
        assert_eq!(deliver().await, Delivered { sent: 0, again: 0, failed: 1 });
        assert_eq!(outbox(&db).await[0].state, State::Failed);
        db.hand.pass(Duration::from_secs(86_400));
        assert_eq!(deliver().await, Delivered::default());
    })
    .await;
}

#[tokio::test]
async fn a_company_that_stays_away_is_given_up_after_days() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        send(&db, message(minh())).await; // nobody here carries mail
        let all: [Arc<dyn Provider>; 1] = [Company::answering([])];
        for _ in 0..12 {
            notify::deliver(&db, &sealer(), &all).await.unwrap();
            db.hand.pass(Duration::from_secs(9 * 3600));
        }
        let shown = outbox(&db).await;
        assert_eq!((shown[0].state, shown[0].error.as_deref()), (State::Failed, Some("no provider carries mail")));
    })
    .await;
}

#[tokio::test]
async fn a_message_is_written_with_its_cause_or_not_at_all() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        let city = city();
        let failed: Result<i64, Error> = db
            .write(Lane::Duty, move |tx| {
                notify::send(tx, &sealer(), &city, &message(lan()))?;
                Err(Error::NoValue("the cause failed".to_owned()))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(outbox(&db).await.len(), 0);
        let mut incomplete = message(lan());
        incomplete.values.link = None;
        incomplete.values.code = None;
        let city = self::city();
        let refused = db.write(Lane::Duty, move |tx| notify::send(tx, &sealer(), &city, &incomplete)).await;
        assert!(matches!(refused, Err(Error::NoValue(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn old_messages_are_emptied_and_a_person_can_be_forgotten() {
    db::test::both(&[notify::MIGRATIONS], async |db| {
        send(&db, message(lan())).await;
        let all: [Arc<dyn Provider>; 1] = [Arc::new(providers::Outbox)];
        notify::deliver(&db, &sealer(), &all).await.unwrap();
        db.hand.pass(Duration::from_secs(40 * 86_400));
        send(&db, message(lan())).await;
        let emptied =
            db.write(Lane::Duty, |tx| notify::purge(tx, tx.now().before(Duration::from_secs(30 * 86_400)))).await.unwrap();
        assert_eq!(emptied, 1);
        let shown = outbox(&db).await;
        assert!(shown[0].text.is_some() && shown[1].text.is_none() && shown[1].to.is_none());
        let found = db.read(Lane::Duty, |rd| notify::messages_of(rd, &sealer(), "+84905123456")).await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(db.write(Lane::Duty, |tx| notify::forget(tx, &sealer(), "+84905123456")).await.unwrap(), 2);
        assert_eq!(outbox(&db).await.len(), 0);
    })
    .await;
}

/// As many letters as the longest code takes once a city has a million reports a year.
const CODE: &str = "PA-26-1234567";
/// As many letters as a private link takes at the longest origin that our cities have.
const LINK: &str = "https://phananh.thanh-pho.gov.vn/f/abcdefghijklmnopqrstuvw";

/// The parts that a company sends, and bills, a text in: 153 letters each of the old alphabet of telephones, 67 once one letter has a tone mark.
fn parts(text: &str) -> usize {
    let plain = |c: char| c == '\n' || (' '..='~').contains(&c) && !"[]{}\\^~|`".contains(c);
    let letters = text.encode_utf16().count();
    if text.chars().all(plain) { letters.div_ceil(153) } else { letters.div_ceil(67) }
}

#[test]
fn every_sms_filled_with_the_longest_values_fits_two_parts() {
    assert_eq!((CODE.len(), LINK.len()), (13, 58));
    let mut counted = 0;
    for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.join("notify/messages.toml").exists() {
            continue;
        }
        let city = pack::load(&folder).unwrap_or_else(|complaints| panic!("{}", pack::render(&complaints)));
        for lang in [Lang::Vi, Lang::En] {
            let units = city.units.all().map(|unit| unit.name.get(lang));
            let unit = units.max_by_key(|name| name.encode_utf16().count()).unwrap();
            let value = |name: &str| match name {
                "code" => Some(CODE),
                "link" => Some(LINK),
                "due" => Some("17:00, 30/11/2026"),
                "unit" => Some(unit),
                "city" => Some(city.name.get(lang)),
                "hotline" => Some(city.hotline.as_str()),
                _ => None,
            };
            for message in &city.messages {
                let Some(sms) = &message.sms else { continue };
                let text = notify::fill(sms.get(lang), value).unwrap();
                assert!(parts(&text) <= 2, "{}: {} letters: {text}", message.key, text.encode_utf16().count());
                counted += 1;
            }
        }
    }
    assert!(counted >= 12, "{counted} texts");
}
