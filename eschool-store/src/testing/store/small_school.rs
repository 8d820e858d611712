//! The small school of the use cases: one class, three pupils.

use eschool_core::{identity::FullName, journal::Stay, people::School};

use crate::{
    backend::{Changes, SchoolClass, StoredAccount},
    testing::fixtures::{account_id, class_id, day, person_id, school_id},
};

/// The school with its class and pupils.
#[must_use]
pub(super) fn small_school() -> Changes {
    let (school, class) = (school_id(1), class_id(8));
    let pupils = [
        (1, "Ёлкина", "Анна", "31.08.2010", None),
        (2, "Ёлкина", "Алла", "05.03.2011", Some("2024-10-10")),
        (3, "Пихта", "Олег", "01.01.2010", None),
    ];
    Changes {
        schools: vec![School {
            id: school,
            name: "Школа № 7".into(),
            founder: "Управление образования".into(),
            municipality: "городской округ".into(),
            time_zone: "Europe/Moscow".into(),
            login_prefix: "s7".into(),
        }],
        classes: vec![SchoolClass { id: class, school, year: 2024, name: "8А".parse().unwrap() }],
        accounts: pupils
            .iter()
            .map(|(n, family, given, born, _)| StoredAccount {
                id: account_id(*n),
                school,
                person: person_id(*n),
                name: FullName::new(family, given, None).unwrap(),
                birth_date: born.parse().ok(),
                snils: None,
                phone: None,
                email: None,
            })
            .collect(),
        stays: pupils
            .iter()
            .map(|(n, _, _, _, until)| {
                let pupil = account_id(*n);
                (school, Stay { pupil, class, from: day("2024-09-01"), to: until.map(day) })
            })
            .collect(),
        ..Changes::default()
    }
}
