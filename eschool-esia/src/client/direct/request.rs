//! What a request to ЕСИА is signed over.

use chrono::{DateTime, FixedOffset, Utc};
use zeroize::Zeroizing;

use crate::client::{EsiaSettings, Profile, RefreshSigning};

/// A request that is signed.
pub(super) struct SignedRequest {
    pub(super) profile: Profile,
    pub(super) call: SignedCall,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) timestamp: String,
    pub(super) state: String,
    pub(super) redirect_uri: String,
    pub(super) refresh_signing: RefreshSigning,
}

/// Which request, with what it alone has.
pub(super) enum SignedCall {
    /// The browser is sent to sign in.
    Authorize,
    /// A code is exchanged.
    Code(String),
    /// Tokens are refreshed. The token stays good where the request is refused, so it is overwritten
    /// when dropped.
    Refresh(Zeroizing<String>),
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
            refresh_signing: settings.refresh_signing,
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
                let mut parts = vec![client_id, scope, timestamp, state];
                if self.names_redirect_uri() {
                    parts.push(("redirect_uri", self.redirect_uri.as_str()));
                }
                match &self.call {
                    SignedCall::Code(code) => parts.push(("code", code)),
                    SignedCall::Refresh(token) if !self.names_redirect_uri() => {
                        parts.push(("refresh_token", token));
                    }
                    SignedCall::Authorize | SignedCall::Refresh(_) => {}
                }
                parts
            }
            Profile::Legacy => vec![scope, timestamp, client_id, state],
        }
    }

    /// Whether the request names the address to come back to; only a refresh may not.
    pub(super) fn names_redirect_uri(&self) -> bool {
        self.profile == Profile::Legacy
            || !matches!(self.call, SignedCall::Refresh(_))
            || self.refresh_signing == RefreshSigning::AsAuthorize
    }

    /// Whether the request names the certificate by its hash; in CMS the certificate itself comes
    /// along.
    pub(super) fn names_certificate(&self) -> bool {
        self.profile == Profile::V3 && self.names_redirect_uri()
    }

    /// The string whose signature is the `client_secret`; it may hold a refresh token.
    pub(super) fn message(&self) -> Zeroizing<String> {
        let parts = self.parts();
        // One that grew would leave copies behind.
        let bytes = parts.iter().map(|(_, value)| value.len()).sum();
        let mut message = Zeroizing::new(String::with_capacity(bytes));
        parts.iter().for_each(|(_, value)| message.push_str(value));
        message
    }
}

/// The `timestamp` of a request: `2025.09.02 13:00:29 +0300`.
fn timestamp(now: DateTime<Utc>, offset: FixedOffset) -> String {
    now.with_timezone(&offset).format("%Y.%m.%d %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(
        profile: Profile,
        call: SignedCall,
        refresh_signing: RefreshSigning,
    ) -> SignedRequest {
        SignedRequest {
            profile,
            call,
            client_id: "TEST".into(),
            scope: "openid fullname".into(),
            timestamp: "2026.01.01 00:00:00 +0300".into(),
            state: "uuid".into(),
            redirect_uri: "https://example.org/".into(),
            refresh_signing,
        }
    }

    #[test]
    fn what_is_signed_stands_in_the_order_of_esia() {
        let code = || SignedCall::Code("eyJ.x.y".into());
        let start = "TESTopenid fullname2026.01.01 00:00:00 +0300uuidhttps://example.org/";
        let old = "openid fullname2026.01.01 00:00:00 +0300TESTuuid";
        let refresh = || SignedCall::Refresh(Zeroizing::new("r".into()));
        let (as_authorize, with_token) = (RefreshSigning::AsAuthorize, RefreshSigning::WithToken);
        let [v3, legacy] = [Profile::V3, Profile::Legacy];
        for (profile, call, refresh_signing, expected, hash) in [
            (v3, SignedCall::Authorize, as_authorize, start, true),
            (v3, SignedCall::Authorize, with_token, start, true),
            (v3, code(), with_token, &format!("{start}eyJ.x.y"), true),
            (v3, refresh(), as_authorize, start, true),
            (v3, refresh(), with_token, "TESTopenid fullname2026.01.01 00:00:00 +0300uuidr", false),
            (legacy, SignedCall::Authorize, as_authorize, old, false),
            (legacy, code(), as_authorize, old, false),
            (legacy, refresh(), with_token, old, false),
        ] {
            let request = request(profile, call, refresh_signing);
            assert_eq!(*request.message(), expected);
            assert_eq!(request.names_certificate(), hash, "{expected}");
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
