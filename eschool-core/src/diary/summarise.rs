//! A term's subjects.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::{
    AttendanceTotals, DiaryHomework, FinalAgainstMean, HomeworkLine, MarkedWork, SubjectSummary,
    TermSlice, TermSummary, TopicLine, WordTotals,
    due::{is_ordinary, with_due},
    own::{OwnLesson, OwnLessons},
    place::take_place,
};
use crate::{
    calendar::{CalendarSpan, Term, school_year},
    journal::{FinalKind, Grading},
};

/// Makes the subjects of a term from what a store read.
///
/// # What belongs to a subject
///
/// The pupil's lessons on the days of the term, as [`compose`](super::compose) knows them, by the
/// subject that is taught, not the one it replaces: a pupil who changed class in mid-term has the
/// lessons of both. A mark counts by the day of its lesson, however late it was entered and whatever
/// day its row tells. Final marks are those of [`FinalKind::Term`] under the term's name and of its
/// school year; one in a subject without lessons makes the subject all the same. Subjects stand by
/// name, their lines by date and number.
///
/// # What is counted
///
/// The mean is Σ(weight · points) / Σ weight, exact; debts and words are left out, a sign does not
/// count unless the school's [`Grading`] says so, and a subject with no marks but such has none
/// (rule 9 of the exchange files). Words are counted beside it, of marks and of finals. Where the
/// final mark is not what the mean comes to by the same rules, it is said so. Attendance is counted
/// by class, as [`absences`](super::absences) counts it; a code whose class this version does not
/// know is in no total.
///
/// Of the debts those count that are open: a later mark for the same work may have closed one
/// ([`closed_debts`](crate::journal::closed_debts)), in a lesson after the term too. A closed one
/// stands among the marks with the mark that closed it.
///
/// `lessons` are those that were not cancelled, `unfilled` those with neither a topic nor a
/// cancellation (rule 6). A row on a day that is not ordinary is no lesson (rule 7), so it is in
/// neither. Nobody missed a lesson that was cancelled or is none, whatever is recorded there; what
/// else a teacher wrote in it is shown, and its marks count.
///
/// # Example
///
/// ```
/// use eschool_core::{calendar::Term, diary::{TermSlice, summarise}};
///
/// let term: Term = serde_json::from_value(serde_json::json!({
///     "grade": 7, "name": "1 четверть", "kind": "quarter",
///     "days": {"from": "2024-09-01", "to": "2024-10-25"},
/// })).unwrap();
/// let slice: TermSlice = serde_json::from_value(serde_json::json!({
///     "diary": {
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "stays": [{
///             "pupil": "019379ab-0000-7000-8000-000000000001",
///             "class": "019379ab-0000-7000-8000-0000000000c7",
///             "from": "2024-09-01",
///         }],
///         "lessons": [{
///             "id": "019379ab-0000-7000-8000-000000000101",
///             "class": "019379ab-0000-7000-8000-0000000000c7",
///             "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///             "writtenAt": "2024-09-16T07:00:00Z",
///         }],
///         "works": [{
///             "id": "019379ab-0000-7000-8000-000000000201",
///             "lesson": "019379ab-0000-7000-8000-000000000101",
///             "kind": "Ответ на уроке", "title": "вопрос 2", "weight": "3",
///         }],
///         "marks": [{
///             "id": "019379ab-0000-7000-8000-000000000301",
///             "pupil": "019379ab-0000-7000-8000-000000000001",
///             "lesson": "019379ab-0000-7000-8000-000000000101",
///             "work": "019379ab-0000-7000-8000-000000000201",
///             "date": "2024-09-16", "value": "4-",
///             "writtenAt": "2024-09-20T12:00:00Z",
///         }],
///     },
///     "finals": [{
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "subject": "Алгебра", "kind": "term", "term": "1 четверть", "year": 2024, "value": "5",
///     }],
/// })).unwrap();
///
/// let summary = summarise(slice, &term);
/// let [algebra, physics] = &summary.subjects[..] else { panic!("two subjects") };
/// assert_eq!(algebra.finals[0].value.to_string(), "5");
/// assert_eq!(physics.mean.unwrap().to_string(), "4.00");
/// assert_eq!(physics.marks[0].mark.title, "вопрос 2");
/// assert_eq!(physics.last_write, Some("2024-09-20T12:00:00Z".parse().unwrap()));
/// ```
///
/// # What is kept right
///
/// A term that ends on a Sunday, and a mark for work of its last Friday, entered in the vacation.
///
/// ```
/// # use eschool_core::{calendar::Term, diary::{TermSlice, summarise}};
/// # use serde_json::json;
/// let id = |n: u16| format!("019379ab-0000-7000-8000-{n:012}");
/// let (pupil, class) = (id(1), id(71));
/// let lesson = |n: u16, date: &str, topic: Option<&str>| json!({
///     "id": id(n), "class": class, "date": date, "number": 1, "subject": "Физика",
///     "topic": topic, "homework": {"text": "§ 9"}, "writtenAt": "2024-10-25T07:00:00Z",
/// });
/// let term: Term = serde_json::from_value(json!({
///     "grade": 7, "name": "1 четверть", "kind": "quarter",
///     "days": {"from": "2024-09-01", "to": "2024-10-27"},
/// })).unwrap();
/// let slice: TermSlice = serde_json::from_value(json!({"diary": {
///     "pupil": pupil,
///     "stays": [{"pupil": pupil, "class": class, "from": "2024-09-01"}],
///     "lessons": [
///         lesson(101, "2024-10-25", Some("Сила")),
///         lesson(102, "2024-10-26", None),
///     ],
///     "upcoming": [{"class": class, "subject": "Физика", "date": "2024-11-05"}],
///     "works": [
///         {"id": id(401), "lesson": id(101), "kind": "Тест", "title": "Тест № 1", "weight": "1"},
///     ],
///     "marks": [{
///         "id": id(501), "pupil": pupil, "lesson": id(101), "work": id(401),
///         "date": "2024-10-25", "value": "5", "writtenAt": "2024-10-29T12:00:00Z",
///     }],
/// }})).unwrap();
///
/// let summary = summarise(slice, &term);
/// let physics = &summary.subjects[0];
///
/// // A mark for past work entered late: it counts by its lesson.
/// assert_eq!(physics.mean.unwrap().to_string(), "5.00");
/// assert_eq!(physics.marks[0].date.to_string(), "2024-10-25");
/// assert_eq!(physics.last_write, Some("2024-10-29T12:00:00Z".parse().unwrap()));
///
/// // A term that ends on a weekend: a row on its Saturday is no lesson that anybody had to fill,
/// // and what was given on Friday is due after the vacation.
/// assert_eq!((physics.lessons, physics.unfilled), (1, 0));
/// assert_eq!(physics.homework[0].due.unwrap().to_string(), "2024-11-05");
/// ```
#[must_use]
pub fn summarise(slice: TermSlice, term: &Term) -> TermSummary {
    let TermSlice { mut diary, finals, grading } = slice;
    let place = take_place(&mut diary);
    let mut subjects = Subjects { by_name: BTreeMap::new(), grading };
    for own in OwnLessons::take(&mut diary, &place) {
        if term.days.contains(own.lesson.date) {
            subjects.add(own, &diary.calendar);
        }
    }
    let year = school_year(term.days.from());
    for mark in finals {
        let is_of_term =
            mark.kind == FinalKind::Term && mark.year == year && mark.term == term.name;
        if mark.pupil == diary.pupil && is_of_term {
            subjects.of(mark.subject.clone()).finals.push(mark);
        }
    }

    let subjects = subjects.finish();
    let (mut attendance, mut words) = (AttendanceTotals::default(), WordTotals::default());
    for subject in &subjects {
        attendance += subject.attendance;
        words += subject.words;
    }
    let finals = subjects.iter().flat_map(|subject| &subject.finals);
    let final_words = WordTotals::of(finals.map(|mark| &mark.value));
    TermSummary {
        pupil: diary.pupil,
        term: term.clone(),
        attendance,
        debts: subjects.iter().map(|subject| subject.debts).sum(),
        unfilled: subjects.iter().map(|subject| subject.unfilled).sum(),
        words,
        final_words,
        subjects,
    }
}

/// The subjects in the making, by name; a summary gets its name when it is finished.
struct Subjects {
    by_name: BTreeMap<String, SubjectSummary>,
    grading: Grading,
}

impl Subjects {
    fn of(&mut self, subject: String) -> &mut SubjectSummary {
        let grading = self.grading;
        self.by_name.entry(subject).or_insert_with(|| SubjectSummary {
            subject: String::new(),
            topics: Vec::new(),
            homework: Vec::new(),
            marks: Vec::new(),
            mean: None,
            finals: Vec::new(),
            attendance: AttendanceTotals::default(),
            debts: 0,
            unfilled: 0,
            lessons: 0,
            last_write: None,
            words: WordTotals::default(),
            final_against_mean: None,
            grading,
        })
    }

    /// Adds a lesson and what stands in it.
    fn add(&mut self, own: OwnLesson, calendar: &[CalendarSpan]) {
        let OwnLesson { lesson, next, individual, marks, attendance, written_at, .. } = own;
        let (date, filled) = (lesson.date, lesson.is_filled());
        let summary = self.of(lesson.subject);

        if is_ordinary(calendar, date) && !lesson.cancelled {
            summary.lessons += 1;
            summary.unfilled += u32::from(!filled);
            if let Some(attendance) = attendance {
                summary.attendance.count(&attendance.class);
            }
        }
        summary.last_write = summary.last_write.max(Some(written_at));
        summary.topics.extend(lesson.topic.map(|topic| TopicLine { date, topic }));
        let for_all = lesson.homework.into_iter().map(|homework| (homework, false));
        let for_one = individual.into_iter().map(|homework| (homework, true));
        summary.homework.extend(for_all.chain(for_one).map(|(homework, individual)| {
            let DiaryHomework { text, due, materials } = with_due(homework, next);
            HomeworkLine { date, text, due, individual, materials }
        }));
        for mark in marks {
            summary.debts += u32::from(mark.is_open_debt());
            summary.words.count(&mark.value);
            summary.marks.push(MarkedWork { date, mark });
        }
    }

    fn finish(self) -> Vec<SubjectSummary> {
        let grading = self.grading;
        let named = self.by_name.into_iter().map(|(subject, summary)| {
            let marks = summary.marks.iter().map(|marked| &marked.mark);
            let mean = grading.mean(marks.map(|mark| (&mark.value, mark.weight)));
            let closing = summary.finals.first().map(|mark| &mark.value);
            let final_against_mean = FinalAgainstMean::of_both(closing, mean, &grading);
            SubjectSummary { subject, mean, final_against_mean, ..summary }
        });
        named.collect()
    }
}
