//! Steps: who holds the case, as a tree. The lead line is a chain without overlap; consultations and coordination stand beside it.

use crate::kept::Words;
use crate::keyed;
use kernel::Instant;
use serde::{Deserialize, Serialize};

keyed! {
    /// What a step is.
    pub enum StepKind {
        /// Answers for the case. One is open at a time.
        Lead = "lead",
        /// Takes part beside the lead.
        Coordinate = "coordinate",
        /// Is asked for its view.
        Consult = "consult",
        /// Within the unit.
        Internal = "internal",
    }
}

db::row! {
    /// A step as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Step {
        /// Its number.
        pub no: u32,
        /// The step it hangs on.
        pub parent: Option<u32>,
        /// What it is.
        pub kind: StepKind,
        /// What is to be done: `triage`, `handle`, `consult` … a word of the room.
        pub name: String,
        /// The unit, a pack key.
        pub unit: String,
        /// The position asked for.
        pub position: Option<String>,
        /// The official who has it.
        pub person: Option<i64>,
        /// What was said when it was handed over.
        pub note: Option<String>,
        /// When the unit got it.
        pub received_at: Instant,
        /// When a person took it.
        pub taken_at: Option<Instant>,
        /// When it ended.
        pub done_at: Option<Instant>,
        /// How it ended: `forwarded`, `answered`, `returned`, `closed` …
        pub outcome: Option<String>,
        /// Why it was handed back.
        pub returned_why: Option<String>,
        /// Its own clock's due time, or the case's when it has none.
        pub due_at: Option<Instant>,
    }
}

impl Step {
    /// Whether it is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.done_at.is_none()
    }
}

/// The open lead step, the one who answers for the case now.
#[must_use]
pub fn open_lead(steps: &[Step]) -> Option<&Step> {
    steps.iter().find(|step| step.kind == StepKind::Lead && step.is_open())
}

/// What happens to steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepEffect {
    /// A unit gets a step.
    Opened {
        /// The step it hangs on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<u32>,
        /// What it is.
        kind: StepKind,
        /// What is to be done.
        name: String,
        /// The unit.
        unit: String,
        /// The position asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<String>,
        /// The official who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<i64>,
        /// What is said along with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// It is given to a person.
    Assigned {
        /// The step.
        step: u32,
        /// The official.
        person: i64,
    },
    /// A person takes it.
    Taken {
        /// The step.
        step: u32,
        /// The official.
        person: i64,
    },
    /// It ends.
    Done {
        /// The step.
        step: u32,
        /// How.
        outcome: String,
    },
    /// It is handed back.
    Returned {
        /// The step.
        step: u32,
        /// Why.
        why: Words,
    },
    /// It is open again, because what ended it was a mistake.
    Reopened {
        /// The step.
        step: u32,
    },
}

impl StepEffect {
    /// The next lead step.
    #[must_use]
    pub fn lead(name: &str, unit: &str, parent: Option<u32>) -> Self {
        Self::open(StepKind::Lead, name, unit, parent)
    }

    /// A step of any kind.
    #[must_use]
    pub fn open(kind: StepKind, name: &str, unit: &str, parent: Option<u32>) -> Self {
        Self::Opened { parent, kind, name: name.to_owned(), unit: unit.to_owned(), position: None, person: None, note: None }
    }

    /// The same with a note.
    #[must_use]
    pub fn noted(mut self, text: impl Into<String>) -> Self {
        if let Self::Opened { note, .. } = &mut self {
            *note = Some(Words::new(text));
        }
        self
    }

    /// The same for one official.
    #[must_use]
    pub fn for_person(mut self, official: i64) -> Self {
        if let Self::Opened { person, .. } = &mut self {
            *person = Some(official);
        }
        self
    }

    /// The end of a step.
    #[must_use]
    pub fn done(step: u32, outcome: &str) -> Self {
        Self::Done { step, outcome: outcome.to_owned() }
    }
}

/// One hop along the lead line, for "where did the time go".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The step.
    pub step: u32,
    /// The unit.
    pub unit: String,
    /// What nobody held before it, in milliseconds.
    pub waited_ms: i64,
    /// When the unit got it.
    pub from: Instant,
    /// When a person took it.
    pub taken_at: Option<Instant>,
    /// When it ended; the end of the count for an open step.
    pub to: Instant,
    /// Its due time.
    pub due_at: Option<Instant>,
    /// Whether it ended, or stands now, within its time; `None` without a due time that was still ahead when the unit got it: what was late already
    /// is not the lateness of whoever gets it.
    pub on_time: Option<bool>,
}

impl Hop {
    /// How long the unit had it, in milliseconds.
    #[must_use]
    pub const fn held_ms(&self) -> i64 {
        self.to.since(self.from)
    }
}

/// The way of a case along its lead line. Held times and waiting times add up to the total, to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The hops in order.
    pub hops: Vec<Hop>,
    /// What nobody held after the last hop, in milliseconds.
    pub waited_ms: i64,
    /// From arrival to closing, or to now.
    pub total_ms: i64,
}

/// The hops of a case that arrived at `received_at` and was closed at `closed_at`, seen at `now`.
#[must_use]
pub fn hops(steps: &[Step], received_at: Instant, closed_at: Option<Instant>, now: Instant) -> Way {
    let end = closed_at.unwrap_or(now);
    let mut free_since = received_at;
    let mut hops = Vec::new();
    for step in steps.iter().filter(|step| step.kind == StepKind::Lead) {
        let to = step.done_at.unwrap_or(end);
        hops.push(Hop {
            step: step.no,
            unit: step.unit.clone(),
            waited_ms: step.received_at.since(free_since),
            from: step.received_at,
            taken_at: step.taken_at,
            to,
            due_at: step.due_at,
            on_time: step.due_at.filter(|due| *due > step.received_at).map(|due| to <= due),
        });
        free_since = to;
    }
    Way { hops, waited_ms: end.since(free_since), total_ms: end.since(received_at) }
}
