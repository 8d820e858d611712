//! People at the door, and what an adapter found of each.

use chrono::{NaiveDate, TimeZone as _, Utc};
use eschool_core::{
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::{BirthDate, FullName, MobilePhone, Snils},
    people::{Account, Guardianship, Kinship},
    policy::{DatedRules, SignInPolicy},
    signin::{
        Assurance, At, Attempt, Candidate, ChildFacts, EsiaPerson, Facts, Grant, ParentFacts,
        PasswordAttempt, PasswordCheck, PupilFacts, Refusal, StaffFacts, admit, decide,
    },
};
use uuid::Uuid;

/// Somebody at the door of a school of Рязань, on a day in February.
///
/// ```
/// use eschool_benches::sign_in::AtTheDoor;
///
/// let parent = AtTheDoor::parent();
/// let grant = parent.judge(parent.facts.clone()).unwrap();
/// assert_eq!(grant.accounts.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct AtTheDoor {
    policy: SignInPolicy,
    attempt: Attempt,
    at: At,
    /// What was found of them. A decision takes it away, so each needs its own.
    pub facts: Facts,
}

impl AtTheDoor {
    /// A pupil of eleven with the login and the password of a card.
    #[must_use]
    pub fn pupil() -> Self {
        let account = account(1, "Ёлкина", "Дарья", "Олеговна", day(2013, 5, 17), None);
        let candidate = Candidate {
            pupil: Some(PupilFacts { until: Some(day(2025, 8, 31)), consents: Vec::new() }),
            ..nobody(account)
        };
        let attempt = Attempt::Password(PasswordAttempt { login: "PR7_Elkina.Darya".into() });
        let facts = Facts { password: Some(PasswordCheck::Right), ..found(candidate) };
        Self::with(attempt, facts)
    }

    /// A mother of three, through ЕСИА, found by СНИЛС and phone.
    #[must_use]
    pub fn parent() -> Self {
        let born = day(1985, 11, 30);
        let account = account(2, "Ёлкина", "Анна", "Петровна", born, Some("112-233-445 95"));
        let child = |(number, born)| ChildFacts {
            guardianship: Guardianship {
                parent: account.id,
                child: AccountId(id(number)),
                kinship: Kinship::Mother,
                legal_representative: None,
                from: Some(day(2022, 9, 1)),
                until: None,
                barred: false,
            },
            birth_date: Some(birth_date(born)),
            until: None,
        };
        let children = [(11, day(2013, 5, 17)), (12, day(2015, 2, 9)), (13, day(2017, 12, 1))];
        let children = children.map(child).to_vec();
        let attempt = through_esia(&account);
        let candidate = Candidate { parent: Some(ParentFacts { children }), ..nobody(account) };
        Self::with(attempt, found(candidate))
    }

    /// A class teacher, through ЕСИА.
    #[must_use]
    pub fn staff() -> Self {
        let born = day(1979, 3, 2);
        let account = account(3, "Жданова", "Ольга", "Петровна", born, Some("116-973-385 89"));
        let class_teacher_of = vec![ClassId(id(0xc7)), ClassId(id(0xc8))];
        let staff = StaffFacts { class_teacher_of, duties: Vec::new(), until: None };
        let attempt = through_esia(&account);
        let candidate = Candidate { staff: Some(staff), ..nobody(account) };
        Self::with(attempt, found(candidate))
    }

    /// The mother, written in capitals and without dots over ё by ЕСИА.
    #[must_use]
    pub fn parent_in_capitals() -> Self {
        let mut parent = Self::parent();
        if let Attempt::Esia(said) = &mut parent.attempt {
            let name = FullName::new("ЕЛКИНА", "АННА", Some("ПЕТРОВНА"));
            said.name = name.expect("this is a name");
        }
        parent
    }

    /// The mother, where the rules of the next school year are known already.
    #[must_use]
    pub fn parent_before_a_change() -> Self {
        let parent = Self::parent();
        let rules = parent.policy.rules_on(parent.at.date).clone();
        let next = DatedRules { from: day(2025, 9, 1), rules: rules.clone() };
        let policy = SignInPolicy::new("two years", rules, vec![next]);
        Self { policy: policy.expect("the same rules again"), ..parent }
    }

    /// The mother, with another child in another school.
    #[must_use]
    pub fn parent_in_two_schools() -> Self {
        let mut parent = Self::parent();
        let mut elsewhere = parent.facts.candidates.clone();
        for candidate in &mut elsewhere {
            candidate.account.id = AccountId(id(0x202));
            candidate.account.school = SchoolId(id(0x5d));
            for children in candidate.parent.iter_mut().map(|parent| &mut parent.children) {
                children.truncate(1);
                for ChildFacts { guardianship, .. } in children {
                    guardianship.parent = AccountId(id(0x202));
                    guardianship.child = AccountId(id(0x211));
                }
            }
        }
        parent.facts.candidates.append(&mut elsewhere);
        parent
    }

    fn with(attempt: Attempt, facts: Facts) -> Self {
        let instant = Utc.with_ymd_and_hms(2025, 2, 3, 15, 30, 0).single();
        let instant = instant.expect("such an hour is");
        let at = At { instant, date: day(2025, 2, 3) };
        Self { policy: SignInPolicy::ryazan_2022(), attempt, at, facts }
    }

    /// Both steps of a sign-in: who may try at all, and what becomes of it.
    ///
    /// # Errors
    /// What a refusal says; those here are let in.
    pub fn judge(&self, facts: Facts) -> Result<Grant, Refusal> {
        let _keys = std::hint::black_box(admit(&self.policy, &self.attempt, &self.at)?);
        decide(&self.policy, facts, &self.attempt, &self.at)
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0193_79ab_0000_7000_8000_0000_0000_0000 + number)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("such a day is")
}

fn birth_date(date: NaiveDate) -> BirthDate {
    BirthDate::new(date).expect("somebody of today is born on it")
}

fn account(
    number: u128,
    family: &str,
    given: &str,
    patronymic: &str,
    born: NaiveDate,
    snils: Option<&str>,
) -> Account {
    Account {
        id: AccountId(id(number)),
        school: SchoolId(id(0x5c)),
        person: PersonId(id(0x100 + number)),
        name: FullName::new(family, given, Some(patronymic)).expect("this is a name"),
        birth_date: Some(birth_date(born)),
        snils: snils.map(|text| Snils::parse(text).expect("this is a СНИЛС")),
        phone: snils.map(|_| MobilePhone::parse("+79123456789").expect("this is a phone")),
        email: None,
    }
}

/// What ЕСИА says of somebody whom the school knows as they are.
fn through_esia(account: &Account) -> Attempt {
    Attempt::Esia(EsiaPerson {
        oid: "1000299353".into(),
        assurance: Assurance::Confirmed,
        name: account.name.clone(),
        birth_date: account.birth_date,
        snils: account.snils,
        verified_phone: account.phone,
        verified_email: None,
        children: Vec::new(),
    })
}

fn nobody(account: Account) -> Candidate {
    Candidate { account, pupil: None, parent: None, staff: None }
}

fn found(candidate: Candidate) -> Facts {
    Facts { candidates: vec![candidate], ..Facts::default() }
}

#[cfg(test)]
mod tests {
    use eschool_core::signin::GrantedRole;

    use super::*;

    #[test]
    fn a_mother_is_let_in_however_she_is_written_and_wherever_her_children_are() {
        let granted = |door: AtTheDoor| {
            let children = |role: &GrantedRole| match role {
                GrantedRole::Parent { children } => children.len(),
                _ => panic!(),
            };
            let grant = door.judge(door.facts.clone()).unwrap();
            grant.accounts.iter().flat_map(|account| &account.roles).map(children).collect()
        };
        let seen: [Vec<usize>; 3] = [
            AtTheDoor::parent_in_capitals(),
            AtTheDoor::parent_before_a_change(),
            AtTheDoor::parent_in_two_schools(),
        ]
        .map(granted);
        assert_eq!(seen, [vec![3], vec![3], vec![3, 1]]);
    }

    #[test]
    fn all_three_are_let_in_as_what_they_are() {
        let role = |door: AtTheDoor| {
            let mut grant = door.judge(door.facts.clone()).unwrap();
            grant.accounts.remove(0).roles.remove(0)
        };
        assert_eq!(role(AtTheDoor::pupil()), GrantedRole::Pupil);
        let GrantedRole::Parent { children } = role(AtTheDoor::parent()) else { panic!() };
        assert_eq!(children.len(), 3);
        let GrantedRole::Staff { class_teacher_of, .. } = role(AtTheDoor::staff()) else {
            panic!()
        };
        assert_eq!(class_teacher_of.len(), 2);
    }
}
