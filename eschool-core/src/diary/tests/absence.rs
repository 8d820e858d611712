use super::*;

/// A day of lessons of physics, one a cell: filled or not, with attendance or without.
fn diary(cells: &[(&str, Option<AttendanceClass>)]) -> Diary {
    let mut lessons = Vec::new();
    let mut attendance = Vec::new();
    for (n, (state, class)) in (1..).zip(cells) {
        let mut physics = lesson(n.into(), "2024-09-16", n, "Физика");
        match *state {
            "filled" => {}
            "empty" => physics.topic = None,
            "cancelled" => physics.cancelled = true,
            state => panic!("{state}"),
        }
        attendance.extend(class.clone().map(|class| absence(&physics, "код", class)));
        lessons.push(physics);
    }
    compose(DiarySlice { attendance, ..slice(lessons) }, week())
}

#[test]
fn a_lesson_was_held_when_something_was_written_in_it() {
    use AttendanceClass::{Ill, Late, Present, Unknown};
    let cases = [
        (("filled", None), (1, 0, 0)),
        (("filled", Some(Ill)), (1, 1, 0)),
        (("filled", Some(Late)), (1, 0, 1)),
        (("filled", Some(Unknown("карантин".into()))), (1, 0, 0)),
        (("empty", None), (0, 0, 0)),
        // Who is absent is entered before the topic.
        (("empty", Some(Ill)), (1, 1, 0)),
        (("empty", Some(Present)), (1, 0, 0)),
        (("cancelled", None), (0, 0, 0)),
        (("cancelled", Some(Ill)), (0, 0, 0)),
    ];
    for (cell, expected) in cases {
        let all = absences(&diary(core::slice::from_ref(&cell))).all;
        assert_eq!((all.held, all.missed(), all.attendance.late), expected, "{cell:?}");
    }
}

#[test]
fn planned_lessons_and_days_off_are_not_held() {
    let friday = lesson(1, "2024-09-20", 1, "Физика");
    let saturday = lesson(2, "2024-09-21", 1, "Физика");
    let attendance = vec![absence(&saturday, "Б", AttendanceClass::Ill)];
    let slice = DiarySlice {
        attendance,
        timetable: vec![planned("Mon", 1, "Физика")],
        journal_ends: vec![],
        ..slice(vec![friday, saturday])
    };
    let range = DateRange::new(day("2024-09-20"), day("2024-09-23")).unwrap();
    let diary = compose(slice, range);
    assert_eq!(told(&diary).len(), 2);
    let all = absences(&diary).all;
    assert_eq!((all.held, all.missed()), (1, 0));
}

#[test]
fn subjects_stand_by_name_and_add_up() {
    let lessons = vec![
        lesson(1, "2024-09-16", 1, "Химия"),
        lesson(2, "2024-09-16", 2, "Физика"),
        lesson(3, "2024-09-17", 1, "Химия"),
    ];
    let attendance = vec![
        absence(&lessons[0], "НП", AttendanceClass::Unexcused),
        absence(&lessons[1], "УП", AttendanceClass::Excused),
    ];
    let absences = absences(&compose(DiarySlice { attendance, ..slice(lessons) }, week()));
    let told: Vec<_> = absences
        .subjects
        .iter()
        .map(|subject| format!("{}: {}", subject.subject, subject.absence.text_ru()))
        .collect();
    assert_eq!(
        told,
        ["Физика: пропущен 1 из 1 урока (100,0 %)", "Химия: пропущен 1 из 2 уроков (50,0 %)",]
    );
    let expected = AttendanceTotals { excused: 1, unexcused: 1, ..Default::default() };
    assert_eq!(absences.all, Absence { held: 3, attendance: expected });
}

#[test]
fn a_share_is_exact_and_shown_half_up() {
    let cases = [
        (0, 0, None, "уроков ещё не было", "no lessons yet"),
        (0, 68, Some("0.0"), "пропущено 0 из 68 уроков (0,0 %)", "0 of 68 lessons missed (0.0 %)"),
        (
            12,
            68,
            Some("17.6"),
            "пропущено 12 из 68 уроков (17,6 %)",
            "12 of 68 lessons missed (17.6 %)",
        ),
        (1, 1, Some("100.0"), "пропущен 1 из 1 урока (100,0 %)", "1 of 1 lesson missed (100.0 %)"),
        (
            21,
            31,
            Some("67.7"),
            "пропущен 21 из 31 урока (67,7 %)",
            "21 of 31 lessons missed (67.7 %)",
        ),
        (
            11,
            111,
            Some("9.9"),
            "пропущено 11 из 111 уроков (9,9 %)",
            "11 of 111 lessons missed (9.9 %)",
        ),
        // 0.05 % and 12.25 %: a half goes up.
        (
            1,
            2_000,
            Some("0.1"),
            "пропущен 1 из 2000 уроков (0,1 %)",
            "1 of 2000 lessons missed (0.1 %)",
        ),
        (
            49,
            400,
            Some("12.3"),
            "пропущено 49 из 400 уроков (12,3 %)",
            "49 of 400 lessons missed (12.3 %)",
        ),
        (
            1,
            2_001,
            Some("0.0"),
            "пропущен 1 из 2001 урока (0,0 %)",
            "1 of 2001 lessons missed (0.0 %)",
        ),
    ];
    for (missed, held, per_cent, russian, english) in cases {
        let attendance = AttendanceTotals { ill: missed, late: 7, ..Default::default() };
        let absence = Absence { held, attendance };
        assert_eq!(absence.per_cent().as_deref(), per_cent, "{missed}/{held}");
        assert_eq!((absence.text_ru().as_str(), absence.text_en().as_str()), (russian, english));
    }
}

#[test]
fn what_is_shown_is_made_anew() {
    let absence =
        Absence { held: 3, attendance: AttendanceTotals { ill: 1, ..Default::default() } };
    let mut json = serde_json::to_value(absence).unwrap();
    json["missed"] = 3.into();
    json["perCent"] = "100.0".into();
    let read: Absence = serde_json::from_value(json).unwrap();
    assert_eq!(read, absence);
    assert_eq!(serde_json::to_value(read).unwrap()["perCent"], "33.3");
}

#[test]
fn totals_that_are_full_stay_full() {
    let json = r#"{"late": 4294967295, "ill": 4294967295, "excused": 1, "unexcused": 0, "unspecified": 0}"#;
    let mut totals: AttendanceTotals = serde_json::from_str(json).unwrap();
    totals += totals;
    totals.count(&AttendanceClass::Late);
    assert_eq!((totals.late, totals.excused, totals.missed()), (u32::MAX, 2, u32::MAX));

    let mut absence = Absence { held: u32::MAX, attendance: totals };
    absence += Absence { held: 1, ..absence };
    assert_eq!((absence.held, absence.missed()), (u32::MAX, u32::MAX));
    assert_eq!(absence.per_cent().as_deref(), Some("100.0"));
}
