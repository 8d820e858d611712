//! The public key: read, written, and verifying.

use crypto_bigint::U256;
use der::{
    Decode as _, Encode as _,
    asn1::{BitStringRef, OctetStringRef},
};
use spki::SubjectPublicKeyInfoRef;

use super::{
    Curve, KeyError, Signature, SignatureError, curve::Residue, parameters, point::Point,
    signature::digest_number, streebog256,
};

/// A public key of ГОСТ Р 34.10-2012 with 256 bits: a point of its curve, never any other.
///
/// ```
/// use eschool_esia::gost::{Curve, PrivateKey, PublicKey, SignatureError};
///
/// let private = PrivateKey::generate(Curve::CryptoProC, &mut |bytes| bytes.fill(7));
/// let public = PublicKey::from_spki_der(&private.public_key().to_spki_der()?)?;
/// assert_eq!(public, private.public_key());
///
/// let signature = private.sign(b"openid");
/// assert_eq!(public.verify(b"openid", &signature), Ok(()));
/// assert_eq!(public.verify(b"openid ", &signature), Err(SignatureError::Mismatch));
/// # Ok::<(), eschool_esia::gost::KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey {
    curve: Curve,
    x: U256,
    y: U256,
}

impl PublicKey {
    /// The key of a point that a private key led to.
    pub(super) fn of_group(curve: Curve, x: U256, y: U256) -> Self {
        Self { curve, x, y }
    }

    /// The key with these coordinates.
    pub(super) fn new(curve: Curve, x: U256, y: U256) -> Result<Self, KeyError> {
        match Point::from_affine(curve.domain(), &x, &y) {
            Some(_) => Ok(Self { curve, x, y }),
            None => Err(KeyError::Point),
        }
    }

    /// Reads a `SubjectPublicKeyInfo`: what stands in a certificate.
    ///
    /// # Errors
    /// [`KeyError`] names what is wrong; a point beside the curve is [`KeyError::Point`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Der)?;
        let curve = parameters::read(info.algorithm)?;
        let bits = info.subject_public_key.as_bytes().ok_or(KeyError::Der)?;
        let octets = <&OctetStringRef>::from_der(bits).map_err(|_| KeyError::Der)?;
        let octets: &[u8; 64] = octets.as_bytes().try_into().map_err(|_| KeyError::Der)?;
        let (x, y) = octets.split_at(32);
        Self::new(curve, U256::from_le_slice(x), U256::from_le_slice(y))
    }

    /// The key as a `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// [`KeyError::Der`] is the encoder's, and no key here leads to it.
    pub fn to_spki_der(&self) -> Result<Vec<u8>, KeyError> {
        let write = || -> der::Result<Vec<u8>> {
            let parameters = parameters::write(self.curve)?;
            let octets = [self.x, self.y].map(|half| <[u8; 32]>::from(half.to_le_bytes()));
            let octets = OctetStringRef::new(octets.as_flattened())?.to_der()?;
            let algorithm = parameters::algorithm(&parameters)?;
            let subject_public_key = BitStringRef::from_bytes(&octets)?;
            SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der()
        };
        write().map_err(|_| KeyError::Der)
    }

    /// The curve it lies on.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// Judges a signature of a message.
    ///
    /// # Errors
    /// [`SignatureError::Range`] if r or s is out of bounds, [`SignatureError::Mismatch`] if the
    /// signature belongs to another key or message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let domain = self.curve.domain();
        let in_range = |half: &[u8]| {
            let number = U256::from_be_slice(half);
            let good = number != U256::ZERO && number < *domain.order();
            if good { Ok(Residue::new(&number, &domain.q)) } else { Err(SignatureError::Range) }
        };
        let (s, r) = signature.halves();
        let (s, r) = (in_range(s)?, in_range(r)?);

        let digest = digest_number(domain, &streebog256(message));
        let inverse = digest.invert_vartime().into_option().ok_or(SignatureError::Mismatch)?;
        let own = Point::of_group(domain, &self.x, &self.y);
        let sum = Point::base(domain)
            .mul(&s.mul(&inverse).retrieve())
            .add(&own.mul(&r.mul(&inverse).neg().retrieve()));
        match sum.to_affine() {
            Some((x, _)) if Residue::new(&x, &domain.q) == r => Ok(()),
            _ => Err(SignatureError::Mismatch),
        }
    }
}
