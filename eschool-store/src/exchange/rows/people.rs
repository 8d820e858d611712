//! Pupils, parents, staff.
//!
//! These rows are read cell by cell in the order in which errors count, for who a parent's child is
//! stands between the phone and the rest.

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRangeError,
    error::MaskedNumber,
    identity::{
        BirthDate, Email, FullName, MobilePhone, NamePart, PhoneError, Snils, has_latin_look_alikes,
    },
    journal::{ClassName, Subgroup},
    people::Kinship,
};

use super::date;
use crate::exchange::{
    Refused, Row, RowError,
    columns::{Column, may, must},
};

pub(in crate::exchange) const PUPILS: &[Column] = &[
    must("Фамилия"),
    must("Имя"),
    must("Отчество"),
    must("Дата рождения"),
    must("СНИЛС"),
    must("Класс"),
    may("Эл. почта"),
    must("Зачислен"),
    may("Выбыл"),
    may("Подгруппа"),
];

pub(in crate::exchange) const PARENTS: &[Column] = &[
    must("Фамилия"),
    must("Имя"),
    must("Отчество"),
    must("Дата рождения"),
    must("СНИЛС"),
    must("Телефон"),
    may("Тип родства"),
    must("Ребёнок"),
    must("Класс"),
];

pub(in crate::exchange) const STAFF: &[Column] = &[
    must("Фамилия"),
    must("Имя"),
    must("Отчество"),
    must("Дата рождения"),
    must("СНИЛС"),
    must("Телефон"),
    must("Предмет"),
    may("Классный руководитель"),
];

/// The columns every file of people begins with in our lists.
#[derive(Clone, Copy)]
pub(crate) struct Person<'s>(Row<'s>);

impl<'s> Person<'s> {
    /// The column of the СНИЛС.
    pub(crate) const SNILS: usize = 4;
    const PHONE: usize = 5;

    /// The birth date, if somebody born then can be there today.
    pub(crate) fn birth_date(&self, today: NaiveDate) -> Result<Option<BirthDate>, Refused> {
        self.0.read_given(3, |cell| cell.parse::<BirthDate>()?.of_somebody_on(today))
    }

    pub(crate) fn snils(&self) -> Result<Option<Snils>, Refused> {
        self.0.read_given(Self::SNILS, Snils::parse)
    }

    /// The phone, and whether the cell holds several: then it is the first.
    pub(crate) fn phone(&self) -> Result<Option<(MobilePhone, bool)>, Refused> {
        self.0.read_given(Self::PHONE, phone)
    }

    pub(crate) fn name(&self) -> Result<FullName, Refused> {
        let [family, given, patronymic] = [0, 1, 2].map(|column| self.0.cell(column));
        FullName::new(family, given, Some(patronymic)).map_err(|error| {
            let column = match error.part() {
                NamePart::Family => 0,
                NamePart::Given => 1,
                NamePart::Patronymic => 2,
            };
            self.0.refuse(column, &error)
        })
    }

    /// Whether the name has Latin letters that look Cyrillic.
    pub(crate) fn has_latin_look_alikes(&self) -> bool {
        has_latin_look_alikes(&[0, 1, 2].map(|column| self.0.cell(column)).join(" "))
    }
}

/// A phone cell: one number, or several between commas, semicolons, slashes or line breaks.
fn phone(cell: &str) -> Result<(MobilePhone, bool), PhoneError> {
    let mut parts = cell.split([',', ';', '/', '\n', '\r']).filter(|part| !part.trim().is_empty());
    match (parts.next(), parts.next()) {
        (Some(first), second) => Ok((MobilePhone::parse(first)?, second.is_some())),
        (None, _) => Err(PhoneError::Malformed { given: MaskedNumber::of(cell) }),
    }
}

/// A row of pupils.csv.
#[derive(Clone, Copy)]
pub(crate) struct PupilCells<'s>(pub(crate) Row<'s>);

impl<'s> PupilCells<'s> {
    const FROM: usize = 7;
    const TO: usize = 8;

    pub(crate) fn person(self) -> Result<Person<'s>, Refused> {
        self.0.whole().map(|()| Person(self.0))
    }

    /// The first day in the class, if the row tells it.
    pub(crate) fn from(&self) -> Result<Option<NaiveDate>, Refused> {
        self.0.read_given(Self::FROM, date)
    }

    /// The last day in the class: none if the pupil has not left; the outer none if the file does
    /// not say who has.
    pub(crate) fn to(&self) -> Result<Option<Option<NaiveDate>>, Refused> {
        let day = self.0.read_given(Self::TO, date)?;
        Ok(self.0.given(Self::TO).map(|_| day))
    }

    pub(crate) fn refuse_end(&self, error: &DateRangeError) -> Refused {
        self.0.refuse(Self::TO, error)
    }

    pub(crate) fn class(&self) -> Result<ClassName, Refused> {
        self.0.read_needed(5, RowError::ClassMissing, str::parse)
    }

    pub(crate) fn email(&self) -> Result<Option<Email>, Refused> {
        self.0.read_given(6, str::parse)
    }

    /// Whether the file tells who is in which part of a class.
    pub(crate) fn says_parts(&self) -> bool {
        self.0.given(9).is_some()
    }

    pub(crate) fn subgroup(&self) -> Option<Subgroup> {
        Some(self.0.cell(9)).filter(|cell| !cell.is_empty()).map(|cell| Subgroup(cell.into()))
    }
}

/// A row of parents.csv.
#[derive(Clone, Copy)]
pub(crate) struct ParentCells<'s>(pub(crate) Row<'s>);

impl<'s> ParentCells<'s> {
    const CHILD: usize = 7;

    pub(crate) fn person(self) -> Result<Person<'s>, Refused> {
        self.0.whole().map(|()| Person(self.0))
    }

    pub(crate) fn kinship(&self) -> Option<Kinship> {
        Some(self.0.cell(6)).filter(|cell| !cell.is_empty()).map(Kinship::of_cell)
    }

    /// The class the child is in.
    pub(crate) fn class<T>(
        &self,
        find: impl FnOnce(&ClassName) -> Option<T>,
    ) -> Result<(ClassName, T), Refused> {
        let name: ClassName = self.0.read_needed(8, RowError::ClassMissing, str::parse)?;
        let found = find(&name).ok_or(RowError::ClassNotFound);
        found.map(|found| (name, found)).map_err(|error| self.0.refuse(8, &error))
    }

    /// The child's full name.
    pub(crate) fn child(&self) -> Result<&'s str, Refused> {
        self.0.read_text(Self::CHILD, RowError::ChildMissing)
    }

    pub(crate) fn refuse_child(&self, error: RowError) -> Refused {
        self.0.refuse(Self::CHILD, &error)
    }
}

/// A row of staff.csv.
#[derive(Clone, Copy)]
pub(crate) struct StaffCells<'s>(pub(crate) Row<'s>);

impl<'s> StaffCells<'s> {
    const CLASS: usize = 7;

    pub(crate) fn person(self) -> Result<Person<'s>, Refused> {
        self.0.whole().map(|()| Person(self.0))
    }

    /// The subject; empty for who teaches none.
    pub(crate) fn subject(&self) -> &'s str {
        self.0.cell(6)
    }

    /// The class led; the outer none if the file does not say who leads classes.
    pub(crate) fn class<T>(
        &self,
        find: impl FnOnce(&ClassName) -> Option<T>,
    ) -> Result<Option<Option<T>>, Refused> {
        if self.0.given(Self::CLASS).is_none() {
            return Ok(None);
        }
        let Some(name) = self.0.read_given(Self::CLASS, str::parse::<ClassName>)? else {
            return Ok(Some(None));
        };
        match find(&name) {
            Some(found) => Ok(Some(Some(found))),
            None => Err(self.0.refuse(Self::CLASS, &RowError::ClassNotFound)),
        }
    }

    pub(crate) fn refuse_class(&self, error: RowError) -> Refused {
        self.0.refuse(Self::CLASS, &error)
    }
}
