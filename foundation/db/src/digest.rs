//! What is in the tables, as one short text: two digests are equal when, and only when, no row differs. For tests and repairs.

use crate::handle::{Conn, Rd};
use crate::row::{Name, Row};
use crate::value::V;
use crate::{Error, Result};
use kernel::secret;

const SQLITE_TABLES: &str =
    "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite%' order by name";
const POSTGRES_TABLES: &str = "select cast(c.relname as text) from pg_class c join pg_namespace n on n.oid = c.relnamespace \
    where n.nspname = 'public' and c.relkind = 'r' and not exists (select 1 from pg_attribute a \
    where a.attrelid = c.oid and a.atttypid = cast('tsvector' as regtype)) order by 1";

/// The names of all tables, in order; search indexes are not among them.
///
/// # Errors
/// The engine's.
pub fn tables(rd: &mut Rd<'_>) -> Result<Vec<String>> {
    let sql = if matches!(rd.conn, Conn::Sqlite(_)) { SQLITE_TABLES } else { POSTGRES_TABLES };
    Ok(rd.all::<(String,)>(sql, &[])?.into_iter().map(|(name,)| name).collect())
}

/// A digest of every row of every table but those named. The writers' own bookkeeping (`db_nodes`) is never in it.
///
/// # Errors
/// The engine's.
pub fn digest(rd: &mut Rd<'_>, except: &[&str]) -> Result<String> {
    let mut all = Vec::new();
    for table in tables(rd)? {
        if table == "db_nodes" || except.contains(&table.as_str()) {
            continue;
        }
        let mut rows = Vec::new();
        each(rd, &format!("select * from {table}"), &mut |row, columns| {
            let mut bytes = Vec::new();
            for column in 0..columns {
                write(row.v(column)?, &mut bytes);
            }
            rows.push(secret::sha256(&bytes));
            Ok(())
        })?;
        // Neither engine promises an order without `order by`, and keys differ: the digests have one.
        rows.sort_unstable();
        all.extend_from_slice(table.as_bytes());
        all.extend_from_slice(&secret::sha256(rows.as_flattened()));
    }
    Ok(secret::hex(&secret::sha256(&all)))
}

fn each(rd: &mut Rd<'_>, sql: &str, visit: &mut dyn FnMut(&Row<'_>, usize) -> Result<()>) -> Result<()> {
    let columns = std::cell::Cell::new(0);
    let mut visit = |row: &Row<'_>| visit(row, columns.get());
    let count = |n: usize, _: Name<'_>| -> Result<()> {
        columns.set(n);
        Ok(())
    };
    rd.guard(|conn| match conn {
        Conn::Sqlite(session) => session.each(sql, &[], &count, &mut visit),
        Conn::Postgres(session) => session.each_once(sql, &count, &mut visit),
    })
}

fn write(v: V<'_>, out: &mut Vec<u8>) {
    let mut field = |kind: u8, bytes: &[u8]| {
        out.push(kind);
        out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    match v {
        V::Null => field(0, &[]),
        V::I(n) => field(1, &n.to_be_bytes()),
        V::F(x) => field(2, &x.to_be_bytes()),
        V::T(text) => field(3, text.as_bytes()),
        V::B(bytes) => field(4, bytes),
    }
}

/// A statement's rows as the text a person would compare; for failures of tests.
///
/// # Errors
/// The engine's.
pub fn dump(rd: &mut Rd<'_>, table: &str) -> Result<Vec<String>> {
    if !tables(rd)?.iter().any(|known| known == table) {
        return Err(Error::NotFound);
    }
    let mut lines = Vec::new();
    each(rd, &format!("select * from {table}"), &mut |row, columns| {
        let cells: Result<Vec<_>> = (0..columns).map(|c| row.v(c).map(|v| format!("{v:?}"))).collect();
        lines.push(cells?.join(" | "));
        Ok(())
    })?;
    lines.sort_unstable();
    Ok(lines)
}
