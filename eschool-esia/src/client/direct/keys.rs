//! The keys that ЕСИА signs tokens with.

use chrono::{DateTime, Utc};
use der::{
    Decode as _, DecodePem as _, Sequence,
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
    x509::instant,
};

/// A public key of ЕСИА for tokens, and when it is valid.
///
/// ЕСИА publishes no document with its keys and changes them about once a year, so several are
/// configured, the new one before the old one ends. A certificate brings its own dates; those
/// given here go before them.
///
/// The keys are RSA ones, so `RS256` has to be chosen for the tokens when the system is registered
/// at ЕСИА. Tokens signed with ГОСТ are refused.
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
    /// An RSA public key of 2048 to 4096 bits, `PUBLIC KEY` (SubjectPublicKeyInfo), or a
    /// certificate with one, `CERTIFICATE`; PEM.
    pub pem: String,
    /// From when tokens signed with it are accepted; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// Until when, that instant included; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<DateTime<Utc>>,
}

impl TokenKey {
    /// A key without dates of its own.
    #[must_use]
    pub fn new(pem: impl Into<String>) -> Self {
        Self { pem: pem.into(), not_before: None, not_after: None }
    }
}

/// `rsaEncryption` of RFC 8017.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The configured keys, read.
pub(super) struct TokenKeys(Vec<ReadKey>);

struct ReadKey {
    key: CoreJsonWebKey,
    not_before: Option<DateTime<Utc>>,
    not_after: Option<DateTime<Utc>>,
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

    /// Whether a key valid now made this signature. ЕСИА names no key in its tokens, so each is
    /// tried.
    pub(super) fn verify(
        &self,
        message: &[u8],
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), TokenError> {
        let rs256 = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
        let mut valid = self.0.iter().filter(|key| key.is_valid(now)).peekable();
        if valid.peek().is_none() {
            let ended = self.0.iter().filter_map(|key| key.not_after).filter(|end| *end < now);
            return Err(ended
                .max()
                .map_or(TokenError::KeysNotYetValid, |ended| TokenError::KeysEnded { ended }));
        }
        if valid.any(|key| key.key.verify_signature(&rs256, message, signature).is_ok()) {
            Ok(())
        } else {
            Err(TokenError::SignatureRefused)
        }
    }

    /// When the last key ends; none if one has no end.
    pub(super) fn end(&self) -> Option<DateTime<Utc>> {
        self.0
            .iter()
            .try_fold(DateTime::<Utc>::MIN_UTC, |last, key| key.not_after.map(|end| last.max(end)))
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
        if spki.algorithm.oid != RSA_ENCRYPTION {
            return None;
        }
        let rsa = RsaPublicKey::from_der(spki.subject_public_key.as_bytes()?).ok()?;
        // Shorter ones can be forged; longer ones the verifier does not take.
        let bits = rsa.modulus.as_bytes().len() * 8;
        if !(2048..=4096).contains(&bits) {
            return None;
        }
        let number = |n: &Uint| n.as_bytes().to_vec();
        Some(Self {
            key: CoreJsonWebKey::new_rsa(number(&rsa.modulus), number(&rsa.exponent), None),
            not_before: key.not_before.or(begins),
            not_after: key.not_after.or(ends),
        })
    }

    fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.not_before.is_none_or(|from| from <= now)
            && self.not_after.is_none_or(|until| now <= until)
    }
}
