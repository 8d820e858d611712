//! A sign-in that succeeded.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    id::{AccountId, ClassId, PersonId, SchoolId},
    people::Duty,
    wire::Content,
};

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
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The person.
    pub person: PersonId,
    /// The accounts that grant, in the order of schools.
    pub accounts: Vec<AccountGrant>,
    /// Whether the person chooses one of the schools first (accounts apart, in several schools).
    pub choose_school: bool,
    /// The day from which the password no longer signs this pupil in, once it is near enough to
    /// tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_ends: Option<NaiveDate>,
    /// The first day on which the grant no longer holds: the earliest of threshold, end of a
    /// guardianship, end of a consent, last day in the school, rules that no longer give it. A
    /// threshold that changes nothing ends nothing: who came through ЕСИА and may come so at any age
    /// comes out of it with the same grant. None if nothing ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
}

impl Grant {
    /// Whether this grant gives all that another gives.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let roles_of = |account| self.accounts.iter().find(|ours| ours.account == account);
        other.accounts.iter().all(|theirs| {
            let ours = roles_of(theirs.account).map_or(&[][..], |ours| ours.roles.as_slice());
            theirs.roles.iter().all(|role| ours.iter().any(|given| given.covers(role)))
        })
    }
}

/// What one account grants.
///
/// ```
/// use eschool_core::signin::{AccountGrant, GrantedRole};
///
/// let grant: AccountGrant = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001", "roles": [{"role": "pupil"}]}"#,
/// )?;
/// assert_eq!(grant.roles, [GrantedRole::Pupil]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
///
/// A role that only a newer version gives is kept and written back unchanged: a session that holds
/// it may pass through an older program. It opens nothing here.
///
/// ```
/// use eschool_core::signin::GrantedRole;
///
/// assert_eq!(serde_json::from_str::<GrantedRole>(r#"{"role":"pupil"}"#)?, GrantedRole::Pupil);
///
/// let newer = r#"{"role":"observer","lessons":["physics"],"year":2030}"#;
/// let role: GrantedRole = serde_json::from_str(newer)?;
/// assert_eq!(role.as_str(), "observer");
/// assert_eq!(serde_json::to_string(&role)?, newer);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
        /// The duties held beside any post.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        duties: Vec<Duty>,
    },
    /// A role this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(UnknownRole),
}

impl GrantedRole {
    const PUPIL: &'static str = "pupil";
    const PARENT: &'static str = "parent";
    const STAFF: &'static str = "staff";

    /// Whether this role shows all that another shows.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Parent { children: ours }, Self::Parent { children: theirs }) => {
                theirs.iter().all(|child| ours.contains(child))
            }
            _ => self == other,
        }
    }

    /// The stable name of the role on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pupil => Self::PUPIL,
            Self::Parent { .. } => Self::PARENT,
            Self::Staff { .. } => Self::STAFF,
            Self::Unknown(unknown) => &unknown.role,
        }
    }
}

/// A role this version does not know, with all that was said of it.
///
/// Nothing makes one but decoding, so no role this version knows can hide in it.
///
/// ```
/// use eschool_core::signin::{GrantedRole, UnknownRole};
///
/// let role: UnknownRole = serde_json::from_str(r#"{"role": "observer", "lessons": 3}"#)?;
/// assert_eq!(GrantedRole::Unknown(role).as_str(), "observer");
/// assert!(serde_json::from_str::<UnknownRole>(r#"{"role": "pupil"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "{ role: Unknown; [field: string]: unknown }")
)]
pub struct UnknownRole {
    #[serde(deserialize_with = "unknown_name")]
    role: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Content>,
}

/// The name of a role, unless this version knows it: a known role with a wrong content is an error.
fn unknown_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    match name.as_str() {
        GrantedRole::PUPIL | GrantedRole::PARENT | GrantedRole::STAFF => {
            Err(D::Error::custom("the role is known, but what is said of it is malformed"))
        }
        _ => Ok(name),
    }
}

impl fmt::Debug for UnknownRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownRole").field("role", &self.role).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_given_back_as_it_came() {
        for json in [
            r#"{"role":"pupil"}"#,
            r#"{"role":"parent","children":["019379ab-0000-7000-8000-000000000002"]}"#,
            r#"{"role":"staff","classTeacherOf":[]}"#,
            r#"{"role":"staff","classTeacherOf":[],"duties":["administrator","librarian"]}"#,
            r#"{"role":"observer"}"#,
            r#"{"role":"observer","children":"all","classTeacherOf":null}"#,
            r#"{"role":"","a":[1,-2,0.5,true,null,"я",[],{}],"b":{"c":{"d":18446744073709551615}}}"#,
        ] {
            let role: GrantedRole = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&role).unwrap(), json);
            let again: GrantedRole =
                serde_json::from_value(serde_json::to_value(&role).unwrap()).unwrap();
            assert_eq!(again, role);
        }
    }

    #[test]
    fn a_known_role_with_a_wrong_content_is_an_error() {
        for json in [
            r#"{"role":"parent"}"#,
            r#"{"role":"parent","children":"all"}"#,
            r#"{"role":"staff","children":[]}"#,
            r#"{"children":[]}"#,
            r#"{"role":5}"#,
            r#""pupil""#,
        ] {
            assert!(serde_json::from_str::<GrantedRole>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn debug_tells_the_name_of_an_unknown_role_alone() {
        let role: GrantedRole =
            serde_json::from_str(r#"{"role":"observer","of":"Ёлкина"}"#).unwrap();
        assert_eq!(alloc::format!("{role:?}"), r#"Unknown(UnknownRole { role: "observer", .. })"#);
    }
}
