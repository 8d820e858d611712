//! Why a card cannot be made.

use thiserror::Error;

use crate::error::CodedError;

/// Why a card cannot be made.
///
/// ```
/// use eschool_core::{error::CodedError, people::CardError};
///
/// assert_eq!(CardError::NoLogin.code(), "login_none_left");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CardError {
    /// Fewer random bytes than a password has characters.
    #[error("a card's password needs at least 8 random bytes")]
    TooLittleRandomness,
    /// Every login this name can have is taken, or the school's prefix is none.
    #[error("no login is left for a pupil; check the school's login prefix")]
    NoLogin,
}

impl CodedError for CardError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLittleRandomness => "card_randomness",
            Self::NoLogin => "login_none_left",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::TooLittleRandomness => "Для пароля нужно не меньше восьми случайных байтов",
            Self::NoLogin => {
                "Для ученика не осталось свободного логина: проверьте начало логинов школы"
            }
        }
    }
}
