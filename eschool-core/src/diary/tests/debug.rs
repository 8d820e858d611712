//! What is known of a pupil stands in no log line and no panic message.

use super::*;
use crate::{
    calendar::{Term, TermKind},
    journal::{
        ChangedMark, ExistingMark, FinalKind, FinalMark, MarkContent, MarkValue, Material, WorkKey,
        reconcile_marks,
    },
};

/// Every text that tells something of somebody begins so.
const SECRET: &str = "тайна";

fn secret(what: &str) -> String {
    format!("{SECRET}: {what}")
}

fn value(what: &str) -> MarkValue {
    MarkValue::Unknown(secret(what))
}

fn secret_homework(what: &str) -> Homework {
    let materials =
        vec![Material { name: secret("материал"), link: secret("ссылка") }];
    Homework { text: secret(what), due: Some(day("2024-09-30")), materials }
}

/// Two lessons with everything that can stand in them, and a planned one.
fn secrets() -> TermSlice {
    let physics = Lesson {
        teacher: secret("учитель"),
        room: secret("кабинет"),
        topic: Some(secret("тема")),
        homework: Some(secret_homework("задание")),
        ..lesson(1, "2024-09-16", 1, "Физика")
    };
    let (work, given) = mark(1, &physics, "5", "3");
    let work = Work { title: secret("работа"), ..work };
    let given = Mark {
        value: value("отметка"), comment: Some(secret("замечание")), ..given
    };
    let absence = absence(&physics, &secret("код"), AttendanceClass::from(&*secret("болезнь")));
    let own = IndividualHomework {
        homework: secret_homework("своё задание"),
        ..own_homework(&physics, "")
    };
    let remark = remark(&physics, &secret("замечание"));
    let next = TimetableLesson {
        teacher: secret("учитель"),
        room: secret("кабинет"),
        ..planned("Tue", 1, "Химия")
    };
    let diary = DiarySlice {
        works: vec![work],
        marks: vec![given],
        attendance: vec![absence],
        individual_homework: vec![own],
        remarks: vec![remark],
        timetable: vec![next],
        journal_ends: vec![journal_end(1, "2024-09-16")],
        ..slice(vec![physics])
    };
    let closing = FinalMark {
        pupil: PUPIL,
        subject: "Физика".into(),
        kind: FinalKind::Term,
        term: "1 четверть".into(),
        year: 2024,
        value: value("итоговая"),
    };
    TermSlice { diary, finals: vec![closing], grading: Grading::default() }
}

fn term() -> Term {
    Term {
        grade: 7,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: DateRange::new(day("2024-09-01"), day("2024-10-25")).unwrap(),
    }
}

/// Asserts that the value holds secrets and tells none, and gives what it tells.
fn checked<T: core::fmt::Debug + serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert!(json.contains(SECRET), "there is nothing to hide in {value:?}");
    let shown = format!("{value:?}\n{value:#?}");
    assert!(!shown.contains(SECRET), "{shown}");
    shown
}

#[test]
fn a_slice_a_diary_and_a_term_tell_no_secrets() {
    let slice = secrets();
    checked(&slice);
    let diary = compose(slice.diary.clone(), week());
    let summary = summarise(slice.clone(), &term());

    // They still tell which rows they are.
    for (shown, told) in [
        (checked(&slice.diary), &["2024-09-16", "Физика", "00000000-0000-0000-0000-000000000301"]),
        (checked(&diary), &["2024-09-17", "Химия", "00000000-0000-0000-0000-000000000301"]),
        (checked(&summary), &["2024-09-16", "Физика", "00000000-0000-0000-0000-000000000301"]),
    ] {
        assert!(told.iter().all(|told| shown.contains(told)), "{shown}");
    }
}

#[test]
fn no_row_tells_secrets_by_itself() {
    let TermSlice { diary: slice, finals, .. } = secrets();
    checked(&slice.lessons[0]);
    checked(&slice.lessons[0].homework);
    checked(&slice.works[0]);
    checked(&slice.marks[0]);
    checked(&slice.attendance[0]);
    checked(&slice.individual_homework[0]);
    checked(&slice.remarks[0]);
    checked(&slice.timetable[0]);
    checked(&finals[0]);

    let diary = compose(slice.clone(), week());
    let entry = entries(&diary)[0].1;
    checked(entry);
    checked(&entry.homework);
    checked(&entry.homework.as_ref().unwrap().materials[0]);
    checked(&entry.individual_homework[0]);
    checked(&entry.marks[0]);
    checked(&entry.attendance);
    checked(&entry.remarks[0]);

    let summary =
        summarise(TermSlice { diary: slice, finals, grading: Grading::default() }, &term());
    let subject = summary.subjects.iter().find(|subject| subject.subject == "Физика").unwrap();
    checked(subject);
    checked(&subject.homework);
    checked(&subject.marks[0]);
}

#[test]
fn neither_do_numbers_of_a_term() {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let ill = absence(&physics, "Б", AttendanceClass::Ill);
    let marks = vec![mark(1, &physics, "2", "3")];
    let slice = DiarySlice { attendance: vec![ill], ..with_marks(vec![physics], marks) };
    let summary = summarise(
        TermSlice { diary: slice, finals: Vec::new(), grading: Grading::default() },
        &term(),
    );
    assert!(summary.subjects[0].mean.is_some() && summary.attendance.ill == 1);
    let shown = format!("{summary:?}").to_lowercase();
    for told in ["mean", "ill", "attendance", "debts", "value"] {
        assert!(!shown.replace("unfilled", "").contains(told), "{told} in {shown}");
    }
}

#[test]
fn what_a_file_changes_tells_no_secrets() {
    let content = |what: &str| MarkContent {
        work: WorkKey {
            kind: WorkKind("Ответ на уроке".into()),
            title: secret("работа"),
            weight: "3".parse().unwrap(),
        },
        value: value(what),
        comment: Some(secret("замечание")),
    };
    let id = MarkId(Uuid::from_u128(0x301));
    let existing = ExistingMark { id, content: content("была") };
    checked(&existing);
    let changes = reconcile_marks(&[existing], &[content("стала")]);
    let [ChangedMark { .. }] = &changes.changed[..] else { panic!("one change: {changes:?}") };
    assert!(checked(&changes).contains("00000000-0000-0000-0000-000000000301"));
}

#[test]
fn changes_sheets_and_years_tell_no_secrets() {
    let TermSlice { diary, finals, .. } = secrets();
    let with = compose(diary.clone(), week());
    let emptied = DiarySlice { lessons: vec![], timetable: vec![], ..diary.clone() };
    let mut without = compose(emptied, week());
    for change in changes(&with, &without).iter().chain(&changes(&without, &with)) {
        checked(change);
    }
    let mut entry = with.days[0].entries[0].clone();
    entry.topic = Some(secret("другая тема"));
    entry.room = secret("другой кабинет");
    entry.homework.as_mut().unwrap().text = secret("другое задание");
    entry.individual_homework[0].text = secret("другое своё задание");
    entry.marks[0].value = value("другая отметка");
    entry.attendance.as_mut().unwrap().code = secret("другой код");
    entry.remarks[0].text = secret("другое замечание");
    without.days[0].entries = vec![entry];
    let told: Vec<_> = changes(&with, &without).iter().map(checked).collect();
    assert_eq!(told.len(), 8, "{told:?}");
    assert!(told.iter().take(7).all(|told| told.contains("2024-09-16") && told.contains("Физика")));

    checked(&Change::FinalNew { mark: finals[0].clone() });
    checked(&year_finals(PUPIL, 2024, finals.clone(), &Grading::default()));
    let id = MarkId(Uuid::from_u128(0x301));
    checked(&DebtClosing { mark: id, date: day("2024-09-30"), value: value("сдал") });
    let slice = TermSlice { diary, finals, grading: Grading::default() };
    checked(&class_sheet(class(1), vec![slice.clone()], &term()));
    let school = crate::id::SchoolId(Uuid::from_u128(9));
    checked(&join_year(vec![SchoolTerm {
        school,
        from: None,
        summary: summarise(slice, &term()),
    }]));
}
