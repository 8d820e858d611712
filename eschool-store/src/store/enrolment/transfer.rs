//! From one school of the installation to another.

use chrono::NaiveDate;
use eschool_core::{
    access::Deed,
    id::{AccountId, ClassId, SchoolId},
    journal::{enrol, leave_school, not_handed_over},
    people::Newcomer,
};

use super::{
    EnrolmentAccess, MoveError, UnsettledParent, class_of, families::keep_apart, parts_of, write,
};
use crate::{
    backend::{AuditEntry, Backend, Changes, StoredAccount, Turn, Tx},
    store::{Actor, Store, sign_in::commit},
};

/// Which pupil goes where, and from which day.
///
/// ```
/// use eschool_store::Transfer;
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
/// let transfer = Transfer {
///     from_school: school,
///     pupil: "019379ab-0000-7000-8000-000000000002".parse().unwrap(),
///     to_school: school,
///     class: "019379ab-0000-7000-8000-0000000000c7".parse().unwrap(),
///     on: "2024-10-11".parse().unwrap(),
/// };
/// assert_eq!(transfer.from_school, transfer.to_school);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The school that is left.
    pub from_school: SchoolId,
    /// The pupil's account there.
    pub pupil: AccountId,
    /// The new school.
    pub to_school: SchoolId,
    /// The class there.
    pub class: ClassId,
    /// The first day there; the day before is the last in the former school.
    pub on: NaiveDate,
}

/// What became of a pupil's transfer.
///
/// ```
/// use eschool_store::Transferred;
///
/// let account = "019379ab-0000-7000-8000-000000000002".parse().unwrap();
/// let done = Transferred { account, parents: vec![], unsettled: vec![] };
/// assert!(done.unsettled.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transferred {
    /// The pupil's account in the new school.
    pub account: AccountId,
    /// The adults' accounts there, new ones and others, whose bond was entered; who had one there
    /// that stays as it was is not among them.
    pub parents: Vec<AccountId>,
    /// The adults whose bond has to be entered by hand.
    pub unsettled: Vec<UnsettledParent>,
}

impl<B: Backend> Store<B> {
    /// Hands a pupil over to another school of the installation from a day on.
    ///
    /// The former school keeps its account and its journal; the stay there ends, and with it what
    /// the pupil and the parents see by that school's accounts, as the policy says. The new one gets
    /// an account of the same person with what the former typed – the account it has, if the pupil
    /// was there before –, and one of each adult whose bond is not over, unless it knows them; bars
    /// go along. A card is the school's: the pupil gets a new one there, or comes through ЕСИА. The
    /// year's journal is not copied: [`joined_year`](Self::joined_year) reads both, so that a mark
    /// given late in the former school is seen and none is there twice.
    ///
    /// For an operator of the region, and for who keeps the pupils of both schools by accounts that
    /// are open at once: under a policy that keeps a person's accounts separate that is nobody, and
    /// an operator does it. Each school's audit names its own accounts.
    ///
    /// # Errors
    /// [`MoveError::Access`] for who may not, [`MoveError::PupilNotFound`],
    /// [`MoveError::ClassNotFound`], [`MoveError::SameSchool`], [`MoveError::KnownThere`] if the new
    /// school has an account that looks like the pupil's and is another person's,
    /// [`MoveError::SnilsTaken`] if that was settled and the two have one СНИЛС, and
    /// [`MoveError::Enrolment`] where the days speak against it. Nothing is written then.
    pub async fn transfer_pupil(
        &self,
        by: Actor<'_>,
        transfer: Transfer,
    ) -> Result<Transferred, MoveError> {
        let Transfer { from_school, pupil, to_school, class, on } = transfer;
        let turns = [Turn::School(from_school), Turn::School(to_school)];
        let mut tx = self.write_in(&turns).await?;
        let actor = self.may_transfer(&mut *tx, by, from_school, to_school).await?;
        if from_school == to_school {
            return Err(MoveError::SameSchool);
        }
        let class = class_of(&mut *tx, to_school, class).await?;
        let mut members = tx.members(&[(from_school, pupil)]).await?;
        let member = members.pop().filter(|member| !member.account.name.is_erased());
        let member = member.ok_or(MoveError::PupilNotFound)?;
        let parts = parts_of(&mut *tx, from_school, &member.stays).await?;
        let left = leave_school(&member.stays, &parts, on)?;
        let mut elsewhere = tx.accounts_of(&[member.account.person]).await?;
        elsewhere.retain(|(school, _)| *school != from_school && *school != to_school);
        for third in tx.members(&elsewhere).await? {
            not_handed_over(&third.stays, on)?;
        }

        let former = tx.registry(from_school).await?;
        let registry = tx.registry(to_school).await?;
        let mut changes = Changes::default();
        write(left, from_school, &mut changes);
        let account = match self.known_in(&mut *tx, &member.account, &registry).await? {
            Newcomer::New => {
                let opened = self.open_account(&member.account)?;
                self.enter(opened, to_school, member.account.person, &mut changes)?
            }
            Newcomer::Known(account) => {
                let same = |other: &&StoredAccount| other.id == account;
                let found = registry.accounts.iter().find(same);
                if found.is_none_or(|other| other.person != member.account.person) {
                    return Err(MoveError::KnownThere { account });
                }
                account
            }
            Newcomer::Unsettled(accounts) => {
                let account = accounts.into_iter().min().unwrap_or(pupil);
                return Err(MoveError::KnownThere { account });
            }
            Newcomer::SnilsTaken(account) => return Err(MoveError::SnilsTaken { account }),
        };
        keep_apart(&mut *tx, pupil, account, &mut changes).await?;
        let mut stays = registry.stays.clone();
        stays.retain(|stay| stay.pupil == account);
        let mut parts = registry.subgroups.clone();
        parts.retain(|part| part.pupil == account);
        let came = enrol(account, &stays, &parts, (class.id, class.year), on)?;
        write(came, to_school, &mut changes);
        let (parents, unsettled) =
            self.families(&mut *tx, &transfer, account, &former, &registry, &mut changes).await?;

        let note = |school, action, subject| AuditEntry {
            school: Some(school),
            ..self.audit_entry(action, "done", actor, Some(subject))
        };
        changes.audit.push(note(from_school, "pupil_left", pupil));
        changes.audit.push(note(to_school, "pupil_came", account));
        changes.audit.extend(parents.iter().map(|id| note(to_school, "parent_came", *id)));
        self.note_shared_phones(&mut *tx, &[], &mut changes).await?;
        commit(tx, changes).await?;
        Ok(Transferred { account, parents, unsettled })
    }

    /// As which account somebody hands pupils over: an operator's, else the one by which they keep
    /// the pupils of both schools.
    async fn may_transfer(
        &self,
        tx: &mut dyn Tx,
        by: Actor<'_>,
        from: SchoolId,
        to: SchoolId,
    ) -> Result<Option<(SchoolId, AccountId)>, MoveError> {
        if let Actor::Session(session) = by {
            for grant in session.open() {
                match self.may_write(tx, by, grant.school, &Deed::Transfer).await {
                    Ok(actor) => return Ok(actor),
                    Err(EnrolmentAccess::Access(_)) => {}
                    Err(EnrolmentAccess::Store(error)) => return Err(error.into()),
                }
            }
        }
        let actor = self.may_write(tx, by, from, &Deed::Enrolment { school: from }).await?;
        self.may_write(tx, by, to, &Deed::Enrolment { school: to }).await?;
        Ok(actor)
    }
}
