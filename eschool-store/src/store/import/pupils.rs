//! pupils.csv: people and their stays in classes.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId},
    journal::{ListedStay, Stay, SubgroupMembership},
    people::AccountEntry,
};

use super::{
    ImportError,
    registry::{Registrar, Stop},
};
use crate::{
    backend::Backend,
    exchange::{FileKind, Person, PupilCells, RowError, Sheet},
};

/// On which days the stays of the database begin, by pupil and class.
pub(super) struct FirstDays(HashMap<(AccountId, ClassId), Vec<NaiveDate>>);

impl FirstDays {
    pub(super) fn new(stays: &[Stay]) -> Self {
        let mut days: HashMap<_, Vec<_>> = HashMap::with_capacity(stays.len());
        for stay in stays {
            days.entry((stay.pupil, stay.class)).or_default().push(stay.from);
        }
        Self(days)
    }

    fn of(&self, pupil: AccountId, class: ClassId) -> &[NaiveDate] {
        self.0.get(&(pupil, class)).map_or(&[], Vec::as_slice)
    }
}

impl<B: Backend> Registrar<'_, B> {
    /// Takes the pupils in: a person by СНИЛС, else by name and birth date; two rows of one person
    /// are two stays. Of two rows with one class and first day the later one says the last day, if
    /// it tells one.
    pub(super) fn take_pupils(&mut self, mut sheet: Sheet<'_>) -> Result<(), ImportError> {
        self.refused.begin(FileKind::Pupils);
        let today = self.store.today(self.school);
        let (mut people, mut classes) = (HashSet::new(), HashSet::new());
        while let Some(row) = sheet.next_row()? {
            self.refused.see(FileKind::Pupils, &row);
            let outcome = self.pupil(PupilCells(row), today).map(|stay| {
                people.insert(stay.pupil);
                classes.insert(stay.class);
            });
            let good = self.note(row, outcome)?;
            self.report.counts.pupil_rows += u32::from(good);
        }
        self.report.counts.pupils = u32::try_from(people.len()).unwrap_or(u32::MAX);
        self.report.counts.classes = u32::try_from(classes.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    fn pupil(&mut self, cells: PupilCells<'_>, today: NaiveDate) -> Result<Stay, Stop> {
        let person = cells.person()?;
        let birth_date = person.birth_date(today)?;
        let usual = self.first_of_september();
        let listed = self.listed(cells, usual)?;
        let snils = person.snils()?;
        let class_name = cells.class()?;
        let name = person.name()?;
        let email = cells.email()?;
        let entry = AccountEntry { name, birth_date, snils, phone: None, email };

        let (stays, first_days) = (&self.stays, &self.first_days);
        let first_day = |pupil, class| listed.first_day(first_days.of(pupil, class), usual);
        let class = self.classes.get(&class_name);
        let found = self.people.find(&entry, |account| {
            let key = |class| (account, class, first_day(account, class));
            class.is_some_and(|class| stays.get(&key(class)).is_some())
        })?;
        let conflict = || cells.0.refuse(Person::SNILS, &RowError::SnilsConflict);
        let number = self.people.take(entry, &found).ok_or_else(conflict)?;
        let pupil = self.people.id(number).ok_or_else(conflict)?;
        let class = self.classes.get_or_make(&class_name, &self.store.inner.ambient);
        let from = first_day(pupil, class);
        let key = (pupil, class, from);
        let to = listed.last_day(self.stays.get(&key).and_then(|stay| stay.to));
        let stay = Stay { pupil, class, from, to };
        self.spoken_of.insert((FileKind::Pupils, class));
        self.says_parts |= cells.says_parts();
        if !found.is_sure() {
            self.kept_back.keep(FileKind::Pupils, class);
            return Ok(stay);
        }
        self.stays.put(key, stay);
        if let Some(subgroup) = cells.subgroup() {
            let key = (pupil, class, None, from);
            // A part may end before the stay does.
            let to = listed.last_day(self.parts.get(&key).and_then(|part| part.to).or(to));
            let part = SubgroupMembership { pupil, class, subject: None, subgroup, from, to };
            self.parts.put(key, part);
        }
        Ok(stay)
    }

    /// What a row says of its stay. Only files that replace what is there say by an empty cell that
    /// a stay goes on: it may have been ended since they were written.
    fn listed(&self, cells: PupilCells<'_>, usual: NaiveDate) -> Result<ListedStay, Stop> {
        let (from, to) = (cells.from()?, cells.to()?);
        if let Some(Some(to)) = to {
            DateRange::new(from.unwrap_or(usual), to).map_err(|error| cells.refuse_end(&error))?;
        }
        let goes_on = self.replace && to.is_some();
        Ok(ListedStay { from, to: to.flatten(), goes_on })
    }

    /// On which pupils come where nobody says another day.
    fn first_of_september(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.classes.year(), 9, 1).unwrap_or(NaiveDate::MIN)
    }
}
