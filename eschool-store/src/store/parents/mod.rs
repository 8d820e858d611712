//! Parents in a school's registry: entered, corrected, linked to their children.
//!
//! * here: a parent is entered;
//! * `correct`: a parent is corrected;
//! * `desk`: the registry with who works on it, and where an entry goes.
//! * `refused`: entries that cannot stand, kept sealed as typed.
//! * `bonds`: links between parents and children.
//! * `incomplete`: who lacks what the policy wants.

mod bonds;
mod correct;
mod desk;
mod error;
mod incomplete;
mod refused;

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    people::{Discrepancy, Guardianship, Kinship, MandatoryField, Placement, TypedEntry},
};

pub(super) use self::desk::RegistryDesk;
pub use self::{
    bonds::BondCorrection, correct::ParentCorrection, error::ParentError,
    incomplete::IncompleteAccount,
};
use super::{Session, Store, sign_in::commit};
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
#[derive(Clone, PartialEq, Eq)]
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

impl std::fmt::Debug for ChildBond {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChildBond")
            .field("child", &self.child)
            .field("from", &self.from)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
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
    /// The children whose bond was there and stays as it was: it holds, is yet to begin, or bars the
    /// parent. One that was over and barred nobody is renewed.
    pub kept: Vec<AccountId>,
    /// What the policy wants and the account lacks.
    pub missing: Vec<MandatoryField>,
}

impl<B: Backend> Store<B> {
    /// Enters a parent, for who keeps the registry: by the policy the class teacher of every child
    /// named, or the registrar; or the administrator.
    ///
    /// A parent whose СНИЛС the school has, or whose name and birth date without one, gets the
    /// children added to that account: what it lacks is filled, what stood first stays, and what
    /// differs is told. A bond that is there stays as it is, unless it is over and barred nobody. The
    /// account of a pupil or of somebody at work in the school, and of a parent of a child that who
    /// asks does not keep, is filled by the administrator alone, for by its keys they sign in.
    /// Where filling it changes what joined it to accounts of other schools, it is parted from them
    /// as [`correct_parent`](Self::correct_parent) tells.
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
        let children: Vec<AccountId> = form.children.iter().map(|bond| bond.child).collect();
        let Some(first) = children.first().copied() else { return Err(ParentError::NoChild) };
        let mut turns = self.typed_turns(&form.typed);
        turns.push(Turn::School(school));
        let mut is_alone = false;
        loop {
            let mut tx = if is_alone { self.write().await? } else { self.write_in(&turns).await? };
            let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
            for child in &children {
                desk.may_write_child(*child)?;
            }
            let (entered, mut changes) = match self.entered(&desk, &mut *tx, form, &children).await
            {
                Ok(entered) => entered,
                Err(error) => {
                    return Err(desk.keep_refused(tx, &form.typed, first, error).await?);
                }
            };
            if !changes.moves.is_empty() && !is_alone {
                // Whoever signs in by a key of another school's account must not come between.
                is_alone = true;
                continue;
            }
            changes.settled_rows.extend(desk.settled(&form.typed, &children));
            let outcome = if entered.is_new { "entered" } else { "joined" };
            changes.audit.push(desk.entry("parent", outcome, entered.account));
            self.note_shared_phones(&mut *tx, &[], &mut changes).await?;
            commit(tx, changes).await?;
            return Ok(entered);
        }
    }

    /// What entering comes to.
    async fn entered(
        &self,
        desk: &RegistryDesk<'_, B>,
        tx: &mut dyn Tx,
        form: &ParentForm,
        children: &[AccountId],
    ) -> Result<(EnteredParent, Changes), ParentError> {
        let entry = form.typed.read(desk.today())?;
        if desk.by_snils(&entry).is_some_and(|holder| children.contains(&holder)) {
            return Err(ParentError::SnilsOfChild);
        }
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
                let may_fill = desk.may_write_key(account.id, children).is_ok();
                if may_fill && filled.fill(&entry, &discrepancies) > 0 {
                    desk.put_known(tx, &account, &filled, &mut changes).await?;
                    (filled, false, discrepancies)
                } else {
                    (account, false, discrepancies)
                }
            }
        };
        let mut kept = Vec::new();
        for bond in &form.children {
            let bond = bond.of(account.id);
            bond.validate()?;
            let mut known = desk.registry.guardianships.iter();
            let is_it =
                |known: &&Guardianship| (known.parent, known.child) == (bond.parent, bond.child);
            if changes.guardianships.iter().any(|(_, new)| is_it(&new)) {
                continue;
            }
            let is_over =
                |known: &Guardianship| known.until.is_some_and(|last| last < desk.today());
            if known.find(is_it).is_some_and(|known| known.barred || !is_over(known)) {
                kept.push(bond.child);
                continue;
            }
            changes.audit.push(desk.entry("parent_of", "linked", bond.child));
            changes.guardianships.push((desk.school(), bond));
        }
        let missing = account.missing(desk.mandatory());
        let entered = EnteredParent { account: account.id, is_new, discrepancies, kept, missing };
        Ok((entered, changes))
    }
}
