//! A term's subjects.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::{
    AttendanceTotals, DiaryHomework, HomeworkLine, MarkedWork, SubjectSummary, TermSlice,
    TermSummary, TopicLine,
    due::{is_ordinary, with_due},
    own::{OwnLesson, OwnLessons},
    place::Place,
};
use crate::{
    calendar::{CalendarSpan, Term},
    journal::{FinalKind, Mean},
};

/// Makes the subjects of a term from what a store read.
///
/// # What belongs to a subject
///
/// The pupil's lessons on the days of the term, as [`compose`](super::compose) knows them, by the
/// subject that is taught, not the one it replaces: a pupil who changed class in mid-term has the
/// lessons of both. A mark counts by the day of its lesson, however late it was entered. Final
/// marks are those of [`FinalKind::Term`] under the term's name; one in a subject without lessons
/// makes the subject all the same. Subjects stand by name, their lines by date and number.
///
/// # What is counted
///
/// The mean is Σ(weight · points) / Σ weight, exact; debts and words are left out, a sign does not
/// count, and a subject with no marks but such has none (rule 9 of the exchange files). Attendance
/// is counted by class; a code whose class this version does not know is in no total.
///
/// `lessons` are those that were not cancelled, `unfilled` those with neither a topic nor a
/// cancellation (rule 6). A row on a day that is not ordinary is no lesson (rule 7), so it is in
/// neither; what a teacher wrote in it is shown and counted nevertheless.
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
#[must_use]
pub fn summarise(slice: TermSlice, term: &Term) -> TermSummary {
    let TermSlice { mut diary, finals } = slice;
    let place = Place::take(&mut diary);
    let mut subjects = Subjects::default();
    for own in OwnLessons::take(&mut diary, &place) {
        if term.days.contains(own.lesson.date) {
            subjects.add(own, &diary.calendar);
        }
    }
    for mark in finals {
        if mark.pupil == diary.pupil && mark.kind == FinalKind::Term && mark.term == term.name {
            subjects.of(mark.subject.clone()).finals.push(mark);
        }
    }

    let subjects = subjects.finish();
    let mut attendance = AttendanceTotals::default();
    for subject in &subjects {
        attendance += subject.attendance;
    }
    TermSummary {
        pupil: diary.pupil,
        term: term.clone(),
        attendance,
        debts: subjects.iter().map(|subject| subject.debts).sum(),
        unfilled: subjects.iter().map(|subject| subject.unfilled).sum(),
        subjects,
    }
}

/// The subjects in the making, by name; a summary gets its name when it is finished.
#[derive(Default)]
struct Subjects(BTreeMap<String, SubjectSummary>);

impl Subjects {
    fn of(&mut self, subject: String) -> &mut SubjectSummary {
        self.0.entry(subject).or_insert_with(|| SubjectSummary {
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
        })
    }

    /// Adds a lesson and what stands in it.
    fn add(&mut self, own: OwnLesson, calendar: &[CalendarSpan]) {
        let OwnLesson { lesson, next, individual, marks, attendance, written_at } = own;
        let (date, filled) = (lesson.date, lesson.is_filled());
        let summary = self.of(lesson.subject);

        if is_ordinary(calendar, date) {
            summary.lessons += u32::from(!lesson.cancelled);
            summary.unfilled += u32::from(!filled);
        }
        summary.last_write = summary.last_write.max(Some(written_at));
        summary.topics.extend(lesson.topic.map(|topic| TopicLine { date, topic }));
        let for_all = lesson.homework.into_iter().map(|homework| (homework, false));
        let for_one = individual.into_iter().map(|homework| (homework, true));
        summary.homework.extend(for_all.chain(for_one).map(|(homework, individual)| {
            let DiaryHomework { text, due, .. } = with_due(homework, next);
            HomeworkLine { date, text, due, individual }
        }));
        for mark in marks {
            summary.debts += u32::from(mark.value.is_debt());
            summary.marks.push(MarkedWork { date, mark });
        }
        if let Some(attendance) = attendance {
            summary.attendance.count(&attendance.class);
        }
    }

    fn finish(self) -> Vec<SubjectSummary> {
        let named = self.0.into_iter().map(|(subject, summary)| {
            let marks = summary.marks.iter().map(|marked| &marked.mark);
            let mean = Mean::of(
                marks.filter_map(|mark| mark.value.points().map(|points| (points, mark.weight))),
            );
            SubjectSummary { subject, mean, ..summary }
        });
        named.collect()
    }
}
