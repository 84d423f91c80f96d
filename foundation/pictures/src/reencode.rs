//! One picture: decoded within limits, turned upright, shrunk, encoded again. The output holds pixels only: no position, no
//! camera, no date, no colour profile, no preview.

use crate::sniff::{Kind, size};
use crate::{MAX_MEGAPIXELS, Refusal};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ImageDecoder, Limits, RgbImage};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longest side of a kept picture.
pub const LONGEST_PX: u32 = 1600;
/// The longest side of its thumbnail.
pub const THUMB_PX: u32 = 320;
/// Quality 82 of a photo is not told from the original at arm's length and halves its bytes.
const QUALITY: u8 = 82;
const THUMB_QUALITY: u8 = 74;
/// What one decoding may allocate: 40 megapixels in three bytes, twice, with room for the decoder itself.
const MAX_ALLOC: u64 = 320 * 1024 * 1024;

/// A picture fit to be kept and shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Progressive JPEG, without metadata.
    pub jpeg: Vec<u8>,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// A small version, JPEG as well.
    pub thumb: Vec<u8>,
    /// The small version's width.
    pub thumb_width: u32,
    /// The small version's height.
    pub thumb_height: u32,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{}, {} bytes)", self.width, self.height, self.jpeg.len())
    }
}

/// Makes a picture from outside safe, in this process. Outside of tests, [`crate::Workshop`] calls it in a child.
///
/// # Errors
/// When the bytes are no whole picture of a kind and size that we take.
pub fn reencode(bytes: &[u8]) -> Result<Picture, Refusal> {
    let (kind, ..) = size(bytes)?;
    // A decoder is a parser of hostile input: if one panics, that is one damaged picture and no more.
    catch_unwind(AssertUnwindSafe(|| work(bytes, kind))).unwrap_or(Err(Refusal::Broken))
}

fn work(bytes: &[u8], kind: Kind) -> Result<Picture, Refusal> {
    let input = Cursor::new(bytes);
    let image = match kind {
        Kind::Jpeg => decode(JpegDecoder::new(input).map_err(refused)?)?,
        Kind::Png => decode(PngDecoder::with_limits(input, limits()).map_err(refused)?)?,
        Kind::Webp => decode(WebPDecoder::new(input).map_err(refused)?)?,
    };
    let full = shrunk(&image, LONGEST_PX)?;
    drop(image);
    let thumb = shrunk(&DynamicImage::ImageRgb8(full.clone()), THUMB_PX)?;
    Ok(Picture {
        jpeg: encode(&full, QUALITY)?,
        width: full.width(),
        height: full.height(),
        thumb: encode(&thumb, THUMB_QUALITY)?,
        thumb_width: thumb.width(),
        thumb_height: thumb.height(),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

fn refused(error: image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooHard,
        image::ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Refusal::Truncated,
        _ => Refusal::Broken,
    }
}

/// Decodes to upright RGB. A large picture is shrunk before it is turned: turning touches every pixel.
fn decode(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Refusal> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_MEGAPIXELS * 1_000_000 {
        return Err(Refusal::TooManyPixels);
    }
    if decoder.total_bytes() > MAX_ALLOC {
        return Err(Refusal::TooHard);
    }
    decoder.set_limits(limits()).map_err(refused)?;
    // A damaged orientation is no reason to lose the picture: it then stands as it was taken.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(refused)?;
    let mut small = DynamicImage::ImageRgb8(shrunk(&DynamicImage::ImageRgb8(flat(decoded)), LONGEST_PX)?);
    small.apply_orientation(orientation);
    Ok(small)
}

/// RGB; what is transparent lies on white paper.
fn flat(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut out = Vec::with_capacity(rgba.len() / 4 * 3);
    for pixel in rgba.as_raw().chunks_exact(4) {
        let alpha = u32::from(pixel[3]);
        for channel in &pixel[..3] {
            out.push(((u32::from(*channel) * alpha + 255 * (255 - alpha)) / 255) as u8);
        }
    }
    RgbImage::from_raw(width, height, out).unwrap_or_default()
}

/// The picture with its longest side at most `longest`; never enlarged.
fn shrunk(image: &DynamicImage, longest: u32) -> Result<RgbImage, Refusal> {
    let (width, height) = (image.width(), image.height());
    let long = width.max(height);
    if long <= longest {
        return Ok(image.to_rgb8());
    }
    let scaled = |side: u32| ((u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long)).max(1) as u32;
    let mut out = DynamicImage::ImageRgb8(RgbImage::new(scaled(width), scaled(height)));
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(image, &mut out, &options).map_err(|_| Refusal::Broken)?;
    Ok(out.into_rgb8())
}

fn encode(image: &RgbImage, quality: u8) -> Result<Vec<u8>, Refusal> {
    let (Ok(width), Ok(height)) = (u16::try_from(image.width()), u16::try_from(image.height())) else {
        return Err(Refusal::Broken);
    };
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(image.as_raw(), width, height, jpeg_encoder::ColorType::Rgb).map_err(|_| Refusal::Broken)?;
    Ok(out)
}
