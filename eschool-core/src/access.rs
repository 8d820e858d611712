//! Who may look at what.
//!
//! Everything that is not allowed here is refused, and every look by staff is to be written into
//! the audit. This table is the whole of it:
//!
//! | | diary | class sheet | lesson | person | card | case | merge |
//! |---|---|---|---|---|---|---|---|
//! | pupil | own | | | | | | |
//! | parent | children's | | | | | | |
//! | class teacher | class | class | class | class | class | class | |
//! | subject teacher | | | own | | | | |
//! | registrar | | | | school | school | school | |
//! | administrator | school | school | school | school | school | school | |
//! | support | | | | | | handed over | |
//! | operator | | | | | | | all |

mod error;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, ClassId, SchoolId},
    people::Guardianship,
};

pub use error::AccessError;

/// Somebody who looks, in one of their roles.
///
/// ```
/// use eschool_core::access::{Post, Viewer};
///
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let teacher = Viewer::Staff { post: Post::ClassTeacher(&[class]), until: None };
/// assert_ne!(teacher, Viewer::Staff { post: Post::Support, until: None });
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer<'a> {
    /// A pupil, with the last day in the school; none while the last stay goes on.
    Pupil(AccountId, Option<NaiveDate>),
    /// A parent, with every bond the school knows of.
    Parent(&'a [Guardianship]),
    /// Whoever looks because it is their work.
    Staff {
        /// As what.
        post: Post<'a>,
        /// The last day at work, once it is known.
        until: Option<NaiveDate>,
    },
}

/// As what a member of staff looks.
///
/// ```
/// use eschool_core::{access::Post, id::SchoolId};
///
/// let school: SchoolId = "019379ab-0000-7000-8000-000000000001".parse()?;
/// assert_ne!(Post::Registrar(school), Post::Administrator(school));
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post<'a> {
    /// Классный руководитель of these classes.
    ClassTeacher(&'a [ClassId]),
    /// Учитель-предметник: the lessons this account gives.
    SubjectTeacher(AccountId),
    /// Ответственный за данные родителей in this school: people, not marks.
    Registrar(SchoolId),
    /// Администратор of this school.
    Administrator(SchoolId),
    /// Техническая поддержка of all schools: cases that were handed over to it, never marks.
    Support,
    /// Оператор региона: merges.
    Operator,
}

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
    /// A case of somebody who could not sign in, with its diagnosis.
    Case {
        /// The school whose evidence it shows.
        school: SchoolId,
        /// The classes its evidence is about.
        classes: &'a [ClassId],
        /// Whether it was handed over to support.
        with_support: bool,
    },
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
    /// The classes the pupil is in today; of a parent, those of the children.
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

/// Whether somebody may look at something on a day; any of the roles is enough. A look that the
/// family may have is not audited, even by somebody who works in the school as well.
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
/// let teacher = staff(Post::ClassTeacher(&classes));
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
    let mut by_staff = false;
    for viewer in viewers {
        let looked = match (viewer, sight) {
            (Viewer::Staff { post, until }, _) => post.opens(sight, *until, today),
            (_, Sight::Diary(whose)) => match viewer.opens_diary_of(whose.account, today) {
                Ok(()) => return Ok(Allowed { audited: false }),
                refused => refused,
            },
            _ => Err(AccessError::NotAllowed),
        };
        match looked {
            Ok(()) => by_staff = true,
            Err(error) => refused = refused.min(error),
        }
    }
    if by_staff { Ok(Allowed { audited: true }) } else { Err(refused) }
}

/// Whether a pupil's family may read the diary on a day; any of the roles is enough.
///
/// A pupil reads their own while in the school; a parent that of a child whose guardianship holds
/// and is not barred. Staff are asked about by [`may`], which knows their classes and schools and
/// says that the look is audited.
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

impl Viewer<'_> {
    /// Whether the diary is open to this viewer as one of the family.
    fn opens_diary_of(&self, pupil: AccountId, today: NaiveDate) -> Result<(), AccessError> {
        match self {
            Self::Pupil(account, until) if *account == pupil => still_there(*until, today),
            Self::Pupil(..) | Self::Staff { .. } => Err(AccessError::NotYours),
            Self::Parent(bonds) => {
                let mut refused = AccessError::NotYours;
                for bond in bonds.iter().filter(|bond| bond.child == pupil) {
                    match (bond.barred, bond.holds_on(today)) {
                        (false, true) => return Ok(()),
                        (true, _) => refused = refused.min(AccessError::Barred),
                        (false, false) => refused = refused.min(AccessError::GuardianshipEnded),
                    }
                }
                Err(refused)
            }
        }
    }
}

impl Post<'_> {
    fn opens(
        &self,
        sight: &Sight<'_>,
        until: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<(), AccessError> {
        if self.reaches(sight) { still_there(until, today) } else { Err(AccessError::NotAllowed) }
    }

    /// The table of staff: what is not named is refused.
    fn reaches(&self, sight: &Sight<'_>) -> bool {
        use Sight::{Card, Case, ClassSheet, Diary, Lesson, Merge, Person};
        let one_of =
            |ours: &[ClassId], theirs: &[ClassId]| theirs.iter().any(|class| ours.contains(class));
        match (self, sight) {
            (Self::ClassTeacher(ours), Diary(whose) | Person(whose) | Card(whose)) => {
                one_of(ours, whose.classes)
            }
            (Self::ClassTeacher(ours), ClassSheet { class, .. } | Lesson { class, .. }) => {
                ours.contains(class)
            }
            (Self::ClassTeacher(ours), Case { classes, .. }) => one_of(ours, classes),
            (Self::SubjectTeacher(account), Lesson { teacher, .. }) => teacher == &Some(*account),
            (Self::Registrar(ours), Person(Whose { school, .. }) | Card(Whose { school, .. }))
            | (Self::Registrar(ours), Case { school, .. })
            | (
                Self::Administrator(ours),
                Diary(Whose { school, .. })
                | ClassSheet { school, .. }
                | Lesson { school, .. }
                | Person(Whose { school, .. })
                | Card(Whose { school, .. })
                | Case { school, .. },
            ) => ours == school,
            (Self::Support, Case { with_support, .. }) => *with_support,
            (Self::Operator, Merge) => true,
            _ => false,
        }
    }
}

fn still_there(until: Option<NaiveDate>, today: NaiveDate) -> Result<(), AccessError> {
    if until.is_some_and(|last| last < today) {
        return Err(AccessError::AccountClosed);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
