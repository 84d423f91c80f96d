//! Personal values: sealed with one data key for each party of a case, which the master key wraps. Erasing a party destroys its key;
//! the journal keeps salted digests only, so the chain stays whole.
//!
//! XChaCha20-Poly1305; the associated data name case, party and place, so that no row can be moved to another person.

use crate::Refusal;
use crate::history::SealedDigest;
use crate::kept::salted;
use crate::keys::Keys;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use db::{Rd, Tx, args};
use kernel::secret::{base32, random};
use kernel::{Personal, Private};

const NONCE: usize = 24;
const SALT: usize = 16;

fn lock(key: &[u8; 32], about: &str, open: &[u8]) -> Result<Vec<u8>, Refusal> {
    let nonce = random::<NONCE>();
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let closed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: open, aad: about.as_bytes() })
        .map_err(|_| Refusal::Broken("a value cannot be sealed".to_owned()))?;
    Ok([nonce.as_slice(), &closed].concat())
}

fn unlock(key: &[u8; 32], about: &str, closed: &[u8]) -> Result<Vec<u8>, Refusal> {
    let broken = || Refusal::Broken("a sealed value does not open".to_owned());
    let (nonce, text) = closed.split_first_chunk::<NONCE>().ok_or_else(broken)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: about.as_bytes() }).map_err(|_| broken())
}

fn key_place(case: i64, party: u32) -> String {
    format!("key of {case}/{party}")
}

fn value_place(case: i64, party: u32, name: &str, seq: u32) -> String {
    format!("value of {case}/{party}/{seq}/{name}")
}

fn data_key(rd: &mut Rd<'_>, keys: &Keys, case: i64, party: u32) -> Result<Option<[u8; 32]>, Refusal> {
    let row: Option<(Option<Vec<u8>>,)> =
        rd.opt("select wrapped from case_keys where case_id = $1 and party = $2", args![case, party])?;
    match row {
        None => Ok(None),
        Some((None,)) => Err(Refusal::NotNow("party-erased")),
        Some((Some(wrapped),)) => {
            let key = unlock(&keys.master, &key_place(case, party), &wrapped)?;
            key.try_into().map(Some).map_err(|_| Refusal::Broken("a data key has another length".to_owned()))
        }
    }
}

/// A value sealed for a party, before its line is written.
pub(crate) struct Sealed {
    party: u32,
    name: String,
    bytes: Vec<u8>,
    digest: String,
    blind: Option<[u8; 32]>,
}

impl Sealed {
    pub(crate) fn digest(&self) -> SealedDigest {
        SealedDigest { party: self.party, name: self.name.clone(), digest: self.digest.clone() }
    }
}

/// Seals a value; makes the party's data key if it has none. `fresh` says that the case begins with this act.
pub(crate) fn seal(
    tx: &mut Tx<'_>,
    keys: &Keys,
    (case, party, seq): (i64, u32, u32),
    name: &str,
    value: &Private<String>,
    blind: Option<&Private<String>>,
) -> Result<Sealed, Refusal> {
    let key = match data_key(tx, keys, case, party)? {
        Some(key) => key,
        None => {
            let key: [u8; 32] = random();
            let wrapped = lock(&keys.master, &key_place(case, party), &key)?;
            tx.exec_one(
                "insert into case_keys (case_id, party, wrapped, destroyed_at) values ($1, $2, $3, null)",
                args![case, party, wrapped],
            )?;
            key
        }
    };
    let salt = base32(&random::<10>());
    debug_assert_eq!(salt.len(), SALT);
    let open = [salt.as_bytes(), value.open().as_bytes()].concat();
    Ok(Sealed {
        party,
        name: name.to_owned(),
        bytes: lock(&key, &value_place(case, party, name, seq), &open)?,
        digest: salted(&salt, value.open().as_bytes()),
        blind: blind.map(|value| keys.blind(value.open())),
    })
}

/// Writes what was sealed beside its line.
pub(crate) fn insert(tx: &mut Tx<'_>, case: i64, seq: u32, sealed: &Sealed) -> Result<(), Refusal> {
    const SQL: &str =
        "insert into case_sealed (case_id, party, name, seq, sealed, digest, blind) values ($1, $2, $3, $4, $5, $6, $7)";
    tx.exec_one(SQL, args![case, sealed.party, sealed.name, seq, sealed.bytes, sealed.digest, sealed.blind])?;
    Ok(())
}

/// Destroys a party's key and what was sealed with it.
pub(crate) fn erase(tx: &mut Tx<'_>, case: i64, party: u32) -> Result<(), Refusal> {
    let now = tx.now();
    const KEY: &str = "insert into case_keys (case_id, party, wrapped, destroyed_at) values ($1, $2, null, $3) \
        on conflict (case_id, party) do update set wrapped = null, destroyed_at = coalesce(case_keys.destroyed_at, excluded.destroyed_at)";
    tx.exec_one(KEY, args![case, party, now])?;
    tx.exec("update case_sealed set sealed = null, blind = null where case_id = $1 and party = $2", args![case, party])?;
    Ok(())
}

/// Opens the latest value with this name that was sealed for a party; `None` when there is none, or it was erased. Whoever calls it
/// for an official logs the look in the same transaction (`access::log_look`).
///
/// # Errors
/// `Broken` when it does not open or is not what the journal's digest says.
pub fn unseal(rd: &mut Rd<'_>, keys: &Keys, case: i64, party: u32, name: &str) -> Result<Option<Private<String>>, Refusal> {
    const SQL: &str =
        "select seq, sealed, digest from case_sealed where case_id = $1 and party = $2 and name = $3 order by seq desc limit 1";
    let Some((seq, Some(closed), digest)) = rd.opt::<(u32, Option<Vec<u8>>, String)>(SQL, args![case, party, name])? else {
        return Ok(None);
    };
    let Some(key) = data_key(rd, keys, case, party)? else { return Ok(None) };
    let open = unlock(&key, &value_place(case, party, name, seq), &closed)?;
    let broken = || Refusal::Broken("a sealed value is not what the journal says".to_owned());
    let open = String::from_utf8(open).map_err(|_| broken())?;
    let (salt, value) = open.split_at_checked(SALT).ok_or_else(broken)?;
    if salted(salt, value.as_bytes()) != digest {
        return Err(broken());
    }
    Ok(Some(Private::new(value.to_owned())))
}

/// Opens a set of personal fields.
///
/// # Errors
/// As [`unseal`].
pub fn unseal_set<P: Personal>(rd: &mut Rd<'_>, keys: &Keys, case: i64, party: u32) -> Result<Option<P>, Refusal> {
    let Some(json) = unseal(rd, keys, case, party, P::PLACE)? else { return Ok(None) };
    let mut fields: std::collections::BTreeMap<String, String> =
        serde_json::from_str(json.open()).map_err(|_| Refusal::Broken("sealed fields do not read".to_owned()))?;
    Ok(Some(P::from_fields(|field| fields.remove(field))))
}

/// The cases and parties whose sealed value was given this blind value: the other reports of one telephone number. Newest first.
///
/// # Errors
/// The database's.
pub fn by_blind(rd: &mut Rd<'_>, keys: &Keys, value: &str, limit: u32) -> db::Result<Vec<(i64, u32)>> {
    const SQL: &str = "select case_id, party from case_sealed where blind = $1 order by case_id desc limit $2";
    rd.all(SQL, args![keys.blind(value), limit])
}
