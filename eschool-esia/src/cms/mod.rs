//! Detached signatures in CMS (RFC 5652, PKCS#7 in older words): the `client_secret` of ЕСИА's old
//! interface.
//!
//! | | ГОСТ | RSA |
//! |---|---|---|
//! | digest | Streebog-256 | SHA-256 |
//! | signature | ГОСТ Р 34.10-2012, 256 bits: s ‖ r, both big-endian (RFC 4490 says so) | RSASSA-PKCS1-v1_5 |
//!
//! What is [signed](sign) has one signer, whose certificate lies inside, and the signed attributes
//! content type, message digest and signing time. OpenSSL with its gost engine reads and writes the
//! same.
//!
//! ```
//! use eschool_esia::{
//!     certificate::Certificate,
//!     cms::{self, CmsError, SigningKey},
//!     gost::{Curve, PrivateKey},
//! };
//!
//! let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
//! let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
//! let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
//!
//! let der = cms::sign(SigningKey::Gost(&key), &certificate, b"openid", from)?;
//! assert_eq!(cms::verify(&der, b"openid", &certificate), Ok(()));
//! assert_eq!(cms::verify(&der, b"openid email", &certificate), Err(CmsError::Digest));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod algorithm;
mod error;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use algorithm::SigningKey;
pub(crate) use algorithm::sha256;
pub use error::CmsError;
pub use sign::sign;
pub use verify::{LONGEST, verify};
