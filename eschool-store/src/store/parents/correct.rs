//! A parent is corrected.

use eschool_core::{
    id::{AccountId, SchoolId},
    people::{Account, AccountEntry, TypedEntry},
};

use super::{ParentError, desk::RegistryDesk};
use crate::{
    backend::{Backend, Changes, Turn, Tx},
    store::{Session, Store, sign_in::commit},
};

/// A parent corrected: what was seen, and what is to stand instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentCorrection {
    /// The account.
    pub parent: AccountId,
    /// What it said when it was seen.
    pub seen: AccountEntry,
    /// What it is to say, as typed.
    pub typed: TypedEntry,
}

impl<B: Backend> Store<B> {
    /// Corrects what a school holds of a parent, for who keeps the registry of every child of
    /// theirs; of a pupil or of somebody at work in the school, for the administrator alone. What is
    /// left empty goes.
    ///
    /// Whoever is signed in as this person is out if anything was changed that a sign-in goes by:
    /// name, birth date, СНИЛС, phone. With another СНИЛС the account is no longer that of whoever
    /// signed in by the former one, and with another e-mail no link sets a password that was sent to
    /// the former one. An account that was joined to those of other schools
    /// by another СНИЛС, or without one by another phone, is a person's of its own from then on,
    /// until accounts are joined again; that can be [undone](Self::undo_merge).
    ///
    /// # Errors
    /// [`ParentError::Changed`] with what the account says now if it is not what was seen, which is
    /// noted in the audit as a look; others
    /// as for [`enter_parent`](Self::enter_parent).
    pub async fn correct_parent(
        &self,
        session: &Session,
        school: SchoolId,
        correction: &ParentCorrection,
    ) -> Result<(), ParentError> {
        let ParentCorrection { parent, seen, typed } = correction;
        let mut turns = self.key_turns(seen.snils, seen.phone);
        turns.extend(self.typed_turns(typed));
        turns.push(Turn::School(school));
        let mut is_alone = false;
        loop {
            let mut tx = if is_alone { self.write().await? } else { self.write_in(&turns).await? };
            let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
            desk.may_write_key(*parent, &[])?;
            let account = desk.account(*parent)?.ok_or(ParentError::ParentNotFound)?;
            let now = entry_of(&account);
            if now != *seen {
                // Nothing is told before the look is on record.
                let audit = vec![desk.entry("parent", "account_changed", *parent)];
                commit(tx, Changes { audit, ..Changes::default() }).await?;
                return Err(ParentError::Changed(Box::new(now)));
            }
            let mut changes = match self.corrected(&desk, &mut *tx, account, typed).await {
                Ok(changes) => changes,
                Err(error) => return Err(desk.keep_refused(tx, typed, *parent, error).await?),
            };
            if !changes.moves.is_empty() && !is_alone {
                // Whoever signs in by a key of another school's account must not come between.
                is_alone = true;
                continue;
            }
            changes.settled_rows.extend(desk.settled(typed, &[*parent]));
            changes.audit.push(desk.entry("parent", "corrected", *parent));
            self.note_shared_phones(&mut *tx, &[], &mut changes).await?;
            return Ok(commit(tx, changes).await?);
        }
    }

    async fn corrected(
        &self,
        desk: &RegistryDesk<'_, B>,
        tx: &mut dyn Tx,
        account: Account,
        typed: &TypedEntry,
    ) -> Result<Changes, ParentError> {
        let entry = typed.read(desk.today())?;
        if let Some(holder) = desk.by_snils(&entry).filter(|holder| *holder != account.id) {
            let mut bonds = desk.registry.guardianships.iter();
            let is_child = bonds.any(|bond| (bond.parent, bond.child) == (account.id, holder));
            return Err(if is_child { ParentError::SnilsOfChild } else { ParentError::SnilsTaken });
        }
        let mut changes = Changes::default();
        let after = entry.into_account(account.id, account.school, account.person);
        desk.put_known(tx, &account, &after, &mut changes).await?;
        let is_other = after.name != account.name
            || after.birth_date != account.birth_date
            || after.snils != account.snils
            || after.phone != account.phone;
        if is_other {
            changes.ended_people.push(account.person);
        }
        if after.email != account.email {
            // The letter went to an address that is no longer theirs, or never was.
            let now = self.inner.ambient.now();
            let link = self.superseded_link(tx, account.school, account.id, now).await?;
            changes.recovery_links.extend(link);
        }
        Ok(changes)
    }

    /// The turns of the keys that somebody typed, as far as they are any.
    pub(super) fn typed_turns(&self, typed: &TypedEntry) -> Vec<Turn> {
        self.key_turns(typed.snils.parse().ok(), typed.phone.parse().ok())
    }
}

/// What an account says, as it would be typed.
fn entry_of(account: &Account) -> AccountEntry {
    AccountEntry {
        name: account.name.clone(),
        birth_date: account.birth_date,
        snils: account.snils,
        phone: account.phone,
        email: account.email.clone(),
    }
}
