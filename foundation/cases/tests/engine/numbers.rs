//! Codes come from a node's block, numbers from a book without a gap; both widen instead of ending.

use crate::world::{ALL, World, lan, new_case, official};
use cases::{Change, DocumentEffect, Route, Stage, Verb};
use db::{Lane, args};

#[test]
fn two_nodes_take_codes_from_blocks_of_their_own() {
    let mut w = World::new(db::test::sqlite(ALL));
    let code = |w: &World| w.record(Change::open(new_case("report", "triage"), &lan())).code;
    assert_eq!([code(&w), code(&w)], ["PA-26-000001", "PA-26-000002"]);
    w.db.reopen_with(|config| config.node = 1);
    assert_eq!(code(&w), "PA-26-001001");
    w.db.reopen_with(|config| config.node = 0);
    assert_eq!(code(&w), "PA-26-000003");
    // At the end of its block a node takes the next free one; after a million codes they get a digit more.
    w.db.write_now::<_, db::Error, _>(Lane::Duty, |tx| {
        tx.exec_one("update case_code_blocks set next = until where node = 0", args![])?;
        tx.exec_one("update number_books set last = 999000 where book = 'codes:PA'", args![])
    })
    .unwrap();
    assert_eq!([code(&w), code(&w)], ["PA-26-001000", "PA-26-999001"]);
    w.db.write_now::<_, db::Error, _>(Lane::Duty, |tx| {
        tx.exec_one("update case_code_blocks set next = until where node = 0", args![])
    })
    .unwrap();
    assert_eq!([code(&w), code(&w)], ["PA-26-1000000", "PA-26-1000001"]);
    // The positions of each node have no hole, whatever was written in between.
    let positions = w.db.read_now(Lane::Duty, cases::positions).unwrap();
    assert_eq!(positions, [(0, 7), (1, 1)]);
}

#[test]
fn a_book_has_no_gap_although_acts_failed_and_widens_after_its_last_digit() {
    db::test::both_now(ALL, |db| {
        let w = World::new(db);
        let clerk = official(1, "Thu", "ward");
        let mut numbers = Vec::new();
        for n in 0..4 {
            let route = Route { stages: vec![Stage::Numbered, Stage::Issued], distinct_from: Vec::new() };
            let case = w.record(Change::open(new_case("dossier", "ward"), &lan()));
            let case = w.act(&case, Verb::Draft, &clerk, |c| c.with(DocumentEffect::draft("notice", "Thông báo", route)));
            // A number taken by an act that fails is given back.
            let fails = Change::of(&case, Verb::Number, &clerk)
                .number(1, "ward", "notices", "2026", "/TB")
                .with(DocumentEffect::Proposed { document: 1 });
            assert!(w.try_record(fails).is_err());
            if n == 2 {
                w.db.write_now::<_, db::Error, _>(Lane::Duty, |tx| {
                    tx.exec("update number_books set last = 9999 where book = 'notices'", args![])
                })
                .unwrap();
            }
            let case = w.act(&case, Verb::Number, &clerk, |c| c.number(1, "ward", "notices", "2026", "/TB"));
            numbers.push(w.check(case.id).documents[0].number.clone().unwrap());
        }
        assert_eq!(numbers, ["01/TB", "02/TB", "10000/TB", "10001/TB"]);
        assert_eq!(cases::numbers::serial(42), "0042");
        assert_eq!(cases::numbers::serial(12_345), "12345");
    });
}
