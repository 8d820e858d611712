//! One transaction of PostgreSQL.

use std::ops::RangeInclusive;

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
use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::{
    PostgresBackend, apply, apps, archive, audit, events, family, identity, journal, lesson,
    merges,
    partition::{self, Years},
    people, refused, support,
    value::failed,
    year,
};
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

/// A transaction; dropped, it is rolled back.
pub(super) struct PostgresTx {
    transaction: Transaction<'static, Postgres>,
    /// What a writer needs beside its connection; none for a reader.
    writer: Option<Writer>,
}

/// A writer's leave, and where it makes partitions.
pub(super) struct Writer {
    backend: PostgresBackend,
    /// The years it has written to.
    years: Years,
    /// Whether it has written at all.
    has_written: bool,
    /// Whether an apply failed: PostgreSQL would take a commit for a roll-back, and say nothing.
    is_broken: bool,
    /// Held until the transaction is over.
    _permit: OwnedSemaphorePermit,
}

impl Writer {
    pub(super) const fn new(backend: PostgresBackend, permit: OwnedSemaphorePermit) -> Self {
        let years = Years::new();
        Self { backend, years, has_written: false, is_broken: false, _permit: permit }
    }
}

impl PostgresTx {
    pub(super) const fn new(
        transaction: Transaction<'static, Postgres>,
        writer: Option<Writer>,
    ) -> Self {
        Self { transaction, writer }
    }

    fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

#[async_trait]
impl Tx for PostgresTx {
    async fn schools(&mut self) -> Result<Vec<School>, BackendError> {
        people::schools(self.connection()).await
    }

    async fn school(&mut self, id: SchoolId) -> Result<Option<School>, BackendError> {
        people::school(self.connection(), id).await
    }

    async fn cover(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        parent: Option<AsParent<'_>>,
    ) -> Result<Option<DiaryCover>, BackendError> {
        people::cover(self.connection(), school, pupil, parent).await
    }

    async fn frame(&mut self, school: SchoolId) -> Result<SchoolFrame, BackendError> {
        people::frame(self.connection(), school).await
    }

    async fn classes(&mut self, school: SchoolId) -> Result<Vec<SchoolClass>, BackendError> {
        people::classes(self.connection(), school).await
    }

    async fn registry(&mut self, school: SchoolId) -> Result<Registry, BackendError> {
        people::registry(self.connection(), school).await
    }

    async fn class_journal(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassJournal, BackendError> {
        journal::journal_days(self.connection(), school, class, None).await
    }

    async fn journal_days(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<ClassJournal, BackendError> {
        journal::journal_days(self.connection(), school, class, Some(days)).await
    }

    async fn lesson_page(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Option<LessonPage>, BackendError> {
        lesson::lesson_page(self.connection(), school, lesson).await
    }

    async fn lessons_between(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<Vec<Lesson>, BackendError> {
        lesson::lessons_between(self.connection(), school, class, days).await
    }

    async fn journal_end(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<Option<NaiveDate>, BackendError> {
        lesson::journal_end(self.connection(), school, class).await
    }

    async fn is_unfinished(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<bool, BackendError> {
        lesson::is_unfinished(self.connection(), school, class).await
    }

    async fn works(
        &mut self,
        school: SchoolId,
        works: &[WorkId],
    ) -> Result<Vec<(Work, Option<Lesson>)>, BackendError> {
        lesson::works(self.connection(), school, works).await
    }

    async fn marks_for(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        works: &[WorkId],
    ) -> Result<Vec<Mark>, BackendError> {
        lesson::marks_for(self.connection(), school, pupils, works).await
    }

    async fn mark_changes(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Vec<MarkChange>, BackendError> {
        lesson::mark_changes(self.connection(), school, lesson).await
    }

    async fn class_pupils(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassPupils, BackendError> {
        lesson::class_pupils(self.connection(), school, class).await
    }

    async fn staff(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<(StaffPost, FullName)>, BackendError> {
        lesson::staff(self.connection(), school).await
    }

    async fn last_event(&mut self, school: SchoolId) -> Result<u64, BackendError> {
        events::last_event(self.connection(), school).await
    }

    async fn events(
        &mut self,
        school: SchoolId,
        after: u64,
        pupils: Option<&[AccountId]>,
        limit: u32,
    ) -> Result<Vec<DiaryEvent>, BackendError> {
        events::events(self.connection(), school, after, pupils, limit).await
    }

    async fn school_finals(&mut self, school: SchoolId) -> Result<Vec<FinalMark>, BackendError> {
        journal::school_finals(self.connection(), school).await
    }

    async fn diary_slice(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        range: DateRange,
    ) -> Result<DiarySlice, BackendError> {
        journal::diary_slice(self.connection(), school, pupil, range).await
    }

    async fn finals(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<Vec<FinalMark>, BackendError> {
        journal::finals(self.connection(), school, pupil).await
    }

    async fn claims(&mut self, keys: &[KeyHash]) -> Result<Vec<Claim>, BackendError> {
        identity::claims(self.connection(), keys).await
    }

    async fn shared_phones(&mut self, keys: &[KeyHash]) -> Result<Vec<SharedPhone>, BackendError> {
        identity::shared_phones(self.connection(), keys).await
    }

    async fn shared_phones_after(
        &mut self,
        key: Option<&KeyHash>,
        limit: u32,
    ) -> Result<Vec<SharedPhone>, BackendError> {
        identity::shared_phones_after(self.connection(), key, limit).await
    }

    async fn memberships(
        &mut self,
        people: &[PersonId],
    ) -> Result<Vec<(PersonId, SchoolId, AccountId)>, BackendError> {
        identity::memberships(self.connection(), people).await
    }

    async fn members(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Member>, BackendError> {
        people::members(self.connection(), accounts).await
    }

    async fn mergeable_accounts(&mut self) -> Result<Vec<MergeableAccount>, BackendError> {
        merges::mergeable_accounts(self.connection()).await
    }

    async fn merge(&mut self, id: MergeId) -> Result<Option<MergeRow>, BackendError> {
        merges::merge(self.connection(), id).await
    }

    async fn merges(&mut self, limit: u32) -> Result<Vec<MergeRow>, BackendError> {
        merges::merges(self.connection(), limit).await
    }

    async fn kept_apart(
        &mut self,
        of: Option<&[AccountId]>,
    ) -> Result<Vec<KeptApart>, BackendError> {
        merges::kept_apart(self.connection(), of).await
    }

    async fn credential(&mut self, login: &KeyHash) -> Result<Option<Credential>, BackendError> {
        identity::credential(self.connection(), login).await
    }

    async fn school_credentials(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<Credential>, BackendError> {
        identity::school_credentials(self.connection(), school).await
    }

    async fn counter(&mut self, key: &KeyHash) -> Result<Counter, BackendError> {
        identity::counter(self.connection(), key).await
    }

    async fn devices(&mut self, token: &TokenHash) -> Result<Vec<Device>, BackendError> {
        identity::devices(self.connection(), token).await
    }

    async fn session(
        &mut self,
        person: PersonId,
        token: &TokenHash,
    ) -> Result<Option<SessionRow>, BackendError> {
        identity::session(self.connection(), person, token).await
    }

    async fn sessions_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, TokenHash)>, BackendError> {
        identity::sessions_until(self.connection(), end, limit).await
    }

    async fn app_grant(
        &mut self,
        person: PersonId,
        grant: AppGrantId,
    ) -> Result<Option<AppGrantRow>, BackendError> {
        apps::app_grant(self.connection(), person, grant).await
    }

    async fn app_grants_of(&mut self, person: PersonId) -> Result<Vec<AppGrantRow>, BackendError> {
        apps::app_grants_of(self.connection(), person).await
    }

    async fn app_grants_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, AppGrantId)>, BackendError> {
        apps::app_grants_until(self.connection(), end, limit).await
    }

    async fn refused_sign_in(
        &mut self,
        case: &CaseCode,
    ) -> Result<Option<RefusedSignInRow>, BackendError> {
        refused::refused_sign_in(self.connection(), case).await
    }

    async fn refused_sign_ins_of(
        &mut self,
        person: &KeyHash,
    ) -> Result<Vec<RefusedSignInRow>, BackendError> {
        refused::refused_sign_ins_of(self.connection(), person).await
    }

    async fn cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        refused::cases_until(self.connection(), end, limit).await
    }

    async fn invitation(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<InvitationRow>, BackendError> {
        refused::invitation(self.connection(), token).await
    }

    async fn invitations_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<TokenHash>, BackendError> {
        refused::invitations_until(self.connection(), end, limit).await
    }

    async fn credentials_of(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Credential>, BackendError> {
        family::credentials_of(self.connection(), accounts).await
    }

    async fn letters_due(
        &mut self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LetterRow>, BackendError> {
        family::letters_due(self.connection(), at, limit).await
    }

    async fn letters_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Uuid>, BackendError> {
        family::letters_until(self.connection(), end, limit).await
    }

    async fn letter(&mut self, id: Uuid) -> Result<Option<LetterRow>, BackendError> {
        family::letter(self.connection(), id).await
    }

    async fn recovery_link(
        &mut self,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Option<RecoveryLinkRow>, BackendError> {
        family::recovery_link(self.connection(), school, account).await
    }

    async fn support_cases_of(
        &mut self,
        people: &[KeyHash],
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<CaseCode>, BackendError> {
        support::support_cases_of(self.connection(), people, accounts).await
    }

    async fn support_cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        support::support_cases_until(self.connection(), end, limit).await
    }

    async fn support_cases_after(
        &mut self,
        code: Option<&CaseCode>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        support::support_cases_after(self.connection(), code, limit).await
    }

    async fn support_case(
        &mut self,
        code: &CaseCode,
    ) -> Result<Option<SupportCaseRow>, BackendError> {
        support::support_case(self.connection(), code).await
    }

    async fn consents(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
    ) -> Result<Vec<Consent>, BackendError> {
        family::consents(self.connection(), school, pupils).await
    }

    async fn data_bases(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<DataBasisRow>, BackendError> {
        family::data_bases(self.connection(), school, accounts).await
    }

    async fn excuses(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Result<Vec<ExcuseRow>, BackendError> {
        family::excuses(self.connection(), school, pupils, days).await
    }

    async fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, BackendError> {
        audit::audit(self.connection(), limit).await
    }

    async fn audit_chain_after(
        &mut self,
        chain: Option<AuditChain>,
        is_unsealed: bool,
    ) -> Result<Option<AuditChain>, BackendError> {
        audit::chain_after(self.connection(), chain, is_unsealed).await
    }

    async fn unsealed_audit(
        &mut self,
        chain: AuditChain,
        after: Option<AuditKey>,
        limit: u32,
    ) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError> {
        audit::unsealed(self.connection(), chain, after, limit).await
    }

    async fn astray_audit(&mut self) -> Result<u64, BackendError> {
        Ok(0)
    }

    async fn last_audit_seal(
        &mut self,
        chain: AuditChain,
    ) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError> {
        audit::last_seal(self.connection(), chain).await
    }

    async fn audit_seals(
        &mut self,
        chain: AuditChain,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError> {
        audit::seals(self.connection(), chain, after, limit).await
    }

    async fn sealed_audit(
        &mut self,
        chain: AuditChain,
        seals: RangeInclusive<u64>,
    ) -> Result<Vec<SealedEntry>, BackendError> {
        audit::sealed(self.connection(), chain, &seals).await
    }

    async fn stray_audit_seals(
        &mut self,
        chain: AuditChain,
        limit: u32,
    ) -> Result<Vec<Option<u64>>, BackendError> {
        audit::stray_seals(self.connection(), chain, limit).await
    }

    async fn installation(&mut self) -> Result<Option<KeyHash>, BackendError> {
        audit::installation(self.connection()).await
    }

    async fn lookup_marks(&mut self) -> Result<Vec<(KeyId, KeyHash)>, BackendError> {
        audit::lookup_marks(self.connection()).await
    }

    async fn audit_about(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
        lessons: &[LessonId],
        limit: u32,
    ) -> Result<Vec<AuditEntry>, BackendError> {
        year::audit_about(self.connection(), school, accounts, lessons, limit).await
    }

    async fn audit_between(
        &mut self,
        school: SchoolId,
        account: AccountId,
        lessons: &[LessonId],
        between: (DateTime<Utc>, DateTime<Utc>),
        page: (u32, u32),
    ) -> Result<Vec<AuditEntry>, BackendError> {
        year::audit_between(self.connection(), school, account, lessons, between, page).await
    }

    async fn card_journal(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<CardJournalEntry>, BackendError> {
        year::card_journal(self.connection(), school, accounts).await
    }

    async fn sessions_of(&mut self, person: PersonId) -> Result<Vec<SessionRow>, BackendError> {
        year::sessions_of(self.connection(), person).await
    }

    async fn year_archives(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<YearArchiveRow>, BackendError> {
        archive::year_archives(self.connection(), school).await
    }

    async fn class_archive(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassArchive, BackendError> {
        archive::class_archive(self.connection(), school, class).await
    }

    async fn finals_of_year(
        &mut self,
        school: SchoolId,
        year: i32,
        pupils: &[AccountId],
    ) -> Result<Vec<FinalMark>, BackendError> {
        archive::finals_of_year(self.connection(), school, year, pupils).await
    }

    async fn new_years(&mut self, school: SchoolId) -> Result<Vec<NewYearRow>, BackendError> {
        year::new_years(self.connection(), school).await
    }

    async fn apply(&mut self, changes: &Changes) -> Result<(), BackendError> {
        let Some(writer) = &mut self.writer else { return Err(BackendError::NotWritable) };
        // Set back at the end alone: an apply that is dropped on its way failed too.
        writer.is_broken = true;
        let years = partition::needed(changes);
        writer.backend.partitions.prepare(&writer.backend, &years).await?;
        if writer.has_written && !years.is_subset(&writer.years) {
            partition::notice(&mut self.transaction, &years).await?;
        }
        writer.years.extend(years);
        writer.has_written = true;
        apply::apply(&mut self.transaction, changes).await?;
        writer.is_broken = false;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), BackendError> {
        if self.writer.as_ref().is_some_and(|writer| writer.is_broken) {
            return Err(BackendError::Unavailable("the transaction failed before".into()));
        }
        self.transaction.commit().await.map_err(failed)
    }
}
