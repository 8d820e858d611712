//! Tests of the secret modules. Expected bytes come from `hashlib`, `hmac` and `cryptography` of
//! Python: what is stored today must be found and opened by every later version.

mod keys;
mod password;
mod token;
mod vault;

use super::{Keys, Vault};

/// Lookup key 0x07…, seal key 1 0x08….
fn keys() -> Keys {
    let mut next = 6;
    Keys::generate(&mut |bytes| {
        next += 1;
        bytes.fill(next);
    })
}

fn vault() -> Vault {
    Vault::new(keys())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compiles for what is wiped on drop.
fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
