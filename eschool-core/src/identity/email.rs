//! E-mail addresses.

use alloc::string::String;
use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::{error::CodedError, letters::lowered, wire::wire_string};

/// An e-mail address, as far as a school can check one without writing to it.
///
/// ```
/// use eschool_core::identity::Email;
///
/// let email: Email = " Pupil@Example.org ".parse()?;
/// assert_eq!(email.to_string(), "Pupil@Example.org");
/// assert_eq!(email.canonical(), "pupil@example.org");
/// assert_eq!(format!("{email:?}"), "Email(***)");
/// assert!("pupil@".parse::<Email>().is_err());
/// # Ok::<(), eschool_core::identity::EmailError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string", rename = "EmailText"))]
pub struct Email(String);

/// Why a text is no e-mail address.
///
/// ```
/// use eschool_core::{error::CodedError, identity::Email};
///
/// let error = "pupil at example.org".parse::<Email>().unwrap_err();
/// assert_eq!((error.code(), error.value().as_deref()), ("email_malformed", Some("***")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EmailError {
    /// The text is not a name, `@` and a domain.
    #[error("the e-mail `***` is not an address; write it as `name@example.org`")]
    Malformed,
}

impl CodedError for EmailError {
    fn code(&self) -> &'static str {
        "email_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Это не адрес почты. Запишите его так: name@example.org"
    }

    fn field(&self) -> Option<&'static str> {
        Some("email")
    }

    fn value(&self) -> Option<String> {
        Some("***".into())
    }
}

impl Email {
    /// The form by which addresses are compared: lower case.
    #[must_use]
    pub fn canonical(&self) -> String {
        lowered(&self.0)
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        // RFC 5321 allows 254 characters on a line of an envelope.
        let sound = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        let parts = text.rsplit_once('@').filter(|(name, domain)| {
            !name.is_empty()
                && !name.contains(['<', '>', ',', ';'])
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                })
        });
        if sound && parts.is_some() { Ok(Self(text.into())) } else { Err(EmailError::Malformed) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(***)")
    }
}

wire_string!(Email);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_mailboxes_are_one() {
        let canonical = |text: &str| text.parse::<Email>().map(|email| email.canonical());
        assert_eq!(canonical("Mike@Школа.РФ"), canonical("mike@школа.рф"));
        // A capital with a dot and the sign of a kelvin are no letters of this address.
        for other in ["mİke@x.org", "mi\u{212a}e@x.org", "mıke@x.org"] {
            assert_ne!(canonical(other), canonical("mike@x.org"), "{other}");
        }
    }
}
