//! Letters, links, cases, consents, grounds, excuses; and whose sessions end.

use eschool_core::{
    calendar::DateRange,
    id::RecoveryLinkId,
    people::{Consent, ConsentPurpose},
    recovery::RecoveryLink,
    signin::CaseCode,
};
use uuid::Uuid;

use super::of;
use crate::{
    backend::{
        Access, Backend, BackendError, CaseAccount, Changes, DataBasisRow, ExcuseRow, LetterRow,
        RecoveryLinkRow, SessionRow, SupportCaseRow,
    },
    secret::ClaimKind,
    testing::{
        fixtures::{
            account, account_id, at, card, class, day, key, person_id, school, school_id, sealed,
            session, token, unusual_texts,
        },
        reading, save,
    },
};

/// Letters are found by when they are due and by when they end, no more than are asked for; a second save replaces the
/// first, and one that was sent is gone.
pub async fn letters_stand_by_when_they_are_due(backend: impl Backend) {
    let letters = vec![
        letter(3, "2024-09-02T09:10:00Z"),
        letter(2, "2024-09-02T09:00:00.000001Z"),
        letter(1, "2024-09-02T09:00:00.000001Z"),
        letter(4, "2024-09-02T09:30:00Z"),
    ];
    save(&backend, &Changes { letters: letters.clone(), ..Changes::default() }).await;
    let due = async |until, limit| {
        let due = reading(&backend).await.letters_due(at(until), limit).await.unwrap();
        due.into_iter().map(|row| row.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(due("2024-09-02T09:00:00Z", 10).await, []);
    assert_eq!(due("2024-09-02T09:10:00Z", 10).await, [1, 2, 3]);
    assert_eq!(due("2024-09-02T09:10:00Z", 2).await, [1, 2]);
    let mut tx = reading(&backend).await;
    for row in &letters {
        assert_eq!(tx.letter(row.id).await.unwrap().as_ref(), Some(row));
    }
    assert_eq!(tx.letter(Uuid::from_u128(404)).await.unwrap(), None);
    drop(tx);

    let later = LetterRow {
        attempts: u32::MAX,
        expires_at: at("2024-09-02T09:00:00.000001Z"),
        ..letter(1, "2024-09-02T10:00:00Z")
    };
    let sent = vec![Uuid::from_u128(2), Uuid::from_u128(404)];
    let changes =
        Changes { letters: vec![later.clone()], sent_letters: sent, ..Changes::default() };
    save(&backend, &changes).await;
    assert_eq!(due("2024-09-03T00:00:00Z", 10).await, [3, 4, 1]);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.letter(later.id).await.unwrap(), Some(later));
    let last = at("9999-12-31T00:00:00Z");
    for (until, limit, expected) in [
        (at("2024-09-02T09:00:00Z"), 9, &[][..]),
        (at("2024-09-02T09:00:00.000001Z"), 9, &[1]),
        (last, 9, &[1, 3, 4]),
        (last, 2, &[1, 3]),
    ] {
        let ended = tx.letters_until(until, limit).await.unwrap();
        let ended: Vec<_> = ended.iter().map(Uuid::as_u128).collect();
        assert_eq!(ended, expected, "{until}");
    }
}

/// An account has the last link alone; a case is found by its code; the cards of accounts come by
/// login, and not under another school.
pub async fn links_and_cases_are_loaded_as_saved(backend: impl Backend) {
    let mut changes = schools_of_two();
    changes.credentials = vec![card(school_id(1), 2, "pr1_a"), card(school_id(1), 1, "pr1_b")];
    let mut used = link(1, 1);
    used.link.use_up(at("2024-09-02T09:10:00.000001Z")).unwrap();
    changes.recovery_links = vec![link(1, 1), link(2, 3), used.clone()];
    changes.support_cases = vec![case(1, "7Q4-K2M"), case(2, "8Q4-K2M"), case(2, "7Q4-K2M")];
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let (one, two) = (school_id(1), school_id(2));
    assert_eq!(tx.recovery_link(one, account_id(1)).await.unwrap(), Some(used));
    assert_eq!(tx.recovery_link(two, account_id(1)).await.unwrap(), Some(link(2, 3)));
    assert_eq!(tx.recovery_link(one, account_id(2)).await.unwrap(), None);
    for row in [case(2, "7Q4-K2M"), case(2, "8Q4-K2M")] {
        assert_eq!(tx.support_case(&row.code).await.unwrap(), Some(row));
    }
    let unknown: CaseCode = "9Q4-K2M".parse().unwrap();
    assert_eq!(tx.support_case(&unknown).await.unwrap(), None);
    let keys = [1, 2, 404].map(|n| (one, account_id(n)));
    assert_eq!(tx.credentials_of(&keys).await.unwrap(), changes.credentials);
    assert_eq!(tx.credentials_of(&[(two, account_id(1))]).await.unwrap(), []);
    assert_eq!(tx.credentials_of(&[]).await.unwrap(), []);
}

/// Cases are found by the person, by the accounts they found and by when they end, each once; one
/// that was taken away is found by nothing, and the others stay.
pub async fn cases_are_found_by_whom_they_are_about(backend: impl Backend) {
    let esia = |n: u8| key(ClaimKind::EsiaId, &n.to_string());
    let of = |code: &str, person: Option<u8>, end: Option<&str>| SupportCaseRow {
        person: person.map(esia),
        number: person.map(|n| sealed(school_id(1), account_id(1), "person", &n.to_string())),
        expires_at: end.map(at),
        ..case(1, code)
    };
    let codes = ["7Q4-K2M", "8Q4-K2M", "9Q4-K2M"];
    let [one, two, three] = codes.map(|code| code.parse::<CaseCode>().unwrap());
    let rows = [
        of(codes[0], Some(7), None),
        of(codes[1], Some(7), Some("2024-09-02T09:00:00.000001Z")),
        of(codes[2], None, Some("2024-09-02T09:00:00Z")),
    ];
    let found = |code, school, account| CaseAccount {
        code,
        school: school_id(school),
        account: account_id(account),
    };
    let changes = Changes {
        support_cases: rows.to_vec(),
        case_accounts: vec![found(one, 1, 1), found(three, 1, 1), found(three, 2, 2)],
        ..schools_of_two()
    };
    save(&backend, &changes).await;
    let again = Changes { case_accounts: vec![found(one, 1, 1)], ..Changes::default() };
    save(&backend, &again).await;
    let account = |school, account| (school_id(school), account_id(account));
    let mut tx = reading(&backend).await;
    for row in &rows {
        assert_eq!(tx.support_case(&row.code).await.unwrap().as_ref(), Some(row));
    }
    for (people, accounts, expected) in [
        (vec![esia(7)], vec![], vec![one, two]),
        (vec![], vec![account(1, 1)], vec![one, three]),
        (vec![esia(7), esia(8)], vec![account(1, 1), account(2, 2)], vec![one, two, three]),
        (vec![esia(8)], vec![account(2, 1)], vec![]),
        (vec![], vec![], vec![]),
    ] {
        assert_eq!(tx.support_cases_of(&people, &accounts).await.unwrap(), expected);
    }
    for (until, limit, expected) in [
        ("2024-09-02T08:59:59Z", 9, vec![]),
        ("2024-09-02T09:00:00Z", 9, vec![three]),
        ("2024-09-02T09:00:01Z", 9, vec![three, two]),
        ("2024-09-02T09:00:01Z", 1, vec![three]),
    ] {
        assert_eq!(tx.support_cases_until(at(until), limit).await.unwrap(), expected);
    }
    drop(tx);

    save(&backend, &Changes { erased_cases: vec![one], ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    let accounts = [account(1, 1)];
    assert_eq!(tx.support_cases_of(&[esia(7)], &accounts).await.unwrap(), [two, three]);
}

/// Consents, grounds and excuses come in their order, for the pupils that are asked for, and not
/// under another school; excuses are found by their days, both ends included.
pub async fn consents_and_excuses_are_loaded_as_saved(backend: impl Backend) {
    let (one, two) = (school_id(1), school_id(2));
    let mut purposes = unusual_texts();
    purposes.push("sign_in".into());
    purposes.sort();
    let mut consents: Vec<Consent> = purposes.iter().map(|text| consent(1, text)).collect();
    consents.push(Consent { revoked: Some(day("9999-12-31")), ..consent(2, "sign_in") });
    let bases = vec![basis(1, 1), basis(1, 2)];
    let excuses = vec![
        excuse(1, 1, "2024-09-02", "2024-09-04"),
        excuse(1, 2, "2024-09-05", "2024-09-05"),
        excuse(2, 1, "0001-01-01", "9999-12-31"),
    ];
    let changes = Changes {
        consents: of(one, &consents),
        data_bases: of(one, &bases),
        excuses: of(one, &excuses),
        ..schools_of_two()
    };
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let pupils = [2, 1, 404].map(account_id);
    assert_eq!(tx.consents(one, &pupils).await.unwrap(), consents);
    assert_eq!(tx.consents(one, &pupils[..1]).await.unwrap(), consents[consents.len() - 1..]);
    assert_eq!(tx.consents(two, &pupils).await.unwrap(), []);
    assert_eq!(tx.data_bases(one, &[account_id(1)]).await.unwrap(), bases);
    assert_eq!(tx.data_bases(two, &[account_id(1)]).await.unwrap(), []);
    let days = |from, to| DateRange::new(day(from), day(to)).unwrap();
    assert_eq!(tx.excuses(one, &pupils, days("2024-09-04", "2024-09-05")).await.unwrap(), excuses);
    let of_1 = tx.excuses(one, &pupils[1..], days("2024-09-03", "2024-09-04")).await.unwrap();
    assert_eq!(of_1, excuses[..1]);
    assert_eq!(tx.excuses(two, &pupils, days("2024-09-01", "2024-09-30")).await.unwrap(), []);
    drop(tx);

    // A second save replaces the row of the same key.
    let until = Some(day("2025-05-31"));
    let again = Consent { until, ..consent(2, "sign_in") };
    let changes = Changes { consents: of(one, std::slice::from_ref(&again)), ..Changes::default() };
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.consents(one, &pupils[..1]).await.unwrap(), [again]);
    drop(tx);

    // An account that is erased loses what was told of it, another nothing.
    let erased = vec![(one, account_id(1))];
    save(&backend, &Changes { erased, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.consents(one, &pupils).await.unwrap().len(), 1);
    assert_eq!(tx.data_bases(one, &[account_id(1)]).await.unwrap(), []);
    let left = tx.excuses(one, &pupils, days("2024-09-01", "2024-09-30")).await.unwrap();
    assert_eq!(left, excuses[2..]);
}

/// Of one person all sessions end but one; of others none.
pub async fn the_other_sessions_of_a_person_end(backend: impl Backend) {
    let of_1 = |n| SessionRow { person: person_id(1), ..session(n, school_id(1), 1) };
    let sessions = vec![of_1(1), of_1(2), of_1(3), session(4, school_id(1), 2)];
    save(&backend, &Changes { sessions, ..schools_of_two() }).await;
    let ended_others = vec![(person_id(1), token(2))];
    save(&backend, &Changes { ended_others, ..Changes::default() }).await;
    let left = reading(&backend).await.sessions_until(at("2030-01-01T00:00:00Z"), 10).await;
    let mut left: Vec<_> = left.unwrap().into_iter().map(|(_, token)| token).collect();
    left.sort();
    let mut expected = [token(2), token(4)];
    expected.sort();
    assert_eq!(left, expected);
}

/// An account is chosen in the session that is there alone; one that has ended does not come back.
pub async fn a_choice_brings_no_session_back(backend: impl Backend) {
    let of_1 = |n| SessionRow { person: person_id(1), chosen: None, ..session(n, school_id(1), 1) };
    let sessions = vec![of_1(1), of_1(2)];
    save(&backend, &Changes { sessions, ..schools_of_two() }).await;
    let chosen = [1, 3].map(|n| (person_id(1), token(n), account_id(2))).to_vec();
    save(&backend, &Changes { chosen, ..Changes::default() }).await;
    let rows = reading(&backend).await.sessions_of(person_id(1)).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|row| (row.token, row.chosen)).collect();
    rows.sort();
    let mut expected = [(token(1), Some(account_id(2))), (token(2), None)];
    expected.sort();
    assert_eq!(rows, expected);
}

/// Two schools with two accounts each.
/// A link, a consent, a ground, an excuse of an account that the school has not, though another one
/// has: refused as such, and nothing of the same changes stays.
pub async fn what_is_nobodys_is_refused(backend: impl Backend) {
    let one = school_id(1);
    let of_one = Changes {
        schools: vec![school(1), school(2)],
        accounts: vec![account(one, 2, "Ёлкина"), account(school_id(2), 1, "Ёлкина")],
        ..Changes::default()
    };
    save(&backend, &of_one).await;
    for (what, changes) in [
        ("link", Changes { recovery_links: vec![link(1, 1)], ..Changes::default() }),
        ("consent", Changes { consents: of(one, &[consent(1, "sign_in")]), ..Changes::default() }),
        ("ground", Changes { data_bases: of(one, &[basis(1, 1)]), ..Changes::default() }),
        (
            "excuse",
            Changes {
                excuses: of(one, &[excuse(1, 1, "2024-09-02", "2024-09-04")]),
                ..Changes::default()
            },
        ),
    ] {
        let changes = Changes { classes: vec![class(one, 1, "7А")], ..changes };
        let mut tx = backend.begin(Access::Write).await.unwrap();
        let refused = tx.apply(&changes).await;
        assert!(matches!(refused, Err(BackendError::Dangling)), "{what}: {refused:?}");
        drop(tx);
        assert_eq!(reading(&backend).await.classes(one).await.unwrap(), [], "{what}");
        let with_whom = Changes { accounts: vec![account(one, 1, "Ёлкина")], ..changes };
        let mut tx = backend.begin(Access::Write).await.unwrap();
        tx.apply(&with_whom).await.unwrap();
    }
}

fn schools_of_two() -> Changes {
    let mut changes = Changes { schools: vec![school(1), school(2)], ..Changes::default() };
    for n in [1, 2] {
        for id in [1, 2] {
            changes.accounts.push(account(school_id(n), id, "Ёлкина"));
        }
    }
    changes
}

fn letter(n: u128, due_at: &str) -> LetterRow {
    LetterRow {
        id: Uuid::from_u128(n),
        asked_at: at("2024-09-02T08:00:00.123456Z"),
        due_at: at(due_at),
        attempts: 0,
        expires_at: at("2024-09-02T14:00:00Z"),
        asked: sealed(school_id(1), account_id(n), "asked", "pr7_test"),
    }
}

fn link(school: u128, n: u8) -> RecoveryLinkRow {
    let id = RecoveryLinkId(Uuid::from_u128(n.into()));
    let link = RecoveryLink::new(id, account_id(1), at("2024-09-02T09:00:00.000001Z"));
    RecoveryLinkRow { school: school_id(school), token: token(n), link }
}

fn case(school: u128, code: &str) -> SupportCaseRow {
    let school = school_id(school);
    let case = sealed(school, account_id(1), "case", code);
    let code = code.parse().unwrap();
    SupportCaseRow { code, school, person: None, number: None, expires_at: None, case }
}

fn consent(pupil: u128, purpose: &str) -> Consent {
    Consent {
        giver: account_id(2),
        pupil: account_id(pupil),
        purpose: ConsentPurpose::from(purpose),
        from: day("2024-09-02"),
        until: None,
        revoked: None,
    }
}

fn basis(account: u128, n: u128) -> DataBasisRow {
    let (id, account) = (Uuid::from_u128(n), account_id(account));
    DataBasisRow { id, account, basis: sealed(school_id(1), account, "basis", "№ 17") }
}

fn excuse(pupil: u128, n: u128, from: &str, to: &str) -> ExcuseRow {
    let (id, pupil) = (Uuid::from_u128(n), account_id(pupil));
    let days = DateRange::new(day(from), day(to)).unwrap();
    ExcuseRow { id, pupil, days, excuse: sealed(school_id(1), pupil, "excuse", "болен") }
}
