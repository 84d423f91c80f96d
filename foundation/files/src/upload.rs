//! One file on its way in: a temporary file that grows, is hashed and counted, and becomes visible in one step or not at all.

use crate::{Error, Hash, Kind};
use kernel::Instant;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub hash: Hash,
    /// Its length.
    pub bytes: u64,
    /// What it is, by content.
    pub kind: Kind,
}

/// A file on its way in. Dropped before [`Upload::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Upload {
    root: PathBuf,
    temp: PathBuf,
    file: Option<File>,
    hash: Sha256,
    bytes: u64,
    limit: u64,
    head: Vec<u8>,
    at: Instant,
    naming: Arc<Mutex<()>>,
}

/// As many first bytes as sniffing looks at.
const HEAD: usize = 1024;

impl Upload {
    pub(crate) fn begin(root: &Path, limit: u64, (at, naming): (Instant, Arc<Mutex<()>>)) -> Result<Self, Error> {
        let name = kernel::secret::hex(&kernel::secret::random::<16>());
        let temp = root.join("temp").join(name);
        let file = File::options().write(true).create_new(true).open(&temp)?;
        let (root, file, hash) = (root.to_owned(), Some(file), Sha256::new());
        Ok(Self { root, temp, file, hash, bytes: 0, limit, head: Vec::new(), at, naming })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// When the file grows over its limit, or the disk refuses.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.limit {
            return Err(Error::TooLarge { limit: self.limit });
        }
        self.hash.update(piece);
        if self.head.len() < HEAD {
            self.head.extend(&piece[..piece.len().min(HEAD - self.head.len())]);
        }
        if let Some(file) = &mut self.file {
            file.write_all(piece)?;
        }
        Ok(())
    }

    /// Syncs and names the file; it is visible and durable when this returns.
    ///
    /// # Errors
    /// When the disk refuses; nothing is visible then.
    pub fn finish(mut self) -> Result<Stored, Error> {
        let hash = Hash(kernel::secret::hex(&self.hash.clone().finalize()));
        let stored = Stored { kind: Kind::sniff(&self.head), bytes: self.bytes, hash };
        let path = path_of(&self.root, &stored.hash);
        let Some(file) = self.file.take() else {
            return Err(Error::Disk(std::io::Error::other("the upload was already finished")));
        };
        file.set_modified(UNIX_EPOCH + Duration::from_millis(u64::try_from(self.at.ms()).unwrap_or_default()))?;
        file.sync_all()?;
        drop(file);
        let folder = path.parent().unwrap_or(&self.root);
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            File::open(&self.root)?.sync_all()?;
        }
        // The same bytes under the same name: replacing them heals a file that had rotted, and makes an old one young.
        let naming = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        fs::rename(&self.temp, &path)?;
        drop(naming);
        File::open(folder)?.sync_all()?;
        Ok(stored)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temp);
    }
}

/// `ab/cdef…`: two letters spread the files over 256 folders.
pub fn path_of(root: &Path, hash: &Hash) -> PathBuf {
    let (folder, name) = hash.as_str().split_at(2);
    root.join(folder).join(name)
}
