//! The crate openidconnect over this crate's requests, with their bounds.

use std::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
};

use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{HeaderValue, Method, StatusCode, header::CONTENT_TYPE},
};
use reqwest::Request;
use thiserror::Error;
use url::Url;

use super::provider::may_lead;
use crate::client::{Call, CallError, http::Http};

/// Sends what openidconnect asks for, and knows which request it is: the crate's errors do not
/// tell.
pub(super) struct Wire<'a> {
    http: &'a Http,
    calls: &'static [Call],
    sent: AtomicUsize,
    issuer: Option<&'a Url>,
}

/// A request that failed.
#[derive(Clone, Copy, Debug, Error)]
#[error("{call}: {error}")]
pub(super) struct Failed {
    pub(super) call: Call,
    pub(super) error: CallError,
}

impl<'a> Wire<'a> {
    /// For these requests, one after the other.
    pub(super) const fn new(http: &'a Http, calls: &'static [Call]) -> Self {
        Self { http, calls, sent: AtomicUsize::new(0), issuer: None }
    }

    /// The same where the gateway of this issuer says whither, before anybody has looked at what it
    /// says.
    pub(super) const fn led_by(self, issuer: &'a Url) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// The request that was sent last.
    pub(super) fn call(&self) -> Call {
        let last = self.sent.load(Ordering::Relaxed).saturating_sub(1);
        self.calls.get(last).copied().unwrap_or(Call::Discovery)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let call = self.call();
        let failed = |error| Failed { call, error };
        let request: Request = request.try_into().map_err(|_| failed(CallError::Malformed))?;
        if self.issuer.is_some_and(|issuer| !may_lead(issuer, request.url())) {
            return Err(failed(CallError::Foreign));
        }
        // A connection that fails is tried again where asking changes nothing.
        let again = if request.method() == Method::GET { request.try_clone() } else { None };
        let answer = match (self.http.send(request).await, again) {
            (Err(error), Some(again)) if error.is_transient() => self.http.send(again).await,
            (answer, _) => answer,
        };
        let answer = answer.map_err(failed)?;
        match answer.status {
            StatusCode::OK if answer.body.trim_ascii().is_empty() => {
                return Err(failed(CallError::Empty));
            }
            StatusCode::OK => {}
            // The refusal of a code is JSON that says why; 404 is that there is no such endpoint.
            status if call == Call::Token && status != StatusCode::NOT_FOUND => {}
            StatusCode::UNAUTHORIZED => return Err(failed(CallError::Unauthorized)),
            StatusCode::FORBIDDEN => return Err(failed(CallError::Forbidden)),
            status => {
                return Err(failed(CallError::UnexpectedStatus { status: status.as_u16() }));
            }
        }
        let mut response = HttpResponse::new(answer.body);
        *response.status_mut() = answer.status;
        if let Some(kind) = answer.kind.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
            response.headers_mut().insert(CONTENT_TYPE, kind);
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::client::http::Net;

    #[tokio::test]
    async fn a_gateway_elsewhere_leads_nowhere_on_this_machine() {
        let timeout = Duration::from_secs(5);
        let net = Net { timeout, extra_roots_pem: None, use_system_proxy: false };
        let http = Http::new(&net).unwrap();
        // Nobody listens at port 9.
        for (issuer, keys, expected) in [
            ("https://gateway.example", "http://127.0.0.1:9/jwks", CallError::Foreign),
            ("https://gateway.example", "https://127.0.0.1:9/jwks", CallError::Foreign),
            ("https://gateway.example", "https://localhost:9/jwks", CallError::Foreign),
            ("https://127.0.0.1", "https://127.0.0.1:9/jwks", CallError::Unreachable),
            ("http://127.0.0.1", "http://127.0.0.1:9/jwks", CallError::Unreachable),
        ] {
            let mut request = HttpRequest::new(Vec::new());
            *request.uri_mut() = keys.parse().unwrap();
            let issuer = issuer.parse().unwrap();
            let wire = Wire::new(&http, &[Call::Keys]).led_by(&issuer);
            assert_eq!(wire.send(request).await.unwrap_err().error, expected, "{issuer}: {keys}");
        }
    }
}
