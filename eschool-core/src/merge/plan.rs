//! What is to be merged, and what a person has to settle.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, PersonId, SchoolId},
    people::KeptApart,
    wire::wire_enum,
};

/// What [`plan_merges`](super::plan_merges) says of a set of accounts. Identifiers only: it can be
/// kept, logged and shown to whoever may merge.
///
/// ```
/// use eschool_core::merge::MergePlan;
///
/// let plan: MergePlan = serde_json::from_str(r#"{
///     "moves": [{"account": "019379ab-0000-7000-8000-000000000002",
///                "school": "019379ab-0000-7000-8000-000000000001",
///                "from": "019379ab-0000-7000-8000-000000000009",
///                "into": "019379ab-0000-7000-8000-000000000003"}],
///     "conflicts": []
/// }"#)?;
/// assert!(!plan.is_empty());
/// let back = plan.undo();
/// assert_eq!((back[0].from, back[0].into), (plan.moves[0].into, plan.moves[0].from));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergePlan {
    /// Accounts that become another person's, by that person, then by account.
    pub moves: Vec<AccountMove>,
    /// What a person has to settle, by the oldest person in it.
    pub conflicts: Vec<MergeConflict>,
}

/// An account that becomes another person's.
///
/// ```
/// use eschool_core::{id::{AccountId, PersonId, SchoolId}, merge::AccountMove};
///
/// let id = uuid::Uuid::from_u128;
/// let merge = AccountMove {
///     account: AccountId(id(2)),
///     school: SchoolId(id(1)),
///     from: PersonId(id(9)),
///     into: PersonId(id(3)),
/// };
/// assert_eq!(merge.undone().into, merge.from);
/// assert_eq!(merge.undone().undone(), merge);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountMove {
    /// The account.
    pub account: AccountId,
    /// The school that keeps it.
    pub school: SchoolId,
    /// The person it belongs to until then. If it belongs to somebody else by now, the plan is
    /// older than the data.
    pub from: PersonId,
    /// The person it belongs to from then on.
    pub into: PersonId,
}

/// Accounts that one СНИЛС ties together and that do not all look like one person's: two of them
/// differ in name **and** birth date, belong to persons of whom another СНИЛС is known, or are kept
/// apart while a third agrees with both.
///
/// ```
/// use eschool_core::merge::{MergeConflict, MergeField};
///
/// let conflict: MergeConflict = serde_json::from_str(r#"{"accounts": [
///     {"account": "019379ab-0000-7000-8000-000000000002",
///      "school": "019379ab-0000-7000-8000-000000000001",
///      "person": "019379ab-0000-7000-8000-000000000003", "differs": []},
///     {"account": "019379ab-0000-7000-8000-000000000008",
///      "school": "019379ab-0000-7000-8000-000000000007",
///      "person": "019379ab-0000-7000-8000-000000000009", "differs": ["name", "birth_date"]}
/// ]}"#)?;
/// assert_eq!(conflict.accounts[1].differs, [MergeField::Name, MergeField::BirthDate]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeConflict {
    /// All accounts of all the persons concerned, by the persons they belong to now, the oldest
    /// first, then by account.
    pub accounts: Vec<ConflictingAccount>,
    /// Which of them somebody settled to be two people already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_apart: Vec<KeptApart>,
}

/// One account in a conflict.
///
/// ```
/// use eschool_core::merge::ConflictingAccount;
///
/// let one: ConflictingAccount = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000008",
///         "school": "019379ab-0000-7000-8000-000000000007",
///         "person": "019379ab-0000-7000-8000-000000000009", "differs": ["birth_date"]}"#,
/// )?;
/// assert_eq!(one.differs[0].text_ru(), "дата рождения");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConflictingAccount {
    /// The account.
    pub account: AccountId,
    /// The school that keeps it.
    pub school: SchoolId,
    /// The person it belongs to once the moves of the plan are made: accounts with the same one
    /// are on the same side.
    pub person: PersonId,
    /// Where it says something else than the first account of the conflict.
    pub differs: Vec<MergeField>,
}

wire_enum! {
    /// A field by which accounts are told apart.
    ///
    /// ```
    /// use eschool_core::merge::MergeField;
    ///
    /// assert_eq!(MergeField::BirthDate.as_str(), "birth_date");
    /// assert_eq!(MergeField::Snils.text_ru(), "СНИЛС");
    /// ```
    pub enum MergeField {
        /// Фамилия, имя, отчество, folded.
        Name = "name",
        /// Дата рождения.
        BirthDate = "birth_date",
        /// СНИЛС.
        Snils = "snils",
    }
}

impl MergeField {
    /// The words a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Name => "фамилия, имя, отчество",
            Self::BirthDate => "дата рождения",
            Self::Snils => "СНИЛС",
            Self::Unknown(text) => text,
        }
    }
}

impl MergePlan {
    /// Whether there is nothing to merge and nothing to settle.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.moves.is_empty() && self.conflicts.is_empty()
    }

    /// The moves that undo the plan: made after it, they leave every account with the person it
    /// had. The order of moves does not matter, for each account is in one of them at most.
    #[must_use]
    pub fn undo(&self) -> Vec<AccountMove> {
        self.moves.iter().map(|step| step.undone()).collect()
    }
}

impl AccountMove {
    /// The way back.
    #[must_use]
    pub const fn undone(self) -> Self {
        Self { from: self.into, into: self.from, ..self }
    }
}
