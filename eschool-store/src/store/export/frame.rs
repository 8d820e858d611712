//! calendar, periods, bells, timetable.

use eschool_core::calendar::{CalendarRule, DateRange, school_year};

use super::{
    Export, ExportError, Files,
    rows::{Rows, date, text, time, weekday},
};
use crate::{backend::SchoolFrame, exchange::FileKind};

impl Export<'_> {
    /// What the year's days are made of, whoever has them.
    pub(super) fn frame(&self, frame: &SchoolFrame, files: &mut Files) -> Result<(), ExportError> {
        let of_year = |days: DateRange| school_year(days.from()) == self.year;
        let mut calendar = Rows::new();
        for span in frame.calendar.iter().filter(|span| of_year(span.days)) {
            let (kind, follows) = match &span.rule {
                CalendarRule::Vacation => ("каникулы", ""),
                CalendarRule::Holiday => ("праздник", ""),
                CalendarRule::Working(day) => ("учебный", weekday(*day)),
                // Of a rule that a newer version wrote the file cannot speak.
                CalendarRule::Unknown(_) => continue,
            };
            let (from, to) = (span.days.from(), span.days.to());
            let cells = [date(from), date(to), kind.into(), follows.into(), span.name.clone()];
            calendar.push((from, to, cells.clone()), cells);
        }
        files.put(FileKind::Calendar, calendar.in_order())?;

        let mut periods = Rows::new();
        for term in frame.terms.iter().filter(|term| of_year(term.days)) {
            let (from, to) = (term.days.from(), term.days.to());
            let cells = [term.grade.to_string(), term.name.clone(), date(from), date(to)];
            periods.push((term.grade, from, to, term.name.clone()), cells);
        }
        files.put(FileKind::Periods, periods.in_order())?;

        let mut bells = Rows::new();
        for bell in &frame.bells {
            let cells = [bell.number.to_string(), time(bell.begins), time(bell.ends)];
            bells.push((bell.number, bell.begins, bell.ends), cells);
        }
        files.put(FileKind::Bells, bells.in_order())
    }

    /// The weekly timetable of the year's classes.
    pub(super) fn timetable(&self, frame: &SchoolFrame) -> impl Iterator<Item = [String; 7]> {
        let mut rows = Rows::new();
        for lesson in &frame.timetable {
            let Some(class) = self.classes.get(&lesson.class) else { continue };
            let part = text(lesson.subgroup.as_ref());
            let cells = [
                class.to_string(),
                weekday(lesson.weekday).into(),
                lesson.number.to_string(),
                lesson.subject.clone(),
                part.clone(),
                lesson.teacher.clone(),
                lesson.room.clone(),
            ];
            let day = lesson.weekday.number_from_monday();
            rows.push((*class, day, lesson.number, part, cells.clone()), cells);
        }
        rows.in_order()
    }
}
