//! The two things every module here needs: secret bytes that are wiped, and parts joined so that
//! they can be told apart again.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many bytes a key and a token have.
pub(super) const LENGTH: usize = 32;

/// 32 secret bytes, wiped on drop.
///
/// Boxed, because moving an array leaves its old copy on the stack where no drop wipes it.
pub(super) struct Secret32(Box<[u8; LENGTH]>);

impl Secret32 {
    pub(super) fn filled(fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut secret = Self(Box::new([0; LENGTH]));
        fill(secret.0.as_mut_slice());
        secret
    }

    /// Reads what [`Secret32::write`] wrote; nothing else spells the same bytes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut secret = Self(Box::new([0; LENGTH]));
        let length = URL_SAFE_NO_PAD.decode_slice(text, secret.0.as_mut_slice()).ok()?;
        (length == LENGTH).then_some(secret)
    }

    /// Appends 43 characters of base64url without padding.
    pub(super) fn write(&self, text: &mut String) {
        URL_SAFE_NO_PAD.encode_string(self.0.as_slice(), text);
    }

    pub(super) fn expose(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl Drop for Secret32 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Secret32 {}

/// Hands on each part after its length, so that ("ab", "c") and ("a", "bc") are not the same.
pub(super) fn framed(part: &[u8], take: &mut dyn FnMut(&[u8])) {
    take(&(part.len() as u64).to_be_bytes());
    take(part);
}
