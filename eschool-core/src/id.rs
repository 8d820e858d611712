//! Identifiers: UUIDs that cannot be mistaken for one another.
//!
//! The core makes none: a caller makes them from its own clock and randomness (UUIDv7, so that
//! the order of identifiers is the order of creation) and passes them in.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
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
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
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
    PersonId,
    /// An account (*учётная запись*): a person as one school knows them.
    AccountId,
    /// A class (*класс*) of one school.
    ClassId,
    /// A lesson of the journal (*урок*).
    LessonId,
    /// A work (*работа*) that marks are given for.
    WorkId,
    /// A mark (*отметка*).
    MarkId,
    /// A one-time link of a recovery letter; never the secret in its address.
    RecoveryLinkId,
}
