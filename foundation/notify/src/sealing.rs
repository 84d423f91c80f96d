//! What is personal in a message rests sealed: XChaCha20-Poly1305 under a key that the caller keeps, bound to the message's id, so
//! that a sealed value moved to another row does not open.

use crate::Error;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kernel::secret::{keyed_digest, random};

/// Seals and opens messages. The key lives beside the master key of the cases and is backed up with it.
#[derive(Clone)]
pub struct Sealer {
    key: [u8; 32],
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// A sealer whose keys are derived from `secret`.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { key: keyed_digest(secret, b"notify messages") }
    }

    /// The blind index of an address: equal addresses give equal indexes, and nothing gives the address.
    #[must_use]
    pub fn person(&self, address: &str) -> Vec<u8> {
        keyed_digest(&keyed_digest(&self.key, b"person"), address.as_bytes()).to_vec()
    }

    pub(crate) fn seal(&self, id: i64, plain: &str) -> Vec<u8> {
        let nonce: [u8; 24] = random();
        let id = id.to_be_bytes();
        let sealed = XChaCha20Poly1305::new(&self.key.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: plain.as_bytes(), aad: &id })
            .expect("sealing in memory does not fail");
        [nonce.as_slice(), &sealed].concat()
    }

    pub(crate) fn open(&self, id: i64, sealed: &[u8]) -> Result<String, Error> {
        let (nonce, body) = sealed.split_first_chunk::<24>().ok_or(Error::Sealed)?;
        let id = id.to_be_bytes();
        let plain = XChaCha20Poly1305::new(&self.key.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: &id })
            .map_err(|_| Error::Sealed)?;
        String::from_utf8(plain).map_err(|_| Error::Sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_message_opens_only_in_its_row_and_with_its_key() {
        let sealer = Sealer::new(&[7; 32]);
        let sealed = sealer.seal(1, "+84905123456");
        assert_eq!(sealer.open(1, &sealed).unwrap(), "+84905123456");
        assert!(sealer.open(2, &sealed).is_err());
        assert!(Sealer::new(&[8; 32]).open(1, &sealed).is_err());
        assert!(!sealed.windows(5).any(|w| w == b"90512"));
        assert_eq!(sealer.person("+84905123456"), sealer.person("+84905123456"));
        assert_ne!(sealer.person("+84905123456"), sealer.person("+84905123457"));
    }
}
