//! What a look at the whole audit found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::AuditChain;

/// What is amiss at a place of the audit.
///
/// ```
/// use eschool_store::AuditFaultKind;
///
/// assert_eq!(AuditFaultKind::Removed.code(), "removed");
/// assert_eq!(AuditFaultKind::Removed.text_ru(), "запись удалена");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditFaultKind {
    /// The entry that was sealed at this place is not there.
    Removed,
    /// The entry at this place is not the one that was sealed.
    Changed,
    /// The entry at this place was sealed at another.
    Reordered,
    /// An entry stands here that was never sealed.
    Added,
    /// An entry that was not sealed yet cannot be read, and so never will be; or an entry or a seal
    /// stands in no chain.
    Unreadable,
    /// A seal is not there.
    SealMissing,
    /// A seal is not as it was made, or does not follow the one before.
    SealChanged,
    /// A seal and what it is over were made with another key.
    ForeignKey,
    /// The chain ends before the place where it ended once.
    CutOff,
    /// A seal is genuine, and another than there was once.
    Rewritten,
}

impl AuditFaultKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Removed,
        Self::Changed,
        Self::Reordered,
        Self::Added,
        Self::Unreadable,
        Self::SealMissing,
        Self::SealChanged,
        Self::ForeignKey,
        Self::CutOff,
        Self::Rewritten,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Reordered => "reordered",
            Self::Added => "added",
            Self::Unreadable => "unreadable",
            Self::SealMissing => "seal_missing",
            Self::SealChanged => "seal_changed",
            Self::ForeignKey => "foreign_key",
            Self::CutOff => "cut_off",
            Self::Rewritten => "rewritten",
        }
    }

    /// What the operator reads.
    #[must_use]
    pub const fn text_ru(self) -> &'static str {
        match self {
            Self::Removed => "запись удалена",
            Self::Changed => "запись изменена",
            Self::Reordered => "запись переставлена",
            Self::Added => "запись вставлена",
            Self::Unreadable => "запись не читается, запечатать её нельзя",
            Self::SealMissing => "нет печати",
            Self::SealChanged => "печать изменена",
            Self::ForeignKey => "запечатано другим ключом",
            Self::CutOff => "записи после этого места удалены: в контрольной точке они были",
            Self::Rewritten => "запечатано заново после контрольной точки",
        }
    }
}

/// Something amiss.
///
/// ```
/// use eschool_store::{AuditFault, AuditFaultKind, backend::AuditChain};
///
/// let fault = AuditFault {
///     chain: AuditChain::IDENTITY,
///     seal: Some(3),
///     place: Some(17),
///     kind: AuditFaultKind::Changed,
/// };
/// let json = r#"{"school":null,"seal":3,"place":17,"kind":"changed"}"#;
/// assert_eq!(serde_json::to_string(&fault)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditFault {
    /// In which chain.
    #[serde(rename = "school")]
    pub chain: AuditChain,
    /// Under which seal, or which one; none for a chain as a whole.
    pub seal: Option<u64>,
    /// At which place of the chain, from 1; none where it is the seal itself.
    pub place: Option<u64>,
    /// What it is.
    pub kind: AuditFaultKind,
}

/// What a look at the whole audit found.
///
/// ```
/// use eschool_store::AuditReport;
///
/// let report = AuditReport { chains: 2, seals: 5, entries: 1200, ..AuditReport::default() };
/// assert!(report.is_sound());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// How many chains there are.
    pub chains: u64,
    /// How many seals.
    pub seals: u64,
    /// How many sealed entries.
    pub entries: u64,
    /// How many entries are not sealed yet; nothing is known of them but whether they can be read.
    pub unsealed: u64,
    /// When the oldest of them was written, as it says: long ago where sealing fails.
    pub oldest_unsealed: Option<DateTime<Utc>>,
    /// What is amiss, chain by chain, no more than [`AuditReport::FAULTS`].
    pub faults: Vec<AuditFault>,
    /// How many more faults there are.
    pub more: u64,
}

impl AuditReport {
    /// How many faults are told one by one.
    pub const FAULTS: usize = 1000;

    /// Whether nothing is amiss.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.more == 0
    }

    pub(super) fn add(&mut self, fault: AuditFault) {
        if self.faults.len() < Self::FAULTS {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }
}
