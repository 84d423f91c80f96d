//! ARCHITECTURE.md names every folder, and no folder that is not there: such maps rot otherwise.

use crate::house::root;
use std::collections::BTreeSet;
use std::path::Path;

/// Folders whose children have a line each.
const OPENED: [&str; 6] = ["", "foundation", "capabilities", "packs", "docs", "server/tests"];

fn folders_on_disk() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for parent in OPENED {
        let listed = std::process::Command::new("git")
            .args(["ls-files", "-co", "--exclude-standard", "--", if parent.is_empty() { "." } else { parent }])
            .current_dir(root())
            .output()
            .expect("git runs");
        for path in String::from_utf8_lossy(&listed.stdout).lines() {
            let inside =
                if parent.is_empty() { Some(path) } else { path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('/')) };
            let Some((child, _)) = inside.and_then(|rest| rest.split_once('/')) else { continue };
            let folder = if parent.is_empty() { child.to_owned() } else { format!("{parent}/{child}") };
            if !child.starts_with('.') && Path::new(&root()).join(&folder).is_dir() {
                all.insert(folder);
            }
        }
    }
    all
}

/// The lines of the form ``- `folder/` …``.
fn folders_on_the_map(map: &str) -> BTreeSet<String> {
    map.lines()
        .filter_map(|line| line.trim_start().strip_prefix("- `")?.split_once("/`").map(|(folder, _)| folder.to_owned()))
        .collect()
}

#[test]
fn the_map_has_a_line_for_each_folder() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map is there");
    let (drawn, there) = (folders_on_the_map(&map), folders_on_disk());
    let missing: Vec<_> = there.difference(&drawn).collect();
    let gone: Vec<_> = drawn.difference(&there).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "ARCHITECTURE.md: without a line {missing:?}; with a line but not there {gone:?}"
    );
}

#[test]
fn the_map_fits_on_two_screens() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map is there");
    let lines = map.lines().count();
    assert!(lines <= 130, "{lines} lines are more than two screens");
}
