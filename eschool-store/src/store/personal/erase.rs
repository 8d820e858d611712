//! What goes when somebody is erased, and what stays without a name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed},
    id::{AccountId, PersonId, SchoolId},
    identity::FullName,
    people::{Account, MayKeep, Telling, may_keep_data},
};

use super::{Holder, PersonalDataError, typed::TypedRow};
use crate::{
    backend::{AuditEntry, Backend, Changes, Registry, StoredAccount, Tx},
    secret::KeyHash,
    store::{
        Actor, Store, StoreError,
        closing::{closings, is_nobody},
        numbers::{Numbers, claims_at_esia},
        sign_in::commit,
    },
};

/// What became of somebody who was erased.
///
/// ```
/// use eschool_store::Erased;
///
/// assert_eq!(Erased::default().accounts.len(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The accounts that have no name any more, with their schools.
    pub accounts: Vec<Holder>,
    /// How many refused rows of exchange files told of the person and went.
    pub refused_rows: usize,
    /// How many refused sign-ins of theirs went.
    pub refused_sign_ins: usize,
}

impl<B: Backend> Store<B> {
    /// Erases what every school keeps of a person, once all their accounts have closed, or never were
    /// anything.
    ///
    /// What goes: names, birth dates, sealed keys and what they were found by, the number at ЕСИА,
    /// the card with its login and the devices it was used on, sessions, duties, an adult's bonds,
    /// grounds, excuses and consents about them, what ЕСИА said at refused sign-ins and their support
    /// cases, refused rows of exchange files that tell of them, and what tied their accounts to
    /// others: moves of merges, and whom they are settled not to be. What stays is what the law has
    /// schools keep, under an account without a name: stays, marks, attendance and final marks of a
    /// pupil, the lessons of a teacher with the name that was printed in them, consents that an adult
    /// gave, who did what by identifiers, and, sealed and without a word whose it was, a phone that
    /// two people were seen to share. Each such account is a person of its own, so that
    /// nothing ties it to another.
    ///
    /// What teachers wrote freely may name somebody and stays: topics and homework, remarks, comments
    /// of marks and of their changes, and what happened in the diary. So does the open account of
    /// whoever has a duty, which has no last day ([`PersonalDataError::StillOpen`]).
    ///
    /// Refused sign-ins and support cases are found by the number at ЕСИА that any of the accounts was
    /// let in with, and by the accounts that a case found to be the person's: those of somebody else,
    /// and letters that wait to be sent, are forgotten in their days
    /// ([`forget_expired`](Self::forget_expired)). A refused row that may be a namesake's goes too:
    /// while the school's file has it, the next import refuses it again.
    ///
    /// For who administers each of the schools and is barred from none of the accounts; who
    /// administers none is not told whether there is such a person. The audit names the accounts.
    ///
    /// # Errors
    /// [`PersonalDataError::Access`] for who may not, [`PersonalDataError::PersonNotFound`],
    /// [`PersonalDataError::StillOpen`] while an account is open, [`PersonalDataError::StillKept`]
    /// while a ground to keep the data holds or may hold. Nothing is erased then.
    pub async fn erase_person(
        &self,
        by: Actor<'_>,
        person: PersonId,
    ) -> Result<Erased, PersonalDataError> {
        let mut known = self.known_before().await?;
        // Which schools it is about nobody knows before: joining accounts must not come between.
        let mut tx = self.write().await?;
        let accounts = tx.accounts_of(&[person]).await?;
        let schools: BTreeSet<SchoolId> = accounts.iter().map(|(school, _)| *school).collect();
        let actors = self.may_deal(&mut *tx, by, &accounts).await?;
        let (mut erased, mut changes) = (Erased::default(), Changes::default());
        let mut claims = Vec::new();
        for school in schools {
            let registry = tx.registry(school).await?;
            let found = tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
            let today = self.today(&found);
            let closings = closings(&registry, self.rules(today), today);
            let rows = self.typed_rows(&registry);
            for account in registry.accounts.iter().filter(|account| account.person == person) {
                let closing = closings.get(&account.id);
                if !closing.is_some_and(|closing| closing.is_closed_on(today))
                    && !is_nobody(&registry, account.id, today)
                {
                    return Err(PersonalDataError::StillOpen { school });
                }
                if self.may_keep(&mut *tx, account, today).await? != MayKeep::No {
                    return Err(PersonalDataError::StillKept { school });
                }
                claims.extend(claims_at_esia(&registry, account.id).cloned());
                let opened = self.open_account(account)?;
                self.erase((&registry, &rows), (account, &opened), &mut erased, &mut changes);
            }
        }
        let numbers = self.numbers_of(&mut *tx, &claims, &mut known).await?;
        self.forget_sign_ins(&mut *tx, &numbers, &mut erased, &mut changes).await?;
        changes.shared_phones = self.phones_of_two(&mut *tx, &erased.accounts).await?;
        let entry = |(school, account): &Holder| AuditEntry {
            school: Some(*school),
            ..self.audit_entry(
                "person_erased",
                "done",
                actors.get(school).copied().flatten(),
                Some(*account),
            )
        };
        changes.audit = erased.accounts.iter().map(entry).collect();
        commit(tx, changes).await?;
        Ok(erased)
    }

    /// As whom somebody may deal with everything that is kept of a person with these accounts, in
    /// each of their schools.
    pub(super) async fn may_deal(
        &self,
        tx: &mut dyn Tx,
        by: Actor<'_>,
        holders: &[Holder],
    ) -> Result<BTreeMap<SchoolId, Option<Holder>>, PersonalDataError> {
        let accounts: Vec<AccountId> = holders.iter().map(|(_, account)| *account).collect();
        let mut actors = BTreeMap::new();
        for (school, _) in holders {
            if !actors.contains_key(school) {
                let deed = Deed::PersonalData { school: *school, accounts: &accounts };
                actors.insert(*school, self.may_write(tx, by, *school, &deed).await?);
            }
        }
        match by {
            _ if !actors.is_empty() => Ok(actors),
            Actor::Session(_) => Err(AccessError::NotAllowed.into()),
            _ => Err(PersonalDataError::PersonNotFound),
        }
    }

    /// Whether a ground to keep an account's data holds.
    async fn may_keep(
        &self,
        tx: &mut dyn Tx,
        stored: &StoredAccount,
        today: NaiveDate,
    ) -> Result<MayKeep, StoreError> {
        let known = self.known_bases(tx, stored.school, stored.id).await?;
        let bases: Vec<_> = known.into_iter().map(|known| known.basis).collect();
        Ok(may_keep_data(&bases, stored.id, today))
    }

    /// Puts into the changes what erases one account; what ЕСИА said of the person is apart.
    pub(super) fn erase(
        &self,
        (registry, rows): (&Registry, &[TypedRow]),
        (stored, opened): (&StoredAccount, &Account),
        erased: &mut Erased,
        changes: &mut Changes,
    ) {
        let (school, account) = (stored.school, stored.id);
        erased.accounts.push((school, account));
        changes.erased.push((school, account));
        changes.ended_people.push(stored.person);
        changes.accounts.push(StoredAccount {
            id: account,
            school,
            person: PersonId(self.inner.ambient.new_id()),
            name: FullName::erased(),
            birth_date: None,
            snils: None,
            phone: None,
            email: None,
        });
        let bonds = registry.guardianships.iter().filter(|bond| bond.parent == account);
        changes.removed.guardianships.extend(bonds.map(|bond| (school, bond.clone())));
        for row in rows.iter().filter(|row| row.entry.tells_of(opened) != Telling::NotTheirs) {
            let key = (school, row.file.clone(), row.line);
            if !changes.settled_rows.contains(&key) {
                changes.settled_rows.push(key);
                erased.refused_rows += 1;
            }
        }
    }

    /// Puts into the changes what forgets the refused sign-ins of these numbers and the support cases
    /// about them or the accounts that are erased.
    pub(super) async fn forget_sign_ins(
        &self,
        tx: &mut dyn Tx,
        numbers: &BTreeSet<Vec<KeyHash>>,
        erased: &mut Erased,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let people: Vec<_> = numbers.iter().flatten().copied().collect();
        for number in &people {
            for row in tx.refused_sign_ins_of(number).await? {
                changes.forgotten_cases.push(row.case);
                changes.erased_cases.push(row.case);
                erased.refused_sign_ins += 1;
            }
        }
        for case in tx.support_cases_of(&people, &erased.accounts).await? {
            changes.erased_cases.push(case);
            if !changes.forgotten_cases.contains(&case)
                && tx.refused_sign_in(&case).await?.is_some()
            {
                changes.forgotten_cases.push(case);
                erased.refused_sign_ins += 1;
            }
        }
        Ok(())
    }

    /// What cases tell of numbers in ЕСИА, for who is about to be alone: others would have to wait for
    /// it, and nearly all of it stays as it is. Nothing where a hash can be of one key only.
    pub(super) async fn known_before(&self) -> Result<Numbers, StoreError> {
        let mut known = Numbers::default();
        if self.inner.vault.has_several_lookups() {
            self.learn_of_cases(&mut *self.read().await?, &mut known).await?;
        }
        Ok(known)
    }
}
