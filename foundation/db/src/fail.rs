//! Named points at which a test can end the process or fail a step: `SONGHAN_FAIL="before_commit:3"` ends it at the third time,
//! `"before_commit:3:error"` fails that step instead. Compiled only with the feature `failpoints`; otherwise nothing is left of it.
//!
//! Points: `before_begin`, `after_insert`, `before_commit`, `after_commit`, `before_reply`.

use crate::Result;

/// Passes the point, unless this is the time at which it shall fail.
///
/// # Errors
/// When the environment asks for an error here.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub const fn at(_point: &'static str) -> Result<()> {
    Ok(())
}

/// Passes the point, unless this is the time at which it shall fail.
///
/// # Errors
/// When the environment asks for an error here.
#[cfg(feature = "failpoints")]
pub fn at(point: &'static str) -> Result<()> {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static ASKED: OnceLock<Option<(String, u64, bool)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("SONGHAN_FAIL").ok()?;
        let mut parts = text.split(':');
        let (point, n) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        Some((point, n, parts.next() == Some("error")))
    });
    let Some((wanted, n, error)) = asked else { return Ok(()) };
    if wanted != point || PASSED.fetch_add(1, Ordering::SeqCst) + 1 != *n {
        return Ok(());
    }
    if *error {
        return Err(crate::Error::Sql { code: "failpoint".into(), text: format!("failed at {point}") });
    }
    std::process::abort()
}
