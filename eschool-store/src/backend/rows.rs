//! Rows as a backend keeps them: the core's own types, with what is secret sealed or hashed.

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    archive::YearState,
    calendar::{Bell, CalendarSpan, Term, TimetableLesson},
    id::{AccountId, AppGrantId, ClassId, LessonId, MarkId, MergeId, PersonId, SchoolId},
    identity::{BirthDate, FullName, Login},
    journal::{
        Attendance, ClassName, Grading, Homework, Lesson, Mark, MarkValue, Stay,
        SubgroupMembership, Work,
    },
    merge::AccountMove,
    people::{CardRecord, Duty, Guardianship, School, StaffPost},
    policy::SignInMethod,
    signin::{AccountGrant, CaseCode, RefusalCode},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::secret::{ClaimKind, KeyHash, Sealed, TokenHash};

/// A class of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolClass {
    /// Its identifier.
    pub id: ClassId,
    /// Its school.
    pub school: SchoolId,
    /// The calendar year in which its school year began.
    pub year: i32,
    /// Its name; unique in a school and year.
    pub name: ClassName,
}

/// What a school's days are made of; small, and saved whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchoolFrame {
    /// Vacations, holidays, working Saturdays.
    pub calendar: Vec<CalendarSpan>,
    /// Terms of each year of study.
    pub terms: Vec<Term>,
    /// When lessons begin and end.
    pub bells: Vec<Bell>,
    /// The weekly timetable of every class.
    pub timetable: Vec<TimetableLesson>,
}

/// An account with СНИЛС, phone and e-mail sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Its identifier.
    pub id: AccountId,
    /// Its school.
    pub school: SchoolId,
    /// Its person.
    pub person: PersonId,
    /// The name: readable, for lists.
    pub name: FullName,
    /// The birth date: readable, for ages.
    pub birth_date: Option<BirthDate>,
    /// The СНИЛС.
    pub snils: Option<Sealed>,
    /// The phone.
    pub phone: Option<Sealed>,
    /// The e-mail.
    pub email: Option<Sealed>,
}

/// That an account holds a key. Several accounts may hold one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// The key's hash.
    pub key: KeyHash,
    /// What kind of key it is.
    pub kind: ClaimKind,
    /// The account's school.
    pub school: SchoolId,
    /// The account.
    pub account: AccountId,
    /// The account's person.
    pub person: PersonId,
    /// What the key is the hash of, where it stands nowhere else: the number in ЕСИА. None in a row of
    /// a version that did not keep it.
    pub sealed: Option<Sealed>,
}

/// A phone that two people of a school were once seen to share, whoever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPhone {
    /// The hash by which an account that holds the phone is found as well.
    pub key: KeyHash,
    /// The phone.
    pub phone: Sealed,
}

/// What merging reads of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeableAccount {
    /// The account.
    pub account: AccountId,
    /// Its school.
    pub school: SchoolId,
    /// Its person.
    pub person: PersonId,
    /// The name.
    pub name: FullName,
    /// The birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// What the СНИЛС is found by, if the school has it.
    pub snils: Option<KeyHash>,
}

/// Accounts that were joined into persons, or parted, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    /// Its identifier.
    pub id: MergeId,
    /// When it was.
    pub at: DateTime<Utc>,
    /// The account of who did it; none for who runs a program beside the database.
    pub actor: Option<AccountId>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
    /// The accounts that became another person's, by school and account.
    pub moves: Vec<AccountMove>,
}

/// Everybody and everything a school's registry holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// The classes.
    pub classes: Vec<SchoolClass>,
    /// The accounts of pupils, parents and staff.
    pub accounts: Vec<StoredAccount>,
    /// The keys those accounts hold.
    pub claims: Vec<Claim>,
    /// Who was in which class when.
    pub stays: Vec<Stay>,
    /// Who was in which subgroup when.
    pub subgroups: Vec<SubgroupMembership>,
    /// Which adult is whose.
    pub guardianships: Vec<Guardianship>,
    /// Who works here.
    pub staff: Vec<StaffPost>,
    /// Who answers for what.
    pub duties: Vec<DutyRow>,
    /// The rows of the last import that were refused.
    pub refused_rows: Vec<RefusedRow>,
}

/// One account with everything it is in its school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: StoredAccount,
    /// Its stays, if it is a pupil's.
    pub stays: Vec<Stay>,
    /// The children, if it is an adult's.
    pub children: Vec<Child>,
    /// Its posts, if it is of a member of staff.
    pub posts: Vec<StaffPost>,
    /// Its duties, if it has any.
    pub duties: Vec<DutyRow>,
}

/// That somebody answers for something in a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// Whose duty it is.
    pub account: AccountId,
    /// What for.
    pub duty: Duty,
    /// The first day.
    pub since: NaiveDate,
}

/// A child as the account of an adult knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The bond.
    pub guardianship: Guardianship,
    /// The child's birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// The child's stays.
    pub stays: Vec<Stay>,
}

/// Who asks for the cover of a pupil's diary as a parent.
///
/// A bar holds for the human being, whatever account of theirs it stands in. So the bonds that come
/// along are those of every account that the school has of them: of this person, and of whomever
/// these accounts belong to.
///
/// ```
/// use eschool_store::{
///     backend::{AsParent, BackendError, DiaryCover, Tx},
///     testing::fixtures::{account_id, person_id, school_id},
/// };
///
/// async fn cover(tx: &mut dyn Tx) -> Result<Option<DiaryCover>, BackendError> {
///     let mother = AsParent { person: person_id(11), accounts: &[account_id(11)] };
///     tx.cover(school_id(1), account_id(1), Some(mother)).await
/// }
/// # drop(cover);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsParent<'a> {
    /// The person who is signed in.
    pub person: PersonId,
    /// The accounts of the school by which they are here as a parent; without one no bond comes
    /// along.
    pub accounts: &'a [AccountId],
}

/// What stands on the cover of a pupil's diary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiaryCover {
    /// The school.
    pub school: School,
    /// The pupil's name.
    pub name: FullName,
    /// The pupil's birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// The pupil's stays.
    pub stays: Vec<Stay>,
    /// The classes of those stays.
    pub classes: Vec<SchoolClass>,
    /// The school's terms, of every year of study.
    pub terms: Vec<Term>,
    /// How the school counts marks; the plain rules where it said nothing.
    pub grading: Grading,
    /// The school years of the school that were archived, and how far each is, by year.
    pub archives: Vec<(i32, YearState)>,
    /// What ties who asks as a parent to the pupil, former and barred bonds too, by the parent's
    /// account.
    pub bonds: Vec<Guardianship>,
}

/// A card's login and what the password is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The login's hash.
    pub login_hash: KeyHash,
    /// The login, readable: it stands on the card and in letters.
    pub login: Login,
    /// The account's school.
    pub school: SchoolId,
    /// The account.
    pub account: AccountId,
    /// The argon2id string.
    pub phc: String,
    /// When the card was made.
    pub issued_at: DateTime<Utc>,
}

impl Credential {
    /// Whether it is the same card, by whichever lookup key its login is found.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        *self == Self { login_hash: self.login_hash, ..other.clone() }
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("account", &self.account).finish_non_exhaustive()
    }
}

/// A line of the card journal (*журнал выдачи карточек*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardJournalEntry {
    /// The school.
    pub school: SchoolId,
    /// Whose card it is.
    pub account: AccountId,
    /// What was done with which of the account's cards, when and by whom.
    pub line: CardRecord,
}

/// A device on which a card's login was used rightly; one device may have several logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The token's hash.
    pub token: TokenHash,
    /// The login's hash.
    pub login_hash: KeyHash,
    /// When the login was last used on it.
    pub seen_at: DateTime<Utc>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The token's hash.
    pub token: TokenHash,
    /// Whose it is.
    pub person: PersonId,
    /// What was granted.
    pub accounts: Vec<AccountGrant>,
    /// The way in.
    pub method: SignInMethod,
    /// Whether one of several accounts is to be chosen.
    pub choose: bool,
    /// The account that was chosen.
    pub chosen: Option<AccountId>,
    /// The day from which the password no longer serves, if it is near.
    pub password_ends: Option<NaiveDate>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// The access that it is of, if it is an app's.
    pub app: Option<AppGrantId>,
    /// When what the sign-in granted ends, if it does.
    pub granted_until: Option<DateTime<Utc>>,
}

/// A sign-in through ЕСИА that was refused, with what ЕСИА said sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSignInRow {
    /// The code the person was told.
    pub case: CaseCode,
    /// What the person's number in ЕСИА is found by.
    pub person: KeyHash,
    /// When it was.
    pub at: DateTime<Utc>,
    /// Why.
    pub refusal: RefusalCode,
    /// When it is to be forgotten.
    pub expires_at: DateTime<Utc>,
    /// What ЕСИА said: the person, as JSON.
    pub said: Sealed,
}

/// An invitation to take over a duty; whoever holds its token may accept it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// The token's hash.
    pub token: TokenHash,
    /// The school that invites.
    pub school: SchoolId,
    /// The duty.
    pub duty: Duty,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub used_at: Option<DateTime<Utc>>,
    /// The account that accepted it.
    pub used_by: Option<AccountId>,
}

/// A mark whose value changed, or that was taken back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkChange {
    /// Its own identifier, a UUIDv7: changes stand in the order they were made.
    pub entry: Uuid,
    /// The school.
    pub school: SchoolId,
    /// The lesson the mark stands in, or stood in.
    pub lesson: LessonId,
    /// The mark.
    pub mark: MarkId,
    /// Whose mark it is.
    pub pupil: AccountId,
    /// What it was.
    pub old: MarkValue,
    /// What it became; none for a mark that was taken back.
    pub new: Option<MarkValue>,
    /// Who did it; none where a file brought the change.
    pub by: Option<AccountId>,
    /// When it changed.
    pub at: DateTime<Utc>,
    /// What was written beside the new value.
    pub comment: Option<String>,
}

impl std::fmt::Debug for MarkChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MarkChange")
            .field("entry", &self.entry)
            .field("mark", &self.mark)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

/// A remark on one pupil in one lesson, with its place among several.
#[derive(Clone, PartialEq, Eq)]
pub struct RemarkRow {
    /// The lesson.
    pub lesson: LessonId,
    /// Whom it is about.
    pub pupil: AccountId,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// Its place among the remarks on the pupil in that lesson, from 0.
    pub position: u16,
    /// What the teacher wrote.
    pub text: String,
}

impl std::fmt::Debug for RemarkRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemarkRow")
            .field("lesson", &self.lesson)
            .field("pupil", &self.pupil)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// Everybody who ever was in a class, with all their times in classes and subgroups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassPupils {
    /// Their stays, those in other classes too.
    pub stays: Vec<Stay>,
    /// Their memberships, those in parts of other classes too.
    pub subgroups: Vec<SubgroupMembership>,
}

/// Homework for one pupil in one lesson, with its place among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndividualHomeworkRow {
    /// The lesson.
    pub lesson: LessonId,
    /// Whose it is.
    pub pupil: AccountId,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// Its place among the pupil's homework of that lesson, from 0.
    pub position: u16,
    /// What to do.
    pub homework: Homework,
}

/// Everything the journal of a class holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassJournal {
    /// The lessons.
    pub lessons: Vec<Lesson>,
    /// Their works.
    pub works: Vec<Work>,
    /// The works of other lessons that marks in these are for: of earlier ones, those of a class
    /// that the pupil has left too.
    pub former_works: Vec<Work>,
    /// The marks in them, by identifier.
    pub marks: Vec<Mark>,
    /// The attendance in them.
    pub attendance: Vec<Attendance>,
    /// Homework for single pupils.
    pub individual_homework: Vec<IndividualHomeworkRow>,
    /// The remarks, by pupil, date, lesson and position.
    pub remarks: Vec<RemarkRow>,
}

/// A row of an exchange file that was refused, kept sealed as it was typed, for who has to find
/// out why somebody cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The school.
    pub school: SchoolId,
    /// The file's name.
    pub file: String,
    /// The row, counted as a spreadsheet does.
    pub line: u32,
    /// The column's heading; empty if the whole row is refused.
    pub column: String,
    /// The stable code.
    pub code: String,
    /// The row as typed.
    pub typed: Sealed,
}

/// Something that was done: identifiers only, no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What, as in `sign_in`.
    pub action: String,
    /// The code of the outcome, as in `granted`.
    pub outcome: String,
    /// The school, if it is about one.
    pub school: Option<SchoolId>,
    /// The account that did it, if it is known.
    pub actor: Option<AccountId>,
    /// The account it was done to, if it is about one.
    pub subject: Option<AccountId>,
    /// The case of a refused sign-in, if it is about one.
    pub case: Option<CaseCode>,
    /// The lesson, if it is about one.
    pub lesson: Option<LessonId>,
}
