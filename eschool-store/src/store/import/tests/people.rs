//! Who is who, and whose.

use eschool_core::{
    identity::{FullName, Patronymic},
    journal::{Stay, SubgroupMembership},
    people::{Discrepancy, Kinship, MandatoryField},
};

use super::*;
use crate::{
    backend::Changes,
    exchange::{Differing, Incomplete},
    secret::ClaimKind,
    testing::save,
};

const ANNA: &str = "Ёлкина Анна Олеговна;7А";
const PETER: &str = "Сосна Пётр Ильич;7А";

async fn import(texts: &Texts) -> (Installation, ImportReport) {
    let installation = Installation::new();
    let report = installation.import(texts).await;
    changes_nothing_again(&installation, texts, &report).await;
    (installation, report)
}

#[tokio::test]
async fn a_parent_of_two_children_is_one_account() {
    let number = snils(10);
    let texts = Texts::new().with(
        "parents.csv",
        &[
            &format!("Ёлкина;Яна;Львовна;01.01.1985;9123456789;{number};мать;{ANNA}"),
            &format!("ЕЛКИНА;Янa;Львовна;01.01.1985;+79123456789;{number};;{PETER}"),
        ],
    );
    let (installation, report) = import(&texts).await;
    assert_eq!((report.accounts_created, report.families_with_several_children), (1, 1));
    assert_eq!(report.latin_look_alikes, [3]);
    assert_eq!(report.several_children[0].parent_line, 2);
    assert_eq!(
        report.several_children[0].children,
        ["Ёлкина Анна Олеговна, 7А", "Сосна Пётр Ильич, 7А"]
    );
    let registry = installation.registry(&report).await;
    let mut kinships: Vec<_> = registry.guardianships.into_iter().map(|b| b.kinship).collect();
    kinships.sort();
    assert_eq!(kinships, [Kinship::Mother, Kinship::Unknown(String::new())]);
    let claims = registry.claims.iter().filter(|claim| claim.kind == ClaimKind::Phone).count();
    assert_eq!(claims, 1);
}

#[tokio::test]
async fn what_stood_first_stays_and_what_was_missing_is_filled() {
    let number = snils(10);
    let texts = Texts::new().with(
        "parents.csv",
        &[
            &format!("Сосна;Яна;;01.01.1985;;{number};мать;{ANNA}"),
            &format!("Сосна;Яна;Львовна;02.01.1985;9123456789, 9123456780;{number};;{ANNA}"),
            &format!("Дуб;Яна;Львовна;01.01.1985;9123456780;{number};;{ANNA}"),
            &format!("Клён;Яна;Львовна;03.01.1985;;{number};;{ANNA}"),
        ],
    );
    let (installation, report) = import(&texts).await;
    let differing = |line, field| Differing { line, field };
    assert_eq!(
        report.discrepancies,
        [
            differing(3, Discrepancy::BirthDate),
            differing(3, Discrepancy::Phone),
            differing(4, Discrepancy::Name),
            differing(4, Discrepancy::Phone),
        ]
    );
    let conflicts: Vec<_> = report.conflicts.iter().map(|row| (row.line, row.code)).collect();
    assert_eq!(conflicts, [(5, "snils_conflict")]);
    let missing = |line, missing| Incomplete { line, missing };
    assert_eq!(
        report.incomplete,
        [missing(2, MandatoryField::Patronymic), missing(2, MandatoryField::Phone),]
    );
    let accounts = installation.accounts(&report).await;
    let parent = accounts.iter().find(|account| account.name.given() == "Яна").unwrap();
    assert_eq!(parent.name.to_string(), "Сосна Яна Львовна");
    assert_eq!(parent.birth_date.unwrap().date(), day("1985-01-01"));
    assert_eq!(parent.phone.unwrap().to_string(), "+79123456789");
    assert_eq!(accounts.len(), 3);
}

#[tokio::test]
async fn a_patronymic_of_another_form_is_filled_as_a_missing_one() {
    let texts = |patronymic: &str| {
        let parent = format!("Сосна;Яна;{patronymic};01.01.1985;;{};мать;{ANNA}", snils(10));
        Texts::new().with("parents.csv", &[&parent])
    };
    let (installation, report) = import(&texts("")).await;
    let Registry { mut accounts, mut claims, .. } = installation.registry(&report).await;
    accounts.retain(|account| account.name.given() == "Яна");
    claims.retain(|claim| claim.account == accounts[0].id);
    let newer = Patronymic::Unknown("not_asked".into());
    accounts[0].name = FullName::of_parts("Сосна", "Яна", newer.clone()).unwrap();
    save(&installation.backend, &Changes { accounts, claims, ..Changes::default() }).await;

    for (imported, expected) in [("", newer), ("Львовна", Patronymic::Given("Львовна".into()))]
    {
        installation.import(&texts(imported)).await;
        let accounts = installation.accounts(&report).await;
        let parent = accounts.iter().find(|account| account.name.given() == "Яна").unwrap();
        assert_eq!(parent.name.patronymic(), &expected, "{imported}");
    }
}

#[tokio::test]
async fn a_name_alone_joins_nobody_but_the_parent_of_the_same_child() {
    let texts = Texts::new().with(
        "parents.csv",
        &[
            &format!("Дуб;Яков;;;9123456701;;отец;{ANNA}"),
            &format!("Дуб;Яков;;;9123456702;;отец;{PETER}"),
            &format!("Дуб;Яков;Ильич;01.01.1985;;;;{ANNA}"),
            &format!("Дуб;Яков;Ильич;01.01.1985;;;;{PETER}"),
        ],
    );
    let (installation, report) = import(&texts).await;
    assert_eq!(report.accounts_created, 2);
    let registry = installation.registry(&report).await;
    assert_eq!(registry.guardianships.len(), 2);
    assert_eq!(registry.accounts.len(), 4);
}

#[tokio::test]
async fn without_a_number_name_and_birth_date_are_the_person() {
    let texts = Texts::new().with(
        "parents.csv",
        &[
            &format!("Дуб;Яков;Ильич;01.01.1985;;;отец;{ANNA}"),
            &format!("Дуб;Яков;Ильич;01.01.1985;;{};отец;{PETER}", snils(10)),
            &format!("Дуб;Яков;Ильич;01.01.1985;;{};отец;{PETER}", snils(11)),
        ],
    );
    let (installation, report) = import(&texts).await;
    assert_eq!(report.accounts_created, 2);
    assert_eq!(installation.registry(&report).await.guardianships.len(), 3);
}

#[tokio::test]
async fn a_shared_phone_is_told_by_the_lines_of_its_first_use() {
    let phone = "8 912 345-67-89";
    let texts = Texts::new()
        .with(
            "parents.csv",
            &[
                &format!("Дуб;Яков;Ильич;01.01.1985;;{};отец;{ANNA}", snils(10)),
                &format!("Дуб;Яков;Ильич;01.01.1985;{phone};{};отец;{PETER}", snils(10)),
                &format!("Дуб;Яна;Львовна;01.01.1986;{phone};{};мать;{ANNA}", snils(11)),
                &format!("Дуб;Яна;Львовна;01.01.1986;{phone};{};мать;{PETER}", snils(11)),
                &format!("Клён;Ян;-;01.01.1987;9123456780;{};;{PETER}", snils(12)),
            ],
        )
        .with("staff.csv", &[&format!("Граб;Лев;-;;9123456780;{};Химия;", snils(13))]);
    let (installation, report) = import(&texts).await;
    // A member of staff holds the second number: the parent's line is enough to find it.
    assert_eq!(report.shared_phones, [vec![3, 4], vec![6]]);
    let noted = async || {
        let mut tx = crate::testing::reading(&installation.backend).await;
        tx.shared_phones_after(None, u32::MAX).await.unwrap()
    };
    let before = noted().await;
    assert_eq!(before.len(), 2);
    let again = installation.import(&texts).await;
    assert_eq!((again.changed, noted().await), (0, before));
}

#[tokio::test]
async fn a_pupil_who_changes_class_has_two_stays_with_their_parts() {
    let texts = Texts::new().with(
        "pupils.csv",
        &[
            &format!(
                "7Б;Дуб;Олег;Ильич;01.01.2011;{};a@example.org;01.09.2024;18.09.2024;1",
                snils(10)
            ),
            &format!("7А;Дуб;Олег;Ильич;01.01.2011;{};;19.09.2024;;2", snils(10)),
        ],
    );
    let (installation, report) = import(&texts).await;
    assert_eq!((report.counts.pupils, report.counts.pupil_rows), (3, 4));
    assert_eq!(report.counts.classes, 2);
    let registry = installation.registry(&report).await;
    let accounts = installation.accounts(&report).await;
    let pupil = accounts.iter().find(|account| account.name.family() == "Дуб").unwrap();
    assert_eq!(pupil.email.as_ref().unwrap().to_string(), "a@example.org");
    let pupil = pupil.id;
    let (a, b) = (installation.class(&report, "7А").await, installation.class(&report, "7Б").await);
    let stays: Vec<_> = registry.stays.into_iter().filter(|stay| stay.pupil == pupil).collect();
    assert_eq!(
        stays,
        [
            Stay { pupil, class: b, from: day("2024-09-01"), to: Some(day("2024-09-18")) },
            Stay { pupil, class: a, from: day("2024-09-19"), to: None },
        ]
    );
    let parts: Vec<_> = registry.subgroups.into_iter().filter(|p| p.pupil == pupil).collect();
    let part = |stay: &Stay, name: &str| SubgroupMembership {
        pupil,
        class: stay.class,
        subject: None,
        subgroup: eschool_core::journal::Subgroup(name.into()),
        from: stay.from,
        to: stay.to,
    };
    assert_eq!(parts, [part(&stays[0], "1"), part(&stays[1], "2")]);
    assert!(registry.classes.iter().all(|class| class.year == 2024));

    // The pupil leaves: the stay and the part end.
    let left = texts.replaced("pupils.csv", "19.09.2024;;", "19.09.2024;20.12.2024;");
    assert_eq!(installation.import(&left).await.changed, 2);
}

#[tokio::test]
async fn staff_and_parents_share_accounts_and_posts_are_rows() {
    let number = snils(10);
    let texts = Texts::new()
        .with(
            "parents.csv",
            &[&format!("Дуб;Яна;Львовна;01.01.1985;9123456789;{number};мать;{ANNA}")],
        )
        .with(
            "staff.csv",
            &[
                &format!("Дуб;Яна;Львовна;01.01.1985;9123456789;{number};Химия;7А"),
                &format!("Дуб;Яна;Львовна;01.01.1985;9123456789;{number};Физика;"),
                "Граб;Лев;-;;;;;",
            ],
        );
    let (installation, report) = import(&texts).await;
    assert_eq!(report.accounts_created, 1);
    let registry = installation.registry(&report).await;
    assert_eq!((registry.accounts.len(), registry.staff.len()), (4, 3));
    let class = installation.class(&report, "7А").await;
    let led: Vec<_> = registry.staff.iter().filter_map(|post| post.class_teacher_of).collect();
    assert_eq!(led, [class]);
}

#[tokio::test]
async fn a_bond_keeps_what_a_file_does_not_know() {
    let texts =
        Texts::new().with("parents.csv", &[&format!("Дуб;Яна;Львовна;01.01.1985;;;мать;{ANNA}")]);
    let (installation, report) = import(&texts).await;
    let mut bond = installation.registry(&report).await.guardianships.remove(0);
    bond.barred = true;
    bond.until = Some(day("2025-05-31"));
    let changes = crate::backend::Changes {
        guardianships: vec![(report.school, bond.clone())],
        ..Default::default()
    };
    crate::testing::save(&installation.backend, &changes).await;
    assert_eq!(installation.import(&texts).await.changed, 0);
    let other = texts.replaced("parents.csv", "мать", "опекун");
    assert_eq!(installation.import(&other).await.changed, 1);
    let now = installation.registry(&report).await.guardianships.remove(0);
    assert_eq!(now, eschool_core::people::Guardianship { kinship: Kinship::Guardian, ..bond });
}

#[tokio::test]
async fn a_school_is_found_by_its_name_and_keeps_its_prefix() {
    let (installation, report) = import(&Texts::new()).await;
    let schools = installation.store.schools().await.unwrap();
    assert_eq!((schools.len(), schools[0].login_prefix.as_str()), (1, "s27"));
    assert_eq!(schools[0].time_zone, "Europe/Samara");
    let mut moved = Texts::new();
    moved.put("school.csv", &["Наименование;Учредитель", "Школа № 27;Другой учредитель"]);
    let again = installation.import(&moved).await;
    assert_eq!((again.school, again.changed), (report.school, 1));
    let school = installation.store.schools().await.unwrap().remove(0);
    assert_eq!((school.founder.as_str(), school.id), ("Другой учредитель", report.school));
    assert_eq!(school.time_zone, "Europe/Samara");

    let audit = installation.store.audit(10).await.unwrap();
    assert_eq!(audit.len(), 2);
    assert!(
        audit.iter().all(|entry| entry.action == "import" && entry.school == Some(report.school))
    );
}
