//! School years that were opened, as a backend keeps them.

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    id::{AccountId, ClassId, NewYearId, SchoolId},
    journal::{Stay, SubgroupMembership},
    people::StaffPost,
};
use serde::{Deserialize, Serialize};

/// A school year that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewYearRow {
    /// Its identifier.
    pub id: NewYearId,
    /// The school.
    pub school: SchoolId,
    /// The calendar year in which it begins.
    pub year: i32,
    /// When it was opened.
    pub at: DateTime<Utc>,
    /// The account of who did it; none for who runs a program beside the database.
    pub actor: Option<AccountId>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
    /// What it changed.
    pub change: YearChange,
}

/// What opening a school year changed: to be taken back as long as all of it stands as it was made.
///
/// ```
/// use eschool_store::backend::YearChange;
///
/// let nothing = serde_json::to_string(&YearChange::default()).unwrap();
/// assert_eq!(serde_json::from_str::<YearChange>(&nothing).unwrap(), YearChange::default());
/// let older = nothing.replace(r#""begins":null,"#, "");
/// assert!(older != nothing && serde_json::from_str::<YearChange>(&older).is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YearChange {
    /// The first day of the year; none where it was not kept.
    #[serde(default)]
    pub begins: Option<NaiveDate>,
    /// The classes that were made.
    pub classes: Vec<ClassId>,
    /// The rows that it wrote over, as they were.
    pub before: YearRowsKept,
    /// The rows that it wrote.
    pub after: YearRowsKept,
}

/// Rows of a school year.
///
/// ```
/// use eschool_store::backend::YearRowsKept;
///
/// assert!(YearRowsKept::default().stays.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YearRowsKept {
    /// Stays.
    pub stays: Vec<Stay>,
    /// Memberships in parts of classes.
    pub subgroups: Vec<SubgroupMembership>,
    /// Posts.
    pub posts: Vec<StaffPost>,
}
