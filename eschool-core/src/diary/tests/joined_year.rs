use super::*;
use crate::{
    calendar::{Term, TermKind},
    id::SchoolId,
};

fn school(n: u128) -> SchoolId {
    SchoolId(Uuid::from_u128(0x900 + n))
}

/// A term in which the child has one mark of each subject.
fn term(n: u128, from: &str, to: &str, marks: &[(&str, &str, &str)]) -> SchoolTerm {
    let days = DateRange::new(day(from), day(to)).unwrap();
    let mut lessons = Vec::new();
    let mut given = Vec::new();
    for (number, (subject, value, weight)) in (1..).zip(marks) {
        let lesson = lesson(number.into(), from, number, subject);
        given.push(mark(number.into(), &lesson, value, weight));
        lessons.push(lesson);
    }
    let term = Term { grade: 7, name: "четверть".into(), kind: TermKind::Quarter, days };
    let diary =
        DiarySlice { stays: vec![stay(1, "2024-08-01", None)], ..with_marks(lessons, given) };
    let summary =
        summarise(TermSlice { diary, finals: vec![], grading: Grading::default() }, &term);
    SchoolTerm { school: school(n), from: None, summary }
}

/// What a year says of each subject: its mean, then each school with its terms and mean.
fn told(year: &JoinedYear) -> Vec<String> {
    let mean = |mean: Option<crate::journal::Mean>| mean.map_or("–".into(), |m| m.to_string());
    let there =
        |there: &SubjectInSchool| format!("{} terms {}", there.terms.len(), mean(there.mean));
    let line = |subject: &JoinedSubject| {
        let schools: Vec<_> = subject.schools.iter().map(there).collect();
        format!("{} {}: {}", subject.subject, mean(subject.mean), schools.join(", "))
    };
    year.subjects.iter().map(line).collect()
}

#[test]
fn a_child_who_moved_in_mid_year_has_the_marks_of_both_schools() {
    let year = join_year(vec![
        term(2, "2024-11-05", "2024-12-28", &[("физика", "5", "1"), ("Химия", "4", "1")]),
        term(1, "2024-09-02", "2024-10-25", &[("Физика", "3", "5"), ("Труд", ".", "1")]),
        term(2, "2025-01-09", "2025-03-21", &[("Физика", "5", "1")]),
    ]);
    // 25 : 7, not the mean of 3 and 5.
    assert_eq!(
        told(&year),
        [
            "Труд –: 1 terms –",
            "Физика 3.57: 1 terms 3.00, 2 terms 5.00",
            "Химия 4.00: 1 terms 4.00",
        ]
    );
    let physics = &year.subjects[1];
    let schools: Vec<_> = physics.schools.iter().map(|there| there.school).collect();
    assert_eq!(schools, [school(1), school(2)]);
    let names: Vec<_> =
        physics.schools[1].terms.iter().map(|part| part.summary.subject.as_str()).collect();
    assert_eq!(names, ["физика", "Физика"]);
}

#[test]
fn subjects_are_joined_by_their_folded_names_alone() {
    for (one, other, joined) in [
        ("Физика", " ФИЗИКА ", true),
        ("Счёт", "Счет", true),
        ("Русский  язык", "Русский язык", true),
        ("Русский язык", "Рус. яз.", false),
        ("История", "История России", false),
    ] {
        let year = join_year(vec![
            term(1, "2024-09-02", "2024-10-25", &[(one, "4", "1")]),
            term(2, "2024-11-05", "2024-12-28", &[(other, "5", "1")]),
        ]);
        assert_eq!(year.subjects.len() == 1, joined, "{one} {other}");
    }
}

#[test]
fn the_order_of_terms_does_not_matter() {
    let terms = vec![
        term(1, "2024-09-02", "2024-10-25", &[("Физика", "3", "5")]),
        term(2, "2024-11-05", "2024-12-28", &[("ФИЗИКА", "5", "1")]),
        term(2, "2025-01-09", "2025-03-21", &[("Физика", "4", "2")]),
    ];
    let backwards = terms.iter().rev().cloned().collect();
    assert_eq!(join_year(terms), join_year(backwards));
}

#[test]
fn in_a_term_of_two_schools_the_stay_tells_which_came_first() {
    let quarter = |n, from: Option<&str>, marks: &[(&str, &str, &str)]| SchoolTerm {
        from: from.map(day),
        ..term(n, "2024-09-02", "2024-10-25", marks)
    };
    // The later school has the smaller identifier.
    for first in [None, Some("2023-09-01"), Some("2024-09-02")] {
        let before = quarter(2, first, &[("Физика", "3", "1")]);
        let moved = quarter(1, Some("2024-10-08"), &[("ФИЗИКА", "5", "1")]);
        let next = SchoolTerm {
            from: Some(day("2024-10-08")),
            ..term(1, "2024-11-05", "2024-12-28", &[("физика", "4", "1")])
        };
        let in_order = vec![before.clone(), moved.clone(), next.clone()];
        for terms in [in_order, vec![next, moved, before]] {
            let year = join_year(terms);
            let [physics] = &year.subjects[..] else { panic!("one subject: {year:?}") };
            let schools: Vec<_> = physics.schools.iter().map(|there| there.school).collect();
            assert_eq!((physics.subject.as_str(), schools), ("Физика", vec![school(2), school(1)]));
            let names = physics.schools[1].terms.iter().map(|part| part.summary.subject.as_str());
            assert_eq!(names.collect::<Vec<_>>(), ["ФИЗИКА", "физика"]);
        }
    }
}

#[test]
fn one_school_alone_is_as_it_was() {
    let only = term(1, "2024-09-02", "2024-10-25", &[("Физика", "3", "5"), ("Химия", "4", "1")]);
    let year = join_year(vec![only.clone()]);
    for (joined, own) in year.subjects.iter().zip(&only.summary.subjects) {
        assert_eq!(joined.mean, own.mean);
        assert_eq!(joined.schools[0].mean, own.mean);
        assert_eq!(joined.schools[0].terms[0].summary, *own);
    }
    assert_eq!(year.subjects.len(), 2);
}
