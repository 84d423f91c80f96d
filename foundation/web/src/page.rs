//! What a handler answers: a page, a redirect with a word on the way, or bytes.

use crate::{Asset, Trouble, layout::Frame};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::Markup;
use std::sync::Arc;

/// The answer of a page's handler.
pub type PageResult = Result<Page, Trouble>;

/// A page without its frame, or a redirect, or bytes: the edge draws it.
#[derive(Clone)]
pub struct Page(pub(crate) Arc<Inner>);

#[derive(Clone)]
pub(crate) enum Inner {
    Html(Box<Html>),
    See { to: String, saying: Option<String>, headers: HeaderMap },
    Bytes { bytes: Vec<u8>, headers: HeaderMap },
}

#[derive(Clone)]
pub(crate) struct Html {
    pub title: String,
    pub heading: bool,
    pub lead: Option<String>,
    pub crumbs: Vec<(String, String)>,
    pub frame: Frame,
    pub styles: Vec<Asset>,
    pub scripts: Vec<Asset>,
    pub wrong: usize,
    pub status: StatusCode,
    pub aside: Option<Markup>,
    pub tools: Option<Markup>,
    pub body: Markup,
    pub headers: HeaderMap,
}

impl Page {
    /// A public page: its title is the `<h1>` and, with the city's name, the `<title>`.
    pub fn new(title: impl Into<String>) -> Self {
        Self(Arc::new(Inner::Html(Box::new(Html {
            title: title.into(),
            heading: true,
            lead: None,
            crumbs: Vec::new(),
            frame: Frame::Public,
            styles: Vec::new(),
            scripts: Vec::new(),
            wrong: 0,
            status: StatusCode::OK,
            aside: None,
            tools: None,
            body: Markup::default(),
            headers: HeaderMap::new(),
        }))))
    }

    /// A file or picture. `kind` is its media type. It is shown inert: `nosniff`, a sandbox; give `name` to make it a download.
    #[must_use]
    pub fn bytes(kind: &'static str, bytes: Vec<u8>, name: Option<&str>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        // A drawing carries its own style; nothing in it runs.
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        );
        let plain: Option<String> =
            name.map(|n| n.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect());
        let place = plain.map_or_else(|| "inline".to_owned(), |name| format!("attachment; filename=\"{name}\""));
        headers
            .insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&place).unwrap_or(HeaderValue::from_static("attachment")));
        Self(Arc::new(Inner::Bytes { bytes, headers }))
    }

    fn html(mut self, change: impl FnOnce(&mut Html)) -> Self {
        if let Inner::Html(html) = Arc::make_mut(&mut self.0) {
            change(html);
        }
        self
    }

    /// In the frame of the officials' desk: a rail instead of the top bar.
    #[must_use]
    pub fn desk(self) -> Self {
        self.html(|html| html.frame = Frame::Desk)
    }

    /// Without the `<h1>`: the body has its own.
    #[must_use]
    pub fn own_heading(self) -> Self {
        self.html(|html| html.heading = false)
    }

    /// The sentence under the title.
    #[must_use]
    pub fn lead(self, text: impl Into<String>) -> Self {
        self.html(|html| html.lead = Some(text.into()))
    }

    /// A step of the way here: label and path. The home page stands before it by itself.
    #[must_use]
    pub fn crumb(self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.html(|html| html.crumbs.push((label.into(), path.into())))
    }

    /// A style that this page needs besides the shared one.
    #[must_use]
    pub fn style(self, asset: Asset) -> Self {
        self.html(|html| html.styles.push(asset))
    }

    /// A script that makes this page more comfortable. The page works without it.
    #[must_use]
    pub fn script(self, asset: Asset) -> Self {
        self.html(|html| html.scripts.push(asset))
    }

    /// The form on this page has so many mistakes: status 422, and the title says it.
    #[must_use]
    pub fn wrong(self, mistakes: usize) -> Self {
        self.html(|html| {
            html.wrong = mistakes;
            if mistakes > 0 {
                html.status = StatusCode::UNPROCESSABLE_ENTITY;
            }
        })
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        self.html(|html| html.status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
    }

    /// What stands beside the body on wide screens and after it on narrow ones.
    #[must_use]
    pub fn aside(self, markup: Markup) -> Self {
        self.html(|html| html.aside = Some(markup))
    }

    /// What stands at the end of the title's line on the desk: a search field, a button.
    #[must_use]
    pub fn tools(self, markup: Markup) -> Self {
        self.html(|html| html.tools = Some(markup))
    }

    /// The body.
    #[must_use]
    pub fn body(self, markup: Markup) -> Self {
        self.html(|html| html.body = markup)
    }

    /// Says a word on the page that a redirect leads to.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        if let Inner::See { saying, .. } = Arc::make_mut(&mut self.0) {
            *saying = Some(text.into());
        }
        self
    }

    /// One more header: a cookie, mostly.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        match Arc::make_mut(&mut self.0) {
            Inner::Html(html) => html.headers.append(name, value),
            Inner::See { headers, .. } | Inner::Bytes { headers, .. } => headers.append(name, value),
        };
        self
    }
}

/// "See there" (303), to a path of ours: after every form.
pub fn see(path: impl Into<String>) -> Page {
    Page(Arc::new(Inner::See { to: path.into(), saying: None, headers: HeaderMap::new() }))
}

/// Carries the page to the edge, which draws it.
#[derive(Clone)]
pub(crate) struct Drawn(pub Page);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Drawn(self));
        response
    }
}
