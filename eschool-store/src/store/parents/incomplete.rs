//! Who lacks what the policy wants.

use std::collections::BTreeSet;

use eschool_core::{
    access::AccessError,
    id::{AccountId, SchoolId},
    identity::FullName,
    people::MandatoryField,
};

use super::{
    ParentError,
    desk::{RegistryDesk, is_here},
};
use crate::{
    backend::{AuditEntry, Backend},
    store::{Session, Store},
};

/// A parent's account that lacks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteAccount {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: FullName,
    /// The children, by the bonds that hold today.
    pub children: Vec<AccountId>,
    /// What is missing, in the order the policy asks for it.
    pub missing: Vec<MandatoryField>,
}

impl<B: Backend> Store<B> {
    /// The accounts of parents that lack what the policy wants, by name, but of those whose children
    /// all left: a class teacher's those of
    /// the own class, all of the school's for who keeps the registry of all. The look is noted in
    /// the audit.
    ///
    /// # Errors
    /// [`ParentError::Access`] for who keeps nobody's registry here.
    pub async fn incomplete_accounts(
        &self,
        session: &Session,
        school: SchoolId,
    ) -> Result<Vec<IncompleteAccount>, ParentError> {
        let mut tx = self.read().await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        drop(tx);
        let pupils: BTreeSet<AccountId> =
            desk.registry.stays.iter().map(|stay| stay.pupil).collect();
        let mut kept: BTreeSet<AccountId> =
            pupils.into_iter().filter(|pupil| desk.may_write(*pupil).is_ok()).collect();
        if kept.is_empty() {
            return Err(AccessError::NotAllowed.into());
        }
        kept.retain(|pupil| is_here(&desk.stays(*pupil), desk.today()));
        let mut incomplete = Vec::new();
        for stored in &desk.registry.accounts {
            let bonds = desk.registry.guardianships.iter();
            let children: Vec<AccountId> = bonds
                .filter(|bond| bond.parent == stored.id && bond.holds_on(desk.today()))
                .map(|bond| bond.child)
                .filter(|child| kept.contains(child))
                .collect();
            if children.is_empty() {
                continue;
            }
            let account = self.open_account(stored)?;
            let missing = account.missing(desk.mandatory());
            if !missing.is_empty() {
                let (account, name) = (account.id, account.name);
                incomplete.push(IncompleteAccount { account, name, children, missing });
            }
        }
        incomplete.sort_by_cached_key(|account| (account.name.folded(), account.account));
        let entry = self.audit_entry("incomplete_read", "done", None, None);
        let actor = desk.work.standings.actor();
        self.note(vec![AuditEntry { school: Some(school), actor, ..entry }]).await?;
        Ok(incomplete)
    }
}
