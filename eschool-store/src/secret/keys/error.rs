//! Why keys are refused.

use eschool_core::error::CodedError;

/// Why a key file or a change of keys was refused. Says where, never what stood there.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::secret::{Keys, KeysError};
///
/// let error = Keys::parse("eschool-keys 1\nlookup secret\n").unwrap_err();
/// assert_eq!(error, KeysError::Malformed { line: 2 });
/// assert_eq!(error.code(), "keys_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The file does not begin with `eschool-keys 1`: another file, or a newer format.
    #[error("not a key file of version 1")]
    Version,
    /// A line is neither a key, nor a comment, nor empty.
    #[error("line {line} of the key file is malformed")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// The number of a lookup key or of a seal key stands there twice, or one such key under two numbers.
    #[error("line {line} of the key file repeats a key")]
    Repeated {
        /// Counted from 1.
        line: usize,
    },
    /// The first lookup key is not there, or none to write with, or not one seal key.
    #[error("the key file lacks a lookup key or a seal key")]
    Incomplete,
    /// No key has this number.
    #[error("no key has this number")]
    Unknown,
    /// The newest seal key cannot be retired: it seals. Nor can the lookup key that is written with, or
    /// one that is to be.
    #[error("this key is in use")]
    InUse,
    /// A lookup key waits to be written with; there is no other before that.
    #[error("the last lookup key is not written with yet")]
    NotBegun,
    /// The last possible key number is taken.
    #[error("no key number is left")]
    Exhausted,
}

impl CodedError for KeysError {
    fn code(&self) -> &'static str {
        match self {
            Self::Version => "keys_version",
            Self::Malformed { .. } => "keys_malformed",
            Self::Repeated { .. } => "keys_repeated",
            Self::Incomplete => "keys_incomplete",
            Self::Unknown => "keys_unknown",
            Self::InUse => "keys_in_use",
            Self::NotBegun => "keys_not_begun",
            Self::Exhausted => "keys_exhausted",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Version => "Это не файл ключей или файл более новой версии.",
            Self::Malformed { .. } => "Строка файла ключей не читается.",
            Self::Repeated { .. } => "Ключ в файле ключей указан дважды.",
            Self::Incomplete => "В файле ключей не хватает ключа поиска или ключа шифрования.",
            Self::Unknown => "Ключа с таким номером нет.",
            Self::InUse => "Этот ключ используется, удалить его нельзя.",
            Self::NotBegun => "Последний ключ поиска ещё не введён в действие.",
            Self::Exhausted => "Номера ключей исчерпаны.",
        }
    }
}
