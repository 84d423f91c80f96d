//! What everybody may know about a report: another type than the report itself (rule R6), made by one function.
//!
//! Before publication that is where it stands and until when; the words and photos come with publication; a confidential report never
//! shows more than its state.

use crate::report::KIND;
use crate::store::{self, Details};
use cases::{Case, Clock, Flags, PublicState, Step, StepKind};
use db::Rd;
use kernel::{Instant, Point};

/// A report as everybody may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicReport {
    /// The code.
    pub code: String,
    /// Where it stands.
    pub state: PublicState,
    /// Whether its term is over and it is not answered.
    pub overdue: bool,
    /// When its term ran out before it was closed, be it answered since or not.
    pub ran_out_at: Option<Instant>,
    /// When it was received.
    pub received_at: Instant,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// When the answer is due.
    pub due_at: Option<Instant>,
    /// How that was counted.
    pub due_why: Option<calendars::Explanation>,
    /// What it is about and who has it; nothing of a confidential report.
    pub about: Option<About>,
    /// Its words, once published.
    pub published: Option<Published>,
}

/// What a report is about, in keys of the pack.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The category.
    pub category: String,
    /// The area; empty when nobody knows yet.
    pub area: String,
    /// The unit that has it.
    pub holder: String,
    /// Who had it when.
    pub way: Vec<Hop>,
}

/// A unit on a report's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The unit.
    pub unit: String,
    /// When it got it.
    pub received_at: Instant,
    /// When it began.
    pub taken_at: Option<Instant>,
    /// When it was done with it.
    pub done_at: Option<Instant>,
}

/// What an official made public.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// When.
    pub at: Instant,
    /// The title.
    pub title: String,
    /// The text.
    pub text: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// The point, when the address is public.
    pub point: Option<Point>,
    /// The photos, by content hash.
    pub photos: Vec<String>,
    /// The answer.
    pub answer: Option<Answer>,
}

/// What the city said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// The unit.
    pub unit: String,
    /// When.
    pub at: Instant,
}

impl Answer {
    /// The answer among a report's details.
    #[must_use]
    pub fn of(details: &Details) -> Option<Self> {
        Some(Self { text: details.answer.clone()?, unit: details.answered_by.clone()?, at: details.answered_at? })
    }
}

/// The report with this code, as everybody may see it.
///
/// # Errors
/// The database's.
pub fn find(rd: &mut Rd<'_>, code: &str) -> db::Result<Option<PublicReport>> {
    match cases::find_for_system(rd, code)?.filter(|case| case.kind == KIND) {
        Some(case) => of(rd, &case).map(Some),
        None => Ok(None),
    }
}

/// A case as everybody may see it.
///
/// # Errors
/// The database's.
pub fn of(rd: &mut Rd<'_>, case: &Case) -> db::Result<PublicReport> {
    let clocks = cases::clocks(rd, case.id)?;
    let legal = clocks.iter().rfind(|clock| clock.code == cases::clocks::LEGAL && clock.step.is_none());
    let confidential = case.confidentiality > 0;
    let about = if confidential {
        None
    } else {
        let way = cases::steps(rd, case.id)?.iter().filter(|step| step.kind == StepKind::Lead).map(hop).collect();
        Some(About { category: case.category.clone(), area: case.area.clone(), holder: case.unit.clone(), way })
    };
    let published = if case.is_public() { Some(published(case, &store::details(rd, case.id)?)) } else { None };
    let now = rd.now();
    let due_at = legal.and_then(|clock| clock.due_at).or(case.due_at);
    Ok(PublicReport {
        code: case.code.clone(),
        state: case.public,
        overdue: case.is_overdue(now),
        ran_out_at: due_at.filter(|due| *due < case.closed_at.unwrap_or(now)),
        received_at: case.received_at,
        closed_at: case.closed_at,
        due_at,
        due_why: legal.and_then(Clock::explained),
        about,
        published,
    })
}

fn hop(step: &Step) -> Hop {
    Hop { unit: step.unit.clone(), received_at: step.received_at, taken_at: step.taken_at, done_at: step.done_at }
}

fn published(case: &Case, details: &Details) -> Published {
    Published {
        at: case.published_at.unwrap_or(case.updated_at),
        title: case.title.clone(),
        text: details.public_text.clone(),
        address: details.public_address.clone().filter(|address| !address.is_empty()),
        // The point says more than an address does: it stays closed with it. An older system published its points.
        point: case.point.filter(|_| details.public_address.is_some() || case.flags.has(Flags::IMPORTED)),
        photos: details.photos(),
        answer: Answer::of(details),
    }
}
