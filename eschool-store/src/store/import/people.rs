//! Accounts of a school, and where the entries of its files go among them.

use std::collections::{BTreeSet, HashMap};

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::{FullName, MobilePhone, Snils, fold_name},
    people::{
        AccountEntry, Discrepancy, Namesake, Namesakes, Placement, namesakes, place, shared_phones,
    },
};

use super::known::Known;
use crate::{
    backend::{Backend, Changes, Claim, StoredAccount},
    secret::{ClaimKind, KeyHash},
    store::{Store, StoreError},
};

/// An account by its place among [`People`].
pub(super) type Number = usize;

/// The accounts of one school: those of the database and those an import makes.
pub(super) struct People<'s, B> {
    store: &'s Store<B>,
    school: SchoolId,
    known: Vec<Known>,
    by_id: HashMap<AccountId, Number>,
    by_snils: HashMap<KeyHash, Number>,
    /// By folded family and given name.
    by_name: HashMap<String, Vec<Number>>,
    /// Who holds a phone.
    by_phone: HashMap<KeyHash, Vec<Number>>,
    /// How often an account was made or filled.
    changes: usize,
    doubtful: bool,
}

/// Where an entry goes; [`People::take`] puts it there.
pub(super) enum Found {
    New,
    Joins {
        account: Number,
        discrepancies: Vec<Discrepancy>,
        /// Whether it is this account and none other; else the entry changes nothing.
        is_sure: bool,
    },
    Conflict,
}

impl Found {
    /// Whether the entry may change what hangs on its account.
    pub(super) const fn is_sure(&self) -> bool {
        !matches!(self, Self::Joins { is_sure: false, .. })
    }
}

impl<'s, B: Backend> People<'s, B> {
    pub(super) fn new(
        store: &'s Store<B>,
        school: SchoolId,
        mut accounts: Vec<StoredAccount>,
        claims: Vec<Claim>,
    ) -> Self {
        // The order of making: where several fit, the first one is taken, whatever the database.
        accounts.sort_unstable_by_key(|account| account.id);
        let mut people = Self {
            store,
            school,
            known: Vec::with_capacity(accounts.len()),
            by_id: HashMap::with_capacity(accounts.len()),
            by_snils: HashMap::with_capacity(accounts.len()),
            by_name: HashMap::with_capacity(accounts.len()),
            by_phone: HashMap::with_capacity(accounts.len()),
            changes: 0,
            doubtful: false,
        };
        for account in accounts {
            people.push(Known::Sealed(account));
        }
        for claim in claims {
            let Some(number) = people.by_id.get(&claim.account).copied() else { continue };
            match claim.kind {
                ClaimKind::Snils => drop(people.by_snils.entry(claim.key).or_insert(number)),
                ClaimKind::Phone => people.by_phone.entry(claim.key).or_default().push(number),
                ClaimKind::Email | ClaimKind::EsiaId | ClaimKind::Login => {}
            }
        }
        people
    }

    fn push(&mut self, known: Known) -> Number {
        let number = self.known.len();
        self.by_id.insert(known.id(), number);
        self.by_name.entry(name_key(known.name())).or_default().push(number);
        self.known.push(known);
        number
    }

    /// Where an entry goes: by СНИЛС, else by name and birth date.
    ///
    /// `is_near` tells whether an account stands where the entry would stand: a parent of the same
    /// child, a pupil of the same class, a teacher of the same subject. Where a birth date is
    /// missing, an account of the same name is the same person only if it is near: a name alone
    /// joins nobody.
    pub(super) fn find(
        &mut self,
        entry: &AccountEntry,
        is_near: impl Fn(AccountId) -> bool,
    ) -> Result<Found, StoreError> {
        let by_snils = entry.snils.and_then(|snils| self.holder(snils));
        let (number, is_sure) = match by_snils {
            Some(number) => (Some(number), true),
            None => match self.namesakes(entry, is_near) {
                Namesakes::One { key, is_doubtful } => {
                    self.doubtful |= is_doubtful;
                    (Some(key), true)
                }
                Namesakes::Several(numbers) => {
                    self.doubtful = true;
                    (numbers.first().copied(), false)
                }
                Namesakes::Nobody { is_doubtful } => {
                    self.doubtful |= is_doubtful;
                    (None, true)
                }
            },
        };
        let Some(number) = number else { return Ok(Found::New) };
        self.open(number)?;
        let account = self.known.get(number).and_then(Known::account);
        let placement = match by_snils {
            Some(_) => place(entry, account, []),
            None => place(entry, None, account),
        };
        Ok(match placement {
            Placement::New => Found::New,
            Placement::Conflict { .. } | Placement::Several { .. } => Found::Conflict,
            Placement::Joins { discrepancies, .. } => {
                Found::Joins { account: number, discrepancies, is_sure }
            }
        })
    }

    /// Whom an entry without a known СНИЛС means among those of its name, in the order of making.
    fn namesakes(
        &self,
        entry: &AccountEntry,
        is_near: impl Fn(AccountId) -> bool,
    ) -> Namesakes<Number> {
        let numbers = self.by_name.get(&name_key(&entry.name)).map_or(&[][..], Vec::as_slice);
        let known = numbers.iter().filter_map(|number| {
            let known = self.known.get(*number)?;
            Some(Namesake {
                key: *number,
                name: known.name(),
                birth_date: known.birth_date(),
                has_snils: known.has_snils(),
                is_near: is_near(known.id()),
            })
        });
        namesakes(entry, known)
    }

    /// Who holds a СНИЛС; of several the first that was made.
    fn holder(&self, snils: Snils) -> Option<Number> {
        let keys = self.store.snils_keys(snils);
        keys.iter().filter_map(|key| self.by_snils.get(key)).min().copied()
    }

    fn open(&mut self, number: Number) -> Result<(), StoreError> {
        if let Some(known) = self.known.get_mut(number)
            && let Known::Sealed(sealed) = known
        {
            let account = self.store.open_account(sealed)?;
            *known = Known::Open { account, differs: false, is_new: false };
        }
        Ok(())
    }

    /// Puts an entry where it was found to go: a new account, or what was missing in the one there.
    /// None for a conflict, which changes nothing.
    pub(super) fn take(&mut self, entry: AccountEntry, found: &Found) -> Option<Number> {
        match found {
            Found::New => Some(self.make(entry)),
            Found::Joins { account, discrepancies, is_sure } => {
                if *is_sure {
                    self.fill(*account, &entry, discrepancies);
                }
                Some(*account)
            }
            Found::Conflict => None,
        }
    }

    fn make(&mut self, entry: AccountEntry) -> Number {
        let ambient = &self.store.inner.ambient;
        let (id, person) = (AccountId(ambient.new_id()), PersonId(ambient.new_id()));
        let account = entry.into_account(id, self.school, person);
        let (snils, phone) = (account.snils, account.phone);
        let number = self.push(Known::Open { account, differs: true, is_new: true });
        self.changes += 1;
        if let Some(snils) = snils {
            self.by_snils.entry(self.store.snils_key(snils)).or_insert(number);
        }
        if let Some(phone) = phone {
            self.by_phone.entry(self.store.phone_key(phone)).or_default().push(number);
        }
        number
    }

    fn fill(&mut self, number: Number, entry: &AccountEntry, discrepancies: &[Discrepancy]) {
        let Some(Known::Open { account, differs, .. }) = self.known.get_mut(number) else { return };
        let (had_snils, had_phone) = (account.snils.is_some(), account.phone.is_some());
        let filled = account.fill(entry, discrepancies);
        self.changes += filled;
        *differs |= filled > 0;
        if let Some(snils) = account.snils.filter(|_| !had_snils) {
            self.by_snils.entry(self.store.snils_key(snils)).or_insert(number);
        }
        if let Some(phone) = account.phone.filter(|_| !had_phone) {
            self.by_phone.entry(self.store.phone_key(phone)).or_default().push(number);
        }
    }

    /// How often an account was made or filled so far.
    pub(super) const fn changes(&self) -> usize {
        self.changes
    }

    /// Whether an entry was placed that may go elsewhere now that all rows are in; asked once.
    pub(super) const fn take_doubt(&mut self) -> bool {
        std::mem::replace(&mut self.doubtful, false)
    }

    pub(super) fn id(&self, number: Number) -> Option<AccountId> {
        self.known.get(number).map(Known::id)
    }

    /// Whether the import made the account.
    pub(super) fn is_new(&self, number: Number) -> bool {
        matches!(self.known.get(number), Some(Known::Open { is_new: true, .. }))
    }

    pub(super) fn name_of(&self, account: AccountId) -> Option<&FullName> {
        self.by_id.get(&account).and_then(|number| self.known.get(*number)).map(Known::name)
    }

    /// The account's phone; known of accounts an entry was placed in.
    pub(super) fn phone(&self, number: Number) -> Option<MobilePhone> {
        self.known.get(number)?.account()?.phone
    }

    /// How many hold a phone.
    pub(super) fn holders(&self, phone: MobilePhone) -> usize {
        let keys = self.store.phone_keys(phone);
        keys.iter().filter_map(|key| self.by_phone.get(key)).map(Vec::len).sum()
    }

    /// Phones that two people of the school have.
    pub(super) fn shared_phones(&mut self) -> BTreeSet<MobilePhone> {
        // Two keys may be of one phone, while the lookup key is changed.
        let is_rotating = self.store.inner.vault.has_several_lookups();
        let several = |holders: &&Vec<Number>| holders.len() > 1 || is_rotating;
        let held: BTreeSet<Number> =
            self.by_phone.values().filter(several).flatten().copied().collect();
        let mut rows = Vec::with_capacity(held.len());
        for number in held {
            // What does not open is told of elsewhere, and holds up nobody here.
            if self.open(number).is_err() {
                continue;
            }
            let account = self.known.get(number).and_then(Known::account);
            rows.extend(account.and_then(|account| Some((account.phone?, account.person))));
        }
        shared_phones(rows).into_iter().collect()
    }

    /// Puts accounts that are new or were filled into the changes, with all their keys.
    pub(super) fn finish(self, changes: &mut Changes) -> Result<(), StoreError> {
        for known in self.known {
            let Known::Open { account, differs: true, .. } = known else { continue };
            let (stored, claims) = self.store.seal_account(&account)?;
            changes.accounts.push(stored);
            changes.claims.extend(claims);
        }
        Ok(())
    }
}

fn name_key(name: &FullName) -> String {
    let mut key = fold_name(name.family());
    key.push('\0');
    key.push_str(&fold_name(name.given()));
    key
}
