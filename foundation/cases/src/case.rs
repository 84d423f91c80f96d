//! A case as its row has it.

use crate::effect::{Bodies, Definition, Flags, PublicState};
use kernel::{Instant, Point};

/// A case: anything a person brings to the city that somebody must handle by a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The internal id; never shown.
    pub id: i64,
    /// The kind: `report`, `dossier`, …
    pub kind: String,
    /// The public code: a name, which opens nothing.
    pub code: String,
    /// The definition it began under.
    pub definition: Definition,
    /// The room's own state.
    pub state: String,
    /// The public state.
    pub public: PublicState,
    /// Flags.
    pub flags: Flags,
    /// Category, a pack key.
    pub category: String,
    /// Area, a pack key.
    pub area: String,
    /// The unit that leads, a pack key.
    pub unit: String,
    /// Where.
    pub point: Option<Point>,
    /// The cell of about 1 km that the point lies in.
    pub cell: Option<i64>,
    /// The title.
    pub title: String,
    /// The beginning of the text.
    pub lead: String,
    /// 0 ordinary, higher is sooner.
    pub priority: u8,
    /// 0 public, 1 confidential.
    pub confidentiality: u8,
    /// How it arrived.
    pub channel: String,
    /// The case it was made from.
    pub parent: Option<i64>,
    /// The rule that made it.
    pub parent_rule: Option<String>,
    /// The organisations that helped, received and decide.
    pub bodies: Bodies,
    /// The legal clock's due time; none while it is paused or where there is none.
    pub due_at: Option<Instant>,
    /// When it arrived.
    pub received_at: Instant,
    /// When it stood in public first.
    pub published_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// When it changed last.
    pub updated_at: Instant,
    /// The number of lines in its journal. An act is recorded only over the version it saw.
    pub version: u32,
    /// The hash of its last line.
    pub head: Vec<u8>,
}

impl Case {
    /// Whether it is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// Whether everybody may see it.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.published_at.is_some() && self.confidentiality == 0
    }

    /// Whether the open legal term is over at `now`.
    #[must_use]
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.closed_at.is_none() && self.due_at.is_some_and(|due| due < now)
    }
}

/// The cell of a point: a hundredth of a degree each way (about 1 km), as one number.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // degrees times a hundred are small
pub fn cell(point: Point) -> i64 {
    let row = ((point.lat + 90.0) * 100.0).floor() as i64;
    let column = ((point.long + 180.0) * 100.0).floor() as i64;
    row * 100_000 + column
}
