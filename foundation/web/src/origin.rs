//! Same origin: an unsafe method must come from our own pages. `Sec-Fetch-Site` first; where a browser does not send it (plain HTTP
//! on a host that is not localhost), `Origin` against the public origin of the settings, or against `Host` when none is set.

use axum::http::HeaderMap;

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a form that arrives with these headers was sent by one of our pages.
pub fn same(headers: &HeaderMap, public: Option<&str>) -> bool {
    let origin_fits = |origin: &str| match public {
        Some(public) => origin.eq_ignore_ascii_case(public),
        None => {
            origin.split_once("://").is_some_and(|(_, host)| text(headers, "host").is_some_and(|h| h.eq_ignore_ascii_case(host)))
        }
    };
    match (text(headers, "sec-fetch-site"), text(headers, "origin")) {
        (Some("same-origin"), None) => true,
        (Some("same-origin") | None, Some(origin)) => origin_fits(origin),
        _ => false,
    }
}

/// Whether a browser says that another site sends this (refused at the API: no page of another site posts there).
pub fn cross_site(headers: &HeaderMap, public: Option<&str>) -> bool {
    match (text(headers, "sec-fetch-site"), text(headers, "origin")) {
        (Some(site), _) if site != "same-origin" && site != "none" => true,
        (_, Some(_)) => !same(headers, public),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let own = Some("https://songhan.example");
        for (given, public, expect) in [
            (&[("sec-fetch-site", "same-origin")][..], own, true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://songhan.example")], own, true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], own, false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://songhan.example")], own, false),
            (&[("sec-fetch-site", "same-site")], own, false),
            (&[("sec-fetch-site", "none")], own, false),
            (&[("origin", "https://songhan.example")], own, true),
            (&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], None, true),
            (&[("origin", "http://evil.example"), ("host", "localhost:8080")], None, false),
            (&[("origin", "null")], own, false),
            (&[("host", "localhost:8080")], None, false),
        ] {
            assert_eq!(same(&headers(given), public), expect, "{given:?}");
        }
    }

    #[test]
    fn the_api_takes_programs_and_refuses_other_sites() {
        assert!(!cross_site(&headers(&[]), None));
        assert!(cross_site(&headers(&[("sec-fetch-site", "cross-site")]), None));
        assert!(cross_site(&headers(&[("origin", "https://evil.example"), ("host", "a")]), None));
    }
}
