//! Which key signs tokens, and which keys are published.
//!
//! Each algorithm has a key from the start and those that take over from it, each at its instant.
//! Two more are for faults: one that signs before anybody was told of it, and one whose time is
//! over.

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    ClientSystem, Emulator, EmulatorSettings, NextTokenKey, RefusalCode, TokenAlgorithm,
    TokenKeyPair,
    fault::Fault,
    inject::{InjectError, InjectedFault, KeyChoice, Twist},
    reason::OwnReason,
};
use crate::{
    ambient::Ambient,
    gost::{Curve, PrivateKey},
};

/// A key for tokens as the emulator publishes it: `GET /emulator/keys`.
///
/// ```
/// use eschool_esia::{
///     ambient::Ambient,
///     emulator::{Emulator, EmulatorSettings, KeyUse, TokenKeyPair},
/// };
///
/// let key = TokenKeyPair::generate()?;
/// let pem = key.public_key_pem().to_owned();
/// let settings = EmulatorSettings::new(Vec::new(), Vec::new(), key, Ambient::system());
/// let keys = Emulator::new(settings).token_keys();
/// assert_eq!((keys[0].usage, keys[0].pem.clone()), (KeyUse::Current, pem));
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedKey {
    /// What it does now.
    #[serde(rename = "use")]
    pub usage: KeyUse,
    /// `alg` of its tokens: `RS256` or `GOST3410_2012_256`.
    pub algorithm: &'static str,
    /// The public key: PEM, `SubjectPublicKeyInfo`.
    pub pem: String,
    /// From when it signs, where that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// Until when tokens signed by it are to be taken, where that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<DateTime<Utc>>,
}

/// What a published key does now.
///
/// ```
/// use eschool_esia::emulator::KeyUse;
///
/// assert_eq!(serde_json::to_string(&KeyUse::Next)?, "\"next\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUse {
    /// It signed before the current one.
    Former,
    /// It signs.
    Current,
    /// It will sign from its instant on, or signs while the fault `rotated_key` is on.
    Next,
    /// Its time is over; it signs while the fault `expired_key` is on.
    Expired,
}

/// The keys of one algorithm.
struct Ring {
    algorithm: TokenAlgorithm,
    first: Option<TokenKeyPair>,
    /// In the order of their instants.
    next: Vec<NextTokenKey>,
    unannounced: OnceLock<Option<TokenKeyPair>>,
    expired: OnceLock<Option<TokenKeyPair>>,
}

/// The keys of both algorithms.
pub(super) struct Rings([Ring; 2]);

impl Rings {
    pub(super) fn new(settings: &EmulatorSettings) -> Self {
        Self(TokenAlgorithm::ALL.map(|algorithm| {
            let of_it = |key: &&NextTokenKey| key.key.algorithm() == algorithm;
            let mut next: Vec<_> = settings.next_token_keys.iter().filter(of_it).cloned().collect();
            next.sort_by_key(|key| key.signs_from);
            let first = match algorithm {
                TokenAlgorithm::Rs256 => Some(settings.token_key.clone()),
                TokenAlgorithm::Gost => {
                    settings.gost_token_key.clone().or_else(|| make(algorithm, &settings.ambient))
                }
            };
            // a key of the other kind would sign what its tokens do not say
            let first = first.filter(|key| key.algorithm() == algorithm);
            let (unannounced, expired) = (OnceLock::new(), OnceLock::new());
            Ring { algorithm, first, next, unannounced, expired }
        }))
    }

    fn of(&self, algorithm: TokenAlgorithm) -> &Ring {
        let [rs256, gost] = &self.0;
        match algorithm {
            TokenAlgorithm::Rs256 => rs256,
            TokenAlgorithm::Gost => gost,
        }
    }
}

impl Ring {
    /// The key that signs at an instant.
    fn current(&self, now: DateTime<Utc>) -> Option<&TokenKeyPair> {
        let taken_over = self.next.iter().rev().find(|key| key.signs_from <= now);
        taken_over.map(|key| &key.key).or(self.first.as_ref())
    }

    /// The key that signs next: one that is announced, else one that is made for the fault.
    fn next(&self, now: DateTime<Utc>, ambient: &Ambient) -> Option<&TokenKeyPair> {
        let announced = self.next.iter().find(|key| key.signs_from > now).map(|key| &key.key);
        let unannounced = || self.unannounced.get_or_init(|| make(self.algorithm, ambient));
        announced.or_else(|| unannounced().as_ref())
    }

    fn expired(&self, ambient: &Ambient) -> Option<&TokenKeyPair> {
        self.expired.get_or_init(|| make(self.algorithm, ambient)).as_ref()
    }

    fn published(&self, now: DateTime<Utc>, emulator: &Emulator) -> Vec<PublishedKey> {
        let ambient = &emulator.settings().ambient;
        let algorithm = self.algorithm.name();
        let own = self.first.iter().map(|key| (key, None));
        let own = own.chain(self.next.iter().map(|next| (&next.key, Some(next.signs_from))));
        let own: Vec<_> = own.collect();
        let ends = own.iter().skip(1).map(|(_, from)| *from).chain([None]);
        let current = self.current(now).map(TokenKeyPair::public_key_pem);
        let mut keys: Vec<_> = own
            .iter()
            .zip(ends)
            .map(|((key, not_before), not_after)| PublishedKey {
                usage: match not_before {
                    _ if Some(key.public_key_pem()) == current => KeyUse::Current,
                    Some(from) if *from > now => KeyUse::Next,
                    _ => KeyUse::Former,
                },
                algorithm,
                pem: key.public_key_pem().into(),
                not_before: *not_before,
                // what was signed at the last moment is good for as long as tokens are
                not_after: not_after
                    .and_then(|end| end.checked_add_signed(emulator.settings().lifetimes.id_token)),
            })
            .collect();
        keys.sort_by_key(|key| key.usage != KeyUse::Current);
        if let Some(key) = self.next(now, ambient)
            && keys.iter().all(|known| known.pem != key.public_key_pem())
        {
            let pem = key.public_key_pem().into();
            let (not_before, not_after) = (None, None);
            keys.push(PublishedKey { usage: KeyUse::Next, algorithm, pem, not_before, not_after });
        }
        if let Some(key) = self.expired(ambient) {
            let days = |days| emulator.started().checked_sub_signed(TimeDelta::days(days));
            keys.push(PublishedKey {
                usage: KeyUse::Expired,
                algorithm,
                pem: key.public_key_pem().into(),
                not_before: days(366),
                not_after: days(1),
            });
        }
        keys
    }
}

impl Emulator {
    /// The keys tokens are or will be verified by, of both algorithms: `RS256` first, and of each the
    /// current one first.
    #[must_use]
    pub fn token_keys(&self) -> Vec<PublishedKey> {
        let now = self.now();
        self.rings().0.iter().flat_map(|ring| ring.published(now, self)).collect()
    }

    /// Makes the keys of a fault, so that no request has to.
    pub(super) fn make_keys_for(&self, fault: InjectedFault) -> Result<(), InjectError> {
        let (now, ambient) = (self.now(), &self.settings().ambient);
        for ring in &self.rings().0 {
            let made = match fault {
                InjectedFault::RotatedKey => ring.next(now, ambient),
                InjectedFault::ExpiredKey => ring.expired(ambient),
                _ => return Ok(()),
            };
            made.ok_or(InjectError::Key)?;
        }
        Ok(())
    }

    /// The key that a client's tokens are signed by in this request.
    pub(super) fn signing_key(&self, client: &ClientSystem) -> Result<&TokenKeyPair, Fault> {
        let ring = self.rings().of(client.token_algorithm);
        let ambient = &self.settings().ambient;
        match Twist::now().key {
            KeyChoice::Current => ring.current(self.now()),
            KeyChoice::Next => ring.next(self.now(), ambient),
            KeyChoice::Expired => ring.expired(ambient),
        }
        .ok_or_else(|| Fault::new(RefusalCode::INTERNAL, OwnReason::KeyFailed))
    }
}

fn make(algorithm: TokenAlgorithm, ambient: &Ambient) -> Option<TokenKeyPair> {
    match algorithm {
        TokenAlgorithm::Rs256 => TokenKeyPair::generate(),
        TokenAlgorithm::Gost => {
            let mut fill = |bytes: &mut [u8]| {
                let random = Zeroizing::new(ambient.random::<32>());
                bytes.iter_mut().zip(random.iter()).for_each(|(to, from)| *to = *from);
            };
            TokenKeyPair::from_gost(PrivateKey::generate(Curve::CryptoProA, &mut fill))
        }
    }
    .ok()
}
