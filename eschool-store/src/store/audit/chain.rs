//! What a seal is made of.
//!
//! Each entry has a tag: a MAC of its chain and every field of it. The MAC of a seal is over those
//! tags in their order, over what else the seal tells, and over the MAC of the seal before. So it is
//! over every field of every entry; and since the tags are kept, a verifier can say which entry is
//! amiss and not only which seal.

use crate::{
    backend::{AuditChain, AuditEntry, AuditSeal},
    secret::{KeyHash, Purpose, Vault},
};

/// What proves an entry: the first 16 bytes of a MAC, of 2¹²⁸ values.
pub(super) fn tag(vault: &Vault, entry: &AuditEntry) -> [u8; AuditSeal::TAG] {
    let AuditEntry { at, action, outcome, school, actor, subject, case, lesson } = entry;
    let chain = AuditChain(*school).key();
    let actor = given(actor.map(|id| *id.0.as_bytes()));
    let subject = given(subject.map(|id| *id.0.as_bytes()));
    let case = given(case.map(|case| case.to_string()));
    let lesson = given(lesson.map(|id| *id.0.as_bytes()));
    let parts: [&[u8]; 9] = [
        b"entry-1",
        chain.as_bytes(),
        &at.timestamp_micros().to_be_bytes(),
        action.as_bytes(),
        outcome.as_bytes(),
        &actor,
        &subject,
        &case,
        &lesson,
    ];
    let KeyHash(mac) = vault.mac(Purpose::Audit, &parts);
    mac.first_chunk().copied().unwrap_or_default()
}

/// A field that may be missing: one byte says which, so that none is not the same as an empty one.
fn given(field: Option<impl AsRef<[u8]>>) -> Vec<u8> {
    field.map_or_else(|| vec![0], |field| [&[1], field.as_ref()].concat())
}

/// What proves a seal.
pub(super) fn seal_mac(vault: &Vault, seal: &AuditSeal) -> KeyHash {
    with_parts(seal, |parts| vault.mac(Purpose::Audit, parts))
}

/// Whether a seal is as it was made.
pub(super) fn is_genuine(vault: &Vault, seal: &AuditSeal) -> bool {
    with_parts(seal, |parts| vault.verify(Purpose::Audit, parts, &seal.mac))
}

fn with_parts<T>(seal: &AuditSeal, take: impl FnOnce(&[&[u8]]) -> T) -> T {
    let AuditSeal { chain, number, last, at, former, tags, mac: _ } = seal;
    take(&[
        b"seal-1",
        chain.key().as_bytes(),
        &number.to_be_bytes(),
        &seal.entries().to_be_bytes(),
        &last.to_be_bytes(),
        &at.timestamp_micros().to_be_bytes(),
        &former.0,
        tags,
    ])
}
