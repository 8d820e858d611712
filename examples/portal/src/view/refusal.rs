//! A refused sign-in as a person reads it.

use std::borrow::Cow;

use chrono_tz::Tz;
use eschool_core::signin::{NextStep, Refusal};

use super::date;

/// The refusal, for a page or above the form.
pub(crate) struct RefusalView {
    /// Why.
    pub(crate) text: String,
    /// The code of the case: «7Q4-K2M».
    pub(crate) case: Option<String>,
    /// When the way opens again: «14:35».
    pub(crate) not_before: Option<String>,
    /// What to do next, in the order to try.
    pub(crate) steps: Vec<Step>,
}

/// One thing to do next.
pub(crate) struct Step {
    /// The instruction.
    pub(crate) text: Cow<'static, str>,
    /// Where a page of the portal does it.
    pub(crate) href: Option<&'static str>,
}

impl RefusalView {
    /// The refusal, times as at a place.
    pub(crate) fn of(refusal: &Refusal, zone: Tz) -> Self {
        Self {
            text: refusal.text_ru(),
            case: refusal.case.as_ref().map(ToString::to_string),
            not_before: refusal.until.map(|until| date::not_before(until, zone)),
            steps: refusal.next.iter().map(|step| step_of(refusal, step)).collect(),
        }
    }
}

impl RefusalView {
    /// The refusal for a page that offers another sign-in by a button of its own.
    pub(crate) fn without_other(refusal: &Refusal, zone: Tz) -> Self {
        let steps = refusal.next.iter().filter(|step| **step != NextStep::SignInAsOther);
        let steps = steps.map(|step| step_of(refusal, step)).collect();
        Self { steps, ..Self::of(refusal, zone) }
    }
}

/// An instruction with what a refusal knows of it.
fn step_of(refusal: &Refusal, next: &NextStep) -> Step {
    Step { text: refusal.step_text_ru(next), ..step(next) }
}

/// An instruction, with the page that does it where the portal has one.
pub(crate) fn step(step: &NextStep) -> Step {
    let href = match step {
        NextStep::UseEsia => Some("/esia"),
        NextStep::UsePassword | NextStep::SignInAsOther => Some("/"),
        NextStep::RestorePassword => Some("/forgotten"),
        _ => None,
    };
    Step { text: step.text_ru().into(), href }
}

#[cfg(test)]
mod tests {
    use eschool_core::{policy::SignInPolicy, signin::RefusalCode};

    use super::*;

    #[test]
    fn what_the_portal_can_do_is_a_link() {
        let policy = SignInPolicy::ryazan_2022();
        let rules = policy.rules_on(chrono::NaiveDate::MIN);
        let view =
            RefusalView::of(&Refusal::new(RefusalCode::UseEsia, rules), chrono_tz::Europe::Moscow);
        assert_eq!(view.steps[0].href, Some("/esia"));
        assert!(view.steps[1..].iter().all(|step| step.href.is_none()));
        assert!(view.not_before.is_none());
    }
}
