//! A service that signs.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, Response, header, redirect::Policy};
use url::Url;
use zeroize::Zeroizing;

use super::{
    Outside, RequestSignature, SignatureForm, Signer, SignerError, SignerSettingsError,
    answer::LONGEST,
};
use crate::{certificate::Certificate, client::is_confidential, tls};

/// How long a connection is kept for the next signature.
const IDLE: Duration = Duration::from_secs(3);

/// A service that signs: the message is POSTed as it is (`application/octet-stream`), and the body
/// of the answer, whose status must be 200, is the signature as bytes, in base64 or (CMS) in PEM.
///
/// The address begins with https; with http it is for the machine itself alone. Redirects are not
/// followed and proxies not asked: both would carry the message to a stranger.
///
/// ```
/// use eschool_esia::{
///     certificate::Certificate,
///     gost::{Curve, PrivateKey},
///     signer::{BearerToken, HttpSigner, Outside, SignerSettingsError},
/// };
///
/// # let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// # let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// # let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
/// let outside = Outside::new(certificate);
/// let token = BearerToken::new("c2VjcmV0")?;
/// let url = "https://sign.example.ru/gost".parse()?;
/// let signer = HttpSigner::new(url, Some(token), None, outside.clone())?;
/// assert!(!format!("{signer:?}").contains("c2VjcmV0"));
///
/// let open = HttpSigner::new("http://sign.example.ru/".parse()?, None, None, outside);
/// assert!(matches!(open, Err(SignerSettingsError::Url)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct HttpSigner {
    client: Client,
    url: Url,
    token: Option<BearerToken>,
    outside: Outside,
}

/// What a service asks for before it signs (`Authorization: Bearer …`). `Debug` shows nothing of
/// it.
///
/// ```
/// use eschool_esia::signer::{BearerToken, SignerSettingsError};
///
/// assert_eq!(format!("{:?}", BearerToken::new("c2VjcmV0")?), "BearerToken(…)");
/// assert!(BearerToken::new("two words").is_err());
/// # Ok::<(), SignerSettingsError>(())
/// ```
#[derive(Clone)]
pub struct BearerToken(Zeroizing<String>);

impl BearerToken {
    /// The token: visible ASCII without spaces.
    ///
    /// # Errors
    /// [`SignerSettingsError::Token`] for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, SignerSettingsError> {
        let text = Zeroizing::new(text.into());
        let sound = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if sound { Ok(Self(text)) } else { Err(SignerSettingsError::Token) }
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

impl HttpSigner {
    /// The signer that asks the service at this address. `extra_roots_pem` are certificates to
    /// trust for TLS besides those of the machine.
    ///
    /// # Errors
    /// [`SignerSettingsError`] for settings under which nothing could be signed or be safe.
    pub fn new(
        url: Url,
        token: Option<BearerToken>,
        extra_roots_pem: Option<&str>,
        outside: Outside,
    ) -> Result<Self, SignerSettingsError> {
        outside.check()?;
        if !is_confidential(&url) || !url.username().is_empty() || url.password().is_some() {
            return Err(SignerSettingsError::Url);
        }
        let roots = match extra_roots_pem {
            Some(pem) => tls::roots(pem).ok_or(SignerSettingsError::ExtraRoots)?,
            None => Vec::new(),
        };
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(outside.timeout)
            // A connection kept longer may be closed at the other end just when it is used again.
            .pool_idle_timeout(IDLE)
            .no_proxy()
            .tls_certs_merge(roots)
            .build()
            .map_err(|_| SignerSettingsError::Tls)?;
        Ok(Self { client, url, token, outside })
    }

    /// What the service answers to the message.
    async fn ask(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(message.to_vec());
        if let Some(BearerToken(token)) = &self.token {
            request = request.bearer_auth(token.as_str());
        }
        let response = request.send().await.map_err(failure)?;
        match response.status().as_u16() {
            200 => read(response).await,
            status => Err(SignerError::ServiceRefused { status }),
        }
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, SignerError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(SignerError::AnswerTooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: reqwest::Error) -> SignerError {
    let timed_out = error.is_timeout();
    tracing::warn!(error = %error.without_url(), "a request to the service that signs failed");
    if timed_out { SignerError::TimedOut } else { SignerError::Unavailable }
}

#[async_trait]
impl Signer for HttpSigner {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        let answer = self.ask(message).await?;
        self.outside.judge(message, &answer)
    }

    fn form(&self) -> SignatureForm {
        self.outside.form
    }

    fn certificate(&self) -> &Certificate {
        &self.outside.certificate
    }
}

/// The address may hold a secret in its query.
impl fmt::Debug for HttpSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSigner")
            .field("host", &self.url.host_str())
            .field("outside", &self.outside)
            .finish_non_exhaustive()
    }
}
