//! Lessons that cannot stand.

use alloc::{collections::BTreeMap, vec::Vec};

use chrono::NaiveDate;

use super::{Checked, JournalError, JournalRow, JournalRows};
use crate::{
    calendar::{DayKind, GREATEST_NUMBER, school_day},
    journal::Homework,
};

pub(super) fn lesson_faults(rows: &JournalRows<'_>) -> Vec<(JournalRow, Checked)> {
    let has_zeroth = rows.bells.iter().any(|bell| bell.number == 0);
    let mut hours = BTreeMap::new();
    let faults = rows.lessons.iter().map(|lesson| {
        let number = lesson.number;
        let hour = (lesson.date, lesson.class, lesson.subgroup.as_ref(), number);
        let other = *hours.entry(hour).or_insert(lesson.id);
        let checked = if number > GREATEST_NUMBER || number == 0 && !has_zeroth {
            Err(JournalError::LessonNumber { number })
        } else if other != lesson.id {
            Err(JournalError::LessonRepeated { number, other })
        } else if school_day(rows.calendar, lesson.date).kind != DayKind::Ordinary {
            Err(JournalError::NoSchoolDay { date: lesson.date })
        } else {
            is_due_after(lesson.date, lesson.homework.as_ref())
        };
        (JournalRow::Lesson(lesson.id), checked)
    });
    faults.collect()
}

/// Whether homework of a lesson on this day is due on it or later.
pub(super) fn is_due_after(held: NaiveDate, homework: Option<&Homework>) -> Checked {
    match homework.and_then(|homework| homework.due) {
        Some(due) if due < held => Err(JournalError::DueBefore { due, held }),
        _ => Ok(()),
    }
}
