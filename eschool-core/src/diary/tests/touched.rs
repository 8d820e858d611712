//! Which days a write touches.

use super::*;

fn physics(n: usize, date: &str) -> Lesson {
    lesson(n, date, 2, "Физика")
}

fn part(name: &str, lesson: Lesson) -> Lesson {
    Lesson { subgroup: Some(Subgroup(name.into())), ..lesson }
}

/// The first and the last day, for a journal whose last day is the same before and after.
fn touched(before: Option<&Lesson>, after: &Lesson, lessons: &[Lesson]) -> (String, String) {
    let end = Some(day("2024-10-25"));
    let days =
        touched_days(before, after, LessonsAround { lessons, end_before: end, end_after: end });
    (days.from().to_string(), days.to().to_string())
}

fn days(from: &str, to: &str) -> (String, String) {
    (from.into(), to.into())
}

#[test]
fn what_is_written_in_a_lesson_touches_its_day_alone() {
    let was = physics(9, "2024-09-16");
    let mut is = Lesson { topic: Some("Сила".into()), room: "7".into(), ..was.clone() };
    is.teacher = "Ким Яна".into();
    is.distant = true;
    let earlier = [physics(1, "2024-09-09")];
    assert_eq!(touched(Some(&was), &is, &earlier), days("2024-09-16", "2024-09-16"));
}

#[test]
fn homework_of_the_lesson_before_may_be_due_on_another_day() {
    let was = physics(9, "2024-09-16");
    let earlier = [
        physics(1, "2024-09-02"),
        physics(2, "2024-09-09"),
        Lesson { cancelled: true, ..physics(3, "2024-09-12") },
        lesson(4, "2024-09-13", 1, "Химия"),
    ];
    let cancelled = Lesson { cancelled: true, ..was.clone() };
    let replaced = Lesson { subject: "Химия".into(), ..was.clone() };
    let moved = Lesson { date: day("2024-09-20"), ..was.clone() };
    let later = Lesson { number: 5, ..was.clone() };
    for (before, after, expected) in [
        (Some(&was), &cancelled, days("2024-09-09", "2024-09-16")),
        (Some(&cancelled), &was, days("2024-09-09", "2024-09-16")),
        (None, &was, days("2024-09-09", "2024-09-16")),
        (Some(&was), &replaced, days("2024-09-09", "2024-09-16")),
        (Some(&was), &moved, days("2024-09-09", "2024-09-20")),
        (Some(&was), &later, days("2024-09-09", "2024-09-16")),
    ] {
        assert_eq!(touched(before, after, &earlier), expected, "{before:?} {after:?}");
    }
    assert_eq!(touched(None, &was, &[]), days("2024-09-16", "2024-09-16"));
}

#[test]
fn each_part_of_a_class_has_a_lesson_before() {
    let was = physics(9, "2024-09-16");
    let earlier = [part("1", physics(1, "2024-09-06")), part("2", physics(2, "2024-09-12"))];
    assert_eq!(touched(None, &was, &earlier), days("2024-09-06", "2024-09-16"));
    // Where no lesson of a part was held, what was given in one that was not stands there yet.
    let dropped = [Lesson { cancelled: true, ..earlier[0].clone() }, earlier[1].clone()];
    assert_eq!(touched(None, &was, &dropped), days("2024-09-06", "2024-09-16"));
}

#[test]
fn what_was_planned_gives_way_as_far_as_the_journal_reaches() {
    let new = physics(9, "2024-09-20");
    let around = |before: Option<&str>, after: Option<&str>| {
        let (end_before, end_after) = (before.map(day), after.map(day));
        let days = touched_days(None, &new, LessonsAround { lessons: &[], end_before, end_after });
        (days.from().to_string(), days.to().to_string())
    };
    assert_eq!(around(Some("2024-09-16"), Some("2024-09-20")), days("2024-09-16", "2024-09-20"));
    assert_eq!(around(Some("2024-09-27"), Some("2024-09-20")), days("2024-09-20", "2024-09-27"));
    assert_eq!(around(Some("2024-09-27"), Some("2024-09-27")), days("2024-09-20", "2024-09-20"));
    assert_eq!(around(None, Some("2024-09-20")), days("2024-07-20", "2024-09-20"));
}

#[test]
fn a_slip_of_the_year_touches_no_thousands_of_days() {
    let (slip, right) = (physics(9, "2042-09-16"), physics(9, "2024-09-16"));
    let ends = |before: &str, after: &str| LessonsAround {
        lessons: &[],
        end_before: Some(day(before)),
        end_after: Some(day(after)),
    };
    let mended = touched_days(Some(&slip), &right, ends("2042-09-16", "2024-09-20"));
    assert_eq!(mended.from(), right.date);
    assert_eq!(mended.days().count(), 429);
    let made = touched_days(Some(&right), &slip, ends("2024-09-20", "2042-09-16"));
    assert_eq!((made.to(), made.days().count()), (slip.date, 429));
    let first = Lesson { date: NaiveDate::MIN, ..right.clone() };
    let last = Lesson { date: NaiveDate::MAX, ..right };
    for (before, after) in [(&first, &last), (&last, &first)] {
        let around = LessonsAround {
            lessons: &[],
            end_before: Some(before.date),
            end_after: Some(after.date),
        };
        assert!(touched_days(Some(before), after, around).days().count() <= 429);
    }
}
