//! Why somebody's data are not given out, erased or told of.

use eschool_core::{access::AccessError, error::CodedError, id::SchoolId};
use thiserror::Error;

use crate::{
    backend::BackendError,
    store::{StoreError, enrolment::EnrolmentAccess},
};

/// Why somebody's data are not given out, erased or told of. Nothing was changed then.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::PersonalDataError;
///
/// assert_eq!(PersonalDataError::PersonNotFound.code(), "person_not_found");
/// ```
#[derive(Debug, Error)]
pub enum PersonalDataError {
    /// Nobody asks for it who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// No school has an account of this person.
    #[error("no school has an account of this person")]
    PersonNotFound,
    /// A school goes on teaching, employing or telling the person: the account there is open. A duty
    /// has no last day, so who has one in a school, or had one that is not taken away, is open there
    /// for ever.
    #[error("the person's account in a school is open; it is erased once it has closed")]
    StillOpen {
        /// The school.
        school: SchoolId,
    },
    /// A school has a ground to keep the person's data, or one that only a newer version knows.
    #[error("a school has a ground to keep the person's data; end it first")]
    StillKept {
        /// The school.
        school: SchoolId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for PersonalDataError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<EnrolmentAccess> for PersonalDataError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl CodedError for PersonalDataError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::PersonNotFound => "person_not_found",
            Self::StillOpen { .. } => "account_still_open",
            Self::StillKept { .. } => "data_still_kept",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::PersonNotFound => "Ни в одной школе нет учётной записи этого человека",
            Self::StillOpen { .. } => {
                "Учётная запись ещё действует: человек учится, работает или видит дневник ребёнка. \
                 Её удаляют, когда она закрыта"
            }
            Self::StillKept { .. } => {
                "У школы есть основание хранить эти данные. Сначала укажите, до какого дня оно \
                 действует"
            }
            Self::Store(error) => error.text_ru(),
        }
    }
}
