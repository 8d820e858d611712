//! The final marks of a class in one subject, written together.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString as _},
    vec::Vec,
};

use thiserror::Error;

use super::{FinalMark, JournalFault, JournalRows, Stay, check_journal};
use crate::{
    calendar::Term,
    error::CodedError,
    id::{AccountId, ClassId},
};

/// Whose final marks are written, and in what.
///
/// ```
/// use eschool_core::journal::FinalsPage;
///
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let page = FinalsPage { class, subject: "Физика", year: 2024, terms: &[], stays: &[] };
/// assert_eq!(page.year, 2024);
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FinalsPage<'a> {
    /// The class.
    pub class: ClassId,
    /// The subject.
    pub subject: &'a str,
    /// The calendar year in which the school year began.
    pub year: i32,
    /// The terms of the class's year of study.
    pub terms: &'a [Term],
    /// The times of pupils in classes.
    pub stays: &'a [Stay],
}

/// Final marks that were written.
///
/// ```
/// use eschool_core::journal::{FinalMark, FinalsPage, Stay, write_finals};
///
/// let pupil = "019379ab-0000-7000-8000-000000000001";
/// let class = "019379ab-0000-7000-8000-0000000000c7";
/// let stay: Stay = serde_json::from_value(serde_json::json!({
///     "pupil": pupil, "class": class, "from": "2024-09-01",
/// })).unwrap();
/// let page = FinalsPage {
///     class: class.parse()?, subject: "Физика", year: 2024, terms: &[], stays: &[stay],
/// };
/// let year: FinalMark = serde_json::from_value(serde_json::json!({
///     "pupil": pupil, "subject": "Физика", "kind": "year", "term": "", "year": 2024, "value": "5",
/// })).unwrap();
/// let written = write_finals(&[], vec![year.clone()], page).unwrap();
/// assert_eq!((written.saved, written.removed), (vec![year.clone()], vec![]));
/// let written = write_finals(&[year.clone()], vec![], page).unwrap();
/// assert_eq!((written.saved, written.removed), (vec![], vec![year]));
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFinals {
    /// Those that are new or have another value.
    pub saved: Vec<FinalMark>,
    /// Those that were taken back, as they were.
    pub removed: Vec<FinalMark>,
}

/// Why final marks are not written, by the field and its value.
///
/// ```
/// use eschool_core::{error::CodedError, journal::FinalsError};
///
/// let pupil = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let error = FinalsError::NotOfPage { pupil };
/// assert_eq!((error.code(), error.field()), ("final_not_of_page", Some("pupil")));
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FinalsError {
    /// A mark is of another subject or year, or of somebody who never was in the class.
    #[error("the field `pupil` is `{pupil}`, with a final of another class, subject or year")]
    NotOfPage {
        /// Whose mark it is.
        pupil: AccountId,
    },
    /// A mark cannot stand; the first such one.
    #[error("a final of the class cannot stand so: {}", .0.error)]
    Unsound(JournalFault),
}

impl CodedError for FinalsError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOfPage { .. } => "final_not_of_page",
            Self::Unsound(fault) => fault.error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NotOfPage { .. } => {
                "Итоговая отметка относится к другому классу, предмету или году"
            }
            Self::Unsound(fault) => fault.error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotOfPage { .. } => Some("pupil"),
            Self::Unsound(fault) => fault.error.field(),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::NotOfPage { pupil } => Some(pupil.to_string()),
            Self::Unsound(fault) => fault.error.value(),
        }
    }
}

/// What becomes of the final marks of a class in a subject when they are to be these: what is not
/// among them is taken back, what is there already stays.
///
/// ```
/// use eschool_core::journal::{FinalMark, FinalsPage, Stay, write_finals};
///
/// let (pupil, class) =
///     ("019379ab-0000-7000-8000-000000000001", "019379ab-0000-7000-8000-0000000000c7");
/// let stay: Stay = serde_json::from_value(
///     serde_json::json!({"pupil": pupil, "class": class, "from": "2024-09-01"}),
/// ).unwrap();
/// let year = |value: &str| -> FinalMark {
///     serde_json::from_value(serde_json::json!({
///         "pupil": pupil, "subject": "Физика", "kind": "year", "year": 2024, "value": value,
///     })).unwrap()
/// };
/// let page = FinalsPage {
///     class: stay.class, subject: "Физика", year: 2024, terms: &[], stays: &[stay],
/// };
/// let written = write_finals(&[year("4")], vec![year("5")], page).unwrap();
/// assert_eq!((written.saved, written.removed), (vec![year("5")], vec![]));
/// assert!(write_finals(&[], vec![year(".")], page).is_err()); // a debt closes nothing
/// ```
///
/// # Errors
/// [`FinalsError`] tells the first mark that is wrong.
pub fn write_finals(
    before: &[FinalMark],
    finals: Vec<FinalMark>,
    page: FinalsPage<'_>,
) -> Result<WrittenFinals, FinalsError> {
    let pupils: BTreeSet<AccountId> =
        page.stays.iter().filter(|stay| stay.class == page.class).map(|stay| stay.pupil).collect();
    let is_of_page = |mark: &FinalMark| {
        mark.subject == page.subject && mark.year == page.year && pupils.contains(&mark.pupil)
    };
    if let Some(mark) = finals.iter().find(|mark| !is_of_page(mark)) {
        return Err(FinalsError::NotOfPage { pupil: mark.pupil });
    }
    let rows = JournalRows { terms: page.terms, finals: &finals, ..JournalRows::default() };
    if let Some(fault) = check_journal(&rows).into_iter().next() {
        return Err(FinalsError::Unsound(fault));
    }
    let closes_the_same = |one: &FinalMark, other: &FinalMark| {
        (one.pupil, &one.kind, &one.term) == (other.pupil, &other.kind, &other.term)
    };
    let removed = before
        .iter()
        .filter(|old| is_of_page(old) && !finals.iter().any(|new| closes_the_same(old, new)))
        .cloned()
        .collect();
    let saved = finals.into_iter().filter(|mark| !before.contains(mark)).collect();
    Ok(WrittenFinals { saved, removed })
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use uuid::Uuid;

    use super::*;

    fn mark(pupil: u128, kind: &str, term: &str, value: &str) -> FinalMark {
        FinalMark {
            pupil: AccountId(Uuid::from_u128(pupil)),
            subject: "Физика".into(),
            kind: kind.into(),
            term: term.into(),
            year: 2024,
            value: value.parse().unwrap(),
        }
    }

    #[test]
    fn finals_of_a_class_become_those_that_are_given() {
        let class = ClassId(Uuid::from_u128(7));
        let stay = |n| {
            let pupil = AccountId(Uuid::from_u128(n));
            Stay { pupil, class, from: "2024-09-01".parse().unwrap(), to: None }
        };
        let stays = [stay(1), stay(2), Stay { class: ClassId(Uuid::from_u128(8)), ..stay(3) }];
        let terms: Vec<Term> = serde_json::from_value(serde_json::json!([
            {"grade": 7, "name": "1 четверть", "kind": "quarter",
             "days": {"from": "2024-09-01", "to": "2024-10-25"}},
        ]))
        .unwrap();
        let page =
            FinalsPage { class, subject: "Физика", year: 2024, terms: &terms, stays: &stays };
        let quarter = |pupil, value| mark(pupil, "term", "1 четверть", value);
        let before = [
            quarter(1, "4"),
            quarter(2, "3"),
            mark(2, "year", "", "3"),
            FinalMark { subject: "Химия".into(), ..quarter(1, "5") },
        ];
        let after = vec![quarter(1, "5"), quarter(2, "3"), mark(1, "year", "", "5")];
        let written = write_finals(&before, after, page).unwrap();
        assert_eq!(written.saved, [quarter(1, "5"), mark(1, "year", "", "5")]);
        assert_eq!(written.removed, [mark(2, "year", "", "3")]);

        for (wrong, code) in [
            (quarter(3, "5"), "final_not_of_page"),
            (FinalMark { subject: "Химия".into(), ..quarter(1, "5") }, "final_not_of_page"),
            (FinalMark { year: 2023, ..quarter(1, "5") }, "final_not_of_page"),
            (mark(1, "term", "2 четверть", "5"), "term_unknown"),
            (quarter(1, "."), "final_debt"),
        ] {
            let error = write_finals(&before, vec![quarter(2, "3"), wrong], page).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
        }
        let twice = vec![quarter(2, "3"), quarter(2, "4")];
        assert_eq!(write_finals(&before, twice, page).unwrap_err().code(), "final_repeated");
    }
}
