//! The codes by which ЕСИА refuses, as far as the emulator gives them.

use std::fmt;

/// A code of ЕСИА that the emulator can refuse with: `ESIA-007004`.
///
/// The [module](super#every-code-and-how-to-get-it) tells how to be refused with each.
///
/// ```
/// use eschool_esia::emulator::RefusalCode;
///
/// let overloaded = RefusalCode::parse("ESIA-007008").unwrap();
/// assert_eq!(overloaded.error(), "temporarily_unavailable");
/// assert_eq!(overloaded.text_en(), "the authorization server is overloaded");
/// assert_eq!(RefusalCode::parse("ESIA-036707").unwrap().to_string(), "ESIA-036707");
/// assert_eq!(RefusalCode::parse("ESIA-000001"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefusalCode(u32);

/// The number, the word of RFC 6749 that goes with it, and what it means.
type Told = (RefusalCode, &'static str, &'static str, &'static str);

/// The numbers from here to `CONSENT_LAST` are about consents; what each means is not known.
const CONSENT_FIRST: u32 = 36_700;
const CONSENT_LAST: u32 = 36_799;

impl RefusalCode {
    /// Certificate and mnemonic do not belong together.
    pub(super) const CLIENT_UNKNOWN: Self = Self(7002);
    /// A parameter is wrong or repeated.
    pub(super) const PARAMETER: Self = Self(7003);
    /// The person refused.
    pub(super) const DENIED: Self = Self(7004);
    /// The client may not ask in this way.
    pub(super) const WAY_FORBIDDEN: Self = Self(7005);
    /// The client may not have this scope.
    pub(super) const SCOPE: Self = Self(7006);
    /// Something broke inside.
    pub(super) const INTERNAL: Self = Self(7007);
    /// Another `response_type` than `code`.
    pub(super) const RESPONSE_TYPE: Self = Self(7009);
    /// The code or the refresh token is no good, or not for this client or address.
    pub(super) const GRANT: Self = Self(7011);
    /// Another grant type than the known ones.
    pub(super) const GRANT_TYPE: Self = Self(7012);
    /// No scope.
    pub(super) const SCOPE_MISSING: Self = Self(7013);
    /// A mandatory parameter is missing.
    pub(super) const PARAMETER_MISSING: Self = Self(7014);
    /// A wrong clock.
    pub(super) const TIMESTAMP: Self = Self(7015);
    /// The client has no permission for what it asks.
    pub(super) const PERMISSION: Self = Self(7019);
    /// The address to send people back to is not registered.
    pub(super) const REDIRECT_URI: Self = Self(7023);
    /// No `code_challenge` where one is needed.
    pub(super) const CHALLENGE_MISSING: Self = Self(7039);
    /// The `code_verifier` does not fit.
    pub(super) const VERIFIER: Self = Self(7040);
    /// The client asks for two factors, and the person has one.
    pub(super) const SECOND_FACTOR: Self = Self(7046);
    /// `client_secret` or the certificate.
    pub(super) const CLIENT_SECRET: Self = Self(7053);
    /// The account is not confirmed.
    pub(super) const NOT_CONFIRMED: Self = Self(7055);
    /// The client did not prove who it is, or is closed.
    pub(super) const CLIENT_CLOSED: Self = Self(8010);
    /// A consent is missing.
    pub(super) const CONSENT: Self = Self(CONSENT_FIRST);

    /// Every code; of the hundred about consents, the first.
    pub const ALL: [Self; 22] = {
        let mut codes = [Self::CONSENT; 22];
        let mut at = 0;
        while at < codes.len() {
            let (slot, told) = (codes.split_at_mut(at).1, TOLD.split_at(at).1);
            if let ([slot, ..], [told, ..]) = (slot, told) {
                *slot = told.0;
            }
            at += 1;
        }
        codes
    };

    /// Reads `ESIA-` and six digits; none for a code that the emulator does not give.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("ESIA-")?;
        let is_number = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let code = Self(digits.parse().ok().filter(|_| is_number)?);
        (code.is_consent() || TOLD.iter().any(|told| told.0 == code)).then_some(code)
    }

    /// The word of RFC 6749 that stands in `error`.
    #[must_use]
    pub fn error(self) -> &'static str {
        self.told().1
    }

    /// What it means, in Russian; this stands in `error_description`.
    #[must_use]
    pub fn text_ru(self) -> &'static str {
        self.told().2
    }

    /// What it means, in English.
    #[must_use]
    pub fn text_en(self) -> &'static str {
        self.told().3
    }

    /// What goes into `error_description`.
    pub(super) fn description(self) -> String {
        format!("{self}: {}", self.text_ru())
    }

    fn is_consent(self) -> bool {
        (CONSENT_FIRST..=CONSENT_LAST).contains(&self.0)
    }

    fn told(self) -> &'static Told {
        let [.., consent] = &TOLD;
        TOLD.iter().find(|told| told.0 == self).unwrap_or(consent)
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ESIA-{:06}", self.0)
    }
}

const TOLD: [Told; 22] = [
    (
        RefusalCode::CLIENT_UNKNOWN,
        "invalid_client",
        "сертификат не соответствует мнемонике системы",
        "the certificate does not go with the system's mnemonic",
    ),
    (
        RefusalCode::PARAMETER,
        "invalid_request",
        "параметр указан неверно или повторён",
        "a parameter is wrong or repeated",
    ),
    (RefusalCode::DENIED, "access_denied", "пользователь отказал в доступе", "the person refused"),
    (
        RefusalCode::WAY_FORBIDDEN,
        "unauthorized_client",
        "системе не разрешён такой запрос",
        "the system may not ask in this way",
    ),
    (
        RefusalCode::SCOPE,
        "invalid_scope",
        "область доступа указана неверно",
        "the scope is wrong or not allowed",
    ),
    (RefusalCode::INTERNAL, "server_error", "внутренняя ошибка", "an internal error"),
    (
        RefusalCode(7008),
        "temporarily_unavailable",
        "сервер авторизации перегружен",
        "the authorization server is overloaded",
    ),
    (
        RefusalCode::RESPONSE_TYPE,
        "unsupported_response_type",
        "такой response_type не поддерживается",
        "this response_type is not supported",
    ),
    (
        RefusalCode::GRANT,
        "invalid_grant",
        "код недействителен, просрочен, отозван или выдан для другого адреса или системы",
        "the code is invalid, too old, revoked, or for another address or system",
    ),
    (
        RefusalCode::GRANT_TYPE,
        "unsupported_grant_type",
        "способ получения маркера не поддерживается",
        "this grant_type is not supported",
    ),
    (
        RefusalCode::SCOPE_MISSING,
        "invalid_scope",
        "область доступа не указана",
        "there is no scope",
    ),
    (
        RefusalCode::PARAMETER_MISSING,
        "invalid_request",
        "нет обязательного параметра",
        "a mandatory parameter is missing",
    ),
    (
        RefusalCode::TIMESTAMP,
        "invalid_request",
        "неверное время запроса",
        "the request is of another time",
    ),
    (
        RefusalCode::PERMISSION,
        "access_denied",
        "у системы нет разрешения на запрос",
        "the system has no permission for this request",
    ),
    (
        RefusalCode::REDIRECT_URI,
        "invalid_request",
        "адрес возврата не разрешён",
        "the redirect_uri is not allowed",
    ),
    (
        RefusalCode::CHALLENGE_MISSING,
        "invalid_request",
        "нет code_challenge",
        "there is no code_challenge",
    ),
    (
        RefusalCode::VERIFIER,
        "invalid_grant",
        "code_verifier не подходит",
        "the code_verifier does not fit",
    ),
    (
        RefusalCode::SECOND_FACTOR,
        "access_denied",
        "нужен второй фактор входа",
        "a second factor is needed",
    ),
    (
        RefusalCode::CLIENT_SECRET,
        "invalid_client",
        "client_secret неверен или сертификат не действует",
        "the client_secret is wrong, or the certificate is not valid",
    ),
    (
        RefusalCode::NOT_CONFIRMED,
        "access_denied",
        "учётная запись не подтверждена",
        "the account is not confirmed",
    ),
    (
        RefusalCode::CLIENT_CLOSED,
        "invalid_client",
        "система не прошла проверку подлинности",
        "the system could not be authenticated",
    ),
    (RefusalCode::CONSENT, "access_denied", "нет согласия", "a consent is missing"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_as_it_is_written() {
        for (place, code) in RefusalCode::ALL.into_iter().enumerate() {
            assert_eq!(RefusalCode::parse(&code.to_string()), Some(code));
            assert_eq!(RefusalCode::ALL.iter().position(|other| *other == code), Some(place));
        }
        assert_eq!(RefusalCode::parse("ESIA-036799").unwrap().text_ru(), "нет согласия");
        for text in
            ["", "ESIA-", "007004", "ESIA-7004", "ESIA-+07004", "ESIA-036800", "esia-007004"]
        {
            assert_eq!(RefusalCode::parse(text), None, "{text}");
        }
    }
}
