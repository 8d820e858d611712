//! What a use case writes.

use std::collections::BTreeSet;

use eschool_core::{
    diary::DiaryEvent,
    id::{AccountId, AppGrantId, ClassId, LessonId, PersonId, SchoolId},
    journal::{Attendance, FinalMark, Grading, Lesson, Mark, Stay, SubgroupMembership, Work},
    merge::AccountMove,
    people::{Consent, Guardianship, KeptApart, School, StaffPost},
    policy::Counter,
    signin::CaseCode,
};

use uuid::Uuid;

use super::{
    AppGrantRow, ArchiveChanges, AuditEntry, AuditKey, AuditSeal, CardJournalEntry, CaseAccount,
    Claim, Credential, DataBasisRow, Device, DutyRow, ExcuseRow, IndividualHomeworkRow,
    InvitationRow, LetterRow, MarkChange, MergeRow, NewYearRow, RecoveryLinkRow, RefusedRow,
    RefusedSignInRow, RemarkRow, Removed, SchoolClass, SchoolFrame, SessionRow, SharedPhone,
    StoredAccount, SupportCaseRow,
};
use crate::secret::{KeyHash, KeyId, TokenHash};

/// Rows to write in one transaction. A row replaces the one with the same key; the keys are told
/// beside each list. The key of what a school owns begins with the school, so that two schools may
/// use one identifier; of two rows with one key the later stays.
///
/// What a row refers to by an identifier – its school, its account, its class – is there before, or
/// comes in the same changes; a backend may refuse a row that refers to nothing with
/// [`BackendError::Dangling`](super::BackendError::Dangling). Where a row would stand in the place of
/// one that a later row of the same changes moves away, it may refuse or take it.
///
/// A database keeps texts without NUL, days of the years 1 to 9999, and instants to the
/// microsecond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows to take away, before any other is written.
    pub removed: Removed,
    /// What archives of school years move, part of it before any other row and part after all.
    pub archive: ArchiveChanges,
    /// Accounts that lose all by which somebody is found or let in: claims of every kind, the card
    /// with its login, the devices it was used on, the link of a letter, duties; and what was said of
    /// them alone: grounds, excuses, consents about them; and what ties them to others: their moves
    /// in merges, and whom they are settled not to be. What the account is and did stays.
    pub erased: Vec<(SchoolId, AccountId)>,
    /// Support cases that go, by their codes, with what they found.
    pub erased_cases: Vec<CaseCode>,
    /// Schools, by identifier; unique by login prefix, for logins are unique in the installation.
    pub schools: Vec<School>,
    /// Frames, each replacing the school's whole.
    pub frames: Vec<(SchoolId, SchoolFrame)>,
    /// Rules of assessment, by school.
    pub gradings: Vec<(SchoolId, Grading)>,
    /// Classes, by identifier; unique by year and name.
    pub classes: Vec<SchoolClass>,
    /// Classes whose journal is being brought in for the first time, by school and class.
    pub unfinished_journals: Vec<(SchoolId, ClassId)>,
    /// Classes whose journal is there whole, by school and class.
    pub finished_journals: Vec<(SchoolId, ClassId)>,
    /// Accounts, by identifier; from then on each is found by its person, and no longer by a former
    /// one. What was claimed by their СНИЛС, phone and e-mail before goes: the claims of the same
    /// changes, written after the accounts, are all they have. Other kinds of claims stay.
    pub accounts: Vec<StoredAccount>,
    /// Claims, by key, kind, school and account.
    pub claims: Vec<Claim>,
    /// Phones that two people share, by key.
    pub shared_phones: Vec<SharedPhone>,
    /// Accounts whose claims of kind [`EsiaId`](crate::secret::ClaimKind::EsiaId) go, before those of the
    /// same changes are written.
    pub lost_esia: Vec<(SchoolId, AccountId)>,
    /// Logins that have another hash from then on, each with the former one first: the devices on which
    /// they were used are found by that.
    pub rehashed_logins: Vec<(KeyHash, KeyHash)>,
    /// Accounts that become another person's, with every claim of theirs, by school and account;
    /// one that is not there stays away. A backend does not ask whose it was.
    pub moves: Vec<AccountMove>,
    /// What was joined or parted at once, by identifier, each with its moves.
    pub merges: Vec<MergeRow>,
    /// Accounts that are settled to be two people's; which is which says nothing.
    pub kept_apart: Vec<KeptApart>,
    /// Accounts of which that is taken back.
    pub reunited: Vec<KeptApart>,
    /// Stays, by pupil, class and first day.
    pub stays: Vec<(SchoolId, Stay)>,
    /// Memberships, by pupil, class, subject and first day.
    pub subgroups: Vec<(SchoolId, SubgroupMembership)>,
    /// Guardianships, by parent and child.
    pub guardianships: Vec<(SchoolId, Guardianship)>,
    /// Posts, by account and subject.
    pub staff: Vec<(SchoolId, StaffPost)>,
    /// Duties, by account and duty.
    pub duties: Vec<(SchoolId, DutyRow)>,
    /// Cards, by login; an account has one, so the former login of an account goes.
    pub credentials: Vec<Credential>,
    /// Lines of the card journal, appended.
    pub card_journal: Vec<CardJournalEntry>,
    /// Counters, by key.
    pub counters: Vec<(KeyHash, Counter)>,
    /// Devices, by token and login.
    pub devices: Vec<Device>,
    /// Access of apps, by person and identifier.
    pub app_grants: Vec<AppGrantRow>,
    /// Access that goes on, by person and identifier: its accounts, what it is refreshed with, and its
    /// times are others now. What is not there stays away.
    pub renewed_grants: Vec<AppGrantRow>,
    /// Sessions, by person and token; a token is of one person. One of an app whose access is not
    /// there stays away.
    pub sessions: Vec<SessionRow>,
    /// Accounts that are chosen in sessions, by person and token; a session that is not there stays
    /// away.
    pub chosen: Vec<(PersonId, TokenHash, AccountId)>,
    /// Sessions to end, by person and token: they are no longer there. What is none ends none.
    pub ended_sessions: Vec<(PersonId, TokenHash)>,
    /// Access of apps to end, by person and identifier: it is no longer there, nor are its sessions.
    pub ended_grants: Vec<(PersonId, AppGrantId)>,
    /// People whose sessions all end, and the access of their apps.
    pub ended_people: Vec<PersonId>,
    /// Refused sign-ins, by case code.
    pub refused_sign_ins: Vec<RefusedSignInRow>,
    /// Case codes whose refused sign-ins are forgotten.
    pub forgotten_cases: Vec<CaseCode>,
    /// Invitations, by token.
    pub invitations: Vec<InvitationRow>,
    /// Tokens of invitations that are forgotten.
    pub forgotten_invitations: Vec<TokenHash>,
    /// Logins whose devices are forgotten.
    pub forgotten_devices: Vec<KeyHash>,
    /// Lessons, by identifier; unique by class, date, subgroup and number.
    ///
    /// Changes that bring a lesson once, or rows that stand in it, move its version on by one,
    /// however many they are; a new lesson has version 1.
    pub lessons: Vec<(SchoolId, Lesson)>,
    /// Lessons from which all goes that stands in them – works, marks, attendance, homework for
    /// single pupils, remarks – before the rows of the same changes are written: those are all they
    /// have then. What became of marks stays.
    pub emptied_lessons: Vec<(SchoolId, LessonId)>,
    /// Works, by identifier.
    pub works: Vec<(SchoolId, Work)>,
    /// Marks, by identifier.
    pub marks: Vec<(SchoolId, Mark)>,
    /// Changes of marks, by lesson and entry; one that is there already stays as it is.
    pub mark_changes: Vec<MarkChange>,
    /// Attendance, by pupil and lesson.
    pub attendance: Vec<(SchoolId, Attendance)>,
    /// Homework for single pupils, by lesson, pupil and position.
    pub individual_homework: Vec<(SchoolId, IndividualHomeworkRow)>,
    /// Remarks, by lesson, pupil and position.
    pub remarks: Vec<(SchoolId, RemarkRow)>,
    /// Final marks, by pupil, subject, kind, term and year.
    pub finals: Vec<(SchoolId, FinalMark)>,
    /// Final marks to take away: the one with this pupil, subject, kind, term and year.
    pub removed_finals: Vec<(SchoolId, FinalMark)>,
    /// What happened in diaries, appended; unique by school and cursor.
    pub events: Vec<(SchoolId, DiaryEvent)>,
    /// School years that were opened, by school and identifier.
    pub new_years: Vec<NewYearRow>,
    /// Refused rows, by file and line.
    pub refused_rows: Vec<RefusedRow>,
    /// Refused rows to forget, by school, file and line: the file was mended.
    pub settled_rows: Vec<(SchoolId, String, u32)>,
    /// People whose sessions all end but the one with this token, and the access of their apps.
    pub ended_others: Vec<(PersonId, TokenHash)>,
    /// Letters to be sent, by identifier.
    pub letters: Vec<LetterRow>,
    /// Letters that were sent, or are for nobody: they are no longer there.
    pub sent_letters: Vec<Uuid>,
    /// One-time links, by school and account: an account has the last one alone.
    pub recovery_links: Vec<RecoveryLinkRow>,
    /// Support cases, by code.
    pub support_cases: Vec<SupportCaseRow>,
    /// Accounts that cases found, each once.
    pub case_accounts: Vec<CaseAccount>,
    /// Consents, by pupil, purpose, giver and first day.
    pub consents: Vec<(SchoolId, Consent)>,
    /// Grounds for keeping data, by account and identifier.
    pub data_bases: Vec<(SchoolId, DataBasisRow)>,
    /// Excuses, by pupil and identifier.
    pub excuses: Vec<(SchoolId, ExcuseRow)>,
    /// Audit entries, appended.
    pub audit: Vec<AuditEntry>,
    /// Seals of the audit, appended, each with the entries it is over in the order of their places;
    /// unique by chain and number. An entry that is not there, or is sealed already, is a conflict.
    pub audit_seals: Vec<(AuditSeal, Vec<AuditKey>)>,
    /// What proves with which keys the installation was begun: there is one, and it stays.
    pub installation: Option<KeyHash>,
    /// What proves which lookup keys after the first were written with: unique by number, and they stay.
    pub lookup_marks: Vec<(KeyId, KeyHash)>,
}

impl Changes {
    /// The lessons whose version these changes move on: those they bring, and those in which rows
    /// of theirs stand or stood.
    #[must_use]
    pub fn touched_lessons(&self) -> BTreeSet<(SchoolId, LessonId)> {
        let mut touched: BTreeSet<_> = self.emptied_lessons.iter().copied().collect();
        touched.extend(self.removed.lessons_of_rows());
        for (school, lesson) in &self.removed.lessons {
            touched.remove(&(*school, lesson.id));
        }
        touched.extend(self.lessons.iter().map(|(school, row)| (*school, row.id)));
        touched.extend(self.works.iter().map(|(school, row)| (*school, row.lesson)));
        touched.extend(self.marks.iter().map(|(school, row)| (*school, row.lesson)));
        touched.extend(self.attendance.iter().map(|(school, row)| (*school, row.lesson)));
        touched.extend(self.individual_homework.iter().map(|(school, row)| (*school, row.lesson)));
        touched.extend(self.remarks.iter().map(|(school, row)| (*school, row.lesson)));
        touched
    }
}
