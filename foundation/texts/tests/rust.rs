//! Where Vietnamese may stand in Rust: nowhere but in these files, each for its reason (decision 0104). What people read is in the `texts/` of
//! its crate, where it is checked beside its English; what differs between cities is in a pack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PLACES: &[(&str, &str)] = &[
    ("capabilities/feedback/src/api.rs", "examples of what a resident writes, in the description of the API"),
    ("foundation/access/src/access.rs", "the name of a browser"),
    (
        "foundation/kernel/src/format.rs",
        "the days of the week and the sign of the currency: below texts, and equal in every room",
    ),
    ("foundation/kernel/src/spelling.rs", "a letter that is folded"),
    ("foundation/testkit/src/city.rs", "the names of the people of the tests"),
    ("foundation/texts/src/read.rs", "letters whose spelling is checked"),
    ("foundation/web/src/layout.rs", "the language's own name, which is the same in every language"),
    (
        "foundation/web/src/samples.rs",
        "the page of samples: invented content that shows what the parts look like, in no city's navigation",
    ),
    ("server/src/bench.rs", "an invented official"),
    ("server/src/bench/seed.rs", "an invented official"),
    ("server/src/bench/texts.rs", "invented reports, a million of them"),
    ("server/src/command.rs", "an example on the command line"),
    ("server/src/serve.rs", "what the terminal says at the start, both languages on each line"),
];

/// The letters that no English word has.
const LETTERS: &str = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ";

fn files(of: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(of).into_iter().flatten() {
        let path = entry.expect("an entry reads").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
            into.push(path);
        }
    }
}

/// The first line that says something in Vietnamese; comments and the tests at the end of a file may.
fn vietnamese(source: &str) -> Option<&str> {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or(source);
    let said = |line: &str| {
        let line = line.split(" // ").next().unwrap_or(line).trim_start();
        !line.starts_with("//") && line.chars().flat_map(char::to_lowercase).any(|c| LETTERS.contains(c))
    };
    code.lines().find(|line| said(line))
}

#[test]
fn what_people_read_stands_in_fluent_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Vec::new();
    for group in ["capabilities", "foundation"] {
        for entry in fs::read_dir(root.join(group)).expect("the group is there") {
            files(&entry.expect("an entry reads").path().join("src"), &mut sources);
        }
    }
    files(&root.join("server/src"), &mut sources);
    assert!(sources.len() > 150, "only {} files were found", sources.len());
    let mut found = BTreeSet::new();
    for path in sources {
        let source = fs::read_to_string(&path).expect("a source file reads");
        let Some(line) = vietnamese(&source) else { continue };
        let path = path.strip_prefix(&root).expect("a file of ours").display().to_string();
        assert!(
            PLACES.iter().any(|(place, _)| *place == path),
            "{path} says `{}`: words belong in the `texts/` of the crate",
            line.trim()
        );
        found.insert(path);
    }
    let gone: Vec<_> = PLACES.iter().filter(|(place, _)| !found.contains(*place)).collect();
    assert!(gone.is_empty(), "no Vietnamese is left there, take it from the list: {gone:?}");
}

#[test]
fn comments_and_tests_may_say_anything() {
    assert_eq!(vietnamese("// Hòa\nlet a = 1; // thứ Hai\n    /// Thủy\n#[cfg(test)]\nmod tests { \"Đà\" }"), None);
    assert_eq!(vietnamese("//! Words.\n    \"Hạn\"\n"), Some("    \"Hạn\""));
    assert_eq!(vietnamese("let all = \"ĐÃ XONG\";"), Some("let all = \"ĐÃ XONG\";"));
}
