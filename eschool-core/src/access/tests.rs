//! The table of the design, cell by cell.

use alloc::{format, string::String, vec::Vec};

use uuid::Uuid;

use super::*;
use crate::{
    error::CodedError as _,
    people::{Guardianship, Kinship},
    policy::{ParentsAfter18, Rules, SignInPolicy},
    signin::ChildFacts,
};

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

fn bond(child: AccountId, from: u32, until: u32, barred: bool) -> ChildFacts {
    let guardianship = Guardianship {
        parent: PARENT,
        child,
        kinship: Kinship::Guardian,
        legal_representative: None,
        from: Some(day(from)),
        until: Some(day(until)),
        barred,
    };
    ChildFacts { guardianship, birth_date: None, until: None }
}

fn rules() -> Rules {
    SignInPolicy::ryazan_2022().rules_on(day(1)).clone()
}

const fn parent<'a>(children: &'a [ChildFacts], rules: &'a Rules) -> Viewer<'a> {
    Viewer::Parent { account: PARENT, children, rules }
}

const fn staff(post: Post<'_>) -> Viewer<'_> {
    Viewer::Staff { post, until: None }
}

const TEACHER_OF_CLASS: Post<'static> = Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] };

/// Everything there is to look at, of one pupil in one class in one school.
fn sights<'a>(
    account: AccountId,
    school: SchoolId,
    classes: &'a [ClassId],
    with_support: bool,
) -> [(&'static str, Sight<'a>); 10] {
    let whose = Whose { account, school, classes };
    let class = classes[0];
    let teacher = Some(if account == CHILD { TEACHER } else { OTHER });
    [
        ("diary", Sight::Diary(whose)),
        ("class sheet", Sight::ClassSheet { school, class }),
        ("lesson", Sight::Lesson { school, class, teacher }),
        ("person", Sight::Person(whose)),
        ("card", Sight::Card(whose)),
        ("case", Sight::Case { school, with_support }),
        ("looks", Sight::Looks(whose)),
        ("merge", Sight::Merge),
        ("all people", Sight::AllPeople(school)),
        ("all journals", Sight::AllJournals(school)),
    ]
}

#[test]
fn every_role_before_everything() {
    let (bonds, rules) = ([bond(CHILD, 1, 30, false)], rules());
    let viewers = [
        ("pupil", Viewer::Pupil(CHILD, None)),
        ("parent", parent(&bonds, &rules)),
        ("no parent", Viewer::Bonds { account: PARENT, children: &bonds }),
        ("class teacher", staff(TEACHER_OF_CLASS)),
        ("subject teacher", staff(Post::SubjectTeacher(TEACHER))),
        ("registrar", staff(Post::Registrar(SCHOOL))),
        ("administrator", staff(Post::Administrator(SCHOOL))),
        ("support", staff(Post::Support)),
        ("operator", staff(Post::Operator)),
    ];
    // Of the own pupil, class, school; of another class of the school; of another school. `+` is a
    // look, `A` an audited one. Columns as in `sights`.
    let expected = [
        ("pupil", ["+.........", "..........", ".........."]),
        ("parent", ["+.....+...", "..........", ".........."]),
        ("no parent", ["..........", "..........", ".........."]),
        ("class teacher", ["AAAAAA....", ".....A....", ".........."]),
        ("subject teacher", ["..A.......", "..........", ".........."]),
        ("registrar", ["...AAA..A.", "...AAA..A.", ".........."]),
        ("administrator", ["AAAAAAA.AA", "AAAAAAA.AA", ".........."]),
        ("support", [".....A....", "..........", ".....A...."]),
        ("operator", [".......A..", ".......A..", ".......A.."]),
    ];
    let told: Vec<(&str, [String; 3])> = viewers
        .iter()
        .map(|(name, viewer)| {
            let row = |sights: [(&str, Sight<'_>); 10]| {
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
        TEACHER_OF_CLASS,
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
fn a_teachers_look_at_the_own_child_is_audited() {
    let (bonds, rules) = ([bond(CHILD, 5, 10, false)], rules());
    let (parent, teacher) = (parent(&bonds, &rules), staff(TEACHER_OF_CLASS));
    let [(_, diary), (_, sheet), ..] = sights(CHILD, SCHOOL, &[CLASS], false);
    let [(_, others), ..] = sights(CHILD, SCHOOL, &[OTHER_CLASS], false);
    for viewers in [[parent, teacher], [teacher, parent]] {
        assert_eq!(may(&viewers, &diary, day(7)), Ok(Allowed { audited: true }));
        assert_eq!(may(&viewers, &sheet, day(7)), Ok(Allowed { audited: true }));
        // A child of another class is looked at as a parent alone.
        assert_eq!(may(&viewers, &others, day(7)), Ok(Allowed { audited: false }));
        // The bond has ended: what is left is the class.
        assert_eq!(may(&viewers, &diary, day(11)), Ok(Allowed { audited: true }));
    }
}

#[test]
fn who_is_barred_from_a_child_is_barred_in_every_role() {
    let rules = rules();
    let barred = [bond(CHILD, 5, 10, true)];
    let free = [bond(CHILD, 5, 10, false), bond(CHILD, 5, 10, true)];
    // The bar ended, or is still to come.
    let over = [bond(CHILD, 5, 10, false), bond(CHILD, 1, 6, true), bond(CHILD, 8, 9, true)];
    let ended = [bond(CHILD, 1, 6, true)];
    let strangers = [ChildFacts {
        guardianship: Guardianship { parent: OTHER, ..barred[0].guardianship.clone() },
        ..barred[0].clone()
    }];
    let as_parent = |children| Viewer::Parent { account: PARENT, children, rules: &rules };
    let as_other = |children| Viewer::Bonds { account: PARENT, children };
    for (adult, of_the_child) in [
        (as_parent(&barred), "...."),
        (as_other(&barred), "...."),
        (as_parent(&free), "...."),
        (as_other(&free), "...."),
        (as_parent(&over), "AAAA"),
        (as_other(&over), "AAAA"),
        (as_parent(&ended), "AAAA"),
        (as_other(&ended), "AAAA"),
        (as_parent(&strangers), "AAAA"),
        (as_other(&strangers), "AAAA"),
    ] {
        for viewers in [
            [adult, staff(Post::Administrator(SCHOOL)), staff(TEACHER_OF_CLASS)],
            [staff(TEACHER_OF_CLASS), staff(Post::Administrator(SCHOOL)), adult],
        ] {
            let told = |account| {
                let cell = |sight| match may(&viewers, &sight, day(7)) {
                    Ok(Allowed { audited }) => {
                        if audited {
                            'A'
                        } else {
                            '+'
                        }
                    }
                    Err(AccessError::Barred) => '.',
                    Err(_) => '?',
                };
                let all = sights(account, SCHOOL, &[CLASS], false).map(|(_, sight)| cell(sight));
                let [diary, sheet, lesson, person, card, case, looks, _, people, journals] = all;
                let alone: String = [diary, person, card, looks].into_iter().collect();
                (alone, [sheet, lesson, case, people, journals])
            };
            assert_eq!(told(CHILD), (of_the_child.into(), ['A'; 5]), "{adult:?}");
            assert_eq!(told(OTHER), ("AAAA".into(), ['A'; 5]), "{adult:?}");
        }
    }
}

#[test]
fn a_bar_on_one_account_of_an_adult_closes_the_child_to_the_others() {
    let rules = rules();
    let free = [bond(CHILD, 5, 10, false)];
    let mut barred = [bond(CHILD, 5, 10, true)];
    barred[0].guardianship.parent = TEACHER;
    let by_one = Viewer::Parent { account: PARENT, children: &free, rules: &rules };
    let by_other = Viewer::Bonds { account: TEACHER, children: &barred };
    let [(_, diary), .., (_, looks), _, _, _] = sights(CHILD, SCHOOL, &[CLASS], false);
    for viewers in [[by_one, by_other], [by_other, by_one]] {
        for sight in [diary, looks] {
            assert_eq!(may(&viewers, &sight, day(7)), Err(AccessError::Barred));
        }
        assert_eq!(may_read_diary(&viewers, CHILD, day(7)), Err(AccessError::Barred));
    }
    assert!(may(&[by_one], &diary, day(7)).is_ok());
}

#[test]
fn a_parent_may_look_when_the_sign_in_rules_say_that_the_child_is_seen() {
    let rules = [ParentsAfter18::Keep, ParentsAfter18::End]
        .map(|parents_after_18| Rules { parents_after_18, ..rules() });
    let mut seen = 0;
    for (rules, barred, until, born) in rules.iter().flat_map(|rules| {
        [false, true].into_iter().flat_map(move |barred| {
            [None, Some(day(8))].into_iter().flat_map(move |until| {
                ["", "08.09.2006"].into_iter().map(move |born| (rules, barred, until, born))
            })
        })
    }) {
        let bond = bond(CHILD, 5, 10, barred);
        let children = [ChildFacts { birth_date: born.parse().ok(), until, ..bond }];
        for today in (1..=15).map(day) {
            let [(_, diary), .., (_, looks), _, _, _] = sights(CHILD, SCHOOL, &[CLASS], false);
            let expected = children[0].is_seen_on(today, rules);
            for sight in [diary, looks] {
                let may = may(&[parent(&children, rules)], &sight, today);
                assert_eq!(may.is_ok(), expected, "{barred} {until:?} {born} {today}");
            }
            seen += u32::from(expected);
        }
    }
    // Six days of the bond with 18 kept, four with the child's last day, three before coming of age.
    assert_eq!(seen, 6 + 6 + 4 + 4 + 6 + 3 + 4 + 3);
}

#[test]
fn the_code_opens_a_case_to_every_class_teacher_of_the_school() {
    let case = |school| Sight::Case { school, with_support: false };
    let teacher = [staff(TEACHER_OF_CLASS)];
    assert!(may(&teacher, &case(SCHOOL), day(1)).is_ok());
    assert!(may(&teacher, &case(OTHER_SCHOOL), day(1)).is_err());
    let former = [staff(Post::ClassTeacher { school: SCHOOL, classes: &[] })];
    assert!(may(&former, &case(SCHOOL), day(1)).is_err());
}

#[test]
fn a_class_teacher_sees_who_is_in_one_of_the_classes() {
    let classes = [OTHER_CLASS, CLASS];
    let teacher = [staff(Post::ClassTeacher { school: SCHOOL, classes: &classes })];
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
    let (bonds, rules) = ([bond(CHILD, 5, 10, false), bond(OTHER, 5, 10, true)], rules());
    let pupil = Viewer::Pupil(CHILD, Some(day(8)));
    let viewers = [pupil, parent(&bonds, &rules)];
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
    for post in [TEACHER_OF_CLASS, Post::Administrator(SCHOOL)] {
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
    let rules = rules();
    for (today, bonds, expected) in [
        (5, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
        (10, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
        (4, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
        (11, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
        (7, [bond(CHILD, 5, 10, true), bond(OTHER, 1, 30, false)], Err(Barred)),
        (10, [bond(CHILD, 5, 10, true), bond(CHILD, 1, 4, false)], Err(Barred)),
        // The bar has ended as well.
        (11, [bond(CHILD, 5, 10, true), bond(CHILD, 1, 4, false)], Err(GuardianshipEnded)),
        (12, [bond(CHILD, 5, 10, false), bond(CHILD, 12, 14, false)], Ok(())),
        (7, [bond(CHILD, 5, 10, false), bond(CHILD, 7, 8, true)], Err(Barred)),
        (7, [bond(CHILD, 7, 8, true), bond(CHILD, 5, 10, false)], Err(Barred)),
        (9, [bond(CHILD, 7, 8, true), bond(CHILD, 5, 10, false)], Ok(())),
        (7, [bond(OTHER, 5, 10, false), bond(OTHER, 1, 30, false)], Err(NotYours)),
    ] {
        assert_eq!(
            may_read_diary(
                &[Viewer::Pupil(OTHER, None), parent(&bonds, &rules)],
                CHILD,
                day(today)
            ),
            expected,
            "{today} {bonds:?}"
        );
    }
}
