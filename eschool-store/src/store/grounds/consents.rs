//! Consents: given, withdrawn, listed; and what they do to a sign-in.

use chrono::NaiveDate;
use eschool_core::{
    access::may_read_diary,
    id::{AccountId, SchoolId},
    people::{Consent, ConsentPurpose, Guardianship, may_consent},
};

use super::GroundError;
use crate::{
    backend::{Backend, Changes, Member, Registry, Turn, Tx},
    store::{Session, Store, StoreError, parents::RegistryDesk, sign_in::commit},
};

impl<B: Backend> Store<B> {
    /// Gives a consent about a pupil from today on: the giver themself, with their own account of
    /// the school, or, where it was given on paper, who keeps the registry of the pupil's family.
    /// One that is given again on the same day takes the place of the former.
    ///
    /// # Errors
    /// [`GroundError::Consent`] if the giver may not consent for this pupil today,
    /// [`GroundError::UnknownPurpose`] for what this version does not know, others as the type tells.
    pub async fn give_consent(
        &self,
        session: &Session,
        school: SchoolId,
        giver: AccountId,
        pupil: AccountId,
        purpose: ConsentPurpose,
        until: Option<NaiveDate>,
    ) -> Result<Consent, GroundError> {
        if !purpose.is_known() {
            return Err(GroundError::UnknownPurpose);
        }
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        if !is_own(session, school, giver) {
            desk.may_write_child(pupil)?;
        }
        let today = desk.today();
        let account = desk.stored(pupil).ok_or(GroundError::NotFound)?;
        let bonds = bonds_of(&desk.registry, giver);
        may_consent(giver, pupil, &bonds, account.birth_date, today)?;
        let consent = Consent { giver, pupil, purpose, from: today, until, revoked: None };
        consent.validate()?;
        let changes = Changes {
            consents: vec![(school, consent.clone())],
            audit: vec![desk.entry("consent", "given", pupil)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(consent)
    }

    /// Withdraws a consent: from today on it no longer holds. For the giver, and for who keeps the
    /// registry of the pupil's family. Where the pupil's sign-in waits for it, the pupil's sessions
    /// end. One that was withdrawn before stays as it was.
    ///
    /// # Errors
    /// [`GroundError::NotFound`] if no such consent was given.
    pub async fn withdraw_consent(
        &self,
        session: &Session,
        school: SchoolId,
        consent: &Consent,
    ) -> Result<(), GroundError> {
        let mut turns = self.sign_in_turns(school, consent.pupil).await?;
        turns.push(Turn::School(school));
        let mut tx = self.write_in(&turns).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        if !is_own(session, school, consent.giver) {
            desk.may_write_child(consent.pupil)?;
        }
        let today = desk.today();
        let mut given = tx.consents(school, &[consent.pupil]).await?;
        let rules = self.rules(today);
        let account = desk.stored(consent.pupil).ok_or(GroundError::NotFound)?;
        let born = account.birth_date;
        let before = rules.consent_missing_from(&given, born, today);
        let is_it = |row: &&mut Consent| {
            (row.giver, &row.purpose, row.from) == (consent.giver, &consent.purpose, consent.from)
        };
        let row = given.iter_mut().find(is_it).ok_or(GroundError::NotFound)?;
        if row.revoked.is_some() {
            return Ok(());
        }
        row.revoked = Some(today.max(row.from));
        let mut changes = Changes::default();
        changes.consents.push((school, row.clone()));
        let after = rules.consent_missing_from(&given, born, today);
        if after.is_some() && after != before {
            changes.ended_people.push(account.person);
        }
        changes.audit.push(desk.entry("consent", "withdrawn", consent.pupil));
        Ok(commit(tx, changes).await?)
    }

    /// Every consent that was given about a pupil, those that hold no more too: for the family, and
    /// for who keeps its registry, whose look is audited.
    ///
    /// # Errors
    /// [`GroundError::Access`] for anybody else.
    pub async fn consents(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<Vec<Consent>, GroundError> {
        let mut tx = self.read().await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        let viewers = desk.work.standings.viewers(self.rules(desk.today()));
        let is_family = may_read_diary(&viewers, pupil, desk.today()).is_ok();
        if !is_family {
            desk.may_write(pupil)?;
        }
        let consents = tx.consents(school, &[pupil]).await?;
        let look = (!is_family).then(|| desk.entry("consents_read", "done", pupil));
        drop(tx);
        self.note(look.into_iter().collect()).await?;
        Ok(consents)
    }

    /// The turns of who signs in as this account, so that nobody gets in by a consent that is being
    /// withdrawn.
    async fn sign_in_turns(
        &self,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Vec<Turn>, StoreError> {
        let mut tx = self.read().await?;
        let cards = tx.credentials_of(&[(school, account)]).await?;
        let mut turns: Vec<Turn> =
            cards.iter().flat_map(|card| self.login_turns(card.login.as_str())).collect();
        for member in tx.members(&[(school, account)]).await? {
            let account = self.open_account(&member.account)?;
            turns.extend(self.key_turns(account.snils, account.phone));
        }
        Ok(turns)
    }

    /// The consents by which a pupil's sign-in is judged: none are read where the rules of the day
    /// wait for none.
    pub(in crate::store) async fn consents_of(
        &self,
        tx: &mut dyn Tx,
        member: &Member,
        today: NaiveDate,
    ) -> Result<Vec<Consent>, StoreError> {
        if member.stays.is_empty() || self.rules(today).consent.is_empty() {
            return Ok(Vec::new());
        }
        Ok(tx.consents(member.account.school, &[member.account.id]).await?)
    }
}

/// The bonds of who gives a consent, with those that bar the same person by another account of the
/// school.
fn bonds_of(registry: &Registry, giver: AccountId) -> Vec<Guardianship> {
    let person = |id| {
        registry.accounts.iter().find(|account| account.id == id).map(|account| account.person)
    };
    let is_same = |id| person(giver).is_some_and(|giver| person(id) == Some(giver));
    let bonds = registry.guardianships.iter();
    let bonds = bonds.filter(|bond| bond.parent == giver || bond.barred && is_same(bond.parent));
    bonds.map(|bond| Guardianship { parent: giver, ..bond.clone() }).collect()
}

/// Whether an account of a school is one that is open to a session.
fn is_own(session: &Session, school: SchoolId, account: AccountId) -> bool {
    session.open().any(|grant| (grant.school, grant.account) == (school, account))
}
