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
//! own [`Signer`](crate::signer::Signer).
//!
//! # What time gives away
//! Signing takes the same steps and reads the same memory whatever the secret numbers are: the
//! multiple of the base point, its affine coordinates, the nonce and s. This is as good as the
//! promise it stands on. `crypto-bigint` promises constant time of all that it does not call
//! `vartime`, on processors that multiply any two numbers in the same time; the choice among
//! multiples is a conditional move on x86-64 and aarch64, and the best that can be had elsewhere.
//! Nobody has looked here at what the compiler made of it. And it does not hold
//!
//! * for Streebog, which looks into tables: it hashes messages and certificates, never a key or a
//!   nonce (those go through HMAC-SHA-256);
//! * for a key or a nonce that is drawn and not within bounds: it is drawn again, which tells nothing
//!   of the one that is taken;
//! * for reading a key that is written as an INTEGER, without its leading zeros;
//! * for verifying, where nothing is secret.
//!
//! Secret keys and nonces are overwritten after use; intermediate values on the stack are not.
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
