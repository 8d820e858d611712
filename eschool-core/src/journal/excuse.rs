//! Why a pupil was or will be absent, as a parent tells it.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Attendance, AttendanceClass, AttendanceCodes};
use crate::{
    calendar::DateRange,
    debug::debug_shows,
    error::{CodedError, Shown},
    id::{AccountId, LessonId},
    wire::masked,
};

/// The most characters a reason has.
const LONGEST_TEXT: usize = 1000;
/// The most days one excuse is about: a summer in a sanatorium.
const MOST_DAYS: u32 = 92;
/// The most lessons one excuse names.
const MOST_LESSONS: usize = 100;

/// A parent's word on why a child was or will be absent (*объяснение пропуска*), and what became
/// of it.
///
/// Whole days, or single lessons on them. It changes nothing by itself; once the class teacher
/// accepts it, absences that it covers and that had no good reason are excused: [`Excuse::excused`].
///
/// ```
/// use eschool_core::journal::{Attendance, AttendanceClass, AttendanceCodes, Excuse};
///
/// let mut excuse: Excuse = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "by": "019379ab-0000-7000-8000-000000000002", "at": "2024-09-16T06:00:00Z",
///     "from": "2024-09-16", "to": "2024-09-17", "class": "ill", "text": "Высокая температура"
/// }"#)?;
/// assert_eq!(excuse.validate(), Ok(()));
/// let absent: Attendance = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "date": "2024-09-16", "code": "н", "class": "unspecified"
/// }"#)?;
/// let codes = AttendanceCodes::standard();
/// assert_eq!(excuse.excused(&absent, &codes), None);
///
/// let teacher = "019379ab-0000-7000-8000-000000000003".parse().unwrap();
/// excuse.accept(teacher, "2024-09-18T09:00:00Z".parse().unwrap()).unwrap();
/// let excused = excuse.excused(&absent, &codes).unwrap();
/// assert_eq!((excused.code.as_str(), excused.class), ("Б", AttendanceClass::Ill));
/// assert!(!format!("{excuse:?}").contains("температура"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Fields", into = "Fields")]
pub struct Excuse {
    /// Whose absence.
    pub pupil: AccountId,
    /// Who tells it.
    pub by: AccountId,
    /// When it was told.
    pub at: DateTime<Utc>,
    /// The days, both ends included.
    pub days: DateRange,
    /// The lessons of those days it is about; none for all of them.
    pub lessons: Vec<LessonId>,
    /// What the absence is to count as: [`Ill`](AttendanceClass::Ill) or
    /// [`Excused`](AttendanceClass::Excused).
    pub class: AttendanceClass,
    /// The reason, in their own words.
    pub text: String,
    /// Who accepted it, and when; none while nobody did.
    pub accepted: Option<Accepted>,
}

/// That a reason is a good one.
///
/// ```
/// use eschool_core::journal::Accepted;
///
/// let accepted: Accepted = serde_json::from_str(
///     r#"{"by": "019379ab-0000-7000-8000-000000000003", "at": "2024-09-18T09:00:00Z"}"#,
/// )?;
/// assert_eq!(accepted.at.to_rfc3339(), "2024-09-18T09:00:00+00:00");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// Who accepted it.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}

debug_shows! {
    Excuse { pupil, by, days, lessons, accepted }
}

/// Why an excuse cannot stand, or cannot be accepted.
///
/// ```
/// use eschool_core::{error::CodedError, journal::ExcuseError};
///
/// let error = ExcuseError::TextMissing;
/// assert_eq!((error.code(), error.field()), ("excuse_text_missing", Some("text")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ExcuseError {
    /// No reason is told.
    #[error("the reason is missing")]
    TextMissing,
    /// The reason has more than 1000 characters.
    #[error("the reason `***` is longer than 1000 characters")]
    TextTooLong,
    /// It is about more than 92 days.
    #[error("the excuse is about {days} days; tell of at most 92 at once")]
    TooManyDays {
        /// How many they are.
        days: u32,
    },
    /// It names more than 100 lessons.
    #[error("the excuse names {lessons} lessons; name at most 100 at once")]
    TooManyLessons {
        /// How many they are.
        lessons: usize,
    },
    /// An absence is excused as ill or for a good reason, and as nothing else.
    #[error("an absence is excused as `ill` or `excused`, not as `{class}`")]
    WrongClass {
        /// As what it was to be.
        class: Shown,
    },
    /// Somebody accepted it before.
    #[error("the excuse was accepted before")]
    AlreadyAccepted,
}

impl CodedError for ExcuseError {
    fn code(&self) -> &'static str {
        match self {
            Self::TextMissing => "excuse_text_missing",
            Self::TextTooLong => "excuse_text_too_long",
            Self::TooManyDays { .. } => "excuse_too_many_days",
            Self::TooManyLessons { .. } => "excuse_too_many_lessons",
            Self::WrongClass { .. } => "excuse_class",
            Self::AlreadyAccepted => "excuse_accepted",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::TextMissing => "Напишите причину пропуска",
            Self::TextTooLong => "В причине должно быть не больше 1000 знаков",
            Self::TooManyDays { .. } => "За один раз объясняют пропуск не больше чем за 92 дня",
            Self::TooManyLessons { .. } => "За один раз объясняют пропуск не больше 100 уроков",
            Self::WrongClass { .. } => "Выберите: болезнь или другая уважительная причина",
            Self::AlreadyAccepted => "Это объяснение уже принято",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::TextMissing | Self::TextTooLong => Some("text"),
            Self::TooManyDays { .. } => Some("to"),
            Self::TooManyLessons { .. } => Some("lessons"),
            Self::WrongClass { .. } => Some("class"),
            Self::AlreadyAccepted => None,
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            // A reason tells of somebody's health.
            Self::TextTooLong => Some("***".into()),
            Self::TooManyDays { days } => Some(days.to_string()),
            Self::TooManyLessons { lessons } => Some(lessons.to_string()),
            Self::WrongClass { class } => Some(class.to_string()),
            Self::TextMissing | Self::AlreadyAccepted => None,
        }
    }
}

impl Excuse {
    /// Checks that a reason is told, that text, days and lessons have their bounds, and that it
    /// excuses as something that excuses.
    ///
    /// # Errors
    /// [`ExcuseError`] names what is wrong.
    pub fn validate(&self) -> Result<(), ExcuseError> {
        if self.text.trim().is_empty() {
            return Err(ExcuseError::TextMissing);
        }
        if self.text.chars().nth(LONGEST_TEXT).is_some() {
            return Err(ExcuseError::TextTooLong);
        }
        let (days, lessons) = (self.days.len_days(), self.lessons.len());
        if days > MOST_DAYS {
            return Err(ExcuseError::TooManyDays { days });
        }
        if lessons > MOST_LESSONS {
            return Err(ExcuseError::TooManyLessons { lessons });
        }
        match self.class {
            AttendanceClass::Ill | AttendanceClass::Excused => Ok(()),
            ref other => Err(ExcuseError::WrongClass { class: Shown::of(&other.to_string()) }),
        }
    }

    /// Whether it says what another one says – of whom, by whom, which days and lessons, what and
    /// why –, whenever each was told, and whether it was accepted or not: a form that arrives twice is
    /// one excuse.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { pupil, by, days, lessons, class, text, at: _, accepted: _ } = self;
        (pupil, by, days, lessons) == (&other.pupil, &other.by, &other.days, &other.lessons)
            && (class, text) == (&other.class, &other.text)
    }

    /// Accepts it.
    ///
    /// # Errors
    /// [`ExcuseError::AlreadyAccepted`] if somebody did before.
    pub fn accept(&mut self, by: AccountId, at: DateTime<Utc>) -> Result<(), ExcuseError> {
        if self.accepted.is_some() {
            return Err(ExcuseError::AlreadyAccepted);
        }
        self.accepted = Some(Accepted { by, at });
        Ok(())
    }

    /// Whether it is about this absence of this pupil, accepted or not.
    #[must_use]
    pub fn covers(&self, attendance: &Attendance) -> bool {
        attendance.pupil == self.pupil
            && self.days.contains(attendance.date)
            && (self.lessons.is_empty() || self.lessons.contains(&attendance.lesson))
    }

    /// What becomes of an absence: excused, once the excuse is accepted, if it had no good reason.
    /// None where nothing changes: whoever was there, or late, or is excused already, stays so; and
    /// where the school has no code for it.
    #[must_use]
    pub fn excused(&self, attendance: &Attendance, codes: &AttendanceCodes) -> Option<Attendance> {
        let has_no_reason =
            matches!(attendance.class, AttendanceClass::Unexcused | AttendanceClass::Unspecified);
        if self.accepted.is_none() || !has_no_reason || !self.covers(attendance) {
            return None;
        }
        let (code, class) = codes.0.iter().find(|(_, class)| *class == self.class)?;
        Some(Attendance { code: code.clone(), class: class.clone(), ..attendance.clone() })
    }
}

/// What becomes of an absence by the first of these excuses that excuses it; none where none does.
///
/// ```
/// use eschool_core::journal::{Attendance, AttendanceCodes, excused_by};
///
/// let absent: Attendance = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "date": "2024-09-16", "code": "н", "class": "unspecified"
/// }"#)?;
/// assert_eq!(excused_by(&[], &absent, &AttendanceCodes::standard()), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn excused_by(
    excuses: &[Excuse],
    attendance: &Attendance,
    codes: &AttendanceCodes,
) -> Option<Attendance> {
    excuses.iter().find_map(|excuse| excuse.excused(attendance, codes))
}

/// Excuses those absences of a lesson's page that were none on the page before. What was an absence
/// there already stands as the teacher wrote it: one set back by hand, because the note was not the
/// parent's, is not excused again by the same note.
///
/// ```
/// use eschool_core::journal::{Attendance, AttendanceCodes, Excuse, excuse_new_absences};
///
/// let excuse: Excuse = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "by": "019379ab-0000-7000-8000-000000000002", "at": "2024-09-16T06:00:00Z",
///     "from": "2024-09-16", "to": "2024-09-17", "class": "ill", "text": "Высокая температура",
///     "accepted": {"by": "019379ab-0000-7000-8000-000000000003", "at": "2024-09-16T07:00:00Z"}
/// }"#)?;
/// let absent: Attendance = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "date": "2024-09-16", "code": "н", "class": "unspecified"
/// }"#)?;
/// let codes = AttendanceCodes::standard();
/// let mut page = [absent.clone()];
/// excuse_new_absences(&[], &mut page, &[excuse.clone()], &codes);
/// assert_eq!(page[0].code, "Б");
///
/// let ill = page.clone();
/// let mut set_back = [absent];
/// excuse_new_absences(&ill, &mut set_back, &[excuse], &codes);
/// assert_eq!(set_back[0].code, "н");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn excuse_new_absences(
    before: &[Attendance],
    page: &mut [Attendance],
    excuses: &[Excuse],
    codes: &AttendanceCodes,
) {
    for row in page {
        let was_absent = |old: &Attendance| {
            (old.pupil, old.lesson) == (row.pupil, row.lesson) && old.class.is_absence()
        };
        if before.iter().any(was_absent) {
            continue;
        }
        if let Some(excused) = excused_by(excuses, row, codes) {
            *row = excused;
        }
    }
}

/// An excuse as it crosses.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    pupil: AccountId,
    by: AccountId,
    at: DateTime<Utc>,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lessons: Vec<LessonId>,
    class: AttendanceClass,
    #[serde(deserialize_with = "masked::string")]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
}

impl TryFrom<Fields> for Excuse {
    type Error = crate::calendar::DateRangeError;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { pupil, by, at, from, to, lessons, class, text, accepted } = fields;
        let days = DateRange::new(from, to)?;
        Ok(Self { pupil, by, at, days, lessons, class, text, accepted })
    }
}

impl From<Excuse> for Fields {
    fn from(excuse: Excuse) -> Self {
        let Excuse { pupil, by, at, days, lessons, class, text, accepted } = excuse;
        Self { pupil, by, at, from: days.from(), to: days.to(), lessons, class, text, accepted }
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use uuid::Uuid;

    use super::*;

    const PUPIL: AccountId = AccountId(Uuid::from_u128(1));
    const LESSON: LessonId = LessonId(Uuid::from_u128(2));

    fn excuse() -> Excuse {
        Excuse {
            pupil: PUPIL,
            by: AccountId(Uuid::from_u128(3)),
            at: "2024-09-16T06:00:00Z".parse().unwrap(),
            days: DateRange::new("2024-09-16".parse().unwrap(), "2024-09-17".parse().unwrap())
                .unwrap(),
            lessons: vec![],
            class: AttendanceClass::Excused,
            text: "Семейные обстоятельства".into(),
            accepted: Some(Accepted {
                by: AccountId(Uuid::from_u128(4)),
                at: "2024-09-18T06:00:00Z".parse().unwrap(),
            }),
        }
    }

    fn attendance(date: &str, class: AttendanceClass) -> Attendance {
        Attendance {
            pupil: PUPIL,
            lesson: LESSON,
            date: date.parse().unwrap(),
            code: "?".into(),
            class,
        }
    }

    #[test]
    fn absences_without_a_reason_are_excused_on_its_days_alone() {
        use AttendanceClass::{Excused, Ill, Late, Present, Unexcused, Unspecified};
        let codes = AttendanceCodes::standard();
        for (date, class, changes) in [
            ("2024-09-15", Unexcused, false),
            ("2024-09-16", Unexcused, true),
            ("2024-09-17", Unspecified, true),
            ("2024-09-18", Unspecified, false),
            ("2024-09-16", Late, false),
            ("2024-09-16", Present, false),
            ("2024-09-16", Ill, false),
            ("2024-09-16", Excused, false),
            ("2024-09-16", AttendanceClass::from("some_new"), false),
        ] {
            let row = attendance(date, class);
            let told = excuse().excused(&row, &codes);
            let expected = changes.then(|| ("УП".into(), Excused));
            assert_eq!(told.map(|row| (row.code, row.class)), expected, "{row:?}");
        }
        let absent = attendance("2024-09-16", Unexcused);
        let other = Attendance { pupil: AccountId(Uuid::from_u128(9)), ..absent.clone() };
        assert_eq!(excuse().excused(&other, &codes), None);
        let elsewhere = Excuse { lessons: vec![LessonId(Uuid::from_u128(9))], ..excuse() };
        assert_eq!(elsewhere.excused(&absent, &codes), None);
        let of_it = Excuse { lessons: vec![LESSON], ..excuse() };
        assert!(of_it.excused(&absent, &codes).is_some());
        assert_eq!(excuse().excused(&absent, &AttendanceCodes(vec![])), None);
        let told = Excuse { accepted: None, ..excuse() };
        assert_eq!(told.excused(&absent, &codes), None);
    }

    #[test]
    fn a_telling_is_known_by_what_it_says() {
        type Change = fn(&mut Excuse);
        let cases: [(Change, bool); 8] = [
            (|excuse| excuse.accepted = None, true),
            (|excuse| excuse.at += chrono::TimeDelta::hours(1), true),
            (|excuse| excuse.pupil = AccountId(Uuid::from_u128(9)), false),
            (|excuse| excuse.by = AccountId(Uuid::from_u128(9)), false),
            (|excuse| excuse.days = DateRange::day(excuse.days.from()), false),
            (|excuse| excuse.lessons = vec![LESSON], false),
            (|excuse| excuse.class = AttendanceClass::Ill, false),
            (|excuse| excuse.text.push('!'), false),
        ];
        for (change, is_same) in cases {
            let mut other = excuse();
            change(&mut other);
            assert_eq!(excuse().says_the_same(&other), is_same, "{other:?}");
        }
    }

    #[test]
    fn it_has_bounds_and_is_accepted_once() {
        let year = DateRange::new("2024-09-01".parse().unwrap(), "2025-05-31".parse().unwrap());
        type Spoil = fn(&mut Excuse);
        let cases: [(Spoil, ExcuseError); 4] = [
            (|excuse| excuse.text = " ".into(), ExcuseError::TextMissing),
            (|excuse| excuse.text = "я".repeat(1001), ExcuseError::TextTooLong),
            (
                |excuse| excuse.lessons = vec![LESSON; 101],
                ExcuseError::TooManyLessons { lessons: 101 },
            ),
            (
                |excuse| excuse.class = AttendanceClass::Present,
                ExcuseError::WrongClass { class: Shown::of("present") },
            ),
        ];
        for (spoil, error) in cases {
            let mut wrong = excuse();
            spoil(&mut wrong);
            assert_eq!(wrong.validate(), Err(error));
        }
        let long = Excuse { days: year.unwrap(), ..excuse() };
        assert_eq!(long.validate(), Err(ExcuseError::TooManyDays { days: 273 }));
        assert_eq!(excuse().validate(), Ok(()));
        let again = excuse().accept(PUPIL, excuse().at);
        assert_eq!(again, Err(ExcuseError::AlreadyAccepted));
    }

    #[test]
    fn it_crosses_borders() {
        let json = serde_json::to_string(&excuse()).unwrap();
        assert_eq!(serde_json::from_str::<Excuse>(&json).unwrap(), excuse());
        let reversed = json.replace("2024-09-17", "2024-09-15");
        assert!(serde_json::from_str::<Excuse>(&reversed).is_err());
        assert!(!format!("{:?}", excuse()).contains("Семейные"));
    }
}
