//! What staff see.

use super::{Sight, Whose};
use crate::id::{AccountId, ClassId, SchoolId};

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
    /// Классный руководитель.
    ClassTeacher {
        /// The school.
        school: SchoolId,
        /// The classes led; who leads none is no class teacher.
        classes: &'a [ClassId],
    },
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

impl Post<'_> {
    /// The table of staff: what is not named is refused.
    pub(super) fn reaches(&self, sight: &Sight<'_>) -> bool {
        use Sight::{
            AllJournals, AllPeople, Card, Case, ClassSheet, Diary, Lesson, Looks, Merge, Person,
        };
        match (self, sight) {
            (
                Self::ClassTeacher { classes: led, .. },
                Diary(whose) | Person(whose) | Card(whose),
            ) => whose.classes.iter().any(|class| led.contains(class)),
            (
                Self::ClassTeacher { classes, .. },
                ClassSheet { class, .. } | Lesson { class, .. },
            ) => classes.contains(class),
            (Self::ClassTeacher { school: ours, classes }, Case { school, .. }) => {
                ours == school && !classes.is_empty()
            }
            (Self::SubjectTeacher(account), Lesson { teacher, .. }) => teacher == &Some(*account),
            (Self::Registrar(ours), Person(Whose { school, .. }) | Card(Whose { school, .. }))
            | (Self::Registrar(ours), Case { school, .. } | AllPeople(school))
            | (
                Self::Administrator(ours),
                Diary(Whose { school, .. })
                | ClassSheet { school, .. }
                | Lesson { school, .. }
                | Person(Whose { school, .. })
                | Card(Whose { school, .. })
                | Case { school, .. }
                | Looks(Whose { school, .. })
                | AllPeople(school)
                | AllJournals(school),
            ) => ours == school,
            (Self::Support, Case { with_support, .. }) => *with_support,
            (Self::Operator, Merge) => true,
            _ => false,
        }
    }
}
