//! What a store takes from outside: the time and randomness. Nothing reads them elsewhere.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant it is now.
    fn now(&self) -> DateTime<Utc>;
}

/// Gives randomness that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}

/// Time and randomness, and the identifiers made of them.
///
/// ```
/// use std::sync::Arc;
///
/// use chrono::{DateTime, Utc};
/// use eschool_store::ambient::{Ambient, OsEntropy};
///
/// let noon: DateTime<Utc> = "2024-09-01T09:00:00Z".parse()?;
/// let ambient = Ambient::new(Arc::new(move || noon), Arc::new(OsEntropy));
/// let (first, second) = (ambient.new_id(), ambient.new_id());
/// assert!(first < second);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    last_id: Arc<Mutex<LastId>>,
}

/// The millisecond of the last identifier, and how many it has had.
#[derive(Default)]
struct LastId {
    millis: u64,
    count: u32,
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from(std::time::SystemTime::now())
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // The system has no randomness only where it is broken beyond what a program could mend;
        // waiting is then safer than going on with bytes that anybody can guess.
        while getrandom::fill(bytes).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

impl Ambient {
    /// Identifiers that one millisecond can have; the next one is then taken early.
    const PER_MILLI: u32 = 1 << 18;

    /// This clock and this randomness.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy, last_id: Arc::default() }
    }

    /// The machine's clock and the operating system's randomness.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(OsEntropy))
    }

    /// The instant it is now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Fills bytes with randomness, for what takes a slice.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A UUIDv7 that is greater than every one before it, so that the order of identifiers is the
    /// order in which they were made, within a millisecond too.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let now = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        let (millis, count) = {
            let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
            if now > last.millis {
                *last = LastId { millis: now, count: 0 };
            } else {
                last.count += 1;
                if last.count == Self::PER_MILLI {
                    *last = LastId { millis: last.millis + 1, count: 0 };
                }
            }
            (last.millis, last.count)
        };
        let mut tail: [u8; 10] = self.random();
        // The builder keeps the low four bits of the first byte, all of the second and the low six
        // of the third: eighteen bits that come right after the time.
        let counted = [(count >> 14 & 0x0f) as u8, (count >> 6 & 0xff) as u8, (count & 0x3f) as u8];
        for (place, byte) in tail.iter_mut().zip(counted) {
            *place = byte;
        }
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_grow_within_a_millisecond_and_beyond_its_count() {
        let ambient = Ambient::new(Arc::new(|| DateTime::UNIX_EPOCH), Arc::new(OsEntropy));
        let mut last = ambient.new_id();
        assert_eq!(last.get_version_num(), 7);
        for _ in 0..300_000 {
            let next = ambient.new_id();
            assert!(last < next, "{last} {next}");
            last = next;
        }
    }
}
