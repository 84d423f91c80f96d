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
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The most lines under one seal: what an hour of the heaviest day brings, and little enough to hold in memory.
pub const LINES: i64 = 100_000;

/// The head of one case under a seal: its last line among the node's lines that the seal covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The case.
    pub case: i64,
    /// The line.
    pub seq: u32,
    /// Its hash, in hexadecimal.
    pub hash: String,
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
        hash.update(head.hash.as_bytes());
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
    const SQL: &str =
        "select case_id, seq, hash from case_history where node = $1 and node_seq > $2 and node_seq <= $3 order by node_seq";
    let lines: Vec<(i64, u32, Vec<u8>)> = rd.all(SQL, args![node, from, to])?;
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let mut last = BTreeMap::new();
    for (case, seq, hash) in lines {
        last.insert(case, (seq, hash));
    }
    Ok((last.into_iter().map(|(case, (seq, hash))| Head { case, seq, hash: hex(&hash) }).collect(), count))
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

/// The hourly work of a node: seals what it has written and brings its file up to date. Gives what is new in the file, for the mail.
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
/// too: a torn last line is taken off first. Gives the seals it wrote, for the mail.
///
/// # Errors
/// The database's and the disk's.
pub fn append(db: &Db, data: &Path, node: u32) -> Result<Vec<Seal>, Refusal> {
    let path = file(data, node);
    let disk = |error: std::io::Error| Refusal::Broken(format!("{}: {error}", path.display()));
    let folder = data.join("seals");
    fs::create_dir_all(&folder).map_err(disk)?;
    let mut out = OpenOptions::new().create(true).append(true).read(true).open(&path).map_err(disk)?;
    let (mut last, mut whole) = (0, 0_u64);
    let mut reader = BufReader::new(&mut out);
    let mut line = String::new();
    while reader.read_line(&mut line).map_err(disk)? > 0 {
        if !line.ends_with('\n') {
            break;
        }
        whole += line.len() as u64;
        last = read_line(&line).map_or(last, |seal| seal.no);
        line.clear();
    }
    out.set_len(whole).map_err(disk)?;
    out.seek(SeekFrom::End(0)).map_err(disk)?;
    let mut written = Vec::new();
    while let Some(seal) = db.read_now(Lane::Comfort, move |rd| sealed_after(rd, node, last))? {
        let mut text = serde_json::to_string(&seal).map_err(|e| Refusal::Broken(e.to_string()))?;
        text.push('\n');
        out.write_all(text.as_bytes()).map_err(disk)?;
        last = seal.no;
        written.push(seal);
    }
    if !written.is_empty() {
        out.sync_all().map_err(disk)?;
        File::open(&folder).and_then(|f| f.sync_all()).map_err(disk)?;
    }
    Ok(written)
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
