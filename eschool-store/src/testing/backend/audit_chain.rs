//! The chains of the audit: which entries are under which seal, and which are under none.

use crate::{
    backend::{
        Access, AuditChain, AuditEntry, AuditKey, AuditSeal, Backend, BackendError, Changes,
    },
    secret::KeyHash,
    testing::{
        fixtures::{at, extreme_instants, school_id},
        reading, save,
    },
};

/// The chains that the entries of these cases are in.
const CHAINS: [AuditChain; 3] =
    [AuditChain::IDENTITY, AuditChain(Some(school_id(1))), AuditChain(Some(school_id(2)))];

/// Seals come back as they were saved, by number, those of one chain alone; the last one too.
pub async fn seals_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let mut seals = Vec::new();
    for (chain, number, at) in [
        (CHAINS[1], 1, first),
        (CHAINS[1], 2, exact),
        (CHAINS[1], 10, last),
        (CHAINS[0], 2, exact),
        (CHAINS[2], i64::MAX as u64 - 1, exact),
    ] {
        seals.push(AuditSeal { at, ..seal(chain, number, number, 0) });
    }
    let audit_seals = seals.iter().rev().map(|seal| (seal.clone(), vec![])).collect();
    save(&backend, &Changes { audit_seals, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let found = |seals: &[AuditSeal]| {
        seals.iter().map(|seal| (seal.number, Some(seal.clone()))).collect::<Vec<_>>()
    };
    assert_eq!(tx.audit_seals(CHAINS[1], 0, 10).await.unwrap(), found(&seals[..3]));
    assert_eq!(tx.audit_seals(CHAINS[1], 0, 2).await.unwrap(), found(&seals[..2]));
    assert_eq!(tx.audit_seals(CHAINS[1], 1, 10).await.unwrap(), found(&seals[1..3]));
    assert_eq!(tx.audit_seals(CHAINS[1], 10, 10).await.unwrap(), []);
    assert_eq!(tx.audit_seals(CHAINS[0], 0, 10).await.unwrap(), found(&seals[3..4]));
    for (chain, last) in [(CHAINS[0], 3), (CHAINS[1], 2), (CHAINS[2], 4)] {
        let found_last = tx.last_audit_seal(chain).await.unwrap();
        assert_eq!(found_last, Some((seals[last].number, Some(seals[last].clone()))));
    }
    let unknown = AuditChain(Some(school_id(404)));
    assert_eq!(tx.last_audit_seal(unknown).await.unwrap(), None);
}

/// An entry is under the seal it was given to, at its place; the others are under none, in the order
/// they were appended, however late one is sealed.
pub async fn sealed_entries_are_told_from_others(backend: impl Backend) {
    let audit = ["a1", "b0", "c1", "d1", "e2", "f1"].map(entry).to_vec();
    save(&backend, &Changes { audit, ..Changes::default() }).await;
    let chain = CHAINS[1];
    let unsealed = reading(&backend).await.unsealed_audit(chain, None, 10).await.unwrap();
    assert_eq!(actions(unsealed.iter().filter_map(|(_, entry)| entry.as_ref())), "a1 c1 d1 f1");
    let keys: Vec<AuditKey> = unsealed.iter().map(|(key, _)| *key).collect();

    let given = |seal, keys| Changes { audit_seals: vec![(seal, keys)], ..Changes::default() };
    save(&backend, &given(seal(chain, 1, 2, 2), vec![keys[2], keys[0]])).await;
    save(&backend, &Changes { audit: vec![entry("g1")], ..Changes::default() }).await;
    save(&backend, &given(seal(chain, 2, 3, 1), vec![keys[3]])).await;

    let mut tx = reading(&backend).await;
    let unsealed = tx.unsealed_audit(chain, None, 10).await.unwrap();
    assert_eq!(actions(unsealed.iter().filter_map(|(_, entry)| entry.as_ref())), "c1 g1");
    assert_eq!(tx.unsealed_audit(chain, None, 1).await.unwrap(), unsealed[..1]);
    assert_eq!(tx.unsealed_audit(chain, Some(unsealed[0].0), 10).await.unwrap(), unsealed[1..]);
    assert_eq!(tx.unsealed_audit(chain, Some(unsealed[1].0), 10).await.unwrap(), []);
    assert_eq!(tx.astray_audit().await.unwrap(), 0);
    for (chain, unsealed) in [(CHAINS[0], 1), (CHAINS[1], 2), (CHAINS[2], 1)] {
        assert_eq!(tx.unsealed_audit(chain, None, 10).await.unwrap().len(), unsealed);
    }
    for (numbers, expected) in [
        (1..=1, "1.1 d1, 1.2 a1"),
        (2..=9, "2.3 f1"),
        (1..=2, "1.1 d1, 1.2 a1, 2.3 f1"),
        (3..=7, ""),
    ] {
        let sealed = tx.sealed_audit(chain, numbers.clone()).await.unwrap();
        let sealed: Vec<_> = sealed
            .iter()
            .map(|row| format!("{}.{} {}", row.seal, row.place, actions(&row.entry)))
            .collect();
        assert_eq!(sealed.join(", "), expected, "seals {numbers:?}");
    }
    assert_eq!(tx.sealed_audit(CHAINS[0], 1..=9).await.unwrap(), []);
    assert_eq!(tx.stray_audit_seals(chain, 10).await.unwrap(), []);
    // What is told newest first is told so, sealed or not.
    assert_eq!(actions(&tx.audit(10).await.unwrap()), "g1 f1 e2 d1 c1 b0 a1");
}

/// Chains are found one after another: those with entries under no seal, or all.
pub async fn chains_are_found_one_after_another(backend: impl Backend) {
    let found = async |is_unsealed| {
        let mut tx = reading(&backend).await;
        let (mut found, mut after) = (Vec::new(), None);
        while let Some(chain) = tx.audit_chain_after(after, is_unsealed).await.unwrap() {
            found.push(chain);
            after = Some(chain);
        }
        found
    };
    assert_eq!(found(false).await, []);
    save(&backend, &Changes { audit: vec![entry("a1"), entry("b0")], ..Changes::default() }).await;
    assert_eq!(found(true).await, CHAINS[..2]);
    assert_eq!(found(false).await, CHAINS[..2]);
    let [(key, _)] = reading(&backend).await.unsealed_audit(CHAINS[1], None, 10).await.unwrap()[..]
    else {
        panic!("one entry")
    };
    let audit_seals =
        vec![(seal(CHAINS[1], 1, 1, 1), vec![key]), (seal(CHAINS[2], 1, 0, 0), vec![])];
    save(&backend, &Changes { audit_seals, ..Changes::default() }).await;
    assert_eq!(found(true).await, CHAINS[..1]);
    assert_eq!(found(false).await, CHAINS);
}

/// An entry is sealed once, in its own chain; a seal is there once.
pub async fn an_entry_is_sealed_once(backend: impl Backend) {
    let audit = ["a1", "b1", "c2"].map(entry).to_vec();
    save(&backend, &Changes { audit, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let mut keys = tx.unsealed_audit(CHAINS[1], None, 10).await.unwrap();
    keys.extend(tx.unsealed_audit(CHAINS[2], None, 10).await.unwrap());
    let [one, other, foreign] = [0, 1, 2].map(|n: usize| keys[n].0);
    drop(tx);
    let audit_seals = vec![(seal(CHAINS[1], 1, 1, 1), vec![one])];
    save(&backend, &Changes { audit_seals, ..Changes::default() }).await;
    for (what, number, entry) in [
        ("a sealed entry", 2, one),
        ("another chain's entry", 2, foreign),
        ("no entry", 2, AuditKey(0x7777)),
        ("a number that is taken", 1, other),
    ] {
        let mut tx = backend.begin(Access::Write).await.unwrap();
        let audit_seals = vec![(seal(CHAINS[1], number, 2, 1), vec![entry])];
        let refused = tx.apply(&Changes { audit_seals, ..Changes::default() }).await;
        assert!(matches!(refused, Err(BackendError::Conflict)), "{what}: {refused:?}");
    }
    assert_eq!(reading(&backend).await.sealed_audit(CHAINS[1], 1..=1).await.unwrap().len(), 1);
}

fn seal(chain: AuditChain, number: u64, last: u64, entries: usize) -> AuditSeal {
    AuditSeal {
        chain,
        number,
        last,
        at: at("2024-09-02T08:30:00Z"),
        former: KeyHash([number.to_be_bytes()[7]; 32]),
        tags: (0..entries * AuditSeal::TAG).map(|n| n.to_be_bytes()[7]).collect(),
        mac: KeyHash([0xa5; 32]),
    }
}

/// An entry in the chain that the end of its action tells.
fn entry(action: &str) -> AuditEntry {
    let chain = action.chars().last().and_then(|digit| digit.to_digit(10)).unwrap();
    AuditEntry {
        at: at("2024-09-02T08:30:00Z"),
        action: action.into(),
        outcome: "granted".into(),
        school: CHAINS[chain as usize].0,
        actor: None,
        subject: None,
        case: None,
        lesson: None,
    }
}

fn actions<'a>(entries: impl IntoIterator<Item = &'a AuditEntry>) -> String {
    let actions: Vec<_> = entries.into_iter().map(|entry| entry.action.as_str()).collect();
    actions.join(" ")
}
