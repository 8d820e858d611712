//! What goes when somebody is erased, and what stays without a name.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use eschool_core::{
    access::Deed,
    id::{PersonId, SchoolId},
    identity::{FullName, Snils, fold_name},
    people::{MayKeep, may_keep_data},
};

use super::{Holder, PersonalDataError};
use crate::{
    backend::{AuditEntry, Backend, Changes, RefusedRow, Registry, StoredAccount, Tx},
    secret::ClaimKind,
    store::{Actor, Store, StoreError, closing::closings, places::of_refused_row, sign_in::commit},
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
    /// Erases what every school keeps of a person, once all their accounts have closed.
    ///
    /// What goes: names, birth dates, sealed keys and what they were found by, the number at ЕСИА,
    /// the card with its login and the devices it was used on, sessions, duties, an adult's bonds,
    /// grounds, excuses and consents about them, what ЕСИА said at refused sign-ins and their support
    /// cases, refused rows of exchange files that tell of them. What
    /// stays is what the law has schools keep, under an account without a name: stays, marks,
    /// attendance and final marks of a pupil, the lessons of a teacher, and who did what by
    /// identifiers. Each such account is a person of its own, so that nothing ties it to another.
    ///
    /// For who administers each of the schools. The audit names the accounts.
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
        // Which schools it is about nobody knows before: joining accounts must not come between.
        let mut tx = self.write().await?;
        let accounts = tx.accounts_of(&[person]).await?;
        let schools: BTreeSet<SchoolId> = accounts.iter().map(|(school, _)| *school).collect();
        let mut actor = None;
        for school in &schools {
            let deed = Deed::PersonalData { school: *school };
            actor = self.may_write(&mut *tx, by, *school, &deed).await?;
        }
        if accounts.is_empty() {
            return Err(PersonalDataError::PersonNotFound);
        }
        let (mut erased, mut changes) = (Erased::default(), Changes::default());
        for school in schools {
            let registry = tx.registry(school).await?;
            let found = tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
            let today = self.today(&found);
            let closings = closings(&registry, self.rules(today), today);
            for account in registry.accounts.iter().filter(|account| account.person == person) {
                let closing = closings.get(&account.id);
                if !closing.is_some_and(|closing| closing.is_closed_on(today)) {
                    return Err(PersonalDataError::StillOpen { school });
                }
                if self.may_keep(&mut *tx, account, today).await? != MayKeep::No {
                    return Err(PersonalDataError::StillKept { school });
                }
                self.erase(&mut *tx, &registry, account, &mut erased, &mut changes).await?;
            }
        }
        let entry = |(school, account): &Holder| AuditEntry {
            school: Some(*school),
            ..self.audit_entry("person_erased", "done", actor, Some(*account))
        };
        changes.audit = erased.accounts.iter().map(entry).collect();
        commit(tx, changes).await?;
        Ok(erased)
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

    /// Puts into the changes what erases one account.
    pub(super) async fn erase(
        &self,
        tx: &mut dyn Tx,
        registry: &Registry,
        stored: &StoredAccount,
        erased: &mut Erased,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
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

        let claims = registry.claims.iter().filter(|claim| claim.account == account);
        for claim in claims.filter(|claim| claim.kind == ClaimKind::EsiaId) {
            for row in tx.refused_sign_ins_of(&claim.key).await? {
                if !changes.forgotten_cases.contains(&row.case) {
                    changes.forgotten_cases.push(row.case);
                    changes.erased_cases.push(row.case);
                    erased.refused_sign_ins += 1;
                }
            }
        }
        let snils = self.open_account(stored)?.snils;
        for row in &registry.refused_rows {
            let key = (school, row.file.clone(), row.line);
            if !changes.settled_rows.contains(&key) && self.told_of(row, stored, snils).is_some() {
                changes.settled_rows.push(key);
                erased.refused_rows += 1;
            }
        }
        Ok(())
    }

    /// What a row that was refused says, if it tells of somebody: by family and given name, or by
    /// СНИЛС. What does not open any more tells nobody anything.
    pub(super) fn told_of(
        &self,
        row: &RefusedRow,
        stored: &StoredAccount,
        snils: Option<Snils>,
    ) -> Option<String> {
        let place = of_refused_row(row.school, &row.file, row.line);
        let opened = self.inner.vault.open(&place, &row.typed).ok()?;
        let typed = String::from_utf8_lossy(&opened);
        let folded = fold_name(&typed);
        let has = |part: &str| folded.contains(&fold_name(part));
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let has_snils = snils.is_some_and(|it| digits.contains(&format!("{:011}", it.digits())));
        let is_theirs = has_snils || has(stored.name.family()) && has(stored.name.given());
        is_theirs.then(|| typed.into_owned())
    }
}
