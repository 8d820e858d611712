//! The registry's order, what replaces what, and what hangs on a row that is saved again.

use eschool_core::{
    journal::{Stay, Subgroup, SubgroupMembership},
    people::{Guardianship, Kinship, School, StaffPost},
};

use super::{of, registry_of};
use crate::{
    backend::{
        Access, Backend, BackendError, Changes, RefusedRow, Removed, SchoolClass, StoredAccount,
    },
    testing::{
        fixtures::{
            account, account_id, class, class_id, day, days, guardianship, membership, name,
            person_id, post, refused_row, sample, school, school_id, sealed, stay,
        },
        reading, save,
    },
};

/// A whole school comes back as it was saved.
pub async fn a_registry_is_loaded_as_saved(backend: impl Backend) {
    let changes = sample(1);
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.schools().await.unwrap(), changes.schools);
    assert_eq!(tx.classes(school_id(1)).await.unwrap(), changes.classes);
    assert_eq!(tx.registry(school_id(1)).await.unwrap(), registry_of(&changes));
}

/// Rows of a school's people are taken away by their keys, whatever else is given of them; its other
/// rows stay, and so do those of another school that have the same keys.
pub async fn rows_are_taken_away_by_their_keys(backend: impl Backend) {
    let (here, there) = (sample(1), sample(2));
    save(&backend, &here).await;
    save(&backend, &there).await;
    let mut left = here.clone();
    let (school, mut stay) = left.stays.remove(0);
    stay.to = Some(day("2024-10-10"));
    let (_, mut part) = left.subgroups.remove(0);
    part.subgroup = Subgroup("9".into());
    let (_, mut bond) = left.guardianships.remove(1);
    bond.barred = true;
    let (_, mut post) = left.staff.remove(0);
    post.class_teacher_of = None;
    let unknown = Guardianship { child: account_id(99), ..bond.clone() };
    let removed = Removed {
        stays: vec![(school, stay)],
        subgroups: vec![(school, part)],
        guardianships: vec![(school, unknown), (school, bond)],
        staff: vec![(school, post)],
        ..Removed::default()
    };
    assert_eq!(removed.rows(), 5);
    save(&backend, &Changes { removed, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.registry(school).await.unwrap(), registry_of(&left));
    assert_eq!(tx.registry(school_id(2)).await.unwrap(), registry_of(&there));
}

/// What is taken away and written in the same changes is there.
pub async fn a_row_is_taken_away_before_another_is_written(backend: impl Backend) {
    let school = school_id(1);
    save(&backend, &sample(1)).await;
    let staff = sample(1).staff;
    let removed = Removed { staff: staff.clone(), ..Removed::default() };
    save(&backend, &Changes { removed, staff: staff.clone(), ..Changes::default() }).await;
    let found = reading(&backend).await.registry(school).await.unwrap().staff;
    assert_eq!(of(school, &found), staff);
}

/// Schools by the bytes of their names; those of one name by identifier.
pub async fn schools_stand_by_name(backend: impl Backend) {
    let named = |n, name: &str| School { name: name.into(), ..school(n) };
    let ordered = [
        named(5, "10"),
        named(2, "9"),
        named(7, "Zebra"),
        named(1, "a"),
        named(6, "Лицей"),
        named(8, "Лицей"),
        named(3, "лицей"),
        named(4, "ёлка"),
    ];
    let mut schools = ordered.to_vec();
    schools.reverse();
    save(&backend, &Changes { schools, ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.schools().await.unwrap(), ordered);
}

/// Whatever the order of saving, the order of loading is the one that is documented.
pub async fn a_registry_stands_in_its_order(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    changes.classes = vec![
        SchoolClass { year: 2023, ..class(id, 9, "8А") },
        // Names stand by their bytes, too.
        class(id, 5, "10А"),
        class(id, 1, "7А"),
        class(id, 2, "7Б"),
    ];
    changes.stays = of(
        id,
        &[
            // By first day before class.
            Stay { to: Some(day("2024-12-31")), ..stay(1, 2, "2024-09-02") },
            stay(1, 1, "2025-01-09"),
            stay(2, 1, "2024-09-02"),
            stay(2, 2, "2024-09-02"),
        ],
    );
    let english = |class: u128, from: &str| SubgroupMembership {
        subject: Some("Английский язык".into()),
        ..membership(1, class_id(class), "1", from)
    };
    changes.subgroups = of(
        id,
        &[
            english(2, "2024-09-02"),
            membership(1, class_id(1), "1", "2025-01-09"),
            english(1, "2025-01-09"),
            membership(2, class_id(1), "2", "2024-09-02"),
        ],
    );
    changes.staff = of(id, &[post(21, "Алгебра"), post(21, "Химия"), post(22, "")]);
    changes.accounts.push(account(id, 22, "Берёзкина"));
    changes.refused_rows =
        [("a.csv", 2), ("a.csv", 10), ("б.csv", 1)].map(|(f, n)| refused_row(id, f, n)).into();

    let expected = registry_of(&changes);
    changes.classes.reverse();
    changes.accounts.reverse();
    changes.claims.reverse();
    changes.stays.reverse();
    changes.subgroups.reverse();
    changes.guardianships.reverse();
    changes.staff.reverse();
    changes.refused_rows.reverse();
    save(&backend, &changes).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.registry(id).await.unwrap(), expected);
    assert_eq!(tx.classes(id).await.unwrap(), expected.classes);
}

/// A row with the same key replaces the former, and no other.
pub async fn a_second_save_replaces_rows_of_people(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    save(&backend, &changes).await;

    let renamed = School {
        name: "Гимназия".into(),
        founder: String::new(),
        municipality: "район".into(),
        time_zone: "Asia/Omsk".into(),
        login_prefix: "g1".into(),
        ..school(1)
    };
    let class = SchoolClass { year: 2025, ..class(id, 2, "8Б") };
    let account = StoredAccount {
        person: person_id(77),
        name: name("Новая"),
        birth_date: "31.08.2010".parse().ok(),
        phone: Some(sealed(id, account_id(1), "phone", "+79120000000")),
        ..account(id, 1, "Ёлкина")
    };
    let stay = Stay { to: Some(day("2024-10-01")), ..stay(2, 1, "2024-09-02") };
    let part = SubgroupMembership {
        subgroup: Subgroup("нем.".into()),
        to: Some(day("2024-10-01")),
        ..membership(2, class_id(1), "2", "2024-09-02")
    };
    let bond = Guardianship {
        kinship: Kinship::Guardian,
        until: Some(day("2025-05-31")),
        barred: true,
        ..guardianship(11, 3)
    };
    let post = StaffPost { until: Some(day("2025-06-30")), ..post(21, "Алгебра") };
    let refused = RefusedRow { code: "name_missing".into(), ..refused_row(id, "roditeli.csv", 2) };
    let second = Changes {
        schools: vec![renamed],
        classes: vec![class],
        accounts: vec![account],
        stays: vec![(id, stay)],
        subgroups: vec![(id, part)],
        guardianships: vec![(id, bond)],
        staff: vec![(id, post)],
        refused_rows: vec![refused],
        ..Changes::default()
    };
    save(&backend, &second).await;

    changes.schools.clone_from(&second.schools);
    changes.classes[1] = second.classes[0].clone();
    changes.accounts[0] = second.accounts[0].clone();
    changes.stays[1] = second.stays[0];
    changes.subgroups[1] = second.subgroups[0].clone();
    changes.guardianships[1] = second.guardianships[0].clone();
    changes.staff.clone_from(&second.staff);
    changes.refused_rows.clone_from(&second.refused_rows);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.schools().await.unwrap(), changes.schools);
    assert_eq!(tx.registry(id).await.unwrap(), registry_of(&changes));
}

/// A school, a class, an account that is saved again loses nothing that belongs to it.
pub async fn saving_again_keeps_what_hangs_on_a_row(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let pupil = account_id(1);
    let slice = tx.diary_slice(id, pupil, days("2024-09-01", "2024-09-30")).await.unwrap();
    let journal = tx.class_journal(id, class_id(1)).await.unwrap();
    let frame = tx.frame(id).await.unwrap();
    drop(tx);

    let again = Changes {
        schools: changes.schools.clone(),
        classes: changes.classes.clone(),
        accounts: changes.accounts.clone(),
        claims: changes.claims.clone(),
        lessons: changes.lessons.clone(),
        works: changes.works.clone(),
        ..Changes::default()
    };
    save(&backend, &again).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.registry(id).await.unwrap(), registry_of(&changes));
    assert_eq!(tx.frame(id).await.unwrap(), frame);
    assert_eq!(tx.class_journal(id, class_id(1)).await.unwrap(), journal);
    let loaded = tx.diary_slice(id, pupil, days("2024-09-01", "2024-09-30")).await.unwrap();
    assert_eq!(loaded, slice);
    assert_eq!(tx.school_credentials(id).await.unwrap(), changes.credentials);
    assert_eq!(tx.school_finals(id).await.unwrap().len(), 2);
}

/// No two classes of a school and year have one name; in another year they may.
pub async fn two_classes_of_one_name_are_refused(backend: impl Backend) {
    let id = school_id(1);
    save(&backend, &sample(1)).await;
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let second = Changes { classes: vec![class(id, 3, "7А")], ..Changes::default() };
    assert!(matches!(tx.apply(&second).await, Err(BackendError::Conflict)));
    drop(tx);

    let classes = vec![SchoolClass { year: 2025, ..class(id, 3, "7А") }];
    save(&backend, &Changes { classes, ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.classes(id).await.unwrap().len(), 3);
}

/// No two schools have one login prefix; a school that gives its prefix up leaves it to another.
pub async fn two_schools_of_one_prefix_are_refused(backend: impl Backend) {
    save(&backend, &Changes { schools: vec![school(1)], ..Changes::default() }).await;
    let twin = School { login_prefix: school(1).login_prefix, ..school(2) };
    let second = Changes { schools: vec![twin.clone()], ..Changes::default() };
    let mut tx = backend.begin(Access::Write).await.unwrap();
    assert!(matches!(tx.apply(&second).await, Err(BackendError::Conflict)));
    drop(tx);
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);

    let renamed = School { login_prefix: "other".into(), ..school(1) };
    let schools = vec![renamed.clone(), twin.clone()];
    save(&backend, &Changes { schools, ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [renamed, twin]);
}

/// A settled row is no longer there; others stay, and one that was never refused settles nothing.
pub async fn settled_rows_are_forgotten(backend: impl Backend) {
    let id = school_id(1);
    let rows = [("a.csv", 1), ("a.csv", 2), ("b.csv", 1)].map(|(f, n)| refused_row(id, f, n));
    let elsewhere = refused_row(school_id(2), "a.csv", 2);
    let [first, second, third] = rows;
    let refused_rows = vec![first.clone(), second, third.clone(), elsewhere.clone()];
    let schools = vec![school(1), school(2)];
    save(&backend, &Changes { schools, refused_rows, ..Changes::default() }).await;

    let settled_rows = vec![(id, "a.csv".into(), 2), (id, "никогда.csv".into(), 7)];
    save(&backend, &Changes { settled_rows, ..Changes::default() }).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.registry(id).await.unwrap().refused_rows, [first, third]);
    assert_eq!(tx.registry(school_id(2)).await.unwrap().refused_rows, [elsewhere]);
}
