//! What personal data each table holds: declared for every table, so that erasure, export and the record of processing find all.

/// How a table holds personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// None.
    Nothing,
    /// Only as ciphertext under a key that can be destroyed.
    Sealed,
    /// Digests and blind indexes that cannot be read back.
    Digests,
    /// The names of officials in their office.
    Officials,
    /// Free text of residents, which can hold anything; public only after an official has read it.
    FreeText,
}

/// The line of one table.
#[derive(Clone, Copy, Debug)]
pub struct Personal {
    /// The table.
    pub table: &'static str,
    /// What it holds.
    pub holds: Holds,
}

impl Personal {
    /// The line of a table.
    #[must_use]
    pub const fn new(table: &'static str, holds: Holds) -> Self {
        Self { table, holds }
    }
}

const FOUNDATION: &[Personal] = &[
    Personal::new("access_acts", Holds::Officials),
    Personal::new("access_attempts", Holds::Digests),
    Personal::new("access_looks", Holds::FreeText),
    Personal::new("access_officials", Holds::Officials),
    Personal::new("access_posts", Holds::Nothing),
    Personal::new("access_reach", Holds::Nothing),
    Personal::new("access_sessions", Holds::Digests),
    Personal::new("case_clock_entries", Holds::Officials),
    Personal::new("case_clocks", Holds::Nothing),
    Personal::new("case_code_blocks", Holds::Nothing),
    Personal::new("case_definitions", Holds::Nothing),
    Personal::new("case_documents", Holds::FreeText),
    Personal::new("case_history", Holds::FreeText),
    Personal::new("case_key_checks", Holds::Digests),
    Personal::new("case_keys", Holds::Sealed),
    Personal::new("case_links", Holds::Nothing),
    Personal::new("case_papers", Holds::Nothing),
    Personal::new("case_parties", Holds::Digests),
    Personal::new("case_positions", Holds::Nothing),
    Personal::new("case_requests", Holds::FreeText),
    Personal::new("case_sealed", Holds::Sealed),
    Personal::new("case_seals", Holds::Nothing),
    Personal::new("case_steps", Holds::FreeText),
    Personal::new("case_tokens", Holds::Digests),
    Personal::new("cases", Holds::FreeText),
    Personal::new("db_keys", Holds::Digests),
    Personal::new("db_migrations", Holds::Nothing),
    Personal::new("db_nodes", Holds::Nothing),
    Personal::new("document_acts", Holds::Officials),
    Personal::new("jobs_leases", Holds::Nothing),
    Personal::new("jobs_queue", Holds::Nothing),
    Personal::new("notify_messages", Holds::Sealed),
    Personal::new("number_books", Holds::Nothing),
];

/// The lines of the foundation's own tables.
#[must_use]
pub const fn foundation() -> &'static [Personal] {
    FOUNDATION
}
