//! What stands beside a lesson for one pupil: marks with their works, attendance, own homework,
//! remarks.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec,
    vec::{IntoIter, Vec},
};
use core::mem;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{DebtClosing, DiaryAttendance, DiaryMark, DiaryRemark, DiarySlice};
use crate::{
    id::{LessonId, MarkId, WorkId},
    journal::{
        Attendance, Homework, IndividualHomework, Lesson, Mark, Remark, Weight, Work, WorkKind,
        closed_debts,
    },
};

/// What stands beside the pupil's lessons, to be taken lesson by lesson in their order.
pub(super) struct Beside {
    works: Works,
    marks: Placed<MarkOfWork>,
    closings: Closings,
    attendance: Placed<Attendance>,
    individual: Placed<IndividualHomework>,
    remarks: Placed<Remark>,
}

/// A mark and the place of its work, if the slice holds it.
struct MarkOfWork {
    mark: Mark,
    work: Option<usize>,
}

impl Beside {
    /// Takes out of the slice what stands in these lessons for its pupil. All other rows, another
    /// pupil's or in other lessons, are no part of this diary.
    pub(super) fn take(slice: &mut DiarySlice, lessons: &[Lesson], closings: Closings) -> Self {
        let whose = slice.pupil;
        let places = Places::of(lessons.iter().map(|lesson| lesson.id.0));
        let find =
            |pupil, lesson: LessonId| if pupil == whose { places.find(lesson.0) } else { None };

        let mut works = Works::of(mem::take(&mut slice.works));
        let marks = Placed::new(
            mem::take(&mut slice.marks),
            |mark| {
                let at = find(mark.pupil, mark.lesson)?;
                let work = works.await_one(mark.work);
                Some((at, MarkOfWork { mark, work }))
            },
            |row| row.mark.id,
        );
        let attendance = Placed::new(
            mem::take(&mut slice.attendance),
            |row| Some((find(row.pupil, row.lesson)?, row)),
            |_| (),
        );
        let individual = Placed::new(
            mem::take(&mut slice.individual_homework),
            |row| Some((find(row.pupil, row.lesson)?, row)),
            |_| (),
        );
        let remarks = Placed::new(
            mem::take(&mut slice.remarks),
            |row| Some((find(row.pupil, row.lesson)?, row)),
            |_| (),
        );
        Self { works, marks, closings, attendance, individual, remarks }
    }

    /// The marks of a lesson with their works, in the order they were given, and when one of them
    /// was last written.
    pub(super) fn marks(&mut self, lesson: usize) -> (Vec<DiaryMark>, Option<DateTime<Utc>>) {
        let mut written_at = None;
        let marks = self.marks.of(lesson).map(|MarkOfWork { mark, work }| {
            written_at = written_at.max(Some(mark.written_at));
            let (work, title, weight) = self.works.content(work);
            let Mark { id, value, comment, .. } = mark;
            let closed_by = self.closings.remove(&id);
            DiaryMark { id, value, work, title, weight, comment, closed_by }
        });
        (marks.collect(), written_at)
    }

    /// The attendance at a lesson: the first row, should there be more than one.
    pub(super) fn attendance(&mut self, lesson: usize) -> Option<DiaryAttendance> {
        let mut rows = self.attendance.of(lesson);
        let first = rows.next()?;
        rows.for_each(drop);
        Some(DiaryAttendance { code: first.code, class: first.class })
    }

    /// The pupil's own homework of a lesson, in the order it was given.
    pub(super) fn individual(&mut self, lesson: usize) -> Vec<Homework> {
        self.individual.of(lesson).map(|row| row.homework).collect()
    }

    /// The remarks in a lesson, in the order they were written.
    pub(super) fn remarks(&mut self, lesson: usize) -> Vec<DiaryRemark> {
        self.remarks.of(lesson).map(|row| DiaryRemark { text: row.text }).collect()
    }
}

/// What closed each debt that is closed.
pub(super) type Closings = BTreeMap<MarkId, DebtClosing>;

/// What closed each debt of a slice, by the days the lessons are on: a mark in a lesson that was
/// moved may still tell the day it was on before.
pub(super) fn closings(slice: &DiarySlice) -> Closings {
    let DiarySlice { pupil, lessons, .. } = slice;
    let marks = || slice.marks.iter().filter(|mark| mark.pupil == *pupil);
    let work = |mark: &Mark| mark.work.0.as_u128();
    let mut owed: Vec<_> = marks().filter(|mark| mark.value.is_debt()).map(work).collect();
    owed.sort_unstable();
    let handed_in =
        |mark: &&Mark| mark.value.closes_debt() && owed.binary_search(&work(mark)).is_ok();
    // Mostly none: then no lesson is looked for.
    let handed_in: BTreeSet<_> = marks().filter(handed_in).map(work).collect();
    if handed_in.is_empty() {
        return Closings::new();
    }
    let concerned = |mark: &&Mark| handed_in.contains(&work(mark));
    let mut marks: Vec<Mark> = marks().filter(concerned).cloned().collect();
    let mut days: Vec<_> = marks.iter().map(|mark| (mark.lesson, None)).collect();
    days.sort_unstable();
    for lesson in lessons {
        let at = days.partition_point(|(id, _)| *id < lesson.id);
        let same = days.iter_mut().skip(at).take_while(|(id, _)| *id == lesson.id);
        same.for_each(|(_, day)| *day = Some(lesson.date));
    }
    for mark in &mut marks {
        let found = days.binary_search_by_key(&mark.lesson, |(id, _)| *id);
        let day = found.ok().and_then(|at| days.get(at)).and_then(|(_, day)| *day);
        mark.date = day.unwrap_or(mark.date);
    }
    let closing = |mark: &Mark| {
        let (value, date) = (mark.value.clone(), mark.date);
        DebtClosing { mark: mark.id, date, value }
    };
    closed_debts(&marks).into_iter().map(|(debt, mark)| (debt, closing(mark))).collect()
}

/// Where rows stand, by their identifiers.
struct Places(Vec<(u128, usize)>);

impl Places {
    fn of(ids: impl Iterator<Item = Uuid>) -> Self {
        let mut places: Vec<_> = ids.map(|id| id.as_u128()).zip(0..).collect();
        places.sort_unstable_by_key(|(id, _)| *id);
        Self(places)
    }

    fn find(&self, id: Uuid) -> Option<usize> {
        let id = id.as_u128();
        let found = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.0.get(found).map(|(_, at)| *at)
    }
}

/// Rows by the place of the lesson they stand in.
struct Placed<T>(IntoIter<(usize, T)>);

impl<T> Placed<T> {
    /// Orders the rows that have a place by it, and those of one lesson by a key.
    fn new<R, K: Ord>(
        rows: Vec<R>,
        place: impl FnMut(R) -> Option<(usize, T)>,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let mut placed = Vec::with_capacity(rows.len());
        placed.extend(rows.into_iter().filter_map(place));
        placed.sort_by_key(|(at, row)| (*at, key(row)));
        Self(placed.into_iter())
    }

    /// Takes the rows of a lesson, the next in order.
    fn of(&mut self, at: usize) -> impl ExactSizeIterator<Item = T> {
        let count = self.0.as_slice().iter().take_while(|(place, _)| *place == at).count();
        self.0.by_ref().take(count).map(|(_, row)| row)
    }
}

/// The works, each with the number of marks that wait for it: the last of them takes its texts,
/// those before it copy them.
struct Works {
    works: Vec<Work>,
    awaited: Vec<usize>,
    places: Places,
}

impl Works {
    fn of(works: Vec<Work>) -> Self {
        let places = Places::of(works.iter().map(|work| work.id.0));
        Self { awaited: vec![0; works.len()], places, works }
    }

    /// Where a mark will find its work.
    fn await_one(&mut self, id: WorkId) -> Option<usize> {
        let at = self.places.find(id.0)?;
        *self.awaited.get_mut(at)? += 1;
        Some(at)
    }

    /// The kind, title and weight of a work, handed to one of the marks that wait for it. A mark
    /// is never lost for want of its work: one that the slice does not hold has no kind, no title
    /// and the weight 1.
    fn content(&mut self, at: Option<usize>) -> (WorkKind, String, Weight) {
        let found = at.and_then(|at| self.works.get_mut(at).zip(self.awaited.get_mut(at)));
        let Some((work, awaited)) = found else {
            return (WorkKind(String::new()), String::new(), Weight::ONE);
        };
        *awaited = awaited.saturating_sub(1);
        if *awaited == 0 {
            (WorkKind(mem::take(&mut work.kind.0)), mem::take(&mut work.title), work.weight)
        } else {
            (work.kind.clone(), work.title.clone(), work.weight)
        }
    }
}
