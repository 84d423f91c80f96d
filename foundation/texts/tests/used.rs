//! Every text is said somewhere. A text is a function in the `words` of its crate: whoever says it writes `words::its_name`.

use std::fs;
use std::path::{Path, PathBuf};

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap_or_else(|why| panic!("{}: {why}", of.display()));
    entries.map(|entry| entry.expect("an entry reads").path()).filter(|path| path.is_dir()).collect()
}

/// The source of a crate, without its tests' binaries.
fn source(of: &Path, into: &mut String) {
    for entry in fs::read_dir(of).into_iter().flatten() {
        let path = entry.expect("an entry reads").path();
        if path.is_dir() {
            source(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            into.push_str(&fs::read_to_string(&path).expect("a source file reads"));
        }
    }
}

fn keys(texts: &str) -> impl Iterator<Item = &str> {
    texts
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once(" =")?.0))
}

/// Whether `source` says `words::name`, and not only a longer name.
fn says(source: &str, path: &str) -> bool {
    source.match_indices(path).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        let after = source[at + path.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        !part(before) && !part(after)
    })
}

#[test]
fn every_text_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut crates: Vec<(PathBuf, String)> = Vec::new();
    for folder in ["capabilities", "foundation"].iter().flat_map(|group| folders(&root.join(group))).chain([root.join("server")])
    {
        let mut all = String::new();
        source(&folder.join("src"), &mut all);
        crates.push((folder, all));
    }
    let (mut counted, mut dead) = (0, Vec::new());
    for (folder, own) in &crates {
        let Ok(texts) = fs::read_to_string(folder.join("texts/vi.ftl")) else { continue };
        let name = folder.file_name().expect("a folder has a name").to_string_lossy();
        for key in keys(&texts) {
            counted += 1;
            let function = key.replace('-', "_");
            let inside = says(own, &format!("words::{function}"));
            let outside = || crates.iter().any(|(_, other)| says(other, &format!("{name}::words::{function}")));
            if !inside && !outside() {
                dead.push(format!("{name}/texts: `{key}` is said nowhere: take it out, in every language"));
            }
        }
    }
    assert!(counted > 500, "{counted} texts were found");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_longer_name_is_another_text() {
    assert!(says("(words::list_next(lang))", "words::list_next"));
    assert!(!says("words::list_next_page(lang)", "words::list_next"));
    assert!(!says("swords::list_next(lang)", "words::list_next"));
    assert!(says("name: words::kind_name,", "words::kind_name"));
}
