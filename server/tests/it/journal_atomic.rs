//! A change and its line in the journal are one (J3): whichever table refuses its row while something is done, nothing of it is
//! kept; once the table takes rows again, all of it is. The tables are those that the act wrote to when it
//! was let; the acts are those of `acts.rs`.

use crate::acts::{acts, ready};
use crate::world::{World, house};
use db::Lane;
use std::collections::BTreeMap;
use testkit::{TestCity, both};

/// What being asked touches by itself, whatever comes of it.
const ASKING: &[&str] = &["access_sessions", "access_attempts"];

/// The table refuses every row from now on.
async fn stops(city: &TestCity, table: &str) {
    runs(
        city,
        &if city.db.is_sqlite() {
            vec![
                format!("create trigger stop_insert before insert on {table} begin select raise(abort, 'stopped'); end"),
                format!("create trigger stop_update before update on {table} begin select raise(abort, 'stopped'); end"),
            ]
        } else {
            vec![format!("alter table {table} add constraint stopped check (false) not valid")]
        },
    )
    .await;
}

/// The table takes rows again.
async fn goes_on(city: &TestCity, table: &str) {
    runs(
        city,
        &if city.db.is_sqlite() {
            vec!["drop trigger stop_insert".to_owned(), "drop trigger stop_update".to_owned()]
        } else {
            vec![format!("alter table {table} drop constraint stopped")]
        },
    )
    .await;
}

async fn runs(city: &TestCity, statements: &[String]) {
    for sql in statements {
        let sql: &'static str = sql.clone().leak();
        let done = city.city.write(Lane::Duty, move |tx| tx.exec(sql, &[]).map(drop)).await;
        done.unwrap_or_else(|e: db::Error| panic!("{sql}: {e}"));
    }
}

/// Every table with its rows, but for what asking touches and for the writer's own row, which is written with everything.
async fn tables(city: &TestCity) -> BTreeMap<String, Vec<String>> {
    let read = city.city.read(Lane::Duty, |rd| {
        let all = db::tables(rd)?.into_iter().filter(|table| table != "db_nodes" && !ASKING.contains(&table.as_str()));
        all.map(|table| Ok((table.clone(), db::dump(rd, &table)?))).collect::<db::Result<BTreeMap<_, _>>>()
    });
    read.await.unwrap_or_else(|e: db::Error| panic!("{e}"))
}

#[tokio::test]
async fn a_change_and_its_line_in_the_journal_are_kept_together_or_not_at_all() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let mut turn = 0;
        for act in acts(&world) {
            // A session is its own row and no more: nothing could come apart.
            let Some(journal) = act.journal() else { continue };
            let does = async |turn| {
                let now = ready(&world, act, turn).await;
                let before = tables(&world.city).await;
                let answer = now.clone().does().await;
                assert!(answer.status.is_success() || answer.status.is_redirection(), "{act:?}: {}", answer.status);
                let after = tables(&world.city).await;
                let written: Vec<String> =
                    after.into_iter().filter(|(table, rows)| before[table] != *rows).map(|(table, _)| table).collect();
                written
            };
            let written = does(turn).await;
            assert!(written.iter().any(|table| table == journal), "{act:?} was done without its line: {written:?}");
            let now = ready(&world, act, turn + 1).await;
            let before = world.city.digest(ASKING).await;
            for table in &written {
                stops(&world.city, table).await;
                let answer = now.clone().does().await;
                goes_on(&world.city, table).await;
                let refused = answer.status.is_client_error() || answer.status.is_server_error();
                assert!(refused, "{act:?} was done though {table} refused its row: {}", answer.status);
                assert_eq!(before, world.city.digest(ASKING).await, "{act:?} left something though {table} refused its row");
            }
            let answer = now.does().await;
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{act:?} afterwards: {}", answer.status);
            turn += 2;
        }
    })
    .await;
}
