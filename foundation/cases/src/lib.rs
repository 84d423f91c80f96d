//! Cases: the engine under everything that a person brings to the city and somebody must handle by a date.
//!
//! A change is a value (`change.rs`), made of a verb (`verb.rs`) and its effects (`effect.rs`); `record.rs` is the only writer: over
//! the version that was read it writes the rows and one line of the journal, in the caller's transaction. `fold.rs` says what a
//! journal adds up to; the rows are that and nothing else. `seal.rs` and `verify.rs` prove that nobody rewrote it. Start at
//! `change.rs` and `record.rs`. Not here: what a report or a dossier is and who may act on it (the rooms), how due times are counted
//! (`calendars`), how messages leave (`notify`). A room may read the tables in `schema.sql`; it never writes them.

pub mod case;
pub mod change;
pub mod clocks;
pub mod documents;
pub mod effect;
pub mod fold;
pub mod history;
pub mod kept;
mod keyed;
pub mod keys;
pub mod lists;
pub mod numbers;
pub mod parties;
#[cfg(test)]
mod plans;
pub mod queue;
pub mod record;
pub mod refusal;
pub mod seal;
pub mod sealed;
pub mod steps;
pub mod store;
pub mod verb;
pub mod verify;
mod write;

/// The words of our refusals.
pub mod words {
    #![allow(missing_docs)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

pub use case::Case;
pub use change::{Change, NewCase, On as OnParty};
pub use clocks::{CalendarSource, Clock, ClockAct, ClockEffect, ClockEntry, ClockState, On, Which};
pub use documents::{Capacity, Document, DocumentAct, DocumentEffect, Route, Stage};
pub use effect::{
    Behalf, Bodies, Definition, Effect, Flags, LinkEffect, LinkKind, PaperEffect, PaperState, PublicState, RequestEffect,
    RequestKind,
};
pub use fold::{Link, Paper, Request, Whole, fold};
pub use history::Line;
pub use kept::Words;
pub use keys::{KeyTrouble, Keys};
pub use lists::{After, Filter, Pin, pins, published, published_by_ids};
pub use parties::{Party, PartyEffect, PartyRole};
pub use queue::{Count, Pick, Place, QueuePage, Queued, Tally, queue, tally};
pub use record::{breach_due, next_breach, record, record_child};
pub use refusal::Refusal;
pub use sealed::{by_blind, unseal, unseal_set};
pub use steps::{Hop, Step, StepEffect, StepKind, Way, hops, open_lead};
pub use store::{
    by_id, by_link, child_of, children, clock_entries, clocks, definition, document_acts, documents, find, find_for_system,
    find_public, history, keep_definitions, lines_after, linked_here, links, names_file, of_account, papers, parties, positions,
    requests, revoke_links, steps, whole,
};
pub use verb::Verb;

/// The history of our tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::migration!("20261125104000_cases", "../migrations/20261125104000_cases.sql"),
    db::migration!(
        "20261125153000_published_by_area_and_category",
        "../migrations/20261125153000_published_by_area_and_category.sql"
    ),
    db::migration!("20261125190000_queues_counted", "../migrations/20261125190000_queues_counted.sql"),
];
