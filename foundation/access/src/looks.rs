//! The log of who looked at personal data: written with each answer that shows some, read by auditors and, later, by the
//! person herself.

use crate::official::{Official, Scope};
use db::{Rd, Tx, args, row};
use kernel::Instant;

/// Why personal data was shown. The room that shows it declares the constant; its words stand in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(pub &'static str);

row! {
    /// One look.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Look {
        /// The place to go on from in a list.
        pub id: i64,
        /// Who looked.
        pub official_name: String,
        /// For which unit.
        pub unit: String,
        /// In which role.
        pub role: String,
        /// At which case, or at `outbox`.
        pub case_code: String,
        /// The purpose's key.
        pub purpose: String,
        /// When.
        pub looked_at: Instant,
    }
}

/// Writes that `official` saw personal data of this case.
///
/// # Errors
/// When the store fails: then nothing may be shown.
pub fn log_look(tx: &mut Tx<'_>, official: &Official, case_code: &str, purpose: Purpose) -> Result<(), db::Error> {
    keep(tx, official, case_code, purpose.0)
}

/// The same, with what the official wrote about why: it stands behind the purpose, after a colon.
///
/// # Errors
/// When the store fails: then nothing may be shown.
pub fn log_look_saying(
    tx: &mut Tx<'_>,
    official: &Official,
    case_code: &str,
    purpose: Purpose,
    said: &str,
) -> Result<(), db::Error> {
    keep(tx, official, case_code, &format!("{}: {said}", purpose.0))
}

fn keep(tx: &mut Tx<'_>, official: &Official, case_code: &str, purpose: &str) -> Result<(), db::Error> {
    let (id, now) = (tx.id(), tx.now());
    tx.exec_one(
        "insert into access_looks (id, official_id, official_name, unit, role, case_code, purpose, looked_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, official.id, official.name, official.unit, official.role, case_code, purpose, now],
    )
}

/// The looks at one case, newest first. The caller has found the case through its own scope or link.
///
/// # Errors
/// When the store fails.
pub fn at_case(rd: &mut Rd<'_>, case_code: &str, before: Option<i64>, limit: i64) -> Result<Vec<Look>, db::Error> {
    rd.all(
        "select id, official_name, unit, role, case_code, purpose, looked_at from access_looks where case_code = $1 and id < $2 order by id desc limit $3",
        args![case_code, before.unwrap_or(i64::MAX), limit],
    )
}

/// The looks of officials who acted for a unit in the scope, newest first; at one case only when a code is given.
///
/// # Errors
/// When the store fails.
pub fn in_scope(
    rd: &mut Rd<'_>,
    scope: &Scope,
    case_code: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Look>, db::Error> {
    let (who, what, before) = (scope.official(), scope.permission(), before.unwrap_or(i64::MAX));
    match case_code {
        None => rd.all(
            "select id, official_name, unit, role, case_code, purpose, looked_at from access_looks where id < $3 \
             and unit in (select unit_key from access_reach where official_id = $1 and permission = $2) order by id desc limit $4",
            args![who, what, before, limit],
        ),
        Some(code) => rd.all(
            "select id, official_name, unit, role, case_code, purpose, looked_at from access_looks where case_code = $5 and id < $3 \
             and unit in (select unit_key from access_reach where official_id = $1 and permission = $2) order by id desc limit $4",
            args![who, what, before, limit, code],
        ),
    }
}

/// What one official looked at, newest first: her own list.
///
/// # Errors
/// When the store fails.
pub fn of(rd: &mut Rd<'_>, official: &Official, before: Option<i64>, limit: i64) -> Result<Vec<Look>, db::Error> {
    rd.all(
        "select id, official_name, unit, role, case_code, purpose, looked_at from access_looks where official_id = $1 and id < $2 order by id desc limit $3",
        args![official.id, before.unwrap_or(i64::MAX), limit],
    )
}
