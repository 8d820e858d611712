//! Pupils' times in classes and in parts of them.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Subgroup;
use crate::{
    calendar::{DateRange, DateRangeError},
    id::{AccountId, ClassId},
};

/// A pupil's time in a class, both ends included.
///
/// ```
/// use eschool_core::journal::Stay;
///
/// let stay: Stay = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "from": "2024-09-01", "to": "2024-09-18"
/// }"#).unwrap();
/// assert!(stay.holds_on("2024-09-18".parse().unwrap()));
/// assert!(!stay.holds_on("2024-09-19".parse().unwrap()));
///
/// // One that ends before it begins is refused where it is decoded.
/// let reversed = Stay { from: "2024-09-19".parse().unwrap(), ..stay };
/// assert!(reversed.validate().is_err());
/// let json = serde_json::to_string(&reversed).unwrap();
/// assert!(serde_json::from_str::<Stay>(&json).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", try_from = "StayFields")]
pub struct Stay {
    /// The pupil.
    pub pupil: AccountId,
    /// The class.
    pub class: ClassId,
    /// The first day in it (*зачислен*).
    pub from: NaiveDate,
    /// The last day in it (*выбыл*); none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// What is decoded, before anybody looked whether its days are in order.
#[derive(Deserialize)]
struct StayFields {
    pupil: AccountId,
    class: ClassId,
    from: NaiveDate,
    #[serde(default)]
    to: Option<NaiveDate>,
}

impl TryFrom<StayFields> for Stay {
    type Error = DateRangeError;

    fn try_from(fields: StayFields) -> Result<Self, Self::Error> {
        let StayFields { pupil, class, from, to } = fields;
        let stay = Self { pupil, class, from, to };
        stay.validate()?;
        Ok(stay)
    }
}

impl Stay {
    /// Checks that it does not end before it begins. One that does holds on no day.
    ///
    /// # Errors
    /// [`DateRangeError::Reversed`] names both days.
    pub fn validate(&self) -> Result<(), DateRangeError> {
        self.to.map_or(Ok(()), |to| DateRange::new(self.from, to).map(drop))
    }

    /// Whether the pupil is in the class on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The last day of all these stays of one pupil: none while one of them goes on, and where there is
/// none.
///
/// ```
/// use eschool_core::journal::{Stay, last_day_of};
///
/// let mut stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#).unwrap();
/// assert_eq!(last_day_of(&stays), "2024-10-10".parse().ok());
/// stays[0].to = None;
/// assert_eq!(last_day_of(&stays), None);
/// ```
#[must_use]
pub fn last_day_of(stays: &[Stay]) -> Option<NaiveDate> {
    let ends: Option<Vec<NaiveDate>> = stays.iter().map(|stay| stay.to).collect();
    ends?.into_iter().max()
}

/// The stay of one pupil that holds on a day, the first of them should there be several; else the
/// last one by its first day, which may be past or still to come.
///
/// ```
/// use eschool_core::journal::{Stay, stay_on};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#).unwrap();
/// assert_eq!(stay_on(&stays, "2025-01-01".parse().unwrap()), stays.first());
/// ```
#[must_use]
pub fn stay_on(stays: &[Stay], day: NaiveDate) -> Option<&Stay> {
    let holds = stays.iter().find(|stay| stay.holds_on(day));
    holds.or_else(|| stays.iter().max_by_key(|stay| stay.from))
}

/// The classes by which a class teacher knows a pupil on a day: those the pupil is in; of who is in
/// none that day, having left or being between two stays, the one of [`stay_on`].
///
/// ```
/// use eschool_core::journal::{Stay, classes_on};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"},
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c8", "from": "2024-10-11", "to": "2025-05-31"}
/// ]"#).unwrap();
/// let on = |day: &str| classes_on(&stays, day.parse().unwrap());
/// assert_eq!(on("2024-10-10"), [stays[0].class]);
/// // The former class is none of the pupil's any more; who has left keeps the last one.
/// assert_eq!(on("2024-10-11"), [stays[1].class]);
/// assert_eq!(on("2025-06-01"), [stays[1].class]);
/// ```
#[must_use]
pub fn classes_on(stays: &[Stay], day: NaiveDate) -> Vec<ClassId> {
    let mut classes: Vec<ClassId> =
        stays.iter().filter(|stay| stay.holds_on(day)).map(|stay| stay.class).collect();
    if classes.is_empty() {
        classes.extend(stay_on(stays, day).map(|stay| stay.class));
    }
    classes
}

/// A pupil's time in a part of a class, for one subject or for all that are taught in parts.
///
/// ```
/// use eschool_core::journal::SubgroupMembership;
///
/// let membership: SubgroupMembership = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "subject": "Информатика", "subgroup": "2", "from": "2024-09-01"
/// }"#).unwrap();
/// assert!(membership.holds_on("2025-05-26".parse().unwrap()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", try_from = "MembershipFields")]
pub struct SubgroupMembership {
    /// The pupil.
    pub pupil: AccountId,
    /// The class that is divided.
    pub class: ClassId,
    /// The one subject it is for; none for every subject taught in subgroups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The part.
    pub subgroup: Subgroup,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// As of a stay.
#[derive(Deserialize)]
struct MembershipFields {
    pupil: AccountId,
    class: ClassId,
    #[serde(default)]
    subject: Option<String>,
    subgroup: Subgroup,
    from: NaiveDate,
    #[serde(default)]
    to: Option<NaiveDate>,
}

impl TryFrom<MembershipFields> for SubgroupMembership {
    type Error = DateRangeError;

    fn try_from(fields: MembershipFields) -> Result<Self, Self::Error> {
        let MembershipFields { pupil, class, subject, subgroup, from, to } = fields;
        let membership = Self { pupil, class, subject, subgroup, from, to };
        membership.validate()?;
        Ok(membership)
    }
}

impl SubgroupMembership {
    /// Checks that it does not end before it begins. One that does holds on no day.
    ///
    /// # Errors
    /// [`DateRangeError::Reversed`] names both days.
    pub fn validate(&self) -> Result<(), DateRangeError> {
        self.to.map_or(Ok(()), |to| DateRange::new(self.from, to).map(drop))
    }

    /// Whether it holds on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use serde_json::json;

    use super::*;

    #[test]
    fn what_ends_before_it_begins_is_refused() {
        for (to, is_sound) in [
            (Some("2024-09-02"), true),
            (Some("2024-09-03"), true),
            (None, true),
            (Some("2024-09-01"), false),
        ] {
            let mut row = json!({
                "pupil": "019379ab-0000-7000-8000-000000000001",
                "class": "019379ab-0000-7000-8000-0000000000c7",
                "subgroup": "1", "from": "2024-09-02", "to": to,
            });
            let stay = serde_json::from_value::<Stay>(row.clone()).map(drop);
            row["subject"] = "Физика".into();
            let membership = serde_json::from_value::<SubgroupMembership>(row).map(drop);
            for read in [stay, membership] {
                assert_eq!(read.is_ok(), is_sound, "{to:?}");
                if let Err(error) = read {
                    let error = error.to_string();
                    assert!(error.contains("ends on `2024-09-01`, before"), "{error}");
                }
            }
        }
    }
}
