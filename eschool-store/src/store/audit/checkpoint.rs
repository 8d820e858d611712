//! Where the chains of the audit ended once.

use chrono::{DateTime, Utc};
use eschool_core::error::CodedError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ends;
use crate::{
    Store, StoreError,
    backend::{AuditChain, Backend},
    secret::{KeyHash, Purpose, Vault},
};

/// Where a chain ended.
///
/// ```
/// use eschool_store::ChainEnd;
///
/// let json = format!(r#"{{"school":null,"seal":4,"entries":70,"mac":"{}"}}"#, "0a".repeat(32));
/// let end: ChainEnd = serde_json::from_str(&json)?;
/// assert_eq!((end.seal, end.entries, end.mac.0), (4, 70, [10; 32]));
/// assert_eq!(serde_json::to_string(&end)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainEnd {
    /// The chain: a school's, or that of what is about no school.
    #[serde(rename = "school")]
    pub chain: AuditChain,
    /// The number of its last seal.
    pub seal: u64,
    /// How many entries were sealed.
    pub entries: u64,
    /// The MAC of that seal, in hexadecimal.
    #[serde(with = "hex")]
    pub mac: KeyHash,
}

/// Where every chain of the audit ended once: for keeping where nobody who may write to the database
/// can reach it.
///
/// Whoever may write to the database can take away the end of a chain, seals and all, and what is
/// left is sound; only who knows where it ended finds that. A checkpoint holds no personal data and
/// proves itself with the key of the audit.
///
/// ```
/// use eschool_store::Checkpoint;
///
/// let json = format!(
///     r#"{{"format":"eschool-audit-1","at":"2026-09-01T08:00:00Z","chains":[],"mac":"{}"}}"#,
///     "00".repeat(32),
/// );
/// let checkpoint: Checkpoint = serde_json::from_str(&json)?;
/// assert_eq!(serde_json::to_string(&checkpoint)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// What this is: [`Checkpoint::FORMAT`].
    pub format: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The end of every chain that has a seal.
    pub chains: Vec<ChainEnd>,
    /// What proves all of it, in hexadecimal.
    #[serde(with = "hex")]
    pub mac: KeyHash,
}

/// Why the audit cannot be verified.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The checkpoint was changed, or made with another key.
    #[error("the checkpoint was changed, or is another installation's")]
    Checkpoint,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CodedError for AuditError {
    fn code(&self) -> &'static str {
        match self {
            Self::Checkpoint => "checkpoint_refused",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Checkpoint => "Контрольная точка изменена или сделана с другим файлом ключей",
            Self::Store(error) => error.text_ru(),
        }
    }
}

impl Checkpoint {
    /// The word by which this form of it is known.
    pub const FORMAT: &str = "eschool-audit-1";

    fn body(&self) -> Vec<[u8; 64]> {
        let ends = self.chains.iter().map(|end| {
            let (mut bytes, chain) = ([0; 64], end.chain.key());
            let parts = [
                chain.as_bytes().as_slice(),
                &end.seal.to_be_bytes(),
                &end.entries.to_be_bytes(),
                &end.mac.0,
            ];
            for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
                *to = *from;
            }
            bytes
        });
        ends.collect()
    }

    fn with_parts<T>(&self, take: impl FnOnce(&[&[u8]]) -> T) -> T {
        let at = self.at.timestamp_micros().to_be_bytes();
        let body = self.body();
        let mut parts: Vec<&[u8]> = vec![b"checkpoint-1", self.format.as_bytes(), &at];
        parts.extend(body.iter().map(<[u8; 64]>::as_slice));
        take(&parts)
    }

    /// Whether it is as it was made here.
    pub(super) fn is_genuine(&self, vault: &Vault) -> bool {
        self.format == Self::FORMAT
            && self.with_parts(|parts| vault.verify(Purpose::Audit, parts, &self.mac))
    }
}

impl<B: Backend> Store<B> {
    /// Where every chain of the audit ends now. What is not sealed is not in it: call
    /// [`seal_audit`](Self::seal_audit) before. Nor is a chain whose last seal cannot be read, until
    /// there is a later one: of that [`verify_audit`](Self::verify_audit) tells.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        let mut tx = self.read().await?;
        let chains = ends(&mut *tx).await?.into_iter().map(|seal| ChainEnd {
            chain: seal.chain,
            seal: seal.number,
            entries: seal.last,
            mac: seal.mac,
        });
        let mut checkpoint = Checkpoint {
            format: Checkpoint::FORMAT.into(),
            at: self.moment(),
            chains: chains.collect(),
            mac: KeyHash([0; 32]),
        };
        checkpoint.mac = checkpoint.with_parts(|parts| self.inner.vault.mac(Purpose::Audit, parts));
        Ok(checkpoint)
    }
}

/// A hash as 64 hexadecimal digits.
mod hex {
    use std::fmt::Write as _;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::KeyHash;

    pub(super) fn serialize<S: Serializer>(hash: &KeyHash, to: S) -> Result<S::Ok, S::Error> {
        let digits = hash.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        to.serialize_str(&digits)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<KeyHash, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || D::Error::custom("a hash has 64 hexadecimal digits");
        let digits =
            text.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok()));
        let digits: Vec<u8> = digits.collect::<Option<_>>().ok_or_else(wrong)?;
        if digits.len() != 64 {
            return Err(wrong());
        }
        let mut hash = [0; 32];
        let (pairs, _) = digits.as_chunks::<2>();
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = high << 4 | low;
        }
        Ok(KeyHash(hash))
    }
}
