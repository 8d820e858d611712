//! Passwords that pupils think of themselves.

use alloc::string::String;

use thiserror::Error;

use super::password::SHORTEST_PASSWORD;
use crate::{error::CodedError, identity::Login, letters::lowered};

/// The most characters a password has: more nobody types, and a page is not to be handed a book.
const LONGEST_PASSWORD: usize = 128;

/// Why a password will not do. Nothing of it is told.
///
/// ```
/// use eschool_core::{error::CodedError, people::PasswordRuleError};
///
/// assert_eq!(PasswordRuleError::TooShort.code(), "password_too_short");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordRuleError {
    /// It has fewer than eight characters, spaces around it apart.
    #[error("the password is shorter than 8 characters")]
    TooShort,
    /// It has more than 128 characters.
    #[error("the password is longer than 128 characters")]
    TooLong,
    /// It is the login, in whatever case.
    #[error("the password is the login")]
    IsLogin,
    /// It is the one that was there before.
    #[error("the password is the former one")]
    IsFormer,
}

impl CodedError for PasswordRuleError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::IsLogin => "password_is_login",
            Self::IsFormer => "password_is_former",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::TooShort => "В пароле должно быть не меньше восьми знаков",
            Self::TooLong => "В пароле должно быть не больше 128 знаков",
            Self::IsLogin => "Пароль не должен совпадать с логином",
            Self::IsFormer => "Новый пароль не должен совпадать с прежним",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("newPassword")
    }

    fn value(&self) -> Option<String> {
        None
    }
}

/// Whether somebody may have this password from now on: 8 to 128 characters, of which spaces around
/// it are not among the eight, not the login, not the
/// former password, where that is known.
///
/// ```
/// use eschool_core::people::{PasswordRuleError, check_new_password};
///
/// let login = "pr7_test".parse()?;
/// assert_eq!(check_new_password("горный ручей", &login, Some("25ens9dh")), Ok(()));
/// assert_eq!(
///     check_new_password("PR7_test", &login, None),
///     Err(PasswordRuleError::IsLogin),
/// );
/// # Ok::<(), eschool_core::identity::LoginError>(())
/// ```
///
/// # Errors
/// [`PasswordRuleError`] says which rule it breaks.
pub fn check_new_password(
    password: &str,
    login: &Login,
    former: Option<&str>,
) -> Result<(), PasswordRuleError> {
    // No more is counted than is needed: whoever is asked may be handed anything.
    let length = |text: &str| text.chars().take(LONGEST_PASSWORD + 1).count();
    if length(password.trim()) < SHORTEST_PASSWORD {
        return Err(PasswordRuleError::TooShort);
    }
    if length(password) > LONGEST_PASSWORD {
        return Err(PasswordRuleError::TooLong);
    }
    if lowered(password.trim()) == lowered(login.as_str()) {
        return Err(PasswordRuleError::IsLogin);
    }
    if former == Some(password) {
        return Err(PasswordRuleError::IsFormer);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_nobody_knows_it() {
        use PasswordRuleError::{IsFormer, IsLogin, TooLong, TooShort};
        let login = "pr7_test".parse().unwrap();
        for (password, expected) in [
            ("", Err(TooShort)),
            ("семьзнк", Err(TooShort)),
            ("восемьзн", Ok(())),
            ("        ", Err(TooShort)),
            (" семьзнк ", Err(TooShort)),
            ("pr7_test", Err(IsLogin)),
            (" Pr7_Test ", Err(IsLogin)),
            ("25ens9dh", Err(IsFormer)),
            ("25ens9dH", Ok(())),
        ] {
            let told = check_new_password(password, &login, Some("25ens9dh"));
            assert_eq!(told, expected, "{password}");
        }
        assert_eq!(check_new_password(&"я".repeat(128), &login, None), Ok(()));
        assert_eq!(check_new_password(&"я".repeat(129), &login, None), Err(TooLong));
    }
}
