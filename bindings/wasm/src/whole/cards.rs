//! Registration cards: logins, passwords, how a Russian name is spelled in them, the card itself.

use eschool_core::{
    identity::{FullName, Login},
    people::{self, RegistrationCard},
};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::json::{bytes, decoded, read_any, write};
use crate::border::{number, parsed, text, text_or_none, thrown};

/// How many candidates there are where the caller names no number.
const CANDIDATES: usize = 10;

/// The logins a pupil may get, best first: the school's prefix, `_`, the family name transliterated,
/// then with the first letters of the given name, then with a number. Of more than ten thousand, the
/// first `count`; ten, if it is left out.
#[wasm_bindgen(js_name = loginCandidates)]
pub fn login_candidates(
    #[wasm_bindgen(unchecked_param_type = "string")] prefix: JsValue,
    #[wasm_bindgen(unchecked_param_type = "FullName | FullNameParts")] name: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "number")] count: JsValue,
) -> Result<Vec<String>, JsValue> {
    let (prefix, name): (_, FullName) = (text(&prefix, "prefix")?, read_any(&name, "name")?);
    let count = if count.is_undefined() {
        CANDIDATES
    } else {
        usize::from(number::<u16>(&count, "count", "a whole number from 0 to 65535")?)
    };
    let logins = people::login_candidates(&prefix, &name).take(count);
    Ok(logins.map(|login| login.to_string()).collect())
}

/// A password made from the caller's randomness, one character per byte, of letters and digits that
/// nobody takes for another.
///
/// Throws `card_randomness` for fewer than eight bytes.
#[wasm_bindgen(js_name = passwordFrom)]
pub fn password_from(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] random: JsValue,
) -> Result<String, JsValue> {
    people::password_from(&bytes(&random, "random")?).map_err(|error| thrown(&error))
}

/// Whether somebody may have this password from now on: 8 to 128 characters, not the login, not the
/// former password, where that is known.
///
/// Throws `password_too_short`, `password_too_long`, `password_is_login`, `password_is_former`, and
/// `login_malformed` for a login that is passed as a text and is none.
#[wasm_bindgen(js_name = checkNewPassword)]
pub fn check_new_password(
    #[wasm_bindgen(unchecked_param_type = "string")] password: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Login | string")] login: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string")] former: JsValue,
) -> Result<(), JsValue> {
    let password = text(&password, "password")?;
    let login: Login =
        if login.is_string() { parsed(&login, "login")? } else { read_any(&login, "login")? };
    let former = text_or_none(&former, "former")?;
    people::check_new_password(&password, &login, former.as_deref()).map_err(|error| thrown(&error))
}

/// A Russian text in Latin letters, as ГОСТ 7.79 (system B) spells it without its accents.
#[wasm_bindgen(js_name = transliterate)]
pub fn transliterate(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<String, JsValue> {
    Ok(people::transliterate(&self::text(&text, "text")?))
}

/// A registration card from JSON, as text or parsed.
///
/// Throws `json_malformed`.
#[wasm_bindgen(js_name = decodeCard)]
pub fn decode_card(
    #[wasm_bindgen(unchecked_param_type = "unknown")] json: JsValue,
) -> Result<Ts<RegistrationCard>, JsValue> {
    write(&decoded::<RegistrationCard>(&json, "registration card")?)
}

/// A registration card as it is printed, in a font of one width.
#[wasm_bindgen(js_name = cardText)]
pub fn card_text(
    #[wasm_bindgen(unchecked_param_type = "Passed<RegistrationCard>")] card: JsValue,
) -> Result<String, JsValue> {
    let card: RegistrationCard = read_any(&card, "card")?;
    Ok(card.text_ru())
}
