//! The journal against its rules, and against a naive model.

use alloc::{collections::BTreeMap, string::ToString as _, vec::Vec};

use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_725_260_000 + minute * 60, 0).unwrap()
}

fn line(card: u32, step: CardStep, minute: i64) -> CardRecord {
    CardRecord { card, step, at: at(minute), by: Some(AccountId(Uuid::from_u128(1))) }
}

/// A journal of these steps, a minute apart.
fn journal(steps: &[(u32, CardStep)]) -> CardJournal {
    let lines = (0..).zip(steps).map(|(minute, (card, step))| line(*card, step.clone(), minute));
    CardJournal::try_from(lines.collect::<Vec<_>>()).unwrap()
}

use CardStep::{HandedOut, Issued, Printed, Revoked};

#[test]
fn a_card_is_issued_printed_again_and_again_and_handed_out() {
    let mut journal = CardJournal::new();
    assert_eq!((journal.state(1), journal.next_card()), (None, 1));
    for (minute, step) in [(0, Issued), (1, Printed), (1, Printed), (9, Printed), (9, HandedOut)] {
        journal.record(line(1, step.clone(), minute)).unwrap();
        assert_eq!(journal.state(1), Some(&step));
    }
    assert_eq!((journal.records().len(), journal.next_card()), (5, 2));
}

#[test]
fn a_new_card_revokes_the_one_before_however_far_it_came() {
    for before in [&[][..], &[Printed], &[Printed, HandedOut], &[Revoked]] {
        let mut steps = alloc::vec![(1, Issued)];
        steps.extend(before.iter().map(|step| (1, step.clone())));
        let mut journal = journal(&steps);
        journal.record(line(2, Issued, 60)).unwrap();
        assert_eq!((journal.state(1), journal.state(2)), (Some(&Revoked), Some(&Issued)));
        for step in [Printed, HandedOut, Revoked] {
            let late = journal.record(line(1, step.clone(), 61));
            assert_eq!(late, Err(CardJournalError::Revoked { card: 1, step }));
        }
    }
}

#[test]
fn a_wrong_step_is_named_and_changes_nothing() {
    let nobody = |step| CardRecord { by: None, ..line(1, step, 60) };
    let scan = CardStep::from("scanned");
    for (before, wrong, code, english) in [
        (
            journal(&[]),
            line(1, Printed, 60),
            "card_not_issued",
            "the step `printed` is of card 1, which was never issued",
        ),
        (
            journal(&[]),
            line(2, Issued, 60),
            "card_wrong_number",
            "card 2 cannot be `issued`: the next card is 1",
        ),
        (
            journal(&[(1, Issued)]),
            line(1, Issued, 60),
            "card_wrong_number",
            "card 1 cannot be `issued`: the next card is 2",
        ),
        (
            journal(&[(1, Issued)]),
            line(1, HandedOut, 60),
            "card_not_printed",
            "card 1 cannot be `handed_out` before it is printed",
        ),
        (
            journal(&[(1, Issued), (1, Printed), (1, HandedOut)]),
            line(1, Printed, 60),
            "card_handed_out",
            "card 1 was handed out and cannot be `printed` any more; issue a new one",
        ),
        (
            journal(&[(1, Issued), (1, Printed), (1, HandedOut)]),
            line(1, HandedOut, 60),
            "card_handed_out",
            "card 1 was handed out and cannot be `handed_out` any more; issue a new one",
        ),
        (
            journal(&[(1, Issued), (1, Revoked)]),
            line(1, Revoked, 60),
            "card_revoked",
            "card 1 was revoked and cannot be `revoked` any more",
        ),
        (
            journal(&[(1, Issued)]),
            line(1, Printed, -1),
            "card_step_earlier",
            "the step `printed` of card 1 is dated 2024-09-02 06:52:20 UTC, before the last one \
             of 2024-09-02 06:53:20 UTC",
        ),
        (
            journal(&[]),
            nobody(Issued),
            "card_step_by_nobody",
            "the step `issued` of card 1 does not say who did it",
        ),
        (
            journal(&[(1, Issued)]),
            line(1, scan, 60),
            "card_step_unknown",
            "there is no step `scanned` of a card",
        ),
    ] {
        let mut after = before.clone();
        let error = after.record(wrong).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, english));
        assert!(!error.text_ru().is_empty());
        assert_eq!(after, before);
    }
}

#[test]
fn the_console_has_no_name_and_keeps_to_the_rules() {
    let mut journal = CardJournal::new();
    let early = journal.record_at_console(1, Printed, at(0)).unwrap_err();
    assert_eq!(early.code(), "card_not_issued");
    for step in [Issued, Printed] {
        journal.record_at_console(1, step, at(1)).unwrap();
    }
    journal.record(line(1, HandedOut, 2)).unwrap();
    let scan = CardStep::from("scanned");
    for (step, minute, code) in [
        (Printed, 3, "card_handed_out"),
        (scan, 3, "card_step_unknown"),
        (Revoked, 1, "card_step_earlier"),
    ] {
        let refused = journal.record_at_console(1, step, at(minute)).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let named: Vec<_> = journal.records().iter().map(|line| line.by.is_some()).collect();
    assert_eq!(named, [false, false, true]);
}

#[test]
fn errors_cut_the_names_that_they_do_not_know() {
    let long = CardStep::from("x".repeat(1000).as_str());
    let told = journal(&[(1, Issued)]).record(line(1, long, 60)).unwrap_err().to_string();
    assert_eq!(told, alloc::format!("there is no step `{}…` of a card", "x".repeat(38)));
}

#[test]
fn a_journal_crosses_as_its_lines_and_keeps_what_it_does_not_know() {
    let json = r#"[
        {"card": 1, "step": "issued", "at": "2024-09-02T07:30:00Z",
         "by": "019379ab-0000-7000-8000-000000000001"},
        {"card": 1, "step": "scanned", "at": "2024-09-02T07:31:00Z",
         "by": "019379ab-0000-7000-8000-000000000001"}
    ]"#;
    let journal: CardJournal = serde_json::from_str(json).unwrap();
    assert_eq!(journal.state(1), Some(&Issued));
    let there: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_value(&journal).unwrap(), there);
    let lines = journal.records().iter().cloned().map(|line| CardRecord { by: None, ..line });
    let by_nobody = serde_json::to_string(&lines.collect::<Vec<_>>()).unwrap();
    let kept: CardJournal = serde_json::from_str(&by_nobody).unwrap();
    assert_eq!(serde_json::to_string(&kept).unwrap(), by_nobody);
    let wrong = json.replace("\"issued\"", "\"handed_out\"");
    assert!(serde_json::from_str::<CardJournal>(&wrong).is_err());
}

proptest! {
    /// What the rules say of each card alone, and of the newest alone.
    #[test]
    fn any_sequence_keeps_to_the_rules_or_changes_nothing(
        steps in vec((1_u32..4, 0_usize..4, -1_i64..3, 0_u8..8), 0..40),
    ) {
        let mut journal = CardJournal::new();
        let mut model: BTreeMap<u32, Vec<CardStep>> = BTreeMap::new();
        let mut now = 0;
        for (card, step, later, by) in steps {
            let step = CardStep::KNOWN[step].clone();
            let mut record = line(card, step.clone(), now + later);
            if by == 0 {
                record.by = None;
            }
            let newest = model.len() as u32;
            let life = model.get(&card).cloned().unwrap_or_default();
            let ended = card < newest || life.contains(&Revoked);
            let fits = match step {
                Issued => card == newest + 1,
                _ if life.is_empty() || ended => false,
                Printed => !life.contains(&HandedOut),
                HandedOut => life.contains(&Printed) && !life.contains(&HandedOut),
                _ => true,
            };
            let fits = fits && by != 0 && (later >= 0 || journal.records().is_empty());
            let before = journal.clone();
            let taken = journal.record(record);
            prop_assert_eq!(taken.is_ok(), fits, "{:?}", taken);
            if fits {
                now += later;
                model.entry(card).or_default().push(step);
            } else {
                prop_assert_eq!(&journal, &before);
            }
        }
        let lines = journal.records();
        prop_assert!(lines.is_sorted_by_key(|line| line.at));
        prop_assert_eq!(CardJournal::try_from(lines.to_vec()), Ok(journal.clone()));
    }
}
