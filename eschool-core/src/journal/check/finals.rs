//! Final marks that cannot stand.

use alloc::{collections::BTreeSet, vec::Vec};

use super::{Checked, JournalError, JournalRow, JournalRows};
use crate::{
    calendar::{Term, school_year},
    error::Shown,
    journal::{FinalKind, FinalMark, MarkValue},
};

pub(super) fn final_faults(rows: &JournalRows<'_>) -> Vec<(JournalRow, Checked)> {
    let mut met = BTreeSet::new();
    let faults = rows.finals.iter().enumerate().map(|(at, given)| {
        let FinalMark { pupil, subject, kind, term, year, value: _ } = given;
        let repeated = !met.insert((pupil, subject, kind, term, year));
        let checked = sound(given, rows.terms).and_then(|()| {
            let again = JournalError::FinalRepeated { subject: Shown::of(subject) };
            if repeated { Err(again) } else { Ok(()) }
        });
        (JournalRow::Final(*pupil, at), checked)
    });
    faults.collect()
}

fn sound(given: &FinalMark, terms: &[Term]) -> Checked {
    let term = Shown::of(&given.term);
    let exists = || {
        let same =
            |term: &Term| term.name == given.term && school_year(term.days.from()) == given.year;
        terms.iter().any(same)
    };
    match (&given.kind, given.term.trim()) {
        (FinalKind::Unknown(_), _) => Err(JournalError::ValueUnknown { field: "kind" }),
        (FinalKind::Term, "") => Err(JournalError::TermMissing),
        (FinalKind::Term, _) if !exists() => Err(JournalError::TermUnknown { term }),
        (FinalKind::Year | FinalKind::Exam | FinalKind::Final, named) if !named.is_empty() => {
            Err(JournalError::TermUnwanted { term })
        }
        _ => match given.value {
            MarkValue::Debt => Err(JournalError::FinalDebt),
            MarkValue::Unknown(_) => Err(JournalError::ValueUnknown { field: "value" }),
            _ => Ok(()),
        },
    }
}
