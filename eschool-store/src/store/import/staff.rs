//! staff.csv: who teaches what, and who leads which class.

use chrono::NaiveDate;
use eschool_core::people::{AccountEntry, StaffPost};

use super::{
    ImportError,
    people::Found,
    registry::{Registrar, Stop},
};
use crate::{
    backend::Backend,
    exchange::{FileKind, Person, RowError, Sheet, StaffCells},
};

impl<B: Backend> Registrar<'_, B> {
    /// Takes the staff in: a row is a post, a person may have several. Somebody who is a parent as
    /// well has one account.
    pub(super) fn take_staff(&mut self, mut sheet: Sheet<'_>) -> Result<(), ImportError> {
        self.refused.begin(FileKind::Staff);
        let today = self.store.today(self.school);
        while let Some(row) = sheet.next_row()? {
            self.refused.see(FileKind::Staff, &row);
            let outcome = self.member(StaffCells(row), today);
            self.note(row, outcome)?;
        }
        Ok(())
    }

    fn member(&mut self, cells: StaffCells<'_>, today: NaiveDate) -> Result<(), Stop> {
        let person = cells.person()?;
        let birth_date = person.birth_date(today)?;
        let snils = person.snils()?;
        let phone = person.phone()?.map(|(phone, _)| phone);
        let name = person.name()?;
        let class = cells.class(|name| self.classes.get(name))?;
        let subject = cells.subject();
        let entry = AccountEntry { name, birth_date, snils, phone, email: None };

        let found = self
            .people
            .find(&entry, |account| self.posts.get(&(account, subject.to_owned())).is_some())?;
        let old = match &found {
            Found::Joins { account, .. } => self.people.id(*account).and_then(|account| {
                let key = (account, subject.to_owned());
                Some((self.posts.get(&key)?.clone(), self.posts.is_seen(&key)))
            }),
            Found::New | Found::Conflict => None,
        };
        let (class, until) = match old {
            None => (class.flatten(), None),
            // A row above has said it: this one may add a class, not put another in its place.
            Some((post, true)) => match (post.class_teacher_of, class.flatten()) {
                (Some(led), Some(class)) if led != class => {
                    return Err(cells.refuse_class(RowError::PostDuplicate).into());
                }
                (led, class) => (led.or(class), post.until),
            },
            Some((post, false)) => (class.unwrap_or(post.class_teacher_of), post.until),
        };
        let conflict = || cells.0.refuse(Person::SNILS, &RowError::SnilsConflict);
        let number = self.people.take(entry, &found).ok_or_else(conflict)?;
        let account = self.people.id(number).ok_or_else(conflict)?;
        let post = StaffPost { account, subject: subject.into(), class_teacher_of: class, until };
        if found.is_sure() {
            self.posts.put((account, subject.into()), post);
        } else {
            self.keep_back(FileKind::Staff.name(), cells.0);
        }
        Ok(())
    }
}
