//! Final marks that cannot stand.

use alloc::{collections::BTreeSet, vec::Vec};

use super::{Checked, JournalError, JournalRow, JournalRows};
use crate::{
    calendar::{Term, school_year},
    error::Shown,
    journal::{FinalKind, FinalMark, MarkValue},
};

pub(super) fn final_faults<'a>(rows: &JournalRows<'a>) -> Vec<(JournalRow, Checked)> {
    let term = |term: &'a Term| (term.name.as_str(), school_year(term.days.from()));
    let terms: BTreeSet<_> = rows.terms.iter().map(term).collect();
    let mut met = BTreeSet::new();
    let faults = rows.finals.iter().enumerate().map(|(at, given)| {
        let FinalMark { pupil, subject, kind, term, year, value: _ } = given;
        let repeated = !met.insert((pupil, subject, kind, term, year));
        let checked = sound(given, &terms).and_then(|()| {
            let again = JournalError::FinalRepeated { subject: Shown::of(subject) };
            if repeated { Err(again) } else { Ok(()) }
        });
        (JournalRow::Final(*pupil, at), checked)
    });
    faults.collect()
}

/// Whether it may stand beside these terms, each by its name and school year.
fn sound(given: &FinalMark, terms: &BTreeSet<(&str, i32)>) -> Checked {
    let term = Shown::of(&given.term);
    let exists = || terms.contains(&(given.term.as_str(), given.year));
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
