//! Everything in the audit compared with its seals.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AuditError, AuditFault,
    AuditFaultKind::{
        self, Added, Changed, CutOff, ForeignKey, Removed, Reordered, Rewritten, SealChanged,
        SealMissing, Unreadable,
    },
    AuditReport, ChainEnd, Checkpoint,
    chain::{is_genuine, tag},
};
use crate::{
    Store, StoreError,
    backend::{AuditChain, AuditSeal, Backend, SealedEntry, Tx},
    secret::Vault,
};

/// How many seals are loaded at once.
const SEALS: u32 = 100;

/// How many entries the seals have at most whose entries are loaded at once, unless it is one.
const ENTRIES: u64 = 2000;

/// How many entries that are not sealed are loaded at once.
const UNSEALED: u32 = 1000;

impl<B: Backend> Store<B> {
    /// Compares everything in the audit with its seals, and tells what was removed, changed, put
    /// elsewhere or sealed with another key since it was sealed; with a checkpoint also what was cut
    /// off since that was made.
    ///
    /// Of entries that are not sealed yet is told how many there are, how old, and whether any
    /// cannot be read. It reads one snapshot, some seals at a time, and holds up nobody. What does
    /// not decode is a fault like others, and no reason to look no further.
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
            let mut look = Look::of(vault, &mut report, chain, end);
            look.at_chain(&mut *tx).await?;
            after = Some(chain);
        }
        for end in ends.into_values() {
            Look::of(vault, &mut report, end.chain, Some(end)).at_end();
        }
        for _ in 0..tx.astray_audit().await.map_err(StoreError::from)? {
            Look::of(vault, &mut report, AuditChain::IDENTITY, None).tell(Unreadable, None, None);
        }
        Ok(report)
    }
}

/// What proves an entry.
type Tag = [u8; AuditSeal::TAG];

/// An entry that stands at a place: its tag, or none if it cannot be read.
type Standing = (u64, Option<Tag>);

/// A look at one chain.
struct Look<'a> {
    vault: &'a Vault,
    report: &'a mut AuditReport,
    chain: AuditChain,
    /// Where the chain ended once.
    end: Option<ChainEnd>,
    /// The number of the seal that was looked at last.
    number: u64,
    /// The place of the last entry under the seals that were looked at.
    place: Option<u64>,
    /// The seal that was looked at last, if it can be read.
    former: Option<AuditSeal>,
}

impl<'a> Look<'a> {
    const fn of(
        vault: &'a Vault,
        report: &'a mut AuditReport,
        chain: AuditChain,
        end: Option<ChainEnd>,
    ) -> Self {
        Self { vault, report, chain, end, number: 0, place: None, former: None }
    }

    fn tell(&mut self, kind: AuditFaultKind, seal: Option<u64>, place: Option<u64>) {
        self.report.add(AuditFault { chain: self.chain, seal, place, kind });
    }

    async fn at_chain(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        self.report.chains += 1;
        self.at_unsealed(tx).await?;
        let mut missing = BTreeSet::new();
        loop {
            let seals = tx.audit_seals(self.chain, self.number, SEALS).await?;
            if seals.is_empty() {
                break;
            }
            let mut seals = seals.into_iter().peekable();
            while let Some((first, _)) = seals.peek() {
                let (first, mut run, mut entries) = (*first, Vec::new(), 0);
                while let Some((number, seal)) = seals.next_if(|(_, seal)| {
                    let more = seal.as_ref().map_or(0, AuditSeal::entries);
                    run.is_empty() || entries + more <= ENTRIES
                }) {
                    entries += seal.as_ref().map_or(0, AuditSeal::entries);
                    run.push((number, seal));
                }
                let last = run.last().map_or(first, |(number, _)| *number);
                let mut standing: BTreeMap<u64, Vec<_>> = BTreeMap::new();
                for SealedEntry { seal, place, entry } in
                    tx.sealed_audit(self.chain, first..=last).await?
                {
                    let tag = entry.map(|entry| tag(self.vault, &entry));
                    standing.entry(seal).or_default().push((place, tag));
                }
                for (number, seal) in run {
                    let awaited = self.number.saturating_add(1);
                    if number != awaited {
                        missing.insert(awaited);
                        self.tell(SealMissing, Some(awaited), None);
                    }
                    self.report.seals += 1;
                    let entries = standing.remove(&number).unwrap_or_default();
                    self.report.entries += entries.len() as u64;
                    match &seal {
                        Some(seal) => self.at_seal(seal, &entries),
                        None => self.tell(SealChanged, Some(number), None),
                    }
                    self.number = number;
                    self.place = seal.as_ref().map(|seal| seal.last).or(self.place);
                    self.former = seal;
                }
            }
        }
        let limit = u32::try_from(AuditReport::FAULTS).unwrap_or(u32::MAX);
        for number in tx.stray_audit_seals(self.chain, limit).await? {
            if number.is_none_or(|number| missing.insert(number)) {
                self.tell(SealMissing, number, None);
            }
        }
        self.at_end();
        Ok(())
    }

    /// What is not sealed yet.
    async fn at_unsealed(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let entries = tx.unsealed_audit(self.chain, after, UNSEALED).await?;
            let Some((last, _)) = entries.last() else { return Ok(()) };
            after = Some(*last);
            for (_, entry) in entries {
                self.report.unsealed += 1;
                match entry {
                    Some(entry) => {
                        let oldest = self.report.oldest_unsealed.get_or_insert(entry.at);
                        *oldest = entry.at.min(*oldest);
                    }
                    None => self.tell(Unreadable, None, None),
                }
            }
        }
    }

    /// Whether the chain reaches to where it ended once.
    fn at_end(&mut self) {
        if self.end.is_some_and(|end| end.seal > self.number) {
            let seal = Some(self.number).filter(|number| *number > 0);
            self.tell(CutOff, seal, self.place);
        }
    }

    fn at_seal(&mut self, seal: &AuditSeal, entries: &[Standing]) {
        let number = Some(seal.number);
        let (tags, rest) = seal.tags.as_chunks();
        if !rest.is_empty() || !is_genuine(self.vault, seal) {
            let mut own = entries.iter().filter_map(|(_, tag)| *tag).peekable();
            let is_foreign = own.peek().is_some() && !own.any(|tag| tags.contains(&tag));
            self.tell(if is_foreign { ForeignKey } else { SealChanged }, number, None);
            return;
        }
        if !self.follows(seal) {
            self.tell(SealChanged, number, None);
        }
        if self.end.is_some_and(|end| end.seal == seal.number && end.mac != seal.mac) {
            self.tell(Rewritten, number, None);
        }
        for (kind, place) in faults(seal.first().unwrap_or_default(), tags, entries) {
            self.tell(kind, number, Some(place));
        }
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
fn faults(first: u64, tags: &[Tag], entries: &[Standing]) -> Vec<(AuditFaultKind, u64)> {
    let mut standing: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (place, tag) in entries {
        standing.entry(*place).or_default().push(*tag);
    }
    let known: BTreeSet<_> = tags.iter().collect();
    let mut faults = Vec::new();
    for (place, tag) in (first..).zip(tags) {
        let mut here = standing.remove(&place).unwrap_or_default();
        let is_own = |found: &Option<Tag>| found.as_ref() == Some(tag);
        let own = here.iter().position(is_own).or((!here.is_empty()).then_some(0));
        match own.map(|own| here.swap_remove(own)) {
            None => faults.push((Removed, place)),
            Some(found) if is_own(&found) => {}
            Some(Some(found)) if known.contains(&found) => faults.push((Reordered, place)),
            Some(_) => faults.push((Changed, place)),
        }
        faults.extend(here.iter().map(|_| (Added, place)));
    }
    for (place, tags) in standing {
        faults.extend(tags.iter().map(|_| (Added, place)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(entries: &str) -> Vec<(AuditFaultKind, u64)> {
        let tag = |letter: u8| [letter; AuditSeal::TAG];
        let tags: Vec<_> = b"abc".iter().map(|letter| tag(*letter)).collect();
        let entries: Vec<_> = entries
            .split_whitespace()
            .map(|entry| {
                let (letter, place) = entry.split_at(1);
                let tag = Some(tag(letter.as_bytes()[0])).filter(|_| letter != "-");
                (place.parse().unwrap(), tag)
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
            ("a5 -6 c7", &[(Changed, 6)]),
            ("a5 -6 b6 c7", &[(Added, 6)]),
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
