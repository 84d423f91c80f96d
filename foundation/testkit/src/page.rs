//! A page as somebody sees it, and a form on it as somebody fills it.

use crate::html;
use crate::person::{Answer, Person, request, urlencoded};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use std::ops::Deref;

/// A page that somebody sees.
#[derive(Clone)]
pub struct Page {
    person: Person,
    /// Where it is.
    pub path: String,
    answer: Answer,
}

impl Deref for Page {
    type Target = Answer;
    fn deref(&self) -> &Answer {
        &self.answer
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}:\n{}", self.answer.status, self.path, self.words())
    }
}

impl Page {
    pub(crate) const fn new(person: Person, path: String, answer: Answer) -> Self {
        Self { person, path, answer }
    }

    /// What is read on it, a block a line.
    #[must_use]
    pub fn words(&self) -> String {
        html::words(&self.text())
    }

    /// Whether these words stand on it.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        one_line(&self.words()).contains(&one_line(words))
    }

    /// These words stand on it.
    ///
    /// # Panics
    /// When they do not.
    #[track_caller]
    pub fn shows(&self, words: &str) -> &Self {
        assert!(self.says(words), "{} does not see “{words}” at {}:\n{}", self.person.name, self.path, self.words());
        self
    }

    /// These words do not stand on it, nor anywhere in its source.
    ///
    /// # Panics
    /// When they do.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        let there = self.says(words) || self.text().contains(words);
        assert!(!there, "{} sees “{words}” at {}:\n{}", self.person.name, self.path, self.words());
        self
    }

    /// The page has this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.answer.status, StatusCode::from_u16(status).expect("a status"), "{self:?}");
        self
    }

    /// Where its links lead, with their words.
    #[must_use]
    pub fn links(&self) -> Vec<(String, String)> {
        html::links(&self.text())
    }

    /// The first link whose words contain `words`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let found = self.links().into_iter().find(|(_, said)| said.contains(words));
        found.unwrap_or_else(|| panic!("no link “{words}” at {}:\n{}", self.path, self.words())).0
    }

    /// The places that its forms send to.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        html::forms(&self.text()).into_iter().map(|form| form.action).collect()
    }

    /// Whether a form on it sends to `action`.
    #[must_use]
    pub fn has_form(&self, action: &str) -> bool {
        self.actions().iter().any(|there| there == action)
    }

    /// The form that sends to `action`. An empty action is the form without one.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn form(&self, action: &str) -> WebForm {
        let found = html::forms(&self.text())
            .into_iter()
            .find(|form| form.action == action || action == self.path && form.action.is_empty());
        let written = found.unwrap_or_else(|| {
            panic!("{}: no form to `{action}` at {}, but to {:?}:\n{}", self.person.name, self.path, self.actions(), self.words())
        });
        let action = if written.action.is_empty() { self.path.clone() } else { written.action.clone() };
        WebForm {
            person: self.person.clone(),
            at: self.path.clone(),
            action,
            pairs: written.sent.clone(),
            files: Vec::new(),
            written,
        }
    }
}

/// A form that somebody fills. Fields keep what stands on the page until they are filled.
#[derive(Clone)]
#[must_use = "a form that is not sent does nothing"]
pub struct WebForm {
    person: Person,
    at: String,
    action: String,
    pairs: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
    written: html::Written,
}

impl WebForm {
    /// Fills a field, ticks a box or chooses one of several.
    ///
    /// # Panics
    /// When the form has no such field, or it offers no such choice.
    #[track_caller]
    pub fn fill(self, name: &str, value: &str) -> Self {
        assert!(
            self.written.names.iter().any(|n| n == name),
            "the form to {} at {} has no field `{name}`, but {:?}",
            self.action,
            self.at,
            self.written.names
        );
        let choices: Vec<&str> = self.written.choices.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect();
        assert!(choices.is_empty() || choices.contains(&value), "field `{name}` offers {choices:?}, not `{value}`");
        self.force(name, value)
    }

    /// Sets a pair whether or not the form has such a field: for trying the wrong thing.
    pub fn force(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(n, _)| n != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a pair beside others of the same name: several boxes of one group.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a field out of what is sent.
    pub fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(n, _)| n != name);
        self
    }

    /// Presses the button of this name and value instead of the first one.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn press(mut self, name: &str, value: &str) -> Self {
        let button = self.written.buttons.iter().find(|(n, v, _)| n == name && v == value);
        let (_, _, action) =
            button.unwrap_or_else(|| panic!("no button `{name}` = `{value}`, but {:?}", self.written.buttons)).clone();
        if let Some(action) = action {
            self.action = action;
        }
        self.and(name, value)
    }

    /// Chooses a file.
    ///
    /// # Panics
    /// When the form takes none under this name.
    #[track_caller]
    pub fn file(mut self, name: &str, file_name: &str, bytes: Vec<u8>) -> Self {
        assert!(
            self.written.files.iter().any(|n| n == name),
            "the form to {} takes no file `{name}`, but {:?}",
            self.action,
            self.written.files
        );
        self.files.push((name.to_owned(), file_name.to_owned(), bytes));
        self
    }

    /// What stands in a field now.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The names of its fields.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.written.names
    }

    /// Where it sends to.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Sends it and goes where that leads, as a browser does.
    ///
    /// # Panics
    /// When it leads around in a circle.
    pub async fn send(self) -> Page {
        let (person, action) = (self.person.clone(), self.action.clone());
        let answer = self.send_only().await;
        match answer.leads_to() {
            Some(next) => person.tries(&next).await,
            None => Page::new(person, action, answer),
        }
    }

    /// Sends it and takes whatever comes.
    ///
    /// # Panics
    /// When the request cannot be built.
    pub async fn send_only(self) -> Answer {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        if !self.written.post {
            return self.person.gets(&format!("{}?{}", self.action, urlencoded(pairs))).await;
        }
        let builder = request(Method::POST, &self.action).header("sec-fetch-site", "same-origin");
        let request = if self.written.multipart {
            const APART: &str = "songhan-test-boundary";
            let mut body = Vec::new();
            for (name, value) in pairs {
                body.extend(format!("--{APART}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
            }
            for (name, file_name, bytes) in &self.files {
                let kind = "Content-Type: application/octet-stream";
                body.extend(
                    format!(
                        "--{APART}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n{kind}\r\n\r\n"
                    )
                    .bytes(),
                );
                body.extend(bytes);
                body.extend(b"\r\n");
            }
            body.extend(format!("--{APART}--\r\n").bytes());
            builder.header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={APART}")).body(Body::from(body))
        } else {
            builder.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(urlencoded(pairs)))
        };
        self.person.asks(request.expect("a sound action")).await
    }
}
