//! Terms and bells that cannot stand together.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::{NaiveDate, NaiveTime};
use thiserror::Error;

use super::{Bell, Term, bell::GREATEST_NUMBER, school_year};
use crate::error::{CodedError, Shown};

/// Why a term or a bell is refused, by the field and its value.
///
/// That a term does not end before it begins is asked where its
/// [`DateRange`](super::DateRange) is made.
///
/// ```
/// use eschool_core::{calendar::CalendarError, error::CodedError};
///
/// let error = CalendarError::Grade { grade: 0 };
/// assert_eq!((error.code(), error.field(), error.value().as_deref()), ("term_grade", Some("grade"), Some("0")));
/// assert_eq!(error.to_string(), "the field `grade` is `0`; years of study go from 1 to 12");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The year of study is none.
    #[error("the field `grade` is `{grade}`; years of study go from 1 to 12")]
    Grade {
        /// The year of study.
        grade: u8,
    },
    /// The term has no name: its final marks would name none.
    #[error("the field `name` is missing; a term needs a name")]
    Unnamed,
    /// An earlier term of that grade and school year has the same name, by which finals know it.
    #[error("the field `name` is `{name}`, that of another term of the grade and school year")]
    NameRepeated {
        /// The name.
        name: Shown,
    },
    /// The term begins before another of the same grade and kind has ended.
    #[error("the field `days` begins with `{from}`, within the term `{other}` of the same grade")]
    Overlap {
        /// The first day of the later one.
        from: NaiveDate,
        /// The name of the one it falls into.
        other: Shown,
    },
    /// A bell's number is beyond 20.
    #[error("the field `number` is `{number}`; lessons go from 0 to 20")]
    BellNumber {
        /// The number.
        number: u8,
    },
    /// An earlier bell has the same number.
    #[error("the field `number` is `{number}`, that of another bell")]
    BellRepeated {
        /// The number.
        number: u8,
    },
    /// The lesson does not end after it begins.
    #[error("the field `ends` is `{ends}`, not after `{begins}`")]
    BellReversed {
        /// When it begins.
        begins: NaiveTime,
        /// When it ends.
        ends: NaiveTime,
    },
    /// The lesson begins before one with a lesser number has ended.
    #[error("the field `begins` is `{begins}`, before lesson {other} has ended")]
    BellOverlap {
        /// When it begins.
        begins: NaiveTime,
        /// The number of the other.
        other: u8,
    },
}

impl CodedError for CalendarError {
    fn code(&self) -> &'static str {
        match self {
            Self::Grade { .. } => "term_grade",
            Self::Unnamed => "term_unnamed",
            Self::NameRepeated { .. } => "term_repeated",
            Self::Overlap { .. } => "terms_overlap",
            Self::BellNumber { .. } => "bell_number",
            Self::BellRepeated { .. } => "bell_repeated",
            Self::BellReversed { .. } => "bell_reversed",
            Self::BellOverlap { .. } => "bells_overlap",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Grade { .. } => "Параллель – число от 1 до 12",
            Self::Unnamed => "У учебного периода нет названия",
            Self::NameRepeated { .. } => "Учебный период с таким названием в параллели уже есть",
            Self::Overlap { .. } => "Учебные периоды одной параллели пересекаются",
            Self::BellNumber { .. } => "Номер урока – число от 0 до 20",
            Self::BellRepeated { .. } => "Звонок для урока с этим номером уже есть",
            Self::BellReversed { .. } => "Урок кончается не позже, чем начинается",
            Self::BellOverlap { .. } => "Урок начинается раньше, чем кончился предыдущий",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Grade { .. } => "grade",
            Self::Unnamed | Self::NameRepeated { .. } => "name",
            Self::Overlap { .. } => "days",
            Self::BellNumber { .. } | Self::BellRepeated { .. } => "number",
            Self::BellReversed { .. } => "ends",
            Self::BellOverlap { .. } => "begins",
        })
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Grade { grade: number }
            | Self::BellNumber { number }
            | Self::BellRepeated { number } => Some(number.to_string()),
            Self::Unnamed => None,
            Self::NameRepeated { name } => Some(name.to_string()),
            Self::Overlap { from, .. } => Some(from.to_string()),
            Self::BellReversed { ends: time, .. } | Self::BellOverlap { begins: time, .. } => {
                Some(time.to_string())
            }
        }
    }
}

/// Finds the terms that cannot stand together: where each stands among those given, and what is
/// wrong with it.
///
/// Terms of one year of study may not overlap if they are of one kind. Those of two kinds may: a
/// school that closes most subjects by quarters closes those with a lesson a week by half years.
/// Kinds this version does not know are taken for one: «1 сессия» and «2 сессия» tell no other.
///
/// ```
/// use eschool_core::{calendar::{Term, check_terms}, error::CodedError};
///
/// let terms: Vec<Term> = serde_json::from_str(r#"[
///     {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     {"grade": 7, "name": "2 четверть", "kind": "quarter", "days": {"from": "2024-10-25", "to": "2024-12-28"}}
/// ]"#).unwrap();
/// let (at, error) = &check_terms(&terms)[0];
/// assert_eq!((*at, error.field(), error.value().as_deref()), (1, Some("days"), Some("2024-10-25")));
/// assert!(check_terms(&terms[..1]).is_empty());
/// ```
#[must_use]
pub fn check_terms(terms: &[Term]) -> Vec<(usize, CalendarError)> {
    let faults = terms.iter().enumerate().filter_map(|(at, term)| {
        let of_grade = || terms.iter().enumerate().filter(|(_, other)| other.grade == term.grade);
        let year = |term: &Term| school_year(term.days.from());
        let same_name =
            |(_, other): &(usize, &Term)| other.name == term.name && year(other) == year(term);
        // Of two the one that begins later is at fault, of two that begin together the second.
        let overlaps = |(place, other): &(usize, &Term)| {
            let earlier = (other.days.from(), *place) < (term.days.from(), at);
            let both_unknown = !other.kind.is_known() && !term.kind.is_known();
            let of_one_kind = other.kind == term.kind || both_unknown;
            earlier && of_one_kind && other.days.contains(term.days.from())
        };
        let error = if !(1..=12).contains(&term.grade) {
            CalendarError::Grade { grade: term.grade }
        } else if term.name.trim().is_empty() {
            CalendarError::Unnamed
        } else if of_grade().take_while(|(place, _)| *place < at).any(|other| same_name(&other)) {
            CalendarError::NameRepeated { name: Shown::of(&term.name) }
        } else {
            let (_, other) = of_grade().find(overlaps)?;
            CalendarError::Overlap { from: term.days.from(), other: Shown::of(&other.name) }
        };
        Some((at, error))
    });
    faults.collect()
}

/// Finds the bells that cannot stand together: where each stands among those given, and what is
/// wrong with it.
///
/// ```
/// use eschool_core::calendar::{Bell, check_bells};
///
/// let bells: Vec<Bell> = serde_json::from_str(r#"[
///     {"number": 1, "begins": "08:30:00", "ends": "09:15:00"},
///     {"number": 2, "begins": "09:10:00", "ends": "09:55:00"}
/// ]"#).unwrap();
/// let (at, error) = &check_bells(&bells)[0];
/// assert_eq!((*at, error.to_string().as_str()), (1, "the field `begins` is `09:10:00`, before lesson 1 has ended"));
/// ```
#[must_use]
pub fn check_bells(bells: &[Bell]) -> Vec<(usize, CalendarError)> {
    let faults = bells.iter().enumerate().filter_map(|(at, bell)| {
        let Bell { number, begins, ends } = *bell;
        let mut former = bells.iter().take(at);
        let error = if number > GREATEST_NUMBER {
            CalendarError::BellNumber { number }
        } else if former.any(|other| other.number == number) {
            CalendarError::BellRepeated { number }
        } else if ends <= begins {
            CalendarError::BellReversed { begins, ends }
        } else {
            let other = bells.iter().find(|other| other.number < number && other.ends > begins)?;
            CalendarError::BellOverlap { begins, other: other.number }
        };
        Some((at, error))
    });
    faults.collect()
}

#[cfg(test)]
mod tests;
