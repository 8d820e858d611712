//! The information systems that may ask the emulator who somebody is.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

use crate::gost::Certificate;

/// An information system that is registered at the emulator.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use eschool_esia::{emulator::ClientSystem, gost::{Certificate, Curve, PrivateKey}};
///
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let from: DateTime<Utc> = "2024-09-01T00:00:00Z".parse()?;
/// let until: DateTime<Utc> = "2025-09-01T00:00:00Z".parse()?;
/// let certificate = Certificate::self_signed(&key, "TEST", [1; 16], from, until)?;
///
/// let client = ClientSystem::new("TEST", certificate, ["localhost", "127.0.0.1:8080"]);
/// assert!(client.scopes.iter().any(|scope| scope == "openid"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ClientSystem {
    /// The mnemonic (*мнемоника*): `client_id`.
    pub mnemonic: String,
    /// The certificate its requests are signed with: ГОСТ Р 34.10-2012 with 256 bits, and for the
    /// interface [`Legacy`](Interface::Legacy) RSA too.
    pub certificate: Certificate,
    /// Where people may be sent back to: the host of `redirect_uri` and `redirect_url`, either
    /// alone (`localhost`: any port) or with a port (`127.0.0.1:8080`).
    pub redirect_hosts: Vec<String>,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// The interfaces it may use; by default every one its certificate's key can sign at. At another
    /// it is answered ESIA-007005.
    pub interfaces: Vec<Interface>,
    /// Whether it must prove by PKCE who began; by default it may.
    pub pkce: PkceRule,
    /// What its tokens are signed by; by default `RS256`.
    pub token_algorithm: TokenAlgorithm,
    /// Whether it may ask for `access_type=offline`, which brings a `refresh_token`; by default it
    /// may. Else it is answered ESIA-007019.
    pub offline: bool,
    /// How it signs when it refreshes; by default either way is taken.
    pub refresh_form: RefreshForm,
    /// Whether it may have a token for itself (`grant_type=client_credentials`); by default not, and
    /// it is answered ESIA-007005.
    pub client_credentials: bool,
    /// Whether only people with a confirmed account may sign in; others are answered ESIA-007055. By
    /// default all may.
    pub confirmed_only: bool,
    /// Whether people must sign in with two factors; who has one is answered ESIA-007046. By default
    /// one is enough.
    pub second_factor: bool,
    /// Whether it was shut out: it is answered ESIA-008010. By default not.
    pub closed: bool,
}

/// One of ЕСИА's two interfaces for sign-in.
///
/// ```
/// use eschool_esia::emulator::Interface;
///
/// assert_eq!(Interface::ALL.map(Interface::name), ["v3", "legacy"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interface {
    /// `v2/ac` and `v3/te`: today's. Requests carry a raw ГОСТ signature and the certificate's hash.
    V3,
    /// `ac` and `te`: the old one. Requests carry a detached CMS signature.
    Legacy,
}

impl Interface {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V3, Self::Legacy];

    /// As a book writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::Legacy => "legacy",
        }
    }
}

/// Whether a system must use PKCE.
///
/// ```
/// use eschool_esia::emulator::PkceRule;
///
/// assert_eq!(PkceRule::default(), PkceRule::Optional);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkceRule {
    /// Checked where it comes.
    #[default]
    Optional,
    /// A request without `code_challenge` is answered ESIA-007039.
    Required,
}

/// What tokens are signed by, as chosen when a system is registered at ЕСИА.
///
/// ```
/// use eschool_esia::emulator::TokenAlgorithm;
///
/// assert_eq!(TokenAlgorithm::Gost.name(), "GOST3410_2012_256");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum TokenAlgorithm {
    /// RSA with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ГОСТ Р 34.10-2012 with 256 bits; the signature is s ‖ r, both big-endian.
    #[serde(rename = "GOST3410_2012_256")]
    Gost,
}

impl TokenAlgorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Gost];

    /// As tokens say it in `alg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Gost => "GOST3410_2012_256",
        }
    }
}

/// What a system signs when it refreshes at `v3/te`. The open implementations conflict.
///
/// ```
/// use eschool_esia::emulator::RefreshForm;
///
/// assert_eq!(RefreshForm::default(), RefreshForm::Either);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshForm {
    /// Whichever of the two the request has: with `redirect_uri` it is the first.
    #[default]
    Either,
    /// client_id + scope + scope_org + timestamp + state + redirect_uri, as at authorize, and the
    /// certificate's hash.
    AsAuthorize,
    /// client_id + scope + timestamp + state + refresh_token; neither hash nor `redirect_uri`.
    WithToken,
}

impl ClientSystem {
    /// A system that may ask for [`DEFAULT_SCOPES`](Self::DEFAULT_SCOPES).
    #[must_use]
    pub fn new<H: Into<String>>(
        mnemonic: &str,
        certificate: Certificate,
        redirect_hosts: impl IntoIterator<Item = H>,
    ) -> Self {
        let interfaces: &[_] =
            if certificate.has_rsa_key() { &[Interface::Legacy] } else { &Interface::ALL };
        Self {
            mnemonic: mnemonic.into(),
            interfaces: interfaces.into(),
            certificate,
            redirect_hosts: redirect_hosts.into_iter().map(Into::into).collect(),
            scopes: Self::DEFAULT_SCOPES.map(Into::into).into(),
            pkce: PkceRule::default(),
            token_algorithm: TokenAlgorithm::default(),
            offline: true,
            refresh_form: RefreshForm::default(),
            client_credentials: false,
            confirmed_only: false,
            second_factor: false,
            closed: false,
        }
    }

    /// The scopes the emulator has an answer for.
    pub const DEFAULT_SCOPES: [&str; 11] = [
        "openid",
        "fullname",
        "birthdate",
        "gender",
        "snils",
        "mobile",
        "email",
        "contacts",
        "kid_fullname",
        "kid_birthdate",
        "kid_snils",
    ];

    /// Reads a host that people may be sent back to, as browsers write it, with its port if it has
    /// one; none for anything else.
    ///
    /// ```
    /// use eschool_esia::emulator::ClientSystem;
    ///
    /// assert_eq!(ClientSystem::read_host("LOCALHOST:8080").as_deref(), Some("localhost:8080"));
    /// assert_eq!(ClientSystem::read_host("http://localhost"), None);
    /// ```
    #[must_use]
    pub fn read_host(text: &str) -> Option<String> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (text, None),
        };
        let host = Host::parse(host).ok().filter(|_| !host.contains('*'))?;
        match port.map(str::parse::<u16>) {
            None => Some(host.to_string()),
            Some(Ok(port)) if port > 0 => Some(format!("{host}:{port}")),
            Some(_) => None,
        }
    }

    /// Whether people may be sent back there.
    pub(super) fn may_send_to(&self, url: &Url) -> bool {
        let known_scheme = matches!(url.scheme(), "http" | "https");
        let plain = url.username().is_empty() && url.password().is_none();
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return false;
        };
        let with_port = format!("{host}:{port}");
        let is_known = |known: &String| {
            known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&with_port)
        };
        known_scheme
            && plain
            && url.fragment().is_none()
            && self.redirect_hosts.iter().any(is_known)
    }
}

impl fmt::Debug for ClientSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSystem")
            .field("mnemonic", &self.mnemonic)
            .field("redirect_hosts", &self.redirect_hosts)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
