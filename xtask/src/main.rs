//! Our chores, in Rust: `cargo xtask bless` rewrites the golden files, `cargo xtask advisories` holds Cargo.lock against known holes.
//!
//! Start at the file of the chore. Not here: what runs them (`./test`), and anything a server needs.

mod advisories;
mod bless;

use std::path::PathBuf;
use std::process::ExitCode;

/// A chore's outcome: what it counted, or why it could not be done.
type Chore = Result<Counted, String>;

/// How many things were right and how many were not.
struct Counted {
    passed: usize,
    failed: usize,
}

const HELP: &str = "\
Chores of this repository.

    cargo xtask bless [CARGO TEST ARGUMENTS]   rewrite the golden files; look at the diff before committing
    cargo xtask advisories                     hold Cargo.lock against a local copy of RustSec's database, without network

Example: cargo xtask bless -p songhan doors";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("bless") => bless::run(&root(), &arguments.collect::<Vec<_>>()),
        Some("advisories") => advisories::run(&root()),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => Err(format!("`{other}` is no chore\n\n{HELP}")),
    };
    match done {
        Ok(Counted { passed, failed }) => {
            println!("{passed} passed, {failed} failed");
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}
