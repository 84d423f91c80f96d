//! `schema.sql` is what the migrations add up to.

use db::{Lane, Migration, args};

const AS_WRITTEN: &[Migration] = &[Migration { name: "20261125104000_schema", sql: include_str!("../../schema.sql") }];

/// Every table with its columns, every index with its text.
fn shape(migrations: &'static [Migration]) -> Vec<String> {
    const COLUMNS: &str = "select m.name, c.name, c.type, c.\"notnull\", c.pk from sqlite_master m, pragma_table_info(m.name) c \
        where m.type = 'table' order by m.name, c.name";
    const INDICES: &str = "select sql from sqlite_master where type = 'index' and sql is not null order by name";
    let db = db::test::sqlite(&[migrations]);
    db.read_now::<_, db::Error, _>(Lane::Duty, |rd| {
        let columns: Vec<(String, String, String, i64, i64)> = rd.all(COLUMNS, args![])?;
        let indices: Vec<(String,)> = rd.all(INDICES, args![])?;
        let mut all: Vec<String> = columns.into_iter().map(|c| format!("{c:?}")).collect();
        all.extend(indices.into_iter().map(|(sql,)| sql.split_whitespace().collect::<Vec<_>>().join(" ")));
        Ok(all)
    })
    .unwrap()
}

#[test]
fn the_written_schema_is_what_the_migrations_make() {
    let (made, written) = (shape(cases::MIGRATIONS), shape(AS_WRITTEN));
    assert!(made.len() > 150, "{}", made.len());
    let missing: Vec<_> = made.iter().filter(|line| !written.contains(line)).collect();
    let extra: Vec<_> = written.iter().filter(|line| !made.contains(line)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "schema.sql lacks {missing:#?} and has too much {extra:#?}");
}

#[test]
fn every_table_is_explained() {
    let text = include_str!("../../schema.sql");
    let tables = text.matches("create table ").count();
    let explained =
        text.split("\n\n").filter(|block| block.contains("create table ") && block.trim_start().starts_with("--")).count();
    assert_eq!(tables, explained);
}
