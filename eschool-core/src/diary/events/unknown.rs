//! A change that only a newer version knows.

use alloc::{collections::BTreeMap, string::String};
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::Change;
use crate::wire::Content;

/// A change this version does not know, with all that was said of it.
///
/// Nothing makes one but decoding, so no kind this version knows can hide in it.
///
/// ```
/// use eschool_core::diary::{Change, UnknownChange};
///
/// let change: UnknownChange = serde_json::from_str(r#"{"kind": "week_signed", "week": 38}"#).unwrap();
/// assert_eq!(Change::Unknown(change).kind(), "week_signed");
/// assert!(serde_json::from_str::<UnknownChange>(r#"{"kind": "mark_new"}"#).is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "{ kind: Unknown; [field: string]: unknown }")
)]
pub struct UnknownChange {
    #[serde(deserialize_with = "unknown_kind")]
    kind: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Content>,
}

impl UnknownChange {
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }
}

/// A kind, unless this version knows it: a known one with a wrong content is an error.
fn unknown_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let kind = String::deserialize(deserializer)?;
    if Change::KINDS.contains(&kind.as_str()) {
        Err(D::Error::custom("the kind of change is known, but what is said of it is malformed"))
    } else {
        Ok(kind)
    }
}

impl fmt::Debug for UnknownChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownChange").field("kind", &self.kind).finish_non_exhaustive()
    }
}
