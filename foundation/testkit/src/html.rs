//! As much of HTML as a person without script sees of it: words, links, forms with what stands in them.
//!
//! It reads what our own pages write (maud closes every tag and quotes every value); it is no parser for the world's pages.

/// A tag with its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, in lower case.
    pub name: String,
    /// Its attributes, names in lower case, values as they are meant.
    pub attributes: Vec<(String, String)>,
    /// Whether it ends an element.
    pub closing: bool,
}

impl Tag {
    /// An attribute's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has this attribute.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The tags of a page, in order: for those who look at its source.
#[must_use]
pub fn tags(html: &str) -> Vec<Tag> {
    let tag = |piece| match piece {
        Piece::Tag(tag) => Some(tag),
        Piece::Text(_) => None,
    };
    pieces(html).into_iter().filter_map(tag).collect()
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Tag(Tag),
    Text(String),
}

pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';').filter(|end| *end <= 10) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let name = &rest[1..end];
        let number = name
            .strip_prefix("#x")
            .map(|hex| u32::from_str_radix(hex, 16).ok())
            .or_else(|| name.strip_prefix('#').map(|n| n.parse().ok()));
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            _ => number.flatten().and_then(char::from_u32),
        };
        match letter {
            Some(letter) => out.push(letter),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// The pieces of a page, in order. Script, style and comments are left out.
pub(crate) fn pieces(html: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            out.push(Piece::Text(unescape(rest)));
            break;
        };
        if at > 0 {
            out.push(Piece::Text(unescape(&rest[..at])));
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if !tag.closing && (tag.name == "script" || tag.name == "style") {
            let close = format!("</{}", tag.name);
            rest = rest.find(&close).map_or("", |end| &rest[end..]);
        }
        out.push(Piece::Tag(tag));
    }
    out
}

fn tag(text: &str) -> (Tag, &str) {
    let body = &text[1..];
    let closing = body.starts_with('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    let end = body.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(body.len());
    let mut tag = Tag { name: body[..end].to_ascii_lowercase(), attributes: Vec::new(), closing };
    let mut rest = &body[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if rest.is_empty() {
            return (tag, rest);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            if let Some(quoted) = after.strip_prefix('"') {
                let end = quoted.find('"').unwrap_or(quoted.len());
                value = unescape(&quoted[..end]);
                rest = quoted.get(end + 1..).unwrap_or_default();
            } else {
                let end = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                value = unescape(&after[..end]);
                rest = &after[end..];
            }
        }
        if !name.is_empty() {
            tag.attributes.push((name, value));
        } else if rest.starts_with('=') {
            rest = &rest[1..];
        }
    }
}

/// The words of a page, as they are read: runs of white space are one space, blocks stand on lines of their own.
pub(crate) fn words(html: &str) -> String {
    const BLOCKS: [&str; 26] = [
        "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "td", "th", "dt", "dd", "section", "article", "header",
        "footer", "form", "label", "legend", "fieldset", "option", "br", "main", "nav",
    ];
    let mut out = String::new();
    let mut in_title = false;
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => {
                if tag.name == "title" {
                    in_title = !tag.closing;
                }
                if BLOCKS.contains(&tag.name.as_str()) && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            Piece::Text(text) if !in_title => {
                for c in text.chars() {
                    let c = if c.is_whitespace() { ' ' } else { c };
                    if c != ' ' || !out.ends_with([' ', '\n']) {
                        out.push(c);
                    }
                }
            }
            Piece::Text(_) => {}
        }
    }
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A form as it stands on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub action: String,
    pub post: bool,
    pub multipart: bool,
    /// What would be sent as it stands: names and values, in order.
    pub sent: Vec<(String, String)>,
    /// Every name that a field or a button has.
    pub names: Vec<String>,
    /// Fields for files.
    pub files: Vec<String>,
    /// The choices of a field, where it has such.
    pub choices: Vec<(String, String)>,
    /// Names and values of buttons, with their place to send to where they name one.
    pub buttons: Vec<(String, String, Option<String>)>,
}

/// The forms of a page. A form without action sends to the page itself.
pub(crate) fn forms(html: &str) -> Vec<Written> {
    let mut all: Vec<Written> = Vec::new();
    let mut open: Option<Written> = None;
    let mut area: Option<(String, String)> = None;
    let mut select: Option<(String, Vec<(String, bool)>)> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => {
                if let Some((_, value)) = &mut area {
                    value.push_str(&text);
                }
            }
            Piece::Tag(tag) => {
                if tag.name == "form" {
                    if tag.closing {
                        all.extend(open.take());
                    } else {
                        open = Some(Written {
                            action: tag.get("action").unwrap_or_default().to_owned(),
                            post: tag.get("method").is_some_and(|m| m.eq_ignore_ascii_case("post")),
                            multipart: tag.get("enctype") == Some("multipart/form-data"),
                            ..Written::default()
                        });
                    }
                    continue;
                }
                let Some(form) = &mut open else { continue };
                let name = tag.get("name").unwrap_or_default().to_owned();
                match (tag.name.as_str(), tag.closing) {
                    ("input", _) => input(form, &tag, name),
                    ("button", false) if tag.get("type").is_none_or(|t| t == "submit") => {
                        form.names.push(name.clone());
                        form.buttons.push((
                            name,
                            tag.get("value").unwrap_or_default().to_owned(),
                            tag.get("formaction").map(str::to_owned),
                        ));
                    }
                    ("textarea", false) if !name.is_empty() => area = Some((name, String::new())),
                    ("textarea", true) => {
                        if let Some((name, value)) = area.take() {
                            form.names.push(name.clone());
                            form.sent.push((name, value.strip_prefix('\n').unwrap_or(&value).to_owned()));
                        }
                    }
                    ("select", false) if !name.is_empty() => select = Some((name, Vec::new())),
                    ("option", false) => {
                        if let Some((name, options)) = &mut select {
                            let value = tag.get("value").unwrap_or_default().to_owned();
                            form.choices.push((name.clone(), value.clone()));
                            options.push((value, tag.has("selected")));
                        }
                    }
                    ("select", true) => {
                        if let Some((name, options)) = select.take() {
                            let chosen = options.iter().find(|(_, selected)| *selected).or(options.first());
                            form.names.push(name.clone());
                            form.sent.extend(chosen.map(|(value, _)| (name, value.clone())));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    all
}

fn input(form: &mut Written, tag: &Tag, name: String) {
    if name.is_empty() || tag.has("disabled") {
        return;
    }
    let value = tag.get("value").unwrap_or_default().to_owned();
    form.names.push(name.clone());
    match tag.get("type").unwrap_or("text") {
        "file" => form.files.push(name),
        "radio" | "checkbox" => {
            let value = if tag.has("value") { value } else { "on".to_owned() };
            form.choices.push((name.clone(), value.clone()));
            if tag.has("checked") {
                form.sent.push((name, value));
            }
        }
        "submit" | "image" | "button" => form.buttons.push((name, value, tag.get("formaction").map(str::to_owned))),
        _ => form.sent.push((name, value)),
    }
}

/// The links of a page, with their words.
pub(crate) fn links(html: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open: Option<(String, String)> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) if tag.name == "a" && !tag.closing => {
                open = tag.get("href").map(|href| (href.to_owned(), String::new()))
            }
            Piece::Tag(tag) if tag.name == "a" => all.extend(open.take()),
            Piece::Text(text) => {
                if let Some((_, words)) = &mut open {
                    words.push_str(&text);
                }
            }
            Piece::Tag(_) => {}
        }
    }
    all.into_iter().map(|(href, words)| (href, words.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

/// What a page names of the things it shows: its headings below the title, the terms of its lists, the heads of its columns, in order
/// and each once. Who is shown more is shown a label more.
#[must_use]
pub fn labels(html: &str) -> Vec<String> {
    const NAMING: [&str; 5] = ["h2", "h3", "dt", "th", "summary"];
    let (mut all, mut open) = (Vec::new(), None);
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) if NAMING.contains(&tag.name.as_str()) => {
                let done: Option<String> = open.take();
                let label = done.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
                all.extend(label.filter(|label| !label.is_empty() && !all.contains(label)));
                open = (!tag.closing).then(String::new);
            }
            Piece::Text(text) => {
                if let Some(words) = &mut open {
                    words.push_str(&text);
                }
            }
            Piece::Tag(_) => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_of_a_page_are_what_it_names() {
        let page = "<h1>PA-1</h1><h2>Các <b>hạn</b></h2><dl><dt>Loại việc</dt><dd>Ổ gà</dd><dt>Loại việc</dt></dl><th> Mã </th><td>1</td>";
        assert_eq!(labels(page), ["Các hạn", "Loại việc", "Mã"]);
    }

    const PAGE: &str = r#"<!doctype html><html><head><title>T</title><style>p{}</style></head><body><!-- no --><h1>Phản ánh</h1>
      <p>Một &amp; <b>hai</b> &#34;ba&#34;</p><script>if (a < b) {}</script>
      <form action="/reports" method="post" enctype="multipart/form-data">
        <input type="hidden" name="token" value="t&quot;1"><input name="text" value="cũ"><textarea name="more">
a &lt;b&gt;</textarea>
        <input type="radio" name="category" value="pothole"><input type="radio" name="category" value="flood" checked>
        <input type="checkbox" name="agree"><select name="ward"><option value="">…</option><option value="ben-cang" selected>Bến Cảng</option></select>
        <input type="file" name="photo"><button name="step" value="next">Tiếp</button><button type="button">x</button>
      </form><a href="/r/PA-1?x=1&amp;y=2">Xem
      tiếp</a></body></html>"#;

    #[test]
    fn a_form_is_read_as_a_browser_without_script_would_send_it() {
        let [form] = &forms(PAGE)[..] else { panic!("one form") };
        assert!(form.post && form.multipart && form.action == "/reports");
        let sent: Vec<_> = form.sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(sent, [("token", "t\"1"), ("text", "cũ"), ("more", "a <b>"), ("category", "flood"), ("ward", "ben-cang")]);
        assert_eq!(form.files, ["photo"]);
        assert_eq!(form.buttons, [("step".to_owned(), "next".to_owned(), None)]);
        assert!(form.names.contains(&"agree".to_owned()));
    }

    #[test]
    fn words_and_links_are_read_as_people_read_them() {
        let words = words(PAGE);
        assert!(words.starts_with("Phản ánh\nMột & hai \"ba\"\n"), "{words:?}");
        assert!(!words.contains("if (a") && !words.contains("p{}"));
        assert_eq!(links(PAGE), [("/r/PA-1?x=1&y=2".to_owned(), "Xem tiếp".to_owned())]);
    }
}
