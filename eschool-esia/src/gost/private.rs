//! The private key: made, read, written, and signing.

use std::fmt;

use crypto_bigint::U256;
use der::{
    Decode as _, SecretDocument,
    asn1::{OctetStringRef, UintRef},
    pem::LineEnding,
};
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::{
    Curve, KeyError, PublicKey, Signature, curve::Residue, nonce::Nonces, parameters, point::Point,
    signature::digest_number, streebog256,
};
use crate::pem;

const LABEL: &str = "PRIVATE KEY";
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// A private key of ГОСТ Р 34.10-2012 with 256 bits. Overwritten when dropped; `Debug` shows the
/// curve alone.
///
/// ```
/// use eschool_esia::gost::{Curve, KeyError, PrivateKey};
///
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let pem = key.to_pkcs8_pem()?;
/// assert_eq!(PrivateKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
/// assert_eq!(format!("{key:?}"), "PrivateKey(CryptoProA, …)");
/// # Ok::<(), KeyError>(())
/// ```
///
/// # Signing
/// Without randomness: the nonce comes from the key and the message (RFC 6979), so the same
/// message gives the same signature, and a broken source of randomness gives nothing away.
///
/// ```
/// # use eschool_esia::gost::{Curve, PrivateKey};
/// # let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// assert_eq!(key.sign(b"openid"), key.sign(b"openid"));
/// assert_ne!(key.sign(b"openid"), key.sign(b"openid fullname"));
/// ```
pub struct PrivateKey {
    curve: Curve,
    scalar: Zeroizing<U256>,
}

impl PrivateKey {
    /// A new key from the caller's randomness. `fill` is called until its 32 bytes are a number
    /// between zero and the order of the curve: mostly once, on [`Curve::Tc26A`] about four times.
    pub fn generate(curve: Curve, fill: &mut dyn FnMut(&mut [u8])) -> Self {
        loop {
            let mut bytes = Zeroizing::new([0; 32]);
            fill(&mut *bytes);
            if let Ok(key) = Self::new(curve, U256::from_be_slice(&*bytes)) {
                return key;
            }
        }
    }

    /// The key with this number d, big-endian.
    ///
    /// # Errors
    /// [`KeyError::Scalar`] if it is zero or not below the order of the curve.
    pub fn from_scalar(curve: Curve, be_bytes: [u8; 32]) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(be_bytes);
        Self::new(curve, U256::from_be_slice(&*bytes))
    }

    fn new(curve: Curve, scalar: U256) -> Result<Self, KeyError> {
        let scalar = Zeroizing::new(scalar);
        let good = *scalar != U256::ZERO && *scalar < *curve.domain().order();
        if good { Ok(Self { curve, scalar }) } else { Err(KeyError::Scalar) }
    }

    /// Reads a key in PEM: `-----BEGIN PRIVATE KEY-----`. Other blocks of the text are left alone.
    ///
    /// # Errors
    /// [`KeyError::Pem`] for another text, [`KeyError::Encrypted`] for a key under a password,
    /// else as [`from_pkcs8_der`](Self::from_pkcs8_der).
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        let Some(block) = pem::block(text, LABEL) else {
            let encrypted = pem::block(text, ENCRYPTED_LABEL).is_some();
            return Err(if encrypted { KeyError::Encrypted } else { KeyError::Pem });
        };
        let (_, document) = SecretDocument::from_pem(block).map_err(|_| KeyError::Pem)?;
        Self::from_pkcs8_der(document.as_bytes())
    }

    /// Reads a key in DER (PKCS#8). The number in it may be 32 little-endian bytes as they are, the
    /// same in an OCTET STRING, or an INTEGER: all three come from OpenSSL's gost engine over the
    /// years.
    ///
    /// # Errors
    /// [`KeyError`] names what is wrong.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Der)?;
        let curve = parameters::read(info.algorithm)?;
        Self::new(curve, scalar(info.private_key.as_bytes())?)
    }

    /// The key in PEM, as OpenSSL's gost engine writes it.
    ///
    /// # Errors
    /// [`KeyError::Der`] is the encoder's, and no key here leads to it.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let write = || -> der::Result<Zeroizing<String>> {
            let parameters = parameters::write(self.curve)?;
            let octets = Zeroizing::new(<[u8; 32]>::from(self.scalar.to_le_bytes()));
            let octets = OctetStringRef::new(&*octets)?;
            let info = PrivateKeyInfoRef::new(parameters::algorithm(&parameters)?, octets);
            SecretDocument::encode_msg(&info)?.to_pem(LABEL, LineEnding::LF)
        };
        write().map_err(|_| KeyError::Der)
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let (x, y) = self.multiple_of_base(&self.scalar);
        PublicKey::of_group(self.curve, x, y)
    }

    /// Signs the Streebog digest of a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        let domain = self.curve.domain();
        let digest = digest_number(domain, &streebog256(message));
        let scalar = Zeroizing::new(Residue::new(&self.scalar, &domain.q));
        let mut nonces = Nonces::new(domain.order(), &self.scalar, &digest.retrieve());
        loop {
            let nonce = nonces.draw();
            let (x, _) = self.multiple_of_base(&nonce);
            let r = Residue::new(&x, &domain.q);
            let nonce = Zeroizing::new(Residue::new(&nonce, &domain.q));
            let s = r.mul(&scalar).add(&nonce.mul(&digest));
            let (r, s) = (r.retrieve(), s.retrieve());
            if r != U256::ZERO && s != U256::ZERO {
                return Signature::from_halves(s.to_be_bytes().into(), r.to_be_bytes().into());
            }
        }
    }

    /// The affine coordinates of a multiple of the base point. No scalar between zero and the
    /// order leads to infinity, which alone would give zeros.
    fn multiple_of_base(&self, scalar: &U256) -> (U256, U256) {
        Point::base(self.curve.domain()).mul(scalar).to_affine().unwrap_or_default()
    }
}

/// The number inside PKCS#8.
fn scalar(bytes: &[u8]) -> Result<U256, KeyError> {
    // With its header another form may be 32 bytes too, once in tens of thousands of keys; the
    // engine takes it for the bare form as well.
    if bytes.len() == 32 {
        return Ok(U256::from_le_slice(bytes));
    }
    if let Ok(integer) = UintRef::from_der(bytes) {
        let mut padded = Zeroizing::new([0; 32]);
        let digits = integer.as_bytes();
        let zeros = padded.len().checked_sub(digits.len()).ok_or(KeyError::Masked)?;
        for (byte, digit) in padded.iter_mut().skip(zeros).zip(digits) {
            *byte = *digit;
        }
        return Ok(U256::from_be_slice(&*padded));
    }
    match <&OctetStringRef>::from_der(bytes) {
        Ok(octets) if octets.as_bytes().len() == 32 => Ok(U256::from_le_slice(octets.as_bytes())),
        _ => Err(KeyError::Masked),
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?}, …)", self.curve)
    }
}
