//! A week of the diary.

use chrono::{Datelike as _, Days, NaiveDate};
use eschool_core::{
    calendar::{DateRange, DayKind},
    diary::{Diary, DiaryDay},
};

use super::{NBSP, date, lesson::LessonView};

/// A week as two pages of a paper diary: Monday to Wednesday, Thursday to Sunday.
pub(crate) struct WeekView {
    /// «16–22 ноября 2026».
    pub(crate) title: String,
    /// A day of the week before, for its link.
    pub(crate) previous: Option<NaiveDate>,
    /// A day of the week after.
    pub(crate) next: Option<NaiveDate>,
    /// Whether today is in it.
    pub(crate) is_this_week: bool,
    /// The first day, for the field that asks for a date.
    pub(crate) first: NaiveDate,
    /// The days with lessons, for links that lead to them.
    pub(crate) days: Vec<DayLink>,
    /// The two pages; one where the whole week is alike.
    pub(crate) pages: Vec<Vec<Block>>,
}

/// A link to a day further down the page.
pub(crate) struct DayLink {
    /// The date.
    pub(crate) date: NaiveDate,
    /// «пн».
    pub(crate) weekday_short: &'static str,
    /// «понедельник».
    pub(crate) weekday: &'static str,
    /// «16».
    pub(crate) number: u32,
    /// «16 ноября».
    pub(crate) day: String,
    /// Whether it is today.
    pub(crate) is_today: bool,
}

/// A day with lessons, or neighbouring days without.
pub(crate) enum Block {
    /// A day of its own.
    Day(DayView),
    /// Days that are alike and without lessons: a weekend, a vacation.
    Rest(RestView),
}

/// Days without lessons.
pub(crate) struct RestView {
    /// «Суббота и воскресенье».
    pub(crate) weekdays: String,
    /// «21–22 ноября».
    pub(crate) days: String,
    /// «выходные», «осенние каникулы», «День народного единства».
    pub(crate) label: String,
    /// Whether today is one of them.
    pub(crate) has_today: bool,
    /// The style: `weekend`, `vacation`, `holiday`.
    pub(crate) style: &'static str,
}

/// A day with lessons.
pub(crate) struct DayView {
    /// The date, for identifiers and `datetime`.
    pub(crate) date: NaiveDate,
    /// «Понедельник».
    pub(crate) weekday: String,
    /// «16 ноября».
    pub(crate) day: String,
    /// Whether it is today.
    pub(crate) is_today: bool,
    /// What the calendar calls it, as in «рабочая суббота».
    pub(crate) name: Option<String>,
    /// Whether every lesson comes from the timetable.
    pub(crate) planned: bool,
    /// The lessons.
    pub(crate) lessons: Vec<LessonView>,
}

impl WeekView {
    /// The diary of a week, as of today.
    pub(crate) fn of(diary: Diary, today: NaiveDate) -> Self {
        let (first, last) = (diary.range.from(), diary.range.to());
        let days = diary.days.iter().filter(|day| !is_rest(day)).map(|day| DayLink {
            date: day.date,
            weekday_short: date::weekday_short(day.date),
            weekday: date::weekday(day.date),
            number: day.date.day(),
            day: date::day_month(day.date),
            is_today: day.date == today,
        });
        let days = days.collect();
        let mut pages = vec![Vec::new(), Vec::new()];
        let right = first.checked_add_days(Days::new(3)).unwrap_or(NaiveDate::MAX);
        for run in runs(diary.days) {
            if let Some(page) = pages.get_mut(usize::from(right <= run.first)) {
                page.push(Block::of(run, today));
            }
        }
        pages.retain(|page| !page.is_empty());
        Self {
            title: date::span_with_year(diary.range),
            previous: first.checked_sub_days(Days::new(7)),
            next: last.checked_add_days(Days::new(1)),
            is_this_week: diary.range.contains(today),
            first,
            days,
            pages,
        }
    }
}

/// Neighbouring days that are shown as one; nearly always it is one.
struct Run {
    first: NaiveDate,
    last: DiaryDay,
}

/// Days one by one, but neighbours without lessons that are called alike together.
fn runs(days: Vec<DiaryDay>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for day in days {
        let joins = |run: &&mut Run| {
            is_rest(&day) && run.last.kind == day.kind && run.last.name == day.name
        };
        match runs.last_mut().filter(joins) {
            Some(run) => run.last = day,
            None => runs.push(Run { first: day.date, last: day }),
        }
    }
    runs
}

fn is_rest(day: &DiaryDay) -> bool {
    day.kind != DayKind::Ordinary && day.entries.is_empty()
}

impl Block {
    fn of(Run { first, last }: Run, today: NaiveDate) -> Self {
        if is_rest(&last) {
            Self::Rest(RestView::of(first, last, today))
        } else {
            Self::Day(DayView::of(last, today))
        }
    }
}

impl RestView {
    fn of(first: NaiveDate, last: DiaryDay, today: NaiveDate) -> Self {
        let (label, style) = match &last.kind {
            DayKind::Weekend => ("выходной", "weekend"),
            DayKind::Vacation => ("каникулы", "vacation"),
            DayKind::Holiday => ("праздник", "holiday"),
            DayKind::Ordinary | DayKind::Unknown(_) => ("уроков нет", "weekend"),
        };
        let several = first != last.date;
        let label = if several && label == "выходной" { "выходные" } else { label };
        let days = DateRange::new(first, last.date).unwrap_or(DateRange::day(last.date));
        let weekdays = match days.len_days() {
            1 => date::weekday(first).to_owned(),
            2 => format!("{} и{NBSP}{}", date::weekday(first), date::weekday(last.date)),
            _ => format!("{}{NBSP}– {}", date::weekday(first), date::weekday(last.date)),
        };
        Self {
            weekdays: date::capitalised(&weekdays),
            days: date::span(days),
            label: last.name.unwrap_or_else(|| label.into()),
            has_today: days.contains(today),
            style,
        }
    }
}

impl DayView {
    fn of(day: DiaryDay, today: NaiveDate) -> Self {
        let planned = !day.entries.is_empty() && day.entries.iter().all(|entry| entry.planned);
        Self {
            date: day.date,
            weekday: date::capitalised(date::weekday(day.date)),
            day: date::day_month(day.date),
            is_today: day.date == today,
            name: day.name,
            planned,
            lessons: day
                .entries
                .into_iter()
                .map(|entry| LessonView::of(entry, planned, day.date <= today))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests;
