//! Cases from their rules: design §5 and who helps in the documents of both regions.

mod newer;

use alloc::{string::ToString as _, vec, vec::Vec};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{collection::vec as vec_of, prelude::*};
use uuid::Uuid;

use super::*;
use crate::{
    access::{AccessError, Post, Sight, Viewer, may},
    diagnosis::{Cause, DiagnosisScope},
    error::CodedError as _,
    id::{AccountId, ClassId, SchoolId},
    policy::RegistryKeeper,
};
use CaseAct::{Closed, FindingsShown, Note, Opened, PassedOn, Reopened, Repaired};
use Desk::{Administrator, ClassTeacher, Registrar, Support};

const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(7));

fn at(minute: i64) -> DateTime<Utc> {
    "2024-09-30T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn step(minute: i64, desk: Desk, act: CaseAct) -> CaseStep {
    let text = (act == Note).then(|| "Мама принесла СНИЛС".into());
    CaseStep {
        at: at(minute),
        by: AccountId(Uuid::from_u128(1)),
        desk,
        act,
        text,
        findings: Vec::new(),
    }
}

fn open(keeper: RegistryKeeper) -> SupportCase {
    let by = (AccountId(Uuid::from_u128(1)), Administrator);
    SupportCase::open("7Q4-K2M".parse().unwrap(), SCHOOL, keeper, by, at(0)).unwrap()
}

/// A case of a class teacher's school after these steps, a minute apart.
fn case(steps: &[(Desk, CaseAct)]) -> SupportCase {
    let mut case = open(RegistryKeeper::ClassTeacher);
    for (minute, (desk, act)) in (1..).zip(steps) {
        case.record(step(minute, desk.clone(), act.clone())).unwrap();
    }
    case
}

#[test]
fn a_case_goes_from_who_keeps_the_registry_to_administrator_and_support() {
    for (keeper, path) in [
        (RegistryKeeper::ClassTeacher, &[ClassTeacher, Administrator, Support][..]),
        (RegistryKeeper::Registrar, &[Registrar, Administrator, Support]),
        (RegistryKeeper::from("nurse"), &[Administrator, Support]),
    ] {
        let mut case = open(keeper);
        for (minute, desk) in (1..).zip(path) {
            assert_eq!(case.turn(), desk);
            assert_eq!(case.with_support(), *desk == Support);
            case.record(step(minute, desk.clone(), FindingsShown)).unwrap();
            case.record(step(minute, desk.clone(), Repaired)).unwrap();
            let passed = case.record(step(minute, desk.clone(), PassedOn));
            let end = (*desk == Support).then_some(CaseError::PassedOnFromSupport);
            assert_eq!(passed.err(), end);
        }
        case.record(step(9, Support, Closed)).unwrap();
        assert!(case.is_closed());
    }
}

#[test]
fn who_reopens_a_case_has_it() {
    let to_support = [(ClassTeacher, PassedOn), (Administrator, PassedOn), (Support, Closed)];
    for (desk, next) in [(ClassTeacher, Administrator), (Administrator, Support)] {
        let mut case = case(&to_support);
        case.record(step(10, desk.clone(), Reopened)).unwrap();
        assert_eq!((case.turn(), case.is_closed()), (&desk, false));
        case.record(step(11, desk.clone(), PassedOn)).unwrap();
        assert_eq!(case.turn(), &next);
    }
    // the administrator may, though the case never came so far
    let mut case = case(&[(ClassTeacher, Closed)]);
    case.record(step(10, Administrator, Reopened)).unwrap();
    assert_eq!(case.turn(), &Administrator);
}

#[test]
fn the_school_may_note_and_look_at_any_time_and_support_once_it_has_the_case() {
    let mut case = case(&[]);
    for desk in [ClassTeacher, Registrar, Administrator] {
        case.record(step(1, desk.clone(), Note)).unwrap();
        case.record(step(1, desk, FindingsShown)).unwrap();
    }
    for act in [Note, FindingsShown] {
        let early = case.record(step(1, Support, act.clone()));
        assert_eq!(early, Err(CaseError::NotPassedOn { act }));
    }
    case.record(step(2, ClassTeacher, PassedOn)).unwrap();
    case.record(step(3, Administrator, PassedOn)).unwrap();
    for desk in [Support, ClassTeacher, Administrator] {
        case.record(step(4, desk, Note)).unwrap();
    }
}

#[test]
fn a_wrong_step_is_named_and_changes_nothing() {
    let with_support = [(ClassTeacher, PassedOn), (Administrator, PassedOn)];
    let closed = [(ClassTeacher, Closed)];
    let empty = CaseStep { text: Some(" \n".into()), ..step(60, ClassTeacher, Note) };
    for (before, wrong, code, english) in [
        (
            case(&with_support),
            step(60, Support, PassedOn),
            "case_with_support",
            "the case is with support and cannot be `passed_on`",
        ),
        (
            case(&[]),
            step(60, Administrator, PassedOn),
            "case_not_your_turn",
            "the step `passed_on` is not for `administrator`: it is the turn of `class_teacher`",
        ),
        (
            case(&with_support),
            step(60, ClassTeacher, PassedOn),
            "case_not_your_turn",
            "the step `passed_on` is not for `class_teacher`: it is the turn of `support`",
        ),
        (
            case(&with_support),
            step(60, Administrator, Repaired),
            "case_not_your_turn",
            "the step `repaired` is not for `administrator`: it is the turn of `support`",
        ),
        (
            case(&[]),
            step(60, Registrar, Closed),
            "case_not_your_turn",
            "the step `closed` is not for `registrar`: it is the turn of `class_teacher`",
        ),
        (
            case(&[]),
            step(60, Support, Closed),
            "case_not_passed_on",
            "the step `closed` is not for `support`: the case was not passed on to it",
        ),
        (
            case(&closed),
            step(60, ClassTeacher, Note),
            "case_closed",
            "the case is closed and takes no step `note`; reopen it first",
        ),
        (
            case(&closed),
            step(60, ClassTeacher, PassedOn),
            "case_closed",
            "the case is closed and takes no step `passed_on`; reopen it first",
        ),
        (
            case(&closed),
            step(60, ClassTeacher, Closed),
            "case_closed",
            "the case is closed and takes no step `closed`; reopen it first",
        ),
        (
            case(&closed),
            step(60, Registrar, Reopened),
            "case_not_on_path",
            "the step `reopened` is not for `registrar`: the case does not go through it",
        ),
        (
            case(&closed),
            step(60, Support, Reopened),
            "case_not_passed_on",
            "the step `reopened` is not for `support`: the case was not passed on to it",
        ),
        (
            case(&[]),
            step(60, ClassTeacher, Reopened),
            "case_not_closed",
            "the case is not closed, so it cannot be `reopened`",
        ),
        (
            case(&[]),
            step(60, ClassTeacher, Opened),
            "case_already_opened",
            "the case was `opened` already",
        ),
        (case(&[]), empty, "case_note_empty", "the step `note` has no text"),
        (
            case(&closed),
            step(0, ClassTeacher, Reopened),
            "case_step_earlier",
            "the step `reopened` is dated 2024-09-30 09:00:00 UTC, before the last one of \
             2024-09-30 09:01:00 UTC",
        ),
        (
            case(&[]),
            step(60, ClassTeacher, CaseAct::from("escalated")),
            "case_act_unknown",
            "there is no step `escalated` of a case",
        ),
        (
            case(&[]),
            step(60, Desk::from("nurse"), Note),
            "case_desk_unknown",
            "the step `note` is by `nurse`, and there is no such desk",
        ),
    ] {
        let mut after = before.clone();
        let error = after.record(wrong).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, english));
        assert!(error.text_ru().contains(|c: char| ('а'..='я').contains(&c)));
        assert_eq!(after, before);
    }
}

#[test]
fn support_opens_no_case() {
    for (desk, code) in [(Support, "case_not_passed_on"), (Desk::from("x"), "case_desk_unknown")] {
        let by = (AccountId(Uuid::from_u128(1)), desk);
        let keeper = RegistryKeeper::ClassTeacher;
        let opened = SupportCase::open("7Q4-K2M".parse().unwrap(), SCHOOL, keeper, by, at(0));
        assert_eq!(opened.unwrap_err().code(), code);
    }
}

#[test]
fn each_desk_sees_the_evidence_of_its_scope() {
    let class = ClassId(Uuid::from_u128(8));
    let case = case(&[(ClassTeacher, PassedOn), (Administrator, PassedOn)]);
    let class_teacher = DiagnosisScope::ClassTeacher { school: SCHOOL, classes: vec![class] };
    for (desk, scope) in [
        (ClassTeacher, class_teacher),
        (Registrar, DiagnosisScope::School(SCHOOL)),
        (Administrator, DiagnosisScope::School(SCHOOL)),
        (Support, DiagnosisScope::Support),
    ] {
        assert_eq!(case.scope(&desk, &[class]), Ok(scope));
    }
    let unknown = case.scope(&Desk::from("nurse"), &[class]).unwrap_err();
    assert_eq!(unknown.code(), "case_desk_unknown");
    let early = open(RegistryKeeper::Registrar).scope(&Support, &[]).unwrap_err();
    assert_eq!(early, CaseError::NotPassedOn { act: FindingsShown });
}

#[test]
fn nobody_sees_the_evidence_of_a_closed_case_until_it_is_reopened() {
    let mut case = case(&[(ClassTeacher, PassedOn), (Administrator, PassedOn), (Support, Closed)]);
    for desk in [ClassTeacher, Registrar, Administrator, Support] {
        let refused = case.scope(&desk, &[]).unwrap_err();
        assert_eq!(refused, CaseError::Closed { act: FindingsShown });
        // as the step that would tell of it
        assert_eq!(case.record(step(60, desk, FindingsShown)), Err(refused));
    }
    case.record(step(60, Administrator, Reopened)).unwrap();
    assert!(case.scope(&Support, &[]).is_ok());
}

#[test]
fn support_may_look_once_the_case_was_passed_on() {
    let looks = |case: &SupportCase| {
        let (school, with_support) = (case.school(), case.with_support());
        let sight = Sight::Case { school, with_support };
        let support = Viewer::Staff { post: Post::Support, until: None };
        may(&[support], &sight, "2024-09-30".parse().unwrap())
    };
    let passed = [(ClassTeacher, PassedOn), (Administrator, PassedOn)];
    assert_eq!(looks(&case(&passed[..1])), Err(AccessError::NotAllowed));
    assert!(looks(&case(&passed)).is_ok());
}

#[test]
fn a_case_crosses_as_its_history_and_keeps_what_it_does_not_know() {
    let mut case = case(&[(ClassTeacher, Note)]);
    let account = Some(AccountId(Uuid::from_u128(2)));
    let findings = vec![ShownFinding { cause: Cause::SnilsMissing, school: Some(SCHOOL), account }];
    case.record(CaseStep { findings, ..step(2, ClassTeacher, FindingsShown) }).unwrap();
    case.record(step(3, ClassTeacher, Repaired)).unwrap();
    case.record(step(4, ClassTeacher, PassedOn)).unwrap();
    case.record(step(5, Administrator, Closed)).unwrap();
    insta::assert_json_snapshot!(case);

    let json = serde_json::to_string(&case).unwrap();
    assert_eq!(serde_json::from_str::<SupportCase>(&json).unwrap(), case);
    let newer = json.replace("\"repaired\"", "\"escalated\"");
    let kept: SupportCase = serde_json::from_str(&newer).unwrap();
    assert_eq!(serde_json::to_string(&kept).unwrap(), newer);
    for (from, to) in [
        ("\"opened\"", "\"note\""),
        ("\"repaired\"", "\"reopened\""),
        ("\"act\":\"passed_on\"", "\"act\":\"closed\""),
    ] {
        assert!(serde_json::from_str::<SupportCase>(&json.replace(from, to)).is_err(), "{from}");
    }
}

#[test]
fn debug_tells_nothing_of_what_was_noted() {
    let shown = alloc::format!("{:?}", case(&[(ClassTeacher, Note)]));
    assert!(!shown.contains("Мама") && shown.contains("7Q4-K2M"), "{shown}");
}

proptest! {
    /// What the rules say, with whose turn it is kept apart from the case.
    #[test]
    fn any_sequence_keeps_to_the_rules_or_changes_nothing(
        steps in vec_of((0_usize..4, 0_usize..7, -1_i64..3), 0..40),
    ) {
        let path = [ClassTeacher, Administrator, Support];
        let mut case = open(RegistryKeeper::ClassTeacher);
        let (mut now, mut turn, mut reached, mut closed) = (0, 0, 0, false);
        for (desk, act, later) in steps {
            let (desk, act) = (Desk::KNOWN[desk].clone(), CaseAct::KNOWN[act].clone());
            let place = path.iter().position(|on_path| *on_path == desk);
            let knows = desk != Support || reached == 2;
            let fits = later >= 0 && knows && match act {
                Opened => false,
                Reopened => closed && place.is_some(),
                Note | FindingsShown => !closed,
                PassedOn => !closed && place == Some(turn) && turn < 2,
                _ => !closed && place == Some(turn),
            };
            let before = case.clone();
            let taken = case.record(step(now + later, desk, act.clone()));
            prop_assert_eq!(taken.is_ok(), fits, "{:?}", taken);
            if !fits {
                prop_assert_eq!(&case, &before);
                continue;
            }
            now += later;
            match act {
                PassedOn => turn += 1,
                Closed => closed = true,
                Reopened => (turn, closed) = (place.unwrap(), false),
                _ => {}
            }
            reached = reached.max(turn);
            prop_assert_eq!(case.turn(), &path[turn]);
            prop_assert_eq!((case.is_closed(), case.with_support()), (closed, reached == 2));
            prop_assert_eq!(case.steps().len(), before.steps().len() + 1);
        }
        prop_assert!(case.steps().is_sorted_by_key(|step| step.at));
        let json = serde_json::to_string(&case).unwrap();
        prop_assert_eq!(serde_json::from_str::<SupportCase>(&json).unwrap(), case);
    }
}
