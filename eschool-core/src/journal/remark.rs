//! What a teacher remarks on a pupil.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{
    debug::debug_shows,
    id::{AccountId, LessonId},
    wire::masked,
};

/// A teacher's remark on one pupil in a lesson (*замечание*), whether the pupil has a mark there or
/// not; a lesson may hold several. What is said of a mark is that mark's own
/// [`comment`](super::Mark::comment).
///
/// ```
/// use eschool_core::journal::Remark;
///
/// let row: Remark = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "text": "Не принёс спортивную форму"
/// }"#).unwrap();
/// assert_eq!(row.text, "Не принёс спортивную форму");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// Whom it is about.
    pub pupil: AccountId,
    /// The lesson it stands in.
    pub lesson: LessonId,
    /// What the teacher wrote, line breaks kept.
    #[serde(deserialize_with = "masked::string")]
    pub text: String,
}

debug_shows! {
    Remark { pupil, lesson }
}
