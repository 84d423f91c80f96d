//! Form tokens: an HMAC of the browser's own secret, masked afresh on every page.
//!
//! The secret lies in a cookie that no script reads; the key is the house's. The mask (a random pad before the token XOR the pad)
//! makes the same token look new each time, so that a compressed page that also shows what was typed tells nothing about it (BREACH).

use kernel::secret::{keyed_digest, random, same};

const LEN: usize = 16;

fn plain(key: &[u8; 32], secret: &str) -> [u8; LEN] {
    let full = keyed_digest(key, secret.as_bytes());
    std::array::from_fn(|i| full[i])
}

/// A fresh token of this browser for one page.
pub fn make(key: &[u8; 32], secret: &str) -> String {
    let pad = random::<LEN>();
    let token = plain(key, secret);
    let masked: [u8; LEN] = std::array::from_fn(|i| token[i] ^ pad[i]);
    kernel::secret::hex(&[pad, masked].concat())
}

/// Whether the token that came back is this browser's.
pub fn holds(key: &[u8; 32], secret: &str, token: &str) -> bool {
    let Some(bytes) = unhex(token) else { return false };
    let (pad, masked) = bytes.split_at(LEN);
    let token: [u8; LEN] = std::array::from_fn(|i| pad[i] ^ masked[i]);
    same(&token, &plain(key, secret))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 4 * LEN || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

/// Signs a short text that goes out in a cookie and comes back (the flash), so that nobody else puts words on our pages.
pub fn sign(key: &[u8; 32], text: &str) -> String {
    let hex = kernel::secret::hex;
    format!("{}.{}", hex(text.as_bytes()), hex(&plain(key, &format!("flash {text}"))))
}

/// The signed text, when it is ours.
pub fn signed(key: &[u8; 32], cookie: &str) -> Option<String> {
    let (text, _) = cookie.split_once('.')?;
    if text.len() > 2_000 || text.len() % 2 != 0 || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect();
    let text = String::from_utf8(bytes?).ok()?;
    same(sign(key, &text).as_bytes(), cookie.as_bytes()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_browser_and_looks_new_each_time() {
        let key = [7; 32];
        let (a, b) = (make(&key, "lan"), make(&key, "lan"));
        assert_ne!(a, b);
        assert!(holds(&key, "lan", &a) && holds(&key, "lan", &b));
        assert!(!holds(&key, "minh", &a) && !holds(&[8; 32], "lan", &a));
        assert!(!holds(&key, "lan", "") && !holds(&key, "lan", &"é".repeat(32)) && !holds(&key, "lan", &"0".repeat(64)));
    }

    #[test]
    fn only_our_own_words_come_back_as_a_flash() {
        let key = [7; 32];
        let cookie = sign(&key, "Đã gửi.");
        assert_eq!(signed(&key, &cookie).as_deref(), Some("Đã gửi."));
        assert_eq!(signed(&[8; 32], &cookie), None);
        assert_eq!(signed(&key, "00.00"), None);
    }
}
