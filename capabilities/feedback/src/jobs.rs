//! Work in the background: terms that run out are written down.

use manifest::Work;
use std::time::Duration;
use web::City;

/// How often terms are looked at.
pub const EVERY: Duration = Duration::from_secs(30);
/// Cases that one transaction looks at.
const AT_ONCE: u32 = 100;

/// Writes the breach of every clock that ran out, once.
pub fn breaches(city: City) -> Work<()> {
    Box::pin(async move {
        loop {
            let keys = city.keys.clone();
            let pack = city.pack.clone();
            let done = city
                .write(db::Lane::Comfort, move |tx| -> Result<usize, crate::Refusal> {
                    let now = tx.now();
                    Ok(cases::breach_due(tx, &keys, &*pack, now, AT_ONCE)?.len())
                })
                .await?;
            if done < AT_ONCE as usize {
                return Ok(());
            }
        }
    })
}
