//! Requests from server to server: no redirects, no endless answers, every failure told apart.

use std::{error::Error as _, time::Duration};

use openidconnect::http::StatusCode;
use reqwest::{Client, ClientBuilder, Request, Response, header, redirect::Policy};
use url::Url;

use super::{CallError, SettingsError, endpoints::is_confidential};
use crate::tls;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// How long a connection is kept for the next request of the same sign-in. One kept longer may be
/// closed at the other end just when a code is sent, which could not be sent again.
const IDLE: Duration = Duration::from_secs(3);

/// How requests go out.
pub(super) struct Net<'a> {
    /// For one request, its answer included.
    pub(super) timeout: Duration,
    /// Certificates to trust besides those of the machine.
    pub(super) extra_roots_pem: Option<&'a str>,
    pub(super) use_system_proxy: bool,
}

/// Sends requests to ЕСИА or to a gateway.
pub(super) struct Http {
    direct: Client,
    /// Through the machine's proxy, if the settings say so.
    proxied: Option<Client>,
}

/// An answer that is whole and no redirect.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `Content-Type`.
    pub(super) kind: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Http {
    pub(super) fn new(net: &Net<'_>) -> Result<Self, SettingsError> {
        let roots = match net.extra_roots_pem {
            Some(pem) => tls::roots(pem).ok_or(SettingsError::ExtraRoots)?,
            None => Vec::new(),
        };
        let builder = || {
            Client::builder()
                .redirect(Policy::none())
                .timeout(net.timeout)
                .pool_idle_timeout(IDLE)
                .tls_certs_merge(roots.clone())
        };
        let build = |builder: ClientBuilder| builder.build().map_err(|_| SettingsError::Tls);
        let direct = build(builder().no_proxy())?;
        let proxied = net.use_system_proxy.then(|| build(builder())).transpose()?;
        Ok(Self { direct, proxied })
    }

    /// The client for an address: plain http is for the machine itself, where no proxy leads.
    fn client(&self, url: &Url) -> &Client {
        self.proxied.as_ref().filter(|_| url.scheme() == "https").unwrap_or(&self.direct)
    }

    /// Asks an address for nothing but the `Date` of its answer.
    pub(super) async fn ask_date(&self, url: Url, dated: impl FnOnce(&str)) {
        if let Ok(request) = self.client(&url).head(url).build() {
            let _ = self.send_dated(request, dated).await;
        }
    }

    /// Asks for data with an access token.
    pub(super) async fn get(&self, url: Url, access_token: &str) -> Result<Answer, CallError> {
        let request = self
            .client(&url)
            .get(url)
            .header(header::ACCEPT, "application/json")
            .bearer_auth(access_token)
            .build();
        self.send(request.map_err(failure)?).await
    }

    /// Sends a request and reads the whole answer. What the other side names as an address is no
    /// reason to send anything unencrypted.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, CallError> {
        self.send_dated(request, |_| ()).await
    }

    /// The same, telling the `Date` of the answer, whatever else is wrong with it.
    pub(super) async fn send_dated(
        &self,
        request: Request,
        dated: impl FnOnce(&str),
    ) -> Result<Answer, CallError> {
        let response = self.response(request, dated).await?;
        match failed(&response) {
            Some(error) => Err(error),
            None => whole(response).await,
        }
    }

    /// The same, where the answer of a server that failed is read too: ЕСИА may say in it why.
    pub(super) async fn send_explained(
        &self,
        request: Request,
        dated: impl FnOnce(&str),
    ) -> Result<Answer, CallError> {
        let response = self.response(request, dated).await?;
        let failed = failed(&response);
        whole(response).await.map_err(|error| failed.unwrap_or(error))
    }

    /// The head of the answer.
    async fn response(
        &self,
        request: Request,
        dated: impl FnOnce(&str),
    ) -> Result<Response, CallError> {
        if !is_confidential(request.url()) {
            return Err(CallError::Unencrypted);
        }
        let client = self.client(request.url());
        let response = client.execute(request).await.map_err(failure)?;
        let date = response.headers().get(header::DATE);
        if let Some(date) = date.and_then(|date| date.to_str().ok()) {
            dated(date);
        }
        if response.status().is_redirection() {
            return Err(CallError::Redirected);
        }
        Ok(response)
    }
}

/// What an answer of a server that failed is.
fn failed(response: &Response) -> Option<CallError> {
    let status = response.status();
    status.is_server_error().then_some(CallError::ServerFailed { status: status.as_u16() })
}

/// The answer with its body, which is no page.
async fn whole(response: Response) -> Result<Answer, CallError> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).map(String::from);
    let called_html =
        kind.as_ref().is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    let body = read(response).await?;
    // A refusal of a token counts as one whatever page explains it.
    let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if !refused && (called_html || body.trim_ascii_start().starts_with(b"<")) {
        return Err(CallError::Html);
    }
    Ok(Answer { status, kind, body })
}

async fn read(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(CallError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a failure of the connection is. Its causes go to the log without the address, which can
/// hold the number of a person.
fn failure(error: reqwest::Error) -> CallError {
    let told = if error.is_timeout() {
        CallError::TimedOut
    } else if error.is_builder() {
        CallError::Malformed
    } else if error.is_connect() {
        CallError::Unreachable
    } else {
        CallError::Interrupted
    };
    let error = error.without_url();
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::warn!(causes, "a request to ЕСИА or its gateway failed");
    told
}
