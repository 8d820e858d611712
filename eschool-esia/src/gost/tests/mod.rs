//! What keys, signatures and certificates have to keep, and numbers made elsewhere.

mod certificates;
mod keys;
mod signatures;
mod vector;

use super::{Curve, PrivateKey};

/// The bytes that are written so.
fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let digit = |at: usize| char::from(hex.as_bytes()[at]).to_digit(16).unwrap();
    std::array::from_fn(|at| u8::try_from(digit(2 * at) * 16 + digit(2 * at + 1)).unwrap())
}

/// The private key of these bytes.
fn key(curve: Curve, byte: u8) -> PrivateKey {
    PrivateKey::generate(curve, &mut |bytes| bytes.fill(byte))
}
