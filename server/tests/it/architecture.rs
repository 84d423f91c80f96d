//! Arrows point down, and only down: a crate uses what stands below it, and no capability names another.

use crate::house::root;
use manifest::House;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
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

/// A name as its words, so that `sao-mai`, `SAO_MAI` and "Sao Mai" are one.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Names by their first word.
type Names = BTreeMap<String, BTreeSet<Vec<String>>>;

/// Where one of these names stands in a text: the line and the name.
fn named(text: &str, names: &Names) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let words = words(line);
        for (at, first) in words.iter().enumerate() {
            let here = names.get(first).into_iter().flatten().filter(|name| words[at..].starts_with(name));
            found.extend(here.map(|name| (n + 1, name.join(" "))));
        }
    }
    found
}

/// What only a real city is called: itself, its areas with all their other names, and what a body is called in parentheses.
/// A body's name beside that is every city's ("Sở Nội vụ"), or has the city's or an area's in it; and what the invented city of
/// `packs/sample` says as well is anybody's.
fn names_of_real_cities() -> Names {
    let folders = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect()
    };
    let (mut names, mut sample) = (BTreeSet::new(), folders(Path::new(testkit::SAMPLE)));
    for folder in folders(&root().join("packs")).iter().filter(|path| path.is_dir() && !path.ends_with("sample")) {
        let loaded = House::new(songhan::capabilities::all()).pack_loader().load(folder);
        let city = loaded.unwrap_or_else(|complaints| panic!("{}:\n{}", folder.display(), pack::render(&complaints)));
        names.extend([words(&city.key), words(&city.name.vi), words(&city.name.en)]);
        for area in city.areas.all() {
            names.extend([&area.key, &area.name.vi, &area.name.en].map(|name| words(name)));
            names.extend(area.aliases.iter().map(|name| words(name)));
        }
        let own = city.units.all().filter_map(|unit| Some(unit.name.vi.split_once('(')?.1.split_once(')')?.0));
        names.extend(own.map(words));
    }
    let mut anybodys = Names::new();
    for name in names {
        anybodys.entry(name[0].clone()).or_default().insert(name);
    }
    while let Some(path) = sample.pop() {
        if path.is_dir() {
            sample.extend(folders(&path));
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            for (_, name) in named(&std::fs::read_to_string(&path).expect("a file of the pack"), &anybodys) {
                let name = words(&name);
                anybodys.get_mut(&name[0]).expect("it was found there").remove(&name);
            }
        }
    }
    anybodys
}

#[test]
fn no_real_city_stands_in_the_code() {
    let names = names_of_real_cities();
    let out = Command::new("git")
        .args(["ls-files", "-co", "--exclude-standard", "--", "foundation", "capabilities", "server"])
        .args([":!*.md", ":!*/package-lock.json"])
        .arg(":!server/tests/browser") // journeys also walk in the reference city, since ./run serves it
        .current_dir(root())
        .output()
        .expect("git runs");
    let (mut read, mut found) = (0, Vec::new());
    for path in String::from_utf8_lossy(&out.stdout).lines() {
        // A picture or a font is no text, and what somebody has just taken away is not there.
        let Ok(text) = std::fs::read_to_string(root().join(path)) else { continue };
        read += 1;
        found.extend(named(&text, &names).into_iter().map(|(line, name)| format!("{path}:{line}: {name}")));
    }
    assert!(read > 200, "only {read} files were read");
    assert!(found.is_empty(), "a city is data, in packs/:\n  {}", found.join("\n  "));
}

#[test]
fn a_real_city_in_the_code_is_found_however_it_is_written() {
    let names = names_of_real_cities();
    let many = names.values().map(BTreeSet::len).sum::<usize>();
    assert!(many > 200, "only {many} names were read from the packs");
    for name in names.values().flatten() {
        for line in
            [name.join(" ").to_uppercase(), format!("\"pc-{}\"", name.join("-")), format!("let {}_1 = 1;", name.join("_"))]
        {
            let found = named(&format!("fn main() {{\n    {line}\n"), &names);
            assert!(found.contains(&(2, name.join(" "))), "{line} was not found");
        }
    }
    for line in ["sao-mai", "Hòa Sơn", "đường Bình Minh", "Sở Nội vụ", "drainage-company", "fn health()"] {
        assert_eq!(named(line, &names), [], "{line} is anybody's");
    }
}
