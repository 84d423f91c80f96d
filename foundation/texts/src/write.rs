//! Writes the functions: plain texts are constants, the others fill a string. Numbers are grouped as the language does it.

use crate::read::{Part, Text, Texts};
use std::fmt::Write;

pub fn code(vi: &Texts, en: &Texts) -> String {
    let mut out = String::from("// Made from the .ftl files by `texts::compile`.\n#[allow(unused_imports)]\nuse kernel::Lang;\n");
    for (key, source) in &vi.texts {
        let other = &en.texts[key];
        function(&mut out, key, source, other);
    }
    out
}

fn function(out: &mut String, key: &str, vi: &Text, en: &Text) {
    let name = key.replace('-', "_");
    add(out, format_args!("#[doc = {:?}]\n#[must_use]\n", format!("“{}”", sample(&vi.parts))));
    if vi.args.is_empty() {
        let [v, e] = [vi, en].map(|text| sample(&text.parts));
        add(
            out,
            format_args!(
                "pub const fn {name}(lang: Lang) -> &'static str {{ match lang {{ Lang::Vi => {v:?}, Lang::En => {e:?} }} }}\n"
            ),
        );
        return;
    }
    let number = |arg: &String| vi.args.get(arg).copied().unwrap_or_default() || en.args.get(arg).copied().unwrap_or_default();
    add(out, format_args!("#[allow(clippy::all)]\npub fn {name}(lang: Lang"));
    for arg in vi.args.keys() {
        add(out, format_args!(", {arg}: impl {}", if number(arg) { "TryInto<i64>" } else { "std::fmt::Display" }));
    }
    out.push_str(") -> String {\n    let mut out = String::new();\n");
    for arg in vi.args.keys().filter(|arg| number(arg)) {
        add(out, format_args!("    let {arg}: i64 = {arg}.try_into().unwrap_or(i64::MAX);\n"));
    }
    out.push_str("    match lang {\n");
    for (tag, lang, text) in [("Vi", "vi", vi), ("En", "en", en)] {
        add(out, format_args!("        Lang::{tag} => {{ "));
        parts(out, lang, &text.parts, &number);
        out.push_str("}\n");
    }
    out.push_str("    }\n    out\n}\n");
}

fn parts(out: &mut String, lang: &str, all: &[Part], number: &dyn Fn(&String) -> bool) {
    for part in all {
        match part {
            Part::Say(text) => add(out, format_args!("out.push_str({text:?}); ")),
            Part::Arg(arg) if number(arg) => add(out, format_args!("out.push_str(&kernel::format::number({arg}, lang)); ")),
            Part::Arg(arg) => add(out, format_args!("out.push_str(&{arg}.to_string()); ")),
            Part::Choose { arg, number: true, variants, default } => {
                add(out, format_args!("match {arg} {{ "));
                for exact in [true, false] {
                    for (key, inner) in variants.iter().filter(|(key, _)| key.parse::<i64>().is_ok() == exact) {
                        let Some(arm) = arm(lang, key) else { continue };
                        add(out, format_args!("{arm} => {{ "));
                        parts(out, lang, inner, number);
                        out.push_str("} ");
                    }
                }
                rest(out, lang, default, number);
            }
            Part::Choose { arg, number: false, variants, default } => {
                add(out, format_args!("match {arg}.to_string().as_str() {{ "));
                for (key, inner) in variants {
                    add(out, format_args!("{key:?} => {{ "));
                    parts(out, lang, inner, number);
                    out.push_str("} ");
                }
                rest(out, lang, default, number);
            }
        }
    }
}

fn rest(out: &mut String, lang: &str, default: &[Part], number: &dyn Fn(&String) -> bool) {
    out.push_str("_ => { ");
    parts(out, lang, default, number);
    out.push_str("} } ");
}

/// The match arm of a variant of a number. CLDR's plural categories of whole numbers: English has one and other, Vietnamese only other.
fn arm(lang: &str, key: &str) -> Option<String> {
    if key.parse::<i64>().is_ok() {
        return Some(key.to_owned());
    }
    (lang == "en" && key == "one").then(|| "1".to_owned())
}

/// The text with its arguments by name, for the documentation of the function; for a plain text, the text.
fn sample(all: &[Part]) -> String {
    let piece = |part: &Part| match part {
        Part::Say(text) => text.clone(),
        Part::Arg(arg) => format!("{{{arg}}}"),
        Part::Choose { default, .. } => sample(default),
    };
    all.iter().map(piece).collect()
}

fn add(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a String takes everything");
}
