//! A change: what somebody does to a case, as a value. Rooms make it; [`crate::record`] alone writes it.

use crate::case::Case;
use crate::clocks::ClockAct;
use crate::documents::DocumentEffect;
use crate::effect::{Behalf, Bodies, Definition, Effect, Flags, LinkEffect, Opened, PaperEffect, PublicState, RequestEffect};
use crate::kept::Words;
use crate::parties::PartyEffect;
use crate::steps::StepEffect;
use crate::verb::Verb;
use kernel::{Actor, Instant, Personal, Point, Private};

/// A case that is to begin.
#[derive(Clone, Debug, Default)]
pub struct NewCase {
    /// The kind: `report`, `dossier`, …
    pub kind: String,
    /// The prefix of its code; the code itself is taken when it is recorded.
    pub prefix: String,
    /// A code from another system, taken as it is.
    pub code: Option<String>,
    /// The definition it begins under.
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
    /// The case it is made from and the rule that makes it: one child for each pair.
    pub parent: Option<(i64, String)>,
    /// The organisations that helped, received and decide.
    pub bodies: Bodies,
    /// When it arrived, where that was before now (an import, a case from another system).
    pub received_at: Option<Instant>,
    /// Since when it stands in public, for a case that came from another system ([`Flags::IMPORTED`]).
    pub published_at: Option<Instant>,
    /// When it was closed, for a case that came from another system and had ended there.
    pub closed_at: Option<Instant>,
}

#[allow(clippy::derivable_impls)] // the enum is written by a macro that has no place for the word
impl Default for PublicState {
    fn default() -> Self {
        Self::Received
    }
}

/// A personal value to be sealed for one party.
#[derive(Clone, Debug)]
pub(crate) struct ToSeal {
    pub party: On,
    pub name: String,
    pub value: Private<String>,
    pub blind: Option<Private<String>>,
}

/// Which party something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The party with this number.
    Party(u32),
    /// The party that was added last, in this same act.
    NewParty,
}

/// A number to be taken from a book for a document.
#[derive(Clone, Debug)]
pub(crate) struct ToNumber {
    pub document: u32,
    pub body: String,
    pub book: String,
    pub period: String,
    pub suffix: String,
}

/// A change, until it is recorded.
#[derive(Clone, Debug)]
#[must_use = "a change that is not recorded has not happened"]
pub struct Change {
    pub(crate) new: Option<Box<NewCase>>,
    pub(crate) case: Option<Box<Case>>,
    pub(crate) verb: Verb,
    pub(crate) actor: Actor,
    pub(crate) behalf: Option<Behalf>,
    pub(crate) mandate: Option<String>,
    pub(crate) ground: Option<Words>,
    pub(crate) step: Option<u32>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) clocks: Vec<ClockAct>,
    pub(crate) payload: Option<Words>,
    pub(crate) sealed: Vec<ToSeal>,
    pub(crate) numbers: Vec<ToNumber>,
    pub(crate) tokens: Vec<Vec<u8>>,
    pub(crate) closing: bool,
}

impl Change {
    /// A case begins (`submit`).
    pub fn open(new: NewCase, actor: &Actor) -> Self {
        Self { new: Some(Box::new(new)), ..Self::bare(Verb::Submit, actor) }
    }

    /// An act on a case, over the version that was read.
    pub fn of(case: &Case, verb: Verb, actor: &Actor) -> Self {
        Self { case: Some(Box::new(case.clone())), ..Self::bare(verb, actor) }
    }

    fn bare(verb: Verb, actor: &Actor) -> Self {
        Self {
            new: None,
            case: None,
            verb,
            actor: actor.clone(),
            behalf: None,
            mandate: None,
            ground: None,
            step: None,
            effects: Vec::new(),
            clocks: Vec::new(),
            payload: None,
            sealed: Vec::new(),
            numbers: Vec::new(),
            tokens: Vec::new(),
            closing: false,
        }
    }

    /// For whom it is done.
    pub fn on_behalf_of(mut self, behalf: Behalf, mandate: Option<&str>) -> Self {
        self.behalf = Some(behalf);
        self.mandate = mandate.map(str::to_owned);
        self
    }

    /// Why.
    pub fn ground(mut self, why: impl Into<String>) -> Self {
        self.ground = Some(Words::new(why));
        self
    }

    /// Which step it was done in.
    pub const fn in_step(mut self, step: u32) -> Self {
        self.step = Some(step);
        self
    }

    /// What it does.
    pub fn with(mut self, effect: impl Into<Effect>) -> Self {
        self.effects.push(effect.into());
        self
    }

    /// The room's own state and the public state.
    pub fn state(self, state: &str, public: PublicState) -> Self {
        self.with(Effect::State { state: state.to_owned(), public })
    }

    /// What a clock is asked to do. Clocks are counted after the other effects, in this order.
    pub fn clock(mut self, act: ClockAct) -> Self {
        self.clocks.push(act);
        self
    }

    /// What the room writes along, as JSON text: it is read back with the line, and can be taken out by redaction.
    pub fn payload(mut self, json: impl Into<String>) -> Self {
        self.payload = Some(Words::new(json));
        self
    }

    /// A personal value for a party. `blind` is what it can be found by later, without being opened: a telephone number.
    pub fn sealed(mut self, party: On, name: &str, value: Private<String>, blind: Option<Private<String>>) -> Self {
        self.sealed.push(ToSeal { party, name: name.to_owned(), value, blind });
        self
    }

    /// A set of personal fields for a party, as one sealed value under the set's own place.
    pub fn sealed_set<P: Personal>(self, party: On, set: &P, blind: Option<Private<String>>) -> Self {
        let fields: std::collections::BTreeMap<_, _> = set.fields().into_iter().collect();
        if fields.is_empty() {
            return self;
        }
        let json = serde_json::to_string(&fields).unwrap_or_default();
        self.sealed(party, P::PLACE, Private::new(json), blind)
    }

    /// A private link: its digest, as [`kernel::Token::digest`] gives it.
    pub fn link_token(mut self, digest: Vec<u8>, purpose: &str, party: Option<u32>, expires_at: Option<Instant>) -> Self {
        self.tokens.push(digest);
        self.with(Effect::Token { purpose: purpose.to_owned(), party, expires_at })
    }

    /// A number for a document, taken gapless from the body's book of the period: `12/2026/UBND` is 12, `2026`, `/UBND`.
    pub fn number(mut self, document: u32, body: &str, book: &str, period: &str, suffix: &str) -> Self {
        let (body, book, period, suffix) = (body.to_owned(), book.to_owned(), period.to_owned(), suffix.to_owned());
        self.numbers.push(ToNumber { document, body, book, period, suffix });
        self
    }

    /// The case is closed with it: open steps end, clocks stop. Verbs that always close need not say so.
    pub const fn closing(mut self) -> Self {
        self.closing = true;
        self
    }

    /// Which verb it is.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        self.verb
    }
}

macro_rules! effects {
    ($($inner:ident => $variant:ident),+) => { $(
        impl From<$inner> for Effect {
            fn from(inner: $inner) -> Self {
                Self::$variant(inner)
            }
        }
    )+ };
}
effects!(StepEffect => Step, PaperEffect => Paper, DocumentEffect => Document, PartyEffect => Party, RequestEffect => Request, LinkEffect => Link);

impl NewCase {
    pub(crate) fn opened(self, id: i64, code: String, at: Instant) -> Opened {
        Opened {
            id,
            code,
            kind: self.kind,
            definition: self.definition,
            state: self.state,
            public: self.public,
            flags: self.flags,
            category: self.category,
            area: self.area,
            unit: self.unit,
            point: self.point,
            title: Words::new(self.title),
            lead: Words::new(self.lead),
            priority: self.priority,
            confidentiality: self.confidentiality,
            channel: self.channel,
            parent: self.parent,
            bodies: self.bodies,
            received_at: self.received_at.unwrap_or(at),
            published_at: self.published_at,
            closed_at: self.closed_at,
        }
    }
}
