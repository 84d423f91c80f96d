//! Every table says what it holds of people: erasure, export and the record of processing rest on these lines.

use crate::house::city;
use db::Lane;
use manifest::House;
use std::collections::BTreeSet;

#[tokio::test]
async fn every_table_has_a_line_and_every_line_a_table() {
    let city = city().await;
    let tables = city.city.read(Lane::Comfort, db::tables).await.unwrap_or_else(|e: db::Error| panic!("{e}"));
    let tables: BTreeSet<String> = tables.into_iter().collect();
    let lines: Vec<String> =
        House::new(songhan::capabilities::all()).personal().iter().map(|line| line.table.to_owned()).collect();
    let declared: BTreeSet<String> = lines.iter().cloned().collect();
    assert_eq!(lines.len(), declared.len(), "a table is declared twice");
    let silent: Vec<_> = tables.difference(&declared).collect();
    // A search index is a table on one engine only.
    let migrations = House::new(songhan::capabilities::all()).migrations();
    let is_index = |name: &str| {
        migrations.iter().flat_map(|list| list.iter()).any(|m| m.sql.contains(&format!("create search index {name};")))
    };
    let gone: Vec<_> = declared.difference(&tables).filter(|name| !is_index(name)).collect();
    assert!(silent.is_empty() && gone.is_empty(), "without a line: {silent:?}; lines without a table: {gone:?}");
}
