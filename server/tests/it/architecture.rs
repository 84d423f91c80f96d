//! Arrows point down, and only down: a crate uses what stands below it, and no capability names another.

use crate::house::root;
use serde_json::Value;
use std::process::Command;

/// The foundation from the ground up. A crate may use only crates before it.
const FOUNDATION: [&str; 15] = [
    "kernel",
    "db",
    "texts",
    "calendars",
    "pack",
    "places",
    "pictures",
    "files",
    "jobs",
    "notify",
    "access",
    "cases",
    "web",
    "manifest",
    "testkit",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Foundation(usize),
    Capability,
    Server,
    Chores,
}

struct Crate {
    name: String,
    folder: String,
    uses: Vec<(String, String)>,
}

fn crates() -> Vec<Crate> {
    let out = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo speaks JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let folder = |manifest: &str| {
        let path = std::path::Path::new(manifest).parent().expect("a manifest lies in a folder");
        path.strip_prefix(root()).expect("a crate of ours").display().to_string()
    };
    list(&metadata["packages"])
        .iter()
        .map(|package| Crate {
            name: text(&package["name"]),
            folder: folder(&text(&package["manifest_path"])),
            uses: list(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["path"].is_string())
                .map(|dependency| (text(&dependency["name"]), text(&dependency["kind"])))
                .collect(),
        })
        .collect()
}

fn floor(all: &[Crate], name: &str) -> Floor {
    let folder = all.iter().find(|c| c.name == name).map_or("", |c| c.folder.as_str());
    match folder.split_once('/') {
        Some(("foundation", _)) => Floor::Foundation(
            FOUNDATION
                .iter()
                .position(|f| *f == name)
                .unwrap_or_else(|| panic!("{folder} has no place in the list of foundation crates in {}", file!())),
        ),
        Some(("capabilities", _)) => Floor::Capability,
        None if folder == "server" => Floor::Server,
        None if folder == "xtask" => Floor::Chores,
        _ => panic!("{name} lies in `{folder}`: crates live in foundation/, capabilities/, server/ and xtask/"),
    }
}

fn wrong_arrows(all: &[Crate]) -> Vec<String> {
    let mut wrong = Vec::new();
    for from in all {
        for (to, kind) in &from.uses {
            // The server's own tests may stand on everything.
            let (here, there) = (floor(all, &from.name), floor(all, to));
            let down = match (here, there) {
                (Floor::Foundation(a), Floor::Foundation(b)) => b < a,
                (Floor::Capability, Floor::Foundation(_)) | (Floor::Server, Floor::Foundation(_) | Floor::Capability) => true,
                (Floor::Chores, Floor::Foundation(0)) => true,
                _ => false,
            };
            let kind = if kind.is_empty() { "" } else { " (for tests)" };
            if !down {
                wrong.push(format!(
                    "{} → {}{kind}",
                    from.folder,
                    all.iter().find(|c| c.name == *to).map_or(to.as_str(), |c| c.folder.as_str())
                ));
            }
        }
    }
    wrong
}

#[test]
fn arrows_point_down_only() {
    let all = crates();
    assert!(all.len() > 15, "only {} crates were found", all.len());
    let wrong = wrong_arrows(&all);
    assert!(wrong.is_empty(), "these arrows point up or sideways:\n  {}", wrong.join("\n  "));
}

#[test]
fn an_arrow_to_another_capability_is_found() {
    let one = |name: &str, folder: &str, uses: &[&str]| Crate {
        name: name.to_owned(),
        folder: folder.to_owned(),
        uses: uses.iter().map(|to| ((*to).to_owned(), String::new())).collect(),
    };
    let all = [
        one("kernel", "foundation/kernel", &["db"]),
        one("db", "foundation/db", &["kernel"]),
        one("feedback", "capabilities/feedback", &["kernel", "accounts"]),
        one("accounts", "capabilities/accounts", &["db"]),
        one("songhan", "server", &["feedback"]),
    ];
    assert_eq!(wrong_arrows(&all), ["foundation/kernel → foundation/db", "capabilities/feedback → capabilities/accounts"]);
}

#[test]
fn no_room_is_called_for_everything_and_nothing() {
    let out = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output().expect("git runs");
    let vague = ["utils", "common", "helpers", "misc", "manager"];
    let listed = String::from_utf8_lossy(&out.stdout).into_owned();
    let found: Vec<&str> = listed.lines().filter(|path| path.split(['/', '.']).any(|part| vague.contains(&part))).collect();
    assert!(found.is_empty(), "name what it does: {found:?}");
}

#[test]
fn no_real_city_stands_in_the_code() {
    let out = Command::new("git")
        .args([
            "grep",
            "-n",
            "-i",
            "-I",
            "-E",
            "--untracked",
            "da ?nang|đà nẵng|lào cai|lao ?cai",
            "--",
            "foundation",
            "capabilities",
            "server",
        ])
        .args([":!*.md", ":!server/tests/it/architecture.rs", ":!*/package-lock.json"])
        .arg(":!server/tests/browser") // journeys also walk in the reference city, since ./run serves it
        .current_dir(root())
        .output()
        .expect("git runs");
    let found = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(found.is_empty(), "a city is data, in packs/:\n{found}");
}
