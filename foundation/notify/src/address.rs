//! Telephone numbers and mail addresses, brought to one form before anything is stored or compared.

use crate::words;
use kernel::{Lang, Private};

/// What is wrong with an address that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// Nothing was typed.
    Empty,
    /// Not a telephone number of Vietnam.
    NotAPhone,
    /// A mobile number of the eleven digits used until 2018.
    OldMobile,
    /// A number of another country: messages there cost a fortune and are what thieves live on.
    Foreign,
    /// Not a mail address.
    NotAMail,
}

impl AddressFault {
    /// The sentence for the person who typed it.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Empty => words::empty(lang),
            Self::NotAPhone => words::not_a_phone(lang),
            Self::OldMobile => words::old_mobile(lang),
            Self::Foreign => words::foreign(lang),
            Self::NotAMail => words::not_a_mail(lang),
        }
    }
}

/// A telephone number of Vietnam in E.164: mobile `^(\+84|84|0)[35789]\d{8}$`, fixed `^(\+84|84|0)2\d{9}$`, however it is spaced.
///
/// # Errors
/// When it is none.
pub fn phone(typed: &str) -> Result<Private<String>, AddressFault> {
    let mut digits = String::new();
    let mut international = false;
    for c in typed.trim().chars() {
        match c {
            '+' if digits.is_empty() && !international => international = true,
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            ' ' | '.' | '-' | '(' | ')' | '/' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2014}' => {}
            _ => return Err(AddressFault::NotAPhone),
        }
        if digits.len() > 16 {
            return Err(AddressFault::NotAPhone);
        }
    }
    if digits.is_empty() {
        return Err(if international { AddressFault::NotAPhone } else { AddressFault::Empty });
    }
    let national = if international {
        // "+84 (0)905 …" is a common way of writing it.
        let rest = digits.strip_prefix("84").ok_or(AddressFault::Foreign)?;
        rest.strip_prefix('0').unwrap_or(rest)
    } else if let Some(rest) = digits.strip_prefix("00") {
        let rest = rest.strip_prefix("84").ok_or(AddressFault::Foreign)?;
        rest.strip_prefix('0').unwrap_or(rest)
    } else if let Some(rest) = digits.strip_prefix('0') {
        rest
    } else if let Some(rest) = digits.strip_prefix("84").filter(|rest| rest.len() >= 9) {
        rest
    } else {
        return Err(AddressFault::NotAPhone);
    };
    match (national.len(), national.as_bytes().first()) {
        (9, Some(b'3' | b'5' | b'7' | b'8' | b'9')) | (10, Some(b'2')) => Ok(Private::new(format!("+84{national}"))),
        (10, Some(b'1')) => Err(AddressFault::OldMobile),
        _ => Err(AddressFault::NotAPhone),
    }
}

/// A number in E.164 as people write it: "0905 123 456", "0236 3822 822", "024 3822 8228". What is no number of Vietnam stays as it is.
#[must_use]
pub fn as_written(number: &str) -> String {
    let Some(national) = number.strip_prefix("+84").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) else {
        return number.to_owned();
    };
    // Hà Nội and Hồ Chí Minh City have area codes of two digits, other fixed lines of three.
    let (area, middle) = match (national.len(), &national.as_bytes()[..2.min(national.len())]) {
        (9, _) => (3, 3),
        (10, b"24" | b"28") => (2, 4),
        (10, _) => (3, 4),
        _ => return number.to_owned(),
    };
    let (area, rest) = national.split_at(area);
    let (middle, last) = rest.split_at(middle);
    format!("0{area} {middle} {last}")
}

/// A mail address; its domain in lower case.
///
/// # Errors
/// When it is none.
pub fn mail(typed: &str) -> Result<Private<String>, AddressFault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(AddressFault::Empty);
    }
    let address: lettre::Address = typed.parse().map_err(|_| AddressFault::NotAMail)?;
    let plain =
        typed.len() <= 254 && typed.chars().all(|c| c.is_ascii_graphic()) && !typed.contains(['"', '<', '>', ',', ';', '[', ']']);
    // A name without a dot is a machine of somebody's own network.
    if !plain || !address.domain().contains('.') {
        return Err(AddressFault::NotAMail);
    }
    Ok(Private::new(format!("{}@{}", address.user(), address.domain().to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_brought_to_one_form() {
        use AddressFault::*;
        for (typed, expect) in [
            ("0905123456", Ok("+84905123456")),
            (" 0905 123 456 ", Ok("+84905123456")),
            ("0905.123.456", Ok("+84905123456")),
            ("+84 905-123-456", Ok("+84905123456")),
            ("+84 (0)905 123 456", Ok("+84905123456")),
            ("84905123456", Ok("+84905123456")),
            ("0084905123456", Ok("+84905123456")),
            ("０９０５１２３４５６", Ok("+84905123456")),
            ("0871234567", Ok("+84871234567")), // 087: a virtual operator that the common expression rejects
            ("0325123456", Ok("+84325123456")),
            ("0236 3822822", Ok("+842363822822")), // fixed lines have eleven digits
            ("(0236) 3.822.822", Ok("+842363822822")),
            ("+842363822822", Ok("+842363822822")),
            ("", Err(Empty)),
            ("   ", Err(Empty)),
            ("+", Err(NotAPhone)),
            ("090512345", Err(NotAPhone)),
            ("09051234567", Err(NotAPhone)),
            ("0123 4567 890", Err(OldMobile)),
            ("1022", Err(NotAPhone)),
            ("113", Err(NotAPhone)),
            ("0605123456", Err(NotAPhone)),
            ("+1 202 555 0123", Err(Foreign)),
            ("0044 20 7946 0958", Err(Foreign)),
            ("0905 123 456 gọi giờ hành chính", Err(NotAPhone)),
            ("0905123456\n0905123457", Err(NotAPhone)),
        ] {
            assert_eq!(phone(typed).map(|p| p.open().clone()), expect.map(str::to_owned), "{typed:?}");
        }
    }

    #[test]
    fn an_example_is_not_the_area_code_of_one_city() {
        for lang in [Lang::Vi, Lang::En] {
            let said = AddressFault::NotAPhone.text(lang);
            assert!(said.contains("0905 123 456") && !said.contains(" 02"), "{said}");
        }
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        for (stored, expect) in [
            ("+84905123456", "0905 123 456"),
            ("+84325123456", "0325 123 456"),
            ("+842363822822", "0236 3822 822"),
            ("+842438228228", "024 3822 8228"),
            ("+842838228228", "028 3822 8228"),
            ("+12025550123", "+12025550123"),
            ("+442079460958", "+442079460958"),
            ("+8490512345", "+8490512345"),
            ("+84", "+84"),
            ("+84 905", "+84 905"),
            ("lan@example.com", "lan@example.com"),
            ("", ""),
        ] {
            assert_eq!(as_written(stored), expect, "{stored:?}");
        }
    }

    #[test]
    fn mail_addresses_are_brought_to_one_form() {
        for (typed, expect) in [
            ("lan@example.com", Some("lan@example.com")),
            (" Lan.Nguyen+city@Example.COM ", Some("Lan.Nguyen+city@example.com")),
            ("lan@localhost", None),
            ("lan", None),
            ("lan@", None),
            ("@example.com", None),
            ("lan@@example.com", None),
            ("lan@example.com, minh@example.com", None),
            ("lan@example.com\nBcc: minh@example.com", None),
            ("<lan@example.com>", None),
            ("lan nguyen@example.com", None),
        ] {
            assert_eq!(mail(typed).ok().map(|m| m.open().clone()), expect.map(str::to_owned), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(mobile in "0[35789][0-9]{8}", fixed in "02[0-9]{9}") {
            for typed in [mobile, fixed] {
                let number = phone(&typed).ok();
                prop_assert!(number.is_some());
                prop_assert_eq!(number.as_ref().and_then(|number| phone(&as_written(number.open())).ok()), number);
            }
        }

        #[test]
        fn whatever_is_typed_gives_a_number_or_a_sentence(typed in "\\PC{0,40}") {
            if let Ok(number) = phone(&typed) {
                prop_assert!(number.open().starts_with("+84"));
                prop_assert_eq!(phone(number.open()).ok(), Some(number));
            }
            if let Ok(address) = mail(&typed) {
                prop_assert_eq!(mail(address.open()).ok(), Some(address));
            }
        }
    }
}
