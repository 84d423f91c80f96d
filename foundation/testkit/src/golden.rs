//! Golden files: what people and machines read, kept beside the test that makes it. `cargo xtask bless` rewrites them; the diff is the review.

use std::path::Path;

/// Compares `text` with the file `path` (give `concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/x.txt")`), or rewrites the file
/// when `SONGHAN_BLESS` is set.
///
/// # Panics
/// With the first line that differs.
#[track_caller]
pub fn golden(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    if std::env::var_os("SONGHAN_BLESS").is_some() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        }
        std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    if kept == text {
        return;
    }
    let differs = kept
        .lines()
        .zip(text.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| kept.lines().count().min(text.lines().count()));
    panic!(
        "{} differs from line {} on:\n  kept: {}\n  now:  {}\nIf the new text is right: cargo xtask bless",
        path.display(),
        differs + 1,
        kept.lines().nth(differs).unwrap_or("(the end)"),
        text.lines().nth(differs).unwrap_or("(the end)"),
    );
}
