//! Forgetting what has had its time.

use chrono::{DateTime, Utc};

use super::{Store, StoreError, overtaken::Tries, sign_in::commit};
use crate::backend::{Backend, Changes};

/// How many rows of a kind one transaction forgets: few enough to hold up nobody who writes.
const BATCH: u32 = 500;

impl<B: Backend> Store<B> {
    /// Forgets refused sign-ins, sessions, access of apps, invitations, unsent letters and closed support cases whose
    /// time is over, and tells how many rows that were.
    ///
    /// Nobody is let in or shown anything by such rows, but they are personal data, and what ЕСИА
    /// said is kept for thirty days and no longer, and so is a support case after its closing; one that
    /// is open stays. A program calls this at its start and every
    /// hour. The rows go in transactions of at most 500 of a kind, so that others write in between;
    /// those forgotten before a failure stay forgotten.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn at_the_start<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     let forgotten = store.forget_expired().await?;
    ///     println!("{forgotten} rows were forgotten");
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn forget_expired(&self) -> Result<u64, StoreError> {
        let now = self.inner.ambient.now();
        let (mut forgotten, mut tries) = (0, Tries::new());
        loop {
            match self.forget_batch(now).await {
                Ok(0) => return Ok(forgotten),
                Ok(found) => (forgotten, tries) = (forgotten + found, Tries::new()),
                Err(error) if tries.again(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Forgets the next rows of each kind, and tells how many that were.
    async fn forget_batch(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.write_in(&[]).await?;
        let changes = Changes {
            forgotten_cases: tx.cases_until(now, BATCH).await?,
            erased_cases: tx.support_cases_until(now, BATCH).await?,
            ended_sessions: tx.sessions_until(now, BATCH).await?,
            ended_grants: tx.app_grants_until(now, BATCH).await?,
            forgotten_invitations: tx.invitations_until(now, BATCH).await?,
            sent_letters: tx.letters_until(now, BATCH).await?,
            ..Changes::default()
        };
        let found = changes.forgotten_cases.len()
            + changes.erased_cases.len()
            + changes.ended_sessions.len()
            + changes.ended_grants.len()
            + changes.forgotten_invitations.len()
            + changes.sent_letters.len();
        if found > 0 {
            commit(tx, changes).await?;
        }
        Ok(u64::try_from(found).unwrap_or(u64::MAX))
    }
}
