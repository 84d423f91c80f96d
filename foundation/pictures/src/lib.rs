//! Pictures from outside, made safe: whatever arrives is decoded and encoded again, so that what we keep holds pixels and nothing else.
//!
//! Start at [`reencode`] in `reencode.rs`: sniff the content, read the size from the header, check that the file has its end,
//! decode within limits, turn upright, shrink, encode. `sniff.rs` reads headers without decoding; `apart.rs` runs the work in a
//! child process with bounded memory and time, one picture at a time.
//! Not here: where pictures are kept (`files`), which of them become public (the rooms).

pub mod apart;
mod reencode;
mod refusal;
mod sniff;

pub use apart::Workshop;
pub use reencode::{LONGEST_PX, Picture, THUMB_PX, reencode};
pub use refusal::Refusal;
pub use sniff::{Kind, MAX_BYTES, MAX_MEGAPIXELS, size, sniff};

/// The words of our refusals.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
