//! What `record` alone writes, and reads to write it: the row of a case, its parts, the line of its journal. Nothing else in the house
//! writes these tables.

use crate::Refusal;
use crate::case::Case;
use crate::clocks::ClockEntry;
use crate::documents::DocumentAct;
use crate::effect::Effect;
use crate::fold::{Part, Whole, fold};
use crate::history::Stored;
use crate::store::{case_columns, clocks, document_acts, documents, history, links, papers, parties, requests, steps};
use db::{Tx, args};
use kernel::Instant;
use std::collections::BTreeSet;

/// The version and head that stand in the row.
pub(crate) fn standing(tx: &mut Tx<'_>, id: i64) -> db::Result<Option<(u32, Vec<u8>, Instant)>> {
    tx.opt("select version, head, updated_at from cases where id = $1", args![id])
}

/// Loads the parts that an act needs.
pub(crate) fn load(tx: &mut Tx<'_>, whole: &mut Whole, effects: &[Effect], links_too: bool, numbers: bool) -> db::Result<()> {
    let id = whole.case.id;
    whole.steps = steps(tx, id)?;
    whole.clocks = clocks(tx, id)?;
    let needs = |wanted: fn(&Effect) -> bool| effects.iter().any(wanted);
    if needs(|e| matches!(e, Effect::Paper(_))) {
        whole.papers = papers(tx, id)?;
    }
    if numbers || needs(|e| matches!(e, Effect::Document(_))) {
        whole.documents = documents(tx, id)?;
        whole.acts = document_acts(tx, id)?;
    }
    if needs(|e| matches!(e, Effect::Party(_))) {
        whole.parties = parties(tx, id)?;
    }
    if needs(|e| matches!(e, Effect::Request(_))) {
        whole.requests = requests(tx, id)?;
    }
    if links_too || needs(|e| matches!(e, Effect::Link(_))) {
        whole.links = links(tx, id)?;
    }
    Ok(())
}

const INSERT_CASE: &str = concat!(
    "insert into cases (",
    case_columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, \
     $27, $28, $29, $30, $31, $32)"
);

pub(crate) fn insert_case(tx: &mut Tx<'_>, case: &Case) -> db::Result<()> {
    let (lat, long) = (case.point.map(|p| p.lat), case.point.map(|p| p.long));
    let d = &case.definition;
    tx.exec_one(
        INSERT_CASE,
        args![
            case.id,
            case.kind,
            case.code,
            d.key,
            d.version,
            d.hash,
            case.state,
            case.public,
            case.flags,
            case.category,
            case.area,
            case.unit,
            lat,
            long,
            case.cell,
            case.title,
            case.lead,
            case.priority,
            case.confidentiality,
            case.channel,
            case.parent,
            case.parent_rule,
            case.bodies.helped,
            case.bodies.received,
            case.bodies.decides,
            case.due_at,
            case.received_at,
            case.published_at,
            case.closed_at,
            case.updated_at,
            case.version,
            case.head,
        ],
    )
}

/// The one conditional update: no row means that somebody else was faster.
pub(crate) fn update_case(tx: &mut Tx<'_>, case: &Case, seen: u32) -> db::Result<()> {
    const SQL: &str = "update cases set state = $3, public_state = $4, flags = $5, category = $6, area = $7, unit = $8, lat = $9, \
        long = $10, cell = $11, title = $12, lead = $13, priority = $14, confidentiality = $15, due_at = $16, published_at = $17, \
        closed_at = $18, updated_at = $19, version = $20, head = $21 where id = $1 and version = $2";
    let (lat, long) = (case.point.map(|p| p.lat), case.point.map(|p| p.long));
    tx.exec_one(
        SQL,
        args![
            case.id,
            seen,
            case.state,
            case.public,
            case.flags,
            case.category,
            case.area,
            case.unit,
            lat,
            long,
            case.cell,
            case.title,
            case.lead,
            case.priority,
            case.confidentiality,
            case.due_at,
            case.published_at,
            case.closed_at,
            case.updated_at,
            case.version,
            case.head,
        ],
    )
}

pub(crate) fn insert_line(tx: &mut Tx<'_>, id: i64, line: &Stored) -> db::Result<()> {
    const SQL: &str = "insert into case_history (id, case_id, seq, node, node_seq, at, step, prev, hash, verb, actor, about, effects, \
        texts, sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    tx.exec_one(
        SQL,
        args![
            id,
            line.case_id,
            line.seq,
            line.node,
            line.node_seq,
            line.at,
            line.step,
            line.prev,
            line.hash,
            line.verb,
            line.actor,
            line.about,
            line.effects,
            line.texts,
            line.sealed,
        ],
    )
}

/// Writes the rows that an act touched, and the ledgers' new entries (those of line `seq`).
pub(crate) fn write_parts(tx: &mut Tx<'_>, whole: &Whole, touched: &BTreeSet<Part>, seq: u32) -> Result<(), Refusal> {
    for part in touched {
        write_part(tx, whole, *part)?;
    }
    for entry in whole.entries.iter().filter(|e| e.seq == seq) {
        write_entry(tx, whole.case.id, entry)?;
    }
    for act in whole.acts.iter().filter(|a| a.seq == seq) {
        write_document_act(tx, whole.case.id, act)?;
    }
    Ok(())
}

fn write_part(tx: &mut Tx<'_>, whole: &Whole, part: Part) -> Result<(), Refusal> {
    const STEP: &str = "insert into case_steps (case_id, no, parent, kind, name, unit, position, person, note, received_at, taken_at, \
        done_at, outcome, returned_why, due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
        on conflict (case_id, no) do update set person = excluded.person, note = excluded.note, taken_at = excluded.taken_at, \
        done_at = excluded.done_at, outcome = excluded.outcome, returned_why = excluded.returned_why, due_at = excluded.due_at";
    const CLOCK: &str = "insert into case_clocks (case_id, no, code, step, rule, calendar, calendar_version, state, started_at, due_at, \
        left_over, explanation, paused_at, breached_at, stopped_at, stopped_why, before_stop) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
        on conflict (case_id, no) do update set calendar_version = excluded.calendar_version, state = excluded.state, \
        due_at = excluded.due_at, left_over = excluded.left_over, explanation = excluded.explanation, paused_at = excluded.paused_at, \
        breached_at = excluded.breached_at, stopped_at = excluded.stopped_at, stopped_why = excluded.stopped_why, before_stop = excluded.before_stop";
    const PAPER: &str = "insert into case_papers (case_id, no, requirement, kind, source, file, record, state, reason, assessor, \
        added_at, assessed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
        on conflict (case_id, no) do update set state = excluded.state, reason = excluded.reason, assessor = excluded.assessor, \
        assessed_at = excluded.assessed_at";
    const DOCUMENT: &str = "insert into case_documents (case_id, no, kind, stage, route, body, number, drafted_at, issued_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        on conflict (case_id, no) do update set stage = excluded.stage, body = excluded.body, number = excluded.number, \
        issued_at = excluded.issued_at";
    const PARTY: &str = "insert into case_parties (case_id, no, role, account, represents, mandate, since, until, erased_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        on conflict (case_id, no) do update set account = excluded.account, until = excluded.until, erased_at = excluded.erased_at";
    const REQUEST: &str = "insert into case_requests (case_id, no, kind, asked_by, ground, asked_at, undo_until, decided_by, decided_at, \
        granted, answer, undone_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
        on conflict (case_id, no) do update set ground = excluded.ground, decided_by = excluded.decided_by, \
        decided_at = excluded.decided_at, granted = excluded.granted, answer = excluded.answer, undone_at = excluded.undone_at";
    const LINK: &str = "insert into case_links (case_id, no, kind, to_case, made_at, undone_at, undone_why, before_it) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) \
        on conflict (case_id, no) do update set undone_at = excluded.undone_at, undone_why = excluded.undone_why";

    fn row<T>(all: &[T], no: u32) -> Result<&T, Refusal> {
        (no as usize).checked_sub(1).and_then(|at| all.get(at)).ok_or(Refusal::NoSuch("part"))
    }
    let id = whole.case.id;
    match part {
        Part::Step(no) => {
            let s = row(&whole.steps, no)?;
            tx.exec_one(
                STEP,
                args![
                    id,
                    s.no,
                    s.parent,
                    s.kind,
                    s.name,
                    s.unit,
                    s.position,
                    s.person,
                    s.note,
                    s.received_at,
                    s.taken_at,
                    s.done_at,
                    s.outcome,
                    s.returned_why,
                    s.due_at
                ],
            )?;
        }
        Part::Clock(no) => {
            let c = row(&whole.clocks, no)?;
            tx.exec_one(
                CLOCK,
                args![
                    id,
                    c.no,
                    c.code,
                    c.step,
                    c.rule,
                    c.calendar,
                    c.calendar_version,
                    c.state,
                    c.started_at,
                    c.due_at,
                    c.left_over,
                    c.explanation,
                    c.paused_at,
                    c.breached_at,
                    c.stopped_at,
                    c.stopped_why,
                    c.before_stop
                ],
            )?;
        }
        Part::Paper(no) => {
            let p = row(&whole.papers, no)?;
            tx.exec_one(
                PAPER,
                args![
                    id,
                    p.no,
                    p.requirement,
                    p.kind,
                    p.source,
                    p.file,
                    p.record,
                    p.state,
                    p.reason,
                    p.assessor,
                    p.added_at,
                    p.assessed_at
                ],
            )?;
        }
        Part::Document(no) => {
            let d = row(&whole.documents, no)?;
            tx.exec_one(DOCUMENT, args![id, d.no, d.kind, d.stage, d.route, d.body, d.number, d.drafted_at, d.issued_at])?;
        }
        Part::Party(no) => {
            let p = row(&whole.parties, no)?;
            tx.exec_one(PARTY, args![id, p.no, p.role, p.account, p.represents, p.mandate, p.since, p.until, p.erased_at])?;
        }
        Part::Request(no) => {
            let r = row(&whole.requests, no)?;
            tx.exec_one(
                REQUEST,
                args![
                    id,
                    r.no,
                    r.kind,
                    r.asked_by,
                    r.ground,
                    r.asked_at,
                    r.undo_until,
                    r.decided_by,
                    r.decided_at,
                    r.granted,
                    r.answer,
                    r.undone_at
                ],
            )?;
        }
        Part::Link(no) => {
            let l = row(&whole.links, no)?;
            tx.exec_one(LINK, args![id, l.no, l.kind, l.to_case, l.made_at, l.undone_at, l.undone_why, l.before_it])?;
        }
    }
    Ok(())
}

fn write_entry(tx: &mut Tx<'_>, id: i64, e: &ClockEntry) -> db::Result<()> {
    const SQL: &str = "insert into case_clock_entries (case_id, seq, no, clock, kind, at, due_at, reason) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (case_id, seq, no) do update set reason = excluded.reason";
    tx.exec_one(SQL, args![id, e.seq, e.no, e.clock, e.kind, e.at, e.due_at, e.reason])
}

fn write_document_act(tx: &mut Tx<'_>, id: i64, a: &DocumentAct) -> db::Result<()> {
    const SQL: &str = "insert into document_acts (case_id, seq, no, document, act, official, name, unit, role, capacity, for_whom, at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    tx.exec_one(SQL, args![id, a.seq, a.no, a.document, a.act, a.official, a.name, a.unit, a.role, a.capacity, a.for_whom, a.at])
}

pub(crate) fn insert_token(
    tx: &mut Tx<'_>,
    digest: &[u8],
    case: i64,
    purpose: &str,
    party: Option<u32>,
    expires_at: Option<Instant>,
) -> db::Result<()> {
    const SQL: &str = "insert into case_tokens (digest, case_id, purpose, party, created_at, expires_at, revoked_at) \
        values ($1, $2, $3, $4, $5, $6, null)";
    let now = tx.now();
    tx.exec_one(SQL, args![digest, case, purpose, party, now, expires_at])
}

/// Takes a text out of an earlier line.
pub(crate) fn take_out(tx: &mut Tx<'_>, case: i64, seq: u32, text: u32) -> Result<(), Refusal> {
    const FIND: &str = "select case_id, seq, at, verb, actor, about, step, effects, texts, sealed, prev, hash, node, node_seq \
        from case_history where case_id = $1 and seq = $2";
    let mut line = tx.opt::<Stored>(FIND, args![case, seq])?.ok_or(Refusal::NoSuch("line"))?;
    if !line.take_out(text)? {
        return Err(Refusal::NoSuch("text"));
    }
    tx.exec_one("update case_history set texts = $3 where case_id = $1 and seq = $2", args![case, seq, line.texts])?;
    Ok(())
}

/// Writes every row of a case anew from its journal, after something was taken out of it.
pub(crate) fn project(tx: &mut Tx<'_>, case: i64) -> Result<Whole, Refusal> {
    let whole = fold(&history(tx, case)?)?;
    update_case(tx, &whole.case, whole.case.version)?;
    let numbers = |len: usize| 1..=u32::try_from(len).unwrap_or(u32::MAX);
    let mut all = BTreeSet::new();
    all.extend(numbers(whole.steps.len()).map(Part::Step));
    all.extend(numbers(whole.clocks.len()).map(Part::Clock));
    all.extend(numbers(whole.papers.len()).map(Part::Paper));
    all.extend(numbers(whole.documents.len()).map(Part::Document));
    all.extend(numbers(whole.parties.len()).map(Part::Party));
    all.extend(numbers(whole.requests.len()).map(Part::Request));
    all.extend(numbers(whole.links.len()).map(Part::Link));
    for part in all {
        write_part(tx, &whole, part)?;
    }
    for entry in &whole.entries {
        write_entry(tx, case, entry)?;
    }
    Ok(whole)
}
