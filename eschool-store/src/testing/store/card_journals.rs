//! Who makes cards, and what becomes of them.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    people::{CardJournal, CardRecord, CardStep, Duty, Guardianship, StaffPost},
    signin::RefusalCode,
};

use super::{
    Harness,
    families::{Known, TEACHER, bond},
    harness::refused,
    journal_people::{ADMINISTRATOR, COLLEAGUE, at_work, mother, pupil, staff},
};
use crate::{
    Actor, IssueError, Session, SessionError,
    backend::{Backend, CardJournalEntry, Changes, DutyRow},
    testing::{
        fixtures::{account_id, at, class, day, person_id, school_id},
        reading, save,
    },
};

use CardStep::{HandedOut, Issued, Printed, Revoked};

const HOME: &str = "192.0.2.10";

/// Leads another class of the school.
const NEIGHBOUR: Known =
    Known { account: 51, person: 51, name: ("Ива", "Нина"), ..COLLEAGUE };

/// Keeps the registry.
const REGISTRAR: Known =
    Known { account: 52, person: 52, name: ("Ель", "Раиса"), ..COLLEAGUE };

/// Cards are made and handed out by the class teacher and the administrator: by nobody else, a class
/// teacher of another class too. The registrar looks alone, for a card would open marks.
pub async fn cards_are_the_class_teachers_to_make(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_neighbours(Arc::clone(&backend)).await;
    let (store, school, anna) = (&harness.store, school_id(1), account_id(1));
    let class = "8А".parse().unwrap();
    let others =
        [staff(NEIGHBOUR), staff(REGISTRAR), staff(COLLEAGUE), mother(), pupil(1), pupil(2)];
    for other in &others {
        let by = Actor::Session(other);
        let of_class = store.issue_cards(by, school, &class).await.unwrap_err();
        let of_one = store.issue_card(by, school, anna).await.unwrap_err();
        assert_eq!([of_class.code(), of_one.code()], ["not_allowed"; 2]);
    }
    assert_eq!(harness.hasher.take(), 0, "no password is made for them");
    assert!(reading(&backend).await.school_credentials(school).await.unwrap().is_empty());

    let teacher = staff(TEACHER);
    let issued = store.issue_cards(Actor::Session(&teacher), school, &class).await.unwrap();
    let cards: Vec<_> = issued.cards.iter().map(|made| (made.pupil, made.number)).collect();
    assert_eq!(cards, [(account_id(2), 1), (anna, 1)]);
    let responsible = issued.cards[0].card.responsible.as_ref().unwrap();
    assert_eq!(responsible.family(), TEACHER.name.0);
    let again = issue(&harness, &staff(ADMINISTRATOR), 1).await.unwrap();
    assert_eq!(again.number, 2);
    for other in &others {
        for step in [Printed, Revoked] {
            let refused = take(&harness, other, 1, 2, step).await.unwrap_err();
            assert_eq!(refused, "not_allowed");
        }
        let look = store.card_journal(Actor::Session(other), school, anna).await;
        assert_eq!(look.is_ok(), other.person == person_id(REGISTRAR.person));
    }
    // Nor are they told which classes and schools there are.
    for (school, class) in [(school, "9Я"), (school, "8Б"), (school_id(9), "8А")] {
        let by = Actor::Session(&teacher);
        let other = store.issue_cards(by, school, &class.parse().unwrap()).await;
        assert_eq!(other.unwrap_err().code(), "not_allowed", "{class}");
    }
    let neighbour = staff(NEIGHBOUR);
    let own = store.issue_cards(Actor::Session(&neighbour), school, &"8Б".parse().unwrap()).await;
    assert!(own.unwrap().cards.is_empty(), "nobody is in it yet");
}

/// Who is barred from a child makes it no card, whatever class they lead.
pub async fn who_is_barred_from_a_child_makes_it_no_card(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let (school, of_teacher) = bond(TEACHER, 1);
        changes.guardianships.push((school, Guardianship { barred: true, ..of_teacher }));
    })
    .await;
    let (store, teacher) = (&harness.store, staff(TEACHER));
    let class = "8А".parse().unwrap();
    let of_class = store.issue_cards(Actor::Session(&teacher), school_id(1), &class).await;
    assert_eq!(of_class.unwrap_err().code(), "access_barred");
    assert_eq!(issue(&harness, &teacher, 1).await.unwrap_err().code(), "access_barred");
    assert!(issue(&harness, &teacher, 2).await.is_ok());
}

/// Issued, printed, handed out: the journal tells who did each, and so does the audit; whoever looks
/// is on record. The pupil is given it with everything else.
pub async fn the_card_journal_tells_who_did_what(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, anna) = (&harness.store, school_id(1), account_id(1));
    let (teacher, administrator) = (staff(TEACHER), staff(ADMINISTRATOR));
    issue(&harness, &teacher, 1).await.unwrap();
    issue(&harness, &teacher, 2).await.unwrap();
    for (who, step, minute) in [(&administrator, Printed, 5), (&teacher, HandedOut, 9)] {
        harness.clock.set(&format!("2024-09-02T09:0{minute}:00Z"));
        take(&harness, who, 1, 1, step).await.unwrap();
    }
    let audit = store.audit(2).await.unwrap();
    let audited: Vec<_> = audit.iter().rev().map(|e| (e.outcome.as_str(), e.actor)).collect();
    let (by_teacher, by_administrator) = (Some(TEACHER.id()), Some(ADMINISTRATOR.id()));
    assert_eq!(audited, [("printed", by_administrator), ("handed_out", by_teacher)]);
    assert!(audit.iter().all(|e| e.action == "card" && e.subject == Some(anna)));
    assert!(audit.iter().all(|e| e.school == Some(school)));

    let journal = store.card_journal(Actor::Session(&teacher), school, anna).await.unwrap();
    let lines: Vec<_> = journal
        .records()
        .iter()
        .map(|line| (line.card, line.step.clone(), line.at.format("%M").to_string(), line.by))
        .collect();
    let line = |step, minute: &str, by| (1, step, minute.to_owned(), by);
    assert_eq!(
        lines,
        [
            line(Issued, "00", by_teacher),
            line(Printed, "05", by_administrator),
            line(HandedOut, "09", by_teacher),
        ]
    );
    let look = store.audit(1).await.unwrap().remove(0);
    assert_eq!((look.action.as_str(), look.actor), ("card_journal_read", by_teacher));
    assert_eq!((look.school, look.subject), (Some(school), Some(anna)));
    let export = store.export_person(Actor::Console, person_id(1)).await.unwrap();
    assert_eq!(export.accounts[0].card_journal, journal.records());
}

/// A step that may not follow is the core's error, and nothing is written.
pub async fn a_card_step_out_of_order_is_refused(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let early = take(&harness, &teacher, 1, 1, Printed).await.unwrap_err();
    assert_eq!(early, "card_not_issued");
    issue(&harness, &teacher, 1).await.unwrap();
    let audited = store.audit(100).await.unwrap();
    for (card, step, code) in [
        (1, HandedOut, "card_not_printed"),
        (2, Printed, "card_not_issued"),
        (2, Issued, "card_not_issued_so"),
        (1, CardStep::from("laminated"), "card_step_unknown"),
    ] {
        assert_eq!(take(&harness, &teacher, 1, card, step).await.unwrap_err(), code);
    }
    take(&harness, &teacher, 1, 1, Printed).await.unwrap();
    take(&harness, &teacher, 1, 1, Printed).await.unwrap();
    let journal = take(&harness, &teacher, 1, 1, HandedOut).await.unwrap();
    assert_eq!(journal.records().len(), 4);
    let late = take(&harness, &teacher, 1, 1, Printed).await.unwrap_err();
    assert_eq!(late, "card_handed_out");
    assert_eq!(store.audit(100).await.unwrap().len(), audited.len() + 3);

    let administrator = staff(ADMINISTRATOR);
    for nobody in [77, TEACHER.account] {
        let refused = take(&harness, &administrator, nobody, 1, Printed).await.unwrap_err();
        assert_eq!(refused, "pupil_not_found");
        let by = Actor::Session(&administrator);
        let unknown = store.card_journal(by, school, account_id(nobody)).await.unwrap_err();
        assert_eq!(unknown.code(), "pupil_not_found");
    }
}

/// Who lost the card gets a new one: the login stays, the password is another, the sessions of the
/// former end, and the journal knows it as revoked. Nobody else's card is touched.
pub async fn a_lost_card_is_replaced(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let first = issue(&harness, &teacher, 1).await.unwrap();
    let sisters = issue(&harness, &teacher, 2).await.unwrap();
    for step in [Printed, HandedOut] {
        take(&harness, &teacher, 1, 1, step).await.unwrap();
    }
    let login = first.card.login.as_str();
    let session = harness.sign_in(login, &first.card.password, HOME).await.unwrap();
    let of_sister =
        harness.sign_in(sisters.card.login.as_str(), &sisters.card.password, HOME).await.unwrap();

    let second = issue(&harness, &teacher, 1).await.unwrap();
    assert_eq!((second.pupil, second.number), (account_id(1), 2));
    assert_eq!((&second.card.login, second.card.class.as_str()), (&first.card.login, "8А"));
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("card", "issued"));
    assert_eq!((entry.actor, entry.subject), (Some(TEACHER.id()), Some(account_id(1))));
    let ended = store.session(&session.token.to_text()).await;
    assert!(matches!(ended, Err(SessionError::Ended)));
    assert!(store.session(&of_sister.token.to_text()).await.is_ok());
    let old = harness.sign_in(login, &first.card.password, HOME).await;
    assert_eq!(refused(old), RefusalCode::WrongCredentials);
    assert!(harness.sign_in(login, &second.card.password, HOME).await.is_ok());
    let by = Actor::Session(&teacher);
    let journal = store.card_journal(by, school, account_id(1)).await.unwrap();
    assert_eq!((journal.state(1), journal.state(2)), (Some(&Revoked), Some(&Issued)));
    let late = take(&harness, &teacher, 1, 1, Printed).await.unwrap_err();
    assert_eq!(late, "card_revoked");
}

/// A new card is for who is in a class today and may sign in with its password.
pub async fn a_lost_card_is_replaced_for_a_pupil_of_today(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (teacher, administrator) = (staff(TEACHER), staff(ADMINISTRATOR));
    let too_old = issue(&harness, &teacher, 3).await.unwrap_err();
    assert_eq!(too_old.code(), "card_refused");
    let IssueError::Refused(refusal) = too_old else { panic!("refused by the policy") };
    assert_eq!(refusal.code, RefusalCode::UseEsia);
    assert!(issue(&harness, &teacher, 2).await.is_ok());
    harness.clock.set("2024-10-11T09:00:00Z");
    for who in [&teacher, &administrator] {
        assert_eq!(issue(&harness, who, 2).await.unwrap_err().code(), "pupil_not_found");
    }
    // The class teacher of who left withdraws the card.
    assert!(take(&harness, &teacher, 2, 1, Revoked).await.is_ok());
}

/// A card that is withdrawn opens nothing any more, and the next one has its login.
pub async fn a_withdrawn_card_opens_nothing(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let teacher = staff(TEACHER);
    let first = issue(&harness, &teacher, 1).await.unwrap().card;
    let login = first.login.as_str();
    let session = harness.sign_in(login, &first.password, HOME).await.unwrap();
    let journal = take(&harness, &teacher, 1, 1, Revoked).await.unwrap();
    assert_eq!((journal.state(1), journal.next_card()), (Some(&Revoked), 2));
    let entry = harness.store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.outcome.as_str(), entry.actor), ("revoked", Some(TEACHER.id())));
    let ended = harness.store.session(&session.token.to_text()).await;
    assert!(matches!(ended, Err(SessionError::Ended)));
    let withdrawn = harness.sign_in_on(Some(&session), login, &first.password, HOME).await;
    assert_eq!(refused(withdrawn), RefusalCode::WrongCredentials);
    let again = take(&harness, &teacher, 1, 1, Revoked).await.unwrap_err();
    assert_eq!(again, "card_revoked");

    let second = issue(&harness, &teacher, 1).await.unwrap();
    assert_eq!((second.number, &second.card.login), (2, &first.login));
    assert!(harness.sign_in(login, &second.card.password, HOME).await.is_ok());
    assert_eq!(take(&harness, &teacher, 1, 1, Revoked).await.unwrap_err(), "card_revoked");
    assert!(harness.sign_in(login, &second.card.password, HOME).await.is_ok());
}

/// Where passwords find no turn, whoever makes cards is told so in the end, and no card is made.
pub async fn who_finds_no_turn_makes_no_cards(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let (store, school) = (&harness.store, school_id(1));
    let first = harness.cards().await.remove(0);
    harness.hasher.set_busy(true);
    let class = "8А".parse().unwrap();
    let of_class = store.issue_cards(Actor::Console, school, &class).await.unwrap_err();
    let of_one = store.issue_card(Actor::Console, school, account_id(1)).await.unwrap_err();
    let step = store.card_step(Actor::Console, school, account_id(1), 1, Revoked).await;
    assert_eq!([of_class.code(), of_one.code(), step.unwrap_err().code()], ["busy"; 3]);
    assert!((3..300).contains(&harness.hasher.take()));
    harness.hasher.set_busy(false);
    assert!(harness.sign_in(first.login.as_str(), &first.password, HOME).await.is_ok());
    let journal = store.card_journal(Actor::Console, school, account_id(1)).await.unwrap();
    assert_eq!((journal.records().len(), journal.state(1)), (1, Some(&Issued)));
}

/// Lines of a pupil that are no journal keep nobody of the class from a card: the pupil's next one has a
/// number that no line has.
pub async fn a_broken_card_journal_holds_up_no_class(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let (school, anna) = (school_id(1), account_id(1));
    let line = |card, step| {
        let line = CardRecord { card, step, at: at("2024-09-01T09:00:00Z"), by: None };
        Changes {
            card_journal: vec![CardJournalEntry { school, account: anna, line }],
            ..Changes::default()
        }
    };
    save(&backend, &line(3, HandedOut)).await;
    save(&backend, &line(2, Printed)).await;
    let class = "8А".parse().unwrap();
    let issued = harness.store.issue_cards(Actor::Console, school, &class).await.unwrap();
    let cards: Vec<_> = issued.cards.iter().map(|made| (made.pupil, made.number)).collect();
    assert_eq!(cards, [(account_id(2), 1), (anna, 4)]);
    assert!(
        harness
            .sign_in(issued.cards[1].card.login.as_str(), &issued.cards[1].card.password, HOME)
            .await
            .is_ok()
    );
    // By card, and of a card as they were appended.
    let lines = reading(&backend).await.card_journal(school, &[anna]).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|entry| entry.line.card).collect();
    assert_eq!(lines, [2, 3, 4]);
    let told = harness.store.card_journal(Actor::Console, school, anna).await.unwrap_err();
    assert_eq!(told.code(), "store_corrupt");
    let others = harness.store.card_journal(Actor::Console, school, account_id(2)).await.unwrap();
    assert_eq!(others.last_card(), Some(1));
}

/// A step is taken though the server that took the last one is ahead; at the console nobody is named.
pub async fn a_card_step_is_taken_though_a_clock_is_ahead(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    harness.cards().await;
    harness.clock.set("2024-09-02T08:59:00Z");
    let (school, anna) = (school_id(1), account_id(1));
    let journal = harness.store.card_step(Actor::Console, school, anna, 1, Printed).await.unwrap();
    let lines: Vec<_> = journal.records().iter().map(|line| line.at.to_rfc3339()).collect();
    assert_eq!(lines, ["2024-09-02T09:00:00+00:00"; 2]);
    assert!(journal.records().iter().all(|line| line.by.is_none()));
    let again = harness.store.card_journal(Actor::Console, school, anna).await.unwrap();
    assert_eq!(again, journal);
    let nowhere = harness.store.card_journal(Actor::Console, school_id(9), anna).await;
    assert_eq!(nowhere.unwrap_err().code(), "school_not_found");
}

/// The school at work with a class teacher of another class, and a registrar.
async fn school_with_neighbours<B: Backend>(backend: B) -> Harness<B> {
    at_work(backend, |changes| {
        let (school, since) = (school_id(1), day("2024-09-01"));
        for known in [NEIGHBOUR, REGISTRAR] {
            Known { snils: "", phone: "", ..known }.save(changes);
        }
        let next = class(school, 9, "8Б");
        let post = StaffPost {
            account: NEIGHBOUR.id(),
            subject: "Физика".into(),
            class_teacher_of: Some(next.id),
            until: None,
        };
        changes.classes.push(next);
        changes.staff.push((school, post));
        let (account, duty) = (REGISTRAR.id(), Duty::Registrar);
        changes.duties.push((school, DutyRow { account, duty, since }));
    })
    .await
}

/// A new card for one pupil.
async fn issue<B: Backend>(
    harness: &Harness<B>,
    by: &Session,
    pupil: u128,
) -> Result<crate::IssuedCard, IssueError> {
    harness.store.issue_card(Actor::Session(by), school_id(1), account_id(pupil)).await
}

/// A step of a card, or the code of what stands in its way.
async fn take<B: Backend>(
    harness: &Harness<B>,
    by: &Session,
    pupil: u128,
    card: u32,
    step: CardStep,
) -> Result<CardJournal, &'static str> {
    let (by, pupil) = (Actor::Session(by), account_id(pupil));
    let taken = harness.store.card_step(by, school_id(1), pupil, card, step).await;
    taken.map_err(|error| error.code())
}
