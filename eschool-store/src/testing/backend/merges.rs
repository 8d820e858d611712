//! Accounts that change hands, and what is remembered of it.

use eschool_core::{
    id::{AccountId, MergeId, SchoolId},
    merge::AccountMove,
    people::KeptApart,
};
use uuid::Uuid;

use crate::{
    backend::{Backend, Changes, MergeRow, MergeableAccount, StoredAccount},
    secret::ClaimKind,
    testing::{
        fixtures::{account_id, at, claim, known_account, person_id, school, school_id},
        reading, save,
    },
};

/// What merging reads comes by school and account, with what the СНИЛС is found by where there is
/// one, whatever other keys there are; an account that is found by two of them comes once.
pub async fn what_merging_reads_is_there(backend: impl Backend) {
    let mut changes = two_schools();
    let twice = changes.accounts.iter().find(|account| account.snils.is_some()).unwrap();
    let others = ["11223344595", "08765430300", "15678901234"];
    changes.claims.extend(others.map(|snils| claim(twice, ClaimKind::Snils, snils)));
    save(&backend, &changes).await;
    let expected: Vec<_> = changes
        .accounts
        .iter()
        .map(|account| {
            let of = |kind| {
                let its = changes.claims.iter().filter(|claim| {
                    (claim.school, claim.account, claim.kind) == (account.school, account.id, kind)
                });
                its.map(|claim| claim.key).min()
            };
            MergeableAccount {
                account: account.id,
                school: account.school,
                person: account.person,
                name: account.name.clone(),
                birth_date: account.birth_date,
                snils: of(ClaimKind::Snils),
            }
        })
        .collect();
    assert!(expected[0].snils.is_some() && expected[1].snils.is_none());
    assert_eq!(reading(&backend).await.mergeable_accounts().await.unwrap(), expected);
}

/// An account becomes another person's with every claim; its neighbours, the account of the same
/// identifier in another school among them, stay as they are. One that is not there stays away.
pub async fn a_moved_account_takes_its_claims_along(backend: impl Backend) {
    let changes = two_schools();
    save(&backend, &changes).await;
    let there = school_id(2);
    let moves = vec![step(there, 1, 31, 90), step(school_id(3), 1, 1, 90), step(there, 77, 1, 90)];
    save(&backend, &Changes { moves, ..Changes::default() }).await;

    let mut tx = reading(&backend).await;
    let of = async |tx: &mut dyn crate::backend::Tx, person| {
        tx.accounts_of(&[person_id(person)]).await.unwrap()
    };
    let was: Vec<_> = changes.accounts.iter().map(|account| account.person).collect();
    assert_eq!(of(&mut *tx, 90).await, [(there, account_id(1))]);
    assert_eq!(tx.members(&[(there, account_id(77))]).await.unwrap(), []);
    assert_eq!(tx.registry(school_id(3)).await.unwrap().accounts, []);
    let now = tx.mergeable_accounts().await.unwrap();
    for (row, was) in now.iter().zip(was) {
        let is_moved = (row.school, row.account) == (there, account_id(1));
        assert_eq!(row.person, if is_moved { person_id(90) } else { was });
        let claims = tx.registry(row.school).await.unwrap().claims;
        let theirs = claims.iter().filter(|claim| claim.account == row.account);
        assert!(theirs.clone().count() > 0 && theirs.clone().all(|c| c.person == row.person));
    }
}

/// What was done comes back as it was saved, the last first; saved again, it is replaced whole.
pub async fn merges_are_loaded_as_saved(backend: impl Backend) {
    let steps = vec![step(school_id(1), 1, 2, 3), step(school_id(2), 1, 2, 3)];
    let first = merge(1, "2024-09-01T00:00:00Z", steps.clone());
    let second = MergeRow {
        actor: Some(account_id(9)),
        undone_at: Some(at("2024-09-03T00:00:00.000001Z")),
        ..merge(2, "2024-09-02T00:00:00Z", vec![step(school_id(1), 5, 6, 7)])
    };
    let merges = vec![second.clone(), first.clone()];
    save(&backend, &Changes { merges, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.merges(10).await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(tx.merges(1).await.unwrap(), [second]);
    assert_eq!(tx.merges(0).await.unwrap(), []);
    assert_eq!(tx.merge(first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(tx.merge(MergeId(Uuid::from_u128(3))).await.unwrap(), None);
    drop(tx);

    let again = MergeRow { undone_at: Some(first.at), moves: steps[..1].to_vec(), ..first };
    save(&backend, &Changes { merges: vec![again.clone()], ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.merge(again.id).await.unwrap(), Some(again));
}

/// Who is kept apart comes once, whichever was named first, in order, asked for by either; and is
/// so no longer once that is taken back.
pub async fn who_is_kept_apart_is_found_by_either(backend: impl Backend) {
    let pair = |one, other| KeptApart { one: account_id(one), other: account_id(other) };
    let kept_apart = vec![pair(5, 2), pair(2, 5), pair(1, 9), pair(2, 3)];
    save(&backend, &Changes { kept_apart, ..Changes::default() }).await;
    let told =
        async |of: Option<&[AccountId]>| reading(&backend).await.kept_apart(of).await.unwrap();
    assert_eq!(told(None).await, [pair(1, 9), pair(2, 3), pair(2, 5)]);
    assert_eq!(told(Some(&[account_id(5)])).await, [pair(2, 5)]);
    assert_eq!(told(Some(&[account_id(2), account_id(5)])).await, [pair(2, 3), pair(2, 5)]);
    assert_eq!(told(Some(&[account_id(9)])).await, [pair(1, 9)]);
    assert_eq!(told(Some(&[account_id(4)])).await, []);
    assert_eq!(told(Some(&[])).await, []);

    let reunited = vec![pair(5, 2), pair(7, 8)];
    save(&backend, &Changes { reunited, ..Changes::default() }).await;
    assert_eq!(told(None).await, [pair(1, 9), pair(2, 3)]);
}

/// Two schools that use the same identifiers of accounts; by school and account.
fn two_schools() -> Changes {
    let mut changes = Changes { schools: vec![school(1), school(2)], ..Changes::default() };
    for (of, person) in [(1, 1), (2, 31)] {
        let (account, claims) = known_account(school_id(of), 1, "Ёлкина");
        let account = StoredAccount { person: person_id(person), ..account };
        changes.claims.extend(
            claims
                .into_iter()
                .map(|claim| crate::backend::Claim { person: person_id(person), ..claim }),
        );
        changes.accounts.push(account.clone());
        let nameless = StoredAccount {
            id: account_id(2),
            person: person_id(person + 1),
            birth_date: None,
            snils: None,
            ..account
        };
        changes.claims.push(claim(&nameless, ClaimKind::Phone, "+79123456789"));
        changes.accounts.push(nameless);
    }
    changes
}

fn step(school: SchoolId, account: u128, from: u128, into: u128) -> AccountMove {
    let (from, into) = (person_id(from), person_id(into));
    AccountMove { account: account_id(account), school, from, into }
}

fn merge(n: u128, when: &str, moves: Vec<AccountMove>) -> MergeRow {
    MergeRow { id: MergeId(Uuid::from_u128(n)), at: at(when), actor: None, undone_at: None, moves }
}
