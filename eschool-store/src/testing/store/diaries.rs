//! Reading diaries.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    access::AccessError,
    calendar::{DateRange, Term, TermKind},
    error::CodedError as _,
    id::AccountId,
    people::Guardianship,
    policy::{SignInMethod, SignInPolicy},
};
use uuid::Uuid;

use super::{
    Harness,
    families::{Known, MOTHER, bond},
    small_school::small_school,
};
use crate::{
    DiaryError, Session,
    backend::{Backend, Changes, SchoolFrame},
    testing::{
        fixtures::{account_id, class_id, day, days, lesson, mark, person_id, school_id, work},
        save,
    },
};

const HOME: &str = "192.0.2.10";

/// A pupil reads their own diary, nobody else's, and not too much of it at once.
pub async fn a_pupil_reads_their_own_diary(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let anna = harness.cards().await.remove(1);
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let session = signed_in.session;
    let (school, pupil) = session.pupil().unwrap();
    let week = DateRange::week_of("2024-09-02".parse().unwrap());
    let diary = harness.store.diary(&session, school, pupil, week).await.unwrap();
    assert_eq!(diary.days.len(), 7);
    let profile = harness.store.pupil_profile(&session, school, pupil).await.unwrap();
    assert_eq!(profile.class.unwrap().to_string(), "8А");
    assert_eq!(profile.today.to_string(), "2024-09-02");

    let other = AccountId(Uuid::from_u128(2));
    assert_ne!(other, pupil);
    let refused = harness.store.diary(&session, school, other, week).await.unwrap_err();
    assert!(matches!(refused, DiaryError::Access(AccessError::NotYours)));
    let refused = harness.store.pupil_profile(&session, school, other).await.unwrap_err();
    assert_eq!(refused.code(), "not_yours");
    let refused = harness.store.term(&session, school, other, None).await.unwrap_err();
    assert_eq!(refused.code(), "not_yours");

    let long = DateRange::new("2024-09-01".parse().unwrap(), "2024-11-02".parse().unwrap());
    let refused = harness.store.diary(&session, school, pupil, long.unwrap()).await.unwrap_err();
    assert_eq!(refused.code(), "range_too_long");
    let refused = harness.store.term(&session, school, pupil, Some("9 четверть")).await;
    assert_eq!(refused.unwrap_err().code(), "term_not_found");
}

/// A parent reads by each account that opens a diary, and every account of theirs in the school may
/// bar them, the one that the sign-in did not know of too; nobody else's does.
pub async fn every_account_of_a_parent_is_asked(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let second = Known { account: 14, snils: "", phone: "", born: "", ..MOTHER };
    let stranger = Known { account: 15, person: 15, ..second };
    let mut changes = Changes::default();
    second.save(&mut changes);
    stranger.save(&mut changes);
    let ended = Guardianship { until: Some(day("2024-09-01")), ..bond(second, 2).1 };
    changes.guardianships = vec![bond(second, 3), (school_id(1), ended)];
    save(&backend, &changes).await;
    let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    let here = session.open().filter(|grant| grant.school == school_id(1));
    assert_eq!(here.count(), 2, "{session:?}");

    let read = async |session: &Session| {
        let mut codes = Vec::new();
        for child in [1, 2, 3, 4] {
            let week = harness.store.week(session, school_id(1), account_id(child), None).await;
            codes.push(week.map_or_else(|error| error.code(), |_| ""));
        }
        codes
    };
    let write = async |of: Known, child, bar: bool, until: &str| {
        let (school, bond) = bond(of, child);
        let bond = Guardianship { barred: bar, until: until.parse().ok(), ..bond };
        let guardianships = vec![(school, bond)];
        save(&backend, &Changes { guardianships, ..Changes::default() }).await;
    };
    assert_eq!(read(&session).await, ["", "", "", "not_yours"]);
    write(second, 1, true, "").await;
    write(MOTHER, 3, true, "2024-09-02").await;
    assert_eq!(read(&session).await, ["access_barred", "", "access_barred", "not_yours"]);
    // A bar that is over, and bonds that are.
    write(second, 1, true, "2024-09-01").await;
    write(MOTHER, 3, true, "2024-09-01").await;
    write(MOTHER, 2, false, "2024-09-01").await;
    assert_eq!(read(&session).await, ["", "guardianship_ended", "", "not_yours"]);

    // Somebody else's bar, until it proves to be the mother's: whoever the session says she is.
    write(stranger, 1, true, "").await;
    let unknown = Session { person: person_id(404), ..session.clone() };
    assert_eq!(read(&session).await, ["", "guardianship_ended", "", "not_yours"]);
    let mut changes = Changes::default();
    Known { person: MOTHER.person, ..stranger }.save(&mut changes);
    save(&backend, &changes).await;
    for session in [&session, &unknown] {
        assert_eq!(read(session).await[0], "access_barred");
    }
    // The account that is open became another person's, and the bar is who signed in's.
    let mut changes = Changes::default();
    Known { person: 16, ..second }.save(&mut changes);
    save(&backend, &changes).await;
    write(stranger, 3, true, "").await;
    let mut accounts = session.accounts.clone();
    accounts.retain(|grant| grant.account == second.id());
    let parted = Session { accounts, ..session };
    assert_eq!(read(&parted).await[2], "access_barred");
    let another = Session { person: person_id(16), ..parted };
    assert_eq!(read(&another).await[2], "");
}

/// Where the rules end a parent's access when the child comes of age, it ends on that day.
pub async fn a_parent_reads_until_the_child_is_of_age(backend: impl Backend) {
    let policy = serde_json::to_string(&SignInPolicy::udmurtia_2023()).unwrap();
    let ending = policy.replace(r#""parentsAfter18":"keep""#, r#""parentsAfter18":"end""#);
    assert_ne!(ending, policy);
    let policy = serde_json::from_str(&ending).unwrap();
    let harness = Harness::with_families(backend, policy).await;
    let session = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    for (now, code) in
        [("2028-08-30T20:59:59Z", None), ("2028-08-30T21:00:00Z", Some("guardianship_ended"))]
    {
        harness.clock.set(now);
        let week = harness.store.week(&session, school_id(1), account_id(1), None).await;
        assert_eq!(week.err().map(|error| error.code()), code, "{now}");
    }
}

/// That the password will end is told from thirty days before, in a session that began earlier too;
/// to the pupil who came in with it, and to nobody else.
pub async fn the_end_of_the_password_is_told_in_time(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let anna = harness.cards().await.remove(1);
    harness.clock.set("2025-01-10T09:00:00Z");
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let session = signed_in.session;
    assert_eq!(session.password_ends, None);
    let (school, pupil) = session.pupil().unwrap();
    let told = async |session: &Session| {
        harness.store.pupil_profile(session, school, pupil).await.unwrap().password_ends
    };
    let ends = Some(day("2025-02-28"));
    for (now, expected) in [
        ("2025-01-28T20:59:59Z", None),
        ("2025-01-28T21:00:00Z", ends),
        ("2025-02-27T20:59:59Z", ends),
        // Even in a session that was kept beyond its time.
        ("2025-02-27T21:00:00Z", None),
    ] {
        harness.clock.set(now);
        assert_eq!(told(&session).await, expected, "{now}");
    }

    harness.clock.set("2025-02-01T09:00:00Z");
    let (week, _) = harness.store.week(&session, school, pupil, None).await.unwrap();
    assert_eq!(week.password_ends, ends);
    let through_esia = Session { method: SignInMethod::Esia, ..session };
    assert_eq!(told(&through_esia).await, None);
    let token = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().token.to_text();
    let mother = harness.store.choose_account(&token, MOTHER.id()).await.unwrap();
    assert_eq!(told(&mother).await, None);
    // Nor would a parent be told so who came in with a password.
    let with_password = Session { method: SignInMethod::Password, ..mother };
    assert_eq!(told(&with_password).await, None);
}

/// A pupil who leaves while signed in reads until the last day, and no more on the next.
pub async fn a_diary_closes_when_the_pupil_has_left(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let alla = harness.cards().await.remove(0);
    harness.clock.set("2024-10-10T09:00:00Z");
    let signed_in = harness.sign_in(alla.login.as_str(), &alla.password, HOME).await.unwrap();
    let session = signed_in.session;
    let (school, pupil) = session.pupil().unwrap();
    assert!(harness.store.week(&session, school, pupil, None).await.is_ok());
    assert_eq!(session.expires_at.to_rfc3339(), "2024-10-10T21:00:00+00:00");
    // Even a session that was kept beyond its time.
    harness.clock.forward(TimeDelta::days(1));
    let refused = harness.store.week(&session, school, pupil, None).await.unwrap_err();
    assert!(matches!(refused, DiaryError::Access(AccessError::AccountClosed)));
}

/// A debt of a term is closed by a mark in a lesson after the term, and by no mark but such as
/// closes a debt.
pub async fn a_mark_after_the_term_closes_a_debt(backend: impl Backend) {
    let school = school_id(1);
    let [owing, first_after, long_after] =
        [(1, "2024-10-25"), (2, "2024-11-05"), (3, "2025-05-20")]
            .map(|(n, date)| lesson(n, class_id(8), date, 1, "Алгебра"));
    let [made_up, still_owed] = [1, 2].map(|n| work(n, &owing));
    let marks = [
        mark(1, 1, &owing, &made_up, "."),
        mark(2, 1, &owing, &still_owed, "."),
        mark(3, 1, &first_after, &made_up, "н/а"),
        mark(4, 1, &first_after, &still_owed, "н/а"),
        mark(5, 1, &long_after, &made_up, "4"),
    ];
    let quarter = Term {
        grade: 8,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: days("2024-09-01", "2024-10-25"),
    };
    let frame = SchoolFrame { terms: vec![quarter], ..SchoolFrame::default() };
    let changes = Changes {
        frames: vec![(school, frame)],
        lessons: [owing, first_after, long_after].map(|lesson| (school, lesson)).into(),
        works: [made_up, still_owed].map(|work| (school, work)).into(),
        marks: marks.clone().map(|mark| (school, mark)).into(),
        ..small_school()
    };
    let harness = Harness::with(backend, changes, SignInPolicy::ryazan_2022()).await;
    let anna = harness.cards().await.remove(1);
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let session = signed_in.session;
    let (school, pupil) = session.pupil().unwrap();

    let term = harness.store.term(&session, school, pupil, Some("1 четверть")).await.unwrap();
    let [algebra] = &term.subjects[..] else { panic!("one subject: {:?}", term.subjects) };
    let closings: Vec<_> = algebra
        .marks
        .iter()
        .map(|marked| (marked.mark.id, marked.mark.closed_by.as_ref().map(|closing| closing.mark)))
        .collect();
    let [made_up, still_owed, .., closing] = marks.map(|mark| mark.id);
    assert_eq!(closings, [(made_up, Some(closing)), (still_owed, None)]);
    assert_eq!((algebra.debts, term.debts), (1, 1));
    // What stands after the term counts for no mean of it.
    assert_eq!(algebra.mean, None);
}
