//! Whom ЕСИА is asked to let in.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// Whom alone ЕСИА is asked to sign in, `person_filter` of the request. ЕСИА refuses the others by a
/// code of its own; the core decides of whoever comes all the same.
///
/// Source: open implementations, which send the word in base64.
///
/// ```
/// use eschool_esia::client::PersonFilter;
///
/// let filter: PersonFilter = serde_json::from_str(r#""conf_acc""#)?;
/// assert_eq!(filter, PersonFilter::Confirmed);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonFilter {
    /// `conf_acc`: people with a confirmed account.
    #[serde(rename = "conf_acc")]
    Confirmed,
    /// `acc_kid`: children with a child's account.
    #[serde(rename = "acc_kid")]
    Children,
    /// `acc_not_kid`: anybody but them.
    #[serde(rename = "acc_not_kid")]
    NoChildren,
}

impl PersonFilter {
    /// The value of the parameter.
    pub(super) fn parameter(self) -> String {
        BASE64_STANDARD.encode(match self {
            Self::Confirmed => "conf_acc",
            Self::Children => "acc_kid",
            Self::NoChildren => "acc_not_kid",
        })
    }
}
