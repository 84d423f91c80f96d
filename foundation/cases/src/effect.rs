//! What an act does to a case, as values. The journal keeps them as JSON, and the rows are what they add up to (`fold.rs`).
//!
//! Start at [`Effect`]. Numbers (of steps, clocks, papers …) count from 1 within a case, in the order they came about.
//! Free texts are [`Words`]: the chain covers their salted digest.

use crate::clocks::ClockEffect;
use crate::documents::DocumentEffect;
use crate::kept::Words;
use crate::keyed;
use crate::parties::PartyEffect;
use crate::steps::StepEffect;
use kernel::{Actor, Instant, Point};
use serde::{Deserialize, Serialize};

keyed! {
    /// What everybody may know about where a case stands.
    pub enum PublicState {
        /// It has arrived.
        Received = "received",
        /// Somebody works on it.
        InProgress = "in-progress",
        /// The city has answered.
        Answered = "answered",
        /// Put away, with the reason.
        Archived = "archived",
    }
}

/// Flags of a case, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flags(pub u32);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Its legal clock ran out. It stays when the case is closed late.
    pub const OVERDUE: Self = Self(1);
    /// Its term was extended.
    pub const EXTENDED: Self = Self(2);
    /// It waits for the person who brought it: the legal clock is paused.
    pub const WAITING: Self = Self(4);
    /// It was open again after it had been closed.
    pub const REOPENED: Self = Self(8);
    /// It came from an older system.
    pub const IMPORTED: Self = Self(16);
    /// It is found to be the same as another case.
    pub const MERGED: Self = Self(32);

    /// Whether all flags of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With the flags of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without the flags of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// Which compiled definition a case began under. It keeps it to the end.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Definition {
    /// The definition's key: a procedure, a kind of report.
    pub key: String,
    /// Its version.
    pub version: String,
    /// The hash of its text.
    pub hash: String,
}

/// A case as it begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The internal id.
    pub id: i64,
    /// The kind: `report`, `dossier`, …
    pub kind: String,
    /// The public code.
    pub code: String,
    /// The definition.
    pub definition: Definition,
    /// The room's own state.
    pub state: String,
    /// The public state.
    pub public: PublicState,
    /// Flags it begins with.
    #[serde(default, skip_serializing_if = "is_none")]
    pub flags: Flags,
    /// Category, a pack key.
    pub category: String,
    /// Area, a pack key (keys name one version of an area).
    pub area: String,
    /// The unit that leads, a pack key.
    pub unit: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// The title.
    pub title: Words,
    /// The beginning of the text, as lists show it.
    pub lead: Words,
    /// 0 ordinary, higher is sooner.
    #[serde(default, skip_serializing_if = "zero")]
    pub priority: u8,
    /// 0 public, 1 confidential.
    #[serde(default, skip_serializing_if = "zero")]
    pub confidentiality: u8,
    /// How it arrived: `web`, `hotline`, `api`, …
    pub channel: String,
    /// The case this one was made from, and the rule that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<(i64, String)>,
    /// The organisations that helped, received and decide.
    #[serde(default, skip_serializing_if = "Bodies::none")]
    pub bodies: Bodies,
    /// When it arrived.
    pub received_at: Instant,
    /// Since when it stood in public, when another system had published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Instant>,
    /// When it was closed, when it had ended in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
}

/// Three organisations that stand on a case and need not be one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bodies {
    /// Helped to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helped: Option<String>,
    /// Received it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
    /// Decides on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decides: Option<String>,
}

impl Bodies {
    fn none(&self) -> bool {
        *self == Self::default()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
const fn is_none(flags: &Flags) -> bool {
    flags.0 == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
const fn zero(n: &u8) -> bool {
    *n == 0
}

/// What an act does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The case begins.
    Opened(Box<Opened>),
    /// Its state changes.
    State {
        /// The room's own state.
        state: String,
        /// The public state.
        public: PublicState,
    },
    /// Flags are set.
    Flagged(Flags),
    /// Flags are taken off.
    Unflagged(Flags),
    /// Title and lead are corrected.
    Retitled {
        /// The title.
        title: Words,
        /// The lead.
        lead: Words,
    },
    /// It is sorted into another category.
    Sorted {
        /// The category, a pack key.
        category: String,
    },
    /// Its place is corrected.
    Placed {
        /// The area, a pack key.
        area: String,
        /// The point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        point: Option<Point>,
    },
    /// Another unit leads.
    Handed {
        /// The unit, a pack key.
        unit: String,
    },
    /// Its priority changes.
    Ranked {
        /// 0 ordinary, higher is sooner.
        priority: u8,
    },
    /// Its confidentiality changes.
    Confided {
        /// 0 public, 1 confidential.
        confidentiality: u8,
    },
    /// It stands in public from now on.
    Published,
    /// It no longer stands in public.
    Unpublished,
    /// It is closed.
    Closed,
    /// It is open again.
    Reopened,
    /// A text of an earlier line was taken out.
    Redacted {
        /// The line.
        seq: u32,
        /// The text within the line, from 0: ground, payload, then the effects' texts in order.
        text: u32,
    },
    /// A private link was handed out. The journal knows its purpose, never the link.
    Token {
        /// What it opens.
        purpose: String,
        /// The party it was given to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<u32>,
        /// Until when it opens.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Instant>,
    },
    /// A step.
    Step(StepEffect),
    /// A clock.
    Clock(ClockEffect),
    /// A paper that comes in.
    Paper(PaperEffect),
    /// A document that the city writes.
    Document(DocumentEffect),
    /// A party.
    Party(PartyEffect),
    /// A request that somebody decides.
    Request(RequestEffect),
    /// A link to another case.
    Link(LinkEffect),
}

/// The kinds of effects, for the table of what a verb may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is the effect of the same name
pub enum Kind {
    Opened,
    State,
    Flagged,
    Unflagged,
    Retitled,
    Sorted,
    Placed,
    Handed,
    Ranked,
    Confided,
    Published,
    Unpublished,
    Closed,
    Reopened,
    Redacted,
    Token,
    StepOpened,
    StepAssigned,
    StepTaken,
    StepDone,
    StepReturned,
    StepReopened,
    ClockStarted,
    ClockPaused,
    ClockResumed,
    ClockExtended,
    ClockRecomputed,
    ClockStopped,
    ClockRestored,
    ClockBreached,
    Paper,
    Document,
    Party,
    Request,
    Link,
}

impl Effect {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Opened(_) => Kind::Opened,
            Self::State { .. } => Kind::State,
            Self::Flagged(_) => Kind::Flagged,
            Self::Unflagged(_) => Kind::Unflagged,
            Self::Retitled { .. } => Kind::Retitled,
            Self::Sorted { .. } => Kind::Sorted,
            Self::Placed { .. } => Kind::Placed,
            Self::Handed { .. } => Kind::Handed,
            Self::Ranked { .. } => Kind::Ranked,
            Self::Confided { .. } => Kind::Confided,
            Self::Published => Kind::Published,
            Self::Unpublished => Kind::Unpublished,
            Self::Closed => Kind::Closed,
            Self::Reopened => Kind::Reopened,
            Self::Redacted { .. } => Kind::Redacted,
            Self::Token { .. } => Kind::Token,
            Self::Step(StepEffect::Opened { .. }) => Kind::StepOpened,
            Self::Step(StepEffect::Assigned { .. }) => Kind::StepAssigned,
            Self::Step(StepEffect::Taken { .. }) => Kind::StepTaken,
            Self::Step(StepEffect::Done { .. }) => Kind::StepDone,
            Self::Step(StepEffect::Returned { .. }) => Kind::StepReturned,
            Self::Step(StepEffect::Reopened { .. }) => Kind::StepReopened,
            Self::Clock(ClockEffect::Started { .. }) => Kind::ClockStarted,
            Self::Clock(ClockEffect::Paused { .. }) => Kind::ClockPaused,
            Self::Clock(ClockEffect::Resumed { .. }) => Kind::ClockResumed,
            Self::Clock(ClockEffect::Extended { .. }) => Kind::ClockExtended,
            Self::Clock(ClockEffect::Recomputed { .. }) => Kind::ClockRecomputed,
            Self::Clock(ClockEffect::Stopped { .. }) => Kind::ClockStopped,
            Self::Clock(ClockEffect::Restored { .. }) => Kind::ClockRestored,
            Self::Clock(ClockEffect::Breached { .. }) => Kind::ClockBreached,
            Self::Paper(_) => Kind::Paper,
            Self::Document(_) => Kind::Document,
            Self::Party(_) => Kind::Party,
            Self::Request(_) => Kind::Request,
            Self::Link(_) => Kind::Link,
        }
    }

    /// Every free text in it, in order. A text that is not listed here would be written without digest: `record` refuses it.
    pub(crate) fn words(&mut self) -> Vec<&mut Words> {
        match self {
            Self::Opened(opened) => vec![&mut opened.title, &mut opened.lead],
            Self::Retitled { title, lead } => vec![title, lead],
            Self::Step(StepEffect::Opened { note: Some(note), .. }) => vec![note],
            Self::Step(StepEffect::Returned { why, .. }) => vec![why],
            Self::Clock(ClockEffect::Extended { reason, .. }) => vec![reason],
            Self::Paper(PaperEffect::Refused { reason, .. }) => vec![reason],
            Self::Document(DocumentEffect::Drafted { text, .. }) => vec![text],
            Self::Document(DocumentEffect::Returned { why, .. }) => vec![why],
            Self::Request(RequestEffect::Asked { text, .. }) => vec![text],
            Self::Request(RequestEffect::Decided { answer, .. }) => vec![answer],
            Self::Link(LinkEffect::Undone { why, .. }) => vec![why],
            _ => Vec::new(),
        }
    }
}

keyed! {
    /// Whether a paper was looked at.
    pub enum PaperState {
        /// Not yet.
        Pending = "pending",
        /// It is what was asked for; a photo may be shown.
        Accepted = "accepted",
        /// It is not, with the reason.
        Refused = "refused",
    }
}

/// What happens to papers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperEffect {
    /// A paper comes in.
    Added {
        /// Which requirement it meets; none for a photo.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        requirement: Option<String>,
        /// What it is: `photo`, `scan`, `record`, …
        kind: String,
        /// Where it is from: `upload`, `counter`, `register`, `vault`.
        source: String,
        /// The content hash of the file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        /// The record it was taken from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<String>,
    },
    /// It is accepted.
    Accepted {
        /// The paper's number.
        paper: u32,
    },
    /// It is refused.
    Refused {
        /// The paper's number.
        paper: u32,
        /// Why.
        reason: Words,
    },
}

keyed! {
    /// What can be asked for and decided.
    pub enum RequestKind {
        /// A later date.
        Extension = "extension",
        /// To open the case again.
        Reopening = "reopening",
        /// Not to take the case on.
        Refusal = "refusal",
        /// What is missing.
        Supplement = "supplement",
        /// To take the case back.
        Withdrawal = "withdrawal",
    }
}

/// What happens to requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestEffect {
    /// Somebody asks; who, stands in the line.
    Asked {
        /// For what.
        kind: RequestKind,
        /// In which words.
        text: Words,
        /// Until when it may be undone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo_until: Option<Instant>,
    },
    /// Somebody decides; who, stands in the line.
    Decided {
        /// The request's number.
        request: u32,
        /// Yes or no.
        granted: bool,
        /// In which words.
        answer: Words,
    },
    /// The asker takes it back in time.
    Undone {
        /// The request's number.
        request: u32,
    },
}

keyed! {
    /// How two cases belong together.
    pub enum LinkKind {
        /// The same matter.
        DuplicateOf = "duplicate-of",
        /// A part of a larger matter.
        PartOf = "part-of",
        /// Made from it by a rule.
        ChildOf = "child-of",
        /// Comes after it.
        Follows = "follows",
        /// Contests it.
        Appeals = "appeals",
    }
}

/// What happens to links. They stand with the case they start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkEffect {
    /// Two cases are linked.
    Made {
        /// How.
        kind: LinkKind,
        /// The other case.
        to: i64,
    },
    /// The link was a mistake.
    Undone {
        /// The link's number.
        link: u32,
        /// Why.
        why: Words,
    },
}

/// For whom an act is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behalf {
    /// A party of the case.
    Party(u32),
    /// Another official or unit.
    Actor(Actor),
}
