//! What changed in what stands in one lesson.

use alloc::vec::Vec;
use core::slice;

use super::pair_off;
use crate::diary::{
    Change, DebtClosing, DiaryEntry, DiaryHomework, DiaryMark, DiaryRemark, LessonPlace,
};

/// Adds the changes of topic, homework, marks, attendance and remarks between two readings of one
/// lesson; none stands for a lesson that was or is not there.
pub(super) fn content_changes(
    old: Option<&DiaryEntry>,
    new: Option<&DiaryEntry>,
    lesson: &LessonPlace,
    changes: &mut Vec<Change>,
) {
    let topic = |entry: Option<&DiaryEntry>| entry.and_then(|entry| entry.topic.clone());
    let (before, after) = (topic(old), topic(new));
    if before != after {
        changes.push(Change::TopicChanged { lesson: lesson.clone(), old: before, new: after });
    }
    homework_changes(for_all(old), for_all(new), false, lesson, changes);
    homework_changes(for_one(old), for_one(new), true, lesson, changes);
    mark_changes(marks(old), marks(new), lesson, changes);
    attendance_change(old, new, lesson, changes);
    remark_changes(remarks(old), remarks(new), lesson, changes);
}

fn for_all(entry: Option<&DiaryEntry>) -> &[DiaryHomework] {
    entry.and_then(|entry| entry.homework.as_ref()).map_or(&[], slice::from_ref)
}

fn for_one(entry: Option<&DiaryEntry>) -> &[DiaryHomework] {
    entry.map_or(&[], |entry| &entry.individual_homework)
}

fn marks(entry: Option<&DiaryEntry>) -> &[DiaryMark] {
    entry.map_or(&[], |entry| &entry.marks)
}

fn remarks(entry: Option<&DiaryEntry>) -> &[DiaryRemark] {
    entry.map_or(&[], |entry| &entry.remarks)
}

fn homework_changes(
    old: &[DiaryHomework],
    new: &[DiaryHomework],
    individual: bool,
    lesson: &LessonPlace,
    changes: &mut Vec<Change>,
) {
    let (_, old, new) = pair_off(old.iter().collect(), new.iter().collect(), |homework| {
        let materials = homework.materials.iter().map(|material| (&material.name, &material.link));
        Some((&homework.text, homework.due, materials.collect::<Vec<_>>()))
    });
    let (changed, old, new) = pair_off(old, new, |_| Some(()));
    let lesson = || lesson.clone();
    changes.extend(changed.into_iter().map(|(old, new)| Change::HomeworkChanged {
        lesson: lesson(),
        old: old.clone(),
        new: new.clone(),
        individual,
    }));
    changes.extend(new.into_iter().cloned().map(|homework| Change::HomeworkNew {
        lesson: lesson(),
        homework,
        individual,
    }));
    changes.extend(old.into_iter().cloned().map(|homework| Change::HomeworkRemoved {
        lesson: lesson(),
        homework,
        individual,
    }));
}

fn mark_changes(
    old: &[DiaryMark],
    new: &[DiaryMark],
    lesson: &LessonPlace,
    changes: &mut Vec<Change>,
) {
    let (old, new) = (old.iter().collect(), new.iter().collect());
    let (known, old, new) = pair_off(old, new, |mark| Some(mark.id));
    // The same content under another identifier is no news.
    let (mut same, old, new) = pair_off(old, new, |mark| Some((content(mark), closed(mark))));
    let (more, old, new) = pair_off(old, new, |mark| Some(content(mark)));
    same.extend(more);
    let (of_one_work, old, new) =
        pair_off(old, new, |mark| Some((&mark.work, &mark.title, mark.weight)));
    let (changed, known): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|(old, new)| content(old) != content(new));
    let (mut debts, lesson) = (Vec::new(), || lesson.clone());
    for (before, after) in changed.into_iter().chain(of_one_work) {
        let closed_by = closing(before).filter(|_| after.value.is_debt()).cloned();
        let new = DiaryMark { closed_by, ..after.clone() };
        debts.extend(debt_change(&new, after, lesson()));
        changes.push(Change::MarkChanged { lesson: lesson(), old: before.clone(), new });
    }
    for new in new {
        let mark = as_open(new);
        debts.extend(debt_change(&mark, new, lesson()));
        changes.push(Change::MarkNew { lesson: lesson(), mark });
    }
    let old = old.into_iter().cloned();
    changes.extend(old.map(|mark| Change::MarkRemoved { lesson: lesson(), mark }));
    let unchanged = known.into_iter().chain(same);
    debts.extend(unchanged.filter_map(|(old, new)| debt_change(old, new, lesson())));
    changes.append(&mut debts);
}

/// What is told when another mark closes a debt than did, or none does.
fn debt_change(old: &DiaryMark, new: &DiaryMark, lesson: LessonPlace) -> Option<Change> {
    if closed(old) == closed(new) {
        return None;
    }
    let mark = as_open(old);
    match (closing(old).cloned(), closing(new).cloned()) {
        (old, Some(by)) => Some(Change::DebtClosed { lesson, mark, old, by }),
        (Some(by), None) if new.value.is_debt() => Some(Change::DebtReopened { lesson, mark, by }),
        _ => None,
    }
}

/// What closed a mark, if it is a debt.
fn closing(mark: &DiaryMark) -> Option<&DebtClosing> {
    mark.closed_by.as_ref().filter(|_| mark.value.is_debt())
}

/// How a debt was closed; the identifier of the mark that did it is no news.
fn closed(mark: &DiaryMark) -> Option<impl Ord + use<'_>> {
    closing(mark).map(|DebtClosing { mark: _, date, value }| (date, value))
}

/// All that stands in a mark itself.
fn content(mark: &DiaryMark) -> impl Ord + use<'_> {
    let DiaryMark { work, title, weight, value, comment, id: _, closed_by: _ } = mark;
    (work, title, weight, value, comment)
}

/// A mark as if nothing closed it.
fn as_open(mark: &DiaryMark) -> DiaryMark {
    DiaryMark { closed_by: None, ..mark.clone() }
}

fn attendance_change(
    old: Option<&DiaryEntry>,
    new: Option<&DiaryEntry>,
    lesson: &LessonPlace,
    changes: &mut Vec<Change>,
) {
    let attendance = |entry: Option<&DiaryEntry>| entry.and_then(|entry| entry.attendance.clone());
    let lesson = lesson.clone();
    changes.extend(match (attendance(old), attendance(new)) {
        (None, Some(attendance)) => Some(Change::AttendanceSet { lesson, attendance }),
        (Some(old), Some(new)) if old != new => {
            Some(Change::AttendanceChanged { lesson, old, new })
        }
        (Some(attendance), None) => Some(Change::AttendanceRemoved { lesson, attendance }),
        _ => None,
    });
}

fn remark_changes(
    old: &[DiaryRemark],
    new: &[DiaryRemark],
    lesson: &LessonPlace,
    changes: &mut Vec<Change>,
) {
    let (old, new) = (old.iter().collect(), new.iter().collect());
    let (_, old, new) = pair_off(old, new, |remark: &DiaryRemark| Some(&remark.text));
    let (changed, old, new) = pair_off(old, new, |_| Some(()));
    let lesson = || lesson.clone();
    changes.extend(changed.into_iter().map(|(old, new)| Change::RemarkChanged {
        lesson: lesson(),
        old: old.clone(),
        new: new.clone(),
    }));
    let new = new.into_iter().cloned();
    changes.extend(new.map(|remark| Change::RemarkNew { lesson: lesson(), remark }));
    let old = old.into_iter().cloned();
    changes.extend(old.map(|remark| Change::RemarkRemoved { lesson: lesson(), remark }));
}
