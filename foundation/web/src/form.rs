//! Forms come in as pairs, and each field is parsed alone, so that nothing typed is ever lost: a field that cannot be read keeps
//! what was typed and says in our words what is wrong.
//!
//! ```ignore
//! let text = form.text("text", 2_000, words::text_is_missing);      // Typed<String>
//! let phone = form.optional("phone", parse_phone);                  // Typed<Option<Phone>>
//! match web::Checked::new(&[&text, &phone]).mistakes() { 0 => …, n => show the page again with .wrong(n) }
//! ```
//!
//! A name that the door's row does not declare (`takes`) is not there to be asked for: in debug builds, and so in every test, that is a
//! panic with the door's name.
//!
//! Texts are brought to NFC and freed of control characters at the door. Bytes that are not UTF-8, and NUL, are refused there (400).

use crate::unfiled::KEPT;
use crate::{City, Door, Trouble, words};
use axum::{extract::FromRequestParts, http::request::Parts};
use files::StoredPicture;
use kernel::{Instant, Key, Lang};
use std::sync::Arc;

/// More pairs than any of our forms has.
const MOST_PAIRS: usize = 500;
/// Longer than the name of any of our fields: who sends one longer does not send a form of ours.
const LONGEST_NAME: usize = 200;

/// What a form or a query brought: names and values in order, cleaned, and pictures.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    pub(crate) pictures: Vec<Upload>,
    /// The language in which mistakes are said.
    pub(crate) lang: Lang,
    form_key: [u8; 32],
    /// When it came, in milliseconds.
    came_at: i64,
    /// The door that it came through.
    #[cfg(debug_assertions)]
    door: Option<Arc<Door>>,
}

/// A picture that came with a form, re-encoded and stored, or the reason why not.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field that brought it.
    pub field: String,
    /// The picture, or the sentence about it.
    pub picture: Result<StoredPicture, String>,
    /// It was not taken because there is too much to do, not because of what it is.
    pub busy: bool,
}

/// The pictures of one field, new ones and those kept from an earlier try.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The name of the field.
    pub name: &'static str,
    /// Hashes of picture and thumbnail, in order.
    pub kept: Vec<(files::Hash, files::Hash)>,
    /// What was wrong with some of them.
    pub error: Option<String>,
    /// All that is wrong is that there was too much to do to take some of them.
    pub busy: bool,
    words: Vec<String>,
}

impl Files {
    /// The field of a fresh form.
    #[must_use]
    pub fn empty(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// What stands in the hidden fields that bring the pictures along when the form is shown again.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

impl Form {
    /// The pairs of a query string that can be read, and whether others cannot.
    pub(crate) fn of_query(query: &str) -> (Self, bool) {
        let mut form = Self::default();
        let unreadable = pairs(query.as_bytes()).filter(|pair| form.add_pair(pair).is_err()).count() > 0;
        (form, unreadable)
    }

    /// The pairs of a body of `application/x-www-form-urlencoded`.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Result<Self, Trouble> {
        let mut form = Self::default();
        pairs(bytes).try_for_each(|pair| form.add_pair(pair))?;
        Ok(form)
    }

    fn add_pair(&mut self, pair: &[u8]) -> Result<(), Trouble> {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        self.add(decode(&pair[..at])?, &decode(pair.get(at + 1..).unwrap_or_default())?)
    }

    pub(crate) fn add(&mut self, name: String, value: &str) -> Result<(), Trouble> {
        if self.pairs.len() >= MOST_PAIRS {
            return Err(Trouble::refusal(400, words::too_many_fields));
        }
        if name.len() > LONGEST_NAME || name.contains('\0') || value.contains('\0') {
            return Err(Trouble::refusal(400, words::unreadable));
        }
        self.pairs.push((name, kernel::spelling::clean(value)));
        Ok(())
    }

    pub(crate) fn at(mut self, city: &City, lang: Lang) -> Self {
        self.lang = lang;
        self.form_key = city.form_key;
        self.came_at = city.now().ms();
        self
    }

    /// It came through this door: what it may be asked for stands in the door's row.
    #[cfg(debug_assertions)]
    pub(crate) fn through(mut self, door: &Arc<Door>) -> Self {
        self.door = Some(door.clone());
        self
    }

    #[cfg(not(debug_assertions))]
    pub(crate) const fn through(self, _: &Arc<Door>) -> Self {
        self
    }

    #[cfg(debug_assertions)]
    #[track_caller]
    fn declared(&self, name: &str) {
        if let Some(door) = &self.door {
            assert!(
                door.takes(name),
                "{} {} reads `{name}`: its row in the table of doors does not take it",
                door.method,
                door.path
            );
        }
    }

    #[cfg(not(debug_assertions))]
    const fn declared(&self, _: &str) {}

    /// The language in which the sender reads.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The first value of this name, or the empty text.
    #[must_use]
    #[track_caller]
    pub fn raw(&self, name: &str) -> &str {
        self.declared(name);
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// All values of this name, in order.
    #[must_use]
    #[track_caller]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.declared(name);
        self.pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Every pair, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a box was ticked or a button of this name pressed.
    #[must_use]
    #[track_caller]
    pub fn has(&self, name: &str) -> bool {
        self.declared(name);
        self.pairs.iter().any(|(n, _)| n == name)
    }

    /// A field that must be filled: `parse` reads it, or says what is wrong.
    pub fn field<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Typed<T> {
        let raw = self.raw(name).to_owned();
        match parse(&raw) {
            Ok(value) => Typed { name, raw, value: Some(value), error: None },
            Err(error) => Typed { name, raw, value: None, error: Some(error) },
        }
    }

    /// A field that may be left empty.
    pub fn optional<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Typed<Option<T>> {
        self.field(name, |raw| if raw.is_empty() { Ok(None) } else { parse(raw).map(Some) })
    }

    /// A text that must be there, of at most so many characters. `missing` is said when it is not.
    pub fn text(&self, name: &'static str, most: usize, missing: fn(Lang) -> &'static str) -> Typed<String> {
        self.field(name, |raw| if raw.is_empty() { Err(missing(self.lang).to_owned()) } else { self.within(raw, most) })
    }

    /// A text that may be left empty, of at most so many characters.
    pub fn short(&self, name: &'static str, most: usize) -> Typed<String> {
        self.field(name, |raw| self.within(raw, most))
    }

    fn within(&self, raw: &str, most: usize) -> Result<String, String> {
        let count = raw.chars().count();
        if count <= most {
            Ok(raw.to_owned())
        } else {
            Err(words::too_long(self.lang, i64::try_from(count).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX)))
        }
    }

    /// The key of this submission (rule R2), from the hidden field that [`crate::parts::form`] writes.
    ///
    /// # Errors
    /// 400 when it is absent or has not the shape of one.
    pub fn key(&self) -> Result<Key, Trouble> {
        Key::parse(self.raw("key")).ok_or_else(|| Trouble::refusal(400, words::unreadable))
    }

    /// The version of the case that the page showed, from the hidden field `version`.
    ///
    /// # Errors
    /// 400 when it is absent or no number.
    pub fn version(&self) -> Result<i64, Trouble> {
        self.raw("version").parse().map_err(|_| Trouble::refusal(400, words::unreadable))
    }

    /// The pictures of a field: those that came now, and those that an earlier try of this form brought (in `kept-…`).
    pub fn pictures(&self, name: &'static str, most: usize) -> Files {
        self.declared(name);
        let mut files = Files { name, ..Files::default() };
        let now = Instant(self.came_at);
        let mut kept: Vec<Kept> = Vec::new();
        let mut keep = |one: Kept| {
            if !kept.iter().any(|other| other.pair == one.pair) {
                kept.push(one);
            }
        };
        for word in self.all(&format!("kept-{name}")) {
            match opened(&self.form_key, word) {
                Some(one) if one.since.after(KEPT) > now => keep(one),
                Some(_) => files.error = Some(words::pictures_forgotten(self.lang).to_owned()),
                None => {}
            }
        }
        let mut busy = false;
        for upload in self.pictures.iter().filter(|upload| upload.field == name) {
            match &upload.picture {
                Ok(stored) => keep(Kept { pair: (stored.full.hash.clone(), stored.thumb.hash.clone()), since: now }),
                Err(_) if upload.busy && files.error.is_some() => {}
                Err(sentence) => {
                    files.error = Some(sentence.clone());
                    busy = upload.busy;
                }
            }
        }
        for gone in self.all(&format!("drop-{name}")) {
            kept.retain(|one| one.pair.0.as_str() != gone);
        }
        if kept.len() > most {
            kept.truncate(most);
            files.error = Some(words::too_many_pictures(self.lang, i64::try_from(most).unwrap_or(i64::MAX)));
            busy = false;
        }
        files.busy = busy;
        files.words = kept.iter().map(|one| sealed(&self.form_key, one)).collect();
        files.kept = kept.into_iter().map(|one| one.pair).collect();
        files
    }
}

/// A picture that came with an earlier try of a form, and when it came.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    pair: (files::Hash, files::Hash),
    since: Instant,
}

/// A kept picture as it travels in a hidden field, signed: nobody attaches a picture that he was not given, and none that may be gone.
fn sealed(key: &[u8; 32], Kept { pair: (full, thumb), since }: &Kept) -> String {
    let since = since.ms();
    let mac = kernel::secret::keyed_digest(key, format!("picture {full} {thumb} {since}").as_bytes());
    format!("{full}.{thumb}.{since}.{}", kernel::secret::hex(&mac[..16]))
}

fn opened(key: &[u8; 32], word: &str) -> Option<Kept> {
    let mut parts = word.split('.');
    let pair = (files::Hash::parse(parts.next()?)?, files::Hash::parse(parts.next()?)?);
    let kept = Kept { pair, since: Instant(parts.next()?.parse().ok()?) };
    kernel::secret::same(sealed(key, &kept).as_bytes(), word.as_bytes()).then_some(kept)
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty())
}

fn decode(bytes: &[u8]) -> Result<String, Trouble> {
    let unreadable = || Trouble::refusal(400, words::unreadable);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
                let (Some(high), Some(low)) = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) else {
                    return Err(unreadable());
                };
                out.push(u8::try_from(high * 16 + low).map_err(|_| unreadable())?);
                at += 2;
            }
            other => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8(out).map_err(|_| unreadable())
}

impl FromRequestParts<City> for Form {
    type Rejection = Trouble;

    /// The guard has read it; at a door for reading it is empty (the query is `visit.query`).
    async fn from_request_parts(parts: &mut Parts, _: &City) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Arc<Self>>().map(|form| (**form).clone()).unwrap_or_default())
    }
}

/// A field as it was typed, and what became of it.
#[derive(Clone, Debug)]
pub struct Typed<T> {
    /// The name of the field, also the id on the page.
    pub name: &'static str,
    /// What was typed.
    pub raw: String,
    /// What it means, when it means something.
    pub value: Option<T>,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl<T> Typed<T> {
    /// A field of a fresh form.
    #[must_use]
    pub fn empty(name: &'static str) -> Self {
        Self { name, raw: String::new(), value: None, error: None }
    }

    /// A field of a fresh form that holds something already.
    #[must_use]
    pub fn filled(name: &'static str, raw: impl Into<String>) -> Self {
        Self { name, raw: raw.into(), value: None, error: None }
    }

    /// Says that something is wrong after all: when a refusal concerns this field.
    pub fn refuse(&mut self, error: impl Into<String>) {
        self.error = Some(error.into());
    }

    /// The value. Ask [`Checked`] first.
    ///
    /// # Errors
    /// 422 when there is none.
    pub fn take(self) -> Result<T, Trouble> {
        self.value.ok_or_else(|| Trouble::refusal(422, words::unreadable))
    }
}

/// A field, whatever it holds: for the summary of mistakes.
pub trait Field {
    /// The id on the page.
    fn id(&self) -> &str;
    /// What is wrong.
    fn error(&self) -> Option<&str>;
}

impl<T> Field for Typed<T> {
    fn id(&self) -> &str {
        self.name
    }

    fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

impl Field for Files {
    fn id(&self) -> &str {
        self.name
    }

    fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

/// The fields of a form in the order of the page, and their mistakes.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    errors: Vec<(String, String)>,
}

impl Checked {
    /// Looks at all fields.
    #[must_use]
    pub fn new(fields: &[&dyn Field]) -> Self {
        Self { errors: fields.iter().filter_map(|field| Some((field.id().to_owned(), field.error()?.to_owned()))).collect() }
    }

    /// How many fields have a mistake.
    #[must_use]
    pub fn mistakes(&self) -> usize {
        self.errors.len()
    }

    /// Field id and sentence of each mistake.
    #[must_use]
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    /// One more mistake, at the field of this id.
    pub fn add(&mut self, id: impl Into<String>, error: impl Into<String>) {
        self.errors.push((id.into(), error.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays() {
        let form = Form::of_bytes("name=Lan&age=ba+m%C6%B0%C6%A1i&empty=&pick=a&pick=b".as_bytes()).unwrap();
        let age = form.field("age", |raw| raw.parse::<u8>().map_err(|_| "số".to_owned()));
        assert_eq!((age.raw.as_str(), age.value, age.error.as_deref()), ("ba mươi", None, Some("số")));
        assert_eq!(form.all("pick"), ["a", "b"]);
        assert_eq!(form.optional("empty", |_| Ok(1)).value, Some(None));
        assert_eq!(Checked::new(&[&age]).mistakes(), 1);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "GET /map reads `tilt`: its row in the table of doors does not take it")]
    fn what_a_door_does_not_declare_is_not_there() {
        let doors =
            crate::Doors::new().get("/map", crate::Pass::Anyone, crate::Limits::PAGE, "A map.", async || "").takes(&["pin"]);
        let form = Form::of_bytes(b"pin=1&tilt=2").unwrap().through(&Arc::new(doors.list().remove(0)));
        assert_eq!(form.raw("pin"), "1");
        let _ = form.raw("tilt");
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let form = Form::of_bytes("a=%E1%BB%99%E1%BB%99%E1%BB%99".as_bytes()).unwrap();
        assert!(form.short("a", 3).error.is_none());
        assert!(form.short("a", 2).error.is_some());
    }

    #[test]
    fn decomposed_text_is_composed_and_bad_bytes_are_refused() {
        assert_eq!(Form::of_bytes(b"a=o%CC%82%CC%A3").unwrap().raw("a"), "ộ");
        for bad in [&b"a=%ff"[..], b"a=%C3%28", b"a=%00", b"a=%4", b"a=%zz", b"a=\xf0\x28", b"a=%ED%A0%80", b"a=%C0%AF"] {
            assert_eq!(Form::of_bytes(bad).unwrap_err().status(), 400, "{bad:?}");
        }
        assert_eq!(Form::of_bytes("a=1&".repeat(501).as_bytes()).unwrap_err().status(), 400);
    }

    #[test]
    fn a_kept_picture_is_only_ours() {
        let (a, b) = (files::Hash::of(b"a"), files::Hash::of(b"b"));
        let kept = || Kept { pair: (a.clone(), b.clone()), since: Instant(7) };
        let word = sealed(&[1; 32], &kept());
        assert_eq!(opened(&[1; 32], &word), Some(kept()));
        assert_eq!(opened(&[2; 32], &word), None);
        assert_eq!(opened(&[1; 32], "x.y.z"), None);
    }
}
