//! The three keys of a city: where they rest, and what each is for.
//!
//! `master` wraps the data keys of parties, `index` makes blind indexes, `signing` signs the seals. They are files of 32 bytes in
//! `<data>/keys`, readable by the program's own user alone, made at the first start. docs/keys.md says how they are backed up and
//! what is lost with them.

use db::{Db, Lane, Tx, args};
use ed25519_dalek::SigningKey;
use kernel::secret::{hex, keyed_digest, random, same};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const NAMES: [&str; 3] = ["master", "index", "signing"];

/// The keys, in memory.
#[derive(Clone)]
pub struct Keys {
    pub(crate) master: [u8; 32],
    pub(crate) index: [u8; 32],
    pub(crate) signing: SigningKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Why the keys cannot be used. The program does not start then.
#[derive(Debug)]
pub enum KeyTrouble {
    /// Some of the keys are there and some are not: they belong together.
    Missing(PathBuf),
    /// A key file has not 32 bytes.
    Spoiled(PathBuf),
    /// A key file can be read by others.
    Open(PathBuf),
    /// A key is not the one that this database was written with.
    Wrong(&'static str),
    /// The database has keys on record but the folder has none.
    Lost(PathBuf),
    /// The disk.
    Disk(PathBuf, std::io::Error),
}

impl fmt::Display for KeyTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => {
                write!(f, "{} is missing while its companions are there: bring it back from the backup", path.display())
            }
            Self::Spoiled(path) => write!(f, "{} has not 32 bytes: bring it back from the backup", path.display()),
            Self::Open(path) => write!(f, "{} can be read by others: set its mode to 0600", path.display()),
            Self::Wrong(name) => write!(f, "the key `{name}` is not the one that this database was written with"),
            Self::Lost(path) => write!(
                f,
                "{} holds no keys, but this database was written with some: bring them back from the backup",
                path.display()
            ),
            Self::Disk(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for KeyTrouble {}

impl Keys {
    /// Opens the keys in `<data>/keys`; makes them when the folder holds none.
    ///
    /// # Errors
    /// When some are missing, spoiled or readable by others.
    pub fn open(data: &Path) -> Result<Self, KeyTrouble> {
        let folder = data.join("keys");
        let there = NAMES.map(|name| folder.join(name).exists());
        if there == [false; 3] {
            Self::make(&folder)?;
        } else if let Some(missing) = there.iter().position(|there| !there) {
            return Err(KeyTrouble::Missing(folder.join(NAMES[missing])));
        }
        let [master, index, signing] = [read(&folder, NAMES[0])?, read(&folder, NAMES[1])?, read(&folder, NAMES[2])?];
        Ok(Self { master, index, signing: SigningKey::from_bytes(&signing) })
    }

    /// Opens the keys of an open database: makes them only for a database that was never written with any, and holds them against what is
    /// on record.
    ///
    /// # Errors
    /// As [`Keys::open`]; `Lost` and `Wrong`; the database's, inside `Disk`.
    pub async fn settle(data: &Path, db: &Db) -> Result<Self, KeyTrouble> {
        let on = |error: db::Error| KeyTrouble::Disk(data.to_owned(), std::io::Error::other(error.to_string()));
        let known =
            db.read::<_, db::Error, _>(Lane::Duty, |rd| Ok(rd.one::<(i64,)>("select count(*) from case_key_checks", args![])?.0));
        let folder = data.join("keys");
        if known.await.map_err(on)? > 0 && NAMES.iter().all(|name| !folder.join(name).exists()) {
            return Err(KeyTrouble::Lost(folder));
        }
        let keys = Self::open(data)?;
        let mine = keys.clone();
        db.write::<_, db::Error, _>(Lane::Duty, move |tx| mine.check(tx)).await.map_err(on)??;
        Ok(keys)
    }

    /// Fresh keys in memory only, for tests.
    #[must_use]
    pub fn for_tests() -> Self {
        Self { master: random(), index: random(), signing: SigningKey::from_bytes(&random()) }
    }

    /// Makes the three files so that they are there all or not at all: a folder beside is filled, synced and renamed.
    fn make(folder: &Path) -> Result<(), KeyTrouble> {
        let on = |path: &Path| {
            let path = path.to_owned();
            move |error| KeyTrouble::Disk(path, error)
        };
        let parent = folder.parent().unwrap_or(Path::new("."));
        let fresh = parent.join("keys.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(on(&fresh))?;
        }
        fs::create_dir_all(&fresh).map_err(on(&fresh))?;
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o700)).map_err(on(&fresh))?;
        let signing: [u8; 32] = random();
        for (name, bytes) in NAMES.iter().zip([random(), random(), signing]) {
            write(&fresh.join(name), &bytes, 0o600)?;
        }
        let public = SigningKey::from_bytes(&signing).verifying_key();
        write(&fresh.join("signing.pub"), format!("{}\n", hex(public.as_bytes())).as_bytes(), 0o644)?;
        sync(&fresh)?;
        if folder.exists() {
            fs::remove_dir(folder).map_err(on(folder))?;
        }
        fs::rename(&fresh, folder).map_err(on(folder))?;
        sync(parent)
    }

    /// Compares the keys with what the database was written with; notes them in a database that has none on record.
    ///
    /// # Errors
    /// The name of the key that differs, inside `Ok`; the database's.
    pub fn check(&self, tx: &mut Tx<'_>) -> db::Result<Result<(), KeyTrouble>> {
        let signing = self.signing.to_bytes();
        for (name, key) in NAMES.into_iter().zip([&self.master, &self.index, &signing]) {
            let print = keyed_digest(key, b"songhan key check");
            match tx.opt::<(Vec<u8>,)>("select fingerprint from case_key_checks where name = $1", args![name])? {
                Some((known,)) if same(&known, &print) => {}
                Some(_) => return Ok(Err(KeyTrouble::Wrong(name))),
                None => tx.exec_one("insert into case_key_checks (name, fingerprint) values ($1, $2)", args![name, print])?,
            }
        }
        Ok(Ok(()))
    }

    /// The public key that seals are checked with, in hexadecimal.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.signing.verifying_key().as_bytes())
    }

    /// A key for one purpose outside of the engine, derived from the master key: it comes back as long as that one does.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        keyed_digest(&self.master, purpose.as_bytes())
    }

    /// The blind index of a value: equal values have equal ones, and nobody without the key can make or guess it.
    #[must_use]
    pub fn blind(&self, value: &str) -> [u8; 32] {
        keyed_digest(&self.index, value.as_bytes())
    }
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), KeyTrouble> {
    let on = |error| KeyTrouble::Disk(path.to_owned(), error);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(on)?;
    file.write_all(bytes).map_err(on)?;
    file.sync_all().map_err(on)
}

fn sync(folder: &Path) -> Result<(), KeyTrouble> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|error| KeyTrouble::Disk(folder.to_owned(), error))
}

fn read(folder: &Path, name: &str) -> Result<[u8; 32], KeyTrouble> {
    let path = folder.join(name);
    let on = |error| KeyTrouble::Disk(path.clone(), error);
    let file = File::open(&path).map_err(on)?;
    if file.metadata().map_err(on)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyTrouble::Open(path));
    }
    let mut bytes = Vec::new();
    file.take(64).read_to_end(&mut bytes).map_err(on)?;
    bytes.try_into().map_err(|_| KeyTrouble::Spoiled(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data folder of one test, gone with its value.
    struct Data(PathBuf);

    impl std::ops::Deref for Data {
        type Target = Path;
        fn deref(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Data {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn folder(name: &str) -> Data {
        let path = std::env::temp_dir().join(format!("songhan-keys-{name}-{}", hex(&random::<6>())));
        fs::create_dir_all(&path).unwrap();
        Data(path)
    }

    #[test]
    fn keys_are_made_once_and_opened_ever_after() {
        let data = folder("made");
        let first = Keys::open(&data).unwrap();
        let again = Keys::open(&data).unwrap();
        assert_eq!((first.master, first.index, first.public()), (again.master, again.index, again.public()));
        assert_eq!(fs::metadata(data.join("keys/master")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(data.join("keys/signing.pub")).unwrap().trim(), first.public());
    }

    #[tokio::test]
    async fn keys_of_another_city_and_lost_keys_are_refused() {
        db::test::both(&[access::MIGRATIONS, crate::MIGRATIONS], |db| async move {
            let (data, other) = (folder("ours"), folder("theirs"));
            let first = Keys::settle(&data, &db).await.unwrap();
            assert_eq!(Keys::settle(&data, &db).await.unwrap().public(), first.public());
            Keys::open(&other).unwrap();
            assert!(matches!(Keys::settle(&other, &db).await, Err(KeyTrouble::Wrong("master"))));
            fs::remove_dir_all(data.join("keys")).unwrap();
            assert!(matches!(Keys::settle(&data, &db).await, Err(KeyTrouble::Lost(_))));
            assert!(!data.join("keys").exists());
        })
        .await;
    }

    #[test]
    fn a_half_set_of_keys_is_refused_and_never_completed() {
        let data = folder("half");
        Keys::open(&data).unwrap();
        fs::remove_file(data.join("keys/index")).unwrap();
        assert!(matches!(Keys::open(&data), Err(KeyTrouble::Missing(path)) if path.ends_with("index")));
        assert!(!data.join("keys/index").exists());
    }

    #[test]
    fn a_spoiled_or_open_key_is_refused() {
        let data = folder("spoiled");
        Keys::open(&data).unwrap();
        fs::write(data.join("keys/master"), b"short").unwrap();
        assert!(matches!(Keys::open(&data), Err(KeyTrouble::Spoiled(_))));
        fs::write(data.join("keys/master"), [1; 32]).unwrap();
        fs::set_permissions(data.join("keys/master"), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Keys::open(&data), Err(KeyTrouble::Open(_))));
    }
}
