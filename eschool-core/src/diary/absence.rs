//! How much a pupil missed.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::{AttendanceTotals, Diary};
use crate::{debug::debug_shows, words::counted};

/// Lessons held for a pupil, and those of them that were missed.
///
/// The share is Σ missed / held, exact, shown in per cent with one decimal, half up. Being late is
/// not missing.
///
/// ```
/// use eschool_core::diary::{Absence, AttendanceTotals};
///
/// let attendance = AttendanceTotals { ill: 10, unexcused: 2, late: 3, ..Default::default() };
/// let absence = Absence { held: 68, attendance };
/// assert_eq!(absence.missed(), 12);
/// assert_eq!(absence.per_cent().as_deref(), Some("17.6"));
/// assert_eq!(absence.text_ru(), "пропущено 12 из 68 уроков (17,6 %)");
/// ```
///
/// On the wire stand also the sum and the share; both are made anew when it is read.
///
/// ```
/// # use eschool_core::diary::Absence;
/// let json = r#"{"held":3,"attendance":{"late":0,"ill":1,"excused":0,"unexcused":0,"unspecified":0}}"#;
/// let absence: Absence = serde_json::from_str(json).unwrap();
/// let json = serde_json::to_value(absence).unwrap();
/// assert_eq!((&json["missed"], &json["perCent"]), (&1.into(), &"33.3".into()));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(
        type = "{ held: number; attendance: AttendanceTotals; missed: number; perCent?: string }"
    )
)]
#[serde(from = "Wire", into = "Wire")]
pub struct Absence {
    /// The pupil's lessons that were held.
    pub held: u32,
    /// What is recorded at them, by class.
    pub attendance: AttendanceTotals,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    held: u32,
    attendance: AttendanceTotals,
    #[serde(default)]
    missed: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_cent: Option<String>,
}

impl Absence {
    /// Lessons missed, whatever the reason.
    #[must_use]
    pub const fn missed(self) -> u32 {
        self.attendance.missed()
    }

    /// The share of lessons missed in per cent with one decimal, half up: `17.6`. None while no
    /// lesson was held.
    #[must_use]
    pub fn per_cent(self) -> Option<String> {
        let (missed, held) = (u64::from(self.missed()), u64::from(self.held));
        let tenths = (2 * 1_000 * missed + held).checked_div(2 * held)?;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// What a person reads, in Russian: «пропущено 12 из 68 уроков (17,6 %)».
    #[must_use]
    pub fn text_ru(self) -> String {
        let Some(per_cent) = self.per_cent() else {
            return "уроков ещё не было".into();
        };
        let (missed, held) = (self.missed(), self.held);
        let verb = counted(missed, ["пропущен", "пропущено", "пропущено"]);
        let noun = counted(held, ["урока", "уроков", "уроков"]);
        format!("{verb} {missed} из {held} {noun} ({} %)", per_cent.replace('.', ","))
    }

    /// The same in English.
    #[must_use]
    pub fn text_en(self) -> String {
        let Some(per_cent) = self.per_cent() else { return "no lessons yet".into() };
        let plural = if self.held == 1 { "" } else { "s" };
        format!("{} of {} lesson{plural} missed ({per_cent} %)", self.missed(), self.held)
    }
}

impl AddAssign for Absence {
    fn add_assign(&mut self, other: Self) {
        self.held = self.held.saturating_add(other.held);
        self.attendance += other.attendance;
    }
}

impl From<Wire> for Absence {
    fn from(Wire { held, attendance, .. }: Wire) -> Self {
        Self { held, attendance }
    }
}

impl From<Absence> for Wire {
    fn from(absence: Absence) -> Self {
        let Absence { held, attendance } = absence;
        Self { held, attendance, missed: absence.missed(), per_cent: absence.per_cent() }
    }
}

/// What a pupil missed, in each subject and in all.
///
/// ```
/// use eschool_core::diary::Absences;
///
/// let none: Absences = serde_json::from_str(r#"{
///     "subjects": [],
///     "all": {"held": 0, "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0}}
/// }"#).unwrap();
/// assert_eq!(none, Absences::default());
/// assert_eq!(none.all.text_ru(), "уроков ещё не было");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Absences {
    /// The subjects that had lessons, by name.
    pub subjects: Vec<SubjectAbsence>,
    /// All subjects together.
    pub all: Absence,
}

/// What a pupil missed in one subject.
///
/// ```
/// use eschool_core::diary::{Absence, SubjectAbsence};
///
/// let physics = SubjectAbsence { subject: "Физика".into(), absence: Absence::default() };
/// assert_eq!(physics.absence.held, 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SubjectAbsence {
    /// The subject that was taught.
    pub subject: String,
    /// What was missed of it.
    pub absence: Absence,
}

/// Counts what a pupil missed in the days of a diary: those of a term, if it was composed for its
/// days.
///
/// A lesson was held when it was neither cancelled nor merely planned, and the teacher wrote its
/// topic or something of the pupil's attendance: who is absent is often entered before the topic.
/// So of lessons nobody has filled none counts as attended, and no more are missed than were held.
/// What is recorded at a cancelled lesson counts nowhere.
///
/// ```
/// use eschool_core::diary::{Diary, absences};
///
/// let lesson = |number: u8, filled: bool, attendance: Option<&str>| serde_json::json!({
///     "lesson": format!("019379ab-0000-7000-8000-0000000001{number:02}"),
///     "number": number, "subject": "Физика", "teacher": "", "room": "",
///     "planned": false, "cancelled": false, "distant": false, "filled": filled,
///     "individualHomework": [], "marks": [],
///     "attendance": attendance.map(|class| serde_json::json!({"code": "", "class": class})),
/// });
/// let diary: Diary = serde_json::from_value(serde_json::json!({
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "range": {"from": "2024-09-16", "to": "2024-09-16"},
///     "days": [{"date": "2024-09-16", "kind": "ordinary", "entries": [
///         lesson(1, true, None), lesson(2, true, Some("late")),
///         lesson(3, false, Some("ill")), lesson(4, false, None),
///     ]}],
/// })).unwrap();
/// let physics = &absences(&diary).subjects[0];
/// assert_eq!(physics.absence.text_ru(), "пропущен 1 из 3 уроков (33,3 %)");
/// assert_eq!(physics.absence.attendance.late, 1);
/// ```
#[must_use]
pub fn absences(diary: &Diary) -> Absences {
    let mut subjects: BTreeMap<&str, Absence> = BTreeMap::new();
    let mut all = Absence::default();
    for entry in diary.days.iter().flat_map(|day| &day.entries) {
        let written = entry.filled || entry.attendance.is_some();
        if entry.cancelled || entry.planned || !written {
            continue;
        }
        let mut lesson = Absence { held: 1, ..Absence::default() };
        if let Some(attendance) = &entry.attendance {
            lesson.attendance.count(&attendance.class);
        }
        *subjects.entry(&entry.subject).or_default() += lesson;
        all += lesson;
    }
    let subjects = subjects
        .into_iter()
        .map(|(subject, absence)| SubjectAbsence { subject: subject.into(), absence });
    Absences { subjects: subjects.collect(), all }
}

debug_shows! {
    Absence { held }
}
