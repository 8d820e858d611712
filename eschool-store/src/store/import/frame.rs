//! The days of a school: calendar, terms, bells, timetable.

use std::{collections::HashSet, hash::Hash};

use eschool_core::{
    calendar::{CalendarRule, CalendarSpan, DateRange, TimetableLesson, school_year},
    id::ClassId,
    identity::fold_name,
    journal::Subgroup,
};

use super::classes::ClassCells;
use crate::{
    backend::SchoolFrame,
    exchange::{FileRows, FrameRows, Refused, Texts, TimetableRow},
};

/// What a frame is made anew with.
pub(super) struct Renewal<'r> {
    pub(super) year: i32,
    /// Whether what the files no longer say of their year goes.
    pub(super) replace: bool,
    pub(super) cells: &'r mut ClassCells,
    pub(super) texts: &'r Texts,
    pub(super) refused: &'r mut Vec<Refused>,
}

impl Renewal<'_> {
    /// The frame as an import leaves it. A row of a file takes the place of what says something of
    /// the same: a span that begins on its day, a term of its name, a bell of its number, a lesson
    /// of its hour. What no row speaks of stays, unless it is to be replaced and is of the year.
    pub(super) fn renew(&mut self, stored: &SchoolFrame, rows: &FrameRows) -> SchoolFrame {
        let year = self.year;
        let elsewhere = |days: DateRange| school_year(days.from()) != year;
        let timetable = rows.timetable.as_ref().map(|file| self.timetable(file));
        let (cells, replace) = (&*self.cells, self.replace);
        SchoolFrame {
            calendar: merged(
                &stored.calendar,
                rows.calendar.as_ref().map(|file| file.rows.clone()),
                |span| (span.days.from(), std::mem::discriminant(&span.rule)),
                |span| elsewhere(span.days) || !replace,
            ),
            terms: merged(
                &stored.terms,
                rows.terms.as_ref().map(|file| file.rows.clone()),
                |term| (school_year(term.days.from()), term.grade, fold_name(&term.name)),
                |term| elsewhere(term.days) || !replace,
            ),
            bells: merged(
                &stored.bells,
                rows.bells.as_ref().map(|file| file.rows.clone()),
                |bell| bell.number,
                |_| !replace,
            ),
            timetable: merged(
                &stored.timetable,
                timetable,
                |lesson| (lesson.class, lesson.weekday, lesson.number, lesson.subgroup.clone()),
                |lesson| cells.name(lesson.class).is_none() || !replace,
            ),
        }
    }

    fn timetable(&mut self, file: &FileRows<TimetableRow>) -> Vec<TimetableLesson> {
        let mut lessons = Vec::with_capacity(file.rows.len());
        for row in &file.rows {
            match self.cells.find(row.class, self.texts) {
                Ok(class) => lessons.push(timetable_lesson(class, row, self.texts)),
                Err(fault) => {
                    let refused = file.columns.refuse(row.line, TimetableRow::CLASS, fault.error());
                    self.refused.push(refused);
                }
            }
        }
        lessons
    }
}

/// The frame of a school that has no classes yet: all but the timetable, which is theirs.
pub(super) fn begun(rows: &FrameRows) -> SchoolFrame {
    fn all<T: Clone>(file: &Option<FileRows<T>>) -> Vec<T> {
        file.as_ref().map_or_else(Vec::new, |file| file.rows.clone())
    }
    SchoolFrame {
        calendar: all(&rows.calendar),
        terms: all(&rows.terms),
        bells: all(&rows.bells),
        timetable: Vec::new(),
    }
}

/// What stays of the stored rows, then the rows of a file; all that is stored, where there is none.
fn merged<T: Clone, K: Eq + Hash>(
    stored: &[T],
    rows: Option<Vec<T>>,
    key: impl Fn(&T) -> K,
    may_stay: impl Fn(&T) -> bool,
) -> Vec<T> {
    let Some(rows) = rows else { return stored.to_vec() };
    let spoken_of: HashSet<K> = rows.iter().map(&key).collect();
    let stays = |row: &&T| may_stay(row) && !spoken_of.contains(&key(row));
    stored.iter().filter(stays).cloned().chain(rows).collect()
}

/// Whether two frames say the same, in whatever order a database gives their rows.
pub(super) fn says_the_same(one: &SchoolFrame, other: &SchoolFrame) -> bool {
    let ordered = |frame: &SchoolFrame| {
        let mut frame = frame.clone();
        frame.calendar.sort_by_cached_key(span_key);
        frame.terms.sort_by_cached_key(|term| (term.grade, term.days, term.name.clone()));
        frame.bells.sort_by_key(|bell| (bell.number, bell.begins, bell.ends));
        frame.timetable.sort_by_cached_key(lesson_key);
        frame
    };
    one == other || ordered(one) == ordered(other)
}

fn span_key(span: &CalendarSpan) -> (DateRange, u8, String) {
    let rule = match span.rule {
        CalendarRule::Working(weekday) => weekday as u8,
        CalendarRule::Vacation => 7,
        CalendarRule::Holiday => 8,
        CalendarRule::Unknown(_) => 9,
    };
    (span.days, rule, span.name.clone())
}

fn lesson_key(lesson: &TimetableLesson) -> impl Ord + use<> {
    let TimetableLesson { class, subgroup, weekday, number, subject, teacher, room } =
        lesson.clone();
    (class, weekday as u8, number, subgroup, subject, teacher, room)
}

fn timetable_lesson(class: ClassId, row: &TimetableRow, texts: &Texts) -> TimetableLesson {
    let subgroup = texts.get(row.subgroup);
    TimetableLesson {
        class,
        subgroup: (!subgroup.is_empty()).then(|| Subgroup(subgroup.into())),
        weekday: row.weekday,
        number: row.number,
        subject: texts.get(row.subject).into(),
        teacher: texts.get(row.teacher).into(),
        room: texts.get(row.room).into(),
    }
}
