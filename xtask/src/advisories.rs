//! Test D1: no known advisory stands open against Cargo.lock without a dated exception. Without network: the database is a local copy, and
//! its age is printed, since a copy grows old in silence.

use crate::{Chore, Counted};
use jiff::civil::Date;
use kernel::{Clock, SystemClock};
use rustsec::advisory::Informational;
use rustsec::report::Settings;
use rustsec::{Database, Lockfile, Report};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "data/advisories/rustsec-advisory-db.tar.gz";

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    id: String,
    until: toml::value::Datetime,
    reason: String,
}

/// The last day and the reason, by advisory.
type Exceptions = BTreeMap<String, (Date, String)>;

/// A folder that is gone at the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn run(root: &Path) -> Chore {
    let shared = std::env::var_os("SONGHAN_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let archive = shared.join(ARCHIVE);
    if !archive.is_file() {
        println!("skipped: {} is not there (SONGHAN_SHARED names the folder of shared data)", archive.display());
        return Ok(Counted { passed: 0, failed: 0 });
    }
    let scratch = Scratch(std::env::temp_dir().join(format!("songhan-advisories-{}", std::process::id())));
    std::fs::create_dir_all(&scratch.0).map_err(|e| format!("{}: {e}", scratch.0.display()))?;
    let tar = Command::new("tar")
        .arg("xzf")
        .arg(&archive)
        .arg("-C")
        .arg(&scratch.0)
        .status()
        .map_err(|e| format!("tar did not start: {e}"))?;
    if !tar.success() {
        return Err(format!("{} could not be unpacked", archive.display()));
    }
    let database = Database::open(&scratch.0).map_err(|e| format!("the advisory database: {e}"))?;
    let lock = Lockfile::load(root.join("Cargo.lock")).map_err(|e| format!("Cargo.lock: {e}"))?;
    let today = SystemClock.now().day(&jiff::tz::TimeZone::UTC);
    print_age(&database, today);

    Ok(judge(&database, &lock, exceptions(&root.join("xtask/advisories.toml"))?, today))
}

/// Holds the lock against the database; prints what is found.
fn judge(database: &Database, lock: &Lockfile, mut exceptions: Exceptions, today: Date) -> Counted {
    let settings = Settings {
        informational_warnings: vec![Informational::Unmaintained, Informational::Unsound, Informational::Notice],
        ..Settings::default()
    };
    let report = Report::generate(database, lock, &settings);
    let vulnerable = report.vulnerabilities.list.iter().map(|v| (&v.advisory, &v.package));
    let warned = report.warnings.values().flatten().filter_map(|w| w.advisory.as_ref().map(|advisory| (advisory, &w.package)));
    let mut failed = 0;
    for (advisory, package) in vulnerable.chain(warned) {
        let id = advisory.id.as_str();
        let what = format!("{id} {} {}: {}", package.name, package.version, advisory.title);
        match exceptions.remove(id) {
            Some((until, reason)) if until >= today => println!("excepted until {until}: {what}\n    {reason}"),
            Some((until, _)) => {
                println!("FAILED, its exception ended on {until}: {what}");
                failed += 1;
            }
            None => {
                println!("FAILED: {what}");
                failed += 1;
            }
        }
    }
    for id in exceptions.keys() {
        println!("FAILED: {id} is excepted in xtask/advisories.toml and no longer met; remove it");
        failed += 1;
    }
    let judged = lock.packages.iter().filter(|p| p.source.is_some()).count();
    println!("{judged} packages of Cargo.lock judged");
    Counted { passed: judged.saturating_sub(failed), failed }
}

fn print_age(database: &Database, today: Date) {
    let count = database.iter().count();
    let newest = database.iter().map(|a| a.metadata.date.as_str().to_owned()).max().unwrap_or_default();
    match newest.parse::<Date>().ok().and_then(|day| today.since(day).ok()) {
        Some(age) => println!("{count} advisories, the newest of {newest}: {} days old", age.get_days()),
        None => println!("{count} advisories, the newest of {newest}"),
    }
}

fn exceptions(path: &Path) -> Result<Exceptions, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let read: File = toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut out = BTreeMap::new();
    for Exception { id, until, reason } in read.exception {
        let day = until.to_string().parse::<Date>().map_err(|_| format!("{}: `{until}` of {id} is no day", path.display()))?;
        if reason.trim().len() < 20 {
            return Err(format!("{}: {id} needs a reason that a stranger understands", path.display()));
        }
        out.insert(id, (day, reason));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LOCK: &str = "version = 3\n\n[[package]]\nname = \"leaky\"\nversion = \"1.2.3\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"sound\"\nversion = \"1.0.0\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"leaky\"\ndate = \"2026-01-02\"\n\n\
        [versions]\npatched = [\">= 1.2.4\"]\n```\n\n# It leaks\n\nIt does.\n";

    fn judged(lock: &str, excepted: &[(&str, Date)]) -> (usize, usize) {
        let scratch = Scratch(std::env::temp_dir().join(format!("songhan-advisories-test-{}", kernel::Key::random().as_str())));
        let folder = scratch.0.join("crates/leaky");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("RUSTSEC-2026-9999.md"), ADVISORY).unwrap();
        let database = Database::open(&scratch.0).unwrap();
        let exceptions = excepted.iter().map(|(id, until)| ((*id).to_owned(), (*until, "a reason".to_owned()))).collect();
        let counted = judge(&database, &lock.parse().unwrap(), exceptions, date(2026, 11, 25));
        (counted.passed, counted.failed)
    }

    #[test]
    fn a_known_hole_fails_unless_a_dated_exception_stands() {
        const ID: &str = "RUSTSEC-2026-9999";
        assert_eq!(judged(LOCK, &[]), (1, 1));
        assert_eq!(judged(&LOCK.replace("1.2.3", "1.2.4"), &[]), (2, 0));
        assert_eq!(judged(LOCK, &[(ID, date(2026, 11, 25))]), (2, 0), "its last day counts");
        assert_eq!(judged(LOCK, &[(ID, date(2026, 11, 24))]), (1, 1), "an exception ends");
        assert_eq!(
            judged(&LOCK.replace("1.2.3", "1.2.4"), &[(ID, date(2027, 1, 1))]),
            (1, 1),
            "an exception that nothing needs is removed"
        );
    }
}
