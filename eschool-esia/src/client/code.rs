//! The error codes of ЕСИА itself, `ESIA-007004` and the like.

use std::fmt;

/// A code by which ЕСИА says why it refused.
///
/// ```
/// use eschool_esia::client::{EsiaCode, Remedy};
///
/// let code = EsiaCode::parse("ESIA-007008: The authorization server is overloaded").unwrap();
/// assert_eq!(code.to_string(), "ESIA-007008");
/// assert_eq!(code.meaning_ru(), Some("сервер авторизации перегружен"));
/// assert_eq!(code.remedy(), Remedy::TryLater);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EsiaCode(u32);

/// What helps against a refusal of ЕСИА.
///
/// ```
/// use eschool_esia::client::{EsiaCode, Remedy};
///
/// let stale = EsiaCode::parse("ESIA-007011").unwrap();
/// assert_eq!(stale.remedy(), Remedy::StartAgain);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The person begins the sign-in anew.
    StartAgain,
    /// The person tries again in some minutes.
    TryLater,
    /// The person looks into the own account on «Госуслуги».
    CheckAccount,
    /// The operator of the system mends its settings or its registration.
    AskOperator,
}

use Remedy::{AskOperator, CheckAccount, StartAgain, TryLater};

/// What the codes mean, by the names that open implementations give them.
const KNOWN: [(u32, Remedy, &str); 22] = [
    (7002, AskOperator, "сертификат не подходит к мнемонике системы"),
    (7003, AskOperator, "параметр запроса отсутствует, неверен или повторён"),
    (7004, StartAgain, "пользователь отказался от входа"),
    (7005, AskOperator, "системе не разрешён этот способ запроса"),
    (7006, AskOperator, "запрошена неизвестная или неразрешённая область доступа (scope)"),
    (7007, TryLater, "внутренняя ошибка сервера авторизации"),
    (7008, TryLater, "сервер авторизации перегружен"),
    (7009, AskOperator, "способ запроса не поддерживается"),
    (7011, StartAgain, "код авторизации неверен, устарел, отозван или выдан для другого запроса"),
    (7012, AskOperator, "вид разрешения (grant_type) не поддерживается"),
    (7013, AskOperator, "не указана область доступа (scope)"),
    (7014, AskOperator, "нет обязательного параметра запроса"),
    (7015, AskOperator, "неверное время запроса: проверьте часы сервера"),
    (7019, AskOperator, "у системы нет разрешения на запрос"),
    (7023, AskOperator, "адрес возврата (redirect_uri) не разрешён"),
    (7039, AskOperator, "нет параметра code_challenge"),
    (7040, AskOperator, "проверка PKCE не сошлась"),
    (7046, CheckAccount, "нужен второй фактор входа"),
    (7053, AskOperator, "подпись запроса (client_secret) неверна или сертификат не действует"),
    (7055, CheckAccount, "учётная запись не подтверждена"),
    (8010, AskOperator, "система не прошла проверку подлинности"),
    (36_700, CheckAccount, "нет согласия пользователя"),
];

/// All codes from 036700 to 036799 are about consents.
const CONSENTS: std::ops::RangeInclusive<u32> = 36_700..=36_799;

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

    /// What the code means, in Russian, for those who run the system; none for a code that this
    /// version does not know.
    #[must_use]
    pub fn meaning_ru(self) -> Option<&'static str> {
        self.known().map(|(_, _, meaning)| *meaning)
    }

    /// What helps. Of an unknown code only the operator can find out more.
    #[must_use]
    pub fn remedy(self) -> Remedy {
        self.known().map_or(AskOperator, |(_, remedy, _)| *remedy)
    }

    fn known(self) -> Option<&'static (u32, Remedy, &'static str)> {
        let number = if CONSENTS.contains(&self.0) { *CONSENTS.start() } else { self.0 };
        KNOWN.iter().find(|(known, _, _)| *known == number)
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
    fn every_known_code_stands_once_in_order() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn consents_are_a_whole_range_and_an_unknown_code_has_no_meaning() {
        let of = |text| EsiaCode::parse(text).unwrap();
        assert_eq!(of("ESIA-036799").remedy(), CheckAccount);
        assert_eq!(of("ESIA-036800").meaning_ru(), None);
        assert_eq!(of("ESIA-036699").remedy(), AskOperator);
    }
}
