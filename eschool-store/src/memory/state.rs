//! The rows, in maps keyed as [`Changes`](crate::backend::Changes) tells.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::NaiveDate;
use eschool_core::{
    diary::DiaryEvent,
    id::{
        AccountId, AppGrantId, ClassId, LessonId, MarkId, MergeId, NewYearId, PersonId, SchoolId,
        WorkId,
    },
    journal::{
        Attendance, FinalMark, Grading, Lesson, Mark, Stay, Subgroup, SubgroupMembership, Work,
    },
    people::{Consent, Guardianship, KeptApart, School, StaffPost},
    policy::Counter,
    signin::CaseCode,
};
use uuid::Uuid;

use crate::{
    backend::{
        AppGrantRow, AuditChain, AuditEntry, AuditSeal, CardJournalEntry, CaseAccount, Claim,
        Credential, DataBasisRow, Device, DutyRow, ExcuseRow, IndividualHomeworkRow, InvitationRow,
        LetterRow, MarkChange, MergeRow, NewYearRow, RecoveryLinkRow, RefusedRow, RefusedSignInRow,
        RemarkRow, SchoolClass, SchoolFrame, SessionRow, SharedPhone, StoredAccount,
        SupportCaseRow, YearArchiveRow,
    },
    secret::{KeyHash, KeyId},
};

/// Everything in the database.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) schools: BTreeMap<SchoolId, School>,
    /// What each school owns, apart from every other's.
    pub(super) owned: BTreeMap<SchoolId, SchoolState>,
    pub(super) claims: BTreeMap<ClaimKey, Claim>,
    pub(super) shared_phones: BTreeMap<KeyHash, SharedPhone>,
    /// Which accounts a person has.
    pub(super) memberships: BTreeSet<(PersonId, SchoolId, AccountId)>,
    pub(super) credentials: BTreeMap<KeyHash, Credential>,
    pub(super) counters: BTreeMap<KeyHash, Counter>,
    /// By the bytes of the token's hash.
    pub(super) devices: BTreeMap<([u8; 32], KeyHash), Device>,
    /// By the person and the bytes of the token's hash.
    pub(super) sessions: BTreeMap<(PersonId, [u8; 32]), SessionRow>,
    pub(super) app_grants: BTreeMap<(PersonId, AppGrantId), AppGrantRow>,
    pub(super) refused_sign_ins: BTreeMap<CaseCode, RefusedSignInRow>,
    /// By the bytes of the token's hash.
    pub(super) invitations: BTreeMap<[u8; 32], InvitationRow>,
    pub(super) merges: BTreeMap<MergeId, MergeRow>,
    /// By both accounts, the smaller identifier first.
    pub(super) kept_apart: BTreeMap<(AccountId, AccountId), KeptApart>,
    pub(super) letters: BTreeMap<Uuid, LetterRow>,
    pub(super) recovery_links: BTreeMap<(SchoolId, AccountId), RecoveryLinkRow>,
    pub(super) support_cases: BTreeMap<CaseCode, SupportCaseRow>,
    pub(super) case_accounts: BTreeSet<CaseAccount>,
    pub(super) audit: Vec<AuditEntry>,
    /// Of an entry, by its index: the number of its seal, and its place.
    pub(super) audit_places: BTreeMap<usize, (u64, u64)>,
    pub(super) audit_seals: BTreeMap<(AuditChain, u64), AuditSeal>,
    pub(super) installation: Option<KeyHash>,
    pub(super) lookup_marks: BTreeMap<KeyId, KeyHash>,
}

/// What one school owns.
#[derive(Clone, Debug, Default)]
pub(super) struct SchoolState {
    pub(super) frame: SchoolFrame,
    pub(super) grading: Grading,
    pub(super) classes: BTreeMap<ClassId, SchoolClass>,
    pub(super) unfinished_journals: BTreeSet<ClassId>,
    pub(super) accounts: BTreeMap<AccountId, StoredAccount>,
    pub(super) stays: BTreeMap<(AccountId, ClassId, NaiveDate), Stay>,
    pub(super) subgroups:
        BTreeMap<(AccountId, ClassId, Option<String>, NaiveDate), SubgroupMembership>,
    /// By parent and child.
    pub(super) guardianships: BTreeMap<(AccountId, AccountId), Guardianship>,
    pub(super) staff: BTreeMap<(AccountId, String), StaffPost>,
    /// By account and the code of the duty.
    pub(super) duties: BTreeMap<(AccountId, String), DutyRow>,
    pub(super) card_journal: Vec<CardJournalEntry>,
    pub(super) lessons: BTreeMap<LessonId, Lesson>,
    /// Where each lesson stands: no two stand in one place.
    pub(super) places: BTreeMap<LessonPlace, LessonId>,
    pub(super) works: BTreeMap<WorkId, Work>,
    pub(super) marks: BTreeMap<MarkId, Mark>,
    /// By lesson and entry.
    pub(super) mark_changes: BTreeMap<(LessonId, Uuid), MarkChange>,
    pub(super) attendance: BTreeMap<(AccountId, LessonId), Attendance>,
    pub(super) individual_homework: BTreeMap<(LessonId, AccountId, u16), IndividualHomeworkRow>,
    pub(super) remarks: BTreeMap<(LessonId, AccountId, u16), RemarkRow>,
    /// Which state each lesson is in.
    pub(super) versions: BTreeMap<LessonId, u64>,
    pub(super) finals: BTreeMap<FinalKey, FinalMark>,
    /// By cursor.
    pub(super) events: BTreeMap<u64, DiaryEvent>,
    /// By pupil, the code of the purpose, giver and first day.
    pub(super) consents: BTreeMap<(AccountId, String, AccountId, NaiveDate), Consent>,
    /// By account and identifier.
    pub(super) data_bases: BTreeMap<(AccountId, Uuid), DataBasisRow>,
    /// By pupil and identifier.
    pub(super) excuses: BTreeMap<(AccountId, Uuid), ExcuseRow>,
    /// By file and line.
    pub(super) refused_rows: BTreeMap<(String, u32), RefusedRow>,
    pub(super) new_years: BTreeMap<NewYearId, NewYearRow>,
    /// By year.
    pub(super) year_archives: BTreeMap<i32, YearArchiveRow>,
}

/// A claim's key, kind, school and account. Here and in the key of a final mark a kind stands as
/// its code, whose order is the one a database sorts by.
pub(super) type ClaimKey = (KeyHash, &'static str, SchoolId, AccountId);

/// Where a lesson stands in a journal; the order is the one in which lessons are loaded.
pub(super) type LessonPlace = (NaiveDate, u8, ClassId, Option<Subgroup>);

/// A final mark's pupil, year, subject, kind and term.
pub(super) type FinalKey = (AccountId, i32, String, String, String);

/// The key of a final mark.
pub(super) fn final_key(mark: &FinalMark) -> FinalKey {
    let kind = mark.kind.as_str().to_owned();
    (mark.pupil, mark.year, mark.subject.clone(), kind, mark.term.clone())
}

/// Where this lesson stands.
pub(super) fn place(lesson: &Lesson) -> LessonPlace {
    (lesson.date, lesson.number, lesson.class, lesson.subgroup.clone())
}

impl State {
    /// What a school owns; nothing, for one that is not here.
    pub(super) fn school(&self, school: SchoolId) -> &SchoolState {
        static NOTHING: LazyLock<SchoolState> = LazyLock::new(SchoolState::default);
        self.owned.get(&school).unwrap_or_else(|| &NOTHING)
    }
}
