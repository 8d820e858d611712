//! The access of apps.

use eschool_core::{
    id::{AppGrantId, PersonId},
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};
use uuid::Uuid;

use crate::{
    backend::{AppGrantRow, Backend, Changes, RefreshHashes, SessionRow},
    testing::{
        fixtures::{account_id, at, extreme_instants, person_id, school_id, session, token},
        reading, save,
    },
};

/// An access of person `person`, redeemed.
fn grant(person: u128, n: u128) -> AppGrantRow {
    AppGrantRow {
        person: person_id(person),
        id: AppGrantId(Uuid::from_u128(n)),
        client: "kotlin-diary".into(),
        device: "Телефон «мамы»; <b>".parse().ok(),
        accounts: session(1, school_id(1), person).accounts,
        method: SignInMethod::Password,
        choose: false,
        chosen: None,
        code: token(101),
        approved_in: token(102),
        redirect_uri: "http://127.0.0.1:4100/callback?a='1'&b=%20".into(),
        challenge: token(105),
        refresh: Some(RefreshHashes { family: token(103), turn: token(104) }),
        created_at: at("2024-09-02T08:30:00.000001Z"),
        used_at: at("2024-09-02T08:31:00Z"),
        granted_until: Some(at("2024-12-31T21:00:00Z")),
        expires_at: at("2024-12-31T21:00:00Z"),
    }
}

/// A session of an access.
fn of(grant: &AppGrantRow, n: u8) -> SessionRow {
    SessionRow { person: grant.person, app: Some(grant.id), ..session(n, school_id(1), 1) }
}

/// Everything comes back as it was saved, each of its person alone, by identifier.
pub async fn app_grants_are_loaded_as_saved(backend: impl Backend) {
    let [first, _, last] = extreme_instants();
    let rows = [
        grant(1, 3),
        AppGrantRow {
            device: None,
            refresh: None,
            granted_until: None,
            created_at: first,
            used_at: first,
            expires_at: last,
            accounts: Vec::new(),
            ..grant(1, 1)
        },
        AppGrantRow {
            method: SignInMethod::from("later"),
            choose: true,
            chosen: Some(account_id(12)),
            accounts: vec![AccountGrant {
                account: account_id(12),
                school: school_id(2),
                roles: vec![GrantedRole::Parent { children: vec![account_id(4)] }],
            }],
            ..grant(1, 2)
        },
        grant(2, 3),
    ];
    save(&backend, &Changes { app_grants: rows.to_vec(), ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    for row in &rows {
        assert_eq!(tx.app_grant(row.person, row.id).await.unwrap().as_ref(), Some(row));
    }
    let own = tx.app_grants_of(person_id(1)).await.unwrap();
    assert_eq!(own, [rows[1].clone(), rows[2].clone(), rows[0].clone()]);
    assert_eq!(tx.app_grants_of(person_id(3)).await.unwrap(), []);
    assert_eq!(tx.app_grant(person_id(2), rows[1].id).await.unwrap(), None);
}

/// An access that is there goes on with other tokens; one that is not stays away, and so does a
/// session of it.
pub async fn only_an_app_that_is_in_goes_on(backend: impl Backend) {
    let there = AppGrantRow { refresh: None, ..grant(1, 1) };
    save(&backend, &Changes { app_grants: vec![there.clone()], ..Changes::default() }).await;
    let later = at("2024-09-03T08:30:00Z");
    let renewed = |row: &AppGrantRow| AppGrantRow {
        refresh: Some(RefreshHashes { family: token(9), turn: token(8) }),
        accounts: Vec::new(),
        used_at: later,
        granted_until: None,
        expires_at: at("2025-03-02T08:30:00Z"),
        // None of these can be another.
        client: "another".into(),
        created_at: later,
        code: token(200),
        ..row.clone()
    };
    let gone = grant(1, 2);
    let changes = Changes {
        renewed_grants: vec![renewed(&there), renewed(&gone)],
        sessions: vec![of(&there, 1), of(&gone, 2), session(3, school_id(1), 1)],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let expected = AppGrantRow {
        client: there.client.clone(),
        created_at: there.created_at,
        code: there.code,
        ..renewed(&there)
    };
    assert_eq!(tx.app_grants_of(person_id(1)).await.unwrap(), [expected]);
    let sessions = tx.sessions_of(person_id(1)).await.unwrap();
    let mut own = [of(&there, 1), session(3, school_id(1), 1)];
    own.sort_by_key(|session| session.token);
    assert_eq!(sessions, own);
}

/// What ends an access ends its sessions and no others; what ends a person's sessions ends their apps,
/// and no others'.
pub async fn an_app_ends_with_its_sessions(backend: impl Backend) {
    let (one, two, three) = (grant(1, 1), grant(1, 2), grant(2, 1));
    let begun = Changes {
        app_grants: vec![one.clone(), two.clone(), three.clone()],
        sessions: vec![
            of(&one, 1),
            of(&one, 2),
            of(&two, 3),
            of(&three, 4),
            session(5, school_id(1), 1),
        ],
        ..Changes::default()
    };
    save(&backend, &begun).await;
    let left = async |person: PersonId| {
        let mut tx = reading(&backend).await;
        let grants = tx.app_grants_of(person).await.unwrap().len();
        (grants, tx.sessions_of(person).await.unwrap().len())
    };
    let nobody = AppGrantId(Uuid::from_u128(404));
    let ended_grants = vec![(one.person, one.id), (two.person, nobody)];
    save(&backend, &Changes { ended_grants, ..Changes::default() }).await;
    assert_eq!((left(one.person).await, left(three.person).await), ((1, 2), (1, 1)));

    let ended_others = vec![(one.person, token(5))];
    save(&backend, &Changes { ended_others, ..Changes::default() }).await;
    assert_eq!((left(one.person).await, left(three.person).await), ((0, 1), (1, 1)));

    let ended_people = vec![three.person];
    save(&backend, &Changes { ended_people, ..Changes::default() }).await;
    assert_eq!((left(one.person).await, left(three.person).await), ((0, 1), (0, 0)));
}

/// By the end of their time, no more than are asked for; the instant itself belongs to it.
pub async fn app_grants_stand_by_their_end(backend: impl Backend) {
    let noon = at("2024-09-02T12:00:00Z");
    let end = |person, n, expires_at| AppGrantRow { expires_at, ..grant(person, n) };
    let app_grants = vec![
        end(1, 1, at("2024-09-03T00:00:00Z")),
        end(1, 5, noon),
        end(2, 4, noon),
        end(2, 2, at("2024-09-01T00:00:00Z")),
        end(1, 3, at("2024-09-02T12:00:00.000001Z")),
    ];
    save(&backend, &Changes { app_grants, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let all = [(2, 2), (2, 4), (1, 5)].map(|(p, n)| (person_id(p), AppGrantId(Uuid::from_u128(n))));
    assert_eq!(tx.app_grants_until(noon, 10).await.unwrap(), all);
    assert_eq!(tx.app_grants_until(noon, 2).await.unwrap(), all[..2]);
    assert_eq!(tx.app_grants_until(noon, 0).await.unwrap(), []);
}
