//! The journal of one class: what its rows add to what is there.

mod beside;
mod lessons;
mod marks;
mod told;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{ClassId, SchoolId},
    journal::Lesson,
};

use self::lessons::Lessons;
pub(super) use self::told::watched;
use super::{
    classes::ClassCells,
    pupil_index::{Pupil, PupilCells},
};
use crate::{
    ambient::Ambient,
    backend::{Changes, ClassJournal},
    exchange::{
        AttendanceRow, FileRows, HomeworkRow, ImportCounts, InLesson, JournalRows, LessonRow,
        MarkRow, Refused, RowError, Text, Texts,
    },
};

/// The rows of one class.
#[derive(Default)]
pub(super) struct ClassRows<'r> {
    lessons: Vec<&'r LessonRow>,
    homework: Vec<&'r HomeworkRow>,
    marks: Vec<&'r MarkRow>,
    attendance: Vec<&'r AttendanceRow>,
}

/// The rows of one class on some days.
pub(super) struct DaysRows<'r> {
    pub(super) days: DateRange,
    pub(super) rows: ClassRows<'r>,
}

impl<'r> ClassRows<'r> {
    /// How many rows there are.
    pub(super) fn len(&self) -> u64 {
        let rows =
            self.lessons.len() + self.homework.len() + self.marks.len() + self.attendance.len();
        rows as u64
    }

    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        let of_lessons = self.lessons.iter().map(|row| row.date);
        let of_homework = self.homework.iter().map(|row| row.at.date);
        let of_marks = self.marks.iter().map(|row| row.at.date);
        let of_attendance = self.attendance.iter().map(|row| row.at.date);
        of_lessons.chain(of_homework).chain(of_marks).chain(of_attendance)
    }

    /// The rows by days, in their order: as many whole days together as have at most so many rows,
    /// a day at least. What stands in a lesson is of one day, so nothing looks beyond.
    pub(super) fn by_days(self, most: usize) -> Vec<DaysRows<'r>> {
        let mut counts: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for day in self.dates() {
            *counts.entry(day).or_default() += 1;
        }
        let mut parts: Vec<(DaysRows<'r>, usize)> = Vec::new();
        for (day, count) in counts {
            if let Some((part, rows)) = parts.last_mut()
                && *rows + count <= most
                && let Ok(days) = DateRange::new(part.days.from(), day)
            {
                part.days = days;
                *rows += count;
                continue;
            }
            let days = DateRange::day(day);
            parts.push((DaysRows { days, rows: ClassRows::default() }, count));
        }
        let mut parts: Vec<_> = parts.into_iter().map(|(part, _)| part).collect();
        sort_in(&mut parts, self.lessons, |row| row.date, |part| &mut part.lessons);
        sort_in(&mut parts, self.homework, |row| row.at.date, |part| &mut part.homework);
        sort_in(&mut parts, self.marks, |row| row.at.date, |part| &mut part.marks);
        sort_in(&mut parts, self.attendance, |row| row.at.date, |part| &mut part.attendance);
        parts
    }
}

/// Puts rows into the part that has their day.
fn sort_in<'r, T>(
    parts: &mut [DaysRows<'r>],
    rows: Vec<&'r T>,
    date: impl Fn(&T) -> NaiveDate,
    list: impl for<'p> Fn(&'p mut ClassRows<'r>) -> &'p mut Vec<&'r T>,
) {
    for row in rows {
        let day = date(row);
        let place = parts.partition_point(|part| part.days.to() < day);
        if let Some(part) = parts.get_mut(place) {
            list(&mut part.rows).push(row);
        }
    }
}

/// Sorts the rows of the journals by class; those that name no class are refused.
pub(super) fn by_class<'r>(
    journal: &'r JournalRows,
    cells: &mut ClassCells,
    texts: &Texts,
    refused: &mut Vec<Refused>,
) -> HashMap<ClassId, ClassRows<'r>> {
    let mut classes: HashMap<ClassId, ClassRows<'r>> = HashMap::new();
    let mut sort = Sort { cells, texts, refused };
    sort.rows(
        &journal.lessons,
        |row| (row.line, row.class),
        |class, row| {
            classes.entry(class).or_default().lessons.push(row);
        },
    );
    sort.rows(
        &journal.homework,
        |row| (row.at.line, row.at.class),
        |class, row| {
            classes.entry(class).or_default().homework.push(row);
        },
    );
    sort.rows(
        &journal.marks,
        |row| (row.at.line, row.at.class),
        |class, row| {
            classes.entry(class).or_default().marks.push(row);
        },
    );
    sort.rows(
        &journal.attendance,
        |row| (row.at.line, row.at.class),
        |class, row| {
            classes.entry(class).or_default().attendance.push(row);
        },
    );
    classes
}

struct Sort<'s> {
    cells: &'s mut ClassCells,
    texts: &'s Texts,
    refused: &'s mut Vec<Refused>,
}

impl Sort<'_> {
    fn rows<'r, T>(
        &mut self,
        file: &'r Option<FileRows<T>>,
        place: impl Fn(&T) -> (u32, Text),
        mut take: impl FnMut(ClassId, &'r T),
    ) {
        let Some(file) = file else { return };
        for row in &file.rows {
            let (line, class) = place(row);
            match self.cells.find(class, self.texts) {
                Ok(class) => take(class, row),
                Err(fault) => {
                    let error = fault.error();
                    self.refused.push(file.columns.refuse(line, InLesson::CLASS, error));
                }
            }
        }
    }
}

/// What the rows of every class are judged by.
pub(super) struct Judge<'a> {
    pub(super) school: SchoolId,
    pub(super) now: DateTime<Utc>,
    pub(super) ambient: &'a Ambient,
    pub(super) texts: &'a Texts,
    pub(super) journal: &'a JournalRows,
    pub(super) pupils: PupilCells<'a>,
    pub(super) refused: Vec<Refused>,
    pub(super) counts: ImportCounts,
}

/// A column and what is wrong in it.
type Fault = (usize, RowError);

impl<'a> Judge<'a> {
    /// What the rows of a class add to its journal.
    pub(super) fn difference(
        &mut self,
        class: ClassId,
        mut stored: ClassJournal,
        rows: &ClassRows<'_>,
    ) -> Changes {
        let mut changes = Changes::default();
        let mut lessons = Lessons::new(std::mem::take(&mut stored.lessons));
        self.lessons(class, &mut lessons, &rows.lessons);
        self.homework(class, &lessons, &stored.individual_homework, &rows.homework, &mut changes);
        self.marks(class, &lessons, &stored, &rows.marks, &mut changes);
        self.attendance(class, &lessons, stored.attendance, &rows.attendance, &mut changes);
        changes.lessons.extend(lessons.into_changes().map(|lesson| (self.school, lesson)));
        changes
    }

    /// The pupil and the lesson a row is about.
    fn place<'l>(
        &mut self,
        class: ClassId,
        lessons: &'l Lessons,
        at: &InLesson,
    ) -> Result<(&'l Lesson, &'a Pupil), Fault> {
        let is_in = |pupil: &Pupil| pupil.is_in(class, at.date);
        let pupil = self.pupils.find(at.pupil, self.texts, is_in);
        let pupil = pupil.map_err(|error| (InLesson::PUPIL, error))?;
        let subject = self.texts.get(at.subject);
        let lesson = lessons.of_pupil(pupil, at.date, at.number, subject);
        Ok((lesson.ok_or((InLesson::NUMBER, RowError::LessonNotFound))?, pupil))
    }
}
