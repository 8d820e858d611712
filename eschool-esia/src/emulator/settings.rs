//! What an emulator is made of.

use std::fmt;

use chrono::TimeDelta;
use url::Url;

use super::{TestPerson, TokenKeyPair};
use crate::{ambient::Ambient, gost::Certificate};

/// What an emulator is made of.
///
/// [`new`](Self::new) takes what has no default and sets the rest; see [`Emulator`](super::Emulator)
/// for a whole example.
///
/// ```
/// use eschool_esia::{ambient::Ambient, emulator::{EmulatorSettings, TokenKeyPair}};
///
/// let key = TokenKeyPair::generate()?;
/// let mut settings = EmulatorSettings::new(Vec::new(), Vec::new(), key, Ambient::system());
/// assert_eq!(settings.issuer, EmulatorSettings::DEFAULT_ISSUER);
/// settings.timestamp_window = chrono::TimeDelta::minutes(1);
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
pub struct EmulatorSettings {
    /// Who can sign in, in the order in which the page lists them.
    pub people: Vec<TestPerson>,
    /// The information systems (*информационные системы*) that may ask.
    pub clients: Vec<ClientSystem>,
    /// What tokens say in `iss`, which clients compare byte for byte. By default
    /// [`DEFAULT_ISSUER`](Self::DEFAULT_ISSUER).
    pub issuer: String,
    /// What tokens are signed by.
    pub token_key: TokenKeyPair,
    /// Time and randomness.
    pub ambient: Ambient,
    /// How long things are good for.
    pub lifetimes: Lifetimes,
    /// How far a request's `timestamp` may be from the emulator's clock, either way. Five minutes by
    /// default: ЕСИА refuses a wrong clock (ESIA-007015), but its window is not known.
    pub timestamp_window: TimeDelta,
}

impl EmulatorSettings {
    /// The issuer of ЕСИА's test stand: `http`, with the slash.
    pub const DEFAULT_ISSUER: &'static str = "http://esia-portal1.test.gosuslugi.ru/";

    /// These people, systems, key and clock, and the defaults.
    #[must_use]
    pub fn new(
        people: Vec<TestPerson>,
        clients: Vec<ClientSystem>,
        token_key: TokenKeyPair,
        ambient: Ambient,
    ) -> Self {
        Self {
            people,
            clients,
            issuer: Self::DEFAULT_ISSUER.into(),
            token_key,
            ambient,
            lifetimes: Lifetimes::default(),
            timestamp_window: TimeDelta::minutes(5),
        }
    }
}

impl fmt::Debug for EmulatorSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorSettings")
            .field("people", &self.people.len())
            .field("clients", &self.clients)
            .field("issuer", &self.issuer)
            .field("lifetimes", &self.lifetimes)
            .field("timestamp_window", &self.timestamp_window)
            .finish_non_exhaustive()
    }
}

/// How long things are good for. The defaults are ЕСИА's where they are known.
///
/// ```
/// use eschool_esia::emulator::Lifetimes;
///
/// assert_eq!(Lifetimes::default().code.num_seconds(), 240);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// The authorization code (*авторизационный код*): 240 s.
    pub code: TimeDelta,
    /// The access token (*маркер доступа*): 3600 s.
    pub access_token: TimeDelta,
    /// The id token (*маркер идентификации*): 10 800 s.
    pub id_token: TimeDelta,
    /// How long a request waits for somebody to choose who they are: ten minutes, the emulator's own
    /// choice.
    pub waiting: TimeDelta,
    /// How long somebody stays signed in at the emulator: three hours, the emulator's own choice.
    pub session: TimeDelta,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code: TimeDelta::seconds(240),
            access_token: TimeDelta::seconds(3600),
            id_token: TimeDelta::seconds(10_800),
            waiting: TimeDelta::minutes(10),
            session: TimeDelta::hours(3),
        }
    }
}

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
    /// The certificate its requests are signed with.
    pub certificate: Certificate,
    /// Where people may be sent back to: the host of `redirect_uri` and `redirect_url`, either
    /// alone (`localhost`: any port) or with a port (`127.0.0.1:8080`).
    pub redirect_hosts: Vec<String>,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
}

impl ClientSystem {
    /// A system that may ask for [`DEFAULT_SCOPES`](Self::DEFAULT_SCOPES).
    #[must_use]
    pub fn new<H: Into<String>>(
        mnemonic: &str,
        certificate: Certificate,
        redirect_hosts: impl IntoIterator<Item = H>,
    ) -> Self {
        Self {
            mnemonic: mnemonic.into(),
            certificate,
            redirect_hosts: redirect_hosts.into_iter().map(Into::into).collect(),
            scopes: Self::DEFAULT_SCOPES.map(Into::into).into(),
        }
    }

    /// The scopes the emulator has an answer for.
    pub const DEFAULT_SCOPES: [&str; 8] =
        ["openid", "fullname", "birthdate", "gender", "snils", "mobile", "email", "contacts"];

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
