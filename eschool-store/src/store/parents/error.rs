//! Why a parent is not entered, corrected or linked.

use eschool_core::{
    access::AccessError,
    calendar::DateRangeError,
    error::CodedError,
    people::{AccountEntry, EntryError, Guardianship},
};
use thiserror::Error;

use crate::{StoreError, backend::BackendError};

/// Why a parent is not entered, corrected or linked. Then nothing was written but what was refused,
/// sealed.
#[derive(Debug, Error)]
pub enum ParentError {
    /// Who asks does not keep this part of the registry.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field cannot stand as it was typed.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A bond ends before it begins.
    #[error(transparent)]
    Days(#[from] DateRangeError),
    /// No child was named.
    #[error("name at least one child")]
    NoChild,
    /// The school has no such pupil.
    #[error("the school has no such pupil")]
    ChildNotFound,
    /// The school has no such account of a parent.
    #[error("the school has no such parent")]
    ParentNotFound,
    /// The СНИЛС is somebody else's: name and birth date both differ.
    #[error("the snils is somebody else's: name and birth date both differ")]
    SnilsConflict,
    /// Another account of the school has the СНИЛС that an account is to have.
    #[error("another person of the school has this snils")]
    SnilsTaken,
    /// The СНИЛС is the child's own.
    #[error("this is the child's snils")]
    SnilsOfChild,
    /// There is no СНИЛС, and several people of the school fit alike.
    #[error("several people of the school fit; enter the snils")]
    Several,
    /// The account was changed since it was seen: here is what it says now.
    #[error("the account was changed by somebody else meanwhile; look at it and write again")]
    Changed(Box<AccountEntry>),
    /// The bond was changed since it was seen: here is the one that stands, if there is one.
    #[error("the bond was changed by somebody else meanwhile; look at it and write again")]
    BondChanged(Option<Box<Guardianship>>),
    /// The bond bars the parent, and stays as long as the bar does.
    #[error("the bond bars the parent; lift the bar before the bond is ended")]
    StillBarred,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for ParentError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl ParentError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::Entry(error) => Some(error),
            Self::Days(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl CodedError for ParentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoChild => "child_missing",
            Self::ChildNotFound => "child_not_found",
            Self::ParentNotFound => "parent_not_found",
            Self::SnilsConflict => "snils_conflict",
            Self::SnilsTaken => "snils_taken",
            Self::SnilsOfChild => "snils_of_child",
            Self::Several => "several_people",
            Self::Changed(_) => "account_changed",
            Self::BondChanged(_) => "bond_changed",
            Self::StillBarred => "parent_barred",
            _ => self.cause().map_or("store_unavailable", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NoChild => "Укажите хотя бы одного ребёнка",
            Self::ChildNotFound => "Такого ученика в школе нет",
            Self::ParentNotFound => "Такого родителя в школе нет",
            Self::SnilsConflict => {
                "СНИЛС записан у другого человека: и имя, и дата рождения другие"
            }
            Self::SnilsTaken => "Этот СНИЛС уже записан у другого человека этой школы",
            Self::SnilsOfChild => "Это СНИЛС ребёнка",
            Self::Several => "Подходят несколько человек: впишите СНИЛС",
            Self::Changed(_) => {
                "Запись тем временем изменил кто-то другой. Посмотрите её и внесите изменения заново"
            }
            Self::BondChanged(_) => {
                "Связь родителя и ребёнка тем временем изменил кто-то другой. Посмотрите её и внесите \
                 изменения заново"
            }
            Self::StillBarred => {
                "Этому родителю ограничен доступ к дневнику ребёнка. Сначала снимите ограничение, \
                 потом уберите связь"
            }
            _ => self.cause().map_or("Ошибка базы данных", CodedError::text_ru),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoChild | Self::ChildNotFound => Some("children"),
            Self::SnilsConflict | Self::SnilsTaken | Self::SnilsOfChild | Self::Several => {
                Some("snils")
            }
            _ => self.cause().and_then(CodedError::field),
        }
    }

    fn value(&self) -> Option<String> {
        self.cause().and_then(CodedError::value)
    }
}
