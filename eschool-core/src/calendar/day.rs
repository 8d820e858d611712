//! What kind of day a date is for a school.

use alloc::string::String;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{DateRange, UnknownRule};
use crate::wire::wire_enum;

wire_enum! {
    /// What kind of day it is. Only an ordinary day has lessons.
    ///
    /// ```
    /// use eschool_core::calendar::DayKind;
    ///
    /// assert_eq!(DayKind::from("vacation"), DayKind::Vacation);
    /// assert_eq!(DayKind::from("quarantine").as_str(), "quarantine");
    /// ```
    pub enum DayKind {
        /// A day with lessons, a working Saturday among them (*учебный день*).
        Ordinary = "ordinary",
        /// Saturday or Sunday (*выходной*).
        Weekend = "weekend",
        /// A vacation (*каникулы*).
        Vacation = "vacation",
        /// A public holiday (*праздник*).
        Holiday = "holiday",
    }
}

/// What the calendar says of some days beyond what the week tells.
///
/// ```
/// use eschool_core::calendar::{CalendarRule, CalendarSpan};
///
/// let span: CalendarSpan = serde_json::from_str(
///     r#"{"days": {"from": "2024-10-26", "to": "2024-11-04"}, "rule": "vacation", "name": "осенние каникулы"}"#,
/// ).unwrap();
/// assert_eq!(span.rule, CalendarRule::Vacation);
/// assert_eq!(span.days.len_days(), 10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CalendarSpan {
    /// The days it is said of.
    pub days: DateRange,
    /// What is said.
    pub rule: CalendarRule,
    /// What the days are called, as in «осенние каникулы»; empty if nothing.
    #[serde(default)]
    pub name: String,
}

/// How some days differ from what the week tells. A rule this version does not know changes
/// nothing.
///
/// ```
/// use chrono::Weekday;
/// use eschool_core::calendar::CalendarRule;
///
/// let rule: CalendarRule = serde_json::from_str(r#"{"working": "Mon"}"#).unwrap();
/// assert_eq!(rule, CalendarRule::Working(Weekday::Mon));
/// assert_eq!(serde_json::to_string(&CalendarRule::Holiday).unwrap(), r#""holiday""#);
///
/// let newer: CalendarRule = serde_json::from_str(r#"{"shortened": 30}"#).unwrap();
/// assert!(matches!(&newer, CalendarRule::Unknown(rule) if rule.as_str() == "shortened"));
/// assert_eq!(serde_json::to_string(&newer).unwrap(), r#"{"shortened":30}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum CalendarRule {
    /// A vacation (*каникулы*).
    Vacation,
    /// A public holiday (*праздник*).
    Holiday,
    /// A weekend on which lessons are held (*рабочая суббота*), by the timetable of this weekday:
    /// `Mon` to `Sun` on the wire. There are seven and no version adds one, so there is no unknown
    /// weekday to keep, and another word is refused.
    Working(Weekday),
    /// A rule this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(UnknownRule),
}

/// One date of a school.
///
/// ```
/// use chrono::Weekday;
/// use eschool_core::calendar::{DayKind, SchoolDay, school_day};
///
/// let monday = "2024-09-16".parse().unwrap();
/// assert_eq!(
///     school_day(&[], monday),
///     SchoolDay { kind: DayKind::Ordinary, timetable: Some(Weekday::Mon), name: None },
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolDay<'a> {
    /// What kind of day it is.
    pub kind: DayKind,
    /// The weekday whose timetable holds, on ordinary days.
    pub timetable: Option<Weekday>,
    /// What the calendar calls the day, if it names it.
    pub name: Option<&'a str>,
}

/// What a date is: a holiday, else a vacation, else a weekend, else ordinary; a working Saturday
/// is ordinary and follows the timetable it names.
///
/// ```
/// use chrono::{NaiveDate, Weekday};
/// use eschool_core::calendar::{CalendarRule, CalendarSpan, DateRange, DayKind, school_day};
///
/// let saturday = NaiveDate::from_ymd_opt(2024, 12, 28).unwrap();
/// assert_eq!(school_day(&[], saturday).kind, DayKind::Weekend);
///
/// let working = CalendarSpan {
///     days: DateRange::day(saturday),
///     rule: CalendarRule::Working(Weekday::Mon),
///     name: "рабочая суббота".into(),
/// };
/// let day = school_day(core::slice::from_ref(&working), saturday);
/// assert_eq!((day.kind, day.timetable), (DayKind::Ordinary, Some(Weekday::Mon)));
/// ```
#[must_use]
pub fn school_day(calendar: &[CalendarSpan], date: NaiveDate) -> SchoolDay<'_> {
    let (mut holiday, mut vacation, mut working) = (None, None, None);
    for span in calendar.iter().filter(|span| span.days.contains(date)) {
        let name = Some(span.name.as_str()).filter(|name| !name.is_empty());
        match &span.rule {
            CalendarRule::Holiday => holiday = holiday.or(Some(name)),
            CalendarRule::Vacation => vacation = vacation.or(Some(name)),
            CalendarRule::Working(weekday) => working = working.or(Some((*weekday, name))),
            CalendarRule::Unknown(_) => {}
        }
    }
    let weekday = date.weekday();
    if let Some(name) = holiday {
        SchoolDay { kind: DayKind::Holiday, timetable: None, name }
    } else if let Some(name) = vacation {
        SchoolDay { kind: DayKind::Vacation, timetable: None, name }
    } else if let Some((follows, name)) = working {
        SchoolDay { kind: DayKind::Ordinary, timetable: Some(follows), name }
    } else if matches!(weekday, Weekday::Sat | Weekday::Sun) {
        SchoolDay { kind: DayKind::Weekend, timetable: None, name: None }
    } else {
        SchoolDay { kind: DayKind::Ordinary, timetable: Some(weekday), name: None }
    }
}
