//! Reads one file of texts and refuses what we do not use: attributes, references between messages, functions, untidy spelling.

use crate::Mistake;
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey},
    parser,
};
use std::collections::BTreeMap;
use unicode_normalization::is_nfc;

/// All texts of one file by key.
pub struct Texts {
    pub file: String,
    pub texts: BTreeMap<String, Text>,
}

impl Texts {
    pub fn mistake(&self, line: usize, message: String) -> Mistake {
        Mistake { file: self.file.clone(), line, message }
    }
}

/// One text.
pub struct Text {
    pub line: usize,
    pub parts: Vec<Part>,
    /// Argument → whether it is a number.
    pub args: BTreeMap<String, bool>,
}

/// A piece of a text.
pub enum Part {
    Say(String),
    Arg(String),
    /// One text or another, by a number or a word.
    Choose {
        arg: String,
        number: bool,
        variants: Vec<(String, Vec<Part>)>,
        default: Vec<Part>,
    },
}

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
const RUST_WORDS: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for",
    "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "out", "lang", "pub", "ref", "return", "self",
    "static", "struct", "super", "trait", "true", "try", "type", "unsafe", "use", "where", "while", "yield",
];

pub fn read(file: &str, source: &str, mistakes: &mut Vec<Mistake>) -> Texts {
    let mut texts = Texts { file: file.to_owned(), texts: BTreeMap::new() };
    let resource = match parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line = source[..error.pos.start.min(source.len())].matches('\n').count() + 1;
                mistakes.push(texts.mistake(line, format!("is not Fluent: {}", error.kind)));
            }
            resource
        }
    };
    let terms: BTreeMap<&str, &Pattern<&str>> = resource
        .body
        .iter()
        .filter_map(|entry| if let Entry::Term(t) = entry { Some((t.id.name, &t.value)) } else { None })
        .collect();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let line = line_of(source, key);
        let mut reader = Reader { terms: &terms, args: BTreeMap::new(), wrong: Vec::new() };
        if !message.attributes.is_empty() {
            reader.wrong.push("has attributes; give each its own key".to_owned());
        }
        if !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || RUST_WORDS.contains(&key) {
            reader.wrong.push("is no key: lower-case letters, digits and dashes, and no word of Rust".to_owned());
        }
        let parts = message.value.as_ref().map(|value| reader.pattern(value, 0)).unwrap_or_default();
        if parts.is_empty() {
            reader.wrong.push("says nothing".to_owned());
        }
        if texts.texts.contains_key(key) {
            reader.wrong.push("stands twice in this file".to_owned());
        }
        mistakes.extend(reader.wrong.iter().map(|wrong| texts.mistake(line, format!("text `{key}` {wrong}"))));
        texts.texts.insert(key.to_owned(), Text { line, parts, args: reader.args });
    }
    texts
}

/// The syntax tree has no positions: the last line that begins with the key is where the text stands.
fn line_of(source: &str, key: &str) -> usize {
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    source.lines().collect::<Vec<_>>().iter().rposition(|line| begins(line)).map_or(1, |at| at + 1)
}

struct Reader<'a> {
    terms: &'a BTreeMap<&'a str, &'a Pattern<&'a str>>,
    args: BTreeMap<String, bool>,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn pattern(&mut self, pattern: &Pattern<&str>, depth: u8) -> Vec<Part> {
        let mut parts = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.say(&mut parts, value),
                PatternElement::Placeable { expression: Expression::Inline(inline) } => self.inline(&mut parts, inline, depth),
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    parts.extend(self.choose(selector, variants, depth));
                }
            }
        }
        parts
    }

    fn say(&mut self, parts: &mut Vec<Part>, text: &str) {
        if !is_nfc(text) {
            self.wrong.push("has decomposed letters; write it in NFC".to_owned());
        }
        if let Some(syllable) = misplaced_tone(text) {
            self.wrong.push(format!("has `{syllable}`: the tone mark stands in the traditional place (Hòa, Thủy)"));
        }
        if let Some(Part::Say(before)) = parts.last_mut() {
            before.push_str(text);
        } else if !text.is_empty() {
            parts.push(Part::Say(text.to_owned()));
        }
    }

    fn inline(&mut self, parts: &mut Vec<Part>, inline: &InlineExpression<&str>, depth: u8) {
        match inline {
            InlineExpression::StringLiteral { value } => {
                self.say(parts, &fluent_syntax::unicode::unescape_unicode_to_string(value))
            }
            InlineExpression::NumberLiteral { value } => self.say(parts, value),
            InlineExpression::VariableReference { id } => {
                self.arg(id.name, false);
                parts.push(Part::Arg(id.name.to_owned()));
            }
            InlineExpression::FunctionReference { id, arguments } => {
                match (id.name, arguments.positional.as_slice(), arguments.named.is_empty()) {
                    ("NUMBER", [InlineExpression::VariableReference { id }], true) => {
                        self.arg(id.name, true);
                        parts.push(Part::Arg(id.name.to_owned()));
                    }
                    _ => self.wrong.push(format!("calls `{}`; the only function is NUMBER($x)", id.name)),
                }
            }
            InlineExpression::TermReference { id, .. } => match self.terms.get(id.name) {
                Some(term) if depth < 4 => {
                    for part in self.pattern(term, depth + 1) {
                        if let Part::Say(text) = part {
                            self.say(parts, &text);
                        } else {
                            parts.push(part);
                        }
                    }
                }
                _ => self.wrong.push(format!("names the term `-{}`, which is not in this file", id.name)),
            },
            InlineExpression::MessageReference { id, .. } => {
                self.wrong.push(format!("names another text, `{}`; use a term", id.name))
            }
            InlineExpression::Placeable { expression } => match &**expression {
                Expression::Inline(inner) => self.inline(parts, inner, depth),
                Expression::Select { selector, variants } => parts.extend(self.choose(selector, variants, depth)),
            },
        }
    }

    fn choose(&mut self, selector: &InlineExpression<&str>, variants: &[Variant<&str>], depth: u8) -> Option<Part> {
        let name = match selector {
            InlineExpression::VariableReference { id } => id.name,
            InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => match arguments.positional.as_slice()
            {
                [InlineExpression::VariableReference { id }] => id.name,
                _ => {
                    self.wrong.push("chooses by something else than an argument".to_owned());
                    return None;
                }
            },
            _ => {
                self.wrong.push("chooses by something else than an argument".to_owned());
                return None;
            }
        };
        let key = |variant: &Variant<&str>| match variant.key {
            VariantKey::Identifier { name } => name.to_owned(),
            VariantKey::NumberLiteral { value } => value.to_owned(),
        };
        let number =
            variants.iter().all(|v| matches!(v.key, VariantKey::NumberLiteral { .. }) || PLURALS.contains(&key(v).as_str()));
        self.arg(name, number);
        if let Some(odd) =
            variants.iter().map(key).find(|k| number && !PLURALS.contains(&k.as_str()) && k.parse::<i64>().is_err())
        {
            self.wrong.push(format!("chooses by `{odd}`, which is no whole number"));
            return None;
        }
        let default = variants.iter().find(|v| v.default).map(|v| self.pattern(&v.value, depth)).unwrap_or_default();
        let others = variants.iter().filter(|v| !v.default).map(|v| (key(v), self.pattern(&v.value, depth))).collect();
        Some(Part::Choose { arg: name.to_owned(), number, variants: others, default })
    }

    fn arg(&mut self, name: &str, number: bool) {
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') || RUST_WORDS.contains(&name) {
            self.wrong
                .push(format!("has the argument `${name}`: lower-case letters, digits and underscores, and no word of Rust"));
        }
        *self.args.entry(name.to_owned()).or_default() |= number;
    }
}

/// A syllable with its tone mark on the second vowel of oa, oe, uy (Hoà, Thuỷ), which we write Hòa, Thủy.
fn misplaced_tone(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_alphabetic()).find_map(|syllable| {
        let low: Vec<char> = syllable.to_lowercase().chars().collect();
        let [before @ .., first, last] = low.as_slice() else { return None };
        let late = match first {
            'o' => "àáảãạèéẻẽẹ".contains(*last),
            'u' => "ỳýỷỹỵ".contains(*last) && before.last() != Some(&'q'),
            _ => false,
        };
        late.then(|| syllable.to_owned())
    })
}
