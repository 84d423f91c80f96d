//! The fold: what the lines of a journal add up to. A pure function; the rows of the database are its projection and nothing else.
//!
//! `record` applies an act's effects with the very same functions before it writes the rows that they touched, so row and journal
//! cannot say different things. Start at [`fold`].

use crate::Refusal;
use crate::case::{Case, cell};
use crate::clocks::{Clock, ClockEffect, ClockEntry, ClockState, EntryKind, LEGAL, On};
use crate::documents::{self, Document, DocumentAct};
use crate::effect::{
    Effect, Flags, LinkEffect, LinkKind, Opened, PaperEffect, PaperState, PublicState, RequestEffect, RequestKind,
};
use crate::history::Line;
use crate::kept::Words;
use crate::parties::{Party, PartyEffect};
use crate::steps::{Step, StepEffect, StepKind};
use kernel::{Actor, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

db::row! {
    /// A paper as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Paper {
        /// Its number.
        pub no: u32,
        /// Which requirement it meets.
        pub requirement: Option<String>,
        /// What it is.
        pub kind: String,
        /// Where it is from.
        pub source: String,
        /// The content hash of the file.
        pub file: Option<String>,
        /// The record it was taken from.
        pub record: Option<String>,
        /// Whether it was looked at.
        pub state: PaperState,
        /// Why it was refused.
        pub reason: Option<String>,
        /// The official who looked.
        pub assessor: Option<i64>,
        /// When it came in.
        pub added_at: Instant,
        /// When it was looked at.
        pub assessed_at: Option<Instant>,
    }
}

db::row! {
    /// A request as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Request {
        /// Its number.
        pub no: u32,
        /// For what.
        pub kind: RequestKind,
        /// Who asked, as JSON.
        pub asked_by: String,
        /// In which words.
        pub ground: Option<String>,
        /// When.
        pub asked_at: Instant,
        /// Until when it may be undone.
        pub undo_until: Option<Instant>,
        /// Who decided, as JSON.
        pub decided_by: Option<String>,
        /// When.
        pub decided_at: Option<Instant>,
        /// Yes or no.
        pub granted: Option<bool>,
        /// In which words.
        pub answer: Option<String>,
        /// When it was taken back.
        pub undone_at: Option<Instant>,
    }
}

db::row! {
    /// A link as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Link {
        /// Its number.
        pub no: u32,
        /// How the cases belong together.
        pub kind: LinkKind,
        /// The other case.
        pub to_case: i64,
        /// When it was made.
        pub made_at: Instant,
        /// When it was undone.
        pub undone_at: Option<Instant>,
        /// Why it was undone.
        pub undone_why: Option<String>,
        /// Where the case stood before, as JSON, so that undoing brings it back.
        pub before_it: Option<String>,
    }
}

/// Where a case stood before it was merged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Before {
    pub state: String,
    pub public: PublicState,
}

/// A case with all that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The case.
    pub case: Case,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its clocks.
    pub clocks: Vec<Clock>,
    /// The clocks' ledger.
    pub entries: Vec<ClockEntry>,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// The acts on them.
    pub acts: Vec<DocumentAct>,
    /// Its parties.
    pub parties: Vec<Party>,
    /// Its requests.
    pub requests: Vec<Request>,
    /// Its links.
    pub links: Vec<Link>,
}

/// A part of a case that an act touched: its row is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Step(u32),
    Clock(u32),
    Paper(u32),
    Document(u32),
    Party(u32),
    Request(u32),
    Link(u32),
}

/// What the effects of one act share.
pub(crate) struct Act<'a> {
    pub seq: u32,
    pub at: Instant,
    pub actor: &'a Actor,
    pub ground: Option<&'a Words>,
}

/// What the lines of one case, from the first on, add up to.
///
/// # Errors
/// When the lines are not a history: out of order, not from the beginning, or with an effect that was impossible then.
pub fn fold(lines: &[Line]) -> Result<Whole, Refusal> {
    let mut whole: Option<Whole> = None;
    for (i, line) in lines.iter().enumerate() {
        if usize::try_from(line.seq).ok() != Some(i + 1) {
            return Err(Refusal::Broken(format!("line {} where {} should be", line.seq, i + 1)));
        }
        let act = Act { seq: line.seq, at: line.at, actor: &line.actor, ground: line.ground.as_ref() };
        let mut touched = BTreeSet::new();
        for (n, effect) in line.effects.iter().enumerate() {
            let n = u32::try_from(n).unwrap_or(u32::MAX);
            match (&mut whole, effect) {
                (None, Effect::Opened(opened)) => whole = Some(Whole::begin(opened, line.at)),
                (Some(whole), effect) => whole.apply(&act, n, effect, &mut touched)?,
                (None, _) => return Err(Refusal::Broken("a history that does not begin".to_owned())),
            }
        }
        if let Some(whole) = &mut whole {
            whole.end_line(line.seq, line.at, &line.hash);
        }
    }
    whole.ok_or_else(|| Refusal::Broken("no history".to_owned()))
}

fn next_no(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX).saturating_add(1)
}

fn as_json(actor: &Actor) -> String {
    serde_json::to_string(actor).unwrap_or_default()
}

fn numbered<'a, T>(all: &'a mut [T], no: u32, what: &'static str) -> Result<&'a mut T, Refusal> {
    (no as usize).checked_sub(1).and_then(|at| all.get_mut(at)).ok_or(Refusal::NoSuch(what))
}

impl Whole {
    /// The case as it begins.
    pub(crate) fn begin(opened: &Opened, at: Instant) -> Self {
        Self::of(Case {
            id: opened.id,
            kind: opened.kind.clone(),
            code: opened.code.clone(),
            definition: opened.definition.clone(),
            state: opened.state.clone(),
            public: opened.public,
            flags: opened.flags,
            category: opened.category.clone(),
            area: opened.area.clone(),
            unit: opened.unit.clone(),
            point: opened.point,
            cell: opened.point.map(cell),
            title: opened.title.text().to_owned(),
            lead: opened.lead.text().to_owned(),
            priority: opened.priority,
            confidentiality: opened.confidentiality,
            channel: opened.channel.clone(),
            parent: opened.parent.as_ref().map(|p| p.0),
            parent_rule: opened.parent.as_ref().map(|p| p.1.clone()),
            bodies: opened.bodies.clone(),
            due_at: None,
            received_at: opened.received_at,
            published_at: opened.published_at,
            closed_at: opened.closed_at,
            updated_at: at,
            version: 0,
            head: Vec::new(),
        })
    }

    /// A case without its parts, for an act that needs none of them.
    pub(crate) const fn of(case: Case) -> Self {
        Self {
            case,
            steps: Vec::new(),
            clocks: Vec::new(),
            entries: Vec::new(),
            papers: Vec::new(),
            documents: Vec::new(),
            acts: Vec::new(),
            parties: Vec::new(),
            requests: Vec::new(),
            links: Vec::new(),
        }
    }

    /// A line is complete.
    pub(crate) fn end_line(&mut self, seq: u32, at: Instant, hash: &[u8]) {
        self.case.version = seq;
        self.case.updated_at = at;
        hash.clone_into(&mut self.case.head);
    }

    /// One effect of an act. `n` is its place within the line.
    pub(crate) fn apply(&mut self, act: &Act<'_>, n: u32, effect: &Effect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let case = &mut self.case;
        match effect {
            Effect::Opened(_) => return Err(Refusal::Broken("a case that begins twice".to_owned())),
            Effect::State { state, public } => {
                case.state.clone_from(state);
                case.public = *public;
            }
            Effect::Flagged(flags) => case.flags = case.flags.with(*flags),
            Effect::Unflagged(flags) => case.flags = case.flags.without(*flags),
            Effect::Retitled { title, lead } => {
                title.text().clone_into(&mut case.title);
                lead.text().clone_into(&mut case.lead);
            }
            Effect::Sorted { category } => case.category.clone_from(category),
            Effect::Placed { area, point } => {
                case.area.clone_from(area);
                case.point = *point;
                case.cell = point.map(cell);
            }
            Effect::Handed { unit } => case.unit.clone_from(unit),
            Effect::Ranked { priority } => case.priority = *priority,
            Effect::Confided { confidentiality } => case.confidentiality = *confidentiality,
            Effect::Published => {
                case.published_at.get_or_insert(act.at);
            }
            Effect::Unpublished => case.published_at = None,
            Effect::Closed => {
                case.closed_at.get_or_insert(act.at);
            }
            Effect::Reopened => {
                case.closed_at = None;
            }
            Effect::Redacted { .. } | Effect::Token { .. } => {}
            Effect::Step(effect) => self.step(act, effect, touched)?,
            Effect::Clock(effect) => self.clock(act, n, effect, touched)?,
            Effect::Paper(effect) => self.paper(act, effect, touched)?,
            Effect::Document(effect) => {
                let at = (act.seq, n, act.at);
                let no = documents::apply(&mut self.documents, &mut self.acts, effect, act.actor, at)?;
                touched.insert(Part::Document(no));
            }
            Effect::Party(effect) => self.party(act, effect, touched)?,
            Effect::Request(effect) => self.request(act, effect, touched)?,
            Effect::Link(effect) => self.link(act, effect, touched)?,
        }
        Ok(())
    }

    fn open_step(&mut self, no: u32) -> Result<&mut Step, Refusal> {
        let step = numbered(&mut self.steps, no, "step")?;
        if step.is_open() { Ok(step) } else { Err(Refusal::NotNow("step-done")) }
    }

    fn step(&mut self, act: &Act<'_>, effect: &StepEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let no = match effect {
            StepEffect::Opened { parent, kind, name, unit, position, person, note } => {
                let lead_is_open = self.steps.iter().any(|s| s.kind == StepKind::Lead && s.is_open());
                if *kind == StepKind::Lead {
                    if lead_is_open {
                        return Err(Refusal::NotNow("lead-step-open"));
                    }
                    self.case.unit.clone_from(unit);
                }
                if let Some(parent) = parent {
                    numbered(&mut self.steps, *parent, "step")?;
                }
                let no = next_no(self.steps.len());
                self.steps.push(Step {
                    no,
                    parent: *parent,
                    kind: *kind,
                    name: name.clone(),
                    unit: unit.clone(),
                    position: position.clone(),
                    person: *person,
                    note: note.as_ref().and_then(Words::kept).map(str::to_owned),
                    received_at: act.at,
                    taken_at: None,
                    done_at: None,
                    outcome: None,
                    returned_why: None,
                    due_at: self.case.due_at,
                });
                no
            }
            StepEffect::Assigned { step, person } => {
                self.open_step(*step)?.person = Some(*person);
                *step
            }
            StepEffect::Taken { step, person } => {
                let taken = self.open_step(*step)?;
                if taken.taken_at.is_some() {
                    return Err(Refusal::NotNow("step-taken"));
                }
                taken.taken_at = Some(act.at);
                taken.person = Some(*person);
                *step
            }
            StepEffect::Done { step, outcome } => {
                let done = self.open_step(*step)?;
                done.done_at = Some(act.at);
                done.outcome = Some(outcome.clone());
                *step
            }
            StepEffect::Returned { step, why } => {
                let returned = self.open_step(*step)?;
                returned.done_at = Some(act.at);
                returned.outcome = Some("returned".to_owned());
                returned.returned_why = why.kept().map(str::to_owned);
                *step
            }
            StepEffect::Reopened { step } => {
                let lead_is_open = self.steps.iter().any(|s| s.kind == StepKind::Lead && s.is_open());
                let again = numbered(&mut self.steps, *step, "step")?;
                if again.is_open() || (again.kind == StepKind::Lead && lead_is_open) {
                    return Err(Refusal::NotNow("step-open"));
                }
                again.done_at = None;
                again.outcome = None;
                *step
            }
        };
        touched.insert(Part::Step(no));
        Ok(())
    }

    fn live_clock(&mut self, no: u32) -> Result<&mut Clock, Refusal> {
        let clock = numbered(&mut self.clocks, no, "clock")?;
        if clock.is_live() { Ok(clock) } else { Err(Refusal::NotNow("clock-stopped")) }
    }

    fn clock(&mut self, act: &Act<'_>, n: u32, effect: &ClockEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let ground = act.ground.and_then(Words::kept).map(str::to_owned);
        let (no, kind, reason) = match effect {
            ClockEffect::Started { code, on, rule, calendar, version, from, due, explanation } => {
                let step = match on {
                    On::Case => None,
                    On::Step(no) => Some(numbered(&mut self.steps, *no, "step")?.no),
                    On::NewStep => Some(self.steps.last().ok_or(Refusal::NoSuch("step"))?.no),
                };
                let no = next_no(self.clocks.len());
                self.clocks.push(Clock {
                    no,
                    code: code.clone(),
                    step,
                    rule: rule.clone(),
                    calendar: calendar.clone(),
                    calendar_version: version.clone(),
                    state: ClockState::Running,
                    started_at: *from,
                    due_at: Some(*due),
                    left_over: None,
                    explanation: explanation.as_ref().map(ToString::to_string),
                    paused_at: None,
                    breached_at: None,
                    stopped_at: None,
                    stopped_why: None,
                    before_stop: None,
                });
                (no, EntryKind::Start, None)
            }
            ClockEffect::Paused { clock: no, left } => {
                let clock = self.live_clock(*no)?;
                if clock.state == ClockState::Paused {
                    return Err(Refusal::NotNow("clock-paused"));
                }
                clock.state = ClockState::Paused;
                clock.left_over = serde_json::to_string(left).ok();
                clock.paused_at = Some(act.at);
                clock.due_at = None;
                (*no, EntryKind::Pause, ground)
            }
            ClockEffect::Resumed { clock: no, version, due, explanation } => {
                let clock = self.live_clock(*no)?;
                if clock.state != ClockState::Paused {
                    return Err(Refusal::NotNow("clock-not-paused"));
                }
                clock.state = ClockState::Running;
                clock.calendar_version.clone_from(version);
                clock.left_over = None;
                clock.paused_at = None;
                clock.due_at = Some(*due);
                clock.explanation = Some(explanation.to_string());
                (*no, EntryKind::Resume, ground)
            }
            ClockEffect::Extended { clock: no, due, reason, explanation, .. } => {
                let clock = self.live_clock(*no)?;
                if clock.state == ClockState::Paused {
                    return Err(Refusal::NotNow("clock-paused"));
                }
                clock.due_at = Some(*due);
                clock.explanation = explanation.as_ref().map(ToString::to_string);
                (*no, EntryKind::Extend, reason.kept().map(str::to_owned))
            }
            ClockEffect::Recomputed { clock: no, version, due, explanation } => {
                let clock = self.live_clock(*no)?;
                clock.calendar_version.clone_from(version);
                clock.due_at = Some(*due);
                clock.explanation = Some(explanation.to_string());
                (*no, EntryKind::Recompute, ground)
            }
            ClockEffect::Stopped { clock: no, why } => {
                let clock = self.live_clock(*no)?;
                clock.before_stop = Some(clock.state);
                clock.state = ClockState::Stopped;
                clock.stopped_at = Some(act.at);
                clock.stopped_why = Some(why.clone());
                (*no, EntryKind::Stop, Some(why.clone()))
            }
            ClockEffect::Restored { clock: no } => {
                let clock = numbered(&mut self.clocks, *no, "clock")?;
                clock.state = clock.before_stop.take().ok_or(Refusal::NotNow("clock-not-stopped"))?;
                clock.stopped_at = None;
                clock.stopped_why = None;
                (*no, EntryKind::Restore, ground)
            }
            ClockEffect::Breached { clock: no } => {
                let clock = self.live_clock(*no)?;
                if clock.breached_at.is_some() || clock.state != ClockState::Running {
                    return Err(Refusal::NotNow("clock-breached"));
                }
                clock.breached_at = Some(act.at);
                (*no, EntryKind::Breach, None)
            }
        };
        touched.insert(Part::Clock(no));
        let clock = numbered(&mut self.clocks, no, "clock")?;
        let (due_at, step) = (clock.due_at, clock.step);
        let legal = clock.code == LEGAL && step.is_none();
        self.entries.push(ClockEntry { seq: act.seq, no: n, clock: no, kind, at: act.at, due_at, reason });
        if legal {
            let flags = &mut self.case.flags;
            match kind {
                EntryKind::Pause => *flags = flags.with(Flags::WAITING),
                EntryKind::Start | EntryKind::Resume | EntryKind::Stop => *flags = flags.without(Flags::WAITING),
                EntryKind::Extend => *flags = flags.with(Flags::EXTENDED),
                EntryKind::Breach => *flags = flags.with(Flags::OVERDUE),
                EntryKind::Restore if due_at.is_none() => *flags = flags.with(Flags::WAITING),
                EntryKind::Restore | EntryKind::Recompute => {}
            }
            if self.case.due_at != due_at {
                self.case.due_at = due_at;
                self.follow_the_case(touched);
            }
        } else if let Some(step) = step {
            let own = self.clocks.iter().rev().find(|c| c.step == Some(step) && c.is_live()).map(|c| c.due_at);
            let due_at = own.unwrap_or(self.case.due_at);
            let row = numbered(&mut self.steps, step, "step")?;
            // A step that ended keeps the due time that it ended under.
            if row.is_open() && row.due_at != due_at {
                row.due_at = due_at;
                touched.insert(Part::Step(step));
            }
        }
        Ok(())
    }

    /// Open steps without a clock of their own are due with the case.
    fn follow_the_case(&mut self, touched: &mut BTreeSet<Part>) {
        let due_at = self.case.due_at;
        for step in self.steps.iter_mut().filter(|s| s.is_open()) {
            let own = self.clocks.iter().any(|c| c.step == Some(step.no) && c.is_live());
            if !own && step.due_at != due_at {
                step.due_at = due_at;
                touched.insert(Part::Step(step.no));
            }
        }
    }

    fn paper(&mut self, act: &Act<'_>, effect: &PaperEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let mut assess = |no: u32, state: PaperState, reason: Option<String>| {
            let paper = numbered(&mut self.papers, no, "paper")?;
            paper.state = state;
            paper.reason = reason;
            paper.assessor = act.actor.official();
            paper.assessed_at = Some(act.at);
            Ok::<_, Refusal>(no)
        };
        let no = match effect {
            PaperEffect::Added { requirement, kind, source, file, record } => {
                let no = next_no(self.papers.len());
                self.papers.push(Paper {
                    no,
                    requirement: requirement.clone(),
                    kind: kind.clone(),
                    source: source.clone(),
                    file: file.clone(),
                    record: record.clone(),
                    state: PaperState::Pending,
                    reason: None,
                    assessor: None,
                    added_at: act.at,
                    assessed_at: None,
                });
                no
            }
            PaperEffect::Accepted { paper } => assess(*paper, PaperState::Accepted, None)?,
            PaperEffect::Refused { paper, reason } => assess(*paper, PaperState::Refused, reason.kept().map(str::to_owned))?,
        };
        touched.insert(Part::Paper(no));
        Ok(())
    }

    fn party(&mut self, act: &Act<'_>, effect: &PartyEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let no = match effect {
            PartyEffect::Added { role, account, represents, mandate } => {
                if let Some(other) = represents {
                    numbered(&mut self.parties, *other, "party")?;
                }
                let no = next_no(self.parties.len());
                self.parties.push(Party {
                    no,
                    role: *role,
                    account: *account,
                    represents: *represents,
                    mandate: mandate.clone(),
                    since: act.at,
                    until: None,
                    erased_at: None,
                });
                no
            }
            PartyEffect::Left { party } => {
                let row = numbered(&mut self.parties, *party, "party")?;
                if row.until.is_some() {
                    return Err(Refusal::NotNow("party-left"));
                }
                row.until = Some(act.at);
                *party
            }
            PartyEffect::Erased { party } => {
                let row = numbered(&mut self.parties, *party, "party")?;
                row.erased_at.get_or_insert(act.at);
                row.account = None;
                *party
            }
        };
        touched.insert(Part::Party(no));
        Ok(())
    }

    fn request(&mut self, act: &Act<'_>, effect: &RequestEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let undecided = |row: &Request| {
            if row.decided_at.is_some() || row.undone_at.is_some() { Err(Refusal::NotNow("request-decided")) } else { Ok(()) }
        };
        let no = match effect {
            RequestEffect::Asked { kind, text, undo_until } => {
                let no = next_no(self.requests.len());
                self.requests.push(Request {
                    no,
                    kind: *kind,
                    asked_by: as_json(act.actor),
                    ground: text.kept().map(str::to_owned),
                    asked_at: act.at,
                    undo_until: *undo_until,
                    decided_by: None,
                    decided_at: None,
                    granted: None,
                    answer: None,
                    undone_at: None,
                });
                no
            }
            RequestEffect::Decided { request, granted, answer } => {
                let row = numbered(&mut self.requests, *request, "request")?;
                undecided(row)?;
                row.decided_by = Some(as_json(act.actor));
                row.decided_at = Some(act.at);
                row.granted = Some(*granted);
                row.answer = answer.kept().map(str::to_owned);
                *request
            }
            RequestEffect::Undone { request } => {
                let row = numbered(&mut self.requests, *request, "request")?;
                undecided(row)?;
                if row.undo_until.is_some_and(|until| act.at > until) {
                    return Err(Refusal::NotNow("request-too-late"));
                }
                row.undone_at = Some(act.at);
                *request
            }
        };
        touched.insert(Part::Request(no));
        Ok(())
    }

    fn link(&mut self, act: &Act<'_>, effect: &LinkEffect, touched: &mut BTreeSet<Part>) -> Result<(), Refusal> {
        let no = match effect {
            LinkEffect::Made { kind, to } => {
                let standing = |l: &Link| l.kind == *kind && l.to_case == *to && l.undone_at.is_none();
                if *to == self.case.id || self.links.iter().any(standing) {
                    return Err(Refusal::NotNow("link-exists"));
                }
                let no = next_no(self.links.len());
                let before = Before { state: self.case.state.clone(), public: self.case.public };
                self.links.push(Link {
                    no,
                    kind: *kind,
                    to_case: *to,
                    made_at: act.at,
                    undone_at: None,
                    undone_why: None,
                    before_it: (*kind == LinkKind::DuplicateOf).then(|| serde_json::to_string(&before).unwrap_or_default()),
                });
                no
            }
            LinkEffect::Undone { link, why } => {
                let row = numbered(&mut self.links, *link, "link")?;
                if row.undone_at.is_some() {
                    return Err(Refusal::NotNow("link-undone"));
                }
                row.undone_at = Some(act.at);
                row.undone_why = why.kept().map(str::to_owned);
                *link
            }
        };
        touched.insert(Part::Link(no));
        Ok(())
    }
}
