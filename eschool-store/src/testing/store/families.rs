//! Families and staff around the small school, and how ЕСИА sees them.

use eschool_core::{
    id::{AccountId, SchoolId},
    identity::{FullName, MobilePhone, Snils},
    journal::Stay,
    people::{Guardianship, Kinship, School, StaffPost},
    signin::{Assurance, EsiaPerson},
};

use super::small_school::small_school;
use crate::{
    backend::{Changes, SchoolClass, StoredAccount},
    secret::ClaimKind,
    testing::fixtures::{account_id, claim, class_id, day, person_id, school_id, sealed},
};

/// Somebody of whom a school knows more than the name.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The number of the account.
    pub account: u128,
    /// The number of the person.
    pub person: u128,
    /// The number of the school.
    pub school: u128,
    /// Family and given name.
    pub name: (&'static str, &'static str),
    /// The birth date.
    pub born: &'static str,
    /// The СНИЛС; empty where the school has none.
    pub snils: &'static str,
    /// The phone; empty where the school has none.
    pub phone: &'static str,
}

/// Mother of Анна and Алла in school 1; school 2 has an account of her own ([`MOTHER_THERE`]).
pub const MOTHER: Known = Known {
    account: 11,
    person: 11,
    school: 1,
    name: ("Ёлкина", "Мария"),
    born: "17.05.1985",
    snils: "112-233-445 95",
    phone: "+79123456789",
};

/// The same mother as school 2 knows her: of the pupil 4, Ёлкин Иван.
pub const MOTHER_THERE: Known = Known { account: 12, person: 12, school: 2, phone: "", ..MOTHER };

/// Father of Олег until the end of 2024; the school has no СНИЛС of him.
pub const FATHER: Known = Known {
    account: 13,
    person: 13,
    school: 1,
    name: ("Пихта", "Игорь"),
    born: "02.03.1980",
    snils: "",
    phone: "+79120000013",
};

/// Mother of Олег; teaches algebra and leads 8А.
pub const TEACHER: Known = Known {
    account: 21,
    person: 21,
    school: 1,
    name: ("Соснова", "Ольга"),
    born: "09.10.1979",
    snils: "116-973-385 89",
    phone: "",
};

/// The pupil 3, past the threshold.
pub const OLEG: Known = Known {
    account: 3,
    person: 3,
    school: 1,
    name: ("Пихта", "Олег"),
    born: "01.01.2010",
    snils: "087-654-303 00",
    phone: "",
};

/// Nobody in any school.
pub const NEWCOMER: Known = Known {
    account: 31,
    person: 31,
    school: 1,
    name: ("Берёзкина", "Анна"),
    born: "12.04.1990",
    snils: "112-855-899 74",
    phone: "+79120000031",
};

impl Known {
    /// The person as ЕСИА vouches for them: confirmed, with all that is known.
    #[must_use]
    pub fn in_esia(self) -> EsiaPerson {
        EsiaPerson {
            oid: format!("10000000{}", self.person),
            assurance: Assurance::Confirmed,
            name: self.full_name(),
            birth_date: self.born.parse().ok(),
            snils: self.snils.parse().ok(),
            verified_phone: self.phone.parse().ok(),
            verified_email: None,
            children: Vec::new(),
        }
    }

    /// The identifier of the account.
    #[must_use]
    pub const fn id(self) -> AccountId {
        account_id(self.account)
    }

    fn full_name(self) -> FullName {
        FullName::new(self.name.0, self.name.1, None).unwrap()
    }

    /// The account with its keys, as a school saves it.
    pub fn save(self, changes: &mut Changes) {
        let (id, school) = (self.id(), school_id(self.school));
        let snils: Option<Snils> = self.snils.parse().ok();
        let phone: Option<MobilePhone> = self.phone.parse().ok();
        let seal = |column, text: String| sealed(school, id, column, &text);
        let account = StoredAccount {
            id,
            school,
            person: person_id(self.person),
            name: self.full_name(),
            birth_date: self.born.parse().ok(),
            snils: snils.map(|snils| seal("snils", snils.to_string())),
            phone: phone.map(|phone| seal("phone", phone.to_string())),
            email: None,
        };
        let keys = [
            snils.map(|snils| (ClaimKind::Snils, format!("{:011}", snils.digits()))),
            phone.map(|phone| (ClaimKind::Phone, phone.to_string())),
        ];
        let keys = keys.into_iter().flatten();
        changes.claims.extend(keys.map(|(kind, canonical)| claim(&account, kind, &canonical)));
        changes.accounts.push(account);
    }
}

/// The bond of a parent without an end.
#[must_use]
pub fn bond(parent: Known, child: u128) -> (SchoolId, Guardianship) {
    let bond = Guardianship {
        parent: parent.id(),
        child: account_id(child),
        kinship: Kinship::Mother,
        legal_representative: None,
        from: None,
        until: None,
        barred: false,
    };
    (school_id(parent.school), bond)
}

/// The small school with the families of its pupils and a teacher, and a second school.
#[must_use]
pub fn families() -> Changes {
    let mut changes = small_school();
    let there = school_id(2);
    changes.schools.push(School {
        id: there,
        name: "Школа № 9".into(),
        login_prefix: "s9".into(),
        ..changes.schools[0].clone()
    });
    let class = |n: u128, year, name: &str| SchoolClass {
        id: class_id(n),
        school: there,
        year,
        name: name.parse().unwrap(),
    };
    changes.classes.push(class(3, 2024, "3Б"));
    let ivan = StoredAccount {
        id: account_id(4),
        school: there,
        person: person_id(4),
        name: FullName::new("Ёлкин", "Иван", None).unwrap(),
        birth_date: "02.06.2015".parse().ok(),
        ..changes.accounts[0].clone()
    };
    changes.accounts.push(ivan);
    let stay = Stay { pupil: account_id(4), class: class_id(3), from: day("2024-09-01"), to: None };
    changes.stays.push((there, stay));

    for known in [MOTHER, MOTHER_THERE, FATHER, TEACHER, OLEG] {
        known.save(&mut changes);
    }
    let (school, of_father) = bond(FATHER, 3);
    let until = Some(day("2024-12-31"));
    let of_father = Guardianship { kinship: Kinship::Father, until, ..of_father };
    changes.guardianships = vec![
        bond(MOTHER, 1),
        bond(MOTHER, 2),
        bond(MOTHER_THERE, 4),
        bond(TEACHER, 3),
        (school, of_father),
    ];
    changes.staff.push((
        school,
        StaffPost {
            account: TEACHER.id(),
            subject: "Алгебра".into(),
            class_teacher_of: Some(class_id(8)),
            until: None,
        },
    ));
    changes
}
