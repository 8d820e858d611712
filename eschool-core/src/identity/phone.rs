//! Mobile phones.

use alloc::{format, string::String};
use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::{error::CodedError, wire::wire_string};

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
/// use eschool_core::identity::{MobilePhone, PhoneError};
///
/// assert_eq!(MobilePhone::parse("+375 29 123-45-67").unwrap().to_string(), "+375291234567");
/// assert_eq!(MobilePhone::parse("8 (4912) 25-33-11"), Err(PhoneError::NotMobile));
/// assert_eq!(MobilePhone::parse("8 705 123-45-67"), Err(PhoneError::NotMobile));
/// assert_eq!(MobilePhone::parse("891234567"), Err(PhoneError::Malformed));
/// assert_eq!(MobilePhone::parse("+8 912 345-67-89"), Err(PhoneError::Malformed));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MobilePhone(u64);

/// Why a text is no mobile phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Nothing was given.
    #[error("the phone is missing")]
    Missing,
    /// The text is no phone number.
    #[error("the phone is not a number; write it as `+7 912 345-67-89`")]
    Malformed,
    /// The number is Russian and not mobile.
    #[error("the phone is not a mobile one; give the number bound to the state account")]
    NotMobile,
}

impl CodedError for PhoneError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "phone_missing",
            Self::Malformed => "phone_malformed",
            Self::NotMobile => "phone_not_mobile",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Укажите номер мобильного телефона",
            Self::Malformed => "Это не номер телефона. Запишите его так: +7 912 345-67-89",
            Self::NotMobile => {
                "Это не мобильный номер. Нужен тот, что привязан к учётной записи на «Госуслугах»"
            }
        }
    }
}

impl MobilePhone {
    /// Reads a mobile phone in any of its spellings.
    ///
    /// # Errors
    /// [`PhoneError`] names what is wrong; the text itself is never repeated.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PhoneError::Missing);
        }
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
                    return Err(PhoneError::Malformed);
                }
                number = number * 10 + u64::from(digit);
            } else if !is_separator(c) {
                return Err(PhoneError::Malformed);
            }
        }
        if international {
            Self::international(digits, number)
        } else {
            Self::russian(digits, number)
        }
    }

    /// With `+`: the country code is there.
    fn international(digits: u32, number: u64) -> Result<Self, PhoneError> {
        let starts_with_zero = number < 10_u64.pow(digits.saturating_sub(1));
        if starts_with_zero || digits < 8 {
            return Err(PhoneError::Malformed);
        }
        let leading = number / 10_u64.pow(digits - 1);
        match (leading, digits) {
            // No country has the code 89: a trunk prefix behind a `+`.
            (8, _) if number / 10_u64.pow(digits - 2) == 89 => Err(PhoneError::Malformed),
            // +7 is shared: 9xx is Russian mobile, 6xx and 7xx are Kazakh, the rest Russian fixed.
            (7, 11) => match number / 1_000_000_000 % 10 {
                6 | 7 | 9 => Ok(Self(number)),
                _ => Err(PhoneError::NotMobile),
            },
            (7, _) => Err(PhoneError::Malformed),
            _ => Ok(Self(number)),
        }
    }

    /// Without `+`: ten digits, or eleven with the trunk prefix 8 or the country code 7.
    fn russian(digits: u32, number: u64) -> Result<Self, PhoneError> {
        let national = match (digits, number / 10_000_000_000) {
            (10, 0) => number,
            (11, 7 | 8) => number % 10_000_000_000,
            _ => return Err(PhoneError::Malformed),
        };
        match national / 1_000_000_000 {
            9 => Ok(Self(70_000_000_000 + national)),
            // No Russian number begins so, neither with its area nor with its network.
            0..=2 => Err(PhoneError::Malformed),
            _ => Err(PhoneError::NotMobile),
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
        use PhoneError::{Malformed, Missing, NotMobile};
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
            ("84912445566", Err(NotMobile)),
            ("+7 3412 91-22-33", Err(NotMobile)),
            ("8 705 123-45-67", Err(NotMobile)),
            ("7 705 123-45-67", Err(NotMobile)),
            ("4912445566", Err(NotMobile)),
            ("891234567", Err(Malformed)),
            ("+7(912)34567890", Err(Malformed)),
            ("+8 912 345 67 89", Err(Malformed)),
            ("+8(912)345-67-89", Err(Malformed)),
            ("+84 912 345 678", Ok("+84912345678")),
            ("+852 5123 4567", Ok("+85251234567")),
            ("19123456789", Err(Malformed)),
            ("0123456789", Err(Malformed)),
            ("+0123456789", Err(Malformed)),
            ("+", Err(Malformed)),
            ("++79123456789", Err(Malformed)),
            ("+79123456789, +79123456780", Err(Malformed)),
            ("+79123456789 доб. 5", Err(Malformed)),
            ("1234567890123456", Err(Malformed)),
            ("нет", Err(Malformed)),
            ("", Err(Missing)),
            ("  ", Err(Missing)),
        ] {
            let read = MobilePhone::parse(text).map(|phone| phone.to_string());
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{text}");
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
