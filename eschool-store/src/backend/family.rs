//! Rows about people beside their accounts: letters, links, cases, grounds, excuses.

use chrono::{DateTime, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, SchoolId},
    recovery::RecoveryLink,
    signin::CaseCode,
};
use uuid::Uuid;

use crate::secret::{KeyHash, Sealed, TokenHash};

/// A letter to who forgot a password, that is to be sent. Whom it is for and what it says is found
/// when it is sent: whoever asked learns nothing by the time that takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Its identifier.
    pub id: Uuid,
    /// When somebody asked for it.
    pub asked_at: DateTime<Utc>,
    /// When it is to be handed to a mailer, for the first time or again.
    pub due_at: DateTime<Utc>,
    /// How often it was handed to a mailer.
    pub attempts: u32,
    /// When nobody waits for it any more.
    pub expires_at: DateTime<Utc>,
    /// The login or e-mail that was typed.
    pub asked: Sealed,
}

/// The last one-time link of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryLinkRow {
    /// The account's school.
    pub school: SchoolId,
    /// The hash of what the link carries.
    pub token: TokenHash,
    /// What became of it, and whose it is.
    pub link: RecoveryLink,
}

/// A support case with every step, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportCaseRow {
    /// The code the refused person has.
    pub code: CaseCode,
    /// The school it was opened in.
    pub school: SchoolId,
    /// What the refused person's number in ЕСИА is found by; none for a case of a version that did
    /// not keep it.
    pub person: Option<KeyHash>,
    /// That number, sealed; none for a case of a version that did not keep it.
    pub number: Option<Sealed>,
    /// When it is to be forgotten; none while it is open.
    pub expires_at: Option<DateTime<Utc>>,
    /// The case.
    pub case: Sealed,
}

/// That a support case found an account to be the refused person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseAccount {
    /// The code of the case.
    pub code: CaseCode,
    /// The account's school.
    pub school: SchoolId,
    /// The account.
    pub account: AccountId,
}

/// A ground on which a school keeps somebody's data, as JSON: its paper may name a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataBasisRow {
    /// Its identifier, a UUIDv7.
    pub id: Uuid,
    /// Whose data.
    pub account: AccountId,
    /// The ground.
    pub basis: Sealed,
}

/// Why a pupil was or will be absent, as JSON: reasons tell of health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcuseRow {
    /// Its identifier, a UUIDv7.
    pub id: Uuid,
    /// Whose absence.
    pub pupil: AccountId,
    /// The days.
    pub days: DateRange,
    /// The excuse.
    pub excuse: Sealed,
}
