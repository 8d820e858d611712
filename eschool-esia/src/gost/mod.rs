//! ГОСТ Р 34.10-2012 with 256-bit keys, Streebog (ГОСТ Р 34.11-2012), and certificates.
//!
//! This is what every request to ЕСИА is signed with. Keys and certificates are read and written
//! in the forms of OpenSSL's gost engine (RFC 9215).
//!
//! # Byte order
//! Half of the failures of an integration are here, so it is said once:
//!
//! | value | order |
//! |---|---|
//! | digest, when it becomes a number | little-endian |
//! | signature, raw and in a certificate | s ‖ r, both big-endian |
//! | public key in a certificate | X ‖ Y, both little-endian |
//! | private key in PKCS#8 | little-endian |
//!
//! CryptoPro's own interfaces give the 64 bytes of a signature backwards:
//! [`Signature::reversed`].
//!
//! # What this is not
//! A certified means of protection (СКЗИ): a system that has to use one signs there, through its
//! own [`Signer`](crate::signer::Signer). The arithmetic on secret numbers takes the same time
//! whatever they are, as far as `crypto-bigint` and the compiler keep that promise; secret keys
//! and nonces are overwritten after use, intermediate values on the stack are not.
//!
//! ```
//! use eschool_esia::gost::{Curve, PrivateKey};
//!
//! let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| {
//!     getrandom::fill(bytes).expect("the system has randomness");
//! });
//! let signature = key.sign(b"client_id and the rest");
//! assert!(key.public_key().verify(b"client_id and the rest", &signature).is_ok());
//! assert!(key.public_key().verify(b"something else", &signature).is_err());
//! ```

mod curve;
mod error;
mod nonce;
mod parameters;
mod point;
mod private;
mod public;
mod signature;
#[cfg(test)]
mod tests;

use streebog::{Digest, Streebog256};

pub use crate::certificate::{Certificate, CertificateError};
pub use curve::Curve;
pub use error::KeyError;
pub use private::PrivateKey;
pub use public::PublicKey;
pub use signature::{Signature, SignatureError};

/// Streebog with 256 bits (ГОСТ Р 34.11-2012), in the order in which it is written out.
///
/// ```
/// let digest = eschool_esia::gost::streebog256(b"");
/// assert_eq!(digest[..4], [0x3f, 0x53, 0x9a, 0x21]);
/// ```
#[must_use]
pub fn streebog256(bytes: &[u8]) -> [u8; 32] {
    Streebog256::digest(bytes).into()
}
