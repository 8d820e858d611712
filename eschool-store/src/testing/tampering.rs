//! Whoever may write to the database, and has not the key, is found.
//!
//! Tampering is done to the tables themselves, so these cases are for backends that have any; the
//! statements are such as every database understands.

use std::{num::NonZeroUsize, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use eschool_core::{error::CodedError as _, policy::SignInPolicy, signin::CaseCode};

use super::store::Harness;
use crate::{
    Checkpoint, Store, StoreSettings,
    ambient::Ambient,
    backend::{AuditChain, AuditEntry, Backend, Changes},
    secret::{Argon2id, Keys, Passwords, Vault},
    testing::{
        fixtures::{account_id, at, lesson_id, school_id},
        save,
    },
};

/// Changes tables behind the store's back.
#[async_trait]
pub trait Tamper: Send + Sync {
    /// Runs a statement.
    async fn tamper(&self, statement: &'static str);
}

/// What is done, one after another.
enum Step {
    /// A statement is run.
    Run(&'static str),
    /// What is not sealed is sealed with another key.
    SealWithoutTheKey,
    /// What can be read is sealed as it is every few minutes: that fails, and seals all the rest.
    SealWhatIsReadable,
    /// What is not sealed is sealed with the key, by somebody who has it.
    SealWithTheKey,
}

/// What is done to the audit; what is found by its seals alone, and what by a checkpoint besides.
/// Each fault as its code, its seal and its place.
struct Tampering {
    name: &'static str,
    steps: &'static [Step],
    found: &'static str,
    found_besides: &'static str,
}

use Step::{Run, SealWhatIsReadable, SealWithTheKey, SealWithoutTheKey};

const fn found(name: &'static str, steps: &'static [Step], found: &'static str) -> Tampering {
    Tampering { name, steps, found, found_besides: "" }
}

/// The audit has four seals over three entries of a school each, then an entry that is not sealed; a
/// seal over two entries of no school.
const TAMPERINGS: &[Tampering] = &[
    found("nothing", &[], ""),
    found("an entry deleted", &[Run("DELETE FROM audit WHERE place = 5")], "removed 2 5"),
    found("the last entry deleted", &[Run("DELETE FROM audit WHERE place = 12")], "removed 4 12"),
    found(
        "an entry taken out",
        &[Run("UPDATE audit SET seal = NULL, place = NULL WHERE place = 12")],
        "removed 4 12",
    ),
    found(
        "what was done changed",
        &[Run("UPDATE audit SET action = 'sign_out' WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "what came of it changed",
        &[Run("UPDATE audit SET outcome = '' WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the time changed",
        &[Run(
            "UPDATE audit SET at = (SELECT b.at FROM audit b WHERE b.place = 12) WHERE place = 5",
        )],
        "changed 2 5",
    ),
    found(
        "the actor forgotten",
        &[Run("UPDATE audit SET actor_id = NULL WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the subject forgotten",
        &[Run("UPDATE audit SET subject_id = NULL WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "actor and subject swapped",
        &[Run("UPDATE audit SET actor_id = subject_id, subject_id = actor_id WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the case forgotten",
        &[Run("UPDATE audit SET case_code = NULL WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the lesson forgotten",
        &[Run("UPDATE audit SET lesson_id = NULL WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the case made unreadable",
        &[Run("UPDATE audit SET case_code = 'Ъ' WHERE place = 5")],
        "changed 2 5",
    ),
    found(
        "the case of what is not sealed made unreadable",
        &[Run("UPDATE audit SET case_code = 'Ъ' WHERE seal IS NULL"), SealWhatIsReadable],
        "unreadable - -",
    ),
    found(
        "the mark of an entry made impossible",
        &[Run("UPDATE audit SET seal = -1 WHERE place = 5")],
        "removed 2 5, seal_missing - -",
    ),
    found(
        "the place of an entry made impossible",
        &[Run("UPDATE audit SET place = -5 WHERE place = 5")],
        "removed 2 5, added 2 0",
    ),
    found(
        "the place of a seal made impossible",
        &[Run("UPDATE audit_seal SET last = -1 WHERE number = 2")],
        "seal_changed 2 -",
    ),
    found(
        "the number of a seal made impossible",
        &[Run("UPDATE audit_seal SET number = -2 WHERE number = 2")],
        "seal_missing 2 -",
    ),
    found(
        "the last seal made unreadable",
        &[Run("UPDATE audit_seal SET last = -1 WHERE number = 4"), SealWhatIsReadable],
        "seal_changed 4 -",
    ),
    found(
        "the last seal made unreadable, and what came after it sealed",
        &[Run("UPDATE audit_seal SET last = -1 WHERE number = 4"), SealWithTheKey],
        "seal_changed 4 -",
    ),
    found(
        "the last seal made unreadable, and what was sealed after it taken away",
        &[
            Run("UPDATE audit_seal SET last = -1 WHERE number = 4"),
            SealWithTheKey,
            Run("DELETE FROM audit WHERE seal = 5"),
        ],
        "seal_changed 4 -, removed 5 13",
    ),
    found(
        "an entry given to another school",
        &[Run("UPDATE audit SET school_id = lesson_id WHERE place = 5")],
        "removed 2 5, seal_missing 2 -",
    ),
    found(
        "two entries swapped",
        &[Run("UPDATE audit SET place = 11 - place WHERE place IN (5, 6)")],
        "reordered 2 5, reordered 2 6",
    ),
    found(
        "entries of two seals swapped",
        &[Run("UPDATE audit SET seal = 5 - seal, place = 12 - place WHERE place IN (5, 7)")],
        "changed 2 5, changed 3 7",
    ),
    found(
        "an entry inserted",
        &[Run("UPDATE audit SET seal = 2, place = 5 WHERE seal IS NULL")],
        "added 2 5",
    ),
    found(
        "an entry appended to a seal",
        &[Run("UPDATE audit SET seal = 4, place = 13 WHERE seal IS NULL")],
        "added 4 13",
    ),
    found(
        "an entry put in the place of another",
        &[
            Run("DELETE FROM audit WHERE place = 5"),
            Run("UPDATE audit SET seal = 2, place = 5 WHERE seal IS NULL"),
        ],
        "changed 2 5",
    ),
    found(
        "everything under a seal deleted",
        &[Run("DELETE FROM audit WHERE seal = 2")],
        "removed 2 4, removed 2 5, removed 2 6",
    ),
    found("a seal deleted", &[Run("DELETE FROM audit_seal WHERE number = 2")], "seal_missing 2 -"),
    found(
        "a seal deleted with everything under it",
        &[Run("DELETE FROM audit_seal WHERE number = 2"), Run("DELETE FROM audit WHERE seal = 2")],
        "seal_missing 2 -",
    ),
    found(
        "the first seal deleted with everything under it",
        &[
            Run("DELETE FROM audit_seal WHERE number = 1 AND last = 3"),
            Run("DELETE FROM audit WHERE seal = 1 AND outcome = 'school'"),
        ],
        "seal_missing 1 -",
    ),
    found(
        "a seal deleted and the others renumbered",
        &[
            Run("DELETE FROM audit_seal WHERE number = 2"),
            Run("DELETE FROM audit WHERE seal = 2"),
            Run("UPDATE audit_seal SET number = 2 WHERE number = 3"),
            Run("UPDATE audit_seal SET number = 3 WHERE number = 4"),
            Run("UPDATE audit SET seal = seal - 1 WHERE seal > 2"),
        ],
        "seal_changed 2 -, seal_changed 3 -",
    ),
    found(
        "the number of a seal changed",
        &[Run("UPDATE audit_seal SET number = 9 WHERE number = 2")],
        "seal_missing 2 -, seal_missing 5 -, seal_changed 9 -",
    ),
    found(
        "the place of a seal changed",
        &[Run("UPDATE audit_seal SET last = last + 1 WHERE number = 2")],
        "seal_changed 2 -, seal_changed 3 -",
    ),
    found(
        "the time of a seal changed",
        &[Run("UPDATE audit_seal SET at = (SELECT b.at FROM audit_seal b WHERE b.number = 4) \
             WHERE number = 2")],
        "seal_changed 2 -",
    ),
    found(
        "a seal chained to nothing",
        &[Run("UPDATE audit_seal SET former = mac WHERE number = 2")],
        "seal_changed 2 -",
    ),
    found(
        "the tags of a seal exchanged",
        &[Run(
            "UPDATE audit_seal SET tags = (SELECT b.tags FROM audit_seal b WHERE b.number = 3) \
             WHERE number = 2",
        )],
        "foreign_key 2 -",
    ),
    found(
        "an entry changed and the chain made anew without the key",
        &[
            Run("UPDATE audit SET action = 'sign_out' WHERE place = 5"),
            Run("DELETE FROM audit_seal"),
            Run("UPDATE audit SET seal = NULL, place = NULL"),
            SealWithoutTheKey,
        ],
        "foreign_key 1 -, foreign_key 1 -",
    ),
    found(
        "an entry deleted and the end of the chain made anew without the key",
        &[
            Run("DELETE FROM audit WHERE place = 11"),
            Run("DELETE FROM audit_seal WHERE number = 4"),
            Run("UPDATE audit SET seal = NULL, place = NULL WHERE seal = 4"),
            SealWithoutTheKey,
        ],
        "foreign_key 4 -",
    ),
    Tampering {
        name: "an entry deleted and the end of the chain made anew with the key",
        steps: &[
            Run("DELETE FROM audit WHERE place = 11"),
            Run("DELETE FROM audit_seal WHERE number = 4"),
            Run("UPDATE audit SET seal = NULL, place = NULL WHERE seal = 4"),
            SealWithTheKey,
        ],
        found: "",
        found_besides: "rewritten 4 -",
    },
    Tampering {
        name: "the last seal deleted with everything under it",
        steps: &[
            Run("DELETE FROM audit_seal WHERE number = 4"),
            Run("DELETE FROM audit WHERE seal = 4"),
        ],
        found: "",
        found_besides: "cut_off 3 9",
    },
    Tampering {
        name: "a whole chain deleted",
        steps: &[
            Run("DELETE FROM audit_seal WHERE last > 2"),
            Run("DELETE FROM audit WHERE outcome = 'school'"),
        ],
        found: "",
        found_besides: "cut_off - -",
    },
    Tampering {
        name: "everything deleted",
        steps: &[Run("DELETE FROM audit_seal"), Run("DELETE FROM audit")],
        found: "",
        found_besides: "cut_off - -, cut_off - -",
    },
];

/// What becomes of values that no entry has, where one database alone takes them.
#[derive(Clone, Copy)]
pub struct OwnTampering {
    /// What it is.
    pub name: &'static str,
    /// The statement that does it.
    pub statement: &'static str,
    /// What is found.
    pub found: &'static str,
}

/// Each tampering, done to an audit of its own, is found and told where it is.
///
/// # Panics
/// If one is not.
pub async fn every_tampering_is_found<B, F>(fresh: impl Fn() -> F, own: &[OwnTampering])
where
    B: Backend + Tamper,
    F: Future<Output = B>,
{
    for OwnTampering { name, statement, found } in own {
        let backend = Arc::new(fresh().await);
        let harness = sealed(&backend).await;
        backend.tamper(statement).await;
        assert_eq!(told(&harness, None).await.join(", "), *found, "{name}");
    }
    for Tampering { name, steps, found, found_besides } in TAMPERINGS {
        let backend = Arc::new(fresh().await);
        let harness = sealed(&backend).await;
        let checkpoint = harness.store.checkpoint().await.unwrap();
        for step in *steps {
            match step {
                Run(statement) => backend.tamper(statement).await,
                SealWhatIsReadable => seals_the_rest(&backend, &harness).await,
                SealWithTheKey => drop(harness.store.seal_audit().await.unwrap()),
                SealWithoutTheKey => drop(forger(&backend).seal_audit().await.unwrap()),
            }
        }
        let by_seals = told(&harness, None).await;
        assert_eq!(by_seals.join(", "), *found, "{name}");
        let all = told(&harness, Some(&checkpoint)).await;
        for fault in &by_seals {
            assert!(all.contains(fault), "{name}: {fault}");
        }
        for fault in found_besides.split(", ").filter(|fault| !fault.is_empty()) {
            assert!(all.iter().any(|told| told == fault), "{name}: {fault} in {all:?}");
        }
        assert_eq!(all.is_empty(), steps.is_empty(), "{name}");
    }
}

/// What is found: each fault as its code, its seal and its place.
async fn told<B: Backend>(
    harness: &Harness<Arc<B>>,
    checkpoint: Option<&Checkpoint>,
) -> Vec<String> {
    let report = harness.store.verify_audit(checkpoint).await.unwrap();
    let dash = |number: Option<u64>| number.map_or("-".into(), |n| n.to_string());
    let faults = report
        .faults
        .iter()
        .map(|fault| format!("{} {} {}", fault.kind.code(), dash(fault.seal), dash(fault.place)));
    faults.collect()
}

/// Sealing fails for what cannot be read, in the first chain too, and seals what was appended to
/// other chains, and beside it.
async fn seals_the_rest<B: Backend + Tamper>(backend: &Arc<B>, harness: &Harness<Arc<B>>) {
    let other = AuditChain(Some(school_id(2)));
    let audit = [(AuditChain::IDENTITY, 20), (other, 21), (AuditChain(Some(school_id(1))), 22)];
    let audit = audit.map(|(chain, n)| entry(chain, n)).to_vec();
    save(backend, &Changes { audit, ..Changes::default() }).await;
    let unreadable = "UPDATE audit SET case_code = 'Ъ' WHERE seal IS NULL AND outcome = 'done'";
    backend.tamper(unreadable).await;
    for _ in 0..2 {
        let failed = harness.store.seal_audit().await.unwrap_err();
        assert_eq!(failed.code(), "store_corrupt");
    }
    let report = harness.store.verify_audit(None).await.unwrap();
    let sealed = report.entries - 14;
    assert!(report.chains == 3 && sealed >= 1, "{report:?}");
    assert!(report.faults.iter().any(|fault| fault.kind.code() == "unreadable"), "{report:?}");
    assert!(report.oldest_unsealed <= Some(at("2024-09-02T08:30:22Z")), "{report:?}");
    backend.tamper("DELETE FROM audit WHERE seal IS NULL AND outcome = 'done'").await;
}

/// A store over a sealed audit with an entry beyond it.
async fn sealed<B: Backend>(backend: &Arc<B>) -> Harness<Arc<B>> {
    let policy = SignInPolicy::ryazan_2022();
    let harness = Harness::with(Arc::clone(backend), Changes::default(), policy).await;
    for n in 0..4 {
        let audit = [1, 2, 3].map(|m| entry(AuditChain(Some(school_id(1))), n * 3 + m));
        save(backend, &Changes { audit: audit.to_vec(), ..Changes::default() }).await;
        if n == 0 {
            let audit = [1, 2].map(|n| entry(AuditChain::IDENTITY, n));
            save(backend, &Changes { audit: audit.to_vec(), ..Changes::default() }).await;
        }
        harness.store.seal_audit().await.unwrap();
        harness.clock.forward(TimeDelta::minutes(5));
    }
    let audit = vec![entry(AuditChain(Some(school_id(1))), 13)];
    save(backend, &Changes { audit, ..Changes::default() }).await;
    harness
}

/// Somebody with another key.
fn forger<B: Backend>(backend: &Arc<B>) -> Store<Arc<B>> {
    let hasher = Argon2id::with_costs(64, 1, 1).unwrap();
    Store::new(
        Arc::clone(backend),
        Ambient::system(),
        Vault::new(Keys::generate(&mut |bytes| bytes.fill(99))),
        Passwords::new(Arc::new(hasher), NonZeroUsize::MIN).unwrap(),
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    )
}

fn entry(chain: AuditChain, n: u8) -> AuditEntry {
    AuditEntry {
        at: at("2024-09-02T08:30:00Z") + TimeDelta::seconds(i64::from(n)),
        action: "lesson_read".into(),
        outcome: if chain == AuditChain::IDENTITY { "done".into() } else { "school".into() },
        school: chain.0,
        actor: Some(account_id(u128::from(n))),
        subject: Some(account_id(99)),
        case: Some(CaseCode::from_random([n; 8])),
        lesson: Some(lesson_id(7)),
    }
}
