//! The queue: all of it over its pages, each open step once, and exactly what the decisions for single rows say.

use crate::verbs::{Sending, code_on, desk, house, reports, reports_many};
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
    taken_at: Option<Instant>,
    person: Option<i64>,
    category: String,
}

/// Whether a step belongs to a view.
type Belongs<'a> = &'a dyn Fn(&Open) -> bool;

/// Every open step of a report, in the order of a queue.
async fn open_steps(city: &TestCity) -> Vec<Open> {
    type Row = (String, String, Option<Instant>, i64, u32, Option<Instant>, Option<i64>, String);
    const SQL: &str = "select c.code, s.unit, s.due_at, s.case_id, s.no, s.taken_at, s.person, c.category from case_steps s join cases c on c.id = s.case_id \
        where s.done_at is null and c.kind = 'report'";
    let rows: Vec<Row> =
        city.city.read(db::Lane::Duty, |rd| rd.all(SQL, args![])).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
    let open = |(code, unit, due_at, case, no, taken_at, person, category): Row| Open {
        code,
        unit,
        due_at,
        at: (case, no),
        taken_at,
        person,
        category,
    };
    let mut all: Vec<Open> = rows.into_iter().map(open).collect();
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

/// The id of an official, which no page shows.
async fn id_of(city: &TestCity, sign_in: &'static str) -> i64 {
    const SQL: &str = "select id from access_officials where sign_in = $1";
    let found = city.city.read(db::Lane::Duty, move |rd| rd.one::<(i64,)>(SQL, args![sign_in])).await;
    found.unwrap_or_else(|e: db::Error| panic!("{e}")).0
}

#[tokio::test]
async fn a_view_holds_exactly_the_rows_that_belong_to_it() {
    both(house, |city| async move {
        a_busy_city(&city).await;
        city.tuan().await;
        let tuan_id = id_of(&city, "tuan").await;
        // He holds most steps of his unit, and steps that went on to another unit under his name.
        let done = city.city.write(db::Lane::Duty, move |tx| -> db::Result<u64> {
            const LATER: &str = "update case_steps set due_at = due_at + 864000000 where due_at is not null and \
                (select count(*) from cases older where older.id < case_steps.case_id) % 3 = 0";
            const HELD: &str = "update case_steps set taken_at = received_at, person = $1 where unit = 'roads-department' and \
                (select count(*) from cases older where older.unit = 'roads-department' and older.id < case_steps.case_id) % 7 > 1";
            tx.exec(LATER, args![])?;
            tx.exec("update case_steps set person = $1 where unit = 'drainage-company'", args![tuan_id])?;
            tx.exec(HELD, args![tuan_id])
        });
        done.await.unwrap_or_else(|e: db::Error| panic!("{e}"));
        city.working_days_pass(6);

        let now = city.now();
        // Some run out about now and about the end of the next day, to the millisecond.
        let (day, edges) = (86_400_000, [-1, 0, 1, 86_399_999, 86_400_000]);
        let done = city.city.write(db::Lane::Duty, move |tx| -> db::Result<()> {
            const DUE: &str = "update case_steps set due_at = $1 where \
                (select count(*) from cases older where older.id < case_steps.case_id) % 20 = $2";
            for (n, edge) in (0_i64..).zip(edges) {
                tx.exec(DUE, args![Instant(now.0 + edge), n])?;
            }
            Ok(())
        });
        done.await.unwrap_or_else(|e: db::Error| panic!("{e}"));
        let soon = |open: &Open| open.due_at.is_some_and(|due| due >= now && due.since(now) < day);
        let road = |open: &Open| ["pothole", "drain"].contains(&open.category.as_str());
        let late = |open: &Open| open.due_at.is_some_and(|due| due < now);
        for (official, role, unit) in
            [(city.tuan().await, "officer", "roads-department"), (city.hoa().await, "dispatcher", "dispatch-center")]
        {
            let id = if role == "officer" { tuan_id } else { id_of(&city, "hoa").await };
            let all = decided(&city, role, unit).await;
            let views: [(&str, Belongs<'_>); 7] = [
                ("view=overdue", &late),
                ("view=soon", &soon),
                ("view=untaken", &|open| open.taken_at.is_none()),
                ("view=mine", &|open| open.person == Some(id)),
                ("field=roads", &road),
                ("view=untaken&field=order", &|open| open.taken_at.is_none() && open.category == "building"),
                ("area=hoa-binh&view=overdue&field=roads", &|open| road(open) && late(open)),
            ];
            for (query, belongs) in views {
                let codes: Vec<String> = all.iter().filter(|open| belongs(open)).map(|open| open.code.clone()).collect();
                assert_eq!(walked(&official, &format!("/desk/reports?{query}")).await, codes, "{role} {query}");
            }
            assert!(all.iter().filter(|open| soon(open)).count() > 3, "{role}");
            let mine = all.iter().filter(|open| open.person == Some(tuan_id) && open.unit == "roads-department").count();
            assert!(mine > ROWS && all.iter().filter(|open| late(open)).count() > ROWS, "the views go over pages");
        }
        // A ward where nothing happened, a view that is empty, and what nobody knows.
        let hoa = city.hoa().await;
        hoa.sees("/desk/reports?area=dao-yen").await.shows("Không có việc nào khớp").shows("Bỏ lọc");
        hoa.sees("/desk/reports?view=mine").await.shows("Anh/chị chưa giữ việc nào").shows("bấm nhận xử lý");
        assert_eq!(walked(&hoa, "/desk/reports?view=x&area=y&field=z&after=w").await.len(), walked(&hoa, "/desk/reports").await.len());
    })
    .await;
}

/// Throws every step anew: open or not, of which unit, due when, taken, held by whom.
async fn thrown(city: &TestCity, world: usize, people: [i64; 3]) {
    const STEPS: &str = "select case_id, no from case_steps order by case_id, no";
    const THROW: &str =
        "update case_steps set unit = $3, due_at = $4, taken_at = $5, person = $6, done_at = $7 where case_id = $1 and no = $2";
    let now = city.now();
    let done = city.city.write(db::Lane::Duty, move |tx| -> db::Result<()> {
        let mut seed = 0x9E37_79B9_7F4A_7C15 ^ (world as u64 + 1);
        let mut dice = |sides: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % sides
        };
        // In every second world there are reports alone, and no definition of anything else.
        const KINDS: &str = "update cases set kind = case when category = 'pothole' and (select count(*) from cases older where older.id < cases.id) % 2 = $1 then 'dossier' else 'report' end";
        const DEFINED: &str = "insert into case_definitions (kind, key, version, hash, body, kept_at) values ('dossier', 'birth', '1', '', '', 0)";
        tx.exec("delete from case_definitions where kind = 'dossier'", args![])?;
        tx.exec(KINDS, args![if world.is_multiple_of(2) { 1_i64 } else { 2 }])?;
        if world.is_multiple_of(2) {
            tx.exec(DEFINED, args![])?;
        }
        let chance = |of: bool, value: i64| of.then_some(value);
        // In every second world little is open; in others nearly everything lies with one unit, or runs out at once.
        let (open, units, days) = ([12, 100, 30, 100][world % 4], 1 + world as u64 % 5, [9, 1, 3, 2][world / 2 % 4]);
        for (case, no) in tx.all::<(i64, u32)>(STEPS, args![])? {
            let unit = ["roads-department", "roads-department", "drainage-company", "lighting-company", "building-inspectorate"];
            let unit = unit[usize::try_from(dice(units)).unwrap_or_default()];
            let edge = [-1, 0, 1, 86_399_999, 86_400_000][usize::try_from(dice(5)).unwrap_or_default()];
            let day = 86_400_000_i64;
            let spread = i64::try_from(dice(days * 1_000)).unwrap_or_default() * (day / 500) - day;
            let due = if dice(7) == 0 { edge } else { spread };
            let due = chance(dice(8) > 0, now.0 + due);
            let (taken, closed) = (chance(dice(3) == 0, now.0), chance(dice(100) >= open, now.0));
            let person = chance(dice(2) == 0, people[usize::try_from(dice(3)).unwrap_or_default()]);
            tx.exec_one(THROW, args![case, no, unit, due, taken, person, closed])?;
        }
        Ok(())
    });
    done.await.unwrap_or_else(|e: db::Error| panic!("{e}"));
}

#[tokio::test]
async fn a_tab_counts_exactly_what_its_view_holds_or_says_that_there_is_more() {
    both(house, |city| async move {
        a_busy_city(&city).await;
        let people = [
            (city.tuan().await, "officer", "roads-department"),
            (city.dung().await, "head", "construction-department"),
            (city.hoa().await, "dispatcher", "dispatch-center"),
        ];
        let ids = [id_of(&city, "tuan").await, id_of(&city, "dung").await, id_of(&city, "hoa").await];
        let now = city.now();
        let (mut exact, mut more, mut silent) = (0, 0, 0);
        for world in 0..10 {
            thrown(&city, world, ids).await;
            for (at, (official, role, unit)) in people.iter().enumerate() {
                let all = decided(&city, role, unit).await;
                let left = |open: &Open| open.due_at.map(|due| due.since(now));
                let views: [(&str, Belongs<'_>); 5] = [
                    ("Tất cả", &|_| true),
                    ("Quá hạn", &|open| left(open).is_some_and(|left| left < 0)),
                    ("Sắp hạn", &|open| left(open).is_some_and(|left| (0..86_400_000).contains(&left))),
                    ("Chưa nhận", &|open| open.taken_at.is_none()),
                    ("Của tôi", &|open| open.person == Some(ids[at])),
                ];
                for (query, field) in
                    [("", None), ("?view=overdue", None), ("?view=mine", None), ("?field=order", Some("building"))]
                {
                    let page = official.sees(&format!("/desk/reports{query}")).await;
                    let fits = |open: &&Open| field.is_none_or(|field| field == open.category);
                    for (name, belongs) in views {
                        let slow = all.iter().filter(fits).filter(|open| belongs(open)).count();
                        let tab = page.links().into_iter().map(|(_, words)| words).find(|words| words.starts_with(name));
                        let said = tab.expect("a tab")[name.len()..].trim().to_owned();
                        let place = format!("world {world}, {role}{query}, {name}: {slow} and \"{said}\"");
                        if said.is_empty() {
                            assert!(field.is_some() || (name == "Chưa nhận" && all.len() >= 100), "{place}");
                            silent += 1;
                        } else if slow < 100 {
                            assert_eq!(said, format!("{slow}{slow} việc"), "{place}");
                            exact += 1;
                        } else {
                            assert_eq!(said, "99+hơn 99 việc", "{place}");
                            more += 1;
                        }
                    }
                }
            }
        }
        assert!(exact > 200 && more > 20 && silent > 20, "{exact} exact, {more} with more, {silent} silent");
    })
    .await;
}

#[tokio::test]
async fn a_long_look_ends_with_a_page_that_says_so_and_goes_on() {
    both(house, |city| async move {
        reports_many(&city, "street-light", 2).await;
        // 2,100 cases of another kind in the same unit, all due before the second report.
        let done = city.city.write(db::Lane::Duty, |tx| -> db::Result<u64> {
            const CASES: &str = "insert into cases (id, kind, code, definition_key, definition_version, definition_hash, state, \
                public_state, flags, category, area, unit, title, lead, priority, confidentiality, channel, received_at, updated_at, \
                version, head) with recursive n(i) as (select 1 union all select i + 1 from n where i < 2100) \
                select -i, 'dossier', 'DN-26-' || i, definition_key, definition_version, definition_hash, state, public_state, \
                flags, category, area, unit, title, lead, priority, confidentiality, channel, received_at, updated_at, version, head \
                from n cross join (select * from cases order by id limit 1) first";
            const STEPS: &str = "insert into case_steps (case_id, no, kind, name, unit, received_at, due_at) \
                select id, 1, 'lead', 'handle', 'lighting-company', received_at, received_at + 1 from cases where kind = 'dossier'";
            const FIRST: &str = "update case_steps set due_at = received_at where case_id = (select min(id) from cases)";
            tx.exec(FIRST, args![])?;
            tx.exec(CASES, args![])?;
            tx.exec(STEPS, args![])
        });
        done.await.unwrap_or_else(|e: db::Error| panic!("{e}"));
        let lamp = city.official("lamp", "Phan Thị Đèn", "officer", "lighting-company").await;
        let first = lamp.sees("/desk/reports").await;
        first.shows("Đã tìm trong 2000 việc");
        let (one, two) = (crate::verbs::queue(&lamp).await, lamp.sees(&first.link("Trang sau")).await);
        assert_eq!(one.len(), 1);
        assert!(two.words().contains("PA-26-") && !two.says("Trang sau") && !two.says(&one[0]), "{two:?}");
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

#[tokio::test]
async fn a_report_is_looked_at_beside_the_queue_and_taken_from_there() {
    both(house, |city| async move {
        let lan = city.lan();
        let sent = Sending::open(&lan, "pothole", "Ổ gà sâu trước số 12 Lê Lợi. Tối qua một xe máy đã ngã ở đây.").await;
        let code = code_on(&sent.phone("0905 123 456").send().await);
        let (other, _) = reports(&lan, "pothole", "Ổ gà nhỏ ở đầu chợ").await;
        let tuan = city.tuan().await;
        let list = tuan.sees("/desk/reports").await;
        assert!(!list.text().contains("glance-title"), "nothing is looked at unasked");
        // Each row leads to its look, and the view and its filters stay.
        let seen = tuan.sees("/desk/reports?view=untaken&field=roads").await;
        let link = |page: &Page, code: &str| {
            page.links().into_iter().find(|(to, _)| to.contains("see=") && to.ends_with(code)).expect("a link").0
        };
        assert_eq!(link(&list, &code), format!("/desk/reports?see={code}"));
        assert_eq!(link(&seen, &code), format!("/desk/reports?view=untaken&field=roads&see={code}"));
        let page = tuan.sees(&link(&seen, &code)).await;
        let beside = page
            .text()
            .split_once("<aside class=\"case glance\"")
            .expect("an aside")
            .1
            .split_once("</aside>")
            .expect("an end")
            .0
            .to_owned();
        for said in [
            "Ổ gà sâu trước số 12 Lê Lợi",
            "Tối qua một xe máy đã ngã ở đây.",
            "Có để lại liên lạc",
            "Chưa ai nhận",
            "<svg",
            "Đã nhận",
        ] {
            assert!(beside.contains(said), "{said}: {beside}");
        }
        assert!(!page.text().contains("905123456") && !page.text().contains("0905 123 456"), "the contact stays closed");
        assert_eq!(page.text().matches("aria-current=\"true\"").count(), 1, "one row is chosen");
        assert!(page.links().iter().any(|(to, words)| to == "/desk/reports?view=untaken&field=roads" && words == "Đóng"));
        // A look is no look at a person: nothing is logged.
        let asked = code.clone();
        let looks =
            city.city.read(db::Lane::Duty, move |rd| access::looks::at_case(rd, &asked, None, 10)).await.expect("looks read");
        assert!(looks.is_empty(), "{looks:?}");
        // She takes it from there; then it is taken, and nobody can again.
        let take = format!("{}/take", desk(&code));
        let taken = page.form(&take).send().await;
        assert_eq!(taken.path, desk(&code));
        let again = tuan.sees(&format!("/desk/reports?see={code}")).await;
        assert!(!again.text().contains(&take) && again.says("Anh/chị đang giữ"));
        assert!(tuan.sees(&format!("/desk/reports?see={other}")).await.text().contains(&format!("{}/take", desk(&other))));
        // What is not hers, what is not there and what is no code are told alike.
        let ngoc = city.ngoc().await;
        let none = ngoc.tries("/desk/reports?see=PA-26-999999").await;
        none.is(404).shows("không có phản ánh nào mang mã này");
        let told = |page: &Page| page.text().split_once("<main").expect("a page").1.to_owned();
        for asked in [code.as_str(), "x", ""] {
            let page = ngoc.tries(&format!("/desk/reports?see={asked}")).await;
            assert_eq!((page.status, told(&page)), (none.status, told(&none)), "{asked}");
        }
    })
    .await;
}
