//! A strict ЕСИА of one's own, with invented people: today's interface (v2/v3) and the old one.
//!
//! Whoever builds a sign-in through ЕСИА has nothing to try it against until the state has
//! registered their system. The emulator stands in: it checks what ЕСИА checks, answers with
//! ЕСИА's codes, and issues tokens of ЕСИА's own, non-standard shape. It runs inside a test
//! ([`Emulator::router`]) or as the program `esia-emulator`.
//!
//! | endpoint | what it does |
//! |---|---|
//! | `GET /aas/oauth2/v2/ac` | checks a request for a sign-in, then shows the people or goes on as whoever is signed in |
//! | `POST /aas/oauth2/v3/te` | gives tokens for a code, for a refresh token, or for the system itself |
//! | `GET /rs/prns/{oid}`, `…/ctts`, `…/kids` | personal data, contacts and children within the token's scope |
//! | `GET /aas/oauth2/ac`, `POST /aas/oauth2/te` | the same two at the old interface, where requests are signed by CMS |
//! | `GET /idp/ext/Logout` | signs out of the emulator |
//! | `GET /` | who is signed in, for people |
//! | `GET /emulator/log`, `/emulator/log.json` | what was refused and why |
//! | `GET`, `POST`, `DELETE /emulator/faults` | faults that are injected |
//! | `GET /emulator/keys` | the public keys of the tokens |
//!
//! # Every code, and how to get it
//!
//! Any code is answered on demand, too: [`InjectedFault::Refuse`].
//!
//! | code | comes of |
//! |---|---|
//! | ESIA-007002 | a `client_id` that is not registered; at the old interface a signature with another certificate |
//! | ESIA-007003 | a parameter that stands twice or has a wrong value |
//! | ESIA-007004 | the person's «Отказаться» |
//! | ESIA-007005 | an interface that is not in the client's `interfaces`; `client_credentials` without leave |
//! | ESIA-007006 | a scope that is not registered for the client, or not that of authorize |
//! | ESIA-007007 | a broken key of the emulator, and [`InjectedFault::Refuse`] |
//! | ESIA-007008 | [`InjectedFault::Refuse`] alone |
//! | ESIA-007009 | another `response_type` than `code` |
//! | ESIA-007011 | a code or refresh token that is unknown, used, old, another client's, or comes with another `redirect_uri` |
//! | ESIA-007012 | another `grant_type` |
//! | ESIA-007013 | no `scope` |
//! | ESIA-007014 | another mandatory parameter missing |
//! | ESIA-007015 | a `timestamp` that is spelled otherwise or of another time |
//! | ESIA-007019 | `access_type=offline` of a client with `offline = false`; `person_filter` by which children alone may come, or none, and it is the other way round |
//! | ESIA-007023 | a `redirect_uri` on a host that is not registered |
//! | ESIA-007039 | `code_challenge` missing, where the client needs it or the rest of PKCE is there |
//! | ESIA-007040 | a `code_verifier` that does not fit |
//! | ESIA-007046 | a person with `second_factor = false` at a client with `second_factor = true` |
//! | ESIA-007053 | a wrong `client_secret` or `client_certificate_hash`, a certificate that is not valid now |
//! | ESIA-007055 | an account that is not confirmed, at a client with `confirmed_only = true` or by `person_filter` |
//! | ESIA-008010 | a client with `closed = true` |
//! | ESIA-036700 | a child's account with `parent_consent = false`; the other codes of its hundred by [`InjectedFault::Refuse`] |
//!
//! At `/rs` a bad token is answered 401, a scope that does not open the data 403.
//!
//! # Where the sources are silent
//!
//! * A client that is not registered is answered ESIA-007002: no certificate goes with its
//!   mnemonic. An absent scope is ESIA-007013, any other absent parameter ESIA-007014.
//! * Codes of which only the name is known (007005, 007009, 007019, 007046, 008010) are given as the
//!   table says.
//! * `timestamp` may be five minutes off ([`EmulatorSettings::timestamp_window`]); ЕСИА's own window
//!   is not known.
//! * The same signed request may come to authorize twice, as when a page is loaded again: what
//!   protects is that a code is good once.
//! * The token request asks for the scope of authorize, else ESIA-007006; so does a refresh.
//! * A token request that is refused leaves the code as it was; a code that has given tokens and
//!   comes again revokes them. Whoever is refused as a person stays signed in at the emulator.
//! * A refresh token is good once: the next comes with the new tokens. One that comes again revokes
//!   all tokens of its authorization. What is signed then is [`ClientSystem::refresh_form`].
//! * PKCE is checked where a client asks for it or must, with `S256` or `GOST3411` (base64url of the
//!   verifier's SHA-256 or Streebog-256).
//! * The scope `contacts` opens every contact, `mobile` and `email` one kind each. A scope that a
//!   client is allowed beyond [`ClientSystem::DEFAULT_SCOPES`] is granted and opens nothing.
//! * The fields of a child at `/kids` are called as those of a person.
//! * A token by `GOST3410_2012_256` is signed s ‖ r, as requests are, unless
//!   [`EmulatorSettings::token_signature_reversed`] says otherwise. `expires_in` is a number, unless
//!   [`EmulatorSettings::expires_in_text`] says otherwise.
//! * A code and a refresh token are good at the interface where they were given, else ESIA-007011.
//!
//! What is kept – requests that wait for a person, sessions, codes, tokens, refusals – is kept in
//! memory, bounded in number and time.
//!
//! # What a developer is told
//!
//! Answers say no more than ЕСИА's do. The log (`tracing`, [`Emulator::refusals`] and
//! `/emulator/log`) names the check that failed; where `client_secret` is refused also the exact
//! string it must sign, its length, its digest, and whether it would fit with its bytes in another
//! order.
//!
//! # Faults
//!
//! `POST /emulator/faults` takes a JSON object: `fault`, and where you like `endpoint` (`authorize`,
//! `token`, `person`, `contacts`, `kids`, `logout`; absent: wherever the fault can happen) and `times`
//! (for how many requests; absent: until they are taken back by `DELETE /emulator/faults`).
//!
//! | `fault` | what happens |
//! |---|---|
//! | `down` | the connection is closed without an answer |
//! | `unavailable` | 503 |
//! | `slow` | the answer comes `seconds` later |
//! | `html` | a page with `status` (500) instead of the answer |
//! | `refuse` | a right request is refused with `code`; authorize and token |
//! | `rotated_key` | tokens are signed by the next key of `GET /emulator/keys`; token |
//! | `expired_key` | tokens are signed by the expired key of `GET /emulator/keys`; token |
//! | `clock` | the clock is `seconds` off: `Date`, the tokens' times, the check of `timestamp`; not at `/login`, where people choose |
//! | `duplicated_state` | `state` stands twice in the answer, the second one wrong; authorize and token |
//! | `linked` | contacts and children come as addresses, whatever `embed` asks for |
//!
//! `/emulator/…` answers this machine alone: the `Host` must be a name of it, and so must be the
//! caller's address where the server tells it (`ConnectInfo`, as the program does).

mod authorize;
mod beside;
mod book;
mod challenge;
mod check;
mod client_system;
mod code;
mod exchange;
mod fault;
mod filter;
mod index;
mod inject;
mod journal;
mod jwt;
mod keys;
mod memory;
mod parameters;
mod people;
mod reason;
mod secret;
mod settings;
mod signing;
mod token_key;
mod tokens;
mod web;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use book::{
    Book, BookError, BookFieldError, CellError, PeopleError, SAMPLE_BOOK, SAMPLE_PEOPLE,
    read_people,
};
use chrono::{DateTime, Utc};
pub use client_system::{ClientSystem, Interface, PkceRule, RefreshForm, TokenAlgorithm};
pub use code::RefusalCode;
pub use fault::MustSign;
use index::Index;
use inject::Active;
pub use inject::{FaultyEndpoint, InjectError, InjectedFault, Injection};
use journal::Journal;
pub use journal::LoggedRefusal;
pub use keys::{EmulatorKeys, KeysError};
use memory::Memory;
pub use people::{TestAccount, TestContact, TestGender, TestPerson};
pub use settings::{EmulatorSettings, Lifetimes, NextTokenKey};
use signing::Rings;
pub use signing::{KeyUse, PublishedKey};
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
    index: Index,
    rings: Rings,
    memory: Mutex<Memory>,
    journal: Mutex<Journal>,
    active: Mutex<Vec<Active>>,
    started: DateTime<Utc>,
}

impl Emulator {
    /// An emulator that nobody is signed in to.
    #[must_use]
    pub fn new(settings: EmulatorSettings) -> Self {
        Self(Arc::new(Shared {
            index: Index::of(&settings),
            rings: Rings::new(&settings),
            memory: Mutex::new(Memory::new(&settings.lifetimes)),
            journal: Mutex::default(),
            active: Mutex::default(),
            started: settings.ambient.now(),
            settings,
        }))
    }

    /// Every endpoint, to be served at the root of an address. It is plain HTTP and lets anybody be
    /// anybody: keep it on loopback.
    pub fn router(&self) -> axum::Router {
        web::router(self.clone())
    }

    /// The RSA key from the start that tokens are verified by: PEM, `SubjectPublicKeyInfo`. Of all
    /// keys tells [`token_keys`](Self::token_keys).
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

    fn index(&self) -> &Index {
        &self.0.index
    }

    fn rings(&self) -> &Rings {
        &self.0.rings
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        locked(&self.0.memory)
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        locked(&self.0.journal)
    }

    fn active(&self) -> MutexGuard<'_, Vec<Active>> {
        locked(&self.0.active)
    }

    /// A name that nobody can guess: 128 random bits in hex.
    fn random_name(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.settings().ambient.random()))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // nothing panics between two changes that belong together
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("settings", self.settings()).finish_non_exhaustive()
    }
}
