//! The crate openidconnect over this crate's requests, with their bounds.

use std::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
};

use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
};
use thiserror::Error;

use crate::client::{Call, CallError, http::Http};

/// Sends what openidconnect asks for, and knows which request it is: the crate's errors do not
/// tell.
pub(super) struct Wire<'a> {
    http: &'a Http,
    calls: &'static [Call],
    sent: AtomicUsize,
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
        Self { http, calls, sent: AtomicUsize::new(0) }
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
        let request = request.try_into().map_err(|_| failed(CallError::Malformed))?;
        let answer = self.http.send(request).await.map_err(failed)?;
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
