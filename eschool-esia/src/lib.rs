//! Signing in through ЕСИА («Госуслуги»), the Russian state sign-in.
//!
//! ЕСИА speaks OpenID Connect with an accent: every request is signed with a ГОСТ key, the token
//! has claims that the standard forbids, and there is no document to discover anything from. This
//! crate speaks it and gives back the core's [`EsiaPerson`](eschool_core::signin::EsiaPerson);
//! what follows from that is the core's to decide.
//!
//! * [`client`]: start a sign-in, finish it, sign out.
//! * [`signer`]: who signs the requests.
//! * [`gost`]: ГОСТ Р 34.10-2012; [`rsa`]: keys of RSA; [`cms`]: signatures in CMS; [`certificate`]:
//!   certificates and their hash.
//! * `emulator` (feature `emulator`): a strict ЕСИА of one's own, to test against.
//! * [`ambient`]: time and randomness, which come in from outside.

pub mod ambient;
mod base64url;
pub mod certificate;
pub mod client;
pub mod cms;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(fuzzing)]
pub use client::fuzzing;
pub mod gost;
mod hex;
mod pem;
pub mod rsa;
pub mod signer;
mod tls;
mod x509;
