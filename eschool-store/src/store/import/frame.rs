//! The days of a school: calendar, terms, bells, timetable.

use eschool_core::{
    calendar::{CalendarRule, CalendarSpan, DateRange, TimetableLesson, school_year},
    id::ClassId,
    journal::Subgroup,
};

use super::classes::ClassCells;
use crate::{
    backend::SchoolFrame,
    exchange::{FileRows, FrameRows, Refused, Texts, TimetableRow},
};

/// The frame as an import leaves it: of its school year what the files say, of other years what was
/// there. Without a timetable file the timetable stays.
pub(super) fn merged(
    stored: &SchoolFrame,
    rows: FrameRows,
    year: i32,
    cells: &mut ClassCells,
    texts: &Texts,
    refused: &mut Vec<Refused>,
) -> SchoolFrame {
    let elsewhere = |days: DateRange| school_year(days.from()) != year;
    let spans = stored.calendar.iter().filter(|span| elsewhere(span.days)).cloned();
    let terms = stored.terms.iter().filter(|term| elsewhere(term.days)).cloned();
    let timetable = match rows.timetable {
        None => stored.timetable.clone(),
        Some(file) => {
            let lessons = timetable(file, cells, texts, refused);
            let others =
                stored.timetable.iter().filter(|lesson| cells.name(lesson.class).is_none());
            others.cloned().chain(lessons).collect()
        }
    };
    SchoolFrame {
        calendar: spans.chain(rows.calendar).collect(),
        terms: terms.chain(rows.terms).collect(),
        bells: rows.bells,
        timetable,
    }
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

fn timetable(
    file: FileRows<TimetableRow>,
    cells: &mut ClassCells,
    texts: &Texts,
    refused: &mut Vec<Refused>,
) -> Vec<TimetableLesson> {
    let mut lessons = Vec::with_capacity(file.rows.len());
    for row in file.rows {
        match cells.find(row.class, texts) {
            Ok(class) => lessons.push(timetable_lesson(class, &row, texts)),
            Err(fault) => {
                refused.push(file.columns.refuse(row.line, TimetableRow::CLASS, fault.error()));
            }
        }
    }
    lessons
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
