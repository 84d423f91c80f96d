//! From a folder to a [`City`], or to everything that is wrong with it.

use crate::city::{self, City};
use crate::complaint::Complaint;
use crate::reader::{Reader, ReaderFn};
use crate::{areas, days, map, messages, nearest, places, roles, units};
use kernel::secret::{hex, sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads the pack in `dir`; the folders of capabilities are not read.
///
/// # Errors
/// Everything that is wrong, in the order of files and lines.
pub fn load(dir: impl AsRef<Path>) -> Result<City, Vec<Complaint>> {
    Loader::new().load(dir)
}

/// Reads the pack in `dir` with the folders of these capabilities.
///
/// # Errors
/// Everything that is wrong, in the order of files and lines.
pub fn load_with(dir: impl AsRef<Path>, capabilities: &[(&'static str, ReaderFn)]) -> Result<City, Vec<Complaint>> {
    Loader::new().capabilities(capabilities).load(dir)
}

/// Reads one file that belongs to no pack, such as the mapping of an import, with the same complaints. `name` is how they call it.
///
/// # Errors
/// Everything that is wrong, in the order of lines.
pub fn read_file<T>(name: &str, text: String, read: impl FnOnce(&mut Reader, &str) -> Option<T>) -> Result<T, Vec<Complaint>> {
    let mut reader = Reader::new(City::unknown(), vec![(name.to_owned(), text)]);
    let value = read(&mut reader, name);
    let mut complaints = reader.complaints;
    match value {
        Some(value) if complaints.is_empty() => Ok(value),
        _ => {
            complaints.sort_by_key(|complaint| (complaint.span.start, complaint.span.end));
            complaints.dedup_by(|a, b| a.to_string() == b.to_string());
            Err(complaints)
        }
    }
}

/// Reads packs, knowing what the program can do.
#[derive(Clone, Default)]
pub struct Loader {
    permissions: Option<Vec<&'static str>>,
    messages: Option<Vec<&'static str>>,
    capabilities: Option<Vec<(&'static str, ReaderFn)>>,
    partly: bool,
}

/// Folders that belong to no capability.
const OWN_FOLDERS: [&str; 2] = ["areas", "notify"];
/// Files that belong to no capability.
pub(crate) const OWN_FILES: [&str; 6] = ["city.toml", "units.toml", "calendars.toml", "roles.toml", "map.toml", "places.toml"];
const FILE_AT_MOST: u64 = 4 << 20;
const FILES_AT_MOST: usize = 2_000;
/// Only a demonstration reads it.
const DEMO: &str = "demo.toml";

impl Loader {
    /// A loader that knows no permissions, messages and capabilities, and so does not check their names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The permissions that exist: a role that names another is a mistake.
    #[must_use]
    pub fn permissions(mut self, known: &[&'static str]) -> Self {
        self.permissions = Some(known.to_vec());
        self
    }

    /// The messages that are sent: each needs words. Others may be written ahead.
    #[must_use]
    pub fn messages(mut self, known: &[&'static str]) -> Self {
        self.messages = Some(known.to_vec());
        self
    }

    /// Only a part of the house is here (the test of one room): names and folders of rooms that are not here are left alone.
    #[must_use]
    pub fn partly(mut self) -> Self {
        self.permissions = None;
        self.messages = None;
        self.partly = true;
        self
    }

    /// The capabilities that exist, with how they read their folder: another folder is a mistake.
    #[must_use]
    pub fn capabilities(mut self, known: &[(&'static str, ReaderFn)]) -> Self {
        self.capabilities = Some(known.to_vec());
        self
    }

    /// Reads the pack in `dir`.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of files and lines.
    pub fn load(&self, dir: impl AsRef<Path>) -> Result<City, Vec<Complaint>> {
        let (files, version, unreadable) = gather(dir.as_ref());
        self.read(files, version, unreadable)
    }

    /// Reads a pack from files that are already in memory: names from the pack's folder on, with their texts.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of files and lines.
    pub fn load_files(&self, mut files: Vec<(String, String)>) -> Result<City, Vec<Complaint>> {
        files.sort();
        let hashes: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), sha256(text.as_bytes()))).collect();
        let version = version(&hashes);
        self.read(files, version, Vec::new())
    }

    fn read(
        &self,
        files: Vec<(String, String)>,
        version: String,
        unreadable: Vec<(String, String)>,
    ) -> Result<City, Vec<Complaint>> {
        let mut reader = Reader::new(City::unknown(), files);
        for (path, why) in unreadable {
            reader.complain_about_file(&path, why, None);
        }
        reader.city.version = version;

        let later = city::read(&mut reader);
        reader.city.calendars = days::read(&mut reader);
        reader.city.areas = areas::read(&mut reader);
        reader.city.units = units::read(&mut reader);
        if let Some(later) = later {
            self.check_triage(&mut reader, &later.triage);
        }
        reader.city.roles = roles::read(&mut reader, self.permissions.as_deref());
        reader.city.map = map::read(&mut reader);
        reader.city.places = places::read(&mut reader);
        reader.city.messages = messages::read(&mut reader, self.messages.as_deref());
        self.read_capabilities(&mut reader);
        self.check_unread(&mut reader);

        let Reader { mut city, mut complaints, definitions, .. } = reader;
        if complaints.is_empty() {
            city.definitions = definitions;
            return Ok(city);
        }
        complaints.sort_by(|a, b| {
            let key = |complaint: &Complaint| (complaint.span.start, complaint.span.end);
            (rank(&a.file), &a.file, key(a), &a.message).cmp(&(rank(&b.file), &b.file, key(b), &b.message))
        });
        complaints.dedup_by(|a, b| a.to_string() == b.to_string());
        Err(complaints)
    }

    fn check_triage(&self, reader: &mut Reader, triage: &toml::Spanned<String>) {
        if let Some(unit) = reader.unit(triage)
            && let Some(last) = unit.valid_to
        {
            let message = format!("unit `{}` ended on {last} and cannot receive what no rule routes", unit.key);
            reader.complain(triage.span(), message, None);
        }
    }

    fn read_capabilities(&self, reader: &mut Reader) {
        for (name, read) in self.capabilities.iter().flatten() {
            let prefix = format!("{name}/");
            if !reader.sources.iter().any(|source| source.name.starts_with(&prefix)) {
                continue;
            }
            reader.folder = name;
            if let Some(part) = read(reader) {
                reader.city.parts.insert((*part).type_id(), part);
            }
            reader.folder = "";
            reader.city.open.insert((*name).to_owned());
        }
        if self.capabilities.is_none() {
            let folders = reader.sources.iter().filter_map(|source| Some(source.name.split_once('/')?.0.to_owned()));
            reader.city.open = folders.filter(|folder| !OWN_FOLDERS.contains(&folder.as_str())).collect();
        }
    }

    /// A file that nobody reads is a mistake: it looks as if it counted.
    fn check_unread(&self, reader: &mut Reader) {
        let capabilities: Vec<&str> = self.capabilities.iter().flatten().map(|(name, _)| *name).collect();
        let unread: Vec<String> = reader.sources.iter().filter(|source| !source.read).map(|source| source.name.clone()).collect();
        for name in unread {
            let (folder, file) = name.split_once('/').unwrap_or(("", &name));
            if folder.is_empty() {
                let help = nearest(file, OWN_FILES).map(|near| format!("did you mean `{near}`?"));
                reader.complain_about_file(&name, "this file is not part of a pack", help);
            } else if OWN_FOLDERS.contains(&folder) || capabilities.contains(&folder) {
                if file != DEMO {
                    let help = (folder == "notify").then(|| "did you mean `messages.toml`?".to_owned());
                    reader.complain_about_file(&name, format!("nobody reads this file in `{folder}`"), help);
                }
            } else if self.capabilities.is_some() && !self.partly {
                let known = capabilities.iter().copied().chain(OWN_FOLDERS);
                let help = nearest(folder, known).map(|near| format!("did you mean `{near}`?"));
                reader.complain_about_file(&name, format!("the folder `{folder}` belongs to no capability"), help);
            }
        }
    }
}

/// The order in which people read a pack.
fn rank(file: &str) -> usize {
    let order = ["city.toml", "areas", "units.toml", "calendars.toml", "roles.toml", "map.toml", "places.toml", "notify"];
    let first = file.split('/').next().unwrap_or_default();
    order.iter().position(|name| *name == first).unwrap_or(order.len())
}

type Gathered = (Vec<(String, String)>, String, Vec<(String, String)>);

/// All TOML files under `dir` by name, the hash over all files, and what could not be read.
fn gather(dir: &Path) -> Gathered {
    let (mut paths, mut bad) = (Vec::new(), Vec::new());
    walk(dir, dir, &mut paths, &mut bad, 0);
    paths.sort();
    let mut files = Vec::new();
    let mut hashes = Vec::new();
    for (name, path) in &paths {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                bad.push((name.clone(), format!("this file cannot be read: {error}")));
                continue;
            }
        };
        hashes.push((name.as_str(), sha256(&bytes)));
        if !name.ends_with(".toml") {
            continue;
        }
        match String::from_utf8(bytes) {
            Ok(text) => files.push((name.clone(), text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                bad.push((name.clone(), format!("this file is not UTF-8, from byte {at} on")));
            }
        }
    }
    let version = version(&hashes);
    (files, version, bad)
}

/// One hash over all files: their names and contents, in order.
fn version(files: &[(&str, [u8; 32])]) -> String {
    let mut all = Vec::new();
    for (name, hash) in files {
        all.extend_from_slice(name.as_bytes());
        all.push(0);
        all.extend_from_slice(hash);
    }
    hex(&sha256(&all))
}

fn walk(root: &Path, dir: &Path, paths: &mut Vec<(String, PathBuf)>, bad: &mut Vec<(String, String)>, depth: usize) {
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            bad.push((
                if depth == 0 { dir.to_string_lossy().into_owned() } else { name(dir) },
                format!("this folder cannot be read: {error}"),
            ));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let Ok(kind) = entry.file_type() else { continue };
        if hidden || kind.is_symlink() || paths.len() >= FILES_AT_MOST {
            continue;
        }
        if kind.is_dir() {
            if depth < 4 {
                walk(root, &path, paths, bad, depth + 1);
            }
        } else if entry.metadata().is_ok_and(|data| data.len() > FILE_AT_MOST) {
            bad.push((name(&path), format!("this file is larger than {} MiB", FILE_AT_MOST >> 20)));
        } else {
            paths.push((name(&path), path));
        }
    }
}
