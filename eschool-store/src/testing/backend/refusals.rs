//! What is kept of refused sign-ins, duties, invitations, and which accounts a person has.

use eschool_core::{
    id::SchoolId,
    people::Duty,
    signin::{CaseCode, RefusalCode},
};

use super::of;
use crate::{
    backend::{Backend, Changes, DutyRow, InvitationRow, RefusedSignInRow, StoredAccount},
    secret::{ClaimKind, KeyHash},
    testing::{
        fixtures::{
            EXTREME_DAYS, account, account_id, at, day, duty, extreme_instants, key, person_id,
            school, school_id, sealed, token, unusual_texts,
        },
        reading, save,
    },
};

/// The accounts of people, of every school, by school and account, each once; an account that was
/// joined to somebody else is theirs alone.
pub async fn accounts_are_found_by_person(backend: impl Backend) {
    let of_person = |n, id, person| StoredAccount {
        person: person_id(person),
        ..account(school_id(n), id, "Ёлкина")
    };
    let accounts =
        vec![of_person(2, 1, 7), of_person(1, 5, 7), of_person(1, 2, 7), of_person(1, 1, 8)];
    let schools = vec![school(1), school(2)];
    save(&backend, &Changes { schools, accounts, ..Changes::default() }).await;
    let key = |school, id| (school_id(school), account_id(id));
    let (of_7, of_8) = ([key(1, 2), key(1, 5), key(2, 1)], [key(1, 1)]);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.accounts_of(&[person_id(7)]).await.unwrap(), of_7);
    assert_eq!(tx.accounts_of(&[person_id(8)]).await.unwrap(), of_8);
    let both = tx.accounts_of(&[8, 7, 8, 404].map(person_id)).await.unwrap();
    assert_eq!(both, [&of_8[..], &of_7].concat());
    let held = tx.memberships(&[8, 7, 8, 404].map(person_id)).await.unwrap();
    let by = |person, held: &[_]| -> Vec<_> {
        held.iter().map(|(school, account)| (person_id(person), *school, *account)).collect()
    };
    assert_eq!(held, [by(7, &of_7), by(8, &of_8)].concat());
    assert_eq!(tx.accounts_of(&[]).await.unwrap(), []);
    assert_eq!(tx.accounts_of(&[person_id(404)]).await.unwrap(), []);
    drop(tx);

    // One changes its person; of two rows with one key the later stays.
    let accounts = vec![of_person(1, 5, 9), of_person(1, 5, 8), of_person(1, 2, 7)];
    save(&backend, &Changes { accounts, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.accounts_of(&[person_id(7)]).await.unwrap(), [key(1, 2), key(2, 1)]);
    assert_eq!(tx.accounts_of(&[person_id(8)]).await.unwrap(), [key(1, 1), key(1, 5)]);
    assert_eq!(tx.accounts_of(&[person_id(9)]).await.unwrap(), []);
}

/// Duties of every kind, unknown ones too, in the registry and with the account that has them.
pub async fn duties_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let mut kinds = unusual_texts();
    kinds.push("administrator".into());
    kinds.sort();
    let mut duties: Vec<DutyRow> =
        kinds.iter().map(|kind| DutyRow { duty: Duty::from(kind.as_str()), ..duty(21) }).collect();
    for (duty, since) in duties.iter_mut().zip(EXTREME_DAYS) {
        duty.since = since;
    }
    let other = duty(22);
    let mut saved = of(id, &duties);
    saved.push((id, other.clone()));
    saved.push((school_id(2), duty(21)));
    saved.reverse();
    let accounts = [(id, 21), (id, 22), (school_id(2), 21)];
    let accounts = accounts.map(|(school, n)| account(school, n, "Соснова")).into();
    let schools = vec![school(1), school(2)];
    save(&backend, &Changes { schools, accounts, duties: saved, ..Changes::default() }).await;

    let mut tx = reading(&backend).await;
    let members = tx.members(&[(id, account_id(21)), (id, account_id(22))]).await.unwrap();
    assert_eq!(members[0].duties, duties);
    assert_eq!(members[1].duties, std::slice::from_ref(&other));
    let all = [&duties[..], &[other]].concat();
    assert_eq!(tx.registry(id).await.unwrap().duties, all);
    drop(tx);

    let since = day("2025-01-09");
    let later = DutyRow { since, ..duty(22) };
    let changes = Changes { duties: vec![(id, later.clone())], ..Changes::default() };
    save(&backend, &changes).await;
    let members = reading(&backend).await.members(&[(id, account_id(22))]).await.unwrap();
    assert_eq!(members[0].duties, [later]);
}

/// A refused sign-in comes back with every field, whether its time is over or not, and is replaced
/// by its code.
pub async fn refused_sign_ins_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let mut rows = [
        refused(1, "1970-01-02T00:00:00Z"),
        RefusedSignInRow { at: first, expires_at: last, ..refused(2, "2024-09-02T00:00:00Z") },
        RefusedSignInRow { at: exact, expires_at: exact, ..refused(3, "2024-09-02T00:00:00Z") },
    ];
    rows[2].refusal = RefusalCode::from("later");
    let refused_sign_ins = rows.to_vec();
    save(&backend, &Changes { refused_sign_ins, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    for row in &rows {
        assert_eq!(tx.refused_sign_in(&row.case).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(tx.refused_sign_in(&case(9)).await.unwrap(), None);
    drop(tx);

    let again = RefusedSignInRow {
        refusal: RefusalCode::Ambiguous,
        person: esia_key(8),
        ..rows[0].clone()
    };
    let refused_sign_ins = vec![again.clone()];
    save(&backend, &Changes { refused_sign_ins, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.refused_sign_in(&case(1)).await.unwrap(), Some(again));
    assert_eq!(tx.refused_sign_in(&case(2)).await.unwrap().as_ref(), Some(&rows[1]));
}

/// The refused sign-ins of one person, by code, whether their time is over or not; nobody else's.
pub async fn refused_sign_ins_are_found_by_person(backend: impl Backend) {
    let of_7 = |n, end| RefusedSignInRow { person: esia_key(7), ..refused(n, end) };
    let mut theirs = [
        of_7(1, "1970-01-02T00:00:00Z"),
        of_7(2, "2024-09-02T00:00:00Z"),
        RefusedSignInRow { refusal: RefusalCode::Ambiguous, ..of_7(3, "9999-12-31T00:00:00Z") },
    ];
    theirs.sort_by_key(|row| row.case);
    let other = refused(4, "2024-09-02T00:00:00Z");
    let refused_sign_ins = [&theirs[..], std::slice::from_ref(&other)].concat();
    save(&backend, &Changes { refused_sign_ins, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.refused_sign_ins_of(&esia_key(7)).await.unwrap(), theirs);
    assert_eq!(tx.refused_sign_ins_of(&esia_key(4)).await.unwrap(), [other]);
    assert_eq!(tx.refused_sign_ins_of(&esia_key(9)).await.unwrap(), []);
    drop(tx);

    let forgotten_cases = vec![theirs[0].case];
    save(&backend, &Changes { forgotten_cases, ..Changes::default() }).await;
    let left = reading(&backend).await.refused_sign_ins_of(&esia_key(7)).await.unwrap();
    assert_eq!(left, theirs[1..]);
}

/// Codes by the end of their time, no more than are asked for; the instant itself belongs to it. A
/// code that was forgotten is not there, and one that never was is no matter.
pub async fn cases_stand_by_their_end(backend: impl Backend) {
    let ends = [
        (1, "2024-09-03T00:00:00Z"),
        (2, "2024-09-01T00:00:00Z"),
        (3, "2024-09-02T00:00:00.000001Z"),
        (5, "2024-09-02T00:00:00Z"),
        (4, "2024-09-02T00:00:00Z"),
    ];
    let refused_sign_ins = ends.map(|(n, end)| refused(n, end)).into();
    save(&backend, &Changes { refused_sign_ins, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let mut together = [case(4), case(5)];
    together.sort();
    let noon = at("2024-09-02T00:00:00Z");
    let all = [&[case(2)][..], &together].concat();
    assert_eq!(tx.cases_until(noon, 10).await.unwrap(), all);
    assert_eq!(tx.cases_until(noon, 3).await.unwrap(), all);
    assert_eq!(tx.cases_until(noon, 2).await.unwrap(), all[..2]);
    assert_eq!(tx.cases_until(noon, 0).await.unwrap(), []);
    assert_eq!(tx.cases_until(at("2024-08-31T00:00:00Z"), 10).await.unwrap(), []);
    assert_eq!(tx.cases_until(at("9999-12-31T00:00:00Z"), u32::MAX).await.unwrap().len(), 5);
    drop(tx);

    let forgotten_cases = vec![case(2), case(9), case(4)];
    save(&backend, &Changes { forgotten_cases, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.cases_until(noon, 10).await.unwrap(), [case(5)]);
    assert_eq!(tx.refused_sign_in(&case(2)).await.unwrap(), None);
}

/// An invitation comes back with every field both ways, and is replaced by its token.
pub async fn invitations_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let rows = [
        invitation(1),
        InvitationRow { used_at: Some(exact), used_by: Some(account_id(21)), ..invitation(2) },
        InvitationRow {
            school: SchoolId(uuid::Uuid::max()),
            duty: Duty::from("registrar"),
            created_at: first,
            expires_at: last,
            ..invitation(3)
        },
    ];
    let invitations = rows.to_vec();
    save(&backend, &Changes { invitations, ..Changes::default() }).await;
    let used = InvitationRow { used_at: Some(last), used_by: Some(account_id(1)), ..invitation(1) };
    let mut tx = reading(&backend).await;
    for row in &rows {
        assert_eq!(tx.invitation(&row.token).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(tx.invitation(&token(9)).await.unwrap(), None);
    drop(tx);
    let invitations = vec![used.clone()];
    save(&backend, &Changes { invitations, ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.invitation(&token(1)).await.unwrap(), Some(used));
}

/// Tokens by the end of their time, used or not, no more than are asked for; the instant itself
/// belongs to it. One that was forgotten is not there, and one that never was is no matter.
pub async fn invitations_stand_by_their_end(backend: impl Backend) {
    let noon = at("2024-09-02T12:00:00Z");
    let end = |n, expires_at| InvitationRow { expires_at, ..invitation(n) };
    let used = InvitationRow { used_at: Some(noon), ..end(4, noon) };
    let invitations = vec![
        end(1, at("2024-09-03T00:00:00Z")),
        end(2, at("2024-09-01T00:00:00Z")),
        end(3, at("2024-09-02T12:00:00.000001Z")),
        end(5, noon),
        used,
    ];
    save(&backend, &Changes { invitations, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let mut together = [token(4), token(5)];
    together.sort_by_key(|token| token.0);
    let all = [&[token(2)][..], &together].concat();
    assert_eq!(tx.invitations_until(noon, 10).await.unwrap(), all);
    assert_eq!(tx.invitations_until(noon, 2).await.unwrap(), all[..2]);
    assert_eq!(tx.invitations_until(noon, 0).await.unwrap(), []);
    assert_eq!(tx.invitations_until(at("2024-08-31T00:00:00Z"), 10).await.unwrap(), []);
    assert_eq!(tx.invitations_until(at("9999-12-31T00:00:00Z"), 10).await.unwrap().len(), 5);
    drop(tx);

    let forgotten_invitations = vec![token(2), token(9), token(4)];
    save(&backend, &Changes { forgotten_invitations, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.invitations_until(noon, 10).await.unwrap(), [token(5)]);
    assert_eq!(tx.invitation(&token(2)).await.unwrap(), None);
    assert_eq!(tx.invitation(&token(1)).await.unwrap().unwrap().token, token(1));
}

/// An invitation to school 1 for three days.
fn invitation(n: u8) -> InvitationRow {
    InvitationRow {
        token: token(n),
        school: school_id(1),
        duty: Duty::Administrator,
        created_at: at("2024-09-02T08:30:00Z"),
        expires_at: at("2024-09-05T08:30:00Z"),
        used_at: None,
        used_by: None,
    }
}

/// What the person with this number is found by.
fn esia_key(n: u8) -> KeyHash {
    key(ClaimKind::EsiaId, &n.to_string())
}

fn case(n: u8) -> CaseCode {
    CaseCode::from_random([n; 8])
}

fn refused(n: u8, end: &str) -> RefusedSignInRow {
    RefusedSignInRow {
        case: case(n),
        person: esia_key(n),
        at: at("2024-08-02T08:30:00Z"),
        refusal: RefusalCode::NotFound,
        expires_at: at(end),
        said: sealed(school_id(1), account_id(n.into()), "said", "Ёлкина"),
    }
}
