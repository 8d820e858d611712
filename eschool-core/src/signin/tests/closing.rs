//! When accounts close, to the day.

use super::*;
use crate::{
    people::DataBasis,
    signin::{Closing, MayErase, may_erase},
};

fn rules(days: Option<u16>) -> Rules {
    let policy = with(|rules| rules.erase_after_days = days);
    policy.rules_on(NaiveDate::MIN).clone()
}

#[test]
fn an_account_closes_after_its_last_role_and_is_erased_after_the_policys_days() {
    let leaves = |n, until: &str| ChildFacts { until: until.parse().ok(), ..child(n) };
    let bond_ends = |until: &str, child: ChildFacts| {
        let until = until.parse().ok();
        ChildFacts { guardianship: Guardianship { until, ..child.guardianship }, ..child }
    };
    let barred = |child: ChildFacts| {
        let guardianship = Guardianship { barred: true, ..child.guardianship };
        ChildFacts { guardianship, ..child }
    };
    let with_staff = |until: Option<&str>, other: Candidate| Candidate {
        staff: staff(account(1), until).staff,
        ..other
    };
    let family = |children| parent(account(1), children);
    for (case, account, closed) in [
        ("a pupil", pupil(account(1), Some("2025-05-31")), Some("2025-06-01")),
        ("a pupil who stays", pupil(account(1), None), None),
        ("nobody knows what", nobody_yet(account(1)), None),
        ("a parent of nobody", family(vec![]), None),
        ("the only child", family(vec![leaves(2, "2025-05-31")]), Some("2025-06-01")),
        (
            "the last child",
            family(vec![leaves(2, "2025-05-31"), leaves(3, "2024-10-10")]),
            Some("2025-06-01"),
        ),
        ("one child stays", family(vec![leaves(2, "2024-10-10"), leaves(3, "")]), None),
        ("the bond ends", family(vec![bond_ends("2025-01-31", leaves(2, ""))]), Some("2025-02-01")),
        ("barred, the child stays", family(vec![barred(leaves(2, ""))]), None),
        (
            "barred, the child leaves",
            family(vec![barred(leaves(2, "2025-05-31"))]),
            Some("2025-06-01"),
        ),
        (
            "a teacher whose child left",
            with_staff(None, family(vec![leaves(2, "2025-05-31")])),
            None,
        ),
        (
            "a teacher who left after the child",
            with_staff(Some("2026-08-31"), family(vec![leaves(2, "2025-05-31")])),
            Some("2026-09-01"),
        ),
    ] {
        let closed = closed.map(day);
        for (days, erased) in [(None, None), (Some(1), Some(1)), (Some(30), Some(30))] {
            let told = account.closing(&rules(days));
            assert_eq!(told.map(|closing| closing.closed_from), closed, "{case}");
            let erased = erased.and_then(|days| Some(closed? + TimeDelta::days(days)));
            assert_eq!(told.and_then(|closing| closing.erased_on), erased, "{case}");
        }
    }
}

#[test]
fn the_days_on_the_edge() {
    let left = pupil(account(1), Some("2024-01-30"));
    let closing = left.closing(&rules(Some(30))).unwrap();
    // Thirty days closed, from 31 January on; 2024 has a 29 February.
    for (on, closed, erased) in [
        ("2024-01-30", false, false),
        ("2024-01-31", true, false),
        ("2024-02-29", true, false),
        ("2024-03-01", true, true),
        ("2024-03-02", true, true),
    ] {
        let told = (closing.is_closed_on(day(on)), closing.is_erased_on(day(on)));
        assert_eq!(told, (closed, erased), "{on}");
    }
    let kept = left.closing(&rules(None)).unwrap();
    assert!(kept.is_closed_on(NaiveDate::MAX) && !kept.is_erased_on(NaiveDate::MAX));
    // The end of the calendar erases nobody.
    let for_ever = Candidate {
        pupil: Some(PupilFacts { until: Some(NaiveDate::MAX), consents: vec![] }),
        ..nobody_yet(account(1))
    };
    assert_eq!(for_ever.closing(&rules(Some(1))), None);
}

#[test]
fn a_closed_account_opens_nothing() {
    let policy = SignInPolicy::ryazan_2022();
    let kept = rules(None);
    let left = ChildFacts { until: Some(day("2024-10-10")), ..child(2) };
    for (found, code) in [
        (pupil(account(1), Some("2024-10-10")), RefusalCode::AccountClosed),
        (parent(account(1), vec![left]), RefusalCode::NoChildren),
        (staff(account(1), Some("2024-10-10")), RefusalCode::AccountClosed),
    ] {
        let closed_from = found.closing(&kept).unwrap().closed_from;
        assert_eq!(closed_from, day("2024-10-11"));
        let on = |on| by_esia(&policy, esia(Assurance::Confirmed), vec![found.clone()], on);
        assert!(on("2024-10-10").is_ok(), "{found:?}");
        assert_eq!(on("2024-10-11").unwrap_err().code, code, "{found:?}");
    }
}

#[test]
fn where_parents_lose_sight_at_18_their_account_closes_then() {
    let grown = ChildFacts { birth_date: "01.03.2007".parse().ok(), ..child(2) };
    let found = parent(account(1), vec![grown]);
    let end = with(|rules| rules.parents_after_18 = ParentsAfter18::End);
    let closed = |rules: &Rules| found.closing(rules).map(|closing| closing.closed_from);
    assert_eq!(closed(end.rules_on(NaiveDate::MIN)), Some(day("2025-03-01")));
    assert_eq!(closed(&rules(None)), None);
}

#[test]
fn an_account_is_erased_when_its_days_are_over_and_no_ground_holds() {
    let closing = |erased: &str| {
        Some(Closing { closed_from: day("2025-06-01"), erased_on: erased.parse().ok() })
    };
    let basis = |ground: &str| -> DataBasis {
        serde_json::from_value(serde_json::json!({
            "account": account(1).id, "ground": ground, "document": "Приказ № 17",
            "date": "2024-09-01",
        }))
        .unwrap()
    };
    let ended = || DataBasis { until: Some(day("2025-06-30")), ..basis("law") };
    let anothers = || DataBasis { account: account(2).id, ..basis("law") };
    let grounds: [(&str, Vec<DataBasis>, MayErase); 5] = [
        ("no ground", vec![], MayErase::Yes),
        ("one that ended", vec![ended()], MayErase::Yes),
        ("another's", vec![anothers()], MayErase::Yes),
        ("one that holds", vec![ended(), basis("law")], MayErase::No),
        ("one of a newer version", vec![basis("a_new_law")], MayErase::NotKnown),
    ];
    for (ground, bases, over) in grounds {
        for (ends, closing, told) in [
            ("open", None, MayErase::No),
            ("kept for ever", closing(""), MayErase::No),
            ("a day too early", closing("2025-07-02"), MayErase::No),
            ("on its day", closing("2025-07-01"), over),
            ("long after", closing("2025-06-02"), over),
        ] {
            let erased = may_erase(closing, &bases, account(1).id, day("2025-07-01"));
            assert_eq!(erased, told, "{ground}, {ends}");
        }
    }
}
