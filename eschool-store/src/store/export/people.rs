//! pupils, parents, staff.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId},
    identity::{FullName, Patronymic},
    journal::{ClassName, Stay},
    people::{Account, Kinship},
};

use super::{
    Export, ExportError, Files,
    rows::{Rows, date, maybe_date, text},
};
use crate::{
    backend::{Backend, Registry},
    exchange::FileKind,
    store::{Store, StoreError},
};

/// The people of a school in one year, with what is sealed opened.
pub(super) struct People<'a> {
    export: &'a Export<'a>,
    registry: &'a Registry,
    today: NaiveDate,
    accounts: HashMap<AccountId, Account>,
    /// The stays of the year, by pupil, from the first to the last.
    stays: BTreeMap<AccountId, Vec<Stay>>,
}

impl<'a> People<'a> {
    pub(super) fn open<B: Backend>(
        store: &Store<B>,
        registry: &'a Registry,
        export: &'a Export<'a>,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let accounts = registry
            .accounts
            .iter()
            .map(|stored| store.open_account(stored).map(|account| (account.id, account)));
        let accounts = accounts.collect::<Result<_, _>>()?;
        Ok(Self { export, registry, today, accounts, stays: export.stays() })
    }

    pub(super) fn write(&self, files: &mut Files) -> Result<(), ExportError> {
        files.put(FileKind::Pupils, self.pupils())?;
        files.put(FileKind::Parents, self.parents())?;
        files.put(FileKind::Staff, self.staff())
    }

    fn pupils(&self) -> impl Iterator<Item = [String; 10]> {
        let mut rows = Rows::new();
        let parts = self.registry.subgroups.iter().filter(|part| part.subject.is_none());
        let parts: HashMap<_, _> =
            parts.map(|part| ((part.pupil, part.class, part.from), &part.subgroup)).collect();
        for (pupil, stay) in
            self.stays.iter().flat_map(|(p, stays)| stays.iter().map(move |s| (p, s)))
        {
            let (Some(account), Some(class)) =
                (self.accounts.get(pupil), self.export.classes.get(&stay.class))
            else {
                continue;
            };
            let [family, given, patronymic, born, snils, _] = cells_of(account);
            let part = parts.get(&(stay.pupil, stay.class, stay.from));
            let cells = [
                class.to_string(),
                family,
                given,
                patronymic,
                born,
                snils,
                text(account.email.as_ref()),
                date(stay.from),
                maybe_date(stay.to),
                text(part),
            ];
            rows.push((*class, account.name.to_string(), stay.from, cells.clone()), cells);
        }
        rows.in_order()
    }

    /// A row each bond that holds or will; the child stands in a class where no other is called so.
    fn parents(&self) -> impl Iterator<Item = [String; 9]> {
        let mut rows = Rows::new();
        let mut namesakes: HashMap<(ClassId, String), Vec<AccountId>> = HashMap::new();
        for stay in self.stays.values().flatten() {
            if let Some(name) = self.export.names.get(&stay.pupil) {
                let there = namesakes.entry((stay.class, name.folded())).or_default();
                if !there.contains(&stay.pupil) {
                    there.push(stay.pupil);
                }
            }
        }
        let is_alone = |stay: &&Stay, name: &FullName| {
            namesakes.get(&(stay.class, name.folded())).is_none_or(|there| there.len() == 1)
        };
        for bond in &self.registry.guardianships {
            if bond.barred || bond.until.is_some_and(|last| last < self.today) {
                continue;
            }
            let (Some(account), Some(child), Some(stays)) = (
                self.accounts.get(&bond.parent),
                self.export.names.get(&bond.child),
                self.stays.get(&bond.child),
            ) else {
                continue;
            };
            let stay = stays.iter().find(|stay| is_alone(stay, child)).or(stays.first());
            let Some(class) = stay.and_then(|stay| self.export.classes.get(&stay.class)) else {
                continue;
            };
            let kinship = match &bond.kinship {
                Kinship::Unknown(word) => word.clone(),
                known => known.text_ru().into(),
            };
            let [family, given, patronymic, born, snils, phone] = cells_of(account);
            let (child, class_cell) = (child.to_string(), class.to_string());
            let cells =
                [family, given, patronymic, born, phone, snils, kinship, child.clone(), class_cell];
            rows.push((*class, child, cells.clone()), cells);
        }
        rows.in_order()
    }

    fn staff(&self) -> impl Iterator<Item = [String; 8]> {
        let mut rows = Rows::new();
        for post in &self.registry.staff {
            let Some(account) = self.accounts.get(&post.account) else { continue };
            if post.until.is_some_and(|last| last < self.today) {
                continue;
            }
            let class: Option<&&ClassName> =
                post.class_teacher_of.and_then(|class| self.export.classes.get(&class));
            let [family, given, patronymic, born, snils, phone] = cells_of(account);
            let subject = post.subject.clone();
            let cells = [family, given, patronymic, born, phone, snils, subject, text(class)];
            rows.push(cells.clone(), cells);
        }
        rows.in_order()
    }
}

impl Export<'_> {
    /// The stays of the year, by pupil, from the first to the last.
    pub(super) fn stays(&self) -> BTreeMap<AccountId, Vec<Stay>> {
        let mut stays: BTreeMap<AccountId, Vec<Stay>> = BTreeMap::new();
        for stay in self.registry.stays.iter().filter(|stay| self.classes.contains_key(&stay.class))
        {
            stays.entry(stay.pupil).or_default().push(*stay);
        }
        for stays in stays.values_mut() {
            stays.sort_by_key(|stay| (stay.from, self.classes.get(&stay.class).copied()));
        }
        stays
    }
}

/// Family name, given name, patronymic, birth date, СНИЛС, phone.
fn cells_of(account: &Account) -> [String; 6] {
    let patronymic = match account.name.patronymic() {
        Patronymic::Given(text) => text.clone(),
        Patronymic::None => "-".into(),
        Patronymic::Missing | Patronymic::Unknown(_) => String::new(),
    };
    [
        account.name.family().into(),
        account.name.given().into(),
        patronymic,
        account.birth_date.map(|born| date(born.date())).unwrap_or_default(),
        text(account.snils),
        text(account.phone),
    ]
}
