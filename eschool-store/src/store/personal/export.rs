//! What is kept of one human being, given out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use eschool_core::{
    calendar::DateRange,
    diary::{DiaryEvent, DiarySlice},
    id::{AccountId, LessonId, PersonId, SchoolId},
    identity::Login,
    journal::{Excuse, FinalMark, last_day_of},
    people::{
        Account, CardRecord, Consent, DataBasis, Duty, Guardianship, School, StaffPost, Telling,
    },
    policy::SignInMethod,
    signin::{EsiaPerson, RefusalCode},
    support::SupportCase,
};
use serde::Serialize;

use super::{PersonalDataError, typed::TypedRow};
use crate::{
    backend::{AuditEntry, Backend, MarkChange, Registry, StoredAccount, Tx},
    store::{
        Actor, AppDevice, Store, StoreError,
        excuses::any_day,
        numbers::{Numbers, claims_at_esia},
    },
};

/// How many events are read at once.
const PAGE: u32 = 1000;

/// What is kept of one human being, in all schools, opened from its seals. As JSON it is what
/// `docs/person-export.md` says, which names what is not in it, too: hashes and tokens, which tell
/// nobody anything, and what stands in other people's data.
///
/// ```
/// use eschool_store::PersonExport;
///
/// fn for_the_person(export: &PersonExport) -> serde_json::Result<String> {
///     serde_json::to_string_pretty(export)
/// }
/// ```
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonExport {
    /// The person.
    pub person: PersonId,
    /// When it was given out.
    pub at: DateTime<Utc>,
    /// What each school keeps.
    pub accounts: Vec<AccountExport>,
    /// When the person signed in and is still signed in.
    pub sessions: Vec<SessionExport>,
    /// The apps on devices that the person let in.
    pub devices: Vec<AppDevice>,
    /// Sign-ins through ЕСИА that were refused and are still kept.
    pub refused_sign_ins: Vec<RefusedSignInExport>,
    /// Support cases about the person of which no refused sign-in is kept any more.
    pub support_cases: Vec<SupportCase>,
}

/// What one school keeps of somebody.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountExport {
    /// The school.
    pub school: School,
    /// The account with its keys.
    pub account: Account,
    /// Whether the person came through ЕСИА, so that their number there is found by its hash.
    pub known_at_esia: bool,
    /// The numbers by which they came; none of those that a version before kept as a hash alone.
    pub esia_numbers: Vec<String>,
    /// The children of whom the person is an adult.
    pub children: Vec<Guardianship>,
    /// The adults of the person.
    pub adults: Vec<Guardianship>,
    /// The posts.
    pub posts: Vec<StaffPost>,
    /// The duties.
    pub duties: Vec<Duty>,
    /// The card, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardExport>,
    /// What became of which card, and who did it.
    pub card_journal: Vec<CardRecord>,
    /// Stays, parts of classes, lessons of those classes, marks with their works, attendance,
    /// homework and remarks of the person alone; nothing for who was never a pupil.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diary: Option<DiarySlice>,
    /// Final marks.
    pub finals: Vec<FinalMark>,
    /// What the person's marks were before.
    pub mark_changes: Vec<MarkChange>,
    /// Consents about the person.
    pub consents: Vec<Consent>,
    /// On what grounds their data are kept.
    pub grounds: Vec<DataBasis>,
    /// Excuses of their absences.
    pub excuses: Vec<Excuse>,
    /// Consents that the person gave, about their children.
    pub given_consents: Vec<Consent>,
    /// Excuses that the person told, of their children's absences.
    pub told_excuses: Vec<Excuse>,
    /// What happened in the diary.
    pub events: Vec<DiaryEvent>,
    /// What was done by the person, and who looked at their data or wrote them, or lessons of theirs.
    pub audit: Vec<AuditEntry>,
    /// Rows of exchange files that were refused and tell of the person, as they were typed.
    pub refused_rows: Vec<String>,
}

/// A card.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CardExport {
    /// The login.
    pub login: Login,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
}

/// A session.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionExport {
    /// The way in.
    pub method: SignInMethod,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A refused sign-in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedSignInExport {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Why.
    pub refusal: RefusalCode,
    /// What ЕСИА said of the person.
    pub said: EsiaPerson,
    /// What was done about it, if the school or support was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<SupportCase>,
}

macro_rules! says_nothing {
    ($($name:ident)+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}

says_nothing! { PersonExport AccountExport CardExport SessionExport RefusedSignInExport }

impl<B: Backend> Store<B> {
    /// What is kept of a person in all schools, in one snapshot. For who administers each of the
    /// schools and is barred from none of the accounts; the audit of each names the account before
    /// anything is given out.
    ///
    /// # Errors
    /// [`PersonalDataError::Access`] for who may not, [`PersonalDataError::PersonNotFound`].
    pub async fn export_person(
        &self,
        by: Actor<'_>,
        person: PersonId,
    ) -> Result<PersonExport, PersonalDataError> {
        let mut tx = self.read().await?;
        let holders = tx.accounts_of(&[person]).await?;
        let schools: BTreeSet<SchoolId> = holders.iter().map(|(school, _)| *school).collect();
        let actors = self.may_deal(&mut *tx, by, &holders).await?;
        let (mut accounts, mut claims) = (Vec::new(), Vec::new());
        for school in schools {
            let found = tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
            let registry = tx.registry(school).await?;
            let rows = self.typed_rows(&registry);
            for account in registry.accounts.iter().filter(|account| account.person == person) {
                let exported = self.export_account(&mut *tx, &found, &registry, &rows, account);
                accounts.push(exported.await?);
                claims.extend(claims_at_esia(&registry, account.id).cloned());
            }
        }
        let mut known = Numbers::default();
        let numbers = self.numbers_of(&mut *tx, &claims, &mut known).await?;
        for told in &mut accounts {
            let holder = (told.school.id, told.account.id);
            let own = claims.iter().filter(|claim| (claim.school, claim.account) == holder);
            let own = own.filter_map(|claim| known.of(&claim.key));
            let own: BTreeSet<_> = own.collect();
            told.esia_numbers = own.into_iter().map(Into::into).collect();
        }
        // Two schools may know them by one number.
        let numbers: BTreeSet<_> = numbers.into_iter().flatten().collect();
        let (mut refused_sign_ins, mut told) = (Vec::new(), BTreeSet::new());
        for number in &numbers {
            for row in tx.refused_sign_ins_of(number).await? {
                told.insert(row.case);
                let case = self.support_case(&mut *tx, &row.case).await?;
                let kept = self.open_refused(row)?;
                let (at, refusal, said) = (kept.at, kept.refusal, kept.person);
                refused_sign_ins.push(RefusedSignInExport { at, refusal, said, case });
            }
        }
        let numbers: Vec<_> = numbers.into_iter().collect();
        let mut support_cases = Vec::new();
        for code in tx.support_cases_of(&numbers, &holders).await? {
            if !told.contains(&code) {
                support_cases.extend(self.support_case(&mut *tx, &code).await?);
            }
        }
        let sessions = tx.sessions_of(person).await?.into_iter().map(|row| SessionExport {
            method: row.method,
            created_at: row.created_at,
            expires_at: row.expires_at,
        });
        let sessions = sessions.collect();
        let grants = tx.app_grants_of(person).await?.into_iter();
        let devices = grants.filter(|row| row.refresh.is_some()).map(AppDevice::from).collect();
        drop(tx);
        let entries = holders.into_iter().map(|(school, account)| AuditEntry {
            school: Some(school),
            ..self.audit_entry(
                "person_exported",
                "done",
                actors.get(&school).copied().flatten(),
                Some(account),
            )
        });
        self.note(entries.collect()).await?;
        let at = self.inner.ambient.now();
        Ok(PersonExport {
            person,
            at,
            accounts,
            sessions,
            devices,
            refused_sign_ins,
            support_cases,
        })
    }

    async fn export_account(
        &self,
        tx: &mut dyn Tx,
        school: &School,
        registry: &Registry,
        rows: &[TypedRow],
        stored: &StoredAccount,
    ) -> Result<AccountExport, StoreError> {
        let (id, account) = (school.id, stored.id);
        let bonds = registry.guardianships.iter();
        let of_account = |bond: &&Guardianship| bond.parent == account;
        let opened = self.open_account(stored)?;
        let told = rows.iter().filter(|row| row.entry.tells_of(&opened) == Telling::Theirs);
        let refused_rows = told.map(|row| row.text.clone()).collect();
        let diary = whole_diary(tx, registry, stored).await?;
        // A mark that was taken back has left its history in a lesson without marks of theirs.
        let lessons = diary.iter().flat_map(|diary| &diary.lessons).map(|lesson| lesson.id);
        let marked = diary.iter().flat_map(|diary| &diary.marks).map(|mark| mark.lesson);
        let lessons: BTreeSet<LessonId> = lessons.chain(marked).collect();
        let lessons: Vec<_> = lessons.into_iter().collect();
        let mut mark_changes = Vec::new();
        for lesson in &lessons {
            let changes = tx.mark_changes(id, *lesson).await?;
            mark_changes.extend(changes.into_iter().filter(|change| change.pupil == account));
        }
        let (mut events, mut after) = (Vec::new(), 0);
        loop {
            let page = tx.events(id, after, Some(&[account]), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.cursor;
            events.extend(page);
        }
        let grounds = self.known_bases(tx, id, account).await?;
        let excuses = self.known_excuses(tx, id, account, any_day()).await?;
        let of_children: BTreeSet<AccountId> =
            bonds.clone().filter(of_account).map(|bond| bond.child).collect();
        let (mut given_consents, mut told_excuses) = (Vec::new(), Vec::new());
        for child in of_children {
            let given = tx.consents(id, &[child]).await?;
            given_consents.extend(given.into_iter().filter(|consent| consent.giver == account));
            let told = self.known_excuses(tx, id, child, any_day()).await?.into_iter();
            told_excuses.extend(told.map(|known| known.excuse).filter(|told| told.by == account));
        }
        let cards = tx.school_credentials(id).await?;
        let lines = tx.card_journal(id, &[account]).await?;
        Ok(AccountExport {
            school: school.clone(),
            known_at_esia: claims_at_esia(registry, account).next().is_some(),
            esia_numbers: Vec::new(),
            children: bonds.clone().filter(of_account).cloned().collect(),
            adults: bonds.filter(|bond| bond.child == account).cloned().collect(),
            posts: registry.staff.iter().filter(|p| p.account == account).cloned().collect(),
            duties: (registry.duties.iter().filter(|row| row.account == account))
                .map(|row| row.duty.clone())
                .collect(),
            card: (cards.into_iter().find(|card| card.account == account))
                .map(|card| CardExport { login: card.login, issued_at: card.issued_at }),
            card_journal: lines.into_iter().map(|entry| entry.line).collect(),
            diary,
            finals: tx.finals(id, account).await?,
            mark_changes,
            consents: tx.consents(id, &[account]).await?,
            grounds: grounds.into_iter().map(|known| known.basis).collect(),
            excuses: excuses.into_iter().map(|known| known.excuse).collect(),
            given_consents,
            told_excuses,
            events,
            audit: tx.audit_about(id, &[account], &lessons, u32::MAX).await?,
            refused_rows,
            account: opened,
        })
    }
}

/// All the days of who is or was a pupil, without what is the school's.
async fn whole_diary(
    tx: &mut dyn Tx,
    registry: &Registry,
    stored: &StoredAccount,
) -> Result<Option<DiarySlice>, StoreError> {
    let mut stays = registry.stays.clone();
    stays.retain(|stay| stay.pupil == stored.id);
    let Some(first) = stays.iter().map(|stay| stay.from).min() else { return Ok(None) };
    let mut last = last_day_of(&stays).unwrap_or(first).max(first);
    for stay in &stays {
        last = last.max(tx.journal_end(stored.school, stay.class).await?.unwrap_or(last));
    }
    let Ok(days) = DateRange::new(first, last) else { return Ok(None) };
    let slice = tx.diary_slice(stored.school, stored.id, days).await?;
    Ok(Some(DiarySlice {
        calendar: Vec::new(),
        bells: Vec::new(),
        timetable: Vec::new(),
        journal_ends: Vec::new(),
        upcoming: Vec::new(),
        ..slice
    }))
}
