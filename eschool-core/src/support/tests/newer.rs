//! What a version that knows more desks wrote, and the names that are not known.

use super::*;

/// A step of a history, and whether the case is closed and with support after it, and whose turn it
/// is.
type Recalled = (&'static str, &'static str, bool, bool, &'static str);

fn recalled(steps: &[(&str, &str)]) -> Result<SupportCase, serde_json::Error> {
    let steps = (0..).zip(steps).map(|(minute, (desk, act))| {
        let text = (*act == "note").then_some("звонили");
        serde_json::json!({"at": at(minute), "by": Uuid::from_u128(1), "desk": desk, "act": act,
                           "text": text})
    });
    serde_json::from_value(serde_json::json!({
        "code": "7Q4-K2M", "school": SCHOOL, "keeper": "class_teacher",
        "steps": steps.collect::<Vec<_>>(),
    }))
}

#[test]
fn what_a_desk_of_a_newer_version_did_is_kept() {
    let histories: [&[Recalled]; 5] = [
        // it has no turn here and takes one there
        &[
            ("class_teacher", "opened", false, false, "class_teacher"),
            ("hotline", "note", false, false, "class_teacher"),
            ("hotline", "findings_shown", false, false, "class_teacher"),
            ("hotline", "repaired", false, false, "hotline"),
            ("hotline", "closed", true, false, "hotline"),
            ("hotline", "reopened", false, false, "hotline"),
            ("class_teacher", "note", false, false, "hotline"),
            ("hotline", "passed_on", false, false, "hotline"),
            // to whom, only who acts next tells
            ("administrator", "closed", true, false, "administrator"),
        ],
        &[
            ("hotline", "opened", false, false, "class_teacher"),
            ("hotline", "passed_on", false, false, "hotline"),
            ("administrator", "passed_on", false, true, "support"),
        ],
        &[
            ("hotline", "opened", false, false, "class_teacher"),
            ("hotline", "passed_on", false, false, "hotline"),
            ("support", "findings_shown", false, true, "hotline"),
            ("support", "repaired", false, true, "support"),
        ],
        &[
            ("class_teacher", "opened", false, false, "class_teacher"),
            ("hotline", "closed", true, false, "hotline"),
            ("administrator", "reopened", false, false, "administrator"),
        ],
        // what it did is not known either
        &[
            ("class_teacher", "opened", false, false, "class_teacher"),
            ("hotline", "escalated", false, false, "class_teacher"),
        ],
    ];
    for history in histories {
        let steps: Vec<_> = history.iter().map(|(desk, act, ..)| (*desk, *act)).collect();
        for (length, (desk, act, closed, with_support, turn)) in (1..).zip(history) {
            let case = recalled(&steps[..length]).unwrap();
            let state = (case.is_closed(), case.with_support(), case.turn().as_str());
            assert_eq!(state, (*closed, *with_support, *turn), "{desk} {act}");
            assert_eq!(case.steps()[length - 1].desk, Desk::from(*desk));
            let json = serde_json::to_string(&case).unwrap();
            assert_eq!(serde_json::from_str::<SupportCase>(&json).unwrap(), case);
        }
    }
}

#[test]
fn a_desk_of_a_newer_version_keeps_to_the_rules_that_are_the_same_for_all() {
    for steps in [
        &[("hotline", "note")][..],
        &[("hotline", "opened"), ("hotline", "opened")],
        &[("hotline", "opened"), ("hotline", "reopened")],
        &[("hotline", "opened"), ("hotline", "closed"), ("hotline", "repaired")],
        &[("hotline", "opened"), ("hotline", "closed"), ("administrator", "note")],
        // no unknown desk passed it to them
        &[("hotline", "opened"), ("administrator", "closed")],
        &[("hotline", "opened"), ("support", "note")],
        &[("hotline", "opened"), ("hotline", "passed_on"), ("registrar", "closed")],
    ] {
        assert!(recalled(steps).is_err(), "{steps:?}");
    }
}

#[test]
fn nothing_is_done_by_a_desk_that_is_not_known_or_through_it() {
    let through = recalled(&[("class_teacher", "opened"), ("hotline", "passed_on")]).unwrap();
    let hotline = || Desk::from("hotline");
    for act in [Note, FindingsShown, Repaired, PassedOn, Closed, Reopened] {
        let mut after = through.clone();
        let error = after.record(step(9, hotline(), act.clone())).unwrap_err();
        assert_eq!(error, CaseError::UnknownDesk { act, desk: hotline() });
        assert_eq!(after, through);
    }
    let looks = through.scope(&hotline(), &[]).unwrap_err();
    assert_eq!(looks, CaseError::UnknownDesk { act: FindingsShown, desk: hotline() });
    for (desk, act) in [ClassTeacher, Administrator]
        .into_iter()
        .flat_map(|desk| [Repaired, PassedOn, Closed].map(|act| (desk.clone(), act)))
    {
        let mut after = through.clone();
        let error = after.record(step(9, desk, act)).unwrap_err();
        assert_eq!(error.code(), "case_through_unknown_desk");
        assert_eq!(after, through);
    }
    let mut after = through.clone();
    after.record(step(9, Administrator, Note)).unwrap();
    let early = after.record(step(9, Support, Note)).unwrap_err();
    assert_eq!(early.code(), "case_not_passed_on");

    let mut closed = recalled(&[("class_teacher", "opened"), ("hotline", "closed")]).unwrap();
    closed.record(step(9, Administrator, Reopened)).unwrap();
    closed.record(step(9, Administrator, PassedOn)).unwrap();
    assert!(closed.with_support());
}

#[test]
fn errors_cut_the_names_that_they_do_not_know() {
    let long = "x".repeat(1000);
    let cut = "x".repeat(38) + "…";
    for (desk, act) in [(Desk::from(long.as_str()), Note), (Registrar, CaseAct::from(&*long))] {
        let told = case(&[]).record(step(9, desk, act)).unwrap_err().to_string();
        assert!(told.contains(&cut) && told.len() < 150, "{told}");
    }
    let through = recalled(&[("class_teacher", "opened"), (&long, "passed_on")]).unwrap();
    let told = through.clone().record(step(9, Administrator, Closed)).unwrap_err().to_string();
    assert!(told.contains(&cut) && told.len() < 200, "{told}");
}
