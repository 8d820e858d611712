//! The border between use cases and databases.
//!
//! A [`Backend`] begins transactions; a [`Tx`] loads rows and applies [`Changes`]. Nothing here
//! judges: a backend that had a rule of its own would be a second place where the rule lives.
//! Whatever is secret is sealed or hashed before it comes here.

mod apps;
mod archive;
mod audit;
mod changes;
mod error;
mod family;
mod removed;
mod rows;
mod year;

use std::ops::RangeInclusive;

pub use apps::{AppGrantRow, RefreshHashes};
pub use archive::{ArchiveChanges, ClassArchive, YearArchiveRow};
use async_trait::async_trait;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) use audit::readable;
pub use audit::{AuditChain, AuditKey, AuditSeal, SealedEntry};
pub use changes::Changes;
use chrono::{DateTime, NaiveDate, Utc};
pub use error::BackendError;
use eschool_core::{
    calendar::DateRange,
    diary::{DiaryEvent, DiarySlice},
    id::{AccountId, AppGrantId, ClassId, LessonId, MergeId, PersonId, SchoolId, WorkId},
    identity::FullName,
    journal::{FinalMark, Lesson, LessonPage, Mark, Work},
    people::{Consent, KeptApart, School, StaffPost},
    policy::Counter,
    signin::CaseCode,
};
pub use family::{
    CaseAccount, DataBasisRow, ExcuseRow, LetterRow, RecoveryLinkRow, SupportCaseRow,
};
pub use removed::Removed;
pub use rows::{
    AsParent, AuditEntry, CardJournalEntry, Child, Claim, ClassJournal, ClassPupils, Credential,
    Device, DiaryCover, DutyRow, IndividualHomeworkRow, InvitationRow, MarkChange, Member,
    MergeRow, MergeableAccount, RefusedRow, RefusedSignInRow, Registry, RemarkRow, SchoolClass,
    SchoolFrame, SessionRow, SharedPhone, StoredAccount,
};
pub use year::{NewYearRow, YearChange, YearRowsKept};

use uuid::Uuid;

use crate::secret::{KeyHash, KeyId, TokenHash};

/// What a transaction may do, and whom it waits for.
///
/// A use case reads, lets the core decide, and writes what follows. What it decided by must not
/// change meanwhile, or an attempt at a password is not counted, a link is good twice, a lesson that
/// somebody else saved is overwritten. So a use case names what it decides by, and only those who
/// name the same follow one another: that scales, and unlike a transaction that fails when another
/// was faster it needs nothing done twice. The few that decide by a whole region – a merge, say –
/// are alone.
///
/// ```
/// use eschool_store::{
///     backend::{Access, Backend, BackendError, Changes, Turn},
///     testing::fixtures::{login_key, school_id},
/// };
///
/// async fn counted<B: Backend>(backend: &B) -> Result<(), BackendError> {
///     let key = login_key("pr7_test");
///     let mut tx = backend.begin(Access::InTurn(&[Turn::Key(key)])).await?;
///     let mut counter = tx.counter(&key).await?;
///     counter.failures += 1;
///     tx.apply(&Changes { counters: vec![(key, counter)], ..Changes::default() }).await?;
///     tx.commit().await
/// }
/// # drop(counted::<eschool_store::memory::MemoryBackend>);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access<'a> {
    /// Read one consistent snapshot, taken at the first load at the latest; it waits for no writer.
    Read,
    /// Read and write, alone: no other writer is there before this one is over. For what is rare,
    /// and decides by more than can be named.
    Write,
    /// Read and write by turns: writers that name one [`Turn`] follow one another, the others may go
    /// side by side. Each load sees what was committed before it began, and what is guarded by the
    /// turns stays as it was loaded until the transaction is over; what is not may change between
    /// two loads. Without a turn it follows and holds up nobody but a writer that is alone: for what
    /// is only appended.
    InTurn(&'a [Turn]),
}

/// What a writer decides by, so that others who do must wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Whatever a school owns.
    School(SchoolId),
    /// What is found by a keyed hash: a counter, what is known of somebody at ЕСИА.
    Key(KeyHash),
    /// What is found by a token: a session, an invitation.
    Token(TokenHash),
    /// The access of an app.
    App(AppGrantId),
    /// Which schools there are: their names and the prefixes of their logins.
    Schools,
    /// A chain of the audit. Who appends to it does not wait: that decides by nothing.
    Audit(AuditChain),
}

/// A database.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Begins a transaction. A writer waits for its turns first. Dropped without [`commit`](Tx::commit), it leaves no trace.
    ///
    /// # Errors
    /// [`BackendError`] if the database cannot be reached or is too busy.
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError>;

    /// Closes what is open between transactions, once those that go on are over. Nothing can be asked
    /// of it afterwards.
    async fn close(&self) {}
}

/// One transaction: loads, and changes that become visible all at once. What the loads of a reader
/// and of a writer see, [`Access`] tells.
///
/// What was applied earlier in a transaction is seen by its later loads. After an
/// [`apply`](Tx::apply) that failed, nothing remains but to drop the transaction; a refused
/// [`NotWritable`](BackendError::NotWritable) one changes nothing, and reading goes on.
///
/// # Order
/// The same rows always come in the same order. Identifiers, hashes, texts and the codes of kinds
/// stand by their bytes, nothing before something:
/// * classes by year and name; stays by pupil, first day and class; memberships so too, then by
///   subject;
/// * lessons by date, number, class and subgroup; upcoming ones by date, class, subgroup, subject
///   and replaced subject, each once; attendance by pupil, date and lesson; individual homework and
///   remarks so too, then by position; final marks by pupil, year, subject, kind and term;
/// * everything else by its key in [`Changes`], unless its method says otherwise.
///
/// The lists of a frame keep the order in which they were saved.
#[async_trait]
pub trait Tx: Send {
    /// Every school, by name; those of one name, by identifier.
    async fn schools(&mut self) -> Result<Vec<School>, BackendError>;

    /// One school.
    async fn school(&mut self, id: SchoolId) -> Result<Option<School>, BackendError>;

    /// What stands on the cover of a pupil's diary, and for who asks as a parent the bonds that tie
    /// them to the pupil; none for an account that is not there. One statement.
    async fn cover(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        parent: Option<AsParent<'_>>,
    ) -> Result<Option<DiaryCover>, BackendError>;

    /// A school's calendar, terms, bells and timetable; empty if nothing was saved.
    async fn frame(&mut self, school: SchoolId) -> Result<SchoolFrame, BackendError>;

    /// A school's classes, by year and name.
    async fn classes(&mut self, school: SchoolId) -> Result<Vec<SchoolClass>, BackendError>;

    /// Everybody and everything a school's registry holds.
    async fn registry(&mut self, school: SchoolId) -> Result<Registry, BackendError>;

    /// Everything the journal of a class holds: its lessons, and what stands in them.
    async fn class_journal(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassJournal, BackendError>;

    /// What the journal of a class holds on some days: the lessons of those days, what stands in
    /// them, and the works of other lessons that were handed in there.
    async fn journal_days(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<ClassJournal, BackendError>;

    /// The page of a lesson with its version; none for a lesson that is not there.
    async fn lesson_page(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Option<LessonPage>, BackendError>;

    /// The lessons of a class on these days.
    async fn lessons_between(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<Vec<Lesson>, BackendError>;

    /// The day of a class's last lesson, cancelled or not; none for a class without lessons.
    async fn journal_end(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<Option<NaiveDate>, BackendError>;

    /// Whether a class has a journal that was begun to be brought in for the first time, and is not
    /// there whole.
    async fn is_unfinished(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<bool, BackendError>;

    /// These works, each with the lesson it is of, unless that is in an archive; unknown ones are
    /// left out.
    async fn works(
        &mut self,
        school: SchoolId,
        works: &[WorkId],
    ) -> Result<Vec<(Work, Option<Lesson>)>, BackendError>;

    /// The marks that these pupils have for these works, in whatever lesson.
    async fn marks_for(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        works: &[WorkId],
    ) -> Result<Vec<Mark>, BackendError>;

    /// What became of the marks of a lesson, those that were taken back too.
    async fn mark_changes(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Vec<MarkChange>, BackendError>;

    /// Everybody who ever was in a class.
    async fn class_pupils(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassPupils, BackendError>;

    /// Every post of a school, former ones too, with the name of whoever holds it, by account and
    /// subject.
    async fn staff(&mut self, school: SchoolId)
    -> Result<Vec<(StaffPost, FullName)>, BackendError>;

    /// The greatest cursor of a school's events; 0 if there is none. Who writes in the school's
    /// [`Turn`], or alone, may append what follows it: nobody else does before that transaction is
    /// over. For others the cursor may be taken by then, and is a conflict.
    async fn last_event(&mut self, school: SchoolId) -> Result<u64, BackendError>;

    /// Events of a school with a greater cursor than this, by cursor, no more than are asked for:
    /// those of these pupils, or of all.
    async fn events(
        &mut self,
        school: SchoolId,
        after: u64,
        pupils: Option<&[AccountId]>,
        limit: u32,
    ) -> Result<Vec<DiaryEvent>, BackendError>;

    /// A school's final marks.
    async fn school_finals(&mut self, school: SchoolId) -> Result<Vec<FinalMark>, BackendError>;

    /// What some days of a pupil's diary are made of. At most two statements.
    ///
    /// Stays and memberships are all the pupil ever had; lessons are those of every class among the
    /// stays, whether or not the pupil was in it on the day. Marks, attendance and homework are
    /// taken by their own date; after the range come also the marks for works that a debt in it is
    /// for, whatever they are: which of them closes it, the core judges. The last day of a journal is
    /// that of its last lesson, cancelled or not; a class without lessons has none. Upcoming lessons are after the range, and within the
    /// stay and the membership they are the first of; they go on to the first day from Monday to
    /// Friday of which the calendar says nothing, for that one is ordinary by any calendar, and of
    /// the others the core judges.
    async fn diary_slice(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        range: DateRange,
    ) -> Result<DiarySlice, BackendError>;

    /// A pupil's final marks.
    async fn finals(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<Vec<FinalMark>, BackendError>;

    /// Who holds one of these keys; each claim once, however often its key is asked for.
    async fn claims(&mut self, keys: &[KeyHash]) -> Result<Vec<Claim>, BackendError>;

    /// Which of these phones two people were once seen to share, by key.
    async fn shared_phones(&mut self, keys: &[KeyHash]) -> Result<Vec<SharedPhone>, BackendError>;

    /// Phones that two people were once seen to share after this key, or from the first, by key, no
    /// more than are asked for.
    async fn shared_phones_after(
        &mut self,
        key: Option<&KeyHash>,
        limit: u32,
    ) -> Result<Vec<SharedPhone>, BackendError>;

    /// Which accounts these people have, each with whose it is, by person, school and account.
    async fn memberships(
        &mut self,
        people: &[PersonId],
    ) -> Result<Vec<(PersonId, SchoolId, AccountId)>, BackendError>;

    /// The accounts of these people, by school and account, each once.
    async fn accounts_of(
        &mut self,
        people: &[PersonId],
    ) -> Result<Vec<(SchoolId, AccountId)>, BackendError> {
        let memberships = self.memberships(people).await?;
        let mut accounts: Vec<_> =
            memberships.into_iter().map(|(_, school, account)| (school, account)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        Ok(accounts)
    }

    /// These accounts with everything they are in their school, in the order they are asked for;
    /// unknown ones are left out.
    async fn members(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Member>, BackendError>;

    /// What merging reads of every account of every school, by school and account, each once; of
    /// several keys of its СНИЛС the smallest.
    async fn mergeable_accounts(&mut self) -> Result<Vec<MergeableAccount>, BackendError>;

    /// What was joined or parted at once under this identifier, undone or not.
    async fn merge(&mut self, id: MergeId) -> Result<Option<MergeRow>, BackendError>;

    /// What was joined or parted last, the last first, with its moves.
    async fn merges(&mut self, limit: u32) -> Result<Vec<MergeRow>, BackendError>;

    /// What was settled to be two people's, all of it or that of these accounts with whatever
    /// other: each pair once, the smaller identifier first, by both.
    async fn kept_apart(
        &mut self,
        of: Option<&[AccountId]>,
    ) -> Result<Vec<KeptApart>, BackendError>;

    /// The card with this login.
    async fn credential(&mut self, login: &KeyHash) -> Result<Option<Credential>, BackendError>;

    /// The cards of a school, by login.
    async fn school_credentials(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<Credential>, BackendError>;

    /// How often a key failed so far; zero for a key never seen.
    async fn counter(&mut self, key: &KeyHash) -> Result<Counter, BackendError>;

    /// The logins that were used on the device with this token: a family may share one.
    async fn devices(&mut self, token: &TokenHash) -> Result<Vec<Device>, BackendError>;

    /// The session of this person with this token, whether its time is over or not: a backend has no
    /// clock. One that was ended is not there.
    async fn session(
        &mut self,
        person: PersonId,
        token: &TokenHash,
    ) -> Result<Option<SessionRow>, BackendError>;

    /// People and tokens of sessions that end at this instant or before, the earliest first; those
    /// that end together, by token.
    async fn sessions_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, TokenHash)>, BackendError>;

    /// The access of this person with this identifier, whether its time is over or not.
    async fn app_grant(
        &mut self,
        person: PersonId,
        grant: AppGrantId,
    ) -> Result<Option<AppGrantRow>, BackendError>;

    /// The access that a person gave to apps, by identifier, whether its time is over or not.
    async fn app_grants_of(&mut self, person: PersonId) -> Result<Vec<AppGrantRow>, BackendError>;

    /// People and identifiers of access that ends at this instant or before, the earliest first;
    /// that which ends together, by identifier.
    async fn app_grants_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, AppGrantId)>, BackendError>;

    /// The refused sign-in with this code, whether its time is over or not.
    async fn refused_sign_in(
        &mut self,
        case: &CaseCode,
    ) -> Result<Option<RefusedSignInRow>, BackendError>;

    /// The refused sign-ins of the person with this number in ЕСИА, by code, whether their time is
    /// over or not.
    async fn refused_sign_ins_of(
        &mut self,
        person: &KeyHash,
    ) -> Result<Vec<RefusedSignInRow>, BackendError>;

    /// Codes of refused sign-ins that end at this instant or before, the earliest first; those that
    /// end together, by code.
    async fn cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError>;

    /// The invitation with this token, used or not, whether its time is over or not.
    async fn invitation(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<InvitationRow>, BackendError>;

    /// Tokens of invitations that end at this instant or before, used or not, the earliest first;
    /// those that end together, by token.
    async fn invitations_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<TokenHash>, BackendError>;

    /// The cards of these accounts, by login.
    async fn credentials_of(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Credential>, BackendError>;

    /// Letters that are due at this instant, those whose time is over too, by when they are due; those
    /// that are due together, by identifier.
    async fn letters_due(
        &mut self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LetterRow>, BackendError>;

    /// Letters that end at this instant or before, due or not, the earliest first; those that end
    /// together, by identifier.
    async fn letters_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Uuid>, BackendError>;

    /// The letter with this identifier; one that was sent is not there.
    async fn letter(&mut self, id: Uuid) -> Result<Option<LetterRow>, BackendError>;

    /// The last one-time link of an account, whether it serves or not.
    async fn recovery_link(
        &mut self,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Option<RecoveryLinkRow>, BackendError>;

    /// The support case with this code.
    async fn support_case(
        &mut self,
        code: &CaseCode,
    ) -> Result<Option<SupportCaseRow>, BackendError>;

    /// Codes of the support cases of these people, by what their numbers in ЕСИА are found by, and of
    /// those that found one of these accounts to be the refused person's: by code, each once.
    async fn support_cases_of(
        &mut self,
        people: &[KeyHash],
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<CaseCode>, BackendError>;

    /// Codes of support cases that end at this instant or before, the earliest first; those that end
    /// together, by code.
    async fn support_cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError>;

    /// Codes of support cases after this one, or from the first, by code, no more than are asked for.
    async fn support_cases_after(
        &mut self,
        code: Option<&CaseCode>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError>;

    /// The consents about these pupils, by pupil, purpose, giver and first day.
    async fn consents(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
    ) -> Result<Vec<Consent>, BackendError>;

    /// The grounds on which a school keeps the data of these accounts, by account and identifier.
    async fn data_bases(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<DataBasisRow>, BackendError>;

    /// The excuses of these pupils that are about one of these days, by pupil and identifier.
    async fn excuses(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Result<Vec<ExcuseRow>, BackendError>;

    /// The last entries of the audit, the one that was appended last first, whatever its time.
    async fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, BackendError>;

    /// The chain of the audit that follows this one, or the first: the next that has entries which
    /// are not sealed, or the next that has entries or seals at all. Chains stand by their keys;
    /// what stands in none that can be read is passed over.
    async fn audit_chain_after(
        &mut self,
        chain: Option<AuditChain>,
        is_unsealed: bool,
    ) -> Result<Option<AuditChain>, BackendError>;

    /// How many entries and seals of the audit stand in no chain that can be read.
    async fn astray_audit(&mut self) -> Result<u64, BackendError>;

    /// Entries of a chain that are not sealed, those after this one or from the first, in the order
    /// they were appended, no more than are asked for; none for an entry that cannot be read.
    async fn unsealed_audit(
        &mut self,
        chain: AuditChain,
        after: Option<AuditKey>,
        limit: u32,
    ) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError>;

    /// The last seal of a chain with its number; none in its place if it cannot be read.
    async fn last_audit_seal(
        &mut self,
        chain: AuditChain,
    ) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError>;

    /// Seals of a chain with a greater number than this, by number, no more than are asked for; none
    /// for a seal that cannot be read.
    async fn audit_seals(
        &mut self,
        chain: AuditChain,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError>;

    /// The entries that are marked with the number of one of these seals, by seal and place.
    async fn sealed_audit(
        &mut self,
        chain: AuditChain,
        seals: RangeInclusive<u64>,
    ) -> Result<Vec<SealedEntry>, BackendError>;

    /// Numbers of seals that are not there and with which entries are marked nevertheless, each
    /// once, no more than are asked for; none for one that no seal can have.
    async fn stray_audit_seals(
        &mut self,
        chain: AuditChain,
        limit: u32,
    ) -> Result<Vec<Option<u64>>, BackendError>;

    /// What proves with which keys the installation was begun; none before its keys were looked at.
    async fn installation(&mut self) -> Result<Option<KeyHash>, BackendError>;

    /// What proves which lookup keys after the first were written with, by number.
    async fn lookup_marks(&mut self) -> Result<Vec<(KeyId, KeyHash)>, BackendError>;

    /// What the audit of a school says about these accounts and these lessons, and what these
    /// accounts did, the entry that was appended last first.
    async fn audit_about(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
        lessons: &[LessonId],
        limit: u32,
    ) -> Result<Vec<AuditEntry>, BackendError>;

    /// What the audit of a school says about this account and these lessons from the first instant to
    /// before the second one, of which somebody else than the account did it: the entry that was
    /// appended last first. A page is how many are left out, and how many are asked for at most.
    async fn audit_between(
        &mut self,
        school: SchoolId,
        account: AccountId,
        lessons: &[LessonId],
        between: (DateTime<Utc>, DateTime<Utc>),
        page: (u32, u32),
    ) -> Result<Vec<AuditEntry>, BackendError>;

    /// The lines of the card journal about these accounts, by account and card, those of one card as
    /// they were appended.
    async fn card_journal(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<CardJournalEntry>, BackendError>;

    /// A person's sessions, by token, whether their time is over or not.
    async fn sessions_of(&mut self, person: PersonId) -> Result<Vec<SessionRow>, BackendError>;

    /// The school years that a school opened, undone or not, by identifier.
    async fn new_years(&mut self, school: SchoolId) -> Result<Vec<NewYearRow>, BackendError>;

    /// The school years of a school that were archived, by year.
    async fn year_archives(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<YearArchiveRow>, BackendError>;

    /// What goes with the journal of a class into an archive.
    async fn class_archive(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassArchive, BackendError>;

    /// The final marks of these pupils in a school year, by pupil, subject, kind and term.
    async fn finals_of_year(
        &mut self,
        school: SchoolId,
        year: i32,
        pupils: &[AccountId],
    ) -> Result<Vec<FinalMark>, BackendError>;

    /// Writes changes, list by list in the order of [`Changes`] and row by row: each row replaces
    /// the one with the same key and leaves alone what hangs on it, journals and logs grow.
    ///
    /// # Errors
    /// [`BackendError::NotWritable`] in a reading transaction, [`BackendError::Conflict`] for a
    /// row that breaks a uniqueness told in [`Changes`], and whatever the database fails with.
    async fn apply(&mut self, changes: &Changes) -> Result<(), BackendError>;

    /// Makes the changes visible, all at once.
    async fn commit(self: Box<Self>) -> Result<(), BackendError>;
}

#[async_trait]
impl<B: Backend + ?Sized> Backend for Box<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        (**self).begin(access).await
    }

    async fn close(&self) {
        (**self).close().await;
    }
}

#[async_trait]
impl<B: Backend + ?Sized> Backend for std::sync::Arc<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        (**self).begin(access).await
    }

    async fn close(&self) {
        (**self).close().await;
    }
}
