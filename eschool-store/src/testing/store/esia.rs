//! Signing in through ЕСИА.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    identity::FullName,
    people::{Guardianship, School},
    policy::{SignInMethod, SignInPolicy},
    signin::{Assurance, EsiaPerson, GrantedRole, RefusalCode},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, NEWCOMER, OLEG, TEACHER, bond, families},
    harness::refused,
};
use crate::{
    SessionError, SignInError,
    backend::{Backend, Changes},
    secret::ClaimKind,
    testing::{
        fixtures::{account_id, at, day, person_id, school_id, vault},
        reading, save,
    },
};

/// A parent whose СНИЛС two schools have is let into both, and the token opens what was told. There
/// is no device to know again.
pub async fn a_parent_is_found_by_snils(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await;
    let signed_in = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert!(signed_in.device.is_none());
    let session = harness.store.session(&signed_in.token.to_text()).await.unwrap();
    assert_eq!(session, signed_in.session);
    assert_eq!(session.method, SignInMethod::Esia);
    let granted: Vec<_> = session.accounts.iter().map(|g| (g.school, g.account)).collect();
    assert_eq!(granted, [(school_id(1), MOTHER.id()), (school_id(2), MOTHER_THERE.id())]);
    let children = [1, 2].map(account_id).to_vec();
    assert_eq!(session.accounts[0].roles, [GrantedRole::Parent { children }]);
    assert_eq!(harness.hasher.take(), 0, "there is no password to check");

    // Signing out tells how the session began.
    let token = signed_in.token.to_text();
    assert_eq!(harness.store.sign_out(&token).await.unwrap(), Some(SignInMethod::Esia));
    assert_eq!(harness.store.sign_out(&token).await.unwrap(), None);
    assert!(matches!(harness.store.session(&token).await, Err(SessionError::Ended)));
}

/// Where the school has no СНИЛС, a verified phone with birth date and given name is enough; one
/// that ЕСИА did not verify is not.
pub async fn a_parent_is_found_by_a_verified_phone(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let snils = NEWCOMER.snils.parse().ok();
    let father = EsiaPerson { snils, ..FATHER.in_esia() };
    let signed_in = harness.store.sign_in_with_esia(father.clone()).await.unwrap();
    assert_eq!(signed_in.session.accounts[0].account, FATHER.id());
    let unverified = EsiaPerson { verified_phone: None, ..father };
    let result = harness.store.sign_in_with_esia(unverified).await;
    assert_eq!(refused(result), RefusalCode::NotFound);
}

/// Numbers change hands: who has a parent's old number is nobody here.
pub async fn a_stranger_with_a_parents_old_number_is_not_found(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    for parent in [MOTHER, FATHER] {
        let stranger = Known { phone: parent.phone, ..NEWCOMER };
        let result = harness.store.sign_in_with_esia(stranger.in_esia()).await;
        assert_eq!(refused(result), RefusalCode::NotFound);
        // Not even a namesake born on the same day, where the school has another СНИЛС.
        let namesake = Known { name: parent.name, born: parent.born, ..stranger };
        let result = harness.store.sign_in_with_esia(namesake.in_esia()).await;
        assert_eq!(result.is_ok(), parent.snils.is_empty());
    }
}

/// Who contradicts the account that has the СНИЛС is nobody for certain.
pub async fn a_contradicted_snils_is_ambiguous(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let twin = FullName::new("Ёлкина", "Марина", None).unwrap();
    let twin = EsiaPerson { name: twin, ..MOTHER.in_esia() };
    let result = harness.store.sign_in_with_esia(twin).await;
    assert_eq!(refused(result), RefusalCode::Ambiguous);
}

/// A teacher who is a parent is both, in one account.
pub async fn a_teacher_who_is_a_parent_is_both(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let session = harness.store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap().session;
    let [grant] = &session.accounts[..] else { panic!("one account") };
    let class_teacher_of = vec![eschool_core::id::ClassId(uuid::Uuid::from_u128(8))];
    assert_eq!(
        grant.roles,
        [
            GrantedRole::Parent { children: vec![account_id(3)] },
            GrantedRole::Staff { class_teacher_of, duties: Vec::new() },
        ]
    );
    assert!(!session.must_choose());
    assert_eq!(session.open().count(), 1);
}

/// From the threshold on a pupil signs in through ЕСИА, with a confirmed account alone.
pub async fn an_older_pupil_signs_in_through_esia(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let session = harness.store.sign_in_with_esia(OLEG.in_esia()).await.unwrap().session;
    assert_eq!(session.pupil(), Some((school_id(1), OLEG.id())));
    assert!(harness.store.week(&session, school_id(1), OLEG.id(), None).await.is_ok());
    for assurance in [Assurance::Child, Assurance::Unconfirmed] {
        let result = harness.store.sign_in_with_esia(EsiaPerson { assurance, ..OLEG.in_esia() });
        assert_eq!(refused(result.await), RefusalCode::EsiaNotConfirmed);
    }
}

/// The end of a guardianship ends the session, at midnight of the school, and there is no next one.
pub async fn a_session_ends_with_the_guardianship(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    harness.clock.set("2024-12-20T09:00:00Z");
    let signed_in = harness.store.sign_in_with_esia(FATHER.in_esia()).await.unwrap();
    assert_eq!(signed_in.session.expires_at.to_rfc3339(), "2024-12-31T21:00:00+00:00");
    harness.clock.set("2024-12-31T21:00:00Z");
    let token = signed_in.token.to_text();
    assert!(matches!(harness.store.session(&token).await, Err(SessionError::Ended)));
    let result = harness.store.sign_in_with_esia(FATHER.in_esia()).await;
    assert_eq!(refused(result), RefusalCode::NoChildren);
}

/// An account that was joined to the person comes along, though it holds no key to be found by; one
/// of somebody else does not.
pub async fn joined_accounts_come_along(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let bare = Known { snils: "", phone: "", born: "", ..MOTHER_THERE };
    for (person, accounts) in [(12, 1), (11, 2), (12, 1)] {
        let mut changes = Changes::default();
        Known { person, ..bare }.save(&mut changes);
        save(&backend, &changes).await;
        let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
        assert_eq!(session.accounts.len(), accounts, "person {person}");
        assert_eq!(session.person, person_id(11));
    }
}

/// What a sign-in would come to is told as it then comes, and nothing is left behind: no session, no
/// case, no number in ЕСИА, no line of the audit.
pub async fn a_sign_in_is_foreseen_without_a_trace(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let grant = harness.store.foresee_esia(MOTHER.in_esia()).await.unwrap();
    let unconfirmed = EsiaPerson { assurance: Assurance::Unconfirmed, ..MOTHER.in_esia() };
    let mut foreseen = Vec::new();
    for person in [NEWCOMER.in_esia(), unconfirmed] {
        let Err(SignInError::Refused(refusal)) = harness.store.foresee_esia(person).await else {
            panic!("a refusal")
        };
        assert_eq!(refusal.case, None);
        foreseen.push(refusal.code);
    }
    assert_eq!(foreseen, [RefusalCode::NotFound, RefusalCode::EsiaNotConfirmed]);

    assert_eq!(harness.store.audit(10).await.unwrap(), []);
    let mut tx = reading(&backend).await;
    let end = at("9999-12-31T00:00:00Z");
    assert_eq!(tx.sessions_until(end, 10).await.unwrap(), []);
    assert_eq!(tx.cases_until(end, 10).await.unwrap(), []);
    for person in [MOTHER, NEWCOMER].map(Known::in_esia) {
        let key = vault().lookup(ClaimKind::EsiaId, &person.oid);
        assert_eq!(tx.claims(&[key]).await.unwrap(), []);
    }
    drop(tx);
    let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    assert_eq!((grant.person, grant.accounts), (session.person, session.accounts));
    assert_eq!(grant.choose_school, session.choose);
}

/// The person's number in ЕСИА is noted with each account that was granted, once.
pub async fn the_number_in_esia_is_noted_once(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let person = MOTHER.in_esia();
    let key = vault().lookup(ClaimKind::EsiaId, &person.oid);
    for _ in 0..2 {
        harness.store.sign_in_with_esia(person.clone()).await.unwrap();
        let claims = reading(&backend).await.claims(&[key]).await.unwrap();
        let noted: Vec<_> = claims.iter().map(|c| (c.kind, c.account, c.person)).collect();
        let note = |known: Known| (ClaimKind::EsiaId, known.id(), person_id(known.person));
        assert_eq!(noted, [note(MOTHER), note(MOTHER_THERE)]);
    }
    // Who is refused leaves no number behind.
    let stranger = NEWCOMER.in_esia();
    let key = vault().lookup(ClaimKind::EsiaId, &stranger.oid);
    assert_eq!(refused(harness.store.sign_in_with_esia(stranger).await), RefusalCode::NotFound);
    assert_eq!(reading(&backend).await.claims(&[key]).await.unwrap(), []);
}

/// Days are those of the school; of schools in several zones, those of the installation.
pub async fn days_are_those_of_the_school(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    // At noon in Greenwich the next day begins in Петропавловск-Камчатский; Moscow has 15:00.
    let far =
        |n: usize| School { time_zone: "Asia/Kamchatka".into(), ..families().schools[n].clone() };
    let ends = |parent, child| {
        let (school, bond) = bond(parent, child);
        (school, Guardianship { until: Some(day("2024-12-31")), ..bond })
    };
    let guardianships = vec![ends(MOTHER, 1), ends(MOTHER, 2), ends(MOTHER_THERE, 4)];
    save(&backend, &Changes { schools: vec![far(0)], guardianships, ..Changes::default() }).await;
    harness.clock.set("2024-12-31T11:59:59Z");
    assert!(harness.store.sign_in_with_esia(FATHER.in_esia()).await.is_ok());
    harness.clock.set("2024-12-31T12:00:00Z");
    let result = harness.store.sign_in_with_esia(FATHER.in_esia()).await;
    assert_eq!(refused(result), RefusalCode::NoChildren);

    // The mother has children in both zones: the date in Moscow counts, where the installation is.
    harness.clock.set("2024-12-31T20:59:59Z");
    let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    assert_eq!(session.expires_at.to_rfc3339(), "2024-12-31T21:00:00+00:00");
    // But the far school's day is over, and its diaries are closed.
    let refused_there = harness.store.week(&session, school_id(1), account_id(1), None).await;
    assert_eq!(refused_there.unwrap_err().code(), "guardianship_ended");
    assert!(harness.store.week(&session, school_id(2), account_id(4), None).await.is_ok());
    harness.clock.forward(TimeDelta::seconds(1));
    let result = harness.store.sign_in_with_esia(MOTHER.in_esia()).await;
    assert_eq!(refused(result), RefusalCode::NoChildren);
}

/// A sign-in is one line of the audit, with no personal data in it.
pub async fn sign_ins_through_esia_are_audited(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await;
    harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let _ = harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await;
    let entries = harness.store.audit(10).await.unwrap();
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.outcome.as_str())).collect();
    assert_eq!(told, [("sign_in", "not_found"), ("sign_in", "granted")]);
    assert_eq!((entries[0].actor, entries[1].actor), (None, Some(MOTHER.id())));
    let shown = serde_json::to_string(&entries).unwrap();
    for known in [MOTHER, NEWCOMER] {
        let person = known.in_esia();
        for secret in [known.name.0, known.snils, known.phone, &person.oid, "1985", "1990"] {
            assert!(!shown.contains(secret));
        }
    }
}
