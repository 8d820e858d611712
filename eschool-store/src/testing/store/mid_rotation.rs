//! While two lookup keys are in use, whatever is asked for by one hash may lie under the other.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use eschool_core::{
    error::CodedError as _,
    id::SchoolId,
    policy::RegistryKeeper,
    support::{Desk, SupportCase},
};

use super::{
    Harness,
    erasing::erasing,
    families::{Known, MOTHER, MOTHER_THERE, OLEG},
    journal_people::{ADMINISTRATOR, at_work, school_at_work},
    lookups::{Stages, policy, with_keys, with_policy},
    personal::leave,
    whose_data::{case, let_in_by_esia, nobody, refused},
};
use crate::{
    Actor, Rehashed,
    backend::{Access, Backend, BackendError, Changes, Claim, SupportCaseRow, Turn, Tx},
    secret::{ClaimKind, KeyHash, KeyId, Keys, Vault},
    store::places::{of_case_person, of_claim, of_support_case},
    testing::{
        fixtures::{at, claim, person_id, school_id, sealed, vault},
        reading, save,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;
const HERE: SchoolId = school_id(1);

/// Whose number stands by the former hash alone is given out and erased with what was hashed anew,
/// where a refused sign-in, a support case or another account of theirs tells the number.
pub async fn who_is_noted_by_a_hash_alone_is_found_by_what_tells_the_number(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        for person in [51, 52, 53, 54] {
            nobody(person, 1).save(changes);
            let_in_by_esia(changes, nobody(person, 1));
        }
        changes.refused_sign_ins.push(refused(nobody(51, 1)));
        changes.support_cases.push(about(nobody(52, 1), Some(nobody(52, 1))));
        // Of another account of the person the number is sealed, under the hash of the newest key.
        nobody(53, 2).save(changes);
        sealed_anew(changes, nobody(53, 2), nobody(53, 2));
        changes.support_cases.push(about(nobody(53, 1), None));
        // Nothing tells of the last one; and nobody else's is taken for theirs.
        changes.refused_sign_ins.push(refused(nobody(55, 1)));
    })
    .await;
    let stages = Stages::new();
    let store = with_keys(&harness, &backend, stages.both());
    // Those that tell their number themselves.
    assert!(store.rehash(2).await.unwrap().left > 0);
    let newest = Vault::new(stages.retired());
    let row = reading(&backend).await.refused_sign_in(&case(51)).await.unwrap().unwrap();
    assert_eq!(row.person, newest.lookup(ClaimKind::EsiaId, &nobody(51, 1).in_esia().oid));
    let mut about_52 = reading(&backend).await.support_case(&case(52)).await.unwrap().unwrap();
    about_52.person = Some(newest.lookup(ClaimKind::EsiaId, &nobody(52, 1).in_esia().oid));
    save(&backend, &Changes { support_cases: vec![about_52], ..Changes::default() }).await;

    for (person, told, cases, numbers) in
        [(51, 1, 0, 1), (52, 0, 1, 1), (53, 0, 1, 1), (54, 0, 0, 0)]
    {
        let kept = async || {
            let mut tx = reading(&backend).await;
            let refused = tx.refused_sign_in(&case(person)).await.unwrap();
            let opened = tx.support_case(&case(person)).await.unwrap();
            (usize::from(refused.is_some()), usize::from(opened.is_some()))
        };
        assert_eq!(kept().await, (told, cases), "{person}");
        let export = store.export_person(CONSOLE, person_id(person)).await.unwrap();
        let given = (export.refused_sign_ins.len(), export.support_cases.len());
        assert_eq!(given, (told, cases), "{person}");
        let account = &export.accounts[0];
        assert!(account.known_at_esia);
        assert_eq!(account.esia_numbers.len(), numbers, "{person}");
        let erased = store.erase_person(CONSOLE, person_id(person)).await.unwrap();
        assert_eq!(erased.refused_sign_ins, told, "{person}");
        assert_eq!(kept().await, (0, 0), "{person}");
    }
    assert!(reading(&backend).await.refused_sign_in(&case(55)).await.unwrap().is_some());
}

/// What ЕСИА said of somebody stays while another account has the number, by whichever hash.
pub async fn what_the_living_need_stays(backend: impl Backend) {
    let backend = Arc::new(backend);
    let alla = Known { account: 2, ..nobody(2, 1) };
    let mut changes = school_at_work();
    for known in [alla, OLEG] {
        let_in_by_esia(&mut changes, known);
        nobody(known.person, 2).save(&mut changes);
        sealed_anew(&mut changes, nobody(known.person, 2), known);
    }
    changes.support_cases = vec![about(alla, None)];
    changes.refused_sign_ins = vec![refused(OLEG)];
    let harness = Harness::with(Arc::clone(&backend), changes, erasing()).await;
    let store = with_policy(&harness, &backend, Stages::new().both(), erasing());
    leave(&backend, 3, "2024-10-10").await;
    harness.clock.set("2025-09-02T09:00:00Z");
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 3);
    let mut tx = reading(&backend).await;
    assert!(tx.support_case(&case(2)).await.unwrap().is_some(), "school 2 has the number");
    assert!(tx.refused_sign_in(&case(3)).await.unwrap().is_some(), "school 2 has the number");
}

/// Whoever signs in is noted anew wherever the number stands by a hash alone, in accounts that were not
/// let in too: nobody else tells it.
pub async fn a_sign_in_seals_whatever_has_its_number(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let other = nobody(61, 2);
    let mut changes = Changes::default();
    other.save(&mut changes);
    let number = claim(&changes.accounts[0], ClaimKind::EsiaId, &MOTHER.in_esia().oid);
    changes.claims.push(number);
    save(&backend, &changes).await;
    let stages = Stages::new();
    let store = with_keys(&harness, &backend, stages.both());
    let session = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    assert!(session.accounts.iter().all(|grant| grant.account != other.id()));
    let newest = Vault::new(stages.retired());
    let key = newest.lookup(ClaimKind::EsiaId, &MOTHER.in_esia().oid);
    let claims = reading(&backend).await.registry(school_id(2)).await.unwrap().claims;
    let own =
        claims.iter().filter(|own| own.account == other.id() && own.kind == ClaimKind::EsiaId);
    let own: Vec<_> = own.collect();
    let [row] = own[..] else { panic!("one row: {own:?}") };
    assert_eq!((row.key, row.person), (key, person_id(other.person)));
    assert!(row.sealed.is_some());
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed::default());
}

/// Whom a case is about is found by the newest key, though the person signed in since and nothing has
/// the former hash any more.
pub async fn a_case_is_found_after_its_person_signed_in(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let support_cases = vec![about(MOTHER, None), about(OLEG, None)];
    let mut changes = Changes { support_cases, ..Changes::default() };
    let account = reading(&backend).await.members(&[(HERE, MOTHER.id())]).await.unwrap().remove(0);
    changes.claims.push(claim(&account.account, ClaimKind::EsiaId, &MOTHER.in_esia().oid));
    save(&backend, &changes).await;
    let stages = Stages::new();
    let store = with_keys(&harness, &backend, stages.both());
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    while store.rehash(1).await.unwrap().left > 0 {}
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed { left: 0, unsealed: 1 });
    let key = Vault::new(stages.retired()).lookup(ClaimKind::EsiaId, &MOTHER.in_esia().oid);
    let found = reading(&backend).await.support_cases_of(&[key], &[]).await.unwrap();
    assert_eq!(found, [case(MOTHER.person)]);
}

/// A program whose file lacks a lookup key that the database was written with does not open it, nor one
/// with another key of that number; a key that was retired is missed by nobody.
pub async fn a_file_that_lacks_a_key_is_refused(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let checked = async |keys: &Keys| {
        let keys = Keys::parse(&keys.to_text()).unwrap();
        let store = with_keys(&harness, &backend, keys);
        store.check_keys().await.map_err(|error| (error.code(), error.to_string()))
    };
    let lacks = |id: u32, told: Result<(), (&'static str, String)>| {
        let (code, text) = told.unwrap_err();
        assert_eq!(code, "key_lacking");
        assert!(text.contains(&format!("lookup key {id}")), "{text}");
    };
    let before = Keys::parse(&vault().keys().to_text()).unwrap();
    let stages = Stages::new();
    checked(&before).await.unwrap();
    checked(&stages.next()).await.unwrap();
    checked(&before).await.unwrap();
    for _ in 0..2 {
        checked(&stages.both()).await.unwrap();
    }
    lacks(2, checked(&before).await);
    checked(&stages.next()).await.unwrap();
    let mut others = Keys::parse(&vault().keys().to_text()).unwrap();
    others.rotate_lookup(&mut |bytes| bytes.fill(44)).unwrap();
    assert_eq!(checked(&others).await.unwrap_err().0, "keys_foreign");
    checked(&stages.retired()).await.unwrap();
    let mut third = stages.retired();
    third.rotate_lookup(&mut |bytes| bytes.fill(45)).unwrap();
    third.begin_lookup(KeyId(3)).unwrap();
    checked(&third).await.unwrap();
    third.retire_lookup(KeyId(2)).unwrap();
    checked(&third).await.unwrap();
    lacks(3, checked(&stages.both()).await);
    lacks(2, checked(&before).await);
}

/// Whoever looks up by a hash that goes or comes meanwhile waits for it.
pub async fn hashes_change_in_the_turns_of_who_looks_by_them(backend: impl Backend) {
    let backend = Arc::new(Turns { inner: backend, asked: Mutex::default() });
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let keys = async || {
        let claims = reading(&backend).await.registry(HERE).await.unwrap().claims;
        claims.into_iter().map(|claim| claim.key).collect::<Vec<KeyHash>>()
    };
    let former = keys().await;
    backend.asked.lock().unwrap().clear();
    let store = with_keys(&harness, &backend, Stages::new().both());
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed::default());
    let now = keys().await;
    assert!(former.iter().all(|key| !now.contains(key)));
    let asked = backend.asked.lock().unwrap();
    let of_school: Vec<_> =
        asked.iter().filter(|turns| turns.contains(&Turn::School(HERE))).collect();
    for key in former.iter().chain(&now) {
        assert!(of_school.iter().any(|turns| turns.contains(&Turn::Key(*key))), "{key:?}");
    }
}

/// Rows that others write just then are left for the next call, and hold up no others.
pub async fn what_others_write_just_then_is_left(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    harness.cards().await;
    save(
        &backend,
        &Changes {
            support_cases: vec![about(OLEG, Some(OLEG))],
            refused_sign_ins: vec![refused(nobody(51, 1))],
            ..Changes::default()
        },
    )
    .await;
    let fails = AtomicUsize::new(usize::MAX);
    let busy = Arc::new(Busy { inner: Arc::clone(&backend), fails });
    let store = with_keys(&harness, &busy, Stages::new().both());
    let all = store.rehash(1000).await.unwrap().left;
    assert!(all > 5, "{all}");
    // One portion of claims of many goes by, and all else is done.
    busy.fails.store(1, Ordering::SeqCst);
    let Rehashed { left, unsealed } = store.rehash(1000).await.unwrap();
    assert!(0 < left && left < all && unsealed == 0, "{left} of {all}");
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed::default());

    // An account that gets another key before its turn is another's to hash by then.
    let corrected = Corrected { inner: Arc::clone(&backend), is_done: AtomicBool::new(false) };
    let corrected = Arc::new(corrected);
    let mut keys = Stages::new().both();
    keys.rotate_lookup(&mut |bytes| bytes.fill(44)).unwrap();
    keys.begin_lookup(KeyId(3)).unwrap();
    let store = with_keys(&harness, &corrected, keys);
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed { left: 1, unsealed: 0 });
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed::default());
}

/// Who is entered after a merge was planned and before nobody else writes is joined all the same,
/// whatever key wrote them; what was opened for the plan is not opened again while others wait.
pub async fn who_is_entered_before_the_merge_is_joined_too(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let stages = Stages::new();
    // Only the mother's account in school 1 is hashed anew.
    let store = with_keys(&harness, &backend, stages.both());
    let number = async |of: Known| {
        let claims = reading(&backend).await.registry(school_id(of.school)).await.unwrap().claims;
        claims.into_iter().find(|own| own.account == of.id() && own.kind == ClaimKind::Snils)
    };
    while number(MOTHER).await.unwrap().key == number(MOTHER_THERE).await.unwrap().key {
        store.rehash(1).await.unwrap();
    }
    let entered =
        Arc::new(Entered { inner: Arc::clone(&backend), is_done: AtomicBool::new(false) });
    let store = with_keys(&harness, &entered, stages.both());
    let (_, plan) = store.merge(CONSOLE).await.unwrap();
    let mut joined: Vec<_> = plan.moves.iter().map(|step| step.account).collect();
    joined.sort();
    assert_eq!(joined, [MOTHER_THERE.id(), oleg_there().id()]);
}

/// Олег as another school knows him.
fn oleg_there() -> Known {
    Known { account: 71, person: 71, school: 2, ..OLEG }
}

/// A support case about somebody, of a version that kept the hash alone unless the number is told.
fn about(known: Known, number: Option<Known>) -> SupportCaseRow {
    let code = case(known.person);
    let by = (ADMINISTRATOR.id(), Desk::Administrator);
    let keeper = RegistryKeeper::ClassTeacher;
    let opened = SupportCase::open(code, HERE, keeper, by, at("2024-09-02T08:30:00Z")).unwrap();
    let opened = serde_json::to_vec(&opened).unwrap();
    let number = number.map(|known| {
        let oid = known.in_esia().oid;
        vault().seal(&of_case_person(&code), oid.as_bytes(), [7; 24]).unwrap()
    });
    SupportCaseRow {
        code,
        school: HERE,
        person: Some(vault().lookup(ClaimKind::EsiaId, &known.in_esia().oid)),
        number,
        expires_at: None,
        case: vault().seal(&of_support_case(&code), &opened, [8; 24]).unwrap(),
    }
}

/// Notes an account by the number of somebody, sealed, as a program does that has begun the newest key.
fn sealed_anew(changes: &mut Changes, known: Known, number: Known) {
    let newest = Vault::new(Stages::new().retired());
    let (kind, oid) = (ClaimKind::EsiaId, number.in_esia().oid);
    let key = newest.lookup(kind, &oid);
    let place = of_claim(&key, kind, school_id(known.school), known.id());
    let sealed = Some(vault().seal(&place, oid.as_bytes(), [9; 24]).unwrap());
    changes.claims.push(Claim {
        key,
        kind,
        school: school_id(known.school),
        account: known.id(),
        person: person_id(known.person),
        sealed,
    });
}

/// A backend that keeps what its writers waited for.
struct Turns<B> {
    inner: B,
    asked: Mutex<Vec<Vec<Turn>>>,
}

#[async_trait]
impl<B: Backend> Backend for Turns<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        if let Access::InTurn(turns) = access {
            self.asked.lock().unwrap().push(turns.to_vec());
        }
        self.inner.begin(access).await
    }
}

/// A backend in which so many more writers are overtaken.
struct Busy<B> {
    inner: Arc<B>,
    fails: AtomicUsize,
}

#[async_trait]
impl<B: Backend> Backend for Busy<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let fails = |left: usize| left.checked_sub(1);
        if matches!(access, Access::InTurn(_))
            && self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails).is_ok()
        {
            return Err(BackendError::Overtaken);
        }
        self.inner.begin(access).await
    }
}

/// A backend in which the mother gets another phone right before the first who waits for the turn of
/// her school has it.
struct Corrected<B> {
    inner: Arc<B>,
    is_done: AtomicBool,
}

#[async_trait]
impl<B: Backend> Backend for Corrected<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let of_school = |turns: &[Turn]| turns.contains(&Turn::School(HERE));
        if matches!(access, Access::InTurn(turns) if of_school(turns))
            && !self.is_done.swap(true, Ordering::SeqCst)
        {
            let mut changes = Changes::default();
            Known { phone: "+79990001122", ..MOTHER }.save(&mut changes);
            save(&self.inner, &changes).await;
        }
        self.inner.begin(access).await
    }
}

/// A backend in which, right before somebody is alone, Олег is entered in another school, and there the
/// mother's СНИЛС ceases to open.
struct Entered<B> {
    inner: Arc<B>,
    is_done: AtomicBool,
}

#[async_trait]
impl<B: Backend> Backend for Entered<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        if access == Access::Write && !self.is_done.swap(true, Ordering::SeqCst) {
            let mut changes = Changes::default();
            oleg_there().save(&mut changes);
            let there = (school_id(2), MOTHER_THERE.id());
            let mut tx = reading(&self.inner).await;
            let mut account = tx.members(&[there]).await?.remove(0).account;
            account.snils = Some(sealed(there.0, there.1, "phone", MOTHER_THERE.snils));
            let claims = tx.registry(there.0).await?.claims.into_iter();
            drop(tx);
            changes.claims.extend(claims.filter(|own| own.account == there.1));
            changes.accounts.push(account);
            save(&self.inner, &changes).await;
        }
        self.inner.begin(access).await
    }
}
