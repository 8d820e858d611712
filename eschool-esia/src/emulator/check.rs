//! What both signed calls have in common: each check by itself.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use uuid::Uuid;

use super::{
    ClientSystem, Emulator, Interface, RefusalCode,
    fault::Fault,
    parameters::Parameters,
    reason::{CallerReason, ClientReason, ParameterReason},
    secret::{self, Signed},
};

/// `yyyy.MM.dd HH:mm:ss Z`.
const TIMESTAMP: &str = "%Y.%m.%d %H:%M:%S %z";

/// The client that calls, whatever it may.
pub(super) fn client<'e>(
    emulator: &'e Emulator,
    parameters: &Parameters,
) -> Result<&'e ClientSystem, Fault> {
    emulator
        .client(parameters.needed("client_id")?)
        .ok_or_else(|| Fault::new(RefusalCode::CLIENT_UNKNOWN, ClientReason::Unknown))
}

/// Whether a client may use an interface.
pub(super) fn interface(client: &ClientSystem, interface: Interface) -> Result<(), Fault> {
    if client.closed {
        return Err(Fault::new(RefusalCode::CLIENT_CLOSED, ClientReason::Closed));
    }
    if !client.interfaces.contains(&interface) {
        return Err(Fault::new(RefusalCode::WAY_FORBIDDEN, ClientReason::InterfaceForbidden));
    }
    Ok(())
}

/// The address people are sent back to.
pub(super) fn redirect(
    client: &ClientSystem,
    parameters: &Parameters,
    name: &'static str,
) -> Result<Url, Fault> {
    let url = parameters.needed(name)?.parse::<Url>();
    url.ok().filter(|url| client.may_send_to(url)).ok_or_else(|| {
        let hosts = client.redirect_hosts.join("`, `");
        Fault::new(RefusalCode::REDIRECT_URI, ParameterReason::Redirect { name, hosts })
    })
}

/// `state`: a UUID of version 4 with its hyphens.
pub(super) fn state(parameters: &Parameters) -> Result<&str, Fault> {
    let state = parameters.needed("state")?;
    let is_random = |uuid: Uuid| uuid.get_version_num() == 4;
    if state.len() == 36 && Uuid::try_parse(state).is_ok_and(is_random) {
        Ok(state)
    } else {
        Err(Fault::new(RefusalCode::PARAMETER, ParameterReason::State))
    }
}

/// The scopes that are asked for, each once. `scope_org` may only hold what is registered too.
pub(super) fn scopes(client: &ClientSystem, parameters: &Parameters) -> Result<Vec<String>, Fault> {
    let words = |name: &'static str, value: &str| {
        let mut scopes: Vec<String> = Vec::new();
        for scope in value.split(' ').filter(|scope| !scope.is_empty()) {
            if !client.scopes.iter().any(|known| known == scope) {
                let registered = client.scopes.join(" ");
                let reason = ParameterReason::ScopeForeign { name, registered };
                return Err(Fault::new(RefusalCode::SCOPE, reason));
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.into());
            }
        }
        Ok(scopes)
    };
    words("scope_org", parameters.once_or_empty("scope_org")?)?;
    let scopes = words("scope", parameters.needed("scope")?)?;
    if scopes.is_empty() {
        return Err(Fault::new(RefusalCode::SCOPE_MISSING, ParameterReason::ScopeBlank));
    }
    Ok(scopes)
}

/// `timestamp`: written as ЕСИА writes it, and of now.
fn timestamp(text: &str, now: DateTime<Utc>, window: TimeDelta) -> Result<(), Fault> {
    let fault = |reason| Err(Fault::new(RefusalCode::TIMESTAMP, reason));
    // chrono reads more than it writes: what it would write otherwise is spelled wrong
    match DateTime::parse_from_str(text, TIMESTAMP) {
        Ok(at) if at.format(TIMESTAMP).to_string() == text => {
            let ahead = at.to_utc() - now;
            if ahead.abs() <= window {
                Ok(())
            } else {
                fault(CallerReason::TimestampFar { seconds: ahead.num_seconds() })
            }
        }
        _ => fault(CallerReason::TimestampForm),
    }
}

/// `client_certificate_hash`.
pub(super) fn certificate_hash(
    client: &ClientSystem,
    parameters: &Parameters,
) -> Result<(), Fault> {
    if parameters.needed("client_certificate_hash")? == client.certificate.hash() {
        Ok(())
    } else {
        Err(Fault::new(RefusalCode::CLIENT_SECRET, CallerReason::CertificateHash))
    }
}

/// Who calls: the certificate's dates, the request's time, and the signature over its fields.
pub(super) fn signature(
    emulator: &Emulator,
    client: &ClientSystem,
    parameters: &Parameters,
    signed: &Signed,
) -> Result<(), Fault> {
    let now = emulator.told_now();
    let (from, until) = (client.certificate.not_before(), client.certificate.not_after());
    if now < from || now > until {
        let reason = CallerReason::CertificateTime { from, until };
        return Err(Fault::new(RefusalCode::CLIENT_SECRET, reason));
    }
    let time = parameters.needed("timestamp")?;
    timestamp(time, now, emulator.settings().timestamp_window)?;
    secret::check(client, parameters, signed)
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
