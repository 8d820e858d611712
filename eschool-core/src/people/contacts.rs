//! How to reach a school.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::id::SchoolId;

/// How people reach a school, for a refusal to name (*контакты школы*).
///
/// ```
/// use eschool_core::people::SchoolContacts;
///
/// let contacts: SchoolContacts = serde_json::from_str(
///     r#"{"school": "019379ab-0000-7000-8000-000000000001", "name": "МБОУ «Школа № 7»",
///         "telephone": "+7 (4912) 00-00-00"}"#,
/// )?;
/// assert_eq!(contacts.email, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SchoolContacts {
    /// The school.
    pub school: SchoolId,
    /// Its name.
    pub name: String,
    /// The telephone of its office, as the school writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// Its e-mail, as the school writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}
