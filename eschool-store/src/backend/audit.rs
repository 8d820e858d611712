//! Rows by which the audit is proved whole.

use chrono::{DateTime, Utc};
use eschool_core::id::SchoolId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AuditEntry;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
use super::BackendError;
use crate::secret::KeyHash;

/// A chain of the audit: each school has one, and there is one of what is about no school.
///
/// ```
/// use eschool_store::{backend::AuditChain, testing::fixtures::school_id};
///
/// let school = AuditChain(Some(school_id(1)));
/// assert!(AuditChain::IDENTITY < school);
/// assert_eq!(AuditChain::of_key(school.key()), school);
/// assert!(AuditChain::IDENTITY.key().is_nil());
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct AuditChain(pub Option<SchoolId>);

impl AuditChain {
    /// The chain of what is about no school.
    pub const IDENTITY: Self = Self(None);

    /// What it is kept by: the school's identifier, or nil.
    #[must_use]
    pub fn key(self) -> Uuid {
        self.0.map_or(Uuid::nil(), |school| school.0)
    }

    /// The chain that is kept by this.
    #[must_use]
    pub fn of_key(key: Uuid) -> Self {
        Self(Some(key).filter(|key| !key.is_nil()).map(SchoolId))
    }
}

/// By what a backend knows an entry of the audit in its chain; it says nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuditKey(pub u128);

/// A seal over entries of a chain that follow one another.
///
/// ```
/// use eschool_store::{
///     backend::{AuditChain, AuditSeal},
///     secret::KeyHash,
///     testing::fixtures::at,
/// };
///
/// let seal = AuditSeal {
///     chain: AuditChain::IDENTITY,
///     number: 2,
///     last: 7,
///     at: at("2024-09-02T09:00:00Z"),
///     former: KeyHash([1; 32]),
///     tags: vec![0; 3 * AuditSeal::TAG],
///     mac: KeyHash([2; 32]),
/// };
/// assert_eq!((seal.entries(), seal.first()), (3, Some(5)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// The chain.
    pub chain: AuditChain,
    /// Its number in the chain, from 1.
    pub number: u64,
    /// The place of its last entry in the chain, from 1.
    pub last: u64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The MAC of the seal before; zeros for the first one.
    pub former: KeyHash,
    /// The tags of its entries, [`AuditSeal::TAG`] bytes each, in the order of their places.
    pub tags: Vec<u8>,
    /// What proves all of it.
    pub mac: KeyHash,
}

impl AuditSeal {
    /// How many bytes a tag has.
    pub const TAG: usize = 16;

    /// How many entries it is over.
    #[must_use]
    pub fn entries(&self) -> u64 {
        (self.tags.len() / Self::TAG) as u64
    }

    /// The place of its first entry; none, if it tells of more entries than there are places.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.last.checked_sub(self.entries())?.checked_add(1)
    }
}

/// An entry with its mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// The number of its seal.
    pub seal: u64,
    /// Its place in the chain; 0 if it has none.
    pub place: u64,
    /// The entry; none if it cannot be read.
    pub entry: Option<AuditEntry>,
}

/// What was read; none where it is there and cannot be.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) fn readable<T>(read: Result<T, BackendError>) -> Result<Option<T>, BackendError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(BackendError::Corrupt(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
