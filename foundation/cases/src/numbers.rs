//! Numbers and codes. A document's number comes gapless from its body's book, inside the transaction. A case's code comes from a
//! block of the node's own: nobody queues for it, and a gap means nothing.

use crate::Refusal;
use db::{Tx, args};

/// How many codes a node takes at a time.
const BLOCK: i64 = 1_000;

/// Takes the next number of a body's book in a period: 1, 2, 3, without a gap, because an act that fails gives it back.
///
/// # Errors
/// The database's.
pub fn take(tx: &mut Tx<'_>, body: &str, book: &str, period: &str) -> db::Result<i64> {
    take_many(tx, body, book, period, 1)
}

/// Takes `count` numbers at once; gives the last.
fn take_many(tx: &mut Tx<'_>, body: &str, book: &str, period: &str, count: i64) -> db::Result<i64> {
    const SQL: &str = "insert into number_books (body, book, period, last) values ($1, $2, $3, $4) \
        on conflict (body, book, period) do update set last = number_books.last + excluded.last returning last";
    Ok(tx.one::<(i64,)>(SQL, args![body, book, period, count])?.0)
}

/// A dossier's or result's number with at least four digits: `ABC-261125-0042`. After 9,999 it widens.
#[must_use]
pub fn serial(n: i64) -> String {
    format!("{n:04}")
}

/// The next code of this node: `PA-26-000123`. After 999,999 it widens.
///
/// # Errors
/// The database's.
pub(crate) fn code(tx: &mut Tx<'_>, node: u32, prefix: &str, year: i16) -> Result<String, Refusal> {
    const NEXT: &str = "update case_code_blocks set next = next + 1 where node = $1 and prefix = $2 and year = $3 and next <= until \
        returning next - 1";
    const BEGIN: &str = "insert into case_code_blocks (node, prefix, year, next, until) values ($1, $2, $3, $4, $5) \
        on conflict (node, prefix, year) do update set next = excluded.next, until = excluded.until";
    let year = format!("{:02}", year.rem_euclid(100));
    let n = match tx.opt::<(i64,)>(NEXT, args![node, prefix, year])? {
        Some((n,)) => n,
        None => {
            let until = take_many(tx, "", &format!("codes:{prefix}"), &year, BLOCK)?;
            let first = until - BLOCK + 1;
            tx.exec_one(BEGIN, args![node, prefix, year, first + 1, until])?;
            first
        }
    };
    Ok(format!("{prefix}-{year}-{n:06}"))
}
