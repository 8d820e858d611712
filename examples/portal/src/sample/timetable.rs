//! What every week has in common: its days and its bells.

/// A week of one class: for each weekday the subjects, from the first lesson on.
pub(super) type Week = [&'static [&'static str]; 5];

/// The weekdays of lessons, as the timetable names them.
pub(super) const WEEKDAYS: [&str; 5] = ["Пн", "Вт", "Ср", "Чт", "Пт"];

/// When each lesson begins and ends.
pub(super) const BELLS: [(&str, &str); 8] = [
    ("08:00", "08:45"),
    ("08:55", "09:40"),
    ("10:00", "10:45"),
    ("11:05", "11:50"),
    ("12:00", "12:45"),
    ("12:55", "13:40"),
    ("13:50", "14:35"),
    ("14:45", "15:30"),
];
