//! What somebody typed of a person into a form, read or refused field by field.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::AccountEntry;
use crate::{
    debug::debug_shows,
    error::CodedError,
    identity::{
        BirthDate, DateError, Email, EmailError, FullName, MobilePhone, NameError, NamePart,
        PhoneError, Snils, SnilsError,
    },
    wire::masked,
};

/// A person as typed into a form: nothing of it need be right. What was not typed is empty.
///
/// ```
/// use eschool_core::{error::CodedError, people::TypedEntry};
///
/// let typed: TypedEntry = serde_json::from_str(
///     r#"{"family": "Ёлкина", "given": "Анна", "patronymic": "-", "birthDate": "17.05.1985",
///         "snils": "112 233 445 95", "phone": "8 912 345-67-89"}"#,
/// )?;
/// let today = "2024-09-02".parse().unwrap();
/// let entry = typed.read(today).unwrap();
/// assert_eq!(entry.phone.unwrap().to_string(), "+79123456789");
///
/// let wrong = TypedEntry { snils: "112-233-445 96".into(), ..typed };
/// let error = wrong.read(today).unwrap_err();
/// assert_eq!((error.code(), error.field()), ("snils_checksum", Some("snils")));
/// assert!(!format!("{wrong:?}").contains("Ёлкина"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TypedEntry {
    /// Фамилия.
    #[serde(deserialize_with = "masked::string")]
    pub family: String,
    /// Имя.
    #[serde(deserialize_with = "masked::string")]
    pub given: String,
    /// Отчество; `-` or `нет` says that there is none.
    #[serde(deserialize_with = "masked::string")]
    pub patronymic: String,
    /// Дата рождения.
    #[serde(deserialize_with = "masked::string")]
    pub birth_date: String,
    /// СНИЛС.
    #[serde(deserialize_with = "masked::string")]
    pub snils: String,
    /// Телефон.
    #[serde(deserialize_with = "masked::string")]
    pub phone: String,
    /// Эл. почта.
    #[serde(deserialize_with = "masked::string")]
    pub email: String,
}

debug_shows! { TypedEntry {} }

/// Why what was typed is no entry: the first field that is wrong, in the order of the form.
///
/// ```
/// use eschool_core::{error::CodedError, people::TypedEntry};
///
/// let error = TypedEntry::default().read("2024-09-02".parse().unwrap()).unwrap_err();
/// assert_eq!((error.code(), error.field()), ("name_missing", Some("family")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// The name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The birth date.
    #[error(transparent)]
    BirthDate(#[from] DateError),
    /// The СНИЛС.
    #[error(transparent)]
    Snils(#[from] SnilsError),
    /// The phone.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// The e-mail.
    #[error(transparent)]
    Email(#[from] EmailError),
}

impl EntryError {
    fn cause(&self) -> &dyn CodedError {
        match self {
            Self::Name(error) => error,
            Self::BirthDate(error) => error,
            Self::Snils(error) => error,
            Self::Phone(error) => error,
            Self::Email(error) => error,
        }
    }
}

impl CodedError for EntryError {
    fn code(&self) -> &'static str {
        self.cause().code()
    }

    fn text_ru(&self) -> &'static str {
        self.cause().text_ru()
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Name(error) => match error.part() {
                NamePart::Family => "family",
                NamePart::Given => "given",
                NamePart::Patronymic => "patronymic",
            },
            Self::BirthDate(_) => "birthDate",
            Self::Snils(_) => "snils",
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
        })
    }

    fn value(&self) -> Option<String> {
        self.cause().value()
    }
}

impl TypedEntry {
    /// What was typed, read. Empty fields are absent; `today` is the school's date, on which the
    /// person can have been born.
    ///
    /// # Errors
    /// [`EntryError`] about the first field that cannot stand.
    pub fn read(&self, today: NaiveDate) -> Result<AccountEntry, EntryError> {
        let name = FullName::new(&self.family, &self.given, Some(&self.patronymic))?;
        let birth_date = match given(&self.birth_date) {
            Some(text) => Some(text.parse::<BirthDate>()?.of_somebody_on(today)?),
            None => None,
        };
        Ok(AccountEntry {
            name,
            birth_date,
            snils: given(&self.snils).map(Snils::parse).transpose()?,
            phone: given(&self.phone).map(MobilePhone::parse).transpose()?,
            email: given(&self.email).map(str::parse::<Email>).transpose()?,
        })
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        "2024-09-02".parse().unwrap()
    }

    fn sound() -> TypedEntry {
        let text = |text: &str| String::from(text);
        TypedEntry {
            family: text("Ёлкина"),
            given: text("Анна"),
            patronymic: text("Олеговна"),
            birth_date: text("17.05.1985"),
            snils: text("112-233-445 95"),
            phone: text("8 912 345-67-89"),
            email: text("anna@example.org"),
        }
    }

    #[test]
    fn the_first_wrong_field_is_named() {
        assert!(sound().read(day()).is_ok());
        type Spoil = fn(&mut TypedEntry);
        let cases: [(Spoil, &str, &str); 7] = [
            (|typed| typed.family.clear(), "family", "name_missing"),
            (|typed| typed.given = " ".into(), "given", "name_missing"),
            (|typed| typed.patronymic = "7".into(), "patronymic", "name_malformed"),
            (|typed| typed.birth_date = "31.02.1985".into(), "birthDate", "date_invalid"),
            (|typed| typed.snils = "112-233-445 96".into(), "snils", "snils_checksum"),
            (|typed| typed.phone = "8 (4912) 25-33-11".into(), "phone", "phone_not_mobile"),
            (|typed| typed.email = "anna".into(), "email", "email_malformed"),
        ];
        for (spoil, field, code) in cases {
            let mut typed = sound();
            spoil(&mut typed);
            let error = typed.read(day()).unwrap_err();
            assert_eq!((error.field(), error.code()), (Some(field), code));
        }
        // Of several the first of the form.
        let mut typed = sound();
        (typed.snils, typed.phone) = ("1".into(), "2".into());
        assert_eq!(typed.read(day()).unwrap_err().field(), Some("snils"));
    }

    #[test]
    fn what_is_empty_is_absent_and_nobody_is_born_tomorrow() {
        let bare = TypedEntry {
            family: "Ёлкина".into(),
            given: "Анна".into(),
            snils: " ".into(),
            ..TypedEntry::default()
        };
        let entry = bare.read(day()).unwrap();
        assert!(entry.snils.is_none() && entry.phone.is_none() && entry.birth_date.is_none());
        assert!(!entry.name.patronymic().is_known());
        let tomorrow = TypedEntry { birth_date: "03.09.2024".into(), ..bare };
        assert_eq!(tomorrow.read(day()).unwrap_err().field(), Some("birthDate"));
    }
}
