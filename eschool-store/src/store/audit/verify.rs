//! Everything in the audit compared with its seals.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AuditError, AuditFault, AuditFaultKind, AuditReport, ChainEnd, Checkpoint,
    chain::{is_genuine, tag},
};
use crate::{
    Store, StoreError,
    backend::{AuditChain, AuditSeal, Backend, BackendError, Tx},
    secret::Vault,
};

/// How many seals are loaded at once.
const SEALS: u32 = 100;

impl<B: Backend> Store<B> {
    /// Compares everything in the audit with its seals, and tells what was removed, changed, put
    /// elsewhere or sealed with another key since it was sealed; with a checkpoint also what was cut
    /// off since that was made.
    ///
    /// Entries that are not sealed yet are counted, and nothing is said of them. It reads one
    /// snapshot, a seal at a time, and holds up nobody.
    ///
    /// ```
    /// use eschool_store::{AuditError, Checkpoint, Store, backend::Backend};
    ///
    /// async fn verify<B: Backend>(store: &Store<B>, kept: &Checkpoint) -> Result<(), AuditError> {
    ///     let report = store.verify_audit(Some(kept)).await?;
    ///     for fault in &report.faults {
    ///         println!("{:?} {:?}: {}", fault.chain, fault.place, fault.kind.code());
    ///     }
    ///     Ok(())
    /// }
    /// # drop(verify::<eschool_store::memory::MemoryBackend>);
    /// ```
    ///
    /// # Errors
    /// [`AuditError::Checkpoint`] for a checkpoint that was not made here, [`AuditError::Store`] if
    /// the database fails.
    pub async fn verify_audit(
        &self,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<AuditReport, AuditError> {
        let vault = &self.inner.vault;
        if checkpoint.is_some_and(|checkpoint| !checkpoint.is_genuine(vault)) {
            return Err(AuditError::Checkpoint);
        }
        let ends = checkpoint.map_or(&[][..], |checkpoint| &checkpoint.chains);
        let mut ends: BTreeMap<_, _> = ends.iter().map(|end| (end.chain, *end)).collect();
        let mut tx = self.read().await?;
        let mut report = AuditReport::default();
        let mut after = None;
        while let Some(chain) =
            tx.audit_chain_after(after, false).await.map_err(StoreError::from)?
        {
            let end = ends.remove(&chain);
            let mut look = Look { vault, report: &mut report, chain, end, former: None };
            look.at_chain(&mut *tx).await?;
            after = Some(chain);
        }
        for end in ends.into_values() {
            let mut look =
                Look { vault, report: &mut report, chain: end.chain, end: Some(end), former: None };
            look.at_end();
        }
        Ok(report)
    }
}

/// A look at one chain.
struct Look<'a> {
    vault: &'a Vault,
    report: &'a mut AuditReport,
    chain: AuditChain,
    /// Where the chain ended once.
    end: Option<ChainEnd>,
    /// The seal that was looked at last.
    former: Option<AuditSeal>,
}

impl Look<'_> {
    fn tell(&mut self, kind: AuditFaultKind, seal: Option<u64>, place: Option<u64>) {
        self.report.add(AuditFault { chain: self.chain, seal, place, kind });
    }

    async fn at_chain(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        self.report.chains += 1;
        self.report.unsealed += tx.unsealed_audit_count(self.chain).await?;
        let (mut after, mut missing) = (0, BTreeSet::new());
        loop {
            let seals = match tx.audit_seals(self.chain, after, SEALS).await {
                Err(BackendError::Corrupt(_)) => {
                    self.tell(AuditFaultKind::SealChanged, None, None);
                    return Ok(());
                }
                seals => seals?,
            };
            let Some(last) = seals.last() else { break };
            after = last.number;
            for seal in seals {
                let awaited = self.former.as_ref().map_or(1, |seal| seal.number.saturating_add(1));
                if seal.number != awaited {
                    missing.insert(awaited);
                    self.tell(AuditFaultKind::SealMissing, Some(awaited), None);
                }
                self.at_seal(tx, seal).await?;
            }
        }
        let limit = u32::try_from(AuditReport::FAULTS).unwrap_or(u32::MAX);
        for number in tx.stray_audit_seals(self.chain, limit).await? {
            if missing.insert(number) {
                self.tell(AuditFaultKind::SealMissing, Some(number), None);
            }
        }
        self.at_end();
        Ok(())
    }

    /// Whether the chain reaches to where it ended once.
    fn at_end(&mut self) {
        let last = self.former.as_ref();
        let (seal, place) = last.map_or((0, 0), |seal| (seal.number, seal.last));
        if self.end.is_some_and(|end| end.seal > seal) {
            self.tell(AuditFaultKind::CutOff, last.map(|seal| seal.number), Some(place));
        }
    }

    async fn at_seal(&mut self, tx: &mut dyn Tx, seal: AuditSeal) -> Result<(), StoreError> {
        self.report.seals += 1;
        let number = Some(seal.number);
        let entries = match tx.sealed_audit(self.chain, seal.number).await {
            Err(BackendError::Corrupt(_)) => {
                self.tell(AuditFaultKind::Changed, number, None);
                self.former = Some(seal);
                return Ok(());
            }
            entries => entries?,
        };
        self.report.entries += entries.len() as u64;
        let tagged: Vec<_> =
            entries.iter().map(|(place, entry)| (*place, tag(self.vault, entry))).collect();
        let (tags, rest) = seal.tags.as_chunks();
        if !rest.is_empty() || !is_genuine(self.vault, &seal) {
            let is_known = tagged.iter().any(|(_, tag)| tags.contains(tag));
            let is_foreign = !is_known && !tagged.is_empty();
            let kind =
                if is_foreign { AuditFaultKind::ForeignKey } else { AuditFaultKind::SealChanged };
            self.tell(kind, number, None);
        } else {
            if !self.follows(&seal) {
                self.tell(AuditFaultKind::SealChanged, number, None);
            }
            if self.end.is_some_and(|end| end.seal == seal.number && end.mac != seal.mac) {
                self.tell(AuditFaultKind::Rewritten, number, None);
            }
            for (kind, place) in faults(seal.first().unwrap_or_default(), tags, &tagged) {
                self.tell(kind, number, Some(place));
            }
        }
        self.former = Some(seal);
        Ok(())
    }

    /// Whether a genuine seal follows the one before, if that is there.
    fn follows(&self, seal: &AuditSeal) -> bool {
        match &self.former {
            Some(former) if former.number.checked_add(1) == Some(seal.number) => {
                former.mac == seal.former && former.last.checked_add(1) == seal.first()
            }
            _ => true,
        }
    }
}

/// What is amiss with entries, each at its place, under a genuine seal over these tags, the first of
/// which is at the place `first`.
fn faults(
    first: u64,
    tags: &[[u8; AuditSeal::TAG]],
    entries: &[(u64, [u8; AuditSeal::TAG])],
) -> Vec<(AuditFaultKind, u64)> {
    let mut standing: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (place, tag) in entries {
        standing.entry(*place).or_default().push(tag);
    }
    let known: BTreeSet<_> = tags.iter().collect();
    let mut faults = Vec::new();
    for (place, tag) in (first..).zip(tags) {
        let mut here = standing.remove(&place).unwrap_or_default();
        let own = here.iter().position(|found| *found == tag).or((!here.is_empty()).then_some(0));
        match own.map(|own| here.swap_remove(own)) {
            None => faults.push((AuditFaultKind::Removed, place)),
            Some(found) if found == tag => {}
            Some(found) if known.contains(found) => faults.push((AuditFaultKind::Reordered, place)),
            Some(_) => faults.push((AuditFaultKind::Changed, place)),
        }
        faults.extend(here.iter().map(|_| (AuditFaultKind::Added, place)));
    }
    for (place, tags) in standing {
        faults.extend(tags.iter().map(|_| (AuditFaultKind::Added, place)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{
        AuditFaultKind::{Added, Changed, Removed, Reordered},
        *,
    };

    fn told(entries: &str) -> Vec<(AuditFaultKind, u64)> {
        let tag = |letter: u8| [letter; AuditSeal::TAG];
        let tags: Vec<_> = b"abc".iter().map(|letter| tag(*letter)).collect();
        let entries: Vec<_> = entries
            .split_whitespace()
            .map(|entry| {
                let (letter, place) = entry.split_at(1);
                (place.parse().unwrap(), tag(letter.as_bytes()[0]))
            })
            .collect();
        faults(5, &tags, &entries)
    }

    #[test]
    fn entries_are_compared_place_by_place() {
        for (entries, faults) in [
            ("a5 b6 c7", &[][..]),
            ("a5 c7", &[(Removed, 6)]),
            ("a5 b6", &[(Removed, 7)]),
            ("", &[(Removed, 5), (Removed, 6), (Removed, 7)]),
            ("a5 x6 c7", &[(Changed, 6)]),
            ("b5 a6 c7", &[(Reordered, 5), (Reordered, 6)]),
            ("a5 a6 c7", &[(Reordered, 6)]),
            ("a5 x6 b6 c7", &[(Added, 6)]),
            ("a5 b6 c7 x8", &[(Added, 8)]),
            ("x4 a5 b6 c7", &[(Added, 4)]),
            ("a5 b6 c9", &[(Removed, 7), (Added, 9)]),
        ] {
            assert_eq!(told(entries), faults, "{entries}");
        }
    }
}
