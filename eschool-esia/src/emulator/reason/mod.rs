//! Which check failed: a stable word for programs, and a sentence in Russian and in English for
//! whoever builds the client. ЕСИА itself tells none of this.

mod caller;
mod grant;
mod request;

use chrono::{DateTime, Utc};

use crate::cms::CmsError;

/// Which check failed.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    // the client and its rights
    ClientUnknown,
    ClientClosed,
    InterfaceForbidden,
    GrantForbidden,
    OfflineForbidden,
    // the parameters
    Repeated(&'static str),
    AnyRepeated,
    Missing(&'static str),
    Not { name: &'static str, right: &'static str },
    GrantType,
    AccessType,
    State,
    Redirect { name: &'static str, hosts: String },
    ScopeForeign { name: &'static str, registered: String },
    ScopeBlank,
    ScopeOther,
    PersonFilter,
    BodyBroken,
    BodyKind,
    // who calls
    TimestampForm,
    TimestampFar { seconds: i64 },
    CertificateHash,
    CertificateTime { from: DateTime<Utc>, until: DateTime<Utc> },
    SecretKey,
    SecretForm,
    SecretReversed,
    SecretSwapped,
    SecretHalves,
    SecretWrong { fields: &'static str },
    CmsForm,
    Cms(CmsError),
    // PKCE
    ChallengeNeeded,
    ChallengeMissing,
    ChallengeMethod,
    VerifierUnasked,
    VerifierMissing,
    VerifierWrong,
    // codes and refresh tokens
    CodeUnknown,
    CodeForeign,
    CodeInterface,
    CodeRedirect,
    CodeUsed,
    CodeOld,
    RefreshUnknown,
    RefreshForeign,
    RefreshInterface,
    RefreshUsed,
    // the person
    PersonRefused,
    PersonGone,
    NotConfirmed,
    FilterConfirmed,
    FilterKid,
    FilterNotKid,
    SecondFactor,
    ConsentMissing,
    // data
    TokenMissing,
    TokenBad,
    TokenPerson,
    TokenScope(&'static [&'static str]),
    // the emulator
    Injected,
    TokenUnwritten,
    KeyFailed,
}

/// A word, then Russian, then English.
type Told = (&'static str, String, String);

fn told(check: &'static str, ru: &str, en: &str) -> Told {
    (check, ru.into(), en.into())
}

impl Reason {
    /// The word.
    pub(super) fn check(&self) -> &'static str {
        self.told().0
    }

    /// Russian, English.
    pub(super) fn texts(&self) -> (String, String) {
        let (_, ru, en) = self.told();
        (ru, en)
    }

    fn told(&self) -> Told {
        self.of_client()
            .or_else(|| self.of_parameters())
            .or_else(|| self.of_caller())
            .or_else(|| self.of_challenge())
            .or_else(|| self.of_grant())
            .or_else(|| self.of_person())
            .unwrap_or_else(|| self.of_rest())
    }

    fn of_rest(&self) -> Told {
        match self {
            Self::TokenMissing => told(
                "token_missing",
                "нет маркера доступа: заголовка `Authorization: Bearer …`",
                "there is no access token: the header `Authorization: Bearer …`",
            ),
            Self::TokenBad => told(
                "token_bad",
                "маркер доступа неизвестен, просрочен или отозван",
                "the access token is unknown, too old or revoked",
            ),
            Self::TokenPerson => told(
                "token_person",
                "маркер доступа выдан на другого человека",
                "the access token is of another person",
            ),
            Self::TokenScope(needed) => (
                "token_scope",
                format!(
                    "область доступа маркера не включает эти данные: нужна одна из `{}`",
                    needed.join("`, `")
                ),
                format!("the token's scope has none of `{}`", needed.join("`, `")),
            ),
            Self::Injected => told(
                "injected",
                "сбой включён через `/emulator/faults`",
                "a fault is on: `/emulator/faults`",
            ),
            Self::KeyFailed => told(
                "key_failed",
                "ключа маркеров нет: его не удалось создать, или в настройках ключ другого вида",
                "there is no key for tokens: it could not be made, or the settings have one of the \
                 other kind",
            ),
            _ => told(
                "token_unwritten",
                "не удалось записать маркер",
                "a token could not be written",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reason there is.
    fn all() -> Vec<Reason> {
        use Reason::*;
        vec![
            ClientUnknown,
            ClientClosed,
            InterfaceForbidden,
            GrantForbidden,
            OfflineForbidden,
            Repeated("scope"),
            AnyRepeated,
            Missing("scope"),
            Not { name: "token_type", right: "Bearer" },
            GrantType,
            AccessType,
            State,
            Redirect { name: "redirect_uri", hosts: "127.0.0.1".into() },
            ScopeForeign { name: "scope", registered: "openid".into() },
            ScopeBlank,
            ScopeOther,
            PersonFilter,
            BodyBroken,
            BodyKind,
            TimestampForm,
            TimestampFar { seconds: 5 },
            CertificateHash,
            CertificateTime { from: DateTime::UNIX_EPOCH, until: DateTime::UNIX_EPOCH },
            SecretKey,
            SecretForm,
            SecretReversed,
            SecretSwapped,
            SecretHalves,
            SecretWrong { fields: "state" },
            CmsForm,
            Cms(CmsError::Signers),
            ChallengeNeeded,
            ChallengeMissing,
            ChallengeMethod,
            VerifierUnasked,
            VerifierMissing,
            VerifierWrong,
            CodeUnknown,
            CodeForeign,
            CodeInterface,
            CodeRedirect,
            CodeUsed,
            CodeOld,
            RefreshUnknown,
            RefreshForeign,
            RefreshInterface,
            RefreshUsed,
            PersonRefused,
            PersonGone,
            NotConfirmed,
            FilterConfirmed,
            FilterKid,
            FilterNotKid,
            SecondFactor,
            ConsentMissing,
            TokenMissing,
            TokenBad,
            TokenPerson,
            TokenScope(&["fullname"]),
            Injected,
            TokenUnwritten,
            KeyFailed,
        ]
    }

    #[test]
    fn every_reason_has_words_of_its_own_in_both_languages() {
        let russian = |text: &str| text.chars().any(|c| matches!(c, 'а'..='я' | 'ё'));
        let mut words: Vec<_> = all().iter().map(Reason::texts).collect();
        for (ru, en) in &words {
            assert!(russian(ru) && !russian(en), "{ru} / {en}");
            let codes = |text: &str| text.matches('`').count();
            assert_eq!(codes(ru) % 2, 0, "{ru}");
            assert_eq!(codes(en) % 2, 0, "{en}");
        }
        let count = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), count, "no two say the same");
    }
}
