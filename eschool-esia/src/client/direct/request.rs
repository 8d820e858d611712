//! What a request to ЕСИА says and what of it is signed: profile `direct v2/v3`.

use chrono::{DateTime, FixedOffset, Utc};

/// The parameters that a request is signed over.
///
/// ЕСИА takes them in this order, without separators: client_id, scope, scope_org, timestamp,
/// state, redirect_uri, and for the exchange of a code the code. `scope_org` is for organisations;
/// a diary asks for people alone, so it is always the empty string.
pub(super) struct SignedParts<'a> {
    pub(super) client_id: &'a str,
    pub(super) scope: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) state: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code: Option<&'a str>,
}

impl SignedParts<'_> {
    /// The string whose signature is the `client_secret`.
    pub(super) fn message(&self) -> String {
        [
            self.client_id,
            self.scope,
            self.timestamp,
            self.state,
            self.redirect_uri,
            self.code.unwrap_or_default(),
        ]
        .concat()
    }
}

/// The `timestamp` of a request: `2025.09.02 13:00:29 +0300`.
pub(super) fn timestamp(now: DateTime<Utc>, offset: FixedOffset) -> String {
    now.with_timezone(&offset).format("%Y.%m.%d %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_stands_in_the_order_of_esia() {
        let parts = SignedParts {
            client_id: "TEST",
            scope: "openid fullname",
            timestamp: "2026.01.01 00:00:00 +0300",
            state: "uuid",
            redirect_uri: "https://example.org/",
            code: None,
        };
        let start = "TESTopenid fullname2026.01.01 00:00:00 +0300uuidhttps://example.org/";
        assert_eq!(parts.message(), start);
        let exchange = SignedParts { code: Some("eyJ.x.y"), ..parts };
        assert_eq!(exchange.message(), format!("{start}eyJ.x.y"));
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
