//! TOML into types, without stopping at the first mistake.
//!
//! serde's own way ends at the first error. Here an unknown key is noted and skipped, an element of a list that cannot be read is noted
//! and left out, and reading goes on, so that one run tells everything. Inside a table, serde ends at the first value of a wrong type: that
//! value is then noted and hidden, and the table is read once more, until all its values are told. Spans are positions in the whole pack (see `reader.rs`).

use crate::nearest::nearest;
use kernel::spelling::nfc;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The name under which [`crate::Day`] asks for a TOML date.
pub(crate) const DAY: &str = "$songhan_day";

/// The name under which [`crate::reader::Maybe`] asks for a table that may be left out.
pub(crate) const MAYBE: &str = "$songhan_maybe";

/// A mistake on its way to a complaint.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub span: Option<Range<usize>>,
    pub message: String,
    pub help: Option<String>,
    /// The mistake is already told by another one: a key misspelled is not also a key missing.
    pub told: bool,
    missing: Option<&'static str>,
    variant: bool,
    /// A value was noted and hidden: reading the same again tells more.
    pub again: bool,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: None, told: false, missing: None, variant: false, again: false }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn at(mut self, span: Range<usize>) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// `one of …` of a list of known words; long lists are cut.
pub(crate) fn one_of<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = known.into_iter().collect();
    let shown: Vec<String> = all.iter().take(12).map(|word| format!("`{word}`")).collect();
    let more = if all.len() > 12 { format!(" and {} more", all.len() - 12) } else { String::new() };
    format!("known are {}{more}", shown.join(", "))
}

/// "did you mean" when a near word is known, else the known words.
pub(crate) fn meant<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(word) = nearest(typed, known.clone()) {
        return Some(format!("did you mean `{word}`?"));
    }
    known.clone().into_iter().next()?;
    Some(one_of(known))
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let expected = match expected.to_string().as_str() {
            "a string" => "a text in quotes".to_owned(),
            "f64" | "f32" => "a number".to_owned(),
            "a boolean" => "`true` or `false`".to_owned(),
            "a sequence" => "a list in `[…]`".to_owned(),
            "an array of length 2" => "a list of two".to_owned(),
            text if text.len() <= 5 && text.starts_with(['i', 'u']) => "a whole number".to_owned(),
            text if text.starts_with("struct ") => "a table".to_owned(),
            text => text.to_owned(),
        };
        let fault = Self::new(format!("{expected} is expected here, not {}", words(found)));
        match found {
            Unexpected::Signed(number) if expected == "a text in quotes" => fault.help(format!("write \"{number}\"")),
            Unexpected::Str(text) if expected.ends_with("number") && text.parse::<f64>().is_ok() => {
                fault.help(format!("write {text}, without quotes"))
            }
            _ => fault,
        }
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn de::Expected) -> Self {
        let wanted = expected.to_string().replace("an array of length", "a list of");
        Self::new(format!("{wanted} is expected here, not a list of {length}"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let mut fault = Self { variant: true, ..Self::new(format!("`{variant}` is unknown")) };
        fault.help = meant(variant, expected.iter().copied());
        fault
    }

    fn missing_field(field: &'static str) -> Self {
        let mut fault = Self::new(format!("`{field}` is missing"));
        fault.missing = Some(field);
        fault
    }
}

fn words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Str(text) => format!("the text \"{text}\""),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// Where faults are collected while reading goes on.
#[derive(Default)]
pub(crate) struct Faults {
    noted: RefCell<Vec<Fault>>,
    /// Values that cannot be read: where they begin and end.
    hidden: RefCell<BTreeSet<(usize, usize)>>,
}

impl Faults {
    pub(crate) fn note(&self, fault: Fault) {
        if !fault.told {
            self.noted.borrow_mut().push(fault);
        }
    }

    pub(crate) fn take(self) -> Vec<Fault> {
        self.noted.into_inner()
    }

    fn hide(&self, span: &Range<usize>) {
        self.hidden.borrow_mut().insert((span.start, span.end));
    }

    fn hides(&self, span: &Range<usize>) -> bool {
        self.hidden.borrow().contains(&(span.start, span.end))
    }
}

/// One TOML value, to be read into a type. `base` turns positions in the file into positions in the pack.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a, 'i> {
    value: &'a DeValue<'i>,
    start: usize,
    end: usize,
    base: usize,
    faults: &'a Faults,
}

impl<'a, 'i> Node<'a, 'i> {
    pub(crate) fn new(value: &'a Spanned<DeValue<'i>>, base: usize, faults: &'a Faults) -> Self {
        let span = value.span();
        Self { value: value.get_ref(), start: span.start, end: span.end, base, faults }
    }

    fn child(&self, value: &'a Spanned<DeValue<'i>>) -> Self {
        Self::new(value, self.base, self.faults)
    }

    fn span(&self) -> Range<usize> {
        self.start + self.base..self.end + self.base
    }

    fn found(&self) -> String {
        match self.value {
            DeValue::String(text) => format!("the text \"{text}\""),
            DeValue::Integer(number) => format!("the number {number}"),
            DeValue::Float(number) => format!("the number {number}"),
            DeValue::Boolean(value) => format!("`{value}`"),
            DeValue::Datetime(value) => format!("the date {value}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(message).at(self.span())
    }

    /// Notes unknown keys of a table and gives the faults that explain a missing one.
    fn unknown_keys(&self, table: &DeTable<'i>, fields: &'static [&'static str]) -> Vec<&'static str> {
        let mut explained = Vec::new();
        for (key, _) in table.iter().filter(|(key, _)| !fields.contains(&key.get_ref().as_ref())) {
            let absent = || fields.iter().copied().filter(|field| !table.contains_key(*field));
            let near = nearest(key.get_ref(), absent()).or_else(|| nearest(key.get_ref(), fields.iter().copied()));
            let help = near.map_or_else(|| one_of(fields.iter().copied()), |word| format!("did you mean `{word}`?"));
            explained.extend(fields.iter().copied().filter(|field| Some(*field) == near));
            let span = key.span().start + self.base..key.span().end + self.base;
            self.faults.note(Fault::new(format!("unknown key `{}`", key.get_ref())).help(help).at(span));
        }
        explained
    }

    /// Texts that people read: neither empty nor with letters that are composed otherwise than everywhere else.
    fn both(&self, table: &'a DeTable<'i>) {
        for value in table.values() {
            let node = self.child(value);
            let DeValue::String(text) = node.value else { continue };
            if text.trim().is_empty() {
                self.faults.note(node.fault("the text is empty").help("write what people read, in both languages"));
            } else if nfc(text) != **text {
                self.faults
                    .note(node.fault("tone marks stand apart from their letters").help("save the file in Unicode form NFC"));
            }
        }
    }
}

impl<'de, 'i> Deserializer<'de> for Node<'_, 'i> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(value) => visitor.visit_i64(value),
                Err(_) => Err(Fault::new("the number is too large")),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => visitor.visit_f64(value),
                _ => Err(Fault::new(format!("`{number}` is not a number that can be used here"))),
            },
            DeValue::Boolean(value) => visitor.visit_bool(*value),
            DeValue::Datetime(value) => visitor.visit_string(value.to_string()),
            DeValue::Array(_) => return self.deserialize_seq(visitor),
            DeValue::Table(table) => {
                let entries = Box::new(table.iter().map(move |(key, value)| (key, self.child(value))));
                visitor.visit_map(Entries { node: self, entries, value: None })
            }
        }
        .map_err(|fault| fault.at(self.span()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == MAYBE {
            return visitor.visit_seq(Items::new(vec![self], false));
        }
        if name != DAY {
            return visitor.visit_newtype_struct(self).map_err(|fault| fault.at(self.span()));
        }
        match self.value {
            DeValue::Datetime(value) if value.date.is_some() && value.time.is_none() => visitor.visit_string(value.to_string()),
            DeValue::String(text) => Err(self.fault("a day is written without quotes").help(format!("write {text}"))),
            _ => Err(self
                .fault(format!("a day is expected here, not {}", self.found()))
                .help("write it as 2025-07-01, without quotes")),
        }
        .map_err(|fault| fault.at(self.span()))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            DeValue::Array(array) => {
                let items: Vec<Node<'_, 'i>> = array.iter().map(|item| self.child(item)).collect();
                visitor.visit_seq(Items::new(items, false)).map_err(|fault| fault.at(self.span()))
            }
            DeValue::Table(_) => Err(self
                .fault("a list is expected here, not a table")
                .help("a table of a list is written with two brackets: `[[…]]`")),
            _ => Err(self.fault(format!("a list in `[…]` is expected here, not {}", self.found()))),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            DeValue::Array(array) if array.len() == length => {
                let items: Vec<Node<'_, 'i>> = array.iter().map(|item| self.child(item)).collect();
                visitor.visit_seq(Items::new(items, true)).map_err(|fault| fault.at(self.span()))
            }
            DeValue::Array(array) => Err(self.fault(format!("a list of {length} is expected here, not of {}", array.len()))),
            _ => Err(self.fault(format!("a list of {length} is expected here, not {}", self.found()))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if let [start, end, value] = fields
            && name.starts_with("$__serde_spanned")
        {
            return visitor.visit_map(Position { node: self, names: [start, end, value], next: 0 });
        }
        let DeValue::Table(table) = self.value else {
            let mut fault = self.fault(format!("a table is expected here, not {}", self.found()));
            if let DeValue::Array(_) = self.value {
                fault.help = Some("a single table is written with one bracket: `[…]`".to_owned());
            }
            return Err(if name == "Both" {
                Fault { message: format!("a text in both languages is expected here, not {}", self.found()), ..fault }
                    .help("write { vi = \"…\", en = \"…\" }")
            } else {
                fault
            });
        };
        let explained = self.unknown_keys(table, fields);
        if name == "Both" {
            self.both(table);
        }
        let known = table.iter().filter(|(key, _)| fields.contains(&key.get_ref().as_ref()));
        let known = known.filter(move |(_, value)| !self.faults.hides(&self.child(value).span()));
        let entries = Box::new(known.map(move |(key, value)| (key, self.child(value))));
        visitor.visit_map(Entries { node: self, entries, value: None }).map_err(|mut fault| {
            if fault.span.is_none()
                && let Some(field) = fault.missing
            {
                fault.told = fault.told || explained.contains(&field) || table.contains_key(field);
                if name == "Both" {
                    let language = if field == "vi" { "Vietnamese" } else { "English" };
                    fault.message = format!("the {language} text is missing");
                    fault.help = Some(format!("add {field} = \"…\""));
                }
            }
            fault.at(self.span())
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            DeValue::String(text) if variants.contains(&text.as_ref()) => {
                let word: de::value::StrDeserializer<'_, Fault> = text.as_ref().into_deserializer();
                visitor.visit_enum(word).map_err(|fault| fault.at(self.span()))
            }
            DeValue::String(text) => Err(<Fault as de::Error>::unknown_variant(text, variants).at(self.span())),
            _ => Err(self
                .fault(format!("a word in quotes is expected here, not {}", self.found()))
                .help(one_of(variants.iter().copied()))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct map tuple_struct identifier
    }
}

struct Items<'a, 'i> {
    items: std::iter::Peekable<std::vec::IntoIter<Node<'a, 'i>>>,
    strict: bool,
    /// The element at hand was read before and a value of it is hidden: it cannot be given out.
    damaged: bool,
}

impl<'a, 'i> Items<'a, 'i> {
    fn new(items: Vec<Node<'a, 'i>>, strict: bool) -> Self {
        Self { items: items.into_iter().peekable(), strict, damaged: false }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        // A seed is spent by its use, so an element cannot be skipped here: `Rows` goes on after the error, a `Vec` ends.
        let Some(node) = self.items.peek().copied() else { return Ok(None) };
        match seed.deserialize(node).map_err(|fault| fault.at(node.span())) {
            Ok(_) if std::mem::take(&mut self.damaged) => {
                self.items.next();
                Err(Fault { told: true, ..Fault::new("an element of the list cannot be read") })
            }
            Ok(value) => {
                self.items.next();
                Ok(Some(value))
            }
            Err(fault) if self.strict => Err(fault),
            Err(fault) => {
                let again = fault.again;
                self.damaged = again;
                if !again {
                    self.items.next();
                }
                node.faults.note(fault);
                Err(Fault { told: true, again, ..Fault::new("an element of the list cannot be read") })
            }
        }
    }
}

type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, Node<'a, 'i>);

struct Entries<'a, 'i> {
    node: Node<'a, 'i>,
    entries: Box<dyn Iterator<Item = Entry<'a, 'i>> + 'a>,
    value: Option<(&'a str, Node<'a, 'i>)>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some((key.get_ref().as_ref(), value));
        let word: de::value::StrDeserializer<'_, Fault> = key.get_ref().as_ref().into_deserializer();
        seed.deserialize(word).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, node) = self.value.take().unwrap_or(("", self.node));
        seed.deserialize(node).map_err(|mut fault| {
            if std::mem::take(&mut fault.variant) {
                fault.message = format!("{key} {}", fault.message);
            }
            if fault.again {
                return fault;
            }
            node.faults.hide(&node.span());
            node.faults.note(fault.at(node.span()));
            Fault { told: true, again: true, ..Fault::new("a value of the table cannot be read") }
        })
    }
}

/// What `toml::Spanned` asks for: start, end, value.
struct Position<'a, 'i> {
    node: Node<'a, 'i>,
    names: [&'static str; 3],
    next: usize,
}

impl<'de> MapAccess<'de> for Position<'_, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(name) = self.names.get(self.next) else { return Ok(None) };
        let word: de::value::BorrowedStrDeserializer<'_, Fault> = de::value::BorrowedStrDeserializer::new(name);
        seed.deserialize(word).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        self.next += 1;
        let span = self.node.span();
        let number = |at: usize| -> de::value::U64Deserializer<Fault> { (at as u64).into_deserializer() };
        match self.next {
            1 => seed.deserialize(number(span.start)),
            2 => seed.deserialize(number(span.end)),
            _ => seed.deserialize(self.node),
        }
    }
}
