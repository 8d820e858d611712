//! What an emulator is made of.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::{ClientSystem, TestPerson, TokenKeyPair};
use crate::ambient::Ambient;

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
    /// What tokens are signed by: an RSA key, for clients whose tokens are `RS256`. With one of the
    /// other kind there, they are answered ESIA-007007; so it is with the next.
    pub token_key: TokenKeyPair,
    /// The same for clients whose tokens are `GOST3410_2012_256`. None: a key is made that lives as
    /// long as the emulator.
    pub gost_token_key: Option<TokenKeyPair>,
    /// Keys that take over, each from its instant on, from the keys of their algorithm before them.
    pub next_token_keys: Vec<NextTokenKey>,
    /// Whether the 64 bytes of a ГОСТ signature stand backwards in tokens, as CryptoPro's interfaces
    /// give them. By default s ‖ r, as in requests; how ЕСИА writes them no source tells.
    pub token_signature_reversed: bool,
    /// Whether `expires_in` of the answer is a text, `"3600"`. By default a number: the sources
    /// conflict.
    pub expires_in_text: bool,
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
            gost_token_key: None,
            next_token_keys: Vec::new(),
            token_signature_reversed: false,
            expires_in_text: false,
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

/// A key for tokens that takes over later.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use eschool_esia::emulator::{NextTokenKey, TokenKeyPair};
///
/// let signs_from: DateTime<Utc> = "2026-12-01T00:00:00Z".parse()?;
/// let next = NextTokenKey { key: TokenKeyPair::generate()?, signs_from };
/// # drop(next);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NextTokenKey {
    /// The key.
    pub key: TokenKeyPair,
    /// From this instant on it signs; before, it is published and signs nothing.
    pub signs_from: DateTime<Utc>,
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
    /// What an authorization with `access_type=offline` may be refreshed for, from its beginning: 30
    /// days, the emulator's own choice.
    pub offline: TimeDelta,
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
            offline: TimeDelta::days(30),
            waiting: TimeDelta::minutes(10),
            session: TimeDelta::hours(3),
        }
    }
}
