//! The secret number of a signature, made from the key and the digest.
//!
//! Two signatures of different messages with one nonce give the key away, and so does a source of
//! randomness that is slightly off. RFC 6979 needs none: HMAC over key and digest gives a number
//! that nobody can guess and that is another for another digest.
//!
//! The HMAC is over SHA-256, although the rest is ГОСТ: Streebog looks into tables, and how long that
//! takes would tell of the key. Whoever verifies a signature sees no difference.

use crypto_bigint::U256;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The sequence of nonces for one key and one digest (RFC 6979, 3.2, with HMAC-SHA-256).
pub(super) struct Nonces<'a> {
    order: &'a U256,
    /// 32 bytes and as many zeros: HMAC fills a key up to a block so.
    key: Zeroizing<[u8; 64]>,
    value: Zeroizing<[u8; 32]>,
}

impl<'a> Nonces<'a> {
    /// `scalar` is the private key, `digest` the number that is signed; both are below `order`.
    pub(super) fn new(order: &'a U256, scalar: &U256, digest: &U256) -> Self {
        let mut nonces =
            Self { order, key: Zeroizing::new([0; 64]), value: Zeroizing::new([1; 32]) };
        let scalar = Zeroizing::new(<[u8; 32]>::from(scalar.to_be_bytes()));
        let digest = <[u8; 32]>::from(digest.to_be_bytes());
        for step in [0, 1] {
            nonces.rekey(&[&[step], &*scalar, &digest]);
        }
        nonces
    }

    /// The next number above zero and below the order.
    pub(super) fn draw(&mut self) -> Zeroizing<U256> {
        loop {
            self.value = self.mac(&[]);
            // Of an order shorter than 256 bits only so many leading bits count.
            let number = U256::from_be_slice(&*self.value).shr_vartime(self.order.leading_zeros());
            let number = Zeroizing::new(number);
            self.rekey(&[&[0]]);
            if *number != U256::ZERO && *number < *self.order {
                return number;
            }
        }
    }

    fn rekey(&mut self, parts: &[&[u8]]) {
        let key = self.mac(parts);
        for (byte, new) in self.key.iter_mut().zip(key.iter()) {
            *byte = *new;
        }
        self.value = self.mac(&[]);
    }

    /// HMAC of the value and what follows it.
    fn mac(&self, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new((&*self.key).into());
        mac.update(&*self.value);
        for part in parts {
            mac.update(part);
        }
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}
