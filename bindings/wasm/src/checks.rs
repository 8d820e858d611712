//! The checks of what people type. Values cross as texts: the classes in `ts/identity.ts` hold them.
//!
//! One function reads every kind of value, for each one more is some hundred bytes to download.

use eschool_core::identity::{
    AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Patronymic, Snils, parse_date,
};
use wasm_bindgen::prelude::*;

use crate::border::{number, parsed, text, text_or_none, thrown};

/// A value of a kind, `s`nils, `p`hone, `e`mail, `l`ogin or `b`irth date: as the wire has it, as a log
/// shows it, and what else is told of one: whether a СНИЛС is exempt from the check, how a phone is
/// read best, which form of an address is compared.
#[wasm_bindgen(js_name = valueOfKind)]
pub fn value_of_kind(kind: char, given: JsValue) -> Result<Vec<String>, JsValue> {
    let (wire, masked, more) = match kind {
        's' => {
            let snils: Snils = parsed(&given, "snils")?;
            let exempt = if snils.is_exempt() { "exempt" } else { "" };
            (snils.to_string(), format!("{snils:?}"), exempt.into())
        }
        'p' => {
            let phone: MobilePhone = parsed(&given, "phone")?;
            (phone.to_string(), format!("{phone:?}"), phone.readable())
        }
        'e' => {
            let email: Email = parsed(&given, "email")?;
            (email.to_string(), format!("{email:?}"), email.canonical())
        }
        'l' => {
            let login: Login = parsed(&given, "login")?;
            (login.to_string(), format!("{login:?}"), String::new())
        }
        _ => {
            let born: BirthDate = parsed(&given, "birthDate")?;
            (born.date().to_string(), format!("{born:?}"), String::new())
        }
    };
    Ok(vec![wire, masked, more])
}

/// Family name, given name, `given`, `none` or `missing`, the patronymic if it is `given`, and the name
/// as a log shows it. `has_none` says that staff confirmed that there is no patronymic.
#[wasm_bindgen(js_name = fullName)]
pub fn full_name(
    family: JsValue,
    given: JsValue,
    patronymic: JsValue,
    has_none: bool,
) -> Result<Vec<String>, JsValue> {
    let (family, given) = (text(&family, "family")?, text(&given, "given")?);
    let patronymic = text_or_none(&patronymic, "patronymic")?;
    let name = if has_none {
        FullName::of_parts(&family, &given, Patronymic::None)
    } else {
        FullName::new(&family, &given, patronymic.as_deref())
    };
    let name = name.map_err(|error| thrown(&error))?;
    let (kind, patronymic) = match name.patronymic() {
        Patronymic::Given(patronymic) => ("given", patronymic.as_str()),
        Patronymic::None => ("none", ""),
        Patronymic::Missing | Patronymic::Unknown(_) => ("missing", ""),
    };
    let masked = format!("{name:?}");
    Ok([name.family(), name.given(), kind, patronymic, &masked].map(String::from).into())
}

/// The birth date again, if somebody born then can be there today.
#[wasm_bindgen(js_name = birthDateOfSomebodyOn)]
pub fn birth_date_of_somebody_on(born: JsValue, today: JsValue) -> Result<String, JsValue> {
    let born: BirthDate = parsed(&born, "birthDate")?;
    let today = parse_date(&text(&today, "today")?).map_err(|error| thrown(&error))?;
    let sound = born.of_somebody_on(today).map_err(|error| thrown(&error))?;
    Ok(sound.date().to_string())
}

/// The day on which an age is reached.
#[wasm_bindgen(js_name = reachedOn)]
pub fn reached_on(years: JsValue, months: JsValue, born: JsValue) -> Result<String, JsValue> {
    let span = |value, argument| number(value, argument, "a whole number from 0 to 255");
    let age = AgeSpan { years: span(&years, "years")?, months: span(&months, "months")? };
    Ok(age.reached_on(parsed(&born, "birthDate")?).to_string())
}
