//! Policies as texts, which people write by hand.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize as _, Deserializer};
use thiserror::Error;

use super::{PolicyError, SignInPolicy, schedule::Fields};
use crate::error::CodedError;

/// Why a text, of JSON or of TOML, is no policy.
///
/// ```
/// use eschool_core::{error::CodedError, policy::SignInPolicy};
///
/// let mut json = serde_json::Deserializer::from_str(r#"{ "name": 5 }"#);
/// let error = SignInPolicy::read_from(&mut json).unwrap_err();
/// assert_eq!(error.code(), "policy_malformed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyTextError {
    /// It does not read, or a key is missing, unknown or of another type.
    #[error("the policy is malformed: {why}")]
    Malformed {
        /// What and where, in the words of the reader.
        why: String,
    },
    /// A rule is unknown, missing or contradictory.
    #[error(transparent)]
    Unsound(#[from] PolicyError),
}

impl CodedError for PolicyTextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "policy_malformed",
            Self::Unsound(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => {
                "Порядок авторизации записан с ошибкой: проверьте названия и значения правил"
            }
            Self::Unsound(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Malformed { .. } => None,
            Self::Unsound(error) => error.field(),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Malformed { .. } => None,
            Self::Unsound(error) => error.value(),
        }
    }
}

impl PolicyTextError {
    /// What a reader says of a text that it does not read.
    ///
    /// A reader shows the line or the word that is wrong, and may mark the place in a line below it:
    /// each may be as long as the text, and is cut here.
    ///
    /// ```
    /// use eschool_core::policy::PolicyTextError;
    ///
    /// let error = PolicyTextError::malformed("expected a comma");
    /// assert_eq!(error.to_string(), "the policy is malformed: expected a comma");
    /// ```
    #[must_use]
    pub fn malformed(said: impl core::fmt::Display) -> Self {
        const LONGEST_LINE: usize = 200;
        let said = said.to_string();
        let lines = said.trim_end().lines().map(|line| {
            let cut = line.char_indices().nth(LONGEST_LINE).map_or(line.len(), |(end, _)| end);
            line.get(..cut).unwrap_or_default()
        });
        Self::Malformed { why: lines.collect::<Vec<_>>().join("\n") }
    }
}

impl SignInPolicy {
    /// Reads a policy from a format, and tells which rule is wrong by its own code. What serde's
    /// `Deserialize` says of the same text is a text of the format alone.
    ///
    /// ```
    /// use eschool_core::{error::CodedError, policy::SignInPolicy};
    ///
    /// let json = serde_json::to_string(&SignInPolicy::ryazan_2022())?;
    /// let read = |json: &str| SignInPolicy::read_from(&mut serde_json::Deserializer::from_str(json));
    /// assert_eq!(read(&json).unwrap(), SignInPolicy::ryazan_2022());
    /// let error = read(&json.replace("\"password\"", "\"fingerprint\"")).unwrap_err();
    /// assert_eq!((error.code(), error.field()), ("policy_unknown", Some("methods.method")));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PolicyTextError`] says where the text is wrong, or names the first rule that is unknown,
    /// missing or contradictory.
    pub fn read_from<'de, D: Deserializer<'de>>(format: D) -> Result<Self, PolicyTextError> {
        let fields = Fields::deserialize(format).map_err(PolicyTextError::malformed)?;
        Ok(fields.try_into()?)
    }
}
