//! How values cross to Kotlin and Swift (feature `uniffi`).
//!
//! A type without an invariant derives its crossing where it stands. One that has an invariant crosses
//! as the plainest value that tells it, and is checked again on its way back: a value that cannot be
//! is a [`ForeignError`] with the code of the rule it breaks, wherever in an argument it stands. What is
//! made of it over there – `java.time.LocalDate`, a class that hides a СНИЛС when it is printed – is
//! said in `uniffi.toml`.

use alloc::{
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Timelike as _, Utc, Weekday};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;
use uniffi::{custom_type, deps::anyhow};
use uuid::Uuid;

use crate::{
    calendar::{DateRange, UnknownRule},
    debug::debug_shows,
    diary::UnknownChange,
    error::{ApiError, CodedError, Shown},
    id::{
        AccountId, ClassId, LessonId, MarkId, MergeId, NewYearId, PersonId, RecoveryLinkId,
        SchoolId, WorkId,
    },
    identity::{BirthDate, DateError, Email, FullName, Login, MobilePhone, Patronymic, Snils},
    journal::{Grading, Mean, Points, Subgroup, Weight, WorkKind},
    signin::{CaseCode, UnknownRole},
};

/// An [`ApiError`] as it is thrown in Kotlin (`ApiException`) and Swift (`ApiError`).
///
/// Both throw what is an enum in Rust, so the one error has one variant.
///
/// ```
/// use eschool_core::{foreign::ForeignError, identity::Snils};
///
/// let thrown = ForeignError::of(&Snils::parse("112-233-445 96").unwrap_err());
/// let ForeignError::Refused { code, field, value, .. } = &thrown;
/// assert_eq!(code, "snils_checksum");
/// assert_eq!((field.as_deref(), value.as_deref()), (Some("snils"), Some("***-***-*** 96")));
/// assert!(thrown.to_string().contains("compare it with the document"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error, uniffi::Error)]
#[uniffi(name = "ApiError")]
pub enum ForeignError {
    /// The input was refused.
    #[error("{text_en}")]
    Refused {
        /// The stable snake_case code.
        code: String,
        /// The input the error is about, if it is about one.
        field: Option<String>,
        /// What was refused, if it is one value: cut where it is long, masked where it is personal.
        value: Option<String>,
        /// What a person reads, in Russian.
        text_ru: String,
        /// The same in English.
        text_en: String,
    },
}

impl ForeignError {
    /// An error of the core, as it is thrown.
    #[must_use]
    pub fn of(error: &dyn CodedError) -> Self {
        ApiError::of(error, None).into()
    }
}

impl From<ApiError> for ForeignError {
    fn from(ApiError { code, field, value, text_ru, text_en }: ApiError) -> Self {
        Self::Refused { code, field, value, text_ru, text_en }
    }
}

/// Why a value from the other side is none here.
///
/// ```
/// use eschool_core::{error::CodedError, foreign::BorderError};
///
/// assert_eq!(BorderError::Instant.code(), "instant_invalid");
/// assert!(BorderError::Instant.text_ru().starts_with("Такого момента"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BorderError {
    /// An instant that is too far away.
    #[error("the instant lies beyond the years -262143 to 262142")]
    Instant,
    /// A time that no day has.
    #[error("there is no such time of day; it is counted from 00:00 to 23:59:59")]
    Time,
    /// A weekday that no week has.
    #[error("there is no such weekday; they are counted from 1, Monday, to 7, Sunday")]
    Weekday,
    /// A value of another number of parts than it has.
    #[error("the value is not whole; make it by its own constructor")]
    Parts,
    /// A text with half a surrogate pair: no text of Unicode.
    #[error("the text holds half a character; type it anew")]
    Text,
    /// JSON that does not say what it is asked for.
    #[error("what a newer version wrote is malformed; hand it on as it came")]
    Unknown,
}

impl CodedError for BorderError {
    fn code(&self) -> &'static str {
        match self {
            Self::Instant => "instant_invalid",
            Self::Time => "time_invalid",
            Self::Weekday => "weekday_invalid",
            Self::Parts => "value_malformed",
            Self::Text => "text_malformed",
            Self::Unknown => "unknown_malformed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Instant => "Такого момента времени не бывает",
            Self::Time => "Такого времени суток не бывает: от 00:00 до 23:59:59",
            Self::Weekday => "Дни недели считают от 1, понедельника, до 7, воскресенья",
            Self::Parts => "Значение передано не целиком",
            Self::Text => "В тексте половина знака. Наберите его заново",
            Self::Unknown => "То, что записала более новая версия, передано не так, как пришло",
        }
    }
}

fn refused(error: &dyn CodedError) -> anyhow::Error {
    ForeignError::of(error).into()
}

fn parsed<T: core::str::FromStr<Err: CodedError>>(text: &str) -> anyhow::Result<T> {
    text.parse().map_err(|error: T::Err| refused(&error))
}

macro_rules! texts {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        custom_type!($(#[$meta])* $name, String, {
            lower: |value| value.to_string(),
            try_lift: |text| parsed(&text),
        });
    )+};
}

texts! {
    /// СНИЛС: the number of a person's insurance account.
    Snils,
    /// A mobile phone (*мобильный телефон*), E.164.
    MobilePhone,
    /// An e-mail address.
    Email,
    /// The login of a registration card.
    Login,
    /// The short code (*код обращения*) under which what ЕСИА said is kept, as `7Q4-K2M`.
    CaseCode,
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        custom_type!($(#[$meta])* $name, Vec<u8>, {
            lower: |id| id.0.as_bytes().to_vec(),
            try_lift: |bytes| uuid_of(&bytes).map($name),
        });
    )+};
}

fn uuid_of(bytes: &[u8]) -> anyhow::Result<Uuid> {
    Uuid::from_slice(bytes).map_err(|_| refused(&BorderError::Parts))
}

ids! {
    /// A school (*образовательная организация*).
    SchoolId,
    /// A person (*человек*): joins the accounts that schools keep of one human being.
    PersonId,
    /// An account (*учётная запись*): a person as one school knows them.
    AccountId,
    /// A class (*класс*) of one school.
    ClassId,
    /// A lesson of the journal (*урок*).
    LessonId,
    /// A work (*работа*) that marks are given for.
    WorkId,
    /// A mark (*отметка*).
    MarkId,
    /// A one-time link of a recovery letter; never the secret in its address.
    RecoveryLinkId,
    /// Accounts that were joined into persons, or parted, at once.
    MergeId,
    /// A school year that was opened.
    NewYearId,
}

// Days are counted from 1 January 1970.
custom_type!(NaiveDate, i64, {
    remote,
    lower: |date| days_of(date),
    try_lift: |days| date_of(days),
});

custom_type!(
    /// A birth date (*дата рождения*).
    BirthDate, i64, {
        lower: |born| days_of(born.date()),
        try_lift: |days| {
            let date = date_of(days).map_err(|_| refused(&DateError::BirthInvalid))?;
            BirthDate::new(date).map_err(|error| refused(&error))
        },
    }
);

/// The first day of 1970 among the days that chrono counts from the year 1.
const EPOCH: i64 = 719_163;

fn days_of(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - EPOCH
}

fn date_of(days: i64) -> anyhow::Result<NaiveDate> {
    let since = days.checked_add(EPOCH).and_then(|days| i32::try_from(days).ok());
    since
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .ok_or_else(|| refused(&DateError::Invalid { given: Shown::of(&days.to_string()) }))
}

custom_type!(
    /// Days from one to another, both included.
    DateRange, Vec<i64>, {
        lower: |range| vec![days_of(range.from()), days_of(range.to())],
        try_lift: |ends| match ends.as_slice() {
            [from, to] => {
                DateRange::new(date_of(*from)?, date_of(*to)?).map_err(|error| refused(&error))
            }
            _ => Err(refused(&BorderError::Parts)),
        },
    }
);

// Nanoseconds from midnight.
custom_type!(NaiveTime, u64, {
    remote,
    lower: |time| {
        // A leap second is the end of the second before it.
        let nanos = time.nanosecond().min(NANOS - 1);
        u64::from(time.num_seconds_from_midnight()) * u64::from(NANOS) + u64::from(nanos)
    },
    try_lift: |nanos| {
        let seconds = u32::try_from(nanos / u64::from(NANOS)).ok();
        let rest = u32::try_from(nanos % u64::from(NANOS)).ok();
        seconds
            .zip(rest)
            .and_then(|(seconds, rest)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, rest))
            .ok_or_else(|| refused(&BorderError::Time))
    },
});

const NANOS: u32 = 1_000_000_000;

/// An instant, of a name that a crossing needs.
pub type Instant = DateTime<Utc>;

custom_type!(Instant, SystemTime, {
    remote,
    lower: |instant| {
        let since = |seconds: u64| Duration::new(seconds, instant.timestamp_subsec_nanos().min(NANOS - 1));
        match u64::try_from(instant.timestamp()) {
            Ok(seconds) => UNIX_EPOCH + since(seconds),
            Err(_) => {
                let back = Duration::from_secs(instant.timestamp().unsigned_abs());
                UNIX_EPOCH - back + since(0)
            }
        }
    },
    try_lift: |time| instant_of(time).ok_or_else(|| refused(&BorderError::Instant)),
});

fn instant_of(time: SystemTime) -> Option<Instant> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => {
            DateTime::from_timestamp(i64::try_from(since.as_secs()).ok()?, since.subsec_nanos())
        }
        Err(before) => {
            let back = before.duration();
            let (seconds, nanos) = (i64::try_from(back.as_secs()).ok()?, back.subsec_nanos());
            let (more, rest) = if nanos == 0 { (0, 0) } else { (1, NANOS - nanos) };
            DateTime::from_timestamp(seconds.checked_neg()?.checked_sub(more)?, rest)
        }
    }
}

// As ISO 8601 counts them.
custom_type!(Weekday, u8, {
    remote,
    lower: |weekday| u8::try_from(weekday.number_from_monday()).unwrap_or(1),
    try_lift: |number| {
        let from_monday = number.checked_sub(1).and_then(|place| Weekday::try_from(place).ok());
        from_monday.ok_or_else(|| refused(&BorderError::Weekday))
    },
});

/// A full name apart, as it crosses.
///
/// ```
/// use eschool_core::{foreign::NameParts, identity::Patronymic};
///
/// let parts = NameParts {
///     family: "Ли".into(),
///     given: "Ян".into(),
///     patronymic: Patronymic::None,
/// };
/// assert_eq!(format!("{parts:?}"), "NameParts { .. }");
/// ```
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct NameParts {
    /// The family name (*фамилия*).
    pub family: String,
    /// The given name (*имя*).
    pub given: String,
    /// The patronymic (*отчество*).
    pub patronymic: Patronymic,
}

debug_shows! {
    NameParts {}
}

custom_type!(
    /// A full name (*фамилия, имя, отчество*).
    FullName, NameParts, {
        lower: |name| NameParts {
            family: name.family().into(),
            given: name.given().into(),
            patronymic: name.patronymic().clone(),
        },
        try_lift: |parts| {
            let NameParts { family, given, patronymic } = parts;
            FullName::of_parts(&family, &given, patronymic).map_err(|error| refused(&error))
        },
    }
);

custom_type!(
    /// The weight (*вес*) of a work, in hundredths.
    Weight, u32, {
        lower: |weight| weight.hundredths(),
        try_lift: |hundredths| Weight::from_hundredths(hundredths).map_err(|error| refused(&error)),
    }
);

custom_type!(
    /// The points of a mark, 1 to 5.
    Points, u8, {
        lower: |points| points.get(),
        try_lift: |points| Points::try_from(points).map_err(|error| refused(&error)),
    }
);

custom_type!(
    /// A weighted mean (*средний балл*), exact.
    Mean, Vec<u64>, {
        lower: |mean| vec![mean.sum(), mean.weights()],
        try_lift: |ratio| match ratio.as_slice() {
            [sum, weights] => Mean::from_ratio(*sum, *weights).map_err(|error| refused(&error)),
            _ => Err(refused(&BorderError::Parts)),
        },
    }
);

custom_type!(
    /// A school's own rules of assessment: what a sign counts, and which mark a mean comes to.
    Grading, Vec<u16>, {
        lower: |grading| {
            let threshold = |points| Points::try_from(points).map(|p| grading.threshold(p)).ok();
            let thresholds = (2..=5).filter_map(threshold);
            let signs = [grading.sign()].into_iter().chain(thresholds);
            signs.chain([u16::from(grading.is_in_favour())]).collect::<Vec<u16>>()
        },
        try_lift: |parts| grading_of(&parts),
    }
);

fn grading_of(parts: &[u16]) -> anyhow::Result<Grading> {
    let [sign, thresholds @ .., favour] = parts else {
        return Err(refused(&BorderError::Parts));
    };
    if thresholds.len() != 4 || *favour > 1 {
        return Err(refused(&BorderError::Parts));
    }
    let mut grading = Grading::default()
        .with_favour(*favour == 1)
        .with_sign(*sign)
        .map_err(|error| refused(&error))?;
    for (points, threshold) in (2..).zip(thresholds) {
        let points = Points::try_from(points).map_err(|error| refused(&error))?;
        grading = grading.with_threshold(points, *threshold).map_err(|error| refused(&error))?;
    }
    Ok(grading)
}

custom_type!(
    /// A part of a class (*подгруппа*), by its name.
    Subgroup, String, {
        lower: |subgroup| subgroup.0,
        try_lift: |name| Ok(Subgroup(name)),
    }
);

custom_type!(
    /// What a work is (*вид работы*): an answer, a control, homework …
    WorkKind, String, {
        lower: |kind| kind.0,
        try_lift: |name| Ok(WorkKind(name)),
    }
);

macro_rules! unknown {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        custom_type!($(#[$meta])* $name, String, {
            lower: |content| json_of(&content),
            try_lift: |json| of_json(&json),
        });
    )+};
}

fn json_of(content: &impl Serialize) -> String {
    // It was read from JSON, and a map with texts for keys is always JSON again.
    serde_json::to_string(content).unwrap_or_default()
}

fn of_json<T: DeserializeOwned>(json: &str) -> anyhow::Result<T> {
    serde_json::from_str(json).map_err(|_| refused(&BorderError::Unknown))
}

unknown! {
    /// A rule of the calendar that a newer version wrote.
    UnknownRule,
    /// A role that a newer version granted.
    UnknownRole,
    /// A change that a newer version tells of.
    UnknownChange,
}
