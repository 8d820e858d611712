//! pupils.csv: people and their stays in classes.

use std::collections::HashSet;

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    journal::{Stay, SubgroupMembership},
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

impl<B: Backend> Registrar<'_, B> {
    /// Takes the pupils in: a person by СНИЛС, else by name and birth date; two rows of one person
    /// are two stays. Of two rows with one class and first day the later one says the last day.
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
        let (from, to) = self.stay_days(cells)?;
        let snils = person.snils()?;
        let class_name = cells.class()?;
        let name = person.name()?;
        let email = cells.email()?;
        let entry = AccountEntry { name, birth_date, snils, phone: None, email };

        let class = self.classes.get(&class_name);
        let found = self.people.find(&entry, |account| {
            class.is_some_and(|class| self.stays.get(&(account, class, from)).is_some())
        })?;
        let conflict = || cells.0.refuse(Person::SNILS, &RowError::SnilsConflict);
        let number = self.people.take(entry, &found).ok_or_else(conflict)?;
        let pupil = self.people.id(number).ok_or_else(conflict)?;
        let class = self.classes.get_or_make(&class_name, &self.store.inner.ambient);
        let key = (pupil, class, from);
        let to = to.unwrap_or_else(|| self.stays.get(&key).and_then(|stay| stay.to));
        let stay = Stay { pupil, class, from, to };
        self.spoken_of.insert((FileKind::Pupils, class));
        self.says_parts |= cells.says_parts();
        if !found.is_sure() {
            self.kept_back.keep(FileKind::Pupils, class);
            return Ok(stay);
        }
        self.stays.put(key, stay);
        if let Some(subgroup) = cells.subgroup() {
            let part = SubgroupMembership { pupil, class, subject: None, subgroup, from, to };
            self.parts.put((pupil, class, None, from), part);
        }
        Ok(stay)
    }

    /// The first day, which is 1 September where nobody says another, and the last one; the outer
    /// none of the last day means that the file has no such column.
    fn stay_days(
        &self,
        cells: PupilCells<'_>,
    ) -> Result<(NaiveDate, Option<Option<NaiveDate>>), Stop> {
        let year = self.classes.year();
        let first = || NaiveDate::from_ymd_opt(year, 9, 1).unwrap_or(NaiveDate::MIN);
        let from = cells.from()?.unwrap_or_else(first);
        let to = cells.to()?;
        if let Some(Some(to)) = to {
            DateRange::new(from, to).map_err(|error| cells.refuse_end(&error))?;
        }
        Ok((from, to))
    }
}
