//! What closes personal data, and what comes of the emulator itself.

use super::{Told, told};

/// What closes personal data.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum DataReason {
    Missing,
    Bad,
    Person,
    Scope(&'static [&'static str]),
}

impl DataReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::Missing => told(
                "token_missing",
                "нет маркера доступа: заголовка `Authorization: Bearer …`",
                "there is no access token: the header `Authorization: Bearer …`",
            ),
            Self::Bad => told(
                "token_bad",
                "маркер доступа неизвестен, просрочен или отозван",
                "the access token is unknown, too old or revoked",
            ),
            Self::Person => told(
                "token_person",
                "маркер доступа выдан на другого человека",
                "the access token is of another person",
            ),
            Self::Scope(needed) => (
                "token_scope",
                format!(
                    "область доступа маркера не включает эти данные: нужна одна из `{}`",
                    needed.join("`, `")
                ),
                format!("the token's scope has none of `{}`", needed.join("`, `")),
            ),
        }
    }
}

/// What comes of the emulator itself.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum OwnReason {
    Injected,
    TokenUnwritten,
    KeyFailed,
}

impl OwnReason {
    pub(super) fn told(&self) -> Told {
        match self {
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
            Self::TokenUnwritten => told(
                "token_unwritten",
                "не удалось записать маркер",
                "a token could not be written",
            ),
        }
    }
}
