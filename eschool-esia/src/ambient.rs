//! What the client and the emulator take from outside: the time and randomness. Nothing reads
//! them elsewhere.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Fills bytes with what nobody can guess.
pub type Entropy = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Time and randomness.
///
/// ```
/// use std::sync::Arc;
///
/// use chrono::{DateTime, Utc};
/// use eschool_esia::ambient::Ambient;
///
/// let noon: DateTime<Utc> = "2024-09-01T09:00:00Z".parse()?;
/// let ambient = Ambient::system().with_clock(Arc::new(move || noon));
/// assert_eq!(ambient.now(), noon);
/// assert_ne!(ambient.uuid(), ambient.uuid());
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Ambient {
    clock: Clock,
    entropy: Entropy,
}

impl Ambient {
    /// This clock and this randomness.
    #[must_use]
    pub fn new(clock: Clock, entropy: Entropy) -> Self {
        Self { clock, entropy }
    }

    /// The machine's clock and the operating system's randomness.
    #[must_use]
    pub fn system() -> Self {
        Self::new(
            Arc::new(|| DateTime::from(std::time::SystemTime::now())),
            Arc::new(|bytes| {
                // The system has no randomness only where it is broken beyond what a program could
                // mend; waiting is then safer than bytes that anybody can guess.
                while getrandom::fill(bytes).is_err() {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
            }),
        )
    }

    /// The same randomness with another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The instant it is now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes);
        bytes
    }

    /// A random UUID (version 4), as ЕСИА wants for `state`.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        Builder::from_random_bytes(self.random()).into_uuid()
    }
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}
