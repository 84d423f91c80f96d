//! The store: a folder of files named by their content.

use crate::upload::{Stored, Upload, path_of};
use crate::{Error, Hash};
use kernel::{Clock, Instant};
use pictures::Workshop;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files of the city, in one folder, which belongs to one process. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    root: Arc<Path>,
    workshop: Arc<Workshop>,
    clock: Arc<dyn Clock>,
    /// Held while a file gets its name, and while the age of one is looked at and its name taken away.
    naming: Arc<Mutex<()>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.root.display())
    }
}

/// The folders that the files are spread over.
const FOLDERS: std::ops::RangeInclusive<u8> = 0..=u8::MAX;

/// A picture that is kept: the shown version and its thumbnail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPicture {
    /// The shown version.
    pub full: Stored,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The small version.
    pub thumb: Stored,
    /// The small version's width.
    pub thumb_width: u32,
    /// The small version's height.
    pub thumb_height: u32,
}

/// What [`Store::verify`] finds wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// Its bytes are not those it is named for.
    Changed,
}

impl Store {
    /// Opens the store in `root`, makes the folder when it is not there, and removes what an earlier process left unfinished. The clock says
    /// when a file was stored.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(root: impl Into<PathBuf>, workshop: Workshop, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let root = root.into();
        let temp = root.join("temp");
        fs::create_dir_all(&temp)?;
        for left in fs::read_dir(&temp)? {
            fs::remove_file(left?.path())?;
        }
        Ok(Self { root: root.into(), workshop: Arc::new(workshop), clock, naming: Arc::default() })
    }

    /// Begins an upload of at most `limit` bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(&self, limit: u64) -> Result<Upload, Error> {
        Upload::begin(&self.root, limit, (self.clock.now(), self.naming.clone()))
    }

    /// Keeps `bytes` as they are: for what this program made itself.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_now(&self, bytes: &[u8]) -> Result<Stored, Error> {
        let mut upload = self.begin(u64::MAX)?;
        upload.write(bytes)?;
        upload.finish()
    }

    /// [`Store::put_now`] without holding up other tasks.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Stored, Error> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.put_now(&bytes)).await.map_err(std::io::Error::other)?
    }

    /// Keeps a picture from outside: re-encoded, without its metadata, with a thumbnail. The bytes that came are not kept.
    ///
    /// # Errors
    /// When they are no picture that we take, or the disk refuses.
    pub async fn put_picture(&self, bytes: Vec<u8>) -> Result<StoredPicture, Error> {
        let picture = self.workshop.reencode(bytes).await?;
        let (width, height, thumb_width, thumb_height) =
            (picture.width, picture.height, picture.thumb_width, picture.thumb_height);
        let full = self.put(picture.jpeg).await?;
        let thumb = self.put(picture.thumb).await?;
        Ok(StoredPicture { full, width, height, thumb, thumb_width, thumb_height })
    }

    /// The work on pictures since the start.
    #[must_use]
    pub fn picture_counts(&self) -> pictures::apart::Counts {
        self.workshop.counts()
    }

    /// The bytes of a file; `None` when there is none of this name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn read_now(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Error> {
        match fs::read(path_of(&self.root, hash)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// [`Store::read_now`] without holding up other tasks.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn read(&self, hash: &Hash) -> Result<Option<Vec<u8>>, Error> {
        let (store, hash) = (self.clone(), hash.clone());
        tokio::task::spawn_blocking(move || store.read_now(&hash)).await.map_err(std::io::Error::other)?
    }

    /// Whether a file is there.
    #[must_use]
    pub fn has(&self, hash: &Hash) -> bool {
        path_of(&self.root, hash).is_file()
    }

    /// Reads a file again and compares it with its name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn verify(&self, hash: &Hash) -> Result<Option<Damage>, Error> {
        let mut file = match fs::File::open(path_of(&self.root, hash)) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Some(Damage::Missing)),
            Err(e) => return Err(e.into()),
        };
        let (mut found, mut buffer) = (<sha2::Sha256 as sha2::Digest>::new(), vec![0; 64 * 1024]);
        loop {
            let n = file.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            sha2::Digest::update(&mut found, &buffer[..n]);
        }
        let found = kernel::secret::hex(&sha2::Digest::finalize(found));
        Ok((found != hash.as_str()).then_some(Damage::Changed))
    }

    /// The names of all files that are kept.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn all(&self) -> Result<Vec<Hash>, Error> {
        let mut all = Vec::new();
        for folder in fs::read_dir(&*self.root)? {
            let folder = folder?;
            let prefix = folder.file_name().to_string_lossy().into_owned();
            if prefix.len() != 2 {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                all.extend(Hash::parse(&format!("{prefix}{}", file?.file_name().to_string_lossy())));
            }
        }
        all.sort();
        Ok(all)
    }

    /// The files of one of the store's folders that were stored before `moment`, last stored where the same came twice. Over all of
    /// [`Store::folders`] these are all of them.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stored_before(&self, folder: u8, moment: Instant) -> Result<Vec<Hash>, Error> {
        let prefix = format!("{folder:02x}");
        let entries = match fs::read_dir(self.root.join(&prefix)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut old = Vec::new();
        for entry in entries {
            let Some(hash) = Hash::parse(&format!("{prefix}{}", entry?.file_name().to_string_lossy())) else { continue };
            if self.stored_at(&hash)?.is_some_and(|at| at < moment) {
                old.push(hash);
            }
        }
        Ok(old)
    }

    /// The folders that the files are spread over.
    #[must_use]
    pub const fn folders() -> std::ops::RangeInclusive<u8> {
        FOLDERS
    }

    /// Removes a file, unless it was stored at `moment` or since: whoever stores the same bytes in this very moment keeps them. Gives whether it
    /// was removed; absence is no error.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_before(&self, hash: &Hash, moment: Instant) -> Result<bool, Error> {
        let _naming = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stored_at(hash)?.is_none_or(|at| at >= moment) {
            return Ok(false);
        }
        fs::remove_file(path_of(&self.root, hash))?;
        Ok(true)
    }

    fn stored_at(&self, hash: &Hash) -> Result<Option<Instant>, Error> {
        match fs::metadata(path_of(&self.root, hash)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            found => {
                let since = found?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Ok(Some(Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))))
            }
        }
    }
}
