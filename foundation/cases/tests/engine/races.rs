//! Fifty equal acts at one moment: one has its effect, the others hear that somebody was faster.

use crate::world::{ALL, World, lan, new_case, official};
use cases::clocks::LEGAL;
use cases::{Case, Change, ClockAct, DocumentEffect, PublicState, Refusal, Route, StepEffect, Verb};
use db::Lane;
use db::test::both;
use std::sync::Arc;

type Make = fn(&Case, i64) -> Change;

async fn fifty(w: &World, case: &Case, make: Make) -> Case {
    let start = Arc::new(tokio::sync::Barrier::new(50));
    let mut all = tokio::task::JoinSet::new();
    for n in 0..50_i64 {
        let (db, keys, city, change, start) = (w.db.db(), w.keys.clone(), w.city.clone(), make(case, 100 + n), start.clone());
        all.spawn(async move {
            start.wait().await;
            db.write(Lane::Duty, move |tx| cases::record(tx, &keys, &city, change.clone())).await
        });
    }
    let mut won = Vec::new();
    while let Some(done) = all.join_next().await {
        match done.unwrap() {
            Ok(case) => won.push(case),
            Err(refusal) => assert_eq!(refusal, Refusal::Conflict),
        }
    }
    assert_eq!(won.len(), 1);
    let after = won.remove(0);
    assert_eq!(after.version, case.version + 1);
    let (db, id) = (w.db.db(), case.id);
    let (rows, lines) =
        db.read(Lane::Duty, move |rd| Ok::<_, Refusal>((cases::whole(rd, id)?, cases::history(rd, id)?))).await.unwrap();
    assert_eq!(cases::fold(&lines).unwrap(), rows);
    assert_eq!(lines.len(), after.version as usize);
    after
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_fifty_equal_acts_has_its_effect() {
    both(ALL, |db| async move {
        let w = World::new(db);
        let (keys, city) = (w.keys.clone(), w.city.clone());
        let case =
            w.db.write(Lane::Duty, move |tx| {
                let change = Change::open(new_case("report", "triage"), &lan())
                    .with(StepEffect::lead("triage", "triage", None))
                    .clock(ClockAct::start(LEGAL, calendars::Rule::WorkingDays(3), "office"));
                cases::record(tx, &keys, &city, change)
            })
            .await
            .unwrap();
        let acts: &[Make] = &[
            |c, n| Change::of(c, Verb::Take, &official(n, "A", "triage")).with(StepEffect::Taken { step: 1, person: n }),
            |c, n| {
                Change::of(c, Verb::Forward, &official(n, "A", "triage"))
                    .with(StepEffect::done(1, "forwarded"))
                    .with(StepEffect::lead("handle", "roads", Some(1)))
            },
            |c, n| {
                Change::of(c, Verb::Draft, &official(n, "A", "roads")).with(DocumentEffect::draft(
                    "answer",
                    "Xong.",
                    Route::letter(),
                ))
            },
            |c, n| Change::of(c, Verb::Propose, &official(n, "A", "roads")).with(DocumentEffect::Proposed { document: 1 }),
            |c, n| Change::of(c, Verb::Approve, &official(n + 100, "B", "roads")).with(DocumentEffect::Approved { document: 1 }),
            |c, n| {
                Change::of(c, Verb::Sign, &official(n + 100, "B", "roads")).with(DocumentEffect::Signed {
                    document: 1,
                    capacity: cases::Capacity::Own,
                    for_whom: None,
                })
            },
            |c, n| Change::of(c, Verb::Number, &official(n, "C", "roads")).number(1, "roads", "letters", "2026", "/SXD"),
            |c, n| {
                Change::of(c, Verb::Issue, &official(n, "C", "roads"))
                    .with(DocumentEffect::Issued { document: 1 })
                    .state("answered", PublicState::Answered)
                    .closing()
            },
            |c, _| Change::of(c, Verb::Rate, &lan()).payload("{\"stars\":5}"),
            |c, n| {
                Change::of(c, Verb::Reopen, &official(n, "A", "roads"))
                    .ground("Chưa xong.")
                    .with(StepEffect::lead("handle", "roads", None))
            },
            |c, n| Change::of(c, Verb::Archive, &official(n, "A", "roads")).ground("Đã xong."),
        ];
        let mut case = case;
        for act in acts {
            case = fifty(&w, &case, *act).await;
        }
        // Whoever lost has taken no number: the book has no gap.
        let last =
            w.db.read(Lane::Duty, |rd| rd.one::<(i64,)>("select last from number_books where body = 'roads'", db::args![]))
                .await
                .unwrap();
        assert_eq!(last.0, 1);
    })
    .await;
}
