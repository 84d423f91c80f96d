//! All SQL of the engine but numbers and seals. Reading functions are public; writing ones serve `record` alone.
//!
//! Functions for officials take a [`Scope`]: the SQL itself holds what she may see.

use crate::Refusal;
use crate::case::Case;
use crate::clocks::{Clock, ClockEntry};
use crate::documents::{Document, DocumentAct};
use crate::effect::{Bodies, Definition, Effect, Flags, PublicState};
use crate::fold::{Link, Paper, Part, Request, Whole, fold};
use crate::history::{Line, Stored};
use crate::parties::Party;
use crate::steps::Step;
use access::Scope;
use db::{FromRow, FromV, Rd, Row, ToV, Tx, V, args};
use kernel::{Instant, Point};
use std::collections::BTreeSet;

macro_rules! case_columns {
    () => {
        "id, kind, code, definition_key, definition_version, definition_hash, state, public_state, flags, category, area, unit, lat, \
         long, cell, title, lead, priority, confidentiality, channel, parent, parent_rule, helped_by, received_by, decided_by, due_at, \
         received_at, published_at, closed_at, updated_at, version, head"
    };
}

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

// ---- reading one case ----

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

// ---- lists ----

/// What a public list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The kind of case.
    pub kind: String,
    /// A category.
    pub category: Option<String>,
    /// An area.
    pub area: Option<String>,
    /// A public state.
    pub public: Option<PublicState>,
}

/// A place in a list: the time and the id of the row before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The time that the list is ordered by.
    pub at: Instant,
    /// The case.
    pub id: i64,
}

impl After {
    /// Before every row.
    pub const NEWEST: Self = Self { at: Instant(i64::MAX), id: i64::MAX };
}

macro_rules! published {
    ($where:literal) => {
        concat!(
            "select ",
            case_columns!(),
            " from cases where published_at is not null and confidentiality = 0 and ",
            $where,
            " and (published_at, id) < ($1, $2) order by published_at desc, id desc limit $3"
        )
    };
}

/// Published cases, newest first: a page of a keyset list. Each query walks one index from the place on and stops after `limit` rows;
/// `coalesce` keeps an engine without statistics from starting at the wrong one.
///
/// # Errors
/// The database's.
pub fn published(rd: &mut Rd<'_>, filter: &Filter, after: After, limit: u32) -> db::Result<Vec<Case>> {
    let (at, id, kind) = (after.at, after.id, filter.kind.as_str());
    match (&filter.area, &filter.category, filter.public) {
        (None, None, None) => rd.all(PUBLISHED, args![at, id, limit, kind]),
        (None, None, Some(state)) => rd.all(PUBLISHED_STATE, args![at, id, limit, kind, state]),
        (Some(area), None, None) => rd.all(PUBLISHED_AREA, args![at, id, limit, kind, area]),
        (Some(area), None, Some(state)) => rd.all(PUBLISHED_AREA_STATE, args![at, id, limit, kind, area, state]),
        (Some(area), Some(category), None) => rd.all(PUBLISHED_AREA_CATEGORY, args![at, id, limit, kind, area, category]),
        (Some(area), Some(category), Some(state)) => {
            rd.all(PUBLISHED_AREA_CATEGORY_STATE, args![at, id, limit, kind, area, category, state])
        }
        (None, Some(category), None) => rd.all(PUBLISHED_CATEGORY, args![at, id, limit, kind, category]),
        (None, Some(category), Some(state)) => rd.all(PUBLISHED_CATEGORY_STATE, args![at, id, limit, kind, category, state]),
    }
}

const PUBLISHED: &str = published!("kind = $4");
const PUBLISHED_STATE: &str = published!("public_state = $5 and coalesce(kind, '') = $4");
const PUBLISHED_AREA: &str = published!("area = $5 and coalesce(kind, '') = $4");
const PUBLISHED_AREA_STATE: &str = published!("area = $5 and coalesce(kind, '') = $4 and coalesce(public_state, '') = $6");
const PUBLISHED_AREA_CATEGORY: &str = published!("area = $5 and category = $6 and coalesce(kind, '') = $4");
const PUBLISHED_AREA_CATEGORY_STATE: &str =
    published!("area = $5 and category = $6 and coalesce(kind, '') = $4 and coalesce(public_state, '') = $7");
const PUBLISHED_CATEGORY: &str = published!("category = $5 and coalesce(kind, '') = $4");
const PUBLISHED_CATEGORY_STATE: &str =
    published!("category = $5 and coalesce(kind, '') = $4 and coalesce(public_state, '') = $6");

/// Published cases with these ids, in the order of the ids given: what a search found.
///
/// # Errors
/// The database's.
pub fn published_by_ids(rd: &mut Rd<'_>, ids: &[i64]) -> db::Result<Vec<Case>> {
    const SQL: &str =
        concat!("select ", case_columns!(), " from cases where id = $1 and published_at is not null and confidentiality = 0");
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(rd.opt::<Case>(SQL, args![*id])?);
    }
    Ok(found)
}

db::row! {
    /// A pin on the map.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Pin {
        /// The code.
        pub code: String,
        /// Degrees north.
        pub lat: f64,
        /// Degrees east.
        pub long: f64,
        /// The category.
        pub category: String,
        /// The public state.
        pub public_state: PublicState,
        /// The title.
        pub title: String,
        /// When it stood in public first.
        pub published_at: Instant,
    }
}

/// Published cases in one row of cells, from one cell to another: a map asks for each row it shows.
///
/// # Errors
/// The database's.
pub fn pins(rd: &mut Rd<'_>, from_cell: i64, to_cell: i64, since: Instant, limit: u32) -> db::Result<Vec<Pin>> {
    const SQL: &str = "select code, lat, long, category, public_state, title, published_at from cases \
        where published_at is not null and confidentiality = 0 and cell >= $1 and cell <= $2 and published_at >= $3 limit $4";
    rd.all(SQL, args![from_cell, to_cell, since, limit])
}

/// A row of a queue: an open step and its case.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// Where it stands.
    pub place: Place,
    /// The unit that holds the step.
    pub unit: String,
    /// When a person took it.
    pub taken_at: Option<Instant>,
    /// Who holds it.
    pub person: Option<i64>,
    /// The case.
    pub case: Case,
}

db::row! {
    /// A place in a queue: an open step. What is due first stands first; what has no due time stands after all that has one, oldest first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Place {
        /// When the step is due.
        pub due_at: Option<Instant>,
        /// Its case.
        pub case_id: i64,
        /// Its number.
        pub no: u32,
    }
}

/// Which open steps a queue shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// All that the official's reach holds.
    All,
    /// Of these, those due from a moment on and before another.
    Due(Instant, Instant),
    /// Of these, those that she herself holds.
    Hers,
}

/// A page of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuePage {
    /// Its rows.
    pub rows: Vec<Queued>,
    /// After which place the next page begins; `None` when nothing follows.
    pub next: Option<Place>,
}

/// So many units are asked one by one; an official with more reads the common order and skips what is not hers. Each way reads about a page
/// of index entries, however many steps wait.
const UNITS_ONE_BY_ONE: usize = 16;

/// So many steps are looked through for a page. When few of them fit, the page is short, and the next one goes on from there.
pub const LOOKED_THROUGH: usize = 2_000;

/// So many steps are walked at once when the first page of them did not hold enough that fit.
const WALKED_AT_ONCE: usize = 256;

/// From the first moment to the last.
const ALWAYS: (Instant, Instant) = (Instant(i64::MIN), Instant(i64::MAX));

// `coalesce` keeps SQLite from gathering and sorting all steps of all those units.
const QUEUE_OF_REACH: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and \
    (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 and \
    coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $7";
const QUEUE_OF_UNIT: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and unit = $8 and \
    exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $8) \
    and (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 order by due_at, case_id, no limit $7";
const QUEUE_OF_PERSON: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and person = $1 and \
    (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 and \
    coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $7";

const WAITING_OF_REACH: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and \
    (case_id, no) > ($3, $4) and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $5";
const WAITING_OF_UNIT: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and unit = $6 and \
    exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $6) \
    and (case_id, no) > ($3, $4) order by due_at, case_id, no limit $5";
const WAITING_OF_PERSON: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and person = $1 and \
    (case_id, no) > ($3, $4) and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $5";

/// Open steps that an official's reach holds, soonest due first and without a due time last: the page of `rows` after a place. `fits`
/// narrows it further.
///
/// # Errors
/// The database's.
pub fn queue(
    rd: &mut Rd<'_>,
    scope: &Scope,
    pick: Pick,
    after: Option<Place>,
    rows: usize,
    fits: impl Fn(&Queued) -> bool,
) -> db::Result<QueuePage> {
    let units = if pick == Pick::Hers { None } else { units_of(rd, scope)? };
    let walks = Walks { scope, pick, units };
    let (mut found, mut place, mut looked) = (Vec::new(), after, 0);
    // One more row than the page has tells whether there are more.
    let mut most = rows + 1;
    while looked < LOOKED_THROUGH {
        let places = walks.after(rd, place, most)?;
        looked += places.len();
        for some in places.chunks(CASES_AT_ONCE) {
            found.extend(with_cases(rd, some)?.into_iter().filter(|row| fits(row)));
            if found.len() > rows {
                found.truncate(rows);
                return Ok(QueuePage { next: found.last().map(|row: &Queued| row.place), rows: found });
            }
        }
        if places.len() < most {
            return Ok(QueuePage { rows: found, next: None });
        }
        place = places.last().copied();
        most = WALKED_AT_ONCE.min(LOOKED_THROUGH.saturating_sub(looked));
    }
    Ok(QueuePage { rows: found, next: place })
}

/// So many open steps of a kind are counted; of more it is only known that there are more.
const COUNTED: u32 = 100;

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u32),
    /// More than so many.
    Over(u32),
}

impl Count {
    const fn of(counted: u32) -> Self {
        if counted < COUNTED { Self::Exactly(counted) } else { Self::Over(COUNTED - 1) }
    }
}

/// How many open steps wait in an official's queue, and of which sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// All that her reach holds.
    pub all: Count,
    /// Of these, those that are overdue.
    pub overdue: Count,
    /// Those that are due soon.
    pub soon: Count,
    /// Those that nobody took; `None` when that cannot be said from those counted.
    pub untaken: Option<Count>,
    /// Those that she holds.
    pub hers: Count,
}

// A step says nothing of its case's kind; the scalar subquery asks for it row by row on both engines, instead of a join of all open steps.
macro_rules! waiting {
    ($where:literal) => {
        concat!("from case_steps s where done_at is null and ", $where, " and (select kind from cases where id = s.case_id) = $3")
    };
}

macro_rules! tally {
    ($dated:expr, $undated:expr) => {
        concat!(
            "select count(*) as steps, count(*) filter (where due_at < $4) as overdue, \
             count(*) filter (where due_at >= $4 and due_at < $5) as soon, count(*) filter (where taken_at is null) as untaken, \
             count(due_at) as dated, max(due_at) as last_due_at from (\
             select * from (select due_at, taken_at ",
            $dated,
            " order by due_at limit $6) dated union all select * from (select due_at, taken_at ",
            $undated,
            " limit $6) undated) counted"
        )
    };
}

const TALLY_OF_REACH: &str = tally!(
    waiting!(
        "due_at is not null and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    ),
    waiting!(
        "due_at is null and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    )
);
const TALLY_OF_UNIT: &str = tally!(
    waiting!(
        "due_at is not null and unit = $7 and \
         exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    ),
    waiting!(
        "due_at is null and unit = $7 and exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    )
);
const DUE_OF_REACH: &str = concat!(
    "select count(*) from (select 1 ",
    waiting!(
        "due_at >= $4 and due_at < $5 and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    ),
    " limit $6) counted"
);
const DUE_OF_UNIT: &str = concat!(
    "select count(*) from (select 1 ",
    waiting!(
        "due_at >= $4 and due_at < $5 and unit = $7 and \
         exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    ),
    " limit $6) counted"
);
const HELD_BY_PERSON: &str = concat!(
    "select count(*) from (select 1 ",
    waiting!(
        "person = $1 and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    ),
    " limit $4) counted"
);

db::row! {
    /// What one walk counted: the steps that are due first, and those without a due time.
    struct Counted {
        steps: u32,
        overdue: u32,
        soon: u32,
        untaken: u32,
        dated: u32,
        last_due_at: Option<Instant>,
    }
}

/// How many open steps of cases of a kind wait in an official's queue: overdue are those due before `now`, soon those due from then on and before `soon_until`. Each
/// walk reads a hundred steps at most with a due time and a hundred without.
///
/// # Errors
/// The database's.
pub fn tally(rd: &mut Rd<'_>, scope: &Scope, kind: &str, now: Instant, soon_until: Instant) -> db::Result<Tally> {
    let (official, permission) = (scope.official(), scope.permission());
    let (hers,): (u32,) = rd.one(HELD_BY_PERSON, args![official, permission, kind, COUNTED])?;
    let units = units_of(rd, scope)?;
    let walks: Vec<Counted> = match &units {
        None => vec![rd.one(TALLY_OF_REACH, args![official, permission, kind, now, soon_until, COUNTED])?],
        Some(units) => units
            .iter()
            .map(|unit| rd.one(TALLY_OF_UNIT, args![official, permission, kind, now, soon_until, COUNTED, unit]))
            .collect::<db::Result<_>>()?,
    };
    let sum = |of: fn(&Counted) -> u32| walks.iter().map(of).sum::<u32>();
    // A walk that was cut before the end of what is soon has not seen all of it. What is overdue stands before that: cut there, it is more
    // than a hundred.
    let cut = walks.iter().any(|walk| walk.dated == COUNTED && walk.last_due_at.is_some_and(|last| last < soon_until));
    let seen = sum(|walk| walk.soon);
    let soon = if cut && seen < COUNTED { due_between(rd, scope, kind, (now, soon_until), units.as_deref())? } else { seen };
    let untaken = sum(|walk| walk.untaken);
    let whole = walks.iter().all(|walk| walk.dated < COUNTED && walk.steps - walk.dated < COUNTED);
    Ok(Tally {
        all: Count::of(sum(|walk| walk.steps)),
        overdue: Count::of(sum(|walk| walk.overdue)),
        soon: Count::of(soon),
        untaken: (whole || untaken >= COUNTED).then(|| Count::of(untaken)),
        hers: Count::of(hers),
    })
}

fn due_between(
    rd: &mut Rd<'_>,
    scope: &Scope,
    kind: &str,
    (from, until): (Instant, Instant),
    units: Option<&[String]>,
) -> db::Result<u32> {
    let (official, permission) = (scope.official(), scope.permission());
    let Some(units) = units else {
        return Ok(rd.one::<(u32,)>(DUE_OF_REACH, args![official, permission, kind, from, until, COUNTED])?.0);
    };
    let mut all = 0;
    for unit in units {
        all += rd.one::<(u32,)>(DUE_OF_UNIT, args![official, permission, kind, from, until, COUNTED, unit])?.0;
    }
    Ok(all)
}

/// The ordered walks that make up a queue.
struct Walks<'a> {
    scope: &'a Scope,
    pick: Pick,
    units: Option<Vec<String>>,
}

impl Walks<'_> {
    /// The next places: the dated steps, then those without a due time.
    fn after(&self, rd: &mut Rd<'_>, after: Option<Place>, limit: usize) -> db::Result<Vec<Place>> {
        let (from, until) = if let Pick::Due(from, until) = self.pick { (from, until) } else { ALWAYS };
        let first = (from, i64::MIN, 0);
        let mut found = match after {
            None => self.dated(rd, first, until, limit)?,
            Some(Place { due_at: Some(due_at), case_id, no }) => {
                self.dated(rd, first.max((due_at, case_id, no)), until, limit)?
            }
            Some(Place { due_at: None, .. }) => Vec::new(),
        };
        if found.len() < limit && !matches!(self.pick, Pick::Due(..)) {
            let from = after.filter(|place| place.due_at.is_none()).map_or((i64::MIN, 0), |place| (place.case_id, place.no));
            found.extend(self.undated(rd, from, limit - found.len())?);
        }
        Ok(found)
    }

    fn dated(
        &self,
        rd: &mut Rd<'_>,
        (at, case, no): (Instant, i64, u32),
        until: Instant,
        limit: usize,
    ) -> db::Result<Vec<Place>> {
        let (official, permission) = (self.scope.official(), self.scope.permission());
        let most = u32::try_from(limit).unwrap_or(u32::MAX);
        match &self.units {
            _ if self.pick == Pick::Hers => rd.all(QUEUE_OF_PERSON, args![official, permission, at, case, no, until, most]),
            None => rd.all(QUEUE_OF_REACH, args![official, permission, at, case, no, until, most]),
            Some(units) => {
                merged(units, limit, |unit| rd.all(QUEUE_OF_UNIT, args![official, permission, at, case, no, until, most, unit]))
            }
        }
    }

    fn undated(&self, rd: &mut Rd<'_>, (case, no): (i64, u32), limit: usize) -> db::Result<Vec<Place>> {
        let (official, permission) = (self.scope.official(), self.scope.permission());
        let most = u32::try_from(limit).unwrap_or(u32::MAX);
        match &self.units {
            _ if self.pick == Pick::Hers => rd.all(WAITING_OF_PERSON, args![official, permission, case, no, most]),
            None => rd.all(WAITING_OF_REACH, args![official, permission, case, no, most]),
            Some(units) => {
                merged(units, limit, |unit| rd.all(WAITING_OF_UNIT, args![official, permission, case, no, most, unit]))
            }
        }
    }
}

/// The units to ask one by one; `None` when they are too many for that.
fn units_of(rd: &mut Rd<'_>, scope: &Scope) -> db::Result<Option<Vec<String>>> {
    const SQL: &str = "select unit_key from access_reach where official_id = $1 and permission = $2 order by unit_key limit $3";
    let most = u32::try_from(UNITS_ONE_BY_ONE + 1).unwrap_or(u32::MAX);
    let units: Vec<(String,)> = rd.all(SQL, args![scope.official(), scope.permission(), most])?;
    Ok((units.len() <= UNITS_ONE_BY_ONE).then(|| units.into_iter().map(|(unit,)| unit).collect()))
}

/// The first `limit` of several ordered walks.
fn merged(units: &[String], limit: usize, mut walk: impl FnMut(&str) -> db::Result<Vec<Place>>) -> db::Result<Vec<Place>> {
    let mut found = Vec::new();
    for unit in units {
        found.extend(walk(unit)?);
    }
    found.sort_by_key(|place| (place.due_at, place.case_id, place.no));
    found.truncate(limit);
    Ok(found)
}

/// So many cases are fetched by one statement: a page of a queue is one.
const CASES_AT_ONCE: usize = 32;

const CASES_OF_PLACES: &str = concat!(
    "select ",
    case_columns!(),
    ", no, step_due_at, step_unit, taken_at, person from cases join (select case_id, no, due_at as step_due_at, unit as step_unit, \
     taken_at, person from case_steps where done_at is null) s on s.case_id = id where id in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
     $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
);

impl FromRow for Queued {
    const COUNT: usize = Case::COUNT + 5;
    const COLS: &'static [&'static str] = Case::COLS;

    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let case = Case::from_row(row)?;
        let at = Case::COUNT;
        let place = Place { due_at: row.get(at + 1)?, case_id: case.id, no: row.get(at)? };
        Ok(Self { place, unit: row.get(at + 2)?, taken_at: row.get(at + 3)?, person: row.get(at + 4)?, case })
    }
}

/// The rows at these places, at most [`CASES_AT_ONCE`], in their order.
fn with_cases(rd: &mut Rd<'_>, places: &[Place]) -> db::Result<Vec<Queued>> {
    let Some(last) = places.last() else { return Ok(Vec::new()) };
    let ids = places.iter().map(|place| place.case_id).chain(std::iter::repeat(last.case_id)).take(CASES_AT_ONCE);
    let ids: Vec<V<'_>> = ids.map(V::I).collect();
    let mut rows = rd.all::<Queued>(CASES_OF_PLACES, &ids)?;
    let mut found = Vec::with_capacity(places.len());
    for place in places {
        // A step of the same case outside her reach is fetched along, and left.
        found.extend(rows.iter().position(|row| row.place == *place).map(|at| rows.swap_remove(at)));
    }
    Ok(found)
}

// ---- definitions ----

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

// ---- writing, for `record` alone ----

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

/// Whether a paper of any case names this file.
///
/// # Errors
/// The database's.
pub fn names_file(rd: &mut Rd<'_>, file: &str) -> db::Result<bool> {
    Ok(rd.opt::<(i64,)>(NAMES_FILE, args![file])?.is_some())
}

const NAMES_FILE: &str = "select 1 from case_papers where file = $1 limit 1";

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

#[cfg(test)]
mod tests {
    //! Each list walks an index from its place on and sorts nothing, on the engine that a million cases lie on at most cities.

    use super::*;
    use db::Lane;

    const ALL: &[&[db::Migration]] = &[access::MIGRATIONS, crate::MIGRATIONS];

    fn check(sql: &'static str, args: fn() -> Vec<V<'static>>, index: &str) {
        let explain: &'static str = Box::leak(format!("explain query plan {sql}").into_boxed_str());
        let db = db::test::sqlite(ALL);
        let plan: Vec<(i64, i64, i64, String)> =
            db.read_now(Lane::Duty, move |rd| rd.all::<(i64, i64, i64, String)>(explain, &args())).unwrap();
        let plan: Vec<String> = plan.into_iter().map(|row| row.3).collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{sql}: {plan:?}");
        // What a bounded walk found is counted as it comes.
        let whole =
            |line: &String| line.starts_with("SCAN") && !["SCAN counted", "SCAN dated", "SCAN undated"].contains(&line.as_str());
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE") || whole(line)), "{sql}: {plan:?}");
    }

    fn sevens(n: usize) -> Vec<V<'static>> {
        vec![V::I(7); n]
    }

    #[test]
    fn every_list_walks_its_index() {
        check(PUBLISHED, || sevens(4), "cases_published (kind=? AND");
        check(PUBLISHED_STATE, || sevens(5), "cases_published_state (public_state=? AND");
        check(PUBLISHED_AREA, || sevens(5), "cases_published_area (area=? AND");
        check(PUBLISHED_AREA_STATE, || sevens(6), "cases_published_area (area=? AND");
        check(PUBLISHED_AREA_CATEGORY, || sevens(6), "cases_published_area_category (area=? AND category=? AND");
        check(PUBLISHED_AREA_CATEGORY_STATE, || sevens(7), "cases_published_area_category (area=? AND category=? AND");
        check(PUBLISHED_CATEGORY, || sevens(5), "cases_published_category (category=? AND");
        check(PUBLISHED_CATEGORY_STATE, || sevens(6), "cases_published_category (category=? AND");
        check(QUEUE_OF_REACH, || sevens(7), "case_steps_due ((due_at,case_id,no)>(?,?,?) AND due_at<?)");
        check(QUEUE_OF_UNIT, || sevens(8), "case_steps_queue (unit=? AND (due_at,case_id,no)>(?,?,?) AND due_at<?)");
        check(QUEUE_OF_PERSON, || sevens(7), "case_steps_person (person=? AND (due_at,case_id,no)>(?,?,?) AND due_at<?)");
        check(WAITING_OF_REACH, || sevens(5), "case_steps_due (due_at=? AND");
        check(WAITING_OF_UNIT, || sevens(6), "case_steps_queue (unit=? AND due_at=? AND");
        check(WAITING_OF_PERSON, || sevens(5), "case_steps_person (person=? AND due_at=? AND");
        check(TALLY_OF_REACH, || sevens(6), "case_steps_due (due_at>?)");
        check(TALLY_OF_UNIT, || sevens(7), "case_steps_queue (unit=? AND due_at>?)");
        check(TALLY_OF_UNIT, || sevens(7), "case_steps_queue (unit=? AND due_at=?)");
        check(DUE_OF_REACH, || sevens(6), "case_steps_due (due_at>? AND due_at<?)");
        check(DUE_OF_UNIT, || sevens(7), "case_steps_queue (unit=? AND due_at>? AND due_at<?)");
        check(HELD_BY_PERSON, || sevens(4), "case_steps_person (person=?)");
        check(CASES_OF_PLACES, || sevens(32), "cases USING INTEGER PRIMARY KEY");
        check(concat!("select ", case_columns!(), " from cases where code = $1"), || sevens(1), "cases_code");
        check(NAMES_FILE, || sevens(1), "case_papers_file (file=?)");
    }
}
