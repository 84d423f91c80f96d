//! Many at one moment (A12): a submission and the acts on it have exactly one effect each. Every door is tried so by the server's `at_once.rs`.

use crate::verbs::{Sending, desk, house, reports};
use testkit::{Answer, both};

async fn at_once<F, Fut>(times: usize, act: F) -> Vec<Answer>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = Answer> + Send + 'static,
{
    let tasks: Vec<_> = (0..times).map(|n| tokio::spawn(act(n))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("a task ends"));
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_equal_sends_of_one_form_are_one_report() {
    both(house, |city| async move {
        let form = Sending::open(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await.0.press("go", "send");
        let answers = at_once(50, |_| form.clone().send_only()).await;
        let first = answers[0].leads_to().expect("the private page");
        assert!(answers.iter().all(|answer| answer.leads_to().as_deref() == Some(first.as_str())), "all lead to one report");
        let hoa = city.hoa().await;
        assert_eq!(crate::verbs::queue(&hoa).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_equal_acts_have_one_effect_each() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let hoa = city.hoa().await;
        let lines = |code: String| {
            let city = city.city.clone();
            async move {
                city.read(db::Lane::Duty, move |rd| -> Result<usize, cases::Refusal> {
                    let case = cases::find_for_system(rd, &code)?.expect("the case");
                    Ok(cases::history(rd, case.id)?.len())
                })
                .await
                .expect("history reads")
            }
        };
        let mut expected = lines(code.clone()).await;
        let form = |action: &str| {
            let (hoa, path, action) = (hoa.clone(), desk(&code), format!("{}/{action}", desk(&code)));
            async move { hoa.form(&path, &action).await }
        };
        let take = form("take").await;
        let answer = form("answer").await;
        let acts = [take, answer.fill("answer", "Đã vá xong ổ gà trong sáng nay, mời anh/chị xem.").press("go", "save")];
        for (n, act) in acts.into_iter().enumerate() {
            // The second act begins from a fresh page: the first one changed the report.
            let act = if n == 0 {
                act
            } else {
                form("answer").await.fill("answer", "Đã vá xong ổ gà trong sáng nay, mời anh/chị xem.").press("go", "save")
            };
            let answers = at_once(50, |_| act.clone().send_only()).await;
            let done = answers.iter().filter(|answer| answer.status == 303).count();
            expected += 1;
            assert_eq!(done, 1, "one of fifty acts is done");
            assert!(answers.iter().all(|answer| answer.status == 303 || answer.status == 409), "the others are told");
            assert_eq!(lines(code.clone()).await, expected);
        }
        let publish = hoa.form(&format!("{}/publish", desk(&code)), &format!("{}/publish", desk(&code))).await;
        let answers = at_once(50, |_| publish.clone().send_only()).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
        assert_eq!(lines(code.clone()).await, expected + 1);
    })
    .await;
}
