//! When a consent holds, and who may give one.

use alloc::{string::ToString as _, vec};

use uuid::Uuid;

use super::*;
use crate::people::Kinship;

const PARENT: AccountId = AccountId(Uuid::from_u128(1));
const PUPIL: AccountId = AccountId(Uuid::from_u128(2));
const OTHER: AccountId = AccountId(Uuid::from_u128(3));

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_consent_holds_from_its_first_day_to_its_last_or_until_it_is_revoked() {
    for (until, revoked, on, holds) in [
        ("", "", "2024-08-31", false),
        ("", "", "2024-09-01", true),
        ("", "", "2030-01-01", true),
        ("2025-05-31", "", "2025-05-31", true),
        ("2025-05-31", "", "2025-06-01", false),
        ("", "2025-02-03", "2025-02-02", true),
        ("", "2025-02-03", "2025-02-03", false),
        ("2025-05-31", "2025-02-03", "2025-02-03", false),
        ("2025-01-31", "2025-02-03", "2025-02-01", false),
        // revoked on the day it was given: it never held
        ("", "2024-09-01", "2024-09-01", false),
    ] {
        let consent = Consent {
            giver: PARENT,
            pupil: PUPIL,
            purpose: ConsentPurpose::SignIn,
            from: day("2024-09-01"),
            until: until.parse().ok(),
            revoked: revoked.parse().ok(),
        };
        assert_eq!(consent.holds_on(day(on)), holds, "{until} {revoked} {on}");
    }
}

#[test]
fn who_may_consent_for_a_pupil() {
    use ConsentError::{Barred, GuardianshipEnded, NotRepresentative, NotYours, OfAge};
    let mother = || Guardianship {
        parent: PARENT,
        child: PUPIL,
        kinship: Kinship::Mother,
        legal_representative: None,
        from: Some(day("2024-09-05")),
        until: Some(day("2024-09-10")),
        barred: false,
    };
    let aunt = || Guardianship { kinship: "тётя".into(), ..mother() };
    let flagged = |flag, bond| Guardianship { legal_representative: Some(flag), ..bond };
    let barred = |bond| Guardianship { barred: true, ..bond };
    let of_other = || Guardianship { child: OTHER, ..mother() };
    let always = || Guardianship { from: None, until: None, ..mother() };
    let by_other = || Guardianship { parent: OTHER, ..mother() };
    for (case, bonds, born, on, expected) in [
        ("holds", vec![mother()], "31.08.2010", "2024-09-05", Ok(())),
        ("last day", vec![mother()], "31.08.2010", "2024-09-10", Ok(())),
        ("not yet", vec![mother()], "31.08.2010", "2024-09-04", Err(GuardianshipEnded)),
        ("no longer", vec![mother()], "31.08.2010", "2024-09-11", Err(GuardianshipEnded)),
        ("age unknown", vec![mother()], "", "2024-09-06", Ok(())),
        ("a day before 18", vec![mother()], "08.09.2006", "2024-09-07", Ok(())),
        ("18 today", vec![mother()], "08.09.2006", "2024-09-08", Err(OfAge)),
        ("barred", vec![barred(mother())], "", "2024-09-06", Err(Barred)),
        ("an aunt", vec![aunt()], "", "2024-09-06", Err(NotRepresentative)),
        ("an aunt the court named", vec![flagged(true, aunt())], "", "2024-09-06", Ok(())),
        (
            "a mother without rights",
            vec![flagged(false, mother())],
            "",
            "2024-09-06",
            Err(NotRepresentative),
        ),
        ("any bond is enough", vec![aunt(), mother()], "", "2024-09-06", Ok(())),
        (
            "the most telling reason",
            vec![mother(), aunt()],
            "",
            "2024-09-01",
            Err(NotRepresentative),
        ),
        (
            "a bar before a free bond",
            vec![always(), barred(mother())],
            "",
            "2024-09-06",
            Err(Barred),
        ),
        ("in whatever order", vec![barred(mother()), always()], "", "2024-09-06", Err(Barred)),
        ("a bar yet to come", vec![always(), barred(mother())], "", "2024-09-04", Ok(())),
        ("a bar that has ended", vec![barred(mother()), always()], "", "2024-09-11", Ok(())),
        ("only one that ended", vec![barred(mother())], "", "2024-09-11", Err(GuardianshipEnded)),
        ("a bar of another child", vec![always(), barred(of_other())], "", "2024-09-06", Ok(())),
        ("of age and barred", vec![barred(mother())], "08.09.2006", "2024-09-08", Err(OfAge)),
        ("another child", vec![of_other()], "", "2024-09-06", Err(NotYours)),
        ("another adult", vec![by_other()], "", "2024-09-06", Err(NotYours)),
        ("nobody", vec![], "08.09.2006", "2024-09-08", Err(NotYours)),
    ] {
        let told = may_consent(PARENT, PUPIL, &bonds, born.parse().ok(), day(on));
        assert_eq!(told, expected.map(|()| ConsentGiver::Parent), "{case}");
    }
}

#[test]
fn a_consent_that_ends_before_it_is_given_is_refused() {
    const ENDS: &str = "the consent ends with `2024-08-30`, before it is given on `2024-09-01`";
    const REVOKED: &str =
        "the consent is revoked on `2024-08-31`, before it is given on `2024-09-01`";
    let ends = || Some(("consent_ends_before_given", "until", "2024-08-30", ENDS));
    let taken_back = || Some(("consent_revoked_before_given", "revoked", "2024-08-31", REVOKED));
    for (until, revoked, expected) in [
        ("", "", None),
        ("2024-09-01", "", None),
        ("", "2024-09-01", None),
        ("2024-08-30", "", ends()),
        ("2024-08-30", "2025-05-31", ends()),
        ("", "2024-08-31", taken_back()),
        ("2025-05-31", "2024-08-31", taken_back()),
        ("2024-08-30", "2024-08-31", ends()),
    ] {
        let consent = Consent {
            giver: PARENT,
            pupil: PUPIL,
            purpose: ConsentPurpose::SignIn,
            from: day("2024-09-01"),
            until: until.parse().ok(),
            revoked: revoked.parse().ok(),
        };
        let json = serde_json::to_string(&consent).unwrap();
        assert_eq!(serde_json::from_str::<Consent>(&json).is_ok(), expected.is_none(), "{json}");
        let error = consent.validate().err();
        assert_eq!(error.is_some(), expected.is_some(), "{until} {revoked}");
        let Some((error, (code, field, value, english))) = error.zip(expected) else { continue };
        assert_eq!((error.code(), error.field()), (code, Some(field)));
        assert_eq!((error.value().as_deref(), &*error.to_string()), (Some(value), english));
        assert_eq!(error.text_ru().contains("отозвано"), field == "revoked");
    }
}
