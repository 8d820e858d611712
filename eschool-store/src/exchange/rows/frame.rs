//! The school, its calendar, terms, bells and timetable.

use chrono::{NaiveTime, Weekday};
use eschool_core::calendar::{Bell, CalendarRule, CalendarSpan, DateRange, Term, TermKind};

use super::{date, lesson_number, whole_number};
use crate::exchange::{
    Refused, Row, RowError, Text, Texts,
    columns::{Column, may, must},
};

pub(in crate::exchange) const SCHOOL: &[Column] =
    &[must("Наименование"), may("Учредитель"), may("Муниципалитет"), may("Часовой пояс")];

/// The school; what a file does not say is none.
#[derive(Clone)]
pub(crate) struct SchoolRow {
    pub(crate) name: String,
    pub(crate) founder: Option<String>,
    pub(crate) municipality: Option<String>,
    pub(crate) time_zone: Option<String>,
}

pub(in crate::exchange) fn school(row: Row<'_>) -> Result<SchoolRow, Refused> {
    row.whole()?;
    let given = |column| Some(row.cell(column)).filter(|cell| !cell.is_empty()).map(String::from);
    Ok(SchoolRow {
        name: row.cell(0).into(),
        founder: given(1),
        municipality: given(2),
        time_zone: given(3),
    })
}

pub(in crate::exchange) const CALENDAR: &[Column] =
    &[must("С"), must("По"), must("Вид"), may("По расписанию"), may("Название")];

pub(in crate::exchange) fn span(row: Row<'_>) -> Result<CalendarSpan, Refused> {
    row.whole()?;
    let from = row.read(0, date)?;
    let to = row.read_given(1, date)?.unwrap_or(from);
    let days = DateRange::new(from, to).map_err(|error| row.refuse(1, &error))?;
    let rule = match row.cell(2).to_lowercase().as_str() {
        "каникулы" => CalendarRule::Vacation,
        "праздник" => CalendarRule::Holiday,
        "учебный" => {
            let follows = row.read_given(3, weekday)?;
            CalendarRule::Working(follows.unwrap_or(chrono::Datelike::weekday(&from)))
        }
        _ => return Err(row.refuse(2, &RowError::CalendarKindUnknown)),
    };
    Ok(CalendarSpan { days, rule, name: row.cell(4).into() })
}

pub(in crate::exchange) const PERIODS: &[Column] =
    &[must("Параллель"), must("Период"), must("Начало"), must("Конец")];

pub(in crate::exchange) fn term(row: Row<'_>) -> Result<Term, Refused> {
    row.whole()?;
    let from = row.read(2, date)?;
    let to = row.read(3, date)?;
    let days = DateRange::new(from, to).map_err(|error| row.refuse(3, &error))?;
    let grade = row.read(0, |cell| {
        whole_number(cell).filter(|grade| (1..=12).contains(grade)).ok_or(RowError::GradeInvalid)
    })?;
    let name = row.read_text(1, RowError::TermMissing)?;
    Ok(Term { grade, name: name.into(), kind: TermKind::of_name(name), days })
}

pub(in crate::exchange) const BELLS: &[Column] = &[must("Урок"), must("Начало"), must("Конец")];

pub(in crate::exchange) fn bell(row: Row<'_>) -> Result<Bell, Refused> {
    row.whole()?;
    let number = row.read_needed(0, RowError::NumberMissing, lesson_number)?;
    let begins = row.read(1, time)?;
    let ends = row.read(2, |cell| {
        time(cell)
            .and_then(|ends| if begins < ends { Ok(ends) } else { Err(RowError::TimeInvalid) })
    })?;
    Ok(Bell { number, begins, ends })
}

pub(in crate::exchange) const TIMETABLE: &[Column] = &[
    must("Класс"),
    must("День"),
    must("Урок"),
    must("Предмет"),
    may("Подгруппа"),
    may("Учитель"),
    may("Кабинет"),
];

/// A lesson of the weekly timetable.
pub(crate) struct TimetableRow {
    pub(crate) line: u32,
    pub(crate) class: Text,
    pub(crate) weekday: Weekday,
    pub(crate) number: u8,
    pub(crate) subject: Text,
    pub(crate) subgroup: Text,
    pub(crate) teacher: Text,
    pub(crate) room: Text,
}

impl TimetableRow {
    /// The column of the class.
    pub(crate) const CLASS: usize = 0;
}

pub(crate) fn timetable_lesson(row: Row<'_>, texts: &mut Texts) -> Result<TimetableRow, Refused> {
    row.whole()?;
    Ok(TimetableRow {
        line: row.line,
        weekday: row.read(1, weekday)?,
        number: row.read_needed(2, RowError::NumberMissing, lesson_number)?,
        subject: texts.keep(row.read_text(3, RowError::SubjectMissing)?),
        class: texts.keep(row.cell(0)),
        subgroup: texts.keep(row.cell(4)),
        teacher: texts.keep(row.cell(5)),
        room: texts.keep(row.cell(6)),
    })
}

/// A day of the week by its first letters: «Пн», «пн.», «Понедельник».
fn weekday(cell: &str) -> Result<Weekday, RowError> {
    match cell.to_lowercase().trim_end_matches('.') {
        "пн" | "понедельник" => Ok(Weekday::Mon),
        "вт" | "вторник" => Ok(Weekday::Tue),
        "ср" | "среда" => Ok(Weekday::Wed),
        "чт" | "четверг" => Ok(Weekday::Thu),
        "пт" | "пятница" => Ok(Weekday::Fri),
        "сб" | "суббота" => Ok(Weekday::Sat),
        "вс" | "воскресенье" => Ok(Weekday::Sun),
        _ => Err(RowError::WeekdayUnknown),
    }
}

fn time(cell: &str) -> Result<NaiveTime, RowError> {
    NaiveTime::parse_from_str(cell, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(cell, "%H:%M:%S"))
        .map_err(|_| RowError::TimeInvalid)
}
