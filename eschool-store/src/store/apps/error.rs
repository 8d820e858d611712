//! Why an app gets no access.

use eschool_core::{
    error::CodedError,
    signin::{Refusal, RefusalCode},
};
use thiserror::Error;

use crate::{
    backend::BackendError,
    store::{SessionError, StoreError},
};

/// Why an app gets no access, or no tokens.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::AppGrantError;
///
/// assert_eq!(AppGrantError::Reused.code(), "app_token_reused");
/// ```
#[derive(Debug, Error)]
pub enum AppGrantError {
    /// Nobody is signed in who could agree.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// One of several schools is to be chosen first.
    #[error("choose a school first")]
    SchoolNotChosen,
    /// An app may not let another one in: that is agreed to in the browser.
    #[error("an app cannot let in another one; sign in in the browser")]
    FromApp,
    /// The code or token is none, or its access has ended.
    #[error("the access has ended; authorize the app again")]
    Unknown,
    /// The code was not redeemed in time.
    #[error("the code is older than a minute; authorize the app again")]
    CodeExpired,
    /// The code or token was given to another app, or to another address.
    #[error("the code or token was given to another app or another redirect address")]
    Mismatch,
    /// The verifier is not the one whose challenge was given (PKCE).
    #[error("the code verifier does not meet the challenge")]
    VerifierWrong,
    /// The code or token was used before: somebody else may have it, so the access has ended.
    #[error("the code or token was used before, so the access has ended; authorize the app again")]
    Reused,
    /// The person may not be in any more; the access has ended.
    #[error("access refused: {}", .0.code)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for AppGrantError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for AppGrantError {
    fn code(&self) -> &'static str {
        match self {
            Self::Session(error) => error.code(),
            Self::SchoolNotChosen => "school_not_chosen",
            Self::FromApp => "app_from_app",
            Self::Unknown => "app_access_ended",
            Self::CodeExpired => "app_code_expired",
            Self::Mismatch => "app_mismatch",
            Self::VerifierWrong => "code_verifier_wrong",
            Self::Reused => "app_token_reused",
            Self::Refused(_) => "app_refused",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Session(error) => error.text_ru(),
            Self::SchoolNotChosen => "Сначала выберите школу",
            Self::FromApp => {
                "Приложение не может открыть доступ другому. Войдите в дневник в браузере"
            }
            Self::Unknown => "Доступ приложения закончился. Войдите в нём ещё раз",
            Self::CodeExpired => "Код входа устарел. Войдите в приложении ещё раз",
            Self::Mismatch => "Код входа выдан не этому приложению или не на этот адрес",
            Self::VerifierWrong => "Код входа получило не то приложение, которое его запросило",
            Self::Reused => {
                "Код входа использован второй раз, поэтому доступ закрыт. Войдите в приложении ещё \
                 раз"
            }
            Self::Refused(refusal) if refusal.code == RefusalCode::UseEsia => {
                "Пароль с карточки больше не действует. Войдите в приложении ещё раз – через ЕСИА"
            }
            Self::Refused(_) => "Дневник вам больше не открыт. Обратитесь в школу",
            Self::Store(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::VerifierWrong => Some("code_verifier"),
            _ => None,
        }
    }
}
