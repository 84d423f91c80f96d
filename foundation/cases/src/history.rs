//! The journal's lines: how they are written, chained and read back.
//!
//! The chain covers canonical bytes: every field with its length before it, in a fixed order, so that no two lines have the same
//! bytes. JSON is hashed as it is stored, and never written anew for checking. Free texts and personal values enter by their salted
//! digests only.

use crate::Refusal;
use crate::effect::{Behalf, Effect};
use crate::kept::{Kept, Words};
use crate::verb::Verb;
use kernel::{Actor, Instant};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a line says about a value that was sealed with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDigest {
    /// The party.
    pub party: u32,
    /// Which value.
    pub name: String,
    /// Its salted digest.
    pub digest: String,
}

/// One line of a case's journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The case.
    pub case: i64,
    /// Its place in the case, from 1.
    pub seq: u32,
    /// When. Never earlier than the line before.
    pub at: Instant,
    /// What was done.
    pub verb: Verb,
    /// By whom.
    pub actor: Actor,
    /// For whom.
    pub behalf: Option<Behalf>,
    /// On which mandate.
    pub mandate: Option<String>,
    /// Why.
    pub ground: Option<Words>,
    /// In which step.
    pub step: Option<u32>,
    /// What it did.
    pub effects: Vec<Effect>,
    /// What the room wrote along, as JSON text.
    pub payload: Option<Words>,
    /// What was sealed with it.
    pub sealed: Vec<SealedDigest>,
    /// The hash of the line before; 32 zeros for the first.
    pub prev: Vec<u8>,
    /// The hash of this line.
    pub hash: Vec<u8>,
    /// The node that wrote it.
    pub node: u32,
    /// Its place among the lines of that node, in commit order.
    pub node_seq: i64,
}

impl Line {
    /// Every free text, in the order of their numbers.
    pub(crate) fn words(&mut self) -> Vec<&mut Words> {
        let mut all: Vec<&mut Words> = Vec::new();
        all.extend(self.ground.as_mut());
        all.extend(self.payload.as_mut());
        for effect in &mut self.effects {
            all.extend(effect.words());
        }
        all
    }

    /// What the room wrote along, read.
    #[must_use]
    pub fn read_payload<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.payload.as_ref()?.kept()?).ok()
    }
}

/// The head of a case that has no line yet.
pub const BEFORE_THE_FIRST: [u8; 32] = [0; 32];

db::row! {
    /// A line as it is stored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Stored {
        /// The case.
        pub case_id: i64,
        /// Its place.
        pub seq: u32,
        /// When.
        pub at: Instant,
        /// The verb's key.
        pub verb: String,
        /// By whom, as JSON.
        pub actor: String,
        /// For whom and on which mandate, the digests of ground and payload, as JSON.
        pub about: Option<String>,
        /// In which step.
        pub step: Option<u32>,
        /// What it did, as JSON; texts by their digests.
        pub effects: String,
        /// The texts with their salts, as JSON; an entry is null once it was taken out. Not in the chain.
        pub texts: Option<String>,
        /// The digests of what was sealed, as JSON.
        pub sealed: Option<String>,
        /// The hash of the line before.
        pub prev: Vec<u8>,
        /// The hash.
        pub hash: Vec<u8>,
        /// The node.
        pub node: u32,
        /// The place among the node's lines.
        pub node_seq: i64,
    }
}

/// For whom, on which mandate, why, and the room's payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    behalf: Option<Behalf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mandate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ground: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Words>,
}

impl Stored {
    /// The hash that the line must have.
    #[must_use]
    pub fn rehash(&self) -> [u8; 32] {
        self.rehash_with(self.kept().map_or(usize::MAX, |kept| kept.len()))
    }

    /// The texts beside the chain.
    pub(crate) fn kept(&self) -> Option<Vec<Option<Kept<'_>>>> {
        self.texts.as_deref().map_or_else(|| Some(Vec::new()), |json| serde_json::from_str(json).ok())
    }

    /// The hash; how many texts there are, taken out or not, is a part of it.
    pub(crate) fn rehash_with(&self, texts: usize) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"songhan.case-line.1");
        let mut number = |n: i64| hash.update(n.to_be_bytes());
        number(self.case_id);
        number(i64::from(self.seq));
        number(self.at.ms());
        number(self.step.map_or(-1, i64::from));
        number(i64::from(self.node));
        number(self.node_seq);
        number(i64::try_from(texts).unwrap_or(-1));
        let none = "";
        let texts = [
            &self.verb,
            &self.actor,
            self.about.as_deref().unwrap_or(none),
            &self.effects,
            self.sealed.as_deref().unwrap_or(none),
        ];
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(&self.prev);
        hash.finalize().into()
    }

    /// Reads the line; says also whether its texts are those that were recorded.
    ///
    /// # Errors
    /// When it does not read.
    pub fn read(&self) -> Result<(Line, bool), Refusal> {
        let broken = |what: &str| Refusal::Broken(format!("line {} has {what}", self.seq));
        let about: About = match &self.about {
            Some(json) => serde_json::from_str(json).map_err(|_| broken("an unreadable ground"))?,
            None => About::default(),
        };
        let mut line = Line {
            case: self.case_id,
            seq: self.seq,
            at: self.at,
            verb: Verb::from_key(&self.verb).ok_or_else(|| broken("an unknown verb"))?,
            actor: serde_json::from_str(&self.actor).map_err(|_| broken("an unreadable actor"))?,
            behalf: about.behalf,
            mandate: about.mandate,
            ground: about.ground,
            step: self.step,
            effects: serde_json::from_str(&self.effects).map_err(|_| broken("unreadable effects"))?,
            payload: about.payload,
            sealed: match &self.sealed {
                Some(json) => serde_json::from_str(json).map_err(|_| broken("unreadable digests"))?,
                None => Vec::new(),
            },
            prev: self.prev.clone(),
            hash: self.hash.clone(),
            node: self.node,
            node_seq: self.node_seq,
        };
        let kept = self.kept().ok_or_else(|| broken("unreadable texts"))?;
        let words = line.words();
        let mut sound = words.len() == kept.len();
        for (words, kept) in words.into_iter().zip(kept) {
            sound &= words.unsalt(kept);
        }
        Ok((line, sound))
    }

    /// Takes out the text with this number. `false` when there is none.
    pub(crate) fn take_out(&mut self, text: u32) -> Result<bool, Refusal> {
        let Some(json) = &self.texts else { return Ok(false) };
        let mut kept: Vec<Option<Kept>> =
            serde_json::from_str(json).map_err(|_| Refusal::Broken("unreadable texts".to_owned()))?;
        let Some(entry) = kept.get_mut(text as usize) else { return Ok(false) };
        *entry = None;
        self.texts = Some(serde_json::to_string(&kept).unwrap_or_default());
        Ok(true)
    }
}

/// Salts the texts of a line and makes it what is stored, hash included.
pub(crate) fn write(line: &mut Line) -> Result<Stored, Refusal> {
    let kept: Vec<Option<Kept<'_>>> = line.words().into_iter().map(|words| Some(words.salt())).collect();
    let json = |what: serde_json::Result<String>| what.map_err(|e| Refusal::Broken(e.to_string()));
    let about = About {
        behalf: line.behalf.clone(),
        mandate: line.mandate.clone(),
        ground: line.ground.clone(),
        payload: line.payload.clone(),
    };
    let mut stored = Stored {
        case_id: line.case,
        seq: line.seq,
        at: line.at,
        verb: line.verb.key().to_owned(),
        actor: json(serde_json::to_string(&line.actor))?,
        about: if about == About::default() { None } else { Some(json(serde_json::to_string(&about))?) },
        step: line.step,
        effects: json(serde_json::to_string(&line.effects))?,
        texts: if kept.is_empty() { None } else { Some(json(serde_json::to_string(&kept))?) },
        sealed: if line.sealed.is_empty() { None } else { Some(json(serde_json::to_string(&line.sealed))?) },
        prev: line.prev.clone(),
        hash: Vec::new(),
        node: line.node,
        node_seq: line.node_seq,
    };
    stored.hash = stored.rehash_with(kept.len()).to_vec();
    line.hash.clone_from(&stored.hash);
    Ok(stored)
}
