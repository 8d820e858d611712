//! Bells: when a lesson begins and ends.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// The times of one lesson (*звонки*), by its number in the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bell {
    /// The lesson's number in the day, from 1 (0 where a school has a lesson before the first).
    pub number: u8,
    /// When it begins, local time.
    pub begins: NaiveTime,
    /// When it ends, local time.
    pub ends: NaiveTime,
}
