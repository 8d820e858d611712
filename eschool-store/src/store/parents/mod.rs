//! Parents in a school's registry: entered, corrected, linked to their children.
//!
//! * `desk`: the registry with who works on it, and where an entry goes.
//! * `refused`: entries that cannot stand, kept sealed as typed.
//! * `bonds`: links between parents and children.
//! * `incomplete`: who lacks what the policy wants.

mod bonds;
mod desk;
mod error;
mod incomplete;
mod refused;

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    merge::AccountMove,
    people::{
        Account, AccountEntry, Discrepancy, Guardianship, Kinship, MandatoryField, Placement,
        TypedEntry,
    },
};

pub(super) use self::desk::RegistryDesk;
pub use self::{error::ParentError, incomplete::IncompleteAccount};
use super::{Session, Store, StoreError, sign_in::commit};
use crate::backend::{Backend, Changes, Turn, Tx};

/// A parent as somebody typed them into a form, with the children they are to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParentForm {
    /// The person, as typed.
    pub typed: TypedEntry,
    /// The children, at least one.
    pub children: Vec<ChildBond>,
}

/// What a parent is to a child, before anybody knows the parent's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildBond {
    /// The child.
    pub child: AccountId,
    /// What the parent is to the child.
    pub kinship: Kinship,
    /// Whether they are the legal representative, where the school says so; none where it follows
    /// from the kinship.
    pub legal_representative: Option<bool>,
    /// The first day it holds; none if it always did.
    pub from: Option<NaiveDate>,
    /// The last day it holds; none while nobody set an end.
    pub until: Option<NaiveDate>,
    /// Whether the parent may see the child's diary.
    pub sees: bool,
}

impl ChildBond {
    fn of(&self, parent: AccountId) -> Guardianship {
        Guardianship {
            parent,
            child: self.child,
            kinship: self.kinship.clone(),
            legal_representative: self.legal_representative,
            from: self.from,
            until: self.until,
            barred: !self.sees,
        }
    }
}

/// A parent who was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredParent {
    /// The account.
    pub account: AccountId,
    /// Whether it is new; else the children were added to one that the school had.
    pub is_new: bool,
    /// What the account says otherwise than what was typed: what stood first stays.
    pub discrepancies: Vec<Discrepancy>,
    /// What the policy wants and the account lacks.
    pub missing: Vec<MandatoryField>,
}

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
    /// Enters a parent, for who keeps the registry: by the policy the class teacher of every child
    /// named, or the registrar; or the administrator.
    ///
    /// A parent whose СНИЛС the school has, or whose name and birth date without one, gets the
    /// children added to that account: what it lacks is filled, what stood first stays, and what
    /// differs is told. A bond that is there stays as it is. The account of a pupil or of somebody
    /// at work in the school is filled by the administrator alone, for by its keys they sign in.
    ///
    /// An entry that cannot stand is kept sealed as it was typed, for who has to find out why
    /// somebody cannot sign in, until the same parent of the same child is entered rightly.
    ///
    /// ```
    /// use eschool_core::{id::{AccountId, SchoolId}, people::{Kinship, TypedEntry}};
    /// use eschool_store::{
    ///     ChildBond, ParentError, ParentForm, Session, Store, backend::Backend,
    /// };
    ///
    /// async fn enter<B: Backend>(
    ///     store: &Store<B>, teacher: &Session, school: SchoolId, typed: TypedEntry, child: AccountId,
    /// ) -> Result<AccountId, ParentError> {
    ///     let bond = ChildBond {
    ///         child,
    ///         kinship: Kinship::Mother,
    ///         legal_representative: None,
    ///         from: None,
    ///         until: None,
    ///         sees: true,
    ///     };
    ///     let form = ParentForm { typed, children: vec![bond] };
    ///     Ok(store.enter_parent(teacher, school, &form).await?.account)
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ParentError`] says what stands in the way.
    pub async fn enter_parent(
        &self,
        session: &Session,
        school: SchoolId,
        form: &ParentForm,
    ) -> Result<EnteredParent, ParentError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        let children: Vec<AccountId> = form.children.iter().map(|bond| bond.child).collect();
        let Some(first) = children.first().copied() else { return Err(ParentError::NoChild) };
        for child in &children {
            desk.may_write_child(*child)?;
        }
        let line = desk.line(&form.typed, first);
        match self.entered(&desk, form, &children) {
            Ok((entered, mut changes)) => {
                changes.settled_rows.extend(desk.settled(line));
                let outcome = if entered.is_new { "entered" } else { "joined" };
                changes.audit.push(desk.entry("parent", outcome, entered.account));
                commit(tx, changes).await?;
                Ok(entered)
            }
            Err(error) => Err(desk.keep_refused(tx, &form.typed, line, first, error).await?),
        }
    }

    /// What entering comes to.
    fn entered(
        &self,
        desk: &RegistryDesk<'_, B>,
        form: &ParentForm,
        children: &[AccountId],
    ) -> Result<(EnteredParent, Changes), ParentError> {
        let entry = form.typed.read(desk.today())?;
        let mut changes = Changes::default();
        let (account, is_new, discrepancies) = match desk.place(&entry, children)? {
            Placement::Conflict { .. } => return Err(ParentError::SnilsConflict),
            Placement::Several { .. } => return Err(ParentError::Several),
            Placement::New => {
                let id = AccountId(self.inner.ambient.new_id());
                let person = PersonId(self.inner.ambient.new_id());
                let account = entry.into_account(id, desk.school(), person);
                self.put_account(&account, &mut changes)?;
                (account, true, Vec::new())
            }
            Placement::Joins { account, discrepancies } => {
                let account = desk.account(account)?.ok_or(ParentError::ParentNotFound)?;
                let mut filled = account.clone();
                let is_theirs = desk.has_another_role(account.id);
                let may_fill = !is_theirs || desk.may_write(account.id, true).is_ok();
                if may_fill && filled.fill(&entry, &discrepancies) > 0 {
                    self.put_account(&filled, &mut changes)?;
                    (filled, false, discrepancies)
                } else {
                    (account, false, discrepancies)
                }
            }
        };
        for bond in &form.children {
            let bond = bond.of(account.id);
            bond.validate()?;
            let known = &desk.registry.guardianships;
            if !known.iter().any(|known| (known.parent, known.child) == (bond.parent, bond.child)) {
                changes.guardianships.push((desk.school(), bond));
            }
        }
        let missing = account.missing(desk.mandatory());
        let entered = EnteredParent { account: account.id, is_new, discrepancies, missing };
        Ok((entered, changes))
    }

    fn put_account(&self, account: &Account, changes: &mut Changes) -> Result<(), StoreError> {
        let (stored, claims) = self.seal_account(account)?;
        changes.accounts.push(stored);
        changes.claims.extend(claims);
        Ok(())
    }

    /// Corrects what a school holds of a parent, for who keeps the registry; of a pupil or of
    /// somebody at work in the school, for the administrator alone. What is left empty goes.
    ///
    /// Whoever is signed in as this person is out if anything was changed that a sign-in goes by:
    /// name, birth date, СНИЛС, phone. An account that was joined to those of other schools by
    /// another СНИЛС is a person's of its own from then on, until accounts are joined again.
    ///
    /// # Errors
    /// [`ParentError::Changed`] with what the account says now if it is not what was seen; others
    /// as for [`enter_parent`](Self::enter_parent).
    pub async fn correct_parent(
        &self,
        session: &Session,
        school: SchoolId,
        correction: &ParentCorrection,
    ) -> Result<(), ParentError> {
        let ParentCorrection { parent, seen, typed } = correction;
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        desk.may_write(*parent, desk.has_another_role(*parent))?;
        let account = desk.account(*parent)?.ok_or(ParentError::ParentNotFound)?;
        let now = entry_of(&account);
        if now != *seen {
            return Err(ParentError::Changed(Box::new(now)));
        }
        let line = desk.line(typed, *parent);
        match self.corrected(&desk, &mut *tx, account, typed).await {
            Ok(mut changes) => {
                changes.settled_rows.extend(desk.settled(line));
                changes.audit.push(desk.entry("parent", "corrected", *parent));
                Ok(commit(tx, changes).await?)
            }
            Err(error) => Err(desk.keep_refused(tx, typed, line, *parent, error).await?),
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
        if desk.by_snils(&entry).is_some_and(|holder| holder != account.id) {
            return Err(ParentError::SnilsConflict);
        }
        let mut changes = Changes::default();
        let Account { id, school, person, .. } = account;
        let parts = entry.snils != account.snils && desk.is_joined(tx, person).await?;
        let into = if parts { PersonId(self.inner.ambient.new_id()) } else { person };
        let is_other = entry.name != account.name
            || entry.birth_date != account.birth_date
            || entry.snils != account.snils
            || entry.phone != account.phone;
        self.put_account(&entry.into_account(id, school, into), &mut changes)?;
        if parts {
            changes.moves.push(AccountMove { account: id, school, from: person, into });
        }
        if is_other {
            changes.ended_people.push(person);
        }
        Ok(changes)
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
