//! Which check failed: a stable word for programs, and a sentence in Russian and in English for
//! whoever builds the client. ЕСИА itself tells none of this.

mod caller;
mod data;
mod grant;
mod request;

pub(super) use caller::{CallerReason, ChallengeReason};
pub(super) use data::{DataReason, OwnReason};
pub(super) use grant::{GrantReason, PersonReason};
pub(super) use request::{ClientReason, ParameterReason};

/// Which check failed.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    Client(ClientReason),
    Parameter(ParameterReason),
    Caller(CallerReason),
    Challenge(ChallengeReason),
    Grant(GrantReason),
    Person(PersonReason),
    Data(DataReason),
    Own(OwnReason),
}

macro_rules! from {
    ($($group:ident($reason:ident)),+) => {$(
        impl From<$reason> for Reason {
            fn from(reason: $reason) -> Self {
                Self::$group(reason)
            }
        }
    )+};
}

from!(
    Client(ClientReason),
    Parameter(ParameterReason),
    Caller(CallerReason),
    Challenge(ChallengeReason),
    Grant(GrantReason),
    Person(PersonReason),
    Data(DataReason),
    Own(OwnReason)
);

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
        match self {
            Self::Client(reason) => reason.told(),
            Self::Parameter(reason) => reason.told(),
            Self::Caller(reason) => reason.told(),
            Self::Challenge(reason) => reason.told(),
            Self::Grant(reason) => reason.told(),
            Self::Person(reason) => reason.told(),
            Self::Data(reason) => reason.told(),
            Self::Own(reason) => reason.told(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::cms::CmsError;

    /// Every reason there is.
    fn all() -> Vec<Reason> {
        vec![
            Reason::Client(ClientReason::Unknown),
            Reason::Client(ClientReason::Closed),
            Reason::Client(ClientReason::InterfaceForbidden),
            Reason::Client(ClientReason::GrantForbidden),
            Reason::Client(ClientReason::OfflineForbidden),
            Reason::Parameter(ParameterReason::Repeated("scope")),
            Reason::Parameter(ParameterReason::AnyRepeated),
            Reason::Parameter(ParameterReason::Missing("scope")),
            Reason::Parameter(ParameterReason::Not { name: "token_type", right: "Bearer" }),
            Reason::Parameter(ParameterReason::GrantType),
            Reason::Parameter(ParameterReason::AccessType),
            Reason::Parameter(ParameterReason::State),
            Reason::Parameter(ParameterReason::Redirect {
                name: "redirect_uri",
                hosts: "127.0.0.1".into(),
            }),
            Reason::Parameter(ParameterReason::ScopeForeign {
                name: "scope",
                registered: "openid".into(),
            }),
            Reason::Parameter(ParameterReason::ScopeBlank),
            Reason::Parameter(ParameterReason::ScopeOther),
            Reason::Parameter(ParameterReason::PersonFilter),
            Reason::Parameter(ParameterReason::BodyBroken),
            Reason::Parameter(ParameterReason::BodyKind),
            Reason::Caller(CallerReason::TimestampForm),
            Reason::Caller(CallerReason::TimestampFar { seconds: 5 }),
            Reason::Caller(CallerReason::CertificateHash),
            Reason::Caller(CallerReason::CertificateTime {
                from: DateTime::UNIX_EPOCH,
                until: DateTime::UNIX_EPOCH,
            }),
            Reason::Caller(CallerReason::SecretKey),
            Reason::Caller(CallerReason::SecretForm),
            Reason::Caller(CallerReason::SecretReversed),
            Reason::Caller(CallerReason::SecretSwapped),
            Reason::Caller(CallerReason::SecretHalves),
            Reason::Caller(CallerReason::SecretWrong { fields: "state" }),
            Reason::Caller(CallerReason::CmsForm),
            Reason::Caller(CallerReason::Cms(CmsError::Signers)),
            Reason::Challenge(ChallengeReason::ChallengeNeeded),
            Reason::Challenge(ChallengeReason::ChallengeMissing),
            Reason::Challenge(ChallengeReason::ChallengeMethod),
            Reason::Challenge(ChallengeReason::VerifierUnasked),
            Reason::Challenge(ChallengeReason::VerifierMissing),
            Reason::Challenge(ChallengeReason::VerifierWrong),
            Reason::Grant(GrantReason::CodeUnknown),
            Reason::Grant(GrantReason::CodeForeign),
            Reason::Grant(GrantReason::CodeInterface),
            Reason::Grant(GrantReason::CodeRedirect),
            Reason::Grant(GrantReason::CodeUsed),
            Reason::Grant(GrantReason::CodeOld),
            Reason::Grant(GrantReason::RefreshUnknown),
            Reason::Grant(GrantReason::RefreshForeign),
            Reason::Grant(GrantReason::RefreshInterface),
            Reason::Grant(GrantReason::RefreshUsed),
            Reason::Person(PersonReason::Refused),
            Reason::Person(PersonReason::Gone),
            Reason::Person(PersonReason::NotConfirmed),
            Reason::Person(PersonReason::FilterConfirmed),
            Reason::Person(PersonReason::FilterKid),
            Reason::Person(PersonReason::FilterNotKid),
            Reason::Person(PersonReason::SecondFactor),
            Reason::Person(PersonReason::ConsentMissing),
            Reason::Data(DataReason::Missing),
            Reason::Data(DataReason::Bad),
            Reason::Data(DataReason::Person),
            Reason::Data(DataReason::Scope(&["fullname"])),
            Reason::Own(OwnReason::Injected),
            Reason::Own(OwnReason::TokenUnwritten),
            Reason::Own(OwnReason::KeyFailed),
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
