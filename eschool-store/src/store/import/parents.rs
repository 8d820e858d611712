//! parents.csv: parents, each in as many rows as there are children.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::MobilePhone,
    journal::ClassName,
    people::{AccountEntry, Discrepancy, Guardianship, Kinship, MandatoryField},
};
use uuid::Uuid;

use super::{
    ImportError,
    people::{Found, Number},
    pupil_index::PupilIndex,
    registry::{Registrar, Stop},
};
use crate::{
    backend::Backend,
    exchange::{
        Differing, FileKind, Incomplete, ParentCells, Person, RowError, SeveralChildren, Sheet,
    },
};

/// What the rows say of each parent, for the report.
#[derive(Default)]
pub(super) struct Families {
    parents: HashMap<Number, Parent>,
    /// On which line a phone is first that stands in an account.
    phones: HashMap<(Number, MobilePhone), u32>,
}

struct Parent {
    first_line: u32,
    children: Vec<(AccountId, ClassName)>,
}

impl<B: Backend> Registrar<'_, B> {
    /// Takes the parents in. A row binds a parent and a child who is or was in the class it names
    /// this year.
    pub(super) fn take_parents(
        &mut self,
        mut sheet: Sheet<'_>,
        pupils: &PupilIndex,
    ) -> Result<Families, ImportError> {
        self.refused.begin(FileKind::Parents);
        let today = self.store.today(self.school);
        let mandatory = self.store.policy().rules_on(today).mandatory.clone();
        let mut families = Families::default();
        while let Some(row) = sheet.next_row()? {
            self.refused.see(FileKind::Parents, &row);
            let outcome = self.parent(ParentCells(row), pupils, &mandatory, today, &mut families);
            self.note(row, outcome)?;
            self.report.counts.parent_rows += 1;
        }
        Ok(families)
    }

    fn parent(
        &mut self,
        cells: ParentCells<'_>,
        pupils: &PupilIndex,
        mandatory: &[MandatoryField],
        today: NaiveDate,
        families: &mut Families,
    ) -> Result<(), Stop> {
        let line = cells.0.line;
        let person = cells.person()?;
        let birth_date = person.birth_date(today)?;
        let snils = person.snils()?;
        let (phone, several_phones) =
            person.phone()?.map_or((None, false), |(phone, several)| (Some(phone), several));
        let (class_name, class) = cells.class(|name| self.classes.get(name))?;
        let child =
            pupils.child(cells.child()?, class).map_err(|error| cells.refuse_child(error))?;
        let entry = AccountEntry { name: person.name()?, birth_date, snils, phone, email: None };

        let found =
            self.people.find(&entry, |account| self.bonds.get(&(account, child)).is_some())?;
        let missing = missing(&entry, mandatory);
        let conflict = || Stop::Conflict(cells.0.refuse(Person::SNILS, &RowError::SnilsConflict));
        let number = self.people.take(entry, &found).ok_or_else(conflict)?;
        let parent = self.people.id(number).ok_or_else(conflict)?;
        self.spoken_of.insert((FileKind::Parents, class));
        if found.is_sure() {
            self.bind(parent, child, cells.kinship());
        } else {
            self.kept_back.keep(FileKind::Parents, class);
        }

        self.report
            .incomplete
            .extend(missing.into_iter().map(|missing| Incomplete { line, missing }));
        let mut differing = match found {
            Found::Joins { discrepancies, .. } => discrepancies,
            Found::New | Found::Conflict => Vec::new(),
        };
        if several_phones && !differing.contains(&Discrepancy::Phone) {
            differing.push(Discrepancy::Phone);
        }
        self.report
            .discrepancies
            .extend(differing.into_iter().map(|field| Differing { line, field }));
        if person.has_latin_look_alikes() {
            self.report.latin_look_alikes.push(line);
        }
        if let Some(phone) = phone.filter(|phone| self.people.phone(number) == Some(*phone)) {
            families.phones.entry((number, phone)).or_insert(line);
        }
        let new = || Parent { first_line: line, children: Vec::new() };
        let parent = families.parents.entry(number).or_insert_with(new);
        if !parent.children.iter().any(|(known, _)| *known == child) {
            parent.children.push((child, class_name));
        }
        Ok(())
    }

    /// A bond that is there keeps its days and whether it is barred; of two rows of one file about
    /// one pair the first says the kinship.
    fn bind(&mut self, parent: AccountId, child: AccountId, kinship: Option<Kinship>) {
        let key = (parent, child);
        if self.bonds.is_seen(&key) {
            return;
        }
        let bond = match self.bonds.get(&key).cloned() {
            Some(bond) => Guardianship { kinship: kinship.unwrap_or(bond.kinship), ..bond },
            None => Guardianship {
                parent,
                child,
                kinship: kinship.unwrap_or_else(|| Kinship::of_cell("")),
                legal_representative: None,
                from: None,
                until: None,
                barred: false,
            },
        };
        self.bonds.put(key, bond);
    }

    /// Tells of families, once everybody is in: a parent's phone may be a teacher's as well.
    pub(super) fn report_families(&mut self, families: Families) {
        let new = families.parents.keys().filter(|number| self.people.is_new(**number)).count();
        self.report.accounts_created = u32::try_from(new).unwrap_or(u32::MAX);
        self.report.families_with_several_children = joined_children(&families);
        self.report.shared_phones = self.shared_phones(&families);
        let several = families.parents.into_values().filter(|parent| parent.children.len() > 1);
        let mut several: Vec<_> = several
            .map(|parent| SeveralChildren {
                parent_line: parent.first_line,
                children: self.children_texts(parent.children),
            })
            .collect();
        several.sort_unstable_by_key(|several| several.parent_line);
        self.report.several_children = several;
    }

    fn children_texts(&self, children: Vec<(AccountId, ClassName)>) -> Vec<String> {
        let mut named: Vec<_> = children
            .into_iter()
            .filter_map(|(child, class)| Some((self.people.name_of(child)?, class)))
            .collect();
        named.sort_by_cached_key(|(name, class)| (name.folded(), class.clone()));
        named.into_iter().map(|(name, class)| format!("{name}, {class}")).collect()
    }

    /// Phones that more than one account of the school holds, in the order in which the rows bring
    /// a second holder.
    fn shared_phones(&self, families: &Families) -> Vec<Vec<u32>> {
        let mut lines: HashMap<MobilePhone, BTreeSet<u32>> = HashMap::new();
        for ((_, phone), line) in &families.phones {
            if self.people.holders(*phone) > 1 {
                lines.entry(*phone).or_default().insert(*line);
            }
        }
        let mut shared: Vec<Vec<u32>> =
            lines.into_values().map(|lines| lines.into_iter().collect()).collect();
        shared
            .sort_unstable_by_key(|lines| (lines.get(1).or(lines.first()).copied(), lines.clone()));
        shared
    }
}

/// What of the mandatory a row lacks; other rows of the same parent may have it.
fn missing(entry: &AccountEntry, mandatory: &[MandatoryField]) -> Vec<MandatoryField> {
    let nobody = Uuid::nil();
    let account = entry.clone().into_account(AccountId(nobody), SchoolId(nobody), PersonId(nobody));
    account.missing(mandatory)
}

/// How many groups of two and more children there are whom common parents join.
fn joined_children(families: &Families) -> u32 {
    let mut heads: HashMap<AccountId, AccountId> = HashMap::new();
    let head_of = |heads: &mut HashMap<AccountId, AccountId>, child: AccountId| {
        let mut head = child;
        while let Some(next) = heads.get(&head).copied().filter(|next| *next != head) {
            head = next;
        }
        heads.insert(child, head);
        head
    };
    let several = || families.parents.values().filter(|parent| parent.children.len() > 1);
    for parent in several() {
        let mut children = parent.children.iter().map(|(child, _)| *child);
        let Some(first) = children.next() else { continue };
        for child in children {
            let (one, other) = (head_of(&mut heads, first), head_of(&mut heads, child));
            heads.insert(other, one);
        }
    }
    let children: HashSet<_> =
        several().flat_map(|parent| parent.children.iter().map(|(child, _)| *child)).collect();
    let groups: HashSet<_> = children.into_iter().map(|child| head_of(&mut heads, child)).collect();
    u32::try_from(groups.len()).unwrap_or(u32::MAX)
}
