//! lessons, homework, marks, attendance, final marks.

use std::collections::HashMap;

use chrono::NaiveDate;
use eschool_core::{
    calendar::school_year,
    id::{AccountId, LessonId},
    journal::{ClassName, FinalKind, FinalMark, Lesson},
};

use super::{
    Export, ExportError, Files,
    rows::{Rows, date, flag, text},
};
use crate::{
    backend::{ClassJournal, SchoolFrame},
    exchange::{FileKind, Table},
};

/// Where a row about one pupil in one lesson stands.
type Key<'a> = (NaiveDate, &'a ClassName, u8, &'a str, String, String);

/// A lesson and its class.
type Found<'a> = (&'a ClassName, &'a Lesson);

impl<'a> Export<'a> {
    /// The journals of the year's classes.
    pub(super) fn journals(
        &self,
        journals: &[(&'a ClassName, ClassJournal)],
        files: &mut Files,
    ) -> Result<(), ExportError> {
        let lessons = journals.iter().flat_map(|(class, journal)| {
            journal.lessons.iter().map(move |lesson| (lesson.id, (*class, lesson)))
        });
        let lessons: HashMap<LessonId, Found<'_>> = lessons.collect();
        files.put(FileKind::Lessons, self.lessons(&lessons))?;
        files.put(FileKind::IndividualHomework, self.homework(journals, &lessons))?;
        files.put(FileKind::Marks, self.marks(journals, &lessons))?;
        files.put(FileKind::Attendance, self.attendance(journals, &lessons))
    }

    fn lessons(&self, lessons: &HashMap<LessonId, Found<'_>>) -> Table {
        let mut rows = Rows::new(FileKind::Lessons);
        for (class, lesson) in lessons.values() {
            let part = text(lesson.subgroup.as_ref());
            let homework = lesson.homework.as_ref().map(|homework| homework.text.as_str());
            let cells = [
                date(lesson.date),
                class.to_string(),
                part.clone(),
                lesson.number.to_string(),
                lesson.subject.clone(),
                text(lesson.instead_of.as_ref()),
                flag(lesson.cancelled),
                flag(lesson.distant),
                lesson.teacher.clone(),
                lesson.room.clone(),
                text(lesson.topic.as_ref()),
                text(homework),
            ];
            rows.push((lesson.date, *class, lesson.number, part), cells);
        }
        rows.into_table()
    }

    /// Where a pupil's row of a lesson stands, and the cells it begins with.
    fn place<'l>(
        &self,
        lessons: &HashMap<LessonId, Found<'l>>,
        lesson: LessonId,
        pupil: AccountId,
    ) -> Option<(Key<'l>, [String; 5])> {
        let (class, lesson) = *lessons.get(&lesson)?;
        let pupil = self.names.get(&pupil)?.to_string();
        let cells = [
            date(lesson.date),
            class.to_string(),
            lesson.number.to_string(),
            lesson.subject.clone(),
            pupil.clone(),
        ];
        let part = text(lesson.subgroup.as_ref());
        Some(((lesson.date, class, lesson.number, lesson.subject.as_str(), part, pupil), cells))
    }

    fn homework(
        &self,
        journals: &[(&ClassName, ClassJournal)],
        lessons: &HashMap<LessonId, Found<'_>>,
    ) -> Table {
        let mut rows = Rows::new(FileKind::IndividualHomework);
        for row in journals.iter().flat_map(|(_, journal)| &journal.individual_homework) {
            let Some((key, cells)) = self.place(lessons, row.lesson, row.pupil) else { continue };
            rows.push((key, row.position), cells.into_iter().chain([row.homework.text.clone()]));
        }
        rows.into_table()
    }

    fn marks(
        &self,
        journals: &[(&ClassName, ClassJournal)],
        lessons: &HashMap<LessonId, Found<'_>>,
    ) -> Table {
        let mut rows = Rows::new(FileKind::Marks);
        // A mark may be for work of the class that the pupil was in before.
        let works = journals.iter().flat_map(|(_, journal)| {
            journal.works.iter().chain(&journal.former_works).map(|work| (work.id, work))
        });
        let works: HashMap<_, _> = works.collect();
        for (_, journal) in journals {
            for mark in &journal.marks {
                let Some((key, cells)) = self.place(lessons, mark.lesson, mark.pupil) else {
                    continue;
                };
                let Some(work) = works.get(&mark.work) else { continue };
                let rest = [
                    mark.value.to_string(),
                    work.kind.0.clone(),
                    work.title.clone(),
                    work.weight.to_string(),
                    text(mark.comment.as_ref()),
                ];
                // Identifiers grow with time: in the order they were given.
                rows.push((key, mark.id), cells.into_iter().chain(rest));
            }
        }
        rows.into_table()
    }

    fn attendance(
        &self,
        journals: &[(&ClassName, ClassJournal)],
        lessons: &HashMap<LessonId, Found<'_>>,
    ) -> Table {
        let mut rows = Rows::new(FileKind::Attendance);
        for row in journals.iter().flat_map(|(_, journal)| &journal.attendance) {
            let Some((key, cells)) = self.place(lessons, row.lesson, row.pupil) else { continue };
            rows.push((key, row.code.clone()), cells.into_iter().chain([row.code.clone()]));
        }
        rows.into_table()
    }

    /// Final marks of the year, each under the pupil's last class in it.
    pub(super) fn finals(&self, finals: &[FinalMark], frame: &SchoolFrame) -> Table {
        let stays = self.stays();
        let mut rows = Rows::new(FileKind::Finals);
        for mark in finals.iter().filter(|mark| mark.year == self.year) {
            let class = stays.get(&mark.pupil).and_then(|stays| stays.last());
            let class = class.and_then(|stay| self.classes.get(&stay.class));
            let (Some(class), Some(pupil)) = (class, self.names.get(&mark.pupil)) else { continue };
            let begins = frame.terms.iter().find(|term| {
                term.grade == class.grade()
                    && term.name == mark.term
                    && school_year(term.days.from()) == self.year
            });
            let (rank, period) = match &mark.kind {
                FinalKind::Term => (0, mark.term.as_str()),
                FinalKind::Year => (1, "год"),
                FinalKind::Exam => (2, "экзамен"),
                FinalKind::Final => (3, "итоговая"),
                // Of a kind that a newer version wrote the file cannot speak.
                FinalKind::Unknown(_) => continue,
            };
            let cells = [
                class.to_string(),
                pupil.to_string(),
                mark.subject.clone(),
                period.into(),
                mark.value.to_string(),
            ];
            let begins = begins.map(|term| term.days.from());
            let key = (*class, pupil.to_string(), mark.subject.clone(), rank, begins, period);
            rows.push((key, mark.value.clone()), cells);
        }
        rows.into_table()
    }
}
