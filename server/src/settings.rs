//! How this server is set up: flags first, then the environment (`SONGHAN_*`), then the TOML file, then what is usual.
//!
//! A wrong value is answered with the place it stands in and with what is allowed there. What a *city* is stands in its pack, not here.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Environment(String),
    /// In the settings file.
    File(PathBuf, usize),
    /// Nowhere: what is usual.
    Usual,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Usual => f.write_str("usual value"),
        }
    }
}

/// A value that cannot be used, with its place and what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// The settings that exist: key in the file, flag, what is usual, what is allowed. The environment variable is `SONGHAN_` and the key in
/// capitals.
const KNOWN: &[Setting] = &[
    Setting {
        key: "listen",
        flag: "--listen",
        usual: Some("127.0.0.1:8022"),
        allowed: "an address and a port, such as 127.0.0.1:8022 or [::]:80",
    },
    Setting { key: "data", flag: "--data", usual: Some("data"), allowed: "the folder of this city's data" },
    Setting { key: "pack", flag: "--pack", usual: None, allowed: "the folder of a city pack, such as packs/sample" },
    Setting { key: "database", flag: "--database", usual: None, allowed: "sqlite:PATH or postgres://USER@HOST/NAME" },
    Setting {
        key: "origin",
        flag: "--origin",
        usual: None,
        allowed: "the address people type, such as https://songhan.example, without a path",
    },
    Setting {
        key: "proxies",
        flag: "--proxies",
        usual: Some(""),
        allowed: "IP addresses of trusted proxies, separated by commas",
    },
    Setting { key: "limits", flag: "--limits", usual: Some("on"), allowed: "on, or off when listening on a loopback address" },
    Setting { key: "connections", flag: "--connections", usual: Some("4096"), allowed: "a number from 16 to 65536" },
    Setting {
        key: "node",
        flag: "--node",
        usual: Some("0"),
        allowed: "a number from 0 to 255, another for each process on one database",
    },
    Setting { key: "logs", flag: "--logs", usual: Some("text"), allowed: "text or json" },
];

struct Setting {
    key: &'static str,
    flag: &'static str,
    usual: Option<&'static str>,
    allowed: &'static str,
}

/// How lines of the log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How this server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder of this city's data.
    pub data: PathBuf,
    /// The folder of the pack.
    pub pack: PathBuf,
    /// The database's address.
    pub database: String,
    /// The public origin.
    pub origin: Option<String>,
    /// Proxies whose word about the sender's address counts.
    pub proxies: Vec<IpAddr>,
    /// Whether knocks are counted.
    pub limits: bool,
    /// Connections at once.
    pub connections: usize,
    /// This process's number on its database.
    pub node: u16,
    /// How logs are written.
    pub logs: Logs,
}

/// What was said, by key.
#[derive(Clone, Debug, Default)]
pub struct Said(BTreeMap<&'static str, (String, Place)>);

impl Said {
    /// Gathers what was said: `flags` by key, the environment through `environment`, and the file's text with its path.
    ///
    /// # Errors
    /// When the file is no TOML or has a key that does not exist.
    pub fn gather(
        flags: &[(&'static str, Option<String>)],
        environment: impl Fn(&str) -> Option<String>,
        file: Option<(PathBuf, String)>,
    ) -> Result<Self, Wrong> {
        let mut said = BTreeMap::new();
        for setting in KNOWN {
            if let Some(usual) = setting.usual {
                said.insert(setting.key, (usual.to_owned(), Place::Usual));
            }
        }
        if let Some((path, text)) = file {
            for (key, value, line) in read_file(&path, &text)? {
                said.insert(key, (value, Place::File(path.clone(), line)));
            }
        }
        for setting in KNOWN {
            let name = format!("SONGHAN_{}", setting.key.to_uppercase());
            if let Some(value) = environment(&name) {
                said.insert(setting.key, (value, Place::Environment(name)));
            }
        }
        for (key, value) in flags {
            let setting = KNOWN.iter().find(|setting| setting.key == *key);
            if let (Some(setting), Some(value)) = (setting, value) {
                said.insert(setting.key, (value.clone(), Place::Flag(setting.flag)));
            }
        }
        Ok(Self(said))
    }

    /// The value of a key and its place.
    fn get(&self, key: &'static str) -> Result<(&str, &Place), Wrong> {
        match self.0.get(key) {
            Some((value, place)) => Ok((value, place)),
            None => {
                let setting = KNOWN.iter().find(|setting| setting.key == key);
                let (flag, allowed) = setting.map_or((key, ""), |s| (s.flag, s.allowed));
                Err(Wrong(format!(
                    "`{key}` is not set: give {flag}, SONGHAN_{} or `{key}` in the settings file; allowed: {allowed}",
                    key.to_uppercase()
                )))
            }
        }
    }

    fn parsed<T>(&self, key: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Wrong> {
        let (value, place) = self.get(key)?;
        parse(value.trim()).ok_or_else(|| wrong(key, value, place))
    }
}

fn wrong(key: &str, value: &str, place: &Place) -> Wrong {
    let allowed = KNOWN.iter().find(|setting| setting.key == key).map_or("", |setting| setting.allowed);
    Wrong(format!("{place}: `{key}` cannot be `{value}`; allowed: {allowed}"))
}

fn read_file(path: &std::path::Path, text: &str) -> Result<Vec<(&'static str, String, usize)>, Wrong> {
    let line_of = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let table: BTreeMap<toml::Spanned<String>, toml::Spanned<toml::Value>> = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |span| line_of(span.start));
        Wrong(format!("{}:{line}: {}", path.display(), e.message()))
    })?;
    let mut found = Vec::new();
    for (key, value) in table {
        let line = line_of(key.span().start);
        let Some(setting) = KNOWN.iter().find(|setting| setting.key == key.get_ref()) else {
            let near = pack::nearest(key.get_ref(), KNOWN.iter().map(|setting| setting.key));
            let hint = near.map_or_else(
                || format!("the settings are {}", KNOWN.iter().map(|s| s.key).collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Wrong(format!("{}:{line}: there is no setting `{}`; {hint}", path.display(), key.get_ref())));
        };
        let text = match value.get_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(n) => n.to_string(),
            toml::Value::Boolean(yes) => if *yes { "on" } else { "off" }.to_owned(),
            toml::Value::Array(all) => all.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(","),
            other => return Err(wrong(setting.key, &other.to_string(), &Place::File(path.to_owned(), line))),
        };
        found.push((setting.key, text, line));
    }
    Ok(found)
}

impl Settings {
    /// The settings from what was said.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn from_said(said: &Said) -> Result<Self, Wrong> {
        let listen: SocketAddr = said.parsed("listen", |v| v.replace("localhost", "127.0.0.1").parse().ok())?;
        let data = PathBuf::from(said.get("data")?.0);
        let limits = said.parsed("limits", |v| match v {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        })?;
        if !limits && !listen.ip().is_loopback() {
            let (_, place) = said.get("limits")?;
            return Err(Wrong(format!(
                "{place}: `limits` cannot be `off` while listening on {listen}: without limits only a loopback address (127.0.0.1, ::1) is served"
            )));
        }
        let database = match said.0.get("database") {
            None => format!("sqlite:{}", data.join("songhan.db").display()),
            Some(_) => said.parsed("database", |v| {
                let known = v.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty())
                    || v.starts_with("postgres://")
                    || v.starts_with("postgresql://");
                known.then(|| v.to_owned())
            })?,
        };
        let origin = match said.0.get("origin") {
            None => None,
            Some((value, _)) if value.is_empty() => None,
            Some(_) => Some(said.parsed("origin", |v| {
                let host = v.strip_prefix("https://").or_else(|| v.strip_prefix("http://"))?;
                let sound = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
                sound.then(|| v.to_owned())
            })?),
        };
        Ok(Self {
            listen,
            pack: PathBuf::from(said.get("pack")?.0),
            database,
            origin,
            proxies: said
                .parsed("proxies", |v| v.split(',').map(str::trim).filter(|p| !p.is_empty()).map(|p| p.parse().ok()).collect())?,
            limits,
            connections: said.parsed("connections", |v| v.parse().ok().filter(|n| (16..=65_536).contains(n)))?,
            node: said.parsed("node", |v| v.parse().ok().filter(|n| *n < 256))?,
            logs: said.parsed("logs", |v| match v {
                "text" => Some(Logs::Text),
                "json" => Some(Logs::Json),
                _ => None,
            })?,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: Option<&str>) -> Result<Settings, String> {
        let flags: Vec<_> = flags.iter().map(|(key, value)| (*key, Some((*value).to_owned()))).collect();
        let of = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let file = file.map(|text| (PathBuf::from("songhan.toml"), text.to_owned()));
        Said::gather(&flags, of, file).and_then(|said| Settings::from_said(&said)).map_err(|wrong| wrong.0)
    }

    const PACK: (&str, &str) = ("pack", "packs/sample");

    #[test]
    fn flags_are_stronger_than_the_environment_and_that_than_the_file() {
        let file = Some("listen = \"127.0.0.1:1\"\ndata = \"from-file\"\nnode = 3\nproxies = [\"10.0.0.1\", \"10.0.0.2\"]\n");
        let s = settings(
            &[PACK, ("listen", "127.0.0.1:3")],
            &[("SONGHAN_LISTEN", "127.0.0.1:2"), ("SONGHAN_DATA", "from-env")],
            file,
        )
        .unwrap();
        assert_eq!((s.listen.port(), s.data, s.node), (3, PathBuf::from("from-env"), 3));
        assert_eq!(s.database, "sqlite:from-env/songhan.db");
        assert_eq!(s.proxies.len(), 2);
        assert!(s.limits);
    }

    #[test]
    fn a_wrong_value_is_answered_with_its_place_and_what_is_allowed() {
        for (got, expect) in [
            (
                settings(&[PACK, ("listen", "somewhere")], &[], None),
                "flag --listen: `listen` cannot be `somewhere`; allowed: an address and a port, such as 127.0.0.1:8022 or [::]:80",
            ),
            (
                settings(&[PACK], &[("SONGHAN_LIMITS", "maybe")], None),
                "environment variable SONGHAN_LIMITS: `limits` cannot be `maybe`; allowed: on, or off when listening on a loopback address",
            ),
            (
                settings(&[PACK], &[], Some("\n\nnode = 300\n")),
                "songhan.toml:3: `node` cannot be `300`; allowed: a number from 0 to 255, another for each process on one database",
            ),
            (
                settings(&[PACK], &[], Some("listn = \"x\"")),
                "songhan.toml:1: there is no setting `listn`; did you mean `listen`?",
            ),
            (
                settings(&[PACK, ("database", "mysql://x")], &[], None),
                "flag --database: `database` cannot be `mysql://x`; allowed: sqlite:PATH or postgres://USER@HOST/NAME",
            ),
            (
                settings(&[], &[], None),
                "`pack` is not set: give --pack, SONGHAN_PACK or `pack` in the settings file; allowed: the folder of a city pack, such as packs/sample",
            ),
        ] {
            assert_eq!(got.map(|_| ()), Err(expect.to_owned()));
        }
    }

    #[test]
    fn limits_are_off_on_loopback_only() {
        let off = ("SONGHAN_LIMITS", "off");
        assert!(!settings(&[PACK], &[off], None).unwrap().limits);
        assert!(!settings(&[PACK, ("listen", "[::1]:80")], &[off], None).unwrap().limits);
        let refused = settings(&[PACK, ("listen", "0.0.0.0:80")], &[off], None).map(|_| ()).unwrap_err();
        assert!(refused.contains("cannot be `off` while listening on 0.0.0.0:80"), "{refused}");
    }
}
