//! Whether the keys are the database's.

use super::{Store, StoreError, sign_in::commit};
use crate::{
    backend::{Backend, Changes},
    secret::Purpose,
};

impl<B: Backend> Store<B> {
    /// Sees that the database was begun with the keys of this store, before anything is written
    /// with them. The first store that looks begins it: what its keys make of a constant is kept,
    /// and compared ever after. Sealing keys may come and go meanwhile, and lookup keys after the
    /// first.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn opened<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     store.check_keys().await
    /// }
    /// # drop(opened::<eschool_store::memory::MemoryBackend>);
    /// ```
    ///
    /// # Errors
    /// [`StoreError::KeysForeign`] for a database that was begun with other keys, others if the
    /// database fails.
    pub async fn check_keys(&self) -> Result<(), StoreError> {
        let own = self.inner.vault.mac(Purpose::Installation, &[b"installation-1"]);
        let mut known = self.read().await?.installation().await?;
        if known.is_none() {
            let mut tx = self.write().await?;
            known = tx.installation().await?;
            if known.is_none() {
                return commit(tx, Changes { installation: Some(own), ..Changes::default() }).await;
            }
        }
        if known == Some(own) { Ok(()) } else { Err(StoreError::KeysForeign) }
    }
}
