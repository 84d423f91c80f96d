//! `verify`: the journal against its chains, the rows' heads, and the seals that left the house.
//!
//! Every hash is made anew from the line's own bytes; a stored hash is believed in nothing. It reads in pages, so a journal of any
//! length fits, and it runs beside the living city. Start at [`verify`]. What it cannot see: a line that is forged at the end after
//! the last seal; therefore seals are hourly, and a receipt carries the head of its case.
//!
//! The journal being whole does not say that the rows beside it are: [`rows`] folds a case's journal and compares, [`every_row`] does so
//! for all of them, and [`sample`] chooses those that a night looks at.

use crate::Refusal;
use crate::effect::Effect;
use crate::fold;
use crate::history::{BEFORE_THE_FIRST, SealedDigest, Stored};
use crate::seal::{self, Published, Seal};
use crate::verb::Verb;
use db::{Db, Lane, Rd, args};
use ed25519_dalek::VerifyingKey;
use kernel::secret::hex;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// What is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A line has another hash than its bytes give, or does not follow the line before it.
    Line {
        /// The case.
        case: i64,
        /// The line.
        seq: u32,
        /// In words.
        what: &'static str,
    },
    /// A case's row names another last line than its journal has.
    Row {
        /// The case.
        case: i64,
        /// The line that the row and the journal disagree about.
        seq: u32,
    },
    /// A case's rows, all of them together, are not what its journal adds up to.
    Rows {
        /// The case.
        case: i64,
    },
    /// A node's positions have a hole.
    Hole {
        /// The node.
        node: u32,
        /// The first position that is missing.
        position: i64,
    },
    /// A seal says something else than the journal: the journal was rewritten.
    Sealed {
        /// The node.
        node: u32,
        /// The seal.
        no: u32,
        /// The first case and line that differ.
        case: i64,
        /// The line.
        seq: u32,
    },
    /// A seal is not signed, not in order, missing, or not the one that others keep.
    Seal {
        /// The node.
        node: u32,
        /// The seal.
        no: u32,
        /// In words.
        what: &'static str,
    },
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { case, seq, what } => write!(f, "case {case}, line {seq}: {what}"),
            Self::Row { case, seq } => write!(f, "case {case}: its row does not stand at line {seq} of its journal"),
            Self::Rows { case } => write!(f, "case {case}: its rows are not what its journal adds up to"),
            Self::Hole { node, position } => write!(f, "node {node}: line {position} is missing"),
            Self::Sealed { node, no, case, seq } => {
                write!(f, "case {case}, line {seq}: not what seal {no} of node {node} covers; the journal was rewritten")
            }
            Self::Seal { node, no, what } => write!(f, "seal {no} of node {node}: {what}"),
        }
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many lines were read.
    pub lines: u64,
    /// How many cases.
    pub cases: u64,
    /// How many seals.
    pub seals: u64,
    /// How many things are wrong.
    pub count: u64,
    /// The first of them, at most [`SHOWN`].
    pub wrong: Vec<Wrong>,
}

/// How many wrong things an outcome names.
pub const SHOWN: usize = 100;

impl Outcome {
    fn add(&mut self, wrong: Wrong) {
        self.count += 1;
        if self.wrong.len() < SHOWN {
            self.wrong.push(wrong);
        }
    }
}

/// What is checked against.
#[derive(Debug)]
pub struct Against<'a> {
    /// The files of seals.
    pub files: &'a [PathBuf],
    /// The key that they are signed with.
    pub key: &'a VerifyingKey,
    /// What others keep: the last seals that were handed out.
    pub published: &'a [Published],
}

/// Lines that are read at once, with all their texts.
const PAGE: u32 = 500;

/// A sealed value: party, name, digest.
type Sealed = (u32, String, String);

/// A page of the journal and what belongs to it, in one snapshot.
struct Page {
    lines: Vec<Stored>,
    rows: HashMap<i64, (u32, Vec<u8>)>,
    sealed: HashMap<(i64, u32), Vec<Sealed>>,
}

fn page(rd: &mut Rd<'_>, after: (i64, u32), to: i64) -> db::Result<Page> {
    const LINES: &str = "select case_id, seq, at, verb, actor, about, step, effects, texts, sealed, prev, hash, node, node_seq \
        from case_history where (case_id, seq) > ($1, $2) and case_id <= $4 order by case_id, seq limit $3";
    const ROWS: &str = "select id, version, head from cases where id >= $1 and id <= $2";
    const SEALED: &str = "select case_id, seq, party, name, digest from case_sealed where case_id >= $1 and case_id <= $2 \
        order by case_id, seq, party, name";
    let lines: Vec<Stored> = rd.all(LINES, args![after.0, after.1, PAGE, to])?;
    // The case that the last page ended in may go on here; a last page answers for every row that is left.
    let last = lines.last().filter(|_| lines.len() == PAGE as usize).map_or(to, |line| line.case_id);
    let rows = rd.all::<(i64, u32, Vec<u8>)>(ROWS, args![after.0, last])?;
    let mut sealed: HashMap<_, Vec<_>> = HashMap::new();
    for (case, seq, party, name, digest) in rd.all::<(i64, u32, u32, String, String)>(SEALED, args![after.0, last])? {
        sealed.entry((case, seq)).or_default().push((party, name, digest));
    }
    Ok(Page { rows: rows.into_iter().map(|(id, version, head)| (id, (version, head))).collect(), sealed, lines })
}

/// The place in a case's chain.
struct Chain {
    case: i64,
    seq: u32,
    hash: [u8; 32],
    /// Texts that are gone and that no act so far has taken out.
    taken_out: Vec<(u32, u32)>,
}

/// Checks everything. `progress` hears how many lines were read.
///
/// # Errors
/// The database's and the disk's; what is wrong with the journal stands in the outcome.
pub fn verify(db: &Db, against: &Against<'_>, progress: &mut dyn FnMut(u64)) -> Result<Outcome, Refusal> {
    let mut out = Outcome::default();
    // What is written meanwhile is left to the next run: a case that begins after this moment has a greater id.
    let (positions, newest): (Vec<(u32, i64)>, i64) = db.read_now(Lane::Comfort, |rd| {
        let case = rd.one::<(Option<i64>,)>("select max(id) from cases", args![])?.0;
        let line = rd.one::<(Option<i64>,)>("select max(case_id) from case_history", args![])?.0;
        Ok::<_, Refusal>((crate::store::positions(rd)?, case.max(line).unwrap_or(0)))
    })?;
    chains(db, newest, &mut out, progress)?;
    for (node, last) in &positions {
        holes(db, *node, *last, &mut out)?;
    }
    let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
    for file in against.files {
        seals(db, file, against, &mut kept, &mut out)?;
    }
    for wanted in against.published {
        if kept.get(&wanted.node).is_none_or(|last| *last < wanted.no) {
            out.add(Wrong::Seal { node: wanted.node, no: wanted.no, what: "others keep it, and it is gone here" });
        }
    }
    let stored: Vec<(u32, u32)> = db
        .read_now(Lane::Comfort, |rd| Ok::<_, Refusal>(rd.all("select node, max(no) from case_seals group by node", args![])?))?;
    for (node, last) in kept {
        if stored.iter().find(|(n, _)| *n == node).is_none_or(|(_, no)| *no < last) {
            out.add(Wrong::Seal { node, no: last, what: "it stands in the file and not in the database" });
        }
    }
    Ok(out)
}

fn chains(db: &Db, newest: i64, out: &mut Outcome, progress: &mut dyn FnMut(u64)) -> Result<(), Refusal> {
    let mut after = (i64::MIN, 0);
    let mut chain: Option<Chain> = None;
    loop {
        let mut page = db.read_now(Lane::Comfort, move |rd| page(rd, after, newest))?;
        let lines = std::mem::take(&mut page.lines);
        let full = lines.len() == PAGE as usize;
        for line in &lines {
            if chain.as_ref().is_none_or(|c| c.case != line.case_id) {
                end_case(chain.take(), &mut page, out);
                out.cases += 1;
                chain = Some(Chain { case: line.case_id, seq: 0, hash: BEFORE_THE_FIRST, taken_out: Vec::new() });
            }
            if let Some(chain) = &mut chain {
                check(line, chain, &mut page, out);
            }
        }
        out.lines += lines.len() as u64;
        progress(out.lines);
        if let Some(last) = lines.last() {
            after = (last.case_id, last.seq);
        }
        if !full {
            end_case(chain.take(), &mut page, out);
            for case in page.rows.into_keys() {
                out.add(Wrong::Row { case, seq: 1 });
            }
            return Ok(());
        }
        // A case that goes on over the page's end is not at its end yet.
        let open = chain.as_ref().map(|c| c.case);
        for case in page.rows.into_keys().filter(|case| Some(*case) != open) {
            out.add(Wrong::Row { case, seq: 1 });
        }
    }
}

/// One line against the one before it.
fn check(line: &Stored, chain: &mut Chain, page: &mut Page, out: &mut Outcome) {
    let mut wrong = |what| out.add(Wrong::Line { case: line.case_id, seq: line.seq, what });
    let kept = line.kept();
    let hash = line.rehash_with(kept.as_ref().map_or(usize::MAX, Vec::len));
    if hash.as_slice() != line.hash {
        wrong("it was edited");
    } else if line.seq != chain.seq + 1 {
        wrong("a line before it is missing, or it was put in");
    } else if line.prev != chain.hash {
        wrong("it does not follow the line before it");
    }
    // The hash covers the texts' digests, which stand in the line in the texts' order.
    let about = line.about.as_deref().unwrap_or_default();
    let mut rest = [about, line.effects.as_str()];
    for (n, kept) in kept.into_iter().flatten().enumerate() {
        match kept {
            None => chain.taken_out.push((line.seq, u32::try_from(n).unwrap_or(u32::MAX))),
            Some(kept) => {
                let digest = kept.digest();
                match rest.iter_mut().find_map(|text| Some(text.split_once(&digest)?.1).map(|after| *text = after)) {
                    Some(()) => {}
                    None => wrong("one of its texts was edited"),
                }
            }
        }
    }
    let found = page.sealed.remove(&(line.case_id, line.seq)).unwrap_or_default();
    if line.sealed.is_some() || !found.is_empty() {
        let said: Vec<SealedDigest> = line.sealed.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let mut said: Vec<_> = said.into_iter().map(|s| (s.party, s.name, s.digest)).collect();
        said.sort();
        if said != found {
            wrong("what was sealed with it is not there any more, or something else is");
        }
    }
    if line.verb == Verb::Redact.key()
        && let Ok((read, _)) = line.read()
    {
        for effect in read.effects {
            if let Effect::Redacted { seq, text } = effect {
                chain.taken_out.retain(|gone| *gone != (seq, text));
            }
        }
    }
    chain.case = line.case_id;
    chain.seq = line.seq;
    chain.hash = hash;
}

/// The row of a case against the end of its chain, and what is gone from it against what was taken out by an act.
fn end_case(chain: Option<Chain>, page: &mut Page, out: &mut Outcome) {
    let Some(Chain { case, seq, hash, taken_out }) = chain else { return };
    for (seq, _) in taken_out {
        out.add(Wrong::Line { case, seq, what: "one of its texts is gone, and no act took it out" });
    }
    match page.rows.remove(&case) {
        Some((version, head)) if version == seq && head == hash => {}
        _ => out.add(Wrong::Row { case, seq }),
    }
}

/// A node's positions are 1, 2, 3 without a hole.
fn holes(db: &Db, node: u32, last: i64, out: &mut Outcome) -> Result<(), Refusal> {
    let count: i64 = db.read_now(Lane::Comfort, move |rd| {
        let sql = "select count(*) from case_history where node = $1 and node_seq >= 1 and node_seq <= $2";
        Ok::<_, Refusal>(rd.one::<(i64,)>(sql, args![node, last])?.0)
    })?;
    if count == last {
        return Ok(());
    }
    let (mut from, mut to) = (0, last);
    // The first hole lies where the count first falls behind the position.
    while to - from > 1 {
        let middle = from + (to - from) / 2;
        let n: i64 = db.read_now(Lane::Comfort, move |rd| {
            let sql = "select count(*) from case_history where node = $1 and node_seq >= 1 and node_seq <= $2";
            Ok::<_, Refusal>(rd.one::<(i64,)>(sql, args![node, middle])?.0)
        })?;
        if n == middle { from = middle } else { to = middle }
    }
    out.add(Wrong::Hole { node, position: to });
    Ok(())
}

/// One file of seals, from its first line on.
fn seals(
    db: &Db,
    path: &PathBuf,
    against: &Against<'_>,
    kept: &mut BTreeMap<u32, u32>,
    out: &mut Outcome,
) -> Result<(), Refusal> {
    let disk = |error: std::io::Error| Refusal::Broken(format!("{}: {error}", path.display()));
    let mut reader = BufReader::new(File::open(path).map_err(disk)?);
    let mut before: Option<Seal> = None;
    let mut line = String::new();
    while reader.read_line(&mut line).map_err(disk)? > 0 {
        if !line.ends_with('\n') {
            break; // torn by a power cut; the next seal takes it off
        }
        let (node, no) = before.as_ref().map_or((0, 1), |s| (s.node, s.no + 1));
        let Some(seal) = seal::read_line(&line) else {
            out.add(Wrong::Seal { node, no, what: "it does not read" });
            line.clear();
            continue;
        };
        line.clear();
        out.seals += 1;
        let mut wrong = |what| out.add(Wrong::Seal { node: seal.node, no: seal.no, what });
        let (no, from, prev) = before.as_ref().map_or((1, 0, hex(&[0; 32])), |b| (b.no + 1, b.to_seq, b.digest()));
        if !seal.is_signed_by(against.key) {
            wrong("its signature is not ours");
        } else if seal.no != no
            || seal.from_seq != from
            || seal.prev != prev
            || before.as_ref().is_some_and(|b| b.node != seal.node)
        {
            wrong("it does not follow the seal before it");
        } else if hex(&seal::root(&seal.heads)) != seal.root {
            wrong("its heads do not give its root");
        }
        if against.published.iter().any(|p| p.node == seal.node && p.no == seal.no && p.digest != seal.digest()) {
            wrong("it is not the one that others keep");
        }
        kept.insert(seal.node, seal.no);
        let (node, from, to) = (seal.node, seal.from_seq, seal.to_seq);
        let (found, _) = db.read_now(Lane::Comfort, move |rd| seal::heads(rd, node, from, to))?;
        if found != seal.heads {
            let first = first_difference(&seal.heads, &found);
            out.add(Wrong::Sealed { node, no: seal.no, case: first.0, seq: first.1 });
        }
        before = Some(Seal { heads: Vec::new(), ..seal });
    }
    Ok(())
}

fn first_difference(sealed: &[seal::Head], found: &[seal::Head]) -> (i64, u32) {
    let differing = sealed.iter().zip(found).find(|(a, b)| a != b);
    match differing {
        Some((a, b)) if b.case < a.case => (b.case, b.seq),
        Some((a, _)) => (a.case, a.seq),
        None => sealed.get(found.len()).or_else(|| found.get(sealed.len())).map_or((0, 0), |h| (h.case, h.seq)),
    }
}

/// Whether the rows of a case are what its journal adds up to; `None` when they are.
///
/// # Errors
/// The database's.
pub fn rows(rd: &mut Rd<'_>, case: i64) -> Result<Option<Wrong>, Refusal> {
    let lines = crate::store::stored_history(rd, case)?;
    let folded = lines.iter().map(|line| line.read().map(|(line, _)| line)).collect::<Result<Vec<_>, _>>();
    let same = match (folded.and_then(|lines| fold::fold(&lines)), crate::store::whole(rd, case)) {
        (Ok(folded), Ok(whole)) => folded == whole,
        // A row that is gone, or holds what nobody could have written, is as wrong as another one.
        (_, Ok(_) | Err(db::Error::NotFound | db::Error::Shape(_))) => false,
        (_, Err(error)) => return Err(error.into()),
    };
    Ok((!same).then_some(Wrong::Rows { case }))
}

/// The rows of every case that was there at the beginning. `progress` hears how many cases were looked at.
///
/// # Errors
/// The database's; what is wrong stands in the outcome.
pub fn every_row(db: &Db, progress: &mut dyn FnMut(u64)) -> Result<Outcome, Refusal> {
    const IDS: &str = "select id from cases where id > $1 and id <= $2 order by id limit $3";
    let newest = db.read_now(Lane::Comfort, |rd| {
        Ok::<_, Refusal>(rd.one::<(Option<i64>,)>("select max(id) from cases", args![])?.0.unwrap_or(0))
    })?;
    let (mut out, mut after) = (Outcome::default(), i64::MIN);
    loop {
        let ids: Vec<(i64,)> =
            db.read_now(Lane::Comfort, move |rd| Ok::<_, Refusal>(rd.all(IDS, args![after, newest, PAGE])?))?;
        let Some((last,)) = ids.last() else { return Ok(out) };
        after = *last;
        for (case,) in ids {
            // A read for each: after a row that does not read, a snapshot answers nothing more.
            if let Some(wrong) = db.read_now(Lane::Comfort, move |rd| rows(rd, case))? {
                out.add(wrong);
            }
            out.cases += 1;
        }
        progress(out.cases);
    }
}

/// The content hashes that papers name, each once, in order: those after `after`, `limit` of them at most.
///
/// # Errors
/// The database's.
pub fn files(rd: &mut Rd<'_>, after: &str, limit: u32) -> db::Result<Vec<String>> {
    const SQL: &str = "select distinct file from case_papers where file > $1 order by file limit $2";
    Ok(rd.all::<(String,)>(SQL, args![after, limit])?.into_iter().map(|(file,)| file).collect())
}

/// The newest lines of a node, whose cases every night looks at.
const NEWEST: i64 = 1_000;
/// The most lines in the part of a node's journal that has its turn in one night.
const PART: i64 = 10_000;

/// The cases that a night looks at: those of each node's newest lines first, then those of one part of its journal. Which part, says the
/// night's number, so nothing has to be remembered; and every part, and so every case, has its turn.
///
/// # Errors
/// The database's.
pub fn sample(rd: &mut Rd<'_>, night: i64) -> db::Result<Vec<i64>> {
    const SQL: &str = "select distinct case_id from case_history where node = $1 and node_seq > $2 and node_seq <= $3";
    let nodes = crate::store::positions(rd)?;
    let newest = nodes.iter().map(|(node, last)| (*node, last - NEWEST, *last));
    let parts = nodes.iter().map(|(node, last)| {
        let (from, to) = part(*last, night);
        (*node, from, to)
    });
    let (mut seen, mut cases) = (BTreeSet::new(), Vec::new());
    for (node, from, to) in newest.chain(parts).collect::<Vec<_>>() {
        let found: Vec<(i64,)> = rd.all(SQL, args![node, from, to])?;
        cases.extend(found.into_iter().map(|(case,)| case).filter(|case| seen.insert(*case)));
    }
    Ok(cases)
}

/// The part of a journal of `last` lines that has its turn in a night: after the first position up to the second. There is a power of
/// two of parts, and an odd step visits each of them once before it returns; far from the last night's, as what was changed together
/// lies together. When the journal has grown to the double, the round begins anew over twice as many.
fn part(last: i64, night: i64) -> (i64, i64) {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let parts = (last.max(0).unsigned_abs() / PART.unsigned_abs() + 1).next_power_of_two();
    let nth = i64::try_from(night.cast_unsigned().wrapping_mul(STEP) % parts).unwrap_or_default();
    let size = last / i64::try_from(parts).unwrap_or(i64::MAX) + 1;
    (nth * size, (nth + 1) * size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_journal_has_its_turn() {
        for last in [0, 1, 9_999, 10_000, 25_000, 1_000_003] {
            for first in [-3, 0, 20_782] {
                let mut nights = 0;
                let mut found: Vec<(i64, i64)> = Vec::new();
                // As many nights as there are parts, and no night twice the same.
                while found.iter().map(|(from, to)| to - from).sum::<i64>() < last {
                    found.push(part(last, first + nights));
                    nights += 1;
                }
                found.sort_unstable();
                assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{last}: a part came twice");
                assert!(found.iter().all(|(from, to)| to - from <= PART), "{last}: a part is too large for a night");
                assert!(nights <= 2 * (last / PART + 1), "{last} lines take {nights} nights");
            }
        }
    }

    #[test]
    fn one_night_is_far_from_the_next() {
        let (one, other) = (part(1_000_000, 20_782).0, part(1_000_000, 20_783).0);
        assert!((one - other).abs() > 10 * PART, "{one} and {other}");
    }
}
