//! The table of writing, cell by cell.

use alloc::{string::String, vec, vec::Vec};

use uuid::Uuid;

use super::*;
use crate::{
    people::{Guardianship, Kinship},
    policy::{RegistryKeeper, SignInPolicy},
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

const TEACHERS: [AccountId; 2] = [OTHER, TEACHER];

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 9, day).unwrap()
}

fn bond(barred: bool) -> ChildFacts {
    let guardianship = Guardianship {
        parent: PARENT,
        child: CHILD,
        kinship: Kinship::Guardian,
        legal_representative: None,
        from: Some(day(5)),
        until: Some(day(10)),
        barred,
    };
    ChildFacts { guardianship, birth_date: None, until: None }
}

fn staff(post: Post<'_>) -> Viewer<'_> {
    Viewer::Staff { post, until: Some(day(20)) }
}

fn registry<'a>(whose: Whose<'a>, keeper: &'a RegistryKeeper) -> Deed<'a> {
    Deed::Registry { whose, keeper, of_another_role: false, behind: &[] }
}

/// Everything there is to write, of one pupil in one class in one school.
fn deeds(account: AccountId, school: SchoolId, classes: &[ClassId]) -> [Deed<'_>; 12] {
    let whose = Whose { account, school, classes };
    let (class, is_own) = (classes[0], account == CHILD);
    [
        Deed::Lesson { school, class, teacher: Some(if is_own { TEACHER } else { OTHER }) },
        Deed::Finals { school, class, teachers: if is_own { &TEACHERS } else { &TEACHERS[..1] } },
        Deed::Excuse(whose),
        Deed::AcceptExcuse(whose),
        Deed::Grading { school },
        registry(whose, &RegistryKeeper::ClassTeacher),
        registry(whose, &RegistryKeeper::Registrar),
        Deed::Enrolment { school },
        Deed::SchoolYear { school },
        Deed::Transfer,
        Deed::PersonalData { school, accounts: &[] },
        Deed::Card(whose),
    ]
}

#[test]
fn every_role_before_every_deed() {
    let (bonds, policy) = ([bond(false)], SignInPolicy::ryazan_2022());
    let rules = policy.rules_on(day(1));
    let leads = Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] };
    let viewers = [
        Viewer::Pupil(CHILD, None),
        Viewer::Parent { account: PARENT, children: &bonds, rules },
        Viewer::Bonds { account: PARENT, children: &bonds },
        staff(leads),
        staff(Post::SubjectTeacher(TEACHER)),
        staff(Post::Registrar(SCHOOL)),
        staff(Post::Administrator(SCHOOL)),
        staff(Post::Support),
        staff(Post::Operator),
    ];
    // Of the own pupil, class, school; of another class of the school; of another school.
    let expected = [
        ["............", "............", "............"],
        ["..+.........", "............", "............"],
        ["............", "............", "............"],
        ["...+.+.....+", "............", "............"],
        ["++..........", "............", "............"],
        ["......++....", "......++....", "............"],
        ["++.++++++.++", "++.++++++.++", "............"],
        ["............", "............", "............"],
        [".........+..", ".........+..", ".........+.."],
    ];
    let told: Vec<[String; 3]> = viewers
        .iter()
        .map(|viewer| {
            let row = |deeds: [Deed<'_>; 12]| {
                let cell = |deed| if may_do(&[*viewer], &deed, day(7)).is_ok() { '+' } else { '.' };
                deeds.into_iter().map(cell).collect()
            };
            [
                row(deeds(CHILD, SCHOOL, &[CLASS])),
                row(deeds(OTHER, SCHOOL, &[OTHER_CLASS])),
                row(deeds(OTHER, OTHER_SCHOOL, &[OTHER_CLASS])),
            ]
        })
        .collect();
    assert_eq!(told, expected.map(|row| row.map(String::from)));
}

#[test]
fn who_has_left_writes_nothing_from_the_next_day() {
    for deed in deeds(CHILD, SCHOOL, &[CLASS]) {
        let viewers = [
            staff(Post::SubjectTeacher(TEACHER)),
            staff(Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] }),
            staff(Post::Administrator(SCHOOL)),
        ];
        let while_there = may_do(&viewers, &deed, day(20));
        let gone = match while_there {
            Ok(()) => AccessError::AccountClosed,
            Err(_) => AccessError::NotAllowed,
        };
        assert_eq!(may_do(&viewers, &deed, day(21)), Err(gone), "{deed:?}");
    }
}

#[test]
fn a_lesson_that_nobody_is_named_for_is_the_administrators() {
    let deed = Deed::Lesson { school: SCHOOL, class: CLASS, teacher: None };
    let teacher = [staff(Post::SubjectTeacher(TEACHER))];
    assert_eq!(may_do(&teacher, &deed, day(1)), Err(AccessError::NotAllowed));
    assert_eq!(may_do(&[staff(Post::Administrator(SCHOOL))], &deed, day(1)), Ok(()));
}

#[test]
fn an_absence_is_excused_while_the_bond_holds_and_is_not_barred() {
    use AccessError::{Barred, GuardianshipEnded};
    let policy = SignInPolicy::ryazan_2022();
    let rules = policy.rules_on(day(1));
    let [_, _, excuse, accept, .., card] = deeds(CHILD, SCHOOL, &[CLASS]);
    for (today, barred, expected) in [
        (4, false, Err(GuardianshipEnded)),
        (5, false, Ok(())),
        (10, false, Ok(())),
        (11, false, Err(GuardianshipEnded)),
        (7, true, Err(Barred)),
    ] {
        let children = [bond(barred)];
        let parent = Viewer::Parent { account: PARENT, children: &children, rules };
        assert_eq!(may_do(&[parent], &excuse, day(today)), expected, "{today} {barred}");
        // Nor does who is barred from the child judge what is said of it, whatever their post.
        let both = [parent, staff(Post::Administrator(SCHOOL))];
        assert_eq!(may_do(&both, &accept, day(today)).is_ok(), !barred, "{today} {barred}");
        // A card would open the diary.
        assert_eq!(may_do(&both, &card, day(today)).is_ok(), !barred, "{today} {barred}");
    }
}

#[test]
fn nobody_deals_with_all_that_is_kept_of_whom_they_are_barred_from() {
    let (policy, post) = (SignInPolicy::ryazan_2022(), staff(Post::Administrator(SCHOOL)));
    let rules = policy.rules_on(day(1));
    for (accounts, barred_on) in
        [([OTHER, CHILD].as_slice(), 5..=10), (&[CHILD], 5..=10), (&[OTHER], 0..=0)]
    {
        let deed = Deed::PersonalData { school: SCHOOL, accounts };
        for today in 4..=11 {
            let children = [bond(true)];
            let expected =
                if barred_on.contains(&today) { Err(AccessError::Barred) } else { Ok(()) };
            for family in [
                Viewer::Parent { account: PARENT, children: &children, rules },
                Viewer::Bonds { account: PARENT, children: &children },
            ] {
                assert_eq!(may_do(&[family, post], &deed, day(today)), expected, "{today}");
            }
        }
    }
}

#[test]
fn the_keys_of_staff_and_pupils_are_the_administrators() {
    let whose = Whose { account: CHILD, school: SCHOOL, classes: &[CLASS] };
    for keeper in [RegistryKeeper::ClassTeacher, RegistryKeeper::Registrar] {
        let deed = Deed::Registry { whose, keeper: &keeper, of_another_role: true, behind: &[] };
        let may = |post| may_do(&[staff(post)], &deed, day(7)).is_ok();
        assert!(!may(Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] }));
        assert!(!may(Post::Registrar(SCHOOL)));
        assert!(may(Post::Administrator(SCHOOL)));
    }
}

#[test]
fn a_key_is_written_by_who_keeps_every_child_behind_it() {
    let whose = Whose { account: PARENT, school: SCHOOL, classes: &[CLASS, OTHER_CLASS] };
    let own = vec![CLASS];
    let behind = [
        (vec![own.clone()], true),
        (vec![own.clone(), vec![OTHER_CLASS, CLASS]], true),
        (vec![own.clone(), vec![OTHER_CLASS]], false),
        (vec![own, vec![]], false),
    ];
    for (behind, teacher_may) in behind {
        for keeper in [RegistryKeeper::ClassTeacher, RegistryKeeper::Registrar] {
            let deed =
                Deed::Registry { whose, keeper: &keeper, of_another_role: false, behind: &behind };
            let may = |post| may_do(&[staff(post)], &deed, day(7)).is_ok();
            let is_teachers = keeper == RegistryKeeper::ClassTeacher;
            let leads = Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] };
            assert_eq!(may(leads), is_teachers && teacher_may, "{behind:?}");
            assert_eq!(may(Post::Registrar(SCHOOL)), !is_teachers);
            assert!(may(Post::Administrator(SCHOOL)));
        }
    }
}
