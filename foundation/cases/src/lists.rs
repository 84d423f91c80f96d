//! Lists of published cases and the pins of a map: what everybody may walk through.

use crate::case::Case;
use crate::effect::PublicState;
use crate::store::case_columns;
use db::{Rd, args};
use kernel::Instant;

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

pub(crate) const PUBLISHED: &str = published!("kind = $4");
pub(crate) const PUBLISHED_STATE: &str = published!("public_state = $5 and coalesce(kind, '') = $4");
pub(crate) const PUBLISHED_AREA: &str = published!("area = $5 and coalesce(kind, '') = $4");
pub(crate) const PUBLISHED_AREA_STATE: &str =
    published!("area = $5 and coalesce(kind, '') = $4 and coalesce(public_state, '') = $6");
pub(crate) const PUBLISHED_AREA_CATEGORY: &str = published!("area = $5 and category = $6 and coalesce(kind, '') = $4");
pub(crate) const PUBLISHED_AREA_CATEGORY_STATE: &str =
    published!("area = $5 and category = $6 and coalesce(kind, '') = $4 and coalesce(public_state, '') = $7");
pub(crate) const PUBLISHED_CATEGORY: &str = published!("category = $5 and coalesce(kind, '') = $4");
pub(crate) const PUBLISHED_CATEGORY_STATE: &str =
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
