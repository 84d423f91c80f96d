//! Every "no" to a picture, each with a sentence that says what to do instead.

use crate::words;
use kernel::Lang;
use std::fmt;

/// Why a picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was sent.
    Empty,
    /// An iPhone's HEIC or HEIF file: no free decoder may stand in this house.
    Heic,
    /// An SVG drawing: a document that may hold scripts, not a photo.
    Svg,
    /// A GIF: the pictures we take do not move.
    Gif,
    /// Neither JPEG nor PNG nor WebP.
    NotAPicture,
    /// More pixels than we decode.
    TooManyPixels,
    /// More bytes than we read.
    TooManyBytes,
    /// The file ends before the picture does.
    Truncated,
    /// The file says it is a picture, but cannot be read as one.
    Broken,
    /// The work took too long or too much memory and was ended.
    TooHard,
    /// Too many pictures are waiting; nothing is wrong with this one.
    Busy,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 11] = [
        Self::Empty,
        Self::Heic,
        Self::Svg,
        Self::Gif,
        Self::NotAPicture,
        Self::TooManyPixels,
        Self::TooManyBytes,
        Self::Truncated,
        Self::Broken,
        Self::TooHard,
        Self::Busy,
    ];

    /// A stable key, also the word in which the child process answers.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Heic => "heic",
            Self::Svg => "svg",
            Self::Gif => "gif",
            Self::NotAPicture => "not-a-picture",
            Self::TooManyPixels => "too-many-pixels",
            Self::TooManyBytes => "too-many-bytes",
            Self::Truncated => "truncated",
            Self::Broken => "broken",
            Self::TooHard => "too-hard",
            Self::Busy => "busy",
        }
    }

    /// The refusal with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.key() == key)
    }

    /// The sentence.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Empty => words::empty(lang),
            Self::Heic => words::heic(lang),
            Self::Svg => words::svg(lang),
            Self::Gif => words::gif(lang),
            Self::NotAPicture => words::not_a_picture(lang),
            Self::TooManyPixels => words::too_many_pixels(lang),
            Self::TooManyBytes => words::too_many_bytes(lang),
            Self::Truncated => words::truncated(lang),
            Self::Broken => words::broken(lang),
            Self::TooHard => words::too_hard(lang),
            Self::Busy => words::busy(lang),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Lang::En))
    }
}

impl std::error::Error for Refusal {}
