//! The lookup key is changed while the system runs.

use std::{collections::BTreeSet, num::NonZeroUsize, sync::Arc};

use eschool_core::{
    journal::ClassName,
    merge::MergePlan,
    policy::SignInPolicy,
    signin::{CaseCode, RefusalCode},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, NEWCOMER, OLEG},
    refused,
};
use crate::{
    Actor, PasswordSignIn, Rehashed, SignInError, SignedIn, Store, StoreError, StoreSettings,
    ambient::{Ambient, OsEntropy},
    backend::{Backend, Changes, Claim, StoredAccount, SupportCaseRow},
    secret::{ClaimKind, KeyHash, KeyId, Keys, Passwords, Vault},
    store::places::{of_case_person, of_support_case},
    testing::{
        fixtures::{claim, known_account, person_id, school_id, vault},
        reading, save,
    },
};

const HOME: &str = "192.0.2.1";

/// Everybody is found and nobody is two, before the rows are hashed anew, at every step of it, and when
/// the former key is retired; then no hash by that key is left.
pub async fn everybody_is_found_by_either_key(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let before = &harness.store;
    before.check_keys().await.unwrap();
    let everybody = Everybody::known_to(&harness).await;
    let stages = Stages::new();
    let former = every_hash(&backend).await;
    for keys in [stages.next(), stages.both()] {
        let store = with_keys(&harness, &backend, keys);
        store.check_keys().await.unwrap();
        everybody.check(&store).await;
    }

    let (waiting, store) = (
        with_keys(&harness, &backend, stages.next()),
        with_keys(&harness, &backend, stages.both()),
    );
    loop {
        let Rehashed { left, unsealed } = store.rehash(1).await.unwrap();
        assert_eq!(unsealed, 0);
        // Who still writes with the former key, and who writes with the newest.
        for store in [&waiting, &store] {
            everybody.check(store).await;
        }
        if left == 0 {
            break;
        }
    }
    // What the one with the former key wrote since.
    while store.rehash(1000).await.unwrap().left > 0 {}

    let retired = with_keys(&harness, &backend, stages.retired());
    retired.check_keys().await.unwrap();
    everybody.check(&retired).await;
    let left = every_hash(&backend).await;
    assert_eq!(left.len(), former.len());
    assert_eq!(left.intersection(&former).count(), 0);
    assert_eq!(retired.rehash(0).await.unwrap(), Rehashed::default());
    assert_eq!(refused(before.sign_in_with_esia(MOTHER.in_esia()).await), RefusalCode::NotFound);
}

/// One school is through and the other is not: its people are joined all the same, as they were
/// foreseen to be, and once.
pub async fn a_merge_sees_one_number_in_two_hashes(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let foreseen = harness.store.foresee_merges(Actor::Console).await.unwrap();
    assert_eq!(foreseen.moves.len(), 1);
    let store = with_keys(&harness, &backend, Stages::new().both());
    let snils = async |of: Known| {
        let claims = reading(&backend).await.registry(school_id(of.school)).await.unwrap().claims;
        let own = |claim: &&Claim| claim.account == of.id() && claim.kind == ClaimKind::Snils;
        claims.iter().find(own).unwrap().key
    };
    assert_eq!(snils(MOTHER).await, snils(MOTHER_THERE).await);
    while snils(MOTHER).await == snils(MOTHER_THERE).await {
        assert_ne!(store.rehash(1).await.unwrap().left, 0);
    }
    assert_eq!(store.foresee_merges(Actor::Console).await.unwrap(), foreseen);
    let (_, plan) = store.merge(Actor::Console).await.unwrap();
    assert_eq!(plan, foreseen);
    let session = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    assert_eq!(session.accounts.len(), 2);
}

/// A number in ЕСИА of a version that did not keep it comes anew with its person, in one row; one that
/// never came is forgotten with its key.
pub async fn what_was_not_sealed_comes_anew_or_goes(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    for of in [MOTHER, FATHER] {
        let account = known_account(school_id(1), of.account, of.name.0).0;
        let account = StoredAccount { person: person_id(of.person), ..account };
        let claims = vec![claim(&account, ClaimKind::EsiaId, &of.in_esia().oid)];
        save(&backend, &Changes { claims, ..Changes::default() }).await;
    }
    let stages = Stages::new();
    let store = with_keys(&harness, &backend, stages.both());
    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed { left: 0, unsealed: 2 });
    let noted = async |of: Known| {
        let claims = reading(&backend).await.registry(school_id(1)).await.unwrap().claims;
        let own = |claim: &Claim| claim.account == of.id() && claim.kind == ClaimKind::EsiaId;
        claims.into_iter().filter(own).collect::<Vec<_>>()
    };
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let anew = noted(MOTHER).await;
    let [row] = &anew[..] else { panic!("one row: {anew:?}") };
    assert!(row.sealed.is_some());
    let newest = Vault::new(stages.retired());
    assert_eq!(row.key, newest.lookup(ClaimKind::EsiaId, &MOTHER.in_esia().oid));
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert_eq!(noted(MOTHER).await, anew);

    assert_eq!(store.rehash(1000).await.unwrap(), Rehashed { left: 0, unsealed: 1 });
    assert_eq!(noted(FATHER).await.len(), 1);
    let retired = with_keys(&harness, &backend, stages.retired());
    assert_eq!(retired.rehash(1000).await.unwrap(), Rehashed::default());
    assert_eq!(noted(FATHER).await, []);
    assert_eq!(noted(MOTHER).await, anew);
}

/// Programs of which one has the newer file already write side by side: neither finds anybody twice or
/// takes a login that the other gave.
pub async fn two_files_agree_while_one_is_rolled_out(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let stages = Stages::new();
    let waiting = with_keys(&harness, &backend, stages.next());
    let writing = with_keys(&harness, &backend, stages.both());
    let class = "8А".parse::<ClassName>().unwrap();
    let mut logins = Vec::new();
    for store in [&writing, &waiting, &writing] {
        let issued = store.issue_cards(Actor::Console, school_id(1), &class).await.unwrap().cards;
        let card =
            issued.iter().find(|card| card.card.name.given() == "Анна").unwrap().card.clone();
        for store in [&waiting, &writing] {
            by_password(store, None, card.login.as_str(), &card.password).await.unwrap();
        }
        logins.push(card.login);
        assert_eq!(
            reading(&backend).await.school_credentials(school_id(1)).await.unwrap().len(),
            issued.len()
        );
    }
    logins.dedup();
    assert_eq!(logins.len(), 1);
    let mut cases = BTreeSet::new();
    for store in [&harness.store, &waiting, &writing, &waiting] {
        cases.insert(case_of(store, NEWCOMER).await);
    }
    assert_eq!(cases.len(), 1);
    for store in [&waiting, &writing, &waiting] {
        store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    }
    let claims = reading(&backend).await.registry(school_id(1)).await.unwrap().claims;
    let of_esia = claims.iter().filter(|claim| claim.kind == ClaimKind::EsiaId);
    assert_eq!(of_esia.count(), 1);
}

/// Whose login is hashed anew while the password is checked gets in, and the device stays theirs.
pub async fn a_login_hashed_meanwhile_lets_in(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let card = harness.cards().await.remove(0);
    let login = card.login.as_str();
    let first = harness.sign_in(login, &card.password, HOME).await.unwrap();
    let keys = Stages::new();
    let store = with_keys(&harness, &backend, keys.both());
    let other = with_keys(&harness, &backend, keys.both());
    let runtime = tokio::runtime::Handle::current();
    harness.hasher.meanwhile(move || {
        runtime.block_on(async {
            assert_eq!(other.rehash(1000).await.unwrap().left, 0);
        });
    });
    let again = by_password(&store, Some(&first), login, &card.password).await.unwrap();
    assert_eq!(again.device.unwrap().hash(), first.device.as_ref().unwrap().hash());
    let device = first.device.as_ref().unwrap().hash();
    let used = reading(&backend).await.devices(&device).await.unwrap();
    let newest = Vault::new(keys.retired()).lookup(ClaimKind::Login, login);
    assert_eq!(used.iter().map(|device| device.login_hash).collect::<Vec<_>>(), [newest]);
}

/// Whom a support case is about is found by the newest key too, as far as anything says who it is.
pub async fn cases_are_found_by_the_newest_key(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let told = case_of(&harness.store, NEWCOMER).await;
    harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let [of_mother, of_nobody, sealed] = [1, 2, 3].map(|n| CaseCode::from_random([n; 8]));
    let oid = |of: Known| of.in_esia().oid;
    let row = |code, oid: &str, number: Option<&str>| SupportCaseRow {
        code,
        school: school_id(1),
        person: Some(vault().lookup(ClaimKind::EsiaId, oid)),
        number: number.map(|number| {
            vault().seal(&of_case_person(&code), number.as_bytes(), [7; 24]).unwrap()
        }),
        expires_at: None,
        case: vault().seal(&of_support_case(&code), b"steps", [8; 24]).unwrap(),
    };
    let support_cases = vec![
        row(told, &oid(NEWCOMER), None),
        row(of_mother, &oid(MOTHER), None),
        row(of_nobody, "999", None),
        row(sealed, &oid(OLEG), Some(&oid(OLEG))),
    ];
    save(&backend, &Changes { support_cases, ..Changes::default() }).await;
    let stages = Stages::new();
    let store = with_keys(&harness, &backend, stages.both());
    while store.rehash(1).await.unwrap().left > 0 {}
    assert_eq!(store.rehash(0).await.unwrap(), Rehashed { left: 0, unsealed: 1 });
    let newest = Vault::new(stages.retired());
    for (of, code) in [(NEWCOMER, told), (MOTHER, of_mother), (OLEG, sealed)] {
        let key = newest.lookup(ClaimKind::EsiaId, &oid(of));
        let mut tx = reading(&backend).await;
        assert_eq!(tx.support_cases_of(&[key], &[]).await.unwrap(), [code]);
        let number = tx.support_case(&code).await.unwrap().unwrap().number.unwrap();
        let opened = newest.open(&of_case_person(&code), &number).unwrap();
        assert_eq!(*opened, oid(of).into_bytes());
    }
    let retired = with_keys(&harness, &backend, stages.retired());
    assert_eq!(retired.rehash(10).await.unwrap(), Rehashed::default());
    let row = reading(&backend).await.support_case(&of_nobody).await.unwrap().unwrap();
    assert_eq!((row.person, row.number), (None, None));
}

/// Accounts that do not open keep what they claim and hold up no others.
pub async fn what_does_not_open_keeps_its_hash(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), policy()).await;
    let (mut account, claims) = known_account(school_id(1), 77, "Рябинина");
    account.phone.clone_from(&account.snils);
    let (id, accounts) = (account.id, vec![account]);
    save(&backend, &Changes { accounts, claims: claims.clone(), ..Changes::default() }).await;
    let store = with_keys(&harness, &backend, Stages::new().both());
    let error = loop {
        match store.rehash(2).await {
            Ok(Rehashed { left, .. }) => assert!(left > 0, "a row does not open"),
            Err(error) => break error,
        }
    };
    let StoreError::Unreadable { table, ref row, count, .. } = error else { panic!("{error}") };
    assert_eq!((table, row, count), ("account", &id.to_string(), 1));
    let left = reading(&backend).await.registry(school_id(1)).await.unwrap().claims;
    let left: Vec<_> = left.into_iter().filter(|claim| claim.account == id).collect();
    assert_eq!(left.len(), claims.len());
    assert!(left.iter().all(|claim| claims.contains(claim)));
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
}

/// What somebody can do whatever key finds them.
struct Everybody {
    login: String,
    password: String,
    device: SignedIn,
    case: CaseCode,
    plan: MergePlan,
}

impl Everybody {
    async fn known_to<B: Backend>(harness: &Harness<Arc<B>>) -> Self {
        let store = &harness.store;
        for known in [MOTHER, FATHER, OLEG] {
            store.sign_in_with_esia(known.in_esia()).await.unwrap();
        }
        let cards = harness.cards().await;
        let card = cards.iter().find(|card| card.name.given() == "Анна").unwrap();
        let login = card.login.as_str();
        Self {
            login: login.into(),
            password: card.password.clone(),
            device: harness.sign_in(login, &card.password, HOME).await.unwrap(),
            case: case_of(store, NEWCOMER).await,
            plan: store.foresee_merges(Actor::Console).await.unwrap(),
        }
    }

    async fn check<B: Backend>(&self, store: &Store<Arc<B>>) {
        // By СНИЛС in two schools, by phone, by СНИЛС as a pupil.
        for (known, accounts) in [(MOTHER, 2), (FATHER, 1), (OLEG, 1)] {
            let session = store.sign_in_with_esia(known.in_esia()).await.unwrap().session;
            assert_eq!(session.accounts.len(), accounts, "{known:?}");
        }
        let device = Some(&self.device);
        let known = by_password(store, device, &self.login, &self.password).await.unwrap();
        assert_eq!(
            known.device.unwrap().hash(),
            self.device.device.as_ref().unwrap().hash(),
            "the device stays known"
        );
        assert_eq!(case_of(store, NEWCOMER).await, self.case);
        assert_eq!(store.foresee_merges(Actor::Console).await.unwrap(), self.plan);
    }
}

/// The key file at each step of a change.
pub(super) struct Stages(Keys);

impl Stages {
    pub(super) fn new() -> Self {
        let mut keys = Keys::parse(&vault().keys().to_text()).unwrap();
        keys.rotate_lookup(&mut |bytes| bytes.fill(43)).unwrap();
        Self(keys)
    }

    pub(super) fn next(&self) -> Keys {
        Keys::parse(&self.0.to_text()).unwrap()
    }

    pub(super) fn both(&self) -> Keys {
        let mut keys = self.next();
        keys.begin_lookup(KeyId(2)).unwrap();
        keys
    }

    pub(super) fn retired(&self) -> Keys {
        let mut keys = self.both();
        keys.retire_lookup(KeyId(1)).unwrap();
        keys
    }
}

/// A policy in which both accounts of the mother stand together.
pub(super) fn policy() -> SignInPolicy {
    SignInPolicy::udmurtia_2023()
}

/// Another program over the same database, with these keys.
pub(super) fn with_keys<H, B: Backend>(
    harness: &Harness<H>,
    backend: &Arc<B>,
    keys: Keys,
) -> Store<Arc<B>> {
    with_policy(harness, backend, keys, policy())
}

pub(super) fn with_policy<H, B: Backend>(
    harness: &Harness<H>,
    backend: &Arc<B>,
    keys: Keys,
    policy: SignInPolicy,
) -> Store<Arc<B>> {
    Store::new(
        Arc::clone(backend),
        Ambient::new(Arc::new(harness.clock.clone()), Arc::new(OsEntropy)),
        Vault::new(keys),
        Passwords::new(harness.hasher.clone(), NonZeroUsize::MIN).unwrap(),
        policy,
        StoreSettings::default(),
    )
}

async fn by_password<B: Backend>(
    store: &Store<Arc<B>>,
    device: Option<&SignedIn>,
    login: &str,
    password: &str,
) -> Result<SignedIn, SignInError> {
    let request = PasswordSignIn {
        login: login.into(),
        password: String::from(password).into(),
        source: HOME.parse().ok(),
        device: device.and_then(|one| Some(one.device.as_ref()?.to_text().to_string())),
    };
    store.sign_in_with_password(request).await
}

async fn case_of<B: Backend>(store: &Store<Arc<B>>, known: Known) -> CaseCode {
    match store.sign_in_with_esia(known.in_esia()).await {
        Err(SignInError::Refused(refusal)) => refusal.case.unwrap(),
        other => panic!("a refusal: {other:?}"),
    }
}

/// Every hash of a lookup key that the database holds.
async fn every_hash(backend: &impl Backend) -> BTreeSet<KeyHash> {
    let mut tx = reading(backend).await;
    let mut found = BTreeSet::new();
    for school in tx.schools().await.unwrap() {
        let claims = tx.registry(school.id).await.unwrap().claims;
        found.extend(claims.into_iter().map(|claim| claim.key));
        let cards = tx.school_credentials(school.id).await.unwrap();
        found.extend(cards.into_iter().map(|card| card.login_hash));
    }
    let end = "9999-12-31T00:00:00Z".parse().unwrap();
    for case in tx.cases_until(end, u32::MAX).await.unwrap() {
        found.insert(tx.refused_sign_in(&case).await.unwrap().unwrap().person);
    }
    for code in tx.support_cases_after(None, u32::MAX).await.unwrap() {
        found.extend(tx.support_case(&code).await.unwrap().unwrap().person);
    }
    found
}
