//! Parents entered, corrected and linked.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    id::AccountId,
    journal::Stay,
    people::{AccountEntry, Discrepancy, Duty, Guardianship, Kinship, MandatoryField, TypedEntry},
    policy::SignInPolicy,
    signin::{EsiaPerson, RefusalCode},
};

use super::{
    Harness,
    bonds::link,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, NEWCOMER, OLEG, TEACHER, bond},
    journal_people::{ADMINISTRATOR, COLLEAGUE, at_work, mother, school_at_work, staff},
    refused,
};
use crate::{
    Actor, ChildBond, ParentCorrection, ParentError, ParentForm, Session,
    backend::{Backend, Changes, DutyRow, SchoolClass},
    testing::{
        fixtures::{account_id, class_id, day, person_id, school_id},
        reading,
    },
};

/// Somebody whom no school knows.
pub(super) const AUNT: Known =
    Known { account: 99, name: ("Рябина", "Нина"), snils: "087-654-302 00", ..NEWCOMER };

/// The class teacher enters a parent of the own class, who then signs in; a colleague does not.
/// Where the registrar keeps the registry, the registrar does.
pub async fn a_parent_is_entered_by_who_keeps_the_registry(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let (account, duty) = (COLLEAGUE.id(), Duty::Registrar);
        changes.duties.push((school_id(1), DutyRow { account, duty, since: day("2024-09-01") }));
    })
    .await;
    let store = &harness.store;
    let form = form(typed(AUNT), &[1]);
    for nobody in [staff(COLLEAGUE), mother()] {
        let refused = store.enter_parent(&nobody, school_id(1), &form).await.unwrap_err();
        assert_eq!(refused.code(), "not_allowed");
    }
    let elsewhere = store.enter_parent(&staff(TEACHER), school_id(2), &form).await.unwrap_err();
    assert_eq!(elsewhere.code(), "not_allowed");
    let stranger = store.sign_in_with_esia(AUNT.in_esia()).await;
    assert_eq!(refused(stranger), RefusalCode::NotFound);

    let entered = store.enter_parent(&staff(TEACHER), school_id(1), &form).await.unwrap();
    assert!(entered.is_new && entered.discrepancies.is_empty());
    let audit = store.audit(2).await.unwrap();
    for (entry, action, outcome, subject) in [
        (&audit[0], "parent", "entered", entered.account),
        (&audit[1], "parent_of", "linked", account_id(1)),
    ] {
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), (action, outcome));
        assert_eq!((entry.actor, entry.subject), (Some(TEACHER.id()), Some(subject)));
    }
    let signed_in = store.sign_in_with_esia(AUNT.in_esia()).await.unwrap();
    assert_eq!(children(&harness, &signed_in.session).await, [account_id(1)]);
}

/// Where the policy has a registrar keep the registry, the class teacher enters nobody.
pub async fn the_policy_says_who_keeps_the_registry(backend: impl Backend) {
    let mut changes = school_at_work();
    let (account, duty) = (COLLEAGUE.id(), Duty::Registrar);
    changes.duties.push((school_id(1), DutyRow { account, duty, since: day("2024-09-01") }));
    let harness = Harness::with(backend, changes, SignInPolicy::udmurtia_2023()).await;
    let form = form(typed(AUNT), &[1]);
    let by = async |known| harness.store.enter_parent(&staff(known), school_id(1), &form).await;
    assert_eq!(by(TEACHER).await.unwrap_err().code(), "not_allowed");
    assert!(by(COLLEAGUE).await.unwrap().is_new);
    assert!(!by(ADMINISTRATOR).await.unwrap().is_new);
}

/// A parent whose СНИЛС the school has gets the child added; what differs is told, not written.
pub async fn a_known_snils_gets_the_child_added(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let entry = TypedEntry { phone: "+79120000077".into(), ..typed(MOTHER) };
    let form = form(entry, &[3]);
    let entered = store.enter_parent(&staff(TEACHER), school_id(1), &form).await.unwrap();
    assert_eq!((entered.account, entered.is_new), (MOTHER.id(), false));
    assert_eq!(entered.discrepancies, [Discrepancy::Phone]);
    let signed_in = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let all = [1, 2, 3].map(account_id);
    assert_eq!(children(&harness, &signed_in.session).await, all);

    // The number of somebody else, by name and birth date, is nobody's to take.
    let other = TypedEntry { snils: MOTHER.snils.into(), ..typed(AUNT) };
    let refused = enter(&harness, other, 3).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("snils_conflict", Some("snils")));
    let childs = TypedEntry { snils: OLEG.snils.into(), ..typed(AUNT) };
    let refused = enter(&harness, childs, 3).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("snils_of_child", Some("snils")));
}

/// An entry that cannot stand is kept sealed as it was typed, until it is entered rightly.
pub async fn a_refused_entry_is_kept_until_it_is_right(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let kept = async || reading(&backend).await.registry(school_id(1)).await.unwrap().refused_rows;
    let wrong = TypedEntry { snils: "087-654-302 01".into(), ..typed(AUNT) };
    let refused = enter(&harness, wrong.clone(), 1).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("snils_checksum", Some("snils")));
    let refused = enter(&harness, TypedEntry { birth_date: "31.02.1990".into(), ..wrong }, 1).await;
    assert_eq!(refused.unwrap_err().code(), "date_invalid");
    let [row] = &kept().await[..] else { panic!("one entry is kept") };
    assert_eq!((row.file.as_str(), row.column.as_str()), ("form", "Дата рождения"));
    let bytes = row.typed.to_bytes();
    assert!(!bytes.windows(12).any(|window| window == "Рябина".as_bytes()));

    let audit = harness.store.audit(1).await.unwrap();
    // Whichever child is named first.
    let right = form(typed(AUNT), &[2, 1]);
    let entered = harness.store.enter_parent(&staff(TEACHER), school_id(1), &right).await.unwrap();
    assert!(entered.is_new);
    assert_eq!(kept().await, []);
    let entry = &audit[0];
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("parent", "date_invalid"));
}

/// A class teacher gives no key to whom else it opens something: by its СНИЛС the administrator
/// signs in.
pub async fn the_keys_of_staff_are_the_administrators_to_write(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let own_number = TypedEntry { snils: AUNT.snils.into(), ..typed(ADMINISTRATOR) };
    let entered = enter(&harness, own_number.clone(), 1).await.unwrap();
    assert_eq!(entered.account, ADMINISTRATOR.id());
    let impostor = EsiaPerson { snils: AUNT.snils.parse().ok(), ..ADMINISTRATOR.in_esia() };
    let outside = store.sign_in_with_esia(impostor).await;
    assert_eq!(refused(outside), RefusalCode::NotFound);

    let correction = ParentCorrection {
        parent: ADMINISTRATOR.id(),
        seen: seen(ADMINISTRATOR),
        typed: own_number,
    };
    let by = async |known| store.correct_parent(&staff(known), school_id(1), &correction).await;
    assert_eq!(by(TEACHER).await.unwrap_err().code(), "not_allowed");
    assert!(by(ADMINISTRATOR).await.is_ok());
}

/// A corrected СНИЛС changes who signs in; who was signed in is out; the second of two corrections
/// sees what the first wrote.
pub async fn a_corrected_snils_changes_who_signs_in(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let before = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let correction = ParentCorrection {
        parent: MOTHER.id(),
        seen: seen(MOTHER),
        typed: TypedEntry { snils: AUNT.snils.into(), ..typed(MOTHER) },
    };
    let (teacher, school) = (staff(TEACHER), school_id(1));
    store.correct_parent(&teacher, school, &correction).await.unwrap();
    let ended = store.session(&before.token.to_text()).await.unwrap_err();
    assert_eq!(ended.code(), "session_ended");
    let former = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert!(former.session.accounts.iter().all(|grant| grant.school != school));
    let now = EsiaPerson { snils: AUNT.snils.parse().ok(), ..MOTHER.in_esia() };
    assert!(store.sign_in_with_esia(now).await.is_ok());

    let again = store.correct_parent(&teacher, school, &correction).await.unwrap_err();
    let ParentError::Changed(stands) = again else { panic!("changed meanwhile: {again}") };
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.outcome.as_str(), entry.subject), ("account_changed", Some(MOTHER.id())));
    assert_eq!(stands.snils, AUNT.snils.parse().ok());
    let taken = ParentCorrection {
        seen: *stands,
        typed: TypedEntry { snils: TEACHER.snils.into(), ..typed(MOTHER) },
        ..correction
    };
    let refused = store.correct_parent(&teacher, school, &taken).await.unwrap_err();
    assert_eq!(refused.code(), "snils_taken");
}

/// An account that a СНИЛС joined to another school's is parted when that СНИЛС is corrected: what
/// one school types gives nobody the other's account.
pub async fn a_corrected_snils_parts_what_it_joined(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    store.merge(Actor::Console).await.unwrap();
    let accounts =
        async |person| reading(&backend).await.accounts_of(&[person_id(person)]).await.unwrap();
    assert_eq!(accounts(MOTHER.person).await.len(), 2);
    let correction = ParentCorrection {
        parent: MOTHER.id(),
        seen: seen(MOTHER),
        typed: TypedEntry { snils: AUNT.snils.into(), ..typed(MOTHER) },
    };
    store.correct_parent(&staff(TEACHER), school_id(1), &correction).await.unwrap();
    assert_eq!(accounts(MOTHER.person).await, [(school_id(2), MOTHER_THERE.id())]);
    let now = EsiaPerson { snils: AUNT.snils.parse().ok(), ..MOTHER.in_esia() };
    let session = store.sign_in_with_esia(now).await.unwrap().session;
    assert!(session.accounts.iter().all(|grant| grant.school == school_id(1)));
}

/// A bond that opens less ends the parent's sessions; one that opens more does not.
pub async fn a_narrowed_bond_ends_sessions(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let (teacher, school) = (staff(TEACHER), school_id(1));
    let bond = |child, barred| Guardianship {
        parent: MOTHER.id(),
        child: account_id(child),
        kinship: Kinship::Mother,
        legal_representative: None,
        from: None,
        until: None,
        barred,
    };
    let signed_in = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let token = signed_in.token.to_text();
    link(store, &teacher, None, &bond(3, false)).await.unwrap();
    assert!(store.session(&token).await.is_ok());
    link(store, &teacher, Some(&bond(1, false)), &bond(1, true)).await.unwrap();
    assert_eq!(store.session(&token).await.unwrap_err().code(), "session_ended");
    let signed_in = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert_eq!(children(&harness, &signed_in.session).await, [2, 3].map(account_id));

    store.unlink_child(&teacher, school, MOTHER.id(), account_id(3)).await.unwrap();
    let signed_in = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert_eq!(children(&harness, &signed_in.session).await, [account_id(2)]);
    let colleague = staff(COLLEAGUE);
    let refused = store.unlink_child(&colleague, school, MOTHER.id(), account_id(2)).await;
    assert_eq!(refused.unwrap_err().code(), "not_allowed");
    let nobody = Guardianship { parent: AUNT.id(), ..bond(1, false) };
    let refused = link(store, &teacher, None, &nobody).await.unwrap_err();
    assert_eq!(refused.code(), "parent_not_found");
}

/// Who lacks what the policy wants is listed, for who keeps the registry; the look is audited.
pub async fn incomplete_accounts_are_listed(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let listed = store.incomplete_accounts(&staff(TEACHER), school_id(1)).await.unwrap();
    let father = listed.iter().find(|account| account.account == FATHER.id()).unwrap();
    assert_eq!(father.children, [account_id(3)]);
    assert!(father.missing.contains(&MandatoryField::Snils));
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.actor), ("incomplete_read", Some(TEACHER.id())));
    // The father's bond ends with the year.
    harness.clock.set("2025-01-09T09:00:00Z");
    let listed = store.incomplete_accounts(&staff(TEACHER), school_id(1)).await.unwrap();
    assert!(listed.iter().all(|account| account.account != FATHER.id()));
    let refused = store.incomplete_accounts(&staff(COLLEAGUE), school_id(1)).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
}

/// Of a pupil who left, nobody is listed.
pub async fn who_left_keeps_nobody_incomplete(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let mut stays = changes.stays.iter_mut();
        let (_, stay) = stays.find(|(_, stay)| stay.pupil == account_id(3)).unwrap();
        stay.to = Some(day("2024-09-01"));
    })
    .await;
    for known in [TEACHER, ADMINISTRATOR] {
        let listed = harness.store.incomplete_accounts(&staff(known), school_id(1)).await.unwrap();
        assert!(listed.iter().all(|account| account.account != FATHER.id()));
    }
}

/// A parent of a child in another class, of whom the school has no СНИЛС.
const OTHERS_PARENT: Known = Known {
    account: 52,
    person: 52,
    school: 1,
    name: ("Осина", "Раиса"),
    born: "05.06.1986",
    snils: "",
    phone: "+79120000052",
};

/// A second class, which the teacher does not lead, with a pupil, 51, and a parent.
fn another_class(changes: &mut Changes) {
    let (school, class, pupil) = (school_id(1), class_id(80), account_id(51));
    let name = "5Б".parse().unwrap();
    changes.classes.push(SchoolClass { id: class, school, year: 2024, name });
    let child =
        Known {
            account: 51, person: 51, name: ("Осин", "Пётр"), phone: "", ..OTHERS_PARENT
        };
    child.save(changes);
    OTHERS_PARENT.save(changes);
    changes.stays.push((school, Stay { pupil, class, from: day("2024-09-01"), to: None }));
    changes.guardianships.push(bond(OTHERS_PARENT, 51));
}

/// A class teacher who links a parent of another class to an own pupil does not write by what that
/// parent signs in, whether the bond holds, is barred or has ended.
pub async fn a_bond_gives_nobody_the_keys_of_a_parent(backend: impl Backend) {
    let harness = at_work(backend, another_class).await;
    let store = &harness.store;
    let (teacher, school) = (staff(TEACHER), school_id(1));
    let correction = ParentCorrection {
        parent: OTHERS_PARENT.id(),
        seen: seen(OTHERS_PARENT),
        typed: TypedEntry { snils: AUNT.snils.into(), ..typed(OTHERS_PARENT) },
    };
    let by = async |known| store.correct_parent(&staff(known), school, &correction).await;
    let (_, own) = bond(OTHERS_PARENT, 1);
    let barred = Guardianship { barred: true, ..own.clone() };
    for (seen, stands) in [(None, &own), (Some(&own), &barred), (Some(&barred), &own)] {
        link(store, &teacher, seen, stands).await.unwrap();
        assert_eq!(by(TEACHER).await.unwrap_err().code(), "not_allowed");
    }
    store.unlink_child(&teacher, school, OTHERS_PARENT.id(), account_id(1)).await.unwrap();
    assert_eq!(by(TEACHER).await.unwrap_err().code(), "not_allowed");
    assert!(by(ADMINISTRATOR).await.is_ok());

    // By a bond that is over a parent is nobody's here.
    harness.clock.set("2025-01-09T09:00:00Z");
    let correction = ParentCorrection {
        parent: FATHER.id(),
        seen: seen(FATHER),
        typed: TypedEntry { phone: AUNT.phone.into(), ..typed(FATHER) },
    };
    let refused = store.correct_parent(&teacher, school, &correction).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
}

/// Nor does a class teacher put a СНИЛС into the account of a namesake of another class.
pub async fn a_namesake_of_another_class_gets_no_key(backend: impl Backend) {
    let harness = at_work(backend, another_class).await;
    let store = &harness.store;
    let with_number = TypedEntry { snils: AUNT.snils.into(), ..typed(OTHERS_PARENT) };
    let entered = enter(&harness, with_number.clone(), 1).await.unwrap();
    assert_eq!((entered.account, entered.is_new), (OTHERS_PARENT.id(), false));
    let impostor = EsiaPerson {
        snils: AUNT.snils.parse().ok(),
        verified_phone: None,
        ..OTHERS_PARENT.in_esia()
    };
    let outside = store.sign_in_with_esia(impostor.clone()).await;
    assert_eq!(refused(outside), RefusalCode::NotFound);
    let form = form(with_number, &[1]);
    store.enter_parent(&staff(ADMINISTRATOR), school_id(1), &form).await.unwrap();
    assert!(store.sign_in_with_esia(impostor).await.is_ok());
}

async fn enter<B: Backend>(
    harness: &Harness<B>,
    entry: TypedEntry,
    child: u128,
) -> Result<crate::EnteredParent, ParentError> {
    harness.store.enter_parent(&staff(TEACHER), school_id(1), &form(entry, &[child])).await
}

/// Whose diaries a session opens, in school 1.
async fn children<B: Backend>(harness: &Harness<B>, session: &Session) -> Vec<AccountId> {
    let mut overview = harness.store.overview(session).await.unwrap();
    overview.retain(|overview| overview.school.id == school_id(1));
    overview.iter().flat_map(|overview| &overview.children).map(|child| child.account).collect()
}

/// Somebody as typed by a member of staff.
pub(super) fn typed(known: Known) -> TypedEntry {
    TypedEntry {
        family: known.name.0.into(),
        given: known.name.1.into(),
        birth_date: known.born.into(),
        snils: known.snils.into(),
        phone: known.phone.into(),
        ..TypedEntry::default()
    }
}

pub(super) fn seen(known: Known) -> AccountEntry {
    typed(known).read(day("2024-09-02")).unwrap()
}

/// The form of a mother of these children.
pub(super) fn form(typed: TypedEntry, children: &[u128]) -> ParentForm {
    let bond = |child: &u128| ChildBond {
        child: account_id(*child),
        kinship: Kinship::Mother,
        legal_representative: None,
        from: None,
        until: None,
        sees: true,
    };
    ParentForm { typed, children: children.iter().map(bond).collect() }
}
