//! Rows that are put in order before they are written, and values as cells hold them.

use chrono::{NaiveDate, NaiveTime, Timelike as _, Weekday};

/// Rows with what they are ordered by. Rows of one key keep their order.
pub(super) struct Rows<K, R>(Vec<(K, R)>);

impl<K: Ord, R> Rows<K, R> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn push(&mut self, key: K, row: R) {
        self.0.push((key, row));
    }

    pub(super) fn in_order(mut self) -> impl Iterator<Item = R> {
        self.0.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.0.into_iter().map(|(_, row)| row)
    }
}

pub(super) fn date(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

pub(super) fn maybe_date(day: Option<NaiveDate>) -> String {
    day.map(date).unwrap_or_default()
}

pub(super) fn time(time: NaiveTime) -> String {
    time.format(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

pub(super) fn flag(yes: bool) -> String {
    if yes { "да" } else { "" }.into()
}

pub(super) fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

pub(super) const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Пн",
        Weekday::Tue => "Вт",
        Weekday::Wed => "Ср",
        Weekday::Thu => "Чт",
        Weekday::Fri => "Пт",
        Weekday::Sat => "Сб",
        Weekday::Sun => "Вс",
    }
}
