//! From settings to a city that can be served: folders, keys, database, pack, files.

use crate::capabilities;
use crate::command::Failed;
use crate::settings::Settings;
use cases::Keys;
use db::{Config, Db};
use kernel::Clock;
use manifest::{House, Parts};
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use web::{City, Mode};

/// Written into the data folder of a demonstration: it is a demonstration for ever.
const DEMO: &str = "demonstration";

/// Makes the data folder, for this user alone, where it is not there yet.
pub fn data_folder(settings: &Settings) -> Result<(), Failed> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&settings.data)
        .map_err(|e| Failed(format!("the data folder {} cannot be made: {e}", settings.data.display())))
}

/// The pack, or what is wrong with it.
pub fn load_pack(house: &House, folder: &Path) -> Result<Arc<pack::City>, Failed> {
    house.pack_loader().load(folder).map(Arc::new).map_err(|complaints| {
        eprint!("{}", pack::render(&complaints));
        Failed(format!("the pack {} has {} mistakes; a server starts with none", folder.display(), complaints.len()))
    })
}

/// The database, migrated.
pub fn open_database(house: &House, settings: &Settings, clock: Arc<dyn Clock>) -> Result<Db, Failed> {
    let mut config = Config::new(settings.database.as_str());
    config.node = settings.node;
    config.end = Arc::new(|why| {
        // After a failed sync nothing may be acknowledged: the process ends and recovers from disk (rule R1).
        eprintln!("songhan: the disk failed under a commit, the process ends now: {why}");
        std::process::abort();
    });
    Db::open(config, &house.migrations(), clock)
        .map_err(|e| Failed(format!("the database {} does not open: {e}", without_password(&settings.database))))
}

/// A database's address without what stands between `:` and `@`.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}:…@{host}", user.split(':').next().unwrap_or_default()),
        None => address.to_owned(),
    }
}

/// A city over an open database.
pub async fn open(settings: &Settings, db: Db, clock: Arc<dyn Clock>, pack: Arc<pack::City>) -> Result<City, Failed> {
    let program = std::env::current_exe().map_err(|e| Failed(format!("the program does not find itself: {e}")))?;
    let keys = Keys::settle(&settings.data, &db).await?;
    let parts = Parts {
        db,
        pack,
        files: files::Store::open(settings.data.join("files"), pictures::Workshop::apart(program), clock.clone())?,
        keys,
        clock,
        settings: web::Settings {
            origin: settings.origin.clone(),
            listens: format!("http://{}", settings.listen),
            proxies: settings.proxies.clone(),
            limits: settings.limits,
            mode: if is_demo(settings) { Mode::Demo } else { Mode::Live },
        },
        access: access::Settings { back_off: settings.limits, ..access::Settings::default() },
    };
    Ok(manifest::open(parts).await?)
}

/// Whether the data folder is a demonstration's.
pub fn is_demo(settings: &Settings) -> bool {
    settings.data.join(DEMO).exists()
}

/// Says that the data folder is a demonstration's.
pub fn becomes_demo(settings: &Settings) -> Result<(), Failed> {
    fs::write(settings.data.join(DEMO), "Invented people with a password that everybody knows live here.\n")?;
    Ok(())
}

/// Takes that back: filling failed, and half a demonstration is none.
pub fn no_demo_after_all(settings: &Settings) {
    let _ = fs::remove_file(settings.data.join(DEMO));
}

/// A house with all capabilities.
pub fn house() -> House {
    House::new(capabilities::all())
}

/// The runtime of a command.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_database_is_named_without_its_password() {
        for (address, expect) in [
            ("postgres://city:secret@db.example/songhan", "postgres://city:…@db.example/songhan"),
            ("postgres://city@localhost/songhan", "postgres://city:…@localhost/songhan"),
            ("postgres://localhost/songhan", "postgres://localhost/songhan"),
            ("sqlite:data/songhan.db", "sqlite:data/songhan.db"),
        ] {
            assert_eq!(without_password(address), expect);
        }
    }
}
