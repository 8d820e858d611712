//! Who may come: `person_filter`, and what the book says of the client and of the person.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    ClientSystem, RefusalCode, TestAccount, TestPerson,
    fault::Fault,
    parameters::Parameters,
    reason::{ParameterReason, PersonReason, Reason},
};
use crate::base64url::BASE64_URL;

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whom alone a request wants to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonFilter {
    /// People with a confirmed account.
    Confirmed,
    /// Children.
    Kid,
    /// Anybody but children.
    NotKid,
}

impl PersonFilter {
    /// The filter of a request, where it has one: one word in base64 of either alphabet.
    pub(super) fn read(parameters: &Parameters) -> Result<Option<Self>, Fault> {
        let Some(text) = parameters.once("person_filter")?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let word = BASE64.decode(text).or_else(|_| BASE64_URL.decode(text)).unwrap_or_default();
        match word.as_slice() {
            b"conf_acc" => Ok(Some(Self::Confirmed)),
            b"acc_kid" => Ok(Some(Self::Kid)),
            b"acc_not_kid" => Ok(Some(Self::NotKid)),
            _ => Err(Fault::new(RefusalCode::PARAMETER, ParameterReason::PersonFilter)),
        }
    }
}

/// Whether a person may sign in to a client by such a request.
pub(super) fn may_enter(
    client: &ClientSystem,
    filter: Option<PersonFilter>,
    person: &TestPerson,
) -> Result<(), Fault> {
    let is_confirmed = person.account == TestAccount::Confirmed;
    let is_kid = person.account == TestAccount::Child;
    let refused = |code, reason| Err(Fault::new(code, reason));
    match filter {
        Some(PersonFilter::Confirmed) if !is_confirmed => {
            return refused(
                RefusalCode::NOT_CONFIRMED,
                Reason::Person(PersonReason::FilterConfirmed),
            );
        }
        Some(PersonFilter::Kid) if !is_kid => {
            return refused(RefusalCode::PERMISSION, Reason::Person(PersonReason::FilterKid));
        }
        Some(PersonFilter::NotKid) if is_kid => {
            return refused(RefusalCode::PERMISSION, Reason::Person(PersonReason::FilterNotKid));
        }
        _ => {}
    }
    if is_kid && !person.parent_consent {
        return refused(RefusalCode::CONSENT, Reason::Person(PersonReason::ConsentMissing));
    }
    if client.confirmed_only && !is_confirmed {
        return refused(RefusalCode::NOT_CONFIRMED, Reason::Person(PersonReason::NotConfirmed));
    }
    if client.second_factor && !person.second_factor {
        return refused(RefusalCode::SECOND_FACTOR, Reason::Person(PersonReason::SecondFactor));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_one_word_in_base64() {
        let read = |text: &str| {
            PersonFilter::read(&Parameters::parse(format!("person_filter={text}").as_bytes()))
        };
        for (text, filter) in [
            ("", None),
            ("Y29uZl9hY2M%3D", Some(PersonFilter::Confirmed)),
            ("Y29uZl9hY2M", Some(PersonFilter::Confirmed)),
            ("YWNjX2tpZA%3D%3D", Some(PersonFilter::Kid)),
            ("YWNjX25vdF9raWQ", Some(PersonFilter::NotKid)),
        ] {
            assert_eq!(read(text).unwrap(), filter, "{text}");
        }
        for text in ["conf_acc", "!", "Y29uZl9hY2Mg", "Q09ORl9BQ0M"] {
            assert_eq!(read(text).unwrap_err().code, RefusalCode::PARAMETER, "{text}");
        }
        assert_eq!(PersonFilter::read(&Parameters::parse(b"")).unwrap(), None);
    }
}
