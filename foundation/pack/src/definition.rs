//! Compiled definitions by their content: a case names the version it began under, and keeps it to the end.

use kernel::secret::{hex, sha256};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

/// Something that was compiled from a pack, in one form that never depends on the order of keys or on spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What it is: `calendar`, `category` …
    pub kind: String,
    /// Its key in the pack.
    pub key: String,
    /// The version: the first 12 digits of the hash.
    pub version: String,
    /// SHA-256 of the JSON, in hexadecimal.
    pub hash: String,
    /// Canonical JSON.
    pub json: String,
}

impl Definition {
    /// The definition of a compiled thing.
    #[must_use]
    pub fn of(kind: &str, key: &str, compiled: &impl Serialize) -> Self {
        let json = canonical(compiled);
        let hash = hex(&sha256(json.as_bytes()));
        Self { kind: kind.to_owned(), key: key.to_owned(), version: hash[..12].to_owned(), hash, json }
    }
}

/// JSON without spaces, keys in the order of their bytes.
#[must_use]
pub fn canonical(value: &impl Serialize) -> String {
    let mut out = String::new();
    write(&serde_json::to_value(value).unwrap_or(Value::Null), &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                let comma = if i > 0 { "," } else { "" };
                let _ = write!(out, "{comma}{}:", Value::from(key.as_str()));
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, value) in list.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(value, out);
            }
            out.push(']');
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_changes_nothing_and_a_letter_changes_all() {
        let (a, b) =
            (json!({"b": [1, {"d": 1.5, "c": "đ\"x"}], "a": null}), json!({"a": null, "b": [1, {"c": "đ\"x", "d": 1.5}]}));
        assert_eq!(canonical(&a), r#"{"a":null,"b":[1,{"c":"đ\"x","d":1.5}]}"#);
        assert_eq!(Definition::of("k", "x", &a), Definition::of("k", "x", &b));
        assert_ne!(Definition::of("k", "x", &json!("a")).hash, Definition::of("k", "x", &json!("b")).hash);
    }
}
