//! Stories of signing in, and of everything that ends a session (tests A6 and A9).

use crate::world::{PASSWORD, World, charter, private};
use access::people::{self, By};
use access::{Attempt, Refusal, Settings, may};
use db::Lane;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn everywhere<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    db::test::both(&[access::MIGRATIONS], |db| async { story(World::open(db, Settings::default()).await).await }).await;
}

#[tokio::test]
async fn wrong_name_wrong_password_and_closed_account_are_answered_alike() {
    everywhere(|city| async move {
        let hoa = city.sign_in("tran.hoa").await.official;
        let by = By::Official(Box::new(hoa));
        city.db.write(Lane::Duty, move |tx| people::close(tx, &charter(), &by, "tuan", 1)).await.unwrap();
        for (name, password) in
            [("nobody", PASSWORD), ("minh", "sai mật khẩu rồi"), ("tuan", PASSWORD), ("' or 1=1 --", "x"), ("", "")]
        {
            assert_eq!(city.try_from(name, password, None).await.unwrap_err(), Refusal::WrongSignIn, "{name}");
        }
        // The back-off is the same for a name that nobody has.
        for name in ["nobody", "minh"] {
            for _ in 0..4 {
                assert_eq!(city.try_from(name, "sai mật khẩu rồi", None).await.unwrap_err(), Refusal::WrongSignIn);
            }
            let Refusal::Wait(wait) = city.try_from(name, PASSWORD, None).await.unwrap_err() else {
                panic!("{name} may go on guessing")
            };
            assert_eq!(wait, Duration::from_secs(15));
        }
        city.db.hand.pass(Duration::from_secs(16));
        assert!(city.try_from("minh", PASSWORD, None).await.is_ok());
        assert!(city.try_from(" MINH ", PASSWORD, None).await.is_ok(), "a capital letter from a telephone's keyboard");
    })
    .await;
}

#[tokio::test]
async fn guesses_at_one_moment_are_all_counted() {
    everywhere(|city| async move {
        let tries = (0..40).map(|_| city.try_from("minh", "sai mật khẩu rồi", None));
        let answers = futures_of(tries).await;
        let looked_at = answers.iter().filter(|answer| matches!(answer, Err(Refusal::WrongSignIn))).count();
        assert_eq!(looked_at, 5, "the other guesses were not even compared");
    })
    .await;
}

#[tokio::test]
async fn one_address_that_tries_many_names_is_turned_away_and_its_neighbour_is_not() {
    everywhere(|city| async move {
        for n in 0..30 {
            let _ = city.try_from(&format!("name{n}"), "sai mật khẩu rồi", Some("203.0.113.7")).await;
        }
        assert!(matches!(city.try_from("minh", PASSWORD, Some("203.0.113.7")).await, Err(Refusal::Wait(_))));
        assert!(city.try_from("minh", PASSWORD, Some("203.0.113.8")).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_session_is_never_carried_over_and_an_invented_one_opens_nothing() {
    everywhere(|city| async move {
        let before = city.sign_in("tuan").await;
        let fixed = "0".repeat(52);
        assert!(city.access.caller(&fixed).await.unwrap().is_none());
        assert!(city.access.caller("").await.unwrap().is_none());
        let replaces = Some(before.token.reveal().to_owned());
        let attempt =
            Attempt { sign_in: "tuan".to_owned(), password: private(PASSWORD), address: None, device: String::new(), replaces };
        let after = city.access.sign_in(attempt).await.unwrap();
        assert_ne!(after.token.reveal(), before.token.reveal());
        assert!(!city.lives(&before).await);
        assert!(city.lives(&after).await);
        city.access.sign_out(&after.official).await.unwrap();
        assert!(!city.lives(&after).await);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_day_s_work() {
    everywhere(|city| async move {
        let (tuan, hoa) = (city.sign_in("tuan").await, city.sign_in("tran.hoa").await);
        city.db.hand.pass(MINUTE * 4);
        assert!(city.lives(&tuan).await && city.lives(&hoa).await);
        city.db.hand.pass(MINUTE * 6);
        assert!(city.lives(&tuan).await, "an officer may read for a while");
        assert!(!city.lives(&hoa).await, "who manages officials has five minutes");
        for _ in 0..72 {
            city.db.hand.pass(MINUTE * 10);
            let _ = city.lives(&tuan).await;
        }
        assert!(!city.lives(&tuan).await, "twelve hours are enough");
        let again = city.sign_in("tuan").await;
        city.db.hand.pass(MINUTE * 16);
        assert!(!city.lives(&again).await);
    })
    .await;
}

#[tokio::test]
async fn password_post_and_closing_act_on_the_next_request() {
    everywhere(|city| async move {
        let hoa = city.sign_in("tran.hoa").await.official;
        let by = By::Official(Box::new(hoa));

        let (one, other) = (city.sign_in("tuan").await, city.sign_in("tuan").await);
        let token =
            city.access.change_password(&one.official, private(PASSWORD), private("mưa rào tháng Mười"), "").await.unwrap();
        assert!(!city.lives(&one).await && !city.lives(&other).await);
        let tuan = city.access.caller(token.reveal()).await.unwrap().expect("the fresh session lives");
        assert!(tuan.may(access::Permission("report.answer")));
        assert_eq!(
            city.access.change_password(&tuan, private("không phải mật khẩu"), private("nắng vàng cuối thu"), "").await,
            Err(Refusal::WrongPassword)
        );

        let giver = by.clone();
        city.db
            .write(Lane::Duty, move |tx| people::give_post(tx, &charter(), &giver, "tuan", 2, "dispatcher", "committee"))
            .await
            .unwrap();
        assert!(city.access.caller(token.reveal()).await.unwrap().is_none(), "another role, another session");
        let again = city.try_from("tuan", "mưa rào tháng Mười", None).await.unwrap();
        assert!(again.official.may(access::Permission("report.forward")));

        let closer = by.clone();
        city.db.write(Lane::Duty, move |tx| people::close(tx, &charter(), &closer, "tuan", 3)).await.unwrap();
        assert!(!city.lives(&again).await);
        assert_eq!(city.try_from("tuan", "mưa rào tháng Mười", None).await.unwrap_err(), Refusal::WrongSignIn);
    })
    .await;
}

#[tokio::test]
async fn a_one_time_password_opens_one_door_only_and_not_for_ever() {
    everywhere(|city| async move {
        let hoa = city.sign_in("tran.hoa").await.official;
        let by = By::Official(Box::new(hoa));
        let once =
            city.access.add(by.clone(), "lan.ng".into(), "Nguyễn Lan".into(), "officer".into(), "drains".into()).await.unwrap();
        let lan = city.try_from("lan.ng", once.open(), None).await.unwrap();
        assert!(lan.official.must_change_password);
        assert!(!lan.official.may(access::Permission("report.answer")), "first her own password");
        assert!(lan.official.scope(access::Permission("report.answer")).is_none());
        let token = city.access.change_password(&lan.official, once.clone(), private("mưa rào tháng Mười"), "").await.unwrap();
        assert!(city.access.caller(token.reveal()).await.unwrap().unwrap().may(access::Permission("report.answer")));
        assert_eq!(city.try_from("lan.ng", once.open(), None).await.unwrap_err(), Refusal::WrongSignIn);

        let forgotten = city.access.reset_password(by, "lan.ng".into(), 2).await.unwrap();
        assert!(city.access.caller(token.reveal()).await.unwrap().is_none());
        city.db.hand.pass(Duration::from_secs(8 * 24 * 3600));
        assert_eq!(city.try_from("lan.ng", forgotten.open(), None).await.unwrap_err(), Refusal::WrongSignIn, "a week is over");
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_more_than_she_manages_and_somebody_always_manages() {
    everywhere(|city| async move {
        let hoa = By::Official(Box::new(city.sign_in("tran.hoa").await.official));
        let minh = By::Official(Box::new(city.sign_in("minh").await.official));
        let tuan = By::Official(Box::new(city.sign_in("tuan").await.official));
        let give = |by: &By, whom: &'static str, role: &'static str, unit: &'static str| {
            let by = by.clone();
            city.db.write(Lane::Duty, move |tx| people::give_post(tx, &charter(), &by, whom, 1, role, unit))
        };
        assert_eq!(give(&minh, "tuan", "administrator", "roads").await, Err(Refusal::BeyondYou));
        assert_eq!(give(&minh, "tuan", "officer", "drains").await, Err(Refusal::BeyondYou));
        assert_eq!(give(&minh, "tran.hoa", "officer", "roads").await, Err(Refusal::NotFound), "not hers to see");
        assert_eq!(give(&tuan, "tuan", "officer", "roads-team").await, Err(Refusal::BeyondYou), "an officer manages nobody");
        assert_eq!(give(&hoa, "tuan", "mayor", "roads").await, Err(Refusal::UnknownRole));
        assert_eq!(give(&hoa, "tuan", "officer", "moon").await, Err(Refusal::UnknownUnit));
        assert_eq!(give(&minh, "tuan", "officer", "roads").await, Ok(()));
        assert_eq!(give(&hoa, "tuan", "officer", "roads").await, Err(Refusal::Changed), "she saw an older state");

        let closer = By::CommandLine("official close");
        let close = |whom: &'static str| {
            let by = closer.clone();
            city.db.write(Lane::Duty, move |tx| people::close(tx, &charter(), &by, whom, 1))
        };
        assert_eq!(close("minh").await, Ok(()));
        assert_eq!(close("tran.hoa").await, Err(Refusal::LastAdministrator));
        assert!(city.try_from("tran.hoa", PASSWORD, None).await.is_ok(), "the refused closing left nothing behind");
    })
    .await;
}

#[tokio::test]
async fn every_act_on_an_account_is_written_down() {
    everywhere(|city| async move {
        let hoa = city.sign_in("tran.hoa").await.official;
        let by = By::Official(Box::new(hoa.clone()));
        city.access.reset_password(by.clone(), "tuan".into(), 1).await.unwrap();
        city.db.write(Lane::Duty, move |tx| people::close(tx, &charter(), &by, "tuan", 2)).await.unwrap();
        let scope = hoa.scope(may::READ_OFFICIALS).expect("she reads");
        let acts = city
            .db
            .read(Lane::Duty, move |rd| {
                let person = people::find(rd, &scope, "tuan")?.expect("he is in her scope");
                people::acts_of(rd, &person, 10)
            })
            .await
            .unwrap();
        let lines: Vec<(&str, &str)> = acts.iter().map(|act| (act.verb.as_str(), act.by_name.as_str())).collect();
        assert_eq!(
            lines,
            [
                ("closed", "Trần Thị Hoa"),
                ("password-reset", "Trần Thị Hoa"),
                ("post-given", "official add"),
                ("added", "official add")
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn she_sees_her_own_sessions_and_ends_a_foreign_one() {
    everywhere(|city| async move {
        let (desk, phone, other) = (city.sign_in("tuan").await, city.sign_in("tuan").await, city.sign_in("minh").await);
        let sessions = city.access.sessions(&desk.official).await.unwrap();
        assert_eq!(sessions.len(), 2);
        assert_eq!(sessions.iter().filter(|(_, this)| *this).count(), 1);
        assert_eq!(sessions[0].0.device, "Chrome, Android");
        let lost = sessions.iter().find(|(_, this)| !this).unwrap().0.id;
        assert_eq!(
            city.access.end_session(&other.official, lost).await,
            Err(Refusal::NotFound),
            "another's session is no session"
        );
        city.access.end_session(&desk.official, lost).await.unwrap();
        assert!(!city.lives(&phone).await && city.lives(&desk).await);
    })
    .await;
}

async fn futures_of<T: Send + 'static, F: Future<Output = T>>(all: impl Iterator<Item = F>) -> Vec<T> {
    // Polled together, so that all of them are under way before the first has its answer.
    let mut waiting: Vec<_> = all.map(Box::pin).collect();
    let mut done: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (place, future) in waiting.iter_mut().enumerate() {
            if done[place].is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                done[place] = Some(value);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
