//! Officials from the command line, and the sweeping up of what is over.

use access::people::{self, By, NewOfficial};
use access::{Charter, Refusal, password};
use db::{Db, Lane};
use kernel::Private;
use web::{City, Trouble};

/// An official to add: what `songhan official add` was given.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What she will type to sign in.
    pub sign_in: String,
    /// Her full name.
    pub name: String,
    /// Her role, a pack key.
    pub role: String,
    /// Her unit, a pack key.
    pub unit: String,
}

/// Adds an official and says the one-time password that opens her account: print it once, keep it nowhere. There is no default
/// password. Blocks; for the command line.
///
/// # Errors
/// A [`Refusal`] when the name, role or unit cannot stand.
pub fn add(db: &Db, city: &pack::City, wanted: &Wanted) -> Result<Private<String>, Refusal> {
    let charter = Charter::of(city);
    let once = password::one_time();
    let new = NewOfficial {
        sign_in: wanted.sign_in.clone(),
        name: wanted.name.clone(),
        role: wanted.role.clone(),
        unit: wanted.unit.clone(),
        password: password::hash(&once),
        one_time: true,
    };
    db.write_now(Lane::Duty, move |tx| people::add(tx, &charter, &By::CommandLine("songhan official add"), &new))?;
    Ok(once)
}

/// Deletes sessions that are over and forgotten failures, and stores anew the reach of officials whose posts begin or end today.
pub(crate) async fn sweep(city: City) -> Result<(), Trouble> {
    let lives = city.access.settings().lifetimes;
    city.write(Lane::Comfort, move |tx| access::sessions::sweep(tx, lives)).await?;
    loop {
        let charter = city.access.charter();
        if city.write(Lane::Comfort, move |tx| people::settle_some(tx, &charter, 20)).await? == 0 {
            return Ok(());
        }
    }
}
