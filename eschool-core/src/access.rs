//! Who may look at what.
//!
//! Everything that is not allowed here is refused, and every look by staff is to be written into
//! the audit. This table is the whole of it:
//!
//! | | diary | class sheet | lesson | person | card | case | looks | merge |
//! |---|---|---|---|---|---|---|---|---|
//! | pupil | own | | | | | | | |
//! | parent | children's | | | | | | children's | |
//! | class teacher | class | class | class | class | class | school | | |
//! | subject teacher | | | own | | | | | |
//! | registrar | | | | school | school | school | | |
//! | administrator | school | school | school | school | school | school | school | |
//! | support | | | | | | handed over | | |
//! | operator | | | | | | | | all |
//!
//! An adult who is barred from a child is barred as a human being: by no other bond and in no other
//! role do they open what is about that child alone (diary, person, card, looks), be it the class
//! teacher's or the administrator's. What is about a whole class, its sheet and its lessons, stays
//! open to whom it is work.

mod error;
mod post;
mod viewer;
mod viewers;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ClassId, SchoolId};

pub use error::AccessError;
pub use post::Post;
pub use viewer::Viewer;
pub use viewers::{Standing, viewers};

/// What somebody wants to look at.
///
/// ```
/// use eschool_core::access::{Sight, Whose};
///
/// let pupil = Whose {
///     account: "019379ab-0000-7000-8000-000000000002".parse()?,
///     school: "019379ab-0000-7000-8000-000000000001".parse()?,
///     classes: &[],
/// };
/// assert_ne!(Sight::Diary(pupil), Sight::Card(pupil));
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight<'a> {
    /// The diary of a pupil.
    Diary(Whose<'a>),
    /// The sheet of a class: its pupils with their marks in every subject (*сводная ведомость*).
    ClassSheet {
        /// The school.
        school: SchoolId,
        /// The class.
        class: ClassId,
    },
    /// The page of the journal for one lesson: topic, homework, marks, attendance.
    Lesson {
        /// The school.
        school: SchoolId,
        /// The class.
        class: ClassId,
        /// Who gives the lesson, who stands in for another too; none where the school did not say.
        teacher: Option<AccountId>,
    },
    /// What the registry holds of a person: name, birth date, keys, bonds, consents.
    Person(Whose<'a>),
    /// A registration card and what became of it.
    Card(Whose<'a>),
    /// A case of somebody who could not sign in. Who was told the code opens it in the school; how
    /// much of the evidence the diagnosis shows there is the
    /// [`DiagnosisScope`](crate::diagnosis::DiagnosisScope)'s to say, and may be nothing.
    Case {
        /// The school it was opened in.
        school: SchoolId,
        /// Whether it was handed over to support.
        with_support: bool,
    },
    /// Who of the staff looked at somebody's data, and when.
    Looks(Whose<'a>),
    /// Accounts to be joined into a person, or parted again.
    Merge,
}

/// Whose data it is.
///
/// ```
/// use eschool_core::{access::Whose, id::ClassId};
///
/// let class: ClassId = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let mother = Whose {
///     account: "019379ab-0000-7000-8000-000000000002".parse()?,
///     school: "019379ab-0000-7000-8000-000000000001".parse()?,
///     classes: &[class],
/// };
/// assert_eq!(mother.classes.len(), 1);
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose<'a> {
    /// The account.
    pub account: AccountId,
    /// Its school.
    pub school: SchoolId,
    /// The classes the pupil is known by today, as
    /// [`classes_on`](crate::journal::classes_on) says; of a parent, those of the children.
    pub classes: &'a [ClassId],
}

/// A look that is allowed.
///
/// ```
/// use eschool_core::access::Allowed;
///
/// assert_eq!(serde_json::to_string(&Allowed { audited: true })?, r#"{"audited":true}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// Whether the look is one of staff and is to be written into the audit.
    pub audited: bool,
}

/// Whether somebody may look at something on a day; any of the roles is enough. A look that is one
/// of staff in any of the roles is audited, even where the family may have it too: a teacher's look
/// at the own child's diary.
///
/// ```
/// use eschool_core::{
///     access::{AccessError, Allowed, Post, Sight, Viewer, Whose, may},
///     id::{ClassId, SchoolId},
/// };
///
/// let class: ClassId = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let school: SchoolId = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let account = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let diary = Sight::Diary(Whose { account, school, classes: &[class] });
/// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
///
/// let staff = |post| Viewer::Staff { post, until: None };
/// let classes = [class];
/// let teacher = staff(Post::ClassTeacher { school, classes: &classes });
/// assert_eq!(may(&[teacher], &diary, today), Ok(Allowed { audited: true }));
/// let registrar = staff(Post::Registrar(school));
/// assert_eq!(may(&[registrar], &diary, today), Err(AccessError::NotAllowed));
/// # Ok::<(), uuid::Error>(())
/// ```
///
/// # Errors
/// [`AccessError`] says which rule stands in the way; the most telling one if there are several.
pub fn may(
    viewers: &[Viewer<'_>],
    sight: &Sight<'_>,
    today: NaiveDate,
) -> Result<Allowed, AccessError> {
    let mut refused = AccessError::NotAllowed;
    let (mut by_family, mut by_staff) = (false, false);
    for viewer in viewers {
        match viewer.opens(sight, today) {
            Ok(()) if viewer.is_staff() => by_staff = true,
            Ok(()) => by_family = true,
            Err(error) => refused = refused.min(error),
        }
    }
    match (by_family, by_staff) {
        (false, true) if refused == AccessError::Barred => Err(refused),
        (false, false) => Err(refused),
        (_, audited) => Ok(Allowed { audited }),
    }
}

/// Whether a pupil's family may read the diary on a day; any of the roles is enough.
///
/// A pupil reads their own while in the school; a parent that of a child whom they
/// [see](crate::signin::ChildFacts::is_seen_on) on that day, unless another bond bars them on it.
/// Staff are asked about by [`may`], which knows their classes and schools and says that the look
/// is audited.
///
/// ```
/// use eschool_core::{access::{AccessError, Viewer, may_read_diary}, id::AccountId};
///
/// let pupil: AccountId = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let other: AccountId = "019379ab-0000-7000-8000-000000000003".parse()?;
/// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
/// assert_eq!(may_read_diary(&[Viewer::Pupil(pupil, None)], pupil, today), Ok(()));
/// assert_eq!(
///     may_read_diary(&[Viewer::Pupil(other, None)], pupil, today),
///     Err(AccessError::NotYours),
/// );
/// # Ok::<(), uuid::Error>(())
/// ```
///
/// # Errors
/// [`AccessError`] says which rule stands in the way; the most telling one if there are several.
pub fn may_read_diary(
    viewers: &[Viewer<'_>],
    pupil: AccountId,
    today: NaiveDate,
) -> Result<(), AccessError> {
    let mut refused = AccessError::NotYours;
    for viewer in viewers {
        match viewer.opens_diary_of(pupil, today) {
            Ok(()) => return Ok(()),
            Err(error) => refused = refused.min(error),
        }
    }
    Err(refused)
}

fn still_there(until: Option<NaiveDate>, today: NaiveDate) -> Result<(), AccessError> {
    if until.is_some_and(|last| last < today) {
        return Err(AccessError::AccountClosed);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
