//! Submission keys (rule R2): the same key gives the same answer for at least thirty days, also after a retry, a double tap, or a
//! commit whose outcome nobody heard.

use crate::error::KEY_RACE;
use crate::handle::Tx;
use crate::{Error, args};
use kernel::Key;
use std::time::Duration;

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_secs(40 * 24 * 3600);

const FIND: &str = "select answer from db_keys where scope = $1 and key = $2";
const KEEP: &str = "insert into db_keys (scope, key, answer, at) values ($1, $2, $3, $4) on conflict (scope, key) do nothing";
const FORGET: &str = "delete from db_keys where at < $1";

/// Runs `work` once per key of a scope. The answer comes with `true` when this call made it, `false` when it was given before.
///
/// The scope names the kind of submission, and the caller where two callers might choose the same key.
///
/// # Errors
/// Those of `work`, and the engine's.
pub fn once<E: From<Error>>(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &Key,
    work: impl FnOnce(&mut Tx<'_>) -> Result<String, E>,
) -> Result<(String, bool), E> {
    if let Some((answer,)) = tx.opt::<(String,)>(FIND, args![scope, key])? {
        return Ok((answer, false));
    }
    let answer = work(tx)?;
    let now = tx.now();
    if tx.exec(KEEP, args![scope, key, answer, now])? == 0 {
        // Another writer answered this key since we looked: this closure is rolled back and runs again, and finds that answer.
        return Err(E::from(tx.busy(KEY_RACE)));
    }
    Ok((answer, true))
}

/// Forgets the keys that are older than promised; how many. A job runs it daily.
///
/// # Errors
/// The engine's.
pub fn forget_old(tx: &mut Tx<'_>) -> Result<u64, Error> {
    let before = tx.now().before(KEPT);
    tx.exec(FORGET, args![before])
}
