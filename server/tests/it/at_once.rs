//! Fifty equal requests at one moment for each act that there is (A12): one effect, and whoever repeats a key hears the same.

use crate::acts::{Act, acts, ready};
use crate::world::{World, house};
use db::{Lane, args};
use std::sync::Arc;
use testkit::{Answer, TestCity, both};
use tokio::sync::Barrier;

const TIMES: usize = 50;

async fn lines(city: &TestCity, journal: &'static str) -> i64 {
    let count: &'static str = match journal {
        "case_history" => "select count(*) from case_history",
        "access_acts" => "select count(*) from access_acts",
        other => panic!("a journal named {other}: say here how its lines are counted"),
    };
    let read = city.city.read(Lane::Duty, move |rd| rd.one::<(i64,)>(count, args![])).await;
    read.unwrap_or_else(|e: db::Error| panic!("{e}")).0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_equal_acts_at_one_moment_have_one_effect() {
    both(house, |city| async move {
        let world = World::of(city).await;
        for (turn, act) in acts(&world).into_iter().enumerate() {
            // Each look is a look, and each session a session: fifty of them are fifty.
            let Some(journal) = act.journal().filter(|_| act != Act::Contact) else { continue };
            let one = ready(&world, act, 2 * turn).await;
            let before = lines(&world.city, journal).await;
            one.does().await;
            let of_one = lines(&world.city, journal).await - before;
            assert!(of_one > 0, "{act:?} leaves no line");
            let now = ready(&world, act, 2 * turn + 1).await;
            let before = lines(&world.city, journal).await;
            let start = Arc::new(Barrier::new(TIMES));
            let tasks: Vec<_> = (0..TIMES)
                .map(|_| {
                    let (now, start) = (now.clone(), start.clone());
                    tokio::spawn(async move {
                        start.wait().await;
                        now.does().await
                    })
                })
                .collect();
            let mut answers: Vec<Answer> = Vec::new();
            for task in tasks {
                answers.push(task.await.expect("a request ends"));
            }
            assert_eq!(lines(&world.city, journal).await - before, of_one, "{act:?}: fifty at once are not one");
            let well: Vec<&Answer> = answers.iter().filter(|a| a.status.is_success() || a.status.is_redirection()).collect();
            assert!(!well.is_empty(), "{act:?} was answered well to nobody");
            if matches!(act, Act::Report | Act::Api | Act::Word) {
                // They carry a key: everybody hears what the first one did.
                let told = |answer: &Answer| {
                    (answer.status, answer.leads_to(), if act == Act::Api { answer.text() } else { String::new() })
                };
                assert!(answers.iter().all(|answer| told(answer) == told(&answers[0])), "{act:?}: one key, two answers");
            } else {
                let others = answers.iter().filter(|a| !a.status.is_success() && !a.status.is_redirection());
                assert!(others.clone().all(|a| a.status.is_client_error()), "{act:?}: the late ones are not told why");
            }
        }
    })
    .await;
}
