//! Rows whose days are out of order.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Consent, ConsentPurpose, DataBasis, DataGround, Guardianship, Kinship};
use crate::id::AccountId;

const ADULT: AccountId = AccountId(Uuid::from_u128(1));
const PUPIL: AccountId = AccountId(Uuid::from_u128(2));

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_row_with_reversed_days_is_refused_and_holds_on_no_day() {
    let (from, before) = (day("2024-09-01"), Some(day("2024-08-30")));
    let bond = Guardianship {
        parent: ADULT,
        child: PUPIL,
        kinship: Kinship::Mother,
        legal_representative: None,
        from: Some(from),
        until: before,
        barred: false,
    };
    let consent = |until, revoked| {
        let purpose = ConsentPurpose::SignIn;
        Consent { giver: ADULT, pupil: PUPIL, purpose, from, until, revoked }
    };
    let basis = |until, withdrawn| {
        let (ground, document) = (DataGround::Consent, "Согласие № 17".into());
        DataBasis { account: PUPIL, ground, document, date: from, until, withdrawn }
    };
    let consents = [consent(before, None), consent(None, before)];
    let bases = [basis(before, None), basis(None, before)];
    assert!(bond.validate().is_err());
    assert!(consents.iter().all(|consent| consent.validate().is_err()));
    assert!(bases.iter().all(|basis| basis.validate().is_err()));
    let days = ["2024-08-29", "2024-08-30", "2024-08-31", "2024-09-01", "2024-09-02"].map(day);
    for on in days.into_iter().chain([NaiveDate::MIN, NaiveDate::MAX]) {
        assert!(!bond.holds_on(on), "{on}");
        assert!(!consents.iter().any(|consent| consent.holds_on(on)), "{on}");
        assert!(!bases.iter().any(|basis| basis.holds_on(on)), "{on}");
    }
}
