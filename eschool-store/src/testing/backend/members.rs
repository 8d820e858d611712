//! What an account is in its school.

use eschool_core::{
    journal::Stay,
    people::{Guardianship, Kinship, StaffPost},
};

use super::of;
use crate::{
    backend::{Backend, Changes, Child, Member, StoredAccount},
    testing::{
        fixtures::{
            account, account_id, class, class_id, day, guardianship, known_account, post, school,
            school_id, stay,
        },
        reading, save,
    },
};

/// A pupil with stays, a parent with children, a teacher with posts, somebody who is nothing.
pub async fn members_are_loaded_with_all_they_are(backend: impl Backend) {
    let id = school_id(1);
    let changes = people();
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;

    let [first, second] = stays();
    let pupil = one(&mut *tx, 1).await;
    assert_eq!(
        pupil,
        Member { stays: vec![first, second], ..nothing(changes_account(&changes, 1)) }
    );

    let teacher = one(&mut *tx, 21).await;
    let posts = vec![leads(), post(21, "Алгебра"), post(21, "Химия")];
    assert_eq!(teacher, Member { posts, ..nothing(changes_account(&changes, 21)) });

    let nobody = one(&mut *tx, 31).await;
    assert_eq!(nobody, nothing(changes_account(&changes, 31)));
    assert_eq!(tx.members(&[]).await.unwrap(), []);
    assert_eq!(tx.members(&[(id, account_id(404))]).await.unwrap(), []);
}

/// Every bond, ended or barred too, by child, each with the child's birth date and stays.
pub async fn children_come_with_birth_date_and_stays(backend: impl Backend) {
    let changes = people();
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;

    let [ended, barred, plain] = bonds();
    let born = "31.08.2010".parse().ok();
    let parent = one(&mut *tx, 11).await;
    let child = |guardianship, birth_date, stays| Child { guardianship, birth_date, stays };
    let children = vec![
        child(ended, born, stays().to_vec()),
        child(barred, None, vec![stay(2, 1, "2024-09-02")]),
        child(plain, None, Vec::new()),
    ];
    assert_eq!(parent, Member { children, ..nothing(changes_account(&changes, 11)) });

    // The child's other parent has the same child.
    let other = one(&mut *tx, 12).await;
    assert_eq!(other.children, [child(guardianship(12, 1), born, stays().to_vec())]);
}

/// Several at once, of several schools, in the order they are asked for; unknown ones are left out.
pub async fn several_members_come_as_they_are_asked_for(backend: impl Backend) {
    let (here, there) = (school_id(1), school_id(2));
    let mut changes = people();
    changes.schools.push(school(2));
    changes.classes.push(class(there, 1, "5А"));
    let namesake = account(there, 1, "Чужая");
    changes.accounts.push(namesake.clone());
    changes.stays.push((there, stay(1, 1, "2020-09-01")));
    save(&backend, &changes).await;

    let asked = [(here, 21), (there, 404), (there, 1), (here, 404), (here, 1), (there, 21)]
        .map(|(school, n)| (school, account_id(n)));
    let members = reading(&backend).await.members(&asked).await.unwrap();
    let found: Vec<_> =
        members.iter().map(|member| (member.account.school, member.account.id)).collect();
    assert_eq!(found, [(here, account_id(21)), (there, account_id(1)), (here, account_id(1))]);
    let elsewhere = Member { stays: vec![stay(1, 1, "2020-09-01")], ..nothing(namesake) };
    assert_eq!(members[1], elsewhere);
    assert_eq!(members[2].stays, stays());
}

/// Pupils 1 to 3, parents 11 and 12, teacher 21, and 31 who is nothing.
fn people() -> Changes {
    let id = school_id(1);
    let (parent, claims) = known_account(id, 11, "Ёлкина");
    let born =
        StoredAccount { birth_date: "31.08.2010".parse().ok(), ..account(id, 1, "Ёлкина") };
    let mut accounts = vec![born, parent];
    accounts.extend([2, 3, 12, 21, 31].map(|n| account(id, n, "Соснова")));
    let mut guardianships = bonds().to_vec();
    guardianships.push(guardianship(12, 1));
    guardianships.reverse();
    let [first, second] = stays();
    Changes {
        schools: vec![school(1)],
        classes: vec![class(id, 1, "7А"), class(id, 2, "7Б")],
        accounts,
        claims,
        stays: of(id, &[second, first, stay(2, 1, "2024-09-02")]),
        guardianships: of(id, &guardianships),
        staff: of(id, &[post(21, "Химия"), leads(), post(21, "Алгебра")]),
        ..Changes::default()
    }
}

/// Pupil 1 left 7Б for 7А, so that days and classes stand in opposite orders.
fn stays() -> [Stay; 2] {
    [Stay { to: Some(day("2024-12-31")), ..stay(1, 2, "2024-09-02") }, stay(1, 1, "2025-01-09")]
}

/// The bonds of parent 11.
fn bonds() -> [Guardianship; 3] {
    [
        Guardianship {
            from: Some(day("2020-01-01")),
            until: Some(day("2021-01-01")),
            kinship: Kinship::Guardian,
            ..guardianship(11, 1)
        },
        Guardianship { barred: true, legal_representative: Some(false), ..guardianship(11, 2) },
        guardianship(11, 3),
    ]
}

/// Leads 7А and teaches nothing in it.
fn leads() -> StaffPost {
    StaffPost {
        class_teacher_of: Some(class_id(1)),
        until: Some(day("2025-06-30")),
        ..post(21, "")
    }
}

fn changes_account(changes: &Changes, n: u128) -> StoredAccount {
    changes.accounts.iter().find(|account| account.id == account_id(n)).cloned().unwrap()
}

/// An account that is nothing in its school.
fn nothing(account: StoredAccount) -> Member {
    Member {
        account,
        stays: Vec::new(),
        children: Vec::new(),
        posts: Vec::new(),
        duties: Vec::new(),
    }
}

async fn one(tx: &mut dyn crate::backend::Tx, n: u128) -> Member {
    let mut members = tx.members(&[(school_id(1), account_id(n))]).await.unwrap();
    assert_eq!(members.len(), 1);
    members.remove(0)
}
