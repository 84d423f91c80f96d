//! Texts: the words on our pages, checked and made into typed functions when a room is built.
//!
//! A room keeps `texts/vi.ftl` (the source) and `texts/en.ftl` in Fluent's syntax, and its `build.rs` says `texts::compile("texts")`.
//! Each text becomes one function in `words.rs`: `words::report_forwarded(lang)` for a plain one, and with its arguments in
//! alphabetical order for the others. A key or an argument that does not stand in every language, an unknown function, a
//! decomposed letter or a misplaced tone mark stops the build with file, line and key. Start at `read.rs` (what is accepted), then
//! `write.rs` (what it becomes). Not here: dates and numbers (`kernel::format`), a city's own messages (`pack`).

mod read;
mod write;

use read::{Texts, read};
use std::{fmt, fs, path::Path};

/// The languages that every text stands in; the first is the source.
const LANGS: [&str; 2] = ["vi", "en"];

/// One thing that is wrong in a file of texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, with the key.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// For a `build.rs`: reads `vi.ftl` and `en.ftl` in `folder` and writes `$OUT_DIR/words.rs`. Ends the build at a mistake.
///
/// # Panics
/// Outside of a build script, where `OUT_DIR` is not set.
pub fn compile(folder: &str) {
    println!("cargo:rerun-if-changed={folder}");
    let mut sources = Vec::new();
    for lang in LANGS {
        let file = format!("{folder}/{lang}.ftl");
        match fs::read_to_string(&file) {
            Ok(source) => sources.push((file, source)),
            Err(why) => stop(&[Mistake { file, line: 1, message: format!("cannot be read: {why}") }]),
        }
    }
    let out = std::env::var("OUT_DIR").expect("a build script has OUT_DIR");
    match code([(&sources[0].0, &sources[0].1), (&sources[1].0, &sources[1].1)]) {
        Ok(code) => fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR can be written"),
        Err(mistakes) => stop(&mistakes),
    }
}

fn stop(mistakes: &[Mistake]) {
    for mistake in mistakes {
        println!("cargo:error={mistake}");
    }
    std::process::exit(1);
}

/// The Rust code of the texts in the two files `(name, source)`, Vietnamese first, or everything that is wrong with them.
///
/// # Errors
/// All mistakes, by file and line.
pub fn code(files: [(&str, &str); 2]) -> Result<String, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let [vi, en] = files.map(|(file, source)| read(file, source, &mut mistakes));
    compare(&vi, &en, &mut mistakes);
    if !mistakes.is_empty() {
        mistakes.sort();
        return Err(mistakes);
    }
    Ok(write::code(&vi, &en))
}

/// Every key and every argument stands in both.
fn compare(vi: &Texts, en: &Texts, mistakes: &mut Vec<Mistake>) {
    for (here, there) in [(vi, en), (en, vi)] {
        for (key, text) in &here.texts {
            match there.texts.get(key) {
                None => mistakes.push(here.mistake(text.line, format!("text `{key}` is missing in {}", there.file))),
                Some(other) => {
                    for arg in text.args.keys().filter(|arg| !other.args.contains_key(*arg)) {
                        mistakes.push(there.mistake(
                            other.line,
                            format!("text `{key}` lacks the argument `${arg}` that stands in {}", here.file),
                        ));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
