//! The seal: every hour a signed Merkle root over the heads that changed, chained for each node and written to a file that also
//! leaves the house. A chain that nobody outside holds proves nothing against those who run it.
//!
//! Start at [`hourly`], which runs in a transaction, and [`append`], which brings the file up to what the database has sealed.
//! `verify.rs` checks them. The file `<data>/seals/node-N.seals` has one JSON line for each seal, with the heads; what is mailed is
//! the line's [`Seal::statement`], in which the heads are their root.

use crate::Refusal;
use crate::keys::Keys;
use db::{Db, Lane, Rd, Tx, args};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use kernel::Instant;
use kernel::secret::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// The most lines under one seal: little enough to hold in memory beside everything else. A heavy hour has several seals.
pub const LINES: i64 = 10_000;

/// Lines that are read at once.
const PAGE: i64 = 2_000;

/// The head of one case under a seal: its last line among the node's lines that the seal covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The case.
    pub case: i64,
    /// The line.
    pub seq: u32,
    /// Its hash; in the file in hexadecimal.
    #[serde(with = "in_hex")]
    pub hash: [u8; 32],
}

/// A hash as text, without a text of its own in memory for each.
mod in_hex {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    pub fn serialize<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::hex(hash))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        struct Hash;
        impl Visitor<'_> for Hash {
            type Value = [u8; 32];
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hexadecimal digits")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<[u8; 32], E> {
                super::unhex(text).ok_or_else(|| E::custom("not 64 hexadecimal digits"))
            }
        }
        from.deserialize_str(Hash)
    }
}

/// One seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The node.
    pub node: u32,
    /// The seal's number on that node, from 1.
    pub no: u32,
    /// It covers the node's lines after this position …
    pub from_seq: i64,
    /// … up to this one.
    pub to_seq: i64,
    /// When it was made.
    pub at: Instant,
    /// The Merkle root over the heads, in hexadecimal.
    pub root: String,
    /// The digest of the seal before; zeros for the first.
    pub prev: String,
    /// The ed25519 signature over the statement, in hexadecimal.
    pub signature: String,
    /// The heads, by case.
    #[serde(default)]
    pub heads: Vec<Head>,
}

impl Seal {
    /// What is signed, mailed and kept by others: everything but heads and signature, as one line of text.
    #[must_use]
    pub fn statement(&self) -> String {
        let Self { node, no, from_seq, to_seq, at, root, prev, .. } = self;
        format!("songhan seal 1: node {node}, seal {no}, lines {from_seq}-{to_seq}, at {}, root {root}, after {prev}", at.ms())
    }

    /// The digest by which the next seal, and whoever keeps it outside, names this one.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.statement().as_bytes()))
    }

    /// Whether the signature is good.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let Some(bytes) = unhex::<64>(&self.signature) else { return false };
        key.verify_strict(self.statement().as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    }

    pub(crate) fn sign(&mut self, key: &SigningKey) {
        self.signature = hex(&key.sign(self.statement().as_bytes()).to_bytes());
    }
}

/// What somebody outside keeps of a seal: enough to notice that everything inside was made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The node.
    pub node: u32,
    /// The seal's number.
    pub no: u32,
    /// Its digest.
    pub digest: String,
}

impl From<&Seal> for Published {
    fn from(seal: &Seal) -> Self {
        Self { node: seal.node, no: seal.no, digest: seal.digest() }
    }
}

/// Bytes from lower-case hexadecimal.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The public key from its hexadecimal text, as `signing.pub` has it.
///
/// # Errors
/// `Broken` when it is none.
pub fn public_key(text: &str) -> Result<VerifyingKey, Refusal> {
    let bytes = unhex(text.trim()).ok_or_else(|| Refusal::Broken("not a public key of 64 hexadecimal digits".to_owned()))?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| Refusal::Broken("not a public key".to_owned()))
}

/// The Merkle root over heads (RFC 6962: leaves and nodes are hashed apart; an odd one goes up as it is).
pub(crate) fn root(heads: &[Head]) -> [u8; 32] {
    let leaf = |head: &Head| -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(head.case.to_be_bytes());
        hash.update(head.seq.to_be_bytes());
        hash.update(hex(&head.hash).as_bytes());
        hash.finalize().into()
    };
    let mut row: Vec<[u8; 32]> = heads.iter().map(leaf).collect();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => {
                    let mut hash = Sha256::new();
                    hash.update([1]);
                    hash.update(left);
                    hash.update(right);
                    hash.finalize().into()
                }
                odd => odd[0],
            })
            .collect();
    }
    row.first().copied().unwrap_or_default()
}

/// The heads among a node's lines after `from` up to `to`, and how many lines there were.
pub(crate) fn heads(rd: &mut Rd<'_>, node: u32, from: i64, to: i64) -> db::Result<(Vec<Head>, i64)> {
    const SQL: &str = "select node_seq, case_id, seq, hash from case_history \
        where node = $1 and node_seq > $2 and node_seq <= $3 order by node_seq limit $4";
    let (mut last, mut count, mut after) = (BTreeMap::new(), 0, from);
    loop {
        let page: Vec<(i64, i64, u32, [u8; 32])> = rd.all(SQL, args![node, after, to, PAGE])?;
        let Some(end) = page.last().map(|line| line.0) else { break };
        after = end;
        for (_, case, seq, hash) in page {
            last.insert(case, (seq, hash));
            count += 1;
        }
    }
    Ok((last.into_iter().map(|(case, (seq, hash))| Head { case, seq, hash }).collect(), count))
}

db::row! {
    struct Row {
        node: u32,
        no: u32,
        from_seq: i64,
        to_seq: i64,
        root: [u8; 32],
        prev: [u8; 32],
        at: Instant,
        signature: [u8; 64],
    }
}

impl Row {
    fn seal(self, heads: Vec<Head>) -> Seal {
        Seal {
            node: self.node,
            no: self.no,
            from_seq: self.from_seq,
            to_seq: self.to_seq,
            at: self.at,
            root: hex(&self.root),
            prev: hex(&self.prev),
            signature: hex(&self.signature),
            heads,
        }
    }
}

fn last_row(rd: &mut Rd<'_>, node: u32) -> db::Result<Option<Row>> {
    const SQL: &str =
        "select node, no, from_seq, to_seq, root, prev, at, signature from case_seals where node = $1 order by no desc limit 1";
    rd.opt(SQL, args![node])
}

/// Seals what this node has written since its last seal, at most [`LINES`] lines; `None` when there was nothing. Run it every hour,
/// again at once while it gives a seal, then [`append`].
///
/// # Errors
/// The database's, and `Broken` when lines are missing: a seal never covers a hole.
pub fn hourly(tx: &mut Tx<'_>, keys: &Keys) -> Result<Option<Seal>, Refusal> {
    const INSERT: &str = "insert into case_seals (node, no, from_seq, to_seq, heads, root, prev, at, signature) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let node = crate::record::node_of(tx.id());
    let before = last_row(tx, node)?.map(|row| row.seal(Vec::new()));
    let from = before.as_ref().map_or(0, |s| s.to_seq);
    let last: Option<(i64,)> = tx.opt("select last from case_positions where node = $1", args![node])?;
    let to = last.map_or(0, |(n,)| n).min(from + LINES);
    if to <= from {
        return Ok(None);
    }
    let (heads, lines) = heads(tx, node, from, to)?;
    if lines != to - from {
        return Err(Refusal::Broken(format!(
            "{} of the {} lines after {from} of node {node} are missing",
            to - from - lines,
            to - from
        )));
    }
    let mut seal = Seal {
        node,
        no: before.as_ref().map_or(0, |s| s.no) + 1,
        from_seq: from,
        to_seq: to,
        at: tx.now(),
        root: hex(&root(&heads)),
        prev: before.map_or_else(|| hex(&[0; 32]), |s| s.digest()),
        signature: String::new(),
        heads,
    };
    seal.sign(&keys.signing);
    let count = i64::try_from(seal.heads.len()).unwrap_or(i64::MAX);
    let bytes = |text: &str| unhex::<32>(text).unwrap_or_default();
    let signature = unhex::<64>(&seal.signature).unwrap_or([0; 64]);
    let (root, prev) = (bytes(&seal.root), bytes(&seal.prev));
    tx.exec_one(INSERT, args![node, seal.no, seal.from_seq, seal.to_seq, count, root, prev, seal.at, signature])?;
    Ok(Some(seal))
}

/// The hourly work of a node: seals what it has written and brings its file up to date. Gives what is new in the file, as [`append`] does.
///
/// # Errors
/// As [`hourly`] and [`append`].
pub fn run(db: &Db, keys: &Keys, data: &Path, node: u32) -> Result<Vec<Seal>, Refusal> {
    loop {
        let keys = keys.clone();
        if db.write_now(Lane::Comfort, move |tx| hourly(tx, &keys))?.is_none() {
            return append(db, data, node);
        }
    }
}

/// The file of a node's seals.
#[must_use]
pub fn file(data: &Path, node: u32) -> PathBuf {
    data.join("seals").join(format!("node-{node}.seals"))
}

/// Every file of seals in the folder.
///
/// # Errors
/// The disk's.
pub fn files(data: &Path) -> std::io::Result<Vec<PathBuf>> {
    let folder = data.join("seals");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut all: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    all.retain(|path| path.extension().is_some_and(|e| e == "seals"));
    all.sort();
    Ok(all)
}

/// Reads one seal from a line of the file.
pub(crate) fn read_line(line: &str) -> Option<Seal> {
    serde_json::from_str(line.trim_end()).ok()
}

/// Appends to the file what the database has sealed and the file has not, synced. It may be repeated at any time, after a power cut
/// too: a torn last line is taken off first. Gives the seals it wrote, for the mail: without their heads, which stand in the file.
///
/// # Errors
/// The database's and the disk's.
pub fn append(db: &Db, data: &Path, node: u32) -> Result<Vec<Seal>, Refusal> {
    let path = file(data, node);
    let disk = |error: std::io::Error| Refusal::Broken(format!("{}: {error}", path.display()));
    let folder = data.join("seals");
    fs::create_dir_all(&folder).map_err(disk)?;
    let out = OpenOptions::new().create(true).append(true).read(true).open(&path).map_err(disk)?;
    let (mut last, whole) = last_in(&out).map_err(disk)?;
    out.set_len(whole).map_err(disk)?;
    let mut out = BufWriter::new(out);
    let mut written = Vec::new();
    while let Some(seal) = db.read_now(Lane::Comfort, move |rd| sealed_after(rd, node, last))? {
        serde_json::to_writer(&mut out, &seal).map_err(|e| disk(e.into()))?;
        out.write_all(b"\n").map_err(disk)?;
        last = seal.no;
        written.push(Seal { heads: Vec::new(), ..seal });
    }
    if !written.is_empty() {
        out.flush().and_then(|()| out.get_ref().sync_all()).map_err(disk)?;
        File::open(&folder).and_then(|f| f.sync_all()).map_err(disk)?;
    }
    Ok(written)
}

/// The number of the last seal in a file, and where its last whole line ends. Read from the end: years of seals stand before.
fn last_in(file: &File) -> std::io::Result<(u32, u64)> {
    #[derive(Deserialize)]
    struct Numbered {
        no: u32,
    }
    let whole = line_begin(file, file.metadata()?.len())?;
    let mut end = whole;
    while end > 0 {
        let begin = line_begin(file, end - 1)?;
        let mut line = vec![0; usize::try_from(end - begin).unwrap_or(usize::MAX)];
        file.read_exact_at(&mut line, begin)?;
        if let Ok(Numbered { no }) = serde_json::from_slice(&line) {
            return Ok((no, whole));
        }
        end = begin; // spoiled, which the verification says: the one before counts
    }
    Ok((0, whole))
}

/// Where the line begins that `end` lies in or ends.
fn line_begin(file: &File, end: u64) -> std::io::Result<u64> {
    let (mut block, mut to) = ([0; 4_096], end);
    while to > 0 {
        let from = to.saturating_sub(block.len() as u64);
        let part = &mut block[..usize::try_from(to - from).unwrap_or_default()];
        file.read_exact_at(part, from)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        to = from;
    }
    Ok(0)
}

/// The next seal after number `no`, with its heads read back from the journal.
fn sealed_after(rd: &mut Rd<'_>, node: u32, no: u32) -> Result<Option<Seal>, Refusal> {
    const SQL: &str = "select node, no, from_seq, to_seq, root, prev, at, signature from case_seals where node = $1 and no = $2";
    let Some(row) = rd.opt::<Row>(SQL, args![node, no + 1])? else { return Ok(None) };
    let (heads, _) = heads(rd, node, row.from_seq, row.to_seq)?;
    Ok(Some(row.seal(heads)))
}

/// The last seal of each node, without its heads: what a receipt and a page for others show.
///
/// # Errors
/// The database's.
pub fn latest(rd: &mut Rd<'_>) -> db::Result<Vec<Seal>> {
    let mut found = Vec::new();
    for (node, _) in crate::store::positions(rd)? {
        found.extend(last_row(rd, node)?.map(|row| row.seal(Vec::new())));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seal_of_a_file_is_found_from_its_end() {
        let path = std::env::temp_dir().join(format!("songhan-last-{}", kernel::Token::random().reveal()));
        // Longer than a block, as long as one, empty, torn, spoiled.
        let line = |no: u32, length: usize| format!("{{\"no\":{no},\"heads\":\"{}\"}}\n", "x".repeat(length));
        let (one, two, three) = (line(1, 10_000), line(2, 4_077), line(3, 0));
        let check = |text: String, no: u32, whole: usize| {
            fs::write(&path, &text).unwrap();
            assert_eq!(last_in(&File::open(&path).unwrap()).unwrap(), (no, whole as u64), "{} bytes", text.len());
        };
        check(String::new(), 0, 0);
        check(one.clone(), 1, one.len());
        check(one[..9_000].to_owned(), 0, 0);
        check(format!("{one}{two}{three}"), 3, one.len() + two.len() + three.len());
        check(format!("{one}{two}{}", &three[..5]), 2, one.len() + two.len());
        check(format!("{one}{}", &two[..4_090]), 1, one.len());
        check(format!("{one}spoiled\n\n"), 1, one.len() + 9);
        fs::remove_file(&path).unwrap();
    }
}
