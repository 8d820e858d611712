//! An account as an import holds it.

use eschool_core::{
    id::AccountId,
    identity::{BirthDate, FullName},
    people::Account,
};

use crate::backend::StoredAccount;

/// An account of the database stays sealed until somebody looks into it.
pub(super) enum Known {
    Sealed(StoredAccount),
    Open { account: Account, differs: bool, is_new: bool },
}

impl Known {
    pub(super) const fn id(&self) -> AccountId {
        match self {
            Self::Sealed(account) => account.id,
            Self::Open { account, .. } => account.id,
        }
    }

    pub(super) const fn name(&self) -> &FullName {
        match self {
            Self::Sealed(account) => &account.name,
            Self::Open { account, .. } => &account.name,
        }
    }

    pub(super) const fn birth_date(&self) -> Option<BirthDate> {
        match self {
            Self::Sealed(account) => account.birth_date,
            Self::Open { account, .. } => account.birth_date,
        }
    }

    pub(super) const fn has_snils(&self) -> bool {
        match self {
            Self::Sealed(account) => account.snils.is_some(),
            Self::Open { account, .. } => account.snils.is_some(),
        }
    }

    pub(super) const fn account(&self) -> Option<&Account> {
        match self {
            Self::Sealed(_) => None,
            Self::Open { account, .. } => Some(account),
        }
    }
}
