//! Registration cards: logins, passwords, who gets one, the card itself.

use chrono::NaiveDate;
use eschool_core::{
    identity::{BirthDate, FullName, Login},
    people::{self, RegistrationCard},
    policy::SignInPolicy,
    signin::Refusal,
};

use crate::{
    Answer,
    error::{answer, read},
};

/// Names in Latin letters, ГОСТ 7.79-2000 system B, in ASCII.
#[uniffi::export]
pub fn transliterate(text: &str) -> Answer<String> {
    Ok(people::transliterate(text))
}

/// The first logins that a pupil may be given, in order: the school's prefix with the name.
#[uniffi::export]
pub fn login_candidates(prefix: &str, name: &FullName, count: u16) -> Answer<Vec<Login>> {
    Ok(people::login_candidates(prefix, name).take(count.into()).collect())
}

/// A password of a card, one character for each byte of your randomness, without look-alikes.
///
/// Throws `card_randomness` for less than 8 bytes.
#[uniffi::export]
#[expect(clippy::needless_pass_by_value, reason = "a slice would be a ByteBuffer in Kotlin")]
pub fn password_from(random: Vec<u8>) -> Answer<String> {
    answer(people::password_from(&random))
}

/// Whether a pupil may take this password instead of the card's.
///
/// Throws `password_too_short`, `password_too_long`, `password_is_login`, `password_is_former`.
#[uniffi::export]
pub fn check_new_password(password: &str, login: &Login, former: Option<String>) -> Answer<()> {
    answer(people::check_new_password(password, login, former.as_deref()))
}

/// Why a pupil gets no card on a day; none for who gets one. From the threshold on it is `use_esia`.
///
/// Throws `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn card_refusal(
    policy: &SignInPolicy,
    born: Option<BirthDate>,
    today: NaiveDate,
) -> Answer<Option<Refusal>> {
    Ok(people::may_issue_card(policy.rules_on(today), born, today).err())
}

/// A registration card out of JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_card(json: &str) -> Answer<RegistrationCard> {
    read(json, "registration card")
}

/// A registration card as it is printed, in a font of one width.
#[uniffi::export]
pub fn card_text(card: &RegistrationCard) -> Answer<String> {
    Ok(card.text_ru())
}
