//! The pupil's own lessons: what days and terms are both made of.

use alloc::vec::{IntoIter, Vec};
use core::mem;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    DiaryAttendance, DiaryMark, DiaryRemark, DiarySlice,
    beside::{Beside, closings},
    due::next_lessons,
    place::Place,
};
use crate::journal::{Homework, Lesson};

/// A lesson of the pupil and what stands in it for the pupil.
pub(super) struct OwnLesson {
    /// The lesson.
    pub(super) lesson: Lesson,
    /// The day of the pupil's next lesson of the subject that is not cancelled.
    pub(super) next: Option<NaiveDate>,
    /// The pupil's own homework, in the order it was given.
    pub(super) individual: Vec<Homework>,
    /// The pupil's marks, in the order they were given.
    pub(super) marks: Vec<DiaryMark>,
    /// The pupil's attendance.
    pub(super) attendance: Option<DiaryAttendance>,
    /// The remarks on the pupil, in the order they were written.
    pub(super) remarks: Vec<DiaryRemark>,
    /// When the lesson or a mark in it was last written.
    pub(super) written_at: DateTime<Utc>,
}

/// The pupil's lessons by date and number, handed out one by one with all that stands in them.
///
/// A year has more than a thousand, so nothing is looked for among all of them twice: what stands
/// beside a lesson is sorted into the same order once and then taken from the front.
pub(super) struct OwnLessons {
    lessons: IntoIter<Lesson>,
    next: IntoIter<Option<NaiveDate>>,
    at: usize,
    beside: Beside,
}

impl OwnLessons {
    /// Takes the pupil's lessons out of the slice, and what stands in them.
    ///
    /// Rows of another pupil, and rows in lessons that are not this pupil's, belong to no diary of
    /// this pupil and are passed over.
    pub(super) fn take(slice: &mut DiarySlice, place: &Place) -> Self {
        let closings = closings(slice);
        let mut lessons = mem::take(&mut slice.lessons);
        lessons.retain(|lesson| place.owns(lesson));
        lessons.sort_by_key(|lesson| (lesson.date, lesson.number));
        Self {
            next: next_lessons(&lessons, &slice.upcoming, place, &slice.calendar).into_iter(),
            beside: Beside::take(slice, &lessons, closings),
            lessons: lessons.into_iter(),
            at: 0,
        }
    }

    /// The lessons of a day; those of earlier days that nobody asked for are dropped.
    pub(super) fn of_day(&mut self, day: NaiveDate) -> impl Iterator<Item = OwnLesson> {
        while self.lessons.as_slice().first().is_some_and(|lesson| lesson.date < day) {
            drop(self.next());
        }
        let left = self.lessons.as_slice();
        let count = left.iter().take_while(|lesson| lesson.date == day).count();
        self.take(count)
    }
}

impl Iterator for OwnLessons {
    type Item = OwnLesson;

    /// The next lesson; a topic of spaces alone is none, so that nobody is shown or told of one.
    #[inline]
    fn next(&mut self) -> Option<OwnLesson> {
        let mut lesson = self.lessons.next()?;
        if lesson.topic().is_none() {
            lesson.topic = None;
        }
        let at = self.at;
        self.at += 1;
        let (marks, marked_at) = self.beside.marks(at);
        Some(OwnLesson {
            next: self.next.next().flatten(),
            individual: self.beside.individual(at),
            attendance: self.beside.attendance(at),
            remarks: self.beside.remarks(at),
            marks,
            written_at: marked_at.map_or(lesson.written_at, |at| at.max(lesson.written_at)),
            lesson,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.lessons.size_hint()
    }
}
