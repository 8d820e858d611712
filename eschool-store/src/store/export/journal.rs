//! lessons, homework, marks, attendance, final marks.

use std::collections::HashMap;

use chrono::NaiveDate;
use eschool_core::{
    calendar::school_year,
    id::{AccountId, LessonId},
    journal::{ClassName, FinalKind, FinalMark, Lesson, Subgroup},
};

use super::{
    Export, ExportError, Files,
    rows::{Rows, date, flag, text},
};
use crate::{
    backend::{ClassJournal, SchoolFrame},
    exchange::FileKind,
};

/// The journals of the year's classes.
type Journals<'a> = [(&'a ClassName, ClassJournal)];

/// The lessons that rows are about, each with its class.
type Lessons<'a> = HashMap<LessonId, (&'a ClassName, &'a Lesson)>;

/// Where a row about one pupil in one lesson stands; in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    date: NaiveDate,
    class: &'a ClassName,
    number: u8,
    subject: &'a str,
    part: Option<&'a Subgroup>,
    pupil: &'a str,
}

impl Place<'_> {
    /// The cells that a row begins with.
    fn cells(&self) -> [String; 5] {
        let Self { date: day, class, number, subject, pupil, .. } = *self;
        [date(day), class.to_string(), number.to_string(), subject.into(), pupil.into()]
    }
}

impl Export<'_> {
    /// The journals of the year's classes.
    pub(super) fn journals(
        &self,
        journals: &Journals<'_>,
        files: &mut Files,
    ) -> Result<(), ExportError> {
        let lessons = journals.iter().flat_map(|(class, journal)| {
            journal.lessons.iter().map(move |lesson| (lesson.id, (*class, lesson)))
        });
        let lessons: Lessons<'_> = lessons.collect();
        files.put(FileKind::Lessons, lesson_rows(&lessons))?;
        files.put(FileKind::IndividualHomework, self.homework(journals, &lessons))?;
        files.put(FileKind::Marks, self.marks(journals, &lessons))?;
        files.put(FileKind::Attendance, self.attendance(journals, &lessons))
    }

    fn place<'l>(
        &'l self,
        lessons: &Lessons<'l>,
        lesson: LessonId,
        pupil: AccountId,
    ) -> Option<Place<'l>> {
        let (class, lesson) = *lessons.get(&lesson)?;
        Some(Place {
            date: lesson.date,
            class,
            number: lesson.number,
            subject: &lesson.subject,
            part: lesson.subgroup.as_ref(),
            pupil: self.written.get(&pupil)?,
        })
    }

    fn homework<'l>(
        &'l self,
        journals: &'l Journals<'l>,
        lessons: &Lessons<'l>,
    ) -> impl Iterator<Item = [String; 6]> + use<'l> {
        let mut rows = Rows::new();
        for row in journals.iter().flat_map(|(_, journal)| &journal.individual_homework) {
            let Some(place) = self.place(lessons, row.lesson, row.pupil) else { continue };
            rows.push((place, row.position), (place, &row.homework.text));
        }
        rows.in_order().map(|(place, homework): (Place<'_>, &String)| {
            let [day, class, number, subject, pupil] = place.cells();
            [day, class, number, subject, pupil, homework.clone()]
        })
    }

    fn marks<'l>(
        &'l self,
        journals: &'l Journals<'l>,
        lessons: &Lessons<'l>,
    ) -> impl Iterator<Item = [String; 10]> + use<'l> {
        // A mark may be for work of the class that the pupil was in before.
        let works = journals.iter().flat_map(|(_, journal)| {
            journal.works.iter().chain(&journal.former_works).map(|work| (work.id, work))
        });
        let works: HashMap<_, _> = works.collect();
        let mut rows = Rows::new();
        for mark in journals.iter().flat_map(|(_, journal)| &journal.marks) {
            let (Some(place), Some(work)) =
                (self.place(lessons, mark.lesson, mark.pupil), works.get(&mark.work))
            else {
                continue;
            };
            // Identifiers grow with time: in the order they were given.
            rows.push((place, mark.id), (place, mark, *work));
        }
        rows.in_order().map(|(place, mark, work)| {
            let [day, class, number, subject, pupil] = place.cells();
            let (value, kind, title) = (mark.value.to_string(), &work.kind.0, &work.title);
            let (weight, comment) = (work.weight.to_string(), text(mark.comment.as_ref()));
            let (kind, title) = (kind.clone(), title.clone());
            [day, class, number, subject, pupil, value, kind, title, weight, comment]
        })
    }

    fn attendance<'l>(
        &'l self,
        journals: &'l Journals<'l>,
        lessons: &Lessons<'l>,
    ) -> impl Iterator<Item = [String; 6]> + use<'l> {
        let mut rows = Rows::new();
        for row in journals.iter().flat_map(|(_, journal)| &journal.attendance) {
            let Some(place) = self.place(lessons, row.lesson, row.pupil) else { continue };
            rows.push((place, &row.code), (place, &row.code));
        }
        rows.in_order().map(|(place, code): (Place<'_>, &String)| {
            let [day, class, number, subject, pupil] = place.cells();
            [day, class, number, subject, pupil, code.clone()]
        })
    }

    /// Final marks of the year, each under the pupil's last class in it.
    pub(super) fn finals(
        &self,
        finals: &[FinalMark],
        frame: &SchoolFrame,
    ) -> impl Iterator<Item = [String; 5]> {
        let stays = self.stays();
        let mut rows = Rows::new();
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
        rows.in_order()
    }
}

fn lesson_rows<'l>(lessons: &Lessons<'l>) -> impl Iterator<Item = [String; 12]> + use<'l> {
    let mut rows = Rows::new();
    for (class, lesson) in lessons.values().copied() {
        rows.push((lesson.date, class, lesson.number, &lesson.subgroup), (class, lesson));
    }
    rows.in_order().map(|(class, lesson)| {
        [
            date(lesson.date),
            class.to_string(),
            text(lesson.subgroup.as_ref()),
            lesson.number.to_string(),
            lesson.subject.clone(),
            text(lesson.instead_of.as_ref()),
            flag(lesson.cancelled),
            flag(lesson.distant),
            lesson.teacher.clone(),
            lesson.room.clone(),
            text(lesson.topic.as_ref()),
            text(lesson.homework.as_ref().map(|homework| homework.text.as_str())),
        ]
    })
}
