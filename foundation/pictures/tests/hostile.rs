//! Test I6: at least forty hostile files, made here, and none of them is kept, blows up the house or takes long; and what good
//! pictures become.

#![allow(clippy::unwrap_used)] // a helper of a test fails as the test does

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, GenericImageView, ImageEncoder, RgbImage, RgbaImage};
use pictures::{LONGEST_PX, Refusal, THUMB_PX, reencode};
use std::time::{Duration, Instant};

/// A picture in which corners can be told apart: red, green, blue, white.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x * 2 < width, y * 2 < height) {
        (true, true) => image::Rgb([200, 30, 30]),
        (false, true) => image::Rgb([30, 180, 30]),
        (true, false) => image::Rgb([30, 30, 200]),
        (false, false) => image::Rgb([240, 240, 240]),
    })
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 90)
        .write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        .unwrap();
    out
}

fn png(image: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    PngEncoder::new(&mut out).write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8).unwrap();
    out
}

fn webp(image: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    WebPEncoder::new_lossless(&mut out)
        .write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        .unwrap();
    out
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 2) as u16;
    [&[0xff, marker][..], &length.to_be_bytes(), body].concat()
}

/// Puts a segment after SOI.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    [&jpeg[..2], &segment(marker, body), &jpeg[2..]].concat()
}

/// An EXIF block with an orientation and a position, as a telephone writes it.
fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0, 0]);
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-16.0471-108.2068");
    tiff
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&name[..], body].concat();
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
}

fn png_claiming(width: u32, height: u32, depth: u8, color: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, color, 0, 0, 0]].concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// A JPEG whose frame claims another size than it has.
fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(&corners(16, 16));
    let at = bytes.windows(2).position(|w| w == [0xff, 0xc0] || w == [0xff, 0xc2]).expect("a frame header");
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn webp_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut body = vec![0, 0, 0, 0];
    body.extend(&(width - 1).to_le_bytes()[..3]);
    body.extend(&(height - 1).to_le_bytes()[..3]);
    let inner = [&b"WEBPVP8X"[..], &10_u32.to_le_bytes(), &body].concat();
    [&b"RIFF"[..], &(inner.len() as u32).to_le_bytes(), &inner].concat()
}

fn ftyp(brand: &[u8; 4]) -> Vec<u8> {
    [&24_u32.to_be_bytes()[..], b"ftyp", brand, &[0; 40]].concat()
}

fn cut(bytes: &[u8], share: f64) -> Vec<u8> {
    bytes[..(bytes.len() as f64 * share) as usize].to_vec()
}

fn hostile() -> Vec<(&'static str, Vec<u8>, &'static [Refusal])> {
    use Refusal::*;
    let (good_jpeg, good_png, good_webp) = (jpeg(&corners(640, 480)), png(&corners(640, 480)), webp(&corners(640, 480)));
    let frame_at = good_jpeg.windows(2).position(|w| w == [0xff, 0xc0]).expect("a frame header");
    let mut two_frames = good_jpeg.clone();
    two_frames.splice(frame_at..frame_at, good_jpeg[frame_at..frame_at + 19].to_vec());
    let mut no_frame = good_jpeg.clone();
    no_frame.drain(frame_at..frame_at + 19);
    let mut short_segment = good_jpeg.clone();
    short_segment[4..6].copy_from_slice(&[0, 1]);
    let mut long_segment = jpeg(&corners(8, 8));
    long_segment[4..6].copy_from_slice(&[0xff, 0xff]);
    let mut wrong_chunk_length = good_png.clone();
    wrong_chunk_length[33..37].copy_from_slice(&u32::MAX.to_be_bytes());
    let mut bad_crc = good_png.clone();
    bad_crc[30] ^= 0xff;
    let mut riff_too_long = good_webp.clone();
    riff_too_long[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let rubbish: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let unfit: &[Refusal] = &[Broken, Truncated, TooHard];
    vec![
        ("nothing", vec![], &[Empty]),
        ("one byte", vec![0xff], &[NotAPicture]),
        ("text", b"xin ch\xc3\xa0o".to_vec(), &[NotAPicture]),
        ("rubbish", rubbish.clone(), &[NotAPicture]),
        ("zeros", vec![0; 100_000], &[NotAPicture]),
        ("HTML named .jpg", b"<!doctype html><script>alert(1)</script>".to_vec(), &[NotAPicture]),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), &[Svg]),
        ("SVG after a declaration", b"<?xml version='1.0'?>\n<!DOCTYPE svg><SVG></SVG>".to_vec(), &[Svg]),
        ("PDF", b"%PDF-1.7\n".to_vec(), &[NotAPicture]),
        ("ZIP", b"PK\x03\x04".to_vec(), &[NotAPicture]),
        ("program", b"\x7fELF\x02\x01\x01".to_vec(), &[NotAPicture]),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), &[Gif]),
        ("TIFF", b"II*\0\x08\0\0\0".to_vec(), &[NotAPicture]),
        ("BMP", b"BM\x46\0\0\0".to_vec(), &[NotAPicture]),
        ("HEIC", ftyp(b"heic"), &[Heic]),
        ("HEIF", ftyp(b"mif1"), &[Heic]),
        ("AVIF", ftyp(b"avif"), &[Heic]),
        ("MP4", ftyp(b"isom"), &[NotAPicture]),
        ("JPEG of 50,000 × 50,000", jpeg_claiming(50_000, 50_000), &[TooManyPixels]),
        ("JPEG of 65,535 × 65,535", jpeg_claiming(65_535, 65_535), &[TooManyPixels]),
        ("JPEG of 8,000 × 5,001", jpeg_claiming(8_000, 5_001), &[TooManyPixels]),
        ("JPEG of no width", jpeg_claiming(0, 100), &[Broken]),
        ("JPEG of no height", jpeg_claiming(100, 0), &[Broken]),
        ("PNG of 60,000 × 60,000", png_claiming(60_000, 60_000, 8, 2), &[TooManyPixels]),
        ("PNG of 4 billion pixels wide", png_claiming(u32::MAX, 1, 8, 2), &[TooManyPixels]),
        ("PNG of no width", png_claiming(0, 5, 8, 2), &[Broken]),
        ("PNG with 16 bits, 40 megapixels", png_claiming(8_000, 5_000, 16, 6), &[TooHard, Broken, Truncated]),
        ("PNG with 40 megapixels and no data", png_claiming(8_000, 5_000, 8, 2), unfit),
        ("PNG with an impossible color", png_claiming(10, 10, 8, 5), unfit),
        ("PNG with an impossible depth", png_claiming(10, 10, 7, 2), unfit),
        ("WebP of 16 million × 16 million", webp_claiming(1 << 24, 1 << 24), &[TooManyPixels]),
        ("WebP of 20,000 × 20,000", webp_claiming(20_000, 20_000), &[TooManyPixels]),
        ("WebP without a picture", webp_claiming(100, 100), unfit),
        ("WebP that claims 4 GB", riff_too_long, &[Truncated]),
        ("JPEG cut in half", cut(&good_jpeg, 0.5), &[Truncated]),
        ("JPEG cut at 99 %", cut(&good_jpeg, 0.99), &[Truncated]),
        ("JPEG without its last byte", good_jpeg[..good_jpeg.len() - 1].to_vec(), &[Truncated]),
        ("JPEG of a header only", good_jpeg[..20].to_vec(), &[Truncated]),
        ("JPEG of two markers", vec![0xff, 0xd8, 0xff, 0xd9], &[Broken]),
        ("JPEG cut, its preview whole", cut(&with_segment(&good_jpeg, 0xe1, &jpeg(&corners(64, 48))), 0.9), &[Truncated]),
        ("PNG cut in half", cut(&good_png, 0.5), &[Truncated]),
        ("PNG without IEND", good_png[..good_png.len() - 12].to_vec(), &[Truncated]),
        ("WebP cut in half", cut(&good_webp, 0.5), &[Truncated]),
        ("JPEG with two frames", two_frames, &[Broken]),
        ("JPEG without a frame", no_frame, &[Broken]),
        ("JPEG with a segment of length 1", short_segment, &[Broken]),
        ("JPEG with a segment past the end", long_segment, &[Truncated]),
        ("JPEG followed by rubbish from the start", [&[0xff, 0xd8, 0xff][..], &rubbish].concat(), unfit),
        ("PNG with a chunk of 4 GB", wrong_chunk_length, &[Truncated]),
        ("PNG with a wrong checksum", bad_crc, unfit),
        ("PNG magic and rubbish", [b"\x89PNG\r\n\x1a\n", &rubbish[..]].concat(), unfit),
        ("RIFF of sound", b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), &[NotAPicture]),
        ("more than 20 MB", [&good_jpeg[..], &vec![0; 20 * 1024 * 1024]].concat(), &[TooManyBytes]),
    ]
}

#[test]
fn forty_hostile_files_are_refused_and_for_the_right_reason() {
    let all = hostile();
    assert!(all.len() >= 40, "only {} files", all.len());
    for (name, bytes, expect) in all {
        let start = Instant::now();
        let got = reencode(&bytes);
        let took = start.elapsed();
        match got {
            Err(refusal) => assert!(expect.contains(&refusal), "{name}: refused as {refusal:?}, expected one of {expect:?}"),
            Ok(picture) => panic!("{name}: became {picture:?}"),
        }
        if expect == [Refusal::TooManyPixels] {
            assert!(took < Duration::from_millis(50), "{name}: took {took:?}");
        }
    }
}

#[test]
fn flipped_and_cut_files_never_break_the_house() {
    let originals = [
        jpeg(&corners(80, 60)),
        png(&corners(80, 60)),
        webp(&corners(80, 60)),
        with_segment(&jpeg(&corners(80, 60)), 0xe1, &exif(6)),
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for original in &originals {
        for _ in 0..150 {
            let mut bytes = original.clone();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                bytes[at] ^= 1 << next(8);
            }
            if next(5) == 0 {
                bytes.truncate(next(bytes.len()));
            }
            // Either a picture within our bounds or a refusal: both are well.
            if let Ok(picture) = reencode(&bytes) {
                assert!(picture.width <= LONGEST_PX && picture.height <= LONGEST_PX);
            }
        }
    }
    std::panic::set_hook(before);
}

#[test]
fn a_good_picture_becomes_a_small_jpeg_without_metadata() {
    let photo = corners(2000, 1500);
    for (name, bytes) in [
        ("JPEG", with_segment(&with_segment(&jpeg(&photo), 0xe1, &exif(1)), 0xfe, b"GPS-in-a-comment")),
        ("PNG", png(&photo)),
        ("WebP", webp(&photo)),
    ] {
        let picture = reencode(&bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!((picture.width, picture.height), (LONGEST_PX, 1200), "{name}");
        assert_eq!((picture.thumb_width, picture.thumb_height), (THUMB_PX, 240), "{name}");
        for out in [&picture.jpeg, &picture.thumb] {
            assert!(!out.windows(3).any(|w| w == b"GPS"), "{name}: a position was kept");
            assert!(!out.windows(4).any(|w| w == b"Exif"), "{name}: metadata was kept");
            assert!(out.windows(2).any(|w| w == [0xff, 0xc2]), "{name}: not progressive");
        }
        let shown = image::load_from_memory(&picture.jpeg).unwrap();
        assert_eq!(shown.dimensions(), (picture.width, picture.height), "{name}");
        // What we made ourselves passes our own door.
        assert!(reencode(&picture.jpeg).is_ok(), "{name}");
    }
}

#[test]
fn a_turned_picture_is_set_upright() {
    // For each EXIF orientation: where the red corner (top left as stored) must stand afterwards.
    for (orientation, right, below, turned) in [
        (1, false, false, false),
        (2, true, false, false),
        (3, true, true, false),
        (4, false, true, false),
        (5, false, false, true),
        (6, true, false, true),
        (7, true, true, true),
        (8, false, true, true),
    ] {
        let picture = reencode(&with_segment(&jpeg(&corners(400, 200)), 0xe1, &exif(orientation))).unwrap();
        assert_eq!((picture.width, picture.height), if turned { (200, 400) } else { (400, 200) }, "orientation {orientation}");
        let shown = image::load_from_memory(&picture.jpeg).unwrap().into_rgb8();
        let (x, y) = (if right { picture.width - 20 } else { 20 }, if below { picture.height - 20 } else { 20 });
        let [r, g, b] = shown.get_pixel(x, y).0;
        assert!(r > 150 && g < 90 && b < 90, "orientation {orientation}: found {r},{g},{b} where red belongs");
    }
}

#[test]
fn what_is_transparent_lies_on_white_paper() {
    let clear = RgbaImage::from_pixel(50, 50, image::Rgba([0, 0, 0, 0]));
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(clear.as_raw(), 50, 50, ExtendedColorType::Rgba8).unwrap();
    let shown = image::load_from_memory(&reencode(&bytes).unwrap().jpeg).unwrap().into_rgb8();
    assert!(shown.pixels().all(|p| p.0.iter().all(|channel| *channel > 250)));
}

#[test]
fn narrow_and_small_pictures_keep_their_shape() {
    for (width, height, expect) in [(1, 1, (1, 1)), (1600, 1, (1600, 1)), (10_000, 2, (1600, 1)), (3, 5_000, (1, 1600))] {
        let picture = reencode(&png(&corners(width, height))).unwrap();
        assert_eq!((picture.width, picture.height), expect, "{width}×{height}");
    }
}

#[test]
fn what_a_phone_appends_after_the_picture_does_not_matter() {
    let photo = [jpeg(&corners(100, 80)), b"SEFH-samsung-trailer-GPS".to_vec()].concat();
    let picture = reencode(&photo).unwrap();
    assert!(!picture.jpeg.windows(3).any(|w| w == b"GPS"));
}
