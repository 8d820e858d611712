//! Snapshots and the writer's turn.

use std::{
    collections::BTreeSet,
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
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
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use super::{audit, state::State};
use crate::{
    backend::{
        AppGrantRow, AsParent, AuditChain, AuditEntry, AuditKey, AuditSeal, BackendError,
        CardJournalEntry, Changes, Claim, ClassArchive, ClassJournal, ClassPupils, Credential,
        DataBasisRow, Device, DiaryCover, ExcuseRow, InvitationRow, LetterRow, MarkChange, Member,
        MergeRow, MergeableAccount, NewYearRow, RecoveryLinkRow, RefusedSignInRow, Registry,
        SchoolClass, SchoolFrame, SealedEntry, SessionRow, SharedPhone, SupportCaseRow, Tx,
        YearArchiveRow,
    },
    secret::{KeyHash, KeyId, TokenHash},
};

/// A transaction: the state it began with, or its own changed copy.
pub(super) struct MemoryTx {
    state: Arc<State>,
    writer: Option<Writer>,
}

/// What a transaction has that may write.
pub(super) struct Writer {
    committed: Arc<Mutex<Arc<State>>>,
    /// Held until the transaction ends, however it ends.
    _turn: OwnedMutexGuard<()>,
}

impl Writer {
    pub(super) fn new(committed: Arc<Mutex<Arc<State>>>, turn: OwnedMutexGuard<()>) -> Self {
        Self { committed, _turn: turn }
    }
}

impl MemoryTx {
    pub(super) fn new(state: Arc<State>, writer: Option<Writer>) -> Self {
        Self { state, writer }
    }
}

#[async_trait]
impl Tx for MemoryTx {
    async fn schools(&mut self) -> Result<Vec<School>, BackendError> {
        Ok(self.state.schools_by_name())
    }

    async fn school(&mut self, id: SchoolId) -> Result<Option<School>, BackendError> {
        Ok(self.state.schools.get(&id).cloned())
    }

    async fn cover(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        parent: Option<AsParent<'_>>,
    ) -> Result<Option<DiaryCover>, BackendError> {
        Ok(self.state.cover(school, pupil, parent))
    }

    async fn frame(&mut self, school: SchoolId) -> Result<SchoolFrame, BackendError> {
        Ok(self.state.school(school).frame.clone())
    }

    async fn classes(&mut self, school: SchoolId) -> Result<Vec<SchoolClass>, BackendError> {
        Ok(self.state.school(school).classes_by_name())
    }

    async fn registry(&mut self, school: SchoolId) -> Result<Registry, BackendError> {
        Ok(self.state.registry(school))
    }

    async fn class_journal(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassJournal, BackendError> {
        Ok(self.state.school(school).class_journal(class, None))
    }

    async fn journal_days(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<ClassJournal, BackendError> {
        Ok(self.state.school(school).class_journal(class, Some(days)))
    }

    async fn lesson_page(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Option<LessonPage>, BackendError> {
        Ok(self.state.school(school).lesson_page(lesson))
    }

    async fn lessons_between(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<Vec<Lesson>, BackendError> {
        Ok(self.state.school(school).lessons_between(class, days))
    }

    async fn journal_end(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<Option<NaiveDate>, BackendError> {
        Ok(self.state.school(school).journal_end(class))
    }

    async fn is_unfinished(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<bool, BackendError> {
        Ok(self.state.school(school).unfinished_journals.contains(&class))
    }

    async fn works(
        &mut self,
        school: SchoolId,
        works: &[WorkId],
    ) -> Result<Vec<(Work, Option<Lesson>)>, BackendError> {
        Ok(self.state.school(school).works_with_lessons(works))
    }

    async fn marks_for(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        works: &[WorkId],
    ) -> Result<Vec<Mark>, BackendError> {
        let marks = self.state.school(school).marks.values();
        let asked = |mark: &&Mark| pupils.contains(&mark.pupil) && works.contains(&mark.work);
        Ok(marks.filter(asked).cloned().collect())
    }

    async fn mark_changes(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Vec<MarkChange>, BackendError> {
        let changes = self.state.school(school).mark_changes.values();
        Ok(changes.filter(|change| change.lesson == lesson).cloned().collect())
    }

    async fn class_pupils(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassPupils, BackendError> {
        Ok(self.state.school(school).class_pupils(class))
    }

    async fn staff(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<(StaffPost, FullName)>, BackendError> {
        let school = self.state.school(school);
        let named = |post: &StaffPost| {
            Some((post.clone(), school.accounts.get(&post.account)?.name.clone()))
        };
        Ok(school.staff.values().filter_map(named).collect())
    }

    async fn last_event(&mut self, school: SchoolId) -> Result<u64, BackendError> {
        let events = &self.state.school(school).events;
        Ok(events.last_key_value().map_or(0, |(cursor, _)| *cursor))
    }

    async fn events(
        &mut self,
        school: SchoolId,
        after: u64,
        pupils: Option<&[AccountId]>,
        limit: u32,
    ) -> Result<Vec<DiaryEvent>, BackendError> {
        let events = self.state.school(school).events.values();
        let asked = |event: &&DiaryEvent| {
            event.cursor > after && pupils.is_none_or(|pupils| pupils.contains(&event.pupil))
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(events.filter(asked).take(limit).cloned().collect())
    }

    async fn school_finals(&mut self, school: SchoolId) -> Result<Vec<FinalMark>, BackendError> {
        Ok(self.state.school(school).all_finals())
    }

    async fn diary_slice(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        range: DateRange,
    ) -> Result<DiarySlice, BackendError> {
        Ok(self.state.school(school).diary_slice(pupil, range))
    }

    async fn finals(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<Vec<FinalMark>, BackendError> {
        Ok(self.state.school(school).finals_of(pupil))
    }

    async fn claims(&mut self, keys: &[KeyHash]) -> Result<Vec<Claim>, BackendError> {
        Ok(self.state.claims_of(keys))
    }

    async fn shared_phones(&mut self, keys: &[KeyHash]) -> Result<Vec<SharedPhone>, BackendError> {
        let keys: BTreeSet<&KeyHash> = keys.iter().collect();
        let rows = self.state.shared_phones.values();
        Ok(rows.filter(|row| keys.contains(&row.key)).cloned().collect())
    }

    async fn shared_phones_after(
        &mut self,
        key: Option<&KeyHash>,
        limit: u32,
    ) -> Result<Vec<SharedPhone>, BackendError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.state.shared_phones.values();
        let rows = rows.filter(|row| key.is_none_or(|key| *key < row.key));
        Ok(rows.take(limit).cloned().collect())
    }

    async fn memberships(
        &mut self,
        people: &[PersonId],
    ) -> Result<Vec<(PersonId, SchoolId, AccountId)>, BackendError> {
        Ok(self.state.memberships_of(people))
    }

    async fn members(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Member>, BackendError> {
        Ok(self.state.members(accounts))
    }

    async fn mergeable_accounts(&mut self) -> Result<Vec<MergeableAccount>, BackendError> {
        Ok(self.state.mergeable_accounts())
    }

    async fn merge(&mut self, id: MergeId) -> Result<Option<MergeRow>, BackendError> {
        Ok(self.state.merges.get(&id).cloned())
    }

    async fn merges(&mut self, limit: u32) -> Result<Vec<MergeRow>, BackendError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.state.merges.values().rev().take(limit).cloned().collect())
    }

    async fn kept_apart(
        &mut self,
        of: Option<&[AccountId]>,
    ) -> Result<Vec<KeptApart>, BackendError> {
        let asked = |apart: &&KeptApart| {
            of.is_none_or(|of| of.contains(&apart.one) || of.contains(&apart.other))
        };
        Ok(self.state.kept_apart.values().filter(asked).copied().collect())
    }

    async fn credential(&mut self, login: &KeyHash) -> Result<Option<Credential>, BackendError> {
        Ok(self.state.credentials.get(login).cloned())
    }

    async fn school_credentials(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<Credential>, BackendError> {
        Ok(self.state.credentials_by_login(school))
    }

    async fn counter(&mut self, key: &KeyHash) -> Result<Counter, BackendError> {
        Ok(self.state.counters.get(key).copied().unwrap_or_default())
    }

    async fn devices(&mut self, token: &TokenHash) -> Result<Vec<Device>, BackendError> {
        let devices = self.state.devices.values();
        Ok(devices.filter(|device| device.token == *token).copied().collect())
    }

    async fn session(
        &mut self,
        person: PersonId,
        token: &TokenHash,
    ) -> Result<Option<SessionRow>, BackendError> {
        Ok(self.state.sessions.get(&(person, token.0)).cloned())
    }

    async fn sessions_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, TokenHash)>, BackendError> {
        let sessions = self.state.sessions.iter();
        let ends = sessions.map(|((person, token), row)| (row.expires_at, (*token, *person)));
        Ok(until(ends, end, limit).map(|(token, person)| (person, TokenHash(token))).collect())
    }

    async fn app_grant(
        &mut self,
        person: PersonId,
        grant: AppGrantId,
    ) -> Result<Option<AppGrantRow>, BackendError> {
        Ok(self.state.app_grants.get(&(person, grant)).cloned())
    }

    async fn app_grants_of(&mut self, person: PersonId) -> Result<Vec<AppGrantRow>, BackendError> {
        let rows = self.state.app_grants.values();
        Ok(rows.filter(|row| row.person == person).cloned().collect())
    }

    async fn app_grants_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, AppGrantId)>, BackendError> {
        let rows = self.state.app_grants.values();
        let ends = rows.map(|row| (row.expires_at, (row.id, row.person)));
        Ok(until(ends, end, limit).map(|(grant, person)| (person, grant)).collect())
    }

    async fn refused_sign_in(
        &mut self,
        case: &CaseCode,
    ) -> Result<Option<RefusedSignInRow>, BackendError> {
        Ok(self.state.refused_sign_ins.get(case).cloned())
    }

    async fn refused_sign_ins_of(
        &mut self,
        person: &KeyHash,
    ) -> Result<Vec<RefusedSignInRow>, BackendError> {
        let rows = self.state.refused_sign_ins.values();
        Ok(rows.filter(|row| row.person == *person).cloned().collect())
    }

    async fn cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        let rows = self.state.refused_sign_ins.values();
        Ok(until(rows.map(|row| (row.expires_at, row.case)), end, limit).collect())
    }

    async fn invitation(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<InvitationRow>, BackendError> {
        Ok(self.state.invitations.get(&token.0).cloned())
    }

    async fn invitations_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<TokenHash>, BackendError> {
        let ends = self.state.invitations.iter().map(|(token, row)| (row.expires_at, *token));
        Ok(until(ends, end, limit).map(TokenHash).collect())
    }

    async fn credentials_of(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Credential>, BackendError> {
        Ok(self.state.credentials_of(accounts))
    }

    async fn letters_due(
        &mut self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LetterRow>, BackendError> {
        Ok(self.state.letters_due(at, limit))
    }

    async fn letters_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Uuid>, BackendError> {
        Ok(self.state.letters_until(end, limit))
    }

    async fn letter(&mut self, id: Uuid) -> Result<Option<LetterRow>, BackendError> {
        Ok(self.state.letter(id))
    }

    async fn recovery_link(
        &mut self,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Option<RecoveryLinkRow>, BackendError> {
        Ok(self.state.recovery_link(school, account))
    }

    async fn support_cases_of(
        &mut self,
        people: &[KeyHash],
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<CaseCode>, BackendError> {
        Ok(self.state.support_cases_of(people, accounts))
    }

    async fn support_cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        Ok(self.state.support_cases_until(end, limit))
    }

    async fn support_cases_after(
        &mut self,
        code: Option<&CaseCode>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        Ok(self.state.support_cases_after(code, limit))
    }

    async fn support_case(
        &mut self,
        code: &CaseCode,
    ) -> Result<Option<SupportCaseRow>, BackendError> {
        Ok(self.state.support_case(code))
    }

    async fn consents(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
    ) -> Result<Vec<Consent>, BackendError> {
        Ok(self.state.consents(school, pupils))
    }

    async fn data_bases(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<DataBasisRow>, BackendError> {
        Ok(self.state.data_bases(school, accounts))
    }

    async fn excuses(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Result<Vec<ExcuseRow>, BackendError> {
        Ok(self.state.excuses(school, pupils, days))
    }

    async fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, BackendError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.state.audit.iter().rev().take(limit).cloned().collect())
    }

    async fn audit_chain_after(
        &mut self,
        chain: Option<AuditChain>,
        is_unsealed: bool,
    ) -> Result<Option<AuditChain>, BackendError> {
        Ok(audit::chain_after(&self.state, chain, is_unsealed))
    }

    async fn unsealed_audit(
        &mut self,
        chain: AuditChain,
        after: Option<AuditKey>,
        limit: u32,
    ) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError> {
        Ok(audit::unsealed(&self.state, chain, after, limit))
    }

    async fn astray_audit(&mut self) -> Result<u64, BackendError> {
        Ok(0)
    }

    async fn last_audit_seal(
        &mut self,
        chain: AuditChain,
    ) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError> {
        Ok(audit::last_seal(&self.state, chain))
    }

    async fn audit_seals(
        &mut self,
        chain: AuditChain,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError> {
        Ok(audit::seals(&self.state, chain, after, limit))
    }

    async fn sealed_audit(
        &mut self,
        chain: AuditChain,
        seals: RangeInclusive<u64>,
    ) -> Result<Vec<SealedEntry>, BackendError> {
        Ok(audit::sealed(&self.state, chain, &seals))
    }

    async fn stray_audit_seals(
        &mut self,
        chain: AuditChain,
        limit: u32,
    ) -> Result<Vec<Option<u64>>, BackendError> {
        Ok(audit::stray_seals(&self.state, chain, limit))
    }

    async fn installation(&mut self) -> Result<Option<KeyHash>, BackendError> {
        Ok(self.state.installation)
    }

    async fn lookup_marks(&mut self) -> Result<Vec<(KeyId, KeyHash)>, BackendError> {
        Ok(self.state.lookup_marks.iter().map(|(id, mac)| (*id, *mac)).collect())
    }

    async fn audit_about(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
        lessons: &[LessonId],
        limit: u32,
    ) -> Result<Vec<AuditEntry>, BackendError> {
        Ok(self.state.audit_about(school, accounts, lessons, limit))
    }

    async fn audit_between(
        &mut self,
        school: SchoolId,
        account: AccountId,
        lessons: &[LessonId],
        between: (DateTime<Utc>, DateTime<Utc>),
        page: (u32, u32),
    ) -> Result<Vec<AuditEntry>, BackendError> {
        Ok(self.state.audit_between(school, account, lessons, between, page))
    }

    async fn card_journal(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<CardJournalEntry>, BackendError> {
        Ok(self.state.card_journal_of(school, accounts))
    }

    async fn sessions_of(&mut self, person: PersonId) -> Result<Vec<SessionRow>, BackendError> {
        Ok(self.state.sessions_of(person))
    }

    async fn year_archives(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<YearArchiveRow>, BackendError> {
        Ok(self.state.school(school).year_archives.values().cloned().collect())
    }

    async fn class_archive(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassArchive, BackendError> {
        Ok(self.state.school(school).class_archive(class))
    }

    async fn finals_of_year(
        &mut self,
        school: SchoolId,
        year: i32,
        pupils: &[AccountId],
    ) -> Result<Vec<FinalMark>, BackendError> {
        Ok(self.state.school(school).finals_of_year(year, pupils))
    }

    async fn new_years(&mut self, school: SchoolId) -> Result<Vec<NewYearRow>, BackendError> {
        Ok(self.state.school(school).new_years.values().cloned().collect())
    }

    async fn apply(&mut self, changes: &Changes) -> Result<(), BackendError> {
        if self.writer.is_none() {
            return Err(BackendError::NotWritable);
        }
        Arc::make_mut(&mut self.state).apply(changes)
    }

    async fn commit(self: Box<Self>) -> Result<(), BackendError> {
        if let Some(writer) = self.writer {
            *writer.committed.lock().unwrap_or_else(PoisonError::into_inner) = self.state;
        }
        Ok(())
    }
}

/// The keys of what ends at an instant or before, the earliest first, no more than are asked for.
fn until<K: Ord>(
    rows: impl Iterator<Item = (DateTime<Utc>, K)>,
    end: DateTime<Utc>,
    limit: u32,
) -> impl Iterator<Item = K> {
    let mut over: Vec<_> = rows.filter(|(expires_at, _)| *expires_at <= end).collect();
    over.sort_unstable();
    over.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    over.into_iter().map(|(_, key)| key)
}
