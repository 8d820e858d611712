//! attendance.csv and individual_homework.csv: what stands in the lessons of one class beside marks.

use std::collections::HashMap;

use eschool_core::{
    id::{AccountId, ClassId, LessonId},
    journal::{Attendance, AttendanceCodes, Homework, excused_by},
};

use super::{Fault, Judge, Lessons};
use crate::{
    backend::{Changes, IndividualHomeworkRow},
    exchange::{AttendanceRow, FileKind, HomeworkRow, InLesson, RowError},
    store::import::table::Table,
};

type AttendanceTable = Table<(AccountId, LessonId), Attendance>;

/// The homework of one pupil in one lesson.
#[derive(Default)]
struct Given<'g> {
    stored: Vec<&'g IndividualHomeworkRow>,
    rows: Vec<&'g HomeworkRow>,
}

impl Judge<'_> {
    pub(super) fn attendance(
        &mut self,
        class: ClassId,
        lessons: &Lessons,
        stored: Vec<Attendance>,
        rows: &[&AttendanceRow],
        changes: &mut Changes,
    ) {
        let mut table = Table::new(stored.into_iter().map(|row| ((row.pupil, row.lesson), row)));
        for row in rows {
            match self.present(class, lessons, row, &table) {
                Ok(attendance) => {
                    let attendance = self.excused(attendance, &table);
                    table.put((attendance.pupil, attendance.lesson), attendance);
                    self.counts.attendance += 1;
                }
                Err((column, error)) => {
                    let file = self.journal.attendance.as_ref();
                    let refused = file.map(|f| f.columns.refuse(row.at.line, column, &error));
                    self.refused.extend(refused);
                }
            }
        }
        if let Some(days) = self.covered(FileKind::Attendance, class) {
            let gone = table.unseen().filter(|row| days.contains(row.date));
            changes.removed.attendance.extend(gone.map(|row| (self.school, row.clone())));
        }
        changes.attendance.extend(table.into_changes().map(|row| (self.school, row)));
    }

    /// An absence as it is to stand: a file that knows nothing of an accepted excuse does not undo
    /// it. One that stands as the file has it stays so.
    fn excused(&self, row: Attendance, table: &AttendanceTable) -> Attendance {
        if table.get(&(row.pupil, row.lesson)) == Some(&row) {
            return row;
        }
        excused_by(&self.excuses, &row, &AttendanceCodes::standard()).unwrap_or(row)
    }

    fn present(
        &mut self,
        class: ClassId,
        lessons: &Lessons,
        row: &AttendanceRow,
        table: &AttendanceTable,
    ) -> Result<Attendance, Fault> {
        let (lesson, pupil) = self.place(class, lessons, &row.at)?;
        let (lesson, cancelled, pupil) = (lesson.id, lesson.cancelled, pupil.account);
        if cancelled {
            return Err((InLesson::NUMBER, RowError::LessonCancelled));
        }
        if table.is_seen(&(pupil, lesson)) {
            return Err((InLesson::PUPIL, RowError::AttendanceDuplicate));
        }
        Ok(Attendance {
            pupil,
            lesson,
            date: row.at.date,
            code: self.texts.get(row.code).into(),
            class: row.class.clone(),
        })
    }

    pub(super) fn homework(
        &mut self,
        class: ClassId,
        lessons: &Lessons,
        stored: &[IndividualHomeworkRow],
        rows: &[&HomeworkRow],
        changes: &mut Changes,
    ) {
        let mut order = Vec::new();
        let mut given: HashMap<(LessonId, AccountId), Given<'_>> = HashMap::new();
        for row in rows {
            match self.place(class, lessons, &row.at) {
                Ok((lesson, pupil)) => {
                    let key = (lesson.id, pupil.account);
                    let given = given.entry(key).or_default();
                    if given.rows.is_empty() {
                        order.push(key);
                    }
                    given.rows.push(row);
                }
                Err((column, error)) => {
                    let file = self.journal.homework.as_ref();
                    let refused = file.map(|f| f.columns.refuse(row.at.line, column, &error));
                    self.refused.extend(refused);
                }
            }
        }
        let covered = self.covered(FileKind::IndividualHomework, class);
        let is_covered =
            |row: &&IndividualHomeworkRow| covered.is_some_and(|days| days.contains(row.date));
        let removed = &mut changes.removed.individual_homework;
        let mut remove = |row: &IndividualHomeworkRow| {
            removed.push((self.school, row.clone()));
        };
        for row in stored {
            match given.get_mut(&(row.lesson, row.pupil)) {
                Some(given) => given.stored.push(row),
                None if is_covered(&row) => remove(row),
                None => {}
            }
        }
        for key in order {
            if let Some(given) = given.remove(&key) {
                let (rows, left) = self.homework_of(key, given);
                left.into_iter().filter(is_covered).for_each(&mut remove);
                changes.individual_homework.extend(rows.into_iter().map(|row| (self.school, row)));
            }
        }
    }

    /// Like marks, homework of one pupil in one lesson has no key: what says the same stays, of
    /// the rest the first row replaces what stands first, and what is left is added.
    /// What is there and no row speaks of comes behind.
    fn homework_of<'g>(
        &self,
        (lesson, pupil): (LessonId, AccountId),
        mut given: Given<'g>,
    ) -> (Vec<IndividualHomeworkRow>, Vec<&'g IndividualHomeworkRow>) {
        given.stored.sort_unstable_by_key(|row| row.position);
        let next = given.stored.last().map_or(0, |row| row.position.saturating_add(1));
        given.rows.retain(|row| {
            let text = self.texts.get(row.text);
            let same = given.stored.iter().position(|stored| stored.homework.text == text);
            same.map(|place| given.stored.remove(place)).is_none()
        });
        if self.adds {
            given.stored.clear();
        }
        let positions = given.stored.iter().map(|stored| stored.position).chain(next..=u16::MAX);
        let rows = given.rows.iter().zip(positions).map(|(row, position)| IndividualHomeworkRow {
            lesson,
            pupil,
            date: row.at.date,
            position,
            homework: Homework {
                text: self.texts.get(row.text).into(),
                due: None,
                materials: Vec::new(),
            },
        });
        let rows: Vec<_> = rows.collect();
        (rows, given.stored.split_off(given.stored.len().min(given.rows.len())))
    }
}
