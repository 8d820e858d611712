//! What a session opens, and what a parent reads of it.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    people::{Duty, Guardianship},
    policy::SignInPolicy,
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, TEACHER, bond},
};
use crate::{
    backend::{Backend, Changes, DutyRow},
    testing::{
        fixtures::{account_id, day, school_id},
        save,
    },
};

/// A parent sees the children of every school, with class, name and how long.
pub async fn a_parent_sees_the_children(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await;
    let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    let overviews = harness.store.overview(&session).await.unwrap();
    let [here, there] = &overviews[..] else { panic!("two schools") };
    assert_eq!((here.school.id, here.account), (school_id(1), MOTHER.id()));
    assert_eq!((there.school.name.as_str(), there.account), ("Школа № 9", MOTHER_THERE.id()));
    assert_eq!(here.name.given(), "Мария");
    assert_eq!(here.today, day("2024-09-02"));
    assert!(here.is_open && there.is_open && !here.is_pupil && here.class.is_none());
    assert_eq!(here.staff, None);
    let children: Vec<_> = [here, there]
        .into_iter()
        .flat_map(|overview| &overview.children)
        .map(|child| {
            let class = child.class.as_ref().unwrap().to_string();
            (child.account, child.name.given(), class, child.until)
        })
        .collect();
    let left = Some(day("2024-10-10"));
    assert_eq!(
        children,
        [
            (account_id(1), "Анна", "8А".into(), None),
            (account_id(2), "Алла", "8А".into(), left),
            (account_id(4), "Иван", "3Б".into(), None),
        ]
    );
}

/// A child is shown while its diary may be read, and the diary may be read while it is shown.
pub async fn children_are_shown_while_their_diaries_may_be_read(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let (school, of_anna) = bond(FATHER, 1);
    let bonds = [
        (school, Guardianship { barred: true, ..of_anna.clone() }),
        (school, Guardianship { child: account_id(2), ..of_anna }),
    ];
    let guardianships = bonds.to_vec();
    save(&backend, &Changes { guardianships, ..Changes::default() }).await;
    let session = harness.store.sign_in_with_esia(FATHER.in_esia()).await.unwrap().session;
    for (now, shown, refused) in [
        ("2024-10-10T20:59:59Z", vec![2, 3], vec![(1, "access_barred")]),
        ("2024-10-10T21:00:00Z", vec![3], vec![(1, "access_barred"), (2, "guardianship_ended")]),
        ("2024-12-31T20:59:59Z", vec![3], vec![(4, "not_yours")]),
        ("2024-12-31T21:00:00Z", vec![], vec![(3, "guardianship_ended")]),
    ] {
        harness.clock.set(now);
        // However long the session is kept.
        let overviews = harness.store.overview(&session).await.unwrap();
        let children: Vec<_> = overviews[0].children.iter().map(|c| c.account).collect();
        assert_eq!(children, shown.iter().copied().map(account_id).collect::<Vec<_>>(), "{now}");
        for child in shown {
            let week = harness.store.week(&session, school, account_id(child), None).await;
            assert_eq!(week.unwrap().0.account, account_id(child), "{now}");
        }
        for (child, code) in refused {
            let week = harness.store.week(&session, school, account_id(child), None).await;
            assert_eq!(week.unwrap_err().code(), code, "{now} {child}");
        }
    }
}

/// A bar of another account that the adult has in the school holds too, also of one that the sign-in
/// granted nothing.
pub async fn a_bar_holds_in_every_account_of_the_adult(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let before = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    let second = Known { account: 14, snils: "", phone: "", born: "", ..MOTHER };
    let (school, of_anna) = bond(second, 1);
    let mut changes = Changes::default();
    second.save(&mut changes);
    changes.guardianships = vec![(school, Guardianship { barred: true, ..of_anna })];
    save(&backend, &changes).await;
    let after = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    for session in [before, after] {
        let overviews = harness.store.overview(&session).await.unwrap();
        let here = overviews.iter().find(|overview| overview.school.id == school).unwrap();
        let children: Vec<_> = here.children.iter().map(|child| child.account).collect();
        assert_eq!(children, [account_id(2)]);
        let week = async |child| {
            let week = harness.store.week(&session, school, account_id(child), None).await;
            week.map(|_| ()).map_err(|error| error.code())
        };
        assert_eq!(week(1).await, Err("access_barred"));
        assert_eq!(week(2).await, Ok(()));
    }
}

/// A teacher sees the classes led, the subjects and the duties, while the posts last.
pub async fn a_teacher_sees_classes_and_subjects(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let session = harness.store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap().session;
    let seen = async || harness.store.overview(&session).await.unwrap().remove(0);
    let overview = seen().await;
    let staff = overview.staff.unwrap();
    assert_eq!(staff.class_teacher_of, ["8А".parse().unwrap()]);
    assert_eq!(staff.subjects, ["Алгебра"]);
    assert_eq!(staff.duties, []);
    assert_eq!(overview.children[0].name.given(), "Олег");

    let (school, mut post) = super::families::families().staff.remove(0);
    post.until = Some(day("2024-09-01"));
    let since = day("2024-09-02");
    let duty = DutyRow { account: TEACHER.id(), duty: Duty::Administrator, since };
    let staff = vec![(school, post)];
    save(&backend, &Changes { staff: staff.clone(), ..Changes::default() }).await;
    assert_eq!(seen().await.staff, None, "the post is over");
    let duties = vec![(school, duty)];
    save(&backend, &Changes { duties, ..Changes::default() }).await;
    let staff = seen().await.staff.unwrap();
    assert_eq!(staff.duties, [Duty::Administrator]);
    assert!(staff.class_teacher_of.is_empty() && staff.subjects.is_empty());
}

/// A pupil is one, with a class, until the last day; what a sign-in did not grant is not shown.
pub async fn a_pupil_sees_the_own_class_alone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let card = harness.cards().await.remove(0);
    let signed_in = harness.sign_in(card.login.as_str(), &card.password, "192.0.2.10").await;
    let session = signed_in.unwrap().session;
    // Were the pupil somebody's parent or staff too, a card's password would not show it.
    let (school, post) = super::families::families().staff.remove(0);
    let post = eschool_core::people::StaffPost { account: account_id(2), ..post };
    let (_, parents) = bond(MOTHER, 1);
    let parents = Guardianship { parent: account_id(2), ..parents };
    let changes = Changes {
        staff: vec![(school, post)],
        guardianships: vec![(school, parents)],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    for (now, is_pupil, class) in
        [("2024-10-10T20:59:59Z", true, Some("8А")), ("2024-10-10T21:00:00Z", false, None)]
    {
        harness.clock.set(now);
        let overview = harness.store.overview(&session).await.unwrap().remove(0);
        assert_eq!(overview.account, account_id(2));
        assert_eq!(overview.is_pupil, is_pupil);
        assert_eq!(overview.class.map(|class| class.to_string()).as_deref(), class);
        assert_eq!((overview.children, overview.staff), (Vec::new(), None));
    }
}
