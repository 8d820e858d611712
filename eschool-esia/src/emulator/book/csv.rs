//! The people alone, as a file: `esia_people.csv`.

use std::collections::HashMap;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use eschool_core::{
    error::CodedError,
    identity::{
        BirthDate, DateError, Email, EmailError, FullName, MobilePhone, NameError, Patronymic,
        PhoneError, Snils, SnilsError,
    },
};
use thiserror::Error;

use crate::emulator::{TestAccount, TestPerson};

/// A small book of invented people with every type of account, as a file that [`read_people`]
/// reads. Their СНИЛС are of the kind ЕСИА's own test people have: too low for a control number.
pub const SAMPLE_PEOPLE: &[u8] = include_bytes!("../sample_people.csv");

/// The columns of the file, by their heads.
mod column {
    pub(super) const KEY: &str = "Ключ";
    pub(super) const FAMILY: &str = "Фамилия";
    pub(super) const GIVEN: &str = "Имя";
    pub(super) const PATRONYMIC: &str = "Отчество";
    pub(super) const BORN: &str = "Дата рождения";
    pub(super) const SNILS: &str = "СНИЛС";
    pub(super) const PHONE: &str = "Телефон";
    pub(super) const PHONE_VERIFIED: &str = "Телефон подтверждён";
    pub(super) const ACCOUNT: &str = "Тип учётной записи";
    pub(super) const EMAIL: &str = "Почта";
    pub(super) const EMAIL_VERIFIED: &str = "Почта подтверждена";
}

/// Why a file is no book of people.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::emulator::read_people;
///
/// let error = read_people("Фамилия;Имя\n".as_bytes()).unwrap_err();
/// assert_eq!(error.code(), "people_column_missing");
/// assert_eq!(error.to_string(), "there is no column `Ключ`; columns are separated by `;`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeopleError {
    /// The file is not UTF-8.
    #[error("the file is not UTF-8; save it as `CSV UTF-8`")]
    NotUtf8,
    /// A column is not there.
    #[error("there is no column `{column}`; columns are separated by `;`")]
    ColumnMissing {
        /// Its head.
        column: &'static str,
    },
    /// A row has more or fewer cells than the head.
    #[error("line {line} has another number of cells than the first line")]
    RowMalformed {
        /// The line of the file, from 1.
        line: u64,
    },
    /// A cell is wrong.
    #[error("line {line}, column `{column}`: {cause}")]
    Cell {
        /// The line of the file, from 1.
        line: u64,
        /// The head of the column.
        column: &'static str,
        /// What is wrong with the cell.
        cause: CellError,
    },
    /// Two rows have one key.
    #[error("line {line}, column `Ключ`: line {first} has this key already")]
    KeyRepeated {
        /// The line of the file, from 1.
        line: u64,
        /// The line that has it too.
        first: u64,
    },
}

impl CodedError for PeopleError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "people_not_utf8",
            Self::ColumnMissing { .. } => "people_column_missing",
            Self::RowMalformed { .. } => "people_row_malformed",
            Self::Cell { cause, .. } => cause.code(),
            Self::KeyRepeated { .. } => "people_key_repeated",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "Сохраните файл в кодировке UTF-8",
            Self::ColumnMissing { .. } => "В файле нет нужного столбца. Столбцы разделяют «;»",
            Self::RowMalformed { .. } => "В строке не столько ячеек, сколько столбцов",
            Self::Cell { cause, .. } => cause.text_ru(),
            Self::KeyRepeated { .. } => "Такой ключ уже есть в другой строке",
        }
    }
}

/// What is wrong with a cell of the book. The cell itself is never repeated.
///
/// ```
/// use eschool_core::{error::CodedError, identity::Snils};
/// use eschool_esia::emulator::CellError;
///
/// let cause = CellError::from(Snils::parse("112-233-445 96").unwrap_err());
/// assert_eq!(cause.code(), "snils_checksum");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CellError {
    /// The cell is empty and must not be.
    #[error("the cell is empty")]
    Empty,
    /// No part of a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// No СНИЛС.
    #[error(transparent)]
    Snils(#[from] SnilsError),
    /// No mobile phone.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// No e-mail address.
    #[error(transparent)]
    Email(#[from] EmailError),
    /// Neither «да» nor «нет».
    #[error("write `да` or `нет`")]
    YesOrNo,
    /// No type of account.
    #[error(
        "write `подтверждённая`, `стандартная`, `упрощённая` or `детская`; in English `confirmed`, \
         `standard`, `simplified` or `child`"
    )]
    Account,
}

impl CodedError for CellError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "people_cell_empty",
            Self::Name(error) => error.code(),
            Self::Date(error) => error.code(),
            Self::Snils(error) => error.code(),
            Self::Phone(error) => error.code(),
            Self::Email(error) => error.code(),
            Self::YesOrNo => "people_yes_or_no",
            Self::Account => "people_account",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Empty => "Ячейка пуста",
            Self::Name(error) => error.text_ru(),
            Self::Date(error) => error.text_ru(),
            Self::Snils(error) => error.text_ru(),
            Self::Phone(error) => error.text_ru(),
            Self::Email(error) => error.text_ru(),
            Self::YesOrNo => "Напишите «да» или «нет»",
            Self::Account => {
                "Напишите тип: «подтверждённая», «стандартная», «упрощённая» или «детская»"
            }
        }
    }
}

/// Reads a book of people: CSV in UTF-8 with `;`, found by the heads of its columns: Ключ, Фамилия,
/// Имя, Отчество, Дата рождения, СНИЛС, Телефон, Телефон подтверждён, Тип учётной записи; Почта and
/// Почта подтверждена may be there too. СНИЛС, phone, e-mail and patronymic may be empty; other
/// columns are left alone. Numbers in ЕСИА are given out by the row, from 1000000001 on.
///
/// ```
/// use eschool_esia::emulator::{TestAccount, read_people};
///
/// let people = read_people(
///     "Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи\n\
///      мама;Ёлкина;Анна;Олеговна;01.02.1985;;+79120000001;да;Стандартная\n".as_bytes(),
/// )?;
/// assert_eq!((people[0].account, people[0].snils), (TestAccount::Standard, None));
/// # Ok::<(), eschool_esia::emulator::PeopleError>(())
/// ```
///
/// # Errors
/// [`PeopleError`] names the first line and column that is wrong.
pub fn read_people(bytes: &[u8]) -> Result<Vec<TestPerson>, PeopleError> {
    let text = std::str::from_utf8(bytes).map_err(|_| PeopleError::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows =
        ReaderBuilder::new().delimiter(b';').trim(Trim::All).from_reader(text.as_bytes());
    let columns = Columns::of(rows.headers().map_err(|error| malformed(text, &error))?)?;
    let (mut people, mut keys) = (Vec::new(), HashMap::new());
    for (oid, row) in (TestPerson::FIRST_OID..).zip(rows.records()) {
        let row = row.map_err(|error| malformed(text, &error))?;
        let start = row.position().map_or(0, csv::Position::byte);
        let wrong = |(column, cause)| PeopleError::Cell { line: line(text, start), column, cause };
        let person = columns.person(&row, oid).map_err(wrong)?;
        if let Some(first) = keys.insert(person.key.clone(), start) {
            let (line, first) = (line(text, start), line(text, first));
            return Err(PeopleError::KeyRepeated { line, first });
        }
        people.push(person);
    }
    Ok(people)
}

fn malformed(text: &str, error: &csv::Error) -> PeopleError {
    let start = error.position().map_or(0, csv::Position::byte);
    match error.kind() {
        ErrorKind::Utf8 { .. } => PeopleError::NotUtf8,
        _ => PeopleError::RowMalformed { line: line(text, start) },
    }
}

/// The line, from 1, of the record that begins at a byte. The reader's own count is one behind where
/// lines end in CR LF.
fn line(text: &str, start: u64) -> u64 {
    let bytes = (0_u64..).zip(text.bytes());
    let before = bytes.take_while(|(at, byte)| *at < start || matches!(byte, b'\r' | b'\n'));
    before.map(|(_, byte)| u64::from(byte == b'\n')).sum::<u64>() + 1
}

/// Where each column stands.
struct Columns(HashMap<&'static str, usize>);

type Wrong = (&'static str, CellError);

impl Columns {
    fn of(head: &StringRecord) -> Result<Self, PeopleError> {
        use column::{
            ACCOUNT, BORN, EMAIL, EMAIL_VERIFIED, FAMILY, GIVEN, KEY, PATRONYMIC, PHONE,
            PHONE_VERIFIED, SNILS,
        };
        let find = |column| Some((column, head.iter().position(|cell| cell == column)?));
        let needed = [KEY, FAMILY, GIVEN, PATRONYMIC, BORN, SNILS, PHONE, PHONE_VERIFIED, ACCOUNT]
            .map(|column| find(column).ok_or(PeopleError::ColumnMissing { column }));
        let optional = [EMAIL, EMAIL_VERIFIED].into_iter().filter_map(find).map(Ok);
        needed.into_iter().chain(optional).collect::<Result<_, _>>().map(Self)
    }

    fn person(&self, row: &StringRecord, oid: u64) -> Result<TestPerson, Wrong> {
        let phone = self.optional(row, column::PHONE, MobilePhone::parse)?;
        let email = self.optional(row, column::EMAIL, str::parse::<Email>)?;
        let verified =
            |column| Ok(self.optional(row, column, yes_or_no)?.is_some_and(|verified| verified));
        Ok(TestPerson {
            key: self.needed(row, column::KEY, |text| Ok::<_, CellError>(text.to_owned()))?,
            name: self.name(row)?,
            birth_date: self.needed(row, column::BORN, str::parse::<BirthDate>)?,
            snils: self.optional(row, column::SNILS, Snils::parse)?,
            phone,
            phone_verified: verified(column::PHONE_VERIFIED)? && phone.is_some(),
            email_verified: verified(column::EMAIL_VERIFIED)? && email.is_some(),
            email,
            account: self.needed(row, column::ACCOUNT, |text| {
                TestAccount::parse(text).ok_or(CellError::Account)
            })?,
            oid,
            gender: None,
            children: Vec::new(),
            contacts: Vec::new(),
            parent_consent: true,
            second_factor: true,
        })
    }

    /// The name; each part is read alone first, so that the error names the column.
    fn name(&self, row: &StringRecord) -> Result<FullName, Wrong> {
        let part = |column| {
            self.needed(row, column, |text| {
                FullName::new(text, text, None).map(|_| text.to_owned())
            })
        };
        let (family, given) = (part(column::FAMILY)?, part(column::GIVEN)?);
        let patronymic = self.cell(row, column::PATRONYMIC);
        let wrong = |error: NameError| (column::PATRONYMIC, error.into());
        Patronymic::of_cell(patronymic).map_err(wrong)?;
        FullName::new(&family, &given, Some(patronymic)).map_err(wrong)
    }

    fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.0.get(column).and_then(|place| row.get(*place)).unwrap_or_default()
    }

    fn needed<'r, T, E: Into<CellError>>(
        &self,
        row: &'r StringRecord,
        column: &'static str,
        read: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Result<T, Wrong> {
        match self.optional(row, column, read)? {
            Some(value) => Ok(value),
            None => Err((column, CellError::Empty)),
        }
    }

    fn optional<'r, T, E: Into<CellError>>(
        &self,
        row: &'r StringRecord,
        column: &'static str,
        read: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Result<Option<T>, Wrong> {
        match self.cell(row, column) {
            "" => Ok(None),
            text => read(text).map(Some).map_err(|cause| (column, cause.into())),
        }
    }
}

fn yes_or_no(text: &str) -> Result<bool, CellError> {
    match text.to_lowercase().as_str() {
        "да" => Ok(true),
        "нет" => Ok(false),
        _ => Err(CellError::YesOrNo),
    }
}
