//! The chains of the audit.

use std::{collections::BTreeSet, ops::RangeInclusive};

use super::state::State;
use crate::backend::{
    AuditChain, AuditEntry, AuditKey, AuditSeal, BackendError, Changes, SealedEntry,
};

impl State {
    pub(super) fn seal_audit(&mut self, changes: &Changes) -> Result<(), BackendError> {
        if let Some(mac) = changes.installation
            && self.installation.replace(mac).is_some()
        {
            return Err(BackendError::Conflict);
        }
        for (id, mac) in &changes.lookup_marks {
            if self.lookup_marks.insert(*id, *mac).is_some() {
                return Err(BackendError::Conflict);
            }
        }
        for (seal, entries) in &changes.audit_seals {
            let former = self.audit_seals.insert((seal.chain, seal.number), seal.clone());
            let mut places = seal.first().unwrap_or_default()..;
            let mut is_free = former.is_none();
            for (AuditKey(entry), place) in entries.iter().zip(&mut places) {
                let index = usize::try_from(*entry).unwrap_or(usize::MAX);
                let chain = self.audit.get(index).map(|entry| AuditChain(entry.school));
                is_free &= chain == Some(seal.chain)
                    && self.audit_places.insert(index, (seal.number, place)).is_none();
            }
            if !is_free {
                return Err(BackendError::Conflict);
            }
        }
        Ok(())
    }

    /// The entries of a chain with their indexes and marks.
    fn audit_of(
        &self,
        chain: AuditChain,
    ) -> impl Iterator<Item = (usize, &AuditEntry, Option<(u64, u64)>)> {
        let entries = self.audit.iter().enumerate();
        entries
            .filter(move |(_, entry)| AuditChain(entry.school) == chain)
            .map(|(index, entry)| (index, entry, self.audit_places.get(&index).copied()))
    }
}

pub(super) fn chain_after(
    state: &State,
    after: Option<AuditChain>,
    is_unsealed: bool,
) -> Option<AuditChain> {
    let entries = state.audit.iter().enumerate();
    let entries = entries
        .filter(|(index, _)| !is_unsealed || !state.audit_places.contains_key(index))
        .map(|(_, entry)| AuditChain(entry.school));
    let seals = state.audit_seals.keys().map(|(chain, _)| *chain).filter(|_| !is_unsealed);
    entries.chain(seals).filter(|chain| after.is_none_or(|after| after < *chain)).min()
}

pub(super) fn unsealed(
    state: &State,
    chain: AuditChain,
    after: Option<AuditKey>,
    limit: u32,
) -> Vec<(AuditKey, Option<AuditEntry>)> {
    let entries = state.audit_of(chain).filter(|(_, _, mark)| mark.is_none());
    let keyed = entries.map(|(index, entry, _)| (AuditKey(index as u128), Some(entry.clone())));
    let keyed = keyed.filter(|(key, _)| after.is_none_or(|after| after < *key));
    keyed.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

pub(super) fn last_seal(state: &State, chain: AuditChain) -> Option<(u64, Option<AuditSeal>)> {
    let mut seals = state.audit_seals.range((chain, 0)..=(chain, u64::MAX));
    seals.next_back().map(|(_, seal)| (seal.number, Some(seal.clone())))
}

pub(super) fn seals(
    state: &State,
    chain: AuditChain,
    after: u64,
    limit: u32,
) -> Vec<(u64, Option<AuditSeal>)> {
    let seals = state.audit_seals.range((chain, after)..=(chain, u64::MAX));
    let seals = seals
        .filter(|((_, number), _)| *number > after)
        .map(|((_, number), seal)| (*number, Some(seal.clone())));
    seals.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

pub(super) fn sealed(
    state: &State,
    chain: AuditChain,
    seals: &RangeInclusive<u64>,
) -> Vec<SealedEntry> {
    let entries = state.audit_of(chain).filter_map(|(_, entry, mark)| {
        let (seal, place) = mark.filter(|(seal, _)| seals.contains(seal))?;
        Some(SealedEntry { seal, place, entry: Some(entry.clone()) })
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|marked| (marked.seal, marked.place));
    entries
}

pub(super) fn stray_seals(state: &State, chain: AuditChain, limit: u32) -> Vec<Option<u64>> {
    let numbers: BTreeSet<u64> =
        state.audit_of(chain).filter_map(|(_, _, mark)| Some(mark?.0)).collect();
    let strays =
        numbers.into_iter().filter(|number| !state.audit_seals.contains_key(&(chain, *number)));
    strays.map(Some).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}
