//! The traps of two engines behind one SQL text, each a test named for it, on both where both apply.

mod traps;

use db::Migration;

/// Tables to try things on.
pub const TABLES: &[Migration] = &[Migration {
    name: "20261125000000_things",
    sql: "create table things (id bigint primary key, name text not null unique, n bigint, x double precision, raw bytea);
          create table parts (thing bigint not null references things (id), seq bigint not null, note text not null, primary key (thing, seq));
          create table counters (name text primary key, value bigint not null);
          create search index things_search;",
}];
