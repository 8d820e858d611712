//! The way from the browser back to an app.

use axum::response::{IntoResponse as _, Redirect, Response};
use url::{Url, form_urlencoded};

use crate::web::App;

/// An app that is told why it gets no code (RFC 6749, 4.1.2.1).
pub(super) struct Refused {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) error: &'static str,
    pub(super) why: String,
}

impl Refused {
    pub(super) fn lead(&self, app: &App) -> Response {
        let told = [("error", self.error), ("error_description", &self.why)];
        lead(app, &self.redirect_uri, self.state.as_deref(), &told)
    }
}

/// Leads to a registered address with these parameters, the `state` as it came, and who we are
/// (RFC 9207).
pub(super) fn lead(
    app: &App,
    redirect_uri: &str,
    state: Option<&str>,
    parameters: &[(&str, &str)],
) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", &app.esia().issuer());
    let between = if redirect_uri.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{redirect_uri}{between}{}", query.finish())).into_response()
}

/// How the policy of a page tells that its form leads to this address: browsers hold against it where
/// the answer to a form leads, too.
pub(super) fn target(redirect_uri: &str) -> Option<String> {
    let url: Url = redirect_uri.parse().ok()?;
    Some(match (url.scheme(), url.host()) {
        // No policy can name an address of IPv6.
        ("http", Some(url::Host::Ipv6(_))) => "http:".into(),
        ("http" | "https", _) => url.origin().ascii_serialization(),
        (scheme, _) => format!("{scheme}:"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_lead_to_the_app_and_nowhere_else() {
        for (address, told) in [
            ("http://127.0.0.1:4100/callback", "http://127.0.0.1:4100"),
            ("http://[::1]:4100/callback", "http:"),
            ("https://app.example.org/back?a=1", "https://app.example.org"),
            ("org.example.app:/back", "org.example.app:"),
        ] {
            assert_eq!(target(address).as_deref(), Some(told));
        }
    }
}
