//! lessons.csv: the lessons of one class.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use eschool_core::{
    id::{ClassId, LessonId},
    journal::{Homework, Lesson, Subgroup},
};

use super::Judge;
use crate::{
    exchange::{InLesson, LessonRow, RowError, Text},
    store::import::pupil_index::Pupil,
};

/// The lessons of one class by day and number, with what an import changes in them.
pub(super) struct Lessons {
    rows: Vec<Lesson>,
    /// A class has several at one hour only where it is divided.
    by_hour: HashMap<(NaiveDate, u8), Vec<usize>>,
    seen: HashSet<usize>,
    changed: Vec<usize>,
}

impl Lessons {
    pub(super) fn new(stored: Vec<Lesson>) -> Self {
        let mut by_hour: HashMap<_, Vec<_>> = HashMap::with_capacity(stored.len());
        for (place, lesson) in stored.iter().enumerate() {
            by_hour.entry((lesson.date, lesson.number)).or_default().push(place);
        }
        Self { rows: stored, by_hour, seen: HashSet::new(), changed: Vec::new() }
    }

    fn at(&self, date: NaiveDate, number: u8) -> impl Iterator<Item = (usize, &Lesson)> {
        let places = self.by_hour.get(&(date, number)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| Some((*place, self.rows.get(*place)?)))
    }

    /// The pupil's lesson of a subject at an hour. A replacement is held in the parts of the class
    /// that the replaced subject has.
    pub(super) fn of_pupil(
        &self,
        pupil: &Pupil,
        date: NaiveDate,
        number: u8,
        subject: &str,
    ) -> Option<&Lesson> {
        let is_own = |lesson: &Lesson| {
            let divided_for = lesson.instead_of.as_ref().unwrap_or(&lesson.subject);
            lesson
                .subgroup
                .as_ref()
                .is_none_or(|part| pupil.is_in_part(lesson.class, part, divided_for, lesson.date))
        };
        self.at(date, number)
            .map(|(_, lesson)| lesson)
            .find(|lesson| lesson.subject == subject && is_own(lesson))
    }

    /// The lessons that the import did not speak of.
    pub(super) fn unseen(&self) -> impl Iterator<Item = &Lesson> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(place, _)| !self.seen.contains(place)).map(|(_, lesson)| lesson)
    }

    /// The lessons that are new or different.
    pub(super) fn into_changes(self) -> impl Iterator<Item = Lesson> {
        let changed: HashSet<_> = self.changed.into_iter().collect();
        let rows = self.rows.into_iter().enumerate();
        rows.filter_map(move |(place, lesson)| changed.contains(&place).then_some(lesson))
    }
}

impl Judge<'_> {
    pub(super) fn lessons(&mut self, class: ClassId, lessons: &mut Lessons, rows: &[&LessonRow]) {
        for row in rows {
            match self.lesson(class, lessons, row) {
                Ok(()) => self.counts.lessons += 1,
                Err(error) => {
                    let columns = self.journal.lessons.as_ref().map(|file| &file.columns);
                    let refused =
                        columns.map(|file| file.refuse(row.line, InLesson::NUMBER, &error));
                    self.refused.extend(refused);
                }
            }
        }
    }

    fn lesson(
        &mut self,
        class: ClassId,
        lessons: &mut Lessons,
        row: &LessonRow,
    ) -> Result<(), RowError> {
        let part = self.texts.get(row.subgroup);
        let same = |lesson: &Lesson| lesson.subgroup.as_ref().map_or("", |s| &s.0) == part;
        let place = lessons.at(row.date, row.number).find(|(_, l)| same(l)).map(|(at, _)| at);
        if let Some(place) = place {
            if !lessons.seen.insert(place) {
                return Err(RowError::LessonDuplicate);
            }
            if let Some(lesson) = lessons.rows.get_mut(place)
                && self.corrects(row, lesson)
            {
                lesson.written_at = self.now;
                lessons.changed.push(place);
            }
            return Ok(());
        }
        let mut lesson = Lesson {
            id: LessonId(self.ambient.new_id()),
            class,
            subgroup: (!part.is_empty()).then(|| Subgroup(part.into())),
            date: row.date,
            number: row.number,
            subject: String::new(),
            instead_of: None,
            cancelled: false,
            distant: false,
            teacher: String::new(),
            room: String::new(),
            topic: None,
            homework: None,
            written_at: self.now,
        };
        self.corrects(row, &mut lesson);
        let place = lessons.rows.len();
        lessons.by_hour.entry((row.date, row.number)).or_default().push(place);
        lessons.seen.insert(place);
        lessons.changed.push(place);
        lessons.rows.push(lesson);
        Ok(())
    }

    /// Puts into a lesson what the row says, and tells whether it said something else before.
    fn corrects(&self, row: &LessonRow, lesson: &mut Lesson) -> bool {
        let text = |text: Text| self.texts.get(text);
        let mut differs = put(&mut lesson.subject, text(row.subject));
        if let Some(subject) = row.instead_of {
            differs |= put_some(&mut lesson.instead_of, text(subject));
        }
        if let Some(cancelled) = row.cancelled {
            differs |= std::mem::replace(&mut lesson.cancelled, cancelled) != cancelled;
        }
        if let Some(distant) = row.distant {
            differs |= std::mem::replace(&mut lesson.distant, distant) != distant;
        }
        if let Some(teacher) = row.teacher {
            differs |= put(&mut lesson.teacher, text(teacher));
        }
        if let Some(room) = row.room {
            differs |= put(&mut lesson.room, text(room));
        }
        if let Some(topic) = row.topic {
            differs |= put_some(&mut lesson.topic, text(topic));
        }
        if let Some(homework) = row.homework {
            differs |= put_homework(&mut lesson.homework, text(homework));
        }
        differs
    }
}

fn put(field: &mut String, text: &str) -> bool {
    let differs = field != text;
    if differs {
        text.clone_into(field);
    }
    differs
}

fn put_some(field: &mut Option<String>, text: &str) -> bool {
    let text = Some(text).filter(|text| !text.is_empty());
    let differs = field.as_deref() != text;
    if differs {
        *field = text.map(String::from);
    }
    differs
}

/// A file knows the text alone: of homework that says the same, day and materials stay.
fn put_homework(field: &mut Option<Homework>, text: &str) -> bool {
    let text = Some(text).filter(|text| !text.is_empty());
    let differs = field.as_ref().map(|homework| homework.text.as_str()) != text;
    if differs {
        *field = text.map(|text| Homework { text: text.into(), due: None, materials: Vec::new() });
    }
    differs
}
