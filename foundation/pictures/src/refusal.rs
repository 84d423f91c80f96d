//! Every "no" to a picture, each with a sentence that says what to do instead.

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

    /// The sentence in Vietnamese.
    #[must_use]
    pub const fn vi(self) -> &'static str {
        match self {
            Self::Empty => "Tệp ảnh trống. Anh/chị vui lòng chọn lại ảnh.",
            Self::Heic => {
                "Ảnh ở định dạng HEIC chưa đọc được. Anh/chị chọn lại ảnh ngay từ thư viện trong trình duyệt để điện thoại tự đổi sang JPEG, \
                 hoặc vào Cài đặt › Camera › Định dạng, chọn \u{201c}Tương thích nhất\u{201d}."
            }
            Self::Svg => "Tệp SVG là hình vẽ, không phải ảnh chụp. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.",
            Self::Gif => "Ảnh động GIF chưa được nhận. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.",
            Self::NotAPicture => "Tệp này không phải là ảnh. Anh/chị vui lòng gửi ảnh JPEG, PNG hoặc WebP.",
            Self::TooManyPixels => "Ảnh quá lớn (trên 40 triệu điểm ảnh). Anh/chị vui lòng thu nhỏ ảnh rồi gửi lại.",
            Self::TooManyBytes => "Tệp ảnh quá nặng (trên 20 MB). Anh/chị vui lòng thu nhỏ ảnh rồi gửi lại.",
            Self::Truncated => "Ảnh chưa được tải lên trọn vẹn. Anh/chị vui lòng gửi lại ảnh này.",
            Self::Broken => "Ảnh bị lỗi, không đọc được. Anh/chị vui lòng chụp hoặc chọn ảnh khác.",
            Self::TooHard => "Không xử lý được ảnh này. Anh/chị vui lòng chụp hoặc chọn ảnh khác.",
            Self::Busy => "Đang có nhiều ảnh chờ xử lý. Anh/chị vui lòng gửi lại sau ít phút.",
        }
    }

    /// The sentence in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Empty => "The picture file is empty. Please choose the picture again.",
            Self::Heic => {
                "HEIC pictures cannot be read here. Choose the picture again from the photo library in the browser, so that the phone converts it \
                 to JPEG, or set Settings › Camera › Formats to \u{201c}Most Compatible\u{201d}."
            }
            Self::Svg => "An SVG file is a drawing, not a photo. Please send a JPEG, PNG or WebP picture.",
            Self::Gif => "Animated GIF pictures are not taken. Please send a JPEG, PNG or WebP picture.",
            Self::NotAPicture => "This file is not a picture. Please send a JPEG, PNG or WebP picture.",
            Self::TooManyPixels => "The picture is too large (over 40 million pixels). Please make it smaller and send it again.",
            Self::TooManyBytes => "The picture file is too big (over 20 MB). Please make it smaller and send it again.",
            Self::Truncated => "The picture did not arrive whole. Please send it again.",
            Self::Broken => "The picture is damaged and cannot be read. Please take or choose another one.",
            Self::TooHard => "This picture could not be processed. Please take or choose another one.",
            Self::Busy => "Many pictures are waiting. Please send it again in a few minutes.",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en())
    }
}

impl std::error::Error for Refusal {}
