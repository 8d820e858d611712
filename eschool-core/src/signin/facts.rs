//! What was found out before [`decide`](super::decide).

use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    id::{AccountId, ClassId},
    identity::BirthDate,
    people::{Account, COMING_OF_AGE, Consent, Duty, Guardianship, KeptApart, SchoolContacts},
    policy::{ParentsAfter18, Rules},
};

/// What an adapter found by the keys of [`admit`](super::admit).
///
/// ```
/// use eschool_core::signin::{Facts, PasswordCheck};
///
/// // An unknown login: nobody was found, and checking a password cost as much as ever.
/// let facts = Facts { password: Some(PasswordCheck::Wrong), ..Facts::default() };
/// assert!(facts.candidates.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(default, rename_all = "camelCase")
)]
pub struct Facts {
    /// Until when the typed login or the source address is closed to passwords, if it is; ЕСИА
    /// stays open.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub locked_until: Option<DateTime<Utc>>,
    /// What became of the password; nothing for ЕСИА.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub password: Option<PasswordCheck>,
    /// The account with the login; for ЕСИА every account that has the СНИЛС or the phone, and
    /// those that are joined to one of them as the same person's.
    pub candidates: Vec<Candidate>,
    /// Whether two people were once seen to share the phone that ЕСИА verified (*общий номер*).
    /// Noted when it [is found](crate::people::shared_phones); from then on it identifies neither,
    /// and the note outlives one of them dropping the number.
    pub phone_is_shared: bool,
    /// Which of the candidates somebody settled to be two people.
    pub kept_apart: Vec<KeptApart>,
    /// How to reach the candidates' schools, where that is known.
    pub contacts: Vec<SchoolContacts>,
}

/// What became of a password.
///
/// ```
/// use eschool_core::signin::PasswordCheck;
///
/// let check = |matches| if matches { PasswordCheck::Right } else { PasswordCheck::Wrong };
/// assert_eq!(check(false), PasswordCheck::Wrong);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(rename_all = "snake_case")
)]
pub enum PasswordCheck {
    /// It is the login's.
    Right,
    /// It is not, or there is no such login.
    Wrong,
}

/// An account that holds a key or is joined to one that does, with what it is in its school.
///
/// ```
/// use eschool_core::signin::{Candidate, PupilFacts};
///
/// let account = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003",
///         "name": {"family": "Ёлкина", "given": "Анна"}, "birthDate": "2010-08-31"}"#,
/// )?;
/// let pupil = Some(PupilFacts::default());
/// let candidate = Candidate { account, pupil, parent: None, staff: None };
/// assert!(candidate.pupil.is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(rename_all = "camelCase")
)]
pub struct Candidate {
    /// The account.
    pub account: Account,
    /// The pupil it is, if it is one.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub pupil: Option<PupilFacts>,
    /// The parent it is, if it is one.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub parent: Option<ParentFacts>,
    /// The member of staff it is, if it is one.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub staff: Option<StaffFacts>,
}

/// A pupil in the school.
///
/// ```
/// use eschool_core::{journal::{Stay, last_day_of}, signin::PupilFacts};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000002",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#)?;
/// let facts = PupilFacts { until: last_day_of(&stays), ..PupilFacts::default() };
/// assert_eq!(facts.until, "2024-10-10".parse().ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(default, rename_all = "camelCase")
)]
pub struct PupilFacts {
    /// The last day in the school; none while the last stay goes on.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<NaiveDate>,
    /// Every consent that somebody gave about the pupil, former ones too; one about another pupil
    /// counts for nothing.
    pub consents: Vec<Consent>,
}

/// A parent of the school's pupils.
///
/// ```
/// use eschool_core::signin::ParentFacts;
///
/// // Nobody's parent any more: `decide` answers `no_children`.
/// assert!(ParentFacts { children: Vec::new() }.children.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(default, rename_all = "camelCase")
)]
pub struct ParentFacts {
    /// The children, former ones too.
    pub children: Vec<ChildFacts>,
}

/// One child of a parent.
///
/// ```
/// use eschool_core::signin::ChildFacts;
///
/// let child = ChildFacts {
///     guardianship: serde_json::from_str(
///         r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///             "child": "019379ab-0000-7000-8000-000000000003", "kinship": "mother"}"#,
///     )?,
///     birth_date: "02.06.2017".parse().ok(),
///     until: None,
/// };
/// assert!(child.guardianship.holds_on("2024-09-01".parse().unwrap()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(rename_all = "camelCase")
)]
pub struct ChildFacts {
    /// The bond.
    pub guardianship: Guardianship,
    /// The child's birth date, if the school has it.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub birth_date: Option<BirthDate>,
    /// The child's last day in the school; none while the last stay goes on.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<NaiveDate>,
}

impl ChildFacts {
    /// The last day on which the parent sees this child, once it is known: that of the bond, the
    /// child's last in the school, or the one before the child comes of age, where the rules end a
    /// parent's access then.
    ///
    /// ```
    /// use eschool_core::{policy::SignInPolicy, signin::ChildFacts};
    ///
    /// let child = ChildFacts {
    ///     guardianship: serde_json::from_str(
    ///         r#"{"parent": "019379ab-0000-7000-8000-000000000002",
    ///             "child": "019379ab-0000-7000-8000-000000000003", "kinship": "mother",
    ///             "until": "2025-05-31"}"#,
    ///     )?,
    ///     birth_date: None,
    ///     until: "2024-10-10".parse().ok(),
    /// };
    /// let policy = SignInPolicy::ryazan_2022();
    /// let rules = policy.rules_on("2024-09-01".parse().unwrap());
    /// assert_eq!(child.last_day(rules), "2024-10-10".parse().ok());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn last_day(&self, rules: &Rules) -> Option<NaiveDate> {
        let before_of_age = match rules.parents_after_18 {
            ParentsAfter18::Keep => None,
            ParentsAfter18::End | ParentsAfter18::Unknown(_) => {
                self.birth_date.and_then(|born| COMING_OF_AGE.reached_on(born).pred_opt())
            }
        };
        [self.until, self.guardianship.until, before_of_age].into_iter().flatten().min()
    }

    /// Whether the parent sees this child on a day, as far as this bond goes; another that bars the
    /// same adult on that day goes before it.
    #[must_use]
    pub fn is_seen_on(&self, day: NaiveDate, rules: &Rules) -> bool {
        let bond = &self.guardianship;
        bond.holds_on(day) && !bond.barred && self.last_day(rules).is_none_or(|last| day <= last)
    }

    /// Whether it bars this adult from this child, on the days it holds.
    pub(crate) fn bars(&self, adult: AccountId, child: AccountId) -> bool {
        let bond = &self.guardianship;
        bond.barred && (bond.parent, bond.child) == (adult, child)
    }
}

/// A member of staff: somebody with a post or a duty.
///
/// ```
/// use eschool_core::signin::StaffFacts;
///
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let teacher = StaffFacts { class_teacher_of: vec![class], duties: vec![], until: None };
/// assert_eq!(teacher.class_teacher_of.len(), 1);
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(default, rename_all = "camelCase")
)]
pub struct StaffFacts {
    /// The classes led.
    pub class_teacher_of: Vec<ClassId>,
    /// The duties held. One this version does not know gives nothing.
    pub duties: Vec<Duty>,
    /// The last day at work, once it is known.
    #[cfg_attr(feature = "wasm", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<NaiveDate>,
}

impl StaffFacts {
    /// Whether nothing but duties this version does not know makes them staff: a post without a
    /// class says nothing of duties.
    pub(super) fn rests_on_the_unknown(&self) -> bool {
        self.class_teacher_of.is_empty()
            && !self.duties.is_empty()
            && !self.duties.iter().any(Duty::is_known)
    }
}
