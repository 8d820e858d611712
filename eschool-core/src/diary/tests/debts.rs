//! Debts in a week and in a term, and what closes them.

use super::*;
use crate::calendar::{Term, TermKind};

/// A term that ends on 28 September.
fn summary(diary: DiarySlice) -> TermSummary {
    let days = DateRange::new(day("2024-09-01"), day("2024-09-28")).unwrap();
    let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days };
    summarise(TermSlice { diary, finals: vec![], grading: Grading::default() }, &term)
}

/// A debt of the first lesson, and another mark for the same work in another lesson.
fn handed_in(first: &Lesson, other: &Lesson, value: &str) -> DiarySlice {
    let (work, debt) = mark(1, first, ".", "2");
    let later = Mark { work: work.id, ..mark(2, other, value, "1").1 };
    let lessons = vec![first.clone(), other.clone()];
    DiarySlice { works: vec![work], marks: vec![later, debt], ..slice(lessons) }
}

/// The debts that are open, and for each mark of the term what closed it.
fn told(summary: &TermSummary) -> (u32, Vec<String>) {
    let marks = summary.subjects.iter().flat_map(|subject| &subject.marks);
    let told = marks.map(|marked| {
        let by = marked.mark.closed_by.as_ref().map(|by| format!(" {} {}", by.date, by.value));
        format!("{}{}", marked.mark.value, by.unwrap_or_default())
    });
    (summary.debts, told.collect())
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(ToString::to_string).collect()
}

#[test]
fn a_debt_is_closed_by_a_mark_for_the_same_work_and_shown_so() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let later = lesson(2, "2024-09-23", 1, "Физика");
    for (value, debts, first) in [
        ("4", 0, ". 2024-09-23 4"),
        ("2", 0, ". 2024-09-23 2"),
        ("зачёт", 0, ". 2024-09-23 зачёт"),
        ("осв", 0, ". 2024-09-23 осв"),
        ("незачёт", 1, "."),
        ("н/а", 1, "."),
        (".", 2, "."),
    ] {
        let summary = summary(handed_in(&physics, &later, value));
        assert_eq!(told(&summary), (debts, lines(&[first, value])), "{value}");
        assert_eq!(summary.subjects[0].debts, debts);
    }
}

#[test]
fn a_mark_in_a_lesson_after_the_term_closes_a_debt_of_it() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let after = lesson(2, "2024-10-07", 1, "Физика");
    let slice = handed_in(&physics, &after, "4");
    assert_eq!(told(&summary(slice.clone())), (0, lines(&[". 2024-10-07 4"])));
    // The lesson need not be in the slice.
    let mut lessons = slice.lessons.clone();
    lessons.retain(|lesson| lesson.id == physics.id);
    let alone = DiarySlice { lessons, ..slice };
    assert_eq!(told(&summary(alone)), (0, lines(&[". 2024-10-07 4"])));
}

#[test]
fn a_week_shows_what_closed_a_debt_as_the_term_does() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let shown = |slice: DiarySlice| -> Vec<_> {
        let diary = compose(slice, DateRange::week_of(day("2024-09-16")));
        let entries = diary.days.into_iter().flat_map(|day| day.entries);
        entries.flat_map(|entry| entry.marks).collect()
    };
    // in the week and after it
    for other in ["2024-09-18", "2024-09-23"] {
        let slice = handed_in(&physics, &lesson(2, other, 1, "Физика"), "4");
        let [subject] = &summary(slice.clone()).subjects[..] else { panic!("one subject") };
        let [debt, ..] = &shown(slice)[..] else { panic!("a debt") };
        assert_eq!(debt, &subject.marks[0].mark);
        let by = debt.closed_by.as_ref().map(|by| (by.date, by.value.to_string()));
        assert_eq!(by, Some((day(other), "4".into())));
        assert!(!debt.is_open_debt());
    }
    let open = handed_in(&physics, &lesson(2, "2024-09-18", 1, "Физика"), "н/а");
    let [debt, later] = &shown(open)[..] else { panic!("two marks") };
    assert!(debt.is_open_debt() && !later.is_open_debt());
    assert!(!serde_json::to_string(&debt).unwrap().contains("closedBy"));
}

#[test]
fn lessons_that_were_moved_close_debts_by_the_days_they_are_on() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let later = lesson(2, "2024-09-20", 1, "Физика");
    let cases = [
        ("2024-09-16", "2024-09-20", 0, [". 2024-09-20 4", "4"]),
        // The debt went over the weekend, past the mark that had closed it, and not past it.
        ("2024-09-23", "2024-09-20", 1, ["4", "."]),
        ("2024-09-19", "2024-09-20", 0, [". 2024-09-20 4", "4"]),
        // The mark went further, and before the debt.
        ("2024-09-16", "2024-09-23", 0, [". 2024-09-23 4", "4"]),
        ("2024-09-16", "2024-09-13", 1, ["4", "."]),
        // Both went, to one day: they were written together.
        ("2024-09-24", "2024-09-24", 1, [".", "4"]),
    ];
    for (owed, handed, debts, marks) in cases {
        // The rows of the marks still tell the days on which the lessons were.
        let mut slice = handed_in(&physics, &later, "4");
        slice.lessons[0].date = day(owed);
        slice.lessons[1].date = day(handed);
        assert_eq!(told(&summary(slice)), (debts, lines(&marks)), "{owed} {handed}");
    }
}

#[test]
fn a_classmates_mark_and_one_for_another_work_close_nothing() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let later = lesson(2, "2024-09-23", 1, "Физика");
    let mut slice = handed_in(&physics, &later, "4");
    slice.marks[0].pupil = CLASSMATE;
    assert_eq!(told(&summary(slice)), (1, lines(&["."])));
    let mut slice = handed_in(&physics, &later, "4");
    slice.marks[0].work = WorkId(Uuid::from_u128(9));
    assert_eq!(told(&summary(slice)), (1, lines(&[".", "4"])));
}

#[test]
fn a_debt_that_was_corrected_is_none() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let debt = mark(1, &physics, ".", "2");
    let to = crate::journal::Correction {
        value: "3".parse().unwrap(),
        comment: None,
        by: None,
        at: at("2024-09-30T08:00:00Z"),
    };
    let corrected = debt.1.corrected(to).unwrap().mark;
    let before = summary(with_marks(vec![physics.clone()], vec![debt.clone()]));
    let after = summary(with_marks(vec![physics], vec![(debt.0, corrected)]));
    assert_eq!((before.debts, before.subjects[0].mean), (1, None));
    assert_eq!((after.debts, after.subjects[0].mean.unwrap().to_string()), (0, "3.00".into()));
}

#[test]
fn the_debt_of_a_class_left_is_closed_in_the_new_one() {
    let old = lesson(1, "2024-09-18", 1, "Физика");
    let new = Lesson { class: class(2), ..lesson(2, "2024-09-19", 1, "Физика") };
    let mut slice = handed_in(&old, &new, "5");
    slice.stays = vec![stay(1, "2024-09-01", Some("2024-09-18")), stay(2, "2024-09-19", None)];
    assert_eq!(told(&summary(slice)), (0, lines(&[". 2024-09-19 5", "5"])));
}
