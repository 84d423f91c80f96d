//! The queue: all of it over its pages, each open step once, and exactly what the decisions for single rows say.

use crate::verbs::{desk, house, reports, reports_many};
use access::Post;
use db::args;
use kernel::Instant;
use testkit::{Page, Person, TestCity, both};

/// Rows on a page.
const ROWS: usize = 25;

/// The codes in an official's queue, page after page; no page but the last is short.
async fn walked(official: &Person, first: &str) -> Vec<String> {
    let (mut all, mut next) = (Vec::new(), first.to_owned());
    for page in 0..40 {
        let shown = official.sees(&next).await;
        let rows: Vec<String> =
            shown.links().into_iter().filter_map(|(to, _)| to.strip_prefix("/desk/reports/").map(str::to_owned)).collect();
        assert!(rows.len() <= ROWS, "page {page} holds {} rows", rows.len());
        all.extend(rows.iter().cloned());
        match shown.links().into_iter().find(|(_, words)| words.contains("Trang sau")) {
            Some((to, _)) => {
                assert_eq!(rows.len(), ROWS, "page {page} is short, and others follow");
                next = to;
            }
            None => return all,
        }
    }
    panic!("the queue does not end");
}

/// An open step as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    code: String,
    unit: String,
    due_at: Option<Instant>,
    at: (i64, u32),
}

/// Every open step of a report, in the order of a queue.
async fn open_steps(city: &TestCity) -> Vec<Open> {
    type Row = (String, String, Option<Instant>, i64, u32);
    const SQL: &str = "select c.code, s.unit, s.due_at, s.case_id, s.no from case_steps s join cases c on c.id = s.case_id \
        where s.done_at is null and c.kind = 'report'";
    let rows: Vec<Row> =
        city.city.read(db::Lane::Duty, |rd| rd.all(SQL, args![])).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
    let mut all: Vec<Open> =
        rows.into_iter().map(|(code, unit, due_at, case, no)| Open { code, unit, due_at, at: (case, no) }).collect();
    all.sort_by_key(|open| (open.due_at.is_none(), open.due_at, open.at));
    all
}

/// What a queue should hold by the decision for each single row.
async fn decided(city: &TestCity, role: &str, unit: &str) -> Vec<Open> {
    let (charter, day) = (city.city.access.charter(), city.city.today());
    let posts = [Post { role: role.to_owned(), unit: unit.to_owned(), from: day, to: None }];
    open_steps(city).await.into_iter().filter(|open| charter.covers(&posts, "report.read", &open.unit, day)).collect()
}

/// Many reports; then steps as other rooms, pauses and consultations leave them: cases of another kind, steps without a due time, and
/// two open steps of one case that are due at once.
async fn a_busy_city(city: &TestCity) {
    reports_many(city, "pothole", 40).await;
    reports_many(city, "building", 34).await;
    reports_many(city, "drain", 31).await;
    let done = city.city.write(db::Lane::Duty, |tx| -> db::Result<u64> {
        const TWINS: &str = "insert into case_steps (case_id, no, kind, name, unit, received_at, due_at) \
            select case_id, 7, 'consult', 'ask', unit, received_at, due_at from case_steps where unit = 'roads-department'";
        const OTHERS: &str = "update cases set kind = 'dossier' where unit in ('roads-department', 'drainage-company') and \
            (select count(*) from cases older where older.unit = cases.unit and older.id < cases.id) in (1, 2, 3, 26, 29)";
        const UNDATED: &str = "update case_steps set due_at = null where unit = $1 and \
            (select count(*) from cases older where older.unit = case_steps.unit and older.id < case_steps.case_id) % 8 = 5";
        tx.exec(TWINS, args![])?;
        tx.exec(OTHERS, args![])?;
        tx.exec(UNDATED, args!["roads-department"])?;
        tx.exec(UNDATED, args!["drainage-company"])
    });
    done.await.unwrap_or_else(|e: db::Error| panic!("{e}"));
}

#[tokio::test]
async fn the_queue_is_whole_over_its_pages_and_holds_what_each_row_decides() {
    both(house, |city| async move {
        a_busy_city(&city).await;
        // One unit, a unit with those below it, and more units than are asked one by one.
        for (official, role, unit) in [
            (city.tuan().await, "officer", "roads-department"),
            (city.dung().await, "head", "construction-department"),
            (city.hoa().await, "dispatcher", "dispatch-center"),
        ] {
            let decided = decided(&city, role, unit).await;
            assert!(decided.len() > 2 * ROWS && decided.iter().any(|open| open.due_at.is_none()), "{} rows", decided.len());
            let codes: Vec<String> = decided.into_iter().map(|open| open.code).collect();
            assert_eq!(walked(&official, "/desk/reports").await, codes, "{role}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_typed_at_the_head_of_the_queue_leads_to_the_report() {
    both(house, |city| async move {
        let (code, _) = reports(&city.lan(), "pothole", "Ổ gà sâu trước số 12 Lê Lợi").await;
        let (tuan, ngoc) = (city.tuan().await, city.ngoc().await);
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        for typed in [code.clone(), format!(" {} ", code.to_lowercase()), format!("pa{digits}"), format!("PA {digits}")] {
            let form = tuan.form("/desk/reports", "/desk/reports").await;
            let page = form.fill("code", &typed).send().await;
            assert_eq!((page.path.as_str(), page.status.as_u16()), (desk(&code).as_str(), 200), "{typed}");
        }
        // Another's is told exactly like none; what was typed stays.
        let search = |typed: String| format!("/desk/reports?code={typed}");
        let (others, none) = (ngoc.tries(&search(code.clone())).await, ngoc.tries(&search("PA-26-999999".to_owned())).await);
        none.is(404).shows("không có phản ánh nào mang mã này");
        assert_eq!(others.status, none.status);
        let told = |page: &Page, typed: &str| page.text().split_once("<main").expect("a page").1.replace(typed, "…");
        assert_eq!(told(&others, &code), told(&none, "PA-26-999999"));
        ngoc.tries(&search("kh%C3%B4ng+ph%E1%BA%A3i+m%C3%A3".to_owned()))
            .await
            .is(404)
            .shows("không có phản ánh nào mang mã này");
        assert_eq!(none.form("/desk/reports").value("code"), Some("PA-26-999999"));
    })
    .await;
}
