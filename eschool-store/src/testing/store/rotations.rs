//! Keys are rotated while the system runs.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use eschool_core::{policy::SignInPolicy, signin::CaseCode};
use uuid::Uuid;

use super::{
    Harness,
    families::{MOTHER, NEWCOMER},
};
use crate::{
    SignInError, Store, StoreError, StoreSettings,
    ambient::Ambient,
    backend::{
        Access, Backend, BackendError, Changes, Claim, DataBasisRow, ExcuseRow, LetterRow,
        RefusedRow, SharedPhone, SupportCaseRow, Turn, Tx,
    },
    secret::{Argon2id, ClaimKind, KeyId, Keys, Passwords, Place, Sealed, Vault},
    store::places::{
        PLACES, of_account, of_basis, of_case_person, of_claim, of_excuse, of_letter,
        of_refused_row, of_refused_sign_in, of_shared_phone, of_support_case,
    },
    testing::{
        fixtures::{
            account_id, at, days, key, known_account, refused_row, school_id, sealed, vault,
        },
        reading, save,
    },
};

/// After it no value is sealed with an older key, in any place there is: nothing is lost with that
/// key, and everybody is found as before.
pub async fn a_retired_key_loses_nothing(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let typed = |line| {
        let row = refused_row(school_id(1), "parents.csv", line);
        let place = of_refused_row(row.school, &row.file, line);
        let nonce = [line.to_be_bytes()[3]; 24];
        RefusedRow { typed: vault().seal(&place, b"row as typed", nonce).unwrap(), ..row }
    };
    let refused_rows = (2..40).map(typed).collect();
    let (account, claims) = known_account(school_id(1), 77, "Рябинина");
    let accounts = vec![account];
    save(&backend, &Changes { accounts, claims, refused_rows, ..Changes::default() }).await;
    save(&backend, &of_families()).await;
    let Err(SignInError::Refused(refusal)) =
        harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await
    else {
        panic!("a refusal")
    };
    let case = refusal.case.unwrap();
    harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let before = everything_sealed(&backend).await;
    for place in PLACES {
        assert!(before.iter().any(|(at, ..)| *at == place), "nothing is sealed in {place:?}");
    }
    let claimed = all_claims(&backend).await;

    let mut keys = Keys::parse(&vault().keys().to_text()).unwrap();
    keys.rotate(&mut |bytes| bytes.fill(42)).unwrap();
    let rotated = || Vault::new(Keys::parse(&keys.to_text()).unwrap());
    let store = store(&backend, rotated());
    let mut left = u64::MAX;
    while left > 0 {
        let still = store.reseal(7).await.unwrap();
        assert!(still < left, "{still} of {left}");
        left = still;
    }
    assert_eq!(store.reseal(0).await.unwrap(), 0);
    let after = everything_sealed(&backend).await;
    assert_eq!(after.len(), before.len());
    let mut retired = Keys::parse(&keys.to_text()).unwrap();
    retired.retire(KeyId(1)).unwrap();
    let retired = Vault::new(retired);
    for ((place, at, old), (_, same, new)) in before.iter().zip(&after) {
        assert_eq!(at, same);
        assert!(retired.open(at, old).is_err());
        assert_eq!(retired.open(at, new).unwrap(), vault().open(at, old).unwrap(), "{place:?}");
    }
    let keys = |claims: Vec<Claim>| claims.into_iter().map(|claim| claim.key).collect::<Vec<_>>();
    assert_eq!(keys(all_claims(&backend).await), keys(claimed));
    let store = self::store(&backend, retired);
    assert!(store.refused_sign_in(&case).await.unwrap().is_some());
    assert!(store.sign_in_with_esia(MOTHER.in_esia()).await.is_ok());
}

/// Values that do not open hold up no others: these are sealed anew, and the first of those is told of
/// when none is left but them.
pub async fn what_does_not_open_holds_up_no_other(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let (account, claims) = known_account(school_id(1), 77, "Рябинина");
    let accounts = vec![account];
    save(&backend, &Changes { accounts, claims, ..Changes::default() }).await;
    harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await.unwrap_err();
    let mut sound = of_families();
    // Of the ground the value of the excuse: sealed for another place.
    sound.data_bases[0].1.basis = sound.excuses[0].1.excuse.clone();
    save(&backend, &sound).await;
    let mother = (school_id(1), MOTHER.id());
    let mut account = reading(&backend).await.members(&[mother]).await.unwrap().remove(0).account;
    account.phone.clone_from(&account.snils);
    save(&backend, &Changes { accounts: vec![account], ..Changes::default() }).await;
    let total = everything_sealed(&backend).await.len();

    let mut keys = Keys::parse(&vault().keys().to_text()).unwrap();
    keys.rotate(&mut |bytes| bytes.fill(42)).unwrap();
    let rotated = Vault::new(Keys::parse(&keys.to_text()).unwrap());
    let store = store(&backend, Vault::new(keys));
    let error = loop {
        match store.reseal(1).await {
            Ok(left) => assert!(left > 0, "two rows are left"),
            Err(error) => break error,
        }
    };
    let StoreError::Unreadable { table, ref row, count, .. } = error else { panic!("{error}") };
    assert_eq!((table, row, count), ("account", &MOTHER.id().to_string(), 2));
    let after = everything_sealed(&backend).await;
    let stale = after.iter().filter(|(_, _, sealed)| rotated.is_stale(sealed));
    let stale: Vec<_> = stale.map(|(place, ..)| *place).collect();
    assert_eq!(after.len(), total);
    assert_eq!(stale, [("account", "snils"), ("account", "phone"), ("data_basis", "basis")]);
}

/// What somebody writes between the look for stale rows and the turn to write stays written.
pub async fn what_is_changed_meanwhile_stays_changed(backend: impl Backend) {
    let backend = Arc::new(backend);
    Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let rotated = || {
        let mut keys = Keys::parse(&vault().keys().to_text()).unwrap();
        keys.rotate(&mut |bytes| bytes.fill(42)).unwrap();
        Vault::new(keys)
    };
    let correcting = Correcting { backend: Arc::clone(&backend), is_done: AtomicBool::new(false) };
    let store = store(&Arc::new(correcting), rotated());
    assert_eq!(store.reseal(1000).await.unwrap(), 0);
    let mother = (school_id(1), MOTHER.id());
    let account = reading(&backend).await.members(&[mother]).await.unwrap().remove(0).account;
    let place = of_account(mother.0, mother.1, "phone");
    assert_eq!(*rotated().open(&place, &account.phone.unwrap()).unwrap(), b"+79990001122");
}

/// A backend in which the mother's phone is corrected right before the first who waits for a turn of
/// a school has it.
struct Correcting<B> {
    backend: Arc<B>,
    is_done: AtomicBool,
}

#[async_trait]
impl<B: Backend> Backend for Correcting<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let is_in_turn = matches!(access, Access::InTurn([Turn::School(_)]));
        if is_in_turn && !self.is_done.swap(true, Ordering::SeqCst) {
            let (school, id) = (school_id(1), MOTHER.id());
            let mut tx = self.backend.begin(Access::InTurn(&[Turn::School(school)])).await?;
            let mut account = tx.members(&[(school, id)]).await?.remove(0).account;
            account.phone = Some(sealed(school, id, "phone", "+79990001122"));
            let claims = tx.registry(school).await?.claims;
            let claims = claims.into_iter().filter(|claim| claim.account == id).collect();
            tx.apply(&Changes { accounts: vec![account], claims, ..Changes::default() }).await?;
            tx.commit().await?;
        }
        self.backend.begin(access).await
    }
}

/// A letter, a support case, a ground and an excuse; what they tell is another case's affair.
fn of_families() -> Changes {
    let (school, account, id) = (school_id(1), account_id(77), Uuid::from_u128(7));
    let code = CaseCode::from_random([7; 8]);
    let seal = |place: &Place, n| vault().seal(place, b"what was told", [n; 24]).unwrap();
    let phone = key(ClaimKind::Phone, "+79120000077");
    Changes {
        shared_phones: vec![SharedPhone { key: phone, phone: seal(&of_shared_phone(&phone), 106) }],
        letters: vec![LetterRow {
            id,
            asked_at: at("2024-09-02T08:30:00Z"),
            due_at: at("2024-09-02T08:30:00Z"),
            attempts: 3,
            expires_at: at("2024-09-02T10:30:00Z"),
            asked: seal(&of_letter(id), 101),
        }],
        support_cases: vec![SupportCaseRow {
            code,
            school,
            person: None,
            number: Some(seal(&of_case_person(&code), 105)),
            expires_at: None,
            case: seal(&of_support_case(&code), 102),
        }],
        data_bases: vec![(
            school,
            DataBasisRow { id, account, basis: seal(&of_basis(school, account, id), 103) },
        )],
        excuses: vec![(
            school,
            ExcuseRow {
                id,
                pupil: account,
                days: days("2024-09-02", "2024-09-06"),
                excuse: seal(&of_excuse(school, account, id), 104),
            },
        )],
        ..Changes::default()
    }
}

/// Every sealed value with its place, by table and column, in the order of the rows.
async fn everything_sealed(
    backend: &impl Backend,
) -> Vec<((&'static str, &'static str), Place, Sealed)> {
    let mut tx = reading(backend).await;
    let mut found = Vec::new();
    for school in tx.schools().await.unwrap() {
        let registry = tx.registry(school.id).await.unwrap();
        for account in registry.accounts {
            for (column, sealed) in
                [("snils", account.snils), ("phone", account.phone), ("email", account.email)]
            {
                let place = of_account(account.school, account.id, column);
                found.extend(sealed.map(|sealed| (("account", column), place, sealed)));
            }
        }
        for claim in &registry.claims {
            let place = of_claim(&claim.key, claim.kind, claim.school, claim.account);
            let value = claim.sealed.clone();
            found.extend(value.map(|sealed| (("claim", "value"), place, sealed)));
        }
        let everybody: Vec<_> = registry.claims.iter().map(|claim| claim.account).collect();
        for row in tx.data_bases(school.id, &[account_id(77)]).await.unwrap() {
            let place = of_basis(school.id, row.account, row.id);
            found.push((("data_basis", "basis"), place, row.basis));
        }
        let all_days = days("0001-01-01", "9999-12-31");
        for row in tx.excuses(school.id, &everybody, all_days).await.unwrap() {
            let place = of_excuse(school.id, row.pupil, row.id);
            found.push((("excuse", "excuse"), place, row.excuse));
        }
        for row in registry.refused_rows {
            let place = of_refused_row(row.school, &row.file, row.line);
            found.push((("refused_row", "typed"), place, row.typed));
        }
    }
    for row in tx.shared_phones_after(None, u32::MAX).await.unwrap() {
        found.push((("shared_phone", "phone"), of_shared_phone(&row.key), row.phone));
    }
    let end = "9999-12-31T00:00:00Z".parse().unwrap();
    for case in tx.cases_until(end, u32::MAX).await.unwrap() {
        let row = tx.refused_sign_in(&case).await.unwrap().unwrap();
        found.push((("refused_sign_in", "said"), of_refused_sign_in(&case), row.said));
    }
    for row in tx.letters_due(end, u32::MAX).await.unwrap() {
        found.push((("recovery_letter", "asked"), of_letter(row.id), row.asked));
    }
    for code in tx.support_cases_after(None, u32::MAX).await.unwrap() {
        let row = tx.support_case(&code).await.unwrap().unwrap();
        let number = row.number;
        found.extend(number.map(|s| (("support_case", "person"), of_case_person(&code), s)));
        found.push((("support_case", "case"), of_support_case(&code), row.case));
    }
    found
}

async fn all_claims(backend: &impl Backend) -> Vec<Claim> {
    let mut tx = reading(backend).await;
    let mut claims = Vec::new();
    for school in tx.schools().await.unwrap() {
        claims.extend(tx.registry(school.id).await.unwrap().claims);
    }
    claims
}

fn store<B: Backend>(backend: &Arc<B>, vault: Vault) -> Store<Arc<B>> {
    let hasher = Argon2id::with_costs(64, 1, 1).unwrap();
    Store::new(
        Arc::clone(backend),
        Ambient::new(
            Arc::new(|| "2024-09-02T09:00:00Z".parse().unwrap()),
            Arc::new(crate::ambient::OsEntropy),
        ),
        vault,
        Passwords::new(Arc::new(hasher), NonZeroUsize::MIN).unwrap(),
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    )
}
