//! The log of what was done.

use eschool_core::signin::CaseCode;

use crate::{
    backend::{AuditEntry, Backend, Changes},
    testing::{
        fixtures::{account_id, at, extreme_instants, lesson_id, school_id, unusual_texts},
        reading, save,
    },
};

/// Every optional field both ways, every instant, unusual words; about what is not in the database.
pub async fn audit_entries_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let mut entries = vec![
        entry("plain"),
        AuditEntry { at: first, school: Some(school_id(1)), ..entry("school") },
        AuditEntry { at: last, actor: Some(account_id(1)), ..entry("actor") },
        AuditEntry { at: exact, subject: Some(account_id(2)), ..entry("subject") },
        AuditEntry { case: Some(CaseCode::from_random([7; 8])), ..entry("case") },
        AuditEntry { lesson: Some(lesson_id(3)), ..entry("lesson") },
        AuditEntry {
            school: Some(school_id(404)),
            actor: Some(account_id(u128::MAX)),
            subject: Some(account_id(0)),
            case: Some(CaseCode::from_random([0; 8])),
            lesson: Some(lesson_id(0)),
            ..entry("all")
        },
    ];
    entries.extend(
        unusual_texts().iter().map(|text| AuditEntry { outcome: text.clone(), ..entry(text) }),
    );
    save(&backend, &Changes { audit: entries.clone(), ..Changes::default() }).await;
    entries.reverse();
    assert_eq!(reading(&backend).await.audit(100).await.unwrap(), entries);
}

/// The entry that was appended last comes first, whatever the clock said; no more than are asked
/// for; equal entries are as many as were appended.
pub async fn the_audit_is_told_newest_first(backend: impl Backend) {
    let early = AuditEntry { at: at("2020-01-01T00:00:00Z"), ..entry("4") };
    let transactions =
        [vec![entry("1"), entry("2")], vec![entry("3"), early], vec![entry("5"), entry("5")]];
    for audit in transactions {
        save(&backend, &Changes { audit, ..Changes::default() }).await;
    }
    let mut tx = reading(&backend).await;
    for (limit, expected) in [
        (0, ""),
        (1, "5"),
        (4, "5 5 4 3"),
        (6, "5 5 4 3 2 1"),
        (7, "5 5 4 3 2 1"),
        (u32::MAX, "5 5 4 3 2 1"),
    ] {
        let entries = tx.audit(limit).await.unwrap();
        let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions.join(" "), expected, "limit {limit}");
    }
}

fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        at: at("2024-09-02T08:30:00Z"),
        action: action.into(),
        outcome: "granted".into(),
        school: None,
        actor: None,
        subject: None,
        case: None,
        lesson: None,
    }
}
