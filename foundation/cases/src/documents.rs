//! Documents: what the city writes. Each goes its own route of stages, and the persons on it are told apart.
//!
//! Start at [`Route`]. A letter goes draft → proposed → approved → signed → numbered → issued; an answer to a report may be shorter.

use crate::Refusal;
use crate::kept::Words;
use crate::keyed;
use kernel::{Actor, Instant};
use serde::{Deserialize, Serialize};

keyed! {
    /// How far a document is.
    pub enum Stage {
        /// Written.
        Drafted = "drafted",
        /// Laid before the one who approves.
        Proposed = "proposed",
        /// Approved.
        Approved = "approved",
        /// Signed.
        Signed = "signed",
        /// It has its number.
        Numbered = "numbered",
        /// It is out.
        Issued = "issued",
    }
}

keyed! {
    /// In which capacity an official signs.
    pub enum Capacity {
        /// In the own position.
        Own = "own",
        /// Ký thay: a deputy for the head of the body.
        SignedFor = "signed-for",
        /// Thừa lệnh: a head of department by order of the head of the body.
        SignedByOrder = "signed-by-order",
    }
}

/// The stages a document goes through after its draft, and which acts must not be done by the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The stages after the draft, in order; the last is `Issued`.
    pub stages: Vec<Stage>,
    /// Pairs: the first is not done by a person who did the second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distinct_from: Vec<(Stage, Stage)>,
}

impl Route {
    /// A letter or a decision: every stage; nobody signs or approves the own draft.
    #[must_use]
    pub fn letter() -> Self {
        Self {
            stages: vec![Stage::Proposed, Stage::Approved, Stage::Signed, Stage::Numbered, Stage::Issued],
            distinct_from: vec![(Stage::Approved, Stage::Drafted), (Stage::Signed, Stage::Drafted)],
        }
    }

    /// An answer to a report that one person may give.
    #[must_use]
    pub fn answer() -> Self {
        Self { stages: vec![Stage::Issued], distinct_from: Vec::new() }
    }

    /// An answer to a report that another person approves.
    #[must_use]
    pub fn approved_answer() -> Self {
        Self {
            stages: vec![Stage::Proposed, Stage::Approved, Stage::Issued],
            distinct_from: vec![(Stage::Approved, Stage::Drafted)],
        }
    }

    fn next(&self, now: Stage) -> Option<Stage> {
        match self.stages.iter().position(|s| *s == now) {
            Some(at) => self.stages.get(at + 1).copied(),
            None => self.stages.first().copied(),
        }
    }
}

db::row! {
    /// A document as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Document {
        /// Its number within the case.
        pub no: u32,
        /// What it is: `answer`, `supplement-request`, `refusal-notice`, `decision`, `certificate` …
        pub kind: String,
        /// How far it is.
        pub stage: Stage,
        /// Its route, as JSON.
        pub route: String,
        /// Its text; none when it was taken out.
        pub body: Option<String>,
        /// The official number.
        pub number: Option<String>,
        /// When it was first drafted.
        pub drafted_at: Instant,
        /// When it went out.
        pub issued_at: Option<Instant>,
    }
}

impl Document {
    /// Its route.
    #[must_use]
    pub fn route(&self) -> Route {
        serde_json::from_str(&self.route).unwrap_or_else(|_| Route::letter())
    }

    /// The stage that comes next; `None` once it is out.
    #[must_use]
    pub fn next(&self) -> Option<Stage> {
        self.route().next(self.stage)
    }
}

db::row! {
    /// One act on a document.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DocumentAct {
        /// The journal's line.
        pub seq: u32,
        /// Its place within the line.
        pub no: u32,
        /// The document.
        pub document: u32,
        /// What was done: a stage, or `returned`.
        pub act: String,
        /// The official's id; none for the program.
        pub official: Option<i64>,
        /// The official's name.
        pub name: Option<String>,
        /// The unit acted for.
        pub unit: Option<String>,
        /// The role acted in.
        pub role: Option<String>,
        /// In which capacity it was signed.
        pub capacity: Option<Capacity>,
        /// For whom it was signed: the head's position.
        pub for_whom: Option<String>,
        /// When.
        pub at: Instant,
    }
}

/// What happens to documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentEffect {
    /// A draft, or another draft of a document that is not signed yet.
    Drafted {
        /// The document that is drafted anew; none for a new one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<u32>,
        /// What it is.
        kind: String,
        /// Its text.
        text: Words,
        /// Its route.
        route: Route,
    },
    /// It is laid before the one who approves.
    Proposed {
        /// The document.
        document: u32,
    },
    /// It is approved.
    Approved {
        /// The document.
        document: u32,
    },
    /// It goes back to its drafter.
    Returned {
        /// The document.
        document: u32,
        /// Why.
        why: Words,
    },
    /// It is signed.
    Signed {
        /// The document.
        document: u32,
        /// In which capacity.
        capacity: Capacity,
        /// For whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_whom: Option<String>,
    },
    /// It gets its number.
    Numbered {
        /// The document.
        document: u32,
        /// The number as written.
        number: String,
    },
    /// It goes out.
    Issued {
        /// The document.
        document: u32,
    },
}

impl DocumentEffect {
    /// A first draft.
    #[must_use]
    pub fn draft(kind: &str, text: impl Into<String>, route: Route) -> Self {
        Self::Drafted { document: None, kind: kind.to_owned(), text: Words::new(text), route }
    }
}

/// Documents and the acts on them: the part of the fold that is about documents.
pub(crate) fn apply(
    documents: &mut Vec<Document>,
    acts: &mut Vec<DocumentAct>,
    effect: &DocumentEffect,
    by: &Actor,
    (seq, no, at): (u32, u32, Instant),
) -> Result<u32, Refusal> {
    let mut signed = (None, None);
    let (number, act) = match effect {
        DocumentEffect::Drafted { document: None, kind, text, route } => {
            let number = u32::try_from(documents.len()).unwrap_or(u32::MAX) + 1;
            documents.push(Document {
                no: number,
                kind: kind.clone(),
                stage: Stage::Drafted,
                route: serde_json::to_string(route).unwrap_or_default(),
                body: text.kept().map(str::to_owned),
                number: None,
                drafted_at: at,
                issued_at: None,
            });
            (number, Stage::Drafted.key())
        }
        DocumentEffect::Drafted { document: Some(number), text, .. } => {
            let document = find(documents, *number)?;
            if document.stage >= Stage::Signed {
                return Err(Refusal::NotNow("document-signed"));
            }
            document.stage = Stage::Drafted;
            document.body = text.kept().map(str::to_owned);
            (*number, Stage::Drafted.key())
        }
        DocumentEffect::Returned { document: number, .. } => {
            let document = find(documents, *number)?;
            if document.stage >= Stage::Signed || document.stage == Stage::Drafted {
                return Err(Refusal::NotNow("document-signed"));
            }
            document.stage = Stage::Drafted;
            (*number, "returned")
        }
        DocumentEffect::Proposed { document } => (*document, advance(documents, acts, *document, Stage::Proposed, by)?),
        DocumentEffect::Approved { document } => (*document, advance(documents, acts, *document, Stage::Approved, by)?),
        DocumentEffect::Signed { document, capacity, for_whom } => {
            signed = (Some(*capacity), for_whom.clone());
            (*document, advance(documents, acts, *document, Stage::Signed, by)?)
        }
        DocumentEffect::Numbered { document, number } => {
            let act = advance(documents, acts, *document, Stage::Numbered, by)?;
            find(documents, *document)?.number = Some(number.clone());
            (*document, act)
        }
        DocumentEffect::Issued { document } => {
            let act = advance(documents, acts, *document, Stage::Issued, by)?;
            find(documents, *document)?.issued_at = Some(at);
            (*document, act)
        }
    };
    let (official, name, unit, role) = match by {
        Actor::Official { id, name, unit, role } => (Some(*id), Some(name.clone()), Some(unit.clone()), Some(role.clone())),
        _ => (None, None, None, None),
    };
    acts.push(DocumentAct {
        seq,
        no,
        document: number,
        act: act.to_owned(),
        official,
        name,
        unit,
        role,
        capacity: signed.0,
        for_whom: signed.1,
        at,
    });
    Ok(number)
}

fn find(documents: &mut [Document], no: u32) -> Result<&mut Document, Refusal> {
    documents.iter_mut().find(|d| d.no == no).ok_or(Refusal::NoSuch("document"))
}

/// Moves a document to its next stage, if that is the one and the person may.
fn advance(documents: &mut [Document], acts: &[DocumentAct], no: u32, to: Stage, by: &Actor) -> Result<&'static str, Refusal> {
    let document = find(documents, no)?;
    let route = document.route();
    if route.next(document.stage) != Some(to) {
        return Err(Refusal::NotNow("document-stage"));
    }
    let did = |stage: Stage| acts.iter().any(|a| a.document == no && a.act == stage.key() && a.official == by.official());
    if by.official().is_some() && route.distinct_from.iter().any(|(stage, other)| *stage == to && did(*other)) {
        return Err(Refusal::SamePerson);
    }
    document.stage = to;
    Ok(to.key())
}
