//! Joining the accounts that schools keep of one human being, and parting them again.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use eschool_core::{
    access::{AccessError, Sight, Standing, may, viewers},
    error::CodedError,
    id::{AccountId, MergeId, PersonId, SchoolId},
    merge::{AccountMove, MergePlan, MergeRow as PlanRow, plan_merges},
    people::KeptApart,
};
use thiserror::Error;

use super::{Session, Store, StoreError, facts::staff_facts, sign_in::commit};
use crate::{
    backend::{AuditEntry, Backend, BackendError, Changes, MergeRow, MergeableAccount, Tx},
    secret::KeyHash,
};

/// Each hash of a СНИЛС by the one that it is written with now.
type Alike = BTreeMap<KeyHash, KeyHash>;

/// Who asks for what few may do.
///
/// ```
/// use eschool_store::Actor;
///
/// assert_eq!(format!("{:?}", Actor::Console), "Console");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// Somebody who is signed in.
    Session(&'a Session),
    /// Who runs a program beside the database and its keys: nothing could keep them from anything,
    /// and the audit names no account for them.
    Console,
}

/// What two accounts are, by somebody's word who saw the documents.
///
/// ```
/// use eschool_store::Settlement;
///
/// assert_ne!(Settlement::OnePerson, Settlement::TwoPeople);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// One person's.
    OnePerson,
    /// Two people's, though one СНИЛС ties them.
    TwoPeople,
}

/// What is to become of accounts that are parted again.
///
/// ```
/// use eschool_store::AfterUndoing;
///
/// assert_ne!(AfterUndoing::PlanAnew, AfterUndoing::KeepApart);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterUndoing {
    /// The next plan may join them again: the data were wrong, and are being corrected.
    PlanAnew,
    /// No plan joins them again: they are two people's.
    KeepApart,
}

/// Why accounts are not joined or parted.
#[derive(Debug, Error)]
pub enum MergeError {
    /// Only an operator of the region may.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nothing was joined or parted under this identifier.
    #[error("there is no such merge; look it up in the list")]
    NotFound,
    /// It was undone before.
    #[error("this merge was undone before")]
    Undone,
    /// An account of it belongs to somebody else by now.
    #[error("an account was moved again since; undo the later merge first")]
    MovedSince,
    /// Of a person who would part, an account was entered since, and whose it is nobody said: of a
    /// pupil who went to another school, or of a parent.
    #[error("an account was entered since; settle whose it is first")]
    EnteredSince {
        /// Its school.
        school: SchoolId,
        /// The account.
        account: AccountId,
    },
    /// There is no such account, or the two are one and the same.
    #[error("there are no two such accounts")]
    NoSuchAccounts,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for MergeError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for MergeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::NotFound => "merge_not_found",
            Self::Undone => "merge_undone",
            Self::MovedSince => "merge_moved_since",
            Self::EnteredSince { .. } => "merge_entered_since",
            Self::NoSuchAccounts => "no_such_accounts",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::NotFound => "Такого объединения нет. Найдите его в списке",
            Self::Undone => "Это объединение уже отменили",
            Self::MovedSince => {
                "С тех пор учётную запись объединили ещё раз. Сначала отмените то объединение"
            }
            Self::EnteredSince { .. } => {
                "С тех пор этому человеку завели учётную запись ещё в одной школе. Сначала отделите \
                 её, а потом решите, чья она"
            }
            Self::NoSuchAccounts => "Двух таких учётных записей нет",
            Self::Store(error) => error.text_ru(),
        }
    }
}

impl<B: Backend> Store<B> {
    /// What [`merge`](Self::merge) would join now, and what somebody has to settle; nothing is
    /// written but that somebody looked.
    ///
    /// # Errors
    /// [`MergeError::Access`] for who is no operator of the region.
    pub async fn foresee_merges(&self, by: Actor<'_>) -> Result<MergePlan, MergeError> {
        let mut tx = self.read().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let plan = self.plan(&mut *tx, &mut BTreeMap::new()).await?;
        drop(tx);
        self.note_look("merges_foreseen", actor).await?;
        Ok(plan)
    }

    /// Joins the accounts of all schools into persons, as
    /// [`plan_merges`](eschool_core::merge::plan_merges) says, in one transaction. Who is another
    /// person from then on signs in anew. Unless nothing is to be joined, nobody else writes meanwhile:
    /// who waits longer than the database lets them – signing in is writing – is told `store_busy`, so a
    /// region is joined when few are about.
    ///
    /// Returns the plan that was carried out, with what somebody has to settle, and the identifier
    /// it is [undone](Self::undo_merge) by.
    ///
    /// # Errors
    /// [`MergeError::Access`] for who is no operator of the region.
    pub async fn merge(&self, by: Actor<'_>) -> Result<(Option<MergeId>, MergePlan), MergeError> {
        let mut tx = self.read().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let mut alike = BTreeMap::new();
        let foreseen = self.plan(&mut *tx, &mut alike).await?;
        drop(tx);
        if foreseen.moves.is_empty() {
            self.note(vec![self.audit_entry("merge", "nothing", actor, None)]).await?;
            return Ok((None, foreseen));
        }
        // A plan is by every account of the region, and no row of theirs tells whether one was
        // written since: so all of it is made anew where nobody else writes.
        let mut tx = self.write().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let plan = self.plan(&mut *tx, &mut alike).await?;
        let mut changes = Changes::default();
        if plan.moves.is_empty() {
            changes.audit = vec![self.audit_entry("merge", "nothing", actor, None)];
            commit(tx, changes).await?;
            return Ok((None, plan));
        }
        let id = self.carry_out(plan.moves.clone(), actor, "merge", &mut changes);
        commit(tx, changes).await?;
        Ok((Some(id), plan))
    }

    /// Undoes what was joined or parted at once: every account is its former person's again. Of
    /// accounts that come together by it, it is taken back that they are two people's; of those
    /// that part, what was settled before they were joined is to be settled anew.
    ///
    /// # Errors
    /// [`MergeError::Access`] for who is no operator of the region, [`MergeError::NotFound`],
    /// [`MergeError::Undone`], [`MergeError::MovedSince`] where an account was moved again since:
    /// what came later is undone first; and [`MergeError::EnteredSince`] where somebody who would
    /// part has an account that was entered later. Which of the two people it is of, nobody knows:
    /// it is [settled](Self::settle) to be another's first, and after the undoing to be one's with
    /// those it belongs to. Nothing is changed then.
    pub async fn undo_merge(
        &self,
        by: Actor<'_>,
        id: MergeId,
        after: AfterUndoing,
    ) -> Result<(), MergeError> {
        let mut tx = self.write().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let merge = tx.merge(id).await?.ok_or(MergeError::NotFound)?;
        if merge.undone_at.is_some() {
            return Err(MergeError::Undone);
        }
        let moved: Vec<_> = merge.moves.iter().map(|step| (step.school, step.account)).collect();
        let holders: BTreeSet<PersonId> = merge.moves.iter().map(|step| step.into).collect();
        let held = tx.memberships(&holders.into_iter().collect::<Vec<_>>()).await?;
        may_part(&merge, &held)?;
        let mut changes = Changes::default();
        let former: BTreeSet<PersonId> = merge.moves.iter().map(|step| step.from).collect();
        let waiting = tx.accounts_of(&former.into_iter().collect::<Vec<_>>()).await?;
        changes.reunited = between(&mut *tx, &waiting, &moved).await?;
        if after == AfterUndoing::KeepApart {
            changes.kept_apart = parted(&mut *tx, &merge.moves).await?;
        }
        let back: Vec<AccountMove> = merge.moves.iter().map(|step| step.undone()).collect();
        self.move_accounts(back, actor, "merge_undone", &mut changes);
        let parting = parting_in_a_school(&merge.moves, &held);
        self.note_shared_phones(&mut *tx, &parting, &mut changes).await?;
        changes.merges = vec![MergeRow { undone_at: Some(self.inner.ambient.now()), ..merge }];
        Ok(commit(tx, changes).await?)
    }

    /// What was joined or parted last, the last first. The look is noted in the audit.
    ///
    /// # Errors
    /// [`MergeError::Access`] for who is no operator of the region.
    pub async fn merges(&self, by: Actor<'_>, limit: u32) -> Result<Vec<MergeRow>, MergeError> {
        let mut tx = self.read().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let merges = tx.merges(limit).await?;
        drop(tx);
        self.note_look("merges_read", actor).await?;
        Ok(merges)
    }

    /// Settles whether two accounts are one person's, whatever their names and numbers say: a
    /// conflict of a plan, or a mistake of one. What was settled holds until it is settled anew.
    ///
    /// One person's: all accounts of the younger person become the older one's. Two people's: if
    /// they are one person's now, the second becomes a new person's. Returns the identifier by
    /// which such a move is [undone](Self::undo_merge), if accounts were moved.
    ///
    /// # Errors
    /// [`MergeError::Access`] for who is no operator of the region,
    /// [`MergeError::NoSuchAccounts`] if one of them is not there or they are the same.
    pub async fn settle(
        &self,
        by: Actor<'_>,
        one: (SchoolId, AccountId),
        other: (SchoolId, AccountId),
        settlement: Settlement,
    ) -> Result<Option<MergeId>, MergeError> {
        let mut tx = self.write().await?;
        let actor = self.operator(&mut *tx, by).await?;
        let members = tx.members(&[one, other]).await?;
        let [first, second] = &members[..] else { return Err(MergeError::NoSuchAccounts) };
        if first.account.id == second.account.id {
            return Err(MergeError::NoSuchAccounts);
        }
        let (first, second) = (first.account.person, second.account.person);
        let apart = KeptApart { one: one.1, other: other.1 };
        let mut changes = Changes::default();
        let mut moves = Vec::new();
        match settlement {
            Settlement::OnePerson => {
                let (into, from) = (first.min(second), first.max(second));
                let theirs = tx.accounts_of(&[from]).await?;
                let ours = tx.accounts_of(&[into]).await?;
                changes.reunited = between(&mut *tx, &ours, &theirs).await?;
                if from != into {
                    let step = |(school, account)| AccountMove { account, school, from, into };
                    moves = theirs.into_iter().map(step).collect();
                }
            }
            Settlement::TwoPeople => {
                changes.kept_apart = vec![apart];
                if first == second {
                    let into = PersonId(self.inner.ambient.new_id());
                    let (school, account) = other;
                    moves = vec![AccountMove { account, school, from: first, into }];
                } else {
                    // A sign-in that took both for one human being opened both.
                    changes.ended_people.extend([first, second]);
                }
            }
        }
        let outcome = match settlement {
            Settlement::OnePerson => "one_person",
            Settlement::TwoPeople => "two_people",
        };
        let id = (!moves.is_empty())
            .then(|| self.carry_out(moves, actor, "merge_settled", &mut changes));
        let settled = [one, other].map(|(school, account)| AuditEntry {
            school: Some(school),
            ..self.audit_entry("merge_settled", outcome, actor, Some(account))
        });
        changes.audit.extend(settled);
        if settlement == Settlement::TwoPeople {
            self.note_shared_phones(&mut *tx, &[one, other], &mut changes).await?;
        }
        commit(tx, changes).await?;
        Ok(id)
    }

    /// The plan for the accounts there are. What is found of hashes that differ stays in `alike`.
    async fn plan(&self, tx: &mut dyn Tx, alike: &mut Alike) -> Result<MergePlan, StoreError> {
        let mut accounts = tx.mergeable_accounts().await?;
        if self.inner.vault.has_several_lookups() {
            self.hash_alike(tx, &mut accounts, alike).await?;
        }
        let kept_apart = tx.kept_apart(None).await?;
        let rows: Vec<_> = accounts
            .iter()
            .map(|known| PlanRow {
                account: known.account,
                school: known.school,
                person: known.person,
                snils: known.snils,
                name: &known.name,
                birth_date: known.birth_date,
            })
            .collect();
        Ok(plan_merges(&rows, &kept_apart))
    }

    /// Hashes every СНИЛС with one key: while several are in use, what schools keep of one number may
    /// differ. One that does not open stays as it is written. What a hash is alike to never changes, so
    /// that only schools with a new one are gone through.
    async fn hash_alike(
        &self,
        tx: &mut dyn Tx,
        accounts: &mut [MergeableAccount],
        alike: &mut Alike,
    ) -> Result<(), StoreError> {
        let is_new =
            |known: &&MergeableAccount| known.snils.is_some_and(|key| !alike.contains_key(&key));
        let schools: BTreeSet<SchoolId> =
            accounts.iter().filter(is_new).map(|known| known.school).collect();
        for school in schools {
            for stored in tx.registry(school).await?.accounts {
                if let Ok(Some(snils)) = self.open_snils(&stored) {
                    let now = self.snils_key(snils);
                    alike.extend(self.snils_keys(snils).into_iter().map(|key| (key, now)));
                }
            }
        }
        for known in accounts {
            if let Some(key) = &mut known.snils {
                *key = alike.get(key).copied().unwrap_or(*key);
            }
        }
        Ok(())
    }

    /// The account as which somebody is an operator of the region; none at the console.
    async fn operator(
        &self,
        tx: &mut dyn Tx,
        by: Actor<'_>,
    ) -> Result<Option<(SchoolId, AccountId)>, MergeError> {
        let Actor::Session(session) = by else { return Ok(None) };
        for grant in session.open() {
            let today = self.at(self.school_zone(tx, grant.school).await?).date;
            for member in tx.members(&[(grant.school, grant.account)]).await? {
                let staff = staff_facts(&member, today);
                let now = Standing { staff: staff.as_ref(), ..Standing::default() };
                let roles = viewers(grant, now, self.inner.policy.rules_on(today));
                if may(&roles, &Sight::Merge, today).is_ok() {
                    return Ok(Some((grant.school, grant.account)));
                }
            }
        }
        Err(AccessError::NotAllowed.into())
    }

    /// Notes that somebody looked, before they are told anything.
    async fn note_look(
        &self,
        action: &str,
        actor: Option<(SchoolId, AccountId)>,
    ) -> Result<(), StoreError> {
        self.note(vec![self.audit_entry(action, "done", actor, None)]).await
    }

    /// Moves accounts and remembers it, to be undone.
    pub(super) fn carry_out(
        &self,
        moves: Vec<AccountMove>,
        actor: Option<(SchoolId, AccountId)>,
        action: &str,
        changes: &mut Changes,
    ) -> MergeId {
        let id = MergeId(self.inner.ambient.new_id());
        changes.merges.push(MergeRow {
            id,
            at: self.inner.ambient.now(),
            actor: actor.map(|(_, account)| account),
            undone_at: None,
            moves: moves.clone(),
        });
        self.move_accounts(moves, actor, action, changes);
        id
    }

    /// Moves accounts, ends the sessions of both persons, and notes each account in the audit of
    /// its school.
    fn move_accounts(
        &self,
        moves: Vec<AccountMove>,
        actor: Option<(SchoolId, AccountId)>,
        action: &str,
        changes: &mut Changes,
    ) {
        let people: BTreeSet<PersonId> =
            moves.iter().flat_map(|step| [step.from, step.into]).collect();
        changes.ended_people.extend(people);
        changes.audit.extend(moves.iter().map(|step| AuditEntry {
            school: Some(step.school),
            ..self.audit_entry(action, "moved", actor, Some(step.account))
        }));
        changes.moves.extend(moves);
    }
}

/// Whether every account is still whose it became, and nobody who would part has one that was
/// entered since. What is `held` is by person, school and account.
fn may_part(merge: &MergeRow, held: &[(PersonId, SchoolId, AccountId)]) -> Result<(), MergeError> {
    let moved: BTreeSet<_> =
        merge.moves.iter().map(|step| (step.into, step.school, step.account)).collect();
    if held.iter().filter(|membership| moved.contains(membership)).count() != moved.len() {
        return Err(MergeError::MovedSince);
    }
    // Identifiers grow with the time they are made at.
    let mut later = held.iter().filter(|(_, _, account)| account.0 > merge.id.0);
    match later.find(|membership| !moved.contains(membership)) {
        Some((_, school, account)) => {
            Err(MergeError::EnteredSince { school: *school, account: *account })
        }
        None => Ok(()),
    }
}

/// The accounts that go back to another person than one stays with, or goes to, that they stand with
/// in one school. What is `held` is by person, school and account.
fn parting_in_a_school(
    moves: &[AccountMove],
    held: &[(PersonId, SchoolId, AccountId)],
) -> Vec<(SchoolId, AccountId)> {
    let mut together: BTreeMap<(PersonId, SchoolId), u32> = BTreeMap::new();
    for (person, school, _) in held {
        *together.entry((*person, *school)).or_default() += 1;
    }
    let several = |step: &&AccountMove| {
        together.get(&(step.into, step.school)).is_some_and(|accounts| *accounts > 1)
    };
    moves.iter().filter(several).map(|step| (step.school, step.account)).collect()
}

/// Each account that goes back, with the ones of other persons that it stood with. Whom a person
/// stands for is read once, however many of its accounts go back.
async fn parted(tx: &mut dyn Tx, moves: &[AccountMove]) -> Result<Vec<KeptApart>, StoreError> {
    let former: BTreeMap<AccountId, PersonId> =
        moves.iter().map(|step| (step.account, step.from)).collect();
    let mut together: BTreeMap<PersonId, Vec<(SchoolId, AccountId)>> = BTreeMap::new();
    let mut parted = Vec::new();
    for step in moves {
        let others = match together.entry(step.into) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(tx.accounts_of(&[step.into]).await?),
        };
        let apart = others.iter().map(|(_, other)| *other);
        let apart = apart.filter(|other| former.get(other) != Some(&step.from));
        parted.extend(apart.map(|other| KeptApart { one: step.account, other }));
    }
    Ok(parted)
}

/// What was settled of accounts of one side and the other.
pub(super) async fn between(
    tx: &mut dyn Tx,
    ours: &[(SchoolId, AccountId)],
    theirs: &[(SchoolId, AccountId)],
) -> Result<Vec<KeptApart>, StoreError> {
    let known = |side: &[(SchoolId, AccountId)]| -> BTreeSet<AccountId> {
        side.iter().map(|(_, account)| *account).collect()
    };
    let ids: Vec<AccountId> = theirs.iter().map(|(_, account)| *account).collect();
    let (ours, theirs) = (known(ours), known(theirs));
    let mut said = tx.kept_apart(Some(&ids)).await?;
    said.retain(|apart| {
        ours.contains(&apart.one) && theirs.contains(&apart.other)
            || ours.contains(&apart.other) && theirs.contains(&apart.one)
    });
    Ok(said)
}
