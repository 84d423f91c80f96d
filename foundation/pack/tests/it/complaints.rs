//! Broken packs and what is said about them. A case is a folder in `tests/complaints/`: `case.toml` changes the base pack in a few places,
//! `expected.txt` holds the answer. `BLESS=1 cargo test -p pack` writes the answers anew; the diff is the review.

use pack::{Loader, Part, Reader, Rows};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

pub const PERMISSIONS: [&str; 6] =
    ["report.read", "report.forward", "report.answer", "official.manage", "health.read", "looks.read"];
pub const MESSAGES: [&str; 2] = ["report-received", "report-answered"];

/// A capability as small as can be: enough to try what every capability's reader is given.
pub fn feedback(reader: &mut Reader) -> Option<Part> {
    #[derive(Deserialize)]
    struct Named {
        key: Spanned<String>,
        #[serde(rename = "name")]
        _name: kernel::Both,
        #[serde(rename = "icon")]
        _icon: String,
    }
    #[derive(Deserialize)]
    struct Fields {
        field: Rows<Named>,
    }
    #[derive(Deserialize)]
    struct Deadline {
        key: Spanned<String>,
        #[serde(rename = "name")]
        _name: kernel::Both,
        legal: Spanned<String>,
        calendar: Spanned<String>,
    }
    #[derive(Deserialize)]
    struct Deadlines {
        deadline: Rows<Deadline>,
    }
    #[derive(Deserialize)]
    struct Category {
        key: Spanned<String>,
        field: Spanned<String>,
        #[serde(rename = "name")]
        _name: kernel::Both,
        lead: Spanned<String>,
        deadline: Spanned<String>,
        #[serde(rename = "emergency", default)]
        _emergency: bool,
        valid_from: Spanned<pack::Day>,
        valid_to: Option<Spanned<pack::Day>>,
    }
    #[derive(Deserialize)]
    struct Categories {
        category: Rows<Category>,
    }
    let fields: Option<Fields> = reader.read("fields.toml");
    let deadlines: Option<Deadlines> = reader.read("deadlines.toml");
    let categories: Categories = reader.read("categories.toml")?;
    reader.keys("field", fields.iter().flat_map(|file| file.field.iter()).map(|row| &row.key));
    reader.keys("category", categories.category.iter().map(|row| &row.key));
    for row in deadlines.iter().flat_map(|file| file.deadline.iter()) {
        reader.rule(&row.legal);
        reader.calendar(&row.calendar);
        reader.define("deadline", row.key.get_ref(), row.legal.get_ref());
    }
    for row in categories.category.iter() {
        reader.refer("field", &row.field);
        reader.deadline(&row.deadline);
        reader.lasting(&row.valid_from, row.valid_to.as_ref());
        if row.lead.get_ref() != "@area" {
            reader.unit(&row.lead);
        }
    }
    Some(Box::new(Count(categories.category.len())))
}

/// What the small capability makes of its folder.
#[derive(Debug, PartialEq)]
pub struct Count(pub usize);

pub fn loader() -> Loader {
    Loader::new().permissions(&PERMISSIONS).messages(&MESSAGES).capabilities(&[("feedback", feedback)])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What went wrong, in a sentence for the reader of the case.
    #[serde(rename = "about")]
    _about: String,
    change: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    file: String,
    find: Option<String>,
    put: Option<String>,
    append: Option<String>,
    #[serde(default)]
    remove: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/complaints")
}

pub fn base() -> BTreeMap<String, String> {
    fn walk(root: &Path, dir: &Path, all: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, all);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                all.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = folder().join("base");
    let mut all = BTreeMap::new();
    walk(&root, &root, &mut all);
    all
}

fn broken(case: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(case.join("case.toml")).unwrap();
    let case_file: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut files = base();
    for change in case_file.change {
        if change.remove {
            files.remove(&change.file).unwrap_or_else(|| panic!("{}: no file {}", case.display(), change.file));
            continue;
        }
        let file = files.entry(change.file.clone()).or_default();
        if let (Some(find), Some(put)) = (&change.find, &change.put) {
            assert!(file.contains(find.as_str()), "{}: `{find}` is not in {}", case.display(), change.file);
            *file = file.replacen(find.as_str(), put, 1);
        }
        if let Some(append) = &change.append {
            file.push('\n');
            file.push_str(append);
        }
    }
    files
}

#[test]
fn the_base_pack_is_sound() {
    let city = loader().load_files(base().into_iter().collect()).map_err(|complaints| pack::render(&complaints)).unwrap();
    assert_eq!(city.part::<Count>(), Some(&Count(1)));
    assert!(city.opens("feedback") && !city.opens("hotline"));
    assert_eq!(city.definition("deadline", "quick").unwrap().json, "\"3 working days\"");
}

#[test]
fn every_broken_pack_is_answered_as_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut cases: Vec<PathBuf> = fs::read_dir(folder()).unwrap().flatten().map(|entry| entry.path()).collect();
    cases.retain(|path| path.join("case.toml").is_file());
    cases.sort();
    assert!(cases.len() >= 30, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let complaints = loader().load_files(broken(&case).into_iter().collect()).err().unwrap_or_default();
        assert!(!complaints.is_empty(), "{}: nobody complains", case.display());
        let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        let said = format!("{}\n\n{}\n", lines.join("\n"), pack::render(&complaints).trim_end());
        let golden = case.join("expected.txt");
        if bless {
            fs::write(&golden, &said).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if said != expected {
            wrong.push(format!("{}:\n--- said\n{said}--- expected\n{expected}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn complaints_come_in_the_order_of_files_and_lines() {
    let mut files = base();
    for (name, text) in &mut files {
        if name == "units.toml" || name == "roles.toml" || name == "places.toml" {
            *text = text.replace("key =", "kez =");
        }
    }
    let complaints = loader().load_files(files.into_iter().collect()).unwrap_err();
    let places: Vec<(usize, usize)> = complaints
        .iter()
        .map(|complaint| {
            (
                ["city.toml", "areas", "units.toml", "roles.toml", "places.toml"]
                    .iter()
                    .position(|name| complaint.file.starts_with(name))
                    .unwrap_or(9),
                complaint.line,
            )
        })
        .collect();
    assert!(places.len() >= 7, "{places:?}");
    assert!(places.is_sorted(), "{places:?}");
}
