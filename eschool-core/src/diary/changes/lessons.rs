//! What changed in the timetable of one lesson.

use crate::diary::{Change, LessonFacts};

/// The change that matters most between two tellings of one lesson; both are told whole.
pub(super) fn lesson_change(old: LessonFacts, new: LessonFacts) -> Option<Change> {
    let hour = |lesson: &LessonFacts| (lesson.date, lesson.number);
    let taught = (&old.subject, &old.instead_of) == (&new.subject, &new.instead_of);
    let change = if old == new {
        return None;
    } else if !old.cancelled && new.cancelled {
        Change::LessonCancelled { old, new }
    } else if old.cancelled && !new.cancelled {
        Change::LessonRestored { old, new }
    } else if hour(&old) != hour(&new) {
        Change::LessonMoved { old, new }
    } else if !taught {
        Change::LessonReplaced { old, new }
    } else if is_only_written(&old, &new) {
        Change::LessonWritten { old, new }
    } else {
        Change::LessonChanged { old, new }
    };
    Some(change)
}

/// Whether the tellings differ in nothing but where they come from.
fn is_only_written(old: &LessonFacts, new: &LessonFacts) -> bool {
    let as_new = LessonFacts { lesson: new.lesson, planned: new.planned, ..old.clone() };
    as_new == *new
}
