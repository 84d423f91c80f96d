//! Each list walks an index from its place on and sorts nothing, on the engine that a million cases lie on at most cities.

use crate::lists::*;
use crate::queue::*;
use crate::store::{NAMES_FILE, case_columns};
use db::{Lane, V};

const ALL: &[&[db::Migration]] = &[access::MIGRATIONS, crate::MIGRATIONS];

fn check(sql: &'static str, args: fn() -> Vec<V<'static>>, index: &str) {
    let explain: &'static str = Box::leak(format!("explain query plan {sql}").into_boxed_str());
    let db = db::test::sqlite(ALL);
    let plan: Vec<(i64, i64, i64, String)> =
        db.read_now(Lane::Duty, move |rd| rd.all::<(i64, i64, i64, String)>(explain, &args())).unwrap();
    let plan: Vec<String> = plan.into_iter().map(|row| row.3).collect();
    assert!(plan.iter().any(|line| line.contains(index)), "{sql}: {plan:?}");
    // What a bounded walk found is counted as it comes.
    let whole =
        |line: &String| line.starts_with("SCAN") && !["SCAN counted", "SCAN dated", "SCAN undated"].contains(&line.as_str());
    assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE") || whole(line)), "{sql}: {plan:?}");
}

fn sevens(n: usize) -> Vec<V<'static>> {
    vec![V::I(7); n]
}

#[test]
fn every_list_walks_its_index() {
    check(PUBLISHED, || sevens(4), "cases_published (kind=? AND");
    check(PUBLISHED_STATE, || sevens(5), "cases_published_state (public_state=? AND");
    check(PUBLISHED_AREA, || sevens(5), "cases_published_area (area=? AND");
    check(PUBLISHED_AREA_STATE, || sevens(6), "cases_published_area (area=? AND");
    check(PUBLISHED_AREA_CATEGORY, || sevens(6), "cases_published_area_category (area=? AND category=? AND");
    check(PUBLISHED_AREA_CATEGORY_STATE, || sevens(7), "cases_published_area_category (area=? AND category=? AND");
    check(PUBLISHED_CATEGORY, || sevens(5), "cases_published_category (category=? AND");
    check(PUBLISHED_CATEGORY_STATE, || sevens(6), "cases_published_category (category=? AND");
    check(QUEUE_OF_REACH, || sevens(7), "case_steps_due ((due_at,case_id,no)>(?,?,?) AND due_at<?)");
    check(QUEUE_OF_UNIT, || sevens(8), "case_steps_queue (unit=? AND (due_at,case_id,no)>(?,?,?) AND due_at<?)");
    check(QUEUE_OF_PERSON, || sevens(7), "case_steps_person (person=? AND (due_at,case_id,no)>(?,?,?) AND due_at<?)");
    check(WAITING_OF_REACH, || sevens(5), "case_steps_due (due_at=? AND");
    check(WAITING_OF_UNIT, || sevens(6), "case_steps_queue (unit=? AND due_at=? AND");
    check(WAITING_OF_PERSON, || sevens(5), "case_steps_person (person=? AND due_at=? AND");
    check(TALLY_OF_REACH, || sevens(6), "COVERING INDEX case_steps_due (due_at>?)");
    check(TALLY_OF_UNIT, || sevens(7), "COVERING INDEX case_steps_queue (unit=? AND due_at>?)");
    check(TALLY_OF_UNIT, || sevens(7), "COVERING INDEX case_steps_queue (unit=? AND due_at=?)");
    check(DUE_OF_REACH, || sevens(6), "COVERING INDEX case_steps_due (due_at>? AND due_at<?)");
    check(DUE_OF_UNIT, || sevens(7), "COVERING INDEX case_steps_queue (unit=? AND due_at>? AND due_at<?)");
    check(HELD_BY_PERSON, || sevens(4), "COVERING INDEX case_steps_person (person=?)");
    check(CASES_OF_PLACES, || sevens(32), "cases USING INTEGER PRIMARY KEY");
    check(concat!("select ", case_columns!(), " from cases where code = $1"), || sevens(1), "cases_code");
    check(NAMES_FILE, || sevens(1), "case_papers_file (file=?)");
}
