//! Who may write what.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{AccessError, Post, Viewer, Whose, are_barred, still_there};
use crate::{
    id::{AccountId, ClassId, SchoolId},
    policy::RegistryKeeper,
};

/// What somebody wants to write.
///
/// ```
/// use eschool_core::access::Deed;
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let nobodys = Deed::Lesson { school, class, teacher: None };
/// assert_ne!(nobodys, Deed::Grading { school });
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed<'a> {
    /// The page of a lesson: topic, homework, works, marks, attendance, remarks. Whoever moves a
    /// lesson or hands it over is asked twice, of the lesson as it is and as it is to be.
    Lesson {
        /// The school.
        school: SchoolId,
        /// The class.
        class: ClassId,
        /// Who gives it, who stands in for another too; none where the school did not say.
        teacher: Option<AccountId>,
    },
    /// The final marks of a class in a subject.
    Finals {
        /// The school.
        school: SchoolId,
        /// The class.
        class: ClassId,
        /// Who teaches the class this subject.
        teachers: &'a [AccountId],
    },
    /// That a pupil's absence has a reason (*объяснение пропуска*).
    Excuse(Whose<'a>),
    /// Whether the reason is a good one.
    AcceptExcuse(Whose<'a>),
    /// What the registry holds of a pupil's family: parents, bonds, consents and other grounds.
    Registry {
        /// The pupil; or an adult, known by the classes of the children.
        whose: Whose<'a>,
        /// Who keeps the registry by the rules of the day.
        keeper: &'a RegistryKeeper,
        /// Whether the account written to is also that of a pupil or of somebody at work in the
        /// school: by its keys they sign in, so they are the administrator's to write.
        of_another_role: bool,
        /// Where it is written what an adult signs in by – name, birth date, СНИЛС, phone, e-mail:
        /// the classes of each child whose bond holds that day. Each of them has to be the asker's to
        /// keep, for whoever writes the key may sign in by it and see them all. Else empty.
        behind: &'a [Vec<ClassId>],
    },
    /// A pupil's registration card: a new one, or a line about it in the card journal. Whoever makes
    /// one reads the password on it, and could read the diary by it: so it is for who may see that
    /// diary, and no registrar's, who sees people and not marks.
    Card(Whose<'a>),
    /// How the school counts marks.
    Grading {
        /// The school.
        school: SchoolId,
    },
    /// Who is in which class from when (*движение учеников*).
    Enrolment {
        /// The school.
        school: SchoolId,
    },
    /// That a school year ends and the next one begins.
    SchoolYear {
        /// The school.
        school: SchoolId,
    },
    /// That what a school keeps of somebody is given out or erased.
    PersonalData {
        /// The school.
        school: SchoolId,
        /// Every account of theirs, in this school and in others: who is barred from one of them is
        /// given nothing of any.
        accounts: &'a [AccountId],
    },
    /// That a pupil of one school becomes another's, whichever the two are. Who has to do with the
    /// [enrolment](Self::Enrolment) of both needs no leave of anybody else.
    Transfer,
}

impl Deed<'_> {
    /// The accounts of one person that it is about alone, if it is about one.
    const fn of_one(&self) -> &[AccountId] {
        match self {
            Self::Excuse(whose)
            | Self::AcceptExcuse(whose)
            | Self::Registry { whose, .. }
            | Self::Card(whose) => core::slice::from_ref(&whose.account),
            Self::PersonalData { accounts, .. } => accounts,
            Self::Lesson { .. }
            | Self::Finals { .. }
            | Self::Grading { .. }
            | Self::Enrolment { .. }
            | Self::SchoolYear { .. }
            | Self::Transfer => &[],
        }
    }
}

/// Whether somebody may write something on a day; any of the roles is enough. Whatever is done is to
/// be noted in the audit, a family's deed as one of staff.
///
/// ```
/// use eschool_core::access::{AccessError::NotAllowed, Deed, Post, Viewer, Whose, may_do};
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let teacher = "019379ab-0000-7000-8000-000000000004".parse()?;
/// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 2).unwrap();
/// let writes = |post: Post<'_>, deed: &Deed<'_>| {
///     may_do(&[Viewer::Staff { post, until: None }], deed, today)
/// };
///
/// let own = Deed::Lesson { school, class, teacher: Some(teacher) };
/// let anothers = Deed::Lesson { school, class, teacher: None };
/// assert_eq!(writes(Post::SubjectTeacher(teacher), &own), Ok(()));
/// assert_eq!(writes(Post::SubjectTeacher(teacher), &anothers), Err(NotAllowed));
/// // A class teacher sees every lesson of the class and writes the own ones alone.
/// let classes = [class];
/// assert_eq!(writes(Post::ClassTeacher { school, classes: &classes }, &own), Err(NotAllowed));
/// assert_eq!(writes(Post::Administrator(school), &anothers), Ok(()));
///
/// // Cards are made and handed out by the class teacher, or by the administrator.
/// let pupil = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let card = Deed::Card(Whose { account: pupil, school, classes: &classes });
/// assert_eq!(writes(Post::ClassTeacher { school, classes: &classes }, &card), Ok(()));
/// assert_eq!(writes(Post::Registrar(school), &card), Err(NotAllowed));
/// # Ok::<(), uuid::Error>(())
/// ```
///
/// # Errors
/// [`AccessError`] says which rule stands in the way; the most telling one if there are several.
pub fn may_do(
    viewers: &[Viewer<'_>],
    deed: &Deed<'_>,
    today: NaiveDate,
) -> Result<(), AccessError> {
    if deed.of_one().iter().any(|account| are_barred(viewers, *account, today)) {
        return Err(AccessError::Barred);
    }
    let mut refused = AccessError::NotAllowed;
    for viewer in viewers {
        match viewer.does(deed, today) {
            Ok(()) => return Ok(()),
            Err(error) => refused = refused.min(error),
        }
    }
    Err(refused)
}

impl Viewer<'_> {
    /// Whether this viewer may do it, bars apart.
    fn does(&self, deed: &Deed<'_>, today: NaiveDate) -> Result<(), AccessError> {
        match (self, deed) {
            (Self::Staff { post, until }, _) if post.does(deed) => still_there(*until, today),
            (Self::Parent { .. }, Deed::Excuse(whose)) => self.opens_diary_of(whose.account, today),
            _ => Err(AccessError::NotAllowed),
        }
    }
}

impl Post<'_> {
    /// The table of what staff write: what is not named is refused.
    fn does(&self, deed: &Deed<'_>) -> bool {
        match (self, deed) {
            (Self::SubjectTeacher(account), Deed::Lesson { teacher, .. }) => {
                teacher == &Some(*account)
            }
            (Self::SubjectTeacher(account), Deed::Finals { teachers, .. }) => {
                teachers.contains(account)
            }
            (
                Self::ClassTeacher { classes: led, .. },
                Deed::AcceptExcuse(whose) | Deed::Card(whose),
            ) => whose.classes.iter().any(|class| led.contains(class)),
            (
                Self::ClassTeacher { classes: led, .. },
                Deed::Registry { whose, keeper, of_another_role, behind },
            ) => {
                let is_led = |classes: &[ClassId]| classes.iter().any(|class| led.contains(class));
                !of_another_role
                    && **keeper == RegistryKeeper::ClassTeacher
                    && is_led(whose.classes)
                    && behind.iter().all(|classes| is_led(classes))
            }
            (Self::Registrar(ours), Deed::Registry { whose, keeper, of_another_role, .. }) => {
                !of_another_role && **keeper == RegistryKeeper::Registrar && *ours == whose.school
            }
            (
                Self::Administrator(ours),
                Deed::Lesson { school, .. }
                | Deed::Finals { school, .. }
                | Deed::AcceptExcuse(Whose { school, .. })
                | Deed::Card(Whose { school, .. })
                | Deed::Registry { whose: Whose { school, .. }, .. }
                | Deed::Grading { school }
                | Deed::Enrolment { school }
                | Deed::SchoolYear { school }
                | Deed::PersonalData { school, .. },
            )
            | (Self::Registrar(ours), Deed::Enrolment { school }) => ours == school,
            (Self::Operator, Deed::Transfer) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
