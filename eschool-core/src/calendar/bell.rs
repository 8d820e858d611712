//! Bells: when a lesson begins and ends.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// The times of one lesson (*звонки*), by its number in the day.
///
/// ```
/// use eschool_core::calendar::Bell;
///
/// let bell: Bell =
///     serde_json::from_str(r#"{"number": 1, "begins": "08:30:00", "ends": "09:15:00"}"#).unwrap();
/// assert_eq!((bell.ends - bell.begins).num_minutes(), 45);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Bell {
    /// The lesson's number in the day, from 1 (0 where a school has a lesson before the first).
    pub number: u8,
    /// When it begins, local time.
    pub begins: NaiveTime,
    /// When it ends, local time.
    pub ends: NaiveTime,
}

/// The greatest number a lesson of a day can have.
pub(crate) const GREATEST_NUMBER: u8 = 20;
