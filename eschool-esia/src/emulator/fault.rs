//! How the emulator refuses.

use std::borrow::Cow;

/// A code of ЕСИА.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Certificate and mnemonic do not belong together.
    ClientUnknown,
    /// A parameter is wrong or repeated.
    Parameter,
    /// The person refused.
    Denied,
    /// The client may not have this scope.
    Scope,
    /// Something broke inside.
    Internal,
    /// The code is no good, or not for this client or address.
    Grant,
    /// Another grant type than the known ones.
    GrantType,
    /// No scope.
    ScopeMissing,
    /// A mandatory parameter is missing.
    ParameterMissing,
    /// A wrong clock.
    Timestamp,
    /// The address to send people back to is not registered.
    RedirectUri,
    /// A `code_verifier` for a request without a `code_challenge`, or a method without one.
    ChallengeMissing,
    /// The `code_verifier` does not fit.
    Verifier,
    /// `client_secret` or the certificate.
    ClientSecret,
}

impl Code {
    /// The number, the word of RFC 6749 that goes with it, and what it means in Russian.
    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::ClientUnknown => {
                ("007002", "invalid_client", "сертификат не соответствует мнемонике системы")
            }
            Self::Parameter => {
                ("007003", "invalid_request", "параметр указан неверно или повторён")
            }
            Self::Denied => ("007004", "access_denied", "пользователь отказал в доступе"),
            Self::Scope => ("007006", "invalid_scope", "область доступа указана неверно"),
            Self::Internal => ("007007", "server_error", "внутренняя ошибка"),
            Self::Grant => (
                "007011",
                "invalid_grant",
                "код недействителен, просрочен, отозван или выдан для другого адреса или системы",
            ),
            Self::GrantType => {
                ("007012", "unsupported_grant_type", "способ получения маркера не поддерживается")
            }
            Self::ScopeMissing => ("007013", "invalid_scope", "область доступа не указана"),
            Self::ParameterMissing => ("007014", "invalid_request", "нет обязательного параметра"),
            Self::Timestamp => ("007015", "invalid_request", "неверное время запроса"),
            Self::RedirectUri => ("007023", "invalid_request", "адрес возврата не разрешён"),
            Self::ChallengeMissing => ("007039", "invalid_request", "нет code_challenge"),
            Self::Verifier => ("007040", "invalid_grant", "code_verifier не подходит"),
            Self::ClientSecret => {
                ("007053", "invalid_client", "client_secret неверен или сертификат не действует")
            }
        }
    }

    /// `ESIA-007014`.
    pub(super) fn name(self) -> String {
        format!("ESIA-{}", self.told().0)
    }

    /// What goes into `error`.
    pub(super) const fn error(self) -> &'static str {
        self.told().1
    }

    /// What goes into `error_description`.
    pub(super) fn description(self) -> String {
        format!("{}: {}", self.name(), self.told().2)
    }
}

/// A request that is refused: the code that ЕСИА answers, and for the client's developer which
/// check failed, which ЕСИА does not tell.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) check: Cow<'static, str>,
}

impl Fault {
    pub(super) fn new(code: Code, check: impl Into<Cow<'static, str>>) -> Self {
        Self { code, check: check.into() }
    }

    /// Tells the log. The check is of the emulator's own words: nothing that came is repeated.
    pub(super) fn log(&self, endpoint: &'static str) {
        tracing::warn!(endpoint, code = self.code.name(), check = %self.check, "refused");
    }
}
