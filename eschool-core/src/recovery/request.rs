//! What somebody who forgot the password types.

use alloc::string::String;
use core::str::FromStr;

use thiserror::Error;

use crate::{
    error::CodedError,
    identity::{Email, Login},
};

/// What somebody who forgot the password typed: the login or the e-mail, in one field.
///
/// ```
/// use eschool_core::recovery::RecoveryRequest;
///
/// let by_login: RecoveryRequest = " PR7_Test ".parse()?;
/// assert!(matches!(by_login, RecoveryRequest::Login(_)));
/// let by_email: RecoveryRequest = "mama@example.org".parse()?;
/// assert!(matches!(by_email, RecoveryRequest::Email(_)));
/// assert_eq!(format!("{by_email:?}"), "Email(Email(***))");
/// # Ok::<(), eschool_core::recovery::RecoveryRequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoveryRequest {
    /// A login.
    Login(Login),
    /// An e-mail address.
    Email(Email),
}

/// Why a text is neither a login nor an e-mail. It says nothing of who exists.
///
/// ```
/// use eschool_core::{error::CodedError, recovery::RecoveryRequest};
///
/// let error = "Проверка".parse::<RecoveryRequest>().unwrap_err();
/// assert_eq!((error.code(), error.value().as_deref()), ("recovery_request_malformed", Some("***")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RecoveryRequestError {
    /// The text can be neither.
    #[error("`***` is neither a login as in `pr7_test` nor an e-mail as in `name@example.org`")]
    Malformed,
}

impl CodedError for RecoveryRequestError {
    fn code(&self) -> &'static str {
        "recovery_request_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Это не логин и не адрес почты. Логин – латиницей, как на карточке, адрес – как \
         name@example.org"
    }

    fn field(&self) -> Option<&'static str> {
        Some("request")
    }

    fn value(&self) -> Option<String> {
        Some("***".into())
    }
}

impl FromStr for RecoveryRequest {
    type Err = RecoveryRequestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = if text.contains('@') {
            text.parse().map(Self::Email).ok()
        } else {
            text.parse().map(Self::Login).ok()
        };
        read.ok_or(RecoveryRequestError::Malformed)
    }
}
