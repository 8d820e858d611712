//! What a request to ЕСИА is signed over.

use chrono::{DateTime, FixedOffset, Utc};

use crate::client::{EsiaSettings, Profile};

/// A request that is signed.
pub(super) struct SignedRequest {
    pub(super) profile: Profile,
    pub(super) call: SignedCall,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) timestamp: String,
    pub(super) state: String,
    pub(super) redirect_uri: String,
}

/// Which request, with what it alone has.
pub(super) enum SignedCall {
    /// The browser is sent to sign in.
    Authorize,
    /// A code is exchanged.
    Code(String),
}

impl SignedRequest {
    pub(super) fn new(
        settings: &EsiaSettings,
        call: SignedCall,
        state: String,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            profile: settings.profile,
            call,
            client_id: settings.client_id.clone(),
            scope: settings.scope(),
            timestamp: timestamp(now, settings.utc_offset),
            state,
            redirect_uri: settings.redirect_uri.as_str().to_owned(),
        }
    }

    /// The values that are signed, in this order and without separators.
    ///
    /// `scope_org`, which the interface v2/v3 has after `scope`, is for organisations; a diary asks
    /// for people alone, so it is always the empty string.
    pub(super) fn parts(&self) -> Vec<(&'static str, &str)> {
        let client_id = ("client_id", self.client_id.as_str());
        let scope = ("scope", self.scope.as_str());
        let timestamp = ("timestamp", self.timestamp.as_str());
        let state = ("state", self.state.as_str());
        match self.profile {
            Profile::V3 => {
                let redirect_uri = ("redirect_uri", self.redirect_uri.as_str());
                let mut parts = vec![client_id, scope, timestamp, state, redirect_uri];
                if let SignedCall::Code(code) = &self.call {
                    parts.push(("code", code));
                }
                parts
            }
            Profile::Legacy => vec![scope, timestamp, client_id, state],
        }
    }

    /// The string whose signature is the `client_secret`.
    pub(super) fn message(&self) -> String {
        self.parts().iter().map(|(_, value)| *value).collect()
    }
}

/// The `timestamp` of a request: `2025.09.02 13:00:29 +0300`.
fn timestamp(now: DateTime<Utc>, offset: FixedOffset) -> String {
    now.with_timezone(&offset).format("%Y.%m.%d %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(profile: Profile, call: SignedCall) -> SignedRequest {
        SignedRequest {
            profile,
            call,
            client_id: "TEST".into(),
            scope: "openid fullname".into(),
            timestamp: "2026.01.01 00:00:00 +0300".into(),
            state: "uuid".into(),
            redirect_uri: "https://example.org/".into(),
        }
    }

    #[test]
    fn what_is_signed_stands_in_the_order_of_esia() {
        let code = || SignedCall::Code("eyJ.x.y".into());
        let start = "TESTopenid fullname2026.01.01 00:00:00 +0300uuidhttps://example.org/";
        let old = "openid fullname2026.01.01 00:00:00 +0300TESTuuid";
        for (profile, call, expected) in [
            (Profile::V3, SignedCall::Authorize, start),
            (Profile::V3, code(), &format!("{start}eyJ.x.y")),
            (Profile::Legacy, SignedCall::Authorize, old),
            (Profile::Legacy, code(), old),
        ] {
            assert_eq!(request(profile, call).message(), expected);
        }
    }

    #[test]
    fn a_timestamp_tells_the_time_of_its_place() {
        let now = "2025-09-02T10:00:29.9Z".parse().unwrap();
        for (offset, expected) in [
            ("+03:00", "2025.09.02 13:00:29 +0300"),
            ("+12:00", "2025.09.02 22:00:29 +1200"),
            ("-00:30", "2025.09.02 09:30:29 -0030"),
            ("+00:00", "2025.09.02 10:00:29 +0000"),
        ] {
            assert_eq!(timestamp(now, offset.parse().unwrap()), expected);
        }
    }
}
