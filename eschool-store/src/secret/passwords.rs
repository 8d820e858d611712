//! Passwords in async code: how many are hashed at a time.

use std::{fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use zeroize::Zeroizing;

use super::password::{PasswordError, PasswordHasher};

/// How long a person waits for their turn before they are told to come back.
const PATIENCE: Duration = Duration::from_secs(1);

/// Passwords for async code: hashed on blocking threads, a bounded number at a time.
///
/// Each hash takes 19 MiB and a core for 16 ms. So it takes a permit; who gets none within a
/// second gets [`PasswordError::Busy`], and a flood of attempts leaves cores and memory to those
/// who read diaries. Give fewer permits than cores where that matters.
///
/// Its futures need a tokio runtime with time enabled. Dropping one does not stop the hash it has
/// begun, and the permit stays taken until that ends: who connects and hangs up in a loop gains
/// nothing.
///
/// ```
/// use std::{num::NonZeroUsize, sync::Arc};
/// use eschool_store::secret::{Argon2id, PasswordError, Passwords};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
/// let passwords = Passwords::new(Arc::new(Argon2id::default()), cores)?;
///
/// let phc = passwords.hash(String::from("k7hT-mW4x").into(), [7; 16]).await?;
/// let typed = || String::from("k7hT-mW4x").into();
/// assert!(passwords.verify_or_dummy(typed(), Some(phc)).await?);
/// // Nobody has this login: as much work, and no.
/// assert!(!passwords.verify_or_dummy(typed(), None).await?);
/// # Ok::<(), PasswordError>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Passwords {
    hasher: Arc<dyn PasswordHasher>,
    permits: Arc<Semaphore>,
    /// What a password is checked against when there is nothing to check it against.
    dummy: Arc<str>,
}

impl Passwords {
    /// At most `permits` hashes at a time; the number of cores is a good one.
    ///
    /// Hashes once, on the calling thread, so that the first unknown login costs no more than the
    /// second.
    ///
    /// # Errors
    /// What the hasher says.
    pub fn new(
        hasher: Arc<dyn PasswordHasher>,
        permits: NonZeroUsize,
    ) -> Result<Self, PasswordError> {
        let dummy = hasher.hash("nobody's password", [0; 16])?.into();
        let permits = Arc::new(Semaphore::new(permits.get().min(Semaphore::MAX_PERMITS)));
        Ok(Self { hasher, permits, dummy })
    }

    /// The PHC string of a password. The salt is the caller's randomness, new for every password.
    ///
    /// # Errors
    /// [`PasswordError::Busy`], or what the hasher says.
    pub async fn hash(
        &self,
        password: Zeroizing<String>,
        salt: [u8; 16],
    ) -> Result<String, PasswordError> {
        self.run(move |hasher| hasher.hash(&password, salt)).await
    }

    /// Whether a password is the one whose PHC string is stored.
    ///
    /// Where none is stored, as nobody has the login, it is checked against a fixed hash of the
    /// same costs and the answer is no, whatever was typed: by its duration nobody learns which
    /// logins exist.
    ///
    /// # Errors
    /// [`PasswordError::Busy`], or what the hasher says.
    pub async fn verify_or_dummy(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let dummy = Arc::clone(&self.dummy);
        self.run(move |hasher| {
            let right = hasher.verify(&password, stored.as_deref().unwrap_or(&dummy))?;
            Ok(right && stored.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn PasswordHasher) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        // Elapsed, or closed; nobody closes it.
        let permit = turn.map_err(|_| PasswordError::Busy)?.map_err(|_| PasswordError::Busy)?;
        let hasher = Arc::clone(&self.hasher);
        // The thread holds the permit, not this future: a caller who goes away must not let the
        // next one in while the hash still runs.
        let task = spawn_blocking(move || {
            let _permit = permit;
            work(&*hasher)
        });
        task.await.map_err(|_| PasswordError::Failed)?
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let free = self.permits.available_permits();
        f.debug_struct("Passwords").field("free_permits", &free).finish_non_exhaustive()
    }
}
