//! Whose diary it is, for the head of every page.

use chrono::NaiveDate;
use eschool_core::{
    identity::{AgeSpan, FullName},
    signin::GrantedRole,
};
use eschool_store::{PupilProfile, Session};

use super::{NBSP, date};

/// The pupil, as the head of a page names them.
pub(crate) struct Who {
    /// Given and family name.
    pub(crate) name: String,
    /// «5А класс»; nothing for who is in none.
    pub(crate) class: Option<String>,
    /// The school's name.
    pub(crate) school: String,
    /// That the password will end, once it is near.
    pub(crate) notice: Option<String>,
    /// The pupil's account, where the reader has more diaries than one: what every link goes on
    /// with.
    pub(crate) pupil: Option<String>,
    /// What there is beside this diary to go back to: «Мои дети».
    pub(crate) home: Option<&'static str>,
}

impl Who {
    /// The head of a diary's pages.
    pub(crate) fn of(profile: &PupilProfile, session: &Session) -> Self {
        let home = home(session);
        Self {
            name: called(&profile.name),
            class: profile.class.as_ref().map(|class| format!("{class}{NBSP}класс")),
            school: profile.school.name.clone(),
            notice: profile.password_ends.map(|day| notice(day, profile.today)),
            pupil: home.map(|_| profile.account.to_string()),
            home,
        }
    }
}

/// The name of the page with everything somebody may open; nothing for a pupil of one school, whose
/// diary is all there is.
pub(crate) fn home(session: &Session) -> Option<&'static str> {
    let roles: Vec<_> = session.open().flat_map(|grant| &grant.roles).collect();
    let is_one_diary = session.open().count() == 1 && !session.choose;
    if roles.iter().any(|role| matches!(role, GrantedRole::Parent { .. })) {
        Some("Мои дети")
    } else if is_one_diary && roles.iter().all(|role| **role == GrantedRole::Pupil) {
        None
    } else {
        Some("Мой кабинет")
    }
}

/// Given and family name, as people are called.
pub(super) fn called(name: &FullName) -> String {
    format!("{} {}", name.given(), name.family())
}

/// That from a day on the password no longer serves.
fn notice(day: NaiveDate, today: NaiveDate) -> String {
    let day = date::day_month_near(day, today);
    format!(
        "С{NBSP}{day} вход{NBSP}– только через ЕСИА («Госуслуги»): пароль с{NBSP}карточки \
         перестанет действовать. Заранее подтвердите учётную запись."
    )
}

/// An age after «старше»: «14,5 лет», «14 лет», «14 лет и 3 месяцев».
pub(crate) fn age(span: AgeSpan) -> String {
    let years = u64::from(span.years);
    let word = super::number::plural(years, ["года", "лет", "лет"]);
    match span.months {
        0 => format!("{years} {word}"),
        6 => format!("{years},5 лет"),
        months => {
            let months = super::number::counted(months, ["месяца", "месяцев", "месяцев"]);
            format!("{years} {word} и {months}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_names_the_day() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 12).unwrap();
        let text = notice(day, day).replace(NBSP, " ");
        assert!(text.starts_with("С 12 декабря вход – только через ЕСИА"), "{text}");
    }

    #[test]
    fn ages_are_in_the_genitive_of_older_than() {
        for (years, months, expected) in [
            (14, 6, "14,5 лет"),
            (14, 0, "14 лет"),
            (14, 3, "14 лет и 3 месяцев"),
            (1, 0, "1 года"),
        ] {
            assert_eq!(age(AgeSpan { years, months }).replace(NBSP, " "), expected);
        }
    }
}
