//! Forgetting what has had its time.

use super::{Store, StoreError, sign_in::commit};
use crate::backend::{Backend, Changes};

/// How many rows of a kind one transaction forgets: few enough to hold up nobody who writes.
const BATCH: u32 = 500;

impl<B: Backend> Store<B> {
    /// Forgets refused sign-ins, sessions, invitations, unsent letters and closed support cases whose
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
        let mut forgotten = 0;
        loop {
            let mut tx = self.write_in(&[]).await?;
            let changes = Changes {
                forgotten_cases: tx.cases_until(now, BATCH).await?,
                erased_cases: tx.support_cases_until(now, BATCH).await?,
                ended_sessions: tx.sessions_until(now, BATCH).await?,
                forgotten_invitations: tx.invitations_until(now, BATCH).await?,
                sent_letters: tx.letters_until(now, BATCH).await?,
                ..Changes::default()
            };
            let found = changes.forgotten_cases.len()
                + changes.erased_cases.len()
                + changes.ended_sessions.len()
                + changes.forgotten_invitations.len()
                + changes.sent_letters.len();
            if found == 0 {
                return Ok(forgotten);
            }
            commit(tx, changes).await?;
            forgotten += u64::try_from(found).unwrap_or(u64::MAX);
        }
    }
}
