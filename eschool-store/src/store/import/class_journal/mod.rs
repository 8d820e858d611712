//! The journal of one class: what its rows add to what is there.

mod beside;
mod lessons;
mod marks;
mod told;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId, WorkId},
    journal::{Excuse, Lesson},
};

use self::lessons::Lessons;
pub(super) use self::told::watched;
use super::{
    classes::ClassCells,
    cover::{KeptBack, span},
    pupil_index::{Pupil, PupilCells},
};
use crate::{
    ambient::Ambient,
    backend::{Changes, ClassJournal, IndividualHomeworkRow},
    exchange::{
        AttendanceRow, FileKind, FileRows, HomeworkRow, ImportCounts, InLesson, JournalRows,
        LessonRow, MarkRow, Refused, RowError, Text, Texts,
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

/// What journals are covered by the files: which classes a file names, and from which day to which.
pub(super) struct Cover {
    days: HashMap<FileKind, DateRange>,
    named: HashSet<(FileKind, ClassId)>,
    pub(super) kept_back: KeptBack,
}

impl Cover {
    pub(super) fn new(
        journal: &JournalRows,
        classes: &HashMap<ClassId, ClassRows<'_>>,
        kept_back: KeptBack,
    ) -> Self {
        let mut days = HashMap::new();
        let mut put = |kind, span: Option<DateRange>| days.extend(span.map(|span| (kind, span)));
        let JournalRows { lessons, homework, marks, attendance, .. } = journal;
        let (lessons, homework) = (lessons.iter(), homework.iter());
        let (marks, attendance) = (marks.iter(), attendance.iter());
        put(FileKind::Lessons, span(lessons.flat_map(|f| &f.rows).map(|row| row.date)));
        put(
            FileKind::IndividualHomework,
            span(homework.flat_map(|f| &f.rows).map(|row| row.at.date)),
        );
        put(FileKind::Marks, span(marks.flat_map(|f| &f.rows).map(|row| row.at.date)));
        put(FileKind::Attendance, span(attendance.flat_map(|f| &f.rows).map(|row| row.at.date)));
        let named = classes.iter().flat_map(|(class, rows)| {
            let kinds = [
                (FileKind::Lessons, rows.lessons.is_empty()),
                (FileKind::IndividualHomework, rows.homework.is_empty()),
                (FileKind::Marks, rows.marks.is_empty()),
                (FileKind::Attendance, rows.attendance.is_empty()),
            ];
            kinds.into_iter().filter(|(_, none)| !none).map(|(kind, _)| (kind, *class))
        });
        Self { days, named: named.collect(), kept_back }
    }

    fn days(&self, file: FileKind, class: ClassId) -> Option<DateRange> {
        let is_covered = self.named.contains(&(file, class)) && !self.kept_back.holds(file, class);
        self.days.get(&file).copied().filter(|_| is_covered)
    }

    /// Stretches the parts of a class over every day that is covered: days of which the files hold
    /// no row any more are among them.
    pub(super) fn stretch(&self, parts: &mut [DaysRows<'_>]) {
        let first = self.days.values().map(|days| days.from()).min();
        let last = self.days.values().map(|days| days.to()).max();
        let mut next = first;
        for part in parts.iter_mut() {
            let from = next.map_or(part.days.from(), |next| next.min(part.days.from()));
            part.days = DateRange::new(from, part.days.to()).unwrap_or(part.days);
            next = part.days.to().succ_opt();
        }
        if let (Some(part), Some(last)) = (parts.last_mut(), last) {
            let to = last.max(part.days.to());
            part.days = DateRange::new(part.days.from(), to).unwrap_or(part.days);
        }
    }
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

    /// Whether any of them tells who was absent.
    pub(super) fn tell_absences(&self) -> bool {
        !self.attendance.is_empty()
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
    kept_back: &mut KeptBack,
) -> HashMap<ClassId, ClassRows<'r>> {
    let mut classes: HashMap<ClassId, ClassRows<'r>> = HashMap::new();
    let mut sort = Sort { cells, texts, refused, kept_back };
    sort.rows(
        FileKind::Lessons,
        &journal.lessons,
        |row| (row.line, row.class),
        |class, row| {
            classes.entry(class).or_default().lessons.push(row);
        },
    );
    sort.rows(
        FileKind::IndividualHomework,
        &journal.homework,
        |row| (row.at.line, row.at.class),
        |class, row| {
            classes.entry(class).or_default().homework.push(row);
        },
    );
    sort.rows(
        FileKind::Marks,
        &journal.marks,
        |row| (row.at.line, row.at.class),
        |class, row| {
            classes.entry(class).or_default().marks.push(row);
        },
    );
    sort.rows(
        FileKind::Attendance,
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
    kept_back: &'s mut KeptBack,
}

impl Sort<'_> {
    fn rows<'r, T>(
        &mut self,
        kind: FileKind,
        file: &'r Option<FileRows<T>>,
        place: impl Fn(&T) -> (u32, Text),
        mut take: impl FnMut(ClassId, &'r T),
    ) {
        let Some(file) = file else { return };
        for cell in &file.refused_classes {
            self.kept_back.keep_named(kind, cell, |name| self.cells.get(name));
        }
        for row in &file.rows {
            let (line, class) = place(row);
            match self.cells.find(class, self.texts) {
                Ok(class) => take(class, row),
                Err(fault) => {
                    let error = fault.error();
                    self.refused.push(file.columns.refuse(line, InLesson::CLASS, error));
                    self.kept_back.keep_named(kind, "", |_| None);
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
    /// The accepted excuses of the pupils and days at hand.
    pub(super) excuses: Vec<Excuse>,
    pub(super) refused: Vec<Refused>,
    pub(super) counts: ImportCounts,
    /// Whether rows of marks and homework are single ones, which say nothing of what else stands in
    /// their lesson.
    pub(super) adds: bool,
    /// What goes where the files no longer hold it; none where nothing does.
    pub(super) cover: Option<&'a Cover>,
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
        let attended: Vec<_> =
            stored.attendance.iter().map(|row| (row.pupil, row.lesson)).collect();
        let mut lessons = Lessons::new(std::mem::take(&mut stored.lessons));
        self.lessons(class, &mut lessons, &rows.lessons);
        self.homework(class, &lessons, &stored.individual_homework, &rows.homework, &mut changes);
        self.marks(class, &lessons, &stored, &rows.marks, &mut changes);
        let attendance = std::mem::take(&mut stored.attendance);
        self.attendance(class, &lessons, attendance, &rows.attendance, &mut changes);
        self.remove_lessons(class, &lessons, &stored, &attended, &mut changes);
        changes.lessons.extend(lessons.into_changes().map(|lesson| (self.school, lesson)));
        changes
    }

    /// The days of which a file says everything about a class.
    fn covered(&self, file: FileKind, class: ClassId) -> Option<DateRange> {
        self.cover.and_then(|cover| cover.days(file, class))
    }

    /// Lessons that the file no longer holds go, but for those in which something still stands.
    fn remove_lessons(
        &self,
        class: ClassId,
        lessons: &Lessons,
        stored: &ClassJournal,
        attended: &[(AccountId, LessonId)],
        changes: &mut Changes,
    ) {
        let Some(days) = self.covered(FileKind::Lessons, class) else { return };
        let removed = &changes.removed;
        let gone: HashSet<MarkId> = removed.marks.iter().map(|(_, mark)| mark.id).collect();
        let marks = stored.marks.iter().filter(|mark| !gone.contains(&mark.id));
        let gone: HashSet<WorkId> = removed.works.iter().map(|(_, work)| work.id).collect();
        let works = stored.works.iter().filter(|work| !gone.contains(&work.id));
        let gone = removed.attendance.iter().map(|(_, row)| (row.pupil, row.lesson));
        let gone: HashSet<_> = gone.collect();
        let attended = attended.iter().filter(|row| !gone.contains(row));
        let place = |row: &IndividualHomeworkRow| (row.lesson, row.pupil, row.position);
        let gone: HashSet<_> =
            removed.individual_homework.iter().map(|(_, row)| place(row)).collect();
        let homework = stored.individual_homework.iter();
        let homework = homework.filter(|row| !gone.contains(&place(row)));
        let mut filled: HashSet<LessonId> = marks.map(|mark| mark.lesson).collect();
        filled.extend(works.map(|work| work.lesson));
        filled.extend(attended.map(|(_, lesson)| *lesson));
        filled.extend(homework.map(|row| row.lesson));
        filled.extend(stored.remarks.iter().map(|row| row.lesson));
        filled.extend(changes.marks.iter().map(|(_, mark)| mark.lesson));
        filled.extend(changes.attendance.iter().map(|(_, row)| row.lesson));
        filled.extend(changes.individual_homework.iter().map(|(_, row)| row.lesson));
        let gone = lessons
            .unseen()
            .filter(|lesson| days.contains(lesson.date) && !filled.contains(&lesson.id));
        let gone: Vec<_> = gone.map(|lesson| (self.school, lesson.clone())).collect();
        changes.removed.lessons = gone;
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
