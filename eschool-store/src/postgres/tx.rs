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
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::{
    PostgresBackend, apply, apps, archive, audit,
    begun::Begun,
    events, family, identity, journal, lesson, merges,
    partition::{self, Years},
    people, refused, support, year,
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
    tx: Begun,
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
    pub(super) const fn new(tx: Begun, writer: Option<Writer>) -> Self {
        Self { tx, writer }
    }
}

#[async_trait]
impl Tx for PostgresTx {
    async fn schools(&mut self) -> Result<Vec<School>, BackendError> {
        self.tx.deadline.keep(people::schools(&mut self.tx.connection)).await
    }

    async fn school(&mut self, id: SchoolId) -> Result<Option<School>, BackendError> {
        self.tx.deadline.keep(people::school(&mut self.tx.connection, id)).await
    }

    async fn cover(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        parent: Option<AsParent<'_>>,
    ) -> Result<Option<DiaryCover>, BackendError> {
        self.tx.deadline.keep(people::cover(&mut self.tx.connection, school, pupil, parent)).await
    }

    async fn frame(&mut self, school: SchoolId) -> Result<SchoolFrame, BackendError> {
        self.tx.deadline.keep(people::frame(&mut self.tx.connection, school)).await
    }

    async fn classes(&mut self, school: SchoolId) -> Result<Vec<SchoolClass>, BackendError> {
        self.tx.deadline.keep(people::classes(&mut self.tx.connection, school)).await
    }

    async fn registry(&mut self, school: SchoolId) -> Result<Registry, BackendError> {
        self.tx.deadline.keep(people::registry(&mut self.tx.connection, school)).await
    }

    async fn class_journal(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassJournal, BackendError> {
        self.tx
            .deadline
            .keep(journal::journal_days(&mut self.tx.connection, school, class, None))
            .await
    }

    async fn journal_days(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<ClassJournal, BackendError> {
        self.tx
            .deadline
            .keep(journal::journal_days(&mut self.tx.connection, school, class, Some(days)))
            .await
    }

    async fn lesson_page(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Option<LessonPage>, BackendError> {
        self.tx.deadline.keep(lesson::lesson_page(&mut self.tx.connection, school, lesson)).await
    }

    async fn lessons_between(
        &mut self,
        school: SchoolId,
        class: ClassId,
        days: DateRange,
    ) -> Result<Vec<Lesson>, BackendError> {
        self.tx
            .deadline
            .keep(lesson::lessons_between(&mut self.tx.connection, school, class, days))
            .await
    }

    async fn journal_end(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<Option<NaiveDate>, BackendError> {
        self.tx.deadline.keep(lesson::journal_end(&mut self.tx.connection, school, class)).await
    }

    async fn is_unfinished(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<bool, BackendError> {
        self.tx.deadline.keep(lesson::is_unfinished(&mut self.tx.connection, school, class)).await
    }

    async fn works(
        &mut self,
        school: SchoolId,
        works: &[WorkId],
    ) -> Result<Vec<(Work, Option<Lesson>)>, BackendError> {
        self.tx.deadline.keep(lesson::works(&mut self.tx.connection, school, works)).await
    }

    async fn marks_for(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        works: &[WorkId],
    ) -> Result<Vec<Mark>, BackendError> {
        self.tx
            .deadline
            .keep(lesson::marks_for(&mut self.tx.connection, school, pupils, works))
            .await
    }

    async fn mark_changes(
        &mut self,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Vec<MarkChange>, BackendError> {
        self.tx.deadline.keep(lesson::mark_changes(&mut self.tx.connection, school, lesson)).await
    }

    async fn class_pupils(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassPupils, BackendError> {
        self.tx.deadline.keep(lesson::class_pupils(&mut self.tx.connection, school, class)).await
    }

    async fn staff(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<(StaffPost, FullName)>, BackendError> {
        self.tx.deadline.keep(lesson::staff(&mut self.tx.connection, school)).await
    }

    async fn last_event(&mut self, school: SchoolId) -> Result<u64, BackendError> {
        self.tx.deadline.keep(events::last_event(&mut self.tx.connection, school)).await
    }

    async fn events(
        &mut self,
        school: SchoolId,
        after: u64,
        pupils: Option<&[AccountId]>,
        limit: u32,
    ) -> Result<Vec<DiaryEvent>, BackendError> {
        self.tx
            .deadline
            .keep(events::events(&mut self.tx.connection, school, after, pupils, limit))
            .await
    }

    async fn school_finals(&mut self, school: SchoolId) -> Result<Vec<FinalMark>, BackendError> {
        self.tx.deadline.keep(journal::school_finals(&mut self.tx.connection, school)).await
    }

    async fn diary_slice(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
        range: DateRange,
    ) -> Result<DiarySlice, BackendError> {
        self.tx
            .deadline
            .keep(journal::diary_slice(&mut self.tx.connection, school, pupil, range))
            .await
    }

    async fn finals(
        &mut self,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<Vec<FinalMark>, BackendError> {
        self.tx.deadline.keep(journal::finals(&mut self.tx.connection, school, pupil)).await
    }

    async fn claims(&mut self, keys: &[KeyHash]) -> Result<Vec<Claim>, BackendError> {
        self.tx.deadline.keep(identity::claims(&mut self.tx.connection, keys)).await
    }

    async fn shared_phones(&mut self, keys: &[KeyHash]) -> Result<Vec<SharedPhone>, BackendError> {
        self.tx.deadline.keep(identity::shared_phones(&mut self.tx.connection, keys)).await
    }

    async fn shared_phones_after(
        &mut self,
        key: Option<&KeyHash>,
        limit: u32,
    ) -> Result<Vec<SharedPhone>, BackendError> {
        self.tx
            .deadline
            .keep(identity::shared_phones_after(&mut self.tx.connection, key, limit))
            .await
    }

    async fn memberships(
        &mut self,
        people: &[PersonId],
    ) -> Result<Vec<(PersonId, SchoolId, AccountId)>, BackendError> {
        self.tx.deadline.keep(identity::memberships(&mut self.tx.connection, people)).await
    }

    async fn members(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Member>, BackendError> {
        self.tx.deadline.keep(people::members(&mut self.tx.connection, accounts)).await
    }

    async fn mergeable_accounts(&mut self) -> Result<Vec<MergeableAccount>, BackendError> {
        self.tx.deadline.keep(merges::mergeable_accounts(&mut self.tx.connection)).await
    }

    async fn merge(&mut self, id: MergeId) -> Result<Option<MergeRow>, BackendError> {
        self.tx.deadline.keep(merges::merge(&mut self.tx.connection, id)).await
    }

    async fn merges(&mut self, limit: u32) -> Result<Vec<MergeRow>, BackendError> {
        self.tx.deadline.keep(merges::merges(&mut self.tx.connection, limit)).await
    }

    async fn kept_apart(
        &mut self,
        of: Option<&[AccountId]>,
    ) -> Result<Vec<KeptApart>, BackendError> {
        self.tx.deadline.keep(merges::kept_apart(&mut self.tx.connection, of)).await
    }

    async fn credential(&mut self, login: &KeyHash) -> Result<Option<Credential>, BackendError> {
        self.tx.deadline.keep(identity::credential(&mut self.tx.connection, login)).await
    }

    async fn school_credentials(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<Credential>, BackendError> {
        self.tx.deadline.keep(identity::school_credentials(&mut self.tx.connection, school)).await
    }

    async fn counter(&mut self, key: &KeyHash) -> Result<Counter, BackendError> {
        self.tx.deadline.keep(identity::counter(&mut self.tx.connection, key)).await
    }

    async fn devices(&mut self, token: &TokenHash) -> Result<Vec<Device>, BackendError> {
        self.tx.deadline.keep(identity::devices(&mut self.tx.connection, token)).await
    }

    async fn session(
        &mut self,
        person: PersonId,
        token: &TokenHash,
    ) -> Result<Option<SessionRow>, BackendError> {
        self.tx.deadline.keep(identity::session(&mut self.tx.connection, person, token)).await
    }

    async fn sessions_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, TokenHash)>, BackendError> {
        self.tx.deadline.keep(identity::sessions_until(&mut self.tx.connection, end, limit)).await
    }

    async fn app_grant(
        &mut self,
        person: PersonId,
        grant: AppGrantId,
    ) -> Result<Option<AppGrantRow>, BackendError> {
        self.tx.deadline.keep(apps::app_grant(&mut self.tx.connection, person, grant)).await
    }

    async fn app_grants_of(&mut self, person: PersonId) -> Result<Vec<AppGrantRow>, BackendError> {
        self.tx.deadline.keep(apps::app_grants_of(&mut self.tx.connection, person)).await
    }

    async fn app_grants_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(PersonId, AppGrantId)>, BackendError> {
        self.tx.deadline.keep(apps::app_grants_until(&mut self.tx.connection, end, limit)).await
    }

    async fn refused_sign_in(
        &mut self,
        case: &CaseCode,
    ) -> Result<Option<RefusedSignInRow>, BackendError> {
        self.tx.deadline.keep(refused::refused_sign_in(&mut self.tx.connection, case)).await
    }

    async fn refused_sign_ins_of(
        &mut self,
        person: &KeyHash,
    ) -> Result<Vec<RefusedSignInRow>, BackendError> {
        self.tx.deadline.keep(refused::refused_sign_ins_of(&mut self.tx.connection, person)).await
    }

    async fn cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        self.tx.deadline.keep(refused::cases_until(&mut self.tx.connection, end, limit)).await
    }

    async fn invitation(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<InvitationRow>, BackendError> {
        self.tx.deadline.keep(refused::invitation(&mut self.tx.connection, token)).await
    }

    async fn invitations_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<TokenHash>, BackendError> {
        self.tx.deadline.keep(refused::invitations_until(&mut self.tx.connection, end, limit)).await
    }

    async fn credentials_of(
        &mut self,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<Credential>, BackendError> {
        self.tx.deadline.keep(family::credentials_of(&mut self.tx.connection, accounts)).await
    }

    async fn letters_due(
        &mut self,
        at: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LetterRow>, BackendError> {
        self.tx.deadline.keep(family::letters_due(&mut self.tx.connection, at, limit)).await
    }

    async fn letters_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Uuid>, BackendError> {
        self.tx.deadline.keep(family::letters_until(&mut self.tx.connection, end, limit)).await
    }

    async fn letter(&mut self, id: Uuid) -> Result<Option<LetterRow>, BackendError> {
        self.tx.deadline.keep(family::letter(&mut self.tx.connection, id)).await
    }

    async fn recovery_link(
        &mut self,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Option<RecoveryLinkRow>, BackendError> {
        self.tx.deadline.keep(family::recovery_link(&mut self.tx.connection, school, account)).await
    }

    async fn support_cases_of(
        &mut self,
        people: &[KeyHash],
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<CaseCode>, BackendError> {
        self.tx
            .deadline
            .keep(support::support_cases_of(&mut self.tx.connection, people, accounts))
            .await
    }

    async fn support_cases_until(
        &mut self,
        end: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        self.tx
            .deadline
            .keep(support::support_cases_until(&mut self.tx.connection, end, limit))
            .await
    }

    async fn support_cases_after(
        &mut self,
        code: Option<&CaseCode>,
        limit: u32,
    ) -> Result<Vec<CaseCode>, BackendError> {
        self.tx
            .deadline
            .keep(support::support_cases_after(&mut self.tx.connection, code, limit))
            .await
    }

    async fn support_case(
        &mut self,
        code: &CaseCode,
    ) -> Result<Option<SupportCaseRow>, BackendError> {
        self.tx.deadline.keep(support::support_case(&mut self.tx.connection, code)).await
    }

    async fn consents(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
    ) -> Result<Vec<Consent>, BackendError> {
        self.tx.deadline.keep(family::consents(&mut self.tx.connection, school, pupils)).await
    }

    async fn data_bases(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<DataBasisRow>, BackendError> {
        self.tx.deadline.keep(family::data_bases(&mut self.tx.connection, school, accounts)).await
    }

    async fn excuses(
        &mut self,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Result<Vec<ExcuseRow>, BackendError> {
        self.tx.deadline.keep(family::excuses(&mut self.tx.connection, school, pupils, days)).await
    }

    async fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, BackendError> {
        self.tx.deadline.keep(audit::audit(&mut self.tx.connection, limit)).await
    }

    async fn audit_chain_after(
        &mut self,
        chain: Option<AuditChain>,
        is_unsealed: bool,
    ) -> Result<Option<AuditChain>, BackendError> {
        self.tx.deadline.keep(audit::chain_after(&mut self.tx.connection, chain, is_unsealed)).await
    }

    async fn unsealed_audit(
        &mut self,
        chain: AuditChain,
        after: Option<AuditKey>,
        limit: u32,
    ) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError> {
        self.tx.deadline.keep(audit::unsealed(&mut self.tx.connection, chain, after, limit)).await
    }

    async fn astray_audit(&mut self) -> Result<u64, BackendError> {
        Ok(0)
    }

    async fn last_audit_seal(
        &mut self,
        chain: AuditChain,
    ) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError> {
        self.tx.deadline.keep(audit::last_seal(&mut self.tx.connection, chain)).await
    }

    async fn audit_seals(
        &mut self,
        chain: AuditChain,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError> {
        self.tx.deadline.keep(audit::seals(&mut self.tx.connection, chain, after, limit)).await
    }

    async fn sealed_audit(
        &mut self,
        chain: AuditChain,
        seals: RangeInclusive<u64>,
    ) -> Result<Vec<SealedEntry>, BackendError> {
        self.tx.deadline.keep(audit::sealed(&mut self.tx.connection, chain, &seals)).await
    }

    async fn stray_audit_seals(
        &mut self,
        chain: AuditChain,
        limit: u32,
    ) -> Result<Vec<Option<u64>>, BackendError> {
        self.tx.deadline.keep(audit::stray_seals(&mut self.tx.connection, chain, limit)).await
    }

    async fn installation(&mut self) -> Result<Option<KeyHash>, BackendError> {
        self.tx.deadline.keep(audit::installation(&mut self.tx.connection)).await
    }

    async fn lookup_marks(&mut self) -> Result<Vec<(KeyId, KeyHash)>, BackendError> {
        self.tx.deadline.keep(audit::lookup_marks(&mut self.tx.connection)).await
    }

    async fn audit_about(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
        lessons: &[LessonId],
        limit: u32,
    ) -> Result<Vec<AuditEntry>, BackendError> {
        self.tx
            .deadline
            .keep(year::audit_about(&mut self.tx.connection, school, accounts, lessons, limit))
            .await
    }

    async fn audit_between(
        &mut self,
        school: SchoolId,
        account: AccountId,
        lessons: &[LessonId],
        between: (DateTime<Utc>, DateTime<Utc>),
        page: (u32, u32),
    ) -> Result<Vec<AuditEntry>, BackendError> {
        self.tx
            .deadline
            .keep(year::audit_between(
                &mut self.tx.connection,
                school,
                account,
                lessons,
                between,
                page,
            ))
            .await
    }

    async fn card_journal(
        &mut self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Result<Vec<CardJournalEntry>, BackendError> {
        self.tx.deadline.keep(year::card_journal(&mut self.tx.connection, school, accounts)).await
    }

    async fn sessions_of(&mut self, person: PersonId) -> Result<Vec<SessionRow>, BackendError> {
        self.tx.deadline.keep(year::sessions_of(&mut self.tx.connection, person)).await
    }

    async fn year_archives(
        &mut self,
        school: SchoolId,
    ) -> Result<Vec<YearArchiveRow>, BackendError> {
        self.tx.deadline.keep(archive::year_archives(&mut self.tx.connection, school)).await
    }

    async fn class_archive(
        &mut self,
        school: SchoolId,
        class: ClassId,
    ) -> Result<ClassArchive, BackendError> {
        self.tx.deadline.keep(archive::class_archive(&mut self.tx.connection, school, class)).await
    }

    async fn finals_of_year(
        &mut self,
        school: SchoolId,
        year: i32,
        pupils: &[AccountId],
    ) -> Result<Vec<FinalMark>, BackendError> {
        self.tx
            .deadline
            .keep(archive::finals_of_year(&mut self.tx.connection, school, year, pupils))
            .await
    }

    async fn new_years(&mut self, school: SchoolId) -> Result<Vec<NewYearRow>, BackendError> {
        self.tx.deadline.keep(year::new_years(&mut self.tx.connection, school)).await
    }

    async fn apply(&mut self, changes: &Changes) -> Result<(), BackendError> {
        let Some(writer) = &mut self.writer else { return Err(BackendError::NotWritable) };
        // Set back at the end alone: an apply that is dropped on its way failed too.
        writer.is_broken = true;
        let years = partition::needed(changes);
        writer.backend.partitions.prepare(&writer.backend, &years).await?;
        if writer.has_written && !years.is_subset(&writer.years) {
            let noticing = partition::notice(&mut self.tx.connection, &years);
            self.tx.deadline.keep(noticing).await?;
        }
        writer.years.extend(years);
        writer.has_written = true;
        apply::apply(&mut self.tx.connection, &mut self.tx.deadline, changes).await?;
        writer.is_broken = false;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), BackendError> {
        if self.writer.as_ref().is_some_and(|writer| writer.is_broken) {
            return Err(BackendError::Unavailable("the transaction failed before".into()));
        }
        self.tx.commit().await
    }
}
