//! What both signed calls have in common: each check by itself.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use uuid::Uuid;

use super::{
    ClientSystem, Emulator,
    fault::{Code, Fault},
    parameters::Parameters,
    secret,
};

/// `yyyy.MM.dd HH:mm:ss Z`.
const TIMESTAMP: &str = "%Y.%m.%d %H:%M:%S %z";

/// The client that calls.
pub(super) fn client<'e>(
    emulator: &'e Emulator,
    parameters: &Parameters,
) -> Result<&'e ClientSystem, Fault> {
    emulator
        .client(parameters.needed("client_id")?)
        .ok_or_else(|| Fault::new(Code::ClientUnknown, "no client has this `client_id`"))
}

/// The address people are sent back to.
pub(super) fn redirect(
    client: &ClientSystem,
    parameters: &Parameters,
    name: &'static str,
) -> Result<Url, Fault> {
    let url = parameters.needed(name)?.parse::<Url>();
    url.ok().filter(|url| client.may_send_to(url)).ok_or_else(|| {
        Fault::new(Code::RedirectUri, format!("`{name}` is no http(s) address of a known host"))
    })
}

/// `state`: a UUID of version 4 with its hyphens.
pub(super) fn state(parameters: &Parameters) -> Result<&str, Fault> {
    let state = parameters.needed("state")?;
    let is_random = |uuid: Uuid| uuid.get_version_num() == 4;
    if state.len() == 36 && Uuid::try_parse(state).is_ok_and(is_random) {
        Ok(state)
    } else {
        Err(Fault::new(Code::Parameter, "`state` is no UUID of version 4"))
    }
}

/// The scopes that are asked for, each once. `scope_org` may only hold what is registered too.
pub(super) fn scopes(client: &ClientSystem, parameters: &Parameters) -> Result<Vec<String>, Fault> {
    let words = |text: &'static str, value: &str| {
        let mut scopes: Vec<String> = Vec::new();
        for scope in value.split(' ').filter(|scope| !scope.is_empty()) {
            if !client.scopes.iter().any(|known| known == scope) {
                let check = format!("`{text}` holds what is not registered for the client");
                return Err(Fault::new(Code::Scope, check));
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.into());
            }
        }
        Ok(scopes)
    };
    words("scope_org", parameters.once("scope_org")?.unwrap_or_default())?;
    let scopes = words("scope", parameters.needed("scope")?)?;
    if scopes.is_empty() {
        return Err(Fault::new(Code::ScopeMissing, "`scope` is blank"));
    }
    Ok(scopes)
}

/// `timestamp`: written as ЕСИА writes it, and of now.
fn timestamp(text: &str, now: DateTime<Utc>, window: TimeDelta) -> Result<(), Fault> {
    let fault = |check| Err(Fault::new(Code::Timestamp, check));
    // chrono reads more than it writes: what it would write otherwise is spelled wrong
    match DateTime::parse_from_str(text, TIMESTAMP) {
        Ok(at) if at.format(TIMESTAMP).to_string() == text => {
            if (now - at.to_utc()).abs() <= window {
                Ok(())
            } else {
                fault("`timestamp` is too far from the emulator's clock")
            }
        }
        _ => fault("`timestamp` is not `yyyy.MM.dd HH:mm:ss Z`; its `+` goes as `%2B`"),
    }
}

/// Who calls: certificate, time, and the signature over the call's own fields.
pub(super) fn signature(
    emulator: &Emulator,
    client: &ClientSystem,
    parameters: &Parameters,
    code: &str,
) -> Result<(), Fault> {
    let fault = |check| Err(Fault::new(Code::ClientSecret, check));
    let now = emulator.now();
    if parameters.needed("client_certificate_hash")? != client.certificate.hash() {
        return fault(
            "`client_certificate_hash` is not the Streebog-256 of the registered certificate's DER \
             in upper-case hex",
        );
    }
    if now < client.certificate.not_before() || now > client.certificate.not_after() {
        return fault("the registered certificate is not valid now");
    }
    let time = parameters.needed("timestamp")?;
    timestamp(time, now, emulator.settings().timestamp_window)?;
    secret::check(client, parameters, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_of_one_spelling_and_of_now() {
        let now: DateTime<Utc> = "2025-09-02T10:00:29Z".parse().unwrap();
        let window = TimeDelta::minutes(5);
        for (text, right) in [
            ("2025.09.02 13:00:29 +0300", true),
            ("2025.09.02 10:00:29 +0000", true),
            ("2025.09.02 22:00:29 +1200", true),
            ("2025.09.02 13:05:29 +0300", true),
            ("2025.09.02 12:55:29 +0300", true),
            ("2025.09.02 13:05:30 +0300", false),
            ("2025.09.02 12:55:28 +0300", false),
            ("2025.09.02 13:00:29 +0000", false),
            ("2025.09.02 13:00:29  0300", false),
            ("2025.09.02 13:00:29 +03:00", false),
            ("2025.09.02 13:00:29 Z", false),
            ("2025.9.2 13:00:29 +0300", false),
            ("2025-09-02 13:00:29 +0300", false),
            ("2025.09.02T13:00:29 +0300", false),
            ("2025.02.30 13:00:29 +0300", false),
            ("2025.09.02 13:00 +0300", false),
            ("", false),
        ] {
            assert_eq!(timestamp(text, now, window).is_ok(), right, "{text}");
        }
    }
}
