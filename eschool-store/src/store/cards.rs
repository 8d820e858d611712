//! Registration cards: making logins and passwords.

use std::collections::BTreeSet;

use super::{Store, StoreError};
use crate::{
    backend::{Backend, BackendError, CardJournalEntry, Changes, Credential, Member, Turn, Tx},
    secret::PasswordError,
};
use eschool_core::{
    error::CodedError,
    id::{AccountId, SchoolId},
    identity::{FullName, Login},
    journal::ClassName,
    people::{
        AccessParameters, CardError, CardStep, RegistrationCard, School, SupportContacts,
        login_candidates, may_issue_card, password_from,
    },
    policy::Role,
    signin::RefusalCode,
};
use thiserror::Error;

/// Cards made, and who got none.
///
/// The passwords stand here in clear, and nowhere else: print the cards and drop this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuedCards {
    /// The cards, by name.
    pub cards: Vec<RegistrationCard>,
    /// Pupils who get none, with the reason: past the threshold a card is refused with `use_esia`.
    pub not_issued: Vec<(FullName, RefusalCode)>,
}

/// Why no cards were made.
#[derive(Debug, Error)]
pub enum IssueError {
    /// The installation has no such school.
    #[error("there is no such school")]
    SchoolNotFound,
    /// The school has no such class.
    #[error("the school has no such class")]
    ClassNotFound,
    /// No login is left, or the password could not be made.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for IssueError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::SchoolNotFound => "school_not_found",
            Self::ClassNotFound => "class_not_found",
            Self::Card(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::SchoolNotFound => "Такой школы нет",
            Self::ClassNotFound => "Такого класса в школе нет",
            Self::Card(error) => error.text_ru(),
            Self::Store(error) => error.text_ru(),
        }
    }
}

/// A pupil who gets a card.
struct Recipient {
    account: AccountId,
    name: FullName,
    password: String,
    phc: String,
}

impl<B: Backend> Store<B> {
    /// Makes a card for every pupil who is in a class today and may sign in with a password. A
    /// pupil who has a card keeps the login and gets a new password.
    ///
    /// # Errors
    /// [`IssueError`] for an unknown school or class, or if the store fails.
    pub async fn issue_cards(
        &self,
        school: SchoolId,
        class: &ClassName,
    ) -> Result<IssuedCards, IssueError> {
        let mut tx = self.read().await?;
        let schools = tx.schools().await?;
        let school =
            schools.into_iter().find(|s| s.id == school).ok_or(IssueError::SchoolNotFound)?;
        let registry = tx.registry(school.id).await?;
        drop(tx);
        let today = self.today(&school);
        // Several years may have a class of this name; today's pupils are in one of them.
        let classes: BTreeSet<_> =
            registry.classes.iter().filter(|c| c.name == *class).map(|c| c.id).collect();
        if classes.is_empty() {
            return Err(IssueError::ClassNotFound);
        }
        let rules = self.policy().rules_on(today);
        let pupils: BTreeSet<_> = registry
            .stays
            .iter()
            .filter(|stay| classes.contains(&stay.class) && stay.holds_on(today))
            .map(|stay| stay.pupil)
            .collect();
        let mut issued = IssuedCards::default();
        let mut recipients = Vec::new();
        for account in registry.accounts.into_iter().filter(|a| pupils.contains(&a.id)) {
            if let Err(refusal) = may_issue_card(rules, account.birth_date, today) {
                issued.not_issued.push((account.name, refusal.code));
                continue;
            }
            let password = password_from(&self.inner.ambient.random::<8>())?;
            let phc = self.hash_card(&password).await?;
            recipients.push(Recipient { account: account.id, name: account.name, password, phc });
        }
        recipients.sort_by_cached_key(|recipient| recipient.name.folded());
        issued.not_issued.sort_by_cached_key(|(name, _)| name.folded());
        self.hand_out(school, class, recipients, &mut issued).await?;
        Ok(issued)
    }

    /// Hashes outside of any transaction. Where many sign in at once it waits for its turn, however
    /// long: a class is not left with half of its cards.
    async fn hash_card(&self, password: &str) -> Result<String, StoreError> {
        let salt = self.inner.ambient.random();
        loop {
            match self.inner.passwords.hash(self.peppered(password), salt).await {
                Err(PasswordError::Busy) => {}
                result => return Ok(result?),
            }
        }
    }

    async fn hand_out(
        &self,
        school: School,
        class: &ClassName,
        recipients: Vec<Recipient>,
        issued: &mut IssuedCards,
    ) -> Result<(), IssueError> {
        let (today, now) = (self.today(&school), self.inner.ambient.now());
        let (mut tx, logins) = self.in_turn_of_logins(&school, &recipients).await?;
        let mut changes = Changes::default();
        let keys: Vec<_> = recipients.iter().map(|one| (school.id, one.account)).collect();
        let members = tx.members(&keys).await?;
        for (recipient, (login, is_kept)) in recipients.into_iter().zip(logins) {
            let member = members.iter().find(|member| member.account.id == recipient.account);
            let is_pupil = |member: &&Member| member.stays.iter().any(|stay| stay.holds_on(today));
            // Who has left or was erased while the passwords were hashed gets none.
            let Some(member) = member.filter(is_pupil) else { continue };
            // Whoever was in with the former card is out, and its devices are strangers again.
            if is_kept {
                changes.ended_people.push(member.account.person);
                changes.forgotten_devices.push(self.login_key(login.as_str()));
            }
            let account = recipient.account;
            let link = self.superseded_link(&mut *tx, school.id, account, now).await?;
            changes.recovery_links.extend(link);
            changes.credentials.push(Credential {
                login_hash: self.login_key(login.as_str()),
                login: login.clone(),
                school: school.id,
                account: recipient.account,
                phc: recipient.phc,
                issued_at: now,
            });
            changes.card_journal.push(CardJournalEntry {
                school: school.id,
                account: recipient.account,
                step: CardStep::Issued,
                at: now,
            });
            let mut audit = self.audit_entry("card", "issued", None, Some(recipient.account));
            audit.school = Some(school.id);
            changes.audit.push(audit);
            issued.cards.push(RegistrationCard {
                system: RegistrationCard::ELECTRONIC_SCHOOL.into(),
                school: school.name.clone(),
                founder: school.founder.clone(),
                municipality: school.municipality.clone(),
                class: class.to_string(),
                name: recipient.name,
                login,
                password: recipient.password,
                rights: Role::Pupil,
                registered: today,
                access: AccessParameters::default(),
                support: SupportContacts::default(),
                responsible: None,
                printed: None,
                handed_out: None,
            });
        }
        tx.apply(&changes).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A transaction in the turn of the school and of every login these pupils get, and those
    /// logins, each with whether the pupil had it before. Who is signing in with one of them, or
    /// gives the same one to somebody of another school, comes before or after.
    async fn in_turn_of_logins(
        &self,
        school: &School,
        recipients: &[Recipient],
    ) -> Result<(Box<dyn Tx>, Vec<(Login, bool)>), IssueError> {
        let turns = |logins: &[(Login, bool)]| {
            let keys = logins.iter().map(|(login, _)| Turn::Key(self.login_key(login.as_str())));
            [Turn::School(school.id)].into_iter().chain(keys).collect::<Vec<_>>()
        };
        loop {
            let mut tx = self.read().await?;
            let foreseen = self.logins(&mut *tx, school, recipients).await?;
            drop(tx);
            let mut tx = self.write_in(&turns(&foreseen)).await?;
            let logins = self.logins(&mut *tx, school, recipients).await?;
            if logins == foreseen {
                return Ok((tx, logins));
            }
        }
    }

    async fn logins(
        &self,
        tx: &mut dyn Tx,
        school: &School,
        recipients: &[Recipient],
    ) -> Result<Vec<(Login, bool)>, IssueError> {
        let held = tx.school_credentials(school.id).await?;
        let mut taken = BTreeSet::new();
        let mut logins = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let kept = held.iter().find(|c| c.account == recipient.account).map(|c| &c.login);
            let mut login = kept.cloned();
            let mut candidates = login_candidates(&school.login_prefix, &recipient.name);
            while login.is_none() {
                let Some(candidate) = candidates.next() else { break };
                let free = !taken.contains(&candidate)
                    && tx.credential(&self.login_key(candidate.as_str())).await?.is_none();
                login = Some(candidate).filter(|_| free);
            }
            let login = login.ok_or(CardError::NoLogin)?;
            taken.insert(login.clone());
            logins.push((login, kept.is_some()));
        }
        Ok(logins)
    }
}
