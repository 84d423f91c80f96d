//! Traps 1 to 14 of the design, and what group commit promises.

use crate::TABLES;
use db::test::{self, TestDb};
use db::{Error, Lane, Result, args};

fn both(story: impl Fn(TestDb)) {
    test::both_now(&[TABLES], story);
}

#[test]
fn trap_1_parameters_are_bound_by_number_not_by_order() {
    both(|db| {
        let got: (String, i64, String) = db
            .read_now::<_, Error, _>(Lane::Duty, |rd| {
                rd.one("select cast($2 as text), cast($1 as bigint), cast($2 as text)", args![7, "b"])
            })
            .unwrap();
        assert_eq!(got, ("b".into(), 7, "b".into()));
    });
}

#[test]
fn trap_1b_a_wrong_count_is_refused() {
    both(|db| {
        for given in [args![1], args![1, 2, 3]] {
            let got = given.len();
            let given: Vec<i64> = (0..got as i64).collect();
            let said = db.read_now::<_, Error, _>(Lane::Duty, move |rd| {
                let given: Vec<_> = given.iter().map(db::ToV::v).collect();
                rd.one::<(i64,)>("select cast($1 as bigint) + cast($2 as bigint)", &given)
            });
            assert!(matches!(said, Err(Error::Shape(_))), "{said:?}");
        }
    });
}

#[test]
fn trap_1c_a_cast_hidden_in_a_parameters_name_is_refused_on_sqlite() {
    let db = test::sqlite(&[TABLES]);
    let said = db.read_now::<_, Error, _>(Lane::Duty, |rd| rd.one::<(String,)>("select $1::text", args!["a"]));
    assert!(matches!(said, Err(Error::Shape(_))), "{said:?}");
}

pub fn put(db: &TestDb, id: i64, name: &str) -> Result<()> {
    let name = name.to_owned();
    db.write_now(Lane::Duty, move |tx| tx.exec_one("insert into things (id, name) values ($1, $2)", args![id, name]))
}

pub fn names(db: &TestDb) -> Vec<String> {
    let rows: Vec<(String,)> =
        db.read_now::<_, Error, _>(Lane::Duty, |rd| rd.all("select name from things order by id", &[])).unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

#[test]
fn restart_keeps_data() {
    both(|mut db| {
        put(&db, 1, "a").unwrap();
        db.reopen();
        assert_eq!(names(&db), ["a"]);
    });
}
