//! Who gets a card.

use chrono::NaiveDate;

use crate::{
    identity::BirthDate,
    policy::{Role, Rules},
    signin::{Refusal, RefusalCode},
};

/// Whether a pupil gets a card on a day: who could not sign in with its password gets none.
///
/// `today` is the school's date. From the threshold on it is refused, on that day too; a pupil
/// whose birth date nobody knows counts as younger.
///
/// ```
/// use eschool_core::{people::may_issue_card, policy::SignInPolicy, signin::RefusalCode};
///
/// let policy = SignInPolicy::ryazan_2022();
/// let born = "31.08.2010".parse().ok();
/// let may = |today: &str| {
///     let today = today.parse().unwrap();
///     may_issue_card(policy.rules_on(today), born, today)
/// };
/// assert_eq!(may("2025-02-27"), Ok(()));
/// assert_eq!(may("2025-02-28").unwrap_err().code, RefusalCode::UseEsia);
/// ```
///
/// # Errors
/// The [`Refusal`] `use_esia`, with what to do instead. Whoever issues cards is not the pupil and
/// reads its [`text_of_pupil_ru`](Refusal::text_of_pupil_ru).
pub fn may_issue_card(
    rules: &Rules,
    born: Option<BirthDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let band = rules.pupil_band(born, today);
    if rules.allows_password(&Role::Pupil, Some(&band)) {
        Ok(())
    } else {
        Err(Refusal::new(RefusalCode::UseEsia, rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SignInPolicy;

    #[test]
    fn a_card_is_for_who_may_sign_in_with_it() {
        let on = |policy: &SignInPolicy, born: &str, today: &str| {
            let today = today.parse().unwrap();
            may_issue_card(policy.rules_on(today), born.parse().ok(), today)
        };
        for policy in [SignInPolicy::ryazan_2022(), SignInPolicy::udmurtia_2023()] {
            for (born, today, gets_one) in [
                ("29.02.2012", "2026-08-28", true),
                ("29.02.2012", "2026-08-29", false),
                ("29.02.2012", "2026-08-30", false),
                ("", "2026-08-30", true),
            ] {
                assert_eq!(on(&policy, born, today).is_ok(), gets_one, "{born} {today}");
            }
            let refusal = on(&policy, "29.02.2012", "2026-08-29").unwrap_err();
            assert_eq!(refusal.code, RefusalCode::UseEsia);
            let told = refusal.text_of_pupil_ru();
            assert!(told.starts_with("Ученику уже исполнилось 14,5\u{a0}лет"), "{told}");
        }
        // where passwords are off nobody gets one, and no age is blamed
        let refusal = on(&SignInPolicy::ryazan_2024(), "01.01.2015", "2024-09-02").unwrap_err();
        assert_eq!((refusal.code, refusal.threshold), (RefusalCode::UseEsia, None));
    }
}
