//! The lessons after a diary's range on which its homework may be due.

use eschool_core::{
    calendar::{CalendarRule, CalendarSpan, DateRange},
    diary::UpcomingLesson,
    journal::{Lesson, Stay, Subgroup, SubgroupMembership},
};

use super::{
    diary::{people, slice},
    of,
};
use crate::{
    backend::{Backend, Changes, SchoolFrame},
    testing::{
        fixtures::{account_id, class_id, day, days, lesson, school_id, stay},
        save,
    },
};

/// One for each subgroup and subject: the first after the range; not on its last day, not the
/// second, not another class's.
pub async fn the_first_of_each_subgroup_and_subject_is_upcoming(backend: impl Backend) {
    let lessons = [
        on(1, 1, "2024-09-08", "Алгебра"),
        on(2, 1, "2024-09-09", "Алгебра"),
        on(3, 1, "2024-09-10", "Алгебра"),
        part(on(4, 1, "2024-09-10", "Английский язык"), "2"),
        part(on(5, 1, "2024-09-11", "Английский язык"), "1"),
        part(on(6, 1, "2024-09-12", "Английский язык"), "1"),
        on(7, 1, "2024-09-13", "Английский язык"),
        on(8, 1, "2024-09-12", "Химия"),
        on(9, 2, "2024-09-09", "Химия"),
        on(10, 1, "2025-05-30", "Физика"),
        on(11, 1, "2024-09-02", "Биология"),
    ];
    check(
        &backend,
        &lessons,
        &[stay(1, 1, "2024-09-02")],
        &[
            (1, None, "Алгебра", "2024-09-09"),
            (1, Some("2"), "Английский язык", "2024-09-10"),
            (1, Some("1"), "Английский язык", "2024-09-11"),
            (1, None, "Химия", "2024-09-12"),
            (1, None, "Английский язык", "2024-09-13"),
            (1, None, "Физика", "2025-05-30"),
        ],
    )
    .await;
}

/// A cancelled lesson is passed over; where every one is cancelled, none is upcoming.
pub async fn a_cancelled_lesson_is_not_upcoming(backend: impl Backend) {
    let cancelled = |lesson| Lesson { cancelled: true, ..lesson };
    let lessons = [
        cancelled(on(1, 1, "2024-09-09", "Алгебра")),
        on(2, 1, "2024-09-10", "Алгебра"),
        cancelled(on(3, 1, "2024-09-09", "Химия")),
        // Of two on one day one is enough.
        cancelled(Lesson { number: 1, ..on(4, 1, "2024-09-11", "Физика") }),
        Lesson { number: 2, ..on(5, 1, "2024-09-11", "Физика") },
    ];
    check(
        &backend,
        &lessons,
        &[stay(1, 1, "2024-09-02")],
        &[(1, None, "Алгебра", "2024-09-10"), (1, None, "Физика", "2024-09-11")],
    )
    .await;
}

/// A lesson that stands in for another is upcoming beside the first that stands in for none.
pub async fn a_replacement_is_upcoming_for_what_is_taught(backend: impl Backend) {
    let replaced = Lesson {
        instead_of: Some("Химия".into()),
        distant: true,
        ..on(1, 1, "2024-09-09", "Алгебра")
    };
    let lessons = [
        replaced,
        on(2, 1, "2024-09-10", "Химия"),
        on(3, 1, "2024-09-11", "Алгебра"),
        on(4, 1, "2024-09-12", "Алгебра"),
    ];
    check(
        &backend,
        &lessons,
        &[stay(1, 1, "2024-09-02")],
        &[
            (1, None, "Алгебра вместо Химия", "2024-09-09"),
            (1, None, "Химия", "2024-09-10"),
            (1, None, "Алгебра", "2024-09-11"),
        ],
    )
    .await;
}

/// A lesson on a weekend, or on a day the calendar names, may be none: the next ones are there too,
/// up to a plain weekday.
pub async fn lessons_on_doubtful_days_are_not_the_last_upcoming(backend: impl Backend) {
    let (id, mut changes) = (school_id(1), people());
    let dates = ["2024-09-14", "2024-09-16", "2024-09-17", "2024-09-18"];
    let lessons: Vec<_> = (1..).zip(dates).map(|(n, date)| on(n, 1, date, "Алгебра")).collect();
    changes.lessons = of(id, &lessons);
    changes.stays = of(id, &[stay(1, 1, "2024-09-02")]);
    let holiday = CalendarSpan {
        days: DateRange::day(day("2024-09-16")),
        rule: CalendarRule::Holiday,
        name: "праздник".into(),
    };
    changes.frames = vec![(id, SchoolFrame { calendar: vec![holiday], ..SchoolFrame::default() })];
    save(&backend, &changes).await;
    let upcoming = slice(&backend, 1, days("2024-09-02", "2024-09-08")).await.upcoming;
    let told: Vec<_> = upcoming.iter().map(|lesson| lesson.date).collect();
    assert_eq!(told, ["2024-09-14", "2024-09-16", "2024-09-17"].map(day));
}

/// A pupil who changes subgroup within a stay has the first lessons after that day too.
pub async fn each_membership_has_its_own_upcoming_lessons(backend: impl Backend) {
    let (id, mut changes) = (school_id(1), people());
    let english = |n, date, group| part(on(n, 1, date, "Английский язык"), group);
    changes.lessons = of(
        id,
        &[
            english(1, "2024-09-09", "1"),
            english(2, "2024-09-09", "2"),
            english(3, "2024-09-11", "1"),
            english(4, "2024-09-11", "2"),
            english(5, "2024-09-13", "2"),
        ],
    );
    changes.stays = of(id, &[stay(1, 1, "2024-09-02")]);
    let membership = |group: &str, from, to: Option<&str>| SubgroupMembership {
        pupil: account_id(1),
        class: class_id(1),
        subject: None,
        subgroup: Subgroup(group.into()),
        from: day(from),
        to: to.map(day),
    };
    changes.subgroups = of(
        id,
        &[membership("1", "2024-09-02", Some("2024-09-09")), membership("2", "2024-09-10", None)],
    );
    save(&backend, &changes).await;
    let upcoming = slice(&backend, 1, days("2024-09-02", "2024-09-08")).await.upcoming;
    let told: Vec<_> = upcoming
        .iter()
        .map(|lesson| (lesson.date, lesson.subgroup.as_ref().map_or("", |part| &part.0)))
        .collect();
    let expected =
        [("2024-09-09", "1"), ("2024-09-09", "2"), ("2024-09-11", "1"), ("2024-09-11", "2")];
    assert_eq!(told, expected.map(|(date, part)| (day(date), part)));
}

/// Each stay has its own, on its days alone, both ends included: of a class that was left and
/// entered again there are two, of one that is entered later the first after that day, of one that
/// was left before none.
pub async fn each_stay_has_its_own_upcoming_lessons(backend: impl Backend) {
    let mut lessons = Vec::new();
    for (n, date) in (1..).zip([
        "2024-09-09",
        "2024-09-10",
        "2024-09-11",
        "2024-09-12",
        "2024-09-13",
        "2024-09-16",
        "2024-09-17",
    ]) {
        lessons.push(on(10 + n, 1, date, "Алгебра"));
        lessons.push(on(20 + n, 2, date, "Алгебра"));
    }
    let until = |stay: Stay, to| Stay { to: Some(day(to)), ..stay };
    let stays = [
        until(stay(1, 2, "2024-09-02"), "2024-09-08"),
        until(stay(1, 1, "2024-09-08"), "2024-09-09"),
        until(stay(1, 2, "2024-09-11"), "2024-09-11"),
        until(stay(1, 2, "2024-09-14"), "2024-09-15"),
        stay(1, 1, "2024-09-14"),
    ];
    check(
        &backend,
        &lessons,
        &stays,
        &[
            (1, None, "Алгебра", "2024-09-09"),
            (2, None, "Алгебра", "2024-09-11"),
            (1, None, "Алгебра", "2024-09-16"),
        ],
    )
    .await;
}

/// Saves these for pupil 1 and asks for the week that ends on the eighth.
async fn check(
    backend: &impl Backend,
    lessons: &[Lesson],
    stays: &[Stay],
    expected: &[(u128, Option<&str>, &str, &str)],
) {
    let id = school_id(1);
    let changes = Changes { lessons: of(id, lessons), stays: of(id, stays), ..people() };
    save(backend, &changes).await;
    let expected: Vec<UpcomingLesson> = expected
        .iter()
        .map(|(class, subgroup, subject, date)| {
            let (subject, instead_of) = match subject.split_once(" вместо ") {
                Some((subject, replaced)) => (subject, Some(replaced.into())),
                None => (*subject, None),
            };
            UpcomingLesson {
                class: class_id(*class),
                subgroup: subgroup.map(|part| Subgroup(part.into())),
                subject: subject.into(),
                instead_of,
                date: day(date),
            }
        })
        .collect();
    assert_eq!(slice(backend, 1, days("2024-09-02", "2024-09-08")).await.upcoming, expected);
}

/// A lesson of a class; its identifier is its number, too, so that no two stand in one place.
fn on(n: u8, class: u128, date: &str, subject: &str) -> Lesson {
    lesson(n.into(), class_id(class), date, n, subject)
}

fn part(lesson: Lesson, part: &str) -> Lesson {
    Lesson { subgroup: Some(Subgroup(part.into())), ..lesson }
}
