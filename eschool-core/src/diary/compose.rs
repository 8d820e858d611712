//! A diary's days.

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};
use core::mem;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::{
    Diary, DiaryDay, DiaryEntry, DiarySlice,
    due::with_due,
    own::{OwnLesson, OwnLessons},
    place::{self, Place, take_place},
};
use crate::{
    calendar::{Bell, CalendarSpan, DateRange, DayKind, TimetableLesson, school_day},
    id::ClassId,
};

/// The most days that somebody may ask a diary of at once, ten years: more than a school's longest
/// archive. Who asks for more asks by mistake, and for the days of a calendar there is no memory.
///
/// How many may be asked of rows that come from outside, those rows tell:
/// [`DiarySlice::most_days`].
///
/// ```
/// use eschool_core::{calendar::DateRange, diary::MOST_DAYS};
///
/// let ever = DateRange::new(chrono::NaiveDate::MIN, chrono::NaiveDate::MAX).unwrap();
/// assert!(ever.at_most(MOST_DAYS).is_err());
/// ```
pub const MOST_DAYS: u32 = 3660;

/// The fewest days that any rows give a diary of: a week.
const FEWEST_DAYS: u32 = 7;
/// What the rows of a diary that stand anew on each of its days may come to, in bytes: 256 MiB,
/// which is ten years of a timetable with a hundred lessons a day.
const MOST_BYTES: usize = 256 << 20;

impl DiarySlice {
    /// How many days of these rows a diary may be asked of at once: [`MOST_DAYS`] or, where that
    /// would not fit into memory, fewer, and a week in any case.
    ///
    /// What the calendar calls its days and what the timetable plans stands in a diary on every day
    /// anew, so a diary may grow to thousands of times what it is made of. Who composes rows that come
    /// from outside asks first, as the bindings do.
    ///
    /// ```
    /// use eschool_core::{calendar::DateRange, diary::{DiarySlice, MOST_DAYS}};
    /// use serde_json::json;
    ///
    /// let whole = DateRange::new("2014-09-01".parse().unwrap(), "2024-08-31".parse().unwrap()).unwrap();
    /// let slice = |name: String| -> DiarySlice {
    ///     serde_json::from_value(json!({
    ///         "pupil": "019379ab-0000-7000-8000-000000000001",
    ///         "calendar": [{"days": whole, "rule": "vacation", "name": name}],
    ///     })).unwrap()
    /// };
    /// assert_eq!(slice("осенние каникулы".into()).most_days(), MOST_DAYS);
    ///
    /// // Five gigabytes of names.
    /// let refused = whole.at_most(slice("к".repeat(750_000)).most_days());
    /// assert!(refused.is_err());
    /// ```
    #[must_use]
    pub fn most_days(&self) -> u32 {
        let name = self.calendar.iter().map(|span| span.name.len()).max().unwrap_or_default();
        // All spans are looked at for each day.
        let spans = self.calendar.len().saturating_mul(size_of::<CalendarSpan>());
        let mut by_weekday = [0_usize; 7];
        for TimetableLesson { subject, teacher, room, weekday, .. } in &self.timetable {
            let bytes = size_of::<DiaryEntry>() + subject.len() + teacher.len() + room.len();
            if let Some(sum) = by_weekday.get_mut(weekday.num_days_from_monday() as usize) {
                *sum = sum.saturating_add(bytes);
            }
        }
        let lessons = by_weekday.into_iter().max().unwrap_or_default();
        let of_a_day = name.saturating_add(spans).saturating_add(lessons).max(1);
        let most = u32::try_from(MOST_BYTES / of_a_day).unwrap_or(MOST_DAYS);
        most.clamp(FEWEST_DAYS, MOST_DAYS)
    }
}

/// Makes the days of a diary from what a store read.
///
/// # Which days, which lessons
///
/// Every day of `range` is there, in order; its kind is that of [`school_day`], and only an
/// ordinary one has entries (rule 7 of the exchange files). A lesson is the pupil's if a stay holds
/// that day in its class and it is for the whole class or for the pupil's subgroup on that day: the
/// one for its subject, or, where none names the subject, the one for all. A lesson that replaces
/// another keeps the subgroups of the replaced one.
///
/// Entries stand by number, those of one number in the order of the slice. A day after the last of
/// its class's journal takes the timetable of the weekday it follows, and its entries are
/// `planned`; a day the journal reaches but has no lesson on has no entries.
///
/// # What stands in them
///
/// Marks, attendance, remarks and individual homework stand in the lesson they name, whatever day a
/// row of theirs tells, marks in the order of their identifiers, and with a debt that is closed
/// ([`closed_debts`](crate::journal::closed_debts)) the mark that closed it, in a lesson after the
/// range too. Homework is due on the day the teacher set, else on that of the pupil's next lesson
/// of the subject, in the class and subgroup of **that** day (rule 8): a later one by date, or by
/// number on the same day, that is not cancelled and not merely planned. Individual homework
/// follows the same rule.
///
/// The function is total: rows of another pupil and rows in lessons that are not the pupil's are
/// passed over; a mark whose work is missing keeps its place with an empty title and the weight 1;
/// of two rows of attendance in one lesson the first holds. It makes as many days as it is asked
/// for: rows from outside are first asked how many they may be ([`DiarySlice::most_days`]).
///
/// # Example
///
/// ```
/// use eschool_core::{calendar::DateRange, diary::{DiarySlice, compose}};
///
/// let slice: DiarySlice = serde_json::from_value(serde_json::json!({
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "stays": [{
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "from": "2024-09-01",
///     }],
///     "bells": [{"number": 2, "begins": "09:25:00", "ends": "10:10:00"}],
///     "lessons": [{
///         "id": "019379ab-0000-7000-8000-000000000101",
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///         "homework": {"text": "§ 5"},
///         "writtenAt": "2024-09-16T07:00:00Z",
///     }],
///     "upcoming": [{
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "subject": "Физика", "date": "2024-09-23",
///     }],
/// })).unwrap();
///
/// let monday = "2024-09-16".parse().unwrap();
/// let diary = compose(slice, DateRange::week_of(monday));
/// assert_eq!(diary.days.len(), 7);
///
/// let physics = &diary.days[0].entries[0];
/// assert_eq!(physics.begins.unwrap().to_string(), "09:25:00");
/// let homework = physics.homework.as_ref().unwrap();
/// assert_eq!(homework.due.unwrap().to_string(), "2024-09-23");
/// ```
///
/// # What is kept right
///
/// A week of a pupil who goes from one class to another on Thursday. In the first they are in
/// subgroup 2, and in subgroup 1 for one subject. The room of each lesson here tells which it is.
///
/// ```
/// # use eschool_core::{calendar::{DateRange, DayKind}, diary::{DiarySlice, compose}};
/// # use serde_json::{Value, json};
/// let id = |n: u16| format!("019379ab-0000-7000-8000-{n:012}");
/// let (pupil, first, second) = (id(1), id(71), id(72));
/// let lesson = |n: u16, class: &str, date: &str, number: u8, subject: &str, more: Value| {
///     let mut lesson = json!({
///         "id": id(n), "class": class, "room": n.to_string(), "date": date, "number": number,
///         "subject": subject, "writtenAt": "2024-09-16T07:00:00Z",
///     });
///     lesson.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
///     lesson
/// };
/// let slice: DiarySlice = serde_json::from_value(json!({
///     "pupil": pupil,
///     "stays": [
///         {"pupil": pupil, "class": first, "from": "2024-09-01", "to": "2024-09-18"},
///         {"pupil": pupil, "class": second, "from": "2024-09-19"},
///     ],
///     "subgroups": [
///         {"pupil": pupil, "class": first, "subgroup": "2", "from": "2024-09-01"},
///         {
///             "pupil": pupil, "class": first, "subject": "Информатика", "subgroup": "1",
///             "from": "2024-09-01",
///         },
///     ],
///     "calendar": [
///         {"days": {"from": "2024-09-21", "to": "2024-09-21"}, "rule": {"working": "Mon"}},
///     ],
///     "timetable": [
///         {"class": second, "weekday": "Mon", "number": 3, "subject": "Химия", "room": "301"},
///     ],
///     "journalEnds": [{"class": second, "date": "2024-09-20"}],
///     "lessons": [
///         lesson(101, &first, "2024-09-16", 1, "Информатика", json!({"subgroup": "1"})),
///         lesson(102, &first, "2024-09-16", 1, "Информатика", json!({"subgroup": "2"})),
///         lesson(103, &first, "2024-09-16", 2, "Английский язык", json!({"subgroup": "1"})),
///         lesson(104, &first, "2024-09-16", 2, "Английский язык", json!({"subgroup": "2"})),
///         lesson(105, &first, "2024-09-17", 1, "Английский язык", json!({
///             "subgroup": "1", "insteadOf": "Информатика",
///         })),
///         lesson(106, &first, "2024-09-18", 1, "Физика", json!({})),
///         lesson(107, &first, "2024-09-19", 1, "Физика", json!({})),
///         lesson(201, &second, "2024-09-18", 1, "Физика", json!({})),
///         lesson(202, &second, "2024-09-19", 1, "Физика", json!({"cancelled": true})),
///         lesson(203, &second, "2024-09-20", 4, "Физика", json!({"topic": "Сила"})),
///     ],
///     "works": [
///         {"id": id(401), "lesson": id(106), "kind": "Тест", "title": "Тест № 1", "weight": "2"},
///         {"id": id(402), "lesson": id(203), "kind": "Ответ", "title": "Сила", "weight": "1"},
///     ],
///     "marks": [
///         {
///             "id": id(501), "pupil": pupil, "lesson": id(106), "work": id(401),
///             "date": "2024-09-18", "value": "4-", "writtenAt": "2024-09-18T09:00:00Z",
///         },
///         {
///             "id": id(502), "pupil": pupil, "lesson": id(106), "work": id(401),
///             "date": "2024-09-18", "value": "4-", "writtenAt": "2024-09-18T09:00:00Z",
///         },
///         // Friday's lesson was to be on Thursday, and this row still says so.
///         {
///             "id": id(503), "pupil": pupil, "lesson": id(203), "work": id(402),
///             "date": "2024-09-19", "value": "5", "writtenAt": "2024-09-20T12:00:00Z",
///         },
///     ],
///     "attendance": [
///         {"pupil": pupil, "lesson": id(106), "date": "2024-09-18", "code": "оп", "class": "late"},
///     ],
///     "individualHomework": [
///         {"pupil": pupil, "lesson": id(106), "homework": {"text": "Карточка № 46"}},
///     ],
///     "remarks": [{"pupil": pupil, "lesson": id(106), "text": "Забыл тетрадь"}],
/// })).unwrap();
///
/// let diary = compose(slice, DateRange::week_of("2024-09-16".parse().unwrap()));
/// let rooms = |day: usize| -> Vec<&str> {
///     diary.days[day].entries.iter().map(|entry| entry.room.as_str()).collect()
/// };
///
/// // A subgroup: the one for the subject; where none names it, the one for all.
/// assert_eq!(rooms(0), ["101", "104"]);
///
/// // A replacement: it keeps the subgroups of the lesson it replaces.
/// assert_eq!(rooms(1), ["105"]);
/// assert_eq!(diary.days[1].entries[0].instead_of.as_deref(), Some("Информатика"));
///
/// // A change of class: each day has the lessons of the class the pupil is in on it.
/// assert_eq!((rooms(2), rooms(3)), (vec!["106"], vec!["202"]));
///
/// // Two marks, an absence and a remark in one lesson: two equal marks are two marks.
/// let physics = &diary.days[2].entries[0];
/// let marks: Vec<_> = physics.marks.iter().map(|mark| mark.value.to_string()).collect();
/// assert_eq!(marks, ["4-", "4-"]);
/// assert_eq!(physics.marks[1].title, "Тест № 1");
/// assert_eq!(physics.attendance.as_ref().unwrap().code, "оп");
/// assert_eq!(physics.remarks[0].text, "Забыл тетрадь");
///
/// // Individual homework, and a next lesson that is cancelled: it is due on the one after that,
/// // in the new class.
/// let own = &physics.individual_homework[0];
/// assert_eq!(own.due.unwrap().to_string(), "2024-09-20");
///
/// // A lesson that was moved: what stands in it goes with it.
/// assert_eq!(diary.days[4].entries[0].marks[0].value.to_string(), "5");
///
/// // A working Saturday: an ordinary day that follows Monday's timetable. The journal does not
/// // reach it, so its lesson is planned.
/// let saturday = &diary.days[5];
/// assert_eq!((saturday.kind.clone(), rooms(5)), (DayKind::Ordinary, vec!["301"]));
/// assert!(saturday.entries[0].planned && !saturday.entries[0].filled);
/// ```
#[must_use]
pub fn compose(mut slice: DiarySlice, range: DateRange) -> Diary {
    let place = take_place(&mut slice);
    let plan = Plan::take(&mut slice);
    let bells = Bells::of(&slice.bells);
    let mut lessons = OwnLessons::take(&mut slice, &place);

    let days = range.days().map(|date| {
        let day = school_day(&slice.calendar, date);
        let mut entries: Vec<_> = match day.kind {
            DayKind::Ordinary => lessons.of_day(date).map(|own| written(own, &bells)).collect(),
            _ => Vec::new(),
        };
        if let Some(weekday) = day.timetable {
            let planned = plan.of(weekday, date, &place);
            entries.extend(planned.map(|lesson| self::planned(lesson, &bells)));
            entries.sort_by_key(|entry| entry.number);
        }
        DiaryDay { date, kind: day.kind, name: day.name.map(String::from), entries }
    });
    Diary { pupil: slice.pupil, range, days: days.collect() }
}

/// An entry from a lesson of the journal.
#[inline]
fn written(own: OwnLesson, bells: &Bells) -> DiaryEntry {
    let OwnLesson { lesson, next, individual, marks, attendance, remarks, .. } = own;
    let (begins, ends) = bells.of_number(lesson.number);
    DiaryEntry {
        lesson: Some(lesson.id),
        number: lesson.number,
        begins,
        ends,
        planned: false,
        cancelled: lesson.cancelled,
        distant: lesson.distant,
        filled: lesson.is_filled(),
        subject: lesson.subject,
        teacher: lesson.teacher,
        room: lesson.room,
        instead_of: lesson.instead_of,
        topic: lesson.topic,
        homework: lesson.homework.map(|homework| with_due(homework, next)),
        individual_homework: individual.into_iter().map(|own| with_due(own, next)).collect(),
        marks,
        attendance,
        remarks,
    }
}

/// An entry from the timetable.
fn planned(lesson: &TimetableLesson, bells: &Bells) -> DiaryEntry {
    let (begins, ends) = bells.of_number(lesson.number);
    DiaryEntry {
        lesson: None,
        number: lesson.number,
        begins,
        ends,
        planned: true,
        cancelled: false,
        distant: false,
        filled: false,
        subject: lesson.subject.clone(),
        teacher: lesson.teacher.clone(),
        room: lesson.room.clone(),
        instead_of: None,
        topic: None,
        homework: None,
        individual_homework: Vec::new(),
        marks: Vec::new(),
        attendance: None,
        remarks: Vec::new(),
    }
}

/// The timetable by weekday, and the last day of each class's journal, after which it holds.
struct Plan {
    lessons: Vec<TimetableLesson>,
    journal_ends: BTreeMap<ClassId, NaiveDate>,
}

impl Plan {
    /// Takes the timetable out of the slice. A lesson that stands in the slice belongs to the
    /// journal, even should `journal_ends` not reach it.
    fn take(slice: &mut DiarySlice) -> Self {
        let mut journal_ends = BTreeMap::new();
        let mut reach = |class, date: NaiveDate| {
            let end = journal_ends.entry(class).or_insert(date);
            *end = date.max(*end);
        };
        slice.journal_ends.iter().for_each(|end| reach(end.class, end.date));
        // Lessons mostly stand class by class.
        for lessons in slice.lessons.chunk_by(|one, next| one.class == next.class) {
            if let Some(last) = lessons.iter().max_by_key(|lesson| lesson.date) {
                reach(last.class, last.date);
            }
        }
        let mut lessons = mem::take(&mut slice.timetable);
        lessons.sort_by_key(|lesson| lesson.weekday.num_days_from_monday());
        Self { lessons, journal_ends }
    }

    /// The pupil's lessons of a day that follows this weekday and lies beyond the journal.
    fn of<'a>(
        &'a self,
        weekday: Weekday,
        date: NaiveDate,
        place: &'a Place,
    ) -> impl Iterator<Item = &'a TimetableLesson> {
        let weekday = weekday.num_days_from_monday();
        let first = self.lessons.partition_point(|l| l.weekday.num_days_from_monday() < weekday);
        self.lessons
            .iter()
            .skip(first)
            .take_while(move |lesson| lesson.weekday.num_days_from_monday() == weekday)
            .filter(move |lesson| {
                self.journal_ends.get(&lesson.class).is_none_or(|end| *end < date)
                    && place.owns(place::planned(lesson, date))
            })
    }
}

/// When lessons begin and end, by their number; of two bells for one number the first holds.
struct Bells(Vec<(Option<NaiveTime>, Option<NaiveTime>)>);

impl Bells {
    fn of(bells: &[Bell]) -> Self {
        let length = bells.iter().map(|bell| usize::from(bell.number) + 1).max();
        let mut times = vec![(None, None); length.unwrap_or_default()];
        for bell in bells.iter().rev() {
            if let Some(time) = times.get_mut(usize::from(bell.number)) {
                *time = (Some(bell.begins), Some(bell.ends));
            }
        }
        Self(times)
    }

    fn of_number(&self, number: u8) -> (Option<NaiveTime>, Option<NaiveTime>) {
        self.0.get(usize::from(number)).copied().unwrap_or_default()
    }
}
