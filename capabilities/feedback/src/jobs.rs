//! Work in the background: terms that run out are written down.

use manifest::Work;
use web::City;

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
