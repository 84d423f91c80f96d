//! Migrations: every prefix leads to the same tables; what is unknown or changed is refused, with nothing written.

use crate::TABLES;
use db::test;
use db::{Db, Error, Migration};

const MORE: &[Migration] = &[
    Migration { name: "20261126000000_add_b", sql: "create table b (a text, b bigint, primary key (a, b));" },
    Migration { name: "20261127000000_widen_b", sql: "alter table b add column c bytea;" },
];

#[test]
fn every_prefix_leads_to_the_same_tables() {
    let all = [TABLES, MORE].concat();
    for known in 0..=all.len() {
        let prefix: &'static [Migration] = Box::leak(all[..known].to_vec().into_boxed_slice());
        let dbs = [Some(test::sqlite(&[prefix])), test::postgres(&[prefix])];
        for mut db in dbs.into_iter().flatten() {
            let clock = db.clock.clone();
            let grown = Db::open(db.shut(), &[MORE, TABLES], clock).unwrap();
            let tables = grown.read_now::<_, Error, _>(db::Lane::Duty, db::tables).unwrap();
            assert!(tables.contains(&"b".to_owned()) && tables.contains(&"things".to_owned()));
            grown.read_now::<Vec<(Option<Vec<u8>>,)>, Error, _>(db::Lane::Duty, |rd| rd.all("select c from b", &[])).unwrap();
            if !db.is_sqlite() {
                undo(&grown, known);
            }
        }
    }
}

/// The pool's databases keep the shape of their template.
fn undo(db: &Db, known: usize) {
    db.write_now::<_, Error, _>(db::Lane::Duty, move |tx| {
        for name in ["20261127000000_widen_b", "20261126000000_add_b"].iter().take(3 - known.clamp(1, 3)) {
            tx.exec("delete from db_migrations where name = $1", db::args![*name])?;
        }
        match known {
            0 | 1 => tx.exec("drop table b", &[])?,
            2 => tx.exec("alter table b drop column c", &[])?,
            _ => 0,
        };
        if known == 0 {
            tx.exec("delete from db_migrations where name = '20261125000000_things'", &[])?;
            for sql in
                ["drop table late", "drop table things", "drop table parts", "drop table counters", "drop table things_search"]
            {
                tx.exec(sql, &[])?;
            }
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn an_old_program_refuses_new_data_and_writes_nothing() {
    let mut db = test::sqlite(&[TABLES, MORE]);
    let clock = db.clock.clone();
    let before = db.read_now::<_, Error, _>(db::Lane::Duty, |rd| db::digest(rd, &[])).unwrap();
    let config = db.shut();
    let said = Db::open(config.clone(), &[TABLES], clock.clone()).map(drop);
    assert!(matches!(&said, Err(Error::Start(why)) if why.contains("a newer program has been here")), "{said:?}");
    let again = Db::open(config, &[TABLES, MORE], clock).unwrap();
    assert_eq!(again.read_now::<_, Error, _>(db::Lane::Duty, |rd| db::digest(rd, &[])).unwrap(), before);
}

#[test]
fn a_migration_that_was_changed_after_it_ran_is_refused() {
    const CHANGED: &[Migration] = &[MORE[0], Migration { name: MORE[1].name, sql: "alter table b add column c text;" }];
    let mut db = test::sqlite(&[MORE]);
    let clock = db.clock.clone();
    let said = Db::open(db.shut(), &[CHANGED], clock).map(drop);
    assert!(matches!(&said, Err(Error::Start(why)) if why.contains("was changed")), "{said:?}");
}

#[test]
fn two_migrations_of_one_name_are_refused_and_a_broken_one_leaves_nothing() {
    const BROKEN: &[Migration] =
        &[Migration { name: "20261128000000_broken", sql: "create table c (id bigint primary key); create tabel d (x text);" }];
    let mut db = test::sqlite(&[TABLES]);
    let clock = db.clock.clone();
    let config = db.shut();
    assert!(matches!(Db::open(config.clone(), &[TABLES, TABLES], clock.clone()).map(drop), Err(Error::Start(_))));
    assert!(matches!(Db::open(config.clone(), &[TABLES, BROKEN], clock.clone()).map(drop), Err(Error::Start(_))));
    let tables = Db::open(config, &[TABLES], clock).unwrap().read_now::<_, Error, _>(db::Lane::Duty, db::tables).unwrap();
    assert!(!tables.contains(&"c".to_owned()));
}
