//! Rewrites the golden files: runs the tests with the word that makes each of them write what it would have compared.

use crate::{Chore, Counted};
use std::path::Path;
use std::process::Command;

/// `testkit::golden` writes when this is set; insta has its own word.
const WORDS: [(&str, &str); 2] = [("SONGHAN_BLESS", "1"), ("INSTA_UPDATE", "always")];

pub fn run(root: &Path, arguments: &[String]) -> Chore {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).arg("test").envs(WORDS);
    if arguments.is_empty() {
        cargo.arg("--workspace");
    } else {
        cargo.args(arguments);
    }
    let status = cargo.status().map_err(|e| format!("cargo did not start: {e}"))?;
    println!("\nThe golden files are as the code now speaks. The diff is the review: git diff");
    Ok(if status.success() { Counted { passed: 1, failed: 0 } } else { Counted { passed: 0, failed: 1 } })
}
