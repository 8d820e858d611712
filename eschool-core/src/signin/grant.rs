//! A sign-in that succeeded.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ClassId, PersonId, SchoolId};

/// A granted sign-in: who it is, in which roles, and until when.
///
/// ```
/// use eschool_core::signin::Grant;
///
/// let grant: Grant = serde_json::from_str(
///     r#"{"person": "019379ab-0000-7000-8000-000000000003",
///         "accounts": [{"account": "019379ab-0000-7000-8000-000000000002",
///                       "school": "019379ab-0000-7000-8000-000000000001",
///                       "roles": [{"role": "pupil"}]}],
///         "chooseSchool": false, "validUntil": "2025-02-28"}"#,
/// )?;
/// assert_eq!(grant.valid_until.unwrap().to_string(), "2025-02-28");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The person.
    pub person: PersonId,
    /// The accounts that grant, in the order of schools.
    pub accounts: Vec<AccountGrant>,
    /// Whether the person chooses one of the accounts first (policy `separate`, several schools).
    pub choose_school: bool,
    /// The day from which the password no longer signs this pupil in, once it is near enough to
    /// tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_ends: Option<NaiveDate>,
    /// The first day on which the grant no longer holds: the earliest of threshold, end of a
    /// guardianship, end of a consent, last day in the school. None if nothing ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
}

/// What one account grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountGrant {
    /// The account.
    pub account: AccountId,
    /// Its school.
    pub school: SchoolId,
    /// The roles, at least one.
    pub roles: Vec<GrantedRole>,
}

/// A role that a sign-in gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum GrantedRole {
    /// A pupil.
    Pupil,
    /// A parent of these pupils.
    Parent {
        /// The children's accounts.
        children: Vec<AccountId>,
    },
    /// A member of staff.
    Staff {
        /// The classes led.
        class_teacher_of: Vec<ClassId>,
    },
}
