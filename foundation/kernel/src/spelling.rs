//! How Vietnamese is brought to one form and compared.
//!
//! Text typed on some systems arrives decomposed (NFD): every door brings it to NFC. For search it is *folded* here and never by a
//! database: lower case, tone and vowel marks off, đ → d, runs of anything else than letters and digits to one space. No
//! database does this right: đ is no diacritic to any of their tokenizers.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in NFC, the form that we store.
#[must_use]
pub fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// The folded text: what is indexed and what a search looks for.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(if c == 'đ' { 'd' } else { c });
        } else {
            gap = true;
        }
    }
    out
}

/// What a citizen typed, made storable: NFC, line ends as `\n`, without control characters and without the invisible
/// characters that turn the direction of text (they could make a page read otherwise than it was written).
#[must_use]
pub fn clean(text: &str) -> String {
    let turned = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}');
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    nfc(&plain.chars().filter(|c| !turned(*c) && (!c.is_control() || *c == '\n' || *c == '\t')).collect::<String>())
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_and_d_are_folded() {
        for (typed, expect) in [
            ("Đường Lê Duẩn", "duong le duan"),
            ("  NGẬP…nước! ", "ngap nuoc"),
            ("Hoà/Hòa", "hoa hoa"),
            ("số 12", "so 12"),
            ("", ""),
        ] {
            assert_eq!(fold(typed), expect);
        }
    }

    #[test]
    fn control_and_turning_characters_are_taken_out() {
        assert_eq!(clean(" a\u{202e}b\0c\r\nd "), "abc\nd");
    }

    proptest! {
        #[test]
        fn decomposed_and_composed_text_fold_alike(text in "\\PC{0,60}") {
            let decomposed: String = text.nfd().collect();
            let composed: String = text.nfc().collect();
            prop_assert_eq!(fold(&decomposed), fold(&composed));
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
        }
    }
}
