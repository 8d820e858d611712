use alloc::string::{String, ToString};

use chrono::Weekday;

use super::*;
use crate::calendar::DayKind;

#[test]
fn every_day_of_the_range_is_there_and_only_ordinary_ones_have_entries() {
    let lessons =
        (16..=22).map(|d| lesson(d, &alloc::format!("2024-09-{d}"), 1, "Физика")).collect();
    let mut slice = slice(lessons);
    slice.calendar = vec![
        span("2024-09-18", "2024-09-18", CalendarRule::Holiday),
        span("2024-09-19", "2024-09-19", CalendarRule::Vacation),
        span("2024-09-21", "2024-09-21", CalendarRule::Working(Weekday::Mon)),
    ];
    let diary = compose(slice, week());
    use DayKind::{Holiday, Ordinary, Vacation, Weekend};
    let kinds: Vec<_> = diary.days.iter().map(|day| (&day.kind, day.entries.len())).collect();
    let expected = [
        (&Ordinary, 1),
        (&Ordinary, 1),
        (&Holiday, 0),
        (&Vacation, 0),
        (&Ordinary, 1),
        (&Ordinary, 1),
        (&Weekend, 0),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(diary.days[2].name.as_deref(), Some("название"));
    assert_eq!(diary.days[0].name, None);
}

#[test]
fn entries_stand_by_number_with_the_times_of_their_bells() {
    let lessons = vec![
        lesson(1, "2024-09-17", 2, "Химия"),
        lesson(2, "2024-09-16", 9, "Физика"),
        lesson(3, "2024-09-16", 1, "Алгебра"),
    ];
    let mut slice = slice(lessons);
    // Of two bells for one number the first holds.
    let twice = Bell { begins: NaiveTime::MIN, ..slice.bells[0] };
    slice.bells.push(twice);
    let diary = compose(slice, week());
    assert_eq!(told(&diary), ["16.1 Алгебра", "16.9 Физика", "17.2 Химия"]);
    let times = |entry: &DiaryEntry| {
        entry.begins.zip(entry.ends).map(|(b, e)| (b.to_string(), e.to_string()))
    };
    assert_eq!(times(&diary.days[0].entries[0]), Some(("08:30:00".into(), "09:15:00".into())));
    assert_eq!(times(&diary.days[0].entries[1]), None, "no bell for the ninth lesson");
}

#[test]
fn a_pupil_who_changes_class_in_mid_week_has_the_lessons_of_each_on_its_days() {
    let of_class =
        |n: usize, class_number: u8, date: &str, subgroup_name: &str, subject: &str| Lesson {
            class: class(class_number),
            subgroup: subgroup(subgroup_name),
            ..with_homework(lesson(n, date, 1, subject))
        };
    let mut slice = slice(vec![
        of_class(1, 1, "2024-09-18", "2", "Английский язык"),
        of_class(2, 1, "2024-09-18", "1", "Английский язык"),
        of_class(3, 2, "2024-09-18", "1", "Английский язык"),
        of_class(4, 1, "2024-09-19", "2", "Английский язык"),
        of_class(5, 2, "2024-09-19", "2", "Английский язык"),
        of_class(6, 2, "2024-09-20", "1", "Английский язык"),
    ]);
    slice.stays = vec![stay(1, "2024-09-01", Some("2024-09-18")), stay(2, "2024-09-19", None)];
    slice.subgroups = vec![
        SubgroupMembership { to: Some(day("2024-09-18")), ..membership(None, "2") },
        SubgroupMembership { class: class(2), from: day("2024-09-19"), ..membership(None, "1") },
    ];
    let diary = compose(slice, week());
    let shown: Vec<_> =
        entries(&diary).into_iter().map(|(_, entry)| entry.lesson.unwrap()).collect();
    assert_eq!(shown, [lesson_id(1), lesson_id(6)]);
    // Due in the class and subgroup of that day, not of the day it was given.
    assert_eq!(first_due(&diary), "09-20");
}

#[test]
fn a_lesson_is_for_the_subgroup_of_its_subject() {
    let in_group = |n: usize, number: u8, subject: &str, name: &str| Lesson {
        subgroup: subgroup(name),
        ..lesson(n, "2024-09-16", number, subject)
    };
    let lessons = || {
        vec![
            in_group(1, 1, "Английский язык", "1"),
            in_group(2, 1, "Английский язык", "2"),
            in_group(3, 2, "Информатика", "1"),
            in_group(4, 2, "Информатика", "2"),
            in_group(5, 3, "Физика", ""),
        ]
    };
    let cases: [(&str, Vec<SubgroupMembership>, &[usize]); 6] = [
        ("no membership", vec![], &[5]),
        ("for all subjects", vec![membership(None, "2")], &[2, 4, 5]),
        (
            "one subject apart",
            vec![membership(None, "2"), membership(Some("Информатика"), "1")],
            &[2, 3, 5],
        ),
        ("one subject alone", vec![membership(Some("Информатика"), "1")], &[3, 5]),
        (
            "the one for the subject has ended",
            vec![
                SubgroupMembership {
                    to: Some(day("2024-09-15")),
                    ..membership(Some("Информатика"), "1")
                },
                membership(None, "2"),
            ],
            &[2, 4, 5],
        ),
        (
            "in another class",
            vec![SubgroupMembership { class: class(2), ..membership(None, "2") }],
            &[5],
        ),
    ];
    for (name, subgroups, expected) in cases {
        let diary = compose(DiarySlice { subgroups, ..slice(lessons()) }, week());
        let shown: Vec<_> = entries(&diary).into_iter().map(|(_, e)| e.lesson.unwrap()).collect();
        assert_eq!(shown, expected.iter().map(|n| lesson_id(*n)).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_replacing_lesson_keeps_the_subgroups_of_the_replaced_one() {
    let replacing = |n: usize, name: &str| Lesson {
        subgroup: subgroup(name),
        instead_of: Some("Английский язык".into()),
        ..lesson(n, "2024-09-16", 1, "Информатика")
    };
    let mut slice = slice(vec![replacing(1, "1"), replacing(2, "2")]);
    slice.subgroups =
        vec![membership(Some("Английский язык"), "1"), membership(Some("Информатика"), "2")];
    let diary = compose(slice, week());
    let [(_, entry)] = entries(&diary)[..] else { panic!("one entry: {diary:?}") };
    assert_eq!(entry.lesson, Some(lesson_id(1)));
    assert_eq!(
        (entry.subject.as_str(), entry.instead_of.as_deref()),
        ("Информатика", Some("Английский язык"))
    );
}

#[test]
fn homework_is_due_on_the_next_lesson_of_the_subject() {
    let given = || with_homework(lesson(1, "2024-09-16", 2, "Физика"));
    let cancelled =
        |n, date, number| Lesson { cancelled: true, ..lesson(n, date, number, "Физика") };
    let cases: [(&str, Vec<Lesson>, Vec<UpcomingLesson>, &str); 16] = [
        ("no other lesson", vec![], vec![], ""),
        ("another subject", vec![lesson(2, "2024-09-17", 1, "физика")], vec![], ""),
        ("tomorrow", vec![lesson(2, "2024-09-17", 1, "Физика")], vec![], "09-17"),
        ("a double lesson", vec![lesson(2, "2024-09-16", 3, "Физика")], vec![], "09-16"),
        ("an earlier lesson of the day", vec![lesson(2, "2024-09-16", 1, "Физика")], vec![], ""),
        ("the same hour", vec![lesson(2, "2024-09-16", 2, "Физика")], vec![], ""),
        (
            "the same hour and tomorrow",
            vec![lesson(2, "2024-09-16", 2, "Физика"), lesson(3, "2024-09-17", 1, "Физика")],
            vec![],
            "09-17",
        ),
        (
            "cancelled next time",
            vec![cancelled(2, "2024-09-17", 1), lesson(3, "2024-09-18", 1, "Физика")],
            vec![],
            "09-18",
        ),
        ("cancelled and no more", vec![cancelled(2, "2024-09-17", 1)], vec![], ""),
        (
            "next time replaced by another subject",
            vec![
                Lesson {
                    instead_of: Some("Физика".into()), ..lesson(2, "2024-09-17", 1, "Химия")
                },
                lesson(3, "2024-09-18", 1, "Физика"),
            ],
            vec![],
            "09-18",
        ),
        (
            "next time in place of another subject",
            vec![Lesson {
                instead_of: Some("Химия".into()),
                ..lesson(2, "2024-09-17", 1, "Физика")
            }],
            vec![],
            "09-17",
        ),
        (
            "a row on a weekend is no lesson",
            vec![lesson(2, "2024-09-21", 1, "Физика")],
            vec![upcoming("2024-09-23", "Физика")],
            "09-23",
        ),
        ("after the range", vec![], vec![upcoming("2024-09-25", "Физика")], "09-25"),
        (
            "the earliest of several after the range",
            vec![],
            vec![
                upcoming("2024-09-25", "Физика"),
                upcoming("2024-09-23", "Физика"),
                upcoming("2024-09-24", "Физика"),
                upcoming("2024-09-23", "Химия"),
            ],
            "09-23",
        ),
        (
            "in the range before after it",
            vec![lesson(2, "2024-09-20", 1, "Физика")],
            vec![upcoming("2024-09-23", "Физика")],
            "09-20",
        ),
        (
            "in the other subgroup",
            vec![Lesson { subgroup: subgroup("2"), ..lesson(2, "2024-09-17", 1, "Физика") }],
            vec![UpcomingLesson {
                subgroup: subgroup("2"), ..upcoming("2024-09-23", "Физика")
            }],
            "",
        ),
    ];
    for (name, mut lessons, upcoming, expected) in cases {
        lessons.push(given());
        let diary = compose(DiarySlice { upcoming, ..slice(lessons) }, week());
        assert_eq!(first_due(&diary), expected, "{name}");
    }
}

#[test]
fn the_day_the_teacher_set_comes_first() {
    let mut given = with_homework(lesson(1, "2024-09-16", 2, "Физика"));
    given.homework.as_mut().unwrap().due = Some(day("2024-09-30"));
    let mut own = own_homework(&given, "карточка");
    own.homework.due = Some(day("2024-09-19"));
    let mut slice = slice(vec![given, lesson(2, "2024-09-17", 1, "Физика")]);
    slice.individual_homework = vec![own];
    let diary = compose(slice, week());
    assert_eq!(first_due(&diary), "09-30");
    assert_eq!(diary.days[0].entries[0].individual_homework[0].due, Some(day("2024-09-19")));
}

#[test]
fn individual_homework_is_due_like_any_other_even_alone() {
    let given = lesson(1, "2024-09-16", 2, "Физика");
    let mut classmates = own_homework(&given, "чужое");
    classmates.pupil = CLASSMATE;
    let individual_homework = vec![
        own_homework(&given, "карточка № 2"),
        classmates,
        own_homework(&given, "карточка № 1"),
    ];
    let slice = DiarySlice {
        individual_homework,
        ..slice(vec![given, lesson(2, "2024-09-19", 1, "Физика")])
    };
    let diary = compose(slice, week());
    let entry = &diary.days[0].entries[0];
    assert_eq!(entry.homework, None);
    let told: Vec<_> = entry
        .individual_homework
        .iter()
        .map(|h| (h.text.as_str(), h.due.unwrap().to_string()))
        .collect();
    assert_eq!(
        told,
        [("карточка № 2", "2024-09-19".into()), ("карточка № 1", String::from("2024-09-19"))]
    );
}

#[test]
fn upcoming_lessons_count_only_where_the_pupil_will_be() {
    let given = with_homework(lesson(1, "2024-09-16", 2, "Физика"));
    let mut slice = slice(vec![given]);
    slice.stays = vec![stay(1, "2024-09-01", Some("2024-09-22")), stay(2, "2024-09-23", None)];
    slice.upcoming = vec![
        upcoming("2024-09-23", "Физика"),
        UpcomingLesson { class: class(2), ..upcoming("2024-09-26", "Физика") },
    ];
    assert_eq!(first_due(&compose(slice, week())), "09-26");
}

#[test]
fn a_lesson_beyond_the_range_is_seen_though_it_is_not_shown() {
    let slice = slice(vec![
        with_homework(lesson(1, "2024-09-16", 2, "Физика")),
        lesson(2, "2024-09-17", 1, "Физика"),
    ]);
    let diary = compose(slice, DateRange::day(day("2024-09-16")));
    assert_eq!((told(&diary).len(), first_due(&diary).as_str()), (1, "09-17"));
}

#[test]
fn two_marks_and_an_absence_stand_in_one_lesson() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let chemistry = lesson(2, "2024-09-16", 2, "Химия");
    let mut marks = vec![
        mark(3, &physics, "4-", "5"),
        mark(1, &physics, "5", "1.5"),
        mark(2, &chemistry, ".", "3"),
    ];
    marks[0].1.comment = Some("невнимательно".into());
    let (works, marks): (Vec<_>, Vec<_>) = marks.into_iter().unzip();
    let slice = DiarySlice {
        works,
        marks,
        attendance: vec![absence(&physics, "оп", AttendanceClass::Late)],
        ..slice(vec![physics, chemistry])
    };
    let diary = compose(slice, week());
    let [physics, chemistry] = &diary.days[0].entries[..] else { panic!("two lessons") };
    let shown = |entry: &DiaryEntry| {
        let marks = entry.marks.iter();
        marks.map(|m| alloc::format!("{} {} {}", m.value, m.title, m.weight)).collect::<Vec<_>>()
    };
    // By identifier, which is the order they were given in.
    assert_eq!(shown(physics), ["5 вопрос 1 1.5", "4- вопрос 3 5"]);
    assert_eq!(physics.marks[1].comment.as_deref(), Some("невнимательно"));
    assert_eq!(physics.attendance.as_ref().unwrap().code, "оп");
    assert_eq!(shown(chemistry), [". вопрос 2 3"]);
    assert_eq!(chemistry.attendance, None);
}

#[test]
fn remarks_stand_in_their_lesson_as_they_were_written_with_a_mark_or_without() {
    let (physics, art) = (lesson(1, "2024-09-16", 1, "Физика"), lesson(2, "2024-09-16", 2, "ИЗО"));
    let foreign = Lesson { class: class(2), ..lesson(3, "2024-09-16", 3, "Химия") };
    let remarks = vec![
        remark(&art, "забыл краски"),
        remark(&physics, "разговаривал"),
        remark(&foreign, "чужой урок"),
        Remark { pupil: CLASSMATE, ..remark(&art, "чужое") },
        remark(&art, "вёл себя шумно"),
    ];
    let marks = vec![mark(1, &physics, "5", "1")];
    let diary =
        compose(DiarySlice { remarks, ..with_marks(vec![physics, art, foreign], marks) }, week());
    let [physics, art] = &diary.days[0].entries[..] else { panic!("two lessons") };
    let shown = |entry: &DiaryEntry| {
        let remarks = entry.remarks.iter().map(|remark| remark.text.clone());
        (entry.marks.len(), remarks.collect::<Vec<_>>())
    };
    assert_eq!(shown(physics), (1, vec!["разговаривал".into()]));
    assert_eq!(shown(art), (0, vec!["забыл краски".into(), "вёл себя шумно".into()]));
}

#[test]
fn what_stands_in_a_lesson_that_was_moved_goes_with_it() {
    // The rows still tell Friday.
    let friday = with_homework(lesson(2, "2024-09-20", 1, "Физика"));
    let (work, given) = mark(1, &friday, "4", "1");
    let beside = |lesson: Lesson| DiarySlice {
        works: vec![work.clone()],
        marks: vec![given.clone()],
        attendance: vec![absence(&friday, "оп", AttendanceClass::Late)],
        individual_homework: vec![own_homework(&friday, "карточка")],
        remarks: vec![remark(&friday, "разговаривал")],
        ..slice(vec![
            with_homework(self::lesson(1, "2024-09-18", 1, "Физика")),
            lesson,
            self::lesson(3, "2024-09-25", 1, "Физика"),
        ])
    };
    let weeks = DateRange::new(day("2024-09-16"), day("2024-09-29")).unwrap();
    let cases = [
        // To which day, the homework of Wednesday and that of the lesson itself.
        ("2024-09-20", Some("2024-09-20"), Some("2024-09-25")),
        // Over the weekend.
        ("2024-09-23", Some("2024-09-23"), Some("2024-09-25")),
        // Past the next lesson.
        ("2024-09-26", Some("2024-09-25"), None),
        // Before the one that was earlier.
        ("2024-09-17", Some("2024-09-25"), Some("2024-09-18")),
    ];
    for (to, due_before, due_of_moved) in cases {
        let diary = compose(beside(Lesson { date: day(to), ..friday.clone() }), weeks);
        let entries = entries(&diary);
        let of = |n: usize| *entries.iter().find(|(_, e)| e.lesson == Some(lesson_id(n))).unwrap();
        let (date, moved) = of(2);
        assert_eq!(date, day(to));
        assert_eq!(moved.marks[0].value.to_string(), "4", "{to}");
        assert_eq!(moved.attendance.as_ref().unwrap().code, "оп", "{to}");
        assert_eq!(moved.remarks[0].text, "разговаривал", "{to}");
        let due = |homework: &DiaryHomework| homework.due;
        assert_eq!(moved.homework.as_ref().and_then(due), due_of_moved.map(day), "{to}");
        assert_eq!(due(&moved.individual_homework[0]), due_of_moved.map(day), "{to}");
        assert_eq!(of(1).1.homework.as_ref().and_then(due), due_before.map(day), "{to}");
        let with_rows =
            entries.iter().filter(|(_, e)| !e.marks.is_empty() || e.attendance.is_some());
        assert_eq!(with_rows.count(), 1, "{to}");
    }
    // On a day off it is no lesson: nothing is due there.
    let diary = compose(beside(Lesson { date: day("2024-09-21"), ..friday.clone() }), weeks);
    assert_eq!(told(&diary), ["18.1 Физика", "25.1 Физика"]);
    assert_eq!(first_due(&diary), "09-25");
}

#[test]
fn marks_for_one_work_all_get_it_and_a_mark_without_its_work_is_not_lost() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let later = lesson(2, "2024-09-18", 1, "Физика");
    let (work, first) = mark(1, &physics, "2", "5");
    let again = Mark {
        id: MarkId(Uuid::from_u128(0x399)),
        lesson: later.id,
        date: later.date,
        ..first.clone()
    };
    let (_, orphan) = mark(2, &later, "5", "5");
    let slice = DiarySlice {
        works: vec![work],
        marks: vec![orphan, again, first],
        ..slice(vec![physics, later])
    };
    let diary = compose(slice, week());
    let marks: Vec<_> =
        entries(&diary).into_iter().flat_map(|(_, entry)| entry.marks.iter()).collect();
    let told: Vec<_> =
        marks.iter().map(|m| (m.title.as_str(), m.work.0.as_str(), m.weight.to_string())).collect();
    let work = |title| (title, "Ответ на уроке", String::from("5"));
    assert_eq!(told, [work("вопрос 1"), ("", "", "1".into()), work("вопрос 1")]);
}

#[test]
fn what_is_anothers_is_passed_over() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let foreign = Lesson { class: class(2), ..lesson(2, "2024-09-16", 1, "Физика") };
    let mut marks = vec![mark(1, &physics, "5", "1"), mark(2, &foreign, "5", "1")];
    marks[0].1.pupil = CLASSMATE;
    let mut slice = with_marks(vec![physics.clone(), foreign], marks);
    slice.stays.push(Stay { pupil: CLASSMATE, ..stay(2, "2024-09-01", None) });
    slice.attendance = vec![Attendance {
        pupil: CLASSMATE,
        ..absence(&physics, "н", AttendanceClass::Unspecified)
    }];
    let diary = compose(slice, week());
    let [(_, entry)] = entries(&diary)[..] else { panic!("one lesson: {diary:?}") };
    assert!(entry.marks.is_empty());
    assert_eq!(entry.attendance, None);
}

#[test]
fn a_lesson_is_filled_when_it_has_a_topic_or_is_cancelled() {
    let with = |n: usize, topic: Option<&str>, cancelled| Lesson {
        topic: topic.map(Into::into),
        cancelled,
        ..lesson(n, "2024-09-16", n as u8, "Физика")
    };
    let lessons = vec![
        with(1, Some("Сила"), false),
        with(2, None, true),
        with(3, None, false),
        // A topic that says nothing is none.
        with(4, Some(""), false),
        with(5, Some(" \n\u{a0}"), false),
        with(6, Some(" "), true),
    ];
    let diary = compose(slice(lessons), week());
    let filled: Vec<_> = diary.days[0].entries.iter().map(|e| (e.filled, e.cancelled)).collect();
    let (empty, cancelled) = ((false, false), (true, true));
    assert_eq!(filled, [(true, false), cancelled, empty, empty, empty, cancelled]);
    let topics: Vec<_> = diary.days[0].entries.iter().map(|e| e.topic.as_deref()).collect();
    assert_eq!(topics, [Some("Сила"), None, None, None, None, None]);
}

#[test]
fn days_beyond_the_journal_come_from_the_timetable() {
    let timetable = vec![
        planned("Wed", 2, "Химия"),
        planned("Tue", 1, "Физика"),
        planned("Wed", 1, "Алгебра"),
        TimetableLesson {
            subgroup: subgroup("1"), ..planned("Fri", 1, "Английский язык")
        },
        TimetableLesson {
            subgroup: subgroup("2"), ..planned("Fri", 1, "Английский язык")
        },
        TimetableLesson { class: class(2), ..planned("Thu", 1, "География") },
        planned("Mon", 3, "История"),
    ];
    let mut slice = slice(vec![with_homework(lesson(1, "2024-09-16", 1, "Физика"))]);
    slice.timetable = timetable;
    slice.subgroups = vec![membership(None, "2")];
    slice.calendar = vec![
        span("2024-09-18", "2024-09-18", CalendarRule::Holiday),
        span("2024-09-19", "2024-09-19", CalendarRule::Working(Weekday::Wed)),
        span("2024-09-21", "2024-09-21", CalendarRule::Working(Weekday::Mon)),
    ];
    let cases = [
        // The journal reaches Tuesday, which has no lesson: no entries.
        (
            Some("2024-09-17"),
            "16.1 Физика, 19.1 Алгебра, 19.2 Химия, 20.1 Английский язык, 21.3 История",
        ),
        (Some("2024-09-20"), "16.1 Физика, 21.3 История"),
        (Some("2024-12-28"), "16.1 Физика"),
        // A lesson in the slice belongs to the journal, whatever its end is said to be.
        (
            None,
            "16.1 Физика, 17.1 Физика, 19.1 Алгебра, 19.2 Химия, 20.1 Английский язык, 21.3 История",
        ),
    ];
    for (end, expected) in cases {
        let journal_ends = end.map(|end| journal_end(1, end)).into_iter().collect();
        let diary = compose(DiarySlice { journal_ends, ..slice.clone() }, week());
        assert_eq!(told(&diary).join(", "), expected, "{end:?}");
        for (date, entry) in entries(&diary) {
            assert_eq!(entry.planned, date != day("2024-09-16"), "{date}");
            assert_eq!(entry.planned, entry.lesson.is_none());
            assert!(!entry.planned || !entry.filled);
        }
        // What is only planned is no day to hand homework in.
        assert_eq!(first_due(&diary), "", "{end:?}");
    }
}

#[test]
fn a_class_without_a_journal_shows_its_timetable_while_the_pupil_is_there() {
    let mut slice = slice(vec![]);
    slice.journal_ends = vec![];
    slice.timetable = ["Mon", "Tue", "Wed", "Thu", "Fri"].map(|w| planned(w, 1, "Физика")).into();
    slice.stays = vec![stay(1, "2024-09-17", Some("2024-09-19"))];
    assert_eq!(told(&compose(slice, week())), ["17.1 Физика", "18.1 Физика", "19.1 Физика"]);
}

#[test]
fn a_pupil_who_left_or_has_not_come_has_no_entries() {
    let lessons =
        || (16..=20).map(|d| lesson(d, &alloc::format!("2024-09-{d}"), 1, "Физика")).collect();
    let cases: [(Vec<Stay>, &[&str]); 4] = [
        (vec![], &[]),
        (vec![stay(1, "2024-09-01", Some("2024-09-16"))], &["16.1 Физика"]),
        (vec![stay(1, "2024-09-20", None)], &["20.1 Физика"]),
        (
            vec![stay(1, "2024-09-01", Some("2024-09-17")), stay(1, "2024-09-17", None)],
            &["16.1 Физика", "17.1 Физика", "18.1 Физика", "19.1 Физика", "20.1 Физика"],
        ),
    ];
    for (stays, expected) in cases {
        assert_eq!(told(&compose(DiarySlice { stays, ..slice(lessons()) }, week())), expected);
    }
}

#[test]
fn rows_that_stand_on_each_day_anew_tell_how_many_days_may_be_asked_of_them() {
    let bare = || slice(vec![]);
    let span = |name: usize| CalendarSpan {
        days: week(),
        rule: CalendarRule::Vacation,
        name: "к".repeat(name / 2),
    };
    let lessons = |weekday, count, subject: usize| -> Vec<TimetableLesson> {
        vec![planned(weekday, 1, &"я".repeat(subject / 2)); count]
    };
    let calendar = |calendar| DiarySlice { calendar, ..bare() }.most_days();
    let timetable = |timetable| DiarySlice { timetable, ..bare() }.most_days();

    // What a school has: forty spans a year, sixty lessons a day with their subgroups.
    let mut week_of_lessons = lessons("Mon", 60, 60);
    week_of_lessons.extend(lessons("Tue", 60, 60));
    let school = DiarySlice { calendar: vec![span(60); 400], timetable: week_of_lessons, ..bare() };
    for slice in [bare(), school] {
        assert_eq!(slice.most_days(), MOST_DAYS);
    }
    // A name, spans, a weekday's lessons, and their words: the more of them, the fewer days; those
    // of another weekday stand on other days.
    let mib = 1 << 20;
    assert!((200..=256).contains(&calendar(vec![span(mib)])));
    assert!((200..=256).contains(&calendar(vec![span(mib), span(10)])));
    assert!(calendar(vec![span(0); 100_000]) < 200);
    assert!((200..=256).contains(&timetable(lessons("Mon", 1, mib))));
    assert!((100..=128).contains(&timetable(lessons("Mon", 2, mib))));
    let mut two_days = lessons("Mon", 1, mib);
    two_days.extend(lessons("Sun", 1, mib));
    assert!((200..=256).contains(&timetable(two_days)));
    assert!(timetable(lessons("Mon", 100_000, 0)) < 20);
    for (teacher, room) in [(mib, 0), (0, mib)] {
        let [teacher, room] = [teacher, room].map(|length| "я".repeat(length / 2));
        let lesson = TimetableLesson { teacher, room, ..planned("Mon", 1, "Физика") };
        assert!((200..=256).contains(&timetable(vec![lesson])));
    }
    // A week is never refused: it is little more than what was given.
    assert_eq!(calendar(vec![span(256 * mib)]), 7);
}
