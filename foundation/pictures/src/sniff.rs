//! What a file is and how large its picture is, read from its first bytes and its frame; nothing is decoded here.
//!
//! The name and the type that a browser sends are never asked. A truncated JPEG decodes without any error to a grey rest, so
//! the end of the picture is looked for here as well.

use crate::Refusal;

/// The most bytes that are read.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The most pixels that are decoded, in millions.
pub const MAX_MEGAPIXELS: u64 = 40;

/// A kind of picture that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

/// The kind of a picture by its content.
///
/// # Errors
/// When it is none that we take; known strangers get their own hint.
pub fn sniff(bytes: &[u8]) -> Result<Kind, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(Kind::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(Kind::Webp);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        let brand = bytes.get(8..12).unwrap_or_default();
        let heif = [&b"heic"[..], b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"].contains(&brand);
        return Err(if heif { Refusal::Heic } else { Refusal::NotAPicture });
    }
    if bytes.starts_with(b"GIF8") {
        return Err(Refusal::Gif);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase();
    if head.contains("<svg") {
        return Err(Refusal::Svg);
    }
    Err(Refusal::NotAPicture)
}

/// The picture's kind, width and height by its header, after checking that the file is whole and not too large.
///
/// # Errors
/// When the file is no picture, is larger than we decode, or ends too early.
pub fn size(bytes: &[u8]) -> Result<(Kind, u32, u32), Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooManyBytes);
    }
    let kind = sniff(bytes)?;
    let (width, height) = match kind {
        Kind::Jpeg => jpeg(bytes)?,
        Kind::Png => png(bytes)?,
        Kind::Webp => webp(bytes)?,
    };
    if width == 0 || height == 0 {
        return Err(Refusal::Broken);
    }
    if u64::from(width) * u64::from(height) > MAX_MEGAPIXELS * 1_000_000 {
        return Err(Refusal::TooManyPixels);
    }
    Ok((kind, width, height))
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at + 1)?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Walks the segments: the size stands in the frame header (SOF), the end is the marker EOI after the last scan. A preview inside
/// a metadata segment is passed over with its segment; what phones append after EOI does not matter.
fn jpeg(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let mut at = 2;
    let mut frame = None;
    let mut scanned = false;
    loop {
        if *bytes.get(at).ok_or(Refusal::Truncated)? != 0xff {
            return Err(Refusal::Broken);
        }
        while *bytes.get(at).ok_or(Refusal::Truncated)? == 0xff {
            at += 1;
        }
        let marker = *bytes.get(at).ok_or(Refusal::Truncated)?;
        at += 1;
        match marker {
            0xd9 => return if scanned { frame.ok_or(Refusal::Broken) } else { Err(Refusal::Broken) },
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 => return Err(Refusal::Broken),
            _ => {}
        }
        let length = be16(bytes, at).ok_or(Refusal::Truncated)?;
        if length < 2 {
            return Err(Refusal::Broken);
        }
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let (height, width) =
                (be16(bytes, at + 3).ok_or(Refusal::Truncated)?, be16(bytes, at + 5).ok_or(Refusal::Truncated)?);
            if frame.is_some() {
                return Err(Refusal::Broken); // two frames: readers disagree on which of them counts
            }
            let frame_size = (width as u32, height as u32);
            if u64::from(frame_size.0) * u64::from(frame_size.1) > MAX_MEGAPIXELS * 1_000_000 {
                return Err(Refusal::TooManyPixels);
            }
            frame = Some(frame_size);
        }
        at += length;
        if marker == 0xda {
            scanned = true;
            // Entropy-coded data: 0xff is followed by 0 or a restart marker until the next segment begins.
            loop {
                let rest = bytes.get(at..).ok_or(Refusal::Truncated)?;
                at += rest.iter().position(|b| *b == 0xff).ok_or(Refusal::Truncated)?;
                match bytes.get(at + 1) {
                    None => return Err(Refusal::Truncated),
                    Some(0x00 | 0xd0..=0xd7) => at += 2,
                    Some(0xff) => at += 1,
                    Some(_) => break,
                }
            }
        }
    }
}

/// The size stands in IHDR; the file is whole when its chunks lead to IEND.
fn png(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    if bytes.get(12..16).ok_or(Refusal::Truncated)? != b"IHDR" {
        return Err(Refusal::Broken);
    }
    let width = be32(bytes, 16).ok_or(Refusal::Truncated)?;
    let height = be32(bytes, 20).ok_or(Refusal::Truncated)?;
    if u64::from(width) * u64::from(height) > MAX_MEGAPIXELS * 1_000_000 {
        return Err(Refusal::TooManyPixels);
    }
    let mut at = 8;
    loop {
        let length = be32(bytes, at).ok_or(Refusal::Truncated)? as usize;
        let name = bytes.get(at + 4..at + 8).ok_or(Refusal::Truncated)?;
        let end = at.checked_add(length).and_then(|end| end.checked_add(12)).ok_or(Refusal::Truncated)?;
        if end > bytes.len() {
            return Err(Refusal::Truncated);
        }
        if name == b"IEND" {
            return Ok((width, height));
        }
        at = end;
    }
}

/// RIFF names its whole length; the size stands in VP8X, VP8L or VP8.
fn webp(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let whole = le32(bytes, 4).ok_or(Refusal::Truncated)? as usize;
    let format = bytes.get(12..16).ok_or(Refusal::Truncated)?;
    let body = bytes.get(20..30).ok_or(Refusal::Truncated)?;
    let byte = |i: usize| u32::from(body[i]);
    let size = match format {
        b"VP8X" => (1 + (byte(4) | byte(5) << 8 | byte(6) << 16), 1 + (byte(7) | byte(8) << 8 | byte(9) << 16)),
        b"VP8L" if body[0] == 0x2f => {
            let bits = byte(1) | byte(2) << 8 | byte(3) << 16 | byte(4) << 24;
            (1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff))
        }
        b"VP8 " if body[3..6] == [0x9d, 0x01, 0x2a] => ((byte(6) | byte(7) << 8) & 0x3fff, (byte(8) | byte(9) << 8) & 0x3fff),
        _ => return Err(Refusal::Broken),
    };
    if u64::from(size.0) * u64::from(size.1) > MAX_MEGAPIXELS * 1_000_000 {
        return Err(Refusal::TooManyPixels);
    }
    if whole.saturating_add(8) > bytes.len() {
        return Err(Refusal::Truncated);
    }
    Ok(size)
}
