//! СНИЛС: the number of a person's insurance account.

use alloc::{
    format,
    string::{String, ToString as _},
};
use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::{
    error::{CodedError, MaskedNumber},
    wire::wire_string,
};

/// A СНИЛС (*страховой номер индивидуального лицевого счёта*): nine digits and two of control.
///
/// # Spellings
///
/// `112-233-445 95`, `112-233-445-95`, `11223344595`, with ordinary or non-breaking spaces and
/// any dash; it is printed as `112-233-445 95`.
///
/// ```
/// use eschool_core::identity::Snils;
///
/// let snils = Snils::parse("112–233–445\u{a0}95")?;
/// assert_eq!(snils.to_string(), "112-233-445 95");
/// assert_eq!(snils, Snils::parse("11223344595")?);
/// # Ok::<(), eschool_core::identity::SnilsError>(())
/// ```
///
/// # The check
///
/// Each of the nine digits is multiplied by its weight, 9 to 1; the sum modulo 101 is the control
/// number, where 100 stands as 00. Numbers up to 001-001-998 were given out before the check
/// existed and are [exempt](Self::is_exempt): ЕСИА's own test people have such numbers.
///
/// ```
/// use eschool_core::identity::{Snils, SnilsError};
///
/// assert_eq!(Snils::parse("112-233-445 96"), Err(SnilsError::Checksum { control: 96 }));
/// assert!(Snils::parse("000-000-600 06").unwrap().is_exempt());
/// ```
///
/// # What a log shows
///
/// ```
/// # use eschool_core::identity::Snils;
/// let snils = Snils::parse("112-233-445 95").unwrap();
/// assert_eq!(format!("{snils:?}"), "Snils(***-***-*** 95)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string", rename = "SnilsText"))]
pub struct Snils {
    number: u32,
    control: u8,
}

/// Why a text is no СНИЛС.
///
/// ```
/// use eschool_core::identity::Snils;
///
/// let error = Snils::parse("112-233-44 95").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the snils `***95` (digits: 10) is not eleven digits; write it as `112-233-445 95`",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SnilsError {
    /// Nothing was given.
    #[error("the snils is missing")]
    Missing,
    /// The text is not eleven digits with spaces or dashes between.
    #[error(
        "the snils `{given}` (digits: {}) is not eleven digits; write it as `112-233-445 95`",
        .given.digits()
    )]
    Malformed {
        /// What was given, masked.
        given: MaskedNumber,
    },
    /// All eleven digits are zeros.
    #[error("the snils is all zeros; ask for the real number")]
    Zero,
    /// The control number does not fit the nine digits.
    #[error("the snils `***-***-*** {control:02}` fails its check; compare it with the document")]
    Checksum {
        /// The control number that was given: the last two digits.
        control: u8,
    },
}

impl CodedError for SnilsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "snils_missing",
            Self::Malformed { .. } => "snils_malformed",
            Self::Zero => "snils_zero",
            Self::Checksum { .. } => "snils_checksum",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Укажите СНИЛС",
            Self::Malformed { .. } => "СНИЛС – одиннадцать цифр: 112-233-445 95",
            Self::Zero => "СНИЛС не может состоять из одних нулей: впишите номер из документа",
            Self::Checksum { .. } => {
                "В СНИЛС опечатка: контрольное число не сходится. Сверьте с документом"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("snils")
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Missing => None,
            Self::Malformed { given } => Some(given.to_string()),
            Self::Zero => Some("000-000-000 00".into()),
            Self::Checksum { control } => Some(format!("***-***-*** {control:02}")),
        }
    }
}

impl SnilsError {
    #[cold]
    fn malformed(text: &str) -> Self {
        Self::Malformed { given: MaskedNumber::of(text) }
    }
}

impl Snils {
    /// The last number that was given out without a control number.
    const LAST_EXEMPT: u32 = 1_001_998;
    const GREATEST: u64 = 99_999_999_999;

    /// Reads a СНИЛС in any of its spellings.
    ///
    /// # Errors
    /// [`SnilsError`] names what is wrong; of the number it shows the last two digits.
    pub fn parse(text: &str) -> Result<Self, SnilsError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SnilsError::Missing);
        }
        let mut digits = 0_u32;
        let mut value = 0_u64;
        for c in text.chars() {
            if let Some(digit) = c.to_digit(10) {
                digits += 1;
                if digits > 11 {
                    return Err(SnilsError::malformed(text));
                }
                value = value * 10 + u64::from(digit);
            } else if !is_separator(c) {
                return Err(SnilsError::malformed(text));
            }
        }
        if digits == 11 { Self::from_digits(value) } else { Err(SnilsError::malformed(text)) }
    }

    /// The СНИЛС with these eleven digits, read as one number.
    ///
    /// # Errors
    /// [`SnilsError::Malformed`] for more than eleven digits, else as [`parse`](Self::parse).
    pub fn from_digits(digits: u64) -> Result<Self, SnilsError> {
        if digits > Self::GREATEST {
            return Err(SnilsError::malformed(&digits.to_string()));
        }
        // Both fit: the greatest is nine digits and two.
        let number = u32::try_from(digits / 100).unwrap_or_default();
        let control = u8::try_from(digits % 100).unwrap_or_default();
        if digits == 0 {
            return Err(SnilsError::Zero);
        }
        if number > Self::LAST_EXEMPT && control_number(number) != u32::from(control) {
            return Err(SnilsError::Checksum { control });
        }
        Ok(Self { number, control })
    }

    /// The eleven digits as one number: what a database stores or looks up.
    #[must_use]
    pub fn digits(self) -> u64 {
        u64::from(self.number) * 100 + u64::from(self.control)
    }

    /// Whether the number is too old to have a control number.
    #[must_use]
    pub const fn is_exempt(self) -> bool {
        self.number <= Self::LAST_EXEMPT
    }
}

/// Spaces of any width and dashes of any kind stand between digits.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

/// Σ digit × weight, weights 9 to 1, modulo 101, with 100 as 0.
const fn control_number(number: u32) -> u32 {
    let (mut rest, mut weight, mut sum) = (number, 1, 0);
    while weight <= 9 {
        sum += rest % 10 * weight;
        rest /= 10;
        weight += 1;
    }
    sum % 101 % 100
}

impl FromStr for Snils {
    type Err = SnilsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.number;
        write!(f, "{:03}-{:03}-{:03} {:02}", n / 1_000_000, n / 1000 % 1000, n % 1000, self.control)
    }
}

impl fmt::Debug for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snils(***-***-*** {:02})", self.control)
    }
}

wire_string!(Snils);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_the_field_are_judged_as_documented() {
        for (text, expected) in [
            ("112-233-445 95", Ok(false)),
            ("001-001-999 65", Ok(false)),
            ("087-654-303 00", Ok(false)),
            ("087-654-302 00", Ok(false)),
            ("021-006-999 00", Ok(false)),
            ("001-019-989 00", Ok(false)),
            ("001-019-899 99", Ok(false)),
            ("116-973-385 89", Ok(false)),
            ("112-855-899 74", Ok(false)),
            ("001-001-998 00", Ok(true)),
            ("001-001-998 77", Ok(true)),
            ("000-000-600 06", Ok(true)),
            ("112-233-445 96", Err("snils_checksum")),
            ("001-001-999 00", Err("snils_checksum")),
            ("123-456-789 01", Err("snils_checksum")),
            ("000-000-000 00", Err("snils_zero")),
            ("112-233-44 95", Err("snils_malformed")),
            ("112-233-4455 95", Err("snils_malformed")),
            ("1,12233E+10", Err("snils_malformed")),
            ("112-233-445 95а", Err("snils_malformed")),
            ("№ 112-233-445 95", Err("snils_malformed")),
            ("١١٢٢٣٣٤٤٥٩٥", Err("snils_malformed")),
            ("", Err("snils_missing")),
            (" \u{a0}", Err("snils_missing")),
        ] {
            let judged = Snils::parse(text).map(Snils::is_exempt);
            assert_eq!(judged.map_err(|error| error.code()), expected, "{text}");
        }
    }

    #[test]
    fn an_error_shows_the_last_two_digits() {
        for (text, said, value) in [
            ("112-233-445 06", "`***-***-*** 06` fails its check", Some("***-***-*** 06")),
            ("112-233-4455 95", "`***95` (digits: 12) is not eleven", Some("***95")),
            ("Ёлкина 5", "`***` (digits: 1) is not eleven", Some("***")),
            ("000-000-000 00", "all zeros", Some("000-000-000 00")),
            ("", "is missing", None),
        ] {
            let error = Snils::parse(text).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!((error.field(), error.value().as_deref()), (Some("snils"), value), "{text}");
        }
        for digits in [100_000_000_000, u64::MAX] {
            assert_eq!(Snils::from_digits(digits).unwrap_err().code(), "snils_malformed");
        }
        // Eleven nines are eleven digits; nine of them want 01.
        assert_eq!(Snils::from_digits(99_999_999_999).unwrap_err().code(), "snils_checksum");
        assert!(Snils::from_digits(99_999_999_901).is_ok());
    }

    #[test]
    fn every_spelling_is_the_same_number() {
        let snils = Snils::parse("112-233-445 95").unwrap();
        assert_eq!(alloc::format!("{snils:?}"), "Snils(***-***-*** 95)");
        for text in [
            "11223344595",
            "112-233-445-95",
            "112 233 445 95",
            " 112\u{2011}233\u{2014}445\u{202f}95 ",
            "112\u{2212}233-445\u{2009}95",
        ] {
            assert_eq!(Snils::parse(text), Ok(snils), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parse_undoes_print(number in 1_u32..=999_999_999) {
            let digits = u64::from(number) * 100 + u64::from(control_number(number));
            let snils = Snils::from_digits(digits).unwrap();
            prop_assert_eq!(Snils::parse(&alloc::format!("{snils}")), Ok(snils));
            prop_assert_eq!(snils.digits(), digits);
        }

        #[test]
        fn one_wrong_digit_is_noticed(number in 1_001_999_u32..=999_999_999, place in 0_u32..9, by in 1_u32..=9) {
            // With nine weights below 101 a single wrong digit always changes the sum modulo 101;
            // only the pair 0 and 100, both written 00, can hide it.
            let power = 10_u32.pow(place);
            let digit = number / power % 10;
            let wrong = number - digit * power + (digit + by) % 10 * power;
            let digits = u64::from(wrong) * 100 + u64::from(control_number(number));
            if wrong > Snils::LAST_EXEMPT && control_number(number) != 0 {
                let control = u8::try_from(digits % 100).unwrap();
                prop_assert_eq!(Snils::from_digits(digits), Err(SnilsError::Checksum { control }));
            }
        }

        #[test]
        fn any_text_is_taken(text in any::<alloc::string::String>()) {
            let _ = Snils::parse(&text);
        }
    }
}
