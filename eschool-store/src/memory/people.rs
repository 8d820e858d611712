//! Loads of people: schools, registries, members, and who holds a key.

use std::collections::BTreeSet;

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    journal::{Stay, SubgroupMembership},
    people::{Guardianship, School},
};

use super::state::{SchoolState, State};
use crate::{
    backend::{AsParent, Child, Claim, Credential, DiaryCover, Member, Registry, SchoolClass},
    secret::KeyHash,
};

impl State {
    pub(super) fn schools_by_name(&self) -> Vec<School> {
        let mut schools: Vec<School> = self.schools.values().cloned().collect();
        // Stable, so that schools of one name keep the order of identifiers.
        schools.sort_by(|a, b| a.name.cmp(&b.name));
        schools
    }

    pub(super) fn cover(
        &self,
        id: SchoolId,
        pupil: AccountId,
        parent: Option<AsParent<'_>>,
    ) -> Option<DiaryCover> {
        let school = self.school(id);
        let stays = school.stays_of(Some(pupil));
        let account = school.accounts.get(&pupil)?;
        let mut classes = school.classes_by_name();
        classes.retain(|class| stays.iter().any(|stay| stay.class == class.id));
        Some(DiaryCover {
            school: self.schools.get(&id)?.clone(),
            name: account.name.clone(),
            birth_date: account.birth_date,
            stays,
            classes,
            terms: school.frame.terms.clone(),
            grading: school.grading,
            archives: school.year_archives.values().map(|row| (row.year, row.state)).collect(),
            bonds: parent.map(|parent| school.bonds_of(parent, pupil)).unwrap_or_default(),
        })
    }

    pub(super) fn registry(&self, id: SchoolId) -> Registry {
        let school = self.school(id);
        Registry {
            classes: school.classes_by_name(),
            accounts: school.accounts.values().cloned().collect(),
            claims: self.claims.values().filter(|claim| claim.school == id).cloned().collect(),
            stays: school.stays_of(None),
            subgroups: school.subgroups_of(None),
            guardianships: school.guardianships.values().cloned().collect(),
            staff: school.staff.values().cloned().collect(),
            duties: school.duties.values().cloned().collect(),
            refused_rows: school.refused_rows.values().cloned().collect(),
        }
    }

    pub(super) fn claims_of(&self, keys: &[KeyHash]) -> Vec<Claim> {
        let keys: BTreeSet<&KeyHash> = keys.iter().collect();
        self.claims.values().filter(|claim| keys.contains(&claim.key)).cloned().collect()
    }

    pub(super) fn memberships_of(
        &self,
        people: &[PersonId],
    ) -> Vec<(PersonId, SchoolId, AccountId)> {
        let theirs = self.memberships.iter().filter(|(person, ..)| people.contains(person));
        theirs.copied().collect()
    }

    pub(super) fn members(&self, accounts: &[(SchoolId, AccountId)]) -> Vec<Member> {
        accounts
            .iter()
            .filter_map(|(school, account)| self.school(*school).member(*account))
            .collect()
    }

    pub(super) fn credentials_by_login(&self, school: SchoolId) -> Vec<Credential> {
        let mut cards: Vec<Credential> =
            self.credentials.values().filter(|card| card.school == school).cloned().collect();
        cards.sort_by(|a, b| a.login.cmp(&b.login));
        cards
    }
}

impl SchoolState {
    pub(super) fn classes_by_name(&self) -> Vec<SchoolClass> {
        let mut classes: Vec<SchoolClass> = self.classes.values().cloned().collect();
        // By the text of the name, as a database compares it: «10А» stands before «7А».
        classes.sort_by_key(|class| (class.year, class.name.to_string()));
        classes
    }

    /// The stays of one pupil, or of all.
    pub(super) fn stays_of(&self, pupil: Option<AccountId>) -> Vec<Stay> {
        let mut stays: Vec<Stay> =
            self.stays.values().filter(|s| pupil.is_none_or(|id| s.pupil == id)).copied().collect();
        stays.sort_by_key(|stay| (stay.pupil, stay.from, stay.class));
        stays
    }

    /// The memberships of one pupil, or of all.
    pub(super) fn subgroups_of(&self, pupil: Option<AccountId>) -> Vec<SubgroupMembership> {
        let mut memberships: Vec<SubgroupMembership> = self
            .subgroups
            .values()
            .filter(|m| pupil.is_none_or(|id| m.pupil == id))
            .cloned()
            .collect();
        // Stable, so that those of one class and day keep the order of subjects.
        memberships.sort_by_key(|m| (m.pupil, m.from, m.class));
        memberships
    }

    /// The bonds that any account of an adult has with a pupil.
    fn bonds_of(&self, parent: AsParent<'_>, pupil: AccountId) -> Vec<Guardianship> {
        if parent.accounts.is_empty() {
            return Vec::new();
        }
        let person_of = |id: &AccountId| self.accounts.get(id).map(|account| account.person);
        let mut people: BTreeSet<_> = parent.accounts.iter().filter_map(person_of).collect();
        people.insert(parent.person);
        let is_theirs = |id| person_of(id).is_some_and(|person| people.contains(&person));
        let bonds = self.guardianships.values();
        bonds.filter(|bond| bond.child == pupil && is_theirs(&bond.parent)).cloned().collect()
    }

    fn member(&self, id: AccountId) -> Option<Member> {
        let account = self.accounts.get(&id)?.clone();
        let children = self
            .guardianships
            .values()
            .filter(|bond| bond.parent == id)
            .map(|bond| {
                let account = self.accounts.get(&bond.child);
                Child {
                    guardianship: bond.clone(),
                    birth_date: account.and_then(|account| account.birth_date),
                    stays: self.stays_of(Some(bond.child)),
                }
            })
            .collect();
        let posts = self.staff.values().filter(|post| post.account == id).cloned().collect();
        let duties = self.duties.values().filter(|row| row.account == id).cloned().collect();
        Some(Member { account, stays: self.stays_of(Some(id)), children, posts, duties })
    }
}
