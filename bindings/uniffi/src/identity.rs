//! Who somebody is: numbers, names, dates, ages.

use chrono::NaiveDate;
use eschool_core::{
    foreign::BorderError,
    identity::{self, AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Snils, fold_name},
};

use crate::{Answer, error::answer};

/// A СНИЛС from what somebody typed: eleven digits, with spaces and hyphens or without, whose
/// control number is right.
///
/// Throws `snils_missing`, `snils_malformed`, `snils_zero`, `snils_checksum`.
#[uniffi::export]
pub fn parse_snils(text: &str) -> Answer<Snils> {
    answer(Snils::parse(text))
}

/// A mobile phone from what somebody typed: `+7(912)3456789`, `8 912 345-67-89`, `9123456789`; of
/// another country only with `+`.
///
/// Throws `phone_missing`, `phone_malformed`, `phone_not_mobile`.
#[uniffi::export]
pub fn parse_phone(text: &str) -> Answer<MobilePhone> {
    answer(MobilePhone::parse(text))
}

/// An e-mail address from what somebody typed.
///
/// Throws `email_malformed`.
#[uniffi::export]
pub fn parse_email(text: &str) -> Answer<Email> {
    answer(text.parse())
}

/// The login of a registration card from what somebody typed.
///
/// Throws `login_malformed`.
#[uniffi::export]
pub fn parse_login(text: &str) -> Answer<Login> {
    answer(text.parse())
}

/// A full name of its parts. `-` or `нет` for a patronymic means that there is none; nothing means
/// that nobody knows.
///
/// Throws `name_missing`, `name_malformed`, `name_too_long`, with the part as `field`.
#[uniffi::export]
pub fn full_name(family: &str, given: &str, patronymic: Option<String>) -> Answer<FullName> {
    answer(FullName::new(family, given, patronymic.as_deref()))
}

/// Whether two names are the same but for case, ё and е, spaces and look-alike Latin letters.
#[uniffi::export]
pub fn full_names_match(one: &FullName, other: &FullName) -> Answer<bool> {
    Ok(one.matches(other))
}

/// A name as lists are sorted and searched by.
#[uniffi::export]
pub fn folded_name(text: &str) -> Answer<String> {
    Ok(fold_name(text))
}

/// A date as files and people write it: `31.12.2024` or `2024-12-31`.
///
/// Throws `date_missing`, `date_invalid`.
#[uniffi::export]
pub fn parse_date(text: &str) -> Answer<NaiveDate> {
    answer(identity::parse_date(text))
}

/// A birth date from what somebody typed, `31.12.2010` or `2010-12-31`.
///
/// Throws `date_missing`, `date_invalid`.
#[uniffi::export]
pub fn parse_birth_date(text: &str) -> Answer<BirthDate> {
    answer(text.parse())
}

/// A birth date.
///
/// Throws `date_invalid` for a day that nobody alive is born on.
#[uniffi::export]
pub fn birth_date(date: NaiveDate) -> Answer<BirthDate> {
    answer(BirthDate::new(date))
}

/// A birth date that somebody alive may have today.
///
/// Throws `birth_date_in_future`, `birth_date_too_long_ago`, and `date_invalid` for a day
/// that no calendar has.
#[uniffi::export]
pub fn birth_date_of_somebody_on(born: BirthDate, today: NaiveDate) -> Answer<BirthDate> {
    answer(born.of_somebody_on(today))
}

/// The day on which somebody reaches an age, at the month's end where the day is missing. On that
/// day they already count as older.
#[uniffi::export]
pub fn age_reached_on(age: AgeSpan, born: BirthDate) -> Answer<NaiveDate> {
    Ok(age.reached_on(born))
}

/// Throws `text_malformed`: for the other side, whose texts can hold half a surrogate pair.
#[uniffi::export]
pub fn refuse_text() -> Answer<()> {
    answer(Err(BorderError::Text))
}
