//! Mobile phones.

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

/// A mobile phone number in E.164: `+79123456789`.
///
/// # Spellings
///
/// ```
/// use eschool_core::identity::MobilePhone;
///
/// for text in ["+7(912)3456789", "8 912 345-67-89", "9123456789", "+7 912 345 67 89"] {
///     assert_eq!(MobilePhone::parse(text)?.to_string(), "+79123456789");
/// }
/// # Ok::<(), eschool_core::identity::PhoneError>(())
/// ```
///
/// A number of another country is taken with its `+` only. A Russian number that is not mobile is
/// refused with that reason, for ЕСИА knows mobile numbers alone; so is a number that would be
/// Kazakh if it had a `+`. `+8 9…` is malformed: no country has the code 89, so it is `8 9…` with a
/// `+` too many, the commonest mistyping. (`+84`, `+852`, `+855` are countries.)
///
/// ```
/// use eschool_core::{error::CodedError, identity::MobilePhone};
///
/// assert_eq!(MobilePhone::parse("+375 29 123-45-67").unwrap().to_string(), "+375291234567");
/// for (text, code) in [
///     ("8 (4912) 25-33-11", "phone_not_mobile"),
///     ("8 705 123-45-67", "phone_not_mobile"),
///     ("891234567", "phone_malformed"),
///     ("+8 912 345-67-89", "phone_malformed"),
/// ] {
///     assert_eq!(MobilePhone::parse(text).unwrap_err().code(), code, "{text}");
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "string", rename = "MobilePhoneText")
)]
pub struct MobilePhone(u64);

/// Why a text is no mobile phone.
///
/// ```
/// use eschool_core::identity::MobilePhone;
///
/// let error = MobilePhone::parse("912 345-67-8").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the phone `***78` (digits: 9) is not a number; write it as `+7 912 345-67-89`",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Nothing was given.
    #[error("the phone is missing")]
    Missing,
    /// The text is no phone number.
    #[error(
        "the phone `{given}` (digits: {}) is not a number; write it as `+7 912 345-67-89`",
        .given.digits()
    )]
    Malformed {
        /// What was given, masked.
        given: MaskedNumber,
    },
    /// The number is Russian and not mobile.
    #[error("the phone `{given}` is not a mobile one; give the number bound to the state account")]
    NotMobile {
        /// What was given, masked.
        given: MaskedNumber,
    },
}

impl CodedError for PhoneError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "phone_missing",
            Self::Malformed { .. } => "phone_malformed",
            Self::NotMobile { .. } => "phone_not_mobile",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Укажите номер мобильного телефона",
            Self::Malformed { .. } => "Это не номер телефона. Запишите его так: +7 912 345-67-89",
            Self::NotMobile { .. } => {
                "Это не мобильный номер. Нужен тот, что привязан к учётной записи на «Госуслугах»"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("phone")
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Missing => None,
            Self::Malformed { given } | Self::NotMobile { given } => Some(given.to_string()),
        }
    }
}

/// What is wrong, before it is told of what.
enum Fault {
    Malformed,
    NotMobile,
}

impl Fault {
    #[cold]
    fn of(self, text: &str) -> PhoneError {
        let given = MaskedNumber::of(text);
        match self {
            Self::Malformed => PhoneError::Malformed { given },
            Self::NotMobile => PhoneError::NotMobile { given },
        }
    }
}

impl MobilePhone {
    /// Reads a mobile phone in any of its spellings.
    ///
    /// # Errors
    /// [`PhoneError`] names what is wrong; of the number it shows the last two digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PhoneError::Missing);
        }
        Self::read(text).map_err(|fault| fault.of(text))
    }

    fn read(text: &str) -> Result<Self, Fault> {
        let (international, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = 0_u32;
        let mut number = 0_u64;
        for c in rest.chars() {
            if let Some(digit) = c.to_digit(10) {
                digits += 1;
                // E.164 ends at fifteen digits.
                if digits > 15 {
                    return Err(Fault::Malformed);
                }
                number = number * 10 + u64::from(digit);
            } else if !is_separator(c) {
                return Err(Fault::Malformed);
            }
        }
        if international {
            Self::international(digits, number)
        } else {
            Self::russian(digits, number)
        }
    }

    /// With `+`: the country code is there.
    fn international(digits: u32, number: u64) -> Result<Self, Fault> {
        let starts_with_zero = number < 10_u64.pow(digits.saturating_sub(1));
        if starts_with_zero || digits < 8 {
            return Err(Fault::Malformed);
        }
        let leading = number / 10_u64.pow(digits - 1);
        match (leading, digits) {
            // No country has the code 89: a trunk prefix behind a `+`.
            (8, _) if number / 10_u64.pow(digits - 2) == 89 => Err(Fault::Malformed),
            // +7 is shared: 9xx is Russian mobile, 6xx and 7xx are Kazakh, the rest Russian fixed.
            (7, 11) => match number / 1_000_000_000 % 10 {
                6 | 7 | 9 => Ok(Self(number)),
                // No Russian number begins so, neither with its area nor with its network.
                0..=2 => Err(Fault::Malformed),
                _ => Err(Fault::NotMobile),
            },
            (7, _) => Err(Fault::Malformed),
            _ => Ok(Self(number)),
        }
    }

    /// Without `+`: ten digits, or eleven with the trunk prefix 8 or the country code 7.
    fn russian(digits: u32, number: u64) -> Result<Self, Fault> {
        let national = match (digits, number / 10_000_000_000) {
            (10, 0) => number,
            (11, 7 | 8) => number % 10_000_000_000,
            _ => return Err(Fault::Malformed),
        };
        match national / 1_000_000_000 {
            9 => Ok(Self(70_000_000_000 + national)),
            0..=2 => Err(Fault::Malformed),
            _ => Err(Fault::NotMobile),
        }
    }

    /// The number as a person reads it: `+7 912 345-67-89`; others in E.164.
    #[must_use]
    pub fn readable(self) -> String {
        let n = self.0;
        if n / 10_000_000_000 == 7 {
            format!(
                "+7 {:03} {:03}-{:02}-{:02}",
                n / 10_000_000 % 1000,
                n / 10_000 % 1000,
                n / 100 % 100,
                n % 100
            )
        } else {
            format!("{self}")
        }
    }
}

/// What people put between digits.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '(' | ')' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

impl FromStr for MobilePhone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for MobilePhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for MobilePhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MobilePhone(***{:02})", self.0 % 100)
    }
}

wire_string!(MobilePhone);

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_the_field_are_read() {
        for (text, expected) in [
            ("+7(912)3456789", Ok("+79123456789")),
            ("8 912 345-67-89", Ok("+79123456789")),
            ("8(912)345-67-89", Ok("+79123456789")),
            ("7 912 345 67 89", Ok("+79123456789")),
            ("9123456789", Ok("+79123456789")),
            ("+7\u{a0}912\u{a0}345‑67‑89", Ok("+79123456789")),
            ("+7 705 123 45 67", Ok("+77051234567")),
            ("+375 29 123-45-67", Ok("+375291234567")),
            ("+1 202 555 0123", Ok("+12025550123")),
            ("84912445566", Err("phone_not_mobile")),
            ("+7 3412 91-22-33", Err("phone_not_mobile")),
            ("8 705 123-45-67", Err("phone_not_mobile")),
            ("7 705 123-45-67", Err("phone_not_mobile")),
            ("4912445566", Err("phone_not_mobile")),
            ("891234567", Err("phone_malformed")),
            ("+7(912)34567890", Err("phone_malformed")),
            ("+8 912 345 67 89", Err("phone_malformed")),
            ("+8(912)345-67-89", Err("phone_malformed")),
            ("+84 912 345 678", Ok("+84912345678")),
            ("+852 5123 4567", Ok("+85251234567")),
            ("19123456789", Err("phone_malformed")),
            ("0123456789", Err("phone_malformed")),
            ("+7 012 345-67-89", Err("phone_malformed")),
            ("8 212 345-67-89", Err("phone_malformed")),
            ("+7 212 345-67-89", Err("phone_malformed")),
            ("+7 312 345-67-89", Err("phone_not_mobile")),
            ("+0123456789", Err("phone_malformed")),
            // E.164 has eight digits to fifteen.
            ("+1000000", Err("phone_malformed")),
            ("+10000000", Ok("+10000000")),
            ("+123456789012345", Ok("+123456789012345")),
            ("+1234567890123456", Err("phone_malformed")),
            ("+", Err("phone_malformed")),
            ("++79123456789", Err("phone_malformed")),
            ("+79123456789, +79123456780", Err("phone_malformed")),
            ("+79123456789 доб. 5", Err("phone_malformed")),
            ("1234567890123456", Err("phone_malformed")),
            ("нет", Err("phone_malformed")),
            ("", Err("phone_missing")),
            ("  ", Err("phone_missing")),
        ] {
            let read = MobilePhone::parse(text).map(|phone| phone.to_string());
            assert_eq!(read.as_deref().map_err(CodedError::code), expected, "{text}");
        }
    }

    #[test]
    fn an_error_shows_the_last_two_digits() {
        for (text, said, value) in [
            ("8 (4912) 25-33-06", "`***06` is not a mobile one", Some("***06")),
            ("+7 912 345-67-890", "`***90` (digits: 12) is not a number", Some("***90")),
            ("позже", "`***` (digits: 0) is not a number", Some("***")),
            ("", "is missing", None),
        ] {
            let error = MobilePhone::parse(text).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!((error.field(), error.value().as_deref()), (Some("phone"), value), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        let phone = MobilePhone::parse("+79123456789").unwrap();
        assert_eq!(format!("{phone:?}"), "MobilePhone(***89)");
        assert_eq!(phone.readable(), "+7 912 345-67-89");
    }

    proptest! {
        #[test]
        fn parse_undoes_print(national in 9_000_000_000_u64..=9_999_999_999) {
            let phone = MobilePhone::parse(&national.to_string()).unwrap();
            prop_assert_eq!(MobilePhone::parse(&phone.to_string()), Ok(phone));
            prop_assert_eq!(MobilePhone::parse(&phone.readable()), Ok(phone));
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = MobilePhone::parse(&text);
        }
    }
}
