//! Roles: what officials may do and how far they reach. Which permissions exist is the capabilities' word.

use crate::reader::{Reader, Rows};
use kernel::Both;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The official's own unit.
    Unit,
    /// The unit and everything below it.
    Descendants,
    /// The whole city.
    City,
}

/// A role that officials are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: Both,
    /// How far it reaches.
    pub reach: Reach,
    /// What it allows.
    pub permissions: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    role: Rows<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    key: Spanned<String>,
    name: Both,
    reach: Reach,
    permissions: Rows<Spanned<String>>,
}

/// The role that the first official gets.
pub const ADMINISTRATOR: &str = "administrator";

/// Reads roles.toml.
pub(crate) fn read(reader: &mut Reader, known: Option<&[&str]>) -> Vec<Role> {
    let Some(File { role: rows }) = reader.read::<File>("roles.toml") else { return Vec::new() };
    reader.keys("role", rows.iter().map(|row| &row.key));
    let known_keys = reader.keys.get(&(String::new(), "role".to_owned())).cloned().unwrap_or_default();
    if !known_keys.contains(ADMINISTRATOR) {
        let help = Some(format!("add a [[role]] with key = \"{ADMINISTRATOR}\": the first official gets it"));
        reader.complain_about_file("roles.toml", format!("there is no role `{ADMINISTRATOR}`"), help);
    }
    for row in rows.iter() {
        for (at, permission) in row.permissions.iter().enumerate() {
            if let Some(known) = known {
                reader.one_of("permission", permission, known.iter().copied());
            }
            if let Some(first) = row.permissions[..at].iter().find(|held| held.get_ref() == permission.get_ref()) {
                let message = format!("permission `{}` stands twice", permission.get_ref());
                reader.complain_with(permission.span(), message, None, first.span(), "first here");
            }
        }
    }
    let role = |row: Raw| Role {
        key: row.key.into_inner(),
        name: row.name,
        reach: row.reach,
        permissions: row.permissions.into_iter().map(Spanned::into_inner).collect(),
    };
    rows.into_iter().map(role).collect()
}
