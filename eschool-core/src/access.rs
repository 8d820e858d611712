//! Who may look at what.
//!
//! Everything that is not allowed here is refused, and every look by staff is to be written into
//! the audit. This table is the whole of it:
//!
//! | | diary | class sheet | lesson | person | card | case | looks | merge | all people | all journals |
//! |---|---|---|---|---|---|---|---|---|---|---|
//! | pupil | own | | | | | | | | | |
//! | parent | children's | | | | | | children's | | | |
//! | class teacher | class | class | class | class | class | school | | | | |
//! | subject teacher | | | own | | | | | | | |
//! | registrar | | | | school | school | school | | | school | |
//! | administrator | school | school | school | school | school | school | school | | school | school |
//! | support | | | | | | handed over | | | | |
//! | operator | | | | | | | | all | | |
//!
//! An adult whom a bond bars from a child today is barred as a human being: by no other bond, of no
//! other account and in no other role do they open what is about that child alone (diary, person,
//! card, looks), be it the class teacher's or the administrator's. What is about a whole class, its
//! sheet and its lessons, stays open to whom it is work; so does what is about a whole school.
//!
//! Who may write is asked apart, of a [`Deed`], and less is allowed: this table is the whole of it.
//!
//! | | lesson | finals | excuse | accept an excuse | rules of assessment | registry | classes of pupils | school year | transfer | personal data | cards |
//! |---|---|---|---|---|---|---|---|---|---|---|---|
//! | pupil | | | | | | | | | | | |
//! | parent | | | children's | | | | | | | | |
//! | class teacher | | | | class | | class, as the keeper | | | | | class |
//! | subject teacher | own | own subject | | | | | | | | | |
//! | registrar | | | | | | school, as the keeper | school | | | | |
//! | administrator | school | school | | school | school | school | school | school | | school | school |
//! | support | | | | | | | | | | | |
//! | operator | | | | | | | | | all | | |
//!
//! The registry is kept by the class teachers or by the registrar, as the policy of the region says.

mod deed;
mod error;
mod post;
mod viewer;
mod viewers;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    diary::DiaryEvent,
    id::{AccountId, ClassId, SchoolId},
};

pub use deed::{Deed, may_do};
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
    /// Everybody a school's registry holds at once, as exchange files: pupils, parents, staff.
    AllPeople(SchoolId),
    /// Every journal of a school at once, as exchange files: lessons, marks, attendance, final
    /// marks.
    AllJournals(SchoolId),
}

impl<'a> Sight<'a> {
    /// What reading an event is: a look at the diary of its pupil, whatever happened in it. So who
    /// follows events is asked about each of them, with the classes the pupil is known by on the
    /// day it is read.
    ///
    /// ```
    /// use eschool_core::{access::{Sight, Viewer, may}, diary::DiaryEvent};
    ///
    /// let event: DiaryEvent = serde_json::from_str(r#"{
    ///     "cursor": 1042, "pupil": "019379ab-0000-7000-8000-000000000002",
    ///     "at": "2024-09-20T12:00:00Z",
    ///     "what": {
    ///         "kind": "topic_changed", "new": "Сила",
    ///         "lesson": {"date": "2024-09-16", "number": 2, "subject": "Физика"}
    ///     }
    /// }"#).unwrap();
    /// let sight = Sight::event(&event, "019379ab-0000-7000-8000-000000000001".parse()?, &[]);
    /// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 20).unwrap();
    /// assert!(may(&[Viewer::Pupil(event.pupil, None)], &sight, today).is_ok());
    /// assert!(may(&[], &sight, today).is_err());
    /// # Ok::<(), uuid::Error>(())
    /// ```
    #[must_use]
    pub const fn event(event: &DiaryEvent, school: SchoolId, classes: &'a [ClassId]) -> Self {
        Self::Diary(Whose { account: event.pupil, school, classes })
    }
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

impl Sight<'_> {
    /// The account that it is about alone, if it is about one: an adult who is barred from it may
    /// not look.
    const fn child(&self) -> Option<AccountId> {
        match self {
            Self::Diary(whose) | Self::Person(whose) | Self::Card(whose) | Self::Looks(whose) => {
                Some(whose.account)
            }
            Self::ClassSheet { .. }
            | Self::Lesson { .. }
            | Self::Case { .. }
            | Self::Merge
            | Self::AllPeople(_)
            | Self::AllJournals(_) => None,
        }
    }
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
///     access::{AccessError::{Barred, GuardianshipEnded, NotAllowed}, Post, Sight, Viewer, Whose, may},
///     id::{AccountId, ClassId, SchoolId},
///     people::{Guardianship, Kinship},
///     policy::SignInPolicy,
///     signin::ChildFacts,
/// };
///
/// let class: ClassId = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let school: SchoolId = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let account = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let parent: AccountId = "019379ab-0000-7000-8000-000000000003".parse()?;
/// let teacher: AccountId = "019379ab-0000-7000-8000-000000000004".parse()?;
/// let pupil = Whose { account, school, classes: &[class] };
/// let diary = Sight::Diary(pupil);
/// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
///
/// let look = |viewer: Viewer<'_>, sight: &Sight<'_>| may(&[viewer], sight, today).map(|look| look.audited);
/// let lesson = Sight::Lesson { school, class, teacher: Some(teacher) };
/// let (person, looks, not) = (Sight::Person(pupil), Sight::Looks(pupil), Err(NotAllowed));
///
/// // The family, unaudited: the pupil, and a parent while the bond holds and no bond bars.
/// assert_eq!(look(Viewer::Pupil(pupil.account, None), &diary), Ok(false));
/// let bond = |until: &str, barred| ChildFacts {
///     guardianship: Guardianship {
///         parent, child: pupil.account, kinship: Kinship::Mother, legal_representative: None,
///         from: None, until: until.parse().ok(), barred,
///     },
///     birth_date: None,
///     until: None,
/// };
/// let policy = SignInPolicy::ryazan_2022();
/// let rules = policy.rules_on(today);
/// for (until, barred, told) in [
///     ("2024-09-01", false, Ok(false)),
///     ("2024-08-31", false, Err(GuardianshipEnded)),
///     ("2024-09-01", true, Err(Barred)),
/// ] {
///     let children = [bond(until, barred)];
///     let viewer = Viewer::Parent { account: parent, children: &children, rules };
///     assert_eq!((look(viewer, &diary), look(viewer, &looks)), (told, told));
/// }
///
/// // Staff, audited.
/// let classes = [class];
/// let staff = |post: Post<'_>, sight: &Sight<'_>| look(Viewer::Staff { post, until: None }, sight);
/// let all = |post| [&diary, &lesson, &person, &Sight::Merge].map(|sight| staff(post, sight));
/// assert_eq!(
///     all(Post::ClassTeacher { school, classes: &classes }),
///     [Ok(true), Ok(true), Ok(true), not],
/// );
/// assert_eq!(all(Post::SubjectTeacher(teacher)), [not, Ok(true), not, not]);
/// assert_eq!(all(Post::Registrar(school)), [not, not, Ok(true), not]);
/// assert_eq!(all(Post::Administrator(school)), [Ok(true), Ok(true), Ok(true), not]);
/// assert_eq!(all(Post::Support), [not; 4]);
/// assert_eq!(all(Post::Operator), [not, not, not, Ok(true)]);
/// let case = |with_support| Sight::Case { school, with_support };
/// assert_eq!(staff(Post::Support, &case(true)), Ok(true));
/// assert_eq!(staff(Post::Support, &case(false)), not);
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
    if sight.child().is_some_and(|child| are_barred(viewers, child, today)) {
        return Err(AccessError::Barred);
    }
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
        (false, false) => Err(refused),
        (_, audited) => Ok(Allowed { audited }),
    }
}

/// Whether any of the roles holds a bond that bars the adult from the child on this day.
fn are_barred(viewers: &[Viewer<'_>], child: AccountId, today: NaiveDate) -> bool {
    viewers.iter().any(|viewer| viewer.is_barred_from(child, today))
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
    if are_barred(viewers, pupil, today) {
        return Err(AccessError::Barred);
    }
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
