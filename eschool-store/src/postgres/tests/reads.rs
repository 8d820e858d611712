//! How many statements a read takes.

use eschool_core::{
    calendar::{Term, TermKind},
    policy::SignInPolicy,
};

use super::scratch::Scratch;
use crate::{
    Session,
    backend::{Changes, SchoolFrame},
    postgres::PostgresBackend,
    testing::{
        fixtures::{account_id, day, days, school_id},
        store::{
            Harness,
            families::{Known, MOTHER, bond, families},
        },
    },
};

/// What a reader asks for.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Cover,
    Days,
    Week,
    Term,
}

/// The cover is one statement, with whatever it takes to judge a parent of several accounts, and the
/// days are two; a term takes one more, for its final marks.
#[tokio::test]
async fn a_diary_is_three_statements_whoever_reads() {
    let Some(scratch) = Scratch::new().await else { return };
    let mut changes = families();
    let second = Known { account: 14, snils: "", phone: "", born: "", ..MOTHER };
    second.save(&mut changes);
    changes.guardianships.push(bond(second, 3));
    let quarter = Term {
        grade: 8,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: days("2024-09-01", "2024-10-25"),
    };
    let frame = SchoolFrame { terms: vec![quarter], ..SchoolFrame::default() };
    changes.frames.push((school_id(1), frame));
    let policy = SignInPolicy::udmurtia_2023;
    let harness = Harness::with(scratch.backend.clone(), changes, policy()).await;
    let anna = harness.cards().await.remove(1);
    let pupil = harness.sign_in(anna.login.as_str(), &anna.password, "192.0.2.10").await;
    let pupil = pupil.unwrap().session;
    let of_two = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    let mut mother = of_two.clone();
    mother.accounts.retain(|grant| grant.account == MOTHER.id());
    let accounts = of_two.open().filter(|grant| grant.school == school_id(1)).count();
    assert_eq!((mother.accounts.len(), accounts), (1, 2));

    for session in [&pupil, &mother, &of_two] {
        for (ask, statements) in [(Ask::Cover, 1), (Ask::Days, 3), (Ask::Week, 3), (Ask::Term, 4)] {
            let fresh = PostgresBackend::open(&scratch.database.url()).await.unwrap();
            let harness = Harness::with(fresh.clone(), Changes::default(), policy()).await;
            let before = executions(&fresh).await;
            read(&harness, session, ask).await;
            assert_eq!(executions(&fresh).await - before, statements, "{ask:?} of {session:?}");
            fresh.close().await;
        }
    }
}

async fn read(harness: &Harness<PostgresBackend>, session: &Session, ask: Ask) {
    let (store, school, pupil) = (&harness.store, school_id(1), account_id(1));
    match ask {
        Ask::Cover => drop(store.pupil_profile(session, school, pupil).await.unwrap()),
        Ask::Days => {
            let days = days("2024-09-02", "2024-10-31");
            drop(store.diary(session, school, pupil, days).await.unwrap());
        }
        Ask::Week => {
            drop(store.week(session, school, pupil, Some(day("2024-09-09"))).await.unwrap());
        }
        Ask::Term => drop(store.term(session, school, pupil, None).await.unwrap()),
    }
}

/// How many statements the connections of a backend have executed, beside those that begin and end
/// transactions: these are not prepared.
async fn executions(backend: &PostgresBackend) -> u64 {
    backend.prepared().await.unwrap().iter().map(|prepared| prepared.executions).sum()
}
