//! Whether the keys are the database's.

use super::{Store, StoreError, sign_in::commit};
use crate::{
    backend::{Backend, Changes, Tx},
    secret::Purpose,
};

impl<B: Backend> Store<B> {
    /// Sees that the database was begun with the keys of this store, before anything is written
    /// with them, and that the store has every lookup key that was begun since and not retired. The
    /// first store that looks begins it: what its keys make of a constant is kept, and compared ever
    /// after; so is what each later lookup key makes of one, from the first store on that writes with
    /// it. Sealing keys may come and go meanwhile.
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
    /// [`StoreError::KeysForeign`] for a database that was begun with other keys, or where another
    /// lookup key has the same number; [`StoreError::KeyLacking`] for one that was written to with a
    /// lookup key that this store has not; others if the database fails.
    pub async fn check_keys(&self) -> Result<(), StoreError> {
        let mut tx = self.read().await?;
        if self.to_mark(&mut *tx).await?.is_none() {
            return Ok(());
        }
        drop(tx);
        let mut tx = self.write().await?;
        match self.to_mark(&mut *tx).await? {
            Some(changes) => commit(tx, changes).await,
            None => Ok(()),
        }
    }

    /// What is to be kept of these keys, which are the database's; nothing if it is.
    async fn to_mark(&self, tx: &mut dyn Tx) -> Result<Option<Changes>, StoreError> {
        let vault = &self.inner.vault;
        let first = vault.mac(Purpose::Installation, &[b"installation-1"]);
        let known = tx.installation().await?;
        if known.is_some_and(|known| known != first) {
            return Err(StoreError::KeysForeign);
        }
        let mut own = vault.lookup_marks();
        for (id, known) in tx.lookup_marks().await? {
            match own.remove(&id) {
                Some((mark, _)) if mark == known => {}
                Some(_) => return Err(StoreError::KeysForeign),
                // Only an older key than the one that is written with can be retired.
                None if id < vault.keys().writes_with() => {}
                None => return Err(StoreError::KeyLacking { id }),
            }
        }
        let begun = own.into_iter().filter(|(_, (_, is_begun))| *is_begun);
        let lookup_marks: Vec<_> = begun.map(|(id, (mark, _))| (id, mark)).collect();
        let is_marked = known.is_some() && lookup_marks.is_empty();
        let installation = known.is_none().then_some(first);
        Ok((!is_marked).then(|| Changes { installation, lookup_marks, ..Changes::default() }))
    }
}
