//! Parties: who has a part in a case. Their identity is sealed (`sealed.rs`); what stands here are roles and references.

use crate::keyed;
use kernel::Instant;
use serde::{Deserialize, Serialize};

keyed! {
    /// The part somebody has.
    pub enum PartyRole {
        /// Told the city.
        Reporter = "reporter",
        /// In whose name it is filed.
        Applicant = "applicant",
        /// Whom it is about.
        Subject = "subject",
        /// Acts for another party, with a mandate.
        Representative = "representative",
        /// Helped to write; never the applicant.
        Helper = "helper",
        /// Hears of each public change.
        Follower = "follower",
    }
}

db::row! {
    /// A party as it stands.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Party {
        /// Its number.
        pub no: u32,
        /// Its part.
        pub role: PartyRole,
        /// The account it signed in with, if any.
        pub account: Option<i64>,
        /// The party it acts for.
        pub represents: Option<u32>,
        /// On which mandate.
        pub mandate: Option<String>,
        /// Since when.
        pub since: Instant,
        /// Until when.
        pub until: Option<Instant>,
        /// When its personal data were erased.
        pub erased_at: Option<Instant>,
    }
}

/// What happens to parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyEffect {
    /// Somebody has a part.
    Added {
        /// Which.
        role: PartyRole,
        /// The account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<i64>,
        /// The party it acts for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        represents: Option<u32>,
        /// On which mandate.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mandate: Option<String>,
    },
    /// Somebody has no part any more.
    Left {
        /// The party.
        party: u32,
    },
    /// The personal data of a party are erased: its key is destroyed.
    Erased {
        /// The party.
        party: u32,
    },
}

impl PartyEffect {
    /// Somebody with this part and no account.
    #[must_use]
    pub const fn added(role: PartyRole) -> Self {
        Self::Added { role, account: None, represents: None, mandate: None }
    }
}
