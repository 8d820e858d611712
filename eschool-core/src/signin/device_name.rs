//! What somebody calls a device.

use alloc::string::{String, ToString as _};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::CodedError;

/// The name of a device, as its app tells it: «Телефон мамы», `Pixel 8`.
///
/// At most [`DeviceName::LONGEST`] characters on one line, with no spaces around it. Characters that
/// are not seen – controls, and those that turn the direction of writing – are refused: the name is
/// shown to who decides whether an app gets access, and must not rewrite the sentence it stands in.
///
/// It may tell whose device it is, so `Debug` does not show it.
///
/// ```
/// use eschool_core::{error::CodedError, signin::DeviceName};
///
/// let name: DeviceName = "  Телефон мамы ".parse()?;
/// assert_eq!(name.as_str(), "Телефон мамы");
/// assert_eq!(format!("{name:?}"), "DeviceName(***)");
/// let error = "Pixel\u{202e}8".parse::<DeviceName>().unwrap_err();
/// assert_eq!(error.code(), "device_name_unseen");
/// # Ok::<(), eschool_core::signin::DeviceNameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceName(String);

/// Why a text is no name of a device.
///
/// ```
/// use eschool_core::{error::CodedError, signin::{DeviceName, DeviceNameError}};
///
/// let error = " ".parse::<DeviceName>().unwrap_err();
/// assert_eq!((error, error.code()), (DeviceNameError::Missing, "device_name_missing"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DeviceNameError {
    /// There is nothing in it.
    #[error("the name of the device is missing")]
    Missing,
    /// It is longer than [`DeviceName::LONGEST`] characters.
    #[error("the name of the device, `***`, is longer than 60 characters")]
    TooLong,
    /// It has characters that are not seen.
    #[error("the name of the device, `***`, has characters that are not seen")]
    Unseen,
}

impl CodedError for DeviceNameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "device_name_missing",
            Self::TooLong => "device_name_too_long",
            Self::Unseen => "device_name_unseen",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Назовите устройство",
            Self::TooLong => "Название устройства длиннее 60 знаков",
            Self::Unseen => "В названии устройства есть невидимые знаки",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("device")
    }

    fn value(&self) -> Option<String> {
        (*self != Self::Missing).then(|| "***".into())
    }
}

impl DeviceName {
    /// How many characters it has at most.
    pub const LONGEST: usize = 60;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceName {
    type Err = DeviceNameError;

    fn from_str(text: &str) -> Result<Self, DeviceNameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeviceNameError::Missing);
        }
        if text.chars().nth(Self::LONGEST).is_some() {
            return Err(DeviceNameError::TooLong);
        }
        if text.chars().any(is_unseen) {
            return Err(DeviceNameError::Unseen);
        }
        Ok(Self(text.to_string()))
    }
}

/// Controls, line ends, and what Unicode has to join, part and turn letters.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl TryFrom<String> for DeviceName {
    type Error = DeviceNameError;

    fn try_from(text: String) -> Result<Self, DeviceNameError> {
        text.parse()
    }
}

impl From<DeviceName> for String {
    fn from(name: DeviceName) -> Self {
        name.0
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceName(***)")
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn names_are_bounded_and_seen() {
        let long = "ё".repeat(DeviceName::LONGEST);
        for (text, expected) in [
            ("Pixel 8", Ok("Pixel 8")),
            (" <b>iPhone</b> \n", Ok("<b>iPhone</b>")),
            (&long, Ok(&*long)),
            (&format!("{long}ё"), Err(DeviceNameError::TooLong)),
            ("", Err(DeviceNameError::Missing)),
            ("a\nb", Err(DeviceNameError::Unseen)),
            ("a\u{200b}", Err(DeviceNameError::Unseen)),
            ("\u{2067}a", Err(DeviceNameError::Unseen)),
            ("a\0", Err(DeviceNameError::Unseen)),
        ] {
            let name = text.parse::<DeviceName>();
            assert_eq!(name.as_ref().map(DeviceName::as_str).map_err(|e| *e), expected, "{text:?}");
        }
        let name: DeviceName = serde_json::from_str(r#"" Pixel 8""#).unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), r#""Pixel 8""#);
        assert!(serde_json::from_str::<DeviceName>(r#""""#).is_err());
    }
}
