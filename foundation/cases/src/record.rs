//! `record`: the only writer. Over the version that was read it applies an act's effects, writes the rows that they touched and one
//! line of the journal, all in the caller's transaction: both or neither.

use crate::Refusal;
use crate::case::Case;
use crate::change::{Change, On as OnParty};
use crate::clocks::{CalendarSource, ClockAct, ClockEffect, ClockState, LEGAL, STEP, Which, count};
use crate::documents::DocumentEffect;
use crate::effect::{Effect, Flags, LinkEffect, LinkKind};
use crate::fold::{Act, Before, Part, Whole};
use crate::history::{self, BEFORE_THE_FIRST, Line};
use crate::keys::Keys;
use crate::parties::PartyEffect;
use crate::steps::StepEffect;
use crate::verb::{Clocks, Needs, Verb};
use crate::{numbers, sealed, store, write};
use db::{Rd, Tx, args};
use kernel::{Actor, Instant};
use std::collections::BTreeSet;

impl CalendarSource for pack::City {
    fn calendar(&self, key: &str) -> Option<&calendars::Calendar> {
        self.calendars.get(key).map(std::convert::AsRef::as_ref)
    }

    fn zone(&self) -> &jiff::tz::TimeZone {
        &self.zone
    }
}

/// Records a change: row, parts, journal line and seals, together. Gives the case as it stands then.
///
/// # Errors
/// `Conflict` when the case is no longer as it was read; any other refusal when the act is not possible; the database's. Nothing is
/// stored then: the caller returns the error from its closure.
pub fn record(tx: &mut Tx<'_>, keys: &Keys, city: &dyn CalendarSource, change: Change) -> Result<Case, Refusal> {
    Recording::begin(tx, city, change)?.run(tx, keys, city)
}

/// Opens a case that another case's rule makes, once: a second call finds the first one's child and says so.
///
/// # Errors
/// As [`record`].
pub fn record_child(tx: &mut Tx<'_>, keys: &Keys, city: &dyn CalendarSource, change: Change) -> Result<(Case, bool), Refusal> {
    let (parent, rule) = change.new.as_ref().and_then(|new| new.parent.clone()).ok_or(Refusal::NoSuch("parent"))?;
    if let Some(child) = store::child_of(tx, parent, &rule)? {
        return Ok((child, false));
    }
    Ok((record(tx, keys, city, change)?, true))
}

/// The node that wrote an id.
pub(crate) fn node_of(id: i64) -> u32 {
    u32::try_from((id >> 12) & 0xff).unwrap_or_default()
}

/// A node's next position in the journal. One writer a node makes them in commit order.
fn position(tx: &mut Tx<'_>, node: u32) -> db::Result<i64> {
    const SQL: &str = "insert into case_positions (node, last) values ($1, 1) \
        on conflict (node) do update set last = case_positions.last + 1 returning last";
    Ok(tx.one::<(i64,)>(SQL, args![node])?.0)
}

/// An act on its way into the journal.
struct Recording {
    change: Change,
    whole: Whole,
    /// The version that was read; none for a case that begins.
    seen: Option<u32>,
    prev: Vec<u8>,
    line_id: i64,
    node: u32,
    at: Instant,
    effects: Vec<Effect>,
    touched: BTreeSet<Part>,
}

impl Recording {
    fn begin(tx: &mut Tx<'_>, city: &dyn CalendarSource, mut change: Change) -> Result<Self, Refusal> {
        let line_id = tx.id();
        let node = node_of(line_id);
        let now = tx.now();
        let rule = change.verb.rule();
        if rule.ground && change.ground.as_ref().is_none_or(|g| g.text().trim().is_empty()) {
            return Err(Refusal::NoGround);
        }
        if let Some(wrong) = change.effects.iter().find(|e| !rule.allows(e.kind())) {
            return Err(Refusal::NotOfVerb(change.verb.key(), format!("{:?}", wrong.kind())));
        }
        if change.closing && !rule.may_close {
            return Err(Refusal::NotOfVerb(change.verb.key(), "Closed".to_owned()));
        }
        if let Some(new) = change.new.take() {
            if rule.needs != Needs::New {
                return Err(Refusal::NotOfVerb(change.verb.key(), "Opened".to_owned()));
            }
            // Only another system can have published or ended a case before it begins here.
            if (new.published_at.is_some() || new.closed_at.is_some()) && !new.flags.has(Flags::IMPORTED) {
                return Err(Refusal::NotOfVerb(change.verb.key(), "Closed".to_owned()));
            }
            let code = match &new.code {
                Some(code) => code.clone(),
                None => numbers::code(tx, node, &new.prefix, now.day(city.zone()).year())?,
            };
            let opened = new.opened(tx.id(), code, now);
            let whole = Whole::begin(&opened, now);
            let effects = vec![Effect::Opened(Box::new(opened))];
            return Ok(Self {
                change,
                whole,
                seen: None,
                prev: BEFORE_THE_FIRST.to_vec(),
                line_id,
                node,
                at: now,
                effects,
                touched: BTreeSet::new(),
            });
        }
        let case = change.case.take().ok_or(Refusal::NoSuch("case"))?;
        let (version, head, updated_at) = write::standing(tx, case.id)?.ok_or(Refusal::Conflict)?;
        if version != case.version {
            return Err(Refusal::Conflict);
        }
        match rule.needs {
            Needs::Open if case.is_closed() => return Err(Refusal::Closed),
            Needs::Closed if !case.is_closed() => return Err(Refusal::StillOpen),
            Needs::New => return Err(Refusal::NotOfVerb(change.verb.key(), "a second beginning".to_owned())),
            _ => {}
        }
        let mut whole = Whole::of(*case);
        let numbers_a_document = !change.numbers.is_empty();
        write::load(tx, &mut whole, &change.effects, rule.closes || change.verb == Verb::Unmerge, numbers_a_document)?;
        // A clock that was set back must not make a history that goes back in time.
        let at = now.max(updated_at);
        Ok(Self {
            change,
            whole,
            seen: Some(version),
            prev: head,
            line_id,
            node,
            at,
            effects: Vec::new(),
            touched: BTreeSet::new(),
        })
    }

    fn seq(&self) -> u32 {
        self.seen.unwrap_or(0) + 1
    }

    fn apply(&mut self, effect: Effect) -> Result<(), Refusal> {
        let act = Act { seq: self.seq(), at: self.at, actor: &self.change.actor, ground: self.change.ground.as_ref() };
        let n = u32::try_from(self.effects.len()).unwrap_or(u32::MAX);
        self.whole.apply(&act, n, &effect, &mut self.touched)?;
        self.effects.push(effect);
        Ok(())
    }

    fn run(mut self, tx: &mut Tx<'_>, keys: &Keys, city: &dyn CalendarSource) -> Result<Case, Refusal> {
        self.unmerge()?;
        self.take_numbers(tx)?;
        let merging = self.change.verb == Verb::Merge;
        let mut effects = std::mem::take(&mut self.change.effects);
        if merging {
            // The link remembers where the case stood, so it comes before what moves it.
            effects.sort_by_key(|e| !matches!(e, Effect::Link(_)));
            effects.push(Effect::Flagged(Flags::MERGED));
        }
        for effect in effects {
            self.apply(effect)?;
        }
        self.clocks_of_the_verb(city)?;
        for act in std::mem::take(&mut self.change.clocks) {
            if let Some(effect) = count(&act, &self.whole.clocks, city, self.at)? {
                let wrong = !self.change.verb.rule().allows(Effect::Clock(effect.clone()).kind());
                if wrong {
                    return Err(Refusal::NotOfVerb(self.change.verb.key(), format!("{:?}", Effect::Clock(effect).kind())));
                }
                self.apply(Effect::Clock(effect))?;
            }
        }
        self.step_clocks()?;
        if self.change.verb.rule().closes || self.change.closing {
            self.close()?;
        }
        if self.change.verb == Verb::Reopen && !self.effects.contains(&Effect::Reopened) {
            self.apply(Effect::Reopened)?;
            self.apply(Effect::Flagged(Flags::REOPENED))?;
        }
        self.write(tx, keys)
    }

    /// What merging did is undone: state, steps and clocks are as if it had never been.
    fn unmerge(&mut self) -> Result<(), Refusal> {
        if self.change.verb != Verb::Unmerge {
            return Ok(());
        }
        let standing = self.whole.links.iter().rev().find(|l| l.kind == LinkKind::DuplicateOf && l.undone_at.is_none());
        let link = standing.ok_or(Refusal::NoSuch("link"))?.clone();
        let before = link.before_it.as_deref().and_then(|json| serde_json::from_str::<Before>(json).ok());
        let before = before.ok_or_else(|| Refusal::Broken("a merging does not say where it came from".to_owned()))?;
        let why = self.change.ground.clone().unwrap_or_default();
        self.apply(Effect::Link(LinkEffect::Undone { link: link.no, why }))?;
        self.apply(Effect::Reopened)?;
        self.apply(Effect::Unflagged(Flags::MERGED))?;
        self.apply(Effect::State { state: before.state, public: before.public })?;
        let merged = |outcome: Option<&str>, at: Option<Instant>| outcome == Some("merged") && at == Some(link.made_at);
        let steps: Vec<u32> = self.whole.steps.iter().filter(|s| merged(s.outcome.as_deref(), s.done_at)).map(|s| s.no).collect();
        let clocks: Vec<u32> =
            self.whole.clocks.iter().filter(|c| merged(c.stopped_why.as_deref(), c.stopped_at)).map(|c| c.no).collect();
        for step in steps {
            self.apply(Effect::Step(StepEffect::Reopened { step }))?;
        }
        for clock in clocks {
            self.apply(Effect::Clock(ClockEffect::Restored { clock }))?;
        }
        Ok(())
    }

    fn take_numbers(&mut self, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        for wanted in std::mem::take(&mut self.change.numbers) {
            let n = numbers::take(tx, &wanted.body, &wanted.book, &wanted.period)?;
            let number = format!("{n:02}{}", wanted.suffix);
            self.apply(Effect::Document(DocumentEffect::Numbered { document: wanted.document, number }))?;
        }
        Ok(())
    }

    fn clocks_of_the_verb(&mut self, city: &dyn CalendarSource) -> Result<(), Refusal> {
        let (state, act) = match self.change.verb.rule().clocks {
            Clocks::Untouched => return Ok(()),
            Clocks::PauseLegal => (ClockState::Running, ClockAct::Pause(Which::from(LEGAL))),
            Clocks::ResumeLegal => (ClockState::Paused, ClockAct::Resume(Which::from(LEGAL))),
        };
        if self.whole.clocks.iter().any(|c| c.code == LEGAL && c.state == state)
            && let Some(effect) = count(&act, &self.whole.clocks, city, self.at)?
        {
            self.apply(Effect::Clock(effect))?;
        }
        Ok(())
    }

    fn stop_clocks(&mut self, why: &str, wanted: impl Fn(&crate::Clock, &[crate::Step]) -> bool) -> Result<(), Refusal> {
        let whole = &self.whole;
        let live: Vec<u32> = whole.clocks.iter().filter(|c| c.is_live() && wanted(c, &whole.steps)).map(|c| c.no).collect();
        for clock in live {
            self.apply(Effect::Clock(ClockEffect::Stopped { clock, why: why.to_owned() }))?;
        }
        Ok(())
    }

    /// A step that ended has no running clock.
    fn step_clocks(&mut self) -> Result<(), Refusal> {
        self.stop_clocks("done", |clock, steps| {
            clock.code == STEP && clock.step.is_some_and(|no| steps.iter().any(|s| s.no == no && !s.is_open()))
        })
    }

    /// The case is closed: its steps end, its clocks stop.
    fn close(&mut self) -> Result<(), Refusal> {
        let why = if self.change.verb == Verb::Merge { "merged" } else { "closed" };
        let open: Vec<u32> = self.whole.steps.iter().filter(|s| s.is_open()).map(|s| s.no).collect();
        self.stop_clocks(why, |_, _| true)?;
        for step in open {
            self.apply(Effect::Step(StepEffect::done(step, why)))?;
        }
        self.apply(Effect::Closed)
    }

    fn write(mut self, tx: &mut Tx<'_>, keys: &Keys) -> Result<Case, Refusal> {
        let (id, seq, fresh) = (self.whole.case.id, self.seq(), self.seen.is_none());
        // The row comes first: its condition is what lets one of two equal acts through.
        let mut sealed = Vec::new();
        if fresh && !self.change.sealed.is_empty() {
            // A key row names its case, which therefore comes first; the head is filled in below.
            self.whole.end_line(seq, self.at, &BEFORE_THE_FIRST);
            write::insert_case(tx, &self.whole.case)?;
        }
        for wanted in std::mem::take(&mut self.change.sealed) {
            let party = match wanted.party {
                OnParty::Party(no) => no,
                OnParty::NewParty => self.whole.parties.last().ok_or(Refusal::NoSuch("party"))?.no,
            };
            sealed.push(sealed::seal(tx, keys, (id, party, seq), &wanted.name, &wanted.value, wanted.blind.as_ref())?);
        }
        let node_seq = position(tx, self.node)?;
        let mut line = Line {
            case: id,
            seq,
            at: self.at,
            verb: self.change.verb,
            actor: self.change.actor.clone(),
            behalf: self.change.behalf.take(),
            mandate: self.change.mandate.take(),
            ground: self.change.ground.take(),
            step: self.change.step,
            effects: std::mem::take(&mut self.effects),
            payload: self.change.payload.take(),
            sealed: sealed.iter().map(sealed::Sealed::digest).collect(),
            prev: std::mem::take(&mut self.prev),
            hash: Vec::new(),
            node: self.node,
            node_seq,
        };
        let stored = history::write(&mut line)?;
        self.whole.end_line(seq, self.at, &line.hash);
        match self.seen {
            Some(seen) => write::update_case(tx, &self.whole.case, seen)?,
            None if sealed.is_empty() => write::insert_case(tx, &self.whole.case)?,
            None => write::update_case(tx, &self.whole.case, seq)?,
        }
        write::write_parts(tx, &self.whole, &self.touched, seq)?;
        write::insert_line(tx, self.line_id, &stored)?;
        for value in &sealed {
            sealed::insert(tx, id, seq, value)?;
        }
        self.beside(tx, &line)?;
        Ok(self.whole.case)
    }

    /// What an act does beside rows and line: links handed out, texts taken out, keys destroyed.
    fn beside(&mut self, tx: &mut Tx<'_>, line: &Line) -> Result<(), Refusal> {
        let mut digests = std::mem::take(&mut self.change.tokens).into_iter();
        let mut taken_out = false;
        for effect in &line.effects {
            match effect {
                Effect::Token { purpose, party, expires_at } => {
                    let digest = digests.next().ok_or(Refusal::NoSuch("link"))?;
                    write::insert_token(tx, &digest, line.case, purpose, *party, *expires_at)?;
                }
                Effect::Redacted { seq, text } => {
                    write::take_out(tx, line.case, *seq, *text)?;
                    taken_out = true;
                }
                Effect::Party(PartyEffect::Erased { party }) => sealed::erase(tx, line.case, *party)?,
                _ => {}
            }
        }
        if taken_out {
            self.whole = write::project(tx, line.case)?;
        }
        Ok(())
    }
}

/// When the next clock that runs will run out, or has.
///
/// # Errors
/// The database's.
pub fn next_breach(rd: &mut Rd<'_>) -> db::Result<Option<Instant>> {
    const SQL: &str = "select min(due_at) from case_clocks where state = 'running' and breached_at is null";
    Ok(rd.one::<(Option<Instant>,)>(SQL, args![])?.0)
}

/// Writes a breach for each clock that ran out before `now`, at most `limit` of them, the longest over first. Each clock breaches
/// once, whatever the clock of the machine does afterwards. Gives the cases with the codes of the clocks.
///
/// # Errors
/// As [`record`].
pub fn breach_due(
    tx: &mut Tx<'_>,
    keys: &Keys,
    city: &dyn CalendarSource,
    now: Instant,
    limit: u32,
) -> Result<Vec<(Case, String)>, Refusal> {
    const SQL: &str = "select case_id, no, code from case_clocks where state = 'running' and breached_at is null and due_at < $1 \
        order by due_at, case_id, no limit $2";
    let job = Actor::System { job: "cases.breach".to_owned() };
    let mut found = Vec::new();
    for (id, clock, code) in tx.all::<(i64, u32, String)>(SQL, args![now, limit])? {
        let case = store::by_id(tx, id)?;
        let change = Change::of(&case, Verb::Breach, &job).with(Effect::Clock(ClockEffect::Breached { clock }));
        found.push((record(tx, keys, city, change)?, code));
    }
    Ok(found)
}
