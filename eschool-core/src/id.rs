//! Identifiers: UUIDs that cannot be mistaken for one another.
//!
//! The core makes none: a caller makes them from its own clock and randomness (UUIDv7, so that
//! the order of identifiers is the order of creation) and passes them in.

use alloc::string::{String, ToString as _};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::error::{CodedError, Shown};

/// Why a text is no identifier.
///
/// ```
/// use eschool_core::{error::CodedError, id::ClassId};
///
/// let error = "7А".parse::<ClassId>().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("id_malformed", Some("id")));
/// assert_eq!(error.to_string(), "`7А` is no ClassId: give the whole UUID");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{given}` is no {name}: give the whole UUID")]
pub struct IdError {
    /// The type it should have been.
    name: &'static str,
    given: Shown,
    source: uuid::Error,
}

impl CodedError for IdError {
    fn code(&self) -> &'static str {
        "id_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Это не идентификатор. Скопируйте его или ссылку с ним целиком"
    }

    fn field(&self) -> Option<&'static str> {
        Some("id")
    }

    fn value(&self) -> Option<String> {
        Some(self.given.to_string())
    }
}

/// For who holds identifiers as plain UUIDs beside these.
impl From<IdError> for uuid::Error {
    fn from(error: IdError) -> Self {
        error.source
    }
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string"))]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|source| IdError {
                    name: stringify!($name),
                    given: Shown::of(text),
                    source,
                })
            }
        }
    )+};
}

ids! {
    /// A school (*образовательная организация*).
    ///
    /// ```
    /// use eschool_core::id::SchoolId;
    ///
    /// let id: SchoolId = "019379ab-0000-7000-8000-000000000001".parse()?;
    /// assert_eq!(id.to_string(), "019379ab-0000-7000-8000-000000000001");
    /// # Ok::<(), uuid::Error>(())
    /// ```
    SchoolId,
    /// A person (*человек*): joins the accounts that schools keep of one human being.
    ///
    /// ```
    /// use eschool_core::id::PersonId;
    ///
    /// let id: PersonId = "019379ab-0000-7000-8000-000000000003".parse()?;
    /// assert_eq!(format!("{id:?}"), "PersonId(019379ab-0000-7000-8000-000000000003)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    PersonId,
    /// An account (*учётная запись*): a person as one school knows them.
    ///
    /// ```
    /// use eschool_core::id::AccountId;
    ///
    /// let id: AccountId = "019379ab-0000-7000-8000-000000000002".parse()?;
    /// assert_eq!(format!("{id:?}"), "AccountId(019379ab-0000-7000-8000-000000000002)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    AccountId,
    /// A class (*класс*) of one school.
    ///
    /// ```
    /// use eschool_core::id::ClassId;
    ///
    /// let id: ClassId = "019379ab-0000-7000-8000-0000000000c7".parse()?;
    /// assert_eq!(format!("{id:?}"), "ClassId(019379ab-0000-7000-8000-0000000000c7)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    ClassId,
    /// A lesson of the journal (*урок*).
    ///
    /// ```
    /// use eschool_core::id::LessonId;
    ///
    /// let id: LessonId = "019379ab-0000-7000-8000-000000000065".parse()?;
    /// assert_eq!(format!("{id:?}"), "LessonId(019379ab-0000-7000-8000-000000000065)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    LessonId,
    /// A work (*работа*) that marks are given for.
    ///
    /// ```
    /// use eschool_core::id::WorkId;
    ///
    /// let id: WorkId = "019379ab-0000-7000-8000-0000000000c9".parse()?;
    /// assert_eq!(format!("{id:?}"), "WorkId(019379ab-0000-7000-8000-0000000000c9)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    WorkId,
    /// A mark (*отметка*).
    ///
    /// ```
    /// use eschool_core::id::MarkId;
    ///
    /// let id: MarkId = "019379ab-0000-7000-8000-00000000002d".parse()?;
    /// assert_eq!(format!("{id:?}"), "MarkId(019379ab-0000-7000-8000-00000000002d)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    MarkId,
    /// A one-time link of a recovery letter; never the secret in its address.
    ///
    /// ```
    /// use eschool_core::id::RecoveryLinkId;
    ///
    /// let id: RecoveryLinkId = "019379ab-0000-7000-8000-0000000000a1".parse()?;
    /// assert_eq!(serde_json::to_value(id).unwrap(), "019379ab-0000-7000-8000-0000000000a1");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    RecoveryLinkId,
    /// Accounts that were joined into persons, or parted, at once; what can be undone together.
    ///
    /// ```
    /// use eschool_core::id::MergeId;
    ///
    /// let id: MergeId = "019379ab-0000-7000-8000-0000000000b3".parse()?;
    /// assert_eq!(format!("{id:?}"), "MergeId(019379ab-0000-7000-8000-0000000000b3)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    MergeId,
    /// A school year that was opened; what can be undone together.
    ///
    /// ```
    /// use eschool_core::id::NewYearId;
    ///
    /// let id: NewYearId = "019379ab-0000-7000-8000-0000000000b4".parse()?;
    /// assert_eq!(format!("{id:?}"), "NewYearId(019379ab-0000-7000-8000-0000000000b4)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    NewYearId,    /// The access of an app on one device (*приложение на устройстве*).
    ///
    /// ```
    /// use eschool_core::id::AppGrantId;
    ///
    /// let id: AppGrantId = "019379ab-0000-7000-8000-0000000000c5".parse()?;
    /// assert_eq!(format!("{id:?}"), "AppGrantId(019379ab-0000-7000-8000-0000000000c5)");
    /// # Ok::<(), eschool_core::id::IdError>(())
    /// ```
    AppGrantId,
}
