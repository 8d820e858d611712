//! The table of the design, cell by cell.

use alloc::{format, string::String, vec::Vec};

use uuid::Uuid;

use super::*;
use crate::{error::CodedError as _, people::Kinship};

const CHILD: AccountId = AccountId(Uuid::from_u128(1));
const OTHER: AccountId = AccountId(Uuid::from_u128(2));
const PARENT: AccountId = AccountId(Uuid::from_u128(3));
const TEACHER: AccountId = AccountId(Uuid::from_u128(4));

const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(11));
const OTHER_SCHOOL: SchoolId = SchoolId(Uuid::from_u128(12));
const CLASS: ClassId = ClassId(Uuid::from_u128(21));
const OTHER_CLASS: ClassId = ClassId(Uuid::from_u128(22));

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 9, day).unwrap()
}

fn bond(child: AccountId, from: u32, until: u32, barred: bool) -> Guardianship {
    Guardianship {
        parent: PARENT,
        child,
        kinship: Kinship::Guardian,
        legal_representative: None,
        from: Some(day(from)),
        until: Some(day(until)),
        barred,
    }
}

const fn staff(post: Post<'_>) -> Viewer<'_> {
    Viewer::Staff { post, until: None }
}

/// Everything there is to look at, of one pupil in one class in one school.
fn sights<'a>(
    account: AccountId,
    school: SchoolId,
    classes: &'a [ClassId],
    with_support: bool,
) -> [(&'static str, Sight<'a>); 7] {
    let whose = Whose { account, school, classes };
    let class = classes[0];
    let teacher = Some(if account == CHILD { TEACHER } else { OTHER });
    [
        ("diary", Sight::Diary(whose)),
        ("class sheet", Sight::ClassSheet { school, class }),
        ("lesson", Sight::Lesson { school, class, teacher }),
        ("person", Sight::Person(whose)),
        ("card", Sight::Card(whose)),
        ("case", Sight::Case { school, classes, with_support }),
        ("merge", Sight::Merge),
    ]
}

#[test]
fn every_role_before_everything() {
    let bonds = [bond(CHILD, 1, 30, false)];
    let viewers = [
        ("pupil", Viewer::Pupil(CHILD, None)),
        ("parent", Viewer::Parent(&bonds)),
        ("class teacher", staff(Post::ClassTeacher(&[CLASS]))),
        ("subject teacher", staff(Post::SubjectTeacher(TEACHER))),
        ("registrar", staff(Post::Registrar(SCHOOL))),
        ("administrator", staff(Post::Administrator(SCHOOL))),
        ("support", staff(Post::Support)),
        ("operator", staff(Post::Operator)),
    ];
    // Of the own pupil, class, school; of another class of the school; of another school. `+` is a
    // look, `A` an audited one. Columns as in `sights`.
    let expected = [
        ("pupil", ["+......", ".......", "......."]),
        ("parent", ["+......", ".......", "......."]),
        ("class teacher", ["AAAAAA.", ".......", "......."]),
        ("subject teacher", ["..A....", ".......", "......."]),
        ("registrar", ["...AAA.", "...AAA.", "......."]),
        ("administrator", ["AAAAAA.", "AAAAAA.", "......."]),
        ("support", [".....A.", ".......", ".....A."]),
        ("operator", ["......A", "......A", "......A"]),
    ];
    let told: Vec<(&str, [String; 3])> = viewers
        .iter()
        .map(|(name, viewer)| {
            let row = |sights: [(&str, Sight<'_>); 7]| {
                let cell = |(_, sight)| match may(&[*viewer], &sight, day(2)) {
                    Ok(Allowed { audited: false }) => '+',
                    Ok(Allowed { audited: true }) => 'A',
                    Err(_) => '.',
                };
                sights.into_iter().map(cell).collect()
            };
            let rows = [
                row(sights(CHILD, SCHOOL, &[CLASS], true)),
                row(sights(OTHER, SCHOOL, &[OTHER_CLASS], false)),
                row(sights(OTHER, OTHER_SCHOOL, &[OTHER_CLASS], true)),
            ];
            (*name, rows)
        })
        .collect();
    let expected = expected.map(|(name, rows)| (name, rows.map(String::from)));
    assert_eq!(told, expected);
}

#[test]
fn who_has_left_looks_at_nothing_from_the_next_day() {
    for post in [
        Post::ClassTeacher(&[CLASS]),
        Post::SubjectTeacher(TEACHER),
        Post::Registrar(SCHOOL),
        Post::Administrator(SCHOOL),
        Post::Support,
        Post::Operator,
    ] {
        for (name, sight) in sights(CHILD, SCHOOL, &[CLASS], true) {
            let on = |today| may(&[Viewer::Staff { post, until: Some(day(10)) }], &sight, today);
            let while_there = may(&[staff(post)], &sight, day(10));
            assert_eq!(on(day(10)), while_there, "{post:?} {name}");
            let gone = match while_there {
                Ok(_) => AccessError::AccountClosed,
                Err(_) => AccessError::NotAllowed,
            };
            assert_eq!(on(day(11)), Err(gone), "{post:?} {name}");
        }
    }
}

#[test]
fn a_teacher_looks_at_the_own_childs_diary_as_a_parent() {
    let bonds = [bond(CHILD, 5, 10, false)];
    let (parent, teacher) = (Viewer::Parent(&bonds), staff(Post::ClassTeacher(&[CLASS])));
    let [(_, diary), (_, sheet), ..] = sights(CHILD, SCHOOL, &[CLASS], false);
    for viewers in [[parent, teacher], [teacher, parent]] {
        assert_eq!(may(&viewers, &diary, day(7)), Ok(Allowed { audited: false }));
        assert_eq!(may(&viewers, &sheet, day(7)), Ok(Allowed { audited: true }));
        // The bond has ended: what is left is the class.
        assert_eq!(may(&viewers, &diary, day(11)), Ok(Allowed { audited: true }));
    }
}

#[test]
fn a_class_teacher_sees_who_is_in_one_of_the_classes() {
    let classes = [OTHER_CLASS, CLASS];
    let teacher = [staff(Post::ClassTeacher(&classes))];
    let see = |classes: &[ClassId]| {
        let whose = Whose { account: PARENT, school: SCHOOL, classes };
        may(&teacher, &Sight::Person(whose), day(1)).is_ok()
    };
    let third = ClassId(Uuid::from_u128(23));
    assert!(see(&[third, CLASS]));
    assert!(!see(&[third]));
    assert!(!see(&[]));
}

#[test]
fn a_lesson_without_a_teacher_is_no_subject_teachers() {
    let lesson = Sight::Lesson { school: SCHOOL, class: CLASS, teacher: None };
    let teacher = [staff(Post::SubjectTeacher(TEACHER))];
    assert_eq!(may(&teacher, &lesson, day(1)), Err(AccessError::NotAllowed));
}

#[test]
fn nobody_looks_at_nothing() {
    for (name, sight) in sights(CHILD, SCHOOL, &[CLASS], true) {
        assert_eq!(may(&[], &sight, day(1)), Err(AccessError::NotAllowed), "{name}");
    }
}

#[test]
fn may_and_may_read_diary_give_the_family_one_answer() {
    let bonds = [bond(CHILD, 5, 10, false), bond(OTHER, 5, 10, true)];
    let pupil = Viewer::Pupil(CHILD, Some(day(8)));
    let viewers = [pupil, Viewer::Parent(&bonds)];
    for viewers in [&viewers[..], &viewers[..1], &viewers[1..]] {
        for account in [CHILD, OTHER, TEACHER] {
            for today in 1..=15 {
                let [(_, diary), ..] = sights(account, SCHOOL, &[CLASS], false);
                let read = may_read_diary(viewers, account, day(today));
                let look = may(viewers, &diary, day(today));
                assert_eq!(look.map(|allowed| assert!(!allowed.audited)), read, "{today}");
            }
        }
    }
}

#[test]
fn staff_do_not_read_a_diary_as_family() {
    for post in [Post::ClassTeacher(&[CLASS]), Post::Administrator(SCHOOL)] {
        let read = may_read_diary(&[staff(post)], CHILD, day(1));
        assert_eq!(read, Err(AccessError::NotYours));
    }
}

#[test]
fn refusals_read_as_people_write() {
    use AccessError::{AccountClosed, Barred, GuardianshipEnded, NotAllowed, NotYours};
    let told: Vec<String> = [Barred, AccountClosed, GuardianshipEnded, NotYours, NotAllowed]
        .iter()
        .map(|error| format!("{}\n  {}\n  {error}", error.code(), error.text_ru()))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_pupil_reads_their_own_diary_and_no_other() {
    assert_eq!(may_read_diary(&[Viewer::Pupil(CHILD, None)], CHILD, day(1)), Ok(()));
    assert_eq!(
        may_read_diary(&[Viewer::Pupil(OTHER, None)], CHILD, day(1)),
        Err(AccessError::NotYours)
    );
    assert_eq!(may_read_diary(&[], CHILD, day(1)), Err(AccessError::NotYours));
}

#[test]
fn a_pupil_who_left_reads_no_more_from_the_next_day() {
    let read = |today| may_read_diary(&[Viewer::Pupil(CHILD, Some(day(10)))], CHILD, day(today));
    assert_eq!(read(10), Ok(()));
    assert_eq!(read(11), Err(AccessError::AccountClosed));
}

#[test]
fn a_parent_reads_while_the_bond_holds_and_is_not_barred() {
    use AccessError::{Barred, GuardianshipEnded, NotYours};
    for (today, bonds, expected) in [
        (5, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
        (10, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
        (4, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
        (11, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
        (7, [bond(CHILD, 5, 10, true), bond(OTHER, 1, 30, false)], Err(Barred)),
        (11, [bond(CHILD, 5, 10, true), bond(CHILD, 1, 4, false)], Err(Barred)),
        (12, [bond(CHILD, 5, 10, false), bond(CHILD, 12, 14, false)], Ok(())),
        (7, [bond(OTHER, 5, 10, false), bond(OTHER, 1, 30, false)], Err(NotYours)),
    ] {
        assert_eq!(
            may_read_diary(
                &[Viewer::Pupil(OTHER, None), Viewer::Parent(&bonds)],
                CHILD,
                day(today)
            ),
            expected,
            "{today} {bonds:?}"
        );
    }
}
