//! The few cookies of a browser: language, theme, the secret of its forms, and a flash. The session's is `access`'s.
//!
//! Over HTTPS every name carries `__Host-`, so that no neighbouring host can set it. No script reads any of them.

use axum::http::{HeaderMap, HeaderValue, header};

pub const LANG: &str = "lang";
pub const THEME: &str = "theme";
pub const FORM: &str = "form";
/// How long the secret of a browser's forms lives.
pub const FORM_SECONDS: u32 = 30 * 86_400;
pub const FLASH: &str = "flash";

/// The name as the browser knows it.
pub fn name(plain: &str, secure: bool) -> String {
    if secure { format!("__Host-songhan-{plain}") } else { format!("songhan-{plain}") }
}

/// The value of one of our cookies.
pub fn read<'a>(headers: &'a HeaderMap, plain: &str, secure: bool) -> Option<&'a str> {
    read_named(headers, &name(plain, secure))
}

/// The value of the cookie of this name.
pub fn read_named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A `Set-Cookie` line. `seconds` 0 takes it away; `None` keeps it while the browser is open.
pub fn set(plain: &str, value: &str, seconds: Option<u32>, secure: bool) -> HeaderValue {
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure_flag = if secure { "; Secure" } else { "" };
    let line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure_flag}", name(plain, secure));
    HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_cookie_is_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; songhan-lang=en; songhan-language=vi"));
        assert_eq!(read(&headers, LANG, false), Some("en"));
        assert_eq!(read(&headers, LANG, true), None);
        assert_eq!(read(&headers, THEME, false), None);
    }

    #[test]
    fn a_cookie_of_https_is_bound_to_its_host() {
        let line = set(FORM, "x", None, true);
        assert_eq!(line, "__Host-songhan-form=x; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
