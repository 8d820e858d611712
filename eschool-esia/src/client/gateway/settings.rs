//! What the operator sets for a gateway.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::claims::GatewayClaims;
use crate::client::{
    ChildFields, SettingsError,
    endpoints::is_confidential,
    http::Net,
    limits::{self, Limits},
    settings::{check_client, check_redirect, check_scopes},
};

/// How this system signs people in through a gateway (*шлюз*) that stands between it and ЕСИА and
/// speaks standard OpenID Connect: discovery, JWKS, PKCE, a nonce and a client secret.
///
/// Everything but these few things is read from the gateway's own discovery document, at the first
/// sign-in.
///
/// ```
/// use eschool_esia::client::{ClientAuth, GatewaySettings};
///
/// let settings: GatewaySettings = serde_json::from_str(
///     r#"{"issuer": "https://gateway.example.ru/realms/school",
///         "clientId": "diary", "clientSecret": "from the gateway's office",
///         "redirectUri": "https://school.example.ru/esia",
///         "claims": {"snils": "esia_snils"}}"#,
/// )?;
/// assert_eq!(settings.client_auth, ClientAuth::Basic);
/// assert_eq!(settings.claims.snils, "esia_snils");
/// assert_eq!(settings.claims.family, "family_name");
/// assert!(!format!("{settings:?}").contains("office"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GatewaySettings {
    /// How the gateway names itself, byte for byte; its discovery document lies below, at
    /// `.well-known/openid-configuration`. Begins with https (http on the machine itself).
    pub issuer: String,
    /// The name under which the system is registered at the gateway.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: ClientSecret,
    /// How the secret is sent, `basic` or `post`.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// Where the gateway sends the browser back to. Begins with https (http on the machine itself)
    /// and holds neither a user nor a fragment.
    pub redirect_uri: Url,
    /// What is asked for; `openid` must be among it. Which scope brings a СНИЛС is the gateway's
    /// own.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// How the gateway signs id_tokens. One algorithm: what a token says of itself decides nothing.
    #[serde(default)]
    pub id_token_algorithm: GatewayAlgorithm,
    /// Under which names the gateway tells what.
    #[serde(default)]
    pub claims: GatewayClaims,
    /// Under which names the fields of a child come within the claim `children`.
    #[serde(default)]
    pub child_fields: ChildFields,
    /// How far the clocks may be apart, in seconds, at most 300.
    #[serde(default = "limits::clock_skew_seconds")]
    pub clock_skew_seconds: u32,
    /// How long one request may take, in seconds, 1 to 60.
    #[serde(default = "limits::timeout_seconds")]
    pub timeout_seconds: u32,
    /// How long all requests of one sign-in may take together, in seconds, 1 to 120.
    #[serde(default = "limits::deadline_seconds")]
    pub deadline_seconds: u32,
    /// How long a person may stay at the gateway, in minutes, 1 to 60.
    #[serde(default = "limits::attempt_minutes")]
    pub attempt_minutes: u32,
    /// How many sign-ins may be under way at once, 1 to 1024, as in
    /// [`EsiaSettings`](crate::client::EsiaSettings::max_under_way).
    #[serde(default = "limits::max_under_way")]
    pub max_under_way: u16,
    /// Certificates (PEM) to trust for TLS besides those of the machine.
    #[serde(default)]
    pub extra_roots_pem: Option<String>,
    /// Whether requests over https go through the proxy that the machine is set to.
    #[serde(default)]
    pub use_system_proxy: bool,
}

/// The scopes of OpenID Connect Core §5.4 that bring the standard claims.
fn scopes() -> Vec<String> {
    ["openid", "profile", "email", "phone"].map(String::from).into()
}

/// How a client proves to a gateway who it is (OpenID Connect Core §9).
///
/// ```
/// use eschool_esia::client::ClientAuth;
///
/// assert_eq!(serde_json::from_str::<ClientAuth>(r#""post""#)?, ClientAuth::Post);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// `client_secret_basic`: in the header.
    #[default]
    Basic,
    /// `client_secret_post`: in the form.
    Post,
}

/// How a gateway signs id_tokens (RFC 7518). Neither `none` nor an HMAC can be chosen.
///
/// ```
/// use eschool_esia::client::GatewayAlgorithm;
///
/// assert_eq!(serde_json::from_str::<GatewayAlgorithm>(r#""ES256""#)?, GatewayAlgorithm::Es256);
/// assert!(serde_json::from_str::<GatewayAlgorithm>(r#""HS256""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum GatewayAlgorithm {
    /// RSA, PKCS #1 v1.5, SHA-256: what OpenID Connect takes where nothing else was agreed on.
    #[default]
    Rs256,
    /// RSA-PSS, SHA-256.
    Ps256,
    /// ECDSA on P-256, SHA-256.
    Es256,
}

/// A secret that a gateway gave; neither `Debug` nor the log shows it.
///
/// ```
/// use eschool_esia::client::ClientSecret;
///
/// assert_eq!(format!("{:?}", ClientSecret::new("7Q4K2M")), "ClientSecret(***)");
/// ```
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret, as it is.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(***)")
    }
}

impl GatewaySettings {
    /// Settings with the defaults of every field that has one.
    #[must_use]
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: ClientSecret,
        redirect_uri: Url,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret,
            client_auth: ClientAuth::default(),
            redirect_uri,
            scopes: scopes(),
            id_token_algorithm: GatewayAlgorithm::default(),
            claims: GatewayClaims::default(),
            child_fields: ChildFields::default(),
            clock_skew_seconds: limits::clock_skew_seconds(),
            timeout_seconds: limits::timeout_seconds(),
            deadline_seconds: limits::deadline_seconds(),
            attempt_minutes: limits::attempt_minutes(),
            max_under_way: limits::max_under_way(),
            extra_roots_pem: None,
            use_system_proxy: false,
        }
    }

    /// Refuses settings under which no sign-in could work or be safe.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let issuer = Url::parse(&self.issuer).ok();
        let sound =
            |url: &Url| is_confidential(url) && url.query().is_none() && url.fragment().is_none();
        if !issuer.is_some_and(|url| sound(&url)) {
            return Err(SettingsError::GatewayIssuer);
        }
        check_client(&self.client_id)?;
        if self.client_secret.0.is_empty() {
            return Err(SettingsError::ClientSecret);
        }
        check_redirect(&self.redirect_uri)?;
        check_scopes(&self.scopes)?;
        self.claims.check()?;
        self.child_fields.check()?;
        self.limits().check()
    }

    pub(in crate::client) const fn limits(&self) -> Limits {
        Limits {
            clock_skew_seconds: self.clock_skew_seconds,
            timeout_seconds: self.timeout_seconds,
            deadline_seconds: self.deadline_seconds,
            attempt_minutes: self.attempt_minutes,
            data_retries: 0,
            max_under_way: self.max_under_way,
        }
    }

    pub(super) fn net(&self) -> Net<'_> {
        Net {
            timeout: self.limits().timeout(),
            extra_roots_pem: self.extra_roots_pem.as_deref(),
            use_system_proxy: self.use_system_proxy,
        }
    }
}
