//! The two pairs of digest and signature, by the names CMS gives them.

use const_oid::{
    ObjectIdentifier,
    db::rfc5912::{ID_SHA_256, RSA_ENCRYPTION, SHA_256_WITH_RSA_ENCRYPTION},
};
use der::Any;
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;

use crate::{
    certificate::Certificate,
    gost::{PrivateKey, Signature, streebog256},
    rsa::{self, RsaPrivateKey},
};

/// `id-tc26-gost3411-12-256`.
const STREEBOG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
/// `id-tc26-gost3410-12-256`: the key's own name, which stands for its signature too.
const GOST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
/// `id-tc26-signwithdigest-gost3410-12-256`.
const GOST_WITH_STREEBOG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");

/// A key that [signs](super::sign).
///
/// ```
/// use eschool_esia::{cms::SigningKey, gost::{Curve, PrivateKey}};
///
/// let key = PrivateKey::generate(Curve::Tc26A, &mut |bytes| bytes.fill(0x17));
/// assert_eq!(format!("{:?}", SigningKey::Gost(&key)), "Gost(PrivateKey(Tc26A, …))");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum SigningKey<'a> {
    /// ГОСТ Р 34.10-2012 with 256 bits.
    Gost(&'a PrivateKey),
    /// RSA.
    Rsa(&'a RsaPrivateKey),
}

impl SigningKey<'_> {
    pub(super) fn algorithm(self) -> Algorithm {
        match self {
            Self::Gost(_) => Algorithm::Gost,
            Self::Rsa(_) => Algorithm::Rsa,
        }
    }

    /// The signature of a message; none where the library fails.
    pub(super) fn sign(self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Gost(key) => Some(key.sign(message).as_bytes().to_vec()),
            Self::Rsa(key) => key.sign(message),
        }
    }
}

/// SHA-256 of these bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// A digest and the signature over it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Gost,
    Rsa,
}

impl Algorithm {
    /// What both names together mean; none for any other pair. The parameters are absent or NULL:
    /// programs write both.
    pub(super) fn read(
        digest: &AlgorithmIdentifierOwned,
        signature: &AlgorithmIdentifierOwned,
    ) -> Option<Self> {
        let bare = |name: &AlgorithmIdentifierOwned| {
            name.parameters.as_ref().is_none_or(|parameters| *parameters == Any::null())
        };
        if !bare(digest) || !bare(signature) {
            return None;
        }
        match (digest.oid, signature.oid) {
            (STREEBOG, GOST | GOST_WITH_STREEBOG) => Some(Self::Gost),
            (ID_SHA_256, RSA_ENCRYPTION | SHA_256_WITH_RSA_ENCRYPTION) => Some(Self::Rsa),
            _ => None,
        }
    }

    /// What the digest is written as.
    pub(super) fn digest_name(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::Gost => STREEBOG,
            Self::Rsa => ID_SHA_256,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// What the signature is written as: by the name of the key, as OpenSSL does.
    pub(super) fn signature_name(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::Gost => AlgorithmIdentifierOwned { oid: GOST, parameters: None },
            // RFC 3370, 3.2: here the NULL must stand.
            Self::Rsa => {
                AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::null()) }
            }
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Gost => streebog256(bytes).to_vec(),
            Self::Rsa => sha256(bytes),
        }
    }

    /// Whether the certificate's key made this signature by this algorithm.
    pub(super) fn verify(
        self,
        certificate: &Certificate,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        match self {
            Self::Gost => match (certificate.public_key(), Signature::from_slice(signature)) {
                (Ok(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
                _ => false,
            },
            Self::Rsa => rsa::verify(certificate, message, signature),
        }
    }
}
