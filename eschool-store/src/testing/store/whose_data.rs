//! Whose data are whose: nobody is given another's, and what goes goes whole.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use eschool_core::{
    error::CodedError as _,
    id::SchoolId,
    people::Guardianship,
    signin::{CaseCode, RefusalCode},
};

use super::{
    Harness,
    erasing::erasing,
    families::{FATHER, Known, MOTHER, TEACHER, bond},
    journal_people::{ADMINISTRATOR, algebra, at_work, school_at_work, staff, work},
    personal::{leave, refused_row},
};
use crate::{
    Actor, StoreError,
    backend::{Access, Backend, BackendError, Changes, RefusedSignInRow, Tx},
    secret::ClaimKind,
    store::places::of_refused_sign_in,
    testing::{
        fixtures::{account_id, at, claim, day, key, person_id, school_id, sealed, vault},
        reading,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;
const HERE: SchoolId = school_id(1);

/// A refused row is of whom its own cells name: neither of the child nor of a namesake, nor of who
/// shares a phone. What may be a namesake's is given to nobody, and goes.
pub async fn refused_rows_tell_of_whom_they_name(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        changes.refused_rows = vec![
            refused_row(2, r#"[["Фамилия","Х"],["телефон","8 (912) 345-67-89"]]"#),
            refused_row(3, r#"[["Фамилия","Ёлкинадзе"],["Имя","Марияна"]]"#),
            refused_row(4, r#"[["Фамилия","Елкина  мария Петровна"],["Имя",""]]"#),
            refused_row(5, r#"[["Фамилия","Ёлкина"],["ФИО ребёнка","Мария Х"]]"#),
            refused_row(6, r#"[["Фамилия","Х"],["СНИЛС","9123456789"]]"#),
            refused_row(
                7,
                r#"[["Фамилия","Ёлкин"],["Имя","Пётр"],["СНИЛС","116-973-385 89"],
                    ["Телефон","8 912 345-67-89"],["Ребёнок","Ёлкина Мария"]]"#,
            ),
            refused_row(
                8,
                r#"[["Фамилия","Ёлкина"],["Имя","Мария"],["Дата рождения","18.05.1985"],
                    ["СНИЛС","112-855-899 74"]]"#,
            ),
            refused_row(
                9,
                r#"[["Фамилия","Ёлкина"],["Имя","Мария"],["Телефон","8 912 000-00-01"]]"#,
            ),
            refused_row(
                10,
                r#"[["Фамилия","Ёлкина"],["Имя","Мария"],["Дата рождения","17.05.1985"],
                    ["СНИЛС","112-233-445 96"]]"#,
            ),
        ];
    })
    .await;
    let store = &harness.store;
    let export = store.export_person(CONSOLE, person_id(MOTHER.person)).await.unwrap();
    let told = &export.accounts[0].refused_rows;
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("Петровна") && told[1].contains("445 96"));

    leave(&backend, 1, "2024-09-01").await;
    harness.clock.set("2024-10-11T09:00:00Z");
    let erased = store.erase_person(CONSOLE, person_id(MOTHER.person)).await.unwrap();
    assert_eq!(erased.refused_rows, 3);
    let registry = reading(&backend).await.registry(HERE).await.unwrap();
    let lines: Vec<_> = registry.refused_rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 3, 5, 6, 7, 8]);
}

/// Who is barred from a child is neither given what is kept of it nor erases it, whatever they
/// administer; another administrator is, and they deal with all others.
pub async fn who_is_barred_deals_with_nothing_of_the_child(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        let (school, bond) = bond(ADMINISTRATOR, 2);
        changes.guardianships.push((school, Guardianship { barred: true, ..bond }));
    })
    .await;
    let store = &harness.store;
    harness.clock.set("2024-10-11T09:00:00Z");
    let session = staff(ADMINISTRATOR);
    let barred = Actor::Session(&session);
    let error = store.export_person(barred, person_id(2)).await.unwrap_err();
    assert_eq!(error.code(), "access_barred");
    let error = store.erase_person(barred, person_id(2)).await.unwrap_err();
    assert_eq!(error.code(), "access_barred");
    store.export_person(barred, person_id(1)).await.unwrap();
    assert_eq!(store.audit(9).await.unwrap().len(), 1, "nothing was given out or erased");
    store.export_person(CONSOLE, person_id(2)).await.unwrap();
    store.erase_person(CONSOLE, person_id(2)).await.unwrap();
}

/// What ЕСИА said at refused sign-ins is given once, by whichever account of the person it is found,
/// and goes with the person.
pub async fn what_esia_said_is_found_by_any_account(backend: impl Backend) {
    let backend = Arc::new(backend);
    // By the number of each person, which of the accounts were let in through ЕСИА.
    let people = [(51, [true, false]), (52, [false, true]), (53, [true, true])];
    let harness = at_work(Arc::clone(&backend), |changes| {
        for (person, let_in) in people {
            for (school, let_in) in [1, 2].into_iter().zip(let_in) {
                let known = nobody(person, school);
                known.save(changes);
                if let_in {
                    let_in_by_esia(changes, known);
                }
            }
            changes.refused_sign_ins.push(refused(nobody(person, 1)));
        }
    })
    .await;
    let store = &harness.store;
    for (person, _) in people {
        let export = store.export_person(CONSOLE, person_id(person)).await.unwrap();
        assert_eq!((export.accounts.len(), export.refused_sign_ins.len()), (2, 1), "{person}");
        let erased = store.erase_person(CONSOLE, person_id(person)).await.unwrap();
        assert_eq!((erased.accounts.len(), erased.refused_sign_ins), (2, 1), "{person}");
        let kept = reading(&backend).await.refused_sign_in(&case(person)).await.unwrap();
        assert_eq!(kept, None, "{person}");
    }
}

/// What ЕСИА said goes in time with the last account that has the number it is found by, though
/// another account of the person stays.
pub async fn what_esia_said_goes_with_the_number(backend: impl Backend) {
    let backend = Arc::new(backend);
    let alla = Known { account: 2, ..nobody(2, 1) };
    let mut changes = school_at_work();
    nobody(2, 2).save(&mut changes);
    let father_there = nobody(FATHER.person, 2);
    father_there.save(&mut changes);
    for known in [alla, FATHER, father_there] {
        let_in_by_esia(&mut changes, known);
    }
    changes.refused_sign_ins = vec![refused(alla), refused(FATHER)];
    let harness = Harness::with(Arc::clone(&backend), changes, erasing()).await;
    leave(&backend, 3, "2024-10-10").await;
    // In the next year, when no other school reads this one's.
    harness.clock.set("2025-09-02T09:00:00Z");
    assert_eq!(harness.store.close_and_erase_due(100).await.unwrap(), 3);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.refused_sign_in(&case(2)).await.unwrap(), None);
    assert!(tx.refused_sign_in(&case(13)).await.unwrap().is_some(), "school 2 has the number");
}

/// A mark that was taken back is given with its history, though its lesson has no other of them.
pub async fn a_mark_taken_back_is_given(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let mut draft = algebra("2024-09-02", 1);
    draft.works = vec![work("Счёт", &[(1, "5"), (3, "4")])];
    let page = harness.new_lesson(draft).await;
    harness
        .change(&staff(TEACHER), &page, |draft| {
            draft.works[0].marks.retain(|mark| mark.pupil != account_id(1));
        })
        .await
        .unwrap();
    let export = harness.store.export_person(CONSOLE, person_id(1)).await.unwrap();
    let account = &export.accounts[0];
    assert_eq!(account.diary.as_ref().unwrap().marks, []);
    let [change] = account.mark_changes.as_slice() else { panic!("one change") };
    assert_eq!((change.pupil, change.new.is_none()), (account_id(1), true));
}

/// Who has to stay holds up nobody: the school is not closed to writers for them.
pub async fn who_has_to_stay_holds_up_nobody(backend: impl Backend) {
    let backend = Arc::new(Watched { inner: backend, alone: AtomicUsize::new(0) });
    let harness = Harness::with(Arc::clone(&backend), school_at_work(), erasing()).await;
    let store = &harness.store;
    let law = serde_json::json!({
        "account": account_id(2), "ground": "law", "document": "Приказ № 17", "date": "2024-09-01",
    });
    let law = serde_json::from_value(law).unwrap();
    let administrator = staff(ADMINISTRATOR);
    let known = store.add_basis(&administrator, HERE, law).await.unwrap();
    harness.clock.set("2024-11-10T12:00:00Z");
    let alone = || backend.alone.load(Ordering::SeqCst);
    let before = alone();
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 0);
    assert_eq!(alone(), before);
    let ended = store.end_basis(&administrator, HERE, account_id(2), known.id, day("2024-11-10"));
    ended.await.unwrap();
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 1);
    assert_eq!(alone(), before + 1);
}

/// Whose data do not open stays and is told of; all others go.
pub async fn what_does_not_open_keeps_nobody_else(backend: impl Backend) {
    let backend = Arc::new(backend);
    let mut changes = school_at_work();
    let alla = changes.accounts.iter_mut().find(|known| known.id == account_id(2)).unwrap();
    alla.phone = Some(sealed(HERE, account_id(1), "phone", "+79123456789"));
    let harness = Harness::with(Arc::clone(&backend), changes, erasing()).await;
    leave(&backend, 3, "2024-10-10").await;
    harness.clock.set("2024-11-10T12:00:00Z");
    for _ in 0..2 {
        let error = harness.store.close_and_erase_due(100).await.unwrap_err();
        let StoreError::Unreadable { table, ref row, count, .. } = error else {
            panic!("{error}");
        };
        assert_eq!((table, row, count), ("account", &account_id(2).to_string(), 1));
        assert!(!error.to_string().contains("7912"));
        let registry = reading(&backend).await.registry(HERE).await.unwrap();
        let gone = registry.accounts.iter().filter(|known| known.name.is_erased());
        let gone: Vec<_> = gone.map(|known| known.id).collect();
        assert_eq!(gone, [account_id(3), FATHER.id()]);
    }
}

/// A backend that counts the writers who were alone.
struct Watched<B> {
    inner: B,
    alone: AtomicUsize,
}

#[async_trait]
impl<B: Backend> Backend for Watched<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        if access == Access::Write {
            self.alone.fetch_add(1, Ordering::SeqCst);
        }
        self.inner.begin(access).await
    }
}

/// Somebody who never was anything, as a school knows them.
pub(super) fn nobody(person: u128, school: u128) -> Known {
    Known {
        account: 100 * school + person,
        person,
        school,
        name: ("Вязова", "Ирина"),
        born: "01.02.1970",
        snils: "",
        phone: "",
    }
}

pub(super) fn let_in_by_esia(changes: &mut Changes, known: Known) {
    let account = changes.accounts.iter().find(|stored| stored.id == known.id()).unwrap();
    let number = claim(account, ClaimKind::EsiaId, &known.in_esia().oid);
    changes.claims.push(number);
}

/// The code of a person's case.
pub(super) fn case(person: u128) -> CaseCode {
    CaseCode::from_random([u8::try_from(person).unwrap(); 8])
}

pub(super) fn refused(known: Known) -> RefusedSignInRow {
    let (case, person) = (case(known.person), known.in_esia());
    let said = serde_json::to_vec(&person).unwrap();
    RefusedSignInRow {
        case,
        person: key(ClaimKind::EsiaId, &person.oid),
        at: at("2024-09-02T08:30:00Z"),
        refusal: RefusalCode::NotFound,
        expires_at: at("2026-09-02T08:30:00Z"),
        said: vault().seal(&of_refused_sign_in(&case), &said, [3; 24]).unwrap(),
    }
}
