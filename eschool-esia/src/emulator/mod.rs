//! A strict ЕСИА of one's own: profile v2/v3, with invented people.
//!
//! Whoever builds a sign-in through ЕСИА has nothing to try it against until the state has
//! registered their system. The emulator stands in: it checks what ЕСИА checks, answers with
//! ЕСИА's codes, and issues tokens of ЕСИА's own, non-standard shape. It runs inside a test
//! ([`Emulator::router`]) or as the program `esia-emulator`.
//!
//! | endpoint | what it does |
//! |---|---|
//! | `GET /aas/oauth2/v2/ac` | checks a request for a sign-in, then shows the people or goes on as whoever is signed in |
//! | `POST /aas/oauth2/v3/te` | gives tokens for a code |
//! | `GET /rs/prns/{oid}`, `/rs/prns/{oid}/ctts` | personal data and contacts within the token's scope |
//! | `GET /idp/ext/Logout` | signs out of the emulator |
//! | `GET /` | who is signed in, for people |
//!
//! # Where the sources are silent
//!
//! * A client that is not registered is answered ESIA-007002: no certificate goes with its
//!   mnemonic. An absent scope is ESIA-007013, any other absent parameter ESIA-007014.
//! * `timestamp` may be five minutes off ([`EmulatorSettings::timestamp_window`]); ЕСИА's own window
//!   is not known.
//! * The same signed request may come to authorize twice, as when a page is loaded again: what
//!   protects is that a code is good once.
//! * The token request asks for the scope of authorize, else ESIA-007006.
//! * A token request that is refused leaves the code as it was; a code that has given tokens and
//!   comes again revokes them.
//! * `access_type=offline` is taken and no `refresh_token` given: refreshing is not emulated.
//! * PKCE is checked where a client asks for it, with `S256` alone.
//! * The scope `contacts` opens every contact, `mobile` and `email` one kind each. A scope that a
//!   client is allowed beyond [`ClientSystem::DEFAULT_SCOPES`] is granted and opens nothing.
//!
//! What is kept – requests that wait for a person, sessions, codes, tokens – is kept in memory,
//! bounded in number and time.
//!
//! # What a developer is told
//!
//! Answers say no more than ЕСИА's do. The log (`tracing`) names the check that failed; where
//! `client_secret` is refused also the exact string it must sign, its length, its Streebog-256, and
//! whether it would fit with its bytes in another order.

mod authorize;
mod beside;
mod book;
mod check;
mod exchange;
mod fault;
mod jwt;
mod keys;
mod memory;
mod parameters;
mod people;
mod secret;
mod settings;
mod token_key;
mod tokens;
mod web;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use book::{CellError, PeopleError, SAMPLE_PEOPLE, read_people};
use chrono::{DateTime, Utc};
pub use keys::{EmulatorKeys, KeysError};
use memory::Memory;
pub use people::{TestAccount, TestPerson};
pub use settings::{ClientSystem, EmulatorSettings, Lifetimes};
pub use token_key::{TokenKeyError, TokenKeyPair};

/// A running ЕСИА of one's own; cheap to clone, and every clone is the same one.
///
/// ```
/// use chrono::TimeDelta;
/// use eschool_esia::{
///     ambient::Ambient,
///     emulator::{
///         ClientSystem, Emulator, EmulatorSettings, SAMPLE_PEOPLE, TokenKeyPair, read_people,
///     },
///     gost::{Certificate, Curve, PrivateKey},
/// };
///
/// let ambient = Ambient::system();
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let (from, until) = (ambient.now(), ambient.now() + TimeDelta::days(30));
/// let certificate = Certificate::self_signed(&key, "TEST", ambient.random(), from, until)?;
///
/// let client = ClientSystem::new("TEST", certificate, ["127.0.0.1"]);
/// let emulator = Emulator::new(EmulatorSettings::new(
///     read_people(SAMPLE_PEOPLE)?,
///     vec![client],
///     TokenKeyPair::generate()?,
///     ambient,
/// ));
/// let router: axum::Router = emulator.router(); // for axum::serve
/// assert!(emulator.token_public_key_pem().contains("PUBLIC KEY"));
/// # drop(router);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Emulator(Arc<Shared>);

struct Shared {
    settings: EmulatorSettings,
    memory: Mutex<Memory>,
    started: DateTime<Utc>,
}

impl Emulator {
    /// An emulator that nobody is signed in to.
    #[must_use]
    pub fn new(settings: EmulatorSettings) -> Self {
        let memory = Mutex::new(Memory::new(&settings.lifetimes));
        let started = settings.ambient.now();
        Self(Arc::new(Shared { settings, memory, started }))
    }

    /// Every endpoint, to be served at the root of an address. It is plain HTTP and lets anybody be
    /// anybody: keep it on loopback.
    pub fn router(&self) -> axum::Router {
        web::router(self.clone())
    }

    /// The RSA key that tokens are verified by: PEM, `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn token_public_key_pem(&self) -> String {
        self.settings().token_key.public_key_pem().into()
    }

    fn settings(&self) -> &EmulatorSettings {
        &self.0.settings
    }

    fn now(&self) -> DateTime<Utc> {
        self.settings().ambient.now()
    }

    /// When the book was opened: what the emulator says of a person is as old as that.
    fn started(&self) -> DateTime<Utc> {
        self.0.started
    }

    fn client(&self, mnemonic: &str) -> Option<&ClientSystem> {
        self.settings().clients.iter().find(|client| client.mnemonic == mnemonic)
    }

    fn person(&self, oid: u64) -> Option<&TestPerson> {
        self.settings().people.iter().find(|person| person.oid == oid)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // nothing panics between two changes that belong together
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name that nobody can guess: 128 random bits in hex.
    fn random_name(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.settings().ambient.random()))
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("settings", self.settings()).finish_non_exhaustive()
    }
}
