//! The school year: its quarters, vacations and holidays, and which days have lessons.

use chrono::{Datelike, Months, NaiveDate, TimeDelta, Weekday};

/// A school year (учебный год), from 1 September to the last Friday of May.
pub(super) struct SchoolYear {
    /// 1 September.
    pub(super) first: NaiveDate,
    /// The last day of lessons.
    pub(super) last: NaiveDate,
    /// The quarters, the same for every year of study.
    pub(super) terms: [Term; 4],
    /// What makes a day other than its weekday says.
    pub(super) exceptions: Vec<Exception>,
}

/// A quarter (четверть); both ends belong to it.
pub(super) struct Term {
    pub(super) name: &'static str,
    pub(super) begins: NaiveDate,
    pub(super) ends: NaiveDate,
}

/// Days that are not what their weekdays say; both ends belong to them.
pub(super) struct Exception {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) kind: ExceptionKind,
    pub(super) name: &'static str,
}

/// What such days are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ExceptionKind {
    /// Каникулы.
    Vacation,
    /// Праздник.
    Holiday,
    /// A Saturday with the lessons of this weekday, counted from Monday (рабочая суббота).
    Working(usize),
}

impl SchoolYear {
    /// The school year that holds this day; in summer the one that has ended.
    pub(super) fn of(day: NaiveDate) -> Self {
        let autumn = if day.month() < 9 { day.year() - 1 } else { day.year() };
        let spring = autumn + 1;
        let first = on(autumn, 9, 1);
        let working = on_or_after(on(autumn, 9, 20), Weekday::Sat);
        let autumn_break = on_or_after(on(autumn, 10, 25), Weekday::Sat);
        let winter_break = on(autumn, 12, 30);
        // a single Friday between vacation and weekend is given away
        let winter_end = match on(spring, 1, 8) {
            thursday if thursday.weekday() == Weekday::Thu => plus(thursday, 3),
            other => other,
        };
        let spring_break = on_or_after(on(spring, 3, 21), Weekday::Sat);
        let last = on_or_after(on(spring, 5, 25), Weekday::Fri);

        let term = |name, begins, ends| Term { name, begins, ends };
        let day_off = |month, day, name| {
            let year = if month < 9 { spring } else { autumn };
            let from = on(year, month, day);
            Exception { from, to: observed_until(from), kind: ExceptionKind::Holiday, name }
        };
        let span = |from, to, kind, name| Exception { from, to, kind, name };
        let vacation = |from, to, name| span(from, to, ExceptionKind::Vacation, name);
        Self {
            first,
            last,
            terms: [
                term("1 четверть", first, plus(autumn_break, -1)),
                term("2 четверть", plus(autumn_break, 9), plus(winter_break, -1)),
                term("3 четверть", plus(winter_end, 1), plus(spring_break, -1)),
                term("4 четверть", plus(spring_break, 9), last),
            ],
            exceptions: vec![
                span(working, working, ExceptionKind::Working(0), "рабочая суббота"),
                vacation(autumn_break, plus(autumn_break, 8), "осенние каникулы"),
                day_off(11, 4, "День народного единства"),
                vacation(winter_break, winter_end, "зимние каникулы"),
                span(
                    on(spring, 1, 1),
                    on(spring, 1, 8),
                    ExceptionKind::Holiday,
                    "новогодние праздники",
                ),
                day_off(2, 23, "День защитника Отечества"),
                day_off(3, 8, "Международный женский день"),
                vacation(spring_break, plus(spring_break, 8), "весенние каникулы"),
                day_off(5, 1, "Праздник Весны и Труда"),
                day_off(5, 9, "День Победы"),
                vacation(plus(last, 1), on(spring, 8, 31), "летние каникулы"),
            ],
        }
    }

    /// The weekday, counted from Monday, whose timetable this day follows; none without lessons.
    pub(super) fn timetable_of(&self, day: NaiveDate) -> Option<usize> {
        let kinds = || {
            let holding = self.exceptions.iter().filter(|e| e.from <= day && day <= e.to);
            holding.map(|exception| exception.kind)
        };
        if day < self.first
            || day > self.last
            || kinds().any(|kind| matches!(kind, ExceptionKind::Holiday | ExceptionKind::Vacation))
        {
            return None;
        }
        let followed = kinds().find_map(|kind| match kind {
            ExceptionKind::Working(weekday) => Some(weekday),
            ExceptionKind::Holiday | ExceptionKind::Vacation => None,
        });
        let own = usize::try_from(day.weekday().num_days_from_monday()).ok();
        followed.or_else(|| own.filter(|weekday| *weekday < 5))
    }

    /// The days with lessons, each with the weekday whose timetable it follows.
    pub(super) fn school_days(&self) -> impl Iterator<Item = (NaiveDate, usize)> {
        let days = self.first.iter_days().take_while(|day| *day <= self.last);
        days.filter_map(|day| self.timetable_of(day).map(|weekday| (day, weekday)))
    }

    /// The term that holds this day.
    pub(super) fn term_of(&self, day: NaiveDate) -> Option<&Term> {
        self.terms.iter().find(|term| term.begins <= day && day <= term.ends)
    }
}

/// A day that every year has.
pub(super) fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The day so many days later.
pub(super) fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day)
}

/// The day so many months earlier, or the last of that month.
pub(super) fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

fn on_or_after(day: NaiveDate, weekday: Weekday) -> NaiveDate {
    plus(day, weekday.days_since(day.weekday()).into())
}

/// A holiday on a weekend takes the Monday after it.
fn observed_until(holiday: NaiveDate) -> NaiveDate {
    match holiday.weekday() {
        Weekday::Sat | Weekday::Sun => on_or_after(holiday, Weekday::Mon),
        _ => holiday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_belongs_to_the_year_that_ended() {
        for (day, first) in [
            (on(2025, 9, 1), on(2025, 9, 1)),
            (on(2026, 5, 31), on(2025, 9, 1)),
            (on(2026, 8, 31), on(2025, 9, 1)),
            (on(2026, 1, 1), on(2025, 9, 1)),
        ] {
            assert_eq!(SchoolYear::of(day).first, first, "{day}");
        }
    }

    #[test]
    fn days_are_what_the_calendar_says() {
        let year = SchoolYear::of(on(2025, 10, 1));
        for (day, timetable) in [
            (on(2025, 9, 1), Some(0)),
            (on(2025, 9, 20), Some(0)), // the working Saturday
            (on(2025, 9, 27), None),
            (on(2025, 10, 24), Some(4)),
            (on(2025, 10, 27), None),
            (on(2025, 11, 3), Some(0)),
            (on(2025, 11, 4), None),
            (on(2026, 1, 9), None), // a lonely Friday
            (on(2026, 1, 12), Some(0)),
            (on(2026, 3, 9), None), // instead of Sunday, 8 March
            (on(2026, 5, 29), Some(4)),
            (on(2026, 6, 1), None),
        ] {
            assert_eq!(year.timetable_of(day), timetable, "{day}");
        }
    }

    #[test]
    fn every_year_has_about_34_weeks_in_four_terms() {
        for autumn in 2020..2060 {
            let year = SchoolYear::of(on(autumn, 9, 1));
            let days = year.school_days().count();
            assert!((160..=176).contains(&days), "{autumn}: {days}");
            assert!(year.school_days().all(|(day, _)| year.term_of(day).is_some()), "{autumn}");
            assert_eq!(year.school_days().filter(|(d, _)| d.weekday() == Weekday::Sat).count(), 1);
        }
    }
}
