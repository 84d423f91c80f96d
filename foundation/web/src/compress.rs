//! Pages and JSON go out in gzip (decision 0085). Assets were compressed with all patience when they were built. Tokens are masked
//! (`token.rs`), so a page that holds one and shows what was typed may be compressed like any other.

use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use flate2::{Compress, Compression, FlushCompress, Status};
use http_body_util::BodyExt;
use std::cell::RefCell;

/// Below this a compressed answer is no smaller.
const LEAST: u64 = 600;
/// Above this we would hold too much in memory at once.
const MOST: u64 = 4 << 20;
/// Level 4 saves a twentieth of the bytes for a third more processor time; level 1 is a fourth larger.
const LEVEL: u32 = 2;
/// The largest window, 32 KiB, as a power of two.
const WINDOW: u8 = 15;

thread_local! {
    // Making the tables costs more than packing a page with them: each thread keeps its own.
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::new(LEVEL), WINDOW));
}

pub async fn compress(request: &HeaderMap, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wordy =
        ["text/html", "image/svg+xml", "application/json", "application/problem+json", "text/plain", "application/geo+json"]
            .iter()
            .any(|k| kind.starts_with(k));
    let size = response.body().size_hint().exact().unwrap_or_default();
    if !wordy || response.headers().contains_key(header::CONTENT_ENCODING) || !(LEAST..MOST).contains(&size) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !accepts(request, "gzip") {
        return Response::from_parts(parts, body);
    }
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let Some(packed) = gzip(&whole) else { return Response::from_parts(parts, Body::from(whole)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

/// The bytes packed; `None` when they would not become fewer.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        let mut packed = Vec::with_capacity(bytes.len());
        match packer.compress_vec(bytes, &mut packed, FlushCompress::Finish) {
            Ok(Status::StreamEnd) => Some(packed),
            _ => None,
        }
    })
}

/// Whether the browser takes this encoding (and did not say `q=0`).
pub fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
        let never = rest.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q == 0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !never
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_what_was_written_however_often() {
        for page in ["Phường Bến Cảng ".repeat(500), "Xã Hòa Sơn, ".repeat(9_000), "tổ dân phố ".repeat(77)] {
            let packed = gzip(page.as_bytes()).unwrap();
            assert!(packed.len() * 5 < page.len(), "{} of {}", packed.len(), page.len());
            let mut read = String::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut read).unwrap();
            assert_eq!(read, page);
        }
    }

    #[test]
    fn what_would_not_become_fewer_stays() {
        let noise: Vec<u8> = (0..200).flat_map(|n: u32| kernel::secret::random::<32>().map(|b| b ^ n.to_le_bytes()[0])).collect();
        assert_eq!(gzip(&noise), None);
    }
}
