use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

use chrono::{DateTime, Days, NaiveTime};
use uuid::Uuid;

use super::*;
use crate::{
    calendar::{Bell, CalendarSpan, Term},
    error::CodedError as _,
    id::{ClassId, MarkId},
    journal::{
        AttendanceClass, FinalKind, FinalMark, Homework, IndividualHomework, MarkValue, Remark,
        Stay, Subgroup, SubgroupMembership, WorkKind,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lesson_id(n: u128) -> LessonId {
    LessonId(Uuid::from_u128(0x100 + n))
}

fn work_id(n: u128) -> WorkId {
    WorkId(Uuid::from_u128(0x200 + n))
}

fn pupil(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn class(n: u128) -> ClassId {
    ClassId(Uuid::from_u128(0x700 + n))
}

/// A physics lesson of class 1.
fn lesson(n: u128, date: &str, number: u8) -> Lesson {
    serde_json::from_value(serde_json::json!({
        "id": lesson_id(n), "class": class(1), "date": date, "number": number,
        "subject": "Физика", "writtenAt": "2024-09-16T07:00:00Z",
    }))
    .unwrap()
}

fn work(n: u128, lesson: u128) -> Work {
    Work {
        id: work_id(n),
        lesson: lesson_id(lesson),
        kind: WorkKind("Тест".into()),
        title: "тест".into(),
        weight: "1".parse().unwrap(),
    }
}

/// A mark of the first pupil.
fn mark(lesson: u128, date: &str, work: u128) -> Mark {
    Mark {
        id: MarkId(Uuid::from_u128(0x300)),
        pupil: pupil(1),
        lesson: lesson_id(lesson),
        date: day(date),
        work: work_id(work),
        value: "5".parse().unwrap(),
        comment: None,
        written_at: DateTime::UNIX_EPOCH,
    }
}

fn absence(lesson: u128, date: &str) -> Attendance {
    Attendance {
        pupil: pupil(1),
        lesson: lesson_id(lesson),
        date: day(date),
        code: "Б".into(),
        class: AttendanceClass::Ill,
    }
}

/// The lessons of a week: physics twice, chemistry, one of the other class, one cancelled, one of
/// the second subgroup; the first pupil is in class 1 and its first subgroup from 16 September on.
struct Week {
    stays: Vec<Stay>,
    subgroups: Vec<SubgroupMembership>,
    lessons: Vec<Lesson>,
    works: Vec<Work>,
}

fn week() -> Week {
    let lessons = vec![
        lesson(1, "2024-09-16", 1),
        lesson(2, "2024-09-18", 2),
        Lesson { subject: "Химия".into(), ..lesson(3, "2024-09-18", 3) },
        Lesson { class: class(2), ..lesson(4, "2024-09-16", 1) },
        Lesson { cancelled: true, ..lesson(5, "2024-09-19", 1) },
        Lesson { subgroup: Some(Subgroup("2".into())), ..lesson(6, "2024-09-20", 1) },
        lesson(7, "2024-09-13", 1),
    ];
    Week {
        stays: vec![Stay { pupil: pupil(1), class: class(1), from: day("2024-09-16"), to: None }],
        subgroups: vec![SubgroupMembership {
            pupil: pupil(1),
            class: class(1),
            subject: None,
            subgroup: Subgroup("1".into()),
            from: day("2024-09-16"),
            to: None,
        }],
        works: (1..=7).map(|n| work(n, n)).collect(),
        lessons,
    }
}

impl Week {
    fn rows(&self) -> JournalRows<'_> {
        let Self { stays, subgroups, lessons, works } = self;
        JournalRows { stays, subgroups, lessons, works, ..JournalRows::default() }
    }
}

/// The one fault of the rows, as code, field and value; empty if they have none.
fn told(rows: &JournalRows<'_>) -> String {
    match check_journal(rows)[..] {
        [] => String::new(),
        [JournalFault { error, row }] => {
            let field = error.field().unwrap();
            let value = error.value().map_or("missing".into(), |value| format!("`{value}`"));
            let named = error.to_string();
            assert!(named.starts_with(&format!("the field `{field}` is {value}")), "{named}");
            format!("{} {} {field}", row.kind(), error.code())
        }
        ref more => panic!("one fault at most: {more:?}"),
    }
}

#[test]
fn a_sound_journal_has_no_faults() {
    let week = week();
    let homework = Homework { text: "§ 5".into(), due: None, materials: vec![] };
    let rows = JournalRows {
        marks: &[
            mark(1, "2024-09-16", 1),
            Mark { id: MarkId(Uuid::from_u128(0x301)), ..mark(1, "2024-09-16", 1) },
        ],
        attendance: &[absence(1, "2024-09-16"), absence(2, "2024-09-18")],
        individual_homework: &[IndividualHomework {
            lesson: lesson_id(1),
            pupil: pupil(1),
            homework,
        }],
        remarks: &[remark(1, 1), remark(1, 1)],
        ..week.rows()
    };
    assert_eq!(check_journal(&rows), []);
}

#[test]
fn a_mark_stands_in_a_lesson_of_its_pupil_on_its_day_and_for_its_work() {
    let week = week();
    for (mark, expected) in [
        (mark(9, "2024-09-16", 1), "mark lesson_unknown lesson"),
        (mark(1, "2024-09-17", 1), "mark date_differs date"),
        (Mark { pupil: pupil(2), ..mark(1, "2024-09-16", 1) }, "mark pupil_elsewhere pupil"),
        (mark(4, "2024-09-16", 4), "mark pupil_elsewhere pupil"),
        (mark(6, "2024-09-20", 6), "mark pupil_elsewhere pupil"),
        // Before the pupil came.
        (mark(7, "2024-09-13", 7), "mark pupil_elsewhere pupil"),
        (mark(1, "2024-09-16", 9), "mark work_unknown work"),
        // Of another subject, of a lesson to come; handed in later, before the pupil came as well.
        (mark(3, "2024-09-18", 1), "mark work_elsewhere work"),
        (mark(1, "2024-09-16", 2), "mark work_elsewhere work"),
        (mark(2, "2024-09-18", 1), ""),
        (mark(1, "2024-09-16", 7), ""),
        (mark(1, "2024-09-16", 4), "mark work_elsewhere work"),
        // Of a class the pupil was never in.
        (mark(2, "2024-09-18", 4), "mark work_elsewhere work"),
        // A mark in a cancelled lesson is no fault: the work may have been handed in.
        (mark(5, "2024-09-19", 5), ""),
    ] {
        assert_eq!(
            told(&JournalRows { marks: core::slice::from_ref(&mark), ..week.rows() }),
            expected,
            "{mark:?}"
        );
    }
}

#[test]
fn a_work_of_a_class_the_pupil_was_in_by_then_may_be_handed_in() {
    let (handed_in, stay) = (mark(2, "2024-09-18", 4), week().stays[0]);
    for (from, to, expected) in
        [("2024-09-01", Some("2024-09-15"), ""), ("2024-09-19", None, "mark work_elsewhere work")]
    {
        let mut week = week();
        week.stays.push(Stay { class: class(2), from: day(from), to: to.map(day), ..stay });
        let marks = core::slice::from_ref(&handed_in);
        assert_eq!(told(&JournalRows { marks, ..week.rows() }), expected, "{from}");
    }
}

#[test]
fn a_work_of_a_part_the_pupil_was_in_by_then_may_be_handed_in() {
    // The lesson of the second part is on the 20th; it is handed in on the 23rd.
    let handed_in = mark(8, "2024-09-23", 6);
    for (subgroup, subject, from, to, expected) in [
        ("2", None, "2024-09-01", Some("2024-09-15"), "mark work_elsewhere work"),
        ("2", None, "2024-09-16", Some("2024-09-16"), ""),
        ("2", None, "2024-09-21", None, ""),
        ("2", None, "2024-09-23", None, ""),
        ("2", None, "2024-09-24", None, "mark work_elsewhere work"),
        ("2", Some("Физика"), "2024-09-21", None, ""),
        ("2", Some("Химия"), "2024-09-21", None, "mark work_elsewhere work"),
        ("3", None, "2024-09-16", None, "mark work_elsewhere work"),
    ] {
        let mut week = week();
        week.lessons.push(lesson(8, "2024-09-23", 1));
        week.subgroups.push(SubgroupMembership {
            subject: subject.map(Into::into),
            subgroup: Subgroup(subgroup.into()),
            from: day(from),
            to: to.map(day),
            ..week.subgroups[0].clone()
        });
        let marks = core::slice::from_ref(&handed_in);
        let told = told(&JournalRows { marks, ..week.rows() });
        assert_eq!(told, expected, "{subgroup} {subject:?} {from}");
    }
    // What holds for the subject hides what holds for all, until it ends.
    for (to, expected) in
        [("2024-09-21", ""), ("2024-09-22", ""), ("2024-09-23", "mark work_elsewhere work")]
    {
        let mut week = week();
        week.lessons.push(lesson(8, "2024-09-23", 1));
        week.subgroups[0].subgroup = Subgroup("2".into());
        week.subgroups.push(SubgroupMembership {
            subject: Some("Физика".into()),
            subgroup: Subgroup("1".into()),
            to: Some(day(to)),
            ..week.subgroups[0].clone()
        });
        let marks = core::slice::from_ref(&handed_in);
        assert_eq!(told(&JournalRows { marks, ..week.rows() }), expected, "{to}");
    }
}

/// Were each mark tried on each day against each row, this would be 10¹¹ steps.
#[test]
fn thousands_of_rows_are_checked_in_a_moment() {
    const MANY: u128 = 5_000;
    let late = |n| day("1990-01-01") + Days::new(u64::try_from(n).unwrap());
    let mut week = week();
    let (stay, membership) = (week.stays[0], week.subgroups[0].clone());
    // The pupil is never in the class and in its second part at once.
    week.stays = (0..MANY)
        .map(|n| Stay { from: late(2 * n), to: Some(late(2 * n)), ..stay })
        .chain([stay])
        .collect();
    week.subgroups = (0..MANY)
        .map(|n| {
            let to = Some(late(2 * n + 1));
            SubgroupMembership {
                subgroup: Subgroup("2".into()),
                from: late(2 * n + 1),
                to,
                ..membership.clone()
            }
        })
        .collect();
    week.lessons.push(lesson(8, "2024-09-23", 1));
    let marks: Vec<_> = (0..MANY)
        .map(|n| Mark { id: MarkId(Uuid::from_u128(0x1000 + n)), ..mark(8, "2024-09-23", 6) })
        .collect();
    let terms: Vec<Term> = (0..MANY)
        .map(|n| {
            serde_json::from_value(serde_json::json!({
                "grade": 7, "name": format!("{n} четверть"), "kind": "quarter",
                "days": {"from": "2024-09-01", "to": "2024-10-25"},
            }))
            .unwrap()
        })
        .collect();
    let finals: Vec<_> = (0..MANY)
        .map(|n| FinalMark {
            pupil: pupil(1),
            subject: format!("{n}"),
            kind: FinalKind::Term,
            term: format!("{} четверть", MANY + n),
            year: 2024,
            value: MarkValue::Passed,
        })
        .collect();
    let rows = JournalRows { marks: &marks, terms: &terms, finals: &finals, ..week.rows() };
    let faults = check_journal(&rows);
    let codes: BTreeSet<_> = faults.iter().map(|fault| fault.error.code()).collect();
    assert_eq!(faults.len(), 10_000);
    assert_eq!(codes, BTreeSet::from(["term_unknown", "work_elsewhere"]));
}

#[test]
fn a_value_of_a_newer_version_is_not_written() {
    let week = week();
    let newer = Mark { value: MarkValue::Unknown("6".into()), ..mark(1, "2024-09-16", 1) };
    let rows = JournalRows { marks: &[newer], ..week.rows() };
    assert_eq!(told(&rows), "mark value_unknown value");
    assert!(!check_journal(&rows)[0].error.to_string().contains('6'));
    let away = Attendance { class: "away".into(), ..absence(1, "2024-09-16") };
    let rows = JournalRows { attendance: &[away], ..week.rows() };
    assert_eq!(told(&rows), "attendance value_unknown class");
}

#[test]
fn a_lesson_is_on_a_day_that_has_lessons() {
    let span = |day: &str, rule: serde_json::Value| -> CalendarSpan {
        let days = serde_json::json!({"from": day, "to": day});
        serde_json::from_value(serde_json::json!({"days": days, "rule": rule})).unwrap()
    };
    let working = || serde_json::json!({"working": "Mon"});
    for (date, calendar, expected) in [
        ("2024-09-16", vec![], ""),
        ("2024-09-16", vec![span("2024-09-17", "holiday".into())], ""),
        ("2024-09-16", vec![span("2024-09-16", "holiday".into())], "lesson no_school_day date"),
        ("2024-09-16", vec![span("2024-09-16", "vacation".into())], "lesson no_school_day date"),
        ("2024-09-16", vec![span("2024-09-16", "quarantine".into())], ""),
        ("2024-09-21", vec![], "lesson no_school_day date"),
        ("2024-09-22", vec![], "lesson no_school_day date"),
        ("2024-09-21", vec![span("2024-09-21", working())], ""),
    ] {
        let lessons = [lesson(1, date, 1)];
        let rows = JournalRows { lessons: &lessons, calendar: &calendar, ..JournalRows::default() };
        assert_eq!(told(&rows), expected, "{date} {calendar:?}");
    }
}

#[test]
fn homework_is_not_due_before_its_lesson() {
    for (due, is_sound) in [
        (None, true),
        (Some("2024-09-15"), false),
        (Some("2024-09-16"), true),
        (Some("2024-09-20"), true),
    ] {
        let homework = Homework { text: "§ 5".into(), due: due.map(day), materials: vec![] };
        let mut common = week();
        common.lessons[0].homework = Some(homework.clone());
        let of_lesson = if is_sound { "" } else { "lesson due_before_lesson due" };
        assert_eq!(told(&common.rows()), of_lesson, "{due:?}");

        let row = IndividualHomework { lesson: lesson_id(1), pupil: pupil(1), homework };
        let own = if is_sound { "" } else { "individualHomework due_before_lesson due" };
        let week = week();
        assert_eq!(told(&JournalRows { individual_homework: &[row], ..week.rows() }), own);
    }
}

#[test]
fn a_final_closes_what_there_is_and_once() {
    use FinalKind::{Exam, Final, Term as OfTerm, Unknown, Year};

    let terms: Vec<Term> = serde_json::from_value(serde_json::json!([
        {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
        {"grade": 8, "name": "1 полугодие", "kind": "half_year", "days": {"from": "2025-09-01", "to": "2025-12-28"}},
    ]))
    .unwrap();
    let closing = |kind, term: &str, year, value: &str| FinalMark {
        pupil: pupil(1),
        subject: "Физика".into(),
        kind,
        term: term.into(),
        year,
        value: serde_json::from_value(value.into()).unwrap(),
    };
    let quarter = || closing(OfTerm, "1 четверть", 2024, "4");
    let year = || closing(Year, "", 2024, "4");
    let other = |given: FinalMark| FinalMark { subject: "Химия".into(), ..given };
    for (finals, expected) in [
        (vec![quarter(), year(), closing(Exam, "", 2024, "5"), closing(Final, "", 2024, "5")], ""),
        (vec![quarter(), other(quarter()), FinalMark { pupil: pupil(2), ..quarter() }], ""),
        (vec![year(), closing(Year, "", 2025, "4")], ""),
        (vec![closing(OfTerm, "1 полугодие", 2025, "н/а")], ""),
        (vec![closing(OfTerm, "", 2024, "4")], "final term_missing term"),
        (vec![closing(OfTerm, " ", 2024, "4")], "final term_missing term"),
        (vec![closing(OfTerm, "5 четверть", 2024, "4")], "final term_unknown term"),
        // Of another school year.
        (vec![closing(OfTerm, "1 четверть", 2025, "4")], "final term_unknown term"),
        (vec![closing(Year, "1 четверть", 2024, "4")], "final term_unwanted term"),
        (vec![closing(Exam, "1 четверть", 2024, "4")], "final term_unwanted term"),
        (vec![closing(Final, "1 четверть", 2024, "4")], "final term_unwanted term"),
        (vec![closing(Year, "", 2024, ".")], "final final_debt value"),
        (vec![closing(Year, "", 2024, "6")], "final value_unknown value"),
        (vec![closing(Unknown("module".into()), "", 2024, "4")], "final value_unknown kind"),
        (vec![quarter(), quarter()], "final final_repeated subject"),
        (vec![year(), closing(Year, "", 2024, "5")], "final final_repeated subject"),
    ] {
        let rows = JournalRows { terms: &terms, finals: &finals, ..JournalRows::default() };
        assert_eq!(told(&rows), expected, "{finals:?}");
        if let [fault] = check_journal(&rows)[..] {
            assert_eq!(fault.row, JournalRow::Final(pupil(1), finals.len() - 1), "{finals:?}");
        }
    }
}

#[test]
fn no_two_rows_of_a_kind_have_one_identifier() {
    let mut twice = week();
    twice.lessons.push(Lesson { number: 5, ..twice.lessons[0].clone() });
    assert_eq!(told(&twice.rows()), "lesson id_repeated id");
    let mut twice = week();
    twice.works.push(work(1, 2));
    assert_eq!(told(&twice.rows()), "work id_repeated id");
    let marks = [mark(1, "2024-09-16", 1), mark(2, "2024-09-18", 2)];
    assert_eq!(told(&JournalRows { marks: &marks, ..week().rows() }), "mark id_repeated id");
}

#[test]
fn attendance_is_recorded_once_at_a_lesson_that_was_held() {
    let week = week();
    let once = absence(1, "2024-09-16");
    for (attendance, expected) in [
        (vec![absence(9, "2024-09-16")], "attendance lesson_unknown lesson"),
        (vec![absence(1, "2024-09-17")], "attendance date_differs date"),
        (vec![absence(4, "2024-09-16")], "attendance pupil_elsewhere pupil"),
        (vec![absence(5, "2024-09-19")], "attendance lesson_cancelled lesson"),
        (vec![once.clone(), once.clone()], "attendance attendance_repeated lesson"),
        (
            vec![once.clone(), Attendance { code: "оп".into(), ..once }],
            "attendance attendance_repeated lesson",
        ),
    ] {
        assert_eq!(told(&JournalRows { attendance: &attendance, ..week.rows() }), expected);
    }
}

fn remark(lesson: u128, whose: u128) -> Remark {
    Remark {
        pupil: pupil(whose), lesson: lesson_id(lesson), text: "разговаривал".into()
    }
}

#[test]
fn a_remark_is_on_a_pupil_of_the_lesson() {
    let week = week();
    for (lesson, whose, expected) in [
        (9, 1, "remark lesson_unknown lesson"),
        (1, 2, "remark pupil_elsewhere pupil"),
        (6, 1, "remark pupil_elsewhere pupil"),
    ] {
        let rows = JournalRows { remarks: &[remark(lesson, whose)], ..week.rows() };
        assert_eq!(told(&rows), expected);
    }
}

#[test]
fn homework_of_ones_own_is_for_a_pupil_of_the_lesson() {
    let week = week();
    for (lesson, whose, expected) in [
        (9, 1, "individualHomework lesson_unknown lesson"),
        (1, 2, "individualHomework pupil_elsewhere pupil"),
        (6, 1, "individualHomework pupil_elsewhere pupil"),
    ] {
        let homework = Homework { text: "§ 5".into(), due: None, materials: vec![] };
        let row = IndividualHomework { lesson: lesson_id(lesson), pupil: pupil(whose), homework };
        assert_eq!(told(&JournalRows { individual_homework: &[row], ..week.rows() }), expected);
    }
}

#[test]
fn a_lesson_has_a_number_that_is_its_own() {
    let bell = |number| Bell { number, begins: NaiveTime::MIN, ends: NaiveTime::MIN };
    let group = |name: &str| Some(Subgroup(name.into()));
    let first = || lesson(1, "2024-09-16", 1);
    for (lessons, bells, expected) in [
        (vec![lesson(1, "2024-09-16", 0)], vec![], "lesson lesson_number number"),
        (vec![lesson(1, "2024-09-16", 0)], vec![bell(1)], "lesson lesson_number number"),
        (vec![lesson(1, "2024-09-16", 0)], vec![bell(0)], ""),
        (vec![lesson(1, "2024-09-16", 20)], vec![], ""),
        (vec![lesson(1, "2024-09-16", 21)], vec![], "lesson lesson_number number"),
        (vec![first(), lesson(2, "2024-09-16", 1)], vec![], "lesson lesson_repeated number"),
        (vec![first(), lesson(2, "2024-09-16", 2)], vec![], ""),
        (vec![first(), lesson(2, "2024-09-17", 1)], vec![], ""),
        (vec![first(), Lesson { class: class(2), ..lesson(2, "2024-09-16", 1) }], vec![], ""),
        (vec![first(), Lesson { subgroup: group("1"), ..lesson(2, "2024-09-16", 1) }], vec![], ""),
        (
            vec![
                Lesson { subgroup: group("2"), ..first() },
                Lesson { subgroup: group("1"), ..lesson(2, "2024-09-16", 1) },
            ],
            vec![],
            "",
        ),
    ] {
        let rows = JournalRows { lessons: &lessons, bells: &bells, ..JournalRows::default() };
        assert_eq!(told(&rows), expected, "{lessons:?}");
    }
}

#[test]
fn a_work_is_of_a_lesson_that_exists_and_its_marks_are_not_blamed_for_it() {
    let mut week = week();
    week.works.push(work(8, 9));
    let rows = JournalRows { marks: &[mark(1, "2024-09-16", 8)], ..week.rows() };
    assert_eq!(told(&rows), "work lesson_unknown lesson");
}
