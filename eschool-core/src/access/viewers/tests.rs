use alloc::{vec, vec::Vec};

use super::*;
use crate::{
    access::{AccessError, Allowed, Sight, Whose, may},
    id::{AccountId, ClassId, SchoolId},
    people::{Guardianship, Kinship},
    policy::SignInPolicy,
    signin::ChildFacts,
};

const fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

const ACCOUNT: AccountId = AccountId(uuid(1));
const CHILD: AccountId = AccountId(uuid(2));
const SCHOOL: SchoolId = SchoolId(uuid(11));
const CLASS: ClassId = ClassId(uuid(21));
const FORMER_CLASS: ClassId = ClassId(uuid(22));

fn grant(roles: Vec<GrantedRole>) -> AccountGrant {
    AccountGrant { account: ACCOUNT, school: SCHOOL, roles }
}

fn as_staff() -> GrantedRole {
    GrantedRole::Staff { class_teacher_of: vec![FORMER_CLASS], duties: vec![Duty::Administrator] }
}

fn as_parent() -> GrantedRole {
    GrantedRole::Parent { children: vec![CHILD] }
}

fn parent(barred: bool) -> ParentFacts {
    let guardianship = Guardianship {
        parent: ACCOUNT,
        child: CHILD,
        kinship: Kinship::Father,
        legal_representative: None,
        from: None,
        until: None,
        barred,
    };
    ParentFacts { children: vec![ChildFacts { guardianship, birth_date: None, until: None }] }
}

#[test]
fn a_role_is_both_granted_and_still_there() {
    let policy = SignInPolicy::ryazan_2022();
    let rules = policy.rules_on("2024-09-01".parse().unwrap());
    let until = "2025-05-31".parse().ok();
    let pupil = PupilFacts { until, ..PupilFacts::default() };
    let parent = parent(false);
    let staff = StaffFacts {
        class_teacher_of: vec![CLASS],
        duties: vec![
            Duty::Registrar,
            Duty::Unknown("librarian".into()),
            Duty::Operator,
            Duty::Support,
            Duty::Administrator,
        ],
        until,
    };
    let now = Standing {
        pupil: Some(&pupil),
        parent: Some(&parent),
        staff: Some(&staff),
        ..Standing::default()
    };
    let children = parent.children.as_slice();
    let as_bonds = Viewer::Bonds { account: ACCOUNT, children };
    let posts = [
        Post::ClassTeacher { school: SCHOOL, classes: &[CLASS] },
        Post::SubjectTeacher(ACCOUNT),
        Post::Registrar(SCHOOL),
        Post::Operator,
        Post::Support,
        Post::Administrator(SCHOOL),
    ];
    let posts = posts.map(|post| Viewer::Staff { post, until });
    for (roles, expected) in [
        (vec![GrantedRole::Pupil], vec![Viewer::Pupil(ACCOUNT, until), as_bonds]),
        (vec![as_parent()], vec![Viewer::Parent { account: ACCOUNT, children, rules }]),
        (vec![as_staff()], [&[as_bonds], &posts[..]].concat()),
        (vec![serde_json::from_str(r#"{"role": "observer"}"#).unwrap()], vec![as_bonds]),
    ] {
        assert_eq!(viewers(&grant(roles), now, rules), expected);
    }
    let all = grant(vec![GrantedRole::Pupil, as_parent(), as_staff()]);
    assert_eq!(viewers(&all, Standing::default(), rules), []);
    let bare = StaffFacts::default();
    let now = Standing { staff: Some(&bare), ..Standing::default() };
    let subject = Viewer::Staff { post: Post::SubjectTeacher(ACCOUNT), until: None };
    assert_eq!(viewers(&all, now, rules), [subject]);
}

#[test]
fn a_barred_father_who_teaches_the_class_does_not_open_the_childs_diary() {
    let policy = SignInPolicy::ryazan_2022();
    let today = "2024-09-01".parse().unwrap();
    let rules = policy.rules_on(today);
    let staff = StaffFacts { class_teacher_of: vec![CLASS], ..StaffFacts::default() };
    let whose = Whose { account: CHILD, school: SCHOOL, classes: &[CLASS] };
    for (barred, roles, expected) in [
        (false, vec![as_parent(), as_staff()], Ok(Allowed { audited: true })),
        // Nobody is granted the role of a parent for a child that is barred.
        (true, vec![as_staff()], Err(AccessError::Barred)),
    ] {
        let parent = parent(barred);
        let now = Standing { parent: Some(&parent), staff: Some(&staff), ..Standing::default() };
        let looked = may(&viewers(&grant(roles), now, rules), &Sight::Diary(whose), today);
        assert_eq!(looked, expected);
    }
}

/// From the sign-in to the look: she has two accounts in the school, and one of them bars a child.
#[test]
fn a_bar_of_an_account_that_was_granted_nothing_holds_at_every_look() {
    use chrono::NaiveDate;

    use crate::{
        id::PersonId,
        identity::{FullName, Snils},
        people::Account,
        signin::{Assurance, At, Attempt, Candidate, EsiaPerson, Facts, decide},
    };

    const OTHER_ACCOUNT: AccountId = AccountId(uuid(3));
    const OTHER_CHILD: AccountId = AccountId(uuid(4));
    let name = FullName::new("Ёлкина", "Анна", None).unwrap();
    let snils = Snils::parse("112-233-445 95").ok();
    let bond = |account, child, barred| {
        let mut bond = parent(barred).children.remove(0);
        (bond.guardianship.parent, bond.guardianship.child) = (account, child);
        bond
    };
    let candidate = |id, children| Candidate {
        account: Account {
            id,
            school: SCHOOL,
            person: PersonId(uuid(5)),
            name: name.clone(),
            birth_date: None,
            snils: snils.filter(|_| id == ACCOUNT),
            phone: None,
            email: None,
        },
        pupil: None,
        parent: Some(ParentFacts { children }),
        staff: None,
    };
    let own = ParentFacts {
        children: vec![bond(ACCOUNT, CHILD, false), bond(ACCOUNT, OTHER_CHILD, false)],
    };
    let others = [bond(OTHER_ACCOUNT, CHILD, true)];
    let policy = SignInPolicy::ryazan_2022();
    let today: NaiveDate = "2024-09-02".parse().unwrap();
    let at = At { instant: today.and_hms_opt(9, 0, 0).unwrap().and_utc(), date: today };
    let attempt = Attempt::Esia(EsiaPerson {
        oid: "1".into(),
        assurance: Assurance::Confirmed,
        name: name.clone(),
        birth_date: None,
        snils,
        verified_phone: None,
        verified_email: None,
        children: Vec::new(),
    });
    let candidates =
        vec![candidate(ACCOUNT, own.children.clone()), candidate(OTHER_ACCOUNT, others.to_vec())];
    let facts = Facts { candidates, ..Facts::default() };
    let grant = decide(&policy, facts, &attempt, &at).unwrap();
    let [granted] = &grant.accounts[..] else { panic!("{grant:?}") };
    assert_eq!(granted.roles, [GrantedRole::Parent { children: vec![OTHER_CHILD] }]);

    let rules = policy.rules_on(today);
    let look = |other_bonds, account| {
        let now = Standing { parent: Some(&own), other_bonds, ..Standing::default() };
        let whose = Whose { account, school: SCHOOL, classes: &[CLASS] };
        may(&viewers(granted, now, rules), &Sight::Diary(whose), today).map(|_| ())
    };
    assert_eq!(look(&others[..], CHILD), Err(AccessError::Barred));
    assert_eq!(look(&others[..], OTHER_CHILD), Ok(()));
    assert_eq!(look(&[], CHILD), Ok(()));
}
