//! Who holds a key.

use crate::{
    backend::{Backend, Changes, Claim, Removed, SharedPhone},
    secret::ClaimKind,
    testing::{
        fixtures::{
            account, account_id, claim, key, known_account, person_id, school, school_id, sealed,
        },
        reading, save,
    },
};

/// Claims of every kind are found by their keys, and nothing else is.
pub async fn claims_are_found_by_key(backend: impl Backend) {
    let holder = account(school_id(1), 1, "Ёлкина");
    // One text under every kind: the kind makes another key of it.
    let mut claims = ClaimKind::ALL.map(|kind| claim(&holder, kind, "1")).to_vec();
    // Of a number at ЕСИА the value stands beside the key.
    for claim in claims.iter_mut().filter(|claim| claim.kind == ClaimKind::EsiaId) {
        claim.sealed = Some(sealed(holder.school, holder.id, "snils", "1"));
    }
    let changes = Changes {
        schools: vec![school(1)],
        accounts: vec![holder],
        claims: claims.clone(),
        ..Changes::default()
    };
    save(&backend, &changes).await;

    let mut tx = reading(&backend).await;
    for claim in &claims {
        assert_eq!(tx.claims(&[claim.key]).await.unwrap(), std::slice::from_ref(claim));
    }
    let asked: Vec<_> = claims.iter().map(|claim| claim.key).collect();
    claims.sort_by_key(|claim| claim.key);
    assert_eq!(tx.claims(&asked).await.unwrap(), claims);
    assert_eq!(tx.claims(&[]).await.unwrap(), []);
    assert_eq!(tx.claims(&[key(ClaimKind::Snils, "2")]).await.unwrap(), []);
}

/// A key may be held by accounts of one school and of several; each claim comes once, however often
/// its key is asked for, by key, kind, school and account.
pub async fn several_accounts_hold_one_key(backend: impl Backend) {
    let holders =
        [(1, 2), (1, 7), (2, 1), (2, 2)].map(|(school, n)| account(school_id(school), n, "Ёлкина"));
    let phones = holders.each_ref().map(|holder| claim(holder, ClaimKind::Phone, "+79123456789"));
    let [first, ..] = &holders;
    // The same bytes under another kind are another claim.
    let email = Claim { kind: ClaimKind::Email, ..claim(first, ClaimKind::Phone, "+79123456789") };
    let mut claims = phones.to_vec();
    claims.push(email.clone());
    claims.reverse();
    let changes = Changes {
        schools: vec![school(1), school(2)],
        accounts: holders.into(),
        claims,
        ..Changes::default()
    };
    save(&backend, &changes).await;

    let mut expected = vec![email.clone()];
    expected.extend(phones);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.claims(&[email.key, email.key]).await.unwrap(), expected);
    assert_eq!(tx.claims(&[key(ClaimKind::Snils, "0"), email.key]).await.unwrap(), expected);
}

/// An account that is saved again holds the typed keys that come with it, and no former one.
pub async fn typed_keys_are_replaced_with_the_account(backend: impl Backend) {
    let id = school_id(1);
    let (account, claims) = known_account(id, 1, "Ёлкина");
    let (neighbour, others) = known_account(id, 2, "Соснова");
    let (namesake, elsewhere) = known_account(school_id(2), 1, "Ёлкина");
    let changes = Changes {
        schools: vec![school(1), school(2)],
        accounts: vec![account.clone(), neighbour, namesake],
        claims: [claims.clone(), others.clone(), elsewhere.clone()].concat(),
        ..Changes::default()
    };
    save(&backend, &changes).await;

    // The phone stays, the e-mail is another, the СНИЛС is gone.
    let phone = claim(&account, ClaimKind::Phone, "+79000000001");
    let email = claim(&account, ClaimKind::Email, "new@example.ru");
    let mut held = vec![phone.clone(), email];
    let second = Changes { accounts: vec![account], claims: held.clone(), ..Changes::default() };
    save(&backend, &second).await;

    held.extend(others);
    held.sort_by_key(|claim| claim.key);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.registry(id).await.unwrap().claims, held);
    let mut untouched = elsewhere.clone();
    untouched.sort_by_key(|claim| claim.key);
    assert_eq!(tx.registry(school_id(2)).await.unwrap().claims, untouched);
    let asked: Vec<_> = claims.iter().map(|claim| claim.key).collect();
    let found = tx.claims(&asked).await.unwrap();
    assert_eq!(found.iter().filter(|claim| claim.school == id).collect::<Vec<_>>(), [&phone]);
}

/// What ЕСИА told and what a card made is not taken away when somebody corrects the account.
pub async fn other_keys_outlive_a_correction(backend: impl Backend) {
    let id = school_id(1);
    let (account, mut claims) = known_account(id, 1, "Ёлкина");
    let kept = [ClaimKind::EsiaId, ClaimKind::Login].map(|kind| claim(&account, kind, "1000"));
    claims.extend(kept.clone());
    let changes = Changes {
        schools: vec![school(1)],
        accounts: vec![account.clone()],
        claims,
        ..Changes::default()
    };
    save(&backend, &changes).await;
    save(&backend, &Changes { accounts: vec![account], ..Changes::default() }).await;

    let mut kept = kept.to_vec();
    kept.sort_by_key(|claim| claim.key);
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().claims, kept);
}

/// A claim is taken away by its whole key: the same account's others stay, and the same key of another
/// account does.
pub async fn a_claim_is_taken_away_by_its_key(backend: impl Backend) {
    let holders = [1, 2].map(|n| account(school_id(1), n, "Ёлкина"));
    let numbers = ["1000", "1001"].map(|oid| claim(&holders[0], ClaimKind::EsiaId, oid));
    let other = claim(&holders[1], ClaimKind::EsiaId, "1000");
    let [gone, stays] = numbers;
    let changes = Changes {
        schools: vec![school(1)],
        accounts: holders.to_vec(),
        claims: vec![gone.clone(), stays.clone(), other.clone()],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let removed = Removed { claims: vec![gone.clone(), gone], ..Removed::default() };
    save(&backend, &Changes { removed, ..Changes::default() }).await;
    let mut left = vec![stays, other];
    left.sort_by_key(|claim| claim.key);
    assert_eq!(reading(&backend).await.registry(school_id(1)).await.unwrap().claims, left);
}

/// A claim alone adds to what the account holds, and tells the person it is now of.
pub async fn a_claim_is_replaced_by_its_key(backend: impl Backend) {
    let id = school_id(1);
    let (account, claims) = known_account(id, 1, "Ёлкина");
    let changes = Changes {
        schools: vec![school(1)],
        accounts: vec![account.clone()],
        claims: claims.clone(),
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let mut merged: Vec<Claim> =
        claims.iter().map(|claim| Claim { person: person_id(9), ..claim.clone() }).collect();
    merged.push(claim(&account, ClaimKind::EsiaId, "1000"));
    save(&backend, &Changes { claims: merged.clone(), ..Changes::default() }).await;

    merged.sort_by_key(|claim| claim.key);
    assert_eq!(reading(&backend).await.registry(id).await.unwrap().claims, merged);
}

/// As many keys as an import asks for at once.
pub async fn thousands_of_keys_are_asked_for_at_once(backend: impl Backend) {
    let (account, claims) = known_account(school_id(1), 1, "Ёлкина");
    let changes = Changes {
        schools: vec![school(1)],
        accounts: vec![account],
        claims: claims.clone(),
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let mut keys: Vec<_> = (0_u32..40_000).map(key_of_number).collect();
    keys.extend(claims.iter().map(|claim| claim.key));
    assert_eq!(reading(&backend).await.claims(&keys).await.unwrap().len(), claims.len());
}

/// A key that nobody holds, made without a hash: forty thousand of those take their time.
fn key_of_number(n: u32) -> crate::secret::KeyHash {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(n.to_be_bytes()) {
        *to = from;
    }
    crate::secret::KeyHash(bytes)
}

/// Phones that two people share are found by their keys and one after another, replaced, and taken
/// away.
pub async fn shared_phones_are_loaded_as_saved(backend: impl Backend) {
    let mut rows = ["1", "2", "3"].map(|phone| SharedPhone {
        key: key(ClaimKind::Phone, phone),
        phone: sealed(school_id(1), account_id(1), "phone", phone),
    });
    rows.sort_by_key(|row| row.key);
    save(&backend, &Changes { shared_phones: rows.to_vec(), ..Changes::default() }).await;
    let [first, second, third] = &rows;
    let mut tx = reading(&backend).await;
    let asked = [third.key, key(ClaimKind::Phone, "4"), first.key];
    assert_eq!(tx.shared_phones(&asked).await.unwrap(), [first.clone(), third.clone()]);
    assert_eq!(tx.shared_phones(&[]).await.unwrap(), []);
    assert_eq!(tx.shared_phones_after(None, 2).await.unwrap(), [first.clone(), second.clone()]);
    let after = tx.shared_phones_after(Some(&second.key), 2).await.unwrap();
    assert_eq!(after, std::slice::from_ref(third));
    drop(tx);
    let anew = SharedPhone { phone: first.phone.clone(), ..second.clone() };
    let changes = Changes {
        removed: Removed { shared_phones: vec![first.key], ..Removed::default() },
        shared_phones: vec![anew.clone()],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let left = reading(&backend).await.shared_phones_after(None, 9).await.unwrap();
    assert_eq!(left, [anew, third.clone()]);
}
