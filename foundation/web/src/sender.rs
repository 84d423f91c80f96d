//! Where a request comes from, for the few doors that count by address themselves: trying passwords. Kept in memory only.

use crate::City;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts},
};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

/// Address and browser of a request.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The peer, or what a proxy that we trust says about it.
    pub address: Option<IpAddr>,
    /// What the browser says it is.
    pub browser: String,
}

impl FromRequestParts<City> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, city: &City) -> Result<Self, Self::Rejection> {
        let browser = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self { address: address(city, &parts.extensions, &parts.headers), browser: browser.chars().take(300).collect() })
    }
}

/// Where the request comes from: the peer, or what a proxy that we trust says about it.
pub(crate) fn address(city: &City, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let trusted = |ip: &IpAddr| city.settings.proxies.contains(ip);
    if !trusted(&peer) {
        return Some(peer);
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect::<Vec<_>>().join(",");
    let ips: Vec<IpAddr> = forwarded.split(',').filter_map(|ip| ip.trim().parse().ok()).collect();
    Some(ips.into_iter().rev().find(|ip| !trusted(ip)).unwrap_or(peer))
}
