//! Registration cards: logins and passwords on paper, and what becomes of them.
//!
//! * here: cards are made, for a class or for one pupil;
//! * `logins`: which login each gets, and whose turn it is;
//! * `journal`: printed, handed out, withdrawn;
//! * `desk`: who may;
//! * `error`: why not.

mod desk;
mod error;
mod journal;
mod logins;

use std::collections::BTreeMap;

use eschool_core::{
    id::{AccountId, SchoolId},
    identity::FullName,
    journal::{ClassName, Stay},
    people::{
        AccessParameters, RegistrationCard, School, SupportContacts, may_issue_card, password_from,
    },
    policy::Role,
    signin::RefusalCode,
};

pub use self::error::{CardUseError, IssueError};
use self::{desk::CardDesk, journal::issued};
use super::{Actor, Store, StoreError, sign_in::commit};
use crate::{
    backend::{Backend, CardJournalEntry, Changes, Credential, Member},
    secret::PasswordError,
};

/// How often all the hashes of one use case may find no turn, each time for as long as somebody who
/// signs in would wait: half a minute.
const PATIENCE: u32 = 30;

/// A card that was made.
///
/// ```
/// use eschool_core::people::CardStep;
/// use eschool_store::{Actor, CardUseError, IssuedCard, Store, backend::Backend};
/// use eschool_core::id::SchoolId;
///
/// async fn print(
///     store: &Store<impl Backend>,
///     school: SchoolId,
///     made: &IssuedCard,
/// ) -> Result<(), CardUseError> {
///     println!("{}", made.card.text_ru());
///     let (pupil, number) = (made.pupil, made.number);
///     store.card_step(Actor::Console, school, pupil, number, CardStep::Printed).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCard {
    /// Whose it is.
    pub pupil: AccountId,
    /// Which of the pupil's cards, the first being 1: by this the card journal knows it.
    pub number: u32,
    /// The card with its password.
    pub card: RegistrationCard,
}

/// Cards made, and who got none.
///
/// The passwords stand here in clear, and nowhere else: print the cards and drop this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuedCards {
    /// The cards, by name.
    pub cards: Vec<IssuedCard>,
    /// Pupils who get none, with the reason: past the threshold a card is refused with `use_esia`.
    pub not_issued: Vec<(FullName, RefusalCode)>,
}

/// A pupil who gets a card.
struct Recipient {
    account: AccountId,
    name: FullName,
    password: String,
    phc: String,
}

impl<B: Backend> Store<B> {
    /// Makes a card for every pupil who is in a class today and may sign in with a password: for the
    /// class teacher and the administrator. A pupil who has a card keeps the login and gets a new
    /// password; what the former card opened is closed, and the card journal knows it as revoked.
    ///
    /// # Errors
    /// [`IssueError::Access`] for who may not make the card of one of them,
    /// [`IssueError::ClassNotFound`], others as the type tells. No card is made then.
    pub async fn issue_cards(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        class: &ClassName,
    ) -> Result<IssuedCards, IssueError> {
        let mut tx = self.read().await?;
        let desk = CardDesk::open(self, &mut *tx, by, school).await?;
        let registry = tx.registry(school).await?;
        drop(tx);
        let today = desk.today;
        // Several years may have a class of this name; today's pupils are in one of them.
        let classes: Vec<_> =
            registry.classes.iter().filter(|c| c.name == *class).map(|c| c.id).collect();
        desk.may_write_class(&classes)?;
        if classes.is_empty() {
            return Err(IssueError::ClassNotFound);
        }
        let is_in_class = |stay: &&Stay| classes.contains(&stay.class) && stay.holds_on(today);
        let mut pupils: BTreeMap<AccountId, Vec<Stay>> =
            registry.stays.iter().filter(is_in_class).map(|s| (s.pupil, Vec::new())).collect();
        for stay in &registry.stays {
            if let Some(stays) = pupils.get_mut(&stay.pupil) {
                stays.push(*stay);
            }
        }
        for (pupil, stays) in &pupils {
            desk.may_write(*pupil, stays)?;
        }
        let rules = self.rules(today);
        let (mut issued, mut patience) = (IssuedCards::default(), PATIENCE);
        let mut recipients = Vec::new();
        for account in registry.accounts.into_iter().filter(|a| pupils.contains_key(&a.id)) {
            if let Err(refusal) = may_issue_card(rules, account.birth_date, today) {
                issued.not_issued.push((account.name, refusal.code));
                continue;
            }
            recipients.push(self.recipient(account.id, account.name, &mut patience).await?);
        }
        recipients.sort_by_cached_key(|recipient| recipient.name.folded());
        issued.not_issued.sort_by_cached_key(|(name, _)| name.folded());
        issued.cards = self.make_cards(by, desk.school, class, recipients).await?;
        Ok(issued)
    }

    /// Makes a new card for one pupil, as for who lost theirs: for the class teacher and the
    /// administrator. The login stays, the password is another; what the former card opened is closed,
    /// and the card journal knows it as revoked.
    ///
    /// # Errors
    /// [`IssueError::Access`] for who may not, [`IssueError::PupilNotFound`] for who is in no class
    /// today, [`IssueError::Refused`] for who may not sign in with a password; others as the type
    /// tells. The former card serves on then.
    pub async fn issue_card(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<IssuedCard, IssueError> {
        let mut tx = self.read().await?;
        let desk = CardDesk::open(self, &mut *tx, by, school).await?;
        let (member, stays) = desk.pupil(&mut *tx, pupil).await?;
        desk.may_write(pupil, &stays)?;
        let today = desk.today;
        let stay = stays.iter().find(|stay| stay.holds_on(today));
        let (member, stay) = member.zip(stay).ok_or(IssueError::PupilNotFound)?;
        let classes = tx.classes(school).await?;
        drop(tx);
        let class = classes.into_iter().find(|class| class.id == stay.class);
        let class = class.ok_or(IssueError::ClassNotFound)?.name;
        let Member { account, .. } = member;
        may_issue_card(self.rules(today), account.birth_date, today)
            .map_err(IssueError::Refused)?;
        let mut patience = PATIENCE;
        let recipient = self.recipient(pupil, account.name, &mut patience).await?;
        let mut cards = self.make_cards(by, desk.school, &class, vec![recipient]).await?;
        cards.pop().ok_or(IssueError::PupilNotFound)
    }

    async fn recipient(
        &self,
        account: AccountId,
        name: FullName,
        patience: &mut u32,
    ) -> Result<Recipient, IssueError> {
        let password = password_from(&self.inner.ambient.random::<8>())?;
        let phc = self.hash_card(&password, patience).await?;
        Ok(Recipient { account, name, password, phc })
    }

    /// Hashes outside of any transaction. Where many sign in at once it waits for its turn for longer
    /// than they would, but not for ever: a class is not left with half of its cards.
    async fn hash_card(&self, password: &str, patience: &mut u32) -> Result<String, StoreError> {
        loop {
            match self.hash_new(password).await {
                Err(PasswordError::Busy) if *patience > 0 => *patience -= 1,
                result => return Ok(result?),
            }
        }
    }

    /// Makes the cards of these pupils, all in one transaction.
    async fn make_cards(
        &self,
        by: Actor<'_>,
        school: School,
        class: &ClassName,
        recipients: Vec<Recipient>,
    ) -> Result<Vec<IssuedCard>, IssueError> {
        let (mut tx, logins) = self.in_turn_of_logins(&school, &recipients).await?;
        let school = school.id;
        // Who might when the passwords were hashed may not any more.
        let desk = CardDesk::open(self, &mut *tx, by, school).await?;
        let responsible = desk.responsible(&mut *tx).await?;
        let (today, now) = (desk.today, self.inner.ambient.now());
        let (mut changes, mut cards) = (Changes::default(), Vec::new());
        let accounts: Vec<_> = recipients.iter().map(|recipient| recipient.account).collect();
        let keys: Vec<_> = accounts.iter().map(|account| (school, *account)).collect();
        let members = tx.members(&keys).await?;
        let lines = tx.card_journal(school, &accounts).await?;
        for (recipient, (login, is_kept)) in recipients.into_iter().zip(logins) {
            let account = recipient.account;
            let member = members.iter().find(|member| member.account.id == account);
            let is_pupil = |member: &&Member| member.stays.iter().any(|stay| stay.holds_on(today));
            // Who has left or was erased while the passwords were hashed gets none.
            let Some(member) = member.filter(is_pupil) else { continue };
            desk.may_write(account, &member.stays)?;
            let login_hash = self.login_key(login.as_str());
            // Whoever was in with the former card is out, and its devices are strangers again.
            if is_kept {
                changes.ended_people.push(member.account.person);
                changes.forgotten_devices.extend(self.login_keys(login.as_str()));
            }
            let link = self.superseded_link(&mut *tx, school, account, now).await?;
            changes.recovery_links.extend(link);
            changes.credentials.push(Credential {
                login_hash,
                login: login.clone(),
                school,
                account,
                phc: recipient.phc,
                issued_at: now,
            });
            let line = issued(&lines, account, desk.actor(), now)?;
            let number = line.card;
            changes.card_journal.push(CardJournalEntry { school, account, line });
            changes.audit.push(desk.entry("card", "issued", account));
            let card = RegistrationCard {
                system: RegistrationCard::ELECTRONIC_SCHOOL.into(),
                school: desk.school.name.clone(),
                founder: desk.school.founder.clone(),
                municipality: desk.school.municipality.clone(),
                class: class.to_string(),
                name: recipient.name,
                login,
                password: recipient.password,
                rights: Role::Pupil,
                registered: today,
                access: AccessParameters::default(),
                support: SupportContacts::default(),
                responsible: responsible.clone(),
                printed: None,
                handed_out: None,
            };
            cards.push(IssuedCard { pupil: account, number, card });
        }
        commit(tx, changes).await?;
        Ok(cards)
    }
}
