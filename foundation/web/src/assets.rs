//! Styles, scripts, fonts and icons as the asset build left them: in the program, compressed beforehand, under names that change with
//! their content, so that a browser keeps them for ever. What is not in the build is a constant that does not exist.

use crate::{City, Doors, Limits, Pass, Path, Trouble, compress::accepts};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

/// One built file, by its public path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset(pub(crate) &'static str);

impl Asset {
    /// The path that pages name.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.0
    }
}

struct File {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Whether the sprite has this icon.
pub(crate) fn has_icon(name: &str) -> bool {
    ICONS.binary_search(&name).is_ok()
}

/// The bytes of an asset in each encoding, for tests of weight.
#[must_use]
pub fn weight(asset: Asset) -> Option<usize> {
    let file = FILES.iter().find(|file| asset.0.strip_prefix("/a/") == Some(file.name))?;
    Some(file.br.unwrap_or(file.plain).len())
}

pub(crate) fn doors() -> Doors {
    Doors::new().get("/a/{name}", Pass::Anyone, Limits::ASSET, "A style, script, font or icon.", serve).immutable()
}

async fn serve(State(_): State<City>, Path(name): Path<String>, request: HeaderMap) -> Result<Response, Trouble> {
    let file = FILES.iter().find(|file| file.name == name).ok_or(Trouble::NotFound)?;
    let (bytes, encoding) = match (file.br, file.gz) {
        (Some(br), _) if accepts(&request, "br") => (br, Some("br")),
        (_, Some(gz)) if accepts(&request, "gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    if file.br.is_some() {
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}
