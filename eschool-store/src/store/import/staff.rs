//! staff.csv: who teaches what, and who leads which class.

use std::collections::HashMap;

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId},
    people::{AccountEntry, StaffPost},
};

use super::{
    ImportError,
    people::Found,
    registry::{Registrar, Stop},
};
use crate::{
    backend::Backend,
    exchange::{FileKind, Person, RowError, Sheet, StaffCells},
};

/// The class that rows gave a post, if any.
type Led = HashMap<(AccountId, String), Option<ClassId>>;

impl<B: Backend> Registrar<'_, B> {
    /// Takes the staff in: a row is a post, a person may have several. Somebody who is a parent as
    /// well has one account. Who leads which class is said by files of the school's last year;
    /// older ones say it of new posts alone, unless they replace what is there.
    pub(super) fn take_staff(&mut self, mut sheet: Sheet<'_>) -> Result<(), ImportError> {
        self.refused.begin(FileKind::Staff);
        let today = self.store.today(self.school);
        let mut led = Led::new();
        while let Some(row) = sheet.next_row()? {
            self.refused.see(FileKind::Staff, &row);
            let outcome = self.member(StaffCells(row), today, &mut led);
            self.note(row, outcome)?;
        }
        Ok(())
    }

    fn member(
        &mut self,
        cells: StaffCells<'_>,
        today: NaiveDate,
        led: &mut Led,
    ) -> Result<(), Stop> {
        let person = cells.person()?;
        let birth_date = person.birth_date(today)?;
        let snils = person.snils()?;
        let phone = person.phone()?.map(|(phone, _)| phone);
        let name = person.name()?;
        let class = cells.class(|name| self.classes.get(name))?;
        let subject = cells.subject();
        let entry = AccountEntry { name, birth_date, snils, phone, email: None };

        let key = |account| (account, subject.to_owned());
        let found = self.people.find(&entry, |account| self.posts.get(&key(account)).is_some())?;
        let above = match &found {
            Found::Joins { account, .. } => {
                self.people.id(*account).and_then(|account| led.get(&key(account)).copied())
            }
            Found::New | Found::Conflict => None,
        };
        // A row above has said it: this one may add a class, not put another in its place.
        let class = match (class.flatten(), above.flatten()) {
            (Some(class), Some(above)) if class != above => {
                return Err(cells.refuse_class(RowError::PostDuplicate).into());
            }
            (said, above) => class.map(|_| said.or(above)),
        };
        let conflict = || cells.0.refuse(Person::SNILS, &RowError::SnilsConflict);
        let number = self.people.take(entry, &found).ok_or_else(conflict)?;
        let account = self.people.id(number).ok_or_else(conflict)?;
        if !found.is_sure() {
            self.keep_back(FileKind::Staff.name(), cells.0);
            return Ok(());
        }
        let key = key(account);
        let is_past = self.classes.is_past() && !self.replace && !self.posts.is_new(&key);
        let known = self.posts.get(&key);
        let class_teacher_of =
            known.map_or(class.flatten(), |post| post.led_after_list(class, is_past));
        let until = known.and_then(|post| post.until);
        let post = StaffPost { account, subject: subject.into(), class_teacher_of, until };
        led.insert(key.clone(), class.flatten());
        self.posts.put(key, post);
        Ok(())
    }
}
