//! The error codes of ЕСИА itself, `ESIA-007004` and the like.

use std::fmt;

use super::{
    Remedy,
    cause::{EsiaCause, Known, known},
};

/// A code by which ЕСИА says why it refused.
///
/// ```
/// use eschool_esia::client::{EsiaCode, Remedy};
///
/// let code = EsiaCode::parse("ESIA-007008: The authorization server is overloaded").unwrap();
/// assert_eq!(code.to_string(), "ESIA-007008");
/// assert_eq!(code.meaning_ru(), Some("сервер авторизации перегружен"));
/// assert_eq!(code.meaning_en(), Some("the authorization server is overloaded"));
/// assert!(code.advice_en().unwrap().starts_with("Wait."));
/// assert_eq!(code.remedy(), Remedy::TryLater);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EsiaCode(u32);

impl EsiaCode {
    pub(super) const DENIED: Self = Self(7004);
    pub(super) const NOT_CONFIRMED: Self = Self(7055);
    pub(super) const WRONG_TIME: Self = Self(7015);

    /// Whether it finds fault with `client_secret`, its time or the certificate.
    pub(super) const fn is_about_secret(self) -> bool {
        matches!(self.0, 7002 | 7015 | 7053 | 8010)
    }

    /// Finds the first code in an `error_description`: `ESIA-` and exactly six digits.
    #[must_use]
    pub fn parse(description: &str) -> Option<Self> {
        description.split("ESIA-").skip(1).find_map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).take(7).collect();
            if digits.len() == 6 { digits.parse().ok().map(Self) } else { None }
        })
    }

    /// Why ЕСИА refused; none for a code that this version does not know.
    #[must_use]
    pub fn cause(self) -> Option<EsiaCause> {
        self.known().map(|known| known.cause)
    }

    /// What the code means, in Russian, for those who run the system; none for a code that this
    /// version does not know.
    #[must_use]
    pub fn meaning_ru(self) -> Option<&'static str> {
        self.known().map(|known| known.meaning_ru)
    }

    /// The same in English.
    #[must_use]
    pub fn meaning_en(self) -> Option<&'static str> {
        self.known().map(|known| known.meaning_en)
    }

    /// What those who run the system do about it, in Russian; what the person does is
    /// [`remedy`](Self::remedy). None for a code that this version does not know.
    #[must_use]
    pub fn advice_ru(self) -> Option<&'static str> {
        self.known().map(|known| known.advice_ru)
    }

    /// The same in English.
    #[must_use]
    pub fn advice_en(self) -> Option<&'static str> {
        self.known().map(|known| known.advice_en)
    }

    /// What helps. Of an unknown code only the operator can find out more.
    #[must_use]
    pub fn remedy(self) -> Remedy {
        self.known().map_or(Remedy::AskOperator, |known| known.remedy)
    }

    fn known(self) -> Option<&'static Known> {
        known(self.0)
    }
}

impl fmt::Display for EsiaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ESIA-{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_what_esia_says() {
        for (text, expected) in [
            ("ESIA-007004: User denied access", Some("ESIA-007004")),
            ("ESIA-007004", Some("ESIA-007004")),
            ("error ESIA-036712: …", Some("ESIA-036712")),
            ("ESIA-ESIA-7004, see ESIA-007011", Some("ESIA-007011")),
            ("ESIA-007011 after ESIA-007004", Some("ESIA-007011")),
            ("ESIA-7004: short", None),
            ("ESIA-0070045: long", None),
            ("ESIA-00700x", None),
            ("esia-007004", None),
            ("ESIA-٠٠٧٠٠٤", None),
            ("", None),
        ] {
            let found = EsiaCode::parse(text).map(|code| code.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn consents_are_a_whole_range_and_an_unknown_code_has_no_meaning() {
        let of = |text| EsiaCode::parse(text).unwrap();
        assert_eq!(of("ESIA-036799").remedy(), Remedy::CheckAccount);
        assert_eq!(of("ESIA-036800").meaning_ru(), None);
        assert_eq!(of("ESIA-036699").remedy(), Remedy::AskOperator);
    }
}
