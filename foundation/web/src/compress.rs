//! Pages and JSON go out in gzip, or in brotli to whoever takes nothing else: on a page of ours brotli saves a twentieth and costs four
//! times the processor time (decision 0085). Assets were compressed with all patience when they were built. Tokens are masked
//! (`token.rs`), so a page that holds one and shows what was typed may be compressed like any other.

use async_compression::{
    Level,
    tokio::write::{BrotliEncoder, GzipEncoder},
};
use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use http_body_util::BodyExt;
use tokio::io::AsyncWriteExt;

/// Below this a compressed answer is no smaller.
const LEAST: u64 = 600;
/// Above this we would hold too much in memory at once.
const MOST: u64 = 4 << 20;

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
    let encoding = ["gzip", "br"].into_iter().find(|encoding| accepts(request, encoding));
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let Some(encoding) = encoding else { return Response::from_parts(parts, body) };
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let packed = match encoding {
        "br" => brotli(&whole).await,
        _ => gzip(&whole).await,
    };
    let Ok(packed) = packed else { return Response::from_parts(parts, Body::from(whole)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

async fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = BrotliEncoder::with_quality(Vec::with_capacity(bytes.len() / 3), Level::Precise(5));
    encoder.write_all(bytes).await?;
    encoder.shutdown().await?;
    Ok(encoder.into_inner())
}

async fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzipEncoder::with_quality(Vec::with_capacity(bytes.len() / 3), Level::Precise(4));
    encoder.write_all(bytes).await?;
    encoder.shutdown().await?;
    Ok(encoder.into_inner())
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
