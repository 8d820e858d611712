//! Logins of registration cards.

use alloc::string::String;
use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::{error::CodedError, wire::wire_string};

/// A login of a registration card, as in `pr7_test`: unique in the whole installation.
///
/// Lower-case Latin letters, digits, `_`, `-` and `.`, 3 to 64 characters. Case and outer spaces
/// do not matter when it is typed.
///
/// ```
/// use eschool_core::identity::Login;
///
/// let login: Login = " PR7_Test ".parse()?;
/// assert_eq!(login.as_str(), "pr7_test");
/// assert!("проверка".parse::<Login>().is_err());
/// # Ok::<(), eschool_core::identity::LoginError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string", rename = "LoginText"))]
pub struct Login(String);

/// Why a text is no login.
///
/// ```
/// use eschool_core::{error::CodedError, identity::Login};
///
/// let error = "проверка".parse::<Login>().unwrap_err();
/// assert_eq!((error.code(), error.value().as_deref()), ("login_malformed", Some("***")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LoginError {
    /// The text has other characters, or too few or too many.
    #[error("the login `***` is not 3 to 64 latin letters, digits, `_`, `-` or `.`")]
    Malformed,
}

impl CodedError for LoginError {
    fn code(&self) -> &'static str {
        "login_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Логин – от 3 до 64 латинских букв, цифр и знаков «_», «-», «.»"
    }

    fn field(&self) -> Option<&'static str> {
        Some("login")
    }

    fn value(&self) -> Option<String> {
        Some("***".into())
    }
}

impl Login {
    /// The login's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let login = text.trim().to_ascii_lowercase();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
        if (3..=64).contains(&login.len()) && login.chars().all(fits) {
            Ok(Self(login))
        } else {
            Err(LoginError::Malformed)
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(***)")
    }
}

wire_string!(Login);
