//! Test A2 for this room: what a list filters in SQL and what the decision says for one row are the same, in random worlds.

use access::people::{self, By, NewOfficial};
use access::{Access, Charter, Permission, Post, Reach, Role, Settings, scope};
use db::{Lane, args};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

const ROWS: &[db::Migration] = &[db::Migration {
    name: "20261125110000_rows",
    sql: "create table access_test_rows (id bigint primary key, unit text not null);",
}];
const PERMISSIONS: [&str; 4] = ["a.read", "a.write", "b.read", "b.write"];

/// A world: how many units, whose parent is one of the units before it; roles; the posts of one official.
#[derive(Clone, Debug)]
struct Drawn {
    parents: Vec<Option<usize>>,
    roles: Vec<(u8, Vec<bool>)>,
    posts: Vec<(usize, usize)>,
    rows: Vec<usize>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let units = prop::collection::vec(any::<Option<prop::sample::Index>>(), 1..14);
    let roles = prop::collection::vec((0_u8..3, prop::collection::vec(any::<bool>(), 4)), 1..4);
    let posts = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4);
    // Rows also lie in units that the pack no longer knows.
    let rows = prop::collection::vec(any::<prop::sample::Index>(), 0..20);
    (units, roles, posts, rows).prop_map(|(units, roles, posts, rows)| {
        let count = units.len();
        let parents = units.iter().enumerate().map(|(n, parent)| parent.filter(|_| n > 0).map(|index| index.index(n))).collect();
        let posts = posts.iter().map(|(role, unit)| (role.index(roles.len()), unit.index(count))).collect();
        let rows = rows.iter().map(|row| row.index(count + 2)).collect();
        Drawn { parents, roles, posts, rows }
    })
}

fn unit(n: usize) -> String {
    format!("u{n}")
}

fn charter(world: &Drawn, version: usize) -> Charter {
    let parents = world.parents.iter().enumerate().map(|(n, parent)| (unit(n), parent.map(unit))).collect();
    let reach = |n: u8| [Reach::Unit, Reach::Descendants, Reach::City][usize::from(n)];
    let roles: BTreeMap<String, Role> = world
        .roles
        .iter()
        .enumerate()
        .map(|(n, (far, which))| {
            let permissions: BTreeSet<String> =
                PERMISSIONS.iter().zip(which).filter(|(_, on)| **on).map(|(name, _)| (*name).to_owned()).collect();
            (format!("r{n}"), Role { reach: reach(*far), permissions })
        })
        .collect();
    Charter::new(format!("v{version}"), TimeZone::get("Asia/Ho_Chi_Minh").unwrap(), roles, parents)
}

#[tokio::test]
async fn a_list_shows_exactly_the_rows_that_the_decision_allows() {
    let worlds = db::test::chance::rounds(60, 1_000);
    let password = access::password::hash(&crate::world::private(crate::world::PASSWORD));
    db::test::both(&[access::MIGRATIONS, ROWS], |db| {
        let password = password.clone();
        async move {
            let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
            for n in 0..worlds {
                let world = drawn().new_tree(&mut runner).unwrap().current();
                let charter = charter(&world, n);
                let access = Access::new(db.db(), db.clock.clone(), charter.clone(), Settings::default());
                let posts: Vec<(String, String)> = world.posts.iter().map(|(role, at)| (format!("r{role}"), unit(*at))).collect();
                let sign_in = format!("person{n}");
                let (new, more, laid, within) = (
                    NewOfficial {
                        sign_in: sign_in.clone(),
                        name: "Người Thử".into(),
                        role: posts[0].0.clone(),
                        unit: posts[0].1.clone(),
                        password: password.clone(),
                        one_time: false,
                    },
                    posts[1..].to_vec(),
                    world.rows.clone(),
                    charter.clone(),
                );
                db.write(Lane::Duty, move |tx| -> Result<(), access::Refusal> {
                    let by = By::CommandLine("test");
                    people::add(tx, &within, &by, &new)?;
                    for (generation, (role, unit)) in more.iter().enumerate() {
                        people::give_post(tx, &within, &by, &new.sign_in, i64::try_from(generation).unwrap() + 1, role, unit)?;
                    }
                    tx.exec("delete from access_test_rows", args![])?;
                    for row in &laid {
                        let id = tx.id();
                        tx.exec_one("insert into access_test_rows (id, unit) values ($1, $2)", args![id, unit(*row)])?;
                    }
                    Ok(())
                })
                .await
                .unwrap();
                let attempt = access::Attempt {
                    sign_in,
                    password: crate::world::private(crate::world::PASSWORD),
                    address: None,
                    device: String::new(),
                    replaces: None,
                };
                let official = access.sign_in(attempt).await.unwrap().official;
                let day = charter.day(db.clock.now());
                let held: Vec<Post> = posts
                    .iter()
                    .map(|(role, unit)| Post { role: role.clone(), unit: unit.clone(), from: Date::MIN, to: None })
                    .collect();
                for permission in PERMISSIONS {
                    let should: Vec<String> = sorted(
                        world
                            .rows
                            .iter()
                            .map(|row| unit(*row))
                            .filter(|unit| charter.covers(&held, permission, unit, day))
                            .collect(),
                    );
                    let is = match scope(&official, Permission(permission)) {
                        None => Vec::new(),
                        Some(scope) => {
                            let rows: Vec<(String,)> = db
                                .read(Lane::Duty, move |rd| {
                                    rd.all(
                                        "select unit from access_test_rows where unit in \
                                         (select unit_key from access_reach where official_id = $1 and permission = $2)",
                                        args![scope.official(), scope.permission()],
                                    )
                                })
                                .await
                                .unwrap();
                            sorted(rows.into_iter().map(|(unit,)| unit).collect())
                        }
                    };
                    assert_eq!(is, should, "{permission} in {world:?}");
                }
            }
        }
    })
    .await;
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}
