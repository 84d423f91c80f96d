//! Long lists by key, never by page number: page ten thousand costs as much as page one. The place in the list travels as an
//! opaque word.

use crate::{City, Form, Visit};
use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::secret::{base32, keyed_digest, same};
use std::convert::Infallible;

/// The place in a list that was asked for with `?before=…`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// Show what stands before this id; `None` is the beginning (the newest).
    pub before: Option<i64>,
}

impl Paging {
    /// Rows on one page.
    pub const ROWS: i64 = 25;

    /// The place as it is written into a link. It is signed: an id that nobody was shown cannot be tried.
    #[must_use]
    pub fn word(city: &City, id: i64) -> String {
        let mac = keyed_digest(&city.form_key, &[b"paging".as_slice(), &id.to_be_bytes()].concat());
        let hidden: [u8; 8] = std::array::from_fn(|i| id.to_be_bytes()[i] ^ keyed_digest(&city.form_key, &mac[..8])[i]);
        base32(&[&mac[..8], &hidden].concat())
    }

    fn parse(city: &City, form: &Form) -> Option<i64> {
        let bytes = unbase32(form.raw("before"))?;
        let (mac, hidden) = bytes.split_at_checked(8)?;
        let pad = keyed_digest(&city.form_key, mac);
        let id = i64::from_be_bytes(hidden.iter().zip(pad).map(|(h, p)| h ^ p).collect::<Vec<_>>().try_into().ok()?);
        let full = keyed_digest(&city.form_key, &[b"paging".as_slice(), &id.to_be_bytes()].concat());
        same(mac, &full[..8]).then_some(id)
    }
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    if text.len() != 26 {
        return None;
    }
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.chars() {
        held = held << 5 | u32::try_from(LETTERS.find(c)?).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 255).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

impl FromRequestParts<City> for Paging {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, city: &City) -> Result<Self, Self::Rejection> {
        Ok(Self { before: parts.extensions.get::<Visit>().and_then(|visit| Self::parse(city, &visit.query)) })
    }
}
