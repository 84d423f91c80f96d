//! The closed list of verbs, and what the engine itself lets each of them do.
//!
//! Start at [`Verb::rule`]. A verb stands here once something needs it; the list grows by a decision record only
//! (0050). Who may use a verb, and the trade's own preconditions, belong to the rooms.

use crate::effect::Kind;
use serde::{Deserialize, Serialize};

/// An act of the engine. The journal writes its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// A person brings the case; it begins.
    Submit,
    /// The city confirms that it has it.
    Receive,
    /// An official corrects category, place, title, unit, priority.
    Correct,
    /// Formally taken on: the term runs.
    Accept,
    /// Not taken on, with the reason. Closes.
    Refuse,
    /// Sent to the body or procedure that is in charge by law. Closes.
    Divert,
    /// Given to a unit or a person to work on.
    Assign,
    /// A person of the unit takes the step.
    Take,
    /// Handed to another unit: the lead step ends, the next begins.
    Forward,
    /// Handed back to where it came from, with the reason.
    Return,
    /// Other units are asked to take part beside the lead.
    Coordinate,
    /// Another body is asked for its view; the legal clock runs on.
    Consult,
    /// The body asked gives its view.
    Advise,
    /// The applicant is asked for what is missing; the legal clock pauses.
    Ask,
    /// The applicant supplies it; the legal clock goes on.
    Supply,
    /// Clocks pause on a ground in law.
    Pause,
    /// Clocks go on.
    Resume,
    /// A term is extended, with reason and approval.
    Extend,
    /// A document is drafted.
    Draft,
    /// The draft is laid before the one who approves.
    Propose,
    /// The draft is approved.
    Approve,
    /// The document is signed.
    Sign,
    /// The document gets its number.
    Number,
    /// The document goes out. May close the case.
    Issue,
    /// The case stands in public.
    Publish,
    /// The case is taken out of public, with the reason.
    Unpublish,
    /// The person rates the answer.
    Rate,
    /// The case is open again.
    Reopen,
    /// The case is linked to another.
    Link,
    /// The case is found to be the same as another; its clocks stop.
    Merge,
    /// The merging was a mistake; all is as if it had never been.
    Unmerge,
    /// The person takes the case back. Closes.
    Withdraw,
    /// The work ends for good. Closes.
    End,
    /// A word is added to the case.
    Annotate,
    /// Texts or a person's data are taken out; the chain stays whole.
    Redact,
    /// A later rule or calendar is applied to a running case, on purpose.
    Retrofit,
    /// A clock ran out. Written by the program when the time comes.
    Breach,
    /// Put away, with the reason. Closes.
    Archive,
}

/// Which cases a verb is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None yet: the verb begins a case.
    New,
    /// An open one.
    Open,
    /// A closed one.
    Closed,
    /// Any.
    Any,
}

/// What a verb does to the clocks without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// Nothing.
    Untouched,
    /// The legal clock pauses.
    PauseLegal,
    /// The legal clock goes on.
    ResumeLegal,
}

/// What the engine fixes for a verb.
#[derive(Debug)]
pub struct Rule {
    /// Which cases it is for.
    pub needs: Needs,
    /// Whether a ground must be given.
    pub ground: bool,
    /// Whether it always closes the case: open steps end, clocks stop.
    pub closes: bool,
    /// Whether the change may ask for closing.
    pub may_close: bool,
    /// What it does to clocks by itself.
    pub clocks: Clocks,
    /// The effects it may have.
    pub effects: &'static [Kind],
}

const ROW: &[Kind] = &[Kind::State, Kind::Flagged, Kind::Unflagged, Kind::Party, Kind::Token, Kind::Paper];

const fn rule(needs: Needs, effects: &'static [Kind]) -> Rule {
    Rule { needs, ground: false, closes: false, may_close: false, clocks: Clocks::Untouched, effects }
}

const fn closing(effects: &'static [Kind]) -> Rule {
    Rule { needs: Needs::Open, ground: true, closes: true, may_close: true, clocks: Clocks::Untouched, effects }
}

impl Rule {
    /// Whether the verb may have an effect of this kind. State, flags, parties, papers and links for persons go with any verb.
    #[must_use]
    pub fn allows(&self, kind: Kind) -> bool {
        self.effects.contains(&kind) || ROW.contains(&kind)
    }

    const fn grounded(mut self) -> Self {
        self.ground = true;
        self
    }

    const fn can_close(mut self) -> Self {
        self.may_close = true;
        self
    }

    const fn clocks(mut self, clocks: Clocks) -> Self {
        self.clocks = clocks;
        self
    }
}

impl Verb {
    /// Every verb that is built.
    pub const ALL: &'static [Self] = &[
        Self::Submit,
        Self::Receive,
        Self::Correct,
        Self::Accept,
        Self::Refuse,
        Self::Divert,
        Self::Assign,
        Self::Take,
        Self::Forward,
        Self::Return,
        Self::Coordinate,
        Self::Consult,
        Self::Advise,
        Self::Ask,
        Self::Supply,
        Self::Pause,
        Self::Resume,
        Self::Extend,
        Self::Draft,
        Self::Propose,
        Self::Approve,
        Self::Sign,
        Self::Number,
        Self::Issue,
        Self::Publish,
        Self::Unpublish,
        Self::Rate,
        Self::Reopen,
        Self::Link,
        Self::Merge,
        Self::Unmerge,
        Self::Withdraw,
        Self::End,
        Self::Annotate,
        Self::Redact,
        Self::Retrofit,
        Self::Breach,
        Self::Archive,
    ];

    /// What the engine fixes for this verb.
    #[must_use]
    pub const fn rule(self) -> &'static Rule {
        use Kind as K;
        match self {
            Self::Submit => {
                const { &rule(Needs::New, &[K::Opened, K::StepOpened, K::ClockStarted, K::Published, K::Link, K::Handed]) }
            }
            Self::Receive => {
                const {
                    &rule(
                        Needs::Open,
                        &[K::StepOpened, K::StepTaken, K::StepDone, K::ClockStarted, K::ClockStopped, K::Handed, K::Sorted],
                    )
                }
            }
            Self::Correct => {
                const {
                    &rule(
                        Needs::Open,
                        &[
                            K::Retitled,
                            K::Sorted,
                            K::Placed,
                            K::Handed,
                            K::Ranked,
                            K::Confided,
                            K::ClockStarted,
                            K::ClockStopped,
                            K::ClockRecomputed,
                        ],
                    )
                }
            }
            Self::Accept => {
                const {
                    &rule(
                        Needs::Open,
                        &[
                            K::StepOpened,
                            K::StepTaken,
                            K::StepDone,
                            K::ClockStarted,
                            K::ClockStopped,
                            K::Handed,
                            K::Ranked,
                            K::Sorted,
                        ],
                    )
                }
            }
            Self::Refuse => const { &closing(&[K::Document]) },
            Self::Divert => const { &closing(&[K::Document, K::Link, K::Handed]) },
            Self::Assign => {
                const {
                    &rule(
                        Needs::Open,
                        &[K::StepOpened, K::StepAssigned, K::StepDone, K::ClockStarted, K::ClockStopped, K::Handed, K::Ranked],
                    )
                }
            }
            Self::Take => const { &rule(Needs::Open, &[K::StepTaken, K::ClockStarted, K::ClockStopped]) },
            Self::Forward => {
                const {
                    &rule(
                        Needs::Open,
                        &[
                            K::StepOpened,
                            K::StepDone,
                            K::StepTaken,
                            K::ClockStarted,
                            K::ClockStopped,
                            K::Handed,
                            K::Ranked,
                            K::Sorted,
                            K::Published,
                        ],
                    )
                }
            }
            Self::Return => {
                const {
                    &rule(
                        Needs::Open,
                        &[K::StepReturned, K::StepOpened, K::ClockStarted, K::ClockStopped, K::Handed, K::Document],
                    )
                    .grounded()
                }
            }
            Self::Coordinate | Self::Consult => const { &rule(Needs::Open, &[K::StepOpened, K::ClockStarted]) },
            Self::Advise => const { &rule(Needs::Open, &[K::StepDone, K::ClockStopped, K::Document]) },
            Self::Ask => {
                const { &rule(Needs::Open, &[K::Request, K::ClockStarted, K::Document]).grounded().clocks(Clocks::PauseLegal) }
            }
            Self::Supply => const { &rule(Needs::Open, &[K::Request, K::ClockStopped]).clocks(Clocks::ResumeLegal) },
            Self::Pause => const { &rule(Needs::Open, &[K::ClockPaused, K::Request]).grounded() },
            Self::Resume => const { &rule(Needs::Open, &[K::ClockResumed, K::Request]) },
            Self::Extend => const { &rule(Needs::Open, &[K::ClockExtended, K::Request]).grounded() },
            Self::Draft | Self::Propose | Self::Approve | Self::Sign | Self::Number => {
                const { &rule(Needs::Open, &[K::Document, K::StepDone, K::StepOpened, K::StepTaken, K::ClockStopped, K::ClockStarted]) }
            }
            Self::Issue => {
                const {
                    &rule(Needs::Open, &[K::Document, K::StepDone, K::StepTaken, K::ClockStopped, K::ClockStarted, K::Published])
                        .can_close()
                }
            }
            Self::Publish => {
                const { &rule(Needs::Any, &[K::Published, K::Document, K::Retitled, K::StepDone, K::ClockStopped]).can_close() }
            }
            Self::Unpublish => const { &rule(Needs::Any, &[K::Unpublished]).grounded() },
            Self::Rate => const { &rule(Needs::Any, &[]) },
            Self::Reopen => {
                const { &rule(Needs::Closed, &[K::Reopened, K::StepOpened, K::ClockStarted, K::Request, K::Handed]).grounded() }
            }
            Self::Link => const { &rule(Needs::Any, &[K::Link]) },
            Self::Merge => const { &closing(&[K::Link]) },
            Self::Unmerge => {
                const { &rule(Needs::Closed, &[K::Link, K::Reopened, K::ClockRestored, K::StepReopened]).grounded() }
            }
            Self::Withdraw => const { &closing(&[K::Request, K::Document]) },
            Self::End | Self::Archive => const { &closing(&[K::Document, K::StepDone, K::ClockStopped, K::Request]) },
            Self::Annotate => const { &rule(Needs::Any, &[K::Document, K::Request]) },
            Self::Redact => const { &rule(Needs::Any, &[K::Redacted]).grounded() },
            Self::Retrofit => const { &rule(Needs::Open, &[K::ClockRecomputed]).grounded() },
            Self::Breach => const { &rule(Needs::Open, &[K::ClockBreached]) },
        }
    }

    /// The key in the journal.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Receive => "receive",
            Self::Correct => "correct",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Divert => "divert",
            Self::Assign => "assign",
            Self::Take => "take",
            Self::Forward => "forward",
            Self::Return => "return",
            Self::Coordinate => "coordinate",
            Self::Consult => "consult",
            Self::Advise => "advise",
            Self::Ask => "ask",
            Self::Supply => "supply",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Extend => "extend",
            Self::Draft => "draft",
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Sign => "sign",
            Self::Number => "number",
            Self::Issue => "issue",
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Rate => "rate",
            Self::Reopen => "reopen",
            Self::Link => "link",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Withdraw => "withdraw",
            Self::End => "end",
            Self::Annotate => "annotate",
            Self::Redact => "redact",
            Self::Retrofit => "retrofit",
            Self::Breach => "breach",
            Self::Archive => "archive",
        }
    }

    /// The verb with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.key() == key)
    }
}
