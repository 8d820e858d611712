//! Letters to who forgot the password, and what their links do.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _, people::RegistrationCard, recovery::LetterWay, signin::RefusalCode,
};

use uuid::Uuid;

use super::{Harness, refused, small_school::small_school};
use crate::{
    LinkUseError, OutgoingLetter,
    backend::{Backend, Changes, LetterRow},
    secret::ClaimKind,
    testing::{
        fixtures::{account_id, at, claim, login_key, school_id, sealed},
        reading, save,
    },
};

const HOME: &str = "192.0.2.10";
const MAMA: &str = "Mama@example.org";
const NEW: &str = "горный ручей";

/// Siblings share an address: the letter goes there, whichever login or address was typed, and has
/// a link for each; through ЕСИА goes who is past the threshold.
pub async fn a_letter_names_every_login_of_the_address(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    for typed in [cards[1].login.as_str(), " MAMA@Example.org "] {
        let letter = asked(&harness, typed).await.unwrap();
        assert_eq!(letter.letter.to.to_string(), MAMA);
        let named: Vec<_> = letter.letter.entries.iter().map(|entry| &entry.login).collect();
        assert_eq!(named, [&cards[0].login, &cards[1].login]);
        assert_eq!(letter.links.len(), 2);
        let text = letter.text_ru(|link| format!("https://school.example.org/new#{link}"));
        for link in &letter.links {
            assert!(text.contains(&*link.to_text()));
        }
    }
    harness.clock.set("2025-03-01T09:00:00Z");
    let letter = asked(&harness, cards[0].login.as_str()).await.unwrap();
    let ways: Vec<_> = letter.letter.entries.iter().map(|entry| &entry.way).collect();
    // Алла has left the school, Анна is past the threshold.
    assert!(matches!(ways[..], [LetterWay::Closed, LetterWay::UseEsia(_)]), "{ways:?}");
    assert!(letter.links.is_empty());
}

/// The answer is the same for a login with an address, for one without, and for nobody's, and so is
/// what is written: who exists is found only when the letter is taken.
pub async fn the_answer_does_not_tell_who_exists(backend: impl Backend) {
    let (harness, backend, cards) = with_email(backend).await;
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    let mut told = Vec::new();
    for (n, typed) in
        [cards[0].login.as_str(), "s7_nobody", "nobody@example.org", MAMA].into_iter().enumerate()
    {
        let request = typed.parse().unwrap();
        let answer = harness.store.request_recovery(&request, HOME.parse().ok()).await.unwrap();
        told.push(answer);
        let waiting = reading(&backend).await.letters_due(now, 10).await.unwrap();
        assert_eq!(waiting.len(), n + 1);
        let entry = harness.store.audit(1).await.unwrap().remove(0);
        assert_eq!((entry.outcome.as_str(), entry.subject), ("asked", None));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(harness.store.take_letters(10).await.unwrap().len(), 2);
}

/// A link sets a password once and for half an hour; who was signed in is out. One that is none, or
/// that a newer letter replaced, sets nothing.
pub async fn a_link_is_good_once_and_for_half_an_hour(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    let store = &harness.store;
    let card = &cards[1];
    let login = card.login.as_str();
    let signed_in = harness.sign_in(login, &card.password, HOME).await.unwrap();
    let former = link_of(&asked(&harness, login).await.unwrap(), card);
    let link = link_of(&asked(&harness, login).await.unwrap(), card);
    for none in ["", "x", former.as_str()] {
        let error = store.recovery_link(none).await.unwrap_err();
        assert_eq!(error.code(), "link_unknown");
    }
    let offer = store.recovery_link(&link).await.unwrap();
    assert_eq!((offer.login.as_str(), offer.given.as_str()), (login, "Анна"));
    let short = use_link(&harness, &link, "короче").await.unwrap_err();
    assert_eq!(short.code(), "password_too_short");

    harness.clock.forward(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    use_link(&harness, &link, NEW).await.unwrap();
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("recovery", "used"));
    assert!(entry.subject.is_some() && entry.school == Some(school_id(1)));
    let ended = store.session(&signed_in.token.to_text()).await.unwrap_err();
    assert_eq!(ended.code(), "session_ended");
    let old = harness.sign_in(login, &card.password, HOME).await;
    assert_eq!(refused(old), RefusalCode::WrongCredentials);
    assert!(harness.sign_in(login, NEW, HOME).await.is_ok());
    let again = use_link(&harness, &link, "другой пароль").await.unwrap_err();
    assert_eq!(again.code(), "link_used");

    let late = link_of(&asked(&harness, login).await.unwrap(), card);
    harness.clock.forward(TimeDelta::minutes(30));
    assert_eq!(use_link(&harness, &late, NEW).await.unwrap_err().code(), "link_expired");
}

/// A letter comes again until it is said to be sent, later every time, with links of its own; after
/// hours nobody waits for it.
pub async fn a_letter_is_handed_out_until_it_is_sent(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    let store = &harness.store;
    let first = asked(&harness, MAMA).await.unwrap();
    assert!(store.take_letters(10).await.unwrap().is_empty());
    harness.clock.forward(TimeDelta::minutes(5));
    let second = store.take_letters(10).await.unwrap().remove(0);
    assert_eq!(first.id, second.id);
    let card = &cards[0];
    assert!(store.recovery_link(&link_of(&first, card)).await.is_err());
    assert!(store.recovery_link(&link_of(&second, card)).await.is_ok());
    harness.clock.forward(TimeDelta::minutes(5));
    assert!(store.take_letters(10).await.unwrap().is_empty());
    store.letter_sent(second.id).await.unwrap();
    store.letter_sent(second.id).await.unwrap();
    harness.clock.forward(TimeDelta::minutes(60));
    assert!(store.take_letters(10).await.unwrap().is_empty());
    assert!(asked(&harness, MAMA).await.is_some());
    harness.clock.forward(TimeDelta::hours(6));
    assert!(store.take_letters(10).await.unwrap().is_empty());
}

/// Whoever asks again and again for one login, existing or not, is answered and not written to.
pub async fn requests_are_bounded(backend: impl Backend) {
    let (harness, backend, cards) = with_email(backend).await;
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    for typed in [cards[0].login.as_str(), "s7_nobody"] {
        let before = reading(&backend).await.letters_due(now, 100).await.unwrap().len();
        for _ in 0..20 {
            let request = typed.parse().unwrap();
            harness.store.request_recovery(&request, None).await.unwrap();
        }
        let after = reading(&backend).await.letters_due(now, 100).await.unwrap().len();
        assert_eq!(after - before, 6, "{typed}");
    }
    // The counters of sign-ins are others.
    let login = cards[0].login.as_str();
    assert!(harness.sign_in(login, &cards[0].password, HOME).await.is_ok());
}

/// What was typed waits sealed, and is gone when its time is over.
pub async fn what_was_asked_is_sealed_and_forgotten(backend: impl Backend) {
    let (harness, backend, _) = with_email(backend).await;
    let request = "nobody@example.org".parse().unwrap();
    harness.store.request_recovery(&request, None).await.unwrap();
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    let [row] = &reading(&backend).await.letters_due(now, 10).await.unwrap()[..] else {
        panic!("one letter waits")
    };
    let bytes = row.asked.to_bytes();
    assert!(!bytes.windows(6).any(|window| window == b"nobody"));
    assert_eq!(harness.store.forget_expired().await.unwrap(), 0);
    harness.clock.forward(TimeDelta::hours(6));
    assert_eq!(harness.store.forget_expired().await.unwrap(), 1);
    assert_eq!(reading(&backend).await.letters_due(now, 10).await.unwrap(), []);
}

/// A link that was made on the last evening of a password serves no more on the day after.
pub async fn whoever_grew_too_old_uses_esia(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    harness.clock.set("2025-02-27T20:50:00Z");
    let link = link_of(&asked(&harness, cards[1].login.as_str()).await.unwrap(), &cards[1]);
    harness.clock.set("2025-02-27T21:00:00Z");
    let error = use_link(&harness, &link, NEW).await.unwrap_err();
    let LinkUseError::Refused(refusal) = error else { panic!("too old: {error}") };
    assert_eq!(refusal.code, RefusalCode::UseEsia);
}

/// A new card ends the link that was open: one way to a password is open at most.
pub async fn a_new_card_ends_the_link(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    let link = link_of(&asked(&harness, MAMA).await.unwrap(), &cards[0]);
    harness.cards().await;
    let error = use_link(&harness, &link, NEW).await.unwrap_err();
    assert_eq!(error.code(), "link_superseded");
}

/// What was asked and does not open is put off and told, and the letters behind it are handed out
/// with their links; it is forgotten when nobody waits for it any more, however late it is due.
pub async fn a_letter_that_cannot_be_made_holds_up_no_other(backend: impl Backend) {
    let (harness, backend, cards) = with_email(backend).await;
    let store = &harness.store;
    let bad = LetterRow {
        id: Uuid::from_u128(7),
        asked_at: at("2024-09-02T08:00:00Z"),
        due_at: at("2024-09-02T08:00:00Z"),
        attempts: 0,
        expires_at: at("2024-09-02T09:30:00Z"),
        asked: sealed(school_id(1), account_id(1), "asked", MAMA),
    };
    let letters = vec![bad.clone()];
    save(&backend, &Changes { letters, ..Changes::default() }).await;
    let letter = asked(&harness, MAMA).await.unwrap();
    assert!(store.recovery_link(&link_of(&letter, &cards[0])).await.is_ok());
    let told = store.audit(10).await.unwrap();
    assert_eq!(told.iter().filter(|entry| entry.outcome == "failed").count(), 1);
    let row = reading(&backend).await.letter(bad.id).await.unwrap().unwrap();
    assert_eq!((row.attempts, row.due_at), (1, at("2024-09-02T09:05:00Z")));
    assert!(store.take_letters(10).await.unwrap().is_empty());
    store.letter_sent(letter.id).await.unwrap();

    harness.clock.forward(TimeDelta::minutes(5));
    assert_eq!(store.take_letters(10).await.unwrap_err().code(), "vault_wrong_key");
    harness.clock.forward(TimeDelta::minutes(25));
    assert!(store.take_letters(10).await.unwrap().is_empty());
    assert_eq!(reading(&backend).await.letter(bad.id).await.unwrap(), None);

    let late = LetterRow { due_at: at("2024-09-03T09:00:00Z"), ..bad };
    save(&backend, &Changes { letters: vec![late.clone()], ..Changes::default() }).await;
    assert_eq!(store.forget_expired().await.unwrap(), 1);
    assert_eq!(reading(&backend).await.letter(late.id).await.unwrap(), None);
}

/// A letter that comes when its login has a new card, or has used the link, has no link for it.
pub async fn a_letter_that_comes_late_opens_nothing(backend: impl Backend) {
    let (harness, backend, cards) = with_email(backend).await;
    let store = &harness.store;
    let first = asked(&harness, MAMA).await.unwrap();
    harness.clock.forward(TimeDelta::minutes(1));
    use_link(&harness, &link_of(&first, &cards[0]), NEW).await.unwrap();
    harness.clock.forward(TimeDelta::minutes(4));
    let again = store.take_letters(10).await.unwrap().remove(0);
    let named: Vec<_> = again.letter.entries.iter().map(|entry| &entry.login).collect();
    assert_eq!((named, again.links.len()), (vec![&cards[1].login], 1));

    store.letter_sent(again.id).await.unwrap();
    store.request_recovery(&cards[1].login.as_str().parse().unwrap(), None).await.unwrap();
    harness.clock.forward(TimeDelta::minutes(1));
    harness.cards().await;
    assert!(store.take_letters(10).await.unwrap().is_empty());
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("recovery", "answered"));
    let last = at("9999-12-31T00:00:00Z");
    assert!(reading(&backend).await.letters_until(last, 10).await.unwrap().is_empty());
}

/// Whoever tried the former password too often is in with the one that the link set.
pub async fn a_link_opens_a_closed_login(backend: impl Backend) {
    let (harness, _, cards) = with_email(backend).await;
    let login = cards[0].login.as_str();
    for attempt in 0..6 {
        let _ = harness.sign_in(login, "wrong", &format!("198.51.{attempt}.1")).await;
    }
    let closed = harness.sign_in(login, &cards[0].password, HOME).await;
    assert_eq!(refused(closed), RefusalCode::LockedUntil);
    let link = link_of(&asked(&harness, login).await.unwrap(), &cards[0]);
    use_link(&harness, &link, NEW).await.unwrap();
    assert!(harness.sign_in(login, NEW, HOME).await.is_ok());
}

/// Of two who use one link at once the second sets nothing.
pub async fn a_link_is_used_by_one_of_two(backend: impl Backend + 'static) {
    let (harness, backend, cards) = with_email(backend).await;
    let (login, card) = (cards[0].login.as_str(), &cards[0]);
    let link = link_of(&asked(&harness, login).await.unwrap(), card);
    let mut tx = reading(&backend).await;
    let known = tx.credential(&login_key(login)).await.unwrap().unwrap();
    let mut row = tx.recovery_link(known.school, known.account).await.unwrap().unwrap();
    drop(tx);
    row.link.use_up(at("2024-09-02T09:00:00Z")).unwrap();
    let changes = Changes { recovery_links: vec![row], ..Changes::default() };
    let (other, runtime) = (Arc::clone(&backend), tokio::runtime::Handle::current());
    harness.hasher.meanwhile(move || runtime.block_on(save(&other, &changes)));
    assert_eq!(use_link(&harness, &link, NEW).await.unwrap_err().code(), "link_used");
    assert!(harness.sign_in(login, &card.password, HOME).await.is_ok());
}

/// The small school whose two Ёлкины have one address, and their cards.
async fn with_email<B: Backend>(backend: B) -> (Harness<Arc<B>>, Arc<B>, Vec<RegistrationCard>) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let mut changes = Changes::default();
    for mut account in small_school().accounts {
        if [account_id(1), account_id(2)].contains(&account.id) {
            account.email = Some(sealed(account.school, account.id, "email", MAMA));
            changes.claims.push(claim(&account, ClaimKind::Email, "mama@example.org"));
            changes.accounts.push(account);
        }
    }
    save(&backend, &changes).await;
    let cards = harness.cards().await;
    (harness, backend, cards)
}

/// The letter that somebody gets who asks.
async fn asked<B: Backend>(harness: &Harness<B>, typed: &str) -> Option<OutgoingLetter> {
    let request = typed.parse().unwrap();
    harness.store.request_recovery(&request, None).await.unwrap();
    harness.store.take_letters(10).await.unwrap().pop()
}

fn link_of(letter: &OutgoingLetter, card: &RegistrationCard) -> String {
    let mut entries = letter.letter.entries.iter();
    let entry = entries.find(|entry| entry.login == card.login).unwrap();
    letter.link(entry).unwrap().to_text().to_string()
}

async fn use_link<B: Backend>(
    harness: &Harness<B>,
    link: &str,
    password: &str,
) -> Result<(), LinkUseError> {
    harness.store.use_recovery_link(link, String::from(password).into()).await
}
