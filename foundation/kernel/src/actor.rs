//! Who did something, as the journal writes it.

use serde::{Deserialize, Serialize};

/// Who acts. Two names stand on an act done for somebody else: nobody ever becomes another person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Actor {
    /// Somebody who came without account and without link.
    Stranger,
    /// The holder of a private link to the case.
    LinkHolder,
    /// An official, acting for a unit in a position.
    Official {
        /// The official's internal id.
        id: i64,
        /// The name that stands in the journal.
        name: String,
        /// The unit acted for, a pack key.
        unit: String,
        /// The role acted in, a pack key.
        role: String,
    },
    /// The program itself; `job` says which work.
    System {
        /// The job's name.
        job: String,
    },
}

impl Actor {
    /// The official's id, when an official acts.
    #[must_use]
    pub const fn official(&self) -> Option<i64> {
        match self {
            Self::Official { id, .. } => Some(*id),
            _ => None,
        }
    }
}
