//! The short code under which what ЕСИА said is kept.

use alloc::string::String;
use core::{
    fmt::{self, Write as _},
    str::FromStr,
};

use chrono::TimeDelta;
use thiserror::Error;

use crate::{error::CodedError, letters::upper, wire::wire_string};

/// For how long what ЕСИА said is kept, sealed, under its code: thirty days.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use eschool_core::signin::CASE_KEPT;
///
/// let refused: DateTime<Utc> = "2024-09-30T09:00:00Z".parse()?;
/// assert_eq!(refused + CASE_KEPT, "2024-10-30T09:00:00Z".parse::<DateTime<Utc>>()?);
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub const CASE_KEPT: TimeDelta = TimeDelta::days(30);

/// Digits and Latin capitals, none of which is mistaken for another of them. Missing are 0 and O;
/// 1, I and L; U, which is V in a hurry; B, S and Z, which are 8, 5 and 2.
const ALPHABET: [char; 27] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N',
    'P', 'Q', 'R', 'T', 'V', 'W', 'X', 'Y',
];

/// The code of a refused sign-in (*код обращения*), as in `7Q4-K2M`: six symbols that a person can
/// read out over the telephone.
///
/// Whoever holds it and works in the school finds what ЕСИА said of the person; in itself it says
/// nothing of anybody, so a log may show it.
///
/// # Spellings
///
/// Case, spaces and hyphens do not matter, and what a keyboard in the wrong layout or a hasty eye
/// makes of a symbol is read as that symbol: Cyrillic letters that look Latin, `B` or `В` for 8,
/// `З` for 3, `S` for 5, `Z` for 2.
///
/// ```
/// use eschool_core::signin::CaseCode;
///
/// let code: CaseCode = "7Q4-K2M".parse()?;
/// assert_eq!(CaseCode::parse(" 7q4 к2м ")?, code); // Cyrillic letters
/// assert_eq!(code.to_string(), "7Q4-K2M");
/// assert_eq!(format!("{code:?}"), "CaseCode(7Q4-K2M)");
/// # Ok::<(), eschool_core::signin::CaseCodeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string"))]
pub struct CaseCode([char; 6]);

/// Why a text is no case code. The text is never shown: staff who look for somebody type a name or
/// a СНИЛС into the field, too.
///
/// ```
/// use eschool_core::signin::CaseCode;
///
/// let error = CaseCode::parse("112-233-445 95").unwrap_err();
/// assert_eq!(error.to_string(), "the case code `***` is malformed; write it as `7Q4-K2M`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CaseCodeError {
    /// The text is not six symbols of a code.
    #[error("the case code `***` is malformed; write it as `7Q4-K2M`")]
    Malformed,
}

impl CodedError for CaseCodeError {
    fn code(&self) -> &'static str {
        "case_code_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Код обращения – шесть букв и цифр, например 7Q4-K2M. Перепишите его с экрана, на котором \
         написано об отказе"
    }

    fn field(&self) -> Option<&'static str> {
        Some("case")
    }

    fn value(&self) -> Option<String> {
        Some("***".into())
    }
}

impl CaseCode {
    /// A code made of the caller's randomness.
    ///
    /// There are 27⁶, about 387 million, and the eight bytes are 2⁶⁴ numbers: no code is likelier
    /// than another by more than one part in 10¹⁰.
    ///
    /// ```
    /// use eschool_core::signin::CaseCode;
    ///
    /// assert_eq!(CaseCode::from_random([0; 8]).to_string(), "222-222");
    /// assert_ne!(CaseCode::from_random([1; 8]), CaseCode::from_random([2; 8]));
    /// ```
    #[must_use]
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut rest = u64::from_be_bytes(random);
        Self(core::array::from_fn(|_| {
            let place = rest % ALPHABET.len() as u64;
            rest /= ALPHABET.len() as u64;
            usize::try_from(place)
                .ok()
                .and_then(|place| ALPHABET.get(place))
                .copied()
                .unwrap_or('2')
        }))
    }

    /// Reads a code in any of its spellings.
    ///
    /// # Errors
    /// [`CaseCodeError::Malformed`] for anything but six symbols.
    pub fn parse(text: &str) -> Result<Self, CaseCodeError> {
        let malformed = CaseCodeError::Malformed;
        let mut typed = text.chars().filter(|c| !is_separator(*c));
        let mut symbols = ['2'; 6];
        for symbol in &mut symbols {
            *symbol = typed.next().and_then(symbol_of).ok_or(malformed)?;
        }
        if typed.next().is_none() { Ok(Self(symbols)) } else { Err(malformed) }
    }
}

/// The symbol that a typed letter or digit is or looks like.
fn symbol_of(typed: char) -> Option<char> {
    let symbol = match upper(typed) {
        'B' | 'В' => '8',
        'З' => '3',
        'S' => '5',
        'Z' => '2',
        'А' => 'A',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        c => c,
    };
    ALPHABET.contains(&symbol).then_some(symbol)
}

/// Spaces of any width, dashes of any kind, and what else people put between two halves.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

impl FromStr for CaseCode {
    type Err = CaseCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for CaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        let mut text = String::with_capacity(7);
        for symbol in [a, b, c, '-', d, e, g] {
            text.write_char(symbol)?;
        }
        f.pad(&text)
    }
}

impl fmt::Debug for CaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaseCode({self})")
    }
}

wire_string!(CaseCode);

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, format, string::ToString as _};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_staff_type_is_read() {
        let code = CaseCode::parse("7Q4-K2M").unwrap();
        for text in [
            "7q4-k2m",
            "7Q4K2M",
            " 7Q4 K2M ",
            "7Q4\u{2013}K2M",
            "7Q4\u{a0}\u{2014}\u{a0}K2M",
            "7-Q-4-K-2-M",
            "7Q4-К2М",
            "7q4-к2м",
            "7Q4-KZM",
        ] {
            assert_eq!(CaseCode::parse(text), Ok(code), "{text}");
        }
        for (typed, printed) in
            [("АЕНРСТ", "AEH-PCT"), ("УХКМВЗ", "YXK-M83"), ("bsz234", "852-234")]
        {
            assert_eq!(CaseCode::parse(typed).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "-",
            "7Q4-K2",
            "7Q4-K2MM",
            "0Q4-K2M",
            "OQ4-K2M",
            "1Q4-K2M",
            "IQ4-K2M",
            "lQ4-K2M",
            "UQ4-K2M",
            "ОQ4-K2M",
            "ЖQ4-K2M",
            "7Q4/K2M",
            "٧Q4-K2M",
            "ßQ4-K2M",
            "７Q4-K2M",
        ] {
            let error = CaseCode::parse(text).unwrap_err();
            assert_eq!(error.code(), "case_code_malformed", "{text}");
        }
    }

    #[test]
    fn what_somebody_typed_instead_is_not_shown() {
        for (text, secrets) in [
            ("112-233-445 95", ["112", "95"]),
            ("Ёлкина", ["лкин", "Ёлк"]),
            ("11223", ["11", "23"]),
        ] {
            let error = CaseCode::parse(text).unwrap_err();
            let told = format!("{error} {error:?} {:?} {}", error.value(), error.text_ru());
            for secret in secrets {
                assert!(!told.contains(secret), "{secret}: {told}");
            }
        }
    }

    #[test]
    fn a_code_crosses_borders_as_it_is_printed() {
        let code = CaseCode::parse("7Q4-K2M").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), r#""7Q4-K2M""#);
        assert_eq!(serde_json::from_str::<CaseCode>(r#""7q4 k2m""#).unwrap(), code);
        assert!(serde_json::from_str::<CaseCode>(r#""7Q4""#).is_err());
        assert_eq!(format!("{code:>9}"), "  7Q4-K2M");
    }

    #[test]
    fn every_symbol_comes_up_in_every_place() {
        let mut seen = BTreeSet::new();
        for n in 0_u64..4000 {
            let random = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            seen.extend(CaseCode::from_random(random).0.into_iter().enumerate());
        }
        assert_eq!(seen.len(), 6 * ALPHABET.len());
    }

    proptest! {
        #[test]
        fn parse_undoes_print(random in any::<[u8; 8]>()) {
            let code = CaseCode::from_random(random);
            prop_assert_eq!(CaseCode::parse(&code.to_string()), Ok(code));
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = CaseCode::parse(&text);
        }
    }
}
