//! What stands in the middle of sentences.

use alloc::{format, string::String, vec::Vec};

use chrono::{Datelike as _, NaiveDate};

use crate::{
    identity::AgeSpan,
    policy::MatchField,
    signin::{Assurance, NextStep, age_en, until_ru},
    words::{counted, day_en, day_ru},
};

/// «14,5 лет», as it stands after «до», «с», «нет»; "14 and a half".
pub(super) struct Age {
    pub(super) ru: String,
    pub(super) en: String,
}

impl From<AgeSpan> for Age {
    fn from(age: AgeSpan) -> Self {
        Self { ru: until_ru(age), en: age_en(age) }
    }
}

/// «имя, отчество и дата рождения»
pub(super) fn list(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [word] => String::from(*word),
        [first @ .., word] => format!("{} {last} {word}", first.join(", ")),
    }
}

/// «по детской или подтверждённой учётной записи»
pub(crate) fn accounts_ru(assurance: &[Assurance]) -> String {
    let words: Vec<&str> = assurance
        .iter()
        .map(|assurance| match assurance {
            Assurance::Unconfirmed => "неподтверждённой",
            Assurance::Child => "детской",
            Assurance::Confirmed => "подтверждённой",
            Assurance::Unknown(text) => text,
        })
        .collect();
    format!("по {} учётной записи", list(&words, "или"))
}

/// "with a child or confirmed account"
pub(crate) fn accounts_en(assurance: &[Assurance]) -> String {
    let words: Vec<&str> = assurance
        .iter()
        .map(|assurance| match assurance {
            Assurance::Unconfirmed => "unconfirmed",
            Assurance::Child => "child",
            Assurance::Confirmed => "confirmed",
            Assurance::Unknown(text) => text,
        })
        .collect();
    let article = if words.first().is_some_and(|word| word.starts_with('u')) { "an" } else { "a" };
    format!("with {article} {} account", list(&words, "or"))
}

pub(super) fn field_ru(field: &MatchField) -> &str {
    match field {
        MatchField::FamilyName => "фамилия",
        MatchField::GivenName => "имя",
        MatchField::Patronymic => "отчество",
        MatchField::BirthDate => "дата рождения",
        MatchField::Unknown(text) => text,
    }
}

pub(super) fn field_en(field: &MatchField) -> &str {
    match field {
        MatchField::FamilyName => "family name",
        MatchField::GivenName => "given name",
        MatchField::Patronymic => "patronymic",
        MatchField::BirthDate => "birth date",
        MatchField::Unknown(text) => text,
    }
}

/// Whom one turns to, after «обращаются».
pub(super) const fn helper_ru(step: &NextStep) -> &'static str {
    match step {
        NextStep::AskClassTeacher => "к классному руководителю",
        NextStep::AskRegistrar => "к сотруднику школы, ответственному за данные родителей",
        NextStep::AskAdministrator => "к администратору школы",
        NextStep::AskSupport => "в техническую поддержку",
        _ => "в школу",
    }
}

/// Whom one asks.
pub(super) const fn helper_en(step: &NextStep) -> &'static str {
    match step {
        NextStep::AskClassTeacher => "the class teacher",
        NextStep::AskRegistrar => "the member of staff who keeps the parents' data",
        NextStep::AskAdministrator => "the school's administrator",
        NextStep::AskSupport => "technical support",
        _ => "the school",
    }
}

/// A number of the greatest unit that divides the delay.
const fn delay(seconds: u32) -> (u32, [&'static str; 3], &'static str) {
    const DAY: u32 = 24 * 60 * 60;
    if seconds.is_multiple_of(DAY) {
        (seconds / DAY, ["день", "дня", "дней"], "day")
    } else if seconds.is_multiple_of(60 * 60) {
        (seconds / (60 * 60), ["час", "часа", "часов"], "hour")
    } else if seconds.is_multiple_of(60) {
        (seconds / 60, ["минуту", "минуты", "минут"], "minute")
    } else {
        (seconds, ["секунду", "секунды", "секунд"], "second")
    }
}

/// «5 минут», as it stands after «на» and «через».
pub(super) fn delay_ru(seconds: u32) -> String {
    let (number, words, _) = delay(seconds);
    format!("{number} {}", counted(number, words))
}

/// "5 minutes"
pub(super) fn delay_en(seconds: u32) -> String {
    let (number, _, word) = delay(seconds);
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// «1 сентября 2025 года»
pub(super) fn date_ru(day: NaiveDate) -> String {
    format!("{} {} года", day_ru(day), day.year())
}

/// "1 September 2025"
pub(super) fn date_en(day: NaiveDate) -> String {
    format!("{} {}", day_en(day), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_said_in_the_greatest_unit_that_fits() {
        for (seconds, russian, english) in [
            (1, "1 секунду", "1 second"),
            (42, "42 секунды", "42 seconds"),
            (60, "1 минуту", "1 minute"),
            (90, "90 секунд", "90 seconds"),
            (900, "15 минут", "15 minutes"),
            (3600, "1 час", "1 hour"),
            (7200, "2 часа", "2 hours"),
            (86_400, "1 день", "1 day"),
            (11 * 86_400, "11 дней", "11 days"),
        ] {
            assert_eq!(delay_ru(seconds), russian);
            assert_eq!(delay_en(seconds), english);
        }
    }

    #[test]
    fn lists_are_said_as_people_say_them() {
        for (words, said) in [
            (&[][..], ""),
            (&["имя"], "имя"),
            (&["имя", "отчество"], "имя и отчество"),
            (&["имя", "отчество", "СНИЛС"], "имя, отчество и СНИЛС"),
        ] {
            assert_eq!(list(words, "и"), said);
        }
    }

    #[test]
    fn a_month_is_said_in_its_own_form() {
        let said: Vec<String> = (1..=12)
            .filter_map(|month| NaiveDate::from_ymd_opt(2025, month, 1))
            .map(|day| format!("{} – {}", date_ru(day), date_en(day)))
            .collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
