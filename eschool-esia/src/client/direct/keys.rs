//! The keys that ЕСИА signs tokens with.

use chrono::{DateTime, TimeDelta, Utc};
use der::{
    Decode as _, DecodePem as _, Encode as _, Sequence,
    asn1::{ObjectIdentifier, Uint},
};
use openidconnect::{
    JsonWebKey as _,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::{Deserialize, Serialize};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate;

use crate::{
    client::{SettingsError, TokenError},
    gost::{PublicKey, Signature},
    x509::instant,
};

/// A public key of ЕСИА for tokens, and when it is valid.
///
/// ЕСИА publishes no document with its keys and changes them about once a year, so several are
/// configured, the new one before the old one ends. A certificate brings its own dates; those
/// given here go before them.
///
/// Which kind of key it has to be is chosen when the system is registered at ЕСИА: tokens signed by
/// `RS256` need an RSA key, those by `GOST3410_2012_256` a ГОСТ key. A key verifies tokens of its
/// own algorithm alone.
///
/// ```
/// use eschool_esia::client::TokenKey;
///
/// let key: TokenKey = serde_json::from_str(
///     r#"{"pem": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n",
///         "notAfter": "2027-06-01T00:00:00Z"}"#,
/// )?;
/// assert_eq!(key.not_before, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenKey {
    /// A public key, `PUBLIC KEY` (SubjectPublicKeyInfo), or a certificate with one, `CERTIFICATE`;
    /// PEM. RSA of 2048 to 4096 bits, or ГОСТ Р 34.10-2012 of 256 bits on a curve of
    /// [`Curve`](crate::gost::Curve).
    pub pem: String,
    /// From when tokens signed with it are accepted; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// Until when, that instant included; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<DateTime<Utc>>,
    /// Whether the 64 bytes of a ГОСТ signature come backwards, as CryptoPro's interfaces give them.
    /// How ЕСИА writes them in tokens is not known from any source; s ‖ r, as in requests, is
    /// taken for granted unless this is set. Means nothing for an RSA key.
    #[serde(default)]
    pub reversed: bool,
}

impl TokenKey {
    /// A key without dates of its own.
    #[must_use]
    pub fn new(pem: impl Into<String>) -> Self {
        Self { pem: pem.into(), not_before: None, not_after: None, reversed: false }
    }
}

/// What a token is signed with. No other algorithm is ever taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// `RS256` of RFC 7518.
    Rs256,
    /// `GOST3410_2012_256`, a name of ЕСИА's own.
    Gost,
}

/// `rsaEncryption` of RFC 8017.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The configured keys, read.
pub(super) struct TokenKeys(Vec<ReadKey>);

struct ReadKey {
    key: VerifyingKey,
    not_before: Option<DateTime<Utc>>,
    not_after: Option<DateTime<Utc>>,
}

enum VerifyingKey {
    Rsa(Box<CoreJsonWebKey>),
    Gost { key: PublicKey, reversed: bool },
}

/// RSAPublicKey of RFC 8017.
#[derive(Sequence)]
struct RsaPublicKey {
    modulus: Uint,
    exponent: Uint,
}

impl TokenKeys {
    pub(super) fn read(keys: &[TokenKey]) -> Result<Self, SettingsError> {
        if keys.is_empty() {
            return Err(SettingsError::TokenKeysMissing);
        }
        let read = |(index, key): (usize, &TokenKey)| {
            ReadKey::read(key).ok_or(SettingsError::TokenKey { number: index + 1 })
        };
        keys.iter().enumerate().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Refuses an algorithm that no configured key has, valid or not.
    pub(super) fn expect(&self, algorithm: Algorithm) -> Result<(), TokenError> {
        if self.of(algorithm).next().is_some() {
            return Ok(());
        }
        Err(match algorithm {
            Algorithm::Rs256 => TokenError::AlgorithmRsa,
            Algorithm::Gost => TokenError::AlgorithmGost,
        })
    }

    /// Whether a key of this algorithm, valid now, made this signature. ЕСИА names no key in its
    /// tokens, so each is tried.
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), TokenError> {
        self.expect(algorithm)?;
        let mut valid = self.of(algorithm).filter(|key| key.is_valid(now)).peekable();
        if valid.peek().is_none() {
            let ended = self.of(algorithm).filter_map(|key| key.not_after);
            return Err(ended
                .filter(|end| *end < now)
                .max()
                .map_or(TokenError::KeysNotYetValid, |ended| TokenError::KeysEnded { ended }));
        }
        if valid.any(|key| key.key.made(message, signature)) {
            Ok(())
        } else {
            Err(TokenError::SignatureRefused)
        }
    }

    /// When the last key ended, if all have.
    pub(super) fn ended(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ended = |key: &ReadKey| key.not_after.filter(|end| *end < now);
        self.0.iter().map(ended).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    fn of(&self, algorithm: Algorithm) -> impl Iterator<Item = &ReadKey> {
        self.0.iter().filter(move |key| key.key.algorithm() == algorithm)
    }

    /// When the last key of an algorithm ends, of that which ends first: nobody knows whether the
    /// tokens of the day after will be of the other. One whose keys all ended more than thirty days
    /// ago is no longer used, unless the other's have too. None if each has a key without an end.
    pub(super) fn end(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let kinds = [Algorithm::Rs256, Algorithm::Gost];
        let ends = kinds.into_iter().filter_map(|algorithm| {
            let ends = self.of(algorithm).map(|key| key.not_after);
            // `None` is the greatest of them here: a key without an end.
            ends.max_by_key(|end| (end.is_none(), *end))
        });
        let ends: Vec<Option<DateTime<Utc>>> = ends.collect();
        let is_used = |end: &&Option<DateTime<Utc>>| {
            end.is_none_or(|end| now.signed_duration_since(end) <= TimeDelta::days(30))
        };
        if ends.iter().any(|end| is_used(&end)) {
            ends.iter().filter(is_used).copied().flatten().min()
        } else {
            ends.into_iter().flatten().max()
        }
    }
}

impl ReadKey {
    fn read(key: &TokenKey) -> Option<Self> {
        let (spki, begins, ends) = match SubjectPublicKeyInfoOwned::from_pem(&key.pem) {
            Ok(spki) => (spki, None, None),
            Err(_) => {
                let certificate = Certificate::from_pem(&key.pem).ok()?;
                let certificate = certificate.tbs_certificate();
                let validity = certificate.validity();
                let spki = certificate.subject_public_key_info().clone();
                (spki, instant(validity.not_before), instant(validity.not_after))
            }
        };
        Some(Self {
            key: VerifyingKey::read(&spki, key.reversed)?,
            not_before: key.not_before.or(begins),
            not_after: key.not_after.or(ends),
        })
    }

    fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.not_before.is_none_or(|from| from <= now)
            && self.not_after.is_none_or(|until| now <= until)
    }
}

impl VerifyingKey {
    fn read(spki: &SubjectPublicKeyInfoOwned, reversed: bool) -> Option<Self> {
        if spki.algorithm.oid != RSA_ENCRYPTION {
            let key = PublicKey::from_spki_der(&spki.to_der().ok()?).ok()?;
            return Some(Self::Gost { key, reversed });
        }
        let rsa = RsaPublicKey::from_der(spki.subject_public_key.as_bytes()?).ok()?;
        // Shorter ones can be forged; longer ones the verifier does not take.
        let bits = rsa.modulus.as_bytes().len() * 8;
        if !(2048..=4096).contains(&bits) {
            return None;
        }
        let number = |n: &Uint| n.as_bytes().to_vec();
        let key = CoreJsonWebKey::new_rsa(number(&rsa.modulus), number(&rsa.exponent), None);
        Some(Self::Rsa(Box::new(key)))
    }

    const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rs256,
            Self::Gost { .. } => Algorithm::Gost,
        }
    }

    /// Whether this key made this signature of this message.
    fn made(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(key) => {
                let rs256 = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
                key.verify_signature(&rs256, message, signature).is_ok()
            }
            Self::Gost { key, reversed } => Signature::from_slice(signature).is_ok_and(|read| {
                let signature = if *reversed { read.reversed() } else { read };
                key.verify(message, &signature).is_ok()
            }),
        }
    }
}
