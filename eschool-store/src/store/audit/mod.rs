//! The audit: reading it, sealing it, proving it whole.
//!
//! * `chain`: what a seal is made of.
//! * `verify`: everything compared with its seals, and what is amiss.
//! * `checkpoint`: where the chains ended once, for keeping elsewhere.
//!
//! # Why entries are marked with their seal
//! Entries are appended by writers that wait for nobody, so there is no order in which all of them
//! are committed: one that began earlier may be seen later, with an earlier key. A seal over «all up
//! to this key» would miss it, or find it inserted afterwards. So a seal is over whatever entries are
//! there without one, and marks each with its number and the entry's place in the chain, in the same
//! transaction. What comes late gets a later place; nothing ever comes beneath a sealed one. An
//! entry that loses its mark is missing at its place; one that gets a mark was never under the seal.

mod chain;
mod checkpoint;
mod report;
mod verify;

pub use checkpoint::{AuditError, ChainEnd, Checkpoint};
pub use report::{AuditFault, AuditFaultKind, AuditReport};

use self::chain::{seal_mac, tag};
use super::{Store, StoreError, overtaken::Tries, sign_in::commit};
use crate::{
    backend::{
        AuditChain, AuditEntry, AuditKey, AuditSeal, Backend, BackendError, Changes, Turn, Tx,
    },
    secret::KeyHash,
};

/// How many entries one seal is over at most, so that its transaction is short.
const BATCH: u32 = 1000;

/// What became of some entries that were not sealed.
struct Batch {
    found: u64,
    sealed: u64,
    /// The last of them.
    last: Option<AuditKey>,
}

impl<B: Backend> Store<B> {
    /// The last entries of the audit, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn audit(&self, entries: u32) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self.read().await?.audit(entries).await?)
    }

    /// Seals what was appended to the audit since it was sealed last, and tells how many entries
    /// that were.
    ///
    /// Each school has a chain, and there is one of what is about no school. A seal proves, with a
    /// key that the database does not hold, which entries a chain has in which order, and which
    /// seal went before. From then on [`verify_audit`](Self::verify_audit) finds an entry that was
    /// changed, taken away or put elsewhere; until then it does not, so a program calls this at its
    /// start and often. Nobody waits for it but another one that seals the same chain, and what takes
    /// the whole database alone.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn every_few_minutes<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     let sealed = store.seal_audit().await?;
    ///     println!("{sealed} entries were sealed");
    ///     Ok(())
    /// }
    /// # drop(every_few_minutes::<eschool_store::memory::MemoryBackend>);
    /// ```
    ///
    /// An entry that cannot be read is left as it is, and everything else is sealed nevertheless: one
    /// row is not to keep all others from being sealed. Nor is a seal that cannot be read: the next
    /// one stands behind it, and [`verify_audit`](Self::verify_audit) tells of both.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails; what was sealed stays sealed. The first failure is told
    /// after every chain was tried.
    pub async fn seal_audit(&self) -> Result<u64, StoreError> {
        let (mut sealed, mut failed) = (0, None);
        let mut last = None;
        while let Some(chain) = self.read().await?.audit_chain_after(last, true).await? {
            if let Err(error) = self.seal_chain(chain, &mut sealed).await {
                failed.get_or_insert(error);
            }
            last = Some(chain);
        }
        failed.map_or(Ok(sealed), Err)
    }

    /// Seals what can be read of a chain, and adds how many entries that were.
    async fn seal_chain(&self, chain: AuditChain, sealed: &mut u64) -> Result<(), StoreError> {
        let (mut after, mut is_readable, mut tries) = (None, true, Tries::new());
        loop {
            let batch = match self.seal_batch(chain, after).await {
                Err(error) if tries.again(&error) => continue,
                batch => batch?,
            };
            tries = Tries::new();
            *sealed += batch.sealed;
            is_readable &= batch.sealed == batch.found;
            after = batch.last;
            if batch.found < u64::from(BATCH) {
                break;
            }
        }
        if is_readable { Ok(()) } else { Err(BackendError::Corrupt("entry of the audit").into()) }
    }

    /// Seals the next entries of a chain.
    async fn seal_batch(
        &self,
        chain: AuditChain,
        after: Option<AuditKey>,
    ) -> Result<Batch, StoreError> {
        let mut tx = self.write_in(&[Turn::Audit(chain)]).await?;
        let found = tx.unsealed_audit(chain, after, BATCH).await?;
        let (all, last_key) = (found.len() as u64, found.last().map(|(key, _)| *key));
        let entries: Vec<_> =
            found.into_iter().filter_map(|(key, entry)| Some((key, entry?))).collect();
        let count = entries.len() as u64;
        let batch = Batch { found: all, sealed: count, last: last_key.or(after) };
        if count == 0 {
            return Ok(batch);
        }
        let (number, last, mac) = match tx.last_audit_seal(chain).await? {
            Some((number, Some(seal))) => (number, seal.last, seal.mac),
            // Of a seal that cannot be read, what it was over tells how far the chain went.
            Some((number, None)) => {
                let marked = tx.sealed_audit(chain, number..=number).await?;
                let last = marked.iter().map(|entry| entry.place).max().unwrap_or_default();
                (number, last, KeyHash([0; 32]))
            }
            None => (0, 0, KeyHash([0; 32])),
        };
        let vault = &self.inner.vault;
        let mut seal = AuditSeal {
            chain,
            number: number + 1,
            last: last + count,
            // As a database keeps it.
            at: self.moment(),
            former: mac,
            tags: entries.iter().flat_map(|(_, entry)| tag(vault, entry)).collect(),
            mac,
        };
        seal.mac = seal_mac(vault, &seal);
        let keys = entries.into_iter().map(|(key, _)| key).collect();
        commit(tx, Changes { audit_seals: vec![(seal, keys)], ..Changes::default() }).await?;
        Ok(batch)
    }

    /// Now, to the microsecond, as a database keeps it.
    fn moment(&self) -> chrono::DateTime<chrono::Utc> {
        let now = self.inner.ambient.now();
        chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// The last seal of every chain, as far as it can be read.
async fn ends(tx: &mut dyn Tx) -> Result<Vec<AuditSeal>, StoreError> {
    let (mut ends, mut after) = (Vec::new(), None);
    while let Some(chain) = tx.audit_chain_after(after, false).await? {
        ends.extend(tx.last_audit_seal(chain).await?.and_then(|(_, seal)| seal));
        after = Some(chain);
    }
    Ok(ends)
}
