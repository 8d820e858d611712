//! The audit is sealed, and proved whole.

use std::{num::NonZeroUsize, sync::Arc};

use chrono::TimeDelta;
use eschool_core::{error::CodedError as _, policy::SignInPolicy};

use super::Harness;
use crate::{
    AuditError, AuditFault, AuditFaultKind, AuditReport, Store, StoreSettings,
    ambient::Ambient,
    backend::{AuditChain, AuditEntry, Backend, Changes},
    secret::{Argon2id, Keys, Passwords, Vault},
    testing::{
        fixtures::{at, school_id},
        save,
    },
};

/// Each chain is sealed by itself, once; what came since is counted and no fault.
pub async fn the_audit_is_sealed_chain_by_chain(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = fresh(&backend).await;
    let append = async |chain, count: usize| {
        let audit = (0..count).map(|n| entry(chain, n)).collect();
        save(&backend, &Changes { audit, ..Changes::default() }).await;
    };
    assert_eq!(harness.store.seal_audit().await.unwrap(), 0);
    append(None, 2).await;
    append(Some(1), 3).await;
    append(Some(2), 1).await;
    let report = harness.store.verify_audit(None).await.unwrap();
    let oldest_unsealed = Some(at("2024-09-02T08:30:00Z"));
    let expected =
        AuditReport { chains: 3, unsealed: 6, oldest_unsealed, ..AuditReport::default() };
    assert_eq!(report, expected);
    assert_eq!(harness.store.seal_audit().await.unwrap(), 6);
    assert_eq!(harness.store.seal_audit().await.unwrap(), 0);
    append(Some(1), 2).await;
    let sound = |chains, seals, entries, unsealed| AuditReport {
        chains,
        seals,
        entries,
        unsealed,
        oldest_unsealed: oldest_unsealed.filter(|_| unsealed > 0),
        ..AuditReport::default()
    };
    assert_eq!(harness.store.verify_audit(None).await.unwrap(), sound(3, 3, 6, 2));
    harness.clock.forward(TimeDelta::hours(1));
    // More than one seal is over.
    append(Some(3), 2345).await;
    assert_eq!(harness.store.seal_audit().await.unwrap(), 2347);
    assert_eq!(harness.store.verify_audit(None).await.unwrap(), sound(4, 7, 2353, 0));
    let ends: Vec<_> = harness.store.checkpoint().await.unwrap().chains;
    let ends: Vec<_> = ends.iter().map(|end| (end.chain.0, end.seal, end.entries)).collect();
    let school = |n| Some(school_id(n));
    assert_eq!(ends, [(None, 1, 2), (school(1), 2, 5), (school(2), 1, 1), (school(3), 3, 2345)]);
}

/// What people do is sealed like everything else.
pub async fn what_people_do_is_sealed(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let card = &cards[0];
    harness.sign_in(card.login.as_str(), &card.password, "192.0.2.1").await.unwrap();
    let entries = harness.store.audit(100).await.unwrap().len() as u64;
    assert!(entries > 1);
    assert_eq!(harness.store.seal_audit().await.unwrap(), entries);
    let report = harness.store.verify_audit(None).await.unwrap();
    assert_eq!((report.entries, report.unsealed, report.is_sound()), (entries, 0, true));
}

/// A checkpoint tells where the chains ended: a store where they go on is sound by it, one where
/// they ended before is not.
pub async fn a_chain_that_was_cut_off_is_found(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = fresh(&backend).await;
    let seal = async |n| {
        save(&backend, &Changes { audit: vec![entry(Some(1), n)], ..Changes::default() }).await;
        harness.store.seal_audit().await.unwrap();
        harness.store.checkpoint().await.unwrap()
    };
    let (first, second) = (seal(1).await, seal(2).await);
    for checkpoint in [&first, &second] {
        assert!(harness.store.verify_audit(Some(checkpoint)).await.unwrap().is_sound());
    }
    // As the database was before: another one that has the first entry alone.
    let earlier = Arc::new(crate::memory::MemoryBackend::new());
    let former = fresh(&earlier).await;
    save(&earlier, &Changes { audit: vec![entry(Some(1), 1)], ..Changes::default() }).await;
    former.store.seal_audit().await.unwrap();
    assert!(former.store.verify_audit(Some(&first)).await.unwrap().is_sound());
    let fault = AuditFault {
        chain: AuditChain(Some(school_id(1))),
        seal: Some(1),
        place: Some(1),
        kind: AuditFaultKind::CutOff,
    };
    assert_eq!(former.store.verify_audit(Some(&second)).await.unwrap().faults, [fault]);
    let nothing = fresh(&Arc::new(crate::memory::MemoryBackend::new())).await;
    let fault = AuditFault { seal: None, place: None, ..fault };
    assert_eq!(nothing.store.verify_audit(Some(&second)).await.unwrap().faults, [fault]);
}

/// Whoever opens a database with other keys than it was begun with is told so, and it stays the
/// first one's; sealing keys may come and go.
pub async fn a_database_knows_its_keys(backend: impl Backend) {
    let backend = Arc::new(backend);
    let with = |keys: Keys| {
        let hasher = Argon2id::with_costs(64, 1, 1).unwrap();
        Store::new(
            Arc::clone(&backend),
            Ambient::system(),
            Vault::new(keys),
            Passwords::new(Arc::new(hasher), NonZeroUsize::MIN).unwrap(),
            SignInPolicy::ryazan_2022(),
            StoreSettings::default(),
        )
    };
    let keys = |byte| Keys::generate(&mut |bytes| bytes.fill(byte));
    let (own, foreign) = (with(keys(1)), with(keys(2)));
    own.check_keys().await.unwrap();
    for _ in 0..2 {
        let refused = foreign.check_keys().await.unwrap_err();
        assert_eq!(refused.code(), "keys_foreign");
    }
    own.check_keys().await.unwrap();
    let mut rotated = keys(1);
    rotated.rotate(&mut |bytes| bytes.fill(3)).unwrap();
    with(rotated).check_keys().await.unwrap();
}

/// A checkpoint that was changed, or made elsewhere, says nothing and is refused.
pub async fn a_checkpoint_proves_itself(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = fresh(&backend).await;
    let audit = vec![entry(None, 1), entry(Some(1), 1)];
    save(&backend, &Changes { audit, ..Changes::default() }).await;
    harness.store.seal_audit().await.unwrap();
    let checkpoint = harness.store.checkpoint().await.unwrap();
    let text = serde_json::to_string(&checkpoint).unwrap();
    assert_eq!(serde_json::from_str::<crate::Checkpoint>(&text).unwrap(), checkpoint);

    let mut changed = vec![checkpoint.clone(); 7];
    changed[0].chains.pop();
    changed[1].chains.reverse();
    changed[2].chains[0].seal += 1;
    changed[3].chains[0].entries += 1;
    changed[4].chains[0].mac.0[0] ^= 1;
    changed[5].at += TimeDelta::microseconds(1);
    changed[6].mac.0[31] ^= 1;
    for changed in &changed {
        let refused = harness.store.verify_audit(Some(changed)).await;
        assert!(matches!(refused, Err(AuditError::Checkpoint)), "{changed:?}");
    }
    assert!(harness.store.verify_audit(Some(&checkpoint)).await.unwrap().is_sound());
}

async fn fresh<B: Backend>(backend: &Arc<B>) -> Harness<Arc<B>> {
    let policy = SignInPolicy::ryazan_2022();
    Harness::with(Arc::clone(backend), Changes::default(), policy).await
}

fn entry(school: Option<u128>, n: usize) -> AuditEntry {
    AuditEntry {
        at: at("2024-09-02T08:30:00Z"),
        action: format!("action_{n}"),
        outcome: "done".into(),
        school: school.map(school_id),
        actor: None,
        subject: None,
        case: None,
        lesson: None,
    }
}
