//! The person that a gateway speaks of.

use eschool_core::{
    identity::{MobilePhone, Snils},
    signin::{Assurance, EsiaPerson},
};
use serde_json::Value;

use super::{
    GatewaySettings,
    claims::{GatewayClaims, Said},
};
use crate::client::{EsiaError, people::full_name};

/// Which claim means what is set; how a bad value is taken is not: as in the data of ЕСИА itself,
/// it counts as absent, and only a name has to be there.
pub(super) fn person(settings: &GatewaySettings, said: &Said) -> Result<EsiaPerson, EsiaError> {
    let (names, child) = (&settings.claims, &settings.child_fields);
    let text = |name: &String| said.text(name);
    let oid = text(&names.oid).ok_or_else(|| EsiaError::OidMissing { claim: names.oid.clone() })?;
    let name = full_name(
        &text(&names.family).unwrap_or_default(),
        &text(&names.given).unwrap_or_default(),
        text(&names.patronymic).as_deref(),
    )?;
    let verified = |name: &String, by: &String| said.holds(by).then(|| text(name)).flatten();
    let children = said.value(&names.children).and_then(Value::as_array);
    Ok(EsiaPerson {
        oid,
        assurance: assurance(names, text(&names.level).as_deref()),
        name,
        birth_date: text(&names.birth_date).and_then(|text| names.birth_date_format.read(&text)),
        snils: text(&names.snils).and_then(|text| Snils::parse(&text).ok()),
        verified_phone: verified(&names.phone, &names.phone_verified)
            .and_then(|text| MobilePhone::parse(&text).ok()),
        verified_email: verified(&names.email, &names.email_verified)
            .and_then(|text| text.parse().ok()),
        children: children
            .into_iter()
            .flatten()
            .filter_map(|element| child.read(element))
            .collect(),
    })
}

fn assurance(names: &GatewayClaims, level: Option<&str>) -> Assurance {
    let among = |levels: &[String]| level.is_some_and(|level| levels.iter().any(|l| l == level));
    if among(&names.level_confirmed) {
        Assurance::Confirmed
    } else if among(&names.level_child) {
        Assurance::Child
    } else {
        Assurance::Unconfirmed
    }
}
