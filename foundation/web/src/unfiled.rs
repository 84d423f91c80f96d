//! Photos that came with a form which was never filed: they go after a while. Nothing of theirs is kept for ever (decision 0103).
//!
//! Which files those are, their age and the papers of all cases say: an old file that no paper names. Not here: what a file is and that it
//! goes whole (`files`), how a form brings its photos along (`form.rs`).

use crate::{City, Trouble, cookies};
use db::{Lane, Rd};
use files::{Hash, Store};
use std::time::Duration;

/// How long a photo travels along with the next tries of its form: as long as the form's token lives.
pub(crate) const KEPT: Duration = Duration::from_secs(cookies::FORM_SECONDS as u64);
/// From the last moment at which a form may bring a photo along to the first at which it goes: for a request that is under way.
const MARGIN: Duration = Duration::from_secs(86_400);
/// Files that are asked about at once.
const AT_ONCE: usize = 100;
/// Files that one night removes. What is more waits for the next.
const MOST: usize = 20_000;

/// Removes the files that no paper of a case names and that no form can bring along any more. Gives how many.
///
/// # Errors
/// When the disk or the database refuses.
pub async fn remove_unfiled(city: &City) -> Result<usize, Trouble> {
    let before = city.now().before(KEPT + MARGIN);
    let mut removed = 0;
    for folder in Store::folders() {
        let old = on_disk(city, move |store| store.stored_before(folder, before)).await?;
        for some in old.chunks(AT_ONCE) {
            let unfiled = unfiled(city, some.to_vec()).await?;
            removed += on_disk(city, move |store| {
                // Whoever sends the same photo in this moment makes the file young, and keeps it.
                unfiled.iter().try_fold(0, |gone, hash| Ok(gone + usize::from(store.remove_before(hash, before)?)))
            })
            .await?;
            if removed >= MOST {
                tracing::warn!(removed, "unfiled photos are left for the next night");
                return Ok(removed);
            }
        }
    }
    tracing::debug!(removed, "unfiled photos");
    Ok(removed)
}

/// Those that no paper names. What seems so is asked about once more in a turn of the writer: what was being filed is filed by then, and a job
/// whose lease was taken over has no turn.
async fn unfiled(city: &City, hashes: Vec<Hash>) -> Result<Vec<Hash>, Trouble> {
    let seem = city.read(Lane::Comfort, move |rd| unnamed(rd, &hashes)).await?;
    if seem.is_empty() {
        return Ok(seem);
    }
    city.write(Lane::Comfort, move |tx| unnamed(tx, &seem)).await
}

fn unnamed(rd: &mut Rd<'_>, hashes: &[Hash]) -> Result<Vec<Hash>, Trouble> {
    let mut unnamed = Vec::new();
    for hash in hashes {
        if !cases::names_file(rd, hash.as_str())? {
            unnamed.push(hash.clone());
        }
    }
    Ok(unnamed)
}

async fn on_disk<T: Send + 'static>(
    city: &City,
    work: impl FnOnce(&Store) -> Result<T, files::Error> + Send + 'static,
) -> Result<T, Trouble> {
    let store = city.files.clone();
    let done = tokio::task::spawn_blocking(move || work(&store)).await.map_err(std::io::Error::other);
    Ok(done.map_err(files::Error::Disk)??)
}
