//! The few places where the two engines need two texts: full-text search, and the words of `create table`. Both texts side by side.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A full-text index over folded text. A migration creates it with the line `create search index NAME;`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchIndex {
    /// The name of its table, beginning with its room: `cases_search`.
    pub name: &'static str,
}

/// The statements of one index.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    pub(crate) sqlite_put: &'static str,
    pub(crate) sqlite_drop: &'static str,
    pub(crate) sqlite_find: &'static str,
    pub(crate) postgres_put: &'static str,
    pub(crate) postgres_drop: &'static str,
    pub(crate) postgres_find: &'static str,
}

/// The statements of an index, made once per name and kept: there are as many as there are `SearchIndex` constants.
pub(crate) fn texts(index: &SearchIndex) -> Texts {
    static MADE: OnceLock<Mutex<HashMap<&'static str, Texts>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    *made.entry(index.name).or_insert_with(|| {
        let n = index.name;
        assert!(is_name(n), "a search index is named in lower case: {n}");
        let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        Texts {
            sqlite_put: keep(format!("insert or replace into {n} (rowid, words) values ($1, $2)")),
            sqlite_drop: keep(format!("delete from {n} where rowid = $1")),
            sqlite_find: keep(format!("select rowid from {n} where {n} match $1 and rowid < $2 order by rowid desc limit $3")),
            postgres_put: keep(format!(
                "insert into {n} (id, words) values ($1, to_tsvector('simple', $2)) on conflict (id) do update set words = excluded.words"
            )),
            postgres_drop: keep(format!("delete from {n} where id = $1")),
            postgres_find: keep(format!(
                "select id from {n} where words @@ plainto_tsquery('simple', $1) and id < $2 order by id desc limit $3"
            )),
        }
    })
}

/// `create search index` in each engine's words. Folding is done in Rust: neither engine knows that đ is a d.
fn create_search(name: &str, sqlite: bool) -> String {
    if sqlite {
        format!("create virtual table {name} using fts5(words, content='', contentless_delete=1, tokenize='ascii')")
    } else {
        format!(
            "create table {name} (id bigint primary key, words tsvector not null); create index {name}_words on {name} using gin (words)"
        )
    }
}

/// The words of a text: runs of letters and digits, at most 64 letters each, so that both engines cut the same words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let end = word.char_indices().nth(64).map_or(word.len(), |(at, _)| at);
        &word[..end]
    })
}

/// A query that FTS5 cannot read as syntax: every word quoted, all of them wanted.
pub(crate) fn fts5_query(words: &[&str]) -> String {
    let mut query = String::new();
    for word in words {
        let _ = write!(query, "\"{word}\" ");
    }
    query
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// One piece of a DDL text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Piece<'a> {
    Word(&'a str),
    /// White space, punctuation, comments and quoted texts: never rewritten.
    Other(&'a str),
}

fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let until = |from: usize, end: &str| sql[from..].find(end).map_or(bytes.len(), |i| from + i + end.len());
        match bytes[at] {
            b'-' if sql[at..].starts_with("--") => at = until(at, "\n"),
            b'/' if sql[at..].starts_with("/*") => at = until(at + 2, "*/"),
            b'\'' => at = until(at + 1, "'"),
            b'"' => at = until(at + 1, "\""),
            b if b.is_ascii_alphanumeric() || b == b'_' => {
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                found.push(Piece::Word(&sql[start..at]));
                continue;
            }
            b if b.is_ascii_whitespace() => {
                while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
            }
            _ => at += sql[at..].chars().next().map_or(1, char::len_utf8),
        }
        found.push(Piece::Other(&sql[start..at]));
    }
    found
}

/// A migration in SQLite's words (`sqlite`) or PostgreSQL's. Only whole words of DDL change, never texts or comments:
/// `bigint primary key` becomes the rowid, the four types become SQLite's, each table becomes `strict`, and one whose key has
/// several columns `without rowid`.
pub(crate) fn ddl(sql: &str, sqlite: bool) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    for statement in pieces(sql).split(|p| *p == Piece::Other(";")) {
        let words: Vec<&str> = statement.iter().filter_map(|p| if let Piece::Word(w) = p { Some(*w) } else { None }).collect();
        if words.is_empty() {
            continue;
        }
        if let ["create", "search", "index", name] = words[..] {
            out.push_str(&create_search(name, sqlite));
        } else if sqlite {
            rewrite(statement, &words, &mut out);
        } else {
            for piece in statement {
                let (Piece::Word(text) | Piece::Other(text)) = piece;
                out.push_str(text);
            }
        }
        out.push_str(";\n");
    }
    out
}

fn rewrite(statement: &[Piece<'_>], words: &[&str], out: &mut String) {
    let shapes_table = matches!(words, ["create" | "alter", "table", ..]);
    let creates_table = matches!(words, ["create", "table", ..]) && !words.contains(&"select");
    let mut next = 0;
    for piece in statement {
        match piece {
            Piece::Other(text) => out.push_str(text),
            Piece::Word(word) => {
                let following = (words.get(next + 1).copied(), words.get(next + 2).copied());
                out.push_str(match *word {
                    _ if !shapes_table => word,
                    "bigint" => "integer",
                    "double" if following.0 == Some("precision") => "real",
                    "precision" if next > 0 && words[next - 1] == "double" => "",
                    "bytea" => "blob",
                    _ => word,
                });
                next += 1;
            }
        }
    }
    if creates_table {
        // A comment may stand last: the words go on a line of their own.
        out.push_str(if has_compound_key(statement) { "\nstrict, without rowid" } else { "\nstrict" });
    }
}

/// Whether the statement has `primary key (a, b)`.
fn has_compound_key(statement: &[Piece<'_>]) -> bool {
    let bare: Vec<_> =
        statement.iter().filter(|p| !matches!(p, Piece::Other(t) if t.trim().is_empty() || t.starts_with("--"))).collect();
    bare.windows(3).enumerate().any(|(i, w)| {
        matches!(w, [Piece::Word("primary"), Piece::Word("key"), Piece::Other("(")])
            && bare[i + 3..].iter().take_while(|p| ***p != Piece::Other(")")).any(|p| **p == Piece::Other(","))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ddl_is_rewritten_by_whole_words_and_nothing_else() {
        let sql = "-- a bigint; in a comment\ncreate table t (\n  id bigint primary key, -- the rowid; really\n  x double precision, b bytea not null,\n  \
                   bigint_like text default 'bigint; bytea'\n);\ncreate table k (a text, b bigint, primary key (a, b));\n\
                   create index k_b on k (b) where b > 0;\nalter table t add column y bigint;\ncreate search index t_search;\n";
        let lite = ddl(sql, true);
        assert!(lite.contains("id integer primary key, -- the rowid; really"), "{lite}");
        assert!(
            lite.contains("x real , b blob not null") || lite.contains("x real , b blob") || lite.contains("x real, b blob"),
            "{lite}"
        );
        assert!(lite.contains("bigint_like text default 'bigint; bytea'\n)\nstrict;"), "{lite}");
        assert!(lite.contains("primary key (a, b))\nstrict, without rowid;"), "{lite}");
        assert!(lite.contains("where b > 0;"), "{lite}");
        assert!(lite.contains("add column y integer;"), "{lite}");
        assert!(lite.contains("using fts5"), "{lite}");
        let large = ddl(sql, false);
        assert!(large.contains("id bigint primary key") && large.contains("tsvector") && !large.contains("strict"), "{large}");
    }

    #[test]
    fn words_are_cut_alike_for_both_engines_and_cannot_be_syntax() {
        assert_eq!(
            words("duong  le-duan, so 12/5 \"or\" a*").collect::<Vec<_>>(),
            ["duong", "le", "duan", "so", "12", "5", "or", "a"]
        );
        assert_eq!(fts5_query(&["or", "near"]), "\"or\" \"near\" ");
        assert_eq!(words(&"x".repeat(100)).next().map(str::len), Some(64));
    }
}
