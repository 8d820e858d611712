//! School years that were opened, and what is kept and forgotten of one account.

use eschool_core::{
    id::{AccountId, LessonId, NewYearId},
    people::{CardRecord, CardStep},
};
use uuid::Uuid;

use crate::{
    backend::{
        AuditEntry, Backend, CardJournalEntry, Changes, Device, NewYearRow, YearChange,
        YearRowsKept,
    },
    secret::ClaimKind,
    testing::{
        fixtures::{
            account_id, at, claim, class_id, day, key, lesson_id, login_key, membership, person_id,
            post, sample, school_id, session, stay, token,
        },
        reading, save,
    },
};

/// Entries about these accounts, by them, and about these lessons; of their school alone, the last
/// first, each once, no more than are asked for.
pub async fn what_is_about_somebody_is_found_in_the_audit(backend: impl Backend) {
    let (here, other) = (Some(school_id(1)), Some(school_id(2)));
    let one = Some(account_id(1));
    let audit = vec![
        AuditEntry { subject: one, ..entry("about", here) },
        AuditEntry { subject: one, ..entry("elsewhere", other) },
        AuditEntry { actor: one, subject: one, ..entry("by", here) },
        AuditEntry { lesson: Some(lesson_id(5)), ..entry("lesson", here) },
        AuditEntry { subject: Some(account_id(2)), ..entry("another", here) },
        AuditEntry { lesson: Some(lesson_id(6)), ..entry("other lesson", here) },
        AuditEntry { subject: one, ..entry("of no school", None) },
    ];
    save(&backend, &Changes { audit, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let mut found = async |accounts: &[AccountId], lessons: &[LessonId], limit| {
        let found = tx.audit_about(school_id(1), accounts, lessons, limit).await.unwrap();
        found.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    assert_eq!(found(&[account_id(1)], &[lesson_id(5)], 9).await, ["lesson", "by", "about"]);
    assert_eq!(found(&[account_id(1)], &[], 1).await, ["by"]);
    assert_eq!(found(&[], &[lesson_id(6)], 9).await, ["other lesson"]);
    assert!(found(&[], &[], 9).await.is_empty());
}

/// Entries about an account and lessons between two instants, the first one among them and the last
/// one not; none of what the account did itself, or nobody did; page by page, the last first.
pub async fn what_others_did_is_found_by_the_time(backend: impl Backend) {
    let (here, other) = (Some(school_id(1)), Some(school_id(2)));
    let (one, two) = (Some(account_id(1)), Some(account_id(2)));
    let on = |action, school, when: &str| AuditEntry {
        at: at(when),
        actor: two,
        subject: one,
        ..entry(action, school)
    };
    let lesson =
        |n, entry: AuditEntry| AuditEntry { subject: None, lesson: Some(lesson_id(n)), ..entry };
    let audit = vec![
        on("early", here, "2024-09-01T20:59:59.999999Z"),
        on("first", here, "2024-09-01T21:00:00Z"),
        on("elsewhere", other, "2024-09-02T09:00:00Z"),
        AuditEntry { actor: one, ..on("own", here, "2024-09-02T09:00:00Z") },
        AuditEntry { actor: None, ..on("nobody", here, "2024-09-02T09:00:00Z") },
        lesson(5, on("lesson", here, "2024-09-02T09:00:00Z")),
        lesson(6, on("other lesson", here, "2024-09-02T09:00:00Z")),
        on("last", here, "2024-09-30T20:59:59.999999Z"),
        on("late", here, "2024-09-30T21:00:00Z"),
    ];
    save(&backend, &Changes { audit, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let between = (at("2024-09-01T21:00:00Z"), at("2024-09-30T21:00:00Z"));
    let mut found = async |lessons: &[LessonId], page| {
        let found = tx.audit_between(school_id(1), account_id(1), lessons, between, page).await;
        found.unwrap().into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    assert_eq!(found(&[lesson_id(5)], (0, 9)).await, ["last", "lesson", "first"]);
    assert_eq!(found(&[lesson_id(5)], (1, 1)).await, ["lesson"]);
    assert_eq!(found(&[], (0, 9)).await, ["last", "first"]);
}

/// The card journal of an account in its order, and every session of a person, whoever else has one.
pub async fn what_is_kept_of_an_account_is_found(backend: impl Backend) {
    let mut changes = sample(1);
    let line = |account: u128, card, step, when: &str, by: Option<u128>| CardJournalEntry {
        school: school_id(1),
        account: account_id(account),
        line: CardRecord { card, step, at: at(when), by: by.map(account_id) },
    };
    changes.card_journal = vec![
        line(2, 1, CardStep::Issued, "2024-09-03T09:00:00Z", Some(21)),
        line(1, 1, CardStep::Issued, "2024-09-03T09:00:00Z", None),
        line(3, 1, CardStep::Issued, "2024-09-02T09:00:00Z", None),
        line(1, 2, CardStep::HandedOut, "2024-09-01T09:00:00Z", Some(21)),
        line(1, u32::MAX, CardStep::from("scanned"), "2024-09-01T09:00:00Z", Some(22)),
    ];
    let of_one = [session(1, school_id(1), 1), session(2, school_id(1), 1)];
    changes.sessions = of_one.to_vec();
    changes.sessions.push(session(3, school_id(1), 2));
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let lines = tx.card_journal(school_id(1), &[account_id(2), account_id(1)]).await.unwrap();
    assert_eq!(lines, [1, 3, 4, 0].map(|place| changes.card_journal[place].clone()));
    assert!(tx.card_journal(school_id(2), &[account_id(1)]).await.unwrap().is_empty());
    let mut expected = of_one;
    expected.sort_by_key(|row| row.token.0);
    assert_eq!(tx.sessions_of(person_id(1)).await.unwrap(), expected);
    assert!(tx.sessions_of(person_id(404)).await.unwrap().is_empty());
}

/// An erased account has no claim of any kind, no card, no login, no known device and no duty; what
/// others have stays, the same account of another school too.
pub async fn erased_accounts_are_found_by_nothing(backend: impl Backend) {
    let mut esia = Vec::new();
    for n in [1, 2] {
        let mut changes = sample(n);
        let teacher = changes.accounts.iter().find(|a| a.id == account_id(21)).unwrap().clone();
        let claim = claim(&teacher, ClaimKind::EsiaId, "1000000021");
        changes.claims.push(claim.clone());
        esia.push(claim);
        let mut card = changes.credentials[0].clone();
        card.account = account_id(21);
        card.login = format!("pr{n}_teacher").parse().unwrap();
        card.login_hash = login_key(card.login.as_str());
        let device = |login_hash| Device {
            token: token(9),
            login_hash,
            seen_at: at("2024-09-02T08:30:00Z"),
        };
        changes.devices = vec![device(card.login_hash), device(changes.credentials[0].login_hash)];
        changes.credentials.push(card);
        save(&backend, &changes).await;
    }
    let step = |n: u128, account: u128| eschool_core::merge::AccountMove {
        school: school_id(n),
        account: account_id(account),
        from: person_id(90 + account),
        into: person_id(account),
    };
    let merge = crate::backend::MergeRow {
        id: eschool_core::id::MergeId(Uuid::from_u128(7)),
        at: at("2024-09-02T08:30:00Z"),
        actor: None,
        undone_at: None,
        moves: vec![step(1, 1), step(1, 21), step(2, 21)],
    };
    let apart = |one: u128, other: u128| eschool_core::people::KeptApart {
        one: account_id(one),
        other: account_id(other),
    };
    let kept_apart = vec![apart(1, 2), apart(1, 21), apart(21, 31)];
    save(&backend, &Changes { merges: vec![merge.clone()], kept_apart, ..Changes::default() })
        .await;
    let gone = (school_id(1), account_id(21));
    save(&backend, &Changes { erased: vec![gone], ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let left = tx.merge(merge.id).await.unwrap().unwrap().moves;
    assert_eq!(left, [step(1, 1), step(2, 21)]);
    assert_eq!(tx.kept_apart(None).await.unwrap(), [apart(1, 2)]);
    let registry = tx.registry(gone.0).await.unwrap();
    assert!(registry.claims.iter().all(|claim| claim.account != gone.1));
    assert_eq!(registry.claims.len(), sample(1).claims.len() - 3);
    assert!(registry.duties.is_empty());
    assert!(registry.accounts.iter().any(|account| account.id == gone.1));
    let left = tx.claims(&[key(ClaimKind::EsiaId, "1000000021")]).await.unwrap();
    assert_eq!(left, esia[1..]);
    assert_eq!(tx.credential(&login_key("pr1_teacher")).await.unwrap(), None);
    for login in ["pr1_pupil", "pr2_pupil", "pr2_teacher"] {
        assert!(tx.credential(&login_key(login)).await.unwrap().is_some(), "{login}");
    }
    let devices = tx.devices(&token(9)).await.unwrap();
    assert_eq!(devices.len(), 3);
    assert!(devices.iter().all(|device| device.login_hash != login_key("pr1_teacher")));
    assert_eq!(tx.registry(school_id(2)).await.unwrap().duties.len(), 1);
}

/// With all it changed, undone and not, of its own school alone, by identifier; written anew, it
/// replaces what stood there. Classes that were made are taken away.
pub async fn new_years_are_loaded_as_saved(backend: impl Backend) {
    let school = school_id(1);
    let row = |n: u128| NewYearRow {
        id: NewYearId(Uuid::from_u128(n)),
        school,
        year: 2025,
        at: at("2025-08-25T09:00:00.123456Z"),
        actor: None,
        undone_at: None,
        change: YearChange::default(),
    };
    let full = NewYearRow {
        actor: Some(account_id(21)),
        undone_at: Some(at("2025-08-26T09:00:00Z")),
        change: YearChange {
            begins: Some(day("2025-09-01")),
            classes: vec![class_id(1), class_id(2)],
            before: YearRowsKept {
                stays: vec![stay(1, 1, "2024-09-02")],
                subgroups: vec![membership(1, class_id(1), "нем.", "2024-09-02")],
                posts: vec![post(21, "Алгебра")],
            },
            after: YearRowsKept::default(),
        },
        ..row(1)
    };
    let mut changes = sample(1);
    changes.new_years = vec![row(2), row(1)];
    save(&backend, &changes).await;
    save(&backend, &Changes { new_years: vec![full.clone()], ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.new_years(school).await.unwrap(), [full, row(2)]);
    assert!(tx.new_years(school_id(2)).await.unwrap().is_empty());
    drop(tx);

    let mut made = changes.classes[0].clone();
    (made.id, made.year) = (class_id(77), 2025);
    save(&backend, &Changes { classes: vec![made.clone()], ..Changes::default() }).await;
    let mut taken = Changes::default();
    taken.removed.classes = vec![made];
    save(&backend, &taken).await;
    assert_eq!(reading(&backend).await.classes(school).await.unwrap(), changes.classes);
}

fn entry(action: &str, school: Option<eschool_core::id::SchoolId>) -> AuditEntry {
    AuditEntry {
        at: at("2024-09-02T08:30:00Z"),
        action: action.into(),
        outcome: "done".into(),
        school,
        actor: None,
        subject: None,
        case: None,
        lesson: None,
    }
}
