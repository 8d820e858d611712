//! Invitations of administrators.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    identity::FullName,
    people::Duty,
    policy::{SignInMethod, SignInPolicy},
    signin::{Assurance, EsiaPerson, GrantedRole, RefusalCode},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, NEWCOMER, TEACHER},
    harness::{Yielding, join, refused},
};
use crate::{
    AcceptError, SignedIn,
    backend::{Backend, Registry},
    testing::{
        fixtures::{at, day, person_id, school_id},
        reading,
    },
};

/// A newcomer accepts: the school has an account of what ЕСИА vouches for, the newcomer is in as
/// its administrator, and is found again.
pub async fn a_newcomer_becomes_administrator(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let token = invited(&harness, 1).await;
    assert_eq!(harness.store.invitation(&token).await.unwrap().name, "Школа № 7");
    let signed_in = harness.store.accept_invitation(&token, NEWCOMER.in_esia()).await.unwrap();

    let session = harness.store.session(&signed_in.token.to_text()).await.unwrap();
    assert_eq!(session, signed_in.session);
    assert_eq!(session.method, SignInMethod::Esia);
    let [grant] = &session.accounts[..] else { panic!("one account") };
    assert_eq!(grant.school, school_id(1));
    let duties = vec![Duty::Administrator];
    assert_eq!(grant.roles, [GrantedRole::Staff { class_teacher_of: Vec::new(), duties }]);
    let overview = harness.store.overview(&session).await.unwrap().remove(0);
    assert_eq!((overview.name.family(), overview.name.given()), ("Берёзкина", "Анна"));
    assert_eq!(overview.staff.unwrap().duties, [Duty::Administrator]);

    let registry = registry(&backend, 1).await;
    let account = registry.accounts.iter().find(|account| account.id == grant.account).unwrap();
    assert_eq!(account.birth_date, NEWCOMER.born.parse().ok());
    assert!(account.snils.is_some() && account.phone.is_some());
    let duty = registry.duties.first().unwrap();
    assert_eq!((duty.account, duty.since), (grant.account, day("2024-09-02")));

    let again = harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await.unwrap();
    assert_eq!(again.session.accounts, session.accounts);
}

/// Once, within three days; what has ended is not told from what never was.
pub async fn an_invitation_is_good_once_and_for_three_days(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let used = invited(&harness, 1).await;
    harness.store.accept_invitation(&used, NEWCOMER.in_esia()).await.unwrap();
    let invitation = harness.store.invite_administrator(school_id(1)).await.unwrap();
    assert_eq!(invitation.expires_at, at("2024-09-05T09:00:00Z"));
    let late = invitation.token.to_text().to_string();
    for token in [used.as_str(), "", "no token", &"A".repeat(43)] {
        assert_ended(&harness, token).await;
    }
    harness.clock.forward(TimeDelta::days(3) - TimeDelta::seconds(1));
    assert!(harness.store.invitation(&late).await.is_ok());
    harness.clock.forward(TimeDelta::seconds(1));
    assert_ended(&harness, &late).await;
}

/// Whom the rules refuse changes nothing and leaves the invitation good; what ЕСИА said is kept.
pub async fn who_is_refused_leaves_the_invitation_good(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let before = registry(&backend, 1).await;
    let token = invited(&harness, 1).await;
    let twin = FullName::new("Соснова", "Олеся", None).unwrap();
    for (person, expected) in [
        (
            EsiaPerson { assurance: Assurance::Unconfirmed, ..NEWCOMER.in_esia() },
            RefusalCode::EsiaNotConfirmed,
        ),
        (
            EsiaPerson { assurance: Assurance::Child, ..NEWCOMER.in_esia() },
            RefusalCode::EsiaNotConfirmed,
        ),
        (EsiaPerson { snils: None, ..NEWCOMER.in_esia() }, RefusalCode::NotFound),
        // The school has somebody else under this СНИЛС.
        (EsiaPerson { name: twin, ..TEACHER.in_esia() }, RefusalCode::Ambiguous),
    ] {
        let result = harness.store.accept_invitation(&token, person.clone()).await;
        let Err(AcceptError::Refused(refusal)) = result else { panic!("{expected}") };
        assert_eq!(refusal.code, expected);
        let kept = harness.store.refused_sign_in(&refusal.case.unwrap()).await.unwrap();
        assert_eq!(kept.unwrap().person, person);
        assert_eq!(registry(&backend, 1).await, before);
    }
    assert!(harness.store.accept_invitation(&token, NEWCOMER.in_esia()).await.is_ok());
}

/// A teacher keeps the account, with everything it was; a second acceptance keeps the first day.
pub async fn a_teacher_keeps_the_account(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let before = registry(&backend, 1).await;
    for _ in 0..2 {
        let token = invited(&harness, 1).await;
        let signed_in = harness.store.accept_invitation(&token, TEACHER.in_esia()).await.unwrap();
        let [grant] = &signed_in.session.accounts[..] else { panic!("one account") };
        assert_eq!(grant.account, TEACHER.id());
        let [GrantedRole::Parent { .. }, GrantedRole::Staff { class_teacher_of, duties }] =
            &grant.roles[..]
        else {
            panic!("parent and staff")
        };
        assert_eq!((class_teacher_of.len(), &duties[..]), (1, &[Duty::Administrator][..]));
        let after = registry(&backend, 1).await;
        assert_eq!((after.accounts, after.staff), (before.accounts.clone(), before.staff.clone()));
        let since: Vec<_> = after.duties.iter().map(|duty| duty.since).collect();
        assert_eq!(since, [day("2024-09-02")]);
        harness.clock.forward(TimeDelta::days(1));
    }
}

/// Somebody whom another school knows is the same person here.
pub async fn who_is_known_elsewhere_stays_one_person(backend: impl Backend) {
    let backend = Arc::new(backend);
    let mut only_there = super::families::families();
    only_there.accounts.retain(|account| account.id != MOTHER.id());
    only_there.claims.retain(|claim| claim.account != MOTHER.id());
    only_there.guardianships.retain(|(_, bond)| bond.parent != MOTHER.id());
    let policy = SignInPolicy::udmurtia_2023();
    let harness = Harness::with(Arc::clone(&backend), only_there, policy).await;
    let token = invited(&harness, 1).await;
    let session = harness.store.accept_invitation(&token, MOTHER.in_esia()).await.unwrap().session;
    let schools: Vec<_> = session.accounts.iter().map(|grant| grant.school).collect();
    assert_eq!(schools, [school_id(1), school_id(2)]);
    assert_eq!(session.person, person_id(MOTHER_THERE.person));
    let accounts = reading(&backend).await.accounts_of(&[session.person]).await.unwrap();
    assert_eq!(accounts.len(), 2);
}

/// Without a СНИЛС nobody is joined across schools: whom another school knows by phone alone is a
/// person apart here, though the phone would let them in there.
pub async fn a_phone_joins_nobody_across_schools(backend: impl Backend) {
    let backend = Arc::new(backend);
    let policy = SignInPolicy::udmurtia_2023();
    let harness = Harness::with_families(Arc::clone(&backend), policy).await;
    let father = EsiaPerson { snils: NEWCOMER.snils.parse().ok(), ..FATHER.in_esia() };
    let there = harness.store.foresee_esia(father.clone()).await.unwrap();
    assert_eq!(there.person, person_id(FATHER.person));

    let token = invited(&harness, 2).await;
    let session = harness.store.accept_invitation(&token, father).await.unwrap().session;
    let [grant] = &session.accounts[..] else { panic!("one account") };
    assert_eq!(grant.school, school_id(2));
    assert_ne!(session.person, there.person);
    let mut tx = reading(&backend).await;
    let theirs = tx.accounts_of(&[session.person]).await.unwrap();
    assert_eq!(theirs, [(school_id(2), grant.account)]);
    let his = tx.accounts_of(&[there.person]).await.unwrap();
    assert_eq!(his, [(school_id(1), FATHER.id())]);
}

/// Of two who accept one invitation at once one is in, and the other is told that it has ended.
pub async fn one_of_two_acceptances_at_once_lands(backend: impl Backend) {
    let backend = Arc::new(Yielding(backend));
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    // Neither waits for a connection to be opened.
    let both = (reading(&backend).await, reading(&backend).await);
    drop(both);
    let token = invited(&harness, 1).await;
    let acceptances = [NEWCOMER, TEACHER].map(|known| {
        let (store, token) = (harness.store.clone(), token.clone());
        async move { store.accept_invitation(&token, known.in_esia()).await }
    });
    let results = join(acceptances.into_iter()).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    let ended = results.iter().filter(|result| matches!(result, Err(AcceptError::Ended)));
    assert_eq!(ended.count(), 1, "{results:?}");
    assert_eq!(registry(&backend, 1).await.duties.len(), 1);
}

/// No school, no invitation.
pub async fn an_unknown_school_invites_nobody(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let error = harness.store.invite_administrator(school_id(99)).await.unwrap_err();
    assert_eq!(error.code(), "school_not_found");
}

/// The audit tells which school invited and which account accepted, and that somebody came too
/// late; nothing personal, no token.
pub async fn invitations_are_audited_without_personal_data(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let token = invited(&harness, 1).await;
    let signed_in = harness.store.accept_invitation(&token, NEWCOMER.in_esia()).await;
    let account = signed_in.unwrap().session.accounts[0].account;
    let again = harness.store.accept_invitation(&token, TEACHER.in_esia()).await;
    assert!(matches!(again, Err(AcceptError::Ended)));
    let entries = harness.store.audit(10).await.unwrap();
    let told: Vec<_> =
        entries.iter().map(|e| (e.action.as_str(), e.outcome.as_str(), e.actor)).collect();
    assert_eq!(
        told,
        [
            ("invitation", "ended", None),
            ("sign_in", "granted", Some(account)),
            ("invitation", "accepted", Some(account)),
            ("invitation", "made", None),
        ]
    );
    assert!(entries.iter().all(|entry| entry.school == Some(school_id(1))));
    let shown = serde_json::to_string(&entries).unwrap();
    for Known { name, snils, phone, .. } in [NEWCOMER, Known { phone: MOTHER.phone, ..TEACHER }] {
        for secret in [name.0, name.1, snils, phone, &token, "1990", "1979"] {
            assert!(!shown.contains(secret));
        }
    }
    // What never was an invitation is no school's.
    let never = harness.store.accept_invitation("no token", TEACHER.in_esia()).await;
    assert!(matches!(never, Err(AcceptError::Ended)));
    let entry = harness.store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.outcome.as_str(), entry.school), ("ended", None));
}

/// Without an invitation a newcomer is nobody.
pub async fn without_an_invitation_a_newcomer_is_nobody(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    invited(&harness, 1).await;
    let result: Result<SignedIn, _> = harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await;
    assert_eq!(refused(result), RefusalCode::NotFound);
}

/// Nobody is shown or accepts an invitation with this token, not even who could.
async fn assert_ended<B: Backend>(harness: &Harness<B>, token: &str) {
    let ended = harness.store.invitation(token).await.unwrap_err();
    assert_eq!(ended.code(), "invitation_ended");
    let ended = harness.store.accept_invitation(token, TEACHER.in_esia()).await;
    assert!(matches!(ended, Err(AcceptError::Ended)));
}

/// The token of a new invitation to this school.
async fn invited<B: Backend>(harness: &Harness<B>, school: u128) -> String {
    let invitation = harness.store.invite_administrator(school_id(school)).await.unwrap();
    invitation.token.to_text().to_string()
}

async fn registry(backend: &impl Backend, school: u128) -> Registry {
    reading(backend).await.registry(school_id(school)).await.unwrap()
}
