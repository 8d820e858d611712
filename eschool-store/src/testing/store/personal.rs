//! What is kept of one human being: erased, erased in time, and told who looked.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    id::SchoolId,
    journal::{AttendanceClass, Excuse, Stay},
    people::Consent,
    policy::SignInPolicy,
    signin::{Assurance, CaseCode, EsiaPerson},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, TEACHER},
    journal_people::{ADMINISTRATOR, algebra, at_work, mother, pupil, school_at_work, staff, work},
};
use crate::{
    Actor, SignInError,
    backend::{Backend, Changes, ExcuseRow, RefusedRow, SupportCaseRow},
    secret::{ClaimKind, Place},
    store::places::of_excuse,
    testing::{
        fixtures::{account_id, class_id, day, days, key, person_id, school_id, sealed, vault},
        reading, save,
    },
};

const HERE: SchoolId = school_id(1);
const CONSOLE: Actor<'static> = Actor::Console;

/// Whatever a transaction loads of a pupil and a mother who have left tells neither name nor birth
/// date nor key, no card and no session; marks, attendance and stays are what they were.
pub async fn erased_people_leave_no_trace(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        let text = r#"[["Фамилия","ёлкина"],["Имя","МАРИЯ"],["СНИЛС","112233445-96"]]"#;
        changes.refused_rows = vec![
            refused_row(2, text),
            refused_row(3, r#"[["ФИО ребёнка","X"],["СНИЛС","112-233-445 95"]]"#),
            refused_row(4, r#"[["Фамилия","Ёлкина"],["Имя","Алла"]]"#),
        ];
    })
    .await;
    let store = &harness.store;
    let cards = harness.cards().await;
    let anna = cards.iter().find(|card| card.name.given() == "Анна").unwrap();
    let (login, password) = (anna.login.as_str(), anna.password.as_str());
    let signed_in = harness.sign_in(login, password, "192.0.2.1").await.unwrap();
    let parent = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let mut draft = algebra("2024-09-02", 1);
    draft.works = vec![work("Счёт", &[(1, "5"), (3, "4")])];
    harness.new_lesson(draft).await;
    leave(&backend, 1, "2024-10-10").await;
    harness.clock.set("2024-10-11T09:00:00Z");
    let unconfirmed = EsiaPerson { assurance: Assurance::Unconfirmed, ..MOTHER.in_esia() };
    let SignInError::Refused(refusal) = store.sign_in_with_esia(unconfirmed).await.unwrap_err()
    else {
        panic!("a refusal")
    };
    let case: CaseCode = refusal.case.unwrap();
    let consent = |pupil| consent(MOTHER, pupil);
    let excuse = |pupil: u128| {
        let days = days("2024-09-03", "2024-09-04");
        let id = uuid::Uuid::from_u128(pupil);
        let excuse = sealed(HERE, account_id(pupil), "excuse", "болеет");
        (HERE, ExcuseRow { id, pupil: account_id(pupil), days, excuse })
    };
    let about = Changes {
        consents: vec![consent(1), consent(2)],
        excuses: vec![excuse(1), excuse(2)],
        support_cases: vec![SupportCaseRow {
            code: case,
            school: HERE,
            person: None,
            number: None,
            expires_at: None,
            case: sealed(HERE, MOTHER.id(), "case", "шаги"),
        }],
        ..Changes::default()
    };
    save(&backend, &about).await;
    let journal = reading(&backend).await.class_journal(HERE, class_id(8)).await.unwrap();

    for person in [1, MOTHER.person] {
        let erased = store.erase_person(CONSOLE, person_id(person)).await.unwrap();
        assert_eq!(erased.accounts, [(HERE, account_id(person))]);
        let (rows, cases) = if person == 1 { (0, 0) } else { (2, 1) };
        assert_eq!((erased.refused_rows, erased.refused_sign_ins), (rows, cases));
        let entry = store.audit(1).await.unwrap().remove(0);
        let told = (entry.action.as_str(), entry.subject);
        assert_eq!(told, ("person_erased", Some(account_id(person))));
    }
    let mut tx = reading(&backend).await;
    let registry = tx.registry(HERE).await.unwrap();
    let gone = [account_id(1), MOTHER.id()];
    for account in &registry.accounts {
        let is_gone = gone.contains(&account.id);
        assert_eq!(account.name.is_erased(), is_gone);
        if is_gone {
            assert_eq!(account.birth_date, None);
            assert!(account.snils.is_none() && account.phone.is_none() && account.email.is_none());
            assert!(![person_id(1), MOTHER_PERSON].contains(&account.person));
        }
    }
    assert!(registry.claims.iter().all(|claim| !gone.contains(&claim.account)));
    assert!(registry.guardianships.iter().all(|bond| bond.parent != MOTHER.id()));
    let lines: Vec<_> = registry.refused_rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [4], "what tells of somebody else stays");
    for id in gone {
        let cover = tx.cover(HERE, id, None).await.unwrap().unwrap();
        assert!(cover.name.is_erased() && cover.birth_date.is_none());
        let member = tx.members(&[(HERE, id)]).await.unwrap().remove(0);
        assert!(member.account.name.is_erased() && member.children.is_empty());
    }
    for known in tx.mergeable_accounts().await.unwrap() {
        let is_gone = known.school == HERE && gone.contains(&known.account);
        assert_eq!(known.name.is_erased(), is_gone);
        assert!(!is_gone || known.snils.is_none() && known.birth_date.is_none());
    }
    for person in [person_id(1), MOTHER_PERSON] {
        assert_eq!(tx.accounts_of(&[person]).await.unwrap(), []);
        assert_eq!(tx.sessions_of(person).await.unwrap(), []);
    }
    let keys = [
        key(ClaimKind::Snils, "11223344595"),
        key(ClaimKind::Phone, "+79123456789"),
        key(ClaimKind::EsiaId, &MOTHER.in_esia().oid),
    ];
    let holders = tx.claims(&keys).await.unwrap();
    assert!(holders.iter().all(|claim| claim.school != HERE), "the other school keeps its own");
    assert_eq!(tx.refused_sign_in(&case).await.unwrap(), None);
    assert_eq!(tx.support_case(&case).await.unwrap(), None);
    let both = [account_id(1), account_id(2)];
    assert_eq!(tx.consents(HERE, &both).await.unwrap(), [consent(2).1]);
    let all = days("2024-01-01", "2024-12-31");
    assert_eq!(tx.excuses(HERE, &both, all).await.unwrap(), [excuse(2).1]);
    assert_eq!(tx.refused_sign_ins_of(&keys[2]).await.unwrap(), []);
    let login_key = key(ClaimKind::Login, login);
    assert_eq!(tx.credential(&login_key).await.unwrap(), None);
    assert!(tx.school_credentials(HERE).await.unwrap().iter().all(|c| !gone.contains(&c.account)));
    let device = signed_in.device.unwrap().hash();
    assert_eq!(tx.devices(&device).await.unwrap(), []);
    assert_eq!(tx.class_journal(HERE, class_id(8)).await.unwrap(), journal);
    assert_eq!(journal.marks.len(), 2);
    drop(tx);
    for token in [signed_in.token, parent.token] {
        assert!(store.session(&token.to_text()).await.is_err());
    }
    let again = store.erase_person(CONSOLE, person_id(1)).await.unwrap_err();
    assert_eq!(again.code(), "person_not_found");
}

/// A person's export holds what the schools typed, opened, with the card, marks and their history,
/// looks and sessions, and what tells of nobody else; each school's audit names the account.
pub async fn a_person_is_given_everything_kept_of_them(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        changes.refused_rows = vec![
            refused_row(2, r#"[["Фамилия","ёлкина"],["Имя","МАРИЯ"]]"#),
            refused_row(3, r#"[["Фамилия","Ёлкина"],["Имя","Алла"]]"#),
        ];
        changes.consents = [MOTHER, FATHER].map(|giver| consent(giver, 1)).into();
        changes.excuses = [MOTHER, FATHER].map(|by| told_excuse(by, 1)).into();
    })
    .await;
    let store = &harness.store;
    let cards = harness.cards().await;
    let anna = cards.iter().find(|card| card.name.given() == "Анна").unwrap();
    harness.sign_in(anna.login.as_str(), &anna.password, "192.0.2.1").await.unwrap();
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let unconfirmed = EsiaPerson { assurance: Assurance::Unconfirmed, ..MOTHER.in_esia() };
    store.sign_in_with_esia(unconfirmed.clone()).await.unwrap_err();
    let mut draft = algebra("2024-09-02", 1);
    draft.works = vec![work("Счёт", &[(1, "5"), (3, "4")])];
    let page = harness.new_lesson(draft).await;
    harness
        .change(&staff(TEACHER), &page, |draft| {
            draft.works[0].marks[0].value = "4".parse().unwrap();
        })
        .await
        .unwrap();

    let pupil = store.export_person(CONSOLE, person_id(1)).await.unwrap();
    let account = &pupil.accounts[0];
    assert_eq!(account.account.name, anna.name);
    assert_eq!(account.card.as_ref().unwrap().login, anna.login);
    assert!(!account.card_journal.is_empty());
    let diary = account.diary.as_ref().unwrap();
    assert_eq!((diary.marks.len(), diary.works.len(), diary.lessons.len()), (1, 1, 1));
    assert_eq!((account.mark_changes.len(), account.adults.len()), (1, 1));
    assert!(!account.events.is_empty() && !account.audit.is_empty());
    let looked = account.audit.iter().filter(|entry| entry.lesson == Some(page.lesson.id));
    assert_eq!(looked.count(), 2, "both writes of the lesson");
    assert_eq!((account.consents.len(), account.excuses.len()), (2, 2));
    assert_eq!((account.given_consents.len(), account.told_excuses.len()), (0, 0));
    assert_eq!((pupil.sessions.len(), account.refused_rows.len()), (1, 0));

    let parent = store.export_person(CONSOLE, MOTHER_PERSON).await.unwrap();
    let account = &parent.accounts[0];
    assert_eq!(account.account.snils, MOTHER.snils.parse().ok());
    assert_eq!(account.account.phone, MOTHER.phone.parse().ok());
    assert!(account.known_at_esia && account.diary.is_none());
    assert_eq!(account.esia_numbers, [MOTHER.in_esia().oid]);
    assert_eq!((account.children.len(), account.refused_rows.len()), (2, 1));
    assert_eq!(account.given_consents, [consent(MOTHER, 1).1]);
    assert!(account.told_excuses.iter().all(|told| told.by == MOTHER.id()));
    assert_eq!((account.told_excuses.len(), account.consents.len()), (1, 0));
    assert_eq!((parent.refused_sign_ins.len(), parent.accounts.len()), (1, 1));
    assert_eq!(parent.refused_sign_ins[0].said, unconfirmed);
    let entry = store.audit(1).await.unwrap().remove(0);
    let told = (entry.action.as_str(), entry.school, entry.subject);
    assert_eq!(told, ("person_exported", Some(HERE), Some(MOTHER.id())));
    let json = serde_json::to_string(&parent).unwrap();
    assert!(json.contains("112-233-445 95") && !format!("{parent:?}").contains("Ёлкина"));

    let administrator = staff(ADMINISTRATOR);
    store.export_person(Actor::Session(&administrator), person_id(1)).await.unwrap();
    let teacher = staff(TEACHER);
    for session in [&teacher, &mother(), &super::journal_people::pupil(1)] {
        let told = store.export_person(Actor::Session(session), person_id(1)).await;
        assert_eq!(told.unwrap_err().code(), "not_allowed");
    }
    let nobody = store.export_person(CONSOLE, person_id(404)).await.unwrap_err();
    assert_eq!(nobody.code(), "person_not_found");
}

/// Nobody is erased while an account of theirs is open, nor by who does not administer the school.
pub async fn who_is_there_is_not_erased(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let before = reading(&backend).await.registry(HERE).await.unwrap();
    for (person, code) in [
        (1, "account_still_open"),
        (MOTHER.person, "account_still_open"),
        (TEACHER.person, "account_still_open"),
        (404, "person_not_found"),
    ] {
        let error = store.erase_person(CONSOLE, person_id(person)).await.unwrap_err();
        assert_eq!(error.code(), code, "{person}");
    }
    let teacher = staff(TEACHER);
    for session in [&teacher, &mother(), &pupil(1)] {
        let by = Actor::Session(session);
        let error = store.erase_person(by, person_id(1)).await.unwrap_err();
        assert_eq!(error.code(), "not_allowed");
    }
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), before);
    leave(&backend, 1, "2024-09-01").await;
    let administrator = staff(ADMINISTRATOR);
    let law = serde_json::json!({
        "account": account_id(1), "ground": "law", "document": "Приказ № 17", "date": "2024-09-01",
    });
    let law = serde_json::from_value(law).unwrap();
    let known = store.add_basis(&administrator, HERE, law).await.unwrap();
    let kept = store.erase_person(CONSOLE, person_id(1)).await.unwrap_err();
    assert_eq!(kept.code(), "data_still_kept");
    let ended = store.end_basis(&administrator, HERE, account_id(1), known.id, day("2024-09-02"));
    ended.await.unwrap();
    store.erase_person(Actor::Session(&administrator), person_id(1)).await.unwrap();
    let mut tx = reading(&backend).await;
    assert_eq!(tx.data_bases(HERE, &[account_id(1)]).await.unwrap(), []);
    drop(tx);
    assert_eq!(store.audit(1).await.unwrap()[0].actor, Some(ADMINISTRATOR.id()));
}

/// A closed account goes when the policy's days are over and not a day before, once, and no more at
/// a time than are asked for; under a policy that keeps them, none.
pub async fn closed_accounts_are_erased_after_the_policys_days(backend: impl Backend) {
    let backend = Arc::new(backend);
    let mut rules = SignInPolicy::ryazan_2022().schedule().0.clone();
    rules.erase_after_days = Some(30);
    let policy = SignInPolicy::new("erases", rules, Vec::new()).unwrap();
    let harness = Harness::with(Arc::clone(&backend), school_at_work(), policy).await;
    let store = &harness.store;
    leave(&backend, 3, "2024-10-10").await;
    let erased = async || {
        let registry = reading(&backend).await.registry(HERE).await.unwrap();
        let gone = registry.accounts.into_iter().filter(|account| account.name.is_erased());
        gone.map(|account| account.id).collect::<Vec<_>>()
    };
    // Алла and Олег left on 10 October: closed from the 11th, erased on 10 November; Олег's father
    // closes with him, his mother teaches.
    harness.clock.set("2024-11-09T12:00:00Z");
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 0);
    harness.clock.set("2024-11-10T12:00:00Z");
    assert_eq!(store.close_and_erase_due(1).await.unwrap(), 1);
    assert_eq!(erased().await, [account_id(2)]);
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 2);
    assert_eq!(erased().await, [account_id(2), account_id(3), FATHER.id()]);
    let entries = store.audit(2).await.unwrap();
    assert!(entries.iter().all(|entry| entry.action == "account_erased"));
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 0);

    let keeps = SignInPolicy::ryazan_2022();
    let keeping = crate::Store::new(
        Arc::clone(&backend),
        crate::ambient::Ambient::new(
            Arc::new(harness.clock.clone()),
            Arc::new(crate::ambient::OsEntropy),
        ),
        vault(),
        crate::secret::Passwords::new(harness.hasher.clone(), std::num::NonZeroUsize::MIN).unwrap(),
        keeps,
        crate::StoreSettings::default(),
    );
    leave(&backend, 1, "2024-10-10").await;
    assert_eq!(keeping.close_and_erase_due(100).await.unwrap(), 0);
}

/// A parent is told which staff looked at a lesson or the final marks of the child's class, or wrote
/// there, and of no other class or day; nobody else is, and the administrator's look is noted.
pub async fn parents_are_told_which_staff_looked(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        changes.classes.push(crate::testing::fixtures::class(HERE, 9, "8Б"));
    })
    .await;
    let store = &harness.store;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let administrator = staff(ADMINISTRATOR);
    store.lesson(&administrator, HERE, page.lesson.id).await.unwrap();
    store.class_finals(&administrator, HERE, class_id(8), "Алгебра").await.unwrap();
    let mut other = algebra("2024-09-02", 2);
    other.class = class_id(9);
    store.save_lesson(&administrator, HERE, None, other).await.unwrap();
    let all = days("2024-09-01", "2024-09-30");
    let told = store.looks(&mother(), HERE, account_id(1), all).await.unwrap();
    assert!(!told.more);
    let told: Vec<_> = told
        .looks
        .iter()
        .map(|look| {
            let family = look.name.as_ref().map(|name| name.family().to_owned());
            (look.action.as_str(), look.by, family.unwrap())
        })
        .collect();
    let (admin, teacher) = (ADMINISTRATOR.name.0.to_owned(), TEACHER.name.0.to_owned());
    assert_eq!(
        told,
        [
            ("finals_read", ADMINISTRATOR.id(), admin.clone()),
            ("lesson_read", ADMINISTRATOR.id(), admin),
            ("lesson_saved", TEACHER.id(), teacher),
        ]
    );
    let later = days("2024-10-01", "2024-10-31");
    assert_eq!(store.looks(&mother(), HERE, account_id(1), later).await.unwrap().looks, []);
    for session in [pupil(1), staff(TEACHER)] {
        let error = store.looks(&session, HERE, account_id(1), all).await.unwrap_err();
        assert_eq!(error.code(), "not_allowed");
    }
    let not_hers = store.looks(&mother(), HERE, account_id(3), all).await.unwrap_err();
    assert_eq!(not_hers.code(), "not_yours");
    store.looks(&administrator, HERE, account_id(1), all).await.unwrap();
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.subject), ("looks_read", Some(account_id(1))));

    // The day is that of the look, whatever day the lesson is of.
    harness.clock.set("2024-10-31T20:59:59Z");
    store.lesson(&administrator, HERE, page.lesson.id).await.unwrap();
    let told = store.looks(&mother(), HERE, account_id(1), later).await.unwrap();
    assert_eq!(told.looks.len(), 1);
    let told = store.looks(&mother(), HERE, account_id(1), all).await.unwrap().looks;
    assert_eq!((told.len(), told[0].action.as_str()), (4, "looks_read"));
}

/// However much others did, every look of staff is told; where there are too many, that is said.
/// Whoever holds neither post nor duty is not told of as staff.
pub async fn no_look_is_hidden_behind_others(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let entries = |count: usize, when: &str, actor| {
        let entry = crate::backend::AuditEntry {
            at: when.parse().unwrap(),
            action: "diary_read".into(),
            outcome: "done".into(),
            school: Some(HERE),
            actor: Some(actor),
            subject: Some(account_id(1)),
            case: None,
            lesson: None,
        };
        Changes { audit: vec![entry; count], ..Changes::default() }
    };
    let at_most = usize::try_from(looks_at_most(store)).unwrap();
    save(&backend, &entries(1, "2024-09-10T09:00:00Z", TEACHER.id())).await;
    for actor in [account_id(1), FATHER.id()] {
        save(&backend, &entries(at_most + 1, "2024-09-11T09:00:00Z", actor)).await;
    }
    save(&backend, &entries(at_most + 1, "2024-10-01T09:00:00Z", TEACHER.id())).await;
    let looks = async |from, to| {
        let told = store.looks(&mother(), HERE, account_id(1), days(from, to)).await.unwrap();
        (told.looks.len(), told.more)
    };
    assert_eq!(looks("2024-09-01", "2024-09-30").await, (1, false));
    assert_eq!(looks("2024-10-01", "2024-10-31").await, (at_most, true));
}

fn looks_at_most<B: Backend>(_: &crate::Store<B>) -> u32 {
    crate::Store::<B>::LOOKS_AT_MOST
}

/// The mother as a person.
const MOTHER_PERSON: eschool_core::id::PersonId = person_id(MOTHER.person);

/// A consent that somebody gave about a pupil.
fn consent(giver: Known, pupil: u128) -> (SchoolId, Consent) {
    let consent = serde_json::json!({
        "giver": giver.id(), "pupil": account_id(pupil), "purpose": "child_account",
        "from": "2024-09-01",
    });
    (HERE, serde_json::from_value(consent).unwrap())
}

/// Why a pupil was absent, as somebody told it.
fn told_excuse(by: Known, pupil: u128) -> (SchoolId, ExcuseRow) {
    let (pupil, id) = (account_id(pupil), uuid::Uuid::from_u128(by.account));
    let excuse = Excuse {
        pupil,
        by: by.id(),
        at: "2024-09-03T05:00:00Z".parse().unwrap(),
        days: days("2024-09-03", "2024-09-04"),
        lessons: Vec::new(),
        class: AttendanceClass::Ill,
        text: "болеет".into(),
        accepted: None,
    };
    let text = serde_json::to_vec(&excuse).unwrap();
    let nonce = [u8::try_from(by.account).unwrap(); 24];
    let sealed = vault().seal(&of_excuse(HERE, pupil, id), &text, nonce).unwrap();
    (HERE, ExcuseRow { id, pupil, days: excuse.days, excuse: sealed })
}

pub(super) async fn leave(backend: &impl Backend, pupil: u128, to: &str) {
    let from = day("2024-09-01").min(day(to));
    let stay = Stay { pupil: account_id(pupil), class: class_id(8), from, to: Some(day(to)) };
    save(backend, &Changes { stays: vec![(HERE, stay)], ..Changes::default() }).await;
}

/// A row that an import refused, sealed as the store seals it.
pub(super) fn refused_row(line: u32, typed: &str) -> RefusedRow {
    let (file, number) = ("roditeli", line.to_be_bytes());
    let parts = [HERE.0.as_bytes().as_slice(), file.as_bytes(), &number];
    let place = Place::new("refused_row", parts, "typed");
    let nonce = [u8::try_from(line).unwrap(); 24];
    RefusedRow {
        school: HERE,
        file: file.into(),
        line,
        column: String::new(),
        code: "snils_checksum".into(),
        typed: vault().seal(&place, typed.as_bytes(), nonce).unwrap(),
    }
}
