//! Who makes and hands out the cards of a school.

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed, Sight, Whose, may, may_do},
    id::{AccountId, ClassId, SchoolId},
    identity::FullName,
    journal::{Stay, classes_on},
    people::School,
};

use crate::{
    backend::{AuditEntry, Backend, Member, Tx},
    store::{Actor, Store, StoreError, enrolment::EnrolmentAccess, standing::Standings},
};

/// Somebody at work on the cards of a school.
pub(super) struct CardDesk<'s, B> {
    store: &'s Store<B>,
    pub(super) school: School,
    pub(super) today: NaiveDate,
    /// What they are in the school; none at the console, which nothing is kept from.
    standings: Option<Standings>,
}

impl<'s, B: Backend> CardDesk<'s, B> {
    pub(super) async fn open(
        store: &'s Store<B>,
        tx: &mut dyn Tx,
        by: Actor<'_>,
        school: SchoolId,
    ) -> Result<Self, EnrolmentAccess> {
        let found = tx.school(school).await.map_err(StoreError::from)?;
        let Actor::Session(session) = by else {
            let school = found.ok_or(StoreError::SchoolNotFound)?;
            return Ok(Self { store, today: store.today(&school), school, standings: None });
        };
        // An unknown school is nobody's.
        let school = found.ok_or(AccessError::NotAllowed)?;
        let today = store.today(&school);
        let standings = Standings::load(tx, session, school.id, today).await?;
        Ok(Self { store, school, today, standings: Some(standings) })
    }

    /// The account by which they act; none at the console.
    pub(super) fn actor(&self) -> Option<AccountId> {
        self.standings.as_ref().and_then(Standings::actor)
    }

    /// Their name, as cards have it; none at the console.
    pub(super) async fn responsible(
        &self,
        tx: &mut dyn Tx,
    ) -> Result<Option<FullName>, StoreError> {
        let Some(actor) = self.actor() else { return Ok(None) };
        let member = tx.members(&[(self.school.id, actor)]).await?.pop();
        Ok(member.map(|member| member.account.name))
    }

    /// Whether they make and hand out the cards of a pupil with these stays.
    pub(super) fn may_write(&self, pupil: AccountId, stays: &[Stay]) -> Result<(), AccessError> {
        self.may_write_in(pupil, &classes_on(stays, self.today))
    }

    /// Whether they make and hand out the cards of whoever is in these classes and is not barred to
    /// them.
    pub(super) fn may_write_class(&self, classes: &[ClassId]) -> Result<(), AccessError> {
        match (&self.standings, self.actor()) {
            (None, _) => Ok(()),
            // Nobody is barred from themselves.
            (_, Some(own)) => self.may_write_in(own, classes),
            (_, None) => Err(AccessError::NotAllowed),
        }
    }

    fn may_write_in(&self, account: AccountId, classes: &[ClassId]) -> Result<(), AccessError> {
        let Some(standings) = &self.standings else { return Ok(()) };
        let whose = Whose { account, school: self.school.id, classes };
        let viewers = standings.viewers(self.store.rules(self.today));
        may_do(&viewers, &Deed::Card(whose), self.today)
    }

    /// Whether they may look at what became of the cards of a pupil with these stays.
    pub(super) fn may_look(&self, pupil: AccountId, stays: &[Stay]) -> Result<(), AccessError> {
        let Some(standings) = &self.standings else { return Ok(()) };
        let classes = classes_on(stays, self.today);
        let whose = Whose { account: pupil, school: self.school.id, classes: &classes };
        let viewers = standings.viewers(self.store.rules(self.today));
        may(&viewers, &Sight::Card(whose), self.today).map(drop)
    }

    /// An account of the school that is or was a pupil's, and its stays; who has none has no stays.
    pub(super) async fn pupil(
        &self,
        tx: &mut dyn Tx,
        account: AccountId,
    ) -> Result<(Option<Member>, Vec<Stay>), StoreError> {
        let member = tx.members(&[(self.school.id, account)]).await?.pop();
        let stays = member.as_ref().map_or_else(Vec::new, |member| member.stays.clone());
        let is_pupil =
            |member: &Member| !member.stays.is_empty() && !member.account.name.is_erased();
        Ok((member.filter(is_pupil), stays))
    }

    /// A line of the audit about a pupil's cards.
    pub(super) fn entry(&self, action: &str, outcome: &str, pupil: AccountId) -> AuditEntry {
        let entry = self.store.audit_entry(action, outcome, None, Some(pupil));
        AuditEntry { school: Some(self.school.id), actor: self.actor(), ..entry }
    }
}
