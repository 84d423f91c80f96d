//! The queue of an official: open steps in the order in which the law runs out on them, walked within her [`Scope`], and how many there are.

use crate::case::Case;
use crate::store::case_columns;
use access::Scope;
use db::{FromRow, Rd, Row, V, args};
use kernel::Instant;

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
pub(crate) const QUEUE_OF_REACH: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and \
    (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 and \
    coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $7";
pub(crate) const QUEUE_OF_UNIT: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and unit = $8 and \
    exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $8) \
    and (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 order by due_at, case_id, no limit $7";
pub(crate) const QUEUE_OF_PERSON: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is not null and person = $1 and \
    (due_at, case_id, no) > ($3, $4, $5) and due_at < $6 and \
    coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $7";

pub(crate) const WAITING_OF_REACH: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and \
    (case_id, no) > ($3, $4) and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2) \
    order by due_at, case_id, no limit $5";
pub(crate) const WAITING_OF_UNIT: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and unit = $6 and \
    exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $6) \
    and (case_id, no) > ($3, $4) order by due_at, case_id, no limit $5";
pub(crate) const WAITING_OF_PERSON: &str = "select due_at, case_id, no from case_steps where done_at is null and due_at is null and person = $1 and \
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

// A step says nothing of its case's kind. Where no other kind has a definition (calendars have one and are no cases), every case is of this
// one; else the scalar subquery asks for it row by row on both engines, instead of a join of all open steps.
macro_rules! waiting {
    ($where:literal) => {
        concat!(
            "from case_steps s where done_at is null and ",
            $where,
            " and ((not exists (select 1 from case_definitions where kind < $3 and kind <> 'calendar') and \
             not exists (select 1 from case_definitions where kind > $3 and kind <> 'calendar')) or (select kind from cases where id = s.case_id) = $3)"
        )
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

pub(crate) const TALLY_OF_REACH: &str = tally!(
    waiting!(
        "due_at is not null and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    ),
    waiting!(
        "due_at is null and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    )
);
pub(crate) const TALLY_OF_UNIT: &str = tally!(
    waiting!(
        "due_at is not null and unit = $7 and \
         exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    ),
    waiting!(
        "due_at is null and unit = $7 and exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    )
);
pub(crate) const DUE_OF_REACH: &str = concat!(
    "select count(*) from (select 1 ",
    waiting!(
        "due_at >= $4 and due_at < $5 and coalesce(unit, '') in (select unit_key from access_reach where official_id = $1 and permission = $2)"
    ),
    " limit $6) counted"
);
pub(crate) const DUE_OF_UNIT: &str = concat!(
    "select count(*) from (select 1 ",
    waiting!(
        "due_at >= $4 and due_at < $5 and unit = $7 and \
         exists (select 1 from access_reach where official_id = $1 and permission = $2 and unit_key = $7)"
    ),
    " limit $6) counted"
);
pub(crate) const HELD_BY_PERSON: &str = concat!(
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

pub(crate) const CASES_OF_PLACES: &str = concat!(
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
