use alloc::string::{String, ToString};

use super::*;
use crate::{
    calendar::{Term, TermKind},
    journal::{FinalKind, FinalMark},
};

/// A term that ends on Saturday, 28 September.
fn term() -> Term {
    Term {
        grade: 7,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: DateRange::new(day("2024-09-01"), day("2024-09-28")).unwrap(),
    }
}

fn of_term(diary: DiarySlice) -> TermSlice {
    TermSlice { diary, finals: Vec::new(), grading: Grading::default() }
}

fn summary(diary: DiarySlice) -> TermSummary {
    summarise(of_term(diary), &term())
}

fn subjects(summary: &TermSummary) -> Vec<&str> {
    summary.subjects.iter().map(|subject| subject.subject.as_str()).collect()
}

fn mean(subject: &SubjectSummary) -> Option<String> {
    subject.mean.map(|mean| mean.to_string())
}

#[test]
fn a_subject_has_its_topics_homework_and_marks_by_date() {
    let first = with_homework(lesson(1, "2024-09-16", 2, "Физика"));
    let second =
        Lesson { topic: Some("Трение".into()), ..lesson(2, "2024-09-17", 1, "Физика") };
    let unfilled = Lesson { topic: Some(" ".into()), ..lesson(3, "2024-09-18", 1, "Физика") };
    let cancelled =
        Lesson { topic: None, cancelled: true, ..lesson(4, "2024-09-19", 1, "Физика") };
    let own = own_homework(&first, "карточка");
    let marks = vec![mark(1, &second, "3", "1"), mark(2, &first, "5", "2")];
    let mut slice = with_marks(vec![unfilled, second, first, cancelled], marks);
    slice.individual_homework = vec![own];
    let summary = summary(slice);
    let [physics] = &summary.subjects[..] else { panic!("one subject: {summary:?}") };

    let topics: Vec<_> = physics.topics.iter().map(|line| line.topic.as_str()).collect();
    assert_eq!(topics, ["Сила", "Трение"]);
    let homework: Vec<_> = physics
        .homework
        .iter()
        .map(|line| (line.text.as_str(), line.due.unwrap().to_string(), line.individual))
        .collect();
    let due = || String::from("2024-09-17");
    assert_eq!(homework, [("§ 5", due(), false), ("карточка", due(), true)]);
    let marks: Vec<_> = physics.marks.iter().map(|m| (m.date, m.mark.value.to_string())).collect();
    assert_eq!(marks, [(day("2024-09-16"), "5".into()), (day("2024-09-17"), String::from("3"))]);
    assert_eq!(mean(physics).as_deref(), Some("4.33"));
    assert_eq!((physics.lessons, physics.unfilled), (3, 1));
    assert_eq!(summary.unfilled, 1);
}

#[test]
fn marks_count_by_the_subject_that_was_taught() {
    let replaced = Lesson {
        instead_of: Some("Физика".into()),
        ..lesson(1, "2024-09-16", 1, "Химия")
    };
    let marks = vec![mark(1, &replaced, "5", "1")];
    let summary = summary(with_marks(vec![replaced], marks));
    assert_eq!(subjects(&summary), ["Химия"]);
}

#[test]
fn debts_and_words_are_no_part_of_a_mean() {
    let cases = [
        (&["5", "."][..], Some("5.00"), 1),
        (&["4-", "4+", "5"], Some("4.33"), 0),
        (&[".", "."], None, 2),
        (&["н/а", "осв", "зачёт", "незачёт"], None, 0),
        (&[], None, 0),
    ];
    for (values, expected, debts) in cases {
        let physics = lesson(1, "2024-09-16", 1, "Физика");
        let marks =
            values.iter().enumerate().map(|(n, value)| mark(n, &physics, value, "1")).collect();
        let summary = summary(with_marks(vec![physics], marks));
        let [subject] = &summary.subjects[..] else { panic!("one subject") };
        assert_eq!(mean(subject).as_deref(), expected, "{values:?}");
        assert_eq!((subject.debts, summary.debts), (debts, debts), "{values:?}");
        assert_eq!(subject.marks.len(), values.len());
    }
}

#[test]
fn a_term_holds_the_lessons_of_its_days_and_a_late_mark_counts_by_its_lesson() {
    let before = lesson(1, "2024-08-31", 1, "Физика");
    let last_friday = with_homework(lesson(2, "2024-09-27", 1, "Физика"));
    let after = lesson(3, "2024-09-30", 1, "Физика");
    let mut marks = vec![
        mark(1, &before, "2", "1"),
        mark(2, &last_friday, "5", "1"),
        mark(3, &after, "2", "1"),
    ];
    // Written after the term has ended.
    marks[1].1.written_at = at("2024-10-05T12:00:00Z");
    let mut slice = with_marks(vec![before, last_friday, after], marks);
    slice.stays = vec![stay(1, "2024-08-01", None)];
    slice.calendar = vec![span("2024-09-28", "2024-09-29", CalendarRule::Vacation)];
    let summary = summary(slice);
    let [physics] = &summary.subjects[..] else { panic!("one subject") };
    assert_eq!((physics.lessons, mean(physics).as_deref()), (1, Some("5.00")));
    assert_eq!(physics.last_write, Some(at("2024-10-05T12:00:00Z")));
    // The next lesson is in the next term.
    assert_eq!(physics.homework[0].due, Some(day("2024-09-30")));
}

#[test]
fn a_working_saturday_at_the_end_of_a_term_belongs_to_it() {
    let saturday = || Lesson { topic: None, ..lesson(1, "2024-09-28", 1, "Физика") };
    let marks = || vec![mark(1, &saturday(), "4", "1")];
    let working = span("2024-09-28", "2024-09-28", CalendarRule::Working(chrono::Weekday::Mon));
    let with = DiarySlice { calendar: vec![working], ..with_marks(vec![saturday()], marks()) };
    let counted = summary(with);
    assert_eq!((counted.subjects[0].lessons, counted.unfilled), (1, 1));

    // On a day off it is no lesson, but the mark in it is not lost.
    let counted = summary(with_marks(vec![saturday()], marks()));
    assert_eq!((counted.subjects[0].lessons, counted.unfilled), (0, 0));
    assert_eq!(mean(&counted.subjects[0]).as_deref(), Some("4.00"));
}

#[test]
fn a_pupil_who_changed_class_has_the_marks_of_both() {
    let old = lesson(1, "2024-09-18", 1, "Физика");
    let not_yet = Lesson { class: class(2), ..lesson(2, "2024-09-18", 1, "Физика") };
    let new = Lesson { class: class(2), ..lesson(3, "2024-09-19", 1, "Физика") };
    let no_more = lesson(4, "2024-09-19", 1, "Физика");
    let marks = vec![mark(1, &old, "5", "1"), mark(2, &new, "2", "1")];
    let mut slice = with_marks(vec![old, not_yet, new, no_more], marks);
    slice.stays = vec![stay(1, "2024-09-01", Some("2024-09-18")), stay(2, "2024-09-19", None)];
    let summary = summary(slice);
    let [physics] = &summary.subjects[..] else { panic!("one subject") };
    assert_eq!((physics.lessons, mean(physics).as_deref()), (2, Some("3.50")));
}

#[test]
fn finals_of_the_term_stand_with_their_subjects_even_without_lessons() {
    let final_mark = |subject: &str, kind: FinalKind, term: &str| FinalMark {
        pupil: PUPIL,
        subject: subject.into(),
        kind,
        term: term.into(),
        year: 2024,
        value: "4".parse().unwrap(),
    };
    let finals = vec![
        final_mark("Физика", FinalKind::Term, "1 четверть"),
        final_mark("Алгебра", FinalKind::Term, "1 четверть"),
        final_mark("Химия", FinalKind::Term, "2 четверть"),
        final_mark("Химия", FinalKind::Year, ""),
        FinalMark { year: 2023, ..final_mark("Труд", FinalKind::Term, "1 четверть") },
        FinalMark {
            pupil: CLASSMATE, ..final_mark("Музыка", FinalKind::Term, "1 четверть")
        },
    ];
    let slice = TermSlice {
        diary: slice(vec![lesson(1, "2024-09-16", 1, "Физика")]),
        finals,
        grading: Grading::default(),
    };
    let summary = summarise(slice, &term());
    assert_eq!(subjects(&summary), ["Алгебра", "Физика"]);
    assert_eq!(summary.subjects[0].finals.len(), 1);
    assert_eq!((summary.subjects[0].lessons, summary.subjects[0].last_write), (0, None));
}

#[test]
fn words_are_counted_of_marks_and_of_finals() {
    let (physics, art) = (lesson(1, "2024-09-16", 1, "Физика"), lesson(2, "2024-09-16", 2, "ИЗО"));
    let marks = vec![
        mark(1, &physics, "зачёт", "1"),
        mark(2, &physics, "осв", "1"),
        mark(3, &physics, "4", "1"),
        mark(4, &art, "зачёт", "1"),
        mark(5, &art, "незачёт", "1"),
        mark(6, &art, "н/а", "1"),
    ];
    let closing = |subject: &str, value: &str| FinalMark {
        pupil: PUPIL,
        subject: subject.into(),
        kind: FinalKind::Term,
        term: "1 четверть".into(),
        year: 2024,
        value: value.parse().unwrap(),
    };
    let finals = vec![closing("Физика", "н/а"), closing("ИЗО", "зачёт"), closing("Труд", "осв")];
    let slice = TermSlice { finals, ..of_term(with_marks(vec![physics, art], marks)) };
    let summary = summarise(slice, &term());
    let words: Vec<_> = summary.subjects.iter().map(|subject| subject.words.text_ru()).collect();
    assert_eq!(words, ["зачёт: 1, незачёт: 1, н/а: 1", "", "зачёт: 1, осв.: 1"]);
    assert_eq!(summary.words.text_ru(), "зачёт: 2, незачёт: 1, н/а: 1, осв.: 1");
    assert_eq!(summary.words.text_en(), "passed: 2, failed: 1, not assessed: 1, exempt: 1");
    assert_eq!(summary.final_words.text_ru(), "зачёт: 1, н/а: 1, осв.: 1");
    // A word against a mean is no difference in points.
    assert!(summary.subjects.iter().all(|subject| subject.final_against_mean.is_none()));
}

#[test]
fn where_a_final_is_not_what_the_mean_comes_to_the_family_sees_it() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let marks = vec![mark(1, &physics, "5", "1"), mark(2, &physics, "4", "1")]; // 4.50
    let against = |values: &[&str], grading: Grading| {
        let finals = values.iter().map(|value| FinalMark {
            pupil: PUPIL,
            subject: "Физика".into(),
            kind: FinalKind::Term,
            term: "1 четверть".into(),
            year: 2024,
            value: value.parse().unwrap(),
        });
        let diary = with_marks(vec![physics.clone()], marks.clone());
        let slice = TermSlice { finals: finals.collect(), grading, ..of_term(diary) };
        let mut subject = summarise(slice, &term()).subjects.remove(0);
        assert_eq!(subject.grading, grading);
        subject.final_against_mean.take().map(FinalAgainstMean::text_ru)
    };
    let strict = Grading::default().with_threshold(5.try_into().unwrap(), 460).unwrap();
    let four = Some("за период 4, по среднему баллу выходит 5".into());
    let five = Some("за период 5, по среднему баллу выходит 4".into());
    assert_eq!(against(&["4"], Grading::default()), four);
    assert_eq!(against(&["4"], strict), None);
    assert_eq!(against(&["5"], strict), five);
    // Of two the first holds.
    assert_eq!(against(&["5", "4"], Grading::default()), None);
    assert_eq!(against(&[], strict), None);
}

#[test]
fn attendance_is_counted_by_class() {
    use AttendanceClass::{Excused, Ill, Late, Present, Unexcused, Unknown, Unspecified};
    let physics: Vec<_> = (1..=8).map(|n| lesson(n.into(), "2024-09-16", n, "Физика")).collect();
    let chemistry = lesson(9, "2024-09-17", 1, "Химия");
    let classes =
        [Late, Ill, Ill, Excused, Unexcused, Unspecified, Present, Unknown("карантин".into())];
    let mut attendance: Vec<_> =
        physics.iter().zip(classes).map(|(lesson, class)| absence(lesson, "код", class)).collect();
    attendance.push(absence(&chemistry, "Б", Ill));
    let mut lessons = physics;
    lessons.push(chemistry);
    let summary = summary(DiarySlice { attendance, ..slice(lessons) });
    let physics = AttendanceTotals { late: 1, ill: 2, excused: 1, unexcused: 1, unspecified: 1 };
    assert_eq!(summary.subjects[0].attendance, physics);
    assert_eq!(summary.attendance, AttendanceTotals { ill: 3, ..physics });
    assert_eq!(summary.attendance.missed(), 6);
}

#[test]
fn nobody_misses_a_lesson_that_was_cancelled_or_is_none() {
    let held = lesson(1, "2024-09-16", 1, "Физика");
    let cancelled = Lesson { cancelled: true, ..lesson(2, "2024-09-17", 1, "Физика") };
    let saturday = lesson(3, "2024-09-21", 1, "Физика");
    let attendance: Vec<_> = [(&held, "Б"), (&cancelled, "Б"), (&saturday, "Б")]
        .map(|(lesson, code)| absence(lesson, code, AttendanceClass::Ill))
        .into();
    let marks = vec![mark(1, &cancelled, "5", "1"), mark(2, &saturday, "4", "1")];
    let mut slice = DiarySlice { attendance, ..with_marks(vec![held, cancelled, saturday], marks) };
    let working = span("2024-09-21", "2024-09-21", CalendarRule::Working(chrono::Weekday::Mon));
    for (calendar, missed) in [(vec![], 1), (vec![working], 2)] {
        slice.calendar = calendar;
        let summary = summary(slice.clone());
        assert_eq!((summary.attendance.ill, summary.attendance.missed()), (missed, missed));
        assert_eq!(
            (summary.subjects[0].attendance.ill, summary.subjects[0].lessons),
            (missed, missed)
        );
        // The marks given there count.
        assert_eq!(mean(&summary.subjects[0]).as_deref(), Some("4.50"));
    }
}

#[test]
fn what_a_teacher_wrote_last_is_a_lesson_or_the_value_of_a_mark() {
    let physics = lesson(1, "2024-09-16", 1, "Физика"); // written at 07:00
    let chemistry = lesson(2, "2024-09-16", 2, "Химия");
    let (work, mut early) = mark(1, &chemistry, "5", "1");
    early.written_at = at("2024-09-16T06:00:00Z");
    let mut slice = with_marks(vec![physics.clone(), chemistry], vec![(work, early)]);
    slice.attendance = vec![absence(&physics, "Б", AttendanceClass::Ill)];
    slice.individual_homework = vec![own_homework(&physics, "карточка")];
    slice.remarks = vec![remark(&physics, "разговаривал")];
    let last = |slice: &DiarySlice| -> Vec<_> {
        summary(slice.clone()).subjects.iter().map(|s| s.last_write.unwrap()).collect()
    };
    let lesson = at("2024-09-16T07:00:00Z");
    assert_eq!(last(&slice), [lesson, lesson]);
    slice.marks[0].written_at = at("2024-09-20T12:00:00Z");
    assert_eq!(last(&slice), [lesson, at("2024-09-20T12:00:00Z")]);
    slice.lessons[0].written_at = at("2024-09-21T12:00:00Z");
    assert_eq!(last(&slice), [at("2024-09-21T12:00:00Z"), at("2024-09-20T12:00:00Z")]);
}

#[test]
fn nothing_makes_no_subjects() {
    let summary = summary(slice(vec![]));
    assert_eq!((summary.subjects, summary.debts, summary.term), (vec![], 0, term()));
}
