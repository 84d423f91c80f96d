//! Files by their content: the name of a file is the hash of its bytes, so that nothing a sender chooses is ever part of a path and
//! a flipped bit is noticed by name.
//!
//! Start at [`Store`]. An upload streams into a temporary file while it is hashed and counted; it becomes visible in one step
//! (rename), after file and folder are synced: rule R10. What is not finished is gone when the upload is dropped, and at the next
//! start. Pictures from outside come in through [`Store::put_picture`] and are never kept as they came.
//! Not here: who may see a file (the rooms), how pictures are re-encoded (`pictures`).

mod store;
mod upload;

pub use store::{Damage, Store, StoredPicture};
pub use upload::{Stored, Upload};

use std::fmt;

/// The SHA-256 of a file's bytes in lower-case hexadecimal: its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(String);

impl Hash {
    /// A hash as it was stored or came in a link; `None` when it has not the shape of one. What is no hash is never a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let sound = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        sound.then(|| Self(text.to_owned()))
    }

    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(kernel::secret::hex(&kernel::secret::sha256(bytes)))
    }

    /// The hash as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a file may be: a short list, known by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    Webp,
    /// A PDF document.
    Pdf,
    /// Anything else: kept, served as bytes only.
    Other,
}

impl Kind {
    /// The kind by the first bytes.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Self {
        match pictures::sniff(bytes) {
            Ok(pictures::Kind::Jpeg) => Self::Jpeg,
            Ok(pictures::Kind::Png) => Self::Png,
            Ok(pictures::Kind::Webp) => Self::Webp,
            Err(_) if bytes.starts_with(b"%PDF-") => Self::Pdf,
            Err(_) => Self::Other,
        }
    }

    /// The media type it is served as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Other => "application/octet-stream",
        }
    }
}

/// Why a file was not kept.
#[derive(Debug)]
pub enum Error {
    /// More bytes than the limit given for this upload.
    TooLarge {
        /// That limit.
        limit: u64,
    },
    /// Not a picture that we take.
    Picture(pictures::Refusal),
    /// The disk said no. After a failed sync nothing is acknowledged.
    Disk(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the file is larger than {limit} bytes"),
            Self::Picture(refusal) => write!(f, "{refusal}"),
            Self::Disk(error) => write!(f, "the file store: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<pictures::Refusal> for Error {
    fn from(refusal: pictures::Refusal) -> Self {
        Self::Picture(refusal)
    }
}
