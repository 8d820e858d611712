//! Changes as somebody who reads English gets them.

use super::{
    events::{closing, debts_closed_and_open_again, readings},
    *,
};
use crate::{
    calendar::DayKind,
    journal::{FinalKind, FinalMark, Material},
};

fn told(before: &Diary, after: &Diary) -> Vec<String> {
    changes(before, after).iter().map(Change::text_en).collect()
}

#[test]
fn a_feed() {
    let (before, after) = readings();
    assert_eq!(
        told(&before, &after),
        [
            "Физика, 16 September: topic «Сила трения», was «Сила»",
            "Физика, 16 September: individual homework, due 19 September: доклад",
            "Физика, 16 September: mark 5 instead of 4 – вопрос 1",
            "Физика, 16 September: mark 5 taken back – вопрос 2",
            "Физика, 16 September: absent, ill, was: absent, reason not given",
            "Физика, 16 September: remark changed: разговаривал и мешал другим",
            "Химия, 16 September: day of homework changed, due 20 September: § 5",
            "Химия, 16 September: mark 3 instead of debt – вопрос 3",
            "Химия, 16 September: taken back: late",
            "Химия, 16 September: remark taken back: забыл тетрадь",
            "Алгебра, 16 September, lesson 3: cancelled",
            "Алгебра, 16 September: homework taken back: № 12",
            "17 September, lesson 1: «Физкультура» instead of «Музыка»",
            "История, 17 September, lesson 2: takes place after all",
            "Биология, 18 September, lesson 1: room 118, at a distance",
            "Биология, 18 September: homework changed: карточка № 2",
            "Биология, 18 September: remark: не слушал",
            "Химия, 18 September, lesson 2: added",
            "Химия, 18 September: topic «Сила»",
            "Физика, 19 September, lesson 1: in the journal",
            "Физика, 19 September: mark «зачёт» – вопрос 4",
            "Физика, 19 September: late",
            "Труд, 19 September, lesson 2: removed",
            "Труд, 17 September, lesson 3: moved to 20 September, lesson 5",
            "Труд, 20 September: topic «Сила»",
        ]
    );
}

#[test]
fn the_way_back() {
    let (before, after) = readings();
    let there = told(&before, &after);
    let back = told(&after, &before);
    let only_back: Vec<_> = back.iter().filter(|line| !there.contains(line)).collect();
    assert_eq!(
        only_back,
        [
            "Физика, 16 September: topic «Сила», was «Сила трения»",
            "Физика, 16 September: homework taken back: доклад",
            "Физика, 16 September: mark 4 instead of 5 – вопрос 1",
            "Физика, 16 September: mark 5 – вопрос 2",
            "Физика, 16 September: absent, reason not given, was: absent, ill",
            "Физика, 16 September: remark changed: разговаривал",
            "Химия, 16 September: day of homework changed: § 5",
            "Химия, 16 September: debt instead of 3 – вопрос 3",
            "Химия, 16 September: late",
            "Химия, 16 September: remark: забыл тетрадь",
            "Алгебра, 16 September, lesson 3: takes place after all",
            "Алгебра, 16 September: homework: № 12",
            "Музыка, 17 September, lesson 1: no replacement after all",
            "История, 17 September, lesson 2: cancelled",
            "Труд, 20 September, lesson 5: moved to 17 September, lesson 3",
            "Труд, 17 September: no topic any more",
            "Биология, 18 September, lesson 1: room 290, in person",
            "Биология, 18 September: homework changed: карточка № 1",
            "Биология, 18 September: remark taken back: не слушал",
            "Химия, 18 September: no topic any more",
            "Химия, 18 September, lesson 2: removed",
            "Физика, 19 September, lesson 1: in the timetable only so far",
            "Физика, 19 September: mark «зачёт» taken back – вопрос 4",
            "Физика, 19 September: taken back: late",
            "Труд, 19 September, lesson 2: added",
        ]
    );
}

#[test]
fn days() {
    let facts = |kind, name: &str| DayFacts { kind, name: (!name.is_empty()).then(|| name.into()) };
    for (new, said) in [
        (facts(DayKind::Holiday, "День народного единства"), "no lessons: День народного единства"),
        (facts(DayKind::Holiday, ""), "no lessons: holiday"),
        (facts(DayKind::Vacation, ""), "no lessons: vacation"),
        (facts(DayKind::Weekend, ""), "no lessons: weekend"),
        (facts(DayKind::Ordinary, ""), "school day"),
        (facts(DayKind::Ordinary, "рабочая суббота"), "school day: рабочая суббота"),
        (facts("quarantine".into(), "карантин"), "карантин"),
        (facts("quarantine".into(), ""), "special day in the calendar"),
    ] {
        let old = facts(DayKind::Ordinary, "");
        let change = Change::DayChanged { date: day("2024-11-02"), old, new };
        assert_eq!(change.text_en(), format!("2 November – {said}"));
    }
}

#[test]
fn debts() {
    let told = debts_closed_and_open_again().map(|change| change.text_en());
    assert_eq!(
        told,
        [
            "Физика, 16 September: debt closed on 23 September by mark 4 – вопрос 2",
            "Физика, 16 September: debt closed on 23 September by mark «зачёт» – вопрос 2",
            "Физика, 16 September: debt open again – вопрос 2",
        ]
    );
}

#[test]
fn finals() {
    let of = |kind: FinalKind, term: &str| FinalMark { kind, term: term.into(), ..closing("4") };
    let exempt = FinalMark { value: "осв".parse().unwrap(), ..of(FinalKind::Final, "") };
    for (change, said) in [
        (
            Change::FinalNew { mark: of(FinalKind::Term, "2 полугодие") },
            "mark for «2 полугодие» – 4",
        ),
        (Change::FinalNew { mark: of(FinalKind::Year, "") }, "mark for the year – 4"),
        (Change::FinalNew { mark: of(FinalKind::Exam, "") }, "mark for the exam – 4"),
        (Change::FinalNew { mark: exempt }, "final mark – «осв»"),
        (
            Change::FinalChanged { old: closing("3"), new: closing("4") },
            "mark for «1 четверть» – 4 instead of 3",
        ),
        (Change::FinalRemoved { mark: closing("4") }, "mark for «1 четверть» taken back – 4"),
    ] {
        assert_eq!(change.text_en(), format!("Физика: {said}"));
    }
}

#[test]
fn what_is_new_of_a_lesson_and_its_homework() {
    let (reading, _) = readings();
    let old = LessonFacts::of(day("2024-09-16"), &reading.days[0].entries[0]);
    let hour = |text: &str| Some(text.parse().unwrap());
    for (new, said) in [
        (LessonFacts { room: String::new(), ..old.clone() }, "no room given"),
        (LessonFacts { teacher: "Ёлкина Анна".into(), ..old.clone() }, "teacher Ёлкина Анна"),
        (LessonFacts { teacher: String::new(), ..old.clone() }, "no teacher given"),
        (LessonFacts { begins: None, ends: None, ..old.clone() }, "no time given"),
        (
            LessonFacts { begins: hour("09:00:00"), ends: hour("09:45:00"), ..old.clone() },
            "time 9:00–9:45",
        ),
        (old.clone(), "changed"),
    ] {
        let change = Change::LessonChanged { old: old.clone(), new };
        assert_eq!(change.text_en(), format!("Физика, 16 September, lesson 1: {said}"));
    }
    let moved =
        Change::LessonMoved { old: old.clone(), new: LessonFacts { number: 3, ..old.clone() } };
    assert_eq!(moved.text_en(), "Физика, 16 September, lesson 1: is lesson 3 now");

    let given = DiaryHomework { text: "§ 5".into(), due: None, materials: vec![] };
    let card = Material { name: "карточка".into(), link: "a".into() };
    let change = Change::HomeworkChanged {
        lesson: old.place(),
        new: DiaryHomework { materials: vec![card], ..given.clone() },
        old: given,
        individual: false,
    };
    assert_eq!(change.text_en(), "Физика, 16 September: materials of homework changed: § 5");
}

#[test]
fn what_stands_beside_a_mark_and_what_attendance_says() {
    let (reading, _) = readings();
    let place = LessonFacts::of(day("2024-09-16"), &reading.days[0].entries[0]).place();
    let mark = reading.days[0].entries[0].marks[0].clone();
    let (lesson, old) = (place.clone(), mark.clone());
    let new = DiaryMark { comment: Some("невнимательно".into()), ..mark.clone() };
    let change = Change::MarkChanged { lesson, old, new };
    assert_eq!(change.text_en(), "Физика, 16 September: mark 4, details changed – вопрос 1");
    let bare = DiaryMark { title: String::new(), ..mark };
    for (work, said) in [("Тест", "mark 4 – Тест"), ("", "mark 4")] {
        let mark = DiaryMark { work: WorkKind(work.into()), ..bare.clone() };
        let change = Change::MarkNew { lesson: place.clone(), mark };
        assert_eq!(change.text_en(), format!("Физика, 16 September: {said}"));
    }

    for (class, said) in [
        ("present", "present"),
        ("late", "late"),
        ("ill", "absent, ill"),
        ("excused", "absent with a valid reason"),
        ("unexcused", "absent without a valid reason"),
        ("unspecified", "absent, reason not given"),
        ("on_duty", "attendance «деж»"),
    ] {
        let attendance = DiaryAttendance { code: "деж".into(), class: class.into() };
        let change = Change::AttendanceSet { lesson: place.clone(), attendance };
        assert_eq!(change.text_en(), format!("Физика, 16 September: {said}"));
    }
    let unknown: Change = serde_json::from_str(r#"{"kind": "week_signed"}"#).unwrap();
    assert_eq!(unknown.text_en(), "Something changed in the diary");
}
