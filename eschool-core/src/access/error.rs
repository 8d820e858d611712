//! Why somebody may not look.

use thiserror::Error;

use crate::error::CodedError;

/// Why somebody may not look.
///
/// ```
/// use eschool_core::{access::AccessError, error::CodedError};
///
/// assert_eq!(AccessError::NotAllowed.code(), "not_allowed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum AccessError {
    /// The adult may not see this child.
    #[error("this adult may not see the child's diary; ask the school")]
    Barred,
    /// The pupil or the member of staff has left the school.
    #[error("the account is closed: its holder has left the school")]
    AccountClosed,
    /// The bond does not hold on this day.
    #[error("the guardianship does not hold on this day; ask the school")]
    GuardianshipEnded,
    /// It is somebody else's diary.
    #[error("this is not a diary of yours")]
    NotYours,
    /// No role of the viewer opens it.
    #[error("none of your roles opens this")]
    NotAllowed,
}

impl CodedError for AccessError {
    fn code(&self) -> &'static str {
        match self {
            Self::Barred => "access_barred",
            Self::AccountClosed => "account_closed",
            Self::GuardianshipEnded => "guardianship_ended",
            Self::NotYours => "not_yours",
            Self::NotAllowed => "not_allowed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Barred => "Доступ к дневнику этого ребёнка для вас ограничен. Обратитесь в школу",
            Self::AccountClosed => {
                "Учётная запись закрыта: по данным школы вы в ней больше не учитесь и не работаете"
            }
            Self::GuardianshipEnded => {
                "Срок, на который вам открыт дневник этого ребёнка, не наступил или вышел. \
                 Обратитесь в школу"
            }
            Self::NotYours => "Это не ваш дневник",
            Self::NotAllowed => "Ваши права в школе этого не открывают",
        }
    }
}
