//! Every row of people comes back as it was saved.

use eschool_core::{
    identity::{FullName, Patronymic},
    journal::{Stay, Subgroup, SubgroupMembership},
    people::{Guardianship, Kinship, School, StaffPost},
};

use super::of;
use crate::{
    backend::{Backend, Changes, RefusedRow, SchoolClass, StoredAccount},
    testing::{
        fixtures::{
            EXTREME_DAYS, account, account_id, class, class_id, day, guardianship, known_account,
            membership, post, refused_row, school, school_id, sealed, stay, unusual_texts,
        },
        reading, save,
    },
};

/// Every text of a school.
pub async fn schools_are_loaded_as_saved(backend: impl Backend) {
    let mut schools: Vec<School> = (1..)
        .zip(unusual_texts())
        .map(|(n, text)| School {
            id: school_id(n),
            name: text.clone(),
            founder: text.clone(),
            municipality: text.clone(),
            time_zone: text.clone(),
            login_prefix: format!("{text}{n}"),
        })
        .collect();
    let empty = String::new;
    schools.push(School { name: empty(), founder: empty(), municipality: empty(), ..school(99) });
    save(&backend, &Changes { schools: schools.clone(), ..Changes::default() }).await;

    schools.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(reading(&backend).await.schools().await.unwrap(), schools);
}

/// Names with and without a letter, any year.
pub async fn classes_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let classes = vec![
        SchoolClass { year: 1, ..class(id, 1, "1") },
        class(id, 2, "10 ИТ"),
        class(id, 3, "11Ё"),
        class(id, 4, "5 КАДЕТ"),
        SchoolClass { year: 9999, ..class(id, 5, "12А") },
    ];
    let changes =
        Changes { schools: vec![school(1)], classes: classes.clone(), ..Changes::default() };
    save(&backend, &changes).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.classes(id).await.unwrap(), classes);
    assert_eq!(tx.registry(id).await.unwrap().classes, classes);
}

/// Each optional field alone, none and all; the three kinds of patronymic; sealed values that still
/// open in their place.
pub async fn accounts_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let named = |n, family: &str, given: &str, patronymic| StoredAccount {
        name: FullName::new(family, given, patronymic).unwrap(),
        ..account(id, n, "Ёлкина")
    };
    let (full, claims) = known_account(id, 6, "Соснова");
    let accounts = vec![
        account(id, 1, "Ёлкина"),
        StoredAccount { birth_date: "01.01.1900".parse().ok(), ..account(id, 2, "Ёлкина") },
        StoredAccount { snils: full.snils.clone(), ..account(id, 3, "Ёлкина") },
        StoredAccount { phone: full.phone.clone(), ..account(id, 4, "Ёлкина") },
        StoredAccount { email: full.email.clone(), ..account(id, 5, "Ёлкина") },
        full.clone(),
        named(7, "О’Нил-Ёлкина", "Анна Мария", None),
        named(8, "ван дер Ваальс", "Ян", Some("-")),
        named(9, &"Ё".repeat(100), &"ё".repeat(100), Some(&"Й".repeat(100))),
        StoredAccount { birth_date: "31.12.2999".parse().ok(), ..account(id, 10, "Ёлкина") },
        StoredAccount {
            email: Some(sealed(id, account_id(11), "email", &unusual_texts().concat())),
            ..account(id, 11, "Ёлкина")
        },
    ];
    let changes = Changes {
        schools: vec![school(1)],
        accounts: accounts.clone(),
        claims,
        ..Changes::default()
    };
    save(&backend, &changes).await;

    let loaded = reading(&backend).await.registry(id).await.unwrap().accounts;
    // Debug hides names: say which.
    for (loaded, saved) in loaded.iter().zip(&accounts) {
        assert_eq!(loaded.name.to_string(), saved.name.to_string());
    }
    assert_eq!(loaded, accounts);
}

/// Forms of patronymic that no version knows, and a patronymic that is spelled like the word for
/// none: kept as they came, wherever a name is loaded.
pub async fn a_patronymic_of_another_form_is_kept(backend: impl Backend) {
    let id = school(1).id;
    let from_wire = |n, patronymic: serde_json::Value| StoredAccount {
        name: serde_json::from_value(serde_json::json!({
            "family": "Ёлкина", "given": "Анна", "patronymic": patronymic,
        }))
        .unwrap(),
        ..account(id, n, "Ёлкина")
    };
    let forms = ["not_asked".into(), "_".into(), "null".into(), "x".repeat(32)];
    let mut accounts: Vec<StoredAccount> =
        (1..).zip(&forms).map(|(n, form)| from_wire(n, form.as_str().into())).collect();
    for (account, form) in accounts.iter().zip(forms) {
        assert_eq!(account.name.patronymic(), &Patronymic::Unknown(form));
    }
    let spelled = from_wire(99, serde_json::json!({ "given": "Нет" }));
    assert_eq!(spelled.name.patronymic(), &Patronymic::Given("Нет".into()));
    accounts.push(spelled);
    let changes =
        Changes { schools: vec![school(1)], accounts: accounts.clone(), ..Changes::default() };
    save(&backend, &changes).await;

    let mut tx = reading(&backend).await;
    let loaded = tx.registry(id).await.unwrap().accounts;
    assert_eq!(loaded.len(), accounts.len());
    for (loaded, saved) in loaded.iter().zip(&accounts) {
        assert_eq!(loaded.name, saved.name, "{}", saved.id);
        let cover = tx.cover(id, saved.id, None).await.unwrap().unwrap();
        assert_eq!(cover.name, saved.name, "{}", saved.id);
        let member = tx.members(&[(id, saved.id)]).await.unwrap().remove(0);
        assert_eq!(member.account.name, saved.name, "{}", saved.id);
    }
}

/// Stays that ended and that go on, on the earliest and the latest day.
pub async fn stays_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let [earliest, latest] = EXTREME_DAYS;
    let stays = vec![
        Stay { from: earliest, to: Some(earliest), ..stay(1, 1, "2024-09-02") },
        Stay { to: Some(day("2024-12-31")), ..stay(1, 2, "2024-09-02") },
        stay(1, 1, "2025-01-09"),
        Stay { to: Some(latest), ..stay(2, 1, "2024-09-02") },
        Stay { from: latest, ..stay(2, 1, "2024-09-02") },
    ];
    save(&backend, &Changes { stays: of(id, &stays), ..people() }).await;
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().stays, stays);
}

/// For every subject and for one, with unusual names of subject and part.
pub async fn memberships_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let [earliest, latest] = EXTREME_DAYS;
    let plain = membership(1, class_id(1), "1", "2024-09-02");
    let mut memberships = vec![
        SubgroupMembership { from: earliest, to: Some(latest), ..plain.clone() },
        plain.clone(),
    ];
    let mut texts = unusual_texts();
    texts.sort();
    memberships.extend(texts.into_iter().map(|text| SubgroupMembership {
        subject: Some(text.clone()),
        subgroup: Subgroup(text),
        to: Some(day("2024-12-31")),
        ..plain.clone()
    }));
    save(&backend, &Changes { subgroups: of(id, &memberships), ..people() }).await;
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().subgroups, memberships);
}

/// Every kinship and one that no version knows; validity; barred or not.
pub async fn guardianships_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let kinships = Kinship::KNOWN
        .iter()
        .cloned()
        .chain(unusual_texts().into_iter().map(|text| Kinship::from(text.as_str())));
    let [earliest, latest] = EXTREME_DAYS;
    let mut bonds: Vec<Guardianship> = (100..)
        .zip(kinships)
        .map(|(child, kinship)| Guardianship {
            kinship,
            barred: child % 2 == 0,
            ..guardianship(11, child)
        })
        .collect();
    bonds.extend([
        Guardianship { from: Some(earliest), ..guardianship(12, 1) },
        Guardianship { until: Some(latest), ..guardianship(12, 2) },
        Guardianship { from: Some(latest), until: Some(earliest), ..guardianship(12, 3) },
    ]);
    let children =
        bonds.iter().map(|bond| StoredAccount { id: bond.child, ..account(id, 1, "Ёлкина") });
    let mut changes = people();
    changes.accounts.extend(children.filter(|child| child.id > account_id(99)));
    changes.guardianships = of(id, &bonds);
    save(&backend, &changes).await;
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().guardianships, bonds);
}

/// A class teacher who teaches nothing, subjects with unusual names, a last day.
pub async fn posts_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let mut posts = vec![StaffPost { class_teacher_of: Some(class_id(1)), ..post(21, "") }];
    let mut subjects = unusual_texts();
    subjects.sort();
    posts.extend(subjects.iter().map(|subject| post(21, subject)));
    posts.push(StaffPost {
        class_teacher_of: Some(class_id(2)),
        until: Some(EXTREME_DAYS[1]),
        ..post(22, "Химия")
    });
    save(&backend, &Changes { staff: of(id, &posts), ..people() }).await;
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().staff, posts);
}

/// Names of files and columns, the greatest line, a sealed row.
pub async fn refused_rows_are_loaded_as_saved(backend: impl Backend) {
    let id = school(1).id;
    let mut texts = unusual_texts();
    texts.sort();
    let mut rows: Vec<RefusedRow> = texts
        .into_iter()
        .map(|text| RefusedRow {
            column: text.clone(),
            code: text.clone(),
            ..refused_row(id, &text, u32::MAX)
        })
        .collect();
    let whole_row = RefusedRow { column: String::new(), ..refused_row(id, "", 0) };
    rows.insert(0, whole_row);
    let changes =
        Changes { schools: vec![school(1)], refused_rows: rows.clone(), ..Changes::default() };
    save(&backend, &changes).await;
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().refused_rows, rows);
}

/// A school with two classes, pupils 1 to 3, parents 11 and 12, teachers 21 and 22.
fn people() -> Changes {
    let id = school(1).id;
    let accounts = [1, 2, 3, 11, 12, 21, 22].map(|n| account(id, n, "Ёлкина"));
    Changes {
        schools: vec![school(1)],
        classes: vec![class(id, 1, "7А"), class(id, 2, "7Б")],
        accounts: accounts.into(),
        ..Changes::default()
    }
}
