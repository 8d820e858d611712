//! Values for cases, the same in every run: identifiers, days, rows, and a small school.
//!
//! A builder gives the plain row; a case changes what it is about with `..`:
//!
//! ```
//! use eschool_core::journal::Lesson;
//! use eschool_store::testing::fixtures::{class_id, lesson};
//!
//! let plain = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
//! let cancelled = Lesson { cancelled: true, ..plain.clone() };
//! assert_eq!(cancelled.id, plain.id);
//! ```

mod identity;
mod journal;
mod sample;

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId, LessonId, MarkId, PersonId, SchoolId, WorkId},
};
pub use identity::{
    account, card, claim, class, duty, guardianship, key, known_account, login_key, membership,
    name, post, refused_row, school, sealed, session, stay, token, vault,
};
pub use journal::{
    attendance, final_mark, homework, individual, lesson, mark, mark_change, remark, work,
};
pub use sample::sample;
use uuid::Uuid;

macro_rules! ids {
    ($( $name:ident -> $id:ident ),+ $(,)?) => {$(
        #[doc = concat!("The [`", stringify!($id), "`] with this number.")]
        #[must_use]
        pub const fn $name(n: u128) -> $id {
            $id(Uuid::from_u128(n))
        }
    )+};
}

ids! {
    school_id -> SchoolId,
    person_id -> PersonId,
    account_id -> AccountId,
    class_id -> ClassId,
    lesson_id -> LessonId,
    work_id -> WorkId,
    mark_id -> MarkId,
}

/// A day written as `2024-09-02`.
#[must_use]
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day as `2024-09-02`")
}

/// An instant written as `2024-09-02T08:30:00Z`.
#[must_use]
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant as `2024-09-02T08:30:00Z`")
}

/// The days from one to another, both included.
#[must_use]
pub fn days(from: &str, to: &str) -> DateRange {
    DateRange::new(day(from), day(to)).expect("the first day before the last")
}

/// The earliest and the latest day a database keeps.
pub const EXTREME_DAYS: [NaiveDate; 2] =
    [NaiveDate::from_ymd_opt(1, 1, 1).unwrap(), NaiveDate::from_ymd_opt(9999, 12, 31).unwrap()];

/// Instants at the ends of what a database keeps, and one with every microsecond told.
#[must_use]
pub fn extreme_instants() -> [DateTime<Utc>; 3] {
    ["0001-01-01T00:00:00Z", "2024-09-02T08:30:00.123456Z", "9999-12-31T23:59:59.999999Z"].map(at)
}

/// Texts that a careless database changes: quotes, line breaks, spaces at the ends, wildcards,
/// letters of two spellings, letters beyond 16 bits, what looks like a number or like nothing, and
/// ten kilobytes.
#[must_use]
pub fn unusual_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "Ёжик и ёлка: «е» – не «ё»",
        "Е\u{308}жик, из двух знаков",
        "O'Neil \"x\" `y` \\z\\ ''",
        "первая\nвторая\r\nтретья\tс отступом",
        "  пробелы по краям  ",
        "\u{feff}с меткой порядка байтов",
        "👩‍👧‍👦 и \u{10ffff}",
        "справа налево \u{202e}abc",
        "100 %_ * ? [a-z]",
        "'); DROP TABLE lesson; --",
        r#"{"json": [1, "два", null]}"#,
        "NULL",
        "007",
        "1e3",
        " ",
    ]
    .map(String::from)
    .into();
    texts.push("Ёё👍\n'".repeat(1000));
    texts
}
