//! A free text inside the journal. The chain covers its salted digest only, so that it can be taken out later (a name typed into
//! a description, a telephone number in a reason) and the chain stays whole.

use kernel::secret::{base32, random, sha256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// A text, and the digest that stands for it in the chain. As JSON it is the digest alone.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Words {
    text: Option<String>,
    digest: String,
}

impl Words {
    /// A text to be recorded.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), digest: String::new() }
    }

    /// The text; empty when it was taken out.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The text; `None` when it was taken out.
    #[must_use]
    pub fn kept(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Salts the text; gives what is stored beside the chain.
    pub(crate) fn salt(&mut self) -> Kept<'static> {
        let kept = Kept(base32(&random::<10>()).into(), self.text.clone().unwrap_or_default().into());
        self.digest = kept.digest();
        kept
    }

    /// Puts the stored text back beside its digest. `false` when it is not the text that was recorded.
    pub(crate) fn unsalt(&mut self, kept: Option<Kept<'_>>) -> bool {
        match kept {
            None => true,
            Some(kept) => {
                let same = kept.digest() == self.digest;
                self.text = Some(kept.1.into_owned());
                same
            }
        }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.digest)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { text: None, digest: String::deserialize(from)? })
    }
}

/// A text as it is stored beside the chain, with its salt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept<'a>(#[serde(borrow)] pub Cow<'a, str>, #[serde(borrow)] pub Cow<'a, str>);

impl Kept<'_> {
    /// 160 bits of SHA-256 over salt and text.
    pub(crate) fn digest(&self) -> String {
        salted(&self.0, self.1.as_bytes())
    }
}

/// The salted digest of a text or of a personal value.
pub(crate) fn salted(salt: &str, bytes: &[u8]) -> String {
    let mut all = Vec::with_capacity(salt.len() + 1 + bytes.len());
    all.extend_from_slice(salt.as_bytes());
    all.push(0);
    all.extend_from_slice(bytes);
    base32(&sha256(&all)[..20])
}
