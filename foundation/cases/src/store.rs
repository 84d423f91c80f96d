//! One case as it is read: by its code, its number, a link; its parts and its journal; the definitions that it names.
//!
//! Functions for officials take a [`Scope`]: the SQL itself holds what she may see. Lists stand in `lists.rs`, queues in `queue.rs`; what
//! `record` writes in `write.rs`.

use crate::Refusal;
use crate::case::Case;
use crate::clocks::{Clock, ClockEntry};
use crate::documents::{Document, DocumentAct};
use crate::effect::{Bodies, Definition, Flags};
use crate::fold::{Link, Paper, Request, Whole};
use crate::history::{Line, Stored};
use crate::parties::Party;
use crate::steps::Step;
use access::Scope;
use db::{FromRow, FromV, Rd, Row, ToV, Tx, V, args};
use kernel::Point;

macro_rules! case_columns {
    () => {
        "id, kind, code, definition_key, definition_version, definition_hash, state, public_state, flags, category, area, unit, lat, \
         long, cell, title, lead, priority, confidentiality, channel, parent, parent_rule, helped_by, received_by, decided_by, due_at, \
         received_at, published_at, closed_at, updated_at, version, head"
    };
}
pub(crate) use case_columns;

impl FromV for Flags {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        u32::from_v(v).map(Self)
    }
}

impl ToV for Flags {
    fn v(&self) -> V<'_> {
        V::I(i64::from(self.0))
    }
}

impl FromRow for Case {
    const COUNT: usize = Self::COLS.len();
    const COLS: &'static [&'static str] = &[
        "id",
        "kind",
        "code",
        "definition_key",
        "definition_version",
        "definition_hash",
        "state",
        "public_state",
        "flags",
        "category",
        "area",
        "unit",
        "lat",
        "long",
        "cell",
        "title",
        "lead",
        "priority",
        "confidentiality",
        "channel",
        "parent",
        "parent_rule",
        "helped_by",
        "received_by",
        "decided_by",
        "due_at",
        "received_at",
        "published_at",
        "closed_at",
        "updated_at",
        "version",
        "head",
    ];

    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let (lat, long): (Option<f64>, Option<f64>) = (row.get(12)?, row.get(13)?);
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            code: row.get(2)?,
            definition: Definition { key: row.get(3)?, version: row.get(4)?, hash: row.get(5)? },
            state: row.get(6)?,
            public: row.get(7)?,
            flags: row.get(8)?,
            category: row.get(9)?,
            area: row.get(10)?,
            unit: row.get(11)?,
            point: lat.zip(long).map(|(lat, long)| Point { lat, long }),
            cell: row.get(14)?,
            title: row.get(15)?,
            lead: row.get(16)?,
            priority: row.get(17)?,
            confidentiality: row.get(18)?,
            channel: row.get(19)?,
            parent: row.get(20)?,
            parent_rule: row.get(21)?,
            bodies: Bodies { helped: row.get(22)?, received: row.get(23)?, decides: row.get(24)? },
            due_at: row.get(25)?,
            received_at: row.get(26)?,
            published_at: row.get(27)?,
            closed_at: row.get(28)?,
            updated_at: row.get(29)?,
            version: row.get(30)?,
            head: row.get(31)?,
        })
    }
}

/// The case with this code, for an official: hers when her reach holds the lead unit or the unit of one of its steps.
///
/// # Errors
/// The database's.
pub fn find(rd: &mut Rd<'_>, scope: &Scope, code: &str) -> db::Result<Option<Case>> {
    const SQL: &str = concat!(
        "select ",
        case_columns!(),
        " from cases where code = $1 and (unit in (select unit_key from access_reach where official_id = $2 and permission = $3) \
         or exists (select 1 from case_steps s where s.case_id = cases.id and s.unit in \
         (select unit_key from access_reach where official_id = $2 and permission = $3)))"
    );
    rd.opt(SQL, args![code, scope.official(), scope.permission()])
}

/// The case with this code, if everybody may see it.
///
/// # Errors
/// The database's.
pub fn find_public(rd: &mut Rd<'_>, code: &str) -> db::Result<Option<Case>> {
    const SQL: &str =
        concat!("select ", case_columns!(), " from cases where code = $1 and published_at is not null and confidentiality = 0");
    rd.opt(SQL, args![code])
}

/// The case with this code, whoever asks: for the program itself, never for a page without a scope.
///
/// # Errors
/// The database's.
pub fn find_for_system(rd: &mut Rd<'_>, code: &str) -> db::Result<Option<Case>> {
    rd.opt(concat!("select ", case_columns!(), " from cases where code = $1"), args![code])
}

/// The case with this id, for the program itself.
///
/// # Errors
/// `NotFound`, and the database's.
pub fn by_id(rd: &mut Rd<'_>, id: i64) -> db::Result<Case> {
    rd.one(concat!("select ", case_columns!(), " from cases where id = $1"), args![id])
}

/// The case that a private link opens for this purpose, and the party it was given to.
///
/// # Errors
/// The database's.
pub fn by_link(rd: &mut Rd<'_>, digest: &[u8], purpose: &str) -> db::Result<Option<(Case, Option<u32>)>> {
    const SQL: &str = "select case_id, party from case_tokens where digest = $1 and purpose = $2 and revoked_at is null \
        and (expires_at is null or expires_at > $3)";
    let now = rd.now();
    match rd.opt::<(i64, Option<u32>)>(SQL, args![digest, purpose, now])? {
        Some((id, party)) => Ok(Some((by_id(rd, id)?, party))),
        None => Ok(None),
    }
}

/// The child that `rule` made of this case.
///
/// # Errors
/// The database's.
pub fn child_of(rd: &mut Rd<'_>, parent: i64, rule: &str) -> db::Result<Option<Case>> {
    rd.opt(concat!("select ", case_columns!(), " from cases where parent = $1 and parent_rule = $2"), args![parent, rule])
}

/// The children of a case.
///
/// # Errors
/// The database's.
pub fn children(rd: &mut Rd<'_>, parent: i64) -> db::Result<Vec<Case>> {
    rd.all(concat!("select ", case_columns!(), " from cases where parent = $1 order by id"), args![parent])
}

/// The cases that have a party with this account, newest first.
///
/// # Errors
/// The database's.
pub fn of_account(rd: &mut Rd<'_>, account: i64, before: Option<i64>, limit: u32) -> db::Result<Vec<Case>> {
    const SQL: &str = concat!(
        "select ",
        case_columns!(),
        " from cases where id in (select case_id from case_parties where account = $1 and case_id < $2) order by id desc limit $3"
    );
    rd.all(SQL, args![account, before.unwrap_or(i64::MAX), limit])
}

macro_rules! parts {
    ($($(#[$meta:meta])* $name:ident: $row:ty = $sql:literal;)+) => { $(
        $(#[$meta])*
        ///
        /// # Errors
        /// The database's.
        pub fn $name(rd: &mut Rd<'_>, case: i64) -> db::Result<Vec<$row>> {
            rd.all($sql, args![case])
        }
    )+ };
}
parts! {
    /// The steps of a case, in order.
    steps: Step = "select no, parent, kind, name, unit, position, person, note, received_at, taken_at, done_at, outcome, returned_why, \
        due_at from case_steps where case_id = $1 order by no";
    /// Its clocks.
    clocks: Clock = "select no, code, step, rule, calendar, calendar_version, state, started_at, due_at, left_over, explanation, \
        paused_at, breached_at, stopped_at, stopped_why, before_stop from case_clocks where case_id = $1 order by no";
    /// The clocks' ledger.
    clock_entries: ClockEntry = "select seq, no, clock, kind, at, due_at, reason from case_clock_entries where case_id = $1 order by seq, no";
    /// Its papers.
    papers: Paper = "select no, requirement, kind, source, file, record, state, reason, assessor, added_at, assessed_at \
        from case_papers where case_id = $1 order by no";
    /// Its documents.
    documents: Document = "select no, kind, stage, route, body, number, drafted_at, issued_at from case_documents where case_id = $1 order by no";
    /// The acts on its documents.
    document_acts: DocumentAct = "select seq, no, document, act, official, name, unit, role, capacity, for_whom, at \
        from document_acts where case_id = $1 order by seq, no";
    /// Its parties.
    parties: Party = "select no, role, account, represents, mandate, since, until, erased_at from case_parties where case_id = $1 order by no";
    /// Its requests.
    requests: Request = "select no, kind, asked_by, ground, asked_at, undo_until, decided_by, decided_at, granted, answer, undone_at \
        from case_requests where case_id = $1 order by no";
    /// The links that start from it.
    links: Link = "select no, kind, to_case, made_at, undone_at, undone_why, before_it from case_links where case_id = $1 order by no";
    /// Its journal as it is stored.
    stored_history: Stored = "select case_id, seq, at, verb, actor, about, step, effects, texts, sealed, prev, hash, node, node_seq \
        from case_history where case_id = $1 order by seq";
}

/// The cases whose standing links of this kind lead here: the duplicates that were merged into this one.
///
/// # Errors
/// The database's.
pub fn linked_here(rd: &mut Rd<'_>, case: i64, kind: crate::LinkKind) -> db::Result<Vec<Case>> {
    const SQL: &str = concat!(
        "select ",
        case_columns!(),
        " from cases where id in (select case_id from case_links where to_case = $1 and kind = $2 and undone_at is null) order by id"
    );
    rd.all(SQL, args![case, kind])
}

/// The journal of a case, read.
///
/// # Errors
/// The database's, and `Broken` for a line that does not read.
pub fn history(rd: &mut Rd<'_>, case: i64) -> Result<Vec<Line>, Refusal> {
    stored_history(rd, case)?.iter().map(|stored| stored.read().map(|(line, _)| line)).collect()
}

/// The lines that a node wrote after a position, in commit order: how jobs and webhooks follow the journal.
///
/// # Errors
/// As [`history`].
pub fn lines_after(rd: &mut Rd<'_>, node: u32, after: i64, limit: u32) -> Result<Vec<Line>, Refusal> {
    const SQL: &str = "select case_id, seq, at, verb, actor, about, step, effects, texts, sealed, prev, hash, node, node_seq \
        from case_history where node = $1 and node_seq > $2 order by node_seq limit $3";
    let stored = rd.all::<Stored>(SQL, args![node, after, limit])?;
    stored.iter().map(|stored| stored.read().map(|(line, _)| line)).collect()
}

/// The nodes that have written, with their last position.
///
/// # Errors
/// The database's.
pub fn positions(rd: &mut Rd<'_>) -> db::Result<Vec<(u32, i64)>> {
    rd.all("select node, last from case_positions order by node", args![])
}

/// A case with all that belongs to it, from its rows.
///
/// # Errors
/// The database's.
pub fn whole(rd: &mut Rd<'_>, id: i64) -> db::Result<Whole> {
    Ok(Whole {
        case: by_id(rd, id)?,
        steps: steps(rd, id)?,
        clocks: clocks(rd, id)?,
        entries: clock_entries(rd, id)?,
        papers: papers(rd, id)?,
        documents: documents(rd, id)?,
        acts: document_acts(rd, id)?,
        parties: parties(rd, id)?,
        requests: requests(rd, id)?,
        links: links(rd, id)?,
    })
}

/// Keeps compiled definitions; one that is there already stays as it is. Done once at start, not with each case.
///
/// # Errors
/// The database's, and `Broken` when a definition of this version is there with another content.
pub fn keep_definitions(tx: &mut Tx<'_>, all: &[pack::Definition]) -> Result<(), Refusal> {
    let now = tx.now();
    for one in all {
        let known: Option<(String,)> = tx.opt(
            "select hash from case_definitions where kind = $1 and key = $2 and version = $3",
            args![one.kind, one.key, one.version],
        )?;
        match known {
            Some((hash,)) if hash == one.hash => {}
            Some(_) => return Err(Refusal::Broken(format!("definition {} {} has two contents", one.key, one.version))),
            None => tx.exec_one(
                "insert into case_definitions (kind, key, version, hash, body, kept_at) values ($1, $2, $3, $4, $5, $6)",
                args![one.kind, one.key, one.version, one.hash, one.json, now],
            )?,
        }
    }
    Ok(())
}

/// The text of a definition that a case names.
///
/// # Errors
/// The database's.
pub fn definition(rd: &mut Rd<'_>, kind: &str, named: &Definition) -> db::Result<Option<String>> {
    const SQL: &str = "select body from case_definitions where kind = $1 and key = $2 and version = $3";
    Ok(rd.opt::<(String,)>(SQL, args![kind, named.key, named.version])?.map(|(body,)| body))
}

/// Whether a paper of any case names this file.
///
/// # Errors
/// The database's.
pub fn names_file(rd: &mut Rd<'_>, file: &str) -> db::Result<bool> {
    Ok(rd.opt::<(i64,)>(NAMES_FILE, args![file])?.is_some())
}

pub(crate) const NAMES_FILE: &str = "select 1 from case_papers where file = $1 limit 1";

/// Revokes every private link of a case for one purpose.
///
/// # Errors
/// The database's.
pub fn revoke_links(tx: &mut Tx<'_>, case: i64, purpose: &str) -> db::Result<u64> {
    let now = tx.now();
    tx.exec(
        "update case_tokens set revoked_at = $3 where case_id = $1 and purpose = $2 and revoked_at is null",
        args![case, purpose, now],
    )
}
