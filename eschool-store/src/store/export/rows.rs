//! Rows that are put in order before they are written, and values as cells hold them.

use chrono::{NaiveDate, NaiveTime, Timelike as _, Weekday};

use crate::exchange::{FileKind, Table};

/// Rows with what they are ordered by; rows of one key keep their order.
pub(super) struct Rows<K> {
    kind: FileKind,
    rows: Vec<(K, Vec<String>)>,
}

impl<K: Ord> Rows<K> {
    pub(super) const fn new(kind: FileKind) -> Self {
        Self { kind, rows: Vec::new() }
    }

    pub(super) fn push(&mut self, key: K, cells: impl IntoIterator<Item = String>) {
        self.rows.push((key, cells.into_iter().collect()));
    }

    pub(super) fn into_table(mut self) -> Table {
        self.rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut table = Table::of(self.kind);
        for (_, cells) in self.rows {
            table.push(cells);
        }
        table
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
