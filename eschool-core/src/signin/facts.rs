//! What was found out before [`decide`](super::decide).

use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    id::ClassId,
    identity::BirthDate,
    people::{Account, Guardianship},
};

/// What an adapter found by the keys of [`admit`](super::admit).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Until when the typed login or the source address is closed, if it is.
    pub locked_until: Option<DateTime<Utc>>,
    /// What became of the password; nothing for ЕСИА.
    pub password: Option<PasswordCheck>,
    /// Every account that holds one of the keys: the one with the login, or all that have the
    /// СНИЛС or the phone.
    pub candidates: Vec<Candidate>,
}

/// What became of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It is the login's.
    Right,
    /// It is not, or there is no such login.
    Wrong,
}

/// An account that holds a key, with what it is in its school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account: Account,
    /// The pupil it is, if it is one.
    pub pupil: Option<PupilFacts>,
    /// The parent it is, if it is one.
    pub parent: Option<ParentFacts>,
    /// The member of staff it is, if it is one.
    pub staff: Option<StaffFacts>,
}

/// A pupil in the school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PupilFacts {
    /// The last day in the school; none while the last stay goes on.
    pub until: Option<NaiveDate>,
}

/// A parent of the school's pupils.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentFacts {
    /// The children, former ones too.
    pub children: Vec<ChildFacts>,
}

/// One child of a parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildFacts {
    /// The bond.
    pub guardianship: Guardianship,
    /// The child's birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// The child's last day in the school; none while the last stay goes on.
    pub until: Option<NaiveDate>,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffFacts {
    /// The classes led.
    pub class_teacher_of: Vec<ClassId>,
    /// The last day at work, once it is known.
    pub until: Option<NaiveDate>,
}
